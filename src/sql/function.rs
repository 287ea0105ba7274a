//! The builtin functions that routectl calls. A closed list: what stands here was run on real Flink.
//!
//! To add a function, add one line below.

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every value, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as SQL spells it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The value that `word` spells, in upper or lower case.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str().eq_ignore_ascii_case(word))
            }
        }
    };
}

words! {
    /// A builtin function.
    Function {
        /// Whether an `ARRAY` holds a value; NULL for a NULL array.
        ArrayContains = "ARRAY_CONTAINS",
        /// How many elements an `ARRAY` has; NULL for a NULL array.
        Cardinality = "CARDINALITY",
        /// The first argument that is not NULL.
        Coalesce = "COALESCE",
        /// Timestamp text moved from one time zone to another. An unknown zone silently means GMT.
        ConvertTz = "CONVERT_TZ",
        /// The time at which a record is processed; written without parentheses.
        CurrentTimestamp = "CURRENT_TIMESTAMP",
        /// Whether a JSON path leads anywhere. Always TRUE for a path with a filter expression.
        JsonExists = "JSON_EXISTS",
        /// An SQL value as JSON text.
        JsonString = "JSON_STRING",
        /// The scalar at a JSON path as text, NULL for everything else. Never with `RETURNING`,
        /// which kills the job on a value of another type.
        JsonValue = "JSON_VALUE",
        /// Whether a Java regular expression is found anywhere in the text.
        Regexp = "REGEXP",
        /// The part of a text that a group of a regular expression matched, or NULL.
        RegexpExtract = "REGEXP_EXTRACT",
        /// Every match of a regular expression replaced; the replacement has no group references.
        RegexpReplace = "REGEXP_REPLACE",
        /// A part of a text: position from 1, length.
        Substring = "SUBSTRING",
        /// A timestamp moved by a number of units; the unit is an [`Expr::Unit`](super::Expr::Unit).
        TimestampAdd = "TIMESTAMPADD",
        /// An epoch (precision 0: seconds, 3: milliseconds) as `TIMESTAMP_LTZ`. Never with text.
        ToTimestampLtz = "TO_TIMESTAMP_LTZ",
        /// Seconds since 1970: of now, or of text in a given format.
        UnixTimestamp = "UNIX_TIMESTAMP",
    }
}

impl Function {
    /// Whether a call without arguments is written without parentheses.
    pub const fn is_bare(self) -> bool {
        matches!(self, Self::CurrentTimestamp)
    }
}

words! {
    /// A unit of time.
    TimeUnit {
        /// Seconds.
        Second = "SECOND",
        /// Minutes.
        Minute = "MINUTE",
        /// Hours.
        Hour = "HOUR",
        /// Days.
        Day = "DAY",
    }
}
