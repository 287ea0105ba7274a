//! `routectl diff`, and drift in `plan`, against an emulator.

use routectl::api::{NewStatement, Statement};

use crate::env::Env;

fn deployed() -> Env {
    let env = Env::new();
    env.apply([]).expect(0);
    env
}

fn diff<'a>(env: &Env, more: impl IntoIterator<Item = &'a str>) -> crate::env::Ran {
    env.run(["diff", "-tlocal"].into_iter().chain(more))
}

#[test]
fn regression_36_what_runs_is_compared_and_nothing_is_cut() {
    let env = deployed();
    insta::assert_snapshot!(diff(&env, ["--detailed-exitcode"]), @"
    --- stdout
    Diff: 0 new, 0 changed, 0 gone, 2 unchanged
    --- exit 0
    ");
    env.route("large", "{field: amount, greaterThan: 2000}");
    env.route("shipped", "{field: status, equals: shipped}");
    env.remove("routes/paid.yaml");
    insta::assert_snapshot!(diff(&env, []), @r"
    --- stdout
    ~ large: narrowed
      every event that passes now passed before
    --- shop-large-li4b6shpsd-g1
    +++ large
    @@ -6,4 +6,4 @@
     WHERE TRY_CAST(
         REGEXP_EXTRACT(JSON_VALUE(`body`, '$[''amount'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0)
         AS DECIMAL(38, 10)
    -  ) > 1000
    +  ) > 2000

    + shipped: new
      to `shipped-orders`
    --- /dev/null
    +++ shipped
    @@ -0,0 +1,6 @@
    +INSERT INTO `shipped-orders` (`id`, `body`)
    +SELECT
    +  `id`,
    +  `body`
    +FROM `raw-orders`
    +WHERE JSON_VALUE(`body`, '$[''status'']') = 'shipped'

    - shop-paid-xrkjpb4iu5-g1: gone
      no route of this project has this id any more
    --- shop-paid-xrkjpb4iu5-g1
    +++ /dev/null
    @@ -1,6 +0,0 @@
    -INSERT INTO `paid-orders` (`id`, `body`)
    -SELECT
    -  `id`,
    -  `body`
    -FROM `raw-orders`
    -WHERE JSON_VALUE(`body`, '$[''status'']') = 'paid'

    Diff: 1 new, 1 changed, 1 gone, 0 unchanged
    --- exit 0
    ");
    diff(&env, ["--detailed-exitcode"]).expect(2);
    let values: Vec<String> = (0..200).map(|value| value.to_string()).collect();
    let long = format!("{{field: amount, in: [{}]}}", values.join(", "));
    env.route("large", &long);
    let ran = diff(&env, ["large"]);
    assert!(ran.expect(0).stdout.contains("+    199,\n"), "{ran}");
    assert!(!ran.stdout.contains("shipped"), "{ran}");
}

#[test]
fn each_change_has_its_word() {
    let word = |change: &dyn Fn(&Env)| {
        let env = deployed();
        change(&env);
        let ran = diff(&env, ["large", "-ojson"]);
        let document: serde_json::Value = serde_json::from_str(&ran.expect(0).stdout).unwrap();
        assert_eq!(document["format_version"], 1);
        let route = &document["routes"][0];
        let meaning = route["meaning"].as_array().unwrap().clone();
        let words: Vec<_> = meaning.iter().map(|word| word.as_str().unwrap()).collect();
        words.join(", ")
    };
    let amount = |more: &str| format!("{{field: amount, {more}}}");
    let condition = |more: &'static str| {
        let condition = amount(more);
        move |env: &Env| env.route("large", &condition)
    };
    let with = |more: &'static str| {
        let condition = amount("greaterThan: 1000");
        move |env: &Env| env.route_with("large", &condition, more)
    };
    let select = |env: &Env| {
        env.write(
            "routes/large.yaml",
            "route: large\nwhere: {field: amount, greaterThan: 1000}\nto: {topic: large-orders, select: [{column: id}]}\n",
        );
    };
    assert_eq!(word(&condition("greaterThan: 1000")), "unchanged");
    assert_eq!(word(&condition("greaterThan: 1000.5")), "narrowed");
    assert_eq!(word(&condition("greaterThan: 999")), "widened");
    assert_eq!(word(&condition("lessThan: 1000")), "other condition");
    assert_eq!(word(&condition("greaterThan: 1000.0")), "unchanged");
    assert_eq!(word(&with("description: other words")), "cosmetic");
    assert_eq!(word(&with("enabled: false")), "disabled");
    assert_eq!(word(&select), "other columns");
}

