//! The command line as its help shows it, and its exit codes.

use std::fmt::Write as _;

use crate::env::Env;

/// The whole reference in one snapshot: a change of the command line is a change of that file.
#[test]
fn the_command_line_reference() {
    let mut reference = String::new();
    add_help(&Env::new(), &[], &mut reference);
    insta::assert_snapshot!("cli-reference", reference.trim_start());
}

/// The help of a command and of those below it.
fn add_help(env: &Env, words: &[&str], reference: &mut String) {
    let ran = env.run(words.iter().copied().chain(["--help"]));
    assert_eq!(ran.expect(0).stderr, "");
    let help = &ran.stdout;
    let (mark, name) = match words {
        [] => ("#", "routectl".to_owned()),
        words => ("##", words.join(" ")),
    };
    write!(reference, "\n{mark} {name}\n\n```text\n{help}```\n").unwrap();
    let Some((_, commands)) = help.split_once("Commands:\n") else {
        return;
    };
    let (commands, _) = commands.split_once("\n\n").unwrap();
    for line in commands.lines() {
        // A longer line goes on below, further to the right.
        let command = line
            .strip_prefix("  ")
            .filter(|rest| !rest.starts_with(' '));
        let command = command.and_then(|rest| rest.split_whitespace().next());
        if let Some(command) = command.filter(|command| *command != "help") {
            let words: Vec<_> = words.iter().copied().chain([command]).collect();
            add_help(env, &words, reference);
        }
    }
}

#[test]
fn regression_4_exit_codes() {
    let mut env = Env::new();
    let failing = ["apply", "-tnowhere", "--auto-approve"];
    let table: &[(&[&str], i32)] = &[
        (&["--version"], 0),
        (&["help", "apply"], 0),
        (&[], 1),
        (&["--no-such-flag"], 1),
        (&["deploy"], 1),
        (&["plan"], 1),
        (&["plan", "--staging"], 1),
        (&["plan", "-tnowhere"], 1),
        (&failing, 1),
        (&["compile"], 1),
        (&["compile", "-tnowhere"], 1),
        (&["list"], 1),
        (&["status"], 1),
        (&["stop", "-tlocal"], 1),
        (&["delete", "-tlocal"], 1),
        (&["cleanup"], 1),
        (&["apply", "-tlocal", "--parallelism", "0"], 1),
        (&["apply", "-tlocal", "--wait-timeout", "5"], 1),
        (&["apply", "-tlocal", "--wait-timeout", "0s"], 1),
        (&["explain", "no-such-code"], 1),
        (&["diff"], 1),
        (&["diff", "-tlocal", "--against", "local"], 1),
        (&["diff", "-tlocal", "no-such-route"], 1),
        (&["diff", "-tlocal"], 0),
        (&["diff", "-tlocal", "--detailed-exitcode"], 2),
        (&["diff", "-tlocal", "--against", "cloud"], 0),
        (&["plan", "-tlocal"], 0),
        (&["plan", "-tlocal", "--detailed-exitcode"], 2),
        (&["apply", "-tlocal", "--dry-run"], 0),
        (&["apply", "-tlocal", "--auto-approve"], 0),
        (&["plan", "-tlocal", "--detailed-exitcode"], 0),
        (&["status", "-tlocal", "large"], 0),
        (&["status", "-tlocal"], 0),
    ];
    for (arguments, code) in table {
        let ran = env.run(arguments.iter().copied());
        assert_eq!(ran.code, Some(*code), "{arguments:?}: {ran}");
        if *code == 1 {
            assert_eq!(ran.stdout, "", "{arguments:?}: {ran}");
            assert_ne!(ran.stderr, "", "{arguments:?}: {ran}");
        }
    }
    env.set("ROUTECTL_PRUNE", "perhaps");
    env.run(["plan", "-tlocal"]).expect(1);
}

#[test]
fn regression_4_what_is_missing_or_unknown_is_named() {
    let env = Env::new();
    insta::assert_snapshot!(env.run(["plan", "-tstaging"]), @"
    --- stderr
    error: there is no target `staging`; possible: `local`, `here`, `cloud`
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["plan"]), @"
    --- stderr
    error: the following required arguments were not provided:
      --target <TARGET>

    Usage: routectl plan --target <TARGET>

    For more information, try '--help'.
    --- exit 1
    ");
    insta::assert_snapshot!(env.run(["plan", "--staging"]), @"
    --- stderr
    error: unexpected argument '--staging' found

    Usage: routectl plan [OPTIONS] --target <TARGET>

    For more information, try '--help'.
    --- exit 1
    ");
}

#[test]
fn flags_can_be_set_in_the_environment_in_the_usual_spellings() {
    let mut env = Env::new();
    env.set("ROUTECTL_TARGET", "local");
    env.set("ROUTECTL_AUTO_APPROVE", "1");
    env.set("ROUTECTL_PRUNE", "no");
    env.set("ROUTECTL_MAX_DELETES", "3");
    env.run(["apply"]).expect(0);
    env.set("ROUTECTL_OUTPUT", "json");
    let ran = env.run(["apply"]);
    let lines = ran.expect(0).stdout.lines();
    let lines: Vec<serde_json::Value> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["plan"]["summary"]["unchanged"], 2);
    assert_eq!(lines[1]["type"], "result");
    assert_eq!(lines[1]["success"], true);
}
