//! Every statement that a project submits, on each of its targets.

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use routectl::diagnostic::{Findings, human};
use routectl::project::FILE_NAME;
use routectl::source_text::Sources;
use routectl::sql::{Ident, Templates};
use routectl::statement::compile::{self, CompiledInsert, CompiledTable};
use routectl::{check, workspace};

use super::{Case, source_table};

/// The cases of the project in a directory. Their names begin with `label`.
pub(super) fn cases(label: &str, root: &Utf8Path) -> anyhow::Result<Vec<Case>> {
    let (mut files, mut findings) = (Sources::default(), Findings::default());
    let loaded = workspace::load(root, FILE_NAME, &mut files, &mut findings)?;
    let loaded = loaded.with_context(|| format!("{root}/{FILE_NAME} cannot be used"))?;
    let project = &loaded.project;
    let templates = Templates::load(&[].into())?;
    let typed = check::check(&loaded, &mut findings);
    let mut cases = Vec::new();
    for target in project.targets.values() {
        let compiled = compile::compile(project, target, &typed, &files, &templates, &mut findings);
        let label = format!("{label}/{}", target.name.value);
        for insert in &compiled.inserts {
            // A disabled route has no table, and its statement is never submitted.
            if insert.route.enabled {
                let name = &insert.title;
                let sink = compiled.tables.get(&insert.identity.topic);
                let sink = sink.with_context(|| format!("route `{name}` has no table"))?;
                cases.push(case(format!("{label}/{name}"), insert, sink, &templates)?);
            }
        }
    }
    if findings.has_errors() {
        let findings = findings.into_sorted(&files);
        let shown = findings.iter().map(|one| human::render(one, &files, false));
        bail!(
            "{root} does not compile\n{}",
            shown.collect::<Vec<_>>().join("\n")
        );
    }
    Ok(cases)
}

fn case(
    name: String,
    insert: &CompiledInsert<'_>,
    sink: &CompiledTable,
    templates: &Templates,
) -> anyhow::Result<Case> {
    let source = insert.source;
    let columns = source.columns.iter();
    let columns =
        columns.map(|(name, data_type)| (Ident::from(name.as_str()), data_type.value.clone()));
    Ok(Case {
        name,
        sources: vec![source_table(templates, &source.topic.value, columns)?],
        sinks: vec![sink.text.clone()],
        statement: insert.text.clone(),
        refusal: None,
    })
}
