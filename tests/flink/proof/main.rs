//! Runs routes on generated and hostile events in real Flink, and compares every outcome with the evaluator's; see
//! `tests/flink/run`.
//!
//! | module | concept |
//! | --- | --- |
//! | [`pools`] | what routes compare with, and what events hold |
//! | [`events`], [`routes`] | rows and routes of them, by chance |
//! | [`fixture`], [`suite`] | the projects; one source with its rows and routes |
//! | [`jobs`], [`flink`], [`found`] | what Flink is to run, and what it wrote |
//! | [`expect`] | what the evaluator says |
//! | [`differences`], [`coverage`] | where they differ, and what was tried |

mod arguments;
mod coverage;
mod differences;
mod events;
mod expect;
mod fixture;
mod flink;
mod found;
mod jobs;
mod pools;
mod rng;
mod routes;
mod suite;
mod verdict;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::{env, thread};

use anyhow::anyhow;
use camino::Utf8Path;
use routectl::check::TypedRoute;

use arguments::Arguments;
use fixture::Loaded;
use jobs::Job;
use suite::Suite;
use verdict::Verdict;

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::read(env::args().skip(1))?;
    let generated = fixture::generate(&arguments.directory.join("project"), arguments.seed, arguments.routes / 2)?;
    let routes = generated.routes();
    let suites = suites(&generated, &routes, &arguments)?;
    let mut jobs = Vec::new();
    for suite in &suites {
        jobs.push(job(&generated, suite, &arguments.directory)?);
    }
    let verdict = thread::scope(|scope| {
        let judged = scope.spawn(|| suites.iter().map(Verdict::expect).collect::<anyhow::Result<Vec<_>>>());
        let failures = flink::run(&arguments.command, &jobs, &arguments.directory)?;
        let expected = judged.join().map_err(|_| anyhow!("the evaluator panicked"))??;
        let mut verdict = Verdict::default();
        for (expected, (suite, job)) in expected.iter().zip(suites.iter().zip(&jobs)) {
            verdict.judge(expected, suite, job, &failures)?;
        }
        anyhow::Ok(verdict)
    })?;
    write!(io::stdout(), "{verdict}")?;
    Ok(if verdict.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One suite for each source of a project.
fn suites<'w>(
    loaded: &'w Loaded,
    routes: &[TypedRoute<'w>],
    arguments: &Arguments,
) -> anyhow::Result<Vec<Suite<'w>>> {
    let sources = &loaded.workspace.project.sources;
    let suites = sources.values().map(|source| {
        let events = events::events(source, arguments.seed, arguments.events)?;
        Ok(Suite::choose(source, routes, events, arguments.routes.div_ceil(sources.len())))
    });
    suites.collect()
}

/// What Flink is to run of a suite.
fn job(loaded: &Loaded, suite: &Suite<'_>, directory: &Utf8Path) -> anyhow::Result<Job> {
    let name = &suite.source.name.value;
    let directory = directory.join(name);
    let mut writes = jobs::inserts(loaded, suite, &directory)?;
    writes.extend(jobs::outcomes(&suite.conditions(), suite.source, &directory));
    Ok(Job { name: name.clone(), source: jobs::rows(suite, &directory)?, writes })
}
