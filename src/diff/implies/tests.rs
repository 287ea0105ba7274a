//! Proofs that are found, and the law: what is proved holds for every row of a small world.

use proptest::collection::vec;
use proptest::prelude::*;

use super::implies;
use crate::sql::{BinaryOperator, Expr, Literal, Truth, canonical_expr, parse_expr, shielded};

fn proves(premise: &str, conclusion: &str) -> bool {
    let [premise, conclusion] = [premise, conclusion].map(|text| parse_expr(text).unwrap());
    implies(Some(&premise), Some(&conclusion))
}

const AMOUNT: &str = "TRY_CAST(JSON_VALUE(d, '$.a') AS DECIMAL(38, 10))";
const SECONDS: &str = "UNIX_TIMESTAMP(t, 'yyyy')";

#[test]
fn edits_that_people_make_are_seen_through_in_one_direction() {
    let number = |test: &str| test.replace('#', AMOUNT);
    let time = |test: &str| test.replace('#', SECONDS);
    let table = [
        ("a = 'x' AND b = 'y'".to_owned(), "a = 'x'".to_owned()),
        ("a = 'x'".to_owned(), "a = 'x' OR b = 'y'".to_owned()),
        ("a = 'x'".to_owned(), "a IN ('x', 'y')".to_owned()),
        (
            "a IN ('x', 'y')".to_owned(),
            "a IN ('z', 'y', 'x')".to_owned(),
        ),
        ("a = 'x'".to_owned(), "a NOT IN ('y', 'z')".to_owned()),
        ("a = 'x'".to_owned(), "a IS NOT NULL".to_owned()),
        ("a NOT IN ('y', 'z')".to_owned(), "a <> 'y'".to_owned()),
        (number("# > 2000"), number("# > 1000")),
        (number("# >= 2000"), number("# > 1999.99")),
        (number("# BETWEEN 10 AND 20"), number("# >= 5")),
        (number("# = 7"), number("# BETWEEN 7 AND 8")),
        (number("NOT (# > 1000)"), number("# <= 2000")),
        ("x > 2000".to_owned(), "x > 1000".to_owned()),
        (
            time("# >= UNIX_TIMESTAMP() - 3600"),
            time("# >= UNIX_TIMESTAMP() - 86400"),
        ),
        ("s >= '10:00:00'".to_owned(), "s >= '09:00:00'".to_owned()),
        (
            "NOT (a = 'x' OR b = 'y')".to_owned(),
            "NOT (a = 'x')".to_owned(),
        ),
        ("b1 AND b2".to_owned(), "b1 OR b3".to_owned()),
        ("b1".to_owned(), "b1 IS NOT FALSE".to_owned()),
        (
            "CASE WHEN d IS JSON THEN JSON_EXISTS(d, '$.a') IS TRUE END".to_owned(),
            "d IS JSON".to_owned(),
        ),
        (
            "a LIKE 'x%' ESCAPE '!' AND a NOT LIKE 'y%' ESCAPE '!'".to_owned(),
            "NOT (a LIKE 'y%' ESCAPE '!')".to_owned(),
        ),
        ("(b1 AND b2) OR (b1 AND b3)".to_owned(), "b1".to_owned()),
        ("b1 = TRUE AND a < b".to_owned(), "b1 AND b >= a".to_owned()),
    ];
    for (one, other) in &table {
        assert!(proves(one, other), "{one} => {other}");
        assert!(!proves(other, one), "{other} => {one}");
        assert!(proves(one, one) && proves(other, other), "{one}, {other}");
    }
}

