//! Loading: a project directory with everything in it that the compiler reads.
//!
//! This is the one place that reads input files; what comes out is values with places.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::files::{self, FileError};
use crate::parallel;
use crate::project::{self, Project};
use crate::route::{self, Route};
use crate::schema::{Documents, Schema, SchemaError, SchemaErrorKind, SchemaPlace};
use crate::source_text::{FileId, Node, Sources, Span, Spanned, json};
use crate::testing::{self, Suite};

/// The directory of route files, below the project.
pub const ROUTES: &str = "routes";

/// Everything that was read, but for the texts.
#[derive(Debug)]
pub struct Workspace {
    /// The project file.
    pub project: Project,
    /// The routes, by file and place.
    pub routes: Vec<Route>,
    /// The files of tests.
    pub suites: Vec<Suite>,
    /// The files below [`ROUTES`] that are neither, though they look as if they were meant to be.
    pub unread: Vec<FileId>,
    /// The event schema of each source whose schema can be used.
    pub schemas: IndexMap<String, EventSchema>,
}

/// An event schema with the places of everything in its files.
#[derive(Debug)]
pub struct EventSchema {
    /// The schema as a type.
    pub schema: Schema,
    places: BTreeMap<Utf8PathBuf, Node>,
}

impl EventSchema {
    /// Where a place in a schema stands.
    pub fn span(&self, place: &SchemaPlace) -> Option<Span> {
        self.places
            .get(&place.document)
            .map(|node| node.at_pointer(&place.pointer))
    }

    /// Where the key stands that a place in a schema is under; for a whole file its first character.
    pub fn key_span(&self, place: &SchemaPlace) -> Option<Span> {
        let node = self.places.get(&place.document)?;
        Some(match &*place.pointer {
            "" => node.span.part(0, 1),
            pointer => node.key_at_pointer(pointer),
        })
    }
}

/// Reads a project with its routes and schemas into `files`. What is wrong with them becomes findings;
/// where nothing can be made of the project file there is no workspace.
pub fn load(
    root: &Utf8Path,
    project_file: &str,
    files: &mut Sources,
    findings: &mut Findings,
) -> Result<Option<Workspace>, FileError> {
    let text = files::read_text(&root.join(project_file))?;
    let id = files.add(project_file, without_mark(text));
    let project = project::load(root, id, files, findings);
    let Below {
        routes,
        suites,
        unread,
    } = load_routes(root, files, findings, Span::new(id, 0..0))?;
    let Some(project) = project else {
        return Ok(None);
    };
    let mut schemas = IndexMap::new();
    for (name, source) in &project.sources {
        if let Some(schema) = load_schema(root, &source.event.schema, files, findings) {
            schemas.insert(name.clone(), schema);
        }
    }
    Ok(Some(Workspace {
        project,
        routes,
        suites,
        unread,
        schemas,
    }))
}

/// What lies below [`ROUTES`].
struct Below {
    routes: Vec<Route>,
    suites: Vec<Suite>,
    unread: Vec<FileId>,
}

fn load_routes(
    root: &Utf8Path,
    files: &mut Sources,
    findings: &mut Findings,
    project: Span,
) -> Result<Below, FileError> {
    let directory = root.join(ROUTES);
    let paths = match files::all(&directory) {
        Ok(paths) => paths,
        Err(error) if error.is_not_found() => Vec::new(),
        Err(error) => return Err(error),
    };
    let (paths, others): (Vec<_>, Vec<_>) = paths
        .into_iter()
        .partition(|path| files::has_extension(path, &["yaml", "yml"]));
    let (tests, routes): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| is_test(path));
    if routes.is_empty() {
        let message = format!("there are no route files in `{ROUTES}/`");
        let problem = Diagnostic::new(Code::NoRoutes, message, project, "this project");
        findings.push(problem.help(format!("write one to {ROUTES}/<name>.yaml")));
    }
    let mut read_all = |paths: Vec<Utf8PathBuf>, files: &mut Sources| -> Vec<FileId> {
        let paths = paths.iter();
        paths
            .filter_map(|path| read(root, path, files, findings))
            .collect()
    };
    let (routes, tests) = (read_all(routes, files), read_all(tests, files));
    let routes = parallel::filter_map(&routes, findings, |id, findings| {
        Some(route::decode::file(*id, files, findings))
    });
    let tests = parallel::filter_map(&tests, findings, |id, findings| {
        Some(testing::decode::file(*id, files, findings))
    });
    let unread = others.iter().filter(|path| !may_lie_beside_routes(path));
    let unread = unread.map(|path| files.add(path.strip_prefix(root).unwrap_or(path), ""));
    Ok(Below {
        routes: routes.into_iter().flatten().collect(),
        suites: tests.into_iter().flatten().collect(),
        unread: unread.collect(),
    })
}

/// Events of tests, notes, and what editors leave behind.
fn may_lie_beside_routes(path: &Utf8Path) -> bool {
    files::has_extension(path, &["json", "md"]) || path.as_str().ends_with('~')
}

