//! SQL with the catalog and the database before each table, as a service may give it back.

use super::record::Record;
use super::sql::SqlEffect;

impl Record {
    /// Its SQL with the names of its tables in full.
    pub(super) fn qualified_sql(&self) -> String {
        let prefix = self.prefix();
        let mut sql = self.sql.clone();
        let mut spell = |before: &str, table: &str| {
            let full = format!("{before} {prefix}`{table}`");
            sql = sql.replace(&format!("{before} `{table}`"), &full);
        };
        match self.effect() {
            Some(SqlEffect::CreateTable { table, .. }) => {
                spell("TABLE", &table.name);
                spell("EXISTS", &table.name);
            }
            effect => {
                for flow in effect.map_or(&[][..], SqlEffect::flows) {
                    spell("INTO", &flow.sink);
                    spell("FROM", &flow.source.table);
                }
            }
        }
        sql
    }

    /// Its SQL with the names of its tables alone, as they are kept.
    pub(super) fn plain_sql(&self) -> String {
        self.sql.replace(&self.prefix(), "")
    }

    fn prefix(&self) -> String {
        let property = |key: &str| self.properties.get(key).map_or("", String::as_str);
        let catalog = property("sql.current-catalog");
        let database = property("sql.current-database");
        format!("`{catalog}`.`{database}`.")
    }
}
