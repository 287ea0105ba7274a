//! SQL's three-valued logic.

use std::ops::Not;

use crate::sql::Truth;

impl Truth {
    /// `AND`: false where one is false, else unknown where one is unknown. Stops at the first that is false.
    pub(super) fn all(outcomes: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::True;
        for outcome in outcomes {
            match outcome {
                Self::True => {}
                Self::False => return Self::False,
                Self::Unknown => all = Self::Unknown,
            }
        }
        all
    }

    /// `OR`: true where one is true, else unknown where one is unknown. Stops at the first that is true.
    pub(super) fn any(outcomes: impl IntoIterator<Item = Self>) -> Self {
        !Self::all(outcomes.into_iter().map(|outcome| !outcome))
    }
}

/// `NOT`: unknown stays unknown.
impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

/// What NULL makes of a comparison.
impl From<Option<bool>> for Truth {
    fn from(holds: Option<bool>) -> Self {
        holds.map_or(Self::Unknown, Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True, Unknown};

    #[test]
    fn and_or_and_not_are_those_of_sql() {
        for (one, two, and, or) in [
            (True, True, True, True),
            (True, False, False, True),
            (True, Unknown, Unknown, True),
            (False, False, False, False),
            (False, Unknown, False, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            for pair in [[one, two], [two, one]] {
                assert_eq!(Truth::all(pair), and, "{pair:?}");
                assert_eq!(Truth::any(pair), or, "{pair:?}");
                assert_eq!(
                    !Truth::all(pair),
                    Truth::any(pair.map(|it| !it)),
                    "{pair:?}"
                );
            }
        }
        assert_eq!((Truth::all([]), Truth::any([])), (True, False));
    }
}
