//! `routectl rollback`, under the eyes of the ledger.

use std::process::Command;

use crate::env::Env;

fn change(env: &Env, number: u32) {
    env.route(
        "large",
        &format!("{{field: amount, greaterThan: {number}}}"),
    );
}

/// An environment in which there is git, and where what is temporary is seen.
fn env() -> Env {
    let mut env = Env::new();
    let path = std::env::var_os("PATH").unwrap();
    env.set("PATH", path.to_str().unwrap());
    env.write("tmp/.keep", "");
    let temporary = env.root().join("tmp").to_string();
    env.set("TMPDIR", &temporary);
    env
}

/// The same with a repository.
fn repository() -> Env {
    let env = env();
    git(&env, &["init", "--quiet"]);
    env.write(".gitignore", "journal.jsonl\ntmp/\n");
    commit(&env, "first");
    env
}

fn git(env: &Env, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(env.root())
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Commits everything and tags it.
fn commit(env: &Env, name: &str) {
    git(env, &["add", "--all"]);
    git(env, &["commit", "--quiet", "--message", name]);
    git(env, &["tag", name]);
}

fn rollback<'a>(env: &Env, more: impl IntoIterator<Item = &'a str>) -> crate::env::Ran {
    let arguments = ["rollback", "-tlocal", "--auto-approve", "--to"];
    env.run(arguments.into_iter().chain(more))
}

/// Commits differ from run to run.
fn without_commits() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\([0-9a-f]{7,}\)", "([COMMIT])");
    settings.bind_to_scope()
}

/// What the ledger knows of the route that is changed: nobody lost or doubled anything, and who wrote.
fn owners(env: &Env) -> String {
    let ledger = env.emulator().ledger().unwrap();
    assert_eq!(ledger.check(), []);
    let owners = ledger.owners("large-orders", "raw-orders");
    let generations = owners.iter().filter_map(|name| name.rsplit_once('-'));
    generations
        .map(|(_, generation)| generation)
        .collect::<Vec<_>>()
        .join(" ")
}

fn sql(env: &Env, generation: u32) -> String {
    let name = format!("shop-large-li4b6shpsd-g{generation}");
    env.get(&name).unwrap().spec.statement
}

