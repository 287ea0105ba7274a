//! The published JSON Schemas and the readers agree on what has the right shape.

use camino::Utf8Path;
use routectl::diagnostic::Code;
use routectl::{files, published};
use serde::Deserialize as _;
use serde_json::Value;

use super::{ROUTE, broken, examples};

/// Codes that are about the shape of a file alone.
const SHAPE: [Code; 7] = [
    Code::UnknownKey,
    Code::UnknownLint,
    Code::MissingKey,
    Code::WrongShape,
    Code::BadCondition,
    Code::EmptyCondition,
    Code::BadName,
];

/// Examples whose files have the right shape each, and why.
const ONLY_SEEN_TOGETHER: [(&str, &str); 7] = [
    (
        "bad-condition/too-deep",
        "a schema that repeats itself counts no levels",
    ),
    (
        "bad-name/too-long-with-suffix",
        "the length depends on the target",
    ),
    (
        "missing-key/source-of-route",
        "the route or the project file may name it",
    ),
    (
        "missing-key/start",
        "the route or the project file may name it",
    ),
    (
        "wrong-shape/mirror-of-the-document",
        "`event` says which column has the document",
    ),
    (
        "wrong-shape/mirrors-of-typed-columns",
        "`event` says whether there is a document",
    ),
    (
        "wrong-shape/start-timestamp",
        "JSON Schema asserts no `format`",
    ),
];

/// Whether every document of a YAML file fits a schema.
fn fits(schema: &Value, path: &Utf8Path) -> bool {
    let text = files::read_text(path).unwrap();
    let validator = routectl::schema::Validator::from_value(schema).unwrap();
    serde_yaml::Deserializer::from_str(&text).all(|document| {
        let value = Value::deserialize(document).unwrap();
        validator.check(&value).is_empty()
    })
}

/// Whether the YAML files of a project directory that are there fit their schemas.
fn project_fits(directory: &Utf8Path) -> bool {
    let project = directory.join("routectl.yaml");
    let routes = directory.join("routes");
    let routes = files::find(&routes, &["yaml"]).unwrap_or_default();
    (!project.is_file() || fits(&published::project(), &project))
        && routes.iter().all(|path| {
            let is_test = path.as_str().ends_with(".test.yaml");
            let schema = if is_test {
                published::suite()
            } else {
                published::route()
            };
            fits(&schema, path)
        })
}

#[test]
fn good_projects_fit_the_published_schemas() {
    assert!(project_fits(&examples().join("base")));
    assert!(fits(
        &published::route(),
        &examples().join("base").join(ROUTE)
    ));
    assert!(project_fits(Utf8Path::new(env!("CARGO_MANIFEST_DIR"))));
}

#[test]
fn what_the_readers_refuse_for_its_shape_the_published_schemas_refuse() {
    let mut differing = Vec::new();
    for (code, directory) in broken() {
        if SHAPE.contains(&code) && project_fits(&directory) {
            differing.push(directory.strip_prefix(examples()).unwrap().to_string());
        }
    }
    assert_eq!(differing, ONLY_SEEN_TOGETHER.map(|(example, _)| example));
}
