//! A plan for people: what changes, with reasons; what is unchanged is counted alone.

use std::fmt::Write as _;

use super::{Action, Entry, Plan};

/// Renders everything but the last line. Unchanged routes are left out; unhealthy ones are not.
pub fn render(plan: &Plan, prune: bool) -> String {
    let mut text = String::new();
    let shown: Vec<&Entry> = plan
        .entries
        .iter()
        .filter(|entry| !matches!(entry.judgement.action, Action::Keep))
        .collect();
    for entry in shown {
        let _ = entry_lines(&mut text, entry, prune);
    }
    text
}

fn entry_lines(text: &mut String, entry: &Entry, prune: bool) -> std::fmt::Result {
    let action = &entry.judgement.action;
    let (sign, word) = match action {
        Action::Create { .. } => ('+', "create"),
        Action::Replace { .. } => ('~', "replace"),
        Action::Update { .. } => ('~', "update"),
        Action::Stop { .. } => ('-', "stop"),
        Action::Delete { .. } if prune => ('-', "delete"),
        Action::Delete { .. } => (' ', "orphaned"),
        Action::Keep | Action::KeepUnhealthy => ('!', "unhealthy"),
        Action::Wait => ('!', "wait"),
        Action::Blocked => ('!', "blocked"),
    };
    writeln!(text, "{sign} {word:<9} {}", entry.route)?;
    if let Some(topic) = &entry.topic {
        writeln!(text, "    topic      {topic}")?;
    }
    match action {
        Action::Create { name, .. } => writeln!(text, "    statement  {name}")?,
        Action::Delete { statements } if statements.len() > 1 => {
            for name in statements {
                writeln!(text, "    statement  {name}")?;
            }
        }
        _ => {
            if let Some(name) = &entry.current {
                writeln!(text, "    statement  {name}")?;
            }
        }
    }
    writeln!(text, "    reason     {}", entry.judgement.reason)?;
    match &entry.judgement.remedy {
        Some(remedy) if !(prune && matches!(action, Action::Delete { .. })) => {
            writeln!(text, "    note       {remedy}")
        }
        _ => Ok(()),
    }
}
