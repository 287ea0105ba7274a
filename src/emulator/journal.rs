//! The state on disk: a file of JSON lines, one for each change.
//!
//! A line is handed to the operating system before the answer goes out, so a killed process loses nothing that
//! it acknowledged; it is not synced, so a power cut may. Opening replays the lines and rewrites the file
//! as the shortest series that leads to the same state. A last line without its end was cut off by a kill and
//! never acknowledged: it is dropped. Anything else that cannot be read is an error.
//!
//! Rewriting replaces the file, so the lock that keeps a second process out is on a file of its own beside it.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::state::{Change, State};
use crate::files::{self, FileError};

/// The first line: what the file is, and the version of its format.
const HEADER: &str = r#"{"routectl_emulator_journal":2}"#;
/// The pause between two tries to get the lock.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process has it.
    #[error(
        "the journal `{path}` is in use by another emulator; stop that one or name another file"
    )]
    InUse {
        /// The journal.
        path: Utf8PathBuf,
    },
    /// The file holds something else.
    #[error("`{path}` is not a journal of the emulator; name another file")]
    NotAJournal {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A line cannot be read.
    #[error(
        "the journal `{path}` is damaged in line {line}: {reason}; restore it from a copy, or remove it to \
         begin with an empty emulator"
    )]
    Damaged {
        /// The journal.
        path: Utf8PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refuses.
    #[error("cannot {action} the journal `{path}`: {source}; check the path and its permissions")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: Utf8PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The operating system refuses to write it anew.
    #[error(transparent)]
    File(#[from] FileError),
}

/// An open journal, locked for as long as it lives.
#[derive(Debug)]
pub(super) struct Journal {
    path: Utf8PathBuf,
    file: File,
    /// The length of the file up to the end of its last whole line.
    length: u64,
    _lock: File,
}

impl Journal {
    /// Opens or creates the journal and brings `state`, which is empty, to where the journal ends. If another
    /// process has the journal, waits for it about as long as `patience`.
    pub(super) fn open(
        path: &Utf8Path,
        patience: Duration,
        state: &mut State,
    ) -> Result<Self, JournalError> {
        let lock = lock(path, patience)?;
        for change in read(path)? {
            state.replay(change);
        }
        let text = format!("{HEADER}\n{}", lines(path, &state.changes())?);
        files::write_atomically(path, &text)?;
        let fail = failure("open", path);
        let mut file = File::options().write(true).open(path).map_err(&fail)?;
        let length = file.seek(SeekFrom::End(0)).map_err(&fail)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            length,
            _lock: lock,
        })
    }

    /// Adds changes. After an error none of them counts as added, and they can be added again.
    pub(super) fn append(&mut self, changes: &[Change]) -> Result<(), JournalError> {
        if changes.is_empty() {
            return Ok(());
        }
        let text = lines(&self.path, changes)?;
        self.write(&text).map_err(failure("write", &self.path))
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        // What an earlier failure may have left half-written goes first.
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(text.as_bytes())?;
        self.length += text.len() as u64;
        Ok(())
    }
}

fn failure(action: &'static str, path: &Utf8Path) -> impl Fn(io::Error) -> JournalError + use<> {
    let path = path.to_owned();
    move |source| JournalError::Io {
        action,
        path: path.clone(),
        source,
    }
}

fn lock(path: &Utf8Path, patience: Duration) -> Result<File, JournalError> {
    let name = path.file_name().unwrap_or("journal");
    let beside = path.with_file_name(format!("{name}.lock"));
    let fail = failure("lock", &beside);
    if let Some(directory) = path.parent().filter(|parent| !parent.as_str().is_empty()) {
        std::fs::create_dir_all(directory).map_err(&fail)?;
    }
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&beside)
        .map_err(&fail)?;
    let mut left = patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(fail(error)),
            Err(TryLockError::WouldBlock) if left.is_zero() => {
                return Err(JournalError::InUse {
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::WouldBlock) => {
                let pause = left.min(LOCK_PAUSE);
                std::thread::sleep(pause);
                left -= pause;
            }
        }
    }
}

fn lines(path: &Utf8Path, changes: &[Change]) -> Result<String, JournalError> {
    let mut text = String::new();
    for change in changes {
        let line = serde_json::to_string(change)
            .map_err(|error| failure("write", path)(io::Error::from(error)))?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

fn read(path: &Utf8Path) -> Result<Vec<Change>, JournalError> {
    let fail = failure("read", path);
    // Bytes, because a line that was cut off may end inside a character.
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(mut file) => file.read_to_end(&mut bytes).map_err(&fail)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fail(error)),
    };
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    let mut lines = bytes[..whole].split(|byte| *byte == b'\n').enumerate();
    if lines
        .next()
        .is_none_or(|(_, first)| first != HEADER.as_bytes())
    {
        return Err(JournalError::NotAJournal {
            path: path.to_owned(),
        });
    }
    lines
        .map(|(index, line)| {
            serde_json::from_slice(line).map_err(|error| JournalError::Damaged {
                path: path.to_owned(),
                line: index + 1,
                reason: error.to_string(),
            })
        })
        .collect()
}
