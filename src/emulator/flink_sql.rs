//! Reads Flink SQL for the emulator: `INSERT` and `CREATE TABLE` with the crate's own strict parser, the little
//! statements around them by their words.
//!
//! `outline` sees a statement as words and cuts out the clauses that the parser has no place for, `columns` says
//! which columns an expression names, `schema` reads queries over the `INFORMATION_SCHEMA`. A new little statement is one arm in [`Outline::effect`].

mod columns;
mod outline;
mod schema;

use super::catalog::NewTable;
use super::sql::{Flow, Question, Source, SqlEffect, SqlReader};
use crate::sql::{Statement, parse};
use outline::Outline;

/// Reads the SQL that routectl writes, statement sets of it, and questions about tables. Queries are understood as far
/// as the tables they name; whatever else the service may understand is an error here.
#[derive(Debug, Clone, Copy, Default)]
pub struct FlinkSql;

impl SqlReader for FlinkSql {
    fn read(&self, sql: &str) -> Result<SqlEffect, String> {
        Outline::new(sql)?.effect()
    }
}

impl Outline {
    fn effect(self) -> Result<SqlEffect, String> {
        let words = self.words(4);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["CREATE", "TABLE", ..] => self.create_table(),
            ["INSERT", "INTO", ..] if self.has_word("VALUES") && !self.has_word("SELECT") => {
                let sink = self.name_at(2)?;
                Ok(SqlEffect::InsertValues { sink })
            }
            ["INSERT" | "EXECUTE", ..] => self.insert(),
            ["DROP", "TABLE", "IF", "EXISTS"] => self.drop_table(4, true),
            ["DROP", "TABLE", ..] => self.drop_table(2, false),
            ["SHOW", "TABLES", ..] => Ok(SqlEffect::Ask(Question::Tables)),
            ["SHOW", "CREATE", "TABLE", ..] => {
                Ok(SqlEffect::Ask(Question::CreateTable(self.name_at(3)?)))
            }
            ["DESCRIBE" | "DESC", "EXTENDED", ..] => {
                Ok(SqlEffect::Ask(Question::Columns(self.name_at(2)?)))
            }
            ["DESCRIBE" | "DESC", ..] => Ok(SqlEffect::Ask(Question::Columns(self.name_at(1)?))),
            ["EXPLAIN", ..] => {
                let explained = self.behind(1)?.effect()?;
                Ok(SqlEffect::Ask(Question::Plan(Box::new(explained))))
            }
            ["SELECT", ..] if schema::is_meant(&self.text) => {
                Ok(SqlEffect::Ask(Question::Views(schema::read(&self.text)?)))
            }
            ["SELECT" | "WITH", ..] => Ok(SqlEffect::Select(self.sources())),
            ["SHOW", _, ..] | ["SET" | "RESET" | "USE", ..] => Ok(SqlEffect::Other),
            _ => match parse(&self.text) {
                Ok(statement) => Err(format!("{statement} is not supported")),
                Err(error) => Err(error.to_string()),
            },
        }
    }

    fn drop_table(&self, name: usize, if_exists: bool) -> Result<SqlEffect, String> {
        let table = self.name_at(name)?;
        Ok(SqlEffect::DropTable { table, if_exists })
    }

    fn create_table(mut self) -> Result<SqlEffect, String> {
        let primary_key = self.cut_primary_key();
        let Statement::CreateTable(table) = parse(&self.text).map_err(|error| error.to_string())?
        else {
            return Err("this is no CREATE TABLE".to_owned());
        };
        let columns = table.columns.into_iter();
        let distribution = table.distribution;
        Ok(SqlEffect::CreateTable {
            if_not_exists: table.if_not_exists,
            table: NewTable {
                name: table.name.0,
                columns: Some(
                    columns
                        .map(|(name, kind)| (name.0, kind.to_string()))
                        .collect(),
                ),
                partitions: distribution
                    .as_ref()
                    .map(|distribution| distribution.buckets),
                key: distribution
                    .into_iter()
                    .flat_map(|distribution| distribution.columns)
                    .map(|column| column.0)
                    .collect(),
                options: table.options,
                primary_key,
            },
        })
    }

    fn insert(mut self) -> Result<SqlEffect, String> {
        let hints = self.cut_hints()?;
        let inserts = match parse(&self.text).map_err(|error| error.to_string())? {
            Statement::Insert(insert) => vec![insert],
            Statement::StatementSet(inserts) => inserts,
            other => return Err(format!("{other} is not supported")),
        };
        let reads = |table: &str| inserts.iter().any(|insert| insert.select.from.0 == table);
        if let Some(other) = hints.keys().find(|table| !reads(table)) {
            return Err(format!("hints on {other} are not supported"));
        }
        let flows = inserts.into_iter().map(|insert| Flow {
            sink: insert.sink.0,
            columns: insert.columns.into_iter().map(|column| column.0).collect(),
            source: Source {
                columns: columns::named_in(&insert.select),
                hint: hints
                    .get(&insert.select.from.0)
                    .cloned()
                    .unwrap_or_default(),
                table: insert.select.from.0,
            },
        });
        Ok(SqlEffect::Insert(flows.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> String {
        match FlinkSql.read(sql) {
            Ok(effect) => serde_json::to_string(&effect).unwrap(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn statements_are_told_apart() {
        let all = [
            "SHOW TABLES",
            "-- why\nshow tables;",
            "SHOW CREATE TABLE `a`.`b`.`t`",
            "DESCRIBE EXTENDED t",
            "DROP TABLE IF EXISTS `t`",
            "SELECT * FROM a, b JOIN `c`.`d` ON TRUE",
            "SET 'a' = 'b'",
            "INSERT INTO t VALUES (1)",
            "EXPLAIN INSERT INTO `t` (`x`) SELECT `y` FROM `s` WHERE `z` = 1",
            "ALTER TABLE t ADD x INT",
            "",
            "'",
        ];
        insta::assert_snapshot!(all.map(read).join("\n"), @r#"
        {"ask":"tables"}
        {"ask":"tables"}
        {"ask":{"create_table":"t"}}
        {"ask":{"columns":"t"}}
        {"drop_table":{"table":"t","if_exists":true}}
        {"select":[{"table":"a","columns":[],"hint":{}},{"table":"b","columns":[],"hint":{}},{"table":"d","columns":[],"hint":{}}]}
        "other"
        {"insert_values":{"sink":"t"}}
        {"ask":{"plan":{"insert":[{"sink":"t","columns":["x"],"source":{"table":"s","columns":["y","z"],"hint":{}}}]}}}
        error: expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: ALTER (line 1, column 1)
        error: expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: EOF (line 1, column 1)
        error: Unterminated string literal at Line: 1, Column: 1
        "#);
    }

    #[test]
    fn clauses_that_the_parser_does_not_know_are_seen() {
        let all = [
            "CREATE TABLE `t` (`a` INT, `b` STRING NOT NULL, PRIMARY KEY (`b`) NOT ENFORCED) \
             DISTRIBUTED BY HASH(`b`) INTO 3 BUCKETS WITH ('changelog.mode' = 'upsert')",
            "INSERT INTO `t` (`a`) SELECT `a` FROM `s` /*+ OPTIONS('scan.startup.mode'='latest-offset', 'x' = 'it''s') */",
            "INSERT INTO `t` (`a`) SELECT `a` FROM `s` /*+ BROADCAST(s) */",
            "EXECUTE STATEMENT SET BEGIN\nINSERT INTO `t` (`a`) SELECT `x;y` FROM `s`;\nINSERT INTO `u` (`b`) SELECT 'a;b' FROM `s`;\nEND;",
            "EXECUTE STATEMENT SET BEGIN\nINSERT INTO `t` (`a`) SELECT `x`;\nEND",
        ];
        insta::assert_snapshot!(all.map(read).join("\n"), @r#"
        {"create_table":{"table":{"name":"t","columns":[["a","INT"],["b","STRING NOT NULL"]],"partitions":3,"key":["b"],"options":{"changelog.mode":"upsert"},"primary_key":["b"]},"if_not_exists":false}}
        {"insert":[{"sink":"t","columns":["a"],"source":{"table":"s","columns":["a"],"hint":{"scan.startup.mode":"latest-offset","x":"it's"}}}]}
        error: the hint  BROADCAST(s)  is not supported
        {"insert":[{"sink":"t","columns":["a"],"source":{"table":"s","columns":["x;y"],"hint":{}}},{"sink":"u","columns":["b"],"source":{"table":"s","columns":[],"hint":{}}}]}
        error: expected: FROM, found: ; (line 2, column 33)
        "#);
    }
}