#[test]
fn what_cannot_be_read_fails() {
    let env = Env::with(|settings| settings.sql = std::sync::Arc::new(Newer));
    env.apply([]).expect(0);
    create(&env, "shop-large-li4b6shpsd-g1", |new| {
        new.name = "shop-large-li4b6shpsd-g2".to_owned();
        new.sql = new.sql.replace("WHERE TRY_CAST(", "WHERE TOMORROW(");
    });
    env.route("large", "{field: amount, greaterThan: 2000}");
    let ran = diff(&env, ["large", "--detailed-exitcode"]);
    insta::assert_snapshot!(ran, @r"
    --- stdout
    ! large: unreadable
      what the live SQL means cannot be read: expected: ), found: AS (line 10, column 5)
    --- shop-large-li4b6shpsd-g2
    +++ large
    @@ -5,7 +5,7 @@
       `id`,
       `body`
     FROM `raw-orders`
    -WHERE TOMORROW(
    +WHERE TRY_CAST(
         REGEXP_EXTRACT(JSON_VALUE(`body`, '$[''amount'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0)
         AS DECIMAL(38, 10)
    -  ) > 1000
    +  ) > 2000

    Diff: 0 new, 0 changed, 0 gone, 0 unchanged, 1 unreadable
    --- exit 1
    ");
    let ran = diff(&env, ["larg"]);
    insta::assert_snapshot!(ran, @"
    --- stderr
    error: there is no route `larg`; did you mean `large`?
    --- exit 1
    ");
}

/// A service that knows a function which this version does not.
#[derive(Debug)]
struct Newer;

impl routectl::emulator::SqlReader for Newer {
    fn read(&self, sql: &str) -> Result<routectl::emulator::SqlEffect, String> {
        let sql = sql.replace("TOMORROW(", "TRY_CAST(");
        routectl::emulator::FlinkSql.read(&sql)
    }
}

/// A statement like another one, made by another hand.
fn create(env: &Env, like: &str, change: impl FnOnce(&mut NewStatement)) -> Statement {
    let like = env.get(like).unwrap();
    let mut new = NewStatement {
        name: "by-hand".to_owned(),
        sql: like.spec.statement.clone(),
        properties: like.spec.properties.clone(),
        labels: like.metadata.labels.keys().cloned().collect(),
        labels_tell_sql: false,
        compute_pool: None,
        principal: None,
    };
    change(&mut new);
    env.create(new)
}

/// A project with two more targets, and the comparison of two of them.
fn with_targets() -> Env {
    let env = Env::new();
    let project = env.read("routectl.yaml");
    let project = project.replace(
        "  cloud: {backend: confluent, cloud: aws, region: us-east-1}",
        "  cloud: {backend: confluent, cloud: aws, region: us-east-1, compute-pool: '${POOL}', topic-suffix: -x}
  other: {backend: confluent, cloud: aws, region: eu-central-1, options: {confluent: {kafka.retention.time: 3 d}}}",
    );
    env.write("routectl.yaml", &project);
    env
}

fn against(env: &Env, target: &str, base: &str) -> crate::env::Ran {
    env.run([
        "diff",
        "-t",
        target,
        "--against",
        base,
        "--detailed-exitcode",
    ])
}

#[test]
fn targets_that_differ_by_a_suffix_mean_the_same() {
    let env = with_targets();
    insta::assert_snapshot!(against(&env, "here", "cloud"), @"
    --- stdout
    targets cloud -> here
      backend: confluent -> emulator
      cloud: aws -> (none)
      compute-pool: ${POOL} -> (none)
      region: us-east-1 -> (none)
      topic-suffix: -x -> (none)
      every route means the same on both; their topics differ by the suffix alone

    Diff: 0 new, 0 changed, 0 gone, 2 unchanged
    --- exit 2
    ");
}

#[test]
fn options_of_a_target_make_other_tables() {
    let env = with_targets();
    insta::assert_snapshot!(against(&env, "other", "cloud"), @"
    --- stdout
    targets cloud -> other
      compute-pool: ${POOL} -> (none)
      region: us-east-1 -> eu-central-1
      topic-suffix: -x -> (none)

    ~ large: other table
      key, partitions or options of the topic
    --- cloud/large
    +++ other/large
    @@ -14,5 +14,6 @@
     )
     DISTRIBUTED INTO 6 BUCKETS
     WITH (
    -  'changelog.mode' = 'append'
    +  'changelog.mode' = 'append',
    +  'kafka.retention.time' = '3 d'
     )

    ~ paid: other table
      key, partitions or options of the topic
    --- cloud/paid
    +++ other/paid
    @@ -11,5 +11,6 @@
     )
     DISTRIBUTED INTO 6 BUCKETS
     WITH (
    -  'changelog.mode' = 'append'
    +  'changelog.mode' = 'append',
    +  'kafka.retention.time' = '3 d'
     )

    Diff: 0 new, 2 changed, 0 gone, 0 unchanged
    --- exit 2
    ");
}

#[test]
fn a_route_of_one_target_alone_is_told() {
    let env = with_targets();
    env.route_with(
        "large",
        "{field: amount, greaterThan: 1000}",
        "enabled: [cloud]",
    );
    insta::assert_snapshot!(against(&env, "here", "cloud"), @r"
    --- stdout
    targets cloud -> here
      backend: confluent -> emulator
      cloud: aws -> (none)
      compute-pool: ${POOL} -> (none)
      region: us-east-1 -> (none)
      topic-suffix: -x -> (none)

    - large: gone
      it does not run on this target
    --- cloud/large
    +++ /dev/null
    @@ -1,18 +0,0 @@
    -INSERT INTO `large-orders` (`id`, `body`)
    -SELECT
    -  `id`,
    -  `body`
    -FROM `raw-orders`
    -WHERE TRY_CAST(
    -    REGEXP_EXTRACT(JSON_VALUE(`body`, '$[''amount'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0)
    -    AS DECIMAL(38, 10)
    -  ) > 1000
    -
    -CREATE TABLE IF NOT EXISTS `large-orders` (
    -  `id` STRING,
    -  `body` STRING
    -)
    -DISTRIBUTED INTO 6 BUCKETS
    -WITH (
    -  'changelog.mode' = 'append'
    -)

    Diff: 0 new, 0 changed, 1 gone, 1 unchanged
    --- exit 2
    ");
}

#[test]
fn a_target_is_compared_with_another_one_that_there_is() {
    let env = with_targets();
    insta::assert_snapshot!(against(&env, "here", "here"), @"
    --- stderr
    error: `--against` names the target itself; name another one
    --- exit 1
    ");
    insta::assert_snapshot!(against(&env, "here", "nowhere"), @"
    --- stderr
    error: there is no target `nowhere`; possible: `local`, `here`, `cloud`, `other`
    --- exit 1
    ");
}

#[test]
fn a_route_runs_on_the_targets_that_it_names() {
    let env = deployed();
    let condition = "{field: amount, greaterThan: 1000}";
    env.route_with("large", condition, "enabled: [local, cloud]");
    env.apply([]).expect(0);
    env.route_with("large", condition, "enabled: [cloud]");
    insta::assert_snapshot!(env.run(["plan", "-tlocal"]), @"
    --- stdout
    - stop      large  the route is disabled; its position is kept

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 to stop
    --- exit 0
    ");
    env.run(["compile", "-tlocal"]).expect(0);
    env.run(["compile", "-tcloud"]).expect(0);
    assert!(!env.exists("generated-sql/local/large.sql"));
    assert!(env.exists("generated-sql/cloud/large.sql"));
    assert!(!env.exists("generated-sql/local/tables/large-orders.sql"));
}

#[test]
fn drift_is_told_apart_from_changes() {
    let env = deployed();
    env.run(["plan", "-tlocal", "--fail-on-drift"]).expect(0);
    create(&env, "shop-large-li4b6shpsd-g1", |new| new.labels.clear());
    create(&env, "shop-paid-xrkjpb4iu5-g1", |new| {
        new.name = "relabelled".to_owned();
    });
    env.route("paid", "{field: status, in: [paid, shipped]}");
    let plan = ["plan", "-tlocal", "--fail-on-drift", "--detailed-exitcode"];
    insta::assert_snapshot!(env.run(plan), @"
    --- stdout
    ~ replace   paid  widened: the route has changed; goes on where `shop-paid-xrkjpb4iu5-g1` stops

    drift: not as it was left
    ! unrecognized  (none)  `relabelled`: it has this project's labels and a name that routectl does not give
    ! writer        large   `by-hand`, which is not this project's by its labels, writes to `large-orders` too

    Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged
    --- exit 3
    ");
    // A foreign writer does not stand in the way of what is deployed.
    env.apply([]).expect(0);
    env.stop("shop-large-li4b6shpsd-g1");
    // What is blocked is worse than drift.
    insta::assert_snapshot!(env.run(plan), @"
    --- stdout
    ! blocked   large  `shop-large-li4b6shpsd-g1` is STOPPED: the route was disabled, or somebody stopped it or deleted what had gone on from it

    help for `large`: `apply --resume` goes on where it stopped

    drift: not as it was left
    ! unrecognized  (none)  `relabelled`: it has this project's labels and a name that routectl does not give
    ! stopped       large   `shop-large-li4b6shpsd-g1`: somebody stopped it, or its route was disabled until now
    ! writer        large   `by-hand`, which is not this project's by its labels, writes to `large-orders` too

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged, 1 blocked
    --- exit 1
    ");
    let ran = env.run(["plan", "-tlocal", "-ojson"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["drift"][0]["kind"], "unrecognized", "{ran}");
}

#[test]
fn a_comment_says_the_same_and_folds_the_sql() {
    let env = deployed();
    env.route("large", "{field: amount, greaterThan: 2000}");
    insta::assert_snapshot!(env.run(["plan", "-tlocal", "-omarkdown"]), @r"
    --- stdout
    **Plan: 0 to create, 1 to replace, 0 to update, 0 to resume, 0 to delete, 1 unchanged**

    Target <code>local</code>.

    | action | route | why |
    | --- | --- | --- |
    | replace | <code>large</code> | narrowed: the route has changed; goes on where <code>shop-large-li4b6shpsd-g1</code> stops |

    <details><summary><code>large</code>: narrowed</summary>

    ```diff
    --- shop-large-li4b6shpsd-g1
    +++ large
    @@ -6,4 +6,4 @@
     WHERE TRY_CAST(
         REGEXP_EXTRACT(JSON_VALUE(`body`, '$[''amount'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0)
         AS DECIMAL(38, 10)
    -  ) > 1000
    +  ) > 2000
    ```

    </details>

    --- exit 0
    ");
    insta::assert_snapshot!(diff(&env, ["-omarkdown"]), @r"
    --- stdout
    **Diff: 0 new, 1 changed, 0 gone, 1 unchanged**

    Target <code>local</code> compared with what runs.

    | route | change | what that means |
    | --- | --- | --- |
    | <code>large</code> | narrowed | every event that passes now passed before |

    <details><summary><code>large</code>: narrowed</summary>

    ```diff
    --- shop-large-li4b6shpsd-g1
    +++ large
    @@ -6,4 +6,4 @@
     WHERE TRY_CAST(
         REGEXP_EXTRACT(JSON_VALUE(`body`, '$[''amount'']'), '^[^eE]*(?:[eE][+-]?[0-9]{1,3}\s*)?\z', 0)
         AS DECIMAL(38, 10)
    -  ) > 1000
    +  ) > 2000
    ```

    </details>

    --- exit 0
    ");
}
