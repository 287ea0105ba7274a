//! What keeps a pattern from harming the job that runs it.
//!
//! `java.util.regex` backtracks. Two things can go wrong on a hostile value, and either stops a whole job:
//!
//! - **The stack.** Java recurses for every turn of a repeated group whose turns may differ: groups with a choice
//!   or a repetition in them, but also with a character that has one or two UTF-16 units. Such repetitions are
//!   refused whatever their bound. Repeating one character, or a group of fixed length, is a loop.
//! - **The time.** Each repetition that can also match what follows it can stop anywhere, and all combinations
//!   are tried: `a.*b.*c` needs time in the cube of the value's length (80 seconds for 5,000 characters).
//!   [`Node::steps`] estimates the worst case for a value of [`LENGTH`] characters; more than [`MAX_STEPS`] are refused.
//!   What is quadratic passes, like the unanchored `foo.*bar` (a few seconds at worst), and so does every
//!   repetition that can only end where the next part begins, like `^[^,]*,[^,]*,[^,]*,x`.

use super::chars::CharSet;
use super::tree::Node;

/// The length of the values, in characters, for which steps are counted.
const LENGTH: u64 = 10_000;
/// Steps that a value may take: quadratic for a handful of alternatives, never cubic.
pub(super) const MAX_STEPS: u64 = 1_000_000_000;

impl Node {
    /// Refuses repetitions of this part that overflow Java's stack: a message and a remedy.
    pub(super) fn check_repetition(
        &self,
        min: u32,
        max: Option<u32>,
    ) -> Result<(), (&'static str, &'static str)> {
        let once_at_most = (min, max) == (0, Some(1)) || (min, max) == (1, Some(1));
        if once_at_most || matches!(self, Self::One(_)) {
            return Ok(());
        }
        match self.utf16_units() {
            Ok(0) => Err((
                "a repetition of what has no length",
                "remove the quantifier",
            )),
            Ok(_) => Ok(()),
            Err(Varying::Choice) => Err((
                "a repeated group that holds an alternation kills the job on a long value",
                "write a class, `[ab]*` for `(?:a|b)*`, or several conditions",
            )),
            Err(Varying::Repetition) => Err((
                "a repeated group that holds a repetition kills the job on a long value",
                "repeat one character or class, or a group of fixed length like `(?:\\d{3},)*`",
            )),
            Err(Varying::Character) => Err((
                "a repeated group that holds `.` or a class of most characters kills the job on a \
                 long value",
                "list the characters that may occur: `(?:[a-z0-9]-)*`",
            )),
        }
    }

    /// How many UTF-16 units match, where that is always the same number; else why it is not. Both cases of an
    /// ASCII letter have the same length.
    fn utf16_units(&self) -> Result<u64, Varying> {
        match self {
            Self::One(one) => {
                let units = one.set(false).utf16_units().map(u64::from);
                units.ok_or(Varying::Character)
            }
            Self::Start | Self::End => Ok(0),
            Self::Sequence(parts) => parts.iter().map(Self::utf16_units).sum(),
            Self::Choice(_) => Err(Varying::Choice),
            Self::Repeat { inner, min, max } if *max == Some(*min) => {
                Ok(inner.utf16_units()?.saturating_mul(u64::from(*min)))
            }
            Self::Repeat { .. } => Err(Varying::Repetition),
        }
    }

