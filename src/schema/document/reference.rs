//! Where a `$ref` or `$id` points: RFC 3986 resolution as far as files laid out like their ids need.

use camino::{Utf8Path, Utf8PathBuf};

use crate::schema::pointer;

/// A URI without its fragment. Unlike in RFC 3986 `..` at the front of the path is kept: a file may
/// refer above the directory that its `$id` takes for the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    /// Scheme and authority, or a whole `urn:`; empty for files of the project.
    origin: String,
    path: Vec<String>,
}

/// A `$ref` in its two halves.
pub(super) struct Reference {
    pub(super) location: Location,
    /// Percent-decoded: empty, a JSON pointer or an anchor.
    pub(super) fragment: String,
}

impl Location {
    /// The location of a file of the project.
    pub(super) fn of_file(path: &Utf8Path) -> Self {
        Self {
            origin: String::new(),
            path: normalise(path.as_str().split('/')),
        }
    }

    /// Resolves a URI reference that stands in a document at this location; `None` if it is malformed.
    pub(super) fn resolve(&self, reference: &str) -> Option<Reference> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = pointer::percent_decode(fragment)?;
        let location = match split_origin(uri) {
            Some((origin, path)) => Self {
                origin: origin.to_owned(),
                path: normalise(pointer::percent_decode(path)?.split('/')),
            },
            None if uri.is_empty() => self.clone(),
            None => self.resolve_path(&pointer::percent_decode(uri)?),
        };
        Some(Reference { location, fragment })
    }

    fn resolve_path(&self, path: &str) -> Self {
        let directory = match path.strip_prefix('/') {
            Some(_) => &[],
            None => self.directory(),
        };
        let segments = directory.iter().map(String::as_str).chain(path.split('/'));
        Self {
            origin: self.origin.clone(),
            path: normalise(segments),
        }
    }

    fn directory(&self) -> &[String] {
        self.path
            .split_last()
            .map_or(&[], |(_, directory)| directory)
    }

    /// The file at `self`, if the document at `file` (relative to the project) has the location
    /// `base` and files are laid out like locations. `None` if the origins differ.
    pub(super) fn beside(&self, base: &Self, file: &Utf8Path) -> Option<BesideFile> {
        if self.origin != base.origin {
            return None;
        }
        let from = base.directory();
        let common = from
            .iter()
            .zip(&self.path)
            .take_while(|(a, b)| a == b && *a != "..")
            .count();
        let up = std::iter::repeat_n("..", from.len() - common);
        let down = self.path[common..].iter().map(String::as_str);
        let directory = file.parent().map_or("", Utf8Path::as_str).split('/');
        let path = normalise(directory.chain(up).chain(down));
        Some(if path.first().is_some_and(|first| first == "..") {
            BesideFile::OutsideProject
        } else {
            BesideFile::At(path.join("/").into())
        })
    }
}

/// Where a file beside another lies.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BesideFile {
    /// Relative to the project.
    At(Utf8PathBuf),
    OutsideProject,
}

/// Splits a URI behind scheme and authority; `None` for a relative reference.
fn split_origin(uri: &str) -> Option<(&str, &str)> {
    if let Some(rest) = uri.strip_prefix("//") {
        let end = rest.find('/').map_or(uri.len(), |slash| slash + 2);
        return Some(uri.split_at(end));
    }
    let (scheme, rest) = uri.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !is_scheme {
        return None;
    }
    let end = match rest.strip_prefix("//") {
        Some(behind) => behind
            .find('/')
            .map_or(uri.len(), |slash| uri.len() - behind.len() + slash),
        None => uri.len(),
    };
    Some(uri.split_at(end))
}

/// Drops `.` and empty segments and applies each `..` to what is before it, if anything is.
fn normalise<'a>(segments: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for segment in segments {
        match segment {
            "" | "." => {}
            ".." if path.last().is_some_and(|last| last != "..") => {
                path.pop();
            }
            other => path.push(other.to_owned()),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(file: &str, id: &str, reference: &str) -> Option<BesideFile> {
        let file = Utf8Path::new(file);
        let base = Location::of_file(file).resolve(id).unwrap().location;
        base.resolve(reference)
            .unwrap()
            .location
            .beside(&base, file)
    }

    fn at(path: &str) -> BesideFile {
        BesideFile::At(path.into())
    }

    #[test]
    fn files_are_found_beside_each_other() {
        for (reference, expected) in [
            ("header.json", Some(at("s/event/header.json"))),
            ("../entity/car.json#/a", Some(at("s/entity/car.json"))),
            ("/s/x%20y.json", Some(at("s/x y.json"))),
            ("../../../x.json", Some(BesideFile::OutsideProject)),
            ("https://example.com/x.json", None),
            ("//example.com/x.json", None),
        ] {
            assert_eq!(
                beside("s/event/event.json", "", reference),
                expected,
                "{reference}"
            );
        }
    }

    #[test]
    fn files_are_found_as_their_ids_lie() {
        let deep = "https://example.com/schemas/event/event.json";
        let flat = "https://example.com/event.json";
        for (id, reference, expected) in [
            (deep, "../entity/car.json", Some(at("s/entity/car.json"))),
            (
                deep,
                "/schemas/entity/car.json",
                Some(at("s/entity/car.json")),
            ),
            (
                deep,
                "https://example.com/schemas/entity/car.json",
                Some(at("s/entity/car.json")),
            ),
            (deep, "https://example.org/schemas/entity/car.json", None),
            (deep, "../../../x.json", Some(BesideFile::OutsideProject)),
            (flat, "../entity/car.json", Some(at("s/entity/car.json"))),
            (
                "urn:example:event",
                "header.json",
                Some(at("s/event/header.json")),
            ),
            ("other.json", "header.json", Some(at("s/event/header.json"))),
        ] {
            assert_eq!(
                beside("s/event/event.json", id, reference),
                expected,
                "{id} {reference}"
            );
        }
    }
}
