//! Every path that a route of a source may name, with what a condition on it looks at.
//!
//! The paths are those of the schema and the columns; each goes through [`field`], as in a route, so what is
//! listed compiles.

use super::{Context, field, path_problem};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::ir::{Subject, ValueType};
use crate::project::source::Source;
use crate::schema::{
    self, Entry, FieldPath, FieldType, PathProblem, Pins, Presence, Root, Segment,
};
use crate::source_text::Spanned;
use crate::workspace::EventSchema;

/// The paths of a source.
#[derive(Debug)]
pub struct Catalogue {
    /// Those that a route may name: fields in the order of the schema, columns behind them.
    pub paths: Vec<NamedPath>,
    /// Fields of the schema that no route can read from the source; of what is below them nothing is said.
    pub left_out: Vec<LeftOut>,
    /// Whether the schema has no more; see [`schema::Catalogue::complete`].
    pub complete: bool,
}

/// A path that a route may name.
#[derive(Debug)]
pub struct NamedPath {
    /// The path as a route spells it.
    pub path: FieldPath,
    /// What a condition on it looks at.
    pub subject: Subject,
    /// The words of `as:` of which a condition has to say one, because the schema leaves the type open. The subject
    /// is that of the first. None where the type is known.
    pub as_words: Vec<&'static str>,
    /// What it names.
    pub origin: Origin,
}

/// What a path names.
#[derive(Debug)]
pub enum Origin {
    /// A field of the event.
    Field {
        /// What the schema says; paths are spelt as in a route.
        entry: Entry,
        /// The column that mirrors it and is read instead.
        mirror: Option<String>,
    },
    /// A column of the source.
    Column {
        /// The field that it mirrors.
        mirrors: Option<FieldPath>,
        /// What the schema says of that field.
        field: Option<schema::Field>,
    },
}

/// A field that no route can read.
#[derive(Debug)]
pub struct LeftOut {
    /// Its path.
    pub path: FieldPath,
    /// What a route that names it would be told.
    pub reason: Diagnostic,
}

impl NamedPath {
    /// What the schema says of the field, or of the one that the column mirrors.
    pub fn field(&self) -> Option<&schema::Field> {
        match &self.origin {
            Origin::Field { entry, .. } => entry.field.as_ref().ok(),
            Origin::Column { field, .. } => field.as_ref(),
        }
    }
}

/// The paths of a source that begin with `prefix`, or whose key in its place begins like its last one; all of them
/// without it. A prefix that nothing begins with is an error, as it would be in a route.
pub fn catalogue(
    source: &Source,
    schema: &EventSchema,
    prefix: Option<&FieldPath>,
) -> Result<Catalogue, Diagnostic> {
    let mut listing = Listing {
        context: &Context { source, schema },
        found: Catalogue {
            paths: Vec::new(),
            left_out: Vec::new(),
            complete: true,
        },
    };
    match prefix.map(with_indexes) {
        None => {
            listing.fields(&FieldPath::document(), |_| true)?;
            listing.columns(|_| true);
        }
        Some(prefix) => listing.below(&prefix)?,
    }
    let Catalogue {
        paths, left_out, ..
    } = &listing.found;
    match left_out.first() {
        Some(first) if paths.is_empty() => Err(first.reason.clone()),
        _ => Ok(listing.found),
    }
}

/// Elements are listed by index.
fn with_indexes(path: &FieldPath) -> FieldPath {
    let indexed = |segment: &Segment| match segment {
        Segment::Any => Segment::Index(0),
        segment => segment.clone(),
    };
    FieldPath {
        root: path.root,
        segments: path.segments.iter().map(indexed).collect(),
    }
}

/// What was found so far.
struct Listing<'c> {
    context: &'c Context<'c>,
    found: Catalogue,
}

