//! Which branch of a `oneOf` or `anyOf` a value was meant to be, and what is wrong with it as that.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Rule;
use serde_json::Value;

use super::{SchemaText, Violation, ViolationKind as Kind, wording};
use crate::schema::pointer;

/// Objects are searched for discriminating keys so many levels deep.
const DEPTH: usize = 3;

/// One branch, with what is wrong with the value as that.
struct Branch {
    violations: Vec<Violation>,
    /// The type that it asks for, where the value has another.
    other_type: Option<String>,
    /// Keys, from the value down, whose values the branch closes.
    closed: Vec<(String, Vec<Value>)>,
}

/// Says what is wrong with the value of an error that no branch accepts.
pub(super) fn explain(
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    schema: &SchemaText,
) -> Vec<Violation> {
    let branches: Vec<Branch> = (0..)
        .zip(context)
        .map(|(index, errors)| Branch::new(error, index, errors, schema))
        .collect();
    let value = error.instance();
    let fitting: Vec<&Branch> = branches
        .iter()
        .filter(|branch| branch.other_type.is_none())
        .collect();
    if fitting.is_empty() {
        return vec![wrong_type(error, &branches, schema)];
    }
    let discriminators = discriminators(&fitting);
    let matching: Vec<&Branch> = fitting
        .iter()
        .copied()
        .filter(|branch| branch.matches(value, &discriminators))
        .collect();
    if !matching.is_empty() {
        return best(&matching, error);
    }
    for key in &discriminators {
        if let Some(actual) = value.pointer(key) {
            let possible = possible_values(&fitting, key);
            if !possible.contains(actual) {
                let (kind, message, help) = wording::not_possible(actual, &possible);
                let mut violation = wording::violation(error, schema, kind, message, help);
                violation.pointer.push_str(key);
                return vec![violation];
            }
        }
    }
    best(&fitting, error)
}

/// Says that a value fits several branches of a `oneOf`.
pub(super) fn ambiguous(
    context: &[Vec<ValidationError<'static>>],
) -> (Kind, String, Option<String>) {
    let fitting: Vec<String> = (0..)
        .zip(context)
        .filter(|(_, errors)| errors.is_empty())
        .map(|(index, _): (usize, _)| index.to_string())
        .collect();
    let message = "the value fits more than one alternative of `oneOf`".to_owned();
    let help = (!fitting.is_empty()).then(|| {
        format!(
            "make the alternatives {} exclude each other",
            wording::list(fitting)
        )
    });
    (Kind::Alternatives, message, help)
}

impl Branch {
    fn new(
        whole: &ValidationError<'_>,
        index: usize,
        errors: &[ValidationError<'static>],
        schema: &SchemaText,
    ) -> Self {
        let own = whole.instance_path().as_str();
        let other_type = errors.iter().find_map(|error| match error.kind() {
            Rule::Type { kind } if error.instance_path().as_str() == own => {
                Some(wording::expected(kind))
            }
            _ => None,
        });
        let mut violations = Vec::new();
        for error in errors {
            wording::explain(error, schema, &mut violations);
        }
        let mut closed = Vec::new();
        let at = pointer::child(&wording::keyword_pointer(whole), &index.to_string());
        collect_closed(&at, "", DEPTH, schema, &mut closed);
        Self {
            violations,
            other_type,
            closed,
        }
    }

    /// The values of a key that the branch accepts, where it closes them.
    fn possible(&self, key: &str) -> Option<&[Value]> {
        self.closed
            .iter()
            .find(|(closed, _)| closed == key)
            .map(|(_, values)| values.as_slice())
    }

    /// Whether the value has a discriminating key with a value of this branch, and none of another.
    fn matches(&self, value: &Value, discriminators: &[String]) -> bool {
        let mut any = false;
        for key in discriminators {
            if let (Some(possible), Some(actual)) = (self.possible(key), value.pointer(key)) {
                if !possible.contains(actual) {
                    return false;
                }
                any = true;
            }
        }
        any
    }

    /// How far the value is from the branch: first what its own keys say, then everything.
    fn distance(&self, own: &str) -> (usize, usize) {
        let of_shape = |violation: &&Violation| match violation.kind {
            Kind::MissingKey => violation.pointer == own,
            Kind::UnknownKey => {
                pointer::split_last(&violation.pointer).is_some_and(|(parent, _)| parent == own)
            }
            _ => false,
        };
        (
            self.violations.iter().filter(of_shape).count(),
            self.violations.len(),
        )
    }
}

/// The violations of the branch that the value is nearest to.
fn best(branches: &[&Branch], error: &ValidationError<'_>) -> Vec<Violation> {
    let own = error.instance_path().as_str();
    let nearest = branches.iter().min_by_key(|branch| branch.distance(own));
    nearest
        .map(|branch| branch.violations.clone())
        .unwrap_or_default()
}

/// The keys that tell branches apart: at least two close them, and not to the same values.
fn discriminators(branches: &[&Branch]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for (key, values) in branches.iter().flat_map(|branch| &branch.closed) {
        let differs = |branch: &&Branch| branch.possible(key).is_some_and(|other| other != values);
        if !keys.contains(key) && branches.iter().any(differs) {
            keys.push(key.clone());
        }
    }
    keys
}

fn possible_values(branches: &[&Branch], key: &str) -> Vec<Value> {
    let mut possible = Vec::new();
    for value in branches
        .iter()
        .filter_map(|branch| branch.possible(key))
        .flatten()
    {
        if !possible.contains(value) {
            possible.push(value.clone());
        }
    }
    possible
}

/// Collects the keys below `key` to which the schema at `at` gives a `const` or `enum`.
fn collect_closed(
    at: &str,
    key: &str,
    depth: usize,
    text: &SchemaText,
    found: &mut Vec<(String, Vec<Value>)>,
) {
    let Some((schema, at)) = text.schema(at) else {
        return;
    };
    if let Some(value) = schema.get("const") {
        found.push((key.to_owned(), vec![value.clone()]));
    } else if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        found.push((key.to_owned(), values.clone()));
    }
    if depth == 0 {
        return;
    }
    let below = pointer::child(&at, "properties");
    let properties = schema.get("properties").and_then(Value::as_object);
    for name in properties.into_iter().flat_map(serde_json::Map::keys) {
        let at = pointer::child(&below, name);
        collect_closed(&at, &pointer::child(key, name), depth - 1, text, found);
    }
}

/// Says which types the branches accept.
fn wrong_type(error: &ValidationError<'_>, branches: &[Branch], schema: &SchemaText) -> Violation {
    let mut expected: Vec<&str> = Vec::new();
    for name in branches
        .iter()
        .filter_map(|branch| branch.other_type.as_deref())
    {
        if !expected.contains(&name) {
            expected.push(name);
        }
    }
    let found = wording::found(error.instance());
    let message = format!("expected {}, found {found}", expected.join(" or "));
    wording::violation(error, schema, Kind::Type, message, None)
}
