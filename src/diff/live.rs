//! What should run compared with what runs.

use std::collections::{BTreeMap, BTreeSet};

use super::text::{comments, readable};
use super::{Base, Comparison, Meaning, RouteDiff, Setting, Texts, Verdict};
use crate::api::{Phase, Statement};
use crate::plan::position::is_at_work;
use crate::plan::{Live, LiveStatement};
use crate::sql::{self, Insert, ParseError, RenderError, Templates};
use crate::statement::desired::Origin;
use crate::statement::{Desired, DesiredRoute, desired, label};

/// Compares what should run on a target with what runs.
#[derive(Debug)]
pub struct Comparer<'d> {
    desired: &'d Desired,
    templates: Templates,
}

/// What runs of a route: the newest that is at work, or else the newest.
pub fn running(statements: &[LiveStatement]) -> Option<&LiveStatement> {
    let runs = |one: &&LiveStatement| matches!(one.phase(), Phase::Running | Phase::Degraded);
    let newest_first = statements.iter().rev();
    newest_first.clone().find(runs).or(statements.last())
}

/// What it means to replace what runs of a route; `None` where that cannot be read.
pub fn meaning(statements: &[LiveStatement], route: &DesiredRoute) -> Option<Meaning> {
    let live = running(statements)?;
    let old = insert(&live.statement.spec.statement).ok()?;
    let new = insert(&route.text).ok()?;
    Some(Meaning::of(&old, &new))
}

impl<'d> Comparer<'d> {
    /// A comparer for what should run.
    ///
    /// # Errors
    /// The built-in templates cannot be read: a defect of this program.
    pub fn new(desired: &'d Desired) -> Result<Self, RenderError> {
        let templates = Templates::load(&BTreeMap::new())?;
        Ok(Self { desired, templates })
    }

    /// Compares all routes, and what runs of routes that are no more.
    pub fn all(&self, live: &Live) -> Comparison {
        let wanted = self.desired.routes.values();
        let claimed: BTreeSet<_> = wanted.clone().flat_map(DesiredRoute::ids).collect();
        let wanted = wanted.filter_map(|route| self.route(route, &live.of(&route.ids())));
        let gone = live.routes.iter();
        let gone = gone.filter(|(id, _)| !claimed.contains(*id));
        let gone = gone.filter_map(|(_, statements)| self.gone(statements));
        let mut routes: Vec<_> = wanted.chain(gone).collect();
        routes.sort_by(|a, b| (&a.title, &a.topic).cmp(&(&b.title, &b.topic)));
        Comparison {
            target: self.desired.target.clone(),
            base: Base::Live,
            settings: Vec::new(),
            routes,
        }
    }

    /// Compares a route with its statements; `None` where there is neither a statement nor one wanted.
    pub fn route(&self, route: &DesiredRoute, statements: &[LiveStatement]) -> Option<RouteDiff> {
        let live = running(statements).map(|live| &live.statement);
        let mut diff = RouteDiff {
            route: route.identity.route.clone(),
            title: route.title.clone(),
            topic: Some(route.identity.topic.clone()),
            statement: live.map(|live| live.name.clone()),
            verdict: Verdict::Unchanged,
            settings: Vec::new(),
            texts: None,
        };
        match live {
            None if !route.enabled => return None,
            None => {
                diff.verdict = Verdict::New;
                let text = insert(&route.text);
                let text = text.map_or_else(|_| route.text.clone(), |it| self.lines(&it));
                diff.texts = Some(named(&diff, String::new(), text));
            }
            Some(live) if !route.enabled => {
                let at_work = statements.iter().any(|one| is_at_work(&one.statement));
                if at_work {
                    diff.verdict = Verdict::Disabled;
                    diff.texts = Some(named(&diff, self.live_lines(live), String::new()));
                }
            }
            Some(live) => self.compare(&mut diff, route, live),
        }
        Some(diff)
    }

    /// The statements of a route that is no more.
    pub fn gone(&self, statements: &[LiveStatement]) -> Option<RouteDiff> {
        let live = &running(statements)?.statement;
        let mut diff = RouteDiff {
            route: live.name.clone(),
            title: live.name.clone(),
            topic: None,
            statement: Some(live.name.clone()),
            verdict: Verdict::Gone,
            settings: Vec::new(),
            texts: None,
        };
        diff.texts = Some(named(&diff, self.live_lines(live), String::new()));
        Some(diff)
    }

