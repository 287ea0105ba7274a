//! The paths for people.

use std::collections::HashMap;

use serde_json::Value;

use super::{Line, Listing, words};
use crate::check::catalogue::{NamedPath, Origin};
use crate::cli::ui::{self, plural};
use crate::project::source::Source;
use crate::schema::{FieldPath, OtherKeys, Presence, Segment, Selects};

/// Longer lists of values end in how many there are.
const MOST_VALUES: usize = 8;
/// More fields that are left out are counted.
const MOST_LEFT_OUT: usize = 5;

/// One line a path; with details, what else there is to say stands below it. What holds for an object's fields
/// as for the object is said of the object alone.
pub(super) fn table(listing: &Listing<'_>, details: bool) -> String {
    let head = ["PATH", "TYPE", "NOTES"].map(str::to_owned);
    let paths = &listing.found.paths;
    let by_path: HashMap<&FieldPath, &NamedPath> =
        paths.iter().map(|named| (&named.path, named)).collect();
    let rows = paths.iter().map(|named| {
        let outer = named.path.parent();
        let outer = outer.and_then(|path| by_path.get(&path).copied());
        let notes = notes(listing.source, named, outer).join("; ");
        [named.path.to_string(), words::phrase(named), notes]
    });
    let table = ui::columns(std::iter::once(head).chain(rows).collect());
    if !details {
        return table;
    }
    let mut lines = table.lines();
    let mut text = lines.next().unwrap_or_default().to_owned();
    for (row, line) in lines.zip(listing.lines()) {
        text.push('\n');
        text.push_str(row);
        for (label, detail) in self::details(&line) {
            let label = format!("\n    {label:<8}  ");
            text.extend([label, detail]);
        }
    }
    text.push('\n');
    text
}

/// What to say on standard error.
pub(super) fn summary(listing: &Listing<'_>) -> String {
    let found = listing.found;
    let mut lines = vec![format!(
        "{} of source `{}`",
        plural(found.paths.len(), "path"),
        listing.source.name.value
    )];
    let is_element = |one: &Segment| *one == Segment::Index(0);
    if found
        .paths
        .iter()
        .any(|named| named.path.segments.iter().any(is_element))
    {
        lines.push("`[0]` is the first element of a list, `[1]` the second one".to_owned());
    }
    if !found.complete {
        lines.push(
            "the schema has more paths than are listed; name a PREFIX to see those below it"
                .to_owned(),
        );
    }
    if !found.left_out.is_empty() {
        let count = plural(found.left_out.len(), "path");
        lines.push(format!("left out: {count} that no route can read"));
    }
    for left_out in found.left_out.iter().take(MOST_LEFT_OUT) {
        let reason = &left_out.reason.message;
        lines.push(format!("  {}: {reason}", left_out.path));
    }
    if found.left_out.len() > MOST_LEFT_OUT {
        let more = found.left_out.len() - MOST_LEFT_OUT;
        lines.push(format!("  and {more} more; `-o json` has them all"));
    }
    lines.join("\n")
}

fn details(line: &Line<'_>) -> Vec<(&'static str, String)> {
    let mut details = Vec::new();
    let field = line.named.field();
    if let Some(description) = field.and_then(|field| field.description.as_ref()) {
        let words: Vec<_> = description.split_whitespace().collect();
        details.push(("means", words.join(" ")));
    }
    if let Some((first, more)) = line.declared_at.split_first() {
        let more = match more.len() {
            0 => String::new(),
            count => format!(" and {}", plural(count, "more place")),
        };
        details.push(("declared", format!("{}:{}{more}", first.file, first.line)));
    }
    details.push(("sql", line.sql()));
    details
}

fn notes(source: &Source, named: &NamedPath, outer: Option<&NamedPath>) -> Vec<String> {
    let mut notes: Vec<String> = needed(&named.as_words).into_iter().collect();
    let field = named.field();
    let closed = field.and_then(|field| field.closed.as_ref());
    match &named.origin {
        Origin::Field { entry, mirror } => {
            notes.extend(
                mirror
                    .as_ref()
                    .map(|column| format!("read from column {column}")),
            );
            notes.extend(closed.map(|closed| values(closed)));
            notes.extend(words::max_items(named).map(|most| format!("at most {most}")));
            notes.extend(other_keys(&entry.other_keys));
            notes.extend(when(&entry.presence, outer.and_then(presence)));
            notes.extend(entry.repeats.as_ref().map(repeats));
        }
        Origin::Column { mirrors, .. } => {
            let document = source.event.layout.document_column();
            let is_document =
                document.is_some_and(|column| column.value == named.subject.place.column);
            notes.push(match mirrors {
                Some(path) => format!("column, the same as {path}"),
                None if is_document => "column, the whole event as JSON text".to_owned(),
                None => "column".to_owned(),
            });
            notes.extend(closed.map(|closed| values(closed)));
        }
    }
    notes
}

/// What the condition has to say besides.
fn needed(as_words: &[&str]) -> Option<String> {
    (!as_words.is_empty()).then(|| format!("needs as: {}", as_words.join(" or ")))
}

fn values(values: &[Value]) -> String {
    let shown: Vec<_> = values.iter().take(MOST_VALUES).map(words::value).collect();
    let more = match values.len().saturating_sub(MOST_VALUES) {
        0 => String::new(),
        _ => format!(", ... ({} in all)", values.len()),
    };
    match shown.as_slice() {
        [only] => format!("always {only}"),
        shown => format!("one of {}{more}", shown.join(", ")),
    }
}

fn other_keys(keys: &OtherKeys) -> Option<String> {
    let any = keys.kind.as_ref().map(|kind| {
        let types = words::of_kind(kind);
        if types.is_empty() {
            "any other key".to_owned()
        } else {
            format!("any other key: {}", types.join(" or "))
        }
    });
    let patterns = (!keys.patterns.is_empty())
        .then(|| format!("keys that match {}", keys.patterns.join(", ")));
    let notes: Vec<_> = any.into_iter().chain(patterns).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

fn presence(named: &NamedPath) -> Option<&Presence> {
    match &named.origin {
        Origin::Field { entry, .. } => Some(&entry.presence),
        Origin::Column { .. } => None,
    }
}

/// Where a field exists, but for what was said of the object around it.
fn when(presence: &Presence, outer: Option<&Presence>) -> Option<String> {
    let Presence::Somewhere(discriminators) = presence else {
        return None;
    };
    let said = match outer {
        Some(Presence::Somewhere(said)) => said.as_slice(),
        Some(Presence::Everywhere) | None => &[],
    };
    let new = discriminators.iter().filter(|one| !said.contains(one));
    // That a path leads through an object is plain to see.
    let values = new.clone().filter_map(|one| match &one.selects {
        Selects::Values(values) => Some((&one.path, values)),
        Selects::Kind(_) => None,
    });
    let conditions: Vec<_> = values
        .map(|(path, values)| {
            let values: Vec<_> = values.iter().map(words::value).collect();
            format!("{path} is {}", values.join(" or "))
        })
        .collect();
    if !conditions.is_empty() {
        return Some(format!("when {}", conditions.join(" and ")));
    }
    let unexplained = discriminators.is_empty() && outer != Some(presence);
    unexplained.then(|| "only in some alternatives".to_owned())
}

fn repeats(outer: &FieldPath) -> String {
    if outer.segments.is_empty() {
        "the same fields again as the whole event".to_owned()
    } else {
        format!("the same fields again as {outer}")
    }
}
