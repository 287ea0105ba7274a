//! What the user asks of events: `--type` and `--where`.

use anyhow::{anyhow, bail};

use super::SampleArgs;
use crate::diagnostic::did_you_mean;
use crate::project::source::Source;
use crate::sample::{EventTypes, Json, Wish, Wishes};
use crate::schema::{Field, FieldPath, FieldType, PathProblem, Pins, Schema};
use crate::source_text::plain::Plain;

/// What the user asks of events.
pub(super) struct Asked {
    pub(super) wishes: Wishes,
    /// The types of events to make in turn; `None` where the schema has none, or the user says the type.
    pub(super) types: Option<EventTypes>,
}

impl Asked {
    pub(super) fn read(
        args: &SampleArgs,
        source: &Source,
        schema: &Schema,
    ) -> anyhow::Result<Self> {
        let mut wishes = Wishes::default();
        for written in &args.wishes {
            let (path, value) = condition(written, schema)?;
            wishes.set(path, value);
        }
        let mut types = types_of(source, schema);
        if let Some(wanted) = &args.event_type {
            let Some(known) = &types else {
                bail!(
                    "no field of the schema is known to tell types of events apart; name it as `type` under `event` in \
                     routectl.yaml, or use `--where <path>={wanted}`"
                );
            };
            if !known.values.contains(wanted) {
                let values: Vec<&str> = known.values.iter().map(String::as_str).collect();
                let hint = did_you_mean(wanted, &values).unwrap_or_default();
                bail!("`{wanted}` is no value of `{}`; {hint}", known.path);
            }
            wishes.set(known.path.clone(), Wish::Is(Json::Text(wanted.clone())));
        }
        types = types.filter(|types| wishes.at(&types.path).is_none());
        Ok(Self { wishes, types })
    }
}

/// The types of a source's events: as the project says, else as the schema shows.
fn types_of(source: &Source, schema: &Schema) -> Option<EventTypes> {
    let Some(declared) = &source.event.event_type else {
        return EventTypes::of(schema);
    };
    let path = &declared.path.value;
    let column = match path.keys().as_deref() {
        Some([column]) => source.mirrored_by(column),
        _ => None,
    };
    let path = column.map_or(path, |mirror| &mirror.path.value);
    EventTypes::at(schema, path.clone())
}

/// Reads `path=value`, the value as what the schema says of the field.
fn condition(written: &str, schema: &Schema) -> anyhow::Result<(FieldPath, Wish)> {
    let Some((path, value)) = written.split_once('=') else {
        bail!("`--where {written}` has no `=`; write it like `eventHeader.eventName=Loan Created`");
    };
    let parsed = FieldPath::parse(path);
    let parsed =
        parsed.map_err(|error| anyhow!("`{path}` is not a path: {error}; {}", error.help))?;
    if parsed.has_any() {
        bail!("`{path}` does not say which element; name one by its index, for example `[0]`");
    }
    let field = schema.resolve(&parsed, &Pins::none());
    let field = field.map_err(|problem| unknown(path, &problem))?;
    let wish = wish(value, &field).map_err(|problem| anyhow!("`{path}`: {problem}"))?;
    Ok((parsed, wish))
}

fn unknown(path: &str, problem: &PathProblem) -> anyhow::Error {
    let near = match problem {
        PathProblem::Unknown { suggestions, .. } => suggestions.first(),
        _ => None,
    };
    match near {
        Some(near) => anyhow!("the schema does not know `{path}`; did you mean `{near}`?"),
        None => anyhow!(
            "the schema does not know `{path}`; `routectl schema paths` lists what it knows"
        ),
    }
}

fn wish(value: &str, field: &Field) -> anyhow::Result<Wish> {
    let quoted = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match (value, quoted) {
        ("null", None) => return Ok(Wish::Is(Json::Null)),
        ("missing", None) => return Ok(Wish::Missing),
        _ => {}
    }
    let text = quoted.unwrap_or(value);
    let is_open = matches!(field.kind, FieldType::Mixed(_) | FieldType::Any);
    let json = match (&field.kind, Plain::of(text)) {
        (FieldType::Object | FieldType::Array { .. } | FieldType::Null, _) => {
            bail!("only `null` and `missing` can be asked of it; name a field inside it")
        }
        (FieldType::Text | FieldType::Instant, _) => Json::Text(text.to_owned()),
        (_, _) if is_open && quoted.is_some() => Json::Text(text.to_owned()),
        (FieldType::Integer | FieldType::Number | FieldType::Mixed(_) | FieldType::Any, _)
            if is_number(text) =>
        {
            Json::Number(text.to_owned())
        }
        (FieldType::Boolean | FieldType::Mixed(_) | FieldType::Any, Plain::Boolean(value)) => {
            Json::Boolean(value)
        }
        (FieldType::Integer | FieldType::Number, _) => bail!("`{text}` is not a number"),
        (FieldType::Boolean, _) => bail!("`{text}` is neither `true` nor `false`"),
        (FieldType::Mixed(_) | FieldType::Any, _) => Json::Text(text.to_owned()),
    };
    if let Some(closed) = &field.closed {
        let listed: Vec<Json> = closed.iter().map(Json::from).collect();
        if !listed.contains(&json) {
            let shown: Vec<String> = listed.iter().map(ToString::to_string).collect();
            bail!("{json} can never occur; possible: {}", shown.join(", "));
        }
    }
    Ok(Wish::Is(json))
}

/// Whether a text is a number of JSON.
fn is_number(text: &str) -> bool {
    text.trim() == text && serde_json::from_str::<serde_json::Number>(text).is_ok()
}
