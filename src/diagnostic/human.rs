//! Diagnostics for people: message, source excerpt, remedy.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Label, Severity, secret};
use crate::source_text::{FileId, Sources};

/// Renders one diagnostic with excerpts; `styled` adds colours.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, styled: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(one_line(&diagnostic.message))
        .id(diagnostic.code.name())
        .elements(
            files(diagnostic)
                .into_iter()
                .map(|file| snippet(diagnostic, file, sources)),
        );
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(one_line(help)));
    }
    let report: &[Group<'_>] = &[group];
    let renderer = if styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(report)
}

/// The files a diagnostic points into, the primary one first.
fn files(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files = vec![diagnostic.primary.span.file];
    for label in &diagnostic.related {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

fn snippet<'s>(
    diagnostic: &Diagnostic,
    file: FileId,
    sources: &'s Sources,
) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
    let source = sources.file(file);
    let primary = [(&diagnostic.primary, AnnotationKind::Primary)];
    let related = diagnostic.related.iter();
    let related = related.map(|label| (label, AnnotationKind::Context));
    let labels = primary.into_iter().chain(related);
    let labels: Vec<_> = labels
        .filter(|(label, _)| label.span.file == file)
        .map(|(label, kind)| (label, kind, first_line(label, source.text())))
        .collect();
    let window = lines_around(source.text(), labels.iter().map(|(.., span)| span));
    let before = &source.text()[..window.start];
    let shown = &source.text()[window.clone()];
    let text = match source.path().extension() {
        Some("yaml" | "yml") => secret::mask(shown),
        _ => Cow::Borrowed(shown),
    };
    let annotations = labels.into_iter().map(|(label, kind, span)| {
        let annotation = kind.span(span.start - window.start..span.end - window.start);
        if label.text.is_empty() {
            annotation
        } else {
            annotation.label(one_line(&label.text))
        }
    });
    Snippet::source(text)
        .line_start(before.matches('\n').count() + 1)
        .path(one_line(source.path().as_str()))
        .annotations(annotations)
}

/// The lines of these places and of all between them: the rest of a large file costs time and is not shown.
fn lines_around<'p>(
    text: &str,
    places: impl Iterator<Item = &'p Range<usize>> + Clone,
) -> Range<usize> {
    // The end of a text belongs to its last line, though that line ends before it.
    let end_of_last_line = text.strip_suffix('\n').unwrap_or(text).len();
    let first = places.clone().map(|place| place.start).min();
    let first = first.unwrap_or(0).min(end_of_last_line);
    let last = places.map(|place| place.end).max();
    let last = last.unwrap_or(text.len());
    let start = text[..first].rfind('\n');
    let end = text[last..].find('\n');
    start.map_or(0, |newline| newline + 1)..end.map_or(text.len(), |newline| last + newline + 1)
}

/// A label over many lines would print them all; its first line says where it is.
fn first_line(label: &Label, text: &str) -> Range<usize> {
    let start = text.floor_char_boundary(label.span.start as usize);
    let end = text.floor_char_boundary(label.span.end as usize).max(start);
    let line = text[start..end]
        .find('\n')
        .map_or(end, |newline| start + newline);
    start..line
}

/// Text of users inside a message must not break its line or steer the terminal.
fn one_line(text: &str) -> String {
    text.chars().flat_map(visible).collect()
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let hidden = character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2066}'..='\u{2069}').contains(&character);
    let escaped = hidden.then(|| character.escape_unicode());
    let plain = (!hidden).then_some(character);
    escaped.into_iter().flatten().chain(plain)
}
