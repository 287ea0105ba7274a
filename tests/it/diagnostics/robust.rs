//! Arbitrary input is refused or read; it never ends the process.

use std::cell::RefCell;

use camino::Utf8Path;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use routectl::diagnostic::{Code, Diagnostic, Findings, human};
use routectl::project::{self, FILE_NAME};
use routectl::route::decode;
use routectl::source_text::{Node, NodeKind, Sources, Span, json, yaml};
use routectl::{check, files, workspace};

/// Text of the characters that mean something to YAML and JSON, and a few that only take room.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ \\t\\r\\n]{1,3}",
        "[-:,?&*!|>'\"%@`#{}\\[\\]\\\\~<0-9.+_a-e]{1,4}",
        Just("- ".to_owned()),
        Just("key: ".to_owned()),
        Just("\n---\n".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\u{0}".to_owned()),
        Just("ä🚗\u{2028}\u{202e}".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn spans(node: &Node, found: &mut Vec<Span>) {
    found.push(node.span);
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                found.push(entry.key.span);
                spans(&entry.value, found);
            }
        }
        NodeKind::Sequence(elements) => elements.iter().for_each(|element| spans(element, found)),
        NodeKind::Scalar(_) => {}
    }
}

/// Every place slices the text, and every finding can be shown.
fn usable(sources: &Sources, nodes: &[Node], problems: &[Diagnostic]) {
    let mut found = Vec::new();
    for node in nodes {
        spans(node, &mut found);
    }
    found.extend(problems.iter().map(|problem| problem.primary.span));
    for span in found {
        let text = sources.file(span.file).text();
        assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
    }
    for problem in problems {
        assert!(human::render(problem, sources, false).contains(problem.code.name()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_text_is_yaml_or_a_finding(text in text()) {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", text);
        let (nodes, problems) = yaml::parse(id, sources.file(id).text());
        usable(&sources, &nodes, &problems);
    }

    #[test]
    fn any_text_is_json_or_a_finding(text in text()) {
        let mut sources = Sources::default();
        let id = sources.add("a.json", text);
        match json::parse(id, sources.file(id)) {
            Ok(document) => usable(&sources, &[document.node], &[]),
            Err(problems) => usable(&sources, &[], &problems),
        }
    }
}

/// A change to a text: cut out, insert, or copy a part.
fn mutated(text: &str, at: usize, length: usize, insert: &str) -> String {
    let start = text.floor_char_boundary(at % (text.len() + 1));
    let end = text.floor_char_boundary((start + length).min(text.len()));
    format!("{}{insert}{}", &text[..start], &text[end.max(start)..])
}

fn sample(name: &str) -> String {
    files::read_text(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// A place in a file, how much to cut out there, and what to put there.
fn change() -> impl Strategy<Value = (usize, usize, String)> {
    (any::<usize>(), 0_usize..30, text())
}

fn run(cases: u32, check: impl Fn(usize, usize, &str)) {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    let property = |(at, length, insert): (usize, usize, String)| {
        check(at, length, &insert);
        Ok(())
    };
    TestRunner::new(config).run(&change(), property).unwrap();
}

#[test]
fn mutated_route_files_are_checked_to_the_end() {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = workspace::load(root, FILE_NAME, &mut sources, &mut findings).unwrap();
    let workspace = RefCell::new((workspace.unwrap(), sources));
    for name in [
        "routes/service-follow-up.yaml",
        "routes/service-dealers.yaml",
    ] {
        let good = sample(name);
        run(150, |at, length, insert| {
            let (workspace, sources) = &mut *workspace.borrow_mut();
            let mut findings = Findings::default();
            let id = sources.add(name, mutated(&good, at, length, insert));
            workspace.routes = decode::file(id, sources, &mut findings);
            check::check(workspace, &mut findings);
            let found = findings.into_sorted(sources);
            assert!(found.iter().all(|found| found.code != Code::Internal));
            usable(sources, &[], &found);
        });
    }
}

#[test]
fn mutated_project_files_are_read_to_the_end() {
    let good = sample(FILE_NAME);
    run(300, |at, length, insert| {
        let (mut sources, mut findings) = (Sources::default(), Findings::default());
        let id = sources.add(FILE_NAME, mutated(&good, at, length, insert));
        project::load(Utf8Path::new("."), id, &mut sources, &mut findings);
        let found = findings.into_sorted(&sources);
        usable(&sources, &[], &found);
    });
}

#[test]
fn mutated_schemas_of_columns_are_read_to_the_end() {
    let project = sample("tests/layouts/routectl.yaml");
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts");
    for name in ["schemas/value.avsc", "schemas/value.json"] {
        let good = sample(&format!("tests/layouts/{name}"));
        run(150, |at, length, insert| {
            let (mut sources, mut findings) = (Sources::default(), Findings::default());
            // What is known already is not read again.
            sources.add(name, mutated(&good, at, length, insert));
            let id = sources.add(FILE_NAME, project.as_str());
            project::load(&root, id, &mut sources, &mut findings);
            let found = findings.into_sorted(&sources);
            usable(&sources, &[], &found);
        });
    }
}
