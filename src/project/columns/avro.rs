//! Avro schemas as columns.
//!
//! Records, unions and named types are here, what Avro calls primitive and logical types in `primitive.rs`. A logical
//! type counts inside the type alone: beside a field's `type` it is a property of the field, which Avro ignores.
//! (Apache Avro specification, "Schema Declaration"; Confluent Cloud, "Data Type Mappings", "Avro schemas".)

mod names;
mod primitive;

use camino::Utf8PathBuf;

use super::Input;
use super::mapped::{self, Mapped, Member};
use super::trail::{Trail, WRITE_OUT};
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::schema::Segment;
use crate::source_text::{Node, NodeKind, Span, Spanned, Style, json};
use crate::sql::{DataType, TypeKind};
use crate::workspace;
use names::{Names, Reference};
use primitive::{PRIMITIVES, Properties};

/// Maps the schema in a file.
pub(super) fn map(
    path: &Spanned<Utf8PathBuf>,
    input: &mut Input<'_>,
    findings: &mut Findings,
) -> Option<Mapped> {
    let id = workspace::read_named(input.root, path, input.files, findings)?;
    let document = match json::parse(id, input.files.file(id)) {
        Ok(document) => document,
        Err(problems) => {
            findings.extend(problems);
            return None;
        }
    };
    let mut mapper = Mapper {
        findings,
        names: Names::default(),
        trail: Trail::new(),
    };
    mapper.schema(&document.node, "")
}

/// Maps types; where nothing comes back a finding says why.
struct Mapper<'n, 'f> {
    findings: &'f mut Findings,
    names: Names<'n>,
    trail: Trail,
}

