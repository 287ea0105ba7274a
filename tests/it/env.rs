//! A world of its own for the binary: a small project in a temporary directory, an emulator that takes no time,
//! and nothing of the environment that the tests run in.

use std::fmt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use routectl::api::{Client, Connection, ListFilter, NewStatement, Statement};
use routectl::clock::SystemClock;
use routectl::emulator::{Emulator, FlinkSql, Inspector, Settings, Timing};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::contract::HeldToContract;

const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "status": {"enum": ["new", "paid", "shipped"]},
    "amount": {"type": "number"}
  }
}
"#;

/// A project with a target `local`, whose emulator runs in this process.
pub(crate) struct Env {
    directory: TempDir,
    root: Utf8PathBuf,
    variables: Vec<(String, String)>,
    server: Server,
    _contract: HeldToContract,
}

impl Env {
    /// A project with the routes `paid` and `large`.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same, on an emulator with other settings.
    pub(crate) fn with(adjust: impl FnOnce(&mut Settings)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(directory.path()).unwrap();
        let root = root.canonicalize_utf8().unwrap();
        let mut settings = Settings::new(Arc::new(SystemClock), Arc::new(FlinkSql));
        settings.timing = Timing::INSTANT;
        settings.journal = Some(root.join("journal.jsonl"));
        let contract = HeldToContract::new(&mut settings);
        adjust(&mut settings);
        let env = Self {
            directory,
            root,
            variables: vec![("ROUTECTL_SETTLE".to_owned(), "0s".to_owned())],
            server: Server::start(settings),
            _contract: contract,
        };
        env.write("schemas/order.json", SCHEMA);
        env.write("routectl.yaml", &project(&env.server.url));
        env.route("paid", "{field: status, equals: paid}");
        env.route("large", "{field: amount, greaterThan: 1000}");
        env
    }

    /// Puts the sample project in the place of the small one; its target `local` uses the same emulator.
    pub(crate) fn become_the_sample(&self) {
        let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
        self.remove("routes/paid.yaml");
        self.remove("routes/large.yaml");
        for directory in [
            "routes",
            "schemas/event",
            "schemas/entity",
            "schemas/common",
            "schemas/samples",
        ] {
            for entry in sample.join(directory).read_dir_utf8().unwrap() {
                let name = entry.unwrap().file_name().to_owned();
                let path = format!("{directory}/{name}");
                self.write(&path, &read(&sample.join(&path)));
            }
        }
        let project = read(&sample.join("routectl.yaml"));
        let ours = format!("backend: emulator\n    endpoint: '{}' #", self.server.url);
        let adapted = project.replace("backend: emulator", &ours);
        assert_ne!(adapted, project);
        self.write("routectl.yaml", &adapted);
    }

    /// The address of the emulator.
    pub(crate) fn url(&self) -> &str {
        &self.server.url
    }

    pub(crate) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Sets a variable for the binary.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Writes the file of a route that writes the topic of its name.
    pub(crate) fn route(&self, name: &str, condition: &str) {
        self.route_with(name, condition, "");
    }

