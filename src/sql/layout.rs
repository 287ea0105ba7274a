//! Lays text out in lines: a document says where lines may break, the layout decides where they do.
//!
//! A group is written on one line where it fits, else all of its own breaks become line ends. So
//! the one-line and the readable text of a tree differ in white space alone.

/// How wide a readable line may become. Literals are never broken, so a line can still be longer.
const WIDTH: usize = 100;
/// Columns that each level of nesting adds.
const INDENT: usize = 2;

/// Text with possible line breaks.
#[derive(Debug, Clone)]
pub(super) enum Doc {
    /// Text that stays as it is.
    Text(String),
    /// A line break where the group breaks, else this text.
    Break(&'static str),
    /// A line break that breaks every group round it; one blank on one line.
    Always,
    /// One after the other.
    Concat(Vec<Self>),
    /// What follows a line break inside is indented by one level more.
    Nest(Box<Self>),
    /// On one line where it fits.
    Group(Box<Self>),
}

impl Doc {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn concat(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::Concat(parts.into_iter().collect())
    }

    pub(super) fn nest(self) -> Self {
        Self::Nest(Box::new(self))
    }

    pub(super) fn group(self) -> Self {
        Self::Group(Box::new(self))
    }

    /// `open`, the inner part one level deeper, `close`; on one line where it fits.
    pub(super) fn enclosed(open: impl Into<String>, inner: Self, close: &str) -> Self {
        let inner = Self::concat([Self::Break(""), inner]).nest();
        Self::concat([Self::text(open), inner, Self::Break(""), Self::text(close)]).group()
    }

    /// `open`, the items with commas between them, `close`.
    pub(super) fn list(open: String, items: Vec<Self>, close: &str) -> Self {
        if items.is_empty() {
            return Self::Text(open + close);
        }
        let mut parts = Vec::with_capacity(items.len() * 2);
        for item in items {
            if !parts.is_empty() {
                parts.extend([Self::text(","), Self::Break(" ")]);
            }
            parts.push(item);
        }
        Self::enclosed(open, Self::Concat(parts), close)
    }

    /// The text on one line.
    pub(super) fn on_one_line(&self) -> String {
        let mut text = String::new();
        self.write_flat(&mut text);
        text
    }

    fn write_flat(&self, text: &mut String) {
        match self {
            Self::Text(part) => text.push_str(part),
            Self::Break(flat) => text.push_str(flat),
            Self::Always => text.push(' '),
            Self::Concat(parts) => parts.iter().for_each(|part| part.write_flat(text)),
            Self::Nest(inner) | Self::Group(inner) => inner.write_flat(text),
        }
    }

    /// The text in lines, for a place that begins at `column` in lines indented by `indent`.
    pub(super) fn in_lines(&self, column: usize, indent: usize) -> String {
        let mut text = String::new();
        let mut column = column;
        let mut rest = vec![(indent, Mode::Broken, self)];
        while let Some((indent, mode, doc)) = rest.pop() {
            match (doc, mode) {
                (Self::Text(part), _) => {
                    column = column_after(column, part);
                    text.push_str(part);
                }
                (Self::Break(flat), Mode::Flat) => {
                    column += flat.len();
                    text.push_str(flat);
                }
                (Self::Always, _) | (Self::Break(_), Mode::Broken) => {
                    text.push('\n');
                    text.extend(std::iter::repeat_n(' ', indent));
                    column = indent;
                }
                (Self::Concat(parts), mode) => {
                    rest.extend(parts.iter().rev().map(|part| (indent, mode, part)));
                }
                (Self::Nest(inner), mode) => rest.push((indent + INDENT, mode, inner)),
                (Self::Group(inner), mode) => {
                    let flat = mode == Mode::Flat || fits(inner, &rest, WIDTH.checked_sub(column));
                    rest.push((indent, if flat { Mode::Flat } else { Mode::Broken }, inner));
                }
            }
        }
        text
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

fn column_after(column: usize, text: &str) -> usize {
    match text.rsplit_once('\n') {
        Some((_, last)) => last.chars().count(),
        None => column + text.chars().count(),
    }
}

/// Whether `doc` fits into `room` on one line, with what follows it up to the next line end.
fn fits(doc: &Doc, following: &[(usize, Mode, &Doc)], room: Option<usize>) -> bool {
    let Some(mut room) = room else { return false };
    let mut following = following.iter().rev();
    let mut rest = vec![(Mode::Flat, doc)];
    loop {
        let next = rest
            .pop()
            .or_else(|| following.next().map(|&(_, mode, doc)| (mode, doc)));
        let taken = match next {
            None | Some((Mode::Broken, Doc::Break(_) | Doc::Always)) => return true,
            Some((Mode::Flat, Doc::Always)) => return false,
            Some((Mode::Flat, Doc::Break(flat))) => flat.len(),
            Some((_, Doc::Text(text))) => match text.split_once('\n') {
                Some((first, _)) => return first.chars().count() <= room,
                None => text.chars().count(),
            },
            Some((mode, Doc::Concat(parts))) => {
                rest.extend(parts.iter().rev().map(|part| (mode, part)));
                0
            }
            Some((mode, Doc::Nest(inner) | Doc::Group(inner))) => {
                rest.push((mode, inner));
                0
            }
        };
        match room.checked_sub(taken) {
            Some(left) => room = left,
            None => return false,
        }
    }
}
