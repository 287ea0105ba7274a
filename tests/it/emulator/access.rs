//! Who may do what.

use routectl::api::{ApiError, Client, Connection, Credentials, ListFilter, NewStatement};
use routectl::emulator::{Access, Account, Pool};

use super::{World, connection, new};

fn credentials(name: &str) -> Credentials {
    Credentials::Basic {
        key: name.to_owned(),
        secret: "secret".into(),
    }
}

fn account(name: &str, access: Access) -> Account {
    Account {
        credentials: credentials(name),
        principal: Some(format!("sa-{name}")),
        access,
    }
}

async fn world(wrong_key_is_forbidden: bool) -> World {
    World::start(|settings| {
        settings.accounts = vec![
            account("full", Access::Full),
            account("own", Access::OwnPrincipal),
            account("reader", Access::ReadOnly),
            account("pool", Access::Pool("lfcp-2".to_owned())),
            account("cloud", Access::Elsewhere),
        ];
        settings.behaviour.wrong_key_is_forbidden = wrong_key_is_forbidden;
        settings.pools = ["lfcp-1", "lfcp-2"]
            .map(|id| Pool {
                id: id.to_owned(),
                max_cfu: 10,
            })
            .into();
    })
    .await
}

fn client(world: &World, name: &str) -> Client {
    let connection = Connection {
        credentials: Some(credentials(name)),
        ..connection(&world.running.url())
    };
    Client::new(connection).unwrap()
}

#[tokio::test]
async fn statements_run_as_whoever_asks_unless_they_may_say_otherwise() {
    let world = world(false).await;
    let by_other = NewStatement {
        principal: Some("sa-other".to_owned()),
        ..new("other", "SHOW TABLES")
    };
    let (full, own) = (client(&world, "full"), client(&world, "own"));
    let created = full.create(&new("mine", "SHOW TABLES")).await.unwrap();
    assert_eq!(created.spec.principal.as_deref(), Some("sa-full"));
    assert_eq!(
        created.spec.compute_pool_id.as_deref(),
        Some("lfcp-1"),
        "the default pool"
    );
    let refused = own.create(&by_other).await;
    assert!(
        matches!(refused, Err(ApiError::Forbidden { .. })),
        "{refused:?}"
    );
    let created = full.create(&by_other).await.unwrap();
    assert_eq!(created.spec.principal.as_deref(), Some("sa-other"));
}

#[tokio::test]
async fn who_may_only_look_changes_nothing() {
    let world = world(false).await;
    let reader = client(&world, "reader");
    assert_eq!(reader.list(&ListFilter::default()).await.unwrap(), []);
    let refused = reader.create(&new("s", "SHOW TABLES")).await;
    assert!(
        matches!(refused, Err(ApiError::Forbidden { .. })),
        "{refused:?}"
    );
    let refused = reader.delete("s").await;
    assert!(
        matches!(refused, Err(ApiError::Forbidden { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn under_a_narrow_role_what_is_missing_or_foreign_is_forbidden() {
    let world = world(false).await;
    let (full, narrow) = (client(&world, "full"), client(&world, "pool"));
    full.create(&new("foreign", "SHOW TABLES")).await.unwrap();
    let own = NewStatement {
        compute_pool: Some("lfcp-2".to_owned()),
        ..new("own", "SHOW TABLES")
    };
    narrow.create(&own).await.unwrap();
    for name in ["foreign", "missing"] {
        let refused = narrow.get(name).await;
        assert!(
            matches!(refused, Err(ApiError::Forbidden { .. })),
            "{refused:?}"
        );
    }
    let names: Vec<_> = narrow.list(&ListFilter::default()).await.unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(full.list(&ListFilter::default()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_of_another_kind_is_refused_in_one_way_or_the_other() {
    for forbidden in [false, true] {
        let world = world(forbidden).await;
        let refused = client(&world, "cloud").get("s").await.unwrap_err();
        assert_eq!(
            matches!(refused, ApiError::Forbidden { .. }),
            forbidden,
            "{refused:?}"
        );
        assert_eq!(
            matches!(refused, ApiError::Unauthorized { .. }),
            !forbidden,
            "{refused:?}"
        );
    }
}
