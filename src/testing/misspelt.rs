//! Keys of a test's event that look like slips of the hand. An open schema takes them for keys that it knows nothing of, and
//! what they were meant to say is left out without a word.

use serde_json::Value;

use crate::schema::{FieldPath, PathProblem, Pins, Schema, Segment};

/// A key that the schema does not declare, in the place of one that is declared beside it and missing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misspelt {
    /// What the event has.
    pub(super) path: FieldPath,
    /// What the schema declares.
    pub(super) meant: FieldPath,
}

/// The first such key of a document.
pub(super) fn misspelt(schema: &Schema, document: &Value) -> Option<Misspelt> {
    below(schema, &FieldPath::document(), document)
}

fn below(schema: &Schema, at: &FieldPath, value: &Value) -> Option<Misspelt> {
    match value {
        Value::Object(object) => object.iter().find_map(|(key, value)| {
            let path = at.join(Segment::Key(key.clone()));
            let suggestions = match schema.resolve(&path, &Pins::none()) {
                Ok(_) => return below(schema, &path, value),
                Err(PathProblem::Unknown { suggestions, .. }) => suggestions,
                Err(_) => return None,
            };
            let is_missing = |meant: &FieldPath| {
                let key = meant.last().and_then(Segment::key);
                key.is_some_and(|key| !object.contains_key(key))
            };
            let mut beside = suggestions.into_iter();
            let meant = beside.find(|one| one.parent().as_ref() == Some(at) && is_missing(one))?;
            Some(Misspelt { path, meant })
        }),
        Value::Array(elements) => {
            let path = at.join(Segment::Any);
            elements
                .iter()
                .find_map(|element| below(schema, &path, element))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use serde_json::json;

    use super::*;
    use crate::schema::Documents;

    fn found(event: &Value) -> Option<String> {
        let number = json!({"type": "number"});
        let order = json!({"properties": {"total": number, "totals": number}});
        let schema = json!({"properties": {
            "order": order,
            "lines": {"type": "array", "items": order},
            "tags": {"additionalProperties": {"type": "string"}},
            "note": {"type": "string"},
        }});
        let read = |_: &Utf8Path| Ok(schema.to_string());
        let documents = Documents::load(Utf8Path::new("/p"), Utf8Path::new("s.json"), &read);
        let schema = Schema::new(documents.unwrap());
        let found = misspelt(&schema, event)?;
        Some(format!("{} for {}", found.path, found.meant))
    }

    #[test]
    fn a_slip_of_the_hand_is_told_from_a_key_of_somebody_else() {
        let told = |event: Value| found(&event).unwrap_or_default();
        assert_eq!(told(json!({"ordr": {}})), "ordr for order");
        assert_eq!(
            told(json!({"order": {"totl": 1}})),
            "order.totl for order.total"
        );
        assert_eq!(
            told(json!({"lines": [{}, {"totl": 1}]})),
            "lines[*].totl for lines[*].total"
        );
        assert_eq!(told(json!({"order": {"total": 1, "totals": 2}})), "");
        assert_eq!(
            told(json!({"tags": {"ordr": "a"}, "somebodys": {"ordr": 1}})),
            ""
        );
        // What was meant is there: this is another key.
        assert_eq!(told(json!({"note": "", "notes": 1})), "");
        assert_eq!(told(json!("text")), "");
    }
}
