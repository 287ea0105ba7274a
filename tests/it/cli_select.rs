//! `plan` and `apply` of some routes alone.

use crate::env::Env;

/// Routes `large` and `paid` of the consumers `credit` and `accounts`, and `copies`, which writes two topics for `accounts`.
fn env() -> Env {
    let env = Env::new();
    let large = "{field: amount, greaterThan: 1000}";
    env.route_with("large", large, "consumer: credit");
    let paid = "{field: status, equals: paid}";
    env.route_with("paid", paid, "consumer: accounts");
    env.write(
        "routes/copies.yaml",
        "route: copies\nconsumer: accounts\nwhere: always\nto: [{topic: left}, {topic: right}]\n",
    );
    env
}

#[test]
fn only_what_is_selected_is_touched() {
    let env = env();
    insta::assert_snapshot!(env.run(["plan", "-tlocal", "--select", "consumer=accounts"]), @"
    --- stdout
    + create    copies -> left   to left, from earliest
    + create    copies -> right  to right, from earliest
    + create    paid             to paid-orders, from earliest

    Plan: 3 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 not selected
    --- exit 0
    ");
    insta::assert_snapshot!(env.apply(["--target-route", "copies -> left"]), @"
    --- stdout
    + create    copies -> left  to left, from earliest

    done  copies -> left  `shop-copies-n4wrglrigg-g1` is RUNNING

    Plan: 1 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 3 not selected
    --- exit 0
    ");
    insta::assert_snapshot!(env.statements().join("\n"), @"shop-copies-n4wrglrigg-g1 RUNNING");
    // Its tables are its own, too.
    let other_table = r#"{"definition":{"name":"paid-orders""#;
    assert!(!env.read("journal.jsonl").contains(other_table));
    env.apply(["--target-route", "large,copies"]).expect(0);
    assert_eq!(env.statements().len(), 3);
    let rest = env.apply([]);
    assert!(rest.last_line(0).ends_with("3 unchanged"), "{rest}");
}

#[test]
fn a_route_that_is_no_more_is_in_no_selection() {
    let env = env();
    env.apply([]).expect(0);
    env.remove("routes/paid.yaml");
    let plan = env.run(["plan", "-tlocal", "--target-route", "large"]);
    insta::assert_snapshot!(plan, @"
    --- stdout
    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 3 not selected
    --- exit 0
    ");
    let prune = |selection: [&str; 2]| env.apply(["--prune"].into_iter().chain(selection));
    insta::assert_snapshot!(prune(["--target-route", "large"]), @"
    --- stderr
    error: `--prune` is about routes that are no more, which `--target-route` and `--select` cannot name; leave one of them out
    --- exit 1
    ");
    prune(["--select", "consumer=credit"]).expect(1);
    assert_eq!(env.statements().len(), 4);
}

#[test]
fn what_selects_nothing_is_an_error() {
    let env = env();
    let error = |arguments: &[&str]| {
        let ran = env.run(
            ["plan", "-tlocal"]
                .into_iter()
                .chain(arguments.iter().copied()),
        );
        assert_eq!(ran.expect(1).stdout, "");
        ran.stderr
    };
    insta::assert_snapshot!(error(&["--target-route", "larg"]), @"error: there is no route `larg` in the project; did you mean `large`?");
    insta::assert_snapshot!(error(&["--target-route", ""]), @"error: there is no route `` in the project; possible: `copies`, `copies -> left`, `copies -> right`, `large`, `paid`");
    insta::assert_snapshot!(error(&["--select", "consumer=account"]), @"error: no route of the project has the consumer `account`; did you mean `accounts`?");
    insta::assert_snapshot!(error(&["--select", "owner=account"]), @"
    error: invalid value 'owner=account' for '--select <KEY=VALUE>': write it like consumer=loan-approval-service

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(error(&["--target-route", "large", "--recover", "paid=latest"]), @"error: `--recover` names `paid`, which is none of the selected routes; possible: `large`");
}
