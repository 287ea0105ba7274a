//! Tables that are there already, held against what routes need, and SQL that the service checks first.

use std::sync::Arc;

use jiff::SignedDuration;
use routectl::api::NewStatement;
use routectl::clock::{Clock as _, ManualClock, SystemClock};
use routectl::emulator::{FlinkSql, NewTable, Rule, SqlEffect, SqlReader};

use crate::env::Env;

const PROPERTIES: [(&str, &str); 2] = [
    ("sql.current-catalog", "emulator"),
    ("sql.current-database", "emulator"),
];

/// Has somebody run a statement that ends.
fn somebody_runs(env: &Env, name: &str, sql: &str) {
    env.create(NewStatement {
        name: name.to_owned(),
        sql: sql.to_owned(),
        properties: PROPERTIES
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        ..NewStatement::default()
    });
    assert_eq!(env.get(name).unwrap().status.phase.as_str(), "COMPLETED");
    env.delete(name);
}

/// The plan of a project whose topic `large-orders` somebody made like this.
fn plan_with_topic(columns_and_rest: &str) -> String {
    let env = Env::new();
    env.remove("routes/paid.yaml");
    somebody_runs(
        &env,
        "by-hand",
        &format!("CREATE TABLE `large-orders` {columns_and_rest}"),
    );
    // That the topic was there before is confirmed; what it is like remains to be seen.
    let ran = env.run(["plan", "-tlocal", "--recover", "large=latest"]);
    assert!(env.statements().is_empty(), "{ran}");
    ran.to_string()
}

