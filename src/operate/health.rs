//! How each route does: what `status` shows of a whole project.
//!
//! Judged from a listing, as one look at every statement would be too many; nothing is changed on these grounds.

use jiff::{SignedDuration, SpanRound, Timestamp, Unit};

use crate::api::{Phase, Statement};
use crate::plan::LiveStatement;
use crate::plan::standing::reason;

use super::inventory::{Inventory, Place, head};
use super::roster::Wanted;

/// By what to judge.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The time.
    pub now: Timestamp,
    /// How long a statement may be PENDING.
    pub settle: SignedDuration,
}

/// How a route does, or a statement that belongs to none.
#[derive(Debug)]
pub struct Health<'i> {
    /// What it is.
    pub place: Place<'i>,
    /// The statement that this is about; none where the route is not deployed.
    pub statement: Option<Statement>,
    /// Whether all is well.
    pub is_healthy: bool,
    /// Why, or what there is to know; may be empty.
    pub why: String,
}

/// What is wanted of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Runs,
    Rests,
    /// Nobody says.
    Open,
}

type Verdict = Result<String, String>;

impl Inventory {
    /// How everything does that the project has or should have: routes by title, then the rest by name. Tasks are no
    /// news unless they fail.
    pub fn health(&self, rules: Rules) -> Vec<Health<'_>> {
        let routes = self
            .roster
            .routes
            .iter()
            .map(|one| self.of_route(one, rules));
        let mut routes: Vec<_> = routes.collect();
        routes.sort_by(|a, b| a.place.title().cmp(b.place.title()));
        let mut rest: Vec<_> = self.rest(rules).collect();
        let name = |one: &Health<'_>| one.statement.as_ref().map(|one| one.name.clone());
        rest.sort_by_key(name);
        routes.extend(rest);
        routes
    }

    /// How the route does that a statement belongs to, or the statement itself where it belongs to none.
    pub fn health_of(&self, statement: &Statement, rules: Rules) -> Health<'_> {
        match self.place(statement) {
            Place::Route(wanted) if self.is_latest(statement) => self.of_route(wanted, rules),
            place => of_statement(place, statement, rules),
        }
    }

    fn is_latest(&self, statement: &Statement) -> bool {
        let generations = self.generations(statement);
        let last = generations.last();
        last.is_some_and(|last| last.name.as_str() == statement.name) || self.is_head(statement)
    }

    fn of_route<'i>(&'i self, wanted: &'i Wanted, rules: Rules) -> Health<'i> {
        let generations = self.live.of(&wanted.ids());
        let (statement, verdict) = match (head(&generations), generations.last()) {
            (Some(head), Some(last)) => judge(wanted, &generations, head, last, rules),
            _ if !wanted.is_enabled => (None, Ok("disabled".to_owned())),
            _ => (
                None,
                Err("not deployed; `routectl plan` says what `apply` would do".to_owned()),
            ),
        };
        Health::new(Place::Route(wanted), statement, verdict)
    }

    fn rest(&self, rules: Rules) -> impl Iterator<Item = Health<'_>> {
        let of_routes = self.live.routes.values().filter_map(|of_id| of_id.last());
        let of_routes = of_routes.map(|one| &one.statement);
        let others = of_routes
            .chain(&self.live.unrecognized)
            .chain(&self.foreign);
        let others = others.map(move |one| of_statement(self.place(one), one, rules));
        let others = others.filter(|one| one.place.route().is_none());
        let tasks = self.live.tasks.iter();
        let tasks = tasks.map(move |one| of_statement(Place::Table, one, rules));
        others.chain(tasks.filter(|one| !one.is_healthy))
    }
}

impl<'i> Health<'i> {
    fn new(place: Place<'i>, statement: Option<Statement>, verdict: Verdict) -> Self {
        Self {
            place,
            statement,
            is_healthy: verdict.is_ok(),
            why: verdict.unwrap_or_else(|why| why),
        }
    }
}

