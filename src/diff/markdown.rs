//! A comparison as a comment on a pull request.

use super::{Base, Comparison, RouteDiff, Setting, Texts};
use crate::markdown::{Report, code, details, list, prose};

/// Renders a comparison within the limit of a comment: the summary first, then what differs, then the SQL.
pub fn render(comparison: &Comparison) -> String {
    let mut report = Report::new(&format!("**{}**", comparison.summary()));
    let base = match &comparison.base {
        Base::Live => "what runs".to_owned(),
        Base::Target(base) => code(base),
    };
    let target = code(&comparison.target);
    report.say(&format!("Target {target} compared with {base}."));
    let is_same = comparison.differences().next().is_none();
    if is_same && comparison.base != Base::Live {
        let words = super::human::same_meaning(comparison);
        report.say(&format!("{}.", prose(&words)));
    }
    let settings = comparison.settings.iter().map(|setting| {
        let Setting { name, .. } = setting;
        [name.as_str(), setting.before(), setting.after()].map(code)
    });
    report.table("setting", ["setting", "before", "after"], settings);
    let rows = comparison.differences().map(|route| {
        let mut what = route.explanations();
        what.extend(route.settings.iter().map(|setting| {
            let (before, after) = (setting.before(), setting.after());
            format!("`{}`: `{before}`, now `{after}`", setting.name)
        }));
        [
            code(&route.title),
            route.words().join(", "),
            list(what.iter().map(|line| prose(line))),
        ]
    });
    report.table("route", ["route", "change", "what that means"], rows);
    report.details("SQL diff", comparison.differences().filter_map(sql));
    report.fit()
}

/// The change of a route's SQL, folded; `None` where there is none.
pub(crate) fn sql(route: &RouteDiff) -> Option<String> {
    let diff = route.texts.as_ref().map(Texts::unified)?;
    let summary = format!("{}: {}", code(&route.title), route.words().join(", "));
    (!diff.is_empty()).then(|| details(&summary, "diff", &diff))
}
