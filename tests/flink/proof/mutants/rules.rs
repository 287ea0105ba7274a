//! The rules of the evaluator that are wrong on purpose.

use routectl::eval::{Found, Json};
use routectl::ir::operator::Predicate;
use routectl::ir::{
    Condition, Decimal, EpochUnit, Instant, InstantForm, Subject, Test, Value, ValueType,
};
use routectl::sql::{BinaryOperator, Truth};

/// How a mutant is wrong.
pub(super) enum Wrong {
    /// It evaluates another test.
    Test(fn(&Test) -> Option<Test>),
    /// It evaluates another condition.
    Condition(fn(&Condition) -> Option<Condition>),
    /// It says something else of a test, given what that found and its outcome.
    Outcome(fn(&Test, &Found, Truth) -> Truth),
    /// It puts the outcomes of parts together in another way.
    Logic(fn(&Condition, &[Truth]) -> Option<Truth>),
    /// It reads another document, or nothing else.
    Document(fn(&str) -> String),
}

/// Every rule, with its name.
pub(super) const MUTANTS: &[(&str, Wrong)] = &[
    (
        "`<` takes the border in",
        Wrong::Test(|test| compare(test, BinaryOperator::Less, BinaryOperator::LessOrEqual)),
    ),
    (
        "`>` takes the border in",
        Wrong::Test(|test| {
            compare(
                test,
                BinaryOperator::Greater,
                BinaryOperator::GreaterOrEqual,
            )
        }),
    ),
    (
        "`<=` leaves the border out",
        Wrong::Test(|test| compare(test, BinaryOperator::LessOrEqual, BinaryOperator::Less)),
    ),
    (
        "`>=` leaves the border out",
        Wrong::Test(|test| {
            compare(
                test,
                BinaryOperator::GreaterOrEqual,
                BinaryOperator::Greater,
            )
        }),
    ),
    ("numbers compare as text", Wrong::Test(number_as_text)),
    (
        "numbers compare without their fraction",
        Wrong::Test(without_fraction),
    ),
    (
        "instants compare in whole seconds",
        Wrong::Test(whole_seconds),
    ),
    (
        "instants of two forms count the same units",
        Wrong::Test(same_units),
    ),
    (
        "anyElement looks at the first element",
        Wrong::Condition(first_element),
    ),
    (
        "under `not` a list may be longer than it can be",
        Wrong::Condition(any_length),
    ),
    ("[*] looks for the first text", Wrong::Condition(first_text)),
    (
        "unknown is false",
        Wrong::Outcome(|_, _, outcome| known(outcome, Truth::False)),
    ),
    (
        "unknown is true",
        Wrong::Outcome(|_, _, outcome| known(outcome, Truth::True)),
    ),
    (
        "an unreadable document is false",
        Wrong::Outcome(|_, found, outcome| when(found == &Found::Malformed, Truth::False, outcome)),
    ),
    (
        "a missing value is false",
        Wrong::Outcome(|_, found, outcome| when(found == &Found::Missing, Truth::False, outcome)),
    ),
    (
        "null is unequal to everything",
        Wrong::Outcome(null_is_unequal),
    ),
    (
        "a value of another type is null",
        Wrong::Outcome(unfit_is_null),
    ),
    ("text compares in any case", Wrong::Outcome(any_case)),
    (
        "text compares without blanks around it",
        Wrong::Outcome(trimmed),
    ),
    ("`not` of unknown is true", Wrong::Logic(not_of_unknown)),
    ("`all` forgets unknown", Wrong::Logic(all_forgets)),
    ("`any` forgets unknown", Wrong::Logic(any_forgets)),
    (
        "of duplicate keys the first wins",
        Wrong::Document(first_key),
    ),
    (
        "an unreadable document is empty",
        Wrong::Document(|text| when(Json::read(text).is_none(), "{}".to_owned(), text.to_owned())),
    ),
    (
        "what follows a document counts",
        Wrong::Document(|text| when(text.ends_with(" junk"), String::new(), text.to_owned())),
    ),
    (
        "half of a surrogate pair is an error",
        Wrong::Document(|text| when(text.contains("\\ud800\""), String::new(), text.to_owned())),
    ),
    (
        "numbers have any number of digits",
        Wrong::Document(|text| text.replace(&"9".repeat(1_001), "9")),
    ),
    (
        "lists are as deep as they like",
        Wrong::Document(|text| {
            text.replace(&"[".repeat(1_001), "[")
                .replace(&"]".repeat(1_001), "]")
        }),
    ),
    (
        "numbers keep their spelling",
        Wrong::Document(|text| {
            text.replace(":1e2,", ":\"1e2\",")
                .replace(":-0,", ":\"-0\",")
        }),
    ),
    (
        "exponents are as long as they like",
        Wrong::Document(|text| {
            text.replace("1e-1000\"", "1e-100\"")
                .replace(":1e-1000,", ":1e-100,")
        }),
    ),
    (
        "a byte order mark is skipped",
        Wrong::Document(|text| text.trim_start_matches('\u{feff}').to_owned()),
    ),
    (
        "NaN is a number",
        Wrong::Document(|text| text.replace(": NaN,", ": 1,")),
    ),
    (
        "offsets are ignored",
        Wrong::Document(|text| text.replace("-05:00\"", "Z\"").replace("+05:30\"", "Z\"")),
    ),
    (
        "an instant without offset is one of UTC",
        Wrong::Document(|text| text.replace("T13:30:00\"", "T13:30:00Z\"")),
    ),
    (
        "leap seconds are seconds",
        Wrong::Document(|text| text.replace("13:30:60Z", "13:31:00Z")),
    ),
    (
        "30 February is none",
        Wrong::Document(|text| text.replace("1999-02-30T", "1999-02-99T")),
    ),
    (
        "blanks behind an instant are nothing",
        Wrong::Document(|text| text.replace("13:30:00Z\\n\"", "13:30:00Z\"")),
    ),
];

