//! Conditions on some element of an array.
//!
//! Flink has no way to ask for them that keeps one row per event and no state, so they are spelled out:
//! equality over all elements through `JSON_QUERY`, several conditions on one element by unrolling a bounded
//! number of indexes. What is no array is unknown, and so is one with more elements than are looked at, unless one of
//! them decides. An element that is unknown, for a list in it for example, neither decides nor hides another that does. Filter expressions in JSON paths are never used: `JSON_EXISTS` with one is always true.

use super::decimal::number;
use super::place::{Place, Step};
use super::{Condition, Origin, Polarity};
use crate::sql::{Expr, Function, Truth};

/// Some element of an array has one of some texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SomeText {
    /// Where it is written.
    pub origin: Origin,
    /// The array.
    pub array: Place,
    /// The way from an element to the text.
    pub steps: Vec<Step>,
    /// The texts; never empty.
    pub texts: Vec<String>,
}

/// Some element of an array satisfies a condition.
#[derive(Debug, Clone)]
pub struct AnyElement {
    /// Where it is written.
    pub origin: Origin,
    /// The array.
    pub array: Place,
    /// How many elements are looked at.
    pub most: u32,
    /// The condition on each of them that can satisfy it, the first one first; never empty.
    pub elements: Vec<Condition>,
}

impl SomeText {
    pub(super) fn lower(&self) -> Expr {
        let texts = self.texts.iter();
        Expr::any(texts.map(|text| {
            Expr::call(
                Function::ArrayContains,
                [self.array.texts(&self.steps), Expr::string(text)],
            )
        }))
    }

    /// How many extractions it takes.
    pub(super) fn extractions(&self) -> usize {
        self.texts.len()
    }
}

impl AnyElement {
    pub(super) fn lower(&self, polarity: Polarity) -> Expr {
        let elements = self.elements.iter();
        let elements = elements.filter_map(|element| element.lower_within(Polarity::Positive));
        let satisfied = elements.map(|condition| condition.is(Truth::True));
        let seen = match polarity {
            Polarity::Positive => self.array.is_present(),
            // Of an object, or of elements that nobody looked at, `not` would route.
            Polarity::Negative => self.array.length().le(number(&self.most.to_string())),
        };
        let none = Expr::case([(seen, Expr::boolean(false))], None);
        Expr::any(satisfied.chain([none]))
    }

    /// How many extractions it takes.
    pub(super) fn extractions(&self) -> usize {
        self.elements
            .iter()
            .map(Condition::extractions)
            .sum::<usize>()
            + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Subject, Test, Value, ValueType, operator};
    use crate::source_text::{Sources, Span};
    use crate::sql::{BinaryOperator, DataType};

    fn origin() -> Origin {
        let file = Sources::default().add("route.yaml", "");
        Origin {
            path: "entities".to_owned(),
            test: String::new(),
            span: Span::new(file, 0..0),
            operand: Span::new(file, 0..0),
        }
    }

    fn entities() -> Place {
        Place {
            document: Some(vec![Step::Key("entities".to_owned())]),
            ..Place::column("event_data", DataType::STRING)
        }
    }

    fn text_is(index: u32, text: &str) -> Condition {
        let steps = [
            Step::Key("entities".to_owned()),
            Step::Index(index),
            Step::Key("type".to_owned()),
        ];
        let place = Place {
            document: Some(steps.to_vec()),
            ..entities()
        };
        let operator = operator::Operator::by_key("equals").unwrap();
        Condition::Test(Test {
            origin: origin(),
            subject: Subject {
                place,
                value_type: ValueType::Text,
            },
            operator,
            predicate: operator::Predicate::Compare(
                BinaryOperator::Equal,
                Value::Text(text.to_owned()),
            ),
        })
    }

    #[test]
    fn equality_over_all_elements_is_unknown_of_anything_but_an_array() {
        let some = SomeText {
            origin: origin(),
            array: entities(),
            steps: vec![Step::Key("type".to_owned())],
            texts: vec!["Loan".to_owned()],
        };
        insta::assert_snapshot!(some.lower(), @"ARRAY_CONTAINS(JSON_QUERY(`event_data`, '$[''entities''][0:][''type'']' RETURNING ARRAY<STRING>), 'Loan')");
    }

    #[test]
    fn typed_arrays_are_read_as_json() {
        let array = Place {
            document: None,
            ..Place::column("tags", DataType::STRING)
        };
        let some = SomeText {
            origin: origin(),
            array,
            steps: vec![],
            texts: vec!["a".to_owned()],
        };
        insta::assert_snapshot!(some.lower(), @"ARRAY_CONTAINS(JSON_QUERY(JSON_STRING(`tags`), '$[0:]' RETURNING ARRAY<STRING>), 'a')");
    }

    #[test]
    fn several_conditions_on_one_element_are_unrolled() {
        let any = AnyElement {
            origin: origin(),
            array: entities(),
            most: 2,
            elements: vec![text_is(0, "Loan"), text_is(1, "Loan")],
        };
        insta::assert_snapshot!(any.lower(Polarity::Negative), @"(JSON_VALUE(`event_data`, '$[''entities''][0][''type'']') = 'Loan') IS TRUE OR (JSON_VALUE(`event_data`, '$[''entities''][1][''type'']') = 'Loan') IS TRUE OR CASE WHEN CARDINALITY(JSON_QUERY(`event_data`, '$[''entities'']' RETURNING ARRAY<STRING>)) <= 2 THEN FALSE END");
        insta::assert_snapshot!(any.lower(Polarity::Positive), @"(JSON_VALUE(`event_data`, '$[''entities''][0][''type'']') = 'Loan') IS TRUE OR (JSON_VALUE(`event_data`, '$[''entities''][1][''type'']') = 'Loan') IS TRUE OR CASE WHEN JSON_EXISTS(`event_data`, '$[''entities'']') THEN FALSE END");
    }
}
