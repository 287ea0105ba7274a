//! Reports as comments on a pull request: GitHub's Markdown, in which no text of users or of the service becomes
//! markup, a link or a mention, and which is never longer than a comment may be.
//!
//! A report is a summary, tables and folded details. [`Report::fit`] leaves out what does not fit, details
//! before rows and the largest first, and says how much that is.

use std::fmt::Write as _;

use crate::sql::is_invisible;

/// The longest comment that GitHub takes, in characters. Counted in bytes here, which are never fewer.
pub const LONGEST: usize = 65_536;

/// Room for the words on what was left out.
const RESERVE: usize = 500;

/// A report.
#[derive(Debug)]
pub struct Report {
    head: String,
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    /// What one of its pieces is called.
    noun: &'static str,
    head: String,
    pieces: Vec<String>,
}

impl Report {
    /// A report that begins with this line, which is Markdown already.
    pub fn new(summary: &str) -> Self {
        Self {
            head: format!("{summary}\n"),
            sections: Vec::new(),
        }
    }

    /// A paragraph of Markdown below the summary.
    pub fn say(&mut self, text: &str) {
        let _ = write!(self.head, "\n{text}\n");
    }

    /// A table, unless it has no rows; its cells are Markdown already.
    pub fn table<const N: usize>(
        &mut self,
        noun: &'static str,
        titles: [&str; N],
        rows: impl Iterator<Item = [String; N]>,
    ) {
        let rows: Vec<_> = rows
            .map(|cells| format!("| {} |\n", cells.join(" | ")))
            .collect();
        let head = format!("\n| {} |\n|{}\n", titles.join(" | "), " --- |".repeat(N));
        self.section(noun, head, rows);
    }

    /// Folded details.
    pub fn details(&mut self, noun: &'static str, pieces: impl Iterator<Item = String>) {
        self.section(noun, "\n".to_owned(), pieces.collect());
    }

    fn section(&mut self, noun: &'static str, head: String, pieces: Vec<String>) {
        if !pieces.is_empty() {
            self.sections.push(Section { noun, head, pieces });
        }
    }

    /// The report, at most [`LONGEST`] bytes long.
    pub fn fit(self) -> String {
        let mut left_out = Vec::new();
        let mut sections = self.sections;
        let size = |section: &Section| {
            let pieces = section.pieces.iter().map(String::len);
            section.head.len() + pieces.sum::<usize>()
        };
        let total = self.head.len() + sections.iter().map(size).sum::<usize>();
        let mut over = (total + RESERVE).saturating_sub(LONGEST);
        for section in sections.iter_mut().rev() {
            let dropped = section.drop_largest(over);
            if dropped.count > 0 {
                let plural = if dropped.count == 1 { "" } else { "s" };
                left_out.push(format!("{} {}{plural}", dropped.count, section.noun));
            }
            over = over.saturating_sub(dropped.size);
        }
        let mut text = self.head;
        for section in sections.iter().filter(|section| !section.pieces.is_empty()) {
            text.push_str(&section.head);
            text.extend(section.pieces.iter().map(String::as_str));
        }
        if !left_out.is_empty() {
            left_out.reverse();
            let _ = write!(
                text,
                "\n_Left out, as a comment holds no more: {}. The command without `-o markdown` shows everything._\n",
                left_out.join(", ")
            );
        }
        text
    }
}

/// What was left out of a section.
struct Dropped {
    count: usize,
    size: usize,
}

impl Section {
    /// Leaves out its largest pieces until it is smaller by so many bytes, or empty.
    fn drop_largest(&mut self, over: usize) -> Dropped {
        let mut order: Vec<usize> = (0..self.pieces.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse(self.pieces[*index].len()));
        let mut size = 0;
        let mut is_kept = vec![true; self.pieces.len()];
        let mut count = 0;
        for index in order {
            if size >= over {
                break;
            }
            size += self.pieces[index].len();
            is_kept[index] = false;
            count += 1;
        }
        let mut kept = is_kept.into_iter();
        self.pieces.retain(|_| kept.next().unwrap_or(true));
        if self.pieces.is_empty() {
            size += self.head.len();
        }
        Dropped { count, size }
    }
}

/// A text as code, in one line and in a table, too. GitHub looks for mentions and issues outside of code alone;
/// the characters that mean something to Markdown are entities, which it never takes for markup.
pub fn code(text: &str) -> String {
    let mut code = "<code>".to_owned();
    for character in text.chars() {
        match character {
            ' ' | '-' => code.push(character),
            c if is_invisible(c) => {
                let spelled = c.escape_default().to_string();
                code.push_str(&spelled.replace('\\', "&#92;").replace(['{', '}'], ""));
            }
            c if c.is_ascii_punctuation() => {
                let _ = write!(code, "&#{};", u32::from(c));
            }
            c => code.push(c),
        }
    }
    code + "</code>"
}

