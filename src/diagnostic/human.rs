//! Diagnostics for people: message, source excerpt, remedy.

use std::borrow::Cow;

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
    let annotation = |label: &Label, kind: AnnotationKind| {
        let annotation = kind.span(first_line(label, source.text()));
        if label.text.is_empty() {
            annotation
        } else {
            annotation.label(one_line(&label.text))
        }
    };
    let text = match source.path().extension() {
        Some("yaml" | "yml") => secret::mask(source.text()),
        _ => Cow::Borrowed(source.text()),
    };
    let mut snippet = Snippet::source(text).path(one_line(source.path().as_str()));
    if diagnostic.primary.span.file == file {
        snippet = snippet.annotation(annotation(&diagnostic.primary, AnnotationKind::Primary));
    }
    let related = diagnostic
        .related
        .iter()
        .filter(|label| label.span.file == file);
    snippet.annotations(related.map(|label| annotation(label, AnnotationKind::Context)))
}

/// A label over many lines would print them all; its first line says where it is.
fn first_line(label: &Label, text: &str) -> std::ops::Range<usize> {
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
