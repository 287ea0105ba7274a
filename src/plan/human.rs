//! A plan for people: a line for each route that is not as it should be, then what can be done about them.
//! What is unchanged is counted alone. Styled; strip it where that is not wanted.

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Action, Drift, Entry, Plan};
use crate::diff::Meaning;

/// Renders everything but drift and the last line.
pub fn render(plan: &Plan) -> String {
    let is_shown = |entry: &&Entry| entry.decision.action != Action::Keep;
    let shown: Vec<&Entry> = plan.entries.iter().filter(is_shown).collect();
    let width = shown.iter().map(|entry| entry.title.len()).max();
    let mut text = String::new();
    for entry in &shown {
        let (sign, word, style) = look(entry.decision.action);
        let (route, what) = (&entry.title, what(entry));
        let width = width.unwrap_or_default();
        let _ = writeln!(
            text,
            "{style}{sign} {word:<9}{style:#} {route:<width$}  {what}"
        );
    }
    let remedies = remedies(&shown);
    if !remedies.is_empty() {
        text.push('\n');
    }
    for (remedy, routes) in remedies {
        let bold = Style::new().bold();
        let _ = writeln!(
            text,
            "{bold}help{bold:#} for {}: {remedy}",
            several(&routes)
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn look(action: Action) -> (char, &'static str, Style) {
    let colored = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    let (sign, style) = match action {
        Action::Create | Action::Resume | Action::Restart => ('+', colored(AnsiColor::Green)),
        Action::Replace | Action::Update => ('~', colored(AnsiColor::Yellow)),
        Action::Stop | Action::Delete => ('-', colored(AnsiColor::Red)),
        Action::Orphaned => (' ', Style::new().dimmed()),
        Action::Keep | Action::Unhealthy | Action::Wait => ('!', colored(AnsiColor::Yellow)),
        Action::Blocked | Action::Conflict => ('!', colored(AnsiColor::Red).bold()),
    };
    (sign, action.word(), style)
}

/// Why something is done, with what it means and where reading begins or goes on.
pub(super) fn what(entry: &Entry) -> String {
    let words = entry
        .meaning
        .as_ref()
        .map(Meaning::words)
        .unwrap_or_default();
    let reason = match words.as_slice() {
        [] => Cow::Borrowed(&entry.decision.reason),
        words => Cow::Owned(format!("{}: {}", words.join(", "), entry.decision.reason)),
    };
    match (
        entry.decision.action,
        &entry.topic,
        entry.decision.creation(),
    ) {
        (Action::Create, Some(topic), Some(new)) => format!("to {topic}, from {}", new.origin),
        (Action::Delete, _, _) if entry.statements.len() > 1 => {
            format!("{reason}; {} statements", entry.statements.len())
        }
        _ => reason.into_owned(),
    }
}

/// Renders what is not as it was left, apart from what the routes ask for.
pub fn drift(plan: &Plan) -> String {
    let mut text = String::new();
    if plan.drift.is_empty() {
        return text;
    }
    let bold = Style::new().bold();
    let _ = writeln!(text, "{bold}drift{bold:#}: not as it was left");
    let route = |drift: &Drift| drift.route.clone().unwrap_or_else(|| "(none)".to_owned());
    let kinds = plan.drift.iter().map(|one| one.kind.word().len()).max();
    let routes = plan.drift.iter().map(|one| route(one).len()).max();
    let (kinds, routes) = (kinds.unwrap_or_default(), routes.unwrap_or_default());
    for one in &plan.drift {
        let (kind, route) = (one.kind.word(), route(one));
        let Drift {
            statement, detail, ..
        } = one;
        let detail = if detail.contains(statement.as_str()) {
            detail.clone()
        } else {
            format!("`{statement}`: {detail}")
        };
        let _ = writeln!(text, "! {kind:<kinds$}  {route:<routes$}  {detail}");
    }
    text.push('\n');
    text
}

/// Each remedy once, with the routes that it is for, in the order of its first route.
fn remedies<'p>(shown: &[&'p Entry]) -> Vec<(&'p str, Vec<&'p str>)> {
    let mut remedies: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in shown {
        let Some(remedy) = &entry.decision.remedy else {
            continue;
        };
        match remedies.iter_mut().find(|(known, _)| known == remedy) {
            Some((_, routes)) => routes.push(&entry.title),
            None => remedies.push((remedy, vec![&entry.title])),
        }
    }
    remedies
}

/// `a`, `a and b`, `a, b and 7 more`.
fn several(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [one, two] => format!("`{one}` and `{two}`"),
        [one, two, rest @ ..] => format!("`{one}`, `{two}` and {} more", rest.len()),
    }
}
