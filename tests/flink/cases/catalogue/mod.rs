//! Every operator on every type of value in every layout, and every SQL type.
//!
//! Operators come by themselves. A new layout or type of column is a row in [`COLUMNS`] and one in `subjects`; a new
//! form of operand or type of value does not compile until `examples` knows it.

mod examples;
mod subjects;

use anyhow::Context as _;
use routectl::ir::operator::{ALL, Operator};
use routectl::ir::{Condition, Place, Subject, Test};
use routectl::sql::{
    CreateTable, DataType, Distribution, Expr, Ident, Insert, Projection, Select, Statement,
    Templates,
};

use super::{Case, source_table};

const SOURCE: &str = "raw-events";
const SINK: &str = "filtered-events";

/// A name that could end its quotes or its line.
const ODD: &str = "it's `\\ a-b] -- \u{1f600}";

/// A text that could end its literal, its line or a comment.
const HOSTILE: &str = "it's \\ a \"text\" -- */ ${x} \n \u{1f600}";

/// The columns of the source, with every type that there is.
const COLUMNS: &[(&str, &str)] = &[
    ("id", "STRING NOT NULL"),
    ("text", "STRING"),
    ("event_data", "STRING"),
    (
        "eventBody",
        "ROW<`entities` ARRAY<ROW<`entityType` STRING, `attributes` MAP<STRING, STRING>> NOT NULL> NOT NULL>",
    ),
    ("boolean", "BOOLEAN"),
    ("tinyint", "TINYINT"),
    ("smallint", "SMALLINT"),
    ("int", "INT"),
    ("bigint", "BIGINT"),
    ("float", "FLOAT"),
    ("double", "DOUBLE"),
    ("decimal", "DECIMAL(18, 2)"),
    ("timestamp_ltz", "TIMESTAMP_LTZ(3)"),
    ("timestamp_ltz_9", "TIMESTAMP_LTZ(9)"),
    ("timestamp", "TIMESTAMP(6)"),
    ("date", "DATE"),
    ("time", "TIME(3)"),
    ("char", "CHAR(3)"),
    ("varchar", "VARCHAR(3)"),
    ("bytes", "BYTES"),
    ("binary", "BINARY(3)"),
    ("varbinary", "VARBINARY(3)"),
    ("array", "ARRAY<INT>"),
    ("map", "MAP<STRING, INT>"),
    ("multiset", "MULTISET<STRING>"),
    (ODD, "STRING"),
];

/// The cases of the whole catalogue.
pub(super) fn cases() -> anyhow::Result<Vec<Case>> {
    let catalogue = Catalogue::new()?;
    let mut cases = vec![catalogue.every_column()?];
    for (layout, subject) in subjects::subjects(|name| catalogue.column(name))? {
        for operator in ALL.iter().filter(|it| (it.accepts)(subject.value_type)) {
            let name = format!(
                "catalogue/{layout}/{:?}/{}",
                subject.value_type, operator.key
            );
            cases.extend(catalogue.operator(&name, &subject, operator)?);
        }
    }
    Ok(cases)
}

struct Catalogue {
    templates: Templates,
    columns: Vec<(Ident, DataType)>,
}

impl Catalogue {
    fn new() -> anyhow::Result<Self> {
        let columns = COLUMNS
            .iter()
            .map(|(name, data_type)| anyhow::Ok((Ident::from(*name), DataType::parse(data_type)?)));
        Ok(Self {
            templates: Templates::load(&[].into())?,
            columns: columns.collect::<Result<_, _>>()?,
        })
    }

    /// A whole column of the source.
    fn column(&self, name: &str) -> anyhow::Result<Place> {
        let mut columns = self.columns.iter();
        let found = columns.find(|(column, _)| column.as_str() == name);
        let (_, data_type) = found.with_context(|| format!("no column `{name}`"))?;
        Ok(Place::column(name, data_type.clone()))
    }

    /// Every column from one table to the other, unconditionally.
    fn every_column(&self) -> anyhow::Result<Case> {
        let columns = self.columns.iter().cloned();
        let columns =
            columns.map(|(name, data_type)| (Expr::Column(name.clone()), name, data_type));
        self.case("catalogue/columns".to_owned(), columns.collect(), None)
    }

    /// The first example as a route has it, and all of them with their negations as columns of another statement:
    /// beside the condition Flink would fold them into constants.
    fn operator(
        &self,
        name: &str,
        subject: &Subject,
        operator: &'static Operator,
    ) -> anyhow::Result<[Case; 2]> {
        let mut answers = Vec::new();
        for predicate in examples::examples(operator, subject.value_type)? {
            let subject = subject.clone();
            let test = Condition::Test(Test {
                subject,
                operator,
                predicate,
            });
            let negation = Condition::Not(Box::new(test.clone()));
            answers.extend([test, negation].iter().filter_map(Condition::lower));
        }
        let condition = answers.first().cloned();
        let columns = answers.into_iter().enumerate().map(|(number, answer)| {
            let name = Ident::from(format!("answer {number}"));
            (answer, name, DataType::BOOLEAN)
        });
        let id = (Expr::column("id"), Ident::from("id"), DataType::STRING);
        Ok([
            self.case(format!("{name}/condition"), vec![id], condition)?,
            self.case(format!("{name}/columns"), columns.collect(), None)?,
        ])
    }

    fn case(
        &self,
        name: String,
        columns: Vec<(Expr, Ident, DataType)>,
        condition: Option<Expr>,
    ) -> anyhow::Result<Case> {
        let sink = Statement::CreateTable(CreateTable {
            name: Ident::from(SINK),
            if_not_exists: true,
            columns: columns
                .iter()
                .map(|(_, name, data_type)| (name.clone(), data_type.clone()))
                .collect(),
            distribution: Some(Distribution {
                columns: Vec::new(),
                buckets: 6,
            }),
            options: [("changelog.mode".to_owned(), "append".to_owned())].into(),
        });
        let insert = Statement::Insert(Insert {
            sink: Ident::from(SINK),
            columns: columns.iter().map(|(_, name, _)| name.clone()).collect(),
            select: Select {
                projections: columns
                    .into_iter()
                    .map(|(expression, name, _)| Projection::named(expression, name))
                    .collect(),
                from: Ident::from(SOURCE),
                condition,
            },
        });
        Ok(Case {
            name,
            sources: vec![source_table(
                &self.templates,
                SOURCE,
                self.columns.iter().cloned(),
            )?],
            sinks: vec![self.templates.render(&sink, &[HOSTILE.to_owned()])?],
            statement: self.templates.render(&insert, &[HOSTILE.to_owned()])?,
            refusal: None,
        })
    }
}
