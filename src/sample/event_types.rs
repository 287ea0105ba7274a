//! The field that tells the types of events apart, found in the schema.

use serde_json::Value;

use super::grow::{Asked, ask};
use crate::schema::{Explorer, FieldPath, FieldType, Pins, Schema};

/// Conditions are read so many levels deep.
const DEPTH: usize = 12;

/// The field that tells the types of events apart, and all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct EventTypes {
    /// The field.
    pub path: FieldPath,
    /// Its values, in the order of the schema.
    pub values: Vec<String>,
}

impl EventTypes {
    /// The field on which the `if`s and alternatives of the whole document depend: the one for which they name most
    /// values, where the schema lists all of them. `None` where there is none.
    pub fn of(schema: &Schema) -> Option<Self> {
        let pins = Pins::none();
        let explorer = Explorer::new(schema.documents(), &pins);
        let root = FieldPath::document();
        let draft = explorer.begin(&explorer.document(), &root)?;
        let mut asked: Vec<Asked> = Vec::new();
        for part in draft.open().iter().chain(draft.choices()) {
            ask(&explorer, part, &root, DEPTH, &mut asked);
        }
        for one in &mut asked {
            let mut distinct: Vec<Value> = Vec::new();
            for value in one.values.drain(..) {
                if !distinct.contains(&value) {
                    distinct.push(value);
                }
            }
            one.values = distinct;
        }
        // Of fields with as many values the first one.
        asked.sort_by_key(|one| std::cmp::Reverse(one.values.len()));
        asked.into_iter().find_map(|one| Self::at(schema, one.path))
    }

    /// The same for a field that is known to tell them apart; `None` where the schema does not list its values.
    pub fn at(schema: &Schema, path: FieldPath) -> Option<Self> {
        let known = schema.resolve(&path, &Pins::none()).ok()?;
        let closed = known.closed.filter(|_| known.kind == FieldType::Text)?;
        let values = closed.iter().filter_map(Value::as_str).map(str::to_owned);
        let values: Vec<String> = values.collect();
        (values.len() > 1).then_some(Self { path, values })
    }
}
