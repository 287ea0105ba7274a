//! The syntax tree of routes. Every part knows its place.

use crate::ir::ValueType;
use crate::ir::operator::Operator;
use crate::project::start::Start;
use crate::schema::FieldPath;
use crate::source_text::{Span, Spanned, Style};

/// A route: which events go to which topic.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its name, unique in the project.
    pub name: Spanned<String>,
    /// What it is for.
    pub description: Option<Spanned<String>>,
    /// Who reads the topic.
    pub consumer: Option<Spanned<String>>,
    /// The source it reads; the project's default where absent.
    pub from: Option<Spanned<String>>,
    /// Which events.
    pub condition: Node,
    /// To which topic.
    pub sink: Sink,
    /// Whether it is to run.
    pub enabled: bool,
    /// Which kinds of change pass the guard; the source's default where absent.
    pub operations: Option<Spanned<Vec<Spanned<String>>>>,
    /// Where a first deployment begins to read; the project's default where absent.
    pub start: Option<Spanned<Start>>,
    /// The place of the whole route.
    pub span: Span,
}

/// Where the events of a route go.
#[derive(Debug, Clone)]
pub struct Sink {
    /// The topic, without the target's suffix.
    pub topic: Spanned<String>,
    /// The column that becomes the Kafka key, or a path that such a column mirrors.
    pub key: Option<Spanned<FieldPath>>,
    /// Whether other routes may write the topic too.
    pub shared: bool,
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
    /// At least one value.
    Many(Vec<Literal>),
    /// Two ends.
    Range(Literal, Literal),
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
