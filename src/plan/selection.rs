//! Which routes a command is about.
//!
//! To select by something else that routes say, add it to [`Selection`] with its test in [`Selection::includes`] and its
//! error in [`NothingSelected`].

use std::collections::BTreeSet;

use crate::diagnostic::did_you_mean;
use crate::statement::{Desired, DesiredRoute};

/// Which routes of a project a command is about: all of them, unless it says some. It is about a route for which any part of
/// it speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// These routes, by name with all their topics or by title with one: see [`DesiredRoute::title`].
    pub routes: BTreeSet<String>,
    /// The routes of these consumers.
    pub consumers: BTreeSet<String>,
}

/// A part of a selection that is about no route.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NothingSelected {
    /// There is no such route.
    #[error("there is no route `{name}` in the project; {hint}")]
    Route {
        /// The name.
        name: String,
        /// What may be meant.
        hint: String,
    },
    /// No route has this consumer.
    #[error("no route of the project has the consumer `{name}`; {hint}")]
    Consumer {
        /// The name.
        name: String,
        /// What may be meant.
        hint: String,
    },
}

impl Selection {
    /// Whether it is about all routes, those included that are no more.
    pub fn is_all(&self) -> bool {
        let Self { routes, consumers } = self;
        routes.is_empty() && consumers.is_empty()
    }

    /// Whether it is about a route.
    pub fn includes(&self, route: &DesiredRoute) -> bool {
        let of_consumer = |consumer| self.consumers.contains(consumer);
        self.is_all()
            || self.routes.contains(&route.identity.route)
            || self.routes.contains(&route.title)
            || route.consumer.as_ref().is_some_and(of_consumer)
    }

    /// Looks whether each part of it is about some route.
    ///
    /// # Errors
    /// The first part that is about none.
    pub fn check(&self, desired: &Desired) -> Result<(), NothingSelected> {
        let routes = desired.routes.values();
        let names = routes
            .clone()
            .flat_map(|route| [&route.identity.route, &route.title]);
        let names: BTreeSet<&str> = names.map(String::as_str).collect();
        if let Some((name, hint)) = missing(&self.routes, &names) {
            return Err(NothingSelected::Route { name, hint });
        }
        let consumers = routes
            .filter_map(|route| route.consumer.as_deref())
            .collect();
        match missing(&self.consumers, &consumers) {
            Some((name, hint)) => Err(NothingSelected::Consumer { name, hint }),
            None => Ok(()),
        }
    }
}

/// The first of the words that is not known, with what may be meant.
fn missing(words: &BTreeSet<String>, known: &BTreeSet<&str>) -> Option<(String, String)> {
    let word = words.iter().find(|word| !known.contains(word.as_str()))?;
    let known: Vec<_> = known.iter().copied().collect();
    let hint = did_you_mean(word, &known).unwrap_or_else(|| "none has one".to_owned());
    Some((word.clone(), hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixture::{desired, generation, live, plan, route, words};
    use crate::plan::{Choices, Plan};

    fn named(routes: &[&str], consumers: &[&str]) -> Selection {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Selection {
            routes: names(routes),
            consumers: names(consumers),
        }
    }

    /// Routes `a` and `b`, `b` with the two topics `b1` and `b2`; `a` is for `ann`, `b` for `bob`.
    fn project() -> Desired {
        let of = |name: &str, topic: &str, title: &str, consumer: &str| DesiredRoute {
            title: title.to_owned(),
            consumer: Some(consumer.to_owned()),
            ..route(name, topic, "x")
        };
        desired([
            of("a", "a", "a", "ann"),
            of("b", "b1", "b -> b1", "bob"),
            of("b", "b2", "b -> b2", "bob"),
        ])
    }

    fn selected(selection: Selection) -> Plan {
        let gone = generation(&route("gone", "gone", "x"), 1, "RUNNING");
        let choices = Choices {
            selection,
            ..Choices::default()
        };
        plan(&project(), &live([gone]), &choices)
    }

    #[test]
    fn nothing_else_is_in_the_plan() {
        let titles = |selection| {
            let plan = selected(selection);
            let titles = plan.entries.iter().map(|entry| entry.title.as_str());
            titles.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(
            titles(named(&[], &[])),
            "a, b -> b1, b -> b2, p-gone-6w2a7fkj5h-g1"
        );
        assert_eq!(titles(named(&["b"], &[])), "b -> b1, b -> b2");
        assert_eq!(titles(named(&["b -> b2"], &[])), "b -> b2");
        assert_eq!(titles(named(&[], &["ann"])), "a");
        assert_eq!(titles(named(&["b -> b1"], &["ann"])), "a, b -> b1");
    }

    #[test]
    fn the_last_line_counts_what_is_left_out() {
        let plan = selected(named(&["a"], &[]));
        assert_eq!(words(&plan), "a: create");
        assert!(
            plan.summary()
                .to_string()
                .ends_with("0 unchanged, 3 not selected")
        );
    }

    #[test]
    fn drift_of_other_routes_is_left_out() {
        let drift = |selection: Selection| {
            let stopped = generation(&route("a", "a", "x"), 1, "STOPPED");
            let choices = Choices {
                selection,
                ..Choices::default()
            };
            plan(&project(), &live([stopped]), &choices).drift.len()
        };
        assert_eq!(drift(named(&[], &[])), 1);
        assert_eq!(drift(named(&["a"], &[])), 1);
        assert_eq!(drift(named(&["b"], &[])), 0);
    }

    #[test]
    fn what_selects_nothing_is_an_error() {
        let error = |selection: Selection| selection.check(&project()).unwrap_err().to_string();
        insta::assert_snapshot!(error(named(&["c"], &[])), @"there is no route `c` in the project; possible: `a`, `b`, `b -> b1`, `b -> b2`");
        insta::assert_snapshot!(error(named(&["b -> b3"], &[])), @"there is no route `b -> b3` in the project; did you mean `b -> b1`?");
        insta::assert_snapshot!(error(named(&["a"], &["bop"])), @"no route of the project has the consumer `bop`; did you mean `bob`?");
        assert_eq!(named(&["a", "b -> b1"], &["bob"]).check(&project()), Ok(()));
        let nobody = named(&[], &["x"]).check(&desired([route("r", "t", "x")]));
        insta::assert_snapshot!(nobody.unwrap_err(), @"no route of the project has the consumer `x`; none has one");
    }
}
