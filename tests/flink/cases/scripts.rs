//! Scripts for Flink's SQL client: those of projects, one with every text that could end where it should not, and
//! broken ones.

use anyhow::Context as _;
use camino::Utf8Path;
use routectl::diagnostic::Findings;
use routectl::dialect::{FLINK, Table, Usage};
use routectl::project::start::Start;
use routectl::sql::{
    DataType, Expr, Ident, Insert, Projection, Select, Setting, Statement, Templates,
};
use routectl::statement::script::{self, Job};

use super::project;
use super::{HOSTILE, ODD, Script};

/// Of each project the script for its target `local`, then the others.
pub(super) fn scripts(projects: &[(&str, &Utf8Path)]) -> anyhow::Result<Vec<Script>> {
    let of_project = |(label, root): &(&str, &Utf8Path)| {
        Ok(Script {
            name: format!("script/{label}"),
            text: of_project(root)?,
            refusal: None,
        })
    };
    let scripts: anyhow::Result<Vec<_>> = projects.iter().map(of_project).collect();
    let mut scripts = scripts?;
    scripts.push(Script {
        name: "script/hostile".to_owned(),
        text: hostile()?,
        refusal: None,
    });
    scripts.extend(CONTROLS.iter().map(|(name, text, refusal)| Script {
        name: format!("control/script/{name}"),
        text: (*text).to_owned(),
        refusal: Some(refusal),
    }));
    Ok(scripts)
}

fn of_project(root: &Utf8Path) -> anyhow::Result<String> {
    project::with(root, |loaded| {
        let target = loaded.project.targets.get("local");
        let job = Job {
            project: loaded.project,
            target: target.context("no target `local`")?,
            dialect: &FLINK,
        };
        let (files, templates) = (loaded.files, loaded.templates);
        let findings: &mut Findings = loaded.findings;
        let script = script::script(job, loaded.routes, files, templates, findings);
        Ok(script.unwrap_or_default())
    })
}

/// A script whose every name, text and comment could end where it should not.
fn hostile() -> anyhow::Result<String> {
    let keys: String = (1..0xa0_u8).map(char::from).collect();
    let texts = [
        HOSTILE,
        &keys,
        ";",
        ";\n",
        "quit;\n",
        "!x",
        "\u{2028}\u{feff}\u{202e}",
    ];
    let column = || vec![(Ident::from(ODD), DataType::STRING)];
    let declare = |name: &str, usage| {
        Statement::CreateTable((FLINK.declare)(Table {
            name: Ident::from(name),
            topic: HOSTILE,
            columns: column(),
            usage,
            partitions: 1,
            options: [("properties.x".to_owned(), HOSTILE.to_owned())].into(),
        }))
    };
    let (source, sink) = (format!("{ODD}@latest"), format!("{ODD};"));
    let insert = |text: &&str| Insert {
        sink: Ident::from(sink.as_str()),
        columns: vec![Ident::from(ODD)],
        select: Select {
            projections: vec![Projection::named(Expr::string(*text), ODD)],
            from: Ident::from(source.as_str()),
            condition: Some(Expr::column(ODD).eq(Expr::string(*text))),
        },
    };
    let header = vec![HOSTILE.to_owned(), keys.clone(), "END;".to_owned()];
    let inserts = texts.iter().map(|text| (insert(text), header.clone()));
    let inserts: Vec<_> = inserts.collect();
    let templates = Templates::load(&[].into())?;
    let setting = Setting {
        key: "pipeline.name".to_owned(),
        value: HOSTILE.to_owned(),
    };
    let mut statements = Vec::new();
    for statement in [
        Statement::Set(setting),
        declare(&source, Usage::Read(Some(Start::Latest))),
        declare(&sink, Usage::Write(Some(ODD))),
    ] {
        let text = templates.render(&statement, &header)?;
        statements.push((statement, text));
    }
    let text = templates.render_set(&inserts)?;
    let set = inserts.into_iter().map(|(insert, _)| insert).collect();
    statements.push((Statement::StatementSet(set), text));
    Ok(templates.render_script(&statements, &header)?)
}

/// What is wrong, the script, words of the reason.
const CONTROLS: &[(&str, &str, &str)] = &[
    (
        "a-tab-in-a-text",
        "SET 'pipeline.name' = 'a\tb';",
        "the client reads another script",
    ),
    (
        "unknown-table",
        "EXECUTE STATEMENT SET\nBEGIN\nINSERT INTO `a` (`x`) SELECT `x` FROM `b`;\nEND;",
        "Object 'b' not found",
    ),
    (
        "a-table-that-stays",
        "CREATE TABLE `a` (`x` STRING) WITH ('connector' = 'kafka');",
        "not a temporary table of Kafka",
    ),
    (
        "two-statements-in-a-line",
        "SET 'a' = 'b'; SET 'c' = 'd';",
        "only single statement supported",
    ),
];
