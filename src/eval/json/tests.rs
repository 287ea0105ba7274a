//! What Flink reads, and what it does not.

use proptest::prelude::*;

use super::Json;
use super::read::read;
use crate::ir::Step;

fn key(text: &str) -> Step {
    Step::Key(text.to_owned())
}

#[test]
fn a_way_leads_through_objects_and_lists_alone() {
    let json = Json::read(r#"{"a": [{"b": null}, {"b": 1.50}], "0": "x"}"#).unwrap();
    let scalar = |steps: &[Step]| json.get(steps).and_then(Json::scalar);
    assert_eq!(scalar(&[key("a"), Step::Index(1), key("b")]), Some("1.50"));
    assert_eq!(
        json.get(&[key("a"), Step::Index(0), key("b")]),
        Some(&Json::Null)
    );
    assert_eq!(scalar(&[key("a"), Step::Index(0), key("b")]), None);
    assert_eq!(json.get(&[key("a"), Step::Index(2)]), None);
    assert_eq!(json.get(&[key("a"), key("0")]), None);
    assert_eq!(json.get(&[Step::Index(0)]), None);
    assert_eq!(scalar(&[key("a")]), None);
}

fn value_of_a(text: &str) -> Option<String> {
    let json = read(text)?;
    let value = json.get(&[key("a")])?;
    value.scalar().map(str::to_owned)
}

/// Each was asked of Flink 2.2.1: `JSON_VALUE(v, '$[''a'']')`.
#[test]
fn what_flink_reads_is_read() {
    for (text, expected) in [
        (r#"{"a":1} junk"#, "1"),
        (r#"{"a":1}junk"#, "1"),
        (r#"{"a":1}}"#, "1"),
        ("{\"a\":1}\0", "1"),
        (r#"{"a":1}//c"#, "1"),
        (" \t\r\n{\"a\" : 1 }", "1"),
        (r#"{"a":1,"a":2}"#, "2"),
        (r#"{"a":-0}"#, "0"),
        (r#"{"a":-0.0}"#, "0.0"),
        (r#"{"a":0.00}"#, "0.00"),
        (r#"{"a":350000.00}"#, "350000.00"),
        (r#"{"a":1e2}"#, "1E+2"),
        (r#"{"a":0.0000001}"#, "1E-7"),
        (r#"{"a":1e400}"#, "1E+400"),
        (r#"{"a":true}"#, "true"),
        (r#"{"a":""}"#, ""),
        ("{\"a\":\"x\u{7f}\u{2028}y\"}", "x\u{7f}\u{2028}y"),
        (r#"{"a":"\ud83d\ude00"}"#, "\u{1f600}"),
        (r#"{"a":"\ud800"}"#, "?"),
        (r#"{"a":"\ude00\ud83d"}"#, "??"),
        (r#"{"a":"\ud83dx"}"#, "?x"),
        (r#"{"a":"\ud83d\u0041"}"#, "?A"),
        (r#"{"a":"\ud83d\n"}"#, "?\n"),
        (r#"{"a":"\u0000\/\b\f"}"#, "\0/\u{8}\u{c}"),
        (r#"{"\u0061":"escaped"}"#, "escaped"),
    ] {
        assert_eq!(value_of_a(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_flink_does_not_read_is_nothing() {
    for text in [
        "",
        " ",
        "active",
        r#"{"a":1"#,
        r#"{"a":01}"#,
        r#"{"a":-00}"#,
        r#"{"a":+1}"#,
        r#"{"a":.5}"#,
        r#"{"a":5.}"#,
        r#"{"a":-}"#,
        r#"{"a":1e}"#,
        r#"{"a":1.e5}"#,
        r#"{"a":NaN}"#,
        r#"{"a":Infinity}"#,
        "{'a':1}",
        "{a:1}",
        r#"{"a":1,}"#,
        "[1,]",
        "[,1]",
        r#"{"a":1 /*c*/}"#,
        "\u{feff}{\"a\":1}",
        "{\"a\":\"x\ty\"}",
        "{\"a\":\"x\ny\"}",
        "{\"a\":\"x\0y\"}",
        r#"{"a":"\x"}"#,
        r#"{"a":"\u12"}"#,
        r#"{"a":"\u+123"}"#,
        "{\"a\":\"\\u00\u{e9}\"}",
        "\u{c}{}",
        "\u{a0}{}",
        r#"{"a":"x}"#,
        r#"{"a":tru}"#,
        r#"{"a":nulll}"#,
        r#"{"a":true1}"#,
        r#"{"a":1x}"#,
        r#"{"a":1 2}"#,
        r#"{"a" 1}"#,
        r#"{"a":}"#,
        "{:1}",
        r#"{"a":1,,"b":2}"#,
        r#"{"a":1]"#,
        "undefined",
        "-",
        "- 1",
        "1junk",
        "1,2",
        "1]",
        "1\u{c}",
        "truex",
        "true_",
        "true\u{7f}",
        "nullx",
        r#"{"a":1e2147483648}"#,
        r#"{"a":1e99999999999}"#,
    ] {
        assert_eq!(read(text), None, "{text:?}");
    }
}

#[test]
fn a_scalar_alone_is_readable() {
    for text in [
        "null",
        "1",
        "1 2",
        "1\n",
        "true,",
        "true$",
        "true\"",
        "true[",
        "null:",
        "\"x\"junk",
        "[1]]",
        "-0",
    ] {
        assert!(read(text).is_some(), "{text}");
    }
}

#[test]
fn numbers_have_at_most_a_thousand_digits() {
    let (nines, zeros) = (|count| "9".repeat(count), |count| "0".repeat(count));
    for (number, readable) in [
        (nines(1000), true),
        (nines(1001), false),
        (format!("-{}", nines(1000)), true),
        (format!("1.{}", nines(999)), true),
        (format!("1.{}", nines(1000)), false),
        (format!("0.{}", nines(1000)), true),
        (format!("0.{}", nines(1001)), false),
        (format!("1e{}1", zeros(998)), true),
        (format!("1e+{}1", zeros(999)), false),
        (format!("0e{}1", zeros(999)), true),
        (format!("0e{}1", zeros(1000)), false),
        (format!("0.5e{}1", zeros(998)), false),
        (format!("-1.5e{}1", zeros(997)), true),
        (format!("1.5e{}1", zeros(998)), false),
    ] {
        let text = format!(r#"{{"b":{number},"a":1}}"#);
        assert_eq!(value_of_a(&text).is_some(), readable, "{number}");
    }
}

#[test]
fn depth_and_keys_have_limits_and_texts_have_none() {
    let lists = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&lists(1000)).is_some());
    assert!(read(&lists(1001)).is_none());
    assert!(read(&format!(r#"{{"a":{}}}"#, lists(1000))).is_none());
    assert!(read(&"[".repeat(1_000_000)).is_none());
    assert!(read(&"{\"a\":".repeat(1_000_000)).is_none());
    assert!(read(&format!(r#"{{"{}":1}}"#, "k".repeat(50_000))).is_some());
    assert!(read(&format!(r#"{{"{}":1}}"#, "k".repeat(50_001))).is_none());
    assert!(read(&format!(r#"{{"{}":1}}"#, "\u{e9}".repeat(50_000))).is_some());
    assert_eq!(
        value_of_a(&format!(r#"{{"a":"{}"}}"#, "k".repeat(60_000))).map(|text| text.len()),
        Some(60_000)
    );
}

proptest! {
    #[test]
    fn what_a_strict_reader_reads_is_read_alike(text in r#"[\[\]{}:,"ab0-9.eE+\\untrlfs -]{0,24}"#) {
        if let Ok(strict) = serde_json::from_str::<serde_json::Value>(&text) {
            let read = read(&text).map(|json| json.to_string());
            let again: Option<serde_json::Value> = read.and_then(|text| serde_json::from_str(&text).ok());
            prop_assert_eq!(again, Some(strict));
        }
    }

    #[test]
    fn no_text_panics(text in r#".{0,40}|[\[\]{}:,"a0\\ud8.e-]{0,40}"#) {
        read(&text);
    }
}
