//! Whole SQL files from templates.
//!
//! The templates in `templates/` hold the scaffolding alone; names, expressions and literals come
//! into them printed. What a template makes of them is parsed and compared with the statement, so
//! that a project's own template can change how a file looks and never what it does.
//!
//! | template | variables |
//! | --- | --- |
//! | each | `header`: comment lines |
//! | `create-table.sql` | `temporary`, `name`, `if_not_exists`, `columns` (a list), `distribution` (text or null), `options` (a list) |
//! | `insert.sql` | `sink`, `columns` (in parentheses), `projections` (a list), `source`, `condition` (text or null) |
//! | `set.sql` | `key`, `value` |
//! | `statement-set.sql` | `inserts` (a list of what `insert.sql` gives) |
//! | `script.sql` | `statements` (a list of what the others give) |
//!
//! A kind of statement gets a template by a line in [`BUILT_IN`] and its variables in `context`.

use std::collections::BTreeMap;

use tera::{Context, Tera};

use super::ast::{CreateTable, Insert, Projection, Setting, Statement};
use super::invisible::{is_invisible, spelled_out};
use super::parse::{ParseError, parse, parse_script};
use super::print::{names, quoted};

/// The templates by name, with the text that is used where a project has none of its own.
pub const BUILT_IN: &[(&str, &str)] = &[
    (
        CREATE_TABLE,
        include_str!("../../templates/create-table.sql"),
    ),
    (INSERT, include_str!("../../templates/insert.sql")),
    (SET, include_str!("../../templates/set.sql")),
    (
        STATEMENT_SET,
        include_str!("../../templates/statement-set.sql"),
    ),
    (SCRIPT, include_str!("../../templates/script.sql")),
];

const CREATE_TABLE: &str = "create-table.sql";
const INSERT: &str = "insert.sql";
const SET: &str = "set.sql";
const STATEMENT_SET: &str = "statement-set.sql";
const SCRIPT: &str = "script.sql";

/// The templates of a project.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
}

/// Why there is no SQL file.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// An override for a template that does not exist.
    #[error("there is no template `{name}`; the templates are {}", known())]
    Unknown {
        /// Its name.
        name: String,
    },
    /// A template that tera cannot read or fill in.
    #[error("template `{name}`: {message}")]
    Template {
        /// Its name.
        name: String,
        /// What tera says, with the place.
        message: String,
    },
    /// What the template made is no SQL, or SQL of another kind.
    #[error("template `{name}` does not give readable SQL: {source}")]
    Unreadable {
        /// Its name.
        name: &'static str,
        /// Why it cannot be read.
        source: ParseError,
    },
    /// What the template made means something else than the statement.
    #[error("template `{name}` gives another statement: `{found}` where `{wanted}` is meant")]
    Changed {
        /// Its name.
        name: &'static str,
        /// The statement on one line.
        wanted: String,
        /// What was read back, on one line.
        found: String,
    },
}

fn known() -> String {
    let names: Vec<String> = BUILT_IN
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.join(", ")
}

impl Templates {
    /// The built-in templates, with `overrides` (texts by the names in [`BUILT_IN`]) in their
    /// places.
    ///
    /// # Errors
    /// Names that are not built in, and texts that are no templates.
    pub fn load(overrides: &BTreeMap<String, String>) -> Result<Self, RenderError> {
        if let Some(name) = overrides
            .keys()
            .find(|name| BUILT_IN.iter().all(|(it, _)| it != name))
        {
            return Err(RenderError::Unknown { name: name.clone() });
        }
        let mut tera = Tera::new();
        tera.autoescape_on(Vec::<&str>::new());
        for (name, built_in) in BUILT_IN {
            let text = overrides.get(*name).map_or(*built_in, String::as_str);
            tera.add_raw_template(name, text)
                .map_err(|error| failed(name, &error))?;
        }
        Ok(Self { tera })
    }

    /// The file of a statement: the header as comment lines, then readable SQL without a
    /// semicolon. It ends with a line end.
    ///
    /// # Errors
    /// A template that fails or gives anything but this very statement.
    pub fn render(&self, statement: &Statement, header: &[String]) -> Result<String, RenderError> {
        let (name, text) = self.text(statement, header)?;
        let found = parse(&text).map_err(|source| RenderError::Unreadable { name, source })?;
        same(name, [statement], &[found])?;
        Ok(text)
    }

    /// The readable SQL of a statement for people alone: without a header, and not read back.
    ///
    /// # Errors
    /// A template that fails.
    pub(crate) fn show(&self, statement: &Statement) -> Result<String, RenderError> {
        self.text(statement, &[]).map(|(_, text)| text)
    }

    /// The text of a statement, and the name of its template.
    fn text(
        &self,
        statement: &Statement,
        header: &[String],
    ) -> Result<(&'static str, String), RenderError> {
        let (name, context) = match statement {
            Statement::CreateTable(table) => (CREATE_TABLE, create_table(table)),
            Statement::Insert(insert) => (INSERT, self::insert(insert)),
            Statement::Set(setting) => (SET, set(setting)),
            Statement::StatementSet(inserts) => {
                let inserts = inserts.iter().map(|insert| (insert, &[][..]));
                (STATEMENT_SET, self.statement_set(inserts)?)
            }
        };
        Ok((name, self.fill(name, context, header)?))
    }

