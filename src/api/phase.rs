//! The phases of a statement's life. To add one: its line in `phases!`.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! phases {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// Where a statement is in its life. The service may add phases, so unknown ones are kept as text.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum Phase {
            $($(#[$doc])* $variant,)*
            /// A phase that this version of routectl does not know.
            Other(String),
        }

        impl Phase {
            /// The service's word.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for Phase {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text),
                }
            }
        }
    };
}

phases! {
    /// Not started yet.
    Pending = "PENDING",
    /// At work.
    Running = "RUNNING",
    /// Ended by itself, successfully.
    Completed = "COMPLETED",
    /// Being deleted; the name is still taken.
    Deleting = "DELETING",
    /// About to fail.
    Failing = "FAILING",
    /// Failed; the name stays taken until the statement is deleted.
    Failed = "FAILED",
    /// Being stopped.
    Stopping = "STOPPING",
    /// Stopped, with its position kept.
    Stopped = "STOPPED",
    /// At work, with reduced performance or partial failure.
    Degraded = "DEGRADED",
}

impl From<Phase> for String {
    fn from(phase: Phase) -> Self {
        phase.as_str().to_owned()
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_reads_as_it_prints() {
        for word in [
            "PENDING",
            "RUNNING",
            "COMPLETED",
            "DELETING",
            "FAILING",
            "FAILED",
            "STOPPING",
            "STOPPED",
            "DEGRADED",
        ] {
            let phase = Phase::from(word.to_owned());
            assert!(!matches!(phase, Phase::Other(_)), "{word}");
            assert_eq!(phase.to_string(), word);
        }
    }
}
