//! What is wrong with SQL, through the crate's own reader.

use super::*;
use crate::emulator::FlinkSql;

fn state() -> State {
    let mut state = with(|settings| settings.sql = Arc::new(FlinkSql));
    let ddl = "CREATE TABLE `t` (`a` STRING NOT NULL, `b` INT) DISTRIBUTED BY HASH(`a`) INTO 4 BUCKETS \
               WITH ('value.format' = 'json-registry')";
    create(&mut state, 0, "ddl", ddl).unwrap();
    state.advance(at(50));
    state
}

#[test]
fn what_is_wrong_with_sql_shows_once_the_statement_has_failed() {
    let mut state = state();
    let mut details = Vec::new();
    for (index, sql) in [
        "INSERT INTO `t` (`a`) SELECT",
        "INSERT INTO `nobody` (`a`) SELECT `x` FROM `s`",
        "INSERT INTO `t` (`c`) SELECT `x` FROM `s`",
        "INSERT INTO `s` (`a`) SELECT `x` FROM `t`",
        "INSERT INTO `t` (`a`) SELECT `x` FROM `t` WHERE `b` = 1",
        "CREATE TABLE `t` (`a` STRING)",
        "CREATE TABLE `u` (`a` STRING) WITH ('value.format' = 'json')",
        "CREATE TABLE `u` (`a` STRING) WITH ('kafka.partitions' = '3')",
        "DESCRIBE `nobody`",
        "EXPLAIN INSERT INTO `t` (`c`) SELECT `x` FROM `s`",
        "SELEC 1",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("s{index}");
        let created = create(&mut state, 100, &name, sql).unwrap();
        assert_eq!(created.life.phase(), Phase::Pending);
        assert_eq!(phase(&mut state, 200, &name), Some(Phase::Failed), "{sql}");
        details.push(detail(&state, &name));
    }
    insta::assert_snapshot!(details.join("\n"), @"
    SQL parse failed. expected: an expression, found: EOF (line 1, column 29)
    Table 'nobody' does not exist.
    Unknown target column 'c'.
    Table 's' does not exist.
    Column 'x' not found in any table.
    Table 't' already exists.
    Unsupported format 'json' for option 'value.format'.
    Unsupported option 'kafka.partitions'.
    Table 'nobody' does not exist.
    Unknown target column 'c'.
    SQL parse failed. expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: SELEC (line 1, column 1)
    ");
}

#[test]
fn questions_about_tables_are_answered_in_rows() {
    let mut state = state();
    let questions = [
        "SHOW TABLES",
        "DESCRIBE `t`",
        "SHOW CREATE TABLE t",
        "EXPLAIN INSERT INTO `t` (`a`) SELECT `x` FROM `s`",
    ];
    let answers = questions.map(|sql| {
        let place = [
            ("sql.current-catalog", "env"),
            ("sql.current-database", "db"),
        ];
        create_from(&mut state, 100, "q", sql, &place);
        state.advance(at(200));
        let answer = get(&state, "q").unwrap().answer.unwrap();
        delete(&mut state, 200, "q").unwrap();
        state.advance(at(300));
        let names = answer.columns.into_iter().map(|(name, _)| json!(name));
        let rows = std::iter::once(names.collect()).chain(answer.rows);
        let lines = rows.map(|row| {
            let cells: Vec<_> = row.iter().map(|cell| cell.as_str().unwrap()).collect();
            cells.join(" | ")
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    insta::assert_snapshot!(answers.join("\n"), @"
    table name
    t
    Column Name | Data Type | Nullable | Extras
    a | STRING | NOT NULL | BUCKET KEY
    b | INT | NULL | 
    SHOW CREATE TABLE
    CREATE TABLE `env`.`db`.`t` (
      `a` VARCHAR(2147483647) NOT NULL,
      `b` INT
    )
    DISTRIBUTED BY HASH(`a`) INTO 4 BUCKETS
    WITH (
      'changelog.mode' = 'append',
      'connector' = 'confluent',
      'kafka.cleanup-policy' = 'delete',
      'kafka.retention.time' = '7 d',
      'key.format' = 'avro-registry',
      'scan.startup.mode' = 'earliest-offset',
      'value.format' = 'json-registry'
    )

    Physical Plan
    == Physical Plan ==

    StreamSink [3]
      +- StreamCalc [2]
        +- StreamTableSourceScan [1]
           Table: `s`
    ");
}

#[test]
fn a_table_knows_its_partitions() {
    let mut state = state();
    create(&mut state, 100, "ddl-2", "CREATE TABLE `u` (`b` INT)").unwrap();
    create(
        &mut state,
        200,
        "in",
        "INSERT INTO `u` (`b`) SELECT `b` FROM `t`",
    )
    .unwrap();
    state.advance(at(300));
    assert_eq!(
        state.ledger(at(300)).runs[0].from,
        [0, 0, 0, 0],
        "a created topic begins empty"
    );
}
