//! What the documents say of the project is so.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use routectl::files;

use crate::env::Env;

const DOCUMENTS: [&str; 4] = [
    "README.md",
    "REFERENCE.md",
    "CHANGELOG.md",
    ".github/CONTRIBUTING.md",
];

/// Flags of other programs.
const FOREIGN_FLAGS: [&str; 1] = ["--path"];

fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: impl AsRef<Utf8Path>) -> String {
    files::read_text(&root().join(path.as_ref())).unwrap()
}

/// The blocks of code of a language.
fn blocks<'t>(text: &'t str, language: &'t str) -> impl Iterator<Item = &'t str> {
    let mut parts = text.split("\n```");
    parts.next();
    parts.step_by(2).filter_map(move |block| {
        let (info, code) = block.split_once('\n')?;
        (info == language).then_some(code)
    })
}

/// Everything that is said outside of blocks.
fn prose(text: &str) -> String {
    text.split("\n```").step_by(2).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    let prose = prose(text);
    let titles = prose.lines().filter(|line| line.starts_with('#'));
    titles
        .map(|title| {
            let title = title.trim_start_matches('#').trim().to_lowercase();
            let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
            title
                .chars()
                .filter(kept)
                .collect::<String>()
                .replace(' ', "-")
        })
        .collect()
}

/// The relative links of a document: file and anchor.
fn links(document: &str) -> Vec<(Utf8PathBuf, Option<String>)> {
    let text = text(document);
    let prose = prose(&text);
    let beside = Utf8Path::new(document).parent().unwrap();
    let targets = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let targets = targets.map(|(target, _)| target);
    targets
        .filter(|target| !target.contains("://"))
        .map(|target| {
            let (path, anchor) = match target.split_once('#') {
                Some((path, anchor)) => (path, Some(anchor.to_owned())),
                None => (target, None),
            };
            let path = match path {
                "" => Utf8PathBuf::from(document),
                path => beside.join(path),
            };
            (path, anchor)
        })
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut count = 0;
    for document in DOCUMENTS {
        for (path, anchor) in links(document) {
            assert!(root().join(&path).exists(), "{document}: {path}");
            if let Some(anchor) = anchor {
                assert!(
                    anchors(&text(&path)).contains(&anchor),
                    "{document}: {path}#{anchor}"
                );
            }
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn the_route_of_the_readme_and_its_sql_are_those_of_the_sample() {
    let readme = text("README.md");
    let route = blocks(&readme, "yaml").next().unwrap();
    assert_eq!(format!("{route}\n"), text("routes/high-value-loans.yaml"));
    let sql = blocks(&readme, "sql").next().unwrap();
    assert!(text("generated-sql/local/high-value-loans.sql").ends_with(&format!("{sql}\n")));
}

#[test]
fn the_smallest_project_of_the_reference_runs() {
    let env = Env::new();
    for route in ["paid", "large"] {
        env.remove(&format!("routes/{route}.yaml"));
    }
    let reference = text("REFERENCE.md");
    let section = reference.split("\n## The project file\n").nth(1).unwrap();
    let files = blocks(section, "yaml").take(2);
    for block in files {
        let (path, file) = block.split_once('\n').unwrap();
        let path = path.strip_prefix("# ").unwrap();
        let ours = format!("{{backend: emulator, endpoint: '{}'}}", env.url());
        env.write(path, &file.replace("{backend: emulator}", &ours));
    }
    let spans = section.split('`').skip(1).step_by(2);
    let schema = spans.clone().find(|span| span.starts_with("{\"type\""));
    env.write("schemas/order.json", schema.unwrap());
    env.run(["validate", "--deny-warnings"]).expect(0);
    assert_eq!(
        env.apply([]).last_line(0),
        "Plan: 1 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged"
    );
}

/// Words that stand as code: in spans, and after the prompt in blocks.
fn code(text: &str) -> Vec<String> {
    let prose = prose(text);
    let spans = prose.split('`').skip(1).step_by(2);
    let prompts = blocks(text, "console").flat_map(str::lines);
    let prompts = prompts.filter_map(|line| line.strip_prefix("$ "));
    spans.chain(prompts).map(str::to_owned).collect()
}

#[test]
fn every_command_is_there_and_in_the_readme() {
    let help = include_str!("snapshots/it__help__cli-reference.snap");
    let commands = help.lines().filter_map(|line| line.strip_prefix("## "));
    let commands: BTreeSet<&str> = commands.collect();
    let readme = text("README.md");
    for command in commands.iter().filter(|command| !command.contains(' ')) {
        assert!(readme.contains(command), "`{command}` is not in the README");
    }
    for document in ["README.md", "REFERENCE.md"] {
        for code in code(&text(document)) {
            let Some(word) = code.strip_prefix("routectl ") else {
                continue;
            };
            let name = word.split([' ', '\\']).next().unwrap();
            assert!(
                name.starts_with('-') || commands.contains(name),
                "{document}: `{code}`"
            );
        }
    }
}

#[test]
fn every_flag_is_there() {
    let help = include_str!("snapshots/it__help__cli-reference.snap");
    let mut count = 0;
    for document in ["README.md", "REFERENCE.md"] {
        for code in code(&text(document)) {
            let words = code.split([' ', '=', '[', ']', '|', '\\']);
            for flag in words.filter(|word| word.starts_with("--") && word.len() > 2) {
                let is_known =
                    help.contains(&format!("{flag} ")) || help.contains(&format!("{flag}\n"));
                assert!(
                    is_known || FOREIGN_FLAGS.contains(&flag),
                    "{document}: `{flag}`"
                );
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count}");
}
