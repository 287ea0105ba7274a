//! Text of users that reaches SQL, or is refused before.

use routectl::check;
use routectl::diagnostic::{Code, Findings};
use routectl::dialect::{CONFLUENT, Dialect, FLINK, Form};
use routectl::source_text::Sources;
use routectl::sql::{self, Statement, Templates};
use routectl::statement::compile;
use routectl::statement::script::{self, Job};
use routectl::workspace;
use serde_json::json;

use super::{Project, ROUTE};

/// Texts that end literals, identifiers, comments or statements somewhere.
fn hostile() -> Vec<String> {
    let short = [
        "a`b",
        "'",
        "''",
        "\"",
        "\\",
        "\\'",
        "a\nb",
        "a\r\nb",
        "--",
        "-- x\nDROP TABLE x; --",
        "AND 1=1; DROP TABLE x; --",
        ";",
        "*/",
        "/* x",
        "a  b",
        " a ",
        "{{ x }}",
        "{% raw %}",
        "${HOME}",
        "🚗",
        "\u{202e}abc",
        "\u{200f}",
        "\u{2028}",
        "\u{85}",
        "\u{1b}[31m",
        "\u{feff}",
    ];
    let long = ["x'`;--\n".repeat(1_500)];
    short.into_iter().map(str::to_owned).chain(long).collect()
}

/// What a project becomes.
#[derive(Debug, PartialEq)]
struct Compiled {
    routes: Vec<String>,
    tables: Vec<String>,
    script: Option<String>,
}

/// The SQL of a project's routes, or the codes of what is wrong with it.
fn compiled(project: &Project) -> Result<Vec<String>, Vec<Code>> {
    compiled_for(project, &CONFLUENT).map(|compiled| compiled.routes)
}

/// What a project becomes on a dialect, or the codes of what is wrong with it.
fn compiled_for(project: &Project, dialect: &'static Dialect) -> Result<Compiled, Vec<Code>> {
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let loaded = workspace::load(project.root(), "routectl.yaml", &mut sources, &mut findings);
    let workspace = loaded.unwrap();
    if let Some(workspace) = workspace.filter(|_| !findings.has_errors()) {
        let typed = check::check(&workspace, &mut findings);
        let project = &workspace.project;
        let target = project.target("local").unwrap();
        let templates = Templates::load(&std::collections::BTreeMap::new()).unwrap();
        let compilation =
            compile::compile(project, target, &typed, &sources, &templates, &mut findings);
        let job = Job {
            project,
            target,
            dialect,
        };
        let script = (dialect.form == Form::Script)
            .then(|| script::script(job, &typed, &sources, &templates, &mut findings));
        if !findings.has_errors() {
            let (routes, tables) = (compilation.inserts, compilation.tables);
            return Ok(Compiled {
                routes: routes.into_iter().map(|route| route.text).collect(),
                tables: tables.into_values().map(|table| table.text).collect(),
                script: script.flatten(),
            });
        }
    }
    let found = findings.into_sorted(&sources);
    Err(found.into_iter().map(|found| found.code).collect())
}

/// The base project with a target, a source and a route that have these options on a dialect.
fn with_options(dialect: &str, options: &serde_json::Value) -> Project {
    let given = json!({dialect: options}).to_string();
    let target = format!("local: {{backend: emulator, options: {given}}}");
    Project::base()
        .replace("routectl.yaml", "local: {backend: emulator}", &target)
        .replace(
            "routectl.yaml",
            "    operation:",
            &format!("    create: if-not-exists\n    options: {given}\n    operation:"),
        )
        .with_route(&route(|route| {
            route["to"]["options"] = json!({dialect: options});
        }))
}

/// The condition of an INSERT as text in which every literal can be found.
fn condition(text: &str) -> String {
    match sql::parse(text).unwrap() {
        Statement::Insert(insert) => format!("{:?}", insert.select.condition),
        other => panic!("not an INSERT: {other:?}"),
    }
}

/// The route of the base project as a value, to put any text into it.
fn route(change: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut route = json!({
        "route": "large-loans",
        "where": [{"field": "entities[0].kind", "equals": "Loan"}, {"field": "entities[0].attributes.note", "equals": "x"}],
        "to": {"topic": "large-loans"}
    });
    change(&mut route);
    serde_json::to_string(&route).unwrap()
}

#[test]
fn regression_19_operands_come_back_from_the_sql_as_they_were() {
    for text in hostile() {
        let route = route(|route| route["where"][1]["equals"] = json!(text));
        let sql = compiled(&Project::base().with_route(&route)).unwrap();
        let read = condition(&sql[0]);
        assert!(read.contains(&format!("{text:?}")), "{text:?}: {read}");
    }
}

