//! What the user allows `plan` and `apply` beyond what is always allowed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use clap::Args;
use clap::builder::BoolishValueParser;

use crate::diagnostic::did_you_mean;
use crate::plan::{Choices, Examination, Recovery, Selection};
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
    /// Where a route that is blocked goes on, or every one as '*': previous, offsets, earliest, latest or a time; may repeat
    #[arg(long, value_name = "ROUTE=WHERE", env = "ROUTECTL_RECOVER", value_delimiter = ',',
          value_parser = recovery)]
    recover: Vec<(String, Recovery)>,
    /// Only this route, or the part of it that writes one topic: 'my-route -> topic'; may repeat
    #[arg(
        long,
        value_name = "NAME",
        env = "ROUTECTL_TARGET_ROUTE",
        value_delimiter = ','
    )]
    target_route: Vec<String>,
    /// Only routes that say this: consumer=NAME; may repeat
    #[arg(long, value_name = "KEY=VALUE", env = "ROUTECTL_SELECT", value_delimiter = ',',
          value_parser = consumer)]
    select: Vec<String>,
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
            selection: self.selection(desired)?,
        };
        if let Some(name) = choices.unknown(desired).next() {
            let routes = desired.routes.values();
            let routes = routes.filter(|route| choices.selection.includes(route));
            let mut known: Vec<_> = routes.map(|route| route.title.as_str()).collect();
            known.sort_unstable();
            let hint = did_you_mean(name, &known)
                .unwrap_or_else(|| "`routectl plan` shows what is blocked".to_owned());
            let of = if choices.selection.is_all() {
                "no route of the project"
            } else {
                "none of the selected routes"
            };
            bail!("`--recover` names `{name}`, which is {of}; {hint}");
        }
        Ok(choices)
    }

    /// Refuses what contradicts the choices of a saved plan. What is not said is as the plan says.
    pub(super) fn agree_with(&self, saved: &Choices) -> anyhow::Result<()> {
        let recover: BTreeMap<_, _> = self.recover.iter().cloned().collect();
        let (routes, consumers) = (&saved.selection.routes, &saved.selection.consumers);
        let flags = [
            ("--prune", self.prune, saved.prune),
            ("--resume", self.resume, saved.resume),
            ("--refresh", self.refresh, saved.refresh),
            ("--recover", !recover.is_empty(), recover == saved.recover),
            (
                "--target-route",
                !self.target_route.is_empty(),
                sorted(&self.target_route) == *routes,
            ),
            (
                "--select",
                !self.select.is_empty(),
                sorted(&self.select) == *consumers,
            ),
        ];
        let mut flags = flags.into_iter();
        if let Some((flag, ..)) = flags.find(|(_, is_given, is_same)| *is_given && !is_same) {
            bail!(
                "`{flag}` is not what the plan was made with; leave it out, or make another plan with it"
            );
        }
        Ok(())
    }

    /// The routes that are meant. Those that are no more are in no selection, so none is deleted by one.
    fn selection(&self, desired: &Desired) -> anyhow::Result<Selection> {
        let selection = Selection {
            routes: sorted(&self.target_route),
            consumers: sorted(&self.select),
        };
        if self.prune && !selection.is_all() {
            bail!(
                "`--prune` is about routes that are no more, which `--target-route` and `--select` cannot name; leave one of them out"
            );
        }
        selection.check(desired)?;
        Ok(selection)
    }
}

fn sorted(words: &[String]) -> BTreeSet<String> {
    words.iter().cloned().collect()
}

/// Reads `consumer=NAME`.
fn consumer(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some(("consumer", name)) if !name.is_empty() => Ok(name.to_owned()),
        _ => Err("write it like consumer=loan-approval-service".to_owned()),
    }
}

/// Reads `ROUTE=WHERE`.
fn recovery(text: &str) -> Result<(String, Recovery), String> {
    let usage = "write it like my-route=previous, with previous, offsets, earliest, latest or a time such as 2026-01-20T13:30:00Z";
    let (route, place) = text.rsplit_once('=').ok_or(usage)?;
    let place = place.parse().map_err(|_| usage)?;
    Ok((route.to_owned(), place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::start::Start;

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
