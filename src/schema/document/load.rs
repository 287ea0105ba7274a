//! Reads schema files and follows their `$ref`s.

use std::collections::{HashMap, HashSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

use super::parse::{self, Parsed};
use super::reference::{BesideFile, Location};
use super::{Documents, File, Position, Reader, SchemaError, SchemaErrorKind as Kind};
use crate::schema::{SchemaPlace, keywords, pointer};

pub(super) fn load(
    root: &Utf8Path,
    path: &Utf8Path,
    read: &Reader<'_>,
) -> Result<Documents, Vec<SchemaError>> {
    let mut loader = Loader {
        root,
        read,
        parsed: Vec::new(),
        by_path: HashMap::new(),
        targets: HashMap::new(),
        waiting: Vec::new(),
        patterns: HashMap::new(),
        seen: HashSet::new(),
        errors: Vec::new(),
    };
    let asked = SchemaPlace {
        document: path.to_owned(),
        pointer: String::new(),
    };
    let location = Location::of_file(path);
    if let Some(BesideFile::At(path)) = location.beside(&location, path) {
        loader.open(&path, &asked);
    } else {
        loader.errors.push(outside(asked, path.as_str()));
    }
    while let Some(position) = loader.waiting.pop() {
        loader.enter(&position);
    }
    loader.finish()
}

struct Loader<'a> {
    root: &'a Utf8Path,
    read: &'a Reader<'a>,
    parsed: Vec<Parsed>,
    /// The index of each file that was opened; `None` where it cannot be used.
    by_path: HashMap<Utf8PathBuf, Option<usize>>,
    targets: HashMap<Position, Position>,
    /// Schemas whose `$ref`s are still to follow.
    waiting: Vec<Position>,
    /// A validator for each regular expression, `None` where it is none.
    patterns: HashMap<String, Option<jsonschema::Validator>>,
    /// Schemas that have been waiting.
    seen: HashSet<Position>,
    errors: Vec<SchemaError>,
}

