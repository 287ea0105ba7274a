//! Settings as text: `key=value` pairs with commas between them, such as `fault=drop,method=POST`.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Why a text is no setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not usable: {reason}; write it like `{example}`")]
pub struct PairsError {
    text: String,
    reason: String,
    example: &'static str,
}

impl PairsError {
    pub(super) fn new(text: &str, reason: impl Into<String>, example: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            reason: reason.into(),
            example,
        }
    }
}

/// Reads pairs as what they say.
pub(super) fn read<T: DeserializeOwned>(
    text: &str,
    example: &'static str,
) -> Result<T, PairsError> {
    serde_json::from_value(object(text, example)?.into())
        .map_err(|error| PairsError::new(text, error.to_string(), example))
}

/// Pairs as a JSON object, with numbers and truth values as such.
pub(super) fn object(text: &str, example: &'static str) -> Result<Map<String, Value>, PairsError> {
    let mut object = Map::new();
    for pair in text.split(',') {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| PairsError::new(text, format!("`{pair}` has no `=`"), example))?;
        let value = match value.parse::<u64>() {
            Ok(number) => number.into(),
            Err(_) => serde_json::from_str::<bool>(value).map_or(value.into(), Into::into),
        };
        object.insert(key.to_owned(), value);
    }
    Ok(object)
}