#[test]
fn three_values_are_kept_apart() {
    for (premise, conclusion) in [
        ("TRUE", "a = 'x' OR a <> 'x'"),
        ("NOT (a = 'x' AND b = 'y')", "NOT (a = 'x')"),
        ("b1 IS NOT TRUE", "NOT b1"),
        ("(a = 'x') IS NOT TRUE", "a <> 'x'"),
        // NaN is neither.
        ("NOT (x > 5)", "x <= 5"),
        // A FLOAT does not tell these apart.
        ("x >= 16777217", "x > 16777216"),
        ("a > 'é'", "a > 'a'"),
        ("x > 5", "x > '4'"),
    ] {
        assert!(!proves(premise, conclusion), "{premise} => {conclusion}");
    }
    assert!(proves("b1 AND NOT b1", "b2"));
    assert!(proves("a = 'x' AND a = 'y'", "b2"));
    assert!(proves("a IS NOT NULL", "a = 'x' OR a <> 'x'"));
}

#[test]
fn no_condition_lets_everything_pass() {
    let condition = parse_expr("a = 'x'").unwrap();
    assert!(implies(Some(&condition), None) && implies(None, None));
    assert!(!implies(None, Some(&condition)));
    assert!(implies(None, Some(&Expr::boolean(true))));
}

#[test]
fn what_takes_too_long_is_not_proved() {
    let pigeons = |pigeons: usize, holes: usize| {
        let sits = |pigeon, hole| format!("p{pigeon}h{hole}");
        let somewhere = (0..pigeons).map(|pigeon| {
            let holes: Vec<_> = (0..holes).map(|hole| sits(pigeon, hole)).collect();
            format!("({})", holes.join(" OR "))
        });
        let mut all: Vec<String> = somewhere.collect();
        for hole in 0..holes {
            for one in 0..pigeons {
                let others = one + 1..pigeons;
                all.extend(
                    others.map(|two| format!("NOT ({} AND {})", sits(one, hole), sits(two, hole))),
                );
            }
        }
        all.join(" AND ")
    };
    assert!(proves(&pigeons(3, 2), "FALSE"));
    assert!(!proves(&pigeons(9, 8), "FALSE"));
}

/// A value in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    Null,
    Text(&'static str),
    Number(f64),
    Truth(bool),
}

/// The columns and what each can hold: texts; a number that may be NaN; one that may not, as it is cast; a boolean.
const COLUMNS: [(&str, &[Cell]); 4] = [
    (
        "a",
        &[
            Cell::Null,
            Cell::Text("p"),
            Cell::Text("q"),
            Cell::Text("z"),
        ],
    ),
    (
        "n",
        &[
            Cell::Null,
            Cell::Number(f64::NAN),
            Cell::Number(0.0),
            Cell::Number(1.0),
            Cell::Number(1.5),
            Cell::Number(2.0),
            Cell::Number(3.0),
        ],
    ),
    (
        "e",
        &[
            Cell::Null,
            Cell::Number(0.0),
            Cell::Number(1.0),
            Cell::Number(1.5),
            Cell::Number(2.0),
        ],
    ),
    ("b", &[Cell::Null, Cell::Truth(true), Cell::Truth(false)]),
];

type Row = [Cell; 4];

fn rows() -> Vec<Row> {
    let mut rows = vec![[Cell::Null; 4]];
    for (column, (_, cells)) in COLUMNS.iter().enumerate() {
        let with = |row: Row| {
            cells.iter().map(move |cell| {
                let mut row = row;
                row[column] = *cell;
                row
            })
        };
        rows = rows.into_iter().flat_map(with).collect();
    }
    rows
}

fn value(expression: &Expr, row: &Row) -> Cell {
    match expression {
        Expr::Column(name) => {
            let mut columns = COLUMNS.iter();
            row[columns
                .position(|(known, _)| *known == name.as_str())
                .unwrap()]
        }
        Expr::Cast { expression, .. } => value(expression, row),
        Expr::Literal(Literal::String(text)) => {
            let texts = ["p", "q", "z"];
            Cell::Text(texts.into_iter().find(|known| known == text).unwrap())
        }
        Expr::Literal(Literal::Number(number)) => Cell::Number(number.as_str().parse().unwrap()),
        Expr::Literal(Literal::Null) => Cell::Null,
        Expr::Literal(Literal::Boolean(value)) => Cell::Truth(*value),
        other => panic!("{other}"),
    }
}

