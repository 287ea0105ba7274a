//! What the catalogue's conditions look at.

use routectl::ir::{Access, EpochUnit, InstantForm, Place, Step, Subject, ValueType};
use routectl::sql::DataType;

use super::ODD;

/// What text can be read as. The unit of an epoch changes a constant alone.
const IN_TEXT: &[ValueType] = &[
    ValueType::Text,
    ValueType::Number,
    ValueType::Boolean,
    ValueType::Instant(InstantForm::Text),
    ValueType::Instant(InstantForm::Epoch(EpochUnit::Milliseconds)),
];

const AS_NUMBER: &[ValueType] = &[ValueType::Number];

const AS_NUMBER_OR_EPOCH: &[ValueType] = &[
    ValueType::Number,
    ValueType::Instant(InstantForm::Epoch(EpochUnit::Seconds)),
    ValueType::Instant(InstantForm::Epoch(EpochUnit::Microseconds)),
];

const AS_TIMESTAMP: &[ValueType] = &[ValueType::Instant(InstantForm::Timestamp)];

/// Columns that hold a value or a structure themselves, and what they can be read as.
const TYPED: &[(&str, &[ValueType])] = &[
    ("id", &[ValueType::Text]),
    (ODD, &[ValueType::Text]),
    ("char", &[ValueType::Text]),
    ("varchar", &[ValueType::Text]),
    ("boolean", &[ValueType::Boolean]),
    ("tinyint", AS_NUMBER),
    ("smallint", AS_NUMBER),
    ("int", AS_NUMBER),
    ("bigint", AS_NUMBER_OR_EPOCH),
    ("float", AS_NUMBER),
    ("double", AS_NUMBER),
    ("decimal", AS_NUMBER),
    ("timestamp_ltz", AS_TIMESTAMP),
    ("timestamp_ltz_9", AS_TIMESTAMP),
    ("eventBody", &[ValueType::Structure]),
    ("array", &[ValueType::Structure]),
    ("map", &[ValueType::Structure]),
    ("multiset", &[ValueType::Structure]),
];

/// Everything that conditions can look at, with the name of its layout.
pub(super) fn subjects(
    column: impl Fn(&str) -> anyhow::Result<Place>,
) -> anyhow::Result<Vec<(String, Subject)>> {
    let mut subjects = Vec::new();
    let mut add = |layout: &str, place: &Place, value_types: &[ValueType]| {
        subjects.extend(value_types.iter().map(|value_type| {
            let place = place.clone();
            let value_type = *value_type;
            (layout.to_owned(), Subject { place, value_type })
        }));
    };
    for (name, value_types) in TYPED {
        add(name, &column(name)?, value_types);
    }
    for (layout, place) in texts(&column)? {
        add(layout, &place, IN_TEXT);
        if place.is_in_document() {
            add(layout, &place, &[ValueType::Structure]);
        }
    }
    Ok(subjects)
}

/// The ways to a text, by layout.
fn texts(
    column: impl Fn(&str) -> anyhow::Result<Place>,
) -> anyhow::Result<[(&'static str, Place); 5]> {
    let odd_step = || {
        vec![
            Step::Key("loan".to_owned()),
            Step::Index(0),
            Step::Key(ODD.to_owned()),
        ]
    };
    let in_entity = |accesses: Vec<Access>, document| {
        let mut way = vec![Access::Field("entities".to_owned()), Access::Index(0)];
        way.extend(accesses);
        anyhow::Ok(Place {
            accesses: way,
            data_type: DataType::STRING,
            document,
            ..column("eventBody")?
        })
    };
    let attribute = |key: &str| {
        vec![
            Access::Field("attributes".to_owned()),
            Access::Key(key.to_owned()),
        ]
    };
    Ok([
        ("column", column("text")?),
        (
            "document",
            Place {
                document: Some(odd_step()),
                ..column("event_data")?
            },
        ),
        (
            "row",
            in_entity(vec![Access::Field("entityType".to_owned())], None)?,
        ),
        (
            "flat map",
            in_entity(attribute(&format!("loan.{ODD}")), None)?,
        ),
        ("json map", in_entity(attribute("loan"), Some(odd_step()))?),
    ])
}
