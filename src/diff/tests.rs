//! Comparisons of whole projects, and how they are printed.

use std::collections::BTreeMap;

use super::*;
use crate::markdown::LONGEST;
use crate::plan::fixture::{
    desired, disabled, generation, live, plan, route, route_from, successor,
};
use crate::plan::{self, Choices};
use crate::statement::{Desired, DesiredRoute, Fingerprint};

/// The route with another text; the canonical one is that without comments.
fn saying(route: &DesiredRoute, text: &str) -> DesiredRoute {
    let canonical: String = text
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect();
    DesiredRoute {
        text: text.to_owned(),
        fingerprint: Fingerprint::new(&canonical, text, &BTreeMap::new()),
        ..route.clone()
    }
}

fn compare(
    desired: &Desired,
    statements: impl IntoIterator<Item = crate::api::Statement>,
) -> Comparison {
    Comparer::new(desired).unwrap().all(&live(statements))
}

/// The words for a route that is to say one thing while the other runs.
fn words(wanted: &DesiredRoute, runs: &DesiredRoute) -> String {
    let comparison = compare(&desired([wanted.clone()]), [generation(runs, 1, "RUNNING")]);
    comparison.routes[0].words().join(", ")
}

#[test]
fn each_change_has_its_word() {
    let base = route("r", "out", "a");
    let sql = |text: &str| saying(&base, text);
    let plain = sql("INSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` = 'a'");
    for (text, expected) in [
        (
            "INSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` = 'a'",
            "unchanged",
        ),
        (
            "INSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` = 'a' AND `b`",
            "narrowed",
        ),
        (
            "INSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` IN ('a', 'b')",
            "widened",
        ),
        ("INSERT INTO `out` (`id`) SELECT `id` FROM `raw`", "widened"),
        (
            "INSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` = 'b'",
            "other condition",
        ),
        (
            "INSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` IN ('a')",
            "equivalent",
        ),
        (
            "INSERT INTO `ou2` (`id`) SELECT `id` FROM `raw` WHERE `id` = 'a'",
            "other sink",
        ),
        (
            "INSERT INTO `out` (`id`) SELECT `x` AS `id` FROM `raw` WHERE `id` = 'a'",
            "other columns",
        ),
        (
            "INSERT INTO `out` (`i`) SELECT `id` AS `i` FROM `raw` WHERE `id` = 'a' AND `b`",
            "narrowed, other columns",
        ),
        // Rows of another topic are not fewer of the same.
        (
            "INSERT INTO `out` (`id`) SELECT `id` FROM `ra2` WHERE `id` = 'a' AND `b`",
            "other condition, other source",
        ),
        (
            "-- new words\nINSERT INTO `out` (`id`) SELECT `id` FROM `raw` WHERE `id` = 'a'",
            "cosmetic",
        ),
    ] {
        assert_eq!(words(&sql(text), &plain), expected, "{text}");
    }
    let commented = sql("-- words\nINSERT INTO `out` (`id`) SELECT `id` FROM `raw`");
    let laid_out = DesiredRoute {
        text: commented.text.replace(" FROM", "\nFROM"),
        fingerprint: Fingerprint {
            text: "another".to_owned(),
            ..commented.fingerprint.clone()
        },
        ..commented.clone()
    };
    assert_eq!(words(&laid_out, &commented), "rendering");
}

#[test]
fn what_was_recorded_counts_and_not_what_the_service_made_of_the_text() {
    let one = route("r", "out", "a");
    let mut rewritten = generation(&one, 1, "RUNNING");
    rewritten.spec.statement = "INSERT INTO `env`.`db`.`out` SELECT whatever".to_owned();
    let comparison = compare(&desired([one.clone()]), [rewritten.clone()]);
    assert!(!comparison.has_differences());
    let changed = compare(&desired([route("r", "out", "b")]), [rewritten]);
    assert_eq!(changed.routes[0].words(), ["unreadable"]);
    assert!(!changed.is_readable() && changed.has_differences());
}

