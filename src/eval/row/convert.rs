//! JSON values as values of columns.

use data_encoding::BASE64;
use jiff::civil;

use super::RowError;
use crate::diagnostic::did_you_mean;
use crate::eval::big_decimal::BigDecimal;
use crate::eval::cast;
use crate::eval::cell::Cell;
use crate::eval::json::Json;
use crate::ir::Instant;
use crate::project::layout::MapForm;
use crate::project::source::Source;
use crate::schema::{FieldPath, Segment};
use crate::sql::{DataType, Ident, TypeKind};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// A row that somebody wrote: a value is what the column holds, and nothing else.
    Columns,
    /// A document that a producer spreads over typed columns.
    Document,
    /// A document of which a column repeats one value.
    Mirrored,
}

/// The way to a value in a row.
pub(super) struct Way<'s> {
    source: &'s Source,
    given: Given,
    path: FieldPath,
}

impl<'s> Way<'s> {
    /// At a column.
    pub(super) fn begin(source: &'s Source, column: &str, given: Given) -> Self {
        Self {
            source,
            given,
            path: FieldPath::of_keys([column]),
        }
    }

    /// The value as one of a type.
    pub(super) fn convert(&mut self, json: &Json, data_type: &DataType) -> Result<Cell, RowError> {
        match (&data_type.kind, json) {
            (_, Json::Null) => Ok(Cell::Null),
            (TypeKind::Row(fields), Json::Object(_)) => self.row(json, fields),
            (TypeKind::Array(element), Json::Array(elements)) => {
                let elements = elements.iter().enumerate();
                let elements = elements.map(|(index, value)| {
                    let index = u32::try_from(index).unwrap_or(u32::MAX);
                    self.inside(Segment::Index(index), value, element)
                });
                elements.collect::<Result<_, _>>().map(Cell::Array)
            }
            (TypeKind::Map(_, value), Json::Object(_)) => self.map(json, value),
            (TypeKind::Multiset(_), Json::Object(_)) => self.map(json, &TypeKind::Int.nullable()),
            (kind, scalar) => self
                .scalar(scalar, kind)
                .ok_or_else(|| self.unfit(scalar, data_type)),
        }
    }

    fn inside(
        &mut self,
        segment: Segment,
        json: &Json,
        data_type: &DataType,
    ) -> Result<Cell, RowError> {
        self.path.push(segment);
        let cell = self.convert(json, data_type)?;
        self.path.segments.pop();
        Ok(cell)
    }

    fn row(&mut self, json: &Json, fields: &[(Ident, DataType)]) -> Result<Cell, RowError> {
        self.refuse_unknown(json, fields)?;
        let Json::Object(values) = json else {
            return Ok(Cell::Null);
        };
        let mut cells = Vec::with_capacity(fields.len());
        for (name, data_type) in fields {
            let name = name.as_str();
            let value = values.get(name).unwrap_or(&Json::Null);
            let cell = self.inside(Segment::Key(name.to_owned()), value, data_type)?;
            cells.push((name.to_owned(), cell));
        }
        Ok(Cell::Named(cells))
    }

    /// A document may say more than its columns hold; somebody who writes a row misspells.
    fn refuse_unknown(&self, json: &Json, fields: &[(Ident, DataType)]) -> Result<(), RowError> {
        let (Given::Columns, Json::Object(values)) = (self.given, json) else {
            return Ok(());
        };
        let known: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let Some(unknown) = values.keys().find(|key| !known.contains(&key.as_str())) else {
            return Ok(());
        };
        Err(RowError {
            path: self.path.join(Segment::Key(unknown.clone())),
            message: format!("`{}` has no field `{unknown}`", self.path),
            help: did_you_mean(unknown, &known),
        })
    }

    /// A map as its form says it is filled from a document; in a row it stands as it is.
    fn map(&mut self, json: &Json, value_type: &DataType) -> Result<Cell, RowError> {
        let keys: Vec<_> = self.path.segments.iter().filter_map(Segment::key).collect();
        let form = self.source.event.layout.map_form(&keys);
        let form = form.filter(|_| self.given == Given::Document);
        let Json::Object(values) = json else {
            return Ok(Cell::Null);
        };
        let mut cells = Vec::with_capacity(values.len());
        for (key, value) in values {
            let cell = match form {
                Some(MapForm::Flat) => {
                    self.flatten(key.clone(), value, value_type, &mut cells)?;
                    continue;
                }
                Some(MapForm::Json) => Cell::text(value.to_string()),
                None => self.inside(Segment::Key(key.clone()), value, value_type)?,
            };
            cells.push((key.clone(), cell));
        }
        Ok(Cell::Named(cells))
    }

