//! `routectl sample`

mod asked;
mod output;

use anyhow::{anyhow, ensure};
use camino::Utf8PathBuf;
use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::session::{self, Session};
use super::trace::chosen;
use super::ui::Ui;
use super::{Exit, Globals};
use crate::check::TypedRoute;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::parallel;
use crate::project::source::Source;
use crate::sample::cases::{self, Aim, Cases};
use crate::sample::{EventTypes, Sampler, Unsatisfiable, Wish, Wishes, hostile};
use crate::source_text::Span;
use crate::workspace::EventSchema;
use asked::Asked;
use output::Made;

/// Generate events from a source's event schema, valid by it and at the borders of its routes' conditions
///
/// For each route: an event that reaches it, and for each of its conditions events whose field is at the operand,
/// just beside it, spelled otherwise, null and missing, while the other conditions hold. The same seed gives the same
/// events everywhere. One event a line goes to standard output, for `routectl trace -` and other readers of NDJSON.
#[derive(Debug, Args)]
pub(super) struct SampleArgs {
    /// Source whose events to generate; by default the project's default source
    #[arg(long, value_name = "SOURCE", env = "ROUTECTL_SOURCE")]
    source: Option<String>,
    /// Only for this route; may be repeated
    #[arg(
        long = "route",
        value_name = "ROUTE",
        env = "ROUTECTL_ROUTE",
        conflicts_with = "plain"
    )]
    routes: Vec<String>,
    /// Events of this type alone: a value of the field that `event.type` names, or that tells the schema's alternatives
    /// apart
    #[arg(long = "type", value_name = "VALUE", env = "ROUTECTL_TYPE")]
    event_type: Option<String>,
    /// What a field is to be, such as `loan.status=active`; `null` and `missing` mean just that, in quotes they are
    /// text; may be repeated
    #[arg(long = "where", value_name = "PATH=VALUE", env = "ROUTECTL_WHERE")]
    wishes: Vec<String>,
    /// How many events; by default 10 with `--plain`, one of each kind of damage with `--hostile`, else as many as the
    /// conditions have borders. More are ordinary ones
    #[arg(long, value_name = "COUNT", env = "ROUTECTL_COUNT")]
    count: Option<usize>,
    /// Other events for each number
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        env = "ROUTECTL_SEED"
    )]
    seed: u64,
    /// What `withinLast` takes for the present; without it there are no events near its border
    #[arg(long, value_name = "TIME", env = "ROUTECTL_NOW")]
    now: Option<Timestamp>,
    /// Do not look at routes: ordinary events, of each type in turn
    #[arg(long, env = "ROUTECTL_PLAIN", value_parser = BoolishValueParser::new())]
    plain: bool,
    /// Events that the schema does not allow, and documents that are no JSON: whatever a topic may hold
    #[arg(long, env = "ROUTECTL_HOSTILE", value_parser = BoolishValueParser::new(), conflicts_with = "routes")]
    hostile: bool,
    /// Write a file for each event to this directory. A file with other contents is never overwritten
    #[arg(long, value_name = "DIR", env = "ROUTECTL_OUT")]
    out: Option<Utf8PathBuf>,
    /// How to print events; `json` is one document that also says what each event is for and which topics it reaches
    #[arg(
        short,
        long,
        value_enum,
        default_value = "ndjson",
        env = "ROUTECTL_OUTPUT",
        conflicts_with = "out"
    )]
    output: Format,
}

/// How events are printed. The flag's help says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Ndjson,
    Json,
}

/// How many ordinary events there are unless the user says.
const FEW: usize = 10;
/// How many events are grown before the first of them is printed.
const CHUNK: u64 = 1_024;
/// Of what cannot be covered, so much is told.
const MOST_TOLD: usize = 10;

pub(super) fn run(args: &SampleArgs, globals: &Globals, ui: &mut Ui) -> anyhow::Result<Exit> {
    let start = session::start_directory(globals)?;
    let (session, findings) = Session::load(globals)?;
    // Events come before the first route.
    let findings = findings.without(Code::NoRoutes);
    let Some(routes) = session.check(findings, ui)? else {
        return Ok(Exit::Failure);
    };
    let source = session.source(args.source.as_deref())?;
    let workspace = session.workspace.as_ref();
    let schema = workspace.and_then(|workspace| workspace.schemas.get(&source.name.value));
    let schema = schema.ok_or_else(|| anyhow!("the event schema of the source cannot be used"))?;
    let asked = Asked::read(args, source, &schema.schema)?;
    let work = Work {
        args,
        source,
        schema,
        sampler: Sampler::new(&schema.schema)?,
        wishes: asked.wishes,
        types: asked.types,
    };
    let mut output = output::Output::new(args, &start, source);
    let mut findings = Findings::default();
    if args.hostile {
        work.hostile(&mut findings, &mut output, ui)?;
    } else {
        let any = routes
            .iter()
            .any(|route| route.source.name.value == source.name.value);
        let count = if args.plain || !any {
            0
        } else {
            let routes = chosen(&routes, source, &args.routes)?;
            work.cases(&routes, &mut output, ui)?
        };
        let fallback = if count == 0 { FEW } else { count };
        let rest = args.count.unwrap_or(fallback).saturating_sub(count);
        work.ordinary(rest, &mut findings, &mut output, ui)?;
    }
    let usable = session.report(findings, ui)?;
    output.finish(ui)?;
    Ok(if usable { Exit::Success } else { Exit::Failure })
}

