//! Reading typed values out of a [`Node`], with a located finding for everything that does not fit.

use super::plain::{Plain, Readings};
use super::{Entry, Node, NodeKind, Span, Spanned, Style};
use crate::diagnostic::secret::is_credential;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::suggest::closest;

/// The keys of a mapping, taken one by one; [`Fields::finish`] reports those that nobody took.
#[derive(Debug)]
pub struct Fields<'n> {
    what: &'static str,
    node: &'n Node,
    known: Vec<&'static str>,
    missing: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// The fields of a mapping; `what` names it in findings ("route", "target").
    pub fn of(what: &'static str, node: &'n Node, findings: &mut Findings) -> Option<Self> {
        if node.entries().is_none() {
            let expected = format!("{what} must be a mapping of keys to values");
            findings.push(wrong_shape(node, &expected).help("write lines of `key: value`"));
            return None;
        }
        Some(Self {
            what,
            node,
            known: Vec::new(),
            missing: Vec::new(),
        })
    }

    /// The place of the whole mapping.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// The value of a key that may be left out.
    pub fn optional(&mut self, key: &'static str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key that may be left out.
    pub fn entry(&mut self, key: &'static str) -> Option<&'n Entry> {
        self.known.push(key);
        self.node.entry(key)
    }

    /// The value of a key that must be there; [`Fields::finish`] reports it where it is not.
    pub fn required(&mut self, key: &'static str) -> Option<&'n Node> {
        let value = self.optional(key);
        if value.is_none() {
            self.missing.push(key);
        }
        value
    }

    /// Reports the keys that were never asked for, and those that were and are missing: a missing key that
    /// stands there misspelt is one mistake, not two. Returns whether all keys were known.
    pub fn finish(self, findings: &mut Findings) -> bool {
        let entries = self.node.entries().unwrap_or_default().iter();
        let unknown: Vec<&Entry> = entries
            .filter(|entry| !self.known.contains(&&*entry.key.text))
            .collect();
        let meant = |entry: &&Entry| closest(&entry.key.text, self.known.iter().copied());
        let meant: Vec<_> = unknown.iter().filter_map(meant).collect();
        for key in self.missing.iter().filter(|key| !meant.contains(key)) {
            findings.push(missing_key(self.what, key, self.node));
        }
        for entry in &unknown {
            findings.push(unknown_key(self.what, entry, &self.known));
        }
        unknown.is_empty()
    }
}

/// A finding that a mapping lacks a key.
pub fn missing_key(what: &str, key: &str, node: &Node) -> Diagnostic {
    let place = match node.entries().and_then(<[Entry]>::first) {
        Some(first) => first.key.span,
        None => node.span,
    };
    let message = format!("{what} has no `{key}`");
    Diagnostic::new(
        Code::MissingKey,
        message,
        place,
        format!("`{key}` is missing in this mapping"),
    )
    .help(format!("add `{key}: ...`"))
}

fn unknown_key(what: &str, entry: &Entry, known: &[&str]) -> Diagnostic {
    let key = &entry.key;
    if is_credential(&key.text) {
        let message = format!("`{}` looks like a credential", key.text);
        return Diagnostic::new(
            Code::SecretInFile,
            message,
            key.span,
            "credentials are not read from files",
        )
        .help(
            "remove it, revoke it if it was committed, and set FLINK_API_KEY and FLINK_API_SECRET",
        );
    }
    let message = format!("{what} has no key `{}`", key.text);
    Diagnostic::new(Code::UnknownKey, message, key.span, "unknown key")
        .help_if(did_you_mean(&key.text, known))
}

/// A finding that a value is of the wrong kind.
pub fn wrong_shape(node: &Node, expected: &str) -> Diagnostic {
    let message = format!("{expected}, not {}", node.describe());
    Diagnostic::new(
        Code::WrongShape,
        message,
        node.span,
        format!("this is {}", node.describe()),
    )
}

/// A finding that readers of YAML take a scalar for different things.
pub fn ambiguous(span: Span, text: &str, readings: Readings) -> Diagnostic {
    let message = format!("`{text}` is {}, depending on who reads it", readings.words);
    Diagnostic::new(
        Code::AmbiguousScalar,
        message,
        span,
        "ambiguous without quotes",
    )
    .help(format!(
        "for text put it in quotes: \"{text}\"; {}",
        readings.otherwise
    ))
}

/// Text: in quotes, or without them where no reader takes it for anything else.
pub fn text(what: &str, node: &Node) -> Result<Spanned<String>, Diagnostic> {
    let Some(scalar) = node.scalar() else {
        return Err(wrong_shape(node, &format!("{what} must be text")));
    };
    if scalar.style == Style::Plain {
        match Plain::of(&scalar.text) {
            Plain::Text => {}
            Plain::Ambiguous(readings) => return Err(ambiguous(node.span, &scalar.text, readings)),
            Plain::Null => {
                return Err(wrong_shape(node, &format!("{what} must be text"))
                    .help("give it a value or remove the key"));
            }
            Plain::Boolean(_) | Plain::Integer | Plain::Decimal | Plain::Date => {
                return Err(wrong_shape(node, &format!("{what} must be text"))
                    .help(format!("put it in quotes: \"{}\"", scalar.text)));
            }
        }
    }
    Ok(Spanned::new(scalar.text.clone(), node.span))
}

/// Text that says why; an empty one would say nothing.
pub fn reason(node: &Node) -> Result<Spanned<String>, Diagnostic> {
    let reason = text("a reason", node)?;
    if reason.value.trim().is_empty() {
        let problem = Diagnostic::new(
            Code::WrongShape,
            "a reason is empty",
            node.span,
            "no reason",
        );
        return Err(problem.help("say why, for those who read it later"));
    }
    Ok(reason)
}

/// Text, a number or a boolean as the text that was written.
pub fn scalar_text(what: &str, node: &Node) -> Result<String, Diagnostic> {
    let plain = node.scalar().filter(|scalar| scalar.style == Style::Plain);
    let value = plain.filter(|scalar| {
        let value = Plain::of(&scalar.text);
        matches!(value, Plain::Boolean(_) | Plain::Integer | Plain::Decimal)
    });
    match value {
        Some(scalar) => Ok(scalar.text.clone()),
        None => text(what, node).map(|text| text.value),
    }
}

/// `true` or `false`, without quotes.
pub fn boolean(what: &str, node: &Node) -> Result<Spanned<bool>, Diagnostic> {
    let plain = node.scalar().filter(|scalar| scalar.style == Style::Plain);
    match plain.map(|scalar| Plain::of(&scalar.text)) {
        Some(Plain::Boolean(value)) => Ok(Spanned::new(value, node.span)),
        _ => Err(wrong_shape(node, &format!("{what} must be true or false"))
            .help("write `true` or `false`, without quotes")),
    }
}

/// A whole number within bounds, without quotes.
pub fn integer(
    what: &str,
    node: &Node,
    bounds: std::ops::RangeInclusive<u32>,
) -> Result<Spanned<u32>, Diagnostic> {
    let plain = node.scalar().filter(|scalar| scalar.style == Style::Plain);
    let number = plain
        .filter(|scalar| Plain::of(&scalar.text) == Plain::Integer)
        .and_then(|scalar| scalar.text.parse().ok())
        .filter(|number| bounds.contains(number));
    number
        .map(|number| Spanned::new(number, node.span))
        .ok_or_else(|| {
            let (low, high) = (bounds.start(), bounds.end());
            let message = format!("{what} must be a whole number from {low} to {high}");
            let label = "not such a number";
            Diagnostic::new(Code::WrongShape, message, node.span, label)
                .help("write it in digits, without quotes")
        })
}

/// One of some words.
pub fn word<T: Copy>(
    what: &str,
    node: &Node,
    words: &[(&str, T)],
) -> Result<Spanned<T>, Diagnostic> {
    let written = text(what, node)?;
    match words.iter().find(|(word, _)| *word == written.value) {
        Some((_, value)) => Ok(Spanned::new(*value, written.span)),
        None => {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("{what} cannot be `{}`", written.value);
            Err(
                Diagnostic::new(Code::WrongShape, message, written.span, "unknown word")
                    .help_if(did_you_mean(&written.value, &known)),
            )
        }
    }
}

/// The elements of a list that may not be empty.
pub fn non_empty_list<'n>(what: &str, node: &'n Node) -> Result<&'n [Node], Diagnostic> {
    match &node.kind {
        NodeKind::Sequence(elements) if elements.is_empty() => Err(Diagnostic::new(
            Code::WrongShape,
            format!("{what} is empty"),
            node.span,
            "empty list",
        )
        .help("list at least one value")),
        NodeKind::Sequence(elements) => Ok(elements),
        NodeKind::Scalar(scalar) if !scalar.is_null() => {
            Err(wrong_shape(node, &format!("{what} must be a list"))
                .help(format!("put it in brackets: [{}]", scalar.text)))
        }
        _ => Err(wrong_shape(node, &format!("{what} must be a list"))
            .help("write the values in brackets: [a, b]")),
    }
}
