//! The law that lets people tidy up: reordering `all`, `any` or the values of `in` changes no fingerprint.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::Utf8Path;
use proptest::prelude::*;
use proptest::sample::Index;
use routectl::check;
use routectl::diagnostic::Findings;
use routectl::files;
use routectl::source_text::Sources;
use routectl::sql::Templates;
use routectl::statement::{Fingerprint, compile};
use routectl::workspace;

const PROJECT: &str = "
project: shop
sources:
  orders:
    topic: raw-orders
    columns: {id: STRING, status: STRING, data: STRING, __op: STRING}
    event: {column: data, schema: schema.json}
    mirrors: {id: id}
    operation: {column: __op, default: [c]}
defaults: {source: orders, start: earliest}
targets: {local: {backend: emulator}}
";

const SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "id": {"type": "string"},
    "kind": {"type": "string"},
    "amount": {"type": "number"},
    "sent": {"type": "string", "format": "date-time"},
    "items": {
      "type": "array", "maxItems": 2,
      "items": {"type": "object", "properties": {"kind": {"type": "string"}, "amount": {"type": "number"}}}
    }
  }
}"#;

/// A condition whose order can be changed.
#[derive(Debug, Clone)]
enum Tree {
    Test(&'static str),
    In(&'static str, Vec<u8>),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    AnyElement(Box<Self>),
}

const TESTS: &[&str] = &[
    "field: id, equals: a",
    "field: kind, startsWith: b",
    "field: amount, between: [1, 2.5]",
    "field: amount, greaterThan: 100",
    "field: sent, lessThan: 2025-01-20T13:30:00Z",
    "field: kind, isNull: true",
    "field: __op, notEquals: d",
    "field: items[*].kind, equals: c",
];

fn tree() -> impl Strategy<Value = Tree> {
    let field = prop::sample::select(vec!["id", "kind"]);
    let values = prop::collection::btree_set(0_u8..20, 1..7);
    let leaf = prop_oneof![
        3 => prop::sample::select(TESTS).prop_map(Tree::Test),
        1 => (field, values).prop_map(|(field, values)| Tree::In(field, values.into_iter().collect())),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..5);
        prop_oneof![
            several.clone().prop_map(Tree::All),
            several.prop_map(Tree::Any),
            inner.prop_map(|inner| Tree::Not(Box::new(inner))),
            Just(Tree::AnyElement(Box::new(Tree::All(vec![
                Tree::Test("field: kind, equals: d"),
                Tree::Test("field: amount, lessThan: 3"),
            ])))),
        ]
    })
}

impl Tree {
    /// The same condition with everything whose order means nothing in another order.
    fn reordered(&self, choices: &mut impl Iterator<Item = Index>) -> Self {
        match self {
            Self::Test(_) => self.clone(),
            Self::In(field, values) => Self::In(field, shuffled(values.clone(), choices)),
            Self::All(nodes) => Self::All(reordered(nodes, choices)),
            Self::Any(nodes) => Self::Any(reordered(nodes, choices)),
            Self::Not(inner) => Self::Not(Box::new(inner.reordered(choices))),
            Self::AnyElement(inner) => Self::AnyElement(Box::new(inner.reordered(choices))),
        }
    }

    fn write(&self, yaml: &mut String) {
        let list = |nodes: &[Self], yaml: &mut String| {
            for node in nodes {
                node.write(yaml);
                yaml.push_str(", ");
            }
        };
        match self {
            Self::Test(test) => {
                let quoted = test.replace("items[*].kind", "\"items[*].kind\"");
                let _ = write!(yaml, "{{{quoted}}}");
            }
            Self::In(field, values) => {
                let values: Vec<_> = values.iter().map(|value| format!("v{value}")).collect();
                let _ = write!(yaml, "{{field: {field}, in: [{}]}}", values.join(", "));
            }
            Self::All(nodes) => {
                yaml.push_str("{all: [");
                list(nodes, yaml);
                yaml.push_str("]}");
            }
            Self::Any(nodes) => {
                yaml.push_str("{any: [");
                list(nodes, yaml);
                yaml.push_str("]}");
            }
            Self::Not(inner) => {
                yaml.push_str("{not: ");
                inner.write(yaml);
                yaml.push('}');
            }
            Self::AnyElement(inner) => {
                yaml.push_str("{anyElement: {in: items, where: ");
                inner.write(yaml);
                yaml.push_str("}}");
            }
        }
    }
}

fn reordered(nodes: &[Tree], choices: &mut impl Iterator<Item = Index>) -> Vec<Tree> {
    let inside = nodes.iter().map(|node| node.reordered(choices)).collect();
    shuffled(inside, choices)
}

fn shuffled<T>(mut things: Vec<T>, choices: &mut impl Iterator<Item = Index>) -> Vec<T> {
    for last in (1..things.len()).rev() {
        let choice = choices.next().map_or(0, |index| index.index(last + 1));
        things.swap(last, choice);
    }
    things
}

/// What identifies the meaning of a route with this condition.
fn fingerprint(root: &Utf8Path, condition: &Tree) -> String {
    let mut yaml = "route: orders\nto: {topic: orders}\nwhere: ".to_owned();
    condition.write(&mut yaml);
    files::write_atomically(&root.join("routes/orders.yaml"), &yaml).unwrap();
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let workspace = workspace::load(root, "routectl.yaml", &mut files, &mut findings);
    let workspace = workspace.unwrap().unwrap();
    let routes = check::check(&workspace, &mut findings);
    let project = &workspace.project;
    let target = project.target("local").unwrap();
    let templates = Templates::load(&BTreeMap::new()).unwrap();
    let compiled = compile::compile(project, target, &routes, &files, &templates, &mut findings);
    assert!(!findings.has_errors(), "{:?}", findings.into_unsorted());
    let insert = &compiled.inserts[0];
    Fingerprint::new(&insert.canonical, &insert.text, &BTreeMap::new()).content
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]
    #[test]
    fn reordering_changes_no_fingerprint(
        condition in tree(),
        choices in prop::collection::vec(any::<Index>(), 64),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        files::write_atomically(&root.join("routectl.yaml"), PROJECT).unwrap();
        files::write_atomically(&root.join("schema.json"), SCHEMA).unwrap();
        let other = condition.reordered(&mut choices.into_iter());
        prop_assert_eq!(fingerprint(root, &condition), fingerprint(root, &other));
    }
}
