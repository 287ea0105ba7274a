//! Sample events: made from the event schema of a source, valid by it, the same for the same seed.
//!
//! | module | concept |
//! | --- | --- |
//! | [`cases`] | events at the borders of routes' conditions |
//! | [`hostile`](mod@hostile) | what a topic may hold all the same |
//! | [`EventTypes`] | the field that tells types of events apart |
//! | [`json`](Json) | documents whose numbers keep their digits |
//! | `grow` | a value for a place of a schema |
//! | `number`, `text` | numbers and texts of a schema |
//! | `wish` | what an event is to hold at some places |
//! | `rng` | numbers that look random |
//!
//! To support another keyword, see where its type is grown; what is not worked out there is still right, for no event
//! leaves that the validator refuses, but it costs tries. A format is an arm in `text`.

pub mod cases;
mod event_types;
mod grow;
pub mod hostile;
mod json;
mod number;
mod rng;
#[cfg(test)]
mod tests;
mod text;
mod wish;

pub use event_types::EventTypes;
pub use hostile::{Hostile, hostile};
pub use json::Json;
pub use wish::{Wish, Wishes};

use crate::schema::{Schema, SchemaError, SchemaPlace, Validator};
use grow::{Barren, Budget, Grower};
use rng::Rng;

/// Tries to grow an event that the validator accepts. The later ones leave out whatever need not be there.
const TRIES: u64 = 32;
/// From this try on.
const FRUGAL: u64 = 16;
/// So many tries may fail at what is wished for.
const HOPELESS: usize = 3;
/// Longer paths are cut in messages.
const LONG_PATH: usize = 8;

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
    /// JSON pointer to the place in the event.
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
        let mut budget = Budget::default();
        let (mut last, mut hopeless) = (None, 0);
        for attempt in 0..TRIES {
            let tried = Rng::new(rng.next());
            let frugal = attempt >= FRUGAL;
            let grown = Grower::new(self.schema, wishes, tried, frugal, &mut budget).document();
            // What is wished for is the same in every try.
            let (error, at_wish) = match grown {
                Err(barren) => (self.barren(&barren), wishes.lead_through(&barren.path)),
                Ok(json) => match self.validated(json) {
                    Ok(json) => return Ok(json),
                    Err(error) => {
                        let at_wish = wishes.concern(&error.path);
                        (error, at_wish)
                    }
                },
            };
            hopeless += usize::from(at_wish);
            last = Some(error);
            if hopeless >= HOPELESS || budget.is_spent() {
                break;
            }
        }
        Err(last.unwrap_or_else(|| self.barren(&Barren::default())))
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

    fn barren(&self, barren: &Barren) -> Unsatisfiable {
        let place = match barren.path.segments.len() {
            0 => "the event".to_owned(),
            1..=LONG_PATH => format!("`{}`", barren.path),
            _ => {
                let mut start = barren.path.clone();
                start.segments.truncate(LONG_PATH);
                format!("`{start}...`")
            }
        };
        Unsatisfiable {
            place: self.schema.documents().place(&barren.position),
            message: format!("no value is possible for {place}: {}", barren.message),
            path: wish::pointer(&barren.path),
        }
    }
}
