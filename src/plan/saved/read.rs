//! Reading a saved plan, with nothing forgiven: what was reviewed must be what stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::{Body, Document, FORMAT_VERSION, KIND, ROUTECTL, SavedPlan};
use crate::files::{self, FileError};
use crate::plan::{Choices, Selection};

/// Why a file is no plan that can be carried out.
#[derive(Debug)]
pub struct ReadError {
    path: Utf8PathBuf,
    problem: ReadProblem,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum ReadProblem {
    /// It cannot be read.
    Unreadable(FileError),
    /// It is something else.
    NoPlan,
    /// Another version of routectl wrote it, in a format that this one does not know.
    OtherFormat {
        /// The version of its format.
        format: u64,
        /// The version of routectl.
        routectl: String,
    },
    /// It is cut off or was changed, so that it cannot be understood.
    Broken {
        /// Where, counted from 1.
        line: usize,
        /// Where in the line, counted from 1.
        column: usize,
        /// What is wrong there.
        what: String,
    },
    /// It was changed.
    Changed,
    /// It says what no plan says.
    Nonsense(String),
}

impl ReadError {
    pub(super) fn new(path: &Utf8Path, problem: ReadProblem) -> Self {
        Self {
            path: path.to_owned(),
            problem,
        }
    }
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        let again = format!("make the plan again with `routectl plan --out {path}`");
        match &self.problem {
            ReadProblem::Unreadable(error) => {
                write!(f, "{error}; name a file that `routectl plan --out` wrote")
            }
            ReadProblem::NoPlan => write!(
                f,
                "`{path}` is no saved plan; `routectl plan --out FILE` writes one"
            ),
            ReadProblem::OtherFormat { format, routectl } => write!(
                f,
                "`{path}` is a plan in format {format}, written by routectl {routectl}; this is routectl {ROUTECTL}, which knows format {FORMAT_VERSION}; use that version, or {again}"
            ),
            ReadProblem::Broken { line, column, what } => write!(
                f,
                "the plan is cut off or was changed by hand: {what} ({path}:{line}:{column}); {again}"
            ),
            ReadProblem::Changed => write!(
                f,
                "the plan `{path}` was changed after it was written: its checksum does not fit; {again}"
            ),
            ReadProblem::Nonsense(what) => {
                write!(f, "the plan `{path}` makes no sense: {what}; {again}")
            }
        }
    }
}

/// What the user chose.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedChoices {
    prune: bool,
    resume: bool,
    refresh: bool,
    recover: BTreeMap<String, String>,
    routes: BTreeSet<String>,
    consumers: BTreeSet<String>,
}

impl SavedChoices {
    pub(super) fn of(choices: &Choices) -> Self {
        let Choices {
            prune,
            resume,
            refresh,
            recover,
            selection: Selection { routes, consumers },
        } = choices;
        let recover = recover.iter();
        Self {
            prune: *prune,
            resume: *resume,
            refresh: *refresh,
            recover: recover
                .map(|(route, place)| (route.clone(), place.to_string()))
                .collect(),
            routes: routes.clone(),
            consumers: consumers.clone(),
        }
    }

    fn choices(self) -> Result<Choices, String> {
        let recover = self.recover.into_iter().map(|(route, place)| {
            let place = place
                .parse()
                .map_err(|_| format!("`{place}` is no place to go on from"))?;
            Ok((route, place))
        });
        Ok(Choices {
            prune: self.prune,
            resume: self.resume,
            refresh: self.refresh,
            recover: recover.collect::<Result<_, String>>()?,
            selection: Selection {
                routes: self.routes,
                consumers: self.consumers,
            },
        })
    }
}

/// What every version says at the top of the file.
#[derive(Deserialize)]
struct Head {
    kind: Option<String>,
    format_version: Option<u64>,
    routectl: Option<String>,
}

impl SavedPlan {
    /// Reads a plan; `path` is below `directory` and shown as it is.
    ///
    /// # Errors
    /// The file cannot be read, or is not what `plan --out` wrote.
    pub fn read(directory: &Utf8Path, path: &Utf8Path) -> Result<Self, ReadError> {
        let error = |problem| ReadError::new(path, problem);
        let text = files::read_text(&directory.join(path));
        let text = text.map_err(|cause| {
            error(if cause.is_no_text() {
                ReadProblem::NoPlan
            } else {
                ReadProblem::Unreadable(cause.relative_to(directory))
            })
        })?;
        Self::from_text(&text).map_err(error)
    }

    pub(super) fn from_text(text: &str) -> Result<Self, ReadProblem> {
        // Whoever names another file by mistake must not be told to write a plan over it.
        if !is_plan(text) {
            return Err(ReadProblem::NoPlan);
        }
        let head: Head = serde_json::from_str(text).map_err(|error| broken(&error))?;
        if head.kind.as_deref() != Some(KIND) {
            return Err(ReadProblem::NoPlan);
        }
        let format = head.format_version.unwrap_or_default();
        if format != u64::from(FORMAT_VERSION) {
            let routectl = head
                .routectl
                .unwrap_or_else(|| "of an unknown version".to_owned());
            return Err(ReadProblem::OtherFormat { format, routectl });
        }
        let document: Document = serde_json::from_str(text).map_err(|error| broken(&error))?;
        let checksum = document.plan.checksum();
        if checksum.ok().as_ref() != Some(&document.checksum) {
            return Err(ReadProblem::Changed);
        }
        Self::from_body(document.plan, document.routectl).map_err(ReadProblem::Nonsense)
    }

    fn from_body(body: Body, routectl: String) -> Result<Self, String> {
        if body.desired.digest() != body.config_digest {
            return Err("its digest is that of another project".to_owned());
        }
        Ok(Self {
            routectl,
            choices: body.choices.choices()?,
            desired: body.desired.desired(&body.project, &body.target)?,
            changes: body.changes,
        })
    }
}

/// Whether a text is a plan, or was one before somebody damaged it.
pub(super) fn is_plan(text: &str) -> bool {
    text.contains(&format!("\"{KIND}\""))
}

fn broken(error: &serde_json::Error) -> ReadProblem {
    let what = error.to_string();
    let what = what
        .rsplit_once(" at line ")
        .map_or(what.as_str(), |(what, _)| what);
    ReadProblem::Broken {
        line: error.line(),
        column: error.column(),
        what: what.to_owned(),
    }
}