fn compare(left: Cell, operator: BinaryOperator, right: Cell) -> Truth {
    use BinaryOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let order = match (left, right) {
        (Cell::Null, _) | (_, Cell::Null) => return Truth::Unknown,
        (Cell::Number(left), Cell::Number(right)) => left.partial_cmp(&right),
        (Cell::Text(left), Cell::Text(right)) => Some(left.cmp(right)),
        (Cell::Truth(left), Cell::Truth(right)) => Some(left.cmp(&right)),
        pair => panic!("{pair:?}"),
    };
    let Some(order) = order else {
        return (operator == NotEqual).into();
    };
    let holds = match operator {
        Equal => order.is_eq(),
        NotEqual => order.is_ne(),
        Less => order.is_lt(),
        LessOrEqual => order.is_le(),
        Greater => order.is_gt(),
        GreaterOrEqual => order.is_ge(),
        other => panic!("{other:?}"),
    };
    holds.into()
}

fn all(outcomes: impl Iterator<Item = Truth>) -> Truth {
    let outcomes: Vec<_> = outcomes.collect();
    if outcomes.contains(&Truth::False) {
        Truth::False
    } else if outcomes.contains(&Truth::Unknown) {
        Truth::Unknown
    } else {
        Truth::True
    }
}

fn not_if(negated: bool, outcome: Truth) -> Truth {
    if negated { !outcome } else { outcome }
}

/// What SQL makes of a condition: written once more, from the standard's tables alone.
fn outcome(condition: &Expr, row: &Row) -> Truth {
    match condition {
        Expr::And(parts) => all(parts.iter().map(|part| outcome(part, row))),
        Expr::Or(parts) => !all(parts.iter().map(|part| !outcome(part, row))),
        Expr::Not(part) => !outcome(part, row),
        Expr::Binary {
            left,
            operator,
            right,
        } => compare(value(left, row), *operator, value(right, row)),
        Expr::In {
            expression,
            values,
            negated,
        } => {
            let found = value(expression, row);
            let each = values.iter().map(|one| value(one, row));
            let none = each.map(|one| !compare(found, BinaryOperator::Equal, one));
            not_if(*negated, !all(none))
        }
        Expr::Between {
            expression,
            low,
            high,
            negated,
        } => {
            let found = value(expression, row);
            let low = compare(found, BinaryOperator::GreaterOrEqual, value(low, row));
            let high = compare(found, BinaryOperator::LessOrEqual, value(high, row));
            not_if(*negated, all([low, high].into_iter()))
        }
        Expr::IsNull {
            expression,
            negated,
        } => not_if(*negated, (value(expression, row) == Cell::Null).into()),
        Expr::IsTruth {
            expression,
            truth,
            negated,
        } => not_if(*negated, (outcome(expression, row) == *truth).into()),
        Expr::Case {
            branches,
            otherwise,
        } => {
            let mut branches = branches.iter();
            let found = branches.find(|(when, _)| outcome(when, row) == Truth::True);
            let found = found.map(|(_, then)| then).or(otherwise.as_deref());
            found.map_or(Truth::Unknown, |found| outcome(found, row))
        }
        Expr::Call { arguments, .. } => match arguments.as_slice() {
            [argument] => outcome(argument, row),
            _ => panic!("{condition}"),
        },
        other => match value(other, row) {
            Cell::Null => Truth::Unknown,
            Cell::Truth(value) => value.into(),
            cell => panic!("{cell:?}"),
        },
    }
}

fn operators() -> impl Strategy<Value = BinaryOperator> {
    use BinaryOperator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    prop::sample::select(vec![
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
    ])
}

