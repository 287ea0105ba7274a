//! What a route's conditions say for certain: fields with their possible values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::path::FieldPath;

/// Fields that are known to hold one of some values: `equals` and `in` of one conjunction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pins {
    values: BTreeMap<FieldPath, Vec<Value>>,
}

impl Pins {
    /// No pins: every alternative of the schema stays possible.
    pub fn none() -> Self {
        Self::default()
    }

    /// Pins the field at `path` to `values`; pinned twice, both hold. A path with `[*]` pins nothing.
    pub fn pin(&mut self, path: FieldPath, values: Vec<Value>) {
        todo!("{path}{values:?}{:?}", self.values)
    }
}
