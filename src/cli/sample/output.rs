//! Where events go: lines, one document, or files.

use std::collections::{BTreeMap, HashSet};

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};

use super::{Format, SampleArgs};
use crate::cli::ui::{Ui, plural};
use crate::files;
use crate::project::source::Source;
use crate::sample::cases::Case;
use crate::sample::{Hostile, Json};

/// Lines are printed when there are so many bytes of them.
const MANY_BYTES: usize = 1 << 20;
/// Names of files are not longer, but for what makes them different.
const LONGEST_NAME: usize = 100;

/// An event, and what there is to say of it.
pub(super) struct Made {
    pub(super) event: Json,
    name: String,
    about: String,
    /// The route it is made for, and which of its topics it reaches.
    aimed: Option<(String, Vec<String>)>,
}

impl Made {
    pub(super) fn of_case(case: &Case) -> Self {
        Self {
            event: case.event.clone(),
            name: format!("{}.{}", slug(&case.route), slug(&case.about)),
            about: case.about.clone(),
            aimed: Some((case.route.clone(), case.topics.clone())),
        }
    }

    pub(super) fn ordinary(about: String, stream: u64, event: Json) -> Self {
        Self {
            name: format!("{}.{stream:04}", slug(&about)),
            event,
            about,
            aimed: None,
        }
    }

    /// The event with what there is to say of it.
    fn described(self) -> Json {
        let text = |text: String| Json::Text(text);
        let mut fields = vec![("about", text(self.about))];
        if let Some((route, topics)) = self.aimed {
            fields.push(("route", text(route)));
            let topics = topics.into_iter().map(text);
            fields.push(("topics", Json::Array(topics.collect())));
        }
        fields.push(("event", self.event));
        object(fields)
    }
}

fn object(fields: Vec<(&str, Json)>) -> Json {
    let fields = fields.into_iter();
    Json::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Where events go.
pub(super) struct Output<'a> {
    seed: u64,
    source: &'a Source,
    count: usize,
    to: To,
}

enum To {
    Lines(String),
    Document(Vec<Json>),
    Files {
        directory: Utf8PathBuf,
        shown: Utf8PathBuf,
        files: BTreeMap<Utf8PathBuf, String>,
        names: HashSet<String>,
    },
}

impl<'a> Output<'a> {
    pub(super) fn new(args: &SampleArgs, start: &Utf8Path, source: &'a Source) -> Self {
        let to = match (&args.out, args.output) {
            (Some(directory), _) => To::Files {
                directory: start.join(directory),
                shown: directory.clone(),
                files: BTreeMap::new(),
                names: HashSet::new(),
            },
            (None, Format::Ndjson) => To::Lines(String::new()),
            (None, Format::Json) => To::Document(Vec::new()),
        };
        Self {
            seed: args.seed,
            source,
            count: 0,
            to,
        }
    }

    /// Takes an event.
    pub(super) fn add(&mut self, made: Made, ui: &mut Ui) -> anyhow::Result<()> {
        match &mut self.to {
            To::Document(events) => {
                self.count += 1;
                events.push(made.described());
                Ok(())
            }
            To::Lines(_) => self.put(&made.name, made.event.to_string(), ui),
            To::Files { .. } => self.put(&made.name, made.event.pretty(), ui),
        }
    }

    /// Takes a text that may be no JSON.
    pub(super) fn add_hostile(&mut self, hostile: Hostile, ui: &mut Ui) -> anyhow::Result<()> {
        if let To::Document(events) = &mut self.to {
            self.count += 1;
            let (about, text) = (Json::Text(hostile.about), Json::Text(hostile.text));
            events.push(object(vec![("about", about), ("text", text)]));
            return Ok(());
        }
        self.put(&slug(&hostile.about), hostile.text, ui)
    }

    fn put(&mut self, name: &str, text: String, ui: &mut Ui) -> anyhow::Result<()> {
        self.count += 1;
        match &mut self.to {
            To::Lines(lines) => {
                lines.push_str(&text);
                lines.push('\n');
                if lines.len() > MANY_BYTES {
                    ui.stream(&std::mem::take(lines))?;
                }
            }
            To::Files { files, names, .. } => {
                let mut unique: String = name.chars().take(LONGEST_NAME).collect();
                let mut number = 2;
                while !names.insert(unique.clone()) {
                    let start: String = name.chars().take(LONGEST_NAME).collect();
                    unique = format!("{start}-{number}");
                    number += 1;
                }
                files.insert(Utf8PathBuf::from(format!("{unique}.json")), text);
            }
            To::Document(_) => {}
        }
        Ok(())
    }

    /// Prints or writes what is left.
    pub(super) fn finish(self, ui: &mut Ui) -> anyhow::Result<()> {
        let count = plural(self.count, "event");
        match self.to {
            To::Lines(lines) => ui.print(&lines)?,
            To::Document(events) => {
                let document = object(vec![
                    ("format_version", Json::Number("1".to_owned())),
                    ("source", Json::Text(self.source.name.value.clone())),
                    ("seed", Json::Number(self.seed.to_string())),
                    ("events", Json::Array(events)),
                ]);
                ui.print(&document.pretty())?;
            }
            To::Files {
                directory,
                shown,
                files,
                ..
            } => {
                let written = write(&directory, &files)?;
                let unchanged = files.len() - written;
                ui.say(&format!(
                    "{shown}: {count}, {written} written, {unchanged} unchanged"
                ))?;
                return Ok(());
            }
        }
        ui.say(&count)?;
        Ok(())
    }
}

/// Writes the files that are not there yet; how many. Before the first one it is clear that none is in the way.
fn write(directory: &Utf8Path, files: &BTreeMap<Utf8PathBuf, String>) -> anyhow::Result<usize> {
    let mut missing = Vec::new();
    for (name, text) in files {
        let path = directory.join(name);
        match files::read_text_if_exists(&path)? {
            Some(present) if present == *text => {}
            Some(_) => bail!(
                "`{path}` is there already with other contents; remove it, or name another directory"
            ),
            None => missing.push((path, text)),
        }
    }
    for (path, text) in &missing {
        files::write_atomically(path, text)?;
    }
    Ok(missing.len())
}

/// A text as a part of a file's name: small letters, digits and `-`.
fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter.to_ascii_lowercase()),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(
            slug("eventBody.entities[0].loanAmount is just above 100000.5"),
            "eventbody-entities-0-loanamount-is-just-above-100000-5"
        );
        assert_eq!(slug("`ü` twice"), "twice");
    }

    #[test]
    fn a_file_with_other_contents_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let directory = Utf8Path::from_path(directory.path()).unwrap();
        let files = |text: &str| {
            BTreeMap::from([
                (Utf8PathBuf::from("a.json"), "{}\n".to_owned()),
                (Utf8PathBuf::from("b.json"), text.to_owned()),
            ])
        };
        assert_eq!(write(directory, &files("1\n")).unwrap(), 2);
        assert_eq!(write(directory, &files("1\n")).unwrap(), 0);
        let message = write(directory, &files("2\n")).unwrap_err().to_string();
        assert!(
            message.contains("b.json` is there already with other contents"),
            "{message}"
        );
        assert_eq!(files::read_text(&directory.join("b.json")).unwrap(), "1\n");
    }
}
