//! Runs routes on generated and hostile events in real Flink, and compares every outcome with the evaluator's; see
//! `tests/flink/run`.
//!
//! | module | concept |
//! | --- | --- |
//! | [`role`], [`operands`] | what fields are meant to hold, and what routes compare them with |
//! | [`routes`], [`tests`] | routes by chance |
//! | [`near`], [`hostile`], [`values`], [`document`], [`events`] | rows by chance |
//! | [`fixture`], [`suite`] | the projects; one source with its rows and routes |
//! | [`jobs`], [`flink`], [`found`] | what Flink is to run, and what it wrote |
//! | [`expect`] | what the evaluator says |
//! | [`sample`] | events of the sample project |
//! | [`mutants`] | what must be found out |
//! | [`differences`], [`coverage`] | where they differ, and what was tried |

mod arguments;
mod coverage;
mod differences;
mod document;
mod events;
mod expect;
mod fixture;
mod flink;
mod found;
mod hostile;
mod jobs;
mod mutants;
mod near;
mod operands;
mod rng;
mod role;
mod routes;
mod sample;
mod suite;
mod tests;
mod values;
mod verdict;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::{env, thread};

use anyhow::anyhow;
use camino::Utf8Path;
use routectl::check::TypedRoute;

use arguments::Arguments;
use expect::Expectation;
use fixture::Loaded;
use jobs::{Job, Write};
use mutants::sql::Mutants;
use suite::Suite;
use verdict::Verdict;

/// A suite with what Flink is to run of it.
struct Planned<'w> {
    suite: Suite<'w>,
    /// What is compared.
    writes: Vec<Write>,
    mutants: Mutants,
    /// All of it.
    jobs: Vec<Job>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::read(env::args().skip(1))?;
    let directory = &arguments.directory;
    // Some are refused, and some say nothing.
    let tries = arguments.routes / 2;
    let generated = fixture::generate(&directory.join("project"), arguments.seed, tries)?;
    let sample = Loaded::read(Utf8Path::new(fixture::SAMPLE))?;
    let (generated_routes, sample_routes) = (generated.routes(), sample.routes());
    let mut suites = generated_suites(&generated, &generated_routes, &arguments)?;
    suites.extend(sample_suites(&sample, &sample_routes, &arguments)?);
    let verdict = prove(suites, &arguments)?;
    write!(io::stdout(), "{verdict}")?;
    Ok(if verdict.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// One suite for each source of the generated project.
fn generated_suites<'w>(
    loaded: &'w Loaded,
    routes: &[TypedRoute<'w>],
    arguments: &Arguments,
) -> anyhow::Result<Vec<(&'w Loaded, Suite<'w>)>> {
    let sources = &loaded.workspace.project.sources;
    let suites = sources.values().map(|source| {
        let events = events::events(source, arguments.seed, arguments.events)?;
        let count = arguments.routes.div_ceil(sources.len());
        Ok((loaded, Suite::choose(source, routes, events, count)))
    });
    suites.collect()
}

/// One suite for each source of the sample project, with all routes that run.
fn sample_suites<'w>(
    loaded: &'w Loaded,
    routes: &[TypedRoute<'w>],
    arguments: &Arguments,
) -> anyhow::Result<Vec<(&'w Loaded, Suite<'w>)>> {
    let routes: Vec<_> = routes
        .iter()
        .filter(|route| route.route.enabled)
        .cloned()
        .collect();
    let sources = loaded.workspace.project.sources.values();
    let suites = sources.map(|source| {
        let (seed, count) = (arguments.seed, arguments.events);
        let events = sample::events(&loaded.workspace, source, &routes, seed, count)?;
        let routes = routes.clone();
        Ok((
            loaded,
            Suite {
                source,
                routes,
                events,
            },
        ))
    });
    suites.collect()
}

/// Lets Flink run everything, and compares.
fn prove(suites: Vec<(&Loaded, Suite<'_>)>, arguments: &Arguments) -> anyhow::Result<Verdict> {
    let mut planned: Vec<Planned<'_>> = Vec::new();
    for (loaded, suite) in suites {
        let before = planned.iter().map(|planned| &planned.mutants);
        let planned_suite = plan(
            loaded,
            suite,
            &before.collect::<Vec<_>>(),
            &arguments.directory,
        )?;
        planned.push(planned_suite);
    }
    let jobs: Vec<&Job> = planned.iter().flat_map(|planned| &planned.jobs).collect();
    thread::scope(|scope| {
        let expect = || -> anyhow::Result<Vec<_>> {
            let suites = planned.iter().map(|planned| &planned.suite);
            suites.map(Expectation::of).collect()
        };
        let expected = scope.spawn(expect);
        let failures = flink::run(&arguments.command, &jobs, &arguments.directory)?;
        let expected = expected
            .join()
            .map_err(|_| anyhow!("the evaluator panicked"))??;
        let mut verdict = Verdict::default();
        for (expected, planned) in expected.iter().zip(&planned) {
            let Planned {
                suite,
                writes,
                mutants,
                ..
            } = planned;
            let flink = verdict.judge(expected, suite, writes, &failures)?;
            let found_out = &mut verdict.found_out;
            mutants.judge(&expected.outcomes, &failures, suite.events.len(), found_out)?;
            mutants::evaluator::judge(suite, &flink, found_out);
        }
        Ok(verdict)
    })
}

/// What Flink is to run of a suite.
fn plan<'w>(
    loaded: &Loaded,
    suite: Suite<'w>,
    before: &[&Mutants],
    directory: &Utf8Path,
) -> anyhow::Result<Planned<'w>> {
    let name = &suite.source.name.value;
    let directory = directory.join(name);
    let rows = jobs::rows(&suite, &directory)?;
    let mut writes = jobs::inserts(loaded, &suite, &directory)?;
    writes.extend(jobs::outcomes(
        &suite.conditions(),
        suite.source,
        &directory,
    ));
    let mutants = Mutants::of(&suite, before, &directory)?;
    let mut jobs = jobs::jobs(name, &rows, &writes);
    jobs.extend(mutants.jobs(&suite, &rows));
    Ok(Planned {
        suite,
        writes,
        mutants,
        jobs,
    })
}
