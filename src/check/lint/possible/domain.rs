//! What the schemas say that fields can hold.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value as Json;

use super::leaf::{Leaf, each_leaf_of};
use super::values::Values;
use crate::check::TypedRoute;
use crate::ir::operator::Predicate;
use crate::ir::{Access, Decimal, Instant, Place, Step, Subject, Value, ValueType};
use crate::project::layout::{Layout, MapForm};
use crate::project::source::Source;
use crate::schema::{Bound, Field, FieldPath, FieldType, Pins, Segment};
use crate::source_text::Span;
use crate::sql::BinaryOperator;
use crate::workspace::{EventSchema, Workspace};

/// What a schema declares of a subject, read as its type.
#[derive(Debug)]
pub(in crate::check::lint) struct Declared {
    pub(super) closed: Option<Vec<Value>>,
    pub(super) low: Option<(BinaryOperator, Value)>,
    pub(super) high: Option<(BinaryOperator, Value)>,
    /// Where.
    pub(super) places: Vec<Span>,
}

/// What the schema declares of all subjects that the routes of a source look at.
type Subjects<'c> = HashMap<&'c Subject, Option<Declared>>;

/// What the schemas declare, by source.
#[derive(Debug, Default)]
pub(in crate::check::lint) struct Declarations<'c>(HashMap<&'c str, Subjects<'c>>);

/// What the fields of a source can hold.
#[derive(Debug)]
pub(in crate::check::lint) struct Domain<'c> {
    values: HashMap<&'c Subject, Values<'c>>,
    declared: &'c Subjects<'c>,
}

impl<'c> Declarations<'c> {
    pub(in crate::check::lint) fn of(
        workspace: &'c Workspace,
        routes: &[&'c TypedRoute<'c>],
    ) -> Self {
        let mut declarations = Self::default();
        for typed in routes {
            let source = typed.source;
            let subjects = declarations.0.entry(&source.name.value).or_default();
            let schema = workspace.schemas.get(&source.name.value);
            let mut learn = |subject: &'c Subject| {
                let declared = |schema| Declared::of(source, schema, subject);
                let entry = subjects.entry(subject);
                entry.or_insert_with(|| schema.and_then(declared));
            };
            let mut visit = |leaf: Leaf<'c>| {
                let Leaf::Test(test) = leaf else { return };
                learn(&test.subject);
                if let Predicate::CompareFields(_, other) = &test.predicate {
                    learn(other);
                }
            };
            each_leaf_of(typed, &mut visit);
        }
        declarations
    }

    /// The values that come with them, by source.
    pub(in crate::check::lint) fn domains(&'c self) -> HashMap<&'c str, Domain<'c>> {
        let sources = self.0.iter();
        let domains = sources.map(|(source, declared)| (*source, Domain::of(declared)));
        domains.collect()
    }
}

impl<'c> Domain<'c> {
    pub(super) fn of(declared: &'c Subjects<'c>) -> Self {
        let values = declared.iter().map(|(subject, declared)| {
            let every = Values::every(subject.value_type);
            let declared = declared.iter();
            let values = declared.fold(every, |values, declared| declared.narrow(&values));
            (*subject, values)
        });
        Self {
            values: values.collect(),
            declared,
        }
    }

    /// The values that a subject can have.
    pub(super) fn values(&'c self, subject: &Subject) -> Cow<'c, Values<'c>> {
        match self.values.get(subject) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(Values::every(subject.value_type)),
        }
    }

    /// Where the schema says so, if it is one place.
    pub(in crate::check::lint) fn declared_at(&self, subject: &Subject) -> Option<Span> {
        let declared = self.declared.get(subject)?.as_ref()?;
        match declared.places.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

impl Declared {
    fn of(source: &Source, schema: &EventSchema, subject: &Subject) -> Option<Self> {
        use BinaryOperator::{Greater, GreaterOrEqual, Less, LessOrEqual};
        let path = path_of(source, &subject.place)?;
        // What neighbouring conditions pin is not counted on: where they do not hold, neither does what follows.
        let field = schema.schema.resolve(&path, &Pins::none()).ok()?;
        let is_number = matches!(field.kind, FieldType::Integer | FieldType::Number)
            && subject.value_type == ValueType::Number;
        let bound = |bound: &Option<Bound>, inclusive, exclusive| {
            let bound = bound.as_ref().filter(|_| is_number)?;
            let operator = if bound.exclusive {
                exclusive
            } else {
                inclusive
            };
            let value = Decimal::parse(&bound.value).ok()?;
            Some((operator, Value::Number(value)))
        };
        Some(Self {
            closed: closed(&field, subject.value_type),
            low: bound(&field.bounds.minimum, GreaterOrEqual, Greater),
            high: bound(&field.bounds.maximum, LessOrEqual, Less),
            places: {
                let places = field.declared_at.iter();
                places.filter_map(|place| schema.span(place)).collect()
            },
        })
    }

    fn narrow<'c>(&'c self, every: &Values<'c>) -> Values<'c> {
        let closed = self.closed.as_ref().and_then(Values::listed);
        let bounds = [&self.low, &self.high].into_iter().flatten();
        let bounds = bounds.filter_map(|(operator, value)| Values::compared(*operator, value));
        let sets = closed.into_iter().chain(bounds);
        sets.fold(every.clone(), |values, set| values.intersect(&set))
    }
}

/// The closed set as values of a type; `None` where there is none, or not of that type alone.
fn closed(field: &Field, value_type: ValueType) -> Option<Vec<Value>> {
    let read = |value: &Json| match (value, value_type) {
        (Json::String(text), ValueType::Text) => Some(Value::Text(text.clone())),
        (Json::Bool(value), ValueType::Boolean) => Some(Value::Boolean(*value)),
        (Json::Number(number), ValueType::Number) => {
            Decimal::parse(&number.to_string()).ok().map(Value::Number)
        }
        (Json::String(text), ValueType::Instant(_)) => {
            Instant::parse(text).ok().map(Value::Instant)
        }
        _ => None,
    };
    let closed = field.closed.as_ref().filter(|closed| !closed.is_empty())?;
    closed.iter().map(read).collect()
}

/// The field of the document that a place holds.
fn path_of(source: &Source, place: &Place) -> Option<FieldPath> {
    let is_column = place.accesses.is_empty() && place.document.is_none();
    if let Some(mirror) = source.mirrored_by(&place.column).filter(|_| is_column) {
        return Some(mirror.path.value.clone());
    }
    let mut path = FieldPath::document();
    match &source.event.layout {
        Layout::Document(column) if column.value == place.column => {}
        Layout::Document(_) => return None,
        Layout::Columns(_) => {
            path.push(Segment::Key(place.column.clone()));
            for access in &place.accesses {
                enter(&source.event.layout, &mut path, access);
            }
        }
    }
    for step in place.document.iter().flatten() {
        path.push(match step {
            Step::Key(key) => Segment::Key(key.clone()),
            Step::Index(index) => Segment::Index(*index),
        });
    }
    Some(path)
}

fn enter(layout: &Layout, path: &mut FieldPath, access: &Access) {
    match access {
        Access::Index(index) => path.push(Segment::Index(*index)),
        Access::Field(key) => path.push(Segment::Key(key.clone())),
        Access::Key(key) => {
            let keys: Vec<_> = path.segments.iter().filter_map(Segment::key).collect();
            let flat = layout.map_form(&keys) == Some(MapForm::Flat);
            let parts = if flat {
                key.split('.').collect()
            } else {
                vec![key.as_str()]
            };
            for part in parts {
                path.push(Segment::Key(part.to_owned()));
            }
        }
    }
}
