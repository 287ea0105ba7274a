//! A project as it was in a revision, from git.
//!
//! git itself writes the files of the project to a directory of their own, through an index of their own: neither the
//! checkout nor its index is touched, and attributes and line ends come out as in a checkout.

use std::process::Command;

use anyhow::{Context as _, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// The files of a project as they were in a revision; they go when this goes.
#[derive(Debug)]
pub(super) struct Revision {
    /// The commit, in short.
    pub(super) commit: String,
    files: Utf8PathBuf,
    _directory: TempDir,
}

impl Revision {
    /// Writes the files of the project in `root`, whose project file is `file`, as they were in a revision.
    pub(super) fn of(root: &Utf8Path, file: &str, name: &str) -> anyhow::Result<Self> {
        let place = git(
            root,
            None,
            &["rev-parse", "--show-toplevel", "--show-prefix"],
        )?;
        let place = place.map_err(|words| {
            anyhow!("git knows nothing of `{root}`: {words}; name a plan that `plan --out` saved instead")
        })?;
        let (top, project) = place.split_once('\n').unwrap_or((&place, ""));
        let (top, project) = (Utf8Path::new(top), project.trim_end_matches('/'));
        let wanted = format!("{name}^{{commit}}");
        let verify = [
            "rev-parse",
            "--verify",
            "--short",
            "--end-of-options",
            &wanted,
        ];
        let Ok(commit) = git(top, None, &verify)? else {
            bail!(
                "`{name}` is neither a file nor a revision that git knows; {}",
                where_to_look(top)?
            );
        };
        let path = Utf8Path::new(project).join(file);
        if git(top, None, &["cat-file", "-e", &format!("{commit}:{path}")])?.is_err() {
            bail!(
                "revision `{name}` ({commit}) has no `{path}`; name one in which the project was there already"
            );
        }
        let directory =
            TempDir::with_prefix("routectl-").context("no temporary directory can be made")?;
        let own = Utf8PathBuf::from_path_buf(directory.path().to_owned());
        let own = own
            .map_err(|path| anyhow!("the temporary directory `{}` is not UTF-8", path.display()))?;
        let (index, files) = (own.join("index"), own.join("files"));
        let tree = format!("{commit}:{project}");
        let prefix = format!("--prefix={files}/");
        for arguments in [
            ["read-tree", "--no-sparse-checkout", &tree],
            ["checkout-index", "--all", &prefix],
        ] {
            let written = git(top, Some(&index), &arguments)?;
            written.map_err(|words| {
                anyhow!("git cannot write the files of revision `{name}`: {words}")
            })?;
        }
        Ok(Self {
            commit,
            files,
            _directory: directory,
        })
    }

    /// The project directory.
    pub(super) fn root(&self) -> &Utf8Path {
        &self.files
    }
}

/// Where a revision may be that git does not know.
fn where_to_look(top: &Utf8Path) -> anyhow::Result<&'static str> {
    let is_shallow = git(top, None, &["rev-parse", "--is-shallow-repository"])?;
    Ok(if is_shallow.is_ok_and(|word| word == "true") {
        "this clone is shallow: `git fetch --unshallow --tags` gets the rest"
    } else {
        "`git log` and `git tag` list those that are there"
    })
}

/// The variables that name a repository, as hooks of another one set them: `git rev-parse --local-env-vars` lists them.
const OF_A_REPOSITORY: [&str; 14] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
];

/// What git says, or why it refuses.
fn git(
    directory: &Utf8Path,
    index: Option<&Utf8Path>,
    arguments: &[&str],
) -> anyhow::Result<Result<String, String>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(directory).args(arguments);
    for variable in OF_A_REPOSITORY {
        command.env_remove(variable);
    }
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command.output();
    let output = output
        .context("git cannot be run; install it, or name a plan that `plan --out` saved instead")?;
    let words = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes)
            .trim_end_matches('\n')
            .to_owned()
    };
    Ok(if output.status.success() {
        Ok(words(&output.stdout))
    } else {
        Err(words(&output.stderr))
    })
}
