//! Faults by rule: what goes wrong, when, and for whom.
//!
//! Some faults hit requests, others statements. A new one is a variant of [`Fault`] with
//! its use in `server::fault` or `state`.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::pairs::{self, PairsError};

/// A rule: what goes wrong with the calls and statements that it fits.
///
/// As JSON it is one flat object; as text `key=value` pairs with commas between them, such as
/// `fault=status,status=429,retry_after=1,method=PUT,times=3`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The method of the request, such as `PUT`; any where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A part of the request's path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The statement's name; `*` stands for any characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// How many it lets pass before.
    #[serde(default)]
    pub skip: u32,
    /// How many it hits; without end where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum Fault {
    /// The answer takes this long, in real time.
    Latency {
        /// Milliseconds.
        millis: u64,
    },
    /// The answer is this status.
    Status {
        /// The status, from 400 to 599.
        status: u16,
        /// The header `Retry-After`, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
        /// Whether the request is carried out all the same.
        #[serde(default)]
        after_effect: bool,
    },
    /// The connection ends without an answer.
    Drop {
        /// Whether the request is carried out all the same.
        #[serde(default)]
        after_effect: bool,
    },
    /// The call is held up while the rule stands. It is carried out even if the client has gone away by then.
    Hold {
        /// Whether the request is carried out before that, and its answer alone is held up.
        #[serde(default)]
        after_effect: bool,
    },
    /// The answer is 307 to the same path at another address.
    Redirect {
        /// The address, such as `http://127.0.0.1:8086`.
        to: String,
    },
    /// The statement fails so long after it began to run.
    Fails {
        /// Seconds of the emulator's time.
        #[serde(default)]
        after: u64,
        /// What it says then.
        #[serde(default = "failure")]
        detail: String,
    },
    /// The statement becomes DEGRADED so long after it began to run.
    Degrades {
        /// Seconds of the emulator's time.
        #[serde(default)]
        after: u64,
        /// Seconds until it is RUNNING again; never where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u64>,
    },
    /// The pool has no room for the statement while the rule stands.
    PoolExhausted,
    /// The statement stops without keeping its offsets.
    SavepointFails,
    /// Every phase of the statement takes longer.
    Slow {
        /// How many times as long.
        factor: u32,
    },
}

fn failure() -> String {
    "The statement failed: a fault rule says so.".to_owned()
}

impl Fault {
    fn hits_requests(&self) -> bool {
        matches!(
            self,
            Self::Latency { .. }
                | Self::Status { .. }
                | Self::Drop { .. }
                | Self::Hold { .. }
                | Self::Redirect { .. }
        )
    }
}

const EXAMPLE: &str = "fault=status,status=503,method=POST,times=1";

impl FromStr for Rule {
    type Err = PairsError;

    fn from_str(text: &str) -> Result<Self, PairsError> {
        let object = pairs::object(text, EXAMPLE)?;
        Self::read(object).map_err(|reason| PairsError::new(text, reason, EXAMPLE))
    }
}

impl Rule {
    /// Reads a rule that the emulator can follow, or says why it is none.
    pub(super) fn read(object: Map<String, Value>) -> Result<Self, String> {
        let given: Vec<String> = object.keys().cloned().collect();
        let rule: Self =
            serde_json::from_value(object.into()).map_err(|error| error.to_string())?;
        rule.check()?;
        // What is not said again was not understood.
        let understood = serde_json::to_value(&rule).map_err(|error| error.to_string())?;
        match given.iter().find(|key| understood.get(key).is_none()) {
            None => Ok(rule),
            Some(key) => Err(format!("a rule of this fault has no key `{key}`")),
        }
    }

    fn check(&self) -> Result<(), String> {
        match &self.fault {
            Fault::Status { status, .. } if !(400..600).contains(status) => {
                Err(format!("the status {status} is no failure"))
            }
            Fault::Slow { factor: 0 } => Err("the factor 0 is no length of time".to_owned()),
            _ => Ok(()),
        }
    }

    fn fits_statement(&self, name: Option<&str>) -> bool {
        match (&self.statement, name) {
            (None, _) => true,
            (Some(pattern), Some(name)) => matches_glob(pattern, name),
            (Some(_), None) => false,
        }
    }

    fn fits_request(&self, request: &Call<'_>) -> bool {
        let method = self.method.as_deref();
        let path = self.path.as_deref();
        method.is_none_or(|method| method.eq_ignore_ascii_case(request.method))
            && path.is_none_or(|part| request.path.contains(part))
            && self.fits_statement(request.statement)
    }
}

