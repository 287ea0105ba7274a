//! What a pattern consists of.

use super::chars::CharSet;

/// A part of a pattern.
///
/// The parser keeps it in normal form: no sequence directly in a sequence, no choice directly in a choice,
/// neither of them with less than two parts, no repetition that is exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// One character that is in a set.
    One(One),
    /// The start of the text.
    Start,
    /// The very end of the text.
    End,
    /// One part after the other.
    Sequence(Vec<Self>),
    /// One of the parts.
    Choice(Vec<Self>),
    /// A part several times.
    Repeat {
        /// The part.
        inner: Box<Self>,
        /// How often at least.
        min: u32,
        /// How often at most.
        max: Option<u32>,
    },
}

/// One character.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum One {
    /// This one.
    Literal(char),
    /// `.`: any but the ends of lines.
    Any,
    /// `\d` and the like.
    Shorthand(Shorthand),
    /// `[...]`
    Class {
        /// Whether it is any but the listed.
        negated: bool,
        /// The listed; never empty.
        items: Vec<Item>,
    },
}

/// An entry of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Item {
    /// One character.
    Literal(char),
    /// The characters from the first to the second, which is not smaller.
    Range(char, char),
    /// `\d` and the like.
    Shorthand(Shorthand),
}

/// A set of ASCII characters that has a name, or all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shorthand {
    /// `\d`
    Digit,
    /// `\D`
    NotDigit,
    /// `\w`
    Word,
    /// `\W`
    NotWord,
    /// `\s`
    Space,
    /// `\S`
    NotSpace,
}

impl Shorthand {
    /// Every shorthand and its letter.
    const LETTERS: [(char, Self); 6] = [
        ('d', Self::Digit),
        ('D', Self::NotDigit),
        ('w', Self::Word),
        ('W', Self::NotWord),
        ('s', Self::Space),
        ('S', Self::NotSpace),
    ];

    pub(super) fn of(letter: char) -> Option<Self> {
        let found = Self::LETTERS.iter().find(|entry| entry.0 == letter)?;
        Some(found.1)
    }

    pub(super) fn letter(self) -> char {
        match self {
            Self::Digit => 'd',
            Self::NotDigit => 'D',
            Self::Word => 'w',
            Self::NotWord => 'W',
            Self::Space => 's',
            Self::NotSpace => 'S',
        }
    }

    fn set(self) -> CharSet {
        let set = |ranges: &[(char, char)]| CharSet::new(ranges.iter().copied());
        match self {
            Self::Digit => set(&[('0', '9')]),
            Self::Word => set(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
            Self::Space => set(&[('\t', '\r'), (' ', ' ')]),
            Self::NotDigit => Self::Digit.set().negated(),
            Self::NotWord => Self::Word.set().negated(),
            Self::NotSpace => Self::Space.set().negated(),
        }
    }
}

impl Item {
    fn set(self, ignore_case: bool) -> CharSet {
        let listed = match self {
            Self::Literal(character) => CharSet::new([(character, character)]),
            Self::Range(low, high) => CharSet::new([(low, high)]),
            Self::Shorthand(shorthand) => return shorthand.set(),
        };
        if ignore_case {
            listed.with_both_cases()
        } else {
            listed
        }
    }
}

impl One {
    /// The characters that match in Java.
    pub(super) fn set(&self, ignore_case: bool) -> CharSet {
        match self {
            Self::Literal(character) => Item::Literal(*character).set(ignore_case),
            Self::Shorthand(shorthand) => shorthand.set(),
            Self::Any => {
                CharSet::new(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'].map(|c| (c, c)))
                    .negated()
            }
            Self::Class { negated, items } => {
                let listed = items.iter().fold(CharSet::EMPTY, |set, item| {
                    set.union(&item.set(ignore_case))
                });
                if *negated { listed.negated() } else { listed }
            }
        }
    }
}

impl Node {
    /// The parts one after the other, in normal form.
    pub(super) fn sequence(parts: Vec<Self>) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::Sequence(inner) => inner,
            other => vec![other],
        });
        only(flat.collect(), Self::Sequence)
    }

    /// One of the parts, in normal form.
    pub(super) fn choice(parts: Vec<Self>) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::Choice(inner) => inner,
            other => vec![other],
        });
        only(flat.collect(), Self::Choice)
    }

    /// The part several times, in normal form.
    pub(super) fn repeat(self, min: u32, max: Option<u32>) -> Self {
        if (min, max) == (1, Some(1)) {
            return self;
        }
        Self::Repeat {
            inner: Box::new(self),
            min,
            max,
        }
    }

    /// How many parts it has when repetitions are written out as far as they are bounded.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::One(_) | Self::Start | Self::End => 1,
            Self::Sequence(parts) | Self::Choice(parts) => parts.iter().map(Self::size).sum(),
            Self::Repeat { inner, min, max } => inner
                .size()
                .saturating_mul(u64::from(max.unwrap_or(min.saturating_add(1)))),
        }
    }
}

fn only(mut parts: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match parts.pop() {
        Some(part) if parts.is_empty() => part,
        last => {
            parts.extend(last);
            many(parts)
        }
    }
}
