//! A comparison for machines.

use serde::Serialize;

use super::{Base, Comparison, Setting, Summary, Texts, Verdict};

/// Version of the format; a change that readers must know of raises it.
pub const FORMAT_VERSION: u32 = 1;

/// A comparison as JSON.
#[derive(Debug, Serialize)]
pub struct Document<'c> {
    format_version: u32,
    target: &'c str,
    /// The target that it is compared with; `null` for what runs.
    against: Option<&'c str>,
    summary: Summary,
    settings: Vec<Changed<'c>>,
    routes: Vec<Route<'c>>,
}

#[derive(Debug, Serialize)]
struct Route<'c> {
    name: &'c str,
    title: &'c str,
    topic: Option<&'c str>,
    statement: Option<&'c str>,
    differs: bool,
    meaning: Vec<&'static str>,
    explanations: Vec<String>,
    settings: Vec<Changed<'c>>,
    problem: Option<&'c str>,
    /// The change of the SQL as a unified diff.
    diff: Option<String>,
}

#[derive(Debug, Serialize)]
struct Changed<'c> {
    name: &'c str,
    before: Option<&'c str>,
    after: Option<&'c str>,
}

/// The document of a comparison.
pub fn document(comparison: &Comparison) -> Document<'_> {
    let routes = comparison.routes.iter().map(|route| Route {
        name: &route.route,
        title: &route.title,
        topic: route.topic.as_deref(),
        statement: route.statement.as_deref(),
        differs: route.is_difference(),
        meaning: route.words(),
        explanations: route.explanations(),
        settings: changed(&route.settings),
        problem: match &route.verdict {
            Verdict::Unreadable(why) => Some(why),
            _ => None,
        },
        diff: route.texts.as_ref().map(Texts::unified),
    });
    Document {
        format_version: FORMAT_VERSION,
        target: &comparison.target,
        against: match &comparison.base {
            Base::Live => None,
            Base::Target(name) => Some(name),
        },
        summary: comparison.summary(),
        settings: changed(&comparison.settings),
        routes: routes.collect(),
    }
}

fn changed(settings: &[Setting]) -> Vec<Changed<'_>> {
    let settings = settings.iter().map(|setting| Changed {
        name: &setting.name,
        before: setting.old.as_deref(),
        after: setting.new.as_deref(),
    });
    settings.collect()
}
