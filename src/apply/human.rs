//! A report for people: a line for each route. Styled; strip it where that is not wanted.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Report, Status};

/// Renders what came of each route.
pub fn render(report: &Report) -> String {
    let outcomes = &report.outcomes;
    let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or_default();
    let words = widest(&mut outcomes.iter().map(|outcome| outcome.status.word().len()));
    let routes = widest(&mut outcomes.iter().map(|outcome| outcome.title.len()));
    let mut text = String::new();
    for outcome in outcomes {
        let (status, style) = (outcome.status.word(), style(outcome.status));
        let line = format!(
            "{style}{status:<words$}{style:#}  {:<routes$}  {}",
            outcome.title, outcome.detail
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn style(status: Status) -> Style {
    let color = match status {
        Status::Done => AnsiColor::Green,
        Status::Failed => AnsiColor::Red,
        Status::Skipped
        | Status::Interrupted
        | Status::NotAttempted
        | Status::Refused
        | Status::Unhealthy => AnsiColor::Yellow,
    };
    Style::new().fg_color(Some(color.into()))
}
