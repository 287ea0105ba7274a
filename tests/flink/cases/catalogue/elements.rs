//! Conditions on some element of an array.

use routectl::ir::{Access, AnyElement, Condition, Place, SomeText, Step, Subject, ValueType};
use routectl::sql::DataType;

use super::{HOSTILE, ODD, examples};

/// Conditions for each layout of an array.
pub(super) fn conditions(
    column: impl Fn(&str) -> anyhow::Result<Place>,
) -> anyhow::Result<Vec<(&'static str, Vec<Condition>)>> {
    let document = Place {
        document: Some(vec![key(ODD), key("entities")]),
        ..column("event_data")?
    };
    let typed = Place {
        accesses: vec![Access::Field("entities".to_owned())],
        ..column("eventBody")?
    };
    let scalars = column("array")?;
    let in_document = any_element(&document, |index| {
        let mut way = document.document.clone().unwrap_or_default();
        way.extend([Step::Index(index), key("entityType")]);
        Place {
            document: Some(way),
            ..document.clone()
        }
    })?;
    let in_typed = any_element(&typed, |index| {
        let mut accesses = typed.accesses.clone();
        accesses.extend([Access::Index(index), Access::Field("entityType".to_owned())]);
        Place {
            accesses,
            data_type: DataType::STRING,
            ..typed.clone()
        }
    })?;
    Ok(vec![
        (
            "document",
            vec![some_text(&document, vec![key(ODD)]), in_document],
        ),
        (
            "row",
            vec![some_text(&typed, vec![key("entityType")]), in_typed],
        ),
        ("array", vec![some_text(&scalars, Vec::new())]),
    ])
}

fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}

fn some_text(array: &Place, steps: Vec<Step>) -> Condition {
    Condition::SomeText(SomeText {
        origin: super::origin(),
        array: array.clone(),
        steps,
        texts: vec!["Loan".to_owned(), HOSTILE.to_owned()],
    })
}

/// Every operator on the text of each of two elements.
fn any_element(array: &Place, text: impl Fn(u32) -> Place) -> anyhow::Result<Condition> {
    let element = |index| {
        let subject = Subject {
            place: text(index),
            value_type: ValueType::Text,
        };
        let mut tests = Vec::new();
        for operator in super::operators(ValueType::Text) {
            tests.extend(examples::tests(&subject, operator)?.into_iter().take(1));
        }
        anyhow::Ok(Condition::All(tests))
    };
    Ok(Condition::AnyElement(AnyElement {
        origin: super::origin(),
        array: array.clone(),
        most: 2,
        elements: vec![element(0)?, element(1)?],
    }))
}
