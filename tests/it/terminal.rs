//! A terminal for the binary: what it asks there, and what it shows there alone.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::env::{Env, Ran};

/// Runs the binary on a terminal on which somebody types; what it shows comes as standard output.
pub(crate) fn run_on_terminal(env: &Env, mut command: Command, typed: &str) -> Ran {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let terminal = std::fs::File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let end = || Stdio::from(terminal.try_clone().unwrap());
    command.stdin(end()).stdout(end()).stderr(end());
    let mut child = command.spawn().unwrap();
    // What holds the terminal open here would keep the last read waiting.
    drop((command, terminal));
    let mut controller = std::fs::File::from(controller);
    controller.write_all(typed.as_bytes()).unwrap();
    let mut shown = Vec::new();
    let mut part = [0; 4096];
    // Once the binary is gone reading ends, on Linux with an error.
    while let Ok(count) = controller.read(&mut part) {
        if count == 0 {
            break;
        }
        shown.extend_from_slice(&part[..count]);
    }
    let status = child.wait().unwrap();
    env.ran(std::process::Output {
        status,
        stdout: shown,
        stderr: Vec::new(),
    })
}