    /// A value below a map whose keys are dotted paths. A list has no keys: it stands there as its text.
    fn flatten(
        &mut self,
        key: String,
        value: &Json,
        value_type: &DataType,
        cells: &mut Vec<(String, Cell)>,
    ) -> Result<(), RowError> {
        match value {
            Json::Object(values) => {
                for (inner, value) in values {
                    self.flatten(format!("{key}.{inner}"), value, value_type, cells)?;
                }
            }
            Json::Array(_) => cells.push((key, Cell::text(value.to_string()))),
            scalar => {
                let cell = self.inside(Segment::Key(key.clone()), scalar, value_type)?;
                cells.push((key, cell));
            }
        }
        Ok(())
    }

    /// A scalar as a value of a type; `None` where it does not fit.
    fn scalar(&self, json: &Json, kind: &TypeKind) -> Option<Cell> {
        match (kind, json) {
            (TypeKind::String | TypeKind::Char(_) | TypeKind::VarChar(_), json) => {
                let is_text = matches!(json, Json::Text(_)) || self.given != Given::Columns;
                let text = json.scalar().filter(|_| is_text)?;
                let most = match kind {
                    TypeKind::Char(most) | TypeKind::VarChar(most) => {
                        usize::try_from(*most).ok()?
                    }
                    _ => usize::MAX,
                };
                (text.len() <= most || text.chars().count() <= most).then(|| Cell::text(text))
            }
            (TypeKind::Boolean, Json::Boolean(value)) => Some(Cell::Boolean(*value)),
            (kind, Json::Number(text)) => number(text, kind),
            (TypeKind::TimestampLtz(digits), Json::Text(text)) => {
                let nanoseconds = Instant::parse(text).ok()?.nanoseconds();
                let unit = 10_i128.pow(9_u32.saturating_sub(u32::from(*digits)));
                let whole = nanoseconds.div_euclid(unit) * unit;
                let instant = Instant::from_nanoseconds(whole);
                instant.civil().map(|_| Cell::Instant(instant))
            }
            (kind, Json::Text(text)) => is_written(text, kind).then(|| Cell::Written(text.clone())),
            _ => None,
        }
    }

    fn unfit(&self, json: &Json, data_type: &DataType) -> RowError {
        let is = json.describe();
        let help = match (&data_type.kind, json) {
            (
                TypeKind::String | TypeKind::Char(_) | TypeKind::VarChar(_),
                Json::Number(_) | Json::Boolean(_),
            ) => Some("write it in quotes: the column holds text"),
            (TypeKind::TimestampLtz(_), _) => {
                Some("write it as text with seconds and an offset: 2025-01-20T13:30:00Z")
            }
            (TypeKind::Boolean, Json::Text(text)) if matches!(text.as_str(), "true" | "false") => {
                Some("write it without quotes")
            }
            (kind, Json::Text(text)) if number(text, kind).is_some() => {
                Some("write it without quotes")
            }
            _ => None,
        };
        // Long texts would bury the reason.
        let short = json.scalar().filter(|text| text.chars().count() <= 40);
        let value = short.map_or_else(
            || is.to_owned(),
            |text| format!("the {} `{text}`", is.trim_start_matches("a ")),
        );
        RowError {
            path: self.path.clone(),
            message: format!(
                "`{}` is of type {data_type}, which cannot hold {value}",
                self.path
            ),
            help: help.map(str::to_owned),
        }
    }
}

/// A number that the type holds without loss.
fn number(text: &str, kind: &TypeKind) -> Option<Cell> {
    if let Some((precision, scale)) = cast::digits(kind) {
        let number = BigDecimal::parse(text)?.exactly(precision, scale)?;
        let fits = cast::bits(kind).is_none_or(|bits| {
            let most = 1_i128 << (bits - 1);
            (-most..most).contains(&number.truncate())
        });
        return fits.then_some(Cell::Exact(number));
    }
    match kind {
        TypeKind::Double => text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Cell::Double),
        TypeKind::Float => text
            .parse()
            .ok()
            .filter(|number: &f32| number.is_finite())
            .map(Cell::Float),
        _ => None,
    }
}

/// Whether a text is a value of a type without a zone, or bytes.
fn is_written(text: &str, kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Date => text.len() == "2025-01-20".len() && text.parse::<civil::Date>().is_ok(),
        TypeKind::Time(_) => text.parse::<civil::Time>().is_ok(),
        TypeKind::Timestamp(_) => {
            text.len() > "2025-01-20".len() && text.parse::<civil::DateTime>().is_ok()
        }
        TypeKind::Bytes | TypeKind::Binary(_) | TypeKind::VarBinary(_) => {
            BASE64.decode(text.as_bytes()).is_ok()
        }
        _ => false,
    }
}
