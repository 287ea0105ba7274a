//! What came of tests, as the XML that test reporters read: one suite for each file.
//! (The format has no standard; this is what the Ant task of `JUnit` wrote and GitLab, Jenkins and Azure read.)

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::run::Outcome;

/// The report of a run.
pub fn report(outcomes: &[Outcome]) -> String {
    let mut by_file: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        by_file
            .entry(outcome.file.as_str())
            .or_default()
            .push(outcome);
    }
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for (file, outcomes) in by_file {
        let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">",
            escaped(file),
            outcomes.len()
        );
        for outcome in outcomes {
            case(outcome, &mut xml);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn case(outcome: &Outcome, xml: &mut String) {
    let name = format!("{} ({})", outcome.name, outcome.event);
    let (name, file) = (escaped(&name), escaped(outcome.file.as_str()));
    let _ = write!(
        xml,
        "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{}\"",
        outcome.line
    );
    if outcome.passed() {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    for failure in &outcome.failures {
        let _ = writeln!(
            xml,
            "      <failure message=\"{}\">{}</failure>",
            escaped(&failure.message),
            escaped(&failure.reasons.join("\n"))
        );
    }
    xml.push_str("    </testcase>\n");
}

/// Text in XML 1.0, which has no way to write control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
            }
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}
