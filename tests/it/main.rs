//! Integration tests, one binary.
#![allow(clippy::unwrap_used, reason = "what prepares a test may fail it")]

mod access;
mod api;
mod apply;
mod cli_apply;
mod cli_calls;
mod cli_compile;
mod cli_delete;
mod cli_diff;
mod cli_faults;
mod cli_lints;
mod cli_operator;
mod cli_paths;
mod cli_rollback;
mod cli_sample;
mod cli_saved;
mod cli_script;
mod cli_select;
mod cli_service;
mod cli_signals;
mod cli_stop;
mod cli_test;
mod contract;
mod diagnostics;
mod docs;
mod emulator;
mod env;
mod help;
mod kill;
mod layouts;
mod model;
mod phases;
mod reordering;
mod secrets;
mod tables;
mod takeover;
mod terminal;

/// A file without its line above would be no test at all.
#[test]
fn regression_39_no_test_file_is_forgotten() {
    let directory = camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = include_str!("main.rs");
    for entry in directory.read_dir_utf8().unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        let name = path.file_stem().unwrap();
        if name != "main" && path.extension() == Some("rs") {
            assert!(main.contains(&format!("mod {name};")), "tests/it/{name}.rs");
        }
    }
}