#[test]
fn a_topic_that_does_not_fit_blocks_its_route_with_the_remedy() {
    insta::assert_snapshot!(plan_with_topic("(`id` STRING) WITH ('changelog.mode' = 'append')"), @"
    --- stdout
    ! blocked   large  `large-orders` is there already, without `body` (STRING)

    help for `large`: choose another topic, leave them out of `select`, or add them by hand once that was reviewed: ALTER TABLE `large-orders` ADD (`body` STRING)

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 blocked
    --- exit 1
    ");
    insta::assert_snapshot!(plan_with_topic("(`id` BIGINT, `body` STRING) WITH ('changelog.mode' = 'append')"), @"
    --- stdout
    ! blocked   large  column `id` of `large-orders` is `BIGINT`, not `STRING`

    help for `large`: choose another topic, or change `select` so that the type is the one that is there

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 blocked
    --- exit 1
    ");
}

#[test]
fn an_upsert_sink_is_refused_before_anything_is_created() {
    insta::assert_snapshot!(plan_with_topic("(`id` STRING, `body` STRING, PRIMARY KEY (`id`) NOT ENFORCED) DISTRIBUTED INTO 6 BUCKETS"), @"
    --- stdout
    ! blocked   large  `large-orders` is there already, and its `changelog.mode` is `upsert`: rows written to it would replace others, and a replacement of the statement could not go on where it stopped

    help for `large`: choose another topic; a route writes a table of the mode `append` without primary key

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 blocked
    --- exit 1
    ");
}

#[test]
fn a_topic_that_fits_is_taken() {
    let plan = plan_with_topic(
        "(`id` STRING, `body` STRING) DISTRIBUTED INTO 3 BUCKETS WITH ('changelog.mode' = 'append')",
    );
    assert!(plan.contains("+ create    large"), "{plan}");
}

#[test]
fn a_source_that_is_not_as_declared_blocks_what_reads_it() {
    let source = |table: NewTable| {
        let env = Env::with(|settings| settings.topics.push(table));
        env.remove("routes/paid.yaml");
        env.run(["plan", "-tlocal"]).to_string()
    };
    let columns = |types: [&str; 2]| {
        let columns = ["id", "body"].into_iter().zip(types);
        Some(
            columns
                .map(|(name, of)| (name.to_owned(), of.to_owned()))
                .collect(),
        )
    };
    let startup = NewTable {
        name: "raw-orders".to_owned(),
        columns: columns(["STRING", "STRING"]),
        options: [("scan.startup.mode".to_owned(), "latest-offset".to_owned())].into(),
        ..NewTable::default()
    };
    insta::assert_snapshot!(source(startup), @"
    --- stdout
    ! blocked   large  the table of `raw-orders`, which is read, has `scan.startup.mode` `latest-offset`: it would overrule the position that a replacement takes over, so events would be lost or repeated

    help for `large`: take it away by hand once that was reviewed: ALTER TABLE `raw-orders` RESET ('scan.startup.mode')

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 blocked
    --- exit 1
    ");
    let other = NewTable {
        name: "raw-orders".to_owned(),
        columns: columns(["STRING", "BYTES"]),
        ..NewTable::default()
    };
    insta::assert_snapshot!(source(other), @"
    --- stdout
    ! blocked   large  column `body` of `raw-orders` is `BYTES`, not `STRING`

    help for `large`: correct `columns` of the source in routectl.yaml

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 blocked
    --- exit 1
    ");
}

#[test]
fn a_plan_without_changes_lists_and_asks_nothing_else() {
    let env = Env::new();
    env.apply([]).expect(0);
    let rule: Rule = "fault=status,status=403,skip=2".parse().unwrap();
    env.emulator().add_fault(rule).unwrap();
    env.run(["plan", "-tlocal"]).expect(0);
    env.run(["plan", "-tlocal", "--deep"]).expect(1);
}

#[test]
fn deep_compares_what_runs_unchanged_too() {
    let env = Env::new();
    env.apply([]).expect(0);
    env.run(["plan", "-tlocal", "--deep"]).expect(0);
    let format = "start: earliest\n  topic: {options: {confluent: {value.format: json-registry}}}";
    let project = env.read("routectl.yaml");
    env.write("routectl.yaml", &project.replace("start: earliest", format));
    let plain = env.run(["plan", "-tlocal"]);
    assert!(plain.last_line(0).ends_with("2 unchanged"), "{plain}");
    insta::assert_snapshot!(env.run(["plan", "-tlocal", "--deep"]), @"
    --- stdout
    ! blocked   large  `large-orders` is there already, with `value.format` `avro-registry`, not `json-registry`
    ! blocked   paid   `paid-orders` is there already, with `value.format` `avro-registry`, not `json-registry`

    help for `large` and `paid`: choose another topic, or say `options: {confluent: {value.format: avro-registry}}` under `to`

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 2 blocked
    --- exit 1
    ");
    assert_eq!(env.statements().len(), 2, "nothing is left behind");
}

/// Refuses statements of a kind that have to do with the route `large`.
#[derive(Debug)]
struct Refuses(&'static str);

impl SqlReader for Refuses {
    fn read(&self, sql: &str) -> Result<SqlEffect, String> {
        let effect = FlinkSql.read(sql)?;
        let is_meant = match &effect {
            SqlEffect::CreateTable { table, .. } => {
                self.0 == "CREATE" && table.name == "large-orders"
            }
            SqlEffect::Select(_) => self.0 == "SELECT" && sql.contains("1000"),
            SqlEffect::Insert(_) if self.0 == "CHANGE" => sql.contains("2000"),
            SqlEffect::Insert(flows) => self.0 == "INSERT" && flows[0].sink == "large-orders",
            _ => false,
        };
        if is_meant {
            return Err(format!("no such {}", self.0));
        }
        Ok(effect)
    }
}

fn refusing(what: &'static str) -> Env {
    Env::with(|settings| settings.sql = Arc::new(Refuses(what)))
}

#[test]
fn regression_6_new_sql_is_checked_before_anything_is_created() {
    let env = refusing("SELECT");
    insta::assert_snapshot!(env.run(["plan", "-tlocal"]), @"
    --- stdout
    ! blocked   large  the service refuses its SELECT: SQL parse failed. no such SELECT
    + create    paid   to paid-orders, from earliest

    help for `large`: correct the route in `routes/large.yaml`, or the source that it reads

    Plan: 1 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 1 blocked
    --- exit 1
    ");
    assert!(env.statements().is_empty());
    let env = refusing("CREATE");
    let plan = env.run(["plan", "-tlocal"]);
    assert!(
        plan.stdout
            .contains("the service refuses its CREATE TABLE: SQL parse failed. no such CREATE"),
        "{plan}"
    );
    assert!(plan.last_line(1).contains("1 to create"), "{plan}");
    // Nobody asks the service where that is not wanted.
    env.run(["plan", "-tlocal", "--offline"]).expect(0);
}

#[test]
fn an_insert_is_checked_once_its_table_is_there() {
    let env = refusing("INSERT");
    env.run(["plan", "-tlocal"]).expect(0);
    insta::assert_snapshot!(env.apply([]), @"
    --- stdout
    + create    large  to large-orders, from earliest
    + create    paid   to paid-orders, from earliest

    refused  large  the service refuses its INSERT: SQL parse failed. no such INSERT; correct the route in `routes/large.yaml`, or the source that it reads
    done     paid   `shop-paid-xrkjpb4iu5-g1` is RUNNING

    Plan: 2 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged
    --- stderr
    error: 1 of 2 routes done, 1 refused
    --- exit 1
    ");
    // Nothing was written, so the table is still new: no start needs to be confirmed.
    let again = env.run(["plan", "-tlocal", "--offline"]);
    assert!(
        again.last_line(0).starts_with("Plan: 1 to create"),
        "{again}"
    );
}

#[test]
fn a_change_that_the_service_refuses_leaves_what_runs_alone() {
    let env = refusing("CHANGE");
    env.apply([]).expect(0);
    env.route("large", "{field: amount, greaterThan: 2000}");
    let before = env.statements();
    let refused = env.apply([]);
    assert!(
        refused.stdout.contains(
            "! blocked   large  the service refuses its INSERT: SQL parse failed. no such CHANGE"
        ),
        "{refused}"
    );
    refused.expect(1);
    assert_eq!(env.statements(), before);
}

#[test]
fn tables_that_cannot_be_compared_block_and_are_never_taken_as_equal() {
    let env = Env::with(|settings| settings.sql = Arc::new(NoSchema));
    let mut settings = insta::Settings::clone_current();
    settings.add_filter("-ask-[0-9a-f]{16}", "-ask-[NUMBER]");
    let _numbers = settings.bind_to_scope();
    insta::assert_snapshot!(env.run(["plan", "-tlocal"]), @"
    --- stdout
    ! blocked   large  its tables could not be compared: `shop-ask-[NUMBER]` is FAILED: SQL parse failed. Object 'COLUMNS' not found
    ! blocked   paid   its tables could not be compared: `shop-ask-[NUMBER]` is FAILED: SQL parse failed. Object 'COLUMNS' not found

    help for `large` and `paid`: remove the reason, or leave the comparison out with `--offline`

    Plan: 0 to create, 0 to replace, 0 to update, 0 to resume, 0 to delete, 0 unchanged, 2 blocked
    --- exit 1
    ");
    assert!(env.statements().is_empty());
    env.run(["apply", "-tlocal", "--auto-approve", "--offline"])
        .expect(0);
}

/// A service without the views, or that does not let us see them.
#[derive(Debug)]
struct NoSchema;

impl SqlReader for NoSchema {
    fn read(&self, sql: &str) -> Result<SqlEffect, String> {
        if sql.contains("INFORMATION_SCHEMA") {
            return Err("Object 'COLUMNS' not found".to_owned());
        }
        FlinkSql.read(sql)
    }
}

#[test]
fn a_question_that_a_run_left_behind_is_deleted_later() {
    let hour_ago = SystemClock.now() - SignedDuration::from_hours(1);
    let clock = ManualClock::new(hour_ago);
    let own = clock.clone();
    let env = Env::with(|settings| settings.clock = Arc::new(own));
    let rule: Rule = "fault=status,status=403,method=DELETE".parse().unwrap();
    env.emulator().add_fault(rule).unwrap();
    env.run(["plan", "-tlocal"]).expect(0);
    let left = env.statements();
    // One whether the topics are there, one what the tables are like.
    assert!(
        left.len() == 2 && left.iter().all(|one| one.starts_with("shop-ask-")),
        "{left:?}"
    );
    env.emulator().clear_faults().unwrap();
    env.run(["plan", "-tlocal"]).expect(0);
    assert!(env.statements().is_empty());
}

#[test]
fn a_question_that_somebody_may_wait_for_is_left_alone_and_cleanup_knows_it() {
    let env = Env::new();
    let rule: Rule = "fault=status,status=403,method=DELETE,times=1"
        .parse()
        .unwrap();
    env.emulator().add_fault(rule).unwrap();
    env.run(["plan", "-tlocal"]).expect(0);
    env.run(["plan", "-tlocal"]).expect(0);
    assert_eq!(env.statements().len(), 1);
    env.run(["cleanup", "-tlocal", "--auto-approve"]).expect(0);
    assert!(env.statements().is_empty());
}

#[test]
fn an_exhausted_pool_is_shown_with_its_size() {
    let env = Env::with(|settings| {
        settings.pools = vec![routectl::emulator::Pool {
            id: "lfcp-small".to_owned(),
            max_cfu: 1,
        }];
    });
    let ran = env.apply(["--wait-timeout", "300ms"]);
    assert!(
        ran.stdout
            .contains("1 of 1 CFUs of `lfcp-small` are in use; give the pool more"),
        "{ran}"
    );
    let waiting = if ran.stdout.contains("failed  large") {
        "large"
    } else {
        "paid"
    };
    let status = env.run(["status", waiting, "-tlocal"]);
    assert!(
        status.stdout.contains("room        1 of 1 CFUs"),
        "{status}"
    );
}
