//! One route: look, decide, at most one call that changes something, look again.

mod ending;

use tokio::time::{Instant, sleep};

use super::Context;
use super::look::{Sight, taken};
use super::report::{Outcome, Problem, Status};
use super::watch;
use crate::api::{ApiError, Phase};
use crate::plan::decide::{Creation, Rules, Step, Tried, View, Wish, decide};
use crate::plan::{Action, Decision, Entry, LiveStatement, Seen, Unwanted};
use crate::statement::{StatementName, label};

/// How often a call may meet a change, or get no answer, before that counts as a failure.
const TRIES: u32 = 10;

/// Brings a route to where the plan wants it; `None` where there was nothing to do after all. With whether this run or
/// another one has begun it: a call without an answer does not count.
pub(super) async fn carry_out(context: &Context<'_>, entry: &Entry) -> (Option<Outcome>, bool) {
    let mut work = Work::new(context, entry);
    let result = work.drive().await;
    let has_begun = work.wrote || matches!(result, Err(Problem::Overtaken(_)));
    (outcome(entry, &work, result), has_begun)
}

fn outcome(entry: &Entry, work: &Work<'_>, result: Result<End, Problem>) -> Option<Outcome> {
    let is_housekeeping = entry.decision.action == Action::Keep && !work.wrote;
    let has_found_nothing = match &result {
        Ok((status, _)) => *status == Status::Done,
        // Deleting what is retired can wait for the next run; what is not as it was listed cannot.
        Err(_) => !work.is_surprised,
    };
    if is_housekeeping && has_found_nothing {
        return None;
    }
    Some(match result {
        Ok((status, detail)) => Outcome::new(entry, status, detail),
        Err(Problem::Interrupted(_)) if !work.wrote && entry.decision.is_change() => {
            Outcome::new(entry, Status::NotAttempted, "")
        }
        Err(problem) => Outcome::of(entry, Err(problem)),
    })
}

struct Work<'c> {
    context: &'c Context<'c>,
    entry: &'c Entry,
    sight: Sight,
    tried: Tried,
    /// Whether anything was changed.
    wrote: bool,
    /// Whether the world was held against the plan.
    is_confirmed: bool,
    /// Whether the world was not as it was planned for.
    is_surprised: bool,
    /// Calls in a row that came to nothing.
    vain: u32,
    /// Since when the same statement was seen at work.
    running: Option<(StatementName, Instant)>,
    /// When the wait that is under way began.
    waiting_since: Instant,
    /// Whether the one that may have been created without an answer repeats a former one.
    doubtful: Option<Kind>,
    /// A retired statement that was at work beside its successor.
    overlap: Option<String>,
    /// The statement that this run stopped while it was reading, by its uid.
    stopped_reading: Option<String>,
    /// The step that was told last.
    told: &'static str,
}

type End = (Status, String);

/// What a new generation does.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// What is wanted.
    Wanted,
    /// What a former one did.
    Former,
}

impl<'c> Work<'c> {
    fn new(context: &'c Context<'c>, entry: &'c Entry) -> Self {
        Self {
            context,
            entry,
            sight: Sight::of(entry, context),
            tried: Tried::default(),
            wrote: false,
            is_confirmed: false,
            is_surprised: false,
            vain: 0,
            running: None,
            waiting_since: Instant::now(),
            doubtful: None,
            overlap: None,
            stopped_reading: None,
            told: "",
        }
    }

    async fn drive(&mut self) -> Result<End, Problem> {
        loop {
            let seen_at = Instant::now();
            let statements = self.sight.look(self.context).await?;
            if let Some(kind) = self.doubtful.take_if(|_| !self.sight.is_unsettled()) {
                self.created(kind);
            }
            self.note_running(&statements);
            let Some(decision) = self.decide(&statements) else {
                return Ok((
                    Status::Done,
                    "deleted with its position; the topic stays".to_owned(),
                ));
            };
            self.confirm(&decision, &statements)
                .inspect_err(|_| self.is_surprised = true)?;
            let is_write = !matches!(decision.step, Step::Wait | Step::Nothing);
            if is_write {
                self.check_interrupt(&statements)?;
                if seen_at.elapsed() > self.context.options.fresh {
                    self.looked_too_slowly()?;
                    continue;
                }
            }
            match &decision.step {
                Step::Create(creation) => self.create(creation, &statements).await?,
                Step::Stop(seen) => self.stop(seen, &statements, &decision).await?,
                Step::Delete(seen) => self.delete(seen).await?,
                Step::Wait => self.pause(&decision, &statements).await?,
                Step::Nothing => match self.end(&decision, &statements).await {
                    Some(end) => return Ok(end),
                    None => self.pause(&decision, &statements).await?,
                },
            }
        }
    }