impl<'n> Mapper<'n, '_> {
    /// A schema in any of its forms; `namespace` is that of the definition around it.
    fn schema(&mut self, node: &'n Node, namespace: &'n str) -> Option<Mapped> {
        match &node.kind {
            NodeKind::Scalar(scalar) if scalar.style == Style::Quoted => {
                self.named(node, &scalar.text, namespace)
            }
            NodeKind::Scalar(_) => {
                self.report(invalid(node.span, "a type is a name, an object or a list"))
            }
            NodeKind::Sequence(members) => self.union(node, members, namespace),
            NodeKind::Mapping(_) => self.object(node, namespace),
        }
    }

    fn report<T>(&mut self, problem: Diagnostic) -> Option<T> {
        self.findings.push(problem);
        None
    }

    /// A schema below this one.
    fn below(&mut self, segment: Segment, node: &'n Node, namespace: &'n str) -> Option<DataType> {
        let span = place(node);
        self.trail.enter(segment, span, self.findings)?;
        let mapped = self.schema(node, namespace);
        self.trail.leave();
        mapped.map(Mapped::into_type)
    }

    /// A type by its name alone.
    fn named(&mut self, node: &'n Node, name: &str, namespace: &'n str) -> Option<Mapped> {
        if PRIMITIVES.contains(&name) {
            return self.primitive(name, Properties::NONE, node.span);
        }
        let found = self.names.find(name, namespace, node.span);
        match self.findings.note(found)? {
            // What is wrong with it was said where it is defined.
            Reference::Broken => None,
            Reference::Open { name, defined } => {
                let what = format!("contains itself: it is inside the record `{name}` already");
                let problem = self
                    .trail
                    .unmapped(&what, node.span, "the same record again");
                self.report(problem.related(defined, "the record").help(
                    "Flink has no recursive types; write the columns out as far down as events go",
                ))
            }
            Reference::Known(definition) => {
                self.names.references += 1;
                let mapped = self.object(definition.node, definition.namespace);
                self.names.references -= 1;
                mapped
            }
        }
    }

    /// A schema that is an object with its `type`.
    fn object(&mut self, node: &'n Node, namespace: &'n str) -> Option<Mapped> {
        let kind = self.required("a type", node, "type")?;
        let text = kind.scalar().filter(|scalar| scalar.style == Style::Quoted);
        let Some(text) = text.map(|scalar| scalar.text.as_str()) else {
            return self.report(
                invalid(place(kind), "`type` of a type must be a name")
                    .help("write the inner type in the place of the object around it"),
            );
        };
        match text {
            "record" => self.record(node, namespace),
            "enum" | "fixed" => self.scalar_with_name(node, text, namespace),
            "array" => self.array(node, namespace),
            "map" => {
                let values = self.required("a map", node, "values")?;
                let value = self.below(Segment::Any, values, namespace)?;
                let is_multiset = Properties::of(node).is_multiset();
                Some(Mapped::Type(mapped::map(
                    DataType::STRING,
                    value,
                    is_multiset,
                )))
            }
            primitive if PRIMITIVES.contains(&primitive) => {
                self.primitive(primitive, Properties::of(node), kind.span)
            }
            name => self.named(kind, name, namespace),
        }
    }

    fn required(&mut self, what: &str, node: &'n Node, key: &str) -> Option<&'n Node> {
        let value = node.entry(key).map(|entry| &entry.value);
        if value.is_none() {
            let message = format!("{what} has no `{key}`");
            self.findings
                .push(invalid(place(node), &message).help(format!("add `\"{key}\": ...`")));
        }
        value
    }

    fn primitive(&mut self, name: &str, properties: Properties<'n>, span: Span) -> Option<Mapped> {
        let mapped = primitive::map(name, properties);
        let mapped = mapped.map_err(|misfit| {
            let span = misfit.at.map_or(span, |node| node.span);
            let problem = self.trail.unmapped(&misfit.what, span, "no Flink type");
            problem.help(WRITE_OUT)
        });
        self.findings.note(mapped).map(Mapped::Type)
    }

    fn scalar_with_name(
        &mut self,
        node: &'n Node,
        kind: &str,
        namespace: &'n str,
    ) -> Option<Mapped> {
        let definition = self.names.define(node, namespace);
        self.findings.note(definition)?;
        if kind == "enum" {
            return Some(Mapped::Type(TypeKind::String));
        }
        let size = self.required("a `fixed`", node, "size")?;
        self.primitive(kind, Properties::of(node), size.span)
    }

    fn array(&mut self, node: &'n Node, namespace: &'n str) -> Option<Mapped> {
        let items = self.required("an array", node, "items")?;
        let element = self.below(Segment::Any, items, namespace)?;
        // How maps are written whose keys are not text.
        let entry = mapped::key_and_value(&element);
        let entry = entry.filter(|_| self.names.is_map_entry(items, namespace));
        Some(Mapped::Type(match entry {
            Some((key, value)) => mapped::map(key, value, Properties::of(node).is_multiset()),
            None => TypeKind::Array(Box::new(element)),
        }))
    }

    fn record(&mut self, node: &'n Node, namespace: &'n str) -> Option<Mapped> {
        let definition = self.names.define(node, namespace);
        let definition = self.findings.note(definition)?;
        self.names.open(&definition);
        let members = self.fields(node, definition.inside);
        self.names.close(&definition, members.is_some());
        members.map(Mapped::Members)
    }

    fn fields(&mut self, node: &'n Node, namespace: &'n str) -> Option<Vec<Member>> {
        let list = self.required("a record", node, "fields")?;
        let Some(fields) = list.elements().filter(|fields| !fields.is_empty()) else {
            let message = "`fields` of a record must be a list of at least one field";
            let help = "add the fields: `{\"name\": ..., \"type\": ...}`";
            return self.report(invalid(place(list), message).help(help));
        };
        // One run reports what is wrong with any of them.
        let members: Vec<_> = fields
            .iter()
            .map(|field| self.field(field, namespace))
            .collect();
        self.distinct(members)
    }

    /// All members, where none failed and none repeats another one's name.
    fn distinct(&mut self, members: Vec<Option<Member>>) -> Option<Vec<Member>> {
        let members: Vec<Member> = members.into_iter().collect::<Option<_>>()?;
        for (position, member) in members.iter().enumerate() {
            let known = members[..position].iter();
            if let Some(first) = known.into_iter().find(|known| known.name == member.name) {
                let message = format!("`{}` stands twice in one type", member.name);
                let problem = invalid(member.span, &message).related(first.span, "the first one");
                return self.report(problem.help("remove or rename one of them"));
            }
        }
        Some(members)
    }

    fn field(&mut self, field: &'n Node, namespace: &'n str) -> Option<Member> {
        let name = self.required("a field", field, "name")?;
        let name = self.findings.note(names::of_field(name))?;
        let schema = self.required("a field", field, "type")?;
        let data_type = self.below(Segment::Key(name.value.to_owned()), schema, namespace)?;
        Some(Member {
            name: name.value.to_owned(),
            data_type,
            span: name.span,
        })
    }

    /// One type with or without null is that type; several are a `ROW` with a field for each.
    fn union(&mut self, node: &'n Node, members: &'n [Node], namespace: &'n str) -> Option<Mapped> {
        if let Some(inner) = members.iter().find(|member| member.elements().is_some()) {
            return self.report(
                invalid(place(inner), "a union stands directly in a union")
                    .help("put the types of the inner one into the outer one"),
            );
        }
        let members: Vec<&Node> = members.iter().filter(|member| !is_null(member)).collect();
        match members.as_slice() {
            [] => {
                let what = "is never anything but null";
                let problem = self.trail.unmapped(what, place(node), "no Flink type");
                self.report(problem.help("add the type of its values to the union"))
            }
            [only] => self.schema(only, namespace),
            several => {
                let names = Names::of_members(several, namespace);
                let members = several.iter().zip(names).map(|(member, name)| {
                    Some(Member {
                        data_type: self.below(Segment::Key(name.clone()), member, namespace)?,
                        span: place(member),
                        name,
                    })
                });
                let members = members.collect();
                self.distinct(members).map(Mapped::Members)
            }
        }
    }
}

fn is_null(schema: &Node) -> bool {
    let name = schema.entry("type").map_or(schema, |entry| &entry.value);
    name.scalar().is_some_and(|scalar| scalar.text == "null")
}

/// A short place for a schema: the name of its type where it is an object.
fn place(node: &Node) -> Span {
    match node.entry("type") {
        Some(entry) if entry.value.scalar().is_some() => entry.value.span,
        _ if node.scalar().is_some() => node.span,
        _ => node.span.part(0, 1),
    }
}

/// The finding that a schema breaks Avro's rules.
fn invalid(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::AvroInvalid, message, span, "in this schema")
}