    fn compare(&self, diff: &mut RouteDiff, route: &DesiredRoute, live: &Statement) {
        let recorded = label::fingerprint(live);
        let wanted = &route.fingerprint;
        let same = |one: fn(&crate::statement::Fingerprint) -> &str| {
            let recorded = recorded.as_ref();
            recorded.is_some_and(|recorded| one(recorded) == one(wanted))
        };
        let is_same_content = same(|it| &it.content);
        diff.settings = self.settings(route, live, is_same_content);
        let (old_text, new_text) = (&live.spec.statement, &route.text);
        if is_same_content {
            if !same(|it| &it.text) {
                diff.verdict = if comments(old_text) == comments(new_text) {
                    Verdict::Rendering
                } else {
                    Verdict::Cosmetic
                };
                diff.texts = Some(named(diff, old_text.clone(), new_text.clone()));
            }
            return;
        }
        let (old, new) = match (insert(old_text), insert(new_text)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => {
                diff.verdict = Verdict::Unreadable(why);
                diff.texts = Some(named(diff, old_text.clone(), new_text.clone()));
                return;
            }
        };
        let meaning = Meaning::of(&old, &new);
        if !meaning.is_same() {
            diff.verdict = Verdict::Changed(meaning);
            diff.texts = Some(named(diff, self.lines(&old), self.lines(&new)));
        } else if diff.settings.is_empty() {
            // Its labels say something else than its text and properties: made by another version, or by another hand.
            diff.verdict = Verdict::Rendering;
        }
    }

    /// Pool, principal, labels and, where the content differs, the properties that shape what a statement does.
    fn settings(&self, route: &DesiredRoute, live: &Statement, same_content: bool) -> Vec<Setting> {
        let placement = &self.desired.placement;
        let spec = &live.spec;
        let placed = [
            (
                "compute pool",
                &placement.compute_pool,
                &spec.compute_pool_id,
            ),
            ("principal", &placement.principal, &spec.principal),
        ];
        let placed = placed.into_iter().filter_map(|(name, wanted, live)| {
            let wanted = wanted.as_deref()?;
            Setting::differing(name, live.as_deref(), Some(wanted))
        });
        let mut settings: Vec<_> = placed.collect();
        let lost = label::lost(live).into_iter();
        settings.extend(lost.map(|label| Setting {
            name: format!("label {label}"),
            old: None,
            new: Some("recorded".to_owned()),
        }));
        let added = label::added(live).into_iter();
        settings.extend(added.map(|label| Setting {
            name: format!("label {label}"),
            old: Some("set".to_owned()),
            new: None,
        }));
        if !same_content {
            settings.extend(self.properties(route, live));
        }
        settings
    }

    fn properties(&self, route: &DesiredRoute, live: &Statement) -> Vec<Setting> {
        let name = route.identity.name(1);
        let origin = Origin::Start(route.start);
        let wanted = self
            .desired
            .statement(route, &name, &origin, None)
            .properties;
        let shapes = |key: &&String| key.starts_with("sql.") && !desired::says_start(key);
        let keys = wanted.keys().chain(live.spec.properties.keys());
        let keys: BTreeSet<&String> = keys.filter(shapes).collect();
        let value = |of: &BTreeMap<String, String>, key: &String| of.get(key).cloned();
        let settings = keys.into_iter().filter_map(|key| {
            let (old, new) = (value(&live.spec.properties, key), value(&wanted, key));
            Setting::differing(key, old.as_deref(), new.as_deref())
        });
        settings.collect()
    }

    fn lines(&self, insert: &Insert) -> String {
        readable(insert, &self.templates)
    }

    fn live_lines(&self, live: &Statement) -> String {
        let text = &live.spec.statement;
        insert(text).map_or_else(|_| text.clone(), |insert| self.lines(&insert))
    }
}

fn named(diff: &RouteDiff, old: String, new: String) -> Texts {
    Texts {
        old,
        new,
        old_name: diff.statement.clone().unwrap_or_default(),
        new_name: diff.title.clone(),
    }
}

/// The INSERT that a text is, or why it is none.
pub(super) fn insert(text: &str) -> Result<Insert, String> {
    let unreadable = |error: ParseError| {
        let ParseError {
            line,
            column,
            message,
        } = error;
        format!("{message} (line {line}, column {column})")
    };
    match sql::parse(text).map_err(unreadable)? {
        sql::Statement::Insert(insert) => Ok(insert),
        _ => Err("it is no INSERT".to_owned()),
    }
}
