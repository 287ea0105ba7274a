//! The projects whose routes run: the generated one, and the sample project.

use anyhow::Context as _;
use camino::Utf8Path;
use routectl::check::{self, TypedRoute};
use routectl::diagnostic::Findings;
use routectl::files;
use routectl::project::FILE_NAME;
use routectl::source_text::Sources;
use routectl::workspace::{self, Workspace};

use super::rng::Rng;
use super::routes;

/// The sample project.
pub(crate) const SAMPLE: &str = env!("CARGO_MANIFEST_DIR");

const PROJECT: &str = include_str!("project/routectl.yaml");
const SCHEMA: &str = include_str!("project/event.json");
const ALWAYS: &str = include_str!("project/routes.yaml");

/// Routes whose names begin so are never left out.
pub(crate) const ALWAYS_THERE: &str = "always-";

/// A project that was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) workspace: Workspace,
    pub(crate) files: Sources,
}

impl Loaded {
    /// The project in a directory.
    pub(crate) fn read(root: &Utf8Path) -> anyhow::Result<Self> {
        let (mut files, mut findings) = (Sources::default(), Findings::default());
        let workspace = workspace::load(root, FILE_NAME, &mut files, &mut findings)?;
        let workspace = workspace.with_context(|| format!("{root}/{FILE_NAME} cannot be used"))?;
        Ok(Self { workspace, files })
    }

    /// Its routes, without those that are refused.
    pub(crate) fn routes(&self) -> Vec<TypedRoute<'_>> {
        check::check(&self.workspace, &mut Findings::default())
    }
}

/// Writes the generated project into a directory, with so many routes for each of its sources.
pub(crate) fn generate(root: &Utf8Path, seed: u64, routes: usize) -> anyhow::Result<Loaded> {
    files::write_atomically(&root.join(FILE_NAME), PROJECT)?;
    files::write_atomically(&root.join("event.json"), SCHEMA)?;
    files::write_atomically(&root.join(workspace::ROUTES).join("always.yaml"), ALWAYS)?;
    let sources = Loaded::read(root)?;
    for (name, source) in &sources.workspace.project.sources {
        let mut rng = Rng::new(seed, name);
        let routes =
            (0..routes).map(|number| routes::route(&mut rng, source, &format!("{name}-{number}")));
        let text = routes.collect::<Vec<_>>().join("---\n");
        files::write_atomically(
            &root.join(format!("{}/{name}.yaml", workspace::ROUTES)),
            &text,
        )?;
    }
    Loaded::read(root)
}
