//! Events that are written in a test: YAML as the JSON text that a producer would send.

use crate::diagnostic::{Code, Diagnostic};
use crate::source_text::decode::ambiguous;
use crate::source_text::plain::Plain;
use crate::source_text::{Node, NodeKind, Scalar, Style};

/// The tree as JSON. Numbers keep the digits that they are written with: `350000.00` stays that.
pub(super) fn json(node: &Node) -> Result<String, Diagnostic> {
    let mut text = String::new();
    write(node, &mut text)?;
    Ok(text)
}

fn write(node: &Node, text: &mut String) -> Result<(), Diagnostic> {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            text.push('{');
            for (position, entry) in entries.iter().enumerate() {
                text.push_str(if position > 0 { ", " } else { "" });
                text.push_str(&quoted(&entry.key.text));
                text.push_str(": ");
                write(&entry.value, text)?;
            }
            text.push('}');
        }
        NodeKind::Sequence(elements) => {
            text.push('[');
            for (position, element) in elements.iter().enumerate() {
                text.push_str(if position > 0 { ", " } else { "" });
                write(element, text)?;
            }
            text.push(']');
        }
        NodeKind::Scalar(scalar) => text.push_str(&self::scalar(node, scalar)?),
    }
    Ok(())
}

fn scalar(node: &Node, scalar: &Scalar) -> Result<String, Diagnostic> {
    if scalar.style == Style::Quoted {
        return Ok(quoted(&scalar.text));
    }
    match Plain::of(&scalar.text) {
        Plain::Null => Ok("null".to_owned()),
        Plain::Boolean(value) => Ok(value.to_string()),
        Plain::Integer | Plain::Decimal if is_json_number(&scalar.text) => Ok(scalar.text.clone()),
        Plain::Integer | Plain::Decimal => {
            let message = format!("`{}` is no number in JSON", scalar.text);
            Err(
                Diagnostic::new(Code::AmbiguousScalar, message, node.span, "not JSON").help(
                    "write digits on both sides of the point and no `+`, or put it in quotes",
                ),
            )
        }
        Plain::Ambiguous(readings) => Err(ambiguous(node.span, &scalar.text, readings)),
        Plain::Date | Plain::Text => Ok(quoted(&scalar.text)),
    }
}

fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source_text::{Sources, yaml};

    fn converted(text: &str) -> Result<String, String> {
        let id = Sources::default().add("a.yaml", text);
        let (documents, problems) = yaml::parse(id, text);
        assert!(problems.is_empty(), "{problems:?}");
        json(&documents[0]).map_err(|problem| problem.message)
    }

    #[test]
    fn numbers_keep_their_digits_and_texts_their_quotes() {
        let yaml = "a: {b: [1, 350000.00, -0.5], c: \"1\", d: null, e: true}\nf: 2025-01-20T13:30:00Z\ng: \"x\\ny\"\nh: []\n";
        insta::assert_snapshot!(converted(yaml).unwrap(), @r#"{"a": {"b": [1, 350000.00, -0.5], "c": "1", "d": null, "e": true}, "f": "2025-01-20T13:30:00Z", "g": "x\ny", "h": []}"#);
    }

    #[test]
    fn what_readers_take_for_different_things_is_refused() {
        for ambiguous in ["a: 0123", "a: yes", "a: 1e5", "a: +1"] {
            converted(ambiguous).unwrap_err();
        }
    }
}
