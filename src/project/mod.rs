//! The project file `routectl.yaml`: sources, targets, defaults.
//!
//! [`load`] reads it into a [`Project`]; each part has its own file: [`source`] with its [`columns`] and
//! [`layout`], [`target`], [`start`], [`options`], [`lints`].

pub mod columns;
pub mod environment;
pub mod layout;
pub mod lints;
pub mod mirrors;
pub mod names;
pub mod options;
pub mod source;
pub mod start;
pub mod target;

use camino::{Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean};
use crate::source_text::decode::{self, Fields};
use crate::source_text::{FileId, Node, NodeKind, Sources, Span, Spanned, yaml};
use columns::Input;
use lints::Levels;
use options::TableOptions;
use source::Source;
use start::Start;
use target::Target;

/// The name of the project file.
pub const FILE_NAME: &str = "routectl.yaml";

/// A project: everything that routes share.
#[derive(Debug)]
pub struct Project {
    /// The directory that holds the project file; paths in it are relative to this.
    pub root: Utf8PathBuf,
    /// Prefix of statement names and ownership label.
    pub name: Spanned<String>,
    /// The tables that routes read.
    pub sources: IndexMap<String, Source>,
    /// What a route need not repeat.
    pub defaults: Defaults,
    /// Named environments.
    pub targets: IndexMap<String, Target>,
    /// What becomes of the findings of lints.
    pub lints: Levels,
    /// The place of the whole file, for findings about what is not in it.
    pub span: Span,
}

/// What a route need not repeat.
#[derive(Debug, Default)]
pub struct Defaults {
    /// The source of routes without `from`.
    pub source: Option<Spanned<String>>,
    /// Partitions of new topics; the service's default (6) where absent.
    pub partitions: Option<Spanned<u32>>,
    /// Options of every sink's table.
    pub options: TableOptions,
    /// Where a first deployment begins to read.
    pub start: Option<Spanned<Start>>,
}

impl Defaults {
    /// How many partitions a topic has for which so many are asked, if any: those of the project, or else the
    /// service's own default (Confluent Cloud for Apache Flink, "CREATE TABLE", "DISTRIBUTED BY").
    pub fn partitions_of(&self, given: Option<u32>) -> u32 {
        const OF_THE_SERVICE: u32 = 6;
        let own = self.partitions.as_ref().map(|own| own.value);
        given.or(own).unwrap_or(OF_THE_SERVICE)
    }
}

impl Project {
    /// The target of a name, or what to say to the user who named it.
    pub fn target(&self, name: &str) -> Result<&Target, String> {
        self.targets.get(name).ok_or_else(|| {
            let known: Vec<_> = self.targets.keys().map(String::as_str).collect();
            let hint = did_you_mean(name, &known);
            let hint = hint.unwrap_or_else(|| format!("add it under `targets` in {FILE_NAME}"));
            format!("there is no target `{name}`; {hint}")
        })
    }
}

/// The project directory: `start` or the nearest directory above it that holds a project file.
pub fn find_root(start: &Utf8Path) -> Option<&Utf8Path> {
    start
        .ancestors()
        .find(|directory| directory.join(FILE_NAME).is_file())
}

/// Reads a project file that is in `files` already, and the schema files that columns are taken from.
pub fn load(
    root: &Utf8Path,
    file: FileId,
    files: &mut Sources,
    findings: &mut Findings,
) -> Option<Project> {
    let (documents, problems) = yaml::parse(file, files.file(file).text());
    let broken = !problems.is_empty();
    findings.extend(problems);
    let whole = Span::new(file, 0..0);
    match documents.as_slice() {
        [document] => decode_project(document, Input { root, files }, findings),
        [] if broken => None,
        [] => {
            let message = format!("{FILE_NAME} is empty");
            let problem = Diagnostic::new(Code::MissingKey, message, whole, "nothing here");
            findings.push(problem.help("it needs `project`, `sources` and `targets`"));
            None
        }
        [_, second, ..] => {
            let message = format!("{FILE_NAME} holds more than one document");
            let problem = Diagnostic::new(Code::WrongShape, message, second.span, "a second one");
            findings.push(problem.help("remove the `---` and what follows"));
            None
        }
    }
}

