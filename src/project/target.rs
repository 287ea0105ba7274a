//! Targets: named environments to deploy to.

use super::environment::EnvironmentText;
use super::names;
use super::options::{self, TableOptions};
use crate::api::connection;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::source_text::decode::{self, Fields};
use crate::source_text::{Node, Spanned};

/// A named environment.
#[derive(Debug)]
pub struct Target {
    /// Its name.
    pub name: Spanned<String>,
    /// Appended to every sink topic of this target.
    pub topic_suffix: String,
    /// What answers for it.
    pub backend: Backend,
    /// Options of every table on this target.
    pub options: TableOptions,
}

/// What answers for a target.
#[derive(Debug)]
pub enum Backend {
    /// The statements API as a local server: in process with its state under `.routectl/`, or a running
    /// `routectl emulator` at an address.
    Emulator {
        /// Address of a running emulator.
        endpoint: Option<EnvironmentText>,
    },
    /// Confluent Cloud.
    Confluent(Box<Confluent>),
}

/// Where statements go on Confluent Cloud. What is left out comes from the environment.
#[derive(Debug)]
pub struct Confluent {
    /// Where the service answers.
    pub host: Host,
    /// Organization, a UUID.
    pub organization: Option<EnvironmentText>,
    /// Environment (`env-...`), the SQL catalog.
    pub environment: Option<EnvironmentText>,
    /// Compute pool (`lfcp-...`).
    pub compute_pool: Option<EnvironmentText>,
    /// Kafka cluster, the SQL database.
    pub database: Option<EnvironmentText>,
    /// Principal that statements run as (`sa-...`).
    pub service_account: Option<EnvironmentText>,
    /// A file of CA certificates that are trusted besides the system's.
    pub ca_file: Option<EnvironmentText>,
}

/// Where the service answers.
#[derive(Debug)]
pub enum Host {
    /// The public endpoint of a region.
    Region {
        /// `aws`, `gcp` or `azure`.
        cloud: &'static str,
        /// For example `us-east-1`.
        region: EnvironmentText,
    },
    /// A URL, for private networking.
    Endpoint(EnvironmentText),
    /// `FLINK_REST_ENDPOINT`.
    FromEnvironment,
}

/// Reads one entry of `targets`.
pub fn decode(name: Spanned<String>, node: &Node, findings: &mut Findings) -> Option<Target> {
    let mut fields = Fields::of("a target", node, findings)?;
    let kind = fields.required("backend").and_then(|node| {
        let words = [("emulator", Kind::Emulator), ("confluent", Kind::Confluent)];
        findings.note(decode::word("`backend`", node, &words))
    });
    let topic_suffix = fields.optional("topic-suffix").map_or_else(
        || Some(String::new()),
        |node| Some(findings.note(names::topic("`topic-suffix`", node))?.value),
    );
    let options = options::decode(fields.optional("options"), options::OF_TARGET, findings);
    let backend = match kind.map(|kind| kind.value) {
        Some(Kind::Emulator) => Some(Backend::Emulator {
            endpoint: fields
                .optional("endpoint")
                .and_then(|node| findings.note(address(node, false))),
        }),
        // Without a kind that is known every key of the larger one is fine.
        Some(Kind::Confluent) | None => confluent(&mut fields, findings),
    };
    fields.finish(findings);
    kind?;
    Some(Target {
        name,
        topic_suffix: topic_suffix?,
        backend: backend?,
        options,
    })
}

#[derive(Clone, Copy)]
enum Kind {
    Emulator,
    Confluent,
}

fn variable(
    fields: &mut Fields<'_>,
    key: &'static str,
    findings: &mut Findings,
) -> Option<EnvironmentText> {
    let node = fields.optional(key)?;
    findings.note(EnvironmentText::decode(&format!("`{key}`"), node))
}

/// Reads the address of a service, and checks it where it does not depend on the environment.
fn address(node: &Node, with_credentials: bool) -> Result<EnvironmentText, Diagnostic> {
    let text = EnvironmentText::decode("`endpoint`", node)?;
    let checked = text.literal();
    match checked.map(|address| connection::endpoint(address, with_credentials)) {
        Some(Err(problem)) => {
            let (message, help) = problem.parts();
            Err(Diagnostic::new(Code::WrongShape, message, node.span, "not an address").help(help))
        }
        Some(Ok(_)) | None => Ok(text),
    }
}

/// Reads the name of a region, which becomes a part of the service's address.
fn region_name(node: &Node) -> Result<EnvironmentText, Diagnostic> {
    let text = EnvironmentText::decode("`region`", node)?;
    if text.literal().is_none_or(is_region) {
        return Ok(text);
    }
    let message = "`region` must be the name of a region: a-z, 0-9 and `-`";
    Err(
        Diagnostic::new(Code::WrongShape, message, node.span, "not a region")
            .help("write it like `us-east-1`; for another address use `endpoint`"),
    )
}

/// Whether a text can be the name of a region.
pub fn is_region(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

fn confluent(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Backend> {
    let organization = variable(fields, "organization", findings);
    let environment = variable(fields, "environment", findings);
    let compute_pool = variable(fields, "compute-pool", findings);
    let database = variable(fields, "database", findings);
    let service_account = variable(fields, "service-account", findings);
    let ca_file = variable(fields, "ca-file", findings);
    let host = host(fields, findings)?;
    Some(Backend::Confluent(Box::new(Confluent {
        host,
        organization,
        environment,
        compute_pool,
        database,
        service_account,
        ca_file,
    })))
}

fn host(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Host> {
    let clouds = [("aws", "aws"), ("gcp", "gcp"), ("azure", "azure")];
    let endpoint_node = fields.optional("endpoint");
    let cloud_node = fields.optional("cloud");
    let region_node = fields.optional("region");
    let span = fields.span();
    match (endpoint_node, cloud_node, region_node) {
        (Some(endpoint), None, None) => findings.note(address(endpoint, true)).map(Host::Endpoint),
        (None, Some(cloud), Some(region)) => {
            let cloud = findings.note(decode::word("`cloud`", cloud, &clouds));
            let region = findings.note(region_name(region));
            Some(Host::Region {
                cloud: cloud?.value,
                region: region?,
            })
        }
        (None, None, None) => Some(Host::FromEnvironment),
        _ => {
            let message = "a target has either `endpoint` or both `cloud` and `region`";
            let place = endpoint_node
                .or(cloud_node)
                .or(region_node)
                .map_or(span, |node| node.span);
            findings.push(
                Diagnostic::new(Code::WrongShape, message, place, "does not go together")
                    .help("`endpoint` is for private networking; else name cloud and region"),
            );
            None
        }
    }
}