    fn decide(&self, statements: &[LiveStatement]) -> Option<Decision> {
        let desired = self.context.desired;
        let wish = match (desired.routes.get(&self.entry.id), self.entry.unwanted) {
            (Some(route), _) => Wish::Route(route, &desired.placement),
            (None, Unwanted::Stop) => Wish::Still,
            (None, Unwanted::Leave) => Wish::Gone { prune: false },
            (None, Unwanted::Delete) => Wish::Gone { prune: true },
        };
        let settle = self.context.options.settle;
        let settled = self.running.as_ref();
        let rules = Rules {
            now: self.context.clock.now(),
            permits: self.entry.permits,
            tried: self.tried,
            settled: settled.is_some_and(|(_, since)| since.elapsed() >= settle),
        };
        let view = View {
            statements,
            around: &self.entry.around,
        };
        decide(view, wish, &rules)
    }

    /// Holds what is decided now against what was planned: nothing else is done than what was reviewed.
    fn confirm(
        &mut self,
        decision: &Decision,
        statements: &[LiveStatement],
    ) -> Result<(), Problem> {
        let (planned, now) = (&self.entry.decision, decision);
        let is_first = !self.is_confirmed;
        self.is_confirmed = true;
        if is_first && let Some(head) = self.entry.current() {
            let is_there = statements.iter().any(|one| one.name == *head);
            let was_deleting = self.entry.statements.last();
            let was_deleting = was_deleting.is_some_and(|one| *one.phase() == Phase::Deleting);
            if !is_there && !was_deleting && planned.action != Action::Delete {
                return Err(Problem::Failed(format!(
                    "`{head}` is gone since it was listed; run the command again"
                )));
            }
        }
        let fits = match planned.action {
            Action::Wait | Action::Keep | Action::Unhealthy => !now.is_change(),
            Action::Conflict => !now.is_change() || now.action == Action::Conflict,
            action if is_first => action == now.action,
            action => !now.action.begins_anew() || action.begins_anew(),
        };
        if fits {
            return Ok(());
        }
        Err(Problem::Failed(format!(
            "it is not as it was planned any more: {}; run the command again",
            now.reason
        )))
    }

    fn note_running(&mut self, statements: &[LiveStatement]) {
        let is_at_work =
            |one: &&LiveStatement| matches!(one.phase(), Phase::Running | Phase::Degraded);
        let head = statements.iter().rev().find(is_at_work);
        let known = self.running.take();
        self.running = head.map(|head| match known {
            Some((name, since)) if name == head.name => (name, since),
            _ => (head.name.clone(), Instant::now()),
        });
    }

    fn check_interrupt(&self, statements: &[LiveStatement]) -> Result<(), Problem> {
        if !self.context.options.waiting.interrupt.is_set() {
            return Ok(());
        }
        let standing = statements.last().map(LiveStatement::standing);
        let standing = standing.unwrap_or_else(|| "nothing was there".to_owned());
        Err(Problem::Interrupted(format!("left when {standing}")))
    }

    /// Notes that a generation was created.
    fn created(&mut self, kind: Kind) {
        match kind {
            Kind::Wanted => self.tried.wanted += 1,
            Kind::Former => self.tried.former = true,
        }
        self.progress();
    }

    /// Notes that a call changed something.
    fn progress(&mut self) {
        self.wrote = true;
        self.vain = 0;
        self.waiting_since = Instant::now();
    }

    /// Notes that a call came to nothing, for `error`; the next look decides anew.
    async fn in_vain(&mut self, error: &ApiError) -> Result<(), Problem> {
        self.vain += 1;
        if self.vain >= TRIES {
            return Err(watch::failed(error));
        }
        sleep(self.context.options.waiting.poll).await;
        Ok(())
    }

    /// Notes that a look took so long that it cannot be acted on.
    fn looked_too_slowly(&mut self) -> Result<(), Problem> {
        self.vain += 1;
        if self.vain < TRIES {
            return Ok(());
        }
        let fresh = watch::seconds(self.context.options.fresh);
        Err(Problem::Failed(format!(
            "the service takes longer than {fresh} to show its statements, too long to act on what was seen; run the command again with a smaller `--parallelism`"
        )))
    }

