#![allow(missing_docs)]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
//! What a fleet of routes costs to plan and to apply: time, memory and calls of the binary against the emulator.
//!
//! `cargo bench --bench deploy`, or `cargo bench --bench deploy -- 500` for another number of routes. Memory is what
//! Linux says, and 0 elsewhere.

mod fleet;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use camino::Utf8Path;

const BINARY: &str = env!("CARGO_BIN_EXE_routectl");

fn main() {
    let mut numbers = std::env::args().filter_map(|text| text.parse().ok());
    let routes = numbers.next_back().unwrap_or(5_000);
    let project = fleet::project(routes);
    let root = Utf8Path::from_path(project.path()).expect("temporary paths are UTF-8");
    let (mut emulator, url) = emulator();
    let target = root.join("routectl.yaml");
    let text = routectl::files::read_text(&target).expect("the sample is complete");
    let ours = format!("backend: emulator\n    endpoint: '{url}' #");
    routectl::files::write_atomically(&target, &text.replace("backend: emulator", &ours))
        .expect("writable");
    let apply = ["apply", "-tlocal", "--auto-approve", "--parallelism=50"];
    println!("{routes} routes");
    measure(root, &url, "first apply", &apply, 0);
    measure(root, &url, "plan without changes", &["plan", "-tlocal"], 0);
    measure(root, &url, "apply without changes", &apply, 0);
    let route = root.join("routes/r7.yaml");
    let text = routectl::files::read_text(&route).expect("it was written");
    let changed = text.replace("greaterThan: 7", "greaterThan: 70000");
    routectl::files::write_atomically(&route, &changed).expect("writable");
    measure(root, &url, "apply of one change", &apply, 0);
    emulator.kill().expect("it is ours");
    emulator.wait().expect("it is ours");
}

/// An emulator in a process of its own.
fn emulator() -> (Child, String) {
    let mut command = Command::new(BINARY);
    command.args(["emulator", "--listen=127.0.0.1:0", "--timing=instant"]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the binary is built");
    let stdout = child.stdout.take().expect("it is piped");
    let mut url = String::new();
    BufReader::new(stdout)
        .read_line(&mut url)
        .expect("it says its address");
    (child, url.trim_end().to_owned())
}

fn measure(root: &Utf8Path, url: &str, what: &str, arguments: &[&str], code: i32) {
    let calls = calls(url);
    let begin = Instant::now();
    let mut command = Command::new(BINARY);
    command
        .args(arguments)
        .current_dir(root)
        .env("ROUTECTL_SETTLE", "0s");
    let mut child = command
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary is built");
    let mut peak = 0;
    let status = loop {
        peak = peak.max(peak_kilobytes(child.id()));
        if let Some(status) = child.try_wait().expect("it is ours") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let time = begin.elapsed();
    assert_eq!(status.code(), Some(code), "{what}");
    let calls = self::calls(url) - calls - 1;
    println!(
        "{what:<22} {:>8.2} s {:>6} MB {calls:>7} calls",
        time.as_secs_f64(),
        peak / 1024
    );
}

/// The most memory that a process has had until now.
fn peak_kilobytes(process: u32) -> u64 {
    let status = routectl::files::read_text(Utf8Path::new(&format!("/proc/{process}/status")));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    number.unwrap_or_default()
}

/// How many calls the emulator has answered, this one included: it numbers them.
fn calls(url: &str) -> u64 {
    // Whoever has a client of routectl's has it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let answer = reqwest::get(format!("{url}/fcpm/v2/compute-pools?environment=e"))
            .await
            .expect("it answers");
        let id = answer.headers()["x-request-id"].to_str().expect("text");
        id.trim_start_matches("emulator-")
            .parse()
            .expect("a number")
    })
}