impl Listing<'_> {
    /// Adds what a prefix means: a column, a field with those below it, or what its last key begins.
    fn below(&mut self, prefix: &FieldPath) -> Result<(), Diagnostic> {
        let source = self.context.source;
        let key = match (prefix.root, prefix.segments.as_slice()) {
            (Root::Any, [Segment::Key(key)]) => Some(key),
            _ => None,
        };
        let is_column = key.is_some_and(|key| source.columns.contains_key(key));
        let is_field = !is_column || source.event.layout.document_column().is_none();
        if is_field && self.fields(prefix, |_| true).is_ok() {
            return Ok(());
        }
        if is_column {
            self.columns(|name| key.is_some_and(|key| key == name));
            return Ok(());
        }
        if let (Some(parent), Some(Segment::Key(begin))) = (prefix.parent(), prefix.last()) {
            let at = parent.segments.len();
            let begins = |path: &FieldPath| {
                let key = path.segments.get(at).and_then(Segment::key);
                key.is_some_and(|key| key.starts_with(begin.as_str()))
            };
            // Where the parent is wrong already, the prefix itself is the better thing to talk about.
            let _ = self.fields(&parent, begins);
            self.columns(|name| key.is_some_and(|key| name.starts_with(key.as_str())));
        }
        if self.found.paths.is_empty() && self.found.left_out.is_empty() {
            return self.refuse(prefix);
        }
        Ok(())
    }

    /// Adds the field at a path and those below it.
    fn fields(
        &mut self,
        under: &FieldPath,
        keep: impl Fn(&FieldPath) -> bool,
    ) -> Result<(), Diagnostic> {
        let listed = self.context.schema.schema.catalogue(under);
        let listed = listed.map_err(|problem| {
            let source = self.context.source;
            let under = Spanned::new(under.clone(), source.name.span);
            path_problem::diagnostic(self.context, &under, problem)
        })?;
        self.found.complete &= listed.complete;
        for entry in listed.entries {
            if keep(&entry.path) {
                self.field(entry);
            }
        }
        Ok(())
    }

    /// Adds one field, or why it cannot be read.
    fn field(&mut self, entry: Entry) {
        let source = self.context.source;
        let entry = spelt(source, entry);
        let path = entry.path.clone();
        let known = |_: &FieldPath| entry.field.clone();
        match self.read(&path, known) {
            Ok((subject, as_words)) => self.found.paths.push(NamedPath {
                subject,
                as_words,
                origin: Origin::Field {
                    mirror: source
                        .mirror_of(&path)
                        .map(|mirror| mirror.column.value.clone()),
                    entry,
                },
                path,
            }),
            Err(reason) => self.leave_out(path, reason),
        }
    }

    fn leave_out(&mut self, path: FieldPath, reason: Diagnostic) {
        let left_out = &mut self.found.left_out;
        if !left_out.iter().any(|outer| path.starts_with(&outer.path)) {
            left_out.push(LeftOut { path, reason });
        }
    }

    /// Adds columns beside the event.
    fn columns(&mut self, keep: impl Fn(&str) -> bool) {
        let source = self.context.source;
        let schema = &self.context.schema.schema;
        for name in source.columns.keys().filter(|name| keep(name)) {
            let path = FieldPath::of_keys([name.as_str()]);
            let is_field = schema.resolve(&path, &Pins::none()).is_ok();
            if is_field && source.event.layout.document_column().is_none() {
                continue;
            }
            let mirrors = source.mirrored_by(name).map(|mirror| &mirror.path.value);
            let known = |path: &FieldPath| schema.resolve(path, &Pins::none());
            match self.read(&path, known) {
                Ok((subject, as_words)) => self.found.paths.push(NamedPath {
                    path,
                    subject,
                    as_words,
                    origin: Origin::Column {
                        field: mirrors.and_then(|path| known(path).ok()),
                        mirrors: mirrors.cloned(),
                    },
                }),
                Err(reason) => self.leave_out(path, reason),
            }
        }
    }

    /// What a condition on a path looks at, and the words of `as:` that it needs for that.
    fn read(
        &self,
        path: &FieldPath,
        known: impl Fn(&FieldPath) -> Result<schema::Field, PathProblem>,
    ) -> Result<(Subject, Vec<&'static str>), Diagnostic> {
        let span = self.context.source.name.span;
        let path = Spanned::new(path.clone(), span);
        let error = match field::resolve_with(self.context, &path, None, &known) {
            Ok(field) => return Ok((field.subject, Vec::new())),
            Err(error) => error,
        };
        let kind = known(&path.value).map(|field| field.kind);
        let words = kind.map_or_else(|_| Vec::new(), |kind| as_words(&kind));
        let readings = words.into_iter().filter_map(|word| {
            let (_, value_type) = ValueType::WORDS.iter().find(|(known, _)| *known == word)?;
            let read_as = Some(Spanned::new(*value_type, span));
            let field = field::resolve_with(self.context, &path, read_as, &known);
            Some((word, field.ok()?.subject))
        });
        let (words, subjects): (Vec<_>, Vec<_>) = readings.unzip();
        match subjects.into_iter().next() {
            Some(subject) => Ok((subject, words)),
            None => Err(error),
        }
    }

    /// What a route would be told that names a prefix of nothing.
    fn refuse(&self, prefix: &FieldPath) -> Result<(), Diagnostic> {
        let path = Spanned::new(prefix.clone(), self.context.source.name.span);
        let told = field::resolve(self.context, &path, None, &[]);
        told.map(|_| ()).map_err(|told| {
            let help = told.help.is_empty().then(|| self.possible(prefix));
            told.help_if(help.flatten())
        })
    }

    /// The keys beside the first one of the prefix that leads nowhere.
    fn possible(&self, prefix: &FieldPath) -> Option<String> {
        let schema = &self.context.schema.schema;
        let mut parents = std::iter::successors(prefix.parent(), FieldPath::parent);
        let listed =
            |parent: FieldPath| Some((parent.segments.len(), schema.catalogue(&parent).ok()?));
        let (at, listed) = parents.find_map(listed)?;
        let written = prefix.segments.get(at).and_then(Segment::key)?;
        let beside = listed
            .entries
            .iter()
            .map(|entry| entry.path.segments.as_slice());
        let beside = beside.filter(|path| path.len() == at + 1);
        let mut keys: Vec<&str> = beside.filter_map(|path| path[at].key()).collect();
        if at == 0 {
            keys.extend(self.context.source.columns.keys().map(String::as_str));
        }
        did_you_mean(written, &keys)
    }
}