fn decode_project(node: &Node, mut input: Input<'_>, findings: &mut Findings) -> Option<Project> {
    if refuse_environment(node, findings) {
        return None;
    }
    let mut fields = Fields::of("the project", node, findings)?;
    let name = fields.required("project").and_then(|node| {
        let max = names::MAX_PROJECT;
        findings.note(names::label("`project`", "a project", node, max))
    });
    let known = findings.len();
    let sources = fields.required("sources").and_then(|node| {
        named(
            node,
            "`sources`",
            "a source",
            findings,
            |name, node, findings| source::decode(name, node, &mut input, findings),
        )
    });
    // Routes cannot be held against a source that is half known: each would have findings of its own.
    let sources = sources.filter(|_| findings.len() == known);
    let defaults = fields
        .optional("defaults")
        .map(|node| decode_defaults(node, findings));
    let targets = fields
        .required("targets")
        .and_then(|node| named(node, "`targets`", "a target", findings, target::decode));
    let lints = fields
        .optional("lints")
        .map(|node| lints::decode(node, findings));
    let span = fields.span();
    fields.finish(findings);
    let project = Project {
        root: input.root.to_owned(),
        name: name?,
        sources: sources?,
        defaults: defaults.unwrap_or_default(),
        targets: targets?,
        lints: lints.unwrap_or_default(),
        span,
    };
    check_default_source(&project, findings);
    Some(project)
}

/// Reports `${NAME}` outside `targets`; what is written there cannot be read as what it stands for.
fn refuse_environment(node: &Node, findings: &mut Findings) -> bool {
    let known = findings.len();
    for entry in node.entries().unwrap_or_default() {
        if entry.key.text != "targets" {
            environment::refuse_outside_targets(&entry.value, findings);
        }
    }
    findings.len() > known
}

/// A mapping of names to things of one kind. The names are checked; broken things are left out.
fn named<T>(
    node: &Node,
    what: &'static str,
    whose: &'static str,
    findings: &mut Findings,
    mut decode: impl FnMut(Spanned<String>, &Node, &mut Findings) -> Option<T>,
) -> Option<IndexMap<String, T>> {
    let NodeKind::Mapping(entries) = &node.kind else {
        findings.push(
            decode::wrong_shape(node, &format!("{what} must map names to definitions"))
                .help("write `<name>:` and below it the definition"),
        );
        return None;
    };
    if entries.is_empty() {
        let problem = Diagnostic::new(
            Code::MissingKey,
            format!("{what} is empty"),
            node.span,
            "none here",
        );
        findings.push(problem.help("define at least one"));
        return None;
    }
    let mut things = IndexMap::new();
    for entry in entries {
        let name = Spanned::new(entry.key.text.clone(), entry.key.span);
        if let Err(problem) = names::check(whose, &name, names::MAX_TARGET) {
            findings.push(problem);
        } else if let Some(thing) = decode(name, &entry.value, findings) {
            things.insert(entry.key.text.clone(), thing);
        }
    }
    Some(things)
}

fn decode_defaults(node: &Node, findings: &mut Findings) -> Defaults {
    let Some(mut fields) = Fields::of("`defaults`", node, findings) else {
        return Defaults::default();
    };
    let source = fields
        .optional("source")
        .and_then(|node| findings.note(decode::text("`source`", node)));
    let start = fields
        .optional("start")
        .and_then(|node| start::decode(node, findings));
    let topic = fields.optional("topic");
    let mut topic = topic.and_then(|node| Fields::of("`topic`", node, findings));
    let partitions = topic.as_mut().and_then(|topic| partitions(topic, findings));
    let options = topic.as_mut().and_then(|topic| topic.optional("options"));
    let options = options::decode(options, options::OF_SINK, findings);
    if let Some(topic) = topic {
        topic.finish(findings);
    }
    fields.finish(findings);
    Defaults {
        source,
        partitions,
        options,
        start,
    }
}

/// Reads `partitions` of a topic.
pub fn partitions(topic: &mut Fields<'_>, findings: &mut Findings) -> Option<Spanned<u32>> {
    let node = topic.optional("partitions")?;
    findings.note(decode::integer("`partitions`", node, names::PARTITIONS))
}

fn check_default_source(project: &Project, findings: &mut Findings) {
    let Some(source) = &project.defaults.source else {
        return;
    };
    if !project.sources.contains_key(&source.value) {
        findings.push(unknown_source(project, source));
    }
}

/// The finding that a source does not exist.
pub fn unknown_source(project: &Project, name: &Spanned<String>) -> Diagnostic {
    let known: Vec<_> = project.sources.keys().map(String::as_str).collect();
    let message = format!("there is no source `{}`", name.value);
    Diagnostic::new(
        Code::UnknownSource,
        message,
        name.span,
        "not under `sources`",
    )
    .help_if(did_you_mean(&name.value, &known))
}
