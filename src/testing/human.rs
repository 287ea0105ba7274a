//! What came of tests, for people: failures with their reasons, then how many there were.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::coverage::Coverage;
use super::run::Outcome;

/// Renders every test that failed. Styled; strip it where that is not wanted.
pub fn render(outcomes: &[Outcome]) -> String {
    let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let mut text = String::new();
    for outcome in outcomes.iter().filter(|outcome| !outcome.passed()) {
        let (name, file, line) = (&outcome.name, &outcome.file, outcome.line);
        let _ = writeln!(text, "{red}failed{red:#} {name}");
        let _ = writeln!(text, "  at {file}:{line}, with {}", outcome.event);
        for failure in &outcome.failures {
            let _ = writeln!(text, "  {}", failure.message);
            for reason in &failure.reasons {
                let _ = writeln!(text, "    {reason}");
            }
        }
        text.push('\n');
    }
    text
}

/// Renders what tests have not tried: routes without tests, and conditions that were never true or always.
pub fn coverage(coverage: &Coverage) -> String {
    let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into()));
    let mut text = String::new();
    for route in coverage.routes.iter().filter(|route| !route.is_complete()) {
        let name = &route.route;
        if route.events == 0 {
            let _ = writeln!(text, "{yellow}untested{yellow:#} route {name}");
            continue;
        }
        let conditions = route.conditions.iter();
        for one in conditions.filter(|one| !one.was_true || !one.was_not_true) {
            let never = match (one.was_true, one.was_not_true) {
                (false, false) => "never looked at",
                (false, true) => "never true",
                _ => "never false",
            };
            let _ = writeln!(
                text,
                "{yellow}{never}{yellow:#} {} ({}:{})",
                one.condition, one.file, one.line
            );
        }
    }
    let complete = coverage.routes.iter().filter(|route| route.is_complete());
    let _ = writeln!(
        text,
        "every condition tried both ways in {} of {} routes",
        complete.count(),
        coverage.routes.len()
    );
    text
}
