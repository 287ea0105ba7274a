//! Bodies of requests, and which of them the service would not take.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::refusal::Refusal;
use crate::api::wire::{LABEL_PREFIX, LABEL_VALUE};

/// Limits of the vendor's API description.
const LONGEST_NAME: usize = 100;
const LONGEST_SQL: usize = 131_072;
const MOST_PROPERTIES: usize = 8192;
const LONGEST_POOL: usize = 255;
const LONGEST_PRINCIPAL: usize = 1024;

/// The property that has a statement checked and not stored.
const DRY_RUN: &str = "sql.dry-run";

/// The body of a POST.
#[derive(Debug, Deserialize)]
pub(super) struct CreateRequest {
    pub(super) name: String,
    metadata: Option<CreateMetadata>,
    pub(super) spec: CreateSpec,
}

#[derive(Debug, Default, Deserialize)]
struct CreateMetadata {
    labels: Option<BTreeMap<String, String>>,
}

/// What a POST asks for. `stopped` is passed over, as the service does: the statement starts all the same.
#[derive(Debug, Deserialize)]
pub(super) struct CreateSpec {
    pub(super) statement: String,
    pub(super) properties: Option<BTreeMap<String, String>>,
    pub(super) compute_pool_id: Option<String>,
    pub(super) principal: Option<String>,
}

impl CreateRequest {
    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        self.metadata
            .as_ref()
            .and_then(|metadata| metadata.labels.clone())
            .unwrap_or_default()
    }

    /// Whether the statement shall be checked and not stored.
    pub(super) fn is_dry_run(&self) -> bool {
        let properties = self.spec.properties.as_ref();
        properties
            .and_then(|map| map.get(DRY_RUN))
            .is_some_and(|value| value == "true")
    }

    /// Refuses what the service would refuse.
    pub(super) fn check(&self, longest_label: Option<usize>) -> Result<(), Refusal> {
        if !is_valid_name(&self.name) {
            return Err(Refusal::invalid(
                "/name",
                format!(
                    "The name must have at most {LONGEST_NAME} characters of a-z, 0-9 and - and begin and \
                     end with a letter or digit"
                ),
            ));
        }
        if self.spec.statement.trim().is_empty() {
            return Err(Refusal::invalid(
                "/spec/statement",
                "The statement must not be empty",
            ));
        }
        if self.spec.statement.chars().count() > LONGEST_SQL {
            let detail = format!("The statement must have at most {LONGEST_SQL} characters");
            return Err(Refusal::invalid("/spec/statement", detail));
        }
        self.check_labels(longest_label)?;
        self.check_properties()?;
        check_length(
            "/spec/compute_pool_id",
            self.spec.compute_pool_id.as_deref(),
            LONGEST_POOL,
        )?;
        check_length(
            "/spec/principal",
            self.spec.principal.as_deref(),
            LONGEST_PRINCIPAL,
        )
    }

    fn check_labels(&self, longest: Option<usize>) -> Result<(), Refusal> {
        for (key, value) in self.labels() {
            if let Some(longest) = longest.filter(|longest| key.len() > *longest) {
                let detail = format!("The label {key} must have at most {longest} characters");
                return Err(Refusal::invalid("/metadata/labels", detail));
            }
            if !key.starts_with(LABEL_PREFIX) || key.len() == LABEL_PREFIX.len() {
                let detail = format!("The label {key} must begin with {LABEL_PREFIX}");
                return Err(Refusal::invalid("/metadata/labels", detail));
            }
            if value != LABEL_VALUE {
                let detail = format!("The label {key} must have the value {LABEL_VALUE}");
                return Err(Refusal::invalid("/metadata/labels", detail));
            }
        }
        Ok(())
    }

    fn check_properties(&self) -> Result<(), Refusal> {
        let refuse = |detail: String| Err(Refusal::invalid("/spec/properties", detail));
        let Some(properties) = &self.spec.properties else {
            return Ok(());
        };
        if properties.len() > MOST_PROPERTIES {
            return refuse(format!(
                "There must be at most {MOST_PROPERTIES} properties"
            ));
        }
        if let Some(key) = properties.keys().find(|key| key.starts_with("client.")) {
            return refuse(format!(
                "The property {key} is for clients and not known to the service"
            ));
        }
        Ok(())
    }
}

/// The body of a PUT. Read-only parts are allowed, since clients send back what they read, and passed over.
#[derive(Debug, Deserialize)]
pub(super) struct UpdateRequest {
    pub(super) name: String,
    pub(super) metadata: UpdateMetadata,
    pub(super) spec: UpdateSpec,
}

/// Which version the change is meant for.
#[derive(Debug, Deserialize)]
pub(super) struct UpdateMetadata {
    pub(super) resource_version: String,
    pub(super) labels: Option<BTreeMap<String, String>>,
}

/// What a PUT asks for; what is absent stays.
#[derive(Debug, Default, Deserialize)]
pub(super) struct UpdateSpec {
    pub(super) stopped: bool,
    pub(super) statement: Option<String>,
    pub(super) properties: Option<BTreeMap<String, String>>,
    pub(super) compute_pool_id: Option<String>,
    pub(super) principal: Option<String>,
}

/// One operation of a PATCH (RFC 6902). The vendor's file has its name in capital letters.
#[derive(Debug, Deserialize)]
pub(super) struct PatchOperation {
    op: String,
    path: String,
    #[serde(default)]
    value: Value,
}

/// What the operations of a PATCH ask for, given what is there now.
pub(super) fn patched(operations: &[PatchOperation], stopped: bool) -> Result<UpdateSpec, Refusal> {
    let mut spec = UpdateSpec {
        stopped,
        ..UpdateSpec::default()
    };
    for operation in operations {
        let refuse = |detail: String| Refusal::bad_request(detail);
        if !matches!(
            operation.op.to_ascii_lowercase().as_str(),
            "add" | "replace"
        ) {
            return Err(refuse(format!(
                "The operation {} is not supported",
                operation.op
            )));
        }
        let text = || operation.value.as_str().map(str::to_owned);
        let wrong = || refuse(format!("The value of {} is not valid", operation.path));
        match operation.path.as_str() {
            "/spec/stopped" => spec.stopped = operation.value.as_bool().ok_or_else(wrong)?,
            "/spec/compute_pool_id" => spec.compute_pool_id = Some(text().ok_or_else(wrong)?),
            "/spec/principal" => spec.principal = Some(text().ok_or_else(wrong)?),
            path => return Err(refuse(format!("{path} cannot be changed"))),
        }
    }
    Ok(spec)
}

/// Reads a body.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_request(format!("The body cannot be read: {error}")))
}

fn check_length(pointer: &'static str, text: Option<&str>, longest: usize) -> Result<(), Refusal> {
    if text.is_some_and(|text| text.chars().count() > longest) {
        return Err(Refusal::invalid(
            pointer,
            format!("There must be at most {longest} characters"),
        ));
    }
    Ok(())
}

fn is_valid_name(name: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= LONGEST_NAME
        && name.starts_with(is_alphanumeric)
        && name.ends_with(is_alphanumeric)
        && name.chars().all(|c| is_alphanumeric(c) || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_services_rule() {
        for good in ["a", "0", "a-b", "a--b", &"x".repeat(100)] {
            assert!(is_valid_name(good), "{good}");
        }
        for bad in [
            "",
            "-",
            "a-",
            "-a",
            "A",
            "a.b",
            "a_b",
            "a b",
            "é",
            "a\n",
            &"x".repeat(101),
        ] {
            assert!(!is_valid_name(bad), "{bad}");
        }
    }
}