impl Loader<'_> {
    /// The index of a file, which is read the first time. An error of reading stands at `asked`.
    fn open(&mut self, path: &Utf8Path, asked: &SchemaPlace) -> Option<usize> {
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let index = self.read(path, asked);
        self.by_path.insert(path.to_owned(), index);
        index
    }

    fn read(&mut self, path: &Utf8Path, asked: &SchemaPlace) -> Option<usize> {
        let text = (self.read)(&self.root.join(path)).map_err(|error| SchemaError {
            place: asked.clone(),
            kind: Kind::File,
            message: if error.is_not_found() {
                format!("there is no schema file `{path}`")
            } else {
                error.to_string()
            },
            help: "schema files are found relative to the project, `$ref`s relative to their file"
                .into(),
        });
        match text.and_then(|text| parse::parse(path, &text)) {
            Ok(mut parsed) => {
                self.errors.append(&mut parsed.problems);
                self.parsed.push(parsed);
                let file = self.parsed.len() - 1;
                self.wait_for(Position {
                    file,
                    pointer: "".into(),
                });
                Some(file)
            }
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    fn wait_for(&mut self, position: Position) {
        if self.seen.insert(position.clone()) {
            self.waiting.push(position);
        }
    }

    /// Resolves each `$ref` in the schema at `position` and compiles its regular expressions.
    fn enter(&mut self, position: &Position) {
        let Some(parsed) = self.parsed.get(position.file) else {
            return;
        };
        let Some(schema) = parsed.value.pointer(&position.pointer) else {
            return;
        };
        let mut references = Vec::new();
        let mut patterns = Vec::new();
        keywords::subschemas(schema, &position.pointer, &mut |schema, at| {
            if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
                references.push((at.to_owned(), reference.to_owned()));
            }
            collect_patterns(schema, at, &mut patterns);
        });
        let file = position.file;
        for (pointer, reference) in references {
            self.follow(
                Position {
                    file,
                    pointer: pointer.into(),
                },
                &reference,
            );
        }
        for (pointer, pattern) in patterns {
            self.compile(
                &Position {
                    file,
                    pointer: pointer.into(),
                },
                &pattern,
            );
        }
    }

    fn follow(&mut self, from: Position, reference: &str) {
        if self.targets.contains_key(&from) {
            return;
        }
        match self.resolve(&from, reference) {
            Ok(Some(target)) => {
                self.wait_for(target.clone());
                self.targets.insert(from, target);
            }
            Ok(None) => {}
            Err(error) => self.errors.push(error),
        }
    }

    fn compile(&mut self, at: &Position, pattern: &str) {
        let compile =
            || jsonschema::draft202012::new(&json!({ "type": "string", "pattern": pattern })).ok();
        if self
            .patterns
            .entry(pattern.to_owned())
            .or_insert_with(compile)
            .is_none()
        {
            self.errors.push(SchemaError {
                place: SchemaPlace {
                    document: self.parsed[at.file].path.clone(),
                    pointer: at.pointer.to_string(),
                },
                kind: Kind::Invalid,
                message: format!("`{pattern}` is not a regular expression"),
                help: "put a backslash before what is meant literally".to_owned(),
            });
        }
    }

    /// The schema that `reference` names in the schema at `from`; `None` if its file has errors.
    fn resolve(
        &mut self,
        from: &Position,
        reference: &str,
    ) -> Result<Option<Position>, SchemaError> {
        let parsed = &self.parsed[from.file];
        let place = SchemaPlace {
            document: parsed.path.clone(),
            pointer: pointer::child(&from.pointer, "$ref"),
        };
        let base = parsed.resource_of(&from.pointer);
        let Some(target) = base.location.resolve(reference) else {
            return Err(unknown(
                place,
                reference,
                "a `$ref` is a URI reference with valid escapes",
            ));
        };
        let (file, resource) = match parsed.resource_at(&target.location) {
            Some(resource) => (from.file, resource.pointer.clone()),
            None => match target
                .location
                .beside(&parsed.root().location, &parsed.path)
            {
                None => return Err(remote(place, reference)),
                Some(BesideFile::OutsideProject) => return Err(outside(place, reference)),
                Some(BesideFile::At(path)) => match self.open(&path, &place) {
                    Some(file) => (file, String::new()),
                    None => return Ok(None),
                },
            },
        };
        let pointer = self.parsed[file].fragment(&resource, &target.fragment);
        let pointer = pointer.ok_or_else(|| {
            let help = format!(
                "`{}` has no schema at `#{}`",
                self.parsed[file].path, target.fragment
            );
            unknown(place, reference, &help)
        })?;
        Ok(Some(Position {
            file,
            pointer: pointer.into(),
        }))
    }

    fn finish(mut self) -> Result<Documents, Vec<SchemaError>> {
        if !self.errors.is_empty() {
            self.errors
                .sort_by(|a, b| (&a.place, a.kind).cmp(&(&b.place, b.kind)));
            // A schema that is reached in two ways is looked at twice.
            self.errors.dedup();
            return Err(self.errors);
        }
        let files = self.parsed.into_iter();
        Ok(Documents {
            files: files
                .map(|parsed| File {
                    path: parsed.path,
                    value: parsed.value,
                })
                .collect(),
            targets: self.targets,
            patterns: self
                .patterns
                .into_iter()
                .filter_map(|(pattern, validator)| Some((pattern, validator?)))
                .collect(),
        })
    }
}

/// The regular expressions of one schema, each with the pointer to it.
fn collect_patterns(schema: &Value, at: &str, found: &mut Vec<(String, String)>) {
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        found.push((pointer::child(at, "pattern"), pattern.to_owned()));
    }
    let below = pointer::child(at, "patternProperties");
    let named = schema.get("patternProperties").and_then(Value::as_object);
    for pattern in named.into_iter().flat_map(serde_json::Map::keys) {
        found.push((pointer::child(&below, pattern), pattern.clone()));
    }
}

fn unknown(place: SchemaPlace, reference: &str, help: &str) -> SchemaError {
    SchemaError {
        place,
        kind: Kind::UnknownReference,
        message: format!("`$ref` to `{reference}` leads nowhere"),
        help: help.to_owned(),
    }
}

fn outside(place: SchemaPlace, reference: &str) -> SchemaError {
    SchemaError {
        place,
        kind: Kind::OutsideProject,
        message: format!("`{reference}` leads out of the project"),
        help: "keep every schema file inside the project directory".to_owned(),
    }
}

fn remote(place: SchemaPlace, reference: &str) -> SchemaError {
    SchemaError {
        place,
        kind: Kind::Remote,
        message: format!("`$ref` to `{reference}` needs the network, which is never used"),
        help: "copy that schema into the project and refer to it by its relative path".to_owned(),
    }
}
