//! Names of Avro types: full names, what they stand for, and the records that are being entered.
//! (Apache Avro specification, "Names".)

use std::collections::HashSet;

use indexmap::IndexMap;

use super::primitive::PRIMITIVES;
use super::{invalid, place};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::source_text::{Node, Span, Spanned, Style};

/// The named types of a file, in the order of their definitions.
#[derive(Default)]
pub(super) struct Names<'n> {
    known: IndexMap<String, Definition<'n>>,
    /// Records with a finding in them.
    broken: HashSet<String>,
    /// The records around the type that is being mapped.
    open: Vec<String>,
    /// How many references lead to where the mapping is: what is defined there is known already.
    pub(super) references: usize,
}

/// A definition of a named type.
#[derive(Clone)]
pub(super) struct Definition<'n> {
    pub(super) node: &'n Node,
    /// The namespace around it.
    pub(super) namespace: &'n str,
    /// The namespace for what it contains.
    pub(super) inside: &'n str,
    /// Its full name.
    name: String,
    span: Span,
}

/// What a name stands for.
pub(super) enum Reference<'n> {
    Known(Definition<'n>),
    /// A record that the reference is inside of.
    Open {
        name: String,
        defined: Span,
    },
    Broken,
}

impl<'n> Names<'n> {
    /// Reads the name of a definition and notes what it stands for.
    pub(super) fn define(
        &mut self,
        node: &'n Node,
        namespace: &'n str,
    ) -> Result<Definition<'n>, Diagnostic> {
        let definition = Definition::read(node, namespace)?;
        if self.references > 0 {
            return Ok(definition);
        }
        if let Some(first) = self.known.get(&definition.name) {
            let message = format!("the type `{}` is defined twice", definition.name);
            return Err(invalid(definition.span, &message)
                .related(first.span, "the first definition")
                .help("define it once and name it in the other place, or rename one of them"));
        }
        let name = definition.name.clone();
        self.known.insert(name, definition.clone());
        Ok(definition)
    }

    pub(super) fn open(&mut self, record: &Definition<'_>) {
        self.open.push(record.name.clone());
    }

    pub(super) fn close(&mut self, record: &Definition<'_>, sound: bool) {
        self.open.pop();
        if !sound {
            self.broken.insert(record.name.clone());
        }
    }

    /// What a name stands for in a namespace.
    pub(super) fn find(
        &self,
        name: &str,
        namespace: &str,
        span: Span,
    ) -> Result<Reference<'n>, Diagnostic> {
        let Some(definition) = self.known.get(&full(name, namespace)) else {
            return Err(self.unknown(name, span));
        };
        let name = definition.name.clone();
        Ok(if self.open.contains(&name) {
            let defined = definition.span;
            Reference::Open { name, defined }
        } else if self.broken.contains(&name) {
            Reference::Broken
        } else {
            Reference::Known(definition.clone())
        })
    }

    fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let known = self.known.keys().map(String::as_str);
        let namesake = known.clone().find(|known| last(known) == last(name));
        let help = namesake.map(|namesake| format!("did you mean `{namesake}`?"));
        let help = help.or_else(|| {
            let known = known.map(|known| {
                if name.contains('.') {
                    known
                } else {
                    last(known)
                }
            });
            let known: Vec<&str> = known.chain(PRIMITIVES.iter().copied()).collect();
            did_you_mean(name, &known)
        });
        let message = format!("the type `{name}` is not defined before this place");
        let problem = invalid(span, &message).help_if(help);
        problem.help("define it in this file, where it stands first; other files are not read")
    }

    /// Whether a schema is the record that maps are written with, key and value in each.
    /// (Confluent Cloud, "Data Type Mappings", "MAP (non-character key)".)
    pub(super) fn is_map_entry(&self, schema: &Node, namespace: &str) -> bool {
        let name = full_name_of(schema, namespace);
        let definition = name.as_ref().and_then(|name| self.known.get(name));
        let marked = definition.is_some_and(|definition| {
            let mark = definition.node.entry("connect.internal.type");
            let mark = mark.and_then(|entry| entry.value.scalar());
            mark.is_some_and(|mark| mark.text == "MapEntry")
        });
        marked || name.is_some_and(|name| name == "io.confluent.connect.avro.MapEntry")
    }

    /// The names of a union's members as fields of a `ROW`: those of their types, in full where they differ in their
    /// namespace alone.
    pub(super) fn of_members(members: &[&Node], namespace: &str) -> Vec<String> {
        let names = members.iter().map(|member| {
            full_name_of(member, namespace).unwrap_or_else(|| kind_of(member).to_owned())
        });
        let names: Vec<String> = names.collect();
        let simple = |name: &String| last(name).to_owned();
        names
            .iter()
            .map(|name| {
                let alike = names.iter().filter(|other| last(other) == last(name));
                if alike.count() == 1 {
                    simple(name)
                } else {
                    name.replace('.', "_")
                }
            })
            .collect()
    }
}

impl<'n> Definition<'n> {
    fn read(node: &'n Node, namespace: &'n str) -> Result<Self, Diagnostic> {
        let Some(name) = node.entry("name") else {
            return Err(
                invalid(place(node), "a named type has no `name`").help("add `\"name\": ...`")
            );
        };
        let name = of_type(&name.value)?;
        let own = node
            .entry("namespace")
            .and_then(|entry| entry.value.scalar());
        let inside = match name.value.rsplit_once('.') {
            Some((inside, _)) => inside,
            None => own.map_or(namespace, |own| own.text.as_str()),
        };
        Ok(Self {
            node,
            namespace,
            inside,
            name: full(name.value, inside),
            span: name.span,
        })
    }
}

/// The name of a field.
pub(super) fn of_field(node: &Node) -> Result<Spanned<&str>, Diagnostic> {
    checked(node, is_name)
}

/// The name of a type, perhaps with its namespace.
fn of_type(node: &Node) -> Result<Spanned<&str>, Diagnostic> {
    checked(node, |text| text.split('.').all(is_name))
}

fn checked(node: &Node, is_allowed: impl Fn(&str) -> bool) -> Result<Spanned<&str>, Diagnostic> {
    let text = node.scalar().filter(|scalar| scalar.style == Style::Quoted);
    match text.filter(|scalar| is_allowed(&scalar.text)) {
        Some(scalar) => Ok(Spanned::new(&scalar.text, node.span)),
        None => Err(invalid(place(node), "this is not a name that Avro allows")
            .help("use letters, digits and `_`, beginning with a letter or `_`")),
    }
}

fn is_name(text: &str) -> bool {
    let first = |first: char| first.is_ascii_alphabetic() || first == '_';
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.starts_with(first) && text.bytes().all(allowed)
}

fn full(name: &str, namespace: &str) -> String {
    if name.contains('.') || namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}.{name}")
    }
}

fn last(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

/// The full name of a schema that has one: a definition or a reference.
fn full_name_of(schema: &Node, namespace: &str) -> Option<String> {
    let name = kind_of(schema);
    match name {
        "record" | "enum" | "fixed" => Definition::read(schema, namespace)
            .ok()
            .map(|known| known.name),
        "array" | "map" => None,
        name if PRIMITIVES.contains(&name) => None,
        name => Some(full(name, namespace)),
    }
}

/// What a schema says of its type: `record`, `array`, `string`, or a name.
fn kind_of(schema: &Node) -> &str {
    let kind = schema.entry("type").map_or(schema, |entry| &entry.value);
    kind.scalar().map_or("", |scalar| scalar.text.as_str())
}