    /// The same with further lines of YAML.
    pub(crate) fn route_with(&self, name: &str, condition: &str, more: &str) {
        let text =
            format!("route: {name}\nwhere: {condition}\nto: {{topic: {name}-orders}}\n{more}\n");
        self.write(&format!("routes/{name}.yaml"), &text);
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        #[allow(clippy::disallowed_methods)]
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        read(&self.root.join(path))
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.root.join(path)).unwrap();
    }

    /// The binary with these arguments, in the project, not started yet.
    pub(crate) fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_routectl"));
        command
            .args(arguments)
            .current_dir(&self.root)
            .env_clear()
            .env("HOME", self.directory.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs the binary in the project.
    pub(crate) fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        self.ran(self.command(arguments).output().unwrap())
    }

    /// What came of a run, without what differs from one test run to the next.
    pub(crate) fn ran(&self, output: std::process::Output) -> Ran {
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .unwrap()
                .replace(self.root.as_str(), "[ROOT]")
                .replace(&self.server.url, "[EMULATOR]")
        };
        Ran {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code(),
        }
    }

    /// Applies without being asked.
    pub(crate) fn apply<'a>(&self, more: impl IntoIterator<Item = &'a str>) -> Ran {
        let arguments = ["apply", "-tlocal", "--auto-approve"];
        self.run(arguments.into_iter().chain(more))
    }

    /// Asks the emulator through a client.
    pub(crate) fn ask<T, F: Future<Output = T>>(&self, question: impl FnOnce(Client) -> F) -> T {
        self.server.ask(question)
    }

    /// All statements on the emulator by name, with their phases.
    pub(crate) fn statements(&self) -> Vec<String> {
        let all = self.ask(|client| async move {
            let all = client.list(&ListFilter::default()).await;
            all.unwrap()
        });
        all.iter()
            .map(|one| format!("{} {}", one.name, one.status.phase))
            .collect()
    }

    /// Creates a statement behind the binary's back.
    pub(crate) fn create(&self, new: NewStatement) -> Statement {
        self.ask(|client| async move { client.create(&new).await.unwrap() })
    }

    /// The emulator from behind: its ledger, its time, its faults.
    pub(crate) fn emulator(&self) -> &Inspector {
        &self.server.inspector
    }

    /// What the emulator's journal has of what was changed; a question changes nothing.
    pub(crate) fn journal(&self) -> String {
        let journal = self.read("journal.jsonl");
        let is_change = |line: &&str| !line.contains("-ask-") && !line.starts_with(r#"{"calls":"#);
        journal.lines().filter(is_change).collect()
    }

    /// A statement as the emulator has it.
    pub(crate) fn get(&self, name: &str) -> Option<Statement> {
        let name = name.to_owned();
        self.ask(|client| async move { client.get(&name).await.unwrap() })
    }

    /// Deletes a statement behind the binary's back.
    pub(crate) fn delete(&self, name: &str) {
        let name = name.to_owned();
        self.ask(|client| async move { client.delete(&name).await.unwrap() });
    }

    /// Asks the emulator to stop a statement behind the binary's back.
    pub(crate) fn stop(&self, name: &str) {
        let read = self.get(name).unwrap();
        self.ask(|client| async move { client.set_stopped(&read, true).await.unwrap() });
    }
}

#[allow(clippy::disallowed_methods)]
pub(crate) fn read(path: &Utf8Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn project(endpoint: &str) -> String {
    format!(
        "project: shop
sources:
  orders:
    topic: raw-orders
    columns: {{id: STRING, body: STRING}}
    event: {{column: body, schema: schemas/order.json}}
    create: never
defaults:
  source: orders
  start: earliest
targets:
  local: {{backend: emulator, endpoint: '{endpoint}'}}
  here: {{backend: emulator}}
  cloud: {{backend: confluent, cloud: aws, region: us-east-1}}
lints: {{no-key: allow}}
"
    )
}

/// What came of running the binary.
#[must_use = "look at what came of it"]
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Ran {
    /// The last line of standard output, of a run that ended with this code.
    #[track_caller]
    pub(crate) fn last_line(&self, code: i32) -> &str {
        self.expect(code);
        self.stdout.lines().last().unwrap_or_default()
    }

    /// Fails the test unless the run ended with this code.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "--- {name}\n{text}")?;
            }
        }
        match self.code {
            Some(code) => write!(f, "--- exit {code}"),
            None => write!(f, "--- killed"),
        }
    }
}

/// An emulator on a thread of its own.
struct Server {
    url: String,
    inspector: Inspector,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(settings: Settings) -> Self {
        let (tell, told) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let running = Emulator::open(&settings).unwrap().spawn(listener).unwrap();
                tell.send((running.url(), running.inspector().clone()))
                    .unwrap();
                // Dropping the sender is the signal.
                let _ = stopped.await;
            });
        });
        let (url, inspector) = told.recv().unwrap();
        Self {
            url,
            inspector,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn ask<T, F: Future<Output = T>>(&self, question: impl FnOnce(Client) -> F) -> T {
        let client = Client::new(Connection {
            base_url: self.url.clone(),
            organization: "00000000-0000-0000-0000-000000000000".to_owned(),
            environment: "emulator".to_owned(),
            credentials: None,
            timeout: Duration::from_secs(30),
            extra_ca: None,
        });
        runtime().block_on(question(client.unwrap()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A test that failed is told by its own words.
            let _ = thread.join();
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