fn judge(
    wanted: &Wanted,
    generations: &[LiveStatement],
    head: &LiveStatement,
    last: &LiveStatement,
    rules: Rules,
) -> (Option<Statement>, Verdict) {
    let at_work = generations.iter().filter(|one| {
        let phase = one.phase();
        matches!(phase, Phase::Running | Phase::Degraded | Phase::Failing)
    });
    let at_work: Vec<_> = at_work.map(|one| format!("`{}`", one.name)).collect();
    let shown = |one: &LiveStatement| Some(one.statement.clone());
    if at_work.len() > 1 {
        let names = at_work.join(" and ");
        let why = format!("{names} run side by side: events are written twice");
        return (shown(last), Err(why));
    }
    if head.name != last.name && *last.phase() == Phase::Failed {
        let runs_on = format!("`{}` runs on in its place", head.name);
        let why = joined(&[&reason(&last.statement), &runs_on]);
        return (shown(last), Err(why));
    }
    let wish = if wanted.is_enabled {
        Wish::Runs
    } else {
        Wish::Rests
    };
    let verdict = phase(&head.statement, wish, rules);
    let verdict = verdict.map(|why| match wish {
        Wish::Rests => "disabled; its position is kept".to_owned(),
        Wish::Runs | Wish::Open => why,
    });
    (shown(head), verdict)
}

fn of_statement<'i>(place: Place<'i>, statement: &Statement, rules: Rules) -> Health<'i> {
    let is_done = statement.status.phase == Phase::Completed;
    let verdict = match place {
        Place::Table | Place::Unrecognized | Place::Foreign if is_done => Ok(String::new()),
        _ => phase(statement, Wish::Open, rules),
    };
    let verdict = verdict.map(|why| match place {
        Place::Orphan if why.is_empty() => {
            "no route of the project has its id; `apply --prune` deletes it".to_owned()
        }
        Place::Unknown if why.is_empty() => {
            "no route that could be read has its id, and not all could".to_owned()
        }
        _ => why,
    });
    Health::new(place, Some(statement.clone()), verdict)
}

/// Whether a phase is a good one for what is wanted.
fn phase(statement: &Statement, wish: Wish, rules: Rules) -> Verdict {
    let and = |more: &str| joined(&[&reason(statement), more]);
    match (&statement.status.phase, wish) {
        (Phase::Running | Phase::Degraded | Phase::Pending, Wish::Rests) => {
            Err(and("the route is disabled; `routectl apply` stops it"))
        }
        (Phase::Pending, _) => pending(statement, rules),
        (Phase::Stopped | Phase::Stopping, Wish::Runs) => Err(and(
            "the route is enabled; `routectl resume` goes on where it stopped",
        )),
        (Phase::Running | Phase::Stopped | Phase::Stopping, _) | (Phase::Deleting, Wish::Open) => {
            Ok(String::new())
        }
        (Phase::Other(_), _) => Err(and(
            "this phase is unknown; a newer version of routectl may know it",
        )),
        (Phase::Completed, Wish::Runs | Wish::Rests) => {
            Err(and("it has ended, though its source never ends"))
        }
        _ => Err(reason(statement)),
    }
}

fn pending(statement: &Statement, rules: Rules) -> Verdict {
    let reason = reason(statement);
    let age = statement.metadata.created_at;
    let Some(age) = age.map(|created| rules.now.duration_since(created)) else {
        return Err(reason);
    };
    if age <= rules.settle {
        return Ok(reason);
    }
    let to_seconds = SpanRound::new().smallest(Unit::Second).largest(Unit::Hour);
    let age = jiff::Span::try_from(age).and_then(|age| age.round(to_seconds));
    let age = age.map_or("long".to_owned(), |age| format!("{age:#}"));
    Err(joined(&[&reason, &format!("created {age} ago")]))
}

fn joined(words: &[&str]) -> String {
    let words: Vec<_> = words
        .iter()
        .copied()
        .filter(|one| !one.is_empty())
        .collect();
    words.join("; ")
}