/// What events are made of.
struct Work<'w> {
    args: &'w SampleArgs,
    source: &'w Source,
    schema: &'w EventSchema,
    sampler: Sampler<'w>,
    wishes: Wishes,
    types: Option<EventTypes>,
}

impl Work<'_> {
    /// Events at the borders of routes' conditions; how many.
    fn cases(
        &self,
        routes: &[&TypedRoute<'_>],
        output: &mut output::Output<'_>,
        ui: &mut Ui,
    ) -> anyhow::Result<usize> {
        let aim = Aim {
            source: self.source,
            wishes: &self.wishes,
            seed: self.args.seed,
            now: self.args.now.map(Into::into),
        };
        let made: Vec<Cases> =
            parallel::filter_map(routes, &mut Findings::default(), |route, _| {
                Some(cases::of_route(&self.sampler, route, aim))
            });
        let wanted = self.args.count.unwrap_or(usize::MAX);
        let mut count = 0;
        // What reaches a topic comes first: with a small `--count` each route has an event.
        let longest = made.iter().map(|made| made.cases.len()).max().unwrap_or(0);
        let turns =
            (0..longest).flat_map(|turn| made.iter().filter_map(move |made| made.cases.get(turn)));
        for case in turns.take(wanted) {
            output.add(Made::of_case(case), ui)?;
            count += 1;
        }
        ensure!(
            count > 0 || wanted == 0,
            "no event is possible with what `--type` and `--where` ask for"
        );
        if wanted > count {
            let gaps: Vec<_> = made.iter().flat_map(|made| &made.gaps).collect();
            for gap in gaps.iter().take(MOST_TOLD) {
                ui.say(&gap.to_string())?;
            }
            if gaps.len() > MOST_TOLD {
                ui.say(&format!("and {} more", gaps.len() - MOST_TOLD))?;
            }
        }
        Ok(count)
    }

    /// Events about which nothing is special, of each type in turn.
    fn ordinary(
        &self,
        count: usize,
        findings: &mut Findings,
        output: &mut output::Output<'_>,
        ui: &mut Ui,
    ) -> anyhow::Result<()> {
        let count = count as u64;
        let mut from = 0;
        while from < count && !findings.has_errors() {
            let streams: Vec<u64> = (from..count.min(from + CHUNK)).collect();
            from += CHUNK;
            let made = parallel::filter_map(&streams, findings, |stream, findings| {
                // One event that cannot be is enough to say so.
                if findings.has_errors() {
                    return None;
                }
                findings.note(self.event(*stream))
            });
            for one in made {
                output.add(one, ui)?;
            }
        }
        Ok(())
    }

    fn event(&self, stream: u64) -> Result<Made, Diagnostic> {
        let mut wishes = self.wishes.clone();
        let mut about = "event".to_owned();
        if let Some(types) = self.types.as_ref().filter(|types| !types.values.is_empty()) {
            let turn = usize::try_from(stream).unwrap_or(0) % types.values.len();
            about.clone_from(&types.values[turn]);
            let value = crate::sample::Json::Text(about.clone());
            wishes.set(types.path.clone(), Wish::Is(value));
        }
        let event = self.sampler.event(&wishes, self.args.seed, stream);
        let event = event.map_err(|problem| self.unsatisfiable(&problem))?;
        Ok(Made::ordinary(about, stream, event))
    }

    fn unsatisfiable(&self, problem: &Unsatisfiable) -> Diagnostic {
        let span = self.schema.span(&problem.place);
        let span = span.unwrap_or_else(|| Span::new(self.source.event.schema.span.file, 0..0));
        let message = format!("no event satisfies the schema: {}", problem.message);
        let help = if self.wishes == Wishes::default() {
            "correct the schema at that place; what it describes can never occur"
        } else {
            "ask for less with `--type` and `--where`, or correct the schema at that place"
        };
        Diagnostic::new(Code::SchemaInvalid, message, span, "cannot be satisfied").help(help)
    }

    /// Damaged events.
    fn hostile(
        &self,
        findings: &mut Findings,
        output: &mut output::Output<'_>,
        ui: &mut Ui,
    ) -> anyhow::Result<()> {
        let mut left = self.args.count;
        for stream in 0.. {
            let Some(made) = findings.note(self.event(stream)) else {
                break;
            };
            let seed = self.args.seed.wrapping_add(stream);
            let damaged = hostile(
                &made.event,
                seed,
                left.unwrap_or(usize::MAX).min(hostile::KINDS),
            );
            let count = damaged.len();
            for one in damaged {
                output.add_hostile(one, ui)?;
            }
            left = Some(left.unwrap_or(count).saturating_sub(count));
            if left == Some(0) || count == 0 {
                break;
            }
        }
        Ok(())
    }
}
