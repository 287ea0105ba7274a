//! JSON Schemas as columns.
//!
//! Objects, arrays and alternatives are here, strings and numbers in `scalar.rs`. Schemas that hold together (`$ref` and
//! what stands beside it, `allOf`) are read as one, see `together.rs`. Fields come in the order of `connect.index`, then of their names,
//! never in that of the file: it is the order that Confluent Cloud shows for such tables, and Flink assigns the fields
//! of a `ROW` by position. (Confluent Cloud, "Data Type Mappings", "JSON Schema"; "Handle Multiple Event Types".)

mod scalar;
mod together;

use std::collections::VecDeque;

use camino::Utf8PathBuf;
use serde_json::Value;

use super::Input;
use super::mapped::{self, Mapped, Member};
use super::trail::{Trail, WRITE_OUT};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::schema::{SchemaPlace, Segment, WrittenSchema};
use crate::source_text::{Span, Spanned};
use crate::sql::{DataType, TypeKind};
use crate::workspace::{self, EventSchema};
use together::Together;

/// Maps the schema in a file.
pub(super) fn map(
    path: &Spanned<Utf8PathBuf>,
    input: &mut Input<'_>,
    findings: &mut Findings,
) -> Option<Mapped> {
    let loaded = workspace::load_schema(input.root, path, input.files, findings)?;
    let root = WrittenSchema::root(loaded.schema.documents())?;
    let mut mapper = Mapper {
        loaded: &loaded,
        named: path.span,
        findings,
        trail: Trail::new(),
        open: vec![root.place()],
    };
    mapper.schema(&[root])
}

/// Maps types; where nothing comes back a finding says why.
struct Mapper<'s, 'f> {
    loaded: &'s EventSchema,
    /// Where the project names the file.
    named: Span,
    findings: &'f mut Findings,
    trail: Trail,
    /// The whole schema, and the targets of the `$ref`s that lead to where the mapping is.
    open: Vec<SchemaPlace>,
}

