//! `routectl schema paths`: what routes may name.

use std::fmt::Write as _;

use camino::Utf8Path;
use serde_json::{Value, json};

use crate::env::Env;

/// Fields of every kind, some of which no route can read.
fn odd_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "id": {"type": "string", "description": "A column\nhas this name, too"},
            "a.b": {"type": "object", "properties": {"it's": {"type": ["integer", "null"]}}},
            "answer": {"enum": ["yes", "no", "5", 5, true, null, "a\u{1b}[31m"]},
            "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "items": false},
            "lists": {"type": "array", "items": {"type": "array", "items": {"type": "boolean"}}},
            "map": {"type": "object", "additionalProperties": {
                "type": "object", "properties": {"amount": {"type": "number"}},
            }},
            "marked": {"type": "object", "patternProperties": {"^x-": {"type": "integer"}}},
            "anything": {},
            "either": {"type": ["object", "array"], "properties": {"x": {"type": "string"}}},
            "nothing": {"type": "null"},
            "tree": {"$ref": "#/$defs/tree"},
            "shape": {"oneOf": [
                {"properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}, "required": ["kind"]},
                {"properties": {"kind": {"const": "square"}, "side": {"type": "number"}}, "required": ["kind"]},
            ]},
            "choice": {"anyOf": [{"properties": {"one": {"const": 1}}}, {"properties": {"two": {"const": 2}}}]},
        },
        "required": ["id"],
        "$defs": {"tree": {
            "type": "object",
            "properties": {
                "at": {"type": "string", "format": "date-time"},
                "children": {"type": "array", "maxItems": 2, "items": {"$ref": "#/$defs/tree"}},
            },
        }},
    })
}

const ODD_SOURCE: &str = "
sources:
  odd:
    topic: raw-odd
    columns: {id: STRING, doc: STRING, at: TIMESTAMP_LTZ(3), tags: 'ARRAY<STRING>', day: DATE, half: STRING}
    event: {column: doc, schema: schemas/odd.json}
    mirrors: {tree.at: at, '[\"a.b\"][\"it''s\"]': half}
";

/// A project whose only source is the odd one.
fn odd() -> Env {
    let env = Env::new();
    env.remove("routes/paid.yaml");
    env.remove("routes/large.yaml");
    env.write("schemas/odd.json", &format!("{:#}", odd_schema()));
    let rest = "defaults: {start: earliest}\ntargets: {local: {backend: emulator}}\n";
    env.write("routectl.yaml", &format!("project: odd{ODD_SOURCE}{rest}"));
    env
}

/// The project in `tests/layouts`, without its routes, and the names of its sources.
fn layouts() -> (Env, Vec<String>) {
    let env = Env::new();
    env.remove("routes/paid.yaml");
    env.remove("routes/large.yaml");
    let layouts = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts");
    let project = crate::env::read(&layouts.join("routectl.yaml"));
    env.write("routectl.yaml", &project);
    for entry in layouts.join("schemas").read_dir_utf8().unwrap() {
        let path = format!("schemas/{}", entry.unwrap().file_name());
        env.write(&path, &crate::env::read(&layouts.join(&path)));
    }
    let project: serde_yaml::Value = serde_yaml::from_str(&project).unwrap();
    let sources = project["sources"].as_mapping().unwrap().keys();
    let sources = sources.map(|name| name.as_str().unwrap().to_owned());
    (env, sources.collect())
}

fn listed(env: &Env, arguments: &[&str]) -> Value {
    let all = ["schema", "paths", "-ojson"];
    let ran = env.run(all.iter().chain(arguments).copied());
    serde_json::from_str(&ran.expect(0).stdout).unwrap()
}

