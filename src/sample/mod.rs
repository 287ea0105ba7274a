//! Sample events: made from the event schema of a source, valid by it, the same for the same seed.
//!
//! | module | concept |
//! | --- | --- |
//! | [`json`](Json) | documents whose numbers keep their digits |
//! | `grow` | a value for a place of a schema |
//! | `number`, `text` | numbers and texts of a schema |
//! | `wish` | what an event is to hold at some places |
//! | `rng` | numbers that look random |
//!
//! To support another keyword, see where its type is grown; what is not worked out there is still right, for no event
//! leaves that the validator refuses, but it costs tries. A format is an arm in `text`.

mod grow;
mod json;
mod number;
mod rng;
mod text;
#[cfg(test)]
mod tests;
mod wish;

pub use json::Json;
pub use wish::{Wish, Wishes};

use crate::schema::{Schema, SchemaError, SchemaPlace, Validator};
use grow::{Barren, Grower};
use rng::Rng;

/// Tries to grow an event that the validator accepts. The later ones leave out whatever need not be there.
const TRIES: u64 = 48;
/// From this try on.
const FRUGAL: u64 = 24;

/// Grows events of a schema.
#[derive(Debug)]
pub struct Sampler<'s> {
    schema: &'s Schema,
    validator: Validator,
}

/// No event was found that satisfies a schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Unsatisfiable {
    /// The place in the schema that could not be satisfied.
    pub place: SchemaPlace,
    /// The place in the event.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl<'s> Sampler<'s> {
    /// Grows events of a schema.
    pub fn new(schema: &'s Schema) -> Result<Self, SchemaError> {
        let validator = schema.validator()?;
        Ok(Self { schema, validator })
    }

    /// An event with what is wished for, the same for the same `seed` and `stream`.
    pub fn event(&self, wishes: &Wishes, seed: u64, stream: u64) -> Result<Json, Unsatisfiable> {
        let mut rng = Rng::stream(seed, stream);
        let mut last = None;
        for attempt in 0..TRIES {
            let tried = Rng::new(rng.next());
            let grown = Grower::new(self.schema, wishes, tried, attempt >= FRUGAL).document();
            match grown.map_err(|barren| self.barren(barren)).and_then(|json| self.validated(json)) {
                Ok(json) => return Ok(json),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| self.barren(Barren::default())))
    }

    /// The event, if the validator accepts it as it is written.
    fn validated(&self, json: Json) -> Result<Json, Unsatisfiable> {
        let violations = self.validator.check(&json.to_value());
        match violations.into_iter().next() {
            None => Ok(json),
            Some(violation) => Err(Unsatisfiable {
                place: violation.keyword_at,
                path: violation.pointer,
                message: violation.message,
            }),
        }
    }

    fn barren(&self, barren: Barren) -> Unsatisfiable {
        let path = match barren.path.segments.is_empty() {
            true => "the event".to_owned(),
            false => format!("`{}`", barren.path),
        };
        Unsatisfiable {
            place: self.schema.documents().place(&barren.position),
            message: format!("no value is possible for {path}: {}", barren.message),
            path: barren.path.to_string(),
        }
    }
}
