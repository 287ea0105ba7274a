//! `unread-file`: a file beside the routes that is not read.

use super::Fleet;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::source_text::Span;

/// Looks at the files below the directory of routes.
pub(super) fn find(fleet: &Fleet<'_>, findings: &mut Findings) {
    findings.extend(fleet.workspace.unread.iter().map(|file| {
        let message = "this file is passed over: it ends in neither `.yaml` nor `.yml`";
        Diagnostic::new(Code::UnreadFile, message, Span::new(*file, 0..0), "").help(
            "give it such an ending, or move it out of the routes; to switch a route off write `enabled: false` into it",
        )
    }));
}
