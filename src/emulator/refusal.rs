//! Why the emulator refuses a request, in the service's error shape.

use serde_json::{Value, json};

/// A refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    code: &'static str,
    title: &'static str,
    detail: String,
    /// JSON pointer to the field at fault.
    pointer: Option<&'static str>,
}

impl Refusal {
    fn new(
        status: u16,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            pointer: None,
        }
    }

    /// The request itself is malformed.
    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "invalid_request", "Bad Request", detail)
    }

    pub(super) fn unauthenticated() -> Self {
        let detail = "Valid authentication credentials must be provided";
        Self::new(
            401,
            "user_unauthenticated",
            "Authentication Required",
            detail,
        )
    }

    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, "user_unauthorized", "Forbidden", detail)
    }

    pub(super) fn unknown_statement(name: &str) -> Self {
        let detail = format!("Statement resource={name} does not exist");
        Self::new(404, "resource_not_found", "Not Found", detail)
    }

    pub(super) fn unknown_pool(id: &str) -> Self {
        let detail = format!("Compute pool {id} does not exist");
        Self::new(404, "resource_not_found", "Not Found", detail)
    }

    pub(super) fn unknown_path(path: &str) -> Self {
        Self::new(
            404,
            "route_not_found",
            "Not Found",
            format!("There is nothing at {path}"),
        )
    }

    pub(super) fn unknown_method(method: &str, path: &str) -> Self {
        let detail = format!("{path} does not take {method}");
        Self::new(405, "method_not_allowed", "Method Not Allowed", detail)
    }

    pub(super) fn name_is_taken(name: &str) -> Self {
        let detail = format!("Statement resource={name} already exists");
        Self::new(
            409,
            "resource_already_exists",
            "Resource Already exists",
            detail,
        )
    }

    /// The statement is not in the state that the change was meant for.
    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, "resource_conflict", "Conflict", detail)
    }

    /// A field's value is not allowed.
    pub(super) fn invalid(pointer: &'static str, detail: impl Into<String>) -> Self {
        let refusal = Self::new(422, "invalid_configuration", "Validation Failed", detail);
        Self {
            pointer: Some(pointer),
            ..refusal
        }
    }

    /// A failure that a fault rule asks for.
    pub(super) fn fault(status: u16) -> Self {
        let detail = "A fault rule says so";
        Self::new(status, "fault", "Fault", detail)
    }

    /// The same where refused fields are answered with 400.
    pub(super) fn with_400(mut self) -> Self {
        if self.status == 422 {
            self.status = 400;
        }
        self
    }

    /// The emulator itself failed.
    pub(super) fn internal(detail: impl Into<String>) -> Self {
        Self::new(500, "internal_error", "Internal Server Error", detail)
    }

    /// The body of the answer.
    pub(super) fn body(&self, id: &str) -> Value {
        let source = self
            .pointer
            .map_or_else(|| json!({}), |pointer| json!({"pointer": pointer}));
        json!({"errors": [{
            "id": id,
            "status": self.status.to_string(),
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "source": source,
        }]})
    }
}
