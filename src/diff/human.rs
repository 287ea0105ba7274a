//! A comparison for people: what differs, whole, and a count of the rest. Styled; strip it where that is not wanted.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::text::visible;
use super::{Base, Comparison, RouteDiff, Setting, Verdict};

/// Renders everything but the last line.
pub fn render(comparison: &Comparison) -> String {
    let mut text = String::new();
    if let Base::Target(base) = &comparison.base {
        targets(comparison, base, &mut text);
    }
    for route in comparison.differences() {
        self::route(route, &mut text);
    }
    text
}

fn targets(comparison: &Comparison, base: &str, text: &mut String) {
    let bold = Style::new().bold();
    let target = &comparison.target;
    let _ = writeln!(text, "{bold}targets{bold:#} {base} -> {target}");
    for one in &comparison.settings {
        setting(one, text);
    }
    if comparison.differences().next().is_none() {
        let _ = writeln!(text, "  {}", same_meaning(comparison));
    }
    text.push('\n');
}

/// What is said where no route differs between two targets.
pub(super) fn same_meaning(comparison: &Comparison) -> String {
    let mut settings = comparison.settings.iter();
    let topics = if settings.any(|setting| setting.name == "topic-suffix") {
        "; their topics differ by the suffix alone"
    } else {
        ""
    };
    format!("every route means the same on both{topics}")
}

fn route(route: &RouteDiff, text: &mut String) {
    let (sign, style) = look(&route.verdict);
    let title = visible(&route.title);
    let words = route.words().join(", ");
    let _ = writeln!(text, "{style}{sign} {title}{style:#}: {words}");
    for explanation in route.explanations() {
        let _ = writeln!(text, "  {}", visible(&explanation));
    }
    for one in &route.settings {
        setting(one, text);
    }
    if let Some(texts) = &route.texts {
        for line in texts.unified().split_inclusive('\n') {
            let style = line_style(line);
            let _ = write!(text, "{style}{}{style:#}", line.trim_end_matches('\n'));
            text.push('\n');
        }
    }
    text.push('\n');
}

fn setting(setting: &Setting, text: &mut String) {
    let Setting { name, .. } = setting;
    let (before, after) = (visible(setting.before()), visible(setting.after()));
    let _ = writeln!(text, "  {}: {before} -> {after}", visible(name));
}

fn look(verdict: &Verdict) -> (char, Style) {
    let (sign, color) = match verdict {
        Verdict::New => ('+', AnsiColor::Green),
        Verdict::Gone | Verdict::Disabled => ('-', AnsiColor::Red),
        Verdict::Unreadable(_) => ('!', AnsiColor::Red),
        _ => ('~', AnsiColor::Yellow),
    };
    (sign, Style::new().fg_color(Some(color.into())))
}

fn line_style(line: &str) -> Style {
    let color = match line.as_bytes() {
        [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => return Style::new().bold(),
        [b'+', ..] => AnsiColor::Green,
        [b'-', ..] => AnsiColor::Red,
        [b'@', ..] => AnsiColor::Cyan,
        _ => return Style::new(),
    };
    Style::new().fg_color(Some(color.into()))
}
