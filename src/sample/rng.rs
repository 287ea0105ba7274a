//! Numbers that look random and are the same for the same seed, everywhere and for ever.

/// `SplitMix64` (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). Small enough to be our
/// own, so that no update of a dependency changes an event.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

/// 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Rng {
    /// The numbers of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Other numbers for each `stream`, which do not depend on how many of another stream were used.
    pub(super) fn stream(seed: u64, stream: u64) -> Self {
        let mut whole = Self(seed);
        Self(whole.next() ^ Self(stream).next().rotate_left(32))
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where nothing is below it.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        // The high half of the product is as even as 64 bits can be for the small numbers asked for here.
        let product = u128::from(self.next()) * u128::from(end);
        u64::try_from(product >> 64).unwrap_or_default()
    }

    /// An index of a list of this length; 0 for an empty one.
    pub(super) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included; `low` where `high` is below it.
    pub(super) fn between(&mut self, low: i128, high: i128) -> i128 {
        let count = high.saturating_sub(low).saturating_add(1).max(1);
        let wide = (i128::from(self.next()) << 62) ^ i128::from(self.next());
        low.saturating_add(wide.rem_euclid(count))
    }

    /// Whether one of so many cases is the case.
    pub(super) fn one_in(&mut self, cases: u64) -> bool {
        self.below(cases) == 0
    }

    /// One of some things.
    pub(super) fn pick<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        things.get(self.index(things.len()))
    }

    /// The indexes of a list of this length, in some order.
    pub(super) fn order(&mut self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        for last in (1..length).rev() {
            order.swap(last, self.index(last + 1));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers that the authors' reference gives for the seed 1234567.
    #[test]
    fn numbers_are_those_of_the_reference() {
        let mut rng = Rng::new(1_234_567);
        let numbers = [0; 3].map(|_| rng.next());
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn ranges_include_their_ends() {
        let mut rng = Rng::new(0);
        let drawn: std::collections::BTreeSet<i128> =
            (0..200).map(|_| rng.between(-2, 2)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2]);
        assert_eq!((rng.between(7, 3), rng.index(0)), (7, 0));
        let mut order = rng.order(9);
        order.sort_unstable();
        assert_eq!(order, (0..9).collect::<Vec<_>>());
    }

    #[test]
    fn streams_differ() {
        assert_ne!(Rng::stream(0, 1).next(), Rng::stream(0, 2).next());
        assert_ne!(Rng::stream(1, 0).next(), Rng::stream(0, 1).next());
    }
}