/// A sentence with values in backticks. What could become markup, a link or a mention is shown as code, too.
pub fn prose(text: &str) -> String {
    let mut shown = String::new();
    for (index, part) in text.split('`').enumerate() {
        if part.is_empty() {
            continue;
        }
        if index % 2 == 1 || !is_plain(part) {
            shown.push_str(&code(part));
        } else {
            shown.push_str(part);
        }
    }
    shown
}

/// Whether a text is nothing but words: no dot or colon joins two of them to a link or an emoji.
fn is_plain(text: &str) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_harmless = match character {
            '.' | ':' => characters.peek().is_none_or(|next| *next == ' '),
            ' ' | ',' | ';' | '(' | ')' | '\'' | '-' | '%' | '=' => true,
            c => c.is_alphanumeric(),
        };
        if !is_harmless {
            return false;
        }
    }
    true
}

/// Lines of Markdown in one cell.
pub fn list(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("<br>")
}

/// A text below a line of Markdown that unfolds it. Nothing ends the block early: its fence is longer than any run of
/// backticks inside.
pub fn details(summary: &str, language: &str, text: &str) -> String {
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default().max(2) + 1);
    let text = text.trim_end_matches('\n');
    format!(
        "<details><summary>{summary}</summary>\n\n{fence}{language}\n{text}\n{fence}\n\n</details>\n\n"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_text_becomes_no_markup() {
        insta::assert_snapshot!(code("a|b\n@team #1 `x` </code><img> \u{202e}"), @"<code>a&#124;b&#92;n&#64;team &#35;1 &#96;x&#96; &#60;&#47;code&#62;&#60;img&#62; &#92;u202e</code>");
        insta::assert_snapshot!(prose("`a` is FAILED: ask @team at www.x.io"), @"<code>a</code><code> is FAILED&#58; ask &#64;team at www&#46;x&#46;io</code>");
        insta::assert_snapshot!(prose("goes on where `a-g1` stops"), @"goes on where <code>a-g1</code> stops");
        insta::assert_snapshot!(details("x", "diff", "-`a`\n+````\n@@\n"), @"
        <details><summary>x</summary>

        `````diff
        -`a`
        +````
        @@
        `````

        </details>
        ");
    }

    fn report(rows: usize, details: usize, of: usize) -> Report {
        let mut report = Report::new("**Diff**");
        let row = |index: usize| [code(&format!("route-{index}")), "narrowed".to_owned()];
        report.table("route", ["route", "change"], (0..rows).map(row));
        let piece = |index: usize| super::details("x", "diff", &"x".repeat(of + index));
        report.details("SQL diff", (0..details).map(piece));
        report
    }

    #[test]
    fn what_fits_is_whole() {
        let text = report(3, 3, 10).fit();
        assert!(text.contains("route-2") && text.matches("<details>").count() == 3);
        assert!(!text.contains("Left out"));
    }

    #[test]
    fn details_go_before_rows_and_the_largest_first() {
        let text = report(10, 3, 30_000).fit();
        assert!(text.contains(&"x".repeat(30_001)) && !text.contains(&"x".repeat(30_002)));
        assert!(text.contains("route-9"));
        assert!(
            text.contains("no more: 1 SQL diff."),
            "{}",
            &text[text.len() - 300..]
        );
        let text = report(5_000, 5_000, 10).fit();
        assert!(text.len() <= LONGEST && text.len() > LONGEST - 2 * RESERVE);
        assert!(!text.contains("<details>") && text.contains(", 5000 SQL diffs."));
        let rows = text.matches("<code>").count();
        assert!(text.contains(&format!("no more: {} routes,", 5_000 - rows)));
    }

    proptest! {
        #[test]
        fn a_report_is_never_longer_than_a_comment(rows in 0..3_000_usize, details in 0..50_usize, of in 0..5_000_usize) {
            prop_assert!(report(rows, details, of).fit().len() <= LONGEST);
        }

        /// Neither a mark of Markdown nor a tag nor a line end is left of any text.
        #[test]
        fn text_stays_text(text in crate::sql::hostile_text()) {
            for shown in [code(&text), prose(&text)] {
                let inside = shown.replace("<code>", "").replace("</code>", "");
                let inside = inside.replace("&#", "");
                let markup = ['<', '>', '|', '`', '*', '_', '[', ']', '@', '#', '~', '\n', '\r', '\\', '!', '&', '$'];
                prop_assert!(!inside.contains(markup), "{shown}");
            }
        }
    }
}
