//! Recoveries as text: on the command line and in saved plans.

use std::fmt;
use std::str::FromStr;

use super::decide::Recovery;

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Previous => f.write_str("previous"),
            Self::Offsets => f.write_str("offsets"),
            Self::Start(start) => start.fmt(f),
        }
    }
}

impl FromStr for Recovery {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        Ok(match text {
            "previous" => Self::Previous,
            "offsets" => Self::Offsets,
            start => Self::Start(start.parse()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recovery_reads_as_it_prints() {
        for text in [
            "previous",
            "offsets",
            "earliest",
            "latest",
            "2026-01-20T13:30:00.5Z",
        ] {
            assert_eq!(text.parse::<Recovery>().unwrap().to_string(), text);
        }
        assert!("yesterday".parse::<Recovery>().is_err());
    }
}
