//! Patterns as text, for three readers.

use std::fmt::{self, Write as _};

use super::tree::{Item, Node, One};
use crate::sql::is_invisible;

/// Who reads the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// People, and our own parser.
    Person,
    /// `java.util.regex`.
    Java,
    /// The `regex` crate, which is given every set of characters by its ranges, so that no difference
    /// between the dialects can show.
    Engine {
        /// Whether ASCII letters match in either case.
        ignore_case: bool,
    },
}

/// A part, to be printed for a reader.
pub(super) struct Printed<'a>(pub(super) &'a Node, pub(super) Reader);

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(node, reader) = *self;
        match node {
            Node::One(one) => reader.one(one, f),
            Node::Start => f.write_char('^'),
            Node::End if reader == Reader::Person => f.write_char('$'),
            // In Java `$` also matches before a line's end that ends the text.
            Node::End => f.write_str(r"\z"),
            Node::Sequence(parts) => parts.iter().try_for_each(|part| match part {
                Node::Choice(_) => reader.group(part, f),
                _ => Self(part, reader).fmt(f),
            }),
            Node::Choice(parts) => {
                for (position, part) in parts.iter().enumerate() {
                    if position > 0 {
                        f.write_char('|')?;
                    }
                    Self(part, reader).fmt(f)?;
                }
                Ok(())
            }
            Node::Repeat { inner, min, max } => {
                match **inner {
                    Node::One(_) => Self(inner, reader).fmt(f)?,
                    _ => reader.group(inner, f)?,
                }
                match (min, max) {
                    (0, Some(1)) => f.write_char('?'),
                    (0, None) => f.write_char('*'),
                    (1, None) => f.write_char('+'),
                    (min, None) => write!(f, "{{{min},}}"),
                    (min, Some(max)) if min == max => write!(f, "{{{min}}}"),
                    (min, Some(max)) => write!(f, "{{{min},{max}}}"),
                }
            }
        }
    }
}

impl Reader {
    fn group(self, node: &Node, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(?:{})", Printed(node, self))
    }

    fn one(self, one: &One, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Engine { ignore_case } = self {
            return engine_class(one, ignore_case, f);
        }
        match one {
            One::Literal(character) => self.literal(*character, is_special, f),
            One::Any => f.write_char('.'),
            One::Shorthand(shorthand) => write!(f, "\\{}", shorthand.letter()),
            One::Class { negated, items } => {
                f.write_str(if *negated { "[^" } else { "[" })?;
                for item in items {
                    self.item(*item, f)?;
                }
                f.write_char(']')
            }
        }
    }

    fn item(self, item: Item, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match item {
            Item::Literal(character) => self.literal(character, is_special_in_class, f),
            Item::Range(low, high) => {
                self.literal(low, is_special_in_class, f)?;
                f.write_char('-')?;
                self.literal(high, is_special_in_class, f)
            }
            Item::Shorthand(shorthand) => write!(f, "\\{}", shorthand.letter()),
        }
    }

    fn literal(
        self,
        character: char,
        special: fn(char) -> bool,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        match character {
            '\t' => f.write_str(r"\t"),
            '\n' => f.write_str(r"\n"),
            '\r' => f.write_str(r"\r"),
            c if special(c) => write!(f, "\\{c}"),
            c if self == Self::Java && is_invisible(c) => write!(f, "\\x{{{:x}}}", u32::from(c)),
            c => f.write_char(c),
        }
    }
}

fn engine_class(one: &One, ignore_case: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let set = one.set(ignore_case);
    if set.ranges().is_empty() {
        return f.write_str(r"[^\x{0}-\x{10ffff}]");
    }
    f.write_char('[')?;
    for &(low, high) in set.ranges() {
        write!(
            f,
            "\\x{{{:x}}}-\\x{{{:x}}}",
            u32::from(low),
            u32::from(high)
        )?;
    }
    f.write_char(']')
}

/// Whether a character stands for something else outside a class.
pub(super) fn is_special(c: char) -> bool {
    r"\^$.|?*+()[]{}".contains(c)
}

/// Whether a character stands for something else in a class, somewhere in it.
pub(super) fn is_special_in_class(c: char) -> bool {
    r"\^-[]&".contains(c)
}
