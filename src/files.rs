//! File access whose errors name the path and whose writes are all or nothing.
//!
//! The rest of the crate may not call `std::fs` for contents (see `.clippy.toml`).
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io::{self, Write as _};

use camino::{Utf8Path, Utf8PathBuf};

/// What went wrong with a file, with the path it happened to.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{path}`: {cause}")]
pub struct FileError {
    action: &'static str,
    path: Utf8PathBuf,
    // Not `source`: its words stand in the message already.
    cause: io::Error,
}

impl FileError {
    fn wrap(action: &'static str, path: &Utf8Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self {
            action,
            path,
            cause,
        }
    }

    /// The same error, whose path is shown relative to a directory above it.
    #[must_use]
    pub fn relative_to(mut self, root: &Utf8Path) -> Self {
        if let Ok(below) = self.path.strip_prefix(root) {
            self.path = below.to_owned();
        }
        self
    }

    /// Whether the file is there and is no text.
    pub fn is_no_text(&self) -> bool {
        self.cause.kind() == io::ErrorKind::InvalidData
    }

    /// Whether the file or directory does not exist.
    pub fn is_not_found(&self) -> bool {
        self.cause.kind() == io::ErrorKind::NotFound
    }
}

/// Reads a UTF-8 text file.
pub fn read_text(path: &Utf8Path) -> Result<String, FileError> {
    let bytes = fs::read(path).map_err(FileError::wrap("read", path))?;
    String::from_utf8(bytes).map_err(|error| {
        let why = why_no_text(error.as_bytes(), error.utf8_error().valid_up_to());
        FileError::wrap("read", path)(io::Error::new(io::ErrorKind::InvalidData, why))
    })
}

/// Why bytes are no UTF-8; the first `valid` ones are.
fn why_no_text(bytes: &[u8], valid: usize) -> String {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return "it is UTF-16, not UTF-8".to_owned();
    }
    let before = String::from_utf8_lossy(&bytes[..valid]);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&one| one != '\n').count() + 1;
    format!(
        "line {line}, column {column} is not UTF-8 (byte 0x{:02x})",
        bytes[valid]
    )
}

/// Reads a UTF-8 text file, or `None` where there is no such file.
pub fn read_text_if_exists(path: &Utf8Path) -> Result<Option<String>, FileError> {
    match read_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file so that readers see the old contents or the new, never a part: the text goes to a
/// temporary file beside it, which is then renamed. Creates missing directories.
pub fn write_atomically(path: &Utf8Path, text: &str) -> Result<(), FileError> {
    let directory = path.parent().filter(|parent| !parent.as_str().is_empty());
    if let Some(directory) = directory {
        fs::create_dir_all(directory).map_err(FileError::wrap("create directory", directory))?;
    }
    let name = path.file_name().unwrap_or("file");
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let write = || -> io::Result<()> {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(|source| {
        let _ = fs::remove_file(&temporary);
        FileError::wrap("write", path)(source)
    })
}

/// Removes a file; it is no error if it is gone already.
pub fn remove(path: &Utf8Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(FileError::wrap("remove", path)(source))
        }
        _ => Ok(()),
    }
}

/// All files below `directory` whose extension is in `extensions`, in upper or lower case, sorted by path. Hidden
/// files and directories are passed over.
pub fn find(directory: &Utf8Path, extensions: &[&str]) -> Result<Vec<Utf8PathBuf>, FileError> {
    let mut found = all(directory)?;
    found.retain(|path| has_extension(path, extensions));
    Ok(found)
}

/// All files below `directory` but hidden ones and those in hidden directories, sorted by path.
pub fn all(directory: &Utf8Path) -> Result<Vec<Utf8PathBuf>, FileError> {
    let mut found = Vec::new();
    collect(directory, &mut found)?;
    found.sort();
    Ok(found)
}

/// Whether the extension of a path is one of these, in upper or lower case.
pub fn has_extension(path: &Utf8Path, extensions: &[&str]) -> bool {
    let mut extensions = extensions.iter();
    path.extension()
        .is_some_and(|found| extensions.any(|wanted| found.eq_ignore_ascii_case(wanted)))
}

fn collect(directory: &Utf8Path, found: &mut Vec<Utf8PathBuf>) -> Result<(), FileError> {
    let wrap = || FileError::wrap("list", directory);
    for entry in directory.read_dir_utf8().map_err(wrap())? {
        let entry = entry.map_err(wrap())?;
        if entry.file_name().starts_with('.') {
            continue;
        }
        let path = entry.into_path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_that_is_no_text_has_a_place() {
        let why = |bytes: &[u8]| {
            let error = std::str::from_utf8(bytes).unwrap_err();
            why_no_text(bytes, error.valid_up_to())
        };
        assert_eq!(
            why(b"a\n\xc3\xa4b\xff"),
            "line 2, column 3 is not UTF-8 (byte 0xff)"
        );
        assert_eq!(
            why(b"\xe2\x82"),
            "line 1, column 1 is not UTF-8 (byte 0xe2)"
        );
        assert_eq!(why(b"\xff\xfea\0"), "it is UTF-16, not UTF-8");
    }
}
