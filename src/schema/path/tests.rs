use proptest::prelude::*;

use super::*;

fn key(text: &str) -> Segment {
    Segment::Key(text.to_owned())
}

#[test]
fn reads_keys_indexes_and_any() {
    let cases = [
        (
            "eventHeader.eventType",
            vec![key("eventHeader"), key("eventType")],
        ),
        (
            "a.b[0].c",
            vec![key("a"), key("b"), Segment::Index(0), key("c")],
        ),
        (r#"tags["a.b"]"#, vec![key("tags"), key("a.b")]),
        (
            r#"tags["say \"hi\" \u00e9"]"#,
            vec![key("tags"), key("say \"hi\" é")],
        ),
        ("x[*].y", vec![key("x"), Segment::Any, key("y")]),
        (
            "m[0][1]",
            vec![key("m"), Segment::Index(0), Segment::Index(1)],
        ),
        ("__op", vec![key("__op")]),
        ("$ref.größe", vec![key("$ref"), key("größe")]),
        (r#"["$"]"#, vec![key("$")]),
        (r#"a[""]"#, vec![key("a"), key("")]),
    ];
    for (text, segments) in cases {
        assert_eq!(
            FieldPath::parse(text),
            Ok(FieldPath {
                root: Root::Any,
                segments
            }),
            "{text}"
        );
    }
}

#[test]
fn a_dollar_in_front_means_the_document() {
    for (text, printed) in [
        ("$.x", "$.x"),
        (r#"$["x"]"#, "$.x"),
        (r#"$["a b"].c"#, r#"$["a b"].c"#),
    ] {
        let path = FieldPath::parse(text).unwrap();
        assert_eq!(path.root, Root::Document, "{text}");
        assert_eq!(path.to_string(), printed);
    }
}

/// Renders an error with its place marked under the text.
fn error(text: &str) -> String {
    let PathError {
        message,
        help,
        offset,
        len,
    } = FieldPath::parse(text).unwrap_err();
    let marks = if len == 0 {
        "|".to_owned()
    } else {
        "^".repeat(text[offset..offset + len].chars().count())
    };
    let indent = " ".repeat(text[..offset].chars().count());
    format!("{text}\n{indent}{marks} {message}; {help}")
}

#[test]
fn errors_name_the_place_and_the_remedy() {
    let texts = [
        "",
        "$",
        ".a",
        "a.",
        "a..b",
        "a.[0]",
        "a[",
        "a[0",
        "a[0.b",
        "a[]",
        "a[-1]",
        "a[01]",
        "a[00]",
        "a[4294967296]",
        "a['b']",
        "a[b]",
        "a[0]b",
        "a]",
        "a b",
        " a",
        "a.\"b\"",
        "a[\"b",
        "a[\"b\"",
        "a[\"b\"x]",
        "a[\"\\x\"]",
        "ä\tb",
    ];
    let errors: Vec<String> = texts.into_iter().map(error).collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
        | the path is empty; write one like `eventHeader.eventType`
        $
        ^ the path names no field; name a field of the document: `$.eventHeader`
        .a
        ^ a key is missing before `.`; remove the extra separator; an empty key is written `[""]`
        a.
         ^ the path ends in a dot; remove the dot, or name a key behind it
        a..b
          ^ a key is missing before `.`; remove the extra separator; an empty key is written `[""]`
        a.[0]
          ^ a key is missing before `[`; remove the extra separator; an empty key is written `[""]`
        a[
         ^ `[` is never closed; close it: `[0]`, `[*]` or `["key"]`
        a[0
         ^^ `[` is never closed; close it: `[0]`, `[*]` or `["key"]`
        a[0.b
         ^^^^ `[` is never closed; close it: `[0]`, `[*]` or `["key"]`
        a[]
         ^^ the brackets are empty; write `[0]` for the first element or `[*]` for any
        a[-1]
          ^^ negative index `-1`; indexes count from 0 at the front; use `[*]` for any element
        a[01]
          ^^ index `01` has leading zeros; write `[1]`
        a[00]
          ^^ index `00` has leading zeros; write `[0]`
        a[4294967296]
          ^^^^^^^^^^ index `4294967296` is too large; the largest index is 4294967295
        a['b']
          ^^^ `'b'` is not an index; a key in brackets takes double quotes: `["b"]`
        a[b]
          ^ `b` is not an index; a key in brackets takes double quotes: `["b"]`
        a[0]b
            ^ `b` directly after `]`; separate the key with a dot: `entities[0].id`
        a]
         ^ `]` without a `[` before it; remove it, or write `[0]`
        a b
         ^ white space or a control character in a key; quote such a key in brackets: `["first name"]`
         a
        ^ white space or a control character in a key; quote such a key in brackets: `["first name"]`
        a."b"
          ^ a quote inside a key; quote the whole key in brackets: `tags["a.b"]`
        a["b
         ^^^ the quoted key is never closed; close it with `"]`
        a["b"
         ^^^^ the quoted key is never closed; write `]` directly after the closing quote
        a["b"x]
         ^^^^^^ the quoted key is never closed; write `]` directly after the closing quote
        a["\x"]
          ^^^^ the quoted key is not a JSON string; escape like JSON does: `\"`, `\\`, `\n`, `\u00e9`
        ä	b
         ^ white space or a control character in a key; quote such a key in brackets: `["first name"]`
    "#);
}

#[test]
fn relations_between_paths() {
    let path = FieldPath::parse("$.a[0].b").unwrap();
    let parent = path.parent().unwrap();
    assert_eq!(parent.to_string(), "$.a[0]");
    assert_eq!(parent.join(key("b")), path);
    assert!(path.starts_with(&FieldPath::parse("a[0]").unwrap()));
    assert!(!path.starts_with(&FieldPath::parse("a[*]").unwrap()));
    assert!(path.starts_with(&FieldPath::document()));
    assert_eq!(FieldPath::document().parent(), None);
    assert_eq!(path.keys(), None);
    assert_eq!(
        FieldPath::of_keys(["a", "b.c"]).keys(),
        Some(vec!["a", "b.c"])
    );
    assert_eq!(FieldPath::of_keys(["a", "b.c"]).to_string(), r#"a["b.c"]"#);
}

fn any_path() -> impl Strategy<Value = FieldPath> {
    let segment = prop_oneof![
        3 => any::<String>().prop_map(Segment::Key),
        3 => "[a-z$*]{1,4}".prop_map(Segment::Key),
        2 => any::<u32>().prop_map(Segment::Index),
        1 => Just(Segment::Any),
    ];
    let root = prop_oneof![Just(Root::Any), Just(Root::Document)];
    (root, prop::collection::vec(segment, 1..6))
        .prop_map(|(root, segments)| FieldPath { root, segments })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_the_same(path in any_path()) {
        let text = path.to_string();
        prop_assert_eq!(FieldPath::parse(&text), Ok(path), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused_within_its_bounds(text in r#"[a$.\[\]"'\\*0-9 -]{0,12}|\PC{0,8}"#) {
        match FieldPath::parse(&text) {
            Ok(path) => prop_assert_eq!(FieldPath::parse(&path.to_string()), Ok(path)),
            Err(error) => prop_assert!(text.get(error.offset..error.offset + error.len).is_some()),
        }
    }
}