    /// How many steps Java takes at worst, words counted as one, to find nothing in a value of [`LENGTH`] characters.
    pub(super) fn steps(&self, ignore_case: bool) -> u64 {
        let counter = Counter { ignore_case };
        let branches = match self {
            Self::Choice(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let steps = branches.iter().map(|branch| {
            let places = if branch.is_anchored() { 1 } else { LENGTH };
            places.saturating_mul(counter.cost(branch, &Follow::accepting()).steps)
        });
        steps.fold(0, u64::saturating_add)
    }

    fn is_anchored(&self) -> bool {
        match self {
            Self::Start => true,
            Self::Sequence(parts) => parts.first().is_some_and(Self::is_anchored),
            Self::Choice(parts) => parts.iter().all(Self::is_anchored),
            Self::One(_) | Self::End | Self::Repeat { .. } => false,
        }
    }
}

/// Why the length of what matches is not always the same.
enum Varying {
    Choice,
    Repetition,
    Character,
}

/// What may come behind a part.
#[derive(Clone)]
struct Follow {
    /// The characters that it may begin with.
    first: CharSet,
    /// Whether nothing more is needed: who gets there has found a match.
    accepts: bool,
}

impl Follow {
    fn accepting() -> Self {
        Self {
            first: CharSet::EMPTY,
            accepts: true,
        }
    }

    fn impossible() -> Self {
        Self {
            first: CharSet::EMPTY,
            accepts: false,
        }
    }

    fn is_told_apart(&self, other: &CharSet) -> bool {
        !self.accepts && self.first.is_disjoint(other)
    }
}

/// The cost of a part that is tried once.
struct Cost {
    /// Steps within the part.
    steps: u64,
    /// How often what follows is tried, and does not fail at its first character.
    ways: u64,
}

struct Counter {
    ignore_case: bool,
}

impl Counter {
    fn cost(&self, node: &Node, follow: &Follow) -> Cost {
        match node {
            Node::One(_) | Node::Start | Node::End => Cost { steps: 1, ways: 1 },
            Node::Sequence(parts) => self.sequence(parts, follow),
            Node::Choice(parts) => self.choice(parts, follow),
            Node::Repeat {
                inner,
                min: 0,
                max: Some(1),
            } => self.optional(inner, follow),
            Node::Repeat { inner, min, max } => {
                let unit = self.cost(inner, follow).steps;
                let min = u64::from(*min);
                let max = max.map_or(LENGTH, |max| u64::from(max).min(LENGTH));
                let turns = if follow.accepts { min } else { max.max(min) };
                let stops_at_one_place =
                    follow.accepts || follow.is_told_apart(&self.first(inner, follow).first);
                Cost {
                    steps: unit.saturating_mul(turns),
                    ways: if stops_at_one_place {
                        1
                    } else {
                        turns - min + 1
                    },
                }
            }
        }
    }

    fn sequence(&self, parts: &[Node], follow: &Follow) -> Cost {
        let mut follows = vec![follow.clone()];
        for part in parts.iter().skip(1).rev() {
            let behind = follows.last().unwrap_or(follow);
            let before = self.first(part, behind);
            follows.push(before);
        }
        let mut total = Cost { steps: 0, ways: 1 };
        let mut in_word = false;
        for (part, behind) in parts.iter().zip(follows.iter().rev()) {
            let cost = self.cost(part, behind);
            let is_character = matches!(part, Node::One(_));
            // A word counts as one step however long it is: it fails at its first characters.
            if !(is_character && in_word) {
                let steps = total.ways.saturating_mul(cost.steps);
                total.steps = total.steps.saturating_add(steps);
            }
            in_word = is_character;
            total.ways = total.ways.saturating_mul(cost.ways);
        }
        total
    }

    fn choice(&self, parts: &[Node], follow: &Follow) -> Cost {
        let (mut steps, mut all_ways, mut most_ways) = (1_u64, 0_u64, 1_u64);
        for cost in parts.iter().map(|part| self.cost(part, follow)) {
            steps = steps.saturating_add(cost.steps);
            all_ways = all_ways.saturating_add(cost.ways);
            most_ways = most_ways.max(cost.ways);
        }
        let firsts: Vec<Follow> = parts.iter().map(|part| self.first(part, follow)).collect();
        let told_apart = |(position, first): (usize, &Follow)| {
            let others = &firsts[position + 1..];
            others.iter().all(|other| first.is_told_apart(&other.first))
        };
        let ways = if follow.accepts {
            1
        } else if firsts.iter().enumerate().all(told_apart) {
            most_ways
        } else {
            all_ways
        };
        Cost { steps, ways }
    }

    fn optional(&self, inner: &Node, follow: &Follow) -> Cost {
        let cost = self.cost(inner, follow);
        let told_apart = follow.is_told_apart(&self.first(inner, follow).first);
        let skipped = u64::from(!told_apart && !follow.accepts);
        Cost {
            steps: cost.steps.saturating_add(1),
            ways: cost.ways.saturating_add(skipped),
        }
    }

    /// What a part and what follows it may begin with.
    fn first(&self, node: &Node, follow: &Follow) -> Follow {
        match node {
            Node::One(one) => Follow {
                first: one.set(self.ignore_case),
                accepts: false,
            },
            Node::Start => Follow {
                accepts: false,
                ..follow.clone()
            },
            Node::End => Follow::impossible(),
            Node::Sequence(parts) => parts
                .iter()
                .rev()
                .fold(follow.clone(), |behind, part| self.first(part, &behind)),
            Node::Choice(parts) => parts.iter().fold(Follow::impossible(), |either, part| {
                Self::either(&either, &self.first(part, follow))
            }),
            Node::Repeat { inner, min, .. } => {
                let repeated = self.first(inner, follow);
                if *min == 0 {
                    Self::either(&repeated, follow)
                } else {
                    repeated
                }
            }
        }
    }

    fn either(a: &Follow, b: &Follow) -> Follow {
        Follow {
            first: a.first.union(&b.first),
            accepts: a.accepts || b.accepts,
        }
    }
}