    /// A statement set like [`render`](Self::render), in which each INSERT has a header of its own.
    ///
    /// # Errors
    /// Like [`render`](Self::render).
    pub fn render_set(&self, inserts: &[(Insert, Vec<String>)]) -> Result<String, RenderError> {
        let parts = inserts.iter();
        let parts = parts.map(|(insert, header)| (insert, header.as_slice()));
        let text = self.fill(STATEMENT_SET, self.statement_set(parts)?, &[])?;
        let inserts = inserts.iter().map(|(insert, _)| insert.clone());
        let wanted = Statement::StatementSet(inserts.collect());
        let found = parse(&text).map_err(|source| RenderError::Unreadable {
            name: STATEMENT_SET,
            source,
        })?;
        same(STATEMENT_SET, [&wanted], &[found])?;
        Ok(text)
    }

    /// A script of statements, each with its text as [`render`](Self::render) gives it, that Flink's SQL client can
    /// be given.
    ///
    /// # Errors
    /// A template that fails or gives anything but these very statements.
    pub fn render_script(
        &self,
        statements: &[(Statement, String)],
        header: &[String],
    ) -> Result<String, RenderError> {
        let texts = statements.iter().map(|(_, text)| text.trim_end());
        let mut context = Context::new();
        context.insert("statements", &texts.collect::<Vec<_>>());
        let text = self.fill(SCRIPT, context, header)?;
        let wanted = statements.iter().map(|(wanted, _)| wanted);
        let found = parse_script(&text).map_err(|source| RenderError::Unreadable {
            name: SCRIPT,
            source,
        })?;
        same(SCRIPT, wanted, &found)?;
        Ok(text)
    }

    fn statement_set<'i>(
        &self,
        inserts: impl Iterator<Item = (&'i Insert, &'i [String])>,
    ) -> Result<Context, RenderError> {
        let texts = inserts.map(|(insert, header)| {
            let text = self.fill(INSERT, self::insert(insert), header)?;
            Ok(text.trim_end().to_owned())
        });
        let mut context = Context::new();
        context.insert("inserts", &texts.collect::<Result<Vec<_>, RenderError>>()?);
        Ok(context)
    }

    /// What a template makes of its variables and a header.
    fn fill(
        &self,
        name: &'static str,
        mut context: Context,
        header: &[String],
    ) -> Result<String, RenderError> {
        let header: Vec<String> = header.iter().map(|line| comment(line)).collect();
        context.insert("header", &header);
        let text = self.tera.render(name, &context);
        let text = text.map_err(|error| failed(name, &error))?;
        Ok(format!("{}\n", spelled_out(text.trim_end())))
    }
}

/// Refuses statements that are not those that are meant.
fn same<'s>(
    name: &'static str,
    wanted: impl IntoIterator<Item = &'s Statement, IntoIter: Clone>,
    found: &[Statement],
) -> Result<(), RenderError> {
    let wanted = wanted.into_iter();
    if wanted.clone().eq(found) {
        return Ok(());
    }
    let shown = |statements: Vec<String>| statements.join("; ");
    Err(RenderError::Changed {
        name,
        wanted: shown(wanted.map(ToString::to_string).collect()),
        found: shown(found.iter().map(ToString::to_string).collect()),
    })
}

fn failed(name: &str, error: &tera::Error) -> RenderError {
    RenderError::Template {
        name: name.to_owned(),
        message: error.to_string(),
    }
}

fn set(setting: &Setting) -> Context {
    let mut context = Context::new();
    context.insert("key", &quoted(&setting.key));
    context.insert("value", &quoted(&setting.value));
    context
}

fn create_table(table: &CreateTable) -> Context {
    let CreateTable {
        temporary,
        name,
        if_not_exists,
        columns,
        distribution,
        options,
    } = table;
    let columns = columns
        .iter()
        .map(|(name, data_type)| format!("{name} {data_type}"));
    let options = options
        .iter()
        .map(|(key, value)| format!("{} = {}", quoted(key), quoted(value)));
    let mut context = Context::new();
    context.insert("temporary", temporary);
    context.insert("name", &name.to_string());
    context.insert("if_not_exists", if_not_exists);
    context.insert("columns", &columns.collect::<Vec<_>>());
    context.insert(
        "distribution",
        &distribution.as_ref().map(ToString::to_string),
    );
    context.insert("options", &options.collect::<Vec<_>>());
    context
}

fn insert(insert: &Insert) -> Context {
    let Insert {
        sink,
        columns,
        select,
    } = insert;
    let projections = select
        .projections
        .iter()
        .map(|Projection { expression, alias }| {
            let alias = alias
                .as_ref()
                .map(|alias| format!(" AS {alias}"))
                .unwrap_or_default();
            expression.in_lines(2, 2) + &alias
        });
    let before = format!("INSERT INTO {sink} ");
    let condition = select
        .condition
        .as_ref()
        .map(|it| it.as_condition("WHERE ".len(), 2));
    let mut context = Context::new();
    context.insert("sink", &sink.to_string());
    context.insert(
        "columns",
        &names(columns).in_lines(before.chars().count(), 0),
    );
    context.insert("projections", &projections.collect::<Vec<_>>());
    context.insert("source", &select.from.to_string());
    context.insert("condition", &condition);
    context
}

/// A line of text as a comment that it cannot leave and in which nothing hides.
fn comment(line: &str) -> String {
    let mut comment = "--".to_owned();
    if !line.is_empty() {
        comment.push(' ');
    }
    for character in line.chars() {
        if is_invisible(character) {
            comment.extend(character.escape_default());
        } else {
            comment.push(character);
        }
    }
    comment
}

#[cfg(test)]
mod tests;