/// Every path that is listed compiles: as an operand that all types take, with `as:` where that is asked for.
fn hold_to_the_law(env: &Env, source: &str, prefix: &[&str]) {
    let arguments: Vec<_> = ["--source", source].iter().chain(prefix).copied().collect();
    let listed = listed(env, &arguments);
    let mut route = format!("route: law\nfrom: {source}\nto: {{topic: law}}\nwhere:\n  any:\n");
    for named in listed["paths"].as_array().unwrap() {
        let path = named["path"].as_str().unwrap().replace('\'', "''");
        let words = named["needs_as"].as_array().unwrap();
        let alone = [Value::Null];
        for word in if words.is_empty() { &alone[..] } else { words } {
            writeln!(route, "  - field: '{path}'\n    isNotNull: true").unwrap();
            if let Some(word) = word.as_str() {
                writeln!(route, "    as: {word}").unwrap();
            }
        }
    }
    env.write("routes/law.yaml", &route);
    env.run(["validate"]).expect(0);
    env.run(["compile", "-tlocal"]).expect(0);
}

#[test]
fn every_path_that_is_listed_compiles() {
    let env = Env::new();
    env.become_the_sample();
    hold_to_the_law(&env, "business-events", &[]);
    let (env, sources) = layouts();
    for source in &sources {
        hold_to_the_law(&env, source, &[]);
    }
    let env = odd();
    for prefix in [
        &[][..],
        &["map.some"],
        &["marked.x-1"],
        &["lists[2][*]"],
        &["tree.children[1].children"],
    ] {
        hold_to_the_law(&env, "odd", prefix);
    }
}

#[test]
fn the_paths_of_the_sample_project() {
    let env = Env::new();
    env.become_the_sample();
    insta::assert_snapshot!("paths-sample", env.run(["schema", "paths"]));
}

#[test]
fn the_paths_of_every_layout() {
    let (env, sources) = layouts();
    let shown = sources.iter().map(|source| {
        let ran = env.run(["schema", "paths", "--details", "--source", source]);
        format!("# {source}\n{}\n", ran.expect(0))
    });
    let shown: Vec<_> = shown.collect();
    insta::assert_snapshot!("paths-layouts", shown.join("\n"));
    insta::assert_snapshot!(env.run(["schema", "paths"]), @"
    --- stderr
    error: there are several sources; name one with `--source`: `document`, `typed`, `flat-map`, `json-map`, `avro`, `json-schema`
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["schema", "paths", "--source", "flatmap"]), @"
    --- stderr
    error: there is no source `flatmap`; did you mean `flat-map`?
    --- exit 1
    ");
}

