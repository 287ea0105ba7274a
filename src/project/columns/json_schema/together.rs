//! Schemas that hold for the same value, read as one.

use serde_json::Value;

use crate::schema::WrittenSchema;

/// Schemas that hold for the same value.
pub(super) struct Together<'s>(pub(super) Vec<WrittenSchema<'s>>);

impl<'s> Together<'s> {
    /// The value of a keyword in the first schema that has it.
    pub(super) fn keyword(&self, keyword: &str) -> Option<&'s Value> {
        self.0.iter().find_map(|schema| schema.keyword(keyword))
    }

    pub(super) fn text(&self, keyword: &str) -> Option<&'s str> {
        self.keyword(keyword).and_then(Value::as_str)
    }

    /// The schemas under a keyword.
    pub(super) fn children(&self, keyword: &str) -> Vec<WrittenSchema<'s>> {
        let schemas = self.0.iter();
        schemas.filter_map(|schema| schema.child(keyword)).collect()
    }

    /// Whether a map counts elements instead of holding values.
    pub(super) fn is_multiset(&self) -> bool {
        self.text("flink.type") == Some("multiset")
    }

    /// Whether something besides `type` and alternatives says what the value is.
    pub(super) fn has_contents(&self) -> bool {
        let contents = [
            "properties",
            "additionalProperties",
            "items",
            "enum",
            "const",
        ];
        contents
            .iter()
            .any(|keyword| self.keyword(keyword).is_some())
    }

    /// The lists of alternatives.
    pub(super) fn unions(&self) -> Vec<Vec<WrittenSchema<'s>>> {
        let lists = self.0.iter().flat_map(|schema| {
            let lists = ["oneOf", "anyOf"].map(|keyword| schema.children(keyword));
            lists.into_iter().filter(|list| !list.is_empty())
        });
        lists.collect()
    }

    /// The properties in the order of `connect.index`, those without behind the others, then of their names; each with
    /// the schemas that hold for it.
    pub(super) fn properties(&self) -> Vec<(&'s str, Vec<WrittenSchema<'s>>)> {
        let mut properties: Vec<(&str, Vec<WrittenSchema<'_>>)> = Vec::new();
        for (name, schema) in self.0.iter().flat_map(|schema| schema.named("properties")) {
            match properties.iter_mut().find(|(known, _)| *known == name) {
                Some((_, schemas)) => schemas.push(schema),
                None => properties.push((name, vec![schema])),
            }
        }
        properties.sort_by_key(|(name, schemas)| {
            let indexes = schemas.iter();
            let mut indexes =
                indexes.filter_map(|schema| schema.keyword("connect.index")?.as_i64());
            (indexes.next().unwrap_or(i64::MAX), *name)
        });
        properties
    }

    /// The types other than null that the value can have.
    pub(super) fn types(&self) -> Vec<&'s str> {
        let declared = self.0.iter().filter_map(|schema| schema.keyword("type"));
        let declared = declared.map(|types| match types {
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            name => name.as_str().into_iter().collect::<Vec<&str>>(),
        });
        let mut types = declared.reduce(|types, others| {
            let common = types.into_iter().filter_map(|name| common(name, &others));
            common.collect()
        });
        let types = types.get_or_insert_with(|| self.implied());
        types.retain(|name| *name != "null");
        if types.contains(&"number") {
            types.retain(|name| *name != "integer");
        }
        std::mem::take(types)
    }

    /// The type that other keywords imply.
    fn implied(&self) -> Vec<&'s str> {
        let values = self.keyword("const").map(std::slice::from_ref);
        let values = values.or_else(|| Some(self.keyword("enum")?.as_array()?.as_slice()));
        let is_text = |values: &[Value]| {
            values
                .iter()
                .all(|value| value.is_string() || value.is_null())
        };
        if values.is_some_and(is_text) {
            vec!["string"]
        } else if self.keyword("properties").is_some() {
            vec!["object"]
        } else if self.keyword("items").is_some() {
            vec!["array"]
        } else {
            Vec::new()
        }
    }
}

/// The type of values that are of type `name` and of one of the others.
fn common<'s>(name: &'s str, others: &[&'s str]) -> Option<&'s str> {
    match name {
        "number" if !others.contains(&"number") => others.contains(&"integer").then_some("integer"),
        "integer" if others.contains(&"number") => Some("integer"),
        name => others.contains(&name).then_some(name),
    }
}
