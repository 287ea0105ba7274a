//! What is to be proved.

use anyhow::{Context as _, bail};
use camino::Utf8PathBuf;

/// How much, with what, and where.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// What is generated is the same for the same seed.
    pub(crate) seed: u64,
    /// Routes of all sources together.
    pub(crate) routes: usize,
    /// Events of each source.
    pub(crate) events: usize,
    /// Where everything is written.
    pub(crate) directory: Utf8PathBuf,
    /// What runs Flink.
    pub(crate) command: Vec<String>,
}

impl Arguments {
    /// Reads `--seed N --routes N --events N --directory DIR -- COMMAND...`.
    pub(crate) fn read(mut texts: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut read = Self {
            seed: 1,
            routes: 320,
            events: 2_000,
            directory: Utf8PathBuf::new(),
            command: Vec::new(),
        };
        while let Some(name) = texts.next() {
            let mut value = || {
                texts
                    .next()
                    .with_context(|| format!("`{name}` needs a value"))
            };
            match name.as_str() {
                "--seed" => read.seed = value()?.parse()?,
                "--routes" => read.routes = value()?.parse()?,
                "--events" => read.events = value()?.parse()?,
                "--directory" => read.directory = value()?.into(),
                "--" => read.command.extend(texts.by_ref()),
                _ => bail!("unknown argument `{name}`"),
            }
        }
        Ok(read)
    }
}
