//! Every operator on every type of value in every layout, conditions on elements, and columns of every type.
//!
//! Operators come by themselves. A new layout or type of column is a row in [`COLUMNS`] and one in `subjects`; a new
//! form of operand or type of value does not compile until `examples` knows it.

mod elements;
mod examples;
mod subjects;

use anyhow::Context as _;
use routectl::ir::operator::{ALL, Operator};
use routectl::ir::{Condition, Origin, Place, Projected, Projection, Subject, ValueType};
use routectl::source_text::{Sources, Span};
use routectl::sql::{
    self, CreateTable, DataType, Distribution, Expr, Ident, Insert, Select, Statement, Templates,
};

use super::{Case, HOSTILE, ODD, source_table};

const SOURCE: &str = "raw-events";
const SINK: &str = "filtered-events";

/// No file says what the catalogue holds.
fn origin() -> Origin {
    let nowhere = Sources::default().add("catalogue", "");
    Origin {
        path: "field".to_owned(),
        test: String::new(),
        span: Span::new(nowhere, 0..0),
        operand: Span::new(nowhere, 0..0),
    }
}

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
    let column = |name: &str| catalogue.column(name);
    let mut cases = vec![catalogue.columns()?];
    for (layout, subject) in subjects::subjects(column)? {
        let name = format!("catalogue/{layout}/{:?}", subject.value_type);
        for operator in operators(subject.value_type) {
            let tests = examples::tests(&subject, operator)?;
            cases.extend(catalogue.conditions(&format!("{name}/{}", operator.key), &tests)?);
        }
        cases.extend(catalogue.selected(&name, &subject)?);
    }
    for (layout, conditions) in elements::conditions(column)? {
        for (number, condition) in conditions.into_iter().enumerate() {
            let name = format!("catalogue/{layout}/some element/{number}");
            cases.extend(catalogue.conditions(&name, &[condition])?);
        }
    }
    Ok(cases)
}

/// The operators that fields of a type have.
fn operators(value_type: ValueType) -> impl Iterator<Item = &'static Operator> {
    let all = ALL.iter().copied();
    all.filter(move |operator| (operator.accepts)(value_type))
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

    /// Every column as it is, and what else can stand in a sink but fields.
    fn columns(&self) -> anyhow::Result<Case> {
        let columns = self.columns.iter();
        let mut columns: Vec<Projection> = columns
            .map(|(name, data_type)| Projection::column(name.as_str(), data_type))
            .collect();
        columns.push(Projection::metadata("high-value-loans", Some(HOSTILE)));
        columns.push(Projection {
            name: "without a consumer".to_owned(),
            ..Projection::metadata("high-value-loans", None)
        });
        for value in examples::values(ValueType::Text)? {
            columns.push(Projection {
                name: format!("constant {}", columns.len()),
                data_type: DataType::STRING,
                value: Projected::Constant(value),
            });
        }
        self.case(
            "catalogue/columns".to_owned(),
            columns.iter().map(Column::from).collect(),
            None,
        )
    }

    /// A field as columns of the types that it gets by itself.
    fn selected(&self, name: &str, subject: &Subject) -> anyhow::Result<Option<Case>> {
        let scales = [None, Some(0), Some(2)];
        let types = scales
            .into_iter()
            .filter_map(|scale| subject.value_type.column_type(scale));
        let columns = types.enumerate().map(|(number, data_type)| Projection {
            name: format!("column {number}"),
            data_type,
            value: Projected::Field(subject.clone()),
        });
        let columns: Vec<Column> = columns.map(|column| Column::from(&column)).collect();
        if columns.is_empty() {
            return Ok(None);
        }
        self.case(format!("{name}/selected"), columns, None)
            .map(Some)
    }
    /// The first condition as a route has it, and all of them with their negations as columns of another statement:
    /// beside the condition Flink would fold them into constants.
    fn conditions(&self, name: &str, conditions: &[Condition]) -> anyhow::Result<[Case; 2]> {
        let mut answers = Vec::new();
        for condition in conditions {
            let negation = Condition::Not(Box::new(condition.clone()));
            answers.extend(
                [condition, &negation]
                    .into_iter()
                    .filter_map(Condition::lower),
            );
        }
        let condition = answers.first().cloned();
        let answers = answers.into_iter().enumerate();
        let answers = answers.map(|(number, value)| Column {
            name: format!("answer {number}"),
            data_type: DataType::BOOLEAN,
            value,
        });
        let id = Column::from(&Projection::column("id", &DataType::STRING));
        Ok([
            self.case(format!("{name}/condition"), vec![id], condition)?,
            self.case(format!("{name}/columns"), answers.collect(), None)?,
        ])
    }

    fn case(
        &self,
        name: String,
        columns: Vec<Column>,
        condition: Option<Expr>,
    ) -> anyhow::Result<Case> {
        let declared = columns.iter();
        let declared = declared.map(|it| (Ident::from(it.name.as_str()), it.data_type.clone()));
        let sink = CreateTable {
            temporary: false,
            name: Ident::from(SINK),
            if_not_exists: true,
            columns: declared.collect(),
            distribution: Some(Distribution {
                columns: Vec::new(),
                buckets: 6,
            }),
            options: [("changelog.mode".to_owned(), "append".to_owned())].into(),
        };
        let names = columns
            .iter()
            .map(|it| Ident::from(it.name.as_str()))
            .collect();
        let values = columns
            .into_iter()
            .map(|it| sql::Projection::named(it.value, it.name));
        let insert = Insert {
            sink: Ident::from(SINK),
            columns: names,
            select: Select {
                projections: values.collect(),
                from: Ident::from(SOURCE),
                condition,
            },
        };
        let header = [HOSTILE.to_owned()];
        let source = source_table(&self.templates, SOURCE, self.columns.iter().cloned())?;
        Ok(Case {
            name,
            sources: vec![source],
            sinks: vec![
                self.templates
                    .render(&Statement::CreateTable(sink), &header)?,
            ],
            statement: self.templates.render(&Statement::Insert(insert), &header)?,
            refusal: None,
        })
    }
}

/// A column of the sink.
struct Column {
    name: String,
    data_type: DataType,
    value: Expr,
}

impl From<&Projection> for Column {
    fn from(projection: &Projection) -> Self {
        Self {
            name: projection.name.clone(),
            data_type: projection.data_type.clone(),
            value: projection.lower(),
        }
    }
}