impl<'s> Mapper<'s, '_> {
    /// What some schemas that hold for the same value become.
    fn schema(&mut self, schemas: &[WrittenSchema<'s>]) -> Option<Mapped> {
        let around = self.open.len();
        let mapped = self
            .together(schemas)
            .and_then(|together| self.combined(&together));
        self.open.truncate(around);
        mapped
    }

    /// Schemas below these.
    fn below(&mut self, segment: Segment, schemas: &[WrittenSchema<'s>]) -> Option<DataType> {
        let span = self.span(schemas);
        self.trail.enter(segment, span, self.findings)?;
        let mapped = self.schema(schemas);
        self.trail.leave();
        mapped.map(Mapped::into_type)
    }

    /// A short place for schemas: the key that they stand under.
    fn span(&self, schemas: &[WrittenSchema<'s>]) -> Span {
        let place = schemas.first().map(WrittenSchema::place);
        let span = place.and_then(|place| self.loaded.key_span(&place));
        span.unwrap_or(self.named)
    }

    /// Reports that schemas have no Flink type; `what` completes a sentence that begins with the path.
    fn refuse<T>(&mut self, what: &str, at: &[WrittenSchema<'s>]) -> Option<T> {
        let problem = self.trail.unmapped(what, self.span(at), "no Flink type");
        self.findings.push(problem.help(WRITE_OUT));
        None
    }

    /// The schemas with those that their `$ref` and `allOf` bring along.
    fn together(&mut self, schemas: &[WrittenSchema<'s>]) -> Option<Together<'s>> {
        const UNDOCUMENTED: &[&str] = &["if", "not", "dependentSchemas", "prefixItems"];
        let around = self.open.len();
        let mut waiting: VecDeque<_> = schemas.iter().cloned().collect();
        let mut together = Vec::new();
        while let Some(schema) = waiting.pop_front() {
            if let Some(child) = UNDOCUMENTED
                .iter()
                .find_map(|keyword| schema.child(keyword))
            {
                let what =
                    "has a condition or a tuple, for which Confluent Cloud documents no type";
                return self.refuse(what, &[child]);
            }
            if let Some(target) = schema.target() {
                let place = target.place();
                match self.open.iter().position(|open| *open == place) {
                    Some(position) if position < around => {
                        let what = "contains itself, and Flink has no recursive types";
                        return self.refuse(what, schema.child("$ref").as_slice());
                    }
                    // It holds together with the others already.
                    Some(_) => {}
                    None => {
                        self.open.push(place);
                        waiting.push_back(target);
                    }
                }
            }
            waiting.extend(schema.children("allOf"));
            together.push(schema);
        }
        Some(Together(together))
    }

    fn combined(&mut self, together: &Together<'s>) -> Option<Mapped> {
        let mut unions = together.unions();
        match (unions.pop(), unions.is_empty() && !together.has_contents()) {
            (None, _) => self.typed(together),
            (Some(union), true) => self.union(&union),
            (Some(union), false) => {
                let what = "combines alternatives with more than their `type`";
                self.refuse(what, union.get(..1).unwrap_or_default())
            }
        }
    }

    /// One alternative besides null is that alternative; several objects are a `ROW` with a field for each.
    fn union(&mut self, alternatives: &[WrittenSchema<'s>]) -> Option<Mapped> {
        let is_null = |one: &&WrittenSchema<'_>| one.keyword("type") == Some(&Value::from("null"));
        let others: Vec<_> = alternatives
            .iter()
            .filter(|one| !is_null(one))
            .cloned()
            .collect();
        if let [_] | [] = others.as_slice() {
            return self.schema(if others.is_empty() {
                alternatives
            } else {
                &others
            });
        }
        let mut members = Vec::with_capacity(others.len());
        for (position, one) in others.iter().enumerate() {
            let name = format!("connect_union_field_{position}");
            let one = std::slice::from_ref(one);
            let data_type = self.below(Segment::Key(name.clone()), one)?;
            if !matches!(data_type.kind, TypeKind::Row(_)) {
                let what = "has alternatives that are no objects";
                return self.refuse(what, one);
            }
            let span = self.span(one);
            members.push(Member {
                name,
                data_type,
                span,
            });
        }
        Some(Mapped::Members(members))
    }

    fn typed(&mut self, together: &Together<'s>) -> Option<Mapped> {
        let schemas = &together.0;
        match together.types().as_slice() {
            ["object"] if together.text("connect.type") == Some("map") => self.map(together),
            ["object"] => self.object(together),
            ["array"] => self.array(together),
            [scalar] => {
                let mapped = scalar::map(scalar, together);
                mapped.map(Mapped::Type).map_or_else(
                    |misfit| {
                        let at = together.children(misfit.keyword);
                        self.refuse(&misfit.what, &at)
                    },
                    Some,
                )
            }
            [] if together.keyword("type").is_some() => {
                self.refuse("is never anything but null", schemas)
            }
            [] => self.refuse("has no `type`", schemas),
            several => {
                let what = format!("is of several types: `{}`", several.join("`, `"));
                self.refuse(&what, schemas)
            }
        }
    }

    fn map(&mut self, together: &Together<'s>) -> Option<Mapped> {
        let values = together.children("additionalProperties");
        if values.is_empty() {
            let what = "is a map that does not say of what: it has no `additionalProperties`";
            return self.refuse(what, &together.0);
        }
        let value = self.below(Segment::Any, &values)?;
        let kind = mapped::map(DataType::STRING, value, together.is_multiset());
        Some(Mapped::Type(kind))
    }

    fn array(&mut self, together: &Together<'s>) -> Option<Mapped> {
        let items = together.children("items");
        if items.is_empty() {
            return self.refuse(
                "is a list that does not say of what: it has no `items`",
                &together.0,
            );
        }
        let element = self.below(Segment::Any, &items)?;
        let entry = mapped::key_and_value(&element);
        let entry = entry.filter(|_| together.text("connect.type") == Some("map"));
        Some(Mapped::Type(match entry {
            Some((key, value)) => mapped::map(key, value, together.is_multiset()),
            None => TypeKind::Array(Box::new(element)),
        }))
    }

    fn object(&mut self, together: &Together<'s>) -> Option<Mapped> {
        let properties = together.properties();
        if properties.is_empty() {
            let what = "is an object without `properties`; a map says `\"connect.type\": \"map\"`";
            return self.refuse(what, &together.0);
        }
        // One run reports what is wrong with any of them.
        let members: Vec<_> = properties
            .into_iter()
            .map(|(name, schemas)| self.property(name, &schemas))
            .collect();
        let members = members.into_iter().collect::<Option<_>>();
        members.map(Mapped::Members)
    }

    fn property(&mut self, name: &str, schemas: &[WrittenSchema<'s>]) -> Option<Member> {
        let span = self.span(schemas);
        if name.is_empty() {
            let message = "the name of a property is empty";
            let problem = Diagnostic::new(Code::BadName, message, span, "cannot name a column");
            self.findings.push(problem.help(WRITE_OUT));
            return None;
        }
        let data_type = self.below(Segment::Key(name.to_owned()), schemas)?;
        let name = name.to_owned();
        Some(Member {
            name,
            data_type,
            span,
        })
    }
}
