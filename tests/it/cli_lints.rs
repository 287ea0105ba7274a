//! Warnings: where they show, what stops on them, and how a project or a route says otherwise.

use crate::env::Env;

/// A project with a route that can never be true.
fn warned() -> Env {
    let env = Env::new();
    let never = "[{field: status, equals: paid}, {field: status, equals: new}]";
    env.route("never", never);
    env
}

/// Gives the lint another level.
fn set_level(env: &Env, level: &str) {
    let project = env.read("routectl.yaml");
    let changed = project.replace(
        "no-key: allow",
        &format!("no-key: allow, always-false: {level}"),
    );
    assert_ne!(changed, project);
    env.write("routectl.yaml", &changed);
}

#[test]
fn the_sample_project_has_no_warnings() {
    let env = Env::new();
    env.become_the_sample();
    env.run(["validate", "--deny-warnings"]).expect(0);
}

#[test]
fn warnings_are_shown_and_stop_nothing() {
    let env = warned();
    insta::assert_snapshot!(env.run(["validate"]), @"
    --- stderr
    warning[always-false]: no event satisfies these conditions on `status` together
     --> routes/never.yaml:2:64
      |
    2 | where: [{field: status, equals: paid}, {field: status, equals: new}]
      |                                 ---- this must hold            ^^^ so this cannot
      |
      = help: correct one of them, or put alternatives under `any`; as it is, nothing is ever routed

    found 1 warning
    3 routes, 0 events: no errors
    --- exit 0
    ");
    for command in [["compile", "-tlocal"], ["plan", "-tlocal"]] {
        let ran = env.run(command);
        ran.expect(0);
        assert!(ran.stderr.contains("warning[always-false]"), "{ran}");
        assert!(!ran.stdout.contains("always-false"), "{ran}");
    }
    env.apply([]).expect(0);
}

#[test]
fn commands_that_only_look_do_not_repeat_them() {
    let env = warned();
    env.apply([]).expect(0);
    for command in [&["list", "-tlocal"][..], &["status", "never", "-tlocal"]] {
        let ran = env.run(command.iter().copied());
        ran.expect(0);
        assert!(!ran.stderr.contains("warning"), "{ran}");
    }
}

#[test]
fn denied_warnings_fail_the_validation() {
    let mut env = warned();
    let ran = env.run(["validate", "--deny-warnings"]);
    ran.expect(1);
    assert!(
        ran.stderr
            .ends_with("error: warnings count as errors here (`--deny-warnings`)\n"),
        "{ran}"
    );
    env.set("ROUTECTL_DENY_WARNINGS", "true");
    env.run(["validate", "-ojson"]).expect(1);
    env.remove("routes/never.yaml");
    env.run(["validate"]).expect(0);
}

#[test]
fn the_project_sets_the_level_of_a_lint() {
    for (level, exit, severity) in [
        ("allow", 0, None),
        ("warn", 0, Some("warning")),
        ("deny", 1, Some("error")),
    ] {
        let env = warned();
        set_level(&env, level);
        let ran = env.run(["validate", "-ojson"]);
        ran.expect(exit);
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(
            report["diagnostics"][0]["severity"].as_str(),
            severity,
            "{level}"
        );
        env.run(["compile", "-tlocal"]).expect(exit);
    }
}

#[test]
fn what_a_route_allows_changes_nothing_but_the_warnings() {
    let env = warned();
    env.run(["compile", "-tlocal"]).expect(0);
    env.apply([]).expect(0);
    let text = env.read("routes/never.yaml");
    env.write(
        "routes/never.yaml",
        &format!("{text}allow: {{always-false: a drill}}\n"),
    );
    env.run(["validate", "--deny-warnings"]).expect(0);
    env.run(["compile", "-tlocal", "--check"]).expect(0);
    env.run(["plan", "-tlocal", "--detailed-exitcode"])
        .expect(0);
}