fn when<T>(condition: bool, yes: T, no: T) -> T {
    if condition { yes } else { no }
}

fn known(outcome: Truth, instead: Truth) -> Truth {
    when(outcome == Truth::Unknown, instead, outcome)
}

fn compare(test: &Test, from: BinaryOperator, to: BinaryOperator) -> Option<Test> {
    let predicate = match &test.predicate {
        Predicate::Compare(operator, value) if *operator == from => {
            Predicate::Compare(to, value.clone())
        }
        _ => return None,
    };
    Some(Test {
        predicate,
        ..test.clone()
    })
}

fn with_value(test: &Test, change: impl Fn(&Value) -> Option<Value>) -> Option<Test> {
    let predicate = match &test.predicate {
        Predicate::Compare(operator, value) => Predicate::Compare(*operator, change(value)?),
        _ => return None,
    };
    Some(Test {
        predicate,
        ..test.clone()
    })
}

fn number_as_text(test: &Test) -> Option<Test> {
    let as_text = |value: &Value| match value {
        Value::Number(number) => Some(Value::Text(number.to_string())),
        _ => None,
    };
    let mut mutated = with_value(test, as_text).filter(|test| test.subject.place.is_text())?;
    mutated.subject.value_type = ValueType::Text;
    Some(mutated)
}

fn without_fraction(test: &Test) -> Option<Test> {
    let whole = |value: &Value| match value {
        Value::Number(number) if !number.is_integer() => {
            let digits = number.to_string();
            let (whole, _) = digits.split_once('.')?;
            Decimal::parse(whole).ok().map(Value::Number)
        }
        _ => None,
    };
    with_value(test, whole)
}

fn whole_seconds(test: &Test) -> Option<Test> {
    const SECOND: i128 = 1_000_000_000;
    let whole = |value: &Value| match value {
        Value::Instant(instant) if instant.whole_seconds().is_none() => Some(Value::Instant(
            Instant::from_nanoseconds(instant.nanoseconds().div_euclid(SECOND) * SECOND),
        )),
        _ => None,
    };
    with_value(test, whole)
}

