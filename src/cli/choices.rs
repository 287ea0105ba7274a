//! What the user allows `plan` and `apply` beyond what is always allowed.

use std::collections::BTreeMap;

use anyhow::bail;
use clap::Args;
use clap::builder::BoolishValueParser;

use crate::diagnostic::did_you_mean;
use crate::plan::{Choices, Examination, Recovery};
use crate::project::start::Start;
use crate::statement::Desired;

/// What the user allows. Both commands have the same flags, so that the one shows what the other does.
#[derive(Debug, Args)]
pub(super) struct ChoiceFlags {
    /// Delete the statements of routes that are no more; topics stay
    #[arg(long, env = "ROUTECTL_PRUNE", value_parser = BoolishValueParser::new())]
    prune: bool,
    /// Go on where statements stopped that were stopped by hand or because their route was disabled
    #[arg(long, env = "ROUTECTL_RESUME", value_parser = BoolishValueParser::new())]
    resume: bool,
    /// Replace statements too whose comments or layout alone differ
    #[arg(long, env = "ROUTECTL_REFRESH", value_parser = BoolishValueParser::new())]
    refresh: bool,
    /// Where a route that is blocked goes on: previous, offsets, earliest, latest or a time; may repeat
    #[arg(long, value_name = "ROUTE=WHERE", env = "ROUTECTL_RECOVER", value_delimiter = ',',
          value_parser = recovery)]
    recover: Vec<(String, Recovery)>,
    #[command(flatten)]
    examination: ExaminationFlags,
}

/// What is looked at on the service before anything is changed.
#[derive(Debug, Args)]
struct ExaminationFlags {
    /// Compare the tables of all routes, not only of new and changed ones
    #[arg(long, env = "ROUTECTL_DEEP", value_parser = BoolishValueParser::new(), conflicts_with = "offline")]
    deep: bool,
    /// Neither compare tables nor let the service check new SQL
    #[arg(long, env = "ROUTECTL_OFFLINE", value_parser = BoolishValueParser::new())]
    offline: bool,
}

impl ChoiceFlags {
    /// What is looked at on the service before anything is changed.
    pub(super) fn examination(&self) -> Examination {
        let ExaminationFlags { deep, offline } = self.examination;
        match (offline, deep) {
            (true, _) => Examination::Nothing,
            (false, true) => Examination::Everything,
            (false, false) => Examination::Changes,
        }
    }

    /// The choices, which must be about routes that there are.
    pub(super) fn choices(&self, desired: &Desired) -> anyhow::Result<Choices> {
        let recover: BTreeMap<_, _> = self.recover.iter().cloned().collect();
        let choices = Choices {
            prune: self.prune,
            resume: self.resume,
            refresh: self.refresh,
            recover,
        };
        if let Some(name) = choices.unknown(desired).next() {
            let routes = desired.routes.values();
            let known: Vec<_> = routes.map(|route| route.title.as_str()).collect();
            let hint = did_you_mean(name, &known)
                .unwrap_or_else(|| "`routectl plan` shows what is blocked".to_owned());
            bail!("`--recover` names `{name}`, which is no route of the project; {hint}");
        }
        Ok(choices)
    }
}

/// Reads `ROUTE=WHERE`.
fn recovery(text: &str) -> Result<(String, Recovery), String> {
    let usage = "write it like my-route=previous, with previous, offsets, earliest, latest or a time such as 2026-01-20T13:30:00Z";
    let (route, place) = text.rsplit_once('=').ok_or(usage)?;
    let place = match place {
        "previous" => Recovery::Previous,
        "offsets" => Recovery::Offsets,
        "earliest" => Recovery::Start(Start::Earliest),
        "latest" => Recovery::Start(Start::Latest),
        time => Recovery::Start(Start::At(time.parse().map_err(|_| usage)?)),
    };
    Ok((route.to_owned(), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_names_a_route_and_a_place() {
        let read = |text: &str| recovery(text).ok();
        assert_eq!(
            read("r=previous"),
            Some(("r".to_owned(), Recovery::Previous))
        );
        assert_eq!(
            read("r -> t=latest"),
            Some(("r -> t".to_owned(), Recovery::Start(Start::Latest)))
        );
        assert!(read("r=2026-01-20T13:30:00Z").is_some());
        for bad in ["r", "r=", "r=yesterday", "previous"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
