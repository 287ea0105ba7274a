//! One run reports every mistake, and each once.

use super::Project;

#[test]
fn one_run_reports_all_mistakes_of_a_project_each_at_its_place() {
    let route = |name: &str, body: &str| {
        format!("route: {name}\nwhere:\n  - {body}\nto:\n  topic: {name}\n  key: header.id\n")
    };
    let amount = "field: entities[0].attributes.amount";
    let conflict = route("same-topic", &format!("{amount}\n    lessThan: 5"));
    let checked = Project::base()
        .with(
            "routes/a.yaml",
            route("enumeration", "{field: header.type, equals: LoanCreatd}"),
        )
        .with(
            "routes/b.yaml",
            route("field", "{field: header.typ, equals: LoanCreated}"),
        )
        .with(
            "routes/c.yaml",
            route("operand", &format!("{amount}\n    equals: \"5\"")),
        )
        .with(
            "routes/d.yaml",
            route("large-loans", &format!("{amount}\n    equals: 5"))
                .replace("topic: large-loans", "topic: duplicate"),
        )
        .with(
            "routes/e.yaml",
            conflict.replace("topic: same-topic", "topic: large-loans"),
        )
        .with(
            "routes/f.yaml",
            route("key", &format!("{amount}\n    equals: 5")) + "prioritty: 1\n",
        )
        .with(
            "routes/g.yaml",
            route("syntax", "{field: entities[0].kind, equals: Loan}"),
        )
        .check();
    let lines: Vec<String> = checked
        .found
        .iter()
        .map(|found| {
            let file = checked.sources.file(found.primary.span.file);
            let at = file.position(found.primary.span.start as usize);
            format!("{}:{}:{} {}", file.path(), at.line, at.column, found.code)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
routes/a.yaml:3:34 operand-value
routes/b.yaml:3:13 unknown-field
routes/c.yaml:4:13 operand-type
routes/f.yaml:8:1 unknown-key
routes/g.yaml:3:21 yaml-syntax
routes/large-loans.yaml:1:8 duplicate-route
routes/large-loans.yaml:11:10 topic-conflict
"#);
}

#[test]
fn findings_of_a_file_come_in_the_order_of_their_places() {
    let checked = Project::base()
        .with_route("route: Bad\nretries: 1\nenabled: \"no\"\nwhere: {}\nto: {topic: a/b}\n")
        .check();
    let places: Vec<u32> = checked
        .found
        .iter()
        .map(|found| found.primary.span.start)
        .collect();
    assert_eq!(places.len(), 5);
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn regression_21_empty_lists_nulls_and_infinities_are_refused() {
    for (operand, code) in [
        ("in: []", "wrong-shape"),
        ("notIn: [1, null]", "operand-type"),
        ("equals:", "operand-type"),
        ("equals: .inf", "ambiguous-scalar"),
        ("equals: inf", "operand-type"),
        ("equals: None", "operand-type"),
        ("equals: [1]", "wrong-shape"),
    ] {
        assert_eq!(amount(operand), [code], "{operand}");
    }
}

#[test]
fn regression_20_operands_have_the_type_of_their_field() {
    assert!(amount("greaterThan: 100").is_empty());
    for operand in [
        "greaterThan: \"100\"",
        "greaterThan: true",
        "greaterThan: 2025-01-20",
    ] {
        assert_eq!(amount(operand), ["operand-type"], "{operand}");
    }
}

#[test]
fn regression_23_an_unknown_field_is_an_error_under_not_in_too() {
    let route = base_route().replace("attributes.amount", "attributes.amonut");
    let route = route.replace("greaterThan: 100000", "notIn: [1, 2]");
    assert_eq!(
        Project::base().with_route(&route).check().codes(),
        ["unknown-field"]
    );
}

#[test]
fn regression_25_nothing_but_always_routes_everything() {
    let (before, _) = base_route_around_where();
    let with = |condition: &str| {
        let route =
            format!("{before}where:{condition}\nto: {{topic: large-loans, key: header.id}}\n");
        Project::base().with_route(&route).check().codes()
    };
    for empty in [
        "",
        " {}",
        " []",
        " {all: []}",
        " {any: []}",
        " {not: {}}",
        " {any: [{all: []}]}",
    ] {
        assert_eq!(with(empty), ["empty-condition"], "{empty}");
    }
    assert!(with(" always").is_empty());
}

#[test]
fn regression_26_only_true_and_false_switch_a_route() {
    let with = |value: &str| {
        let route = base_route() + &format!("enabled: {value}\n");
        Project::base().with_route(&route).check().codes()
    };
    for value in [
        "\"false\"",
        "no",
        "off",
        "0",
        "pending",
        "False",
        "",
        "[false]",
    ] {
        assert_eq!(with(value), ["wrong-shape"], "{value}");
    }
    assert!(with("true").is_empty() && with("false").is_empty());
    let status = base_route() + "status: pending_approval\n";
    assert_eq!(
        Project::base().with_route(&status).check().codes(),
        ["unknown-key"]
    );
}

#[test]
fn regression_27_two_routes_on_one_topic_are_both_named() {
    let other = base_route().replace("route: large-loans", "route: big-loans");
    let found = Project::base()
        .with("routes/z.yaml", other)
        .check()
        .rendered();
    assert!(
        found.contains("routes `large-loans` and `big-loans` both write to topic `large-loans`"),
        "{found}"
    );
    assert!(
        found.contains("routes/z.yaml:11:10") && found.contains("routes/large-loans.yaml:11:10"),
        "{found}"
    );
}

#[test]
fn regression_28_names_that_the_service_refuses_are_refused_here() {
    let with = |name: &str| {
        let route = base_route().replace("route: large-loans", &format!("route: \"{name}\""));
        Project::base().with_route(&route).check().codes()
    };
    assert!(with(&"a".repeat(100)).is_empty());
    for name in [
        &"a".repeat(101),
        "",
        "-a",
        "a-",
        "A",
        "a_b",
        "a.b",
        "a b",
        "ä",
        "a\\n",
        "a`b",
    ] {
        assert_eq!(with(name), ["bad-name"], "{name}");
    }
}

#[test]
fn regression_29_topics_need_no_prefix() {
    let route = base_route().replace("topic: large-loans", "topic: Whatever.we_like-1");
    assert!(Project::base().with_route(&route).check().found.is_empty());
}

#[test]
fn regression_34_names_that_look_like_yaml_are_refused_at_their_place() {
    for (name, code) in [
        ("yes: no", "yaml-syntax"),
        ("yes", "ambiguous-scalar"),
        ("\"yes: no\"", "bad-name"),
        ("null", "wrong-shape"),
        ("{yes: no}", "wrong-shape"),
    ] {
        let route = base_route().replace("route: large-loans", &format!("route: {name}"));
        let checked = Project::base().with_route(&route).check();
        assert_eq!(checked.codes(), [code], "{name}");
        assert!(
            checked.rendered().contains("routes/large-loans.yaml:1:"),
            "{name}"
        );
    }
}

#[test]
fn regression_35_what_used_to_pass_is_refused_at_its_place() {
    for (old, new, code, place) in [
        (
            "  all:",
            "  conditionLogc: OR\n  all:",
            "bad-condition",
            ":3:3",
        ),
        ("greaterThan: 100000", "in: []", "wrong-shape", ":9:11"),
        ("where:", "description:\nwhere:", "wrong-shape", ":2:12"),
        (
            "topic: large-loans",
            "topic: raw-events",
            "sink-is-source",
            ":11:10",
        ),
    ] {
        let route = base_route().replace(old, new);
        let checked = Project::base().with_route(&route).check();
        assert_eq!(checked.codes(), [code], "{new}");
        assert!(
            checked.rendered().contains(place),
            "{new}: {}",
            checked.rendered()
        );
    }
}

fn base_route() -> String {
    routectl::files::read_text(&super::examples().join("base").join(super::ROUTE)).unwrap()
}

fn base_route_around_where() -> (String, String) {
    let route = base_route();
    let (before, after) = route.split_once("where:").unwrap();
    (before.to_owned(), after.to_owned())
}

/// The codes found where the condition on the amount has this operand.
fn amount(operand: &str) -> Vec<&'static str> {
    let route = base_route().replace("greaterThan: 100000", operand);
    Project::base().with_route(&route).check().codes()
}
