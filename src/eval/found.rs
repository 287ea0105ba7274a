//! What stands at a place of a row, for people.

use super::cell::Cell;
use super::json::Json;
use super::row::Row;
use crate::ir::{Place, Step};
use crate::schema::FieldPath;

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A value, as text; objects and lists as JSON.
    Value(String),
    /// A value that cannot be read as the type of the field.
    Unfit(String),
    /// `null`
    Null,
    /// Nothing.
    Missing,
    /// Nothing, as the object or list of this path is missing already.
    NoParent(String),
    /// Text that is no JSON document.
    Malformed,
}

impl Found {
    /// What stands at a place.
    pub(super) fn of(row: &Row, place: &Place) -> Self {
        let cell = match row.cell(place) {
            None => return Self::Missing,
            Some(Cell::Null) => return Self::Null,
            Some(cell) => cell,
        };
        let Some(steps) = &place.document else {
            return Self::Value(match cell {
                Cell::Text(text) => text.as_str().to_owned(),
                other => {
                    let json = Json::from(other);
                    json.scalar()
                        .map_or_else(|| json.to_string(), str::to_owned)
                }
            });
        };
        let Some(document) = row.document(place) else {
            return Self::Malformed;
        };
        match document.get(steps) {
            None => Self::missing(document, steps),
            Some(Json::Null) => Self::Null,
            Some(json) => Self::Value(
                json.scalar()
                    .map_or_else(|| json.to_string(), str::to_owned),
            ),
        }
    }

    /// Nothing at the end of this way, with where the way ends.
    fn missing(document: &Json, steps: &[Step]) -> Self {
        let parents = (1..steps.len()).map(|length| &steps[..length]);
        let mut lost = parents.filter(|parent| document.get(parent).is_none());
        lost.next().map_or(Self::Missing, |parent| {
            let segments = parent.iter().map(Step::segment).collect();
            Self::NoParent(
                FieldPath {
                    segments,
                    ..FieldPath::document()
                }
                .to_string(),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_says_where_the_way_to_it_ends() {
        let document = Json::read(r#"{"body": {"entities": [{"a b": null}]}}"#).unwrap();
        let key = |key: &str| Step::Key(key.to_owned());
        let found = |steps: &[Step]| Found::missing(&document, steps);
        let entities = [key("body"), key("entities")];
        assert_eq!(
            found(&[&entities[..], &[Step::Index(1)]].concat()),
            Found::Missing
        );
        let lost = |path: &str| Found::NoParent(path.to_owned());
        let second = [&entities[..], &[Step::Index(1), key("id")]].concat();
        assert_eq!(found(&second), lost("body.entities[1]"));
        assert_eq!(found(&[key("a.b"), key("c"), key("d")]), lost(r#"["a.b"]"#));
    }
}