/// The entry with paths as routes spell them: a column hides the field of its name.
fn spelt(source: &Source, mut entry: Entry) -> Entry {
    let spell = |path: &mut FieldPath| {
        let first = path.segments.first().and_then(Segment::key);
        let hidden = first.is_some_and(|key| source.columns.contains_key(key));
        if hidden && source.event.layout.document_column().is_some() {
            path.root = Root::Document;
        }
    };
    spell(&mut entry.path);
    if let Some(outer) = &mut entry.repeats {
        spell(outer);
    }
    if let Presence::Somewhere(discriminators) = &mut entry.presence {
        for discriminator in discriminators {
            spell(&mut discriminator.path);
        }
    }
    entry
}

/// The words of `as:` that fit a type that is not one.
fn as_words(kind: &FieldType) -> Vec<&'static str> {
    const ALL: [&str; 4] = ["text", "number", "boolean", "instant"];
    let word = |kind: &FieldType| match kind {
        FieldType::Text => Some("text"),
        FieldType::Integer | FieldType::Number => Some("number"),
        FieldType::Boolean => Some("boolean"),
        FieldType::Instant => Some("instant"),
        _ => None,
    };
    match kind {
        FieldType::Mixed(kinds) => {
            let words: Vec<_> = kinds.iter().filter_map(word).collect();
            if words.is_empty() {
                ALL.to_vec()
            } else {
                words
            }
        }
        FieldType::Any => ALL.to_vec(),
        _ => Vec::new(),
    }
}
