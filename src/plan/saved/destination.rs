//! Where a plan is saved: a new file, or in the place of a former plan. What else is there is left alone.

use camino::{Utf8Path, Utf8PathBuf};

use super::read::is_plan;
use crate::files::{self, FileError};

/// A file that a plan may be written to.
#[derive(Debug)]
pub struct Destination {
    directory: Utf8PathBuf,
    path: Utf8PathBuf,
}

/// Why a plan cannot be saved.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is no name.
    #[error("`{0}` is no name of a file; name one such as `plan.json`")]
    Nameless(Utf8PathBuf),
    /// There is a directory, a device or the like.
    #[error("`{0}` is there and is no regular file; name another one")]
    NoFile(Utf8PathBuf),
    /// There is a file that is something else.
    #[error("`{0}` is there and is no saved plan; name another file, or remove this one")]
    Taken(Utf8PathBuf),
    /// The file system refuses.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Destination {
    /// Looks at what is there; `path` is below `directory` and shown as it is.
    ///
    /// # Errors
    /// No plan may be written there.
    pub fn new(directory: &Utf8Path, path: &Utf8Path) -> Result<Self, WriteError> {
        if path == "-" || path.file_name().is_none() {
            return Err(WriteError::Nameless(path.to_owned()));
        }
        let full = directory.join(path);
        // A link is not followed: a name such as /dev/stdout must not be replaced by a file.
        let is_other = |found: std::fs::Metadata| !found.is_file();
        if full.symlink_metadata().is_ok_and(is_other) {
            return Err(WriteError::NoFile(path.to_owned()));
        }
        let taken = match files::read_text_if_exists(&full) {
            Ok(text) => text.is_some_and(|text| !text.is_empty() && !is_plan(&text)),
            Err(error) if error.is_no_text() => true,
            Err(error) => return Err(error.relative_to(directory).into()),
        };
        if taken {
            return Err(WriteError::Taken(path.to_owned()));
        }
        Ok(Self {
            directory: directory.to_owned(),
            path: path.to_owned(),
        })
    }

    /// The file as the user named it.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    pub(super) fn write(&self, text: &str) -> Result<(), WriteError> {
        let written = files::write_atomically(&self.directory.join(&self.path), text);
        Ok(written.map_err(|error| error.relative_to(&self.directory))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::saved::tests::sample_text;

    #[test]
    fn only_a_plan_makes_room_for_a_plan() {
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        let put = |name: &str, text: &str| files::write_atomically(&root.join(name), text).unwrap();
        put("plan.json", &sample_text());
        put(
            "old.json",
            "{\"kind\": \"saved-plan\", \"format_version\": 0}",
        );
        put("empty", "");
        put("route.yaml", "route: r");
        put("below/x", "");
        let judge = |path: &str| {
            let words = Destination::new(root, path.into()).map_err(|error| error.to_string());
            words.err().unwrap_or_default()
        };
        for free in ["plan.json", "old.json", "empty", "new", "new/new.json"] {
            assert_eq!(judge(free), "", "{free}");
        }
        let refused = ["route.yaml", "below", "", "-", "..", "empty/x"];
        insta::assert_snapshot!(refused.map(judge).join("\n"), @"
        `route.yaml` is there and is no saved plan; name another file, or remove this one
        `below` is there and is no regular file; name another one
        `` is no name of a file; name one such as `plan.json`
        `-` is no name of a file; name one such as `plan.json`
        `..` is no name of a file; name one such as `plan.json`
        cannot read `empty/x`: Not a directory (os error 20)
        ");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        std::os::unix::fs::symlink("elsewhere", root.join("link")).unwrap();
        let error = Destination::new(root, "link".into()).unwrap_err();
        insta::assert_snapshot!(error, @"`link` is there and is no regular file; name another one");
    }
}