fn same_units(test: &Test) -> Option<Test> {
    const SECONDS: ValueType = ValueType::Instant(InstantForm::Epoch(EpochUnit::Seconds));
    let Predicate::CompareFields(operator, other) = &test.predicate else {
        return None;
    };
    let counts = matches!(other.value_type, ValueType::Instant(InstantForm::Epoch(_)));
    if !counts || [SECONDS, test.subject.value_type].contains(&other.value_type) {
        return None;
    }
    let other = Subject {
        value_type: SECONDS,
        ..other.clone()
    };
    Some(Test {
        predicate: Predicate::CompareFields(*operator, other),
        ..test.clone()
    })
}

fn first_element(condition: &Condition) -> Option<Condition> {
    let Condition::AnyElement(any) = condition else {
        return None;
    };
    let mut any = any.clone();
    any.elements.truncate(1);
    Some(Condition::AnyElement(any))
}

fn any_length(condition: &Condition) -> Option<Condition> {
    let Condition::Not(inner) = condition else {
        return None;
    };
    let Condition::AnyElement(any) = &**inner else {
        return None;
    };
    let mut any = any.clone();
    any.most = u32::MAX;
    Some(Condition::Not(Box::new(Condition::AnyElement(any))))
}

fn first_text(condition: &Condition) -> Option<Condition> {
    let Condition::SomeText(some) = condition else {
        return None;
    };
    let mut some = some.clone();
    some.texts.truncate(1);
    Some(Condition::SomeText(some))
}

fn null_is_unequal(test: &Test, found: &Found, outcome: Truth) -> Truth {
    let is_unequal = matches!(
        test.predicate,
        Predicate::Compare(BinaryOperator::NotEqual, _)
    );
    when(is_unequal && found == &Found::Null, Truth::True, outcome)
}

fn unfit_is_null(test: &Test, found: &Found, outcome: Truth) -> Truth {
    when(
        test.operator.key == "isNull" && matches!(found, Found::Unfit(_)),
        Truth::True,
        outcome,
    )
}

fn any_case(test: &Test, found: &Found, outcome: Truth) -> Truth {
    same_text(test, found, outcome, |one, two| {
        one.to_lowercase() == two.to_lowercase()
    })
}

fn trimmed(test: &Test, found: &Found, outcome: Truth) -> Truth {
    same_text(test, found, outcome, |one, two| one.trim() == two.trim())
}

fn same_text(test: &Test, found: &Found, outcome: Truth, same: fn(&str, &str) -> bool) -> Truth {
    match (&test.predicate, found) {
        (Predicate::Compare(BinaryOperator::Equal, Value::Text(wanted)), Found::Value(found))
            if outcome == Truth::False =>
        {
            when(same(wanted, found), Truth::True, outcome)
        }
        _ => outcome,
    }
}

fn not_of_unknown(condition: &Condition, parts: &[Truth]) -> Option<Truth> {
    match (condition, parts) {
        (Condition::Not(_), [Truth::False | Truth::Unknown]) => Some(Truth::True),
        (Condition::Not(_), [Truth::True]) => Some(Truth::False),
        _ => None,
    }
}

fn all_forgets(condition: &Condition, parts: &[Truth]) -> Option<Truth> {
    matches!(condition, Condition::All(_))
        .then(|| when(parts.contains(&Truth::False), Truth::False, Truth::True))
}

fn any_forgets(condition: &Condition, parts: &[Truth]) -> Option<Truth> {
    matches!(condition, Condition::Any(_))
        .then(|| when(parts.contains(&Truth::True), Truth::True, Truth::False))
}

/// Leaves out what comes later under a key that was there before, in the outermost object.
fn first_key(text: &str) -> String {
    let Some(Json::Object(last)) = Json::read(text) else {
        return text.to_owned();
    };
    let mut rewritten = text.to_owned();
    for key in last.keys() {
        let quoted = format!(",{}:", serde_json::Value::from(key.as_str()));
        // The second of two neighbours gets another name.
        if rewritten.matches(&quoted).count() > 1
            && let Some(at) = rewritten.rfind(&quoted)
        {
            rewritten.replace_range(at..at + 2, ",\"_");
        }
    }
    rewritten
}
