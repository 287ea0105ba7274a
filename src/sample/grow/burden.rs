//! How much schemas demand: to come to an end, grow what demands least.

use serde_json::Value;

use crate::schema::{Explorer, Node};

/// How much some schemas demand at least, `depth` levels down.
pub(super) fn of(explorer: &Explorer<'_, '_>, schemas: &[Node<'_>], depth: usize) -> usize {
    schemas
        .iter()
        .map(|node| of_one(explorer, node, depth))
        .sum()
}

fn of_one(explorer: &Explorer<'_, '_>, node: &Node<'_>, depth: usize) -> usize {
    let Some(below) = depth.checked_sub(1) else {
        return 1;
    };
    let documents = explorer.documents;
    let target = documents.target(&node.position).and_then(|target| {
        let value = documents.value(target)?;
        let position = target.clone();
        Some(of_one(explorer, &Node { position, value }, below))
    });
    let required = node.value.get("required").and_then(Value::as_array);
    let required = required.into_iter().flatten().filter_map(Value::as_str);
    let keys = required.filter_map(|key| node.child(&["properties", key]));
    let items = node.value.get("minItems").and_then(Value::as_u64);
    let items = items.filter(|least| *least > 0);
    let items = items.and_then(|_| node.child(&["items"]));
    let parts = keys.chain(items).chain(node.children("allOf"));
    let parts = parts.map(|part| 1 + of_one(explorer, &part, below));
    parts.sum::<usize>() + target.unwrap_or(0)
}
