//! Sets of characters.

/// A set of characters, as sorted ranges between which something is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CharSet(Vec<(char, char)>);

/// The last character that is one UTF-16 unit.
const LAST_SINGLE_UNIT: char = '\u{FFFF}';

impl CharSet {
    pub(super) const EMPTY: Self = Self(Vec::new());

    /// The union of ranges, whose ends belong to them.
    pub(super) fn new(ranges: impl IntoIterator<Item = (char, char)>) -> Self {
        let mut ranges: Vec<_> = ranges.into_iter().collect();
        ranges.sort_unstable();
        let mut merged: Vec<(char, char)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some(last) if after(last.1).is_none_or(|next| low <= next) => {
                    last.1 = last.1.max(high);
                }
                _ => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    pub(super) fn ranges(&self) -> &[(char, char)] {
        &self.0
    }

    /// Every other character.
    pub(super) fn negated(&self) -> Self {
        let mut missing = Vec::with_capacity(self.0.len() + 1);
        let mut next = Some('\0');
        for &(low, high) in &self.0 {
            if let (Some(start), Some(end)) = (next, before(low))
                && start <= end
            {
                missing.push((start, end));
            }
            next = after(high);
        }
        missing.extend(next.map(|start| (start, char::MAX)));
        Self(missing)
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        Self::new(self.0.iter().chain(&other.0).copied())
    }

    /// The set with the other case of each ASCII letter in it.
    pub(super) fn with_both_cases(&self) -> Self {
        let letters = ('a'..='z').chain('A'..='Z');
        let folded = letters
            .filter(|letter| self.contains(*letter))
            .map(|letter| char::from(letter as u8 ^ 0x20));
        self.union(&Self::new(folded.map(|letter| (letter, letter))))
    }

    pub(super) fn contains(&self, character: char) -> bool {
        self.0
            .iter()
            .any(|&(low, high)| (low..=high).contains(&character))
    }

    pub(super) fn is_disjoint(&self, other: &Self) -> bool {
        let overlap = |&(a, b): &(char, char)| other.0.iter().any(|&(c, d)| a <= d && c <= b);
        !self.0.iter().any(overlap)
    }

    /// How many UTF-16 units each of its characters has, where it is the same number for all.
    pub(super) fn utf16_units(&self) -> Option<u32> {
        let ends = (self.0.first(), self.0.last());
        match ends {
            (_, Some((_, high))) if *high <= LAST_SINGLE_UNIT => Some(1),
            (Some((low, _)), _) if *low > LAST_SINGLE_UNIT => Some(2),
            _ => None,
        }
    }
}

fn after(character: char) -> Option<char> {
    (character..=char::MAX).nth(1)
}

fn before(character: char) -> Option<char> {
    ('\0'..=character).rev().nth(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_set() -> impl Strategy<Value = CharSet> {
        let character = prop_oneof![
            prop::char::range('\0', '~'),
            prop::sample::select(vec![
                '\u{D7FF}',
                '\u{E000}',
                '\u{FFFF}',
                '\u{10000}',
                char::MAX
            ]),
        ];
        prop::collection::vec((character.clone(), character), 0..6)
            .prop_map(|pairs| CharSet::new(pairs.into_iter().map(|(a, b)| (a.min(b), a.max(b)))))
    }

    proptest! {
        #[test]
        fn negation_is_the_complement(set in any_set(), probe in any::<char>()) {
            let negated = set.negated();
            prop_assert_ne!(set.contains(probe), negated.contains(probe));
            prop_assert!(set.is_disjoint(&negated));
            prop_assert_eq!(set.union(&negated), CharSet::new([('\0', char::MAX)]));
            prop_assert_eq!(negated.negated(), set);
        }

        #[test]
        fn disjoint_sets_share_nothing(a in any_set(), b in any_set(), probe in any::<char>()) {
            if a.is_disjoint(&b) {
                prop_assert!(!(a.contains(probe) && b.contains(probe)));
            }
        }
    }

    #[test]
    fn cases_are_those_of_ascii() {
        let set = CharSet::new([('y', '{'), ('K', 'K'), ('é', 'é')]).with_both_cases();
        let expected = [('K', 'K'), ('Y', 'Z'), ('k', 'k'), ('y', '{'), ('é', 'é')];
        assert_eq!(set.ranges(), expected);
    }

    #[test]
    fn widths_are_those_of_java() {
        let units = |low, high| CharSet::new([(low, high)]).utf16_units();
        assert_eq!(units('a', '\u{FFFF}'), Some(1));
        assert_eq!(units('\u{10000}', char::MAX), Some(2));
        assert_eq!(units('a', '\u{10000}'), None);
        assert_eq!(CharSet::EMPTY.utf16_units(), None);
    }
}
