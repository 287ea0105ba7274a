//! Every statement that a project submits, on each of its targets.

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use routectl::check::{self, TypedRoute};
use routectl::diagnostic::{Findings, human};
use routectl::project::{FILE_NAME, Project};
use routectl::source_text::Sources;
use routectl::sql::{Ident, Templates};
use routectl::statement::compile::{self, CompiledInsert, CompiledTable};
use routectl::workspace;

use super::{Case, source_table};

/// A project that was checked.
pub(super) struct Loaded<'l> {
    pub(super) project: &'l Project,
    pub(super) routes: &'l [TypedRoute<'l>],
    pub(super) files: &'l Sources,
    pub(super) templates: &'l Templates,
    pub(super) findings: &'l mut Findings,
}

/// What is made of the project in a directory; findings are errors.
pub(super) fn with<T>(
    root: &Utf8Path,
    use_it: impl FnOnce(&mut Loaded<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let workspace = workspace::load(root, FILE_NAME, &mut files, &mut findings)?;
    let workspace = workspace.with_context(|| format!("{root}/{FILE_NAME} cannot be used"))?;
    let templates = Templates::load(&[].into())?;
    let routes = check::check(&workspace, &mut findings);
    let made = use_it(&mut Loaded {
        project: &workspace.project,
        routes: &routes,
        files: &files,
        templates: &templates,
        findings: &mut findings,
    })?;
    if findings.has_errors() {
        let findings = findings.into_sorted(&files);
        let shown = findings.iter().map(|one| human::render(one, &files, false));
        bail!(
            "{root} does not compile\n{}",
            shown.collect::<Vec<_>>().join("\n")
        );
    }
    Ok(made)
}

/// The cases of the project in a directory. Their names begin with `label`.
pub(super) fn cases(label: &str, root: &Utf8Path) -> anyhow::Result<Vec<Case>> {
    with(root, |loaded| {
        let Loaded {
            project,
            routes,
            files,
            templates,
            findings,
        } = loaded;
        let mut cases = Vec::new();
        for target in project.targets.values() {
            let compiled = compile::compile(project, target, routes, files, templates, findings);
            let label = format!("{label}/{}", target.name.value);
            for insert in &compiled.inserts {
                // A disabled route has no table, and its statement is never submitted.
                if insert.enabled {
                    let name = &insert.title;
                    let sink = compiled.tables.get(&insert.identity.topic);
                    let sink = sink.with_context(|| format!("route `{name}` has no table"))?;
                    let source = compiled.tables.get(&insert.source.topic.value);
                    let name = format!("{label}/{name}");
                    cases.push(case(name, insert, source, sink, templates)?);
                }
            }
        }
        Ok(cases)
    })
}

fn case(
    name: String,
    insert: &CompiledInsert<'_>,
    source: Option<&CompiledTable>,
    sink: &CompiledTable,
    templates: &Templates,
) -> anyhow::Result<Case> {
    let table = match source {
        Some(made) => made.text.clone(),
        None => there_already(insert, templates)?,
    };
    Ok(Case {
        name,
        sources: vec![table],
        sinks: vec![sink.text.clone()],
        statement: insert.text.clone(),
        refusal: None,
    })
}

fn there_already(insert: &CompiledInsert<'_>, templates: &Templates) -> anyhow::Result<String> {
    let columns = insert.source.columns.iter();
    let columns =
        columns.map(|(name, data_type)| (Ident::from(name.as_str()), data_type.value.clone()));
    source_table(templates, &insert.source.topic.value, columns)
}