#[test]
fn pool_principal_labels_and_properties_are_settings() {
    let one = route("r", "out", "a");
    let mut moved = generation(&one, 1, "RUNNING");
    moved.spec.compute_pool_id = Some("lfcp-9".to_owned());
    moved.spec.principal = None;
    moved
        .spec
        .properties
        .insert("sql.local-time-zone".to_owned(), "GMT".to_owned());
    moved
        .metadata
        .labels
        .insert("user.confluent.io/x".to_owned(), "true".to_owned());
    let comparison = compare(&desired([one.clone()]), [moved.clone()]);
    assert_eq!(comparison.summary().changed, 1);
    insta::assert_snapshot!(anstream::adapter::strip_str(&human::render(&comparison)), @"
    ~ r: other settings
      compute pool: lfcp-9 -> lfcp-1
      principal: (none) -> sa-1
      label user.confluent.io/x: set -> (none)
    ");
    // Properties count where the content was recorded with others.
    moved
        .metadata
        .labels
        .retain(|label, _| !label.contains("-content-"));
    let comparison = compare(&desired([one]), [moved]);
    let names = comparison.routes[0].settings.iter();
    let names: Vec<_> = names.map(|setting| setting.name.as_str()).collect();
    insta::assert_snapshot!(names.join("\n"), @"
    compute pool
    principal
    label user.confluent.io/routectl-content-...
    label user.confluent.io/x
    sql.local-time-zone
    ");
}

#[test]
fn what_runs_is_compared_and_not_what_waits_or_failed() {
    let [old, new] = [route("r", "out", "a"), route("r", "out", "b")];
    for phase in ["PENDING", "FAILED"] {
        let both = [generation(&old, 1, "RUNNING"), successor(&new, 1, 2, phase)];
        let comparison = compare(&desired([new.clone()]), both);
        let found = &comparison.routes[0];
        assert_eq!(found.words(), ["other condition"], "{phase}");
        assert_eq!(
            found.statement.as_deref(),
            Some(old.identity.name(1).as_str())
        );
    }
}

#[test]
fn routes_of_one_side_alone_are_told() {
    let [one, two, three] = ["one", "two", "three"].map(|name| route(name, name, "a"));
    let wanted = desired([one.clone(), disabled(two.clone())]);
    let running = [
        generation(&two, 1, "RUNNING"),
        generation(&three, 1, "RUNNING"),
    ];
    let comparison = compare(&wanted, running);
    let words = |comparison: &Comparison| {
        let routes = comparison.routes.iter();
        let words = routes.map(|route| format!("{}: {}", route.title, route.words().join(", ")));
        words.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(words(&comparison), @"
    one: new
    p-three-rfkr22mds5-g1: gone
    two: disabled
    ");
    let at_rest = compare(
        &desired([disabled(two.clone())]),
        [generation(&two, 1, "STOPPED")],
    );
    assert!(!at_rest.has_differences());
    assert!(!compare(&desired([disabled(two)]), []).has_differences());
    let mut some = comparison;
    some.select(&["one".to_owned(), three.identity.name(1).to_string()]);
    assert_eq!(some.routes.len(), 2);
    some.select(&[]);
    assert_eq!(some.routes.len(), 2);
}

#[test]
fn hidden_characters_are_shown() {
    let texts = Texts {
        old: "a\u{1b}[31m\n".to_owned(),
        new: "a\u{202e}b\r\n".to_owned(),
        old_name: "old\u{7}".to_owned(),
        new_name: "new".to_owned(),
    };
    insta::assert_snapshot!(texts.unified(), @r"
    --- old\u{7}
    +++ new
    @@ -1 +1 @@
    -a\u{1b}[31m
    +a\u{202e}b\r
    ");
}

/// Five thousand routes whose names and texts try everything.
fn hostile() -> (Desired, Vec<crate::api::Statement>) {
    const TEXTS: [&str; 6] = [
        "a|b",
        "</details><img src=x>",
        "```` @team #1 [x](http://x.io)",
        "*x* _y_ ~z~ $m$ :tada:",
        "\n| x |\n",
        "\u{202e}``",
    ];
    let text = |number: usize| TEXTS[number % TEXTS.len()].replace('\'', "''");
    let name = |number: usize| format!("r{number} {}", text(number));
    let numbers = || 0..5_000_usize;
    let to = |condition: &'static str| {
        numbers().map(move |number| {
            let condition = format!("{condition} {}", text(number));
            route_from("raw", &name(number), &name(number), &condition)
        })
    };
    let wanted = desired(to("new"));
    let running = to("old").map(|route| generation(&route, 1, "RUNNING"));
    (wanted, running.collect())
}

#[test]
fn comments_of_many_hostile_changes_fit_and_stay_text() {
    let (wanted, running) = hostile();
    let live = live(running);
    let comparer = Comparer::new(&wanted).unwrap();
    let diff = markdown::render(&comparer.all(&live));
    let plan = plan(&wanted, &live, &Choices::default());
    assert_eq!(plan.summary().replace, 5_000);
    let plan = plan::markdown::render(&plan, &wanted, &comparer);
    for report in [diff, plan] {
        assert!(report.len() <= LONGEST && report.len() > LONGEST / 2);
        assert!(
            report.starts_with("**") && report.contains("_Left out, as a comment holds no more: ")
        );
        let rows = report.lines().filter(|line| line.starts_with("| "));
        for row in rows.skip(1) {
            assert_eq!(row.matches('|').count(), 4, "{row}");
            assert!(
                !row.contains(['@', '*', '`', '[']) && !row.contains("<img"),
                "{row}"
            );
        }
        let count = |sign: &str| report.lines().filter(|line| line.starts_with(sign)).count();
        assert_eq!(count("<details>"), count("</details>"));
    }
}