fn leaf() -> impl Strategy<Value = Expr> {
    let text = || prop::sample::select(vec!["p", "q"]).prop_map(Expr::string);
    let number = || {
        let number = prop::sample::select(vec!["0", "1", "2"]);
        number.prop_map(|text| Expr::decimal(text).unwrap())
    };
    let amount = || {
        let exact = parse_expr("TRY_CAST(e AS DECIMAL(38, 10))").unwrap();
        prop::sample::select(vec![Expr::column("n"), exact])
    };
    let truth = prop::sample::select(vec![Truth::True, Truth::False, Truth::Unknown]);
    prop_oneof![
        (operators(), text()).prop_map(|(operator, text)| Expr::column("a").binary(operator, text)),
        (amount(), operators(), number())
            .prop_map(|(left, operator, right)| left.binary(operator, right)),
        (amount(), operators(), number())
            .prop_map(|(left, operator, right)| right.binary(operator, left)),
        (operators(), amount(), amount())
            .prop_map(|(operator, left, right)| left.binary(operator, right)),
        vec(text(), 1..3).prop_map(|values| Expr::column("a").is_in(values)),
        vec(number(), 1..3).prop_map(|values| Expr::column("n").is_not_in(values)),
        (amount(), number(), number()).prop_map(|(value, low, high)| value.between(low, high)),
        prop::sample::select(vec!["a", "n", "b"]).prop_map(|name| Expr::column(name).is_null()),
        amount().prop_map(Expr::is_not_null),
        Just(Expr::column("b")),
        Just(Expr::column("b").ne(Expr::boolean(false))),
        truth.prop_map(|truth| Expr::column("b").is_not(truth)),
        Just(Expr::null()),
        any::<bool>().prop_map(Expr::boolean),
    ]
}

fn condition() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        let one = || inner.clone();
        let truth = prop::sample::select(vec![Truth::True, Truth::False, Truth::Unknown]);
        prop_oneof![
            vec(one(), 2..4).prop_map(Expr::all),
            vec(one(), 2..4).prop_map(Expr::any),
            one().prop_map(|part| !part),
            (one(), truth, any::<bool>()).prop_map(|(part, truth, negated)| if negated {
                part.is_not(truth)
            } else {
                part.is(truth)
            }),
            (one(), one(), prop::option::of(one()))
                .prop_map(|(when, then, otherwise)| Expr::case([(when, then)], otherwise)),
        ]
    })
}

/// Two conditions that have something to do with each other: else hardly anything would follow.
fn pair() -> impl Strategy<Value = (Expr, Expr)> {
    prop_oneof![
        (condition(), condition()),
        (condition(), condition()).prop_map(|(one, two)| (one.clone().and(two), one)),
        (condition(), condition()).prop_map(|(one, two)| (one.clone(), one.or(two))),
        (condition(), leaf(), leaf())
            .prop_map(|(one, two, three)| { (one.clone().and(two), one.and(three)) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// The law that every word about a change rests on.
    #[test]
    fn what_is_proved_holds_for_every_row((premise, conclusion) in pair()) {
        if implies(Some(&premise), Some(&conclusion)) {
            for row in rows() {
                prop_assert!(
                    outcome(&premise, &row) != Truth::True || outcome(&conclusion, &row) == Truth::True,
                    "{premise} => {conclusion}\n{row:?}"
                );
            }
        }
    }

    /// Sorted operands are no change; and the check does find what is plain.
    #[test]
    fn a_condition_implies_itself_its_parts_and_its_canonical_form(one in condition(), two in condition()) {
        prop_assert!(implies(Some(&one), Some(&canonical_expr(&one))));
        let both = one.clone().and(two.clone());
        prop_assert!(implies(Some(&both), Some(&one)) && implies(Some(&both), Some(&two)));
        prop_assert!(implies(Some(&two), Some(&one.or(two.clone()))));
    }

    /// What keeps a comparison from Flink's planner changes no outcome, and is seen through.
    #[test]
    fn a_shielded_condition_is_the_same(one in condition(), two in condition(), three in leaf()) {
        let plain = one.clone().and(two).or(one.or(three.clone()).and(three));
        let shielded = shielded(plain.clone());
        for row in rows() {
            prop_assert_eq!(outcome(&plain, &row), outcome(&shielded, &row), "{}\n{}\n{:?}", plain, shielded, row);
        }
        prop_assert!(implies(Some(&plain), Some(&shielded)) && implies(Some(&shielded), Some(&plain)));
    }
}
