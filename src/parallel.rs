//! Work on many things that know nothing of each other, on every core.

use std::num::NonZero;
use std::{panic, thread};

use crate::diagnostic::Findings;

/// Below this many, starting threads would take longer than the work.
const FEW: usize = 64;

/// What `work` makes of each of the things, in their order. Its findings come in that order too, so that the
/// number of cores shows nowhere.
pub(crate) fn filter_map<'t, T: Sync, R: Send>(
    things: &'t [T],
    findings: &mut Findings,
    work: impl Fn(&'t T, &mut Findings) -> Option<R> + Sync,
) -> Vec<R> {
    if things.len() < FEW {
        let made = things.iter().filter_map(|thing| work(thing, findings));
        return made.collect();
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let part = |things: &'t [T]| {
        let mut findings = Findings::default();
        let made = things.iter().filter_map(|thing| work(thing, &mut findings));
        (made.collect::<Vec<_>>(), findings)
    };
    let ended = thread::scope(|scope| {
        let parts = things.chunks(things.len().div_ceil(cores));
        let running: Vec<_> = parts.map(|things| scope.spawn(|| part(things))).collect();
        let ended = running.into_iter().map(thread::ScopedJoinHandle::join);
        ended.collect::<Vec<_>>()
    });
    let mut all = Vec::with_capacity(things.len());
    for part in ended {
        let (made, problems) = part.unwrap_or_else(|panic| panic::resume_unwind(panic));
        all.extend(made);
        findings.extend(problems.into_unsorted());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source_text::{Sources, Span};

    #[test]
    fn results_and_findings_keep_their_order() {
        let file = Sources::default().add("a", "");
        let things: Vec<usize> = (0..1_000).collect();
        let mut findings = Findings::default();
        let made = filter_map(&things, &mut findings, |thing, findings| {
            if thing % 10 == 0 {
                let span = Span::new(file, *thing..*thing);
                findings.push(Diagnostic::new(Code::Internal, "", span, ""));
                return None;
            }
            Some(*thing)
        });
        assert_eq!(made.len(), 900);
        assert!(made.is_sorted());
        let places: Vec<u32> = findings
            .into_unsorted()
            .iter()
            .map(|finding| finding.primary.span.start)
            .collect();
        assert_eq!(places.len(), 100);
        assert!(places.is_sorted());
    }
}