#[test]
fn regression_37_to_a_plan() {
    let env = env();
    env.apply([]).expect(0);
    env.run(["plan", "-tlocal", "--out", "first.json"])
        .expect(0);
    change(&env, 2);
    env.route("new", "{field: status, equals: new}");
    env.apply([]).expect(0);
    insta::assert_snapshot!(rollback(&env, ["first.json"]), @"
    --- stdout
    ~ replace   large                   narrowed: the route has changed; goes on where `shop-large-li4b6shpsd-g2` stops
      orphaned  shop-new-5jkppqt27c-g1  no route of this project has this id any more

    help for `shop-new-5jkppqt27c-g1`: `--prune` deletes it with its position; the topic stays

    done  large  `shop-large-li4b6shpsd-g3` is RUNNING

    Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 orphaned
    --- stderr
    going back to what `first.json` says; the project's files stay as they are: unless they are reverted, too, the next `apply` brings back what they say
    --- exit 0
    ");
    assert_eq!(owners(&env), "g1 g2 g3");
    assert_eq!(sql(&env, 3), sql(&env, 1));
    // The project has not changed: it wants what it says.
    env.run(["plan", "-tlocal", "--detailed-exitcode"])
        .expect(2);
    let pruned = rollback(&env, ["first.json", "--prune"]);
    assert!(
        pruned.last_line(0).contains("1 to delete, 2 unchanged"),
        "{pruned}"
    );
    assert_eq!(owners(&env), "g1 g2 g3");
}

#[test]
fn regression_37_to_a_revision() {
    let env = repository();
    env.apply([]).expect(0);
    change(&env, 2);
    commit(&env, "second");
    env.apply([]).expect(0);
    // Work that is under way, and may not even be readable.
    env.write("routes/paid.yaml", "route: paid\nwhere: [\n");
    env.write("routes/untracked.yaml", "nothing");
    git(&env, &["add", "routes/paid.yaml"]);
    let status = git(&env, &["status", "--porcelain"]);
    let _commits = without_commits();
    insta::assert_snapshot!(rollback(&env, ["HEAD~1", "--dry-run"]), @"
    --- stdout
    ~ replace   large  narrowed: the route has changed; goes on where `shop-large-li4b6shpsd-g2` stops

    Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged
    --- stderr
    going back to revision `HEAD~1` ([COMMIT]); the project's files stay as they are: unless they are reverted, too, the next `apply` brings back what they say
    --- exit 0
    ");
    assert_eq!(owners(&env), "g1 g2");
    insta::assert_snapshot!(rollback(&env, ["first"]), @"
    --- stdout
    ~ replace   large  narrowed: the route has changed; goes on where `shop-large-li4b6shpsd-g2` stops

    done  large  `shop-large-li4b6shpsd-g3` is RUNNING

    Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged
    --- stderr
    going back to revision `first` ([COMMIT]); the project's files stay as they are: unless they are reverted, too, the next `apply` brings back what they say
    --- exit 0
    ");
    assert_eq!(owners(&env), "g1 g2 g3");
    assert_eq!(sql(&env, 3), sql(&env, 1));
    assert_eq!(git(&env, &["status", "--porcelain"]), status);
    assert_eq!(
        std::fs::read_dir(env.root().join("tmp")).unwrap().count(),
        1
    );
    // Forward again is the same.
    rollback(&env, ["second"]).expect(0);
    assert_eq!(owners(&env), "g1 g2 g3 g4");
    assert!(
        rollback(&env, ["second"])
            .last_line(0)
            .contains("2 unchanged")
    );
}

#[test]
fn its_tests_are_not_run_again_and_only_what_is_selected_goes_back() {
    let env = repository();
    env.apply([]).expect(0);
    let failing = "tests: [{name: wrong, event: {status: new}, expect: [paid-orders]}]";
    let condition = "{field: status, equals: shipped}";
    env.route_with("paid", condition, failing);
    change(&env, 2);
    commit(&env, "second");
    env.apply([]).expect(1);
    let ran = rollback(&env, ["second", "--target-route", "paid"]);
    assert!(ran.last_line(0).contains("1 to replace"), "{ran}");
    assert!(ran.stdout.ends_with("1 not selected\n"), "{ran}");
    assert_eq!(owners(&env), "g1");
}

#[test]
fn a_project_below_the_repository_is_found_at_its_place() {
    let env = repository();
    for file in ["routectl.yaml", "routes/large.yaml", "schemas/order.json"] {
        env.write(&format!("sub/dir/{file}"), &env.read(file));
    }
    commit(&env, "second");
    let to = |revision| rollback(&env, [revision, "-C", "sub/dir"]);
    let _commits = without_commits();
    insta::assert_snapshot!(to("first"), @"
    --- stderr
    error: revision `first` ([COMMIT]) has no `sub/dir/routectl.yaml`; name one in which the project was there already
    --- exit 1
    ");
    to("second").expect(0);
    assert_eq!(env.statements().len(), 1);
}

#[test]
fn a_shallow_clone_may_lack_a_revision() {
    let env = repository();
    change(&env, 2);
    commit(&env, "second");
    let origin = format!("file://{}", env.root());
    git(&env, &["clone", "--quiet", "--depth=1", &origin, "clone"]);
    let to = |revision| rollback(&env, [revision, "-C", "clone", "--dry-run"]);
    insta::assert_snapshot!(to("HEAD~1"), @"
    --- stderr
    error: `HEAD~1` is neither a file nor a revision that git knows; this clone is shallow: `git fetch --unshallow --tags` gets the rest
    --- exit 1
    ");
    to("HEAD").expect(0);
}

#[test]
fn what_cannot_be_gone_back_to_is_told() {
    let env = env();
    let to = |what| rollback(&env, [what]).expect(1).stderr.clone();
    let _commits = without_commits();
    let outside = to("HEAD");
    assert!(
        outside.contains("git knows nothing of `[ROOT]`: fatal: not a git repository"),
        "{outside}"
    );
    git(&env, &["init", "--quiet"]);
    insta::assert_snapshot!(to("HEAD"), @"error: `HEAD` is neither a file nor a revision that git knows; `git log` and `git tag` list those that are there");
    let option = ["rollback", "-tlocal", "--auto-approve", "--to=--all"];
    insta::assert_snapshot!(env.run(option), @"
    --- stderr
    error: `--all` is neither a file nor a revision that git knows; `git log` and `git tag` list those that are there
    --- exit 1
    ");
    let large = env.read("routes/large.yaml");
    env.write(
        "routes/large.yaml",
        "route: large\nwhere: always\nto: {topic: raw-orders}\n",
    );
    commit(&env, "broken");
    env.write("routes/large.yaml", &large);
    insta::assert_snapshot!(to("broken"), @"
    error[sink-is-source]: route `large` writes to `raw-orders`, which is a source
     --> routes/large.yaml:3:13
      |
    3 | to: {topic: raw-orders}
      |             ^^^^^^^^^^ written here
      |
     ::: routectl.yaml:4:12
      |
    4 |     topic: raw-orders
      |            ---------- read here
      |
      = help: write to a topic that no source reads

    found 1 error
    error: revision `broken` cannot be compiled; nothing was changed; name another one, or a plan that `plan --out` saved
    ");
    let project = env.read("routectl.yaml");
    env.write(
        "routectl.yaml",
        &project.replace("project: shop", "project: shed"),
    );
    commit(&env, "renamed");
    env.write("routectl.yaml", &project.replace("  local:", "  locale:"));
    commit(&env, "elsewhere");
    env.write("routectl.yaml", &project);
    insta::assert_snapshot!(to("renamed"), @"error: the project was called `shed` in revision `renamed` and is called `shop` now: their statements have nothing to do with each other");
    insta::assert_snapshot!(to("elsewhere"), @"error: in revision `elsewhere`: there is no target `local`; did you mean `locale`?");
    insta::assert_snapshot!(to("routectl.yaml"), @"error: `routectl.yaml` is no saved plan; `routectl plan --out FILE` writes one");
    assert!(env.statements().is_empty());
}

#[test]
fn a_plan_of_another_place_is_no_former_state() {
    let env = env();
    env.run(["plan", "-tlocal", "--out", "plan.json"]).expect(0);
    let here = ["rollback", "-there", "--auto-approve", "--to", "plan.json"];
    insta::assert_snapshot!(env.run(here), @"
    --- stderr
    error: the plan `plan.json` is for the target `local`, not for `here`; name a plan for this one
    --- exit 1
    ");
    // That needs nothing that the target needs.
    let cloud = ["rollback", "-tcloud", "--to", "plan.json"];
    let words = env.run(cloud).expect(1).stderr.clone();
    assert!(words.contains("not for `cloud`"), "{words}");
}

#[test]
fn without_git_a_plan_will_do() {
    let mut env = env();
    env.run(["plan", "-tlocal", "--out", "plan.json"]).expect(0);
    env.set("PATH", "/nowhere");
    insta::assert_snapshot!(rollback(&env, ["HEAD"]), @"
    --- stderr
    error: git cannot be run; install it, or name a plan that `plan --out` saved instead: No such file or directory (os error 2)
    --- exit 1
    ");
    rollback(&env, ["plan.json"]).expect(0);
}
