//! What the emulator keeps on disk.

use std::io::Write as _;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::{SignedDuration, Timestamp};
use routectl::api::{Client, ListFilter, NewStatement, Phase};
use routectl::clock::ManualClock;
use routectl::emulator::{Emulator, JournalError, Settings};
use routectl::files;

use super::{DDL, INSERT, World, connection, new, settings, spawn};

/// A directory for a journal, and the journal's path in it.
fn journal() -> (tempfile::TempDir, Utf8PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(directory.path())
        .unwrap()
        .join("state/journal.jsonl");
    (directory, path)
}

#[tokio::test]
async fn the_state_outlives_the_process() {
    let (_directory, path) = journal();
    let world = World::start(|settings| settings.journal = Some(path.clone())).await;
    world.create("ddl", DDL).await.unwrap();
    world.wait(200);
    world.client.delete("ddl").await.unwrap();
    world.wait(200);
    world.create("in", INSERT).await.unwrap();
    // What a killed process leaves behind is the file as it is now.
    let (_other_directory, killed) = journal();
    files::write_atomically(&killed, &files::read_text(&path).unwrap()).unwrap();
    let before = world.get("in").await.unwrap();
    world.running.stop().await.unwrap();

    for path in [path, killed] {
        let clock = world.clock.clone();
        let running = spawn(&Settings {
            journal: Some(path),
            ..settings(&clock)
        })
        .await;
        let client = Client::new(connection(&running.url())).unwrap();
        let mut after = client.get("in").await.unwrap().unwrap();
        after.metadata.other.clone_from(&before.metadata.other);
        assert_eq!(after, before);
        assert_eq!(client.get("ddl").await.unwrap(), None);
        running.stop().await.unwrap();
    }
}

#[tokio::test]
async fn steps_go_on_after_reopening_where_they_were() {
    let (_directory, path) = journal();
    let world = World::start(|settings| settings.journal = Some(path.clone())).await;
    world.create("ddl", DDL).await.unwrap();
    world.wait(100);
    world.running.stop().await.unwrap();
    world.clock.advance(SignedDuration::from_millis(100));
    let running = spawn(&Settings {
        journal: Some(path),
        ..settings(&world.clock)
    })
    .await;
    let client = Client::new(connection(&running.url())).unwrap();
    assert_eq!(
        client.get("ddl").await.unwrap().unwrap().status.phase,
        Phase::Completed
    );
    client.create(&new("in", INSERT)).await.unwrap();
    world.clock.advance(SignedDuration::from_millis(400));
    assert_eq!(
        client.get("in").await.unwrap().unwrap().status.phase,
        Phase::Running
    );
}

#[tokio::test]
async fn topics_grow_and_waits_end_while_nobody_is_there() {
    let (_directory, path) = journal();
    let mut world = World::start(|settings| settings.journal = Some(path.clone())).await;
    world.create("ddl", DDL).await.unwrap();
    world.wait(200);
    world.create("one", INSERT).await.unwrap();
    world.wait(400);
    let successor = NewStatement {
        properties: [(
            "sql.tables.initial-offset-from".to_owned(),
            "one".to_owned(),
        )]
        .into(),
        ..new("two", INSERT)
    };
    world.client.create(&successor).await.unwrap();
    let one = world.get("one").await.unwrap();
    let before = world.running.inspector().ledger().unwrap();
    world.reopen(&path, 7 * 3600).await;

    let two = world.get("two").await.unwrap();
    assert_eq!(two.status.phase, Phase::Failed, "its six hours are over");
    let after = world.running.inspector().ledger().unwrap();
    assert_eq!(after.runs[0].from, before.runs[0].from);
    for (before, after) in before.runs[0].to.iter().zip(&after.runs[0].to) {
        assert!(before + 7 * 3600 * 10 <= *after);
    }
    let found = world.get("one").await.unwrap();
    world.client.set_stopped(&found, true).await.unwrap();
    world.reopen(&path, 31 * 24 * 3600).await;
    assert_eq!(world.get("one").await, None, "it is forgotten");
    let ledger = world.running.inspector().ledger().unwrap();
    assert_eq!(
        ledger.runs[0].uid, one.metadata.uid,
        "the ledger forgets nothing"
    );
    assert!(ledger.runs[0].ended.is_some());
}

impl World {
    /// Ends the emulator, and opens it again so many seconds later.
    async fn reopen(&mut self, path: &Utf8Path, seconds: i64) {
        let settings = |clock| Settings {
            journal: Some(path.to_owned()),
            lock_patience: Duration::from_secs(10),
            ..settings(clock)
        };
        let elsewhere = spawn(&super::settings(&self.clock)).await;
        let running = std::mem::replace(&mut self.running, elsewhere);
        running.stop().await.unwrap();
        self.clock.advance(SignedDuration::from_secs(seconds));
        self.running = spawn(&settings(&self.clock)).await;
        self.client = Client::new(connection(&self.running.url())).unwrap();
    }
}

fn reopen(path: &Utf8Path) -> Result<Emulator, JournalError> {
    let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
    Emulator::open(&Settings {
        journal: Some(path.to_owned()),
        ..settings(&clock)
    })
}

/// A journal with one statement in it, closed.
async fn closed_journal() -> (tempfile::TempDir, Utf8PathBuf) {
    let (directory, path) = journal();
    let world = World::start(|settings| settings.journal = Some(path.clone())).await;
    world.create("s", "SHOW TABLES").await.unwrap();
    world.running.stop().await.unwrap();
    (directory, path)
}

fn append(path: &Utf8Path, bytes: &[u8]) {
    std::fs::File::options()
        .append(true)
        .open(path)
        .unwrap()
        .write_all(bytes)
        .unwrap();
}

#[tokio::test]
async fn a_line_cut_off_by_a_kill_is_dropped() {
    let (_directory, path) = closed_journal().await;
    append(&path, b"{\"put\":{\"name\":\"\xc3");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let running = reopen(&path).unwrap().spawn(listener).unwrap();
    let client = Client::new(connection(&running.url())).unwrap();
    assert_eq!(client.list(&ListFilter::default()).await.unwrap().len(), 1);
    assert!(files::read_text(&path).unwrap().ends_with("}\n"));
}

#[tokio::test]
async fn other_damage_is_an_error_that_names_the_line() {
    let (_directory, path) = closed_journal().await;
    let before = files::read_text(&path).unwrap().lines().count();
    append(&path, b"{\"put\":{\"name\"\n{\"removed\":\"s\"}\n");
    let error = reopen(&path).unwrap_err();
    assert!(
        matches!(error, JournalError::Damaged { line, .. } if line == before + 1),
        "{error}"
    );
    assert!(error.to_string().contains(path.as_str()), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_left_alone() {
    for text in ["my notes", "my notes\n", "{\"removed\":\"s\"}\n", "\n"] {
        let (_directory, path) = journal();
        files::write_atomically(&path, text).unwrap();
        let error = reopen(&path).unwrap_err();
        assert!(
            matches!(error, JournalError::NotAJournal { .. }),
            "{text:?}: {error}"
        );
        assert_eq!(files::read_text(&path).unwrap(), text);
    }
}

#[tokio::test]
async fn a_journal_belongs_to_one_emulator_at_a_time() {
    let (_directory, path) = closed_journal().await;
    let first = reopen(&path).unwrap();
    let error = reopen(&path).unwrap_err();
    assert!(matches!(error, JournalError::InUse { .. }), "{error}");
    drop(first);
    reopen(&path).unwrap();
}
