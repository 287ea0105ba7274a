//! The syntax tree of routes. Every part knows its place.

use crate::diagnostic::Code;
use crate::ir::operator::Operator;
use crate::ir::{TimeOfDay, ValueType};
use crate::project::options::TableOptions;
use crate::project::start::Start;
use crate::schema::FieldPath;
use crate::source_text::{Span, Spanned, Style};
use crate::sql::DataType;
use crate::testing::Case;

/// A route: which events go to which topic.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its name, unique in the project.
    pub name: Spanned<String>,
    /// The names that it had before: it goes on from the position of a statement that has one of them.
    pub was: Vec<Spanned<String>>,
    /// What it is for.
    pub description: Option<Spanned<String>>,
    /// Who reads the topic.
    pub consumer: Option<Spanned<String>>,
    /// The source it reads; the project's default where absent.
    pub from: Option<Spanned<String>>,
    /// Which events.
    pub condition: Node,
    /// To which topics; never empty.
    pub sinks: Vec<Sink>,
    /// Whether it is to run.
    pub enabled: bool,
    /// The only targets that it is to run on; every one where absent.
    pub targets: Option<Vec<Spanned<String>>>,
    /// Which kinds of change pass the guard; the source's default where absent.
    pub operations: Option<Spanned<Vec<Spanned<String>>>>,
    /// Where a first deployment begins to read; the project's default where absent.
    pub start: Option<Spanned<Start>>,
    /// The lints whose findings are meant so here, each at its key. The reasons are for those who read the file.
    pub allow: Vec<Spanned<Code>>,
    /// Events, and where they are to go.
    pub tests: Vec<Case>,
    /// The place of the whole route.
    pub span: Span,
}

impl Route {
    /// Whether it is to run on a target.
    pub fn runs_on(&self, target: &str) -> bool {
        let targets = self.targets.as_ref();
        let is_among = targets.is_none_or(|all| all.iter().any(|one| one.value == target));
        self.enabled && is_among
    }

    /// What people call the part of the route that writes to a sink: its name, with the topic where it has
    /// several.
    pub fn title(&self, sink: &Sink) -> String {
        match self.sinks.len() {
            1 => self.name.value.clone(),
            _ => format!("{} -> {}", self.name.value, sink.topic.value),
        }
    }
}

/// Where events of a route go.
#[derive(Debug, Clone)]
pub struct Sink {
    /// Which of the route's events; all of them where absent.
    pub condition: Option<Node>,
    /// The topic, without the target's suffix.
    pub topic: Spanned<String>,
    /// The column that becomes the Kafka key, or a path that such a column mirrors.
    pub key: Option<Spanned<FieldPath>>,
    /// Whether other routes may write the topic too.
    pub shared: bool,
    /// The columns to write; every column of the source where absent.
    pub select: Option<Vec<Selected>>,
    /// Whether a column says which route let the row pass.
    pub metadata: bool,
    /// Partitions of the topic; the project's default where absent.
    pub partitions: Option<Spanned<u32>>,
    /// Options of its table.
    pub options: TableOptions,
}

/// A column of a sink.
#[derive(Debug, Clone)]
pub enum Selected {
    /// A column of the source.
    Column {
        /// The column.
        column: Spanned<String>,
        /// Its name in the sink, where it is another one.
        name: Option<Spanned<String>>,
    },
    /// A field of the document.
    Field {
        /// The field.
        path: Spanned<FieldPath>,
        /// The name of the column.
        name: Spanned<String>,
        /// The type to read it as, instead of the schema's.
        read_as: Option<Spanned<ValueType>>,
        /// The type of the column; what fits the field where absent.
        data_type: Option<Spanned<DataType>>,
    },
    /// The same text in every row.
    Constant {
        /// The text.
        value: Spanned<String>,
        /// The name of the column.
        name: Spanned<String>,
    },
}

/// A node of a condition.
#[derive(Debug, Clone)]
pub enum Node {
    /// Every event.
    Always,
    /// Each of these.
    All(Vec<Self>),
    /// At least one of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// A field and one operator.
    Test(Test),
    /// Some element of a list satisfies a condition.
    AnyElement(AnyElement),
}

/// Some element of a list satisfies a condition.
#[derive(Debug, Clone)]
pub struct AnyElement {
    /// The list.
    pub array: Spanned<FieldPath>,
    /// How many elements are looked at, where the schema does not say how many there can be, or more than these.
    pub at_most: Option<Spanned<u32>>,
    /// The condition; its paths begin at the element.
    pub condition: Box<Node>,
}

impl AnyElement {
    /// The condition is spelled out for each element that is looked at, so there must not be too many.
    pub const MOST: u32 = 50;
}

/// A field, an operator and its operand.
#[derive(Debug, Clone)]
pub struct Test {
    /// The field.
    pub field: Spanned<FieldPath>,
    /// The type to read it as, instead of the schema's.
    pub read_as: Option<Spanned<ValueType>>,
    /// The operator, at its key.
    pub operator: Spanned<&'static Operator>,
    /// What it compares with, at its value.
    pub operand: Spanned<Operand>,
}

/// What an operator compares with; its form follows from the operator.
#[derive(Debug, Clone)]
pub enum Operand {
    /// Nothing: the operator says it all.
    None,
    /// One value.
    One(Literal),
    /// Another field.
    Field(OtherField),
    /// At least one value.
    Many(Vec<Literal>),
    /// Two ends.
    Range(Literal, Literal),
    /// A daily window.
    Window(TimeOfDay),
}

/// A field that another one is compared with.
#[derive(Debug, Clone)]
pub struct OtherField {
    /// Its path.
    pub path: Spanned<FieldPath>,
    /// What to read it as, where that is not what the test's own field is read as.
    pub read_as: Option<Spanned<ValueType>>,
}

/// A value as written; its type follows from the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The text, with quotes and escapes resolved.
    pub text: String,
    /// Whether it was quoted.
    pub style: Style,
    /// Its place.
    pub span: Span,
}
