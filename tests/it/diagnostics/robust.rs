//! Arbitrary input is refused or read; it never ends the process.

use camino::Utf8Path;
use proptest::prelude::*;
use routectl::diagnostic::{Diagnostic, human};
use routectl::source_text::{Node, NodeKind, Sources, Span, json, yaml};

use super::Project;

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

#[test]
fn mutated_samples_are_checked_to_the_end() {
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Project::base();
    for part in ["schemas", "routes"] {
        for path in routectl::files::find(&sample.join(part), &["json", "yaml"]).unwrap() {
            let text = routectl::files::read_text(&path).unwrap();
            project.write(path.strip_prefix(sample).unwrap(), text.as_bytes());
        }
    }
    let file = |name: &str| routectl::files::read_text(&sample.join(name)).unwrap();
    project.write(
        Utf8Path::new("routectl.yaml"),
        file("routectl.yaml").as_bytes(),
    );
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(150)
    };
    let files = prop::sample::select(vec![
        "routectl.yaml",
        "routes/service-follow-up.yaml",
        "routes/service-dealers.yaml",
        "routes/medium-value-loans.yaml",
    ]);
    let change = (files, any::<usize>(), 0_usize..30, text());
    proptest::test_runner::TestRunner::new(config)
        .run(&change, |(name, at, length, insert)| {
            let good = file(name);
            project.write(
                Utf8Path::new(name),
                mutated(&good, at, length, &insert).as_bytes(),
            );
            let checked = project.check();
            usable(&checked.sources, &[], &checked.found);
            prop_assert!(
                checked
                    .found
                    .iter()
                    .all(|found| found.code.name() != "internal"),
                "{}",
                checked.rendered()
            );
            project.write(Utf8Path::new(name), good.as_bytes());
            Ok(())
        })
        .unwrap();
}