#[test]
fn regression_19_nul_is_refused() {
    let route = route(|route| route["where"][1]["equals"] = json!("a\0b"));
    assert_eq!(
        compiled(&Project::base().with_route(&route)),
        Err(vec![Code::OperandValue])
    );
}

#[test]
fn regression_19_descriptions_and_consumers_stay_comments() {
    let plain = compiled(&Project::base().with_route(&route(|_| {}))).unwrap();
    let plain = sql::parse(&plain[0]).unwrap();
    for text in hostile().into_iter().chain(["a\0b".to_owned()]) {
        for key in ["description", "consumer"] {
            let route = route(|route| route[key] = json!(text));
            let sql = compiled(&Project::base().with_route(&route)).unwrap();
            assert_eq!(sql::parse(&sql[0]), Ok(plain.clone()), "{key}: {text:?}");
            let header = sql[0].split("INSERT INTO").next().unwrap();
            assert!(
                header.lines().all(|line| line.starts_with("-- ")),
                "{key}: {header:?}"
            );
            assert!(
                !header.contains(['\0', '\u{202e}', '\u{1b}']),
                "{key}: {header:?}"
            );
        }
    }
}

#[test]
fn regression_19_file_names_stay_comments() {
    let plain = compiled(&Project::base().with_route(&route(|_| {}))).unwrap();
    let plain = sql::parse(&plain[0]).unwrap();
    for name in [
        "routes/a`b'.yaml",
        "routes/a\n;DROP TABLE x; --.yaml",
        "routes/*\\/ -- 🚗\u{202e}.yaml",
    ] {
        let project = Project::base().with(name, route(|_| {}));
        routectl::files::remove(&project.root().join(ROUTE)).unwrap();
        let sql = compiled(&project).unwrap();
        assert_eq!(sql::parse(&sql[0]), Ok(plain.clone()), "{name:?}");
    }
}

#[test]
fn regression_19_field_names_reach_json_paths_whole() {
    for text in hostile().into_iter().filter(|text| text.len() < 100) {
        let field = format!("notes[{}]", json!(text));
        let schema = json!({
            "type": "object",
            "properties": {
                "header": {"type": "object", "properties": {"id": {}, "type": {}}},
                "notes": {"type": "object", "properties": {&text: {"type": "string"}}}
            }
        });
        let route = route(|route| route["where"] = json!([{"field": field, "equals": "x"}]));
        let project = Project::base()
            .with_route(&route)
            .with("schemas/event.json", schema.to_string());
        match compiled(&project) {
            Ok(sql) => {
                let key = text.replace('\\', "\\\\").replace('\'', "\\'");
                let path = format!("$['notes']['{key}']");
                let read = condition(&sql[0]);
                assert!(read.contains(&format!("{path:?}")), "{text:?}: {read}");
            }
            Err(codes) => assert_eq!(codes, [Code::BadPath], "{text:?}"),
        }
    }
}

#[test]
fn regression_19_names_of_topics_and_routes_hold_nothing_hostile() {
    for text in hostile() {
        let named = route(|route| route["route"] = json!(text));
        assert_eq!(
            compiled(&Project::base().with_route(&named)),
            Err(vec![Code::BadName]),
            "{text:?}"
        );
        let written = route(|route| route["to"]["topic"] = json!(text));
        let written = compiled(&Project::base().with_route(&written));
        // Two hyphens are a fine topic, and stand in backticks.
        assert!(
            written == Err(vec![Code::BadName]) || text == "--",
            "{text:?}"
        );
    }
}

/// The options of every table in SQL.
fn options_of(statements: &[Statement]) -> Vec<&std::collections::BTreeMap<String, String>> {
    let tables = statements.iter().filter_map(|statement| match statement {
        Statement::CreateTable(table) => Some(&table.options),
        _ => None,
    });
    tables.collect()
}

