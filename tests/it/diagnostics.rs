//! Every finding that users can cause, on small broken projects, and what they read.
//!
//! `tests/diagnostics/base` is a good project. Each `tests/diagnostics/<code>/<example>` holds the files in
//! which a broken one differs from it (`REMOVE` lists files that it lacks), and `findings.snap`: all that
//! is reported. `tests/diagnostics/<code>/good` holds in the same way how it is done right: nothing is reported.
//! To add an example, add its directory and run the tests with `INSTA_UPDATE=always`.

use camino::{Utf8Path, Utf8PathBuf};
use routectl::diagnostic::{Code, Diagnostic, Findings, human};
use routectl::source_text::Sources;
use routectl::{check, event, files, published, testing, workspace};

mod agreement;
mod hostile_text;
mod many;
mod places;
mod robust;

/// A copy of the base project, for a test to break.
pub(crate) struct Project(tempfile::TempDir);

/// What is wrong with a project.
pub(crate) struct Checked {
    pub(crate) sources: Sources,
    pub(crate) found: Vec<Diagnostic>,
}

impl Project {
    /// The good project.
    pub(crate) fn base() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        project.overlay(&examples().join("base"));
        project
    }

    pub(crate) fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.0.path()).unwrap()
    }

    /// Writes a file.
    pub(crate) fn with(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        self.write(Utf8Path::new(path), contents.as_ref());
        self
    }

    /// Puts a route file in the place of the only one.
    pub(crate) fn with_route(self, text: &str) -> Self {
        self.with(ROUTE, text)
    }

    /// Replaces text that the file holds.
    pub(crate) fn replace(self, path: &str, old: &str, new: &str) -> Self {
        let text = files::read_text(&self.root().join(path)).unwrap();
        assert!(text.contains(old), "{path} does not hold {old:?}");
        self.with(path, text.replace(old, new))
    }

    #[allow(clippy::disallowed_methods, reason = "examples need not be text")]
    fn write(&self, path: &Utf8Path, contents: &[u8]) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }

    #[allow(clippy::disallowed_methods, reason = "examples need not be text")]
    fn overlay(&self, directory: &Utf8Path) {
        for path in files::find(directory, &["yaml", "json", "avsc", "disabled"]).unwrap() {
            let below = path.strip_prefix(directory).unwrap();
            self.write(below, &std::fs::read(&path).unwrap());
        }
        let removed = files::read_text_if_exists(&directory.join("REMOVE")).unwrap();
        for path in removed.iter().flat_map(|list| list.lines()) {
            files::remove(&self.root().join(path)).unwrap();
        }
    }

    /// Does what `routectl validate` does.
    pub(crate) fn check(&self) -> Checked {
        let (mut sources, mut findings) = (Sources::default(), Findings::default());
        let loaded = workspace::load(self.root(), "routectl.yaml", &mut sources, &mut findings);
        if let Some(workspace) = loaded.unwrap() {
            let routes = check::check(&workspace, &mut findings);
            testing::prepare(&workspace, &routes, &mut findings);
            if !findings.has_errors() {
                published::check_workspace(&workspace, &sources, &mut findings);
            }
            event::validate_samples(&workspace, &mut sources, &mut findings).unwrap();
        }
        let found = findings.into_sorted(&sources);
        Checked { sources, found }
    }
}

impl Checked {
    /// What a user reads.
    pub(crate) fn rendered(&self) -> String {
        let one = |found| human::render(found, &self.sources, false);
        self.found.iter().map(one).collect::<Vec<_>>().join("\n\n")
    }

    /// The codes, in the order of the findings.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.found.iter().map(|found| found.code.name()).collect()
    }
}

/// The only route file of the base project.
pub(crate) const ROUTE: &str = "routes/large-loans.yaml";

pub(crate) fn examples() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// The directory of a code's good example.
const GOOD: &str = "good";

fn directories(below: &Utf8Path) -> Vec<Utf8PathBuf> {
    let entries = below.read_dir_utf8().unwrap().map(Result::unwrap);
    let mut found: Vec<_> = entries
        .map(|entry| entry.path().to_owned())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

/// The broken examples with their codes.
pub(crate) fn broken() -> Vec<(Code, Utf8PathBuf)> {
    let codes = directories(&examples());
    let codes = codes.iter().filter(|path| path.file_name() != Some("base"));
    codes
        .flat_map(|path| {
            let name = path.file_name().unwrap();
            let code = Code::by_name(name).unwrap_or_else(|| panic!("no code is named {name}"));
            let examples = directories(path).into_iter();
            let broken = examples.filter(|path| path.file_name() != Some(GOOD));
            broken.map(move |path| (code, path))
        })
        .collect()
}

/// The broken project of an example.
pub(crate) fn example(directory: &Utf8Path) -> Project {
    let project = Project::base();
    project.overlay(directory);
    project
}

#[test]
fn the_base_project_is_good() {
    assert_eq!(Project::base().check().rendered(), "");
}

/// Whether `validate` finds it. `internal` stands for defects of routectl itself, which no input is known to cause;
/// how long a statement is shows when it is compiled (`tests/it/cli_compile.rs` has an example).
fn is_found_by_validate(code: Code) -> bool {
    !matches!(code, Code::Internal | Code::StatementTooLong)
}

#[test]
fn every_code_has_an_example() {
    let shown: Vec<Code> = broken().into_iter().map(|(code, _)| code).collect();
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| is_found_by_validate(**code) && !shown.contains(code))
        .collect();
    assert!(missing.is_empty(), "without an example: {missing:?}");
}

#[test]
fn every_code_has_a_good_example_beside_it() {
    let mut wrong = Vec::new();
    for code in Code::ALL.iter().filter(|code| is_found_by_validate(**code)) {
        let directory = examples().join(code.name()).join(GOOD);
        let found = if directory.is_dir() {
            example(&directory).check().rendered()
        } else {
            "none".to_owned()
        };
        if !found.is_empty() {
            wrong.push(format!("{code}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_example_reads_well_and_reports_its_mistake_alone() {
    let mut cascades = Vec::new();
    for (code, directory) in broken() {
        let checked = example(&directory).check();
        if checked.found.is_empty() || checked.found.iter().any(|found| found.code != code) {
            cascades.push(format!("{directory}: {:?}", checked.codes()));
        }
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&directory);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("findings", checked.rendered()));
    }
    assert!(cascades.is_empty(), "{cascades:#?}");
}