/// A request as rules see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    /// The statement that the path names.
    pub(super) statement: Option<&'a str>,
}

/// The rules in force, and how often each has fitted so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    rules: Vec<(Rule, u32)>,
}

impl Faults {
    pub(super) fn new(rules: &[Rule]) -> Self {
        Self {
            rules: rules.iter().map(|rule| (rule.clone(), 0)).collect(),
        }
    }

    /// Adds rules with what they have seen.
    pub(super) fn join(&mut self, other: Self) {
        self.rules.extend(other.rules);
    }

    pub(super) fn clear(&mut self) {
        self.rules.clear();
    }

    pub(super) fn rules(&self) -> Vec<Rule> {
        self.rules.iter().map(|(rule, _)| rule.clone()).collect()
    }

    /// What goes wrong with a request; every rule that fits counts it.
    pub(super) fn hit_request(&mut self, call: &Call<'_>) -> Vec<Fault> {
        self.hit(|rule| rule.fault.hits_requests() && rule.fits_request(call))
    }

    /// What of this kind goes wrong with a statement; every such rule that fits counts it.
    pub(super) fn hit_statement(&mut self, name: &str, kind: fn(&Fault) -> bool) -> Vec<Fault> {
        self.hit(|rule| kind(&rule.fault) && rule.fits_statement(Some(name)))
    }

    /// The same without counting.
    pub(super) fn stands(&self, name: &str, kind: fn(&Fault) -> bool) -> bool {
        self.rules
            .iter()
            .any(|(rule, _)| kind(&rule.fault) && rule.fits_statement(Some(name)))
    }

    fn hit(&mut self, fits: impl Fn(&Rule) -> bool) -> Vec<Fault> {
        let mut hits = Vec::new();
        for (rule, seen) in &mut self.rules {
            if !fits(rule) {
                continue;
            }
            let number = seen.saturating_sub(rule.skip);
            if *seen >= rule.skip && rule.times.is_none_or(|times| number < times) {
                hits.push(rule.fault.clone());
            }
            *seen = seen.saturating_add(1);
        }
        hits
    }
}

fn matches_glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, rest)) => text.strip_prefix(before).is_some_and(|behind| {
            let mut tails = behind.char_indices().map(|(index, _)| &behind[index..]);
            tails.any(|tail| matches_glob(rest, tail)) || matches_glob(rest, "")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        text.parse().unwrap()
    }

    #[test]
    fn rules_read_as_text_and_as_json_alike() {
        let text = rule(
            "fault=status,status=429,retry_after=2,method=PUT,statement=shop-*,skip=1,times=3",
        );
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&json).unwrap(), text);
        insta::assert_snapshot!(json, @r#"{"method":"PUT","statement":"shop-*","skip":1,"times":3,"fault":"status","status":429,"retry_after":2,"after_effect":false}"#);
        assert_eq!(
            rule("fault=drop,after_effect=true").fault,
            Fault::Drop { after_effect: true }
        );
        for bad in [
            "",
            "fault",
            "fault=nothing",
            "status=500",
            "fault=status,status=200",
            "fault=slow,factor=0",
            "fault=fails,name=shop-*",
            "fault=savepoint-fails,millis=5",
        ] {
            assert!(bad.parse::<Rule>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_rule_lets_some_pass_and_hits_so_many() {
        let mut faults = Faults::new(&[rule(
            "fault=drop,method=put,path=/statements/,statement=a*c,skip=1,times=2",
        )]);
        let mut hits = |method, name| {
            let path = format!("/x/statements/{name}");
            let call = Call {
                method,
                path: &path,
                statement: Some(name),
            };
            faults.hit_request(&call).len()
        };
        assert_eq!([hits("GET", "abc"), hits("PUT", "abd")], [0, 0]);
        let four = [
            hits("PUT", "abc"),
            hits("PUT", "abc"),
            hits("PUT", "ac"),
            hits("PUT", "abc"),
        ];
        assert_eq!(four, [0, 1, 1, 0]);
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "a", true),
            ("a*", "ab", true),
            ("*b", "ab", true),
            ("a*b*", "axbx", true),
            ("a", "ab", false),
            ("a*c", "ab", false),
            ("", "a", false),
            ("é*", "é", true),
        ] {
            assert_eq!(matches_glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
