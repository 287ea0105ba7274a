//! Loading a project for a command.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use camino::{Utf8Path, Utf8PathBuf};

use super::Globals;
use super::ui::Ui;
use crate::check::{self, TypedRoute};
use crate::diagnostic::{Findings, did_you_mean};
use crate::dialect::Dialect;
use crate::eval::RowError;
use crate::files;
use crate::project::source::Source;
use crate::project::target::Target;
use crate::project::{self, FILE_NAME, Project};
use crate::source_text::Sources;
use crate::sql::Templates;
use crate::sql::render::BUILT_IN;
use crate::statement::compile::{self, Compilation};
use crate::statement::script::{self, Job};
use crate::workspace::{self, EventSchema, Workspace};

/// Where project templates that override the built-in ones lie, below the project.
const TEMPLATES: &str = "templates";

/// A project as far as it could be read.
pub(super) struct Session {
    /// The project directory.
    pub(super) root: Utf8PathBuf,
    /// All files that were read.
    pub(super) files: Sources,
    /// What was read; nothing where the project file is unusable.
    pub(super) workspace: Option<Workspace>,
}

impl Session {
    /// Reads the project that the user means, with what is wrong with it so far.
    pub(super) fn load(globals: &Globals) -> anyhow::Result<(Self, Findings)> {
        let (root, file) = locate(globals)?;
        let mut files = Sources::default();
        let mut findings = Findings::default();
        let workspace = workspace::load(&root, &file, &mut files, &mut findings)?;
        Ok((
            Self {
                root,
                files,
                workspace,
            },
            findings,
        ))
    }

    /// Whether every route file could be read, as far as the findings of loading say. Schemas and tests name no routes.
    pub(super) fn has_all_routes(&self, findings: &Findings) -> bool {
        let names_routes = |path: &Utf8Path| {
            let is_schema = matches!(path.extension(), Some("json" | "avsc"));
            !is_schema && !workspace::is_test(path)
        };
        let mut errors = findings.errors();
        !errors.any(|one| names_routes(self.files.file(one.primary.span.file).path()))
    }

    /// The routes with types. Findings are shown; `None` where they forbid to go on.
    pub(super) fn check(
        &self,
        mut findings: Findings,
        ui: &mut Ui,
    ) -> anyhow::Result<Option<Vec<TypedRoute<'_>>>> {
        let workspace = self.workspace.as_ref();
        let routes = workspace.map(|workspace| check::check(workspace, &mut findings));
        let usable = report(findings, &self.files, ui)?;
        Ok(routes.filter(|_| usable))
    }

    /// Shows the findings; whether they allow to go on.
    pub(super) fn report(&self, findings: Findings, ui: &mut Ui) -> anyhow::Result<bool> {
        report(findings, &self.files, ui)
    }

    /// The source of a name, or the one that is meant where there is none.
    pub(super) fn source(&self, name: Option<&str>) -> anyhow::Result<&Source> {
        let workspace = self.workspace.as_ref();
        let workspace = workspace.ok_or_else(|| anyhow!("the project file cannot be used"))?;
        source(&workspace.project, name)
    }

    /// The schema of a source's events; nothing where it has findings of its own.
    pub(super) fn schema(&self, source: &Source) -> Option<&EventSchema> {
        let workspace = self.workspace.as_ref()?;
        workspace.schemas.get(&source.name.value)
    }

    /// Everything that a target should run. Findings are shown; `None` where they forbid to go on.
    pub(super) fn compile<'s>(
        &'s self,
        target: &str,
        findings: Findings,
        ui: &mut Ui,
    ) -> anyhow::Result<Option<Compiled<'s>>> {
        self.checked(target, findings, ui, |checked, findings| {
            let Checked {
                project,
                target,
                routes,
                templates,
            } = checked;
            let files = &self.files;
            Some(Compiled {
                project,
                target,
                compilation: compile::compile(
                    project, target, &routes, files, &templates, findings,
                ),
            })
        })
    }

    /// What two targets should run. Findings are shown; `None` where they forbid to go on.
    pub(super) fn compile_both<'s>(
        &'s self,
        [target, other]: [&str; 2],
        findings: Findings,
        ui: &mut Ui,
    ) -> anyhow::Result<Option<[Compiled<'s>; 2]>> {
        if let Some(workspace) = self.workspace.as_ref().filter(|_| !findings.has_errors()) {
            self::target(workspace, other)?;
        }
        self.checked(target, findings, ui, |checked, findings| {
            let other = checked.project.target(other).ok()?;
            let compiled = |target| Compiled {
                project: checked.project,
                target,
                compilation: compile::compile(
                    checked.project,
                    target,
                    &checked.routes,
                    &self.files,
                    &checked.templates,
                    findings,
                ),
            };
            Some([checked.target, other].map(compiled))
        })
    }

    /// Everything that a target should run, as one script. Findings are shown; `None` where they forbid to go on.
    pub(super) fn script(
        &self,
        target: &str,
        dialect: &'static Dialect,
        findings: Findings,
        ui: &mut Ui,
    ) -> anyhow::Result<Option<String>> {
        self.checked(target, findings, ui, |checked, findings| {
            let job = Job {
                project: checked.project,
                target: checked.target,
                dialect,
            };
            let (routes, templates) = (&checked.routes, &checked.templates);
            script::script(job, routes, &self.files, templates, findings)
        })
    }

    /// Makes something of the checked routes for a target. Findings are shown; `None` where they forbid to go on.
    fn checked<'s, T>(
        &'s self,
        target: &str,
        mut findings: Findings,
        ui: &mut Ui,
        compile: impl FnOnce(Checked<'s>, &mut Findings) -> Option<T>,
    ) -> anyhow::Result<Option<T>> {
        let Some(workspace) = &self.workspace else {
            report(findings, &self.files, ui)?;
            return Ok(None);
        };
        let target = self::target(workspace, target);
        if target.is_err() && findings.has_errors() {
            // A target that could not be read is not unknown; its own finding says what is wrong.
            report(findings, &self.files, ui)?;
            return Ok(None);
        }
        let target = target?;
        let templates = templates(&self.root)?;
        let checked = Checked {
            project: &workspace.project,
            target,
            routes: check::check(workspace, &mut findings),
            templates,
        };
        let compiled = compile(checked, &mut findings);
        let usable = report(findings, &self.files, ui)?;
        Ok(compiled.filter(|_| usable))
    }
}