#[test]
fn regression_19_values_of_options_come_back_from_the_sql_as_they_were() {
    for text in hostile() {
        let options = json!({"properties.bootstrap.servers": "kafka:9092", "x.y": text});
        for dialect in [&CONFLUENT, &FLINK] {
            match compiled_for(&with_options(dialect.name, &options), dialect) {
                Ok(compiled) => {
                    let statements = match &compiled.script {
                        Some(script) => sql::parse_script(script).unwrap(),
                        None => {
                            let tables = compiled.tables.iter();
                            tables.map(|text| sql::parse(text).unwrap()).collect()
                        }
                    };
                    let tables = options_of(&statements);
                    assert_eq!(tables.len(), 2, "{}: {text:?}", dialect.name);
                    for options in tables {
                        assert_eq!(options["x.y"], text, "{}", dialect.name);
                    }
                }
                Err(codes) if text.contains("${") => {
                    assert!(
                        codes.iter().all(|code| *code == Code::BadEnvironment),
                        "{codes:?}"
                    );
                }
                Err(codes) => {
                    assert!(text.contains(char::is_control), "{text:?}: {codes:?}");
                    assert!(
                        codes.iter().all(|code| *code == Code::WrongShape),
                        "{codes:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn regression_19_names_of_options_hold_nothing_that_hides() {
    for text in hostile()
        .into_iter()
        .chain([String::new(), "a\0b".to_owned()])
    {
        let result = compiled_for(&with_options("confluent", &json!({&text: "x"})), &CONFLUENT);
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            for table in result.unwrap().tables {
                let table = [sql::parse(&table).unwrap()];
                assert_eq!(options_of(&table)[0][&text], "x");
            }
        } else {
            let codes = result.unwrap_err();
            assert!(
                codes.iter().all(|code| *code == Code::BadName),
                "{text:?}: {codes:?}"
            );
        }
    }
}

#[test]
fn regression_19_nothing_in_a_script_is_a_key_to_a_terminal() {
    let keys: String = (1..0x80_u8).map(char::from).collect();
    let options = json!({"properties.bootstrap.servers": "kafka:9092"});
    for text in hostile().into_iter().chain([keys]) {
        let project = with_options("flink", &options).with_route(&route(|route| {
            route["where"][1]["equals"] = json!(text);
            route["description"] = json!(text);
            route["to"]["select"] = json!([{"constant": text, "name": "constant"}]);
        }));
        let script = compiled_for(&project, &FLINK).unwrap().script.unwrap();
        let is_key = |character: char| character.is_ascii_control() && character != '\n';
        assert!(!script.contains(is_key), "{text:?}: {script}");
        let statements = sql::parse_script(&script).unwrap();
        let Some(Statement::StatementSet(inserts)) = statements.last() else {
            panic!("{script}");
        };
        let read = format!("{:?}", inserts[0].select);
        assert_eq!(
            read.matches(&format!("{text:?}")).count(),
            2,
            "{text:?}: {read}"
        );
    }
}

#[test]
fn regression_19_names_of_columns_stand_on_one_line() {
    for text in hostile().into_iter().filter(|text| text.len() < 100) {
        let project = Project::base()
            .replace(
                "routectl.yaml",
                "received: DATE",
                &format!("{}: DATE", json!(text)),
            )
            .with_route(&route(|_| {}));
        match compiled(&project) {
            Ok(sql) => {
                let Statement::Insert(insert) = sql::parse(&sql[0]).unwrap() else {
                    panic!("{}", sql[0]);
                };
                assert!(
                    insert.columns.iter().any(|column| column.0 == text),
                    "{text:?}"
                );
            }
            Err(codes) => {
                let refused = text.contains(char::is_control) || text.trim().is_empty();
                assert!(refused, "{text:?}");
                assert_eq!(codes, [Code::BadName], "{text:?}");
            }
        }
    }
}

#[test]
fn regression_19_columns_are_quoted() {
    let text = "a`b'; DROP TABLE x; --";
    let project = Project::base()
        .replace(
            "routectl.yaml",
            "id: STRING",
            &format!("{}: STRING", json!(text)),
        )
        .replace("routectl.yaml", "      header.id: id\n", "")
        .with_route(&route(|route| {
            route["where"] = json!([{"field": format!("[{}]", json!(text)), "equals": "x"}]);
        }));
    let sql = compiled(&project).unwrap();
    assert!(
        condition(&sql[0]).contains(&format!("{text:?}")),
        "{}",
        sql[0]
    );
}

#[test]
fn regression_24_no_any_gets_round_the_guard() {
    let route = route(|route| {
        route["where"] = json!({"any": [
            {"field": "header.type", "equals": "LoanCreated"},
            {"field": "header.type", "equals": "CarCreated"}
        ]});
    });
    let sql = compiled(&Project::base().with_route(&route)).unwrap();
    let (_, condition) = sql[0].split_once("WHERE").unwrap();
    let any = "(`event_type` = 'LoanCreated' OR `event_type` = 'CarCreated')";
    assert_eq!(condition.trim(), format!("`__op` = 'c'\n  AND {any}"));
}
