//! `${NAME}` in targets: environment variables, read only by commands that talk to the service.

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::source_text::{Node, NodeKind, Spanned, decode};

/// Looks up an environment variable; injected, so that nothing below the command line reads the
/// environment.
pub type Lookup<'l> = dyn Fn(&str) -> Option<String> + 'l;

/// Text that may hold `${NAME}`; what it stands for is known only once it is expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentText(Spanned<String>);

impl EnvironmentText {
    /// Reads the text and checks that each `${` has its name and `}`.
    pub fn decode(what: &str, node: &Node) -> Result<Self, Diagnostic> {
        let text = decode::text(what, node)?;
        if text.value.is_empty() {
            let message = format!("{what} is empty");
            return Err(Diagnostic::new(
                Code::WrongShape,
                message,
                text.span,
                "empty",
            ));
        }
        let this = Self(text);
        this.replace(&mut |_| Ok(String::new()))?;
        Ok(this)
    }

    /// The text, where it holds no variable.
    pub fn literal(&self) -> Option<&str> {
        let text = self.0.value.as_str();
        (!text.contains("${")).then_some(text)
    }

    /// The text with its variables unread.
    pub fn as_written(&self) -> &str {
        &self.0.value
    }

    /// The text with every variable replaced by its value.
    pub fn expand(&self, lookup: &Lookup<'_>) -> Result<String, Diagnostic> {
        self.replace(&mut |name| {
            lookup(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| {
                    let message = format!("the environment variable `{name}` is not set");
                    Diagnostic::new(Code::BadEnvironment, message, self.0.span, "needed here").help(
                        format!("set it before the command: {name}=... routectl ..."),
                    )
                })
        })
    }

    fn replace(
        &self,
        value_of: &mut dyn FnMut(&str) -> Result<String, Diagnostic>,
    ) -> Result<String, Diagnostic> {
        let mut rest = self.0.value.as_str();
        let mut expanded = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            let name = after
                .split_once('}')
                .filter(|(name, _)| is_variable_name(name));
            let Some((name, behind)) = name else {
                let message = "`${` must be followed by a variable's name and `}`";
                return Err(Diagnostic::new(
                    Code::BadEnvironment,
                    message,
                    self.0.span,
                    "unfinished",
                )
                .help("write it like ${CONFLUENT_ORGANIZATION_ID}"));
            };
            expanded.push_str(before);
            expanded.push_str(&value_of(name)?);
            rest = behind;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

fn is_variable_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(allowed)
}

/// Reports every `${` below a node: outside `targets` the result would depend on the machine.
pub fn refuse_outside_targets(node: &Node, findings: &mut Findings) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                refuse_outside_targets(&entry.value, findings);
            }
        }
        NodeKind::Sequence(elements) => {
            for element in elements {
                refuse_outside_targets(element, findings);
            }
        }
        NodeKind::Scalar(scalar) if scalar.text.contains("${") => {
            let message = "environment variables are read in `targets` alone";
            findings.push(
                Diagnostic::new(Code::BadEnvironment, message, node.span, "not read here").help(
                    "write the value itself; what differs per environment belongs in a target",
                ),
            );
        }
        NodeKind::Scalar(_) => {}
    }
}