    async fn create(
        &mut self,
        creation: &Creation,
        statements: &[LiveStatement],
    ) -> Result<(), Problem> {
        let name = &creation.name;
        self.step("creating the statement");
        let desired = self.context.desired;
        let Some(route) = desired.routes.get(&self.entry.id) else {
            let reason = "the plan was made for other routes; run the command again";
            return Err(Problem::Failed(reason.to_owned()));
        };
        let run = self.context.options.run.as_deref();
        let former = creation.again.as_ref().and_then(|former| {
            let mut all = statements.iter();
            let former = all.find(|one| one.name.as_str() == former)?;
            let recorded = label::fingerprint(&former.statement)?;
            Some(desired.repetition(&former.statement, &recorded, name, &creation.origin, run))
        });
        let kind = former.as_ref().map_or(Kind::Wanted, |_| Kind::Former);
        let new = former.unwrap_or_else(|| desired.statement(route, name, &creation.origin, run));
        match self.context.client.create(&new).await {
            Ok(created) => {
                self.sight.add(name, &created);
                self.doubtful = None;
                self.created(kind);
                Ok(())
            }
            Err(error @ ApiError::Conflict { .. }) if !self.sight.is_unsettled() => {
                Err(self.lost(&error, name).await)
            }
            Err(error) if error.is_ambiguous() || self.sight.is_unsettled() => {
                self.sight.may_have_created(new);
                self.doubtful = Some(kind);
                self.in_vain(&error).await
            }
            Err(error) => Err(watch::failed(&error)),
        }
    }

    /// Who has the name that was to be created.
    async fn lost(&self, error: &ApiError, name: &StatementName) -> Problem {
        match self.context.client.get(name.as_str()).await {
            Ok(Some(found)) => taken(self.context, &found),
            Ok(None) => watch::failed(error),
            Err(error) => watch::failed(&error),
        }
    }

    async fn stop(
        &mut self,
        seen: &Seen,
        statements: &[LiveStatement],
        decision: &Decision,
    ) -> Result<(), Problem> {
        self.step("stopping the statement");
        let mut all = statements.iter();
        let Some(live) = all.find(|one| one.statement.metadata.uid == seen.uid) else {
            return Ok(());
        };
        if decision.action == Action::Conflict {
            self.overlap = Some(seen.name.clone());
        }
        match self.context.client.set_stopped(&live.statement, true).await {
            Ok(()) => {
                if matches!(live.phase(), Phase::Running | Phase::Degraded) {
                    self.stopped_reading = Some(seen.uid.clone());
                }
                if live.reference().is_some_and(|name| live.waits_for(name)) {
                    self.tried.given_up = Some(live.name.generation());
                }
                self.progress();
            }
            Err(error @ ApiError::Conflict { .. }) => self.in_vain(&error).await?,
            Err(error) if error.is_ambiguous() => self.in_vain(&error).await?,
            Err(error) => return Err(watch::failed(&error)),
        }
        Ok(())
    }

    async fn delete(&mut self, seen: &Seen) -> Result<(), Problem> {
        self.step("deleting the statement");
        let deleted = self.context.client.delete(&seen.name).await;
        deleted.map_err(|error| watch::failed(&error))?;
        self.progress();
        Ok(())
    }

    /// Waits for the next look, unless the time is up or the user wants to stop.
    async fn pause(
        &mut self,
        decision: &Decision,
        statements: &[LiveStatement],
    ) -> Result<(), Problem> {
        let waiting = &self.context.options.waiting;
        self.step("waiting for the service");
        self.check_interrupt(statements)?;
        if self.waiting_since.elapsed() >= waiting.timeout {
            let mut why = decision.reason.clone();
            for one in statements {
                why = watch::with_room(self.context.client, &one.statement, why).await;
            }
            return Err(Problem::Failed(format!(
                "gave up after {}: {why}; run the command again to go on waiting",
                watch::seconds(waiting.timeout),
            )));
        }
        sleep(waiting.poll).await;
        Ok(())
    }

    /// Tells what is being done, once for as long as it lasts.
    fn step(&mut self, what: &'static str) {
        if self.told != what {
            self.told = what;
            self.context.progress.step(&self.entry.title, what);
        }
    }
}
