//! What should run on one target compared with what should run on another. No service is asked, and `${NAME}` in a
//! target stays as it is written.

use std::collections::{BTreeMap, BTreeSet};

use super::live::insert;
use super::text::readable;
use super::{Base, Comparison, Meaning, RouteDiff, Setting, Texts, Verdict};
use crate::project::environment::EnvironmentText;
use crate::project::target::{Backend, Host, Target};
use crate::sql::{self, CreateTable, Ident, Insert, RenderError, Templates};
use crate::statement::{Compilation, CompiledInsert};

/// What should run on a target.
#[derive(Debug, Clone, Copy)]
pub struct Side<'s> {
    /// The target.
    pub target: &'s Target,
    /// The SQL of its routes.
    pub compilation: &'s Compilation<'s>,
}

/// A sink of a route on a target, told from others by the route's name and its place among the route's sinks.
type Key<'s> = (&'s str, usize);

/// Compares all routes, and the targets. Topics that differ by the targets' suffixes
/// alone count as the same.
///
/// # Errors
/// The built-in templates cannot be read: a defect of this program.
pub fn compare(base: Side<'_>, side: Side<'_>) -> Result<Comparison, RenderError> {
    let templates = Templates::load(&BTreeMap::new())?;
    let (old, new) = (base.sinks(), side.sinks());
    let keys: BTreeSet<&Key<'_>> = old.keys().chain(new.keys()).collect();
    let pair = Pair {
        base,
        side,
        templates,
    };
    let routes = keys.into_iter();
    let routes = routes.filter_map(|key| pair.route(old.get(key).copied(), new.get(key).copied()));
    Ok(Comparison {
        target: side.target.name.value.clone(),
        base: Base::Target(base.target.name.value.clone()),
        settings: settings(base.target, side.target),
        routes: routes.collect(),
    })
}

impl<'s> Side<'s> {
    /// The enabled sinks.
    fn sinks(self) -> BTreeMap<Key<'s>, &'s CompiledInsert<'s>> {
        let inserts = self.compilation.inserts.iter();
        let inserts = inserts.filter(|one| one.enabled);
        let keyed = inserts.filter_map(|one| {
            let mut sinks = one.route.sinks.iter();
            let place = sinks.position(|sink| std::ptr::eq(sink, one.sink))?;
            Some(((one.route.name.value.as_str(), place), one))
        });
        keyed.collect()
    }

    /// What a sink is without the target's suffix: its INSERT and its table.
    fn bare(self, one: &CompiledInsert<'_>) -> Result<(Insert, Option<CreateTable>), String> {
        let topic = Ident::from(one.sink.topic.value.as_str());
        let mut insert = insert(&one.text)?;
        insert.sink = topic.clone();
        let table = self.compilation.tables.get(&one.identity.topic);
        let table = table.and_then(|table| match sql::parse(&table.text) {
            Ok(sql::Statement::CreateTable(table)) => Some(CreateTable {
                name: topic,
                ..table
            }),
            _ => None,
        });
        Ok((insert, table))
    }
}

struct Pair<'s> {
    base: Side<'s>,
    side: Side<'s>,
    templates: Templates,
}

impl Pair<'_> {
    fn route(
        &self,
        old: Option<&CompiledInsert<'_>>,
        new: Option<&CompiledInsert<'_>>,
    ) -> Option<RouteDiff> {
        let either = new.or(old)?;
        let mut diff = RouteDiff {
            route: either.route.name.value.clone(),
            title: either.title.clone(),
            topic: Some(either.identity.topic.clone()),
            statement: None,
            verdict: Verdict::Unchanged,
            settings: Vec::new(),
            texts: None,
        };
        let bare = |side: Side<'_>, one: Option<&CompiledInsert<'_>>| {
            one.map(|one| side.bare(one)).transpose()
        };
        let (old, new) = match (bare(self.base, old), bare(self.side, new)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => {
                diff.verdict = Verdict::Unreadable(why);
                return Some(diff);
            }
        };
        diff.verdict = match (&old, &new) {
            (None, _) => Verdict::New,
            (_, None) => Verdict::Gone,
            (Some((old, old_table)), Some((new, new_table))) => {
                let meaning = Meaning {
                    table: old_table != new_table,
                    ..Meaning::of(old, new)
                };
                if meaning.is_same() {
                    return Some(diff);
                }
                Verdict::Changed(meaning)
            }
        };
        let name = |side: Side<'_>| format!("{}/{}", side.target.name.value, diff.title);
        diff.texts = Some(Texts {
            old: self.lines(old.as_ref()),
            new: self.lines(new.as_ref()),
            old_name: name(self.base),
            new_name: name(self.side),
        });
        Some(diff)
    }

    fn lines(&self, of: Option<&(Insert, Option<CreateTable>)>) -> String {
        let Some((insert, table)) = of else {
            return String::new();
        };
        let insert = readable(insert, &self.templates);
        let table = table.clone().map(sql::Statement::CreateTable);
        let table = table.and_then(|table| self.templates.show(&table).ok());
        format!("{insert}\n{}", table.unwrap_or_default())
    }
}

/// How the targets themselves differ.
fn settings(base: &Target, side: &Target) -> Vec<Setting> {
    let (old, new) = (written(base), written(side));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let settings = keys.into_iter().filter_map(|key| {
        let value = |of: &BTreeMap<&str, String>| of.get(key).cloned();
        Setting::differing(key, value(&old).as_deref(), value(&new).as_deref())
    });
    settings.collect()
}

/// What a target says, as it is written.
fn written(target: &Target) -> BTreeMap<&'static str, String> {
    let text = |text: &EnvironmentText| text.as_written().to_owned();
    let mut written = BTreeMap::new();
    let mut say = |key, value: Option<String>| written.extend(value.map(|value| (key, value)));
    say(
        "topic-suffix",
        Some(target.topic_suffix.clone()).filter(|suffix| !suffix.is_empty()),
    );
    match &target.backend {
        Backend::Emulator { endpoint } => {
            say("backend", Some("emulator".to_owned()));
            say("endpoint", endpoint.as_ref().map(text));
        }
        Backend::Confluent(confluent) => {
            say("backend", Some("confluent".to_owned()));
            match &confluent.host {
                Host::Region { cloud, region } => {
                    say("cloud", Some((*cloud).to_owned()));
                    say("region", Some(text(region)));
                }
                Host::Endpoint(endpoint) => say("endpoint", Some(text(endpoint))),
                Host::FromEnvironment => {}
            }
            say("organization", confluent.organization.as_ref().map(text));
            say("environment", confluent.environment.as_ref().map(text));
            say("compute-pool", confluent.compute_pool.as_ref().map(text));
            say("database", confluent.database.as_ref().map(text));
            say(
                "service-account",
                confluent.service_account.as_ref().map(text),
            );
        }
    }
    written
}
