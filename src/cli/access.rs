//! Where the service is, who asks, and through what: address, credentials and certificates of a connection.

use anyhow::{anyhow, bail};
use camino::Utf8Path;

use super::environment;
use super::service::expand;
use crate::api::pool::CLOUD;
use crate::api::{CaFile, Client, Connection, Credentials};
use crate::files;
use crate::project::environment::EnvironmentText;
use crate::project::target::{Host, is_region};
use crate::source_text::Sources;

const KEY: &str = "FLINK_API_KEY";
const SECRET: &str = "FLINK_API_SECRET";
const TOKEN: &str = "CONFLUENT_EXTERNAL_ACCESS_TOKEN";
const IDENTITY_POOL: &str = "CONFLUENT_IDENTITY_POOL_ID";
const CLOUD_KEY: &str = "CONFLUENT_CLOUD_API_KEY";
const CLOUD_SECRET: &str = "CONFLUENT_CLOUD_API_SECRET";
const CA_FILE: &str = "ROUTECTL_CA_FILE";

/// Who asks the statements API: an access token, or an API key with its secret.
pub(super) fn credentials() -> anyhow::Result<Credentials> {
    match (variable(KEY), variable(TOKEN)) {
        (Some(_), Some(_)) => {
            bail!("both {KEY} and {TOKEN} are set; unset the one that is not meant")
        }
        (Some(key), None) => Ok(Credentials::Basic {
            key,
            secret: variable(SECRET).ok_or_else(|| missing(SECRET))?.into(),
        }),
        (None, Some(token)) => Ok(Credentials::Bearer {
            token: of_header(TOKEN, token)?.into(),
            identity_pool: variable(IDENTITY_POOL)
                .map(|pool| of_header(IDENTITY_POOL, pool))
                .transpose()?,
        }),
        (None, None) => Err(missing(KEY)),
    }
}

fn missing(name: &str) -> anyhow::Error {
    anyhow!(
        "{name} is not set; Confluent Cloud needs {KEY} and {SECRET}, or an access token in {TOKEN}, in the environment"
    )
}

/// A text that goes into a header. It is never shown: it may be a secret.
fn of_header(name: &str, text: String) -> anyhow::Result<String> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text);
    }
    bail!(
        "{name} holds blanks or other characters that no such value has; set it anew, without quotes"
    )
}

/// The certificates that are trusted besides the system's: of the target, or else of the environment.
pub(super) fn extra_ca(
    of_target: Option<&EnvironmentText>,
    root: &Utf8Path,
    files: &Sources,
) -> anyhow::Result<Option<CaFile>> {
    let (path, origin) = match of_target {
        Some(text) => (root.join(expand(text, files)?), "`ca-file` of the target"),
        None => match variable(CA_FILE) {
            Some(path) => (path.into(), CA_FILE),
            None => return Ok(None),
        },
    };
    let pem = files::read_text(&path).map_err(|error| {
        anyhow!("{error}; correct {origin}, which names a file of CA certificates")
    })?;
    let path = path.into_string();
    Ok(Some(CaFile { path, pem }))
}

/// The address of the service.
pub(super) fn address(host: &Host, files: &Sources) -> anyhow::Result<String> {
    match host {
        Host::Endpoint(endpoint) => expand(endpoint, files),
        Host::Region { cloud, region: of } => {
            let region = region(of, files)?;
            Ok(format!("https://flink.{region}.{cloud}.confluent.cloud"))
        }
        Host::FromEnvironment => variable("FLINK_REST_ENDPOINT").ok_or_else(|| {
            anyhow!("the target has no `cloud` and `region`; add them in routectl.yaml or set FLINK_REST_ENDPOINT")
        }),
    }
}

/// The name of a region as part of an address.
fn region(text: &EnvironmentText, files: &Sources) -> anyhow::Result<String> {
    let region = expand(text, files)?;
    if !is_region(&region) {
        bail!(
            "the target's `region` is `{region}`, which is not the name of a region; write it like us-east-1"
        );
    }
    Ok(region)
}

/// Lets a client ask about compute pools where there is a Cloud API key: they are not the business of a Flink key.
pub(super) fn with_pools(client: Client, connection: Connection) -> anyhow::Result<Client> {
    match (variable(CLOUD_KEY), variable(CLOUD_SECRET)) {
        (None, None) => Ok(client),
        (Some(key), Some(secret)) => Ok(client.with_pools(&Connection {
            base_url: CLOUD.to_owned(),
            credentials: Some(Credentials::Basic {
                key,
                secret: secret.into(),
            }),
            ..connection
        })?),
        _ => bail!("only one of {CLOUD_KEY} and {CLOUD_SECRET} is set; set both, or neither"),
    }
}

/// A variable that says something. A line break at the end is most often one that a file had.
fn variable(name: &str) -> Option<String> {
    let value = environment(name)?.trim().to_owned();
    (!value.is_empty()).then_some(value)
}
