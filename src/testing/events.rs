//! The event documents of a test.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::misspelt::{Misspelt, misspelt};
use super::syntax::{Case, EventInput, Input};
use crate::diagnostic::{Code, Diagnostic};
use crate::files;
use crate::schema::{Validator, ViolationKind};
use crate::source_text::Spanned;
use crate::workspace::{self, EventSchema};

/// The texts of a test's events with their names; `None` where it has a row alone.
pub(super) fn texts(
    input: &Input,
    root: &Utf8Path,
) -> Result<Option<Vec<(String, String)>>, Diagnostic> {
    match &input.event {
        None => Ok(None),
        Some(EventInput::Inline(text)) => {
            Ok(Some(vec![("the event".to_owned(), text.value.clone())]))
        }
        Some(EventInput::Files(pattern)) => {
            let paths = paths(pattern, root)?;
            let read = paths.into_iter().map(|path| {
                let text = files::read_text(&root.join(&path));
                let text =
                    text.map_err(|error| workspace::unreadable(pattern.span, root, error))?;
                Ok((path.into_string(), text))
            });
            read.collect::<Result<_, _>>().map(Some)
        }
    }
}

/// The files that a path or pattern stands for, relative to the project; at least one.
fn paths(pattern: &Spanned<String>, root: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Diagnostic> {
    let problem = |message: String, help: &str| {
        Diagnostic::new(Code::UnreadableFile, message, pattern.span, "").help(help)
    };
    if Utf8Path::new(&pattern.value).is_absolute() {
        let message = format!("`{}` is not relative to the project", pattern.value);
        return Err(problem(
            message,
            "name the file from the directory of routectl.yaml",
        ));
    }
    if !pattern.value.contains(['*', '?', '[']) {
        return Ok(vec![Utf8PathBuf::from(&pattern.value)]);
    }
    let whole = Utf8Path::new(&glob::Pattern::escape(root.as_str())).join(&pattern.value);
    let found = glob::glob(whole.as_str()).map_err(|error| {
        let message = format!("`{}` is no pattern: {}", pattern.value, error.msg);
        problem(message, "write for example samples/*.json")
    })?;
    let mut paths = Vec::new();
    for path in found {
        let path = path.map_err(|error| problem(error.to_string(), "check its permissions"))?;
        let path = Utf8PathBuf::from_path_buf(path)
            .map_err(|path| problem(format!("`{}` is not UTF-8", path.display()), "rename it"))?;
        let below = path.strip_prefix(root).unwrap_or(&path);
        paths.push(below.to_owned());
    }
    if paths.is_empty() {
        let message = format!("no file matches `{}`", pattern.value);
        return Err(problem(
            message,
            "patterns begin at the directory of routectl.yaml",
        ));
    }
    Ok(paths)
}

/// What is wrong with a document by its schema. What is left out is no mistake, as a test says only what it is about; what
/// is misspelt is one, whatever the schema takes besides.
pub(super) fn mistake(
    schema: &EventSchema,
    validator: &Validator,
    case: &Case,
    name: &str,
    document: &Value,
) -> Option<Diagnostic> {
    if !case.is_valid {
        return None;
    }
    let violations = validator.check(document);
    let violation = violations
        .iter()
        .find(|violation| violation.kind != ViolationKind::MissingKey);
    let problem =
        |message: String| Diagnostic::new(Code::TestInvalid, message, case.name.span, "this test");
    let help = "correct the event; if it is meant to be wrong, add `valid: false` to the test";
    let Some(violation) = violation else {
        let Misspelt { path, meant } = misspelt(&schema.schema, document)?;
        let message = format!("{name} has `{path}`, which the event schema does not declare");
        let meant = format!("did you mean `{meant}`?");
        return Some(problem(message).help(meant).help(help));
    };
    let message = format!(
        "{name} does not match the event schema: {}",
        violation.message
    );
    let found = problem(message).help_if(violation.help.as_ref()).help(help);
    Some(match schema.span(&violation.keyword_at) {
        Some(rule) => found.related(rule, "the schema says so here"),
        None => found,
    })
}
