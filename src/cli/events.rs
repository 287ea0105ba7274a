//! The events that a user names: files, directories, standard input.

use std::io::BufRead as _;

use anyhow::Context as _;
use camino::{Utf8Path, Utf8PathBuf};

use crate::files;

/// An event with a name for it.
#[derive(Debug)]
pub(super) struct NamedEvent {
    /// The file's path as the user would write it, or the line of standard input.
    pub(super) name: String,
    /// The text, a readable document or not; nothing where a line is no text at all.
    pub(super) text: Option<String>,
}

/// Reads what the user named. A directory stands for the JSON files below it, `-` for one event on each line of
/// standard input; empty lines are passed over.
pub(super) fn read(named: &[Utf8PathBuf], start: &Utf8Path) -> anyhow::Result<Vec<NamedEvent>> {
    let mut events = Vec::new();
    for name in named {
        if name == "-" {
            lines(&mut events)?;
            continue;
        }
        for path in paths(std::slice::from_ref(name), start)? {
            let text = files::read_text(&path)?;
            let shown = path.strip_prefix(start).unwrap_or(&path);
            let name = shown.to_string();
            let text = Some(text);
            events.push(NamedEvent { name, text });
        }
    }
    Ok(events)
}

fn lines(events: &mut Vec<NamedEvent>) -> anyhow::Result<()> {
    for (index, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let name = format!("line {}", index + 1);
        let line = line.with_context(|| format!("{name} of standard input cannot be read"))?;
        let text = String::from_utf8(line).ok();
        if text.as_ref().is_none_or(|text| !text.trim().is_empty()) {
            let text = text.map(|text| text.trim_end_matches('\r').to_owned());
            events.push(NamedEvent { name, text });
        }
    }
    Ok(())
}

/// The files that the user named; a directory stands for the JSON files below it.
pub(super) fn paths(named: &[Utf8PathBuf], start: &Utf8Path) -> anyhow::Result<Vec<Utf8PathBuf>> {
    let mut paths = Vec::new();
    for name in named {
        let path = start.join(name);
        if path.is_dir() {
            paths.extend(files::find(&path, &["json"])?);
        } else {
            paths.push(path);
        }
    }
    Ok(paths)
}
