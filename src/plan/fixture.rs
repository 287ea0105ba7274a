//! Routes and live statements for tests.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Choices, Facts, Live, Plan};
use crate::api::{NewStatement, Statement};
use crate::project::start::Start;
use crate::statement::desired::Origin;
use crate::statement::{Desired, DesiredRoute, Fingerprint, Identity, Placement};

/// When everything happens unless said otherwise.
pub(crate) fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn placement(pool: &str) -> Placement {
    Placement {
        catalog: "env".to_owned(),
        database: "lkc".to_owned(),
        compute_pool: Some(pool.to_owned()),
        principal: Some("sa-1".to_owned()),
    }
}

pub(crate) fn identity(name: &str, topic: &str) -> Identity {
    Identity {
        project: "p".to_owned(),
        target: "t".to_owned(),
        route: name.to_owned(),
        topic: topic.to_owned(),
    }
}

/// A route that reads `raw`.
pub(crate) fn route(name: &str, topic: &str, condition: &str) -> DesiredRoute {
    route_from("raw", name, topic, condition)
}

pub(crate) fn route_from(source: &str, name: &str, topic: &str, condition: &str) -> DesiredRoute {
    let text = format!(
        "INSERT INTO `{topic}` (`id`) SELECT `id` FROM `{source}` WHERE `id` = '{condition}'"
    );
    DesiredRoute {
        identity: identity(name, topic),
        was: Vec::new(),
        source: source.to_owned(),
        consumer: None,
        title: name.to_owned(),
        file: format!("routes/{name}.yaml"),
        fingerprint: Fingerprint::new(&text, &text, &BTreeMap::new()),
        text,
        shared: false,
        enabled: true,
        start: Start::Earliest,
    }
}

pub(crate) fn disabled(route: DesiredRoute) -> DesiredRoute {
    DesiredRoute {
        enabled: false,
        ..route
    }
}

pub(crate) fn desired(routes: impl IntoIterator<Item = DesiredRoute>) -> Desired {
    let routes = routes.into_iter();
    Desired {
        project: "p".to_owned(),
        target: "t".to_owned(),
        placement: placement("lfcp-1"),
        tables: BTreeMap::new(),
        sources: BTreeMap::new(),
        routes: routes.map(|route| (route.identity.id(), route)).collect(),
    }
}

/// What the service makes of a new statement.
pub(crate) fn statement(new: &NewStatement, phase: &str) -> Statement {
    let labels: BTreeMap<_, _> = new.labels.iter().map(|key| (key, "true")).collect();
    let created = noon() - SignedDuration::from_hours(1);
    serde_json::from_value(json!({
        "name": new.name,
        "metadata": {
            "uid": format!("uid of {}", new.name), "resource_version": "1", "labels": labels,
            "created_at": created, "updated_at": created,
        },
        "spec": {
            "statement": new.sql, "properties": new.properties,
            "compute_pool_id": new.compute_pool, "principal": new.principal,
        },
        "status": {"phase": phase},
    }))
    .unwrap()
}

/// A generation of a route that began where the route says.
pub(crate) fn generation(route: &DesiredRoute, generation: u64, phase: &str) -> Statement {
    let origin = Origin::Start(route.start);
    deployed(route, generation, &origin, phase)
}

/// A generation of a route.
pub(crate) fn deployed(
    route: &DesiredRoute,
    generation: u64,
    origin: &Origin,
    phase: &str,
) -> Statement {
    let name = route.identity.name(generation);
    statement(&desired([]).statement(route, &name, origin, None), phase)
}

/// A generation of a route that goes on from another one.
pub(crate) fn successor(route: &DesiredRoute, of: u64, number: u64, phase: &str) -> Statement {
    let origin = Origin::CarryOver(route.identity.name(of).to_string());
    deployed(route, number, &origin, phase)
}

pub(crate) fn live(statements: impl IntoIterator<Item = Statement>) -> Live {
    Live::new(statements.into_iter().collect(), "p", "t")
}

pub(crate) fn facts() -> Facts {
    Facts {
        now: noon(),
        topics: std::collections::BTreeMap::new(),
    }
}

pub(crate) fn pruned() -> Choices {
    Choices {
        prune: true,
        ..Choices::default()
    }
}

pub(crate) fn plan(desired: &Desired, live: &Live, choices: &Choices) -> Plan {
    Plan::new(desired, live, choices, &facts())
}

/// The words for what is to be done about each route.
pub(crate) fn words(plan: &Plan) -> String {
    let words = plan
        .entries
        .iter()
        .map(|entry| format!("{}: {}", entry.route, entry.decision.action.word()));
    words.collect::<Vec<_>>().join("\n")
}