#[test]
fn odd_schemas_have_their_notes() {
    let env = odd();
    insta::assert_snapshot!(env.run(["schema", "paths"]), @r#"
    --- stdout
    PATH              TYPE                        NOTES
    $.id              text
    ["a.b"]           object
    ["a.b"]["it's"]   integer                     read from column half
    answer            text or integer or boolean  needs as: text or number or boolean; one of "yes", "no", "5", 5, true, "a\u001b[31m"
    pair              list of text or number      at most 2
    pair[0]           text
    pair[1]           number
    lists             list of list
    lists[0]          list of boolean
    lists[0][0]       boolean
    map               object                      any other key: object
    marked            object                      keys that match ^x-
    anything          anything                    needs as: text or number or boolean or instant
    either            object or list              needs as: text or number or boolean or instant
    either.x          text
    tree              object
    tree.at           instant                     read from column at
    tree.children     list of object              at most 2
    tree.children[0]  object                      the same fields again as tree
    shape             object
    shape.kind        text                        one of circle, square
    shape.radius      number                      when shape.kind is circle
    shape.side        number                      when shape.kind is square
    choice            object
    choice.one        integer                     always 1; only in some alternatives
    choice.two        integer                     always 2; only in some alternatives
    id                text                        column
    doc               text                        column, the whole event as JSON text
    at                instant                     column, the same as tree.at
    tags              list                        column
    half              integer                     column, the same as ["a.b"]["it's"]
    --- stderr
    31 paths of source `odd`
    `[0]` is the first element of a list, `[1]` the second one
    left out: 2 paths that no route can read
      nothing: `nothing` is never anything but null
      day: a column of type DATE can neither be compared nor be read as a value
    --- exit 0
    "#);
}

#[test]
fn what_is_not_listed_can_be_asked_for() {
    let env = odd();
    insta::assert_snapshot!(env.run(["schema", "paths", "$.id", "--details"]), @"
    --- stdout
    PATH  TYPE  NOTES
    $.id  text
        means     A column has this name, too
        declared  schemas/odd.json:5
        sql       JSON_VALUE(`doc`, '$[''id'']')
    --- stderr
    1 path of source `odd`
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["schema", "paths", "tree.children[1].children[0]"]), @"
    --- stdout
    PATH                                      TYPE            NOTES
    tree.children[1].children[0]              object
    tree.children[1].children[0].at           instant
    tree.children[1].children[0].children     list of object  at most 2
    tree.children[1].children[0].children[0]  object          the same fields again as tree.children[1].children[0]
    --- stderr
    4 paths of source `odd`
    `[0]` is the first element of a list, `[1]` the second one
    --- exit 0
    ");
    insta::assert_snapshot!(env.run(["schema", "paths", "map.any.amount"]), @"
    --- stdout
    PATH            TYPE    NOTES
    map.any.amount  number
    --- stderr
    1 path of source `odd`
    --- exit 0
    ");
}

#[test]
fn a_prefix_names_a_field_a_column_or_the_beginning_of_either() {
    let env = odd();
    for (prefix, expected) in [
        ("shape.kind", &["shape.kind"][..]),
        ("shape.ra", &["shape.radius"]),
        ("an", &["answer", "anything"]),
        ("d", &["doc"]),
        ("id", &["id"]),
        ("$.i", &["$.id"]),
        ("half", &["half"]),
        ("lists[*]", &["lists[0]", "lists[0][0]"]),
        ("marked.x-any", &["marked.x-any"]),
    ] {
        let listed = listed(&env, &[prefix]);
        let paths = listed["paths"].as_array().unwrap().iter();
        let paths: Vec<_> = paths.map(|named| named["path"].as_str().unwrap()).collect();
        assert_eq!(paths, expected, "{prefix}");
    }
    let failing = [
        "shaep",
        "shape.zzz",
        "zzz.x",
        "doc.id",
        "lists.x",
        "pair[2]",
        "nothing",
        "day",
        "shape.",
        "tags[0]",
    ];
    let told = failing.map(|prefix| {
        let ran = env.run(["schema", "paths", prefix]);
        assert_eq!(ran.expect(1).stdout, "", "{prefix}");
        format!("{prefix}: {}", ran.stderr)
    });
    insta::assert_snapshot!(told.concat(), @"
    shaep: error: the schema has no field `shaep`; did you mean `shape`?
    shape.zzz: error: the schema has no field `shape.zzz`; possible: `kind`, `radius`, `side`
    zzz.x: error: the schema has no field `zzz.x`; did you mean `either.x`?
    doc.id: error: column `doc` has no fields inside; fields of the document are named without its column: `id`
    lists.x: error: `lists` is a list; its elements have no names
    pair[2]: error: `pair` never has that many elements; indexes count from 0
    nothing: error: `nothing` is never anything but null; correct the schema, or remove the condition
    day: error: a column of type DATE can neither be compared nor be read as a value; `isNull` and `isNotNull` work on every column, and `select` takes one as it is with `{column: NAME}`; for the rest name a field of the document or a column of text, numbers, booleans or TIMESTAMP_LTZ
    shape.: error: `shape.` is no path: the path ends in a dot; remove the dot, or name a key behind it
    tags[0]: error: column `tags` has no fields inside; for the field of the document write `$.tags[0]`
    ");
}

#[test]
fn the_json_form() {
    let env = odd();
    let listed = listed(&env, &["shape.radius"]);
    insta::assert_snapshot!(format!("{listed:#}"), @r#"
    {
      "format_version": 1,
      "source": "odd",
      "schema": "schemas/odd.json",
      "complete": true,
      "paths": [
        {
          "path": "shape.radius",
          "kind": "field",
          "types": [
            "number"
          ],
          "element_types": [],
          "max_items": null,
          "values": null,
          "nullable": false,
          "required": false,
          "needs_as": [],
          "partial": true,
          "when": [
            {
              "path": "shape.kind",
              "values": [
                "circle"
              ],
              "types": null
            }
          ],
          "other_keys": null,
          "repeats": null,
          "column": "doc",
          "mirror": null,
          "mirrors": null,
          "sql": "TRY_CAST(REGEXP_EXTRACT(JSON_VALUE(`doc`, '$[''shape''][''radius'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\\s*)?\\z', 0) AS DECIMAL(38, 10))",
          "declared_at": [
            {
              "file": "schemas/odd.json",
              "line": 96
            }
          ],
          "description": null
        }
      ],
      "left_out": []
    }
    "#);
}

#[test]
fn what_the_source_does_not_hold_is_left_out_with_the_reason() {
    let (env, _) = layouts();
    let project = env.read("routectl.yaml");
    let narrow = project.replace("status STRING, secured BOOLEAN", "secured STRING");
    assert_ne!(narrow, project);
    env.write(
        "routectl.yaml",
        &narrow.replace("loanAmount DECIMAL(18, 2)", "loanAmount BOOLEAN"),
    );
    let loan = "eventBody.entities[0].updatedAttributes.loan";
    insta::assert_snapshot!(env.run(["schema", "paths", loan, "--source", "typed"]), @"
    --- stdout
    PATH                                                  TYPE     NOTES
    eventBody.entities[0].updatedAttributes.loan          object
    eventBody.entities[0].updatedAttributes.loan.secured  boolean
    --- stderr
    2 paths of source `typed`
    `[0]` is the first element of a list, `[1]` the second one
    left out: 2 paths that no route can read
      eventBody.entities[0].updatedAttributes.loan.loanAmount: `eventBody.entities[0].updatedAttributes.loan.loanAmount` is a number, which a column of type BOOLEAN cannot be read as
      eventBody.entities[0].updatedAttributes.loan.status: `eventBody.entities.updatedAttributes.loan` of the source has no field `status`
    --- exit 0
    ");
    let status = format!("{loan}.status");
    insta::assert_snapshot!(env.run(["schema", "paths", &status, "--source", "typed"]), @"
    --- stderr
    error: `eventBody.entities.updatedAttributes.loan` of the source has no field `status`; possible: `loanAmount`, `secured`
    --- exit 1
    ");
}

#[test]
fn a_schema_with_errors_is_told_and_a_half_written_route_is_no_matter() {
    let env = Env::new();
    env.write("routes/paid.yaml", "route: paid\nwhere: {field: sta");
    insta::assert_snapshot!(env.run(["schema", "paths"]), @"
    --- stdout
    PATH    TYPE    NOTES
    status  text    one of new, paid, shipped
    amount  number
    id      text    column
    body    text    column, the whole event as JSON text
    --- stderr
    4 paths of source `orders`
    --- exit 0
    ");
    env.write("schemas/order.json", r#"{"type": "objekt"}"#);
    insta::assert_snapshot!(env.run(["schema", "paths"]), @r#"
    --- stderr
    error[schema-invalid]: the string `objekt` is not possible here
     --> schemas/order.json:1:10
      |
    1 | {"type": "objekt"}
      |          ^^^^^^^^ in this schema
      |
      = help: did you mean `object`?

    found 1 error
    --- exit 1
    "#);
    env.write("routectl.yaml", "project: shop\n");
    env.run(["schema", "paths"]).expect(1);
}

#[test]
fn a_schema_that_is_too_large_is_listed_in_parts() {
    let env = odd();
    let mut schema = odd_schema();
    let wide = schema["properties"].as_object_mut().unwrap();
    for number in 0..5_000 {
        wide.insert(format!("field{number}"), json!({"$ref": "#/$defs/tree"}));
    }
    env.write("schemas/odd.json", &schema.to_string());
    let all = listed(&env, &[]);
    assert_eq!(all["complete"], false);
    let ran = env.run(["schema", "paths", "field4999"]);
    insta::assert_snapshot!(ran, @"
    --- stdout
    PATH                   TYPE            NOTES
    field4999              object
    field4999.at           instant
    field4999.children     list of object  at most 2
    field4999.children[0]  object          the same fields again as field4999
    --- stderr
    4 paths of source `odd`
    `[0]` is the first element of a list, `[1]` the second one
    --- exit 0
    ");
}