/// Whether a file below [`ROUTES`] holds tests: they lie beside the routes.
pub fn is_test(path: &Utf8Path) -> bool {
    let stem = path.file_stem().map(Utf8Path::new);
    stem.and_then(Utf8Path::extension) == Some("test")
}

/// Reads a file of the project into `files`; where it cannot be read, that is a finding.
pub fn read(
    root: &Utf8Path,
    path: &Utf8Path,
    files: &mut Sources,
    findings: &mut Findings,
) -> Option<FileId> {
    let shown = path.strip_prefix(root).unwrap_or(path);
    match files::read_text(path) {
        // JSON has no byte order mark (RFC 8259, section 8.1).
        Ok(text) if files::has_extension(path, &["json"]) => Some(files.add(shown, text)),
        Ok(text) => Some(files.add(shown, without_mark(text))),
        Err(error) => {
            let id = files.add(shown, "");
            findings.push(unreadable(Span::new(id, 0..0), root, error));
            None
        }
    }
}

/// Reads a file that the project file names: once, however often it is named. Where it cannot be read, that is a
/// finding at the place that names it.
pub fn read_named(
    root: &Utf8Path,
    named: &Spanned<Utf8PathBuf>,
    files: &mut Sources,
    findings: &mut Findings,
) -> Option<FileId> {
    let Some(path) = within_project(&named.value) else {
        let message = format!("`{}` leads out of the project", named.value);
        let problem = Diagnostic::new(Code::UnreadableFile, message, named.span, "named here");
        findings.push(problem.help("keep every schema file inside the project directory"));
        return None;
    };
    if let Some(known) = files.by_path(&path) {
        return Some(known);
    }
    match files::read_text(&root.join(&path)) {
        Ok(text) => Some(files.add(path, text)),
        Err(error) => {
            findings.push(unreadable(named.span, root, error));
            None
        }
    }
}

/// The path without `.` and `..`, where it stays inside the project.
fn within_project(path: &Utf8Path) -> Option<Utf8PathBuf> {
    let mut inside = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::Normal(name) => inside.push(name),
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => inside.pop().then_some(())?,
            Utf8Component::RootDir | Utf8Component::Prefix(_) => return None,
        }
    }
    Some(inside)
}

/// YAML may begin with a byte order mark (YAML 1.2, section 5.2), which no editor counts as a column.
fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// Loads a schema and the files it refers to; `named` is the place that names it.
pub fn load_schema(
    root: &Utf8Path,
    named: &Spanned<Utf8PathBuf>,
    files: &mut Sources,
    findings: &mut Findings,
) -> Option<EventSchema> {
    let read = RefCell::new(Vec::new());
    let reader = |path: &Utf8Path| {
        let shown = path.strip_prefix(root).unwrap_or(path).to_owned();
        let text = match files.by_path(&shown) {
            Some(known) => files.file(known).text().to_owned(),
            None => files::read_text(path).map_err(|error| error.relative_to(root))?,
        };
        read.borrow_mut().push((shown, text.clone()));
        Ok(text)
    };
    let loaded = Documents::load(root, &named.value, &reader);
    let mut places = BTreeMap::new();
    let mut broken = BTreeSet::new();
    for (path, text) in read.into_inner() {
        let id = files
            .by_path(&path)
            .unwrap_or_else(|| files.add(path.clone(), text));
        match json::parse(id, files.file(id)) {
            Ok(document) => {
                places.insert(path, document.node);
            }
            Err(problems) => {
                findings.extend(problems);
                broken.insert(path);
            }
        }
    }
    match loaded {
        Ok(documents) if broken.is_empty() => Some(EventSchema {
            schema: Schema::new(documents),
            places,
        }),
        Ok(_) => None,
        Err(errors) => {
            // Texts that are no JSON were reported with their own words above.
            let told = |error: &SchemaError| {
                matches!(error.kind, SchemaErrorKind::Syntax { .. })
                    && broken.contains(&error.place.document)
            };
            for error in errors.iter().filter(|error| !told(error)) {
                findings.push(schema_error(error, &places, named));
            }
            None
        }
    }
}

fn schema_error(
    error: &SchemaError,
    places: &BTreeMap<Utf8PathBuf, Node>,
    named: &Spanned<Utf8PathBuf>,
) -> Diagnostic {
    let place = places.get(&error.place.document);
    let (span, label) = match place {
        Some(node) => (node.at_pointer(&error.place.pointer), "in this schema"),
        None => (named.span, "named here"),
    };
    Diagnostic::new(Code::SchemaInvalid, &error.message, span, label)
        .help_if((!error.help.is_empty()).then_some(&error.help))
}

/// The finding that a file or directory cannot be read, at the place that names it.
pub fn unreadable(span: Span, root: &Utf8Path, error: FileError) -> Diagnostic {
    let help = if error.is_no_text() {
        "save it as UTF-8"
    } else {
        "check that the file exists and may be read"
    };
    let message = error.relative_to(root).to_string();
    Diagnostic::new(Code::UnreadableFile, message, span, "").help(help)
}
