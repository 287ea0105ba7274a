//! One event schema in every layout of a source, and conditions as routes write them.

use camino::Utf8Path;
use tempfile::TempDir;

use crate::check;
use crate::diagnostic::Findings;
use crate::eval::{Json, Row, RowError, Scope, evaluate};
use crate::files;
use crate::ir::{Condition, Instant, Projection};
use crate::project::source::Source;
use crate::source_text::Sources;
use crate::sql::Truth;
use crate::workspace::{self, Workspace};

const PROJECT: &str = r"
project: layouts
sources:
  document:
    topic: raw-document
    columns: {id: STRING, kind: STRING, flagged: BOOLEAN, saved: TIMESTAMP_LTZ(3), amount: BIGINT, price: DOUBLE, ratio: FLOAT, exact: 'DECIMAL(10, 2)', data: STRING, __op: STRING}
    event: {column: data, schema: event.json}
    mirrors: {header.kind: kind, mirrored: flagged}
    operation: {column: __op, default: [c, u]}
  typed:
    topic: raw-typed
    columns:
      id: STRING
      header: ROW<kind STRING, at TIMESTAMP_LTZ(3)>
      items: ARRAY<ROW<kind STRING, attributes ROW<loan ROW<amount DECIMAL(18, 2), status STRING, secured BOOLEAN>>>>
      text: STRING
      number: DOUBLE
      epoch: BIGINT
      __op: STRING
    event: {columns: true, schema: event.json}
    operation: {column: __op, default: [c]}
  flat:
    topic: raw-flat
    columns:
      header: ROW<kind STRING, at STRING>
      items: ARRAY<ROW<kind STRING, attributes MAP<STRING, STRING>>>
    event: {columns: true, schema: event.json}
    maps: {items.attributes: flat}
    constants: {__table: events}
  json:
    topic: raw-json
    columns:
      header: ROW<kind STRING, at STRING>
      items: ARRAY<ROW<kind STRING, attributes MAP<STRING, STRING>>>
    event: {columns: true, schema: event.json}
    maps: {items.attributes: json}
  odd:
    topic: raw-odd
    columns: {bytes: BYTES, date: DATE, time: TIME(3), local: TIMESTAMP(3), short: VARCHAR(3), tiny: TINYINT, counts: MULTISET<STRING>, plain: 'MAP<STRING, INT>', data: STRING}
    event: {column: data, schema: event.json}
defaults: {start: earliest}
targets:
  local: {backend: emulator}
";

const SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "header": {"type": "object", "properties": {
      "kind": {"type": "string"}, "at": {"type": "string", "format": "date-time"}
    }},
    "items": {"type": "array", "maxItems": 3, "items": {"type": "object", "properties": {
      "kind": {"type": "string"},
      "attributes": {"type": "object", "properties": {
        "loan": {"type": "object", "properties": {
          "amount": {"type": "number"}, "status": {"type": "string"}, "secured": {"type": "boolean"}
        }}
      }}
    }}},
    "texts": {"type": "array", "maxItems": 3, "items": {"type": "string"}},
    "text": {"type": "string"}, "other": {"type": "string"},
    "number": {"type": "number"}, "count": {"type": "integer"}, "flag": {"type": "boolean"}, "mirrored": {"type": "boolean"},
    "at": {"type": "string", "format": "date-time"}, "until": {"type": "string", "format": "date-time"},
    "epoch": {"type": "integer"}, "object": {"type": "object"}, "it's": {"type": "string"}
  }
}"#;

/// A project with the sources above.
pub(super) struct Fixture {
    directory: TempDir,
}

/// What a route of the project says.
pub(super) struct Checked {
    pub(super) condition: Condition,
    pub(super) columns: Vec<Projection>,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let fixture = Self { directory };
        fixture.write("routectl.yaml", PROJECT);
        fixture.write("event.json", SCHEMA);
        fixture
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.directory.path()).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        files::write_atomically(&self.root().join(name), text).unwrap();
    }

    fn load(&self, routes: &str, findings: &mut Findings) -> (Workspace, Sources) {
        self.write("routes/routes.yaml", routes);
        let root = self.root();
        let mut files = Sources::default();
        let workspace = workspace::load(root, "routectl.yaml", &mut files, findings);
        (workspace.unwrap().unwrap(), files)
    }

    /// The routes with these conditions and columns, each `where: ...` with what stands below `to`.
    pub(super) fn routes(&self, source: &str, routes: &[(&str, &str)]) -> Vec<Checked> {
        let routes: Vec<String> = routes
            .iter()
            .enumerate()
            .map(|(number, (condition, sink))| {
                format!("route: r{number}\nfrom: {source}\nwhere: {condition}\nto: {{topic: t{number}, {sink}}}\n")
            })
            .collect();
        let mut findings = Findings::default();
        let (workspace, files) = self.load(&routes.join("---\n"), &mut findings);
        let typed = check::check(&workspace, &mut findings);
        let typed: Vec<_> = typed
            .into_iter()
            .map(|route| Checked {
                condition: route.condition.clone(),
                columns: route.sinks.into_iter().next().unwrap().columns,
            })
            .collect();
        let findings = findings.into_sorted(&files);
        assert!(typed.len() == routes.len(), "{findings:#?}");
        typed
    }

    pub(super) fn conditions(&self, source: &str, conditions: &[&str]) -> Vec<Condition> {
        let routes: Vec<_> = conditions
            .iter()
            .map(|condition| (*condition, ""))
            .collect();
        let checked = self.routes(source, &routes);
        checked.into_iter().map(|route| route.condition).collect()
    }

    pub(super) fn condition(&self, source: &str, condition: &str) -> Condition {
        self.conditions(source, &[condition]).remove(0)
    }

    fn source<T>(&self, name: &str, of: impl FnOnce(&Source) -> T) -> T {
        let mut findings = Findings::default();
        let (workspace, _) = self.load(
            "route: r\nfrom: document\nwhere: always\nto: {topic: t}\n",
            &mut findings,
        );
        of(workspace.project.sources.get(name).unwrap())
    }

    pub(super) fn event(&self, source: &str, text: &str) -> Result<Row, RowError> {
        self.source(source, |source| Row::of_event(source, text))
    }

    pub(super) fn columns(&self, source: &str, text: &str) -> Result<Row, RowError> {
        self.source(source, |source| {
            Row::of_columns(source, &Json::read(text).unwrap())
        })
    }

    pub(super) fn event_with(&self, source: &str, text: &str, columns: &str) -> Row {
        let columns = Json::read(columns).unwrap();
        self.source(source, |source| {
            let row = Row::of_event(source, text).unwrap();
            row.with_columns(source, &columns).unwrap()
        })
    }

    pub(super) fn read(&self, source: &str, text: &str) -> Result<Row, RowError> {
        self.source(source, |source| Row::read(source, text))
    }
}

/// 20 January 2025, 13:30 UTC.
pub(super) fn now() -> Instant {
    Instant::parse("2025-01-20T13:30:00.999Z").unwrap()
}

pub(super) fn holds(condition: &Condition, row: &Row) -> Truth {
    evaluate(condition, Scope { row, now: now() })
}
