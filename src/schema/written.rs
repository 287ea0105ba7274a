//! Schemas as they stand in their files, for readers who need the keywords and not what they mean together.

use serde_json::Value;

use super::alternative::Node;
use super::document::{Documents, Position};
use super::types::SchemaPlace;

/// One schema of a file.
#[derive(Debug, Clone)]
pub struct WrittenSchema<'s> {
    documents: &'s Documents,
    node: Node<'s>,
}

impl<'s> WrittenSchema<'s> {
    /// The whole schema of the file that was asked for.
    pub fn root(documents: &'s Documents) -> Option<Self> {
        Self::at(documents, Position::default())
    }

    fn at(documents: &'s Documents, position: Position) -> Option<Self> {
        let value = documents.value(&position)?;
        let node = Node { position, value };
        Some(Self { documents, node })
    }

    /// Where it stands.
    pub fn place(&self) -> SchemaPlace {
        self.documents.place(&self.node.position)
    }

    /// The value of a keyword.
    pub fn keyword(&self, keyword: &str) -> Option<&'s Value> {
        self.node.value.get(keyword)
    }

    /// The schema that its `$ref` names.
    pub fn target(&self) -> Option<Self> {
        let target = self.documents.target(&self.node.position)?;
        Self::at(self.documents, target.clone())
    }

    /// The schema under a keyword.
    pub fn child(&self, keyword: &str) -> Option<Self> {
        self.node.child(&[keyword]).map(|node| self.with(node))
    }

    /// The schemas in a list under a keyword.
    pub fn children(&self, keyword: &str) -> Vec<Self> {
        let nodes = self.node.children(keyword).into_iter();
        nodes.map(|node| self.with(node)).collect()
    }

    /// The schemas under the names below a keyword, in the order written.
    pub fn named(&self, keyword: &str) -> Vec<(&'s str, Self)> {
        let names = self.keyword(keyword).and_then(Value::as_object);
        let names = names.into_iter().flat_map(serde_json::Map::keys);
        names
            .filter_map(|name| Some((name.as_str(), self.with(self.node.child(&[keyword, name])?))))
            .collect()
    }

    fn with(&self, node: Node<'s>) -> Self {
        Self {
            documents: self.documents,
            node,
        }
    }
}