/// A project file on its own, for commands that help to write the rest: a route that is half written must not
/// stand in their way.
pub(super) struct Definition {
    /// The project directory.
    pub(super) root: Utf8PathBuf,
    /// All files that were read.
    pub(super) files: Sources,
    /// What was read; nothing where the project file is unusable.
    pub(super) project: Option<Project>,
}

impl Definition {
    /// Reads the project file that the user means, with what is wrong with it.
    pub(super) fn load(globals: &Globals) -> anyhow::Result<(Self, Findings)> {
        let (root, name) = locate(globals)?;
        let mut files = Sources::default();
        let mut findings = Findings::default();
        let file = workspace::read(&root, &root.join(name), &mut files, &mut findings);
        let project = file.and_then(|id| project::load(&root, id, &mut files, &mut findings));
        let definition = Self {
            root,
            files,
            project,
        };
        Ok((definition, findings))
    }
}

/// What is to be compiled, and with what.
struct Checked<'s> {
    project: &'s Project,
    target: &'s Target,
    routes: Vec<TypedRoute<'s>>,
    templates: Templates,
}

/// A project compiled for a target.
pub(super) struct Compiled<'s> {
    /// The project.
    pub(super) project: &'s Project,
    /// The target.
    pub(super) target: &'s Target,
    /// The SQL.
    pub(super) compilation: Compilation<'s>,
}

/// Shows the findings; whether they allow to go on.
pub(super) fn report(findings: Findings, files: &Sources, ui: &mut Ui) -> anyhow::Result<bool> {
    let errors = findings.has_errors();
    ui.diagnostics(&findings.into_sorted(files), files)?;
    Ok(!errors)
}

/// The source of a name; without one the project's default source, or the only one.
pub(super) fn source<'w>(project: &'w Project, name: Option<&str>) -> anyhow::Result<&'w Source> {
    let default = project.defaults.source.as_ref();
    let default = default.map(|name| name.value.as_str());
    let only = project.sources.keys().next();
    let only = only.filter(|_| project.sources.len() == 1);
    let name = name.or(default).or(only.map(String::as_str));
    let name = name
        .ok_or_else(|| anyhow!("the project has several sources; say which one with `--source`"))?;
    project.sources.get(name).ok_or_else(|| {
        let known: Vec<_> = project.sources.keys().map(String::as_str).collect();
        let hint = did_you_mean(name, &known).unwrap_or_default();
        anyhow!("there is no source `{name}` in the project; {hint}")
    })
}

/// Why an event is no row, on one line.
pub(super) fn row_error(problem: &RowError) -> String {
    let help = problem.help.iter().map(|help| format!("; {help}"));
    format!("{problem}{}", help.collect::<String>())
}

/// The target of a name, as an error that a user understands.
pub(super) fn target<'w>(workspace: &'w Workspace, name: &str) -> anyhow::Result<&'w Target> {
    workspace
        .project
        .target(name)
        .map_err(|message| anyhow!(message))
}

/// The directory that commands start from.
pub(super) fn start_directory(globals: &Globals) -> anyhow::Result<Utf8PathBuf> {
    let current = std::env::current_dir().context("the current directory cannot be read")?;
    let current = Utf8PathBuf::from_path_buf(current)
        .map_err(|path| anyhow!("the current directory `{}` is not UTF-8", path.display()))?;
    let Some(directory) = &globals.directory else {
        return Ok(current);
    };
    let directory = current.join(directory);
    let resolved = directory.canonicalize_utf8();
    resolved.with_context(|| format!("cannot work in directory `{directory}`"))
}

/// The project directory and the name of the project file in it.
pub(super) fn locate(globals: &Globals) -> anyhow::Result<(Utf8PathBuf, String)> {
    let start = start_directory(globals)?;
    if let Some(config) = &globals.config {
        let path = start.join(config);
        let root = path.parent().filter(|_| path.is_file());
        let (Some(root), Some(name)) = (root, path.file_name()) else {
            return Err(anyhow!("there is no project file `{path}`"));
        };
        return Ok((root.to_owned(), name.to_owned()));
    }
    match project::find_root(&start) {
        Some(root) => Ok((root.to_owned(), FILE_NAME.to_owned())),
        None => Err(anyhow!(
            "there is no {FILE_NAME} in `{start}` or above it; work in a project, name one with `-C DIR`, or write one: the reference shows the smallest"
        )),
    }
}

/// The built-in templates with what the project overrides.
fn templates(root: &Utf8Path) -> anyhow::Result<Templates> {
    let mut overrides = BTreeMap::new();
    for (name, _) in BUILT_IN {
        if let Some(text) = files::read_text_if_exists(&root.join(TEMPLATES).join(name))? {
            overrides.insert((*name).to_owned(), text);
        }
    }
    Templates::load(&overrides).context("the project's templates cannot be used")
}
