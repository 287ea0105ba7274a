//! What patterns mean, how they print, and which are refused.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Add as _;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The pattern's source, with each refused part marked.
fn refusals(texts: &[&str]) -> String {
    texts.iter().fold(String::new(), |mut out, text| {
        match Pattern::parse(text) {
            Ok(_) => writeln!(out, "{text}  ACCEPTED"),
            Err(error) => {
                let (before, rest) = text.split_at(error.offset);
                let (at, after) = rest.split_at(error.len);
                writeln!(
                    out,
                    "{before}«{at}»{after}  {}; {}",
                    error.message, error.help
                )
            }
        }
        .unwrap();
        out
    })
}

/// Patterns as text, most of them acceptable.
fn any_source() -> impl Strategy<Value = String> {
    let literal = prop::sample::select(vec![
        "a", "b", "A", "k", "K", "0", "_", " ", "-", "é", "É", "ſ", "\u{212a}", "\u{85}",
        "\u{2028}", "\n", "😀", "𝒳", "\\.", "\\\\", "\\t", "\\n", "\\-", "\\&", "&", "#", "~",
    ]);
    let shorthand = prop::sample::select(vec!["\\d", "\\D", "\\w", "\\W", "\\s", "\\S"]);
    let item = prop_oneof![
        literal.clone().prop_map(str::to_owned),
        shorthand.clone().prop_map(str::to_owned),
        prop::sample::select(vec![
            "a-c", "A-Z", "0-9", "!-~", "é-ÿ", "a-😀", "Z-a", "^", "$", "."
        ])
        .prop_map(str::to_owned),
    ];
    let class = (any::<bool>(), prop::collection::vec(item, 1..4)).prop_map(|(negated, items)| {
        format!("[{}{}]", if negated { "^" } else { "" }, items.concat())
    });
    let one = prop_oneof![
        6 => literal.prop_map(str::to_owned),
        2 => shorthand.prop_map(str::to_owned),
        2 => Just(".".to_owned()),
        3 => class,
    ];
    let quantifier = prop::sample::select(vec!["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}"]);
    let repeated = prop_oneof![
        2 => one.clone(),
        1 => (one, quantifier.clone()).prop_map(|(one, quantifier)| one + quantifier),
        1 => prop::sample::select(vec!["^", "$"]).prop_map(str::to_owned),
    ];
    let tree = repeated.prop_recursive(3, 12, 3, move |inner| {
        let group = inner.clone().prop_map(|inner| format!("(?:{inner})"));
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join("|"))),
            (group, quantifier.clone()).prop_map(|(group, quantifier)| group + quantifier),
        ]
    });
    (prop::bool::weighted(0.3), tree)
        .prop_map(|(ignore_case, tree)| format!("{}{tree}", if ignore_case { "(?i)" } else { "" }))
}

fn any_text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a", "b", "c", "A", "k", "K", "0", "9", "_", " ", "-", "é", "É", "ſ", "\u{212a}", "\u{85}",
        "\u{2028}", "\n", "\r\n", "\u{b}", "😀", "𝒳", ".", "\\", "&", "~", "z", "Z", "\t",
    ]);
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

/// Where a part may end that starts at one of the places: what it means, in the most naive way.
fn ends(
    node: &Node,
    ignore_case: bool,
    text: &[char],
    starts: &BTreeSet<usize>,
) -> BTreeSet<usize> {
    let next = |node: &Node, starts: &BTreeSet<usize>| ends(node, ignore_case, text, starts);
    match node {
        Node::One(one) => {
            let set = one.set(ignore_case);
            let matching = |at: &&usize| text.get(**at).is_some_and(|c| set.contains(*c));
            starts.iter().filter(matching).map(|at| at + 1).collect()
        }
        Node::Start => starts.iter().copied().filter(|at| *at == 0).collect(),
        Node::End => starts
            .iter()
            .copied()
            .filter(|at| *at == text.len())
            .collect(),
        Node::Sequence(parts) => parts
            .iter()
            .fold(starts.clone(), |at, part| next(part, &at)),
        Node::Choice(parts) => parts.iter().flat_map(|part| next(part, starts)).collect(),
        Node::Repeat { inner, min, max } => {
            let mut at = (0..*min).fold(starts.clone(), |at, _| next(inner, &at));
            let mut all = at.clone();
            let turns = max.map_or(text.len(), |max| (max - min) as usize);
            for _ in 0..turns {
                at = next(inner, &at);
                all.extend(&at);
            }
            all
        }
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_the_same_pattern(source in any_source()) {
        if let Ok(pattern) = Pattern::parse(&source) {
            let printed = pattern.to_string();
            let again = Pattern::parse(&printed);
            prop_assert_eq!(again.as_ref(), Ok(&pattern), "{}", &printed);
            prop_assert_eq!(again.map(|again| again.to_string()), Ok(printed));
        }
    }

    #[test]
    fn the_engine_finds_what_the_tree_means(source in any_source(), text in any_text()) {
        if let Ok(pattern) = Pattern::parse(&source) {
            let characters: Vec<char> = text.chars().collect();
            let starts = (0..=characters.len()).collect();
            let found = !ends(&pattern.root, pattern.ignore_case, &characters, &starts).is_empty();
            prop_assert_eq!(pattern.matches(&text), found, "{} in {:?}", pattern, text);
        }
    }

    #[test]
    fn no_text_panics_and_errors_lie_within_it(source in ".{0,12}|[()\\[\\]{}*+?|^$&\\\\a-c0-9,-]{0,16}") {
        if let Err(error) = Pattern::parse(&source) {
            prop_assert!(source.get(error.offset..error.offset + error.len).is_some());
            prop_assert!(!error.help.is_empty());
        }
    }
}

#[test]
fn one_tree_has_one_spelling() {
    for (source, printed) in [
        ("LoanCreated", "LoanCreated"),
        ("(a)(?:bc)", "abc"),
        ("((a|b)|c)", "a|b|c"),
        ("(a|b)c", "(?:a|b)c"),
        ("(?:ab)*", "(?:ab)*"),
        ("(x)*y{0,}z{1,}", "x*y*z+"),
        ("a{1}b{2,2}c{0,1}", "ab{2}c?"),
        ("(?:a{2}b){3}", "(?:a{2}b){3}"),
        ("(?i)[-a^]", "(?i)[\\-a\\^]"),
        ("[a-]", "[a\\-]"),
        ("\\/\\@\\-&", "/@-&"),
        ("a\tb\nc", "a\\tb\\nc"),
    ] {
        assert_eq!(pattern(source).to_string(), printed, "{source}");
        assert_eq!(pattern(source), pattern(printed), "{source}");
    }
}

#[test]
fn java_is_given_what_it_reads_as_we_do() {
    for (source, java) in [
        ("^ac[tT]ive$", r"^ac[tT]ive\z"),
        ("(?i)[&-]{2,}", r"(?i)[\&\-]{2,}"),
        (
            "\u{7}\u{2028}\u{85}\u{a0}é😀",
            r"\x{7}\x{2028}\x{85}\x{a0}é😀",
        ),
        (r"(\d{3},)+", r"(?:\d{3},)+"),
    ] {
        assert_eq!(pattern(source).to_java(), java, "{source}");
    }
}

#[test]
fn regression_22_matches_means_found_anywhere() {
    for (source, text, found) in [
        ("oan", "LoanCreated", true),
        ("^oan", "LoanCreated", false),
        ("^Loan(Created|Updated)$", "LoanUpdated", true),
        ("active$", "active\n", false),
        ("a.c", "a\u{85}c", false),
        ("a.c", "a\u{b}c", true),
        ("a.c", "a😀c", true),
        (r"^\d$", "٣", false),
        (r"^\s$", "\u{b}", true),
        (r"^\s$", "\u{a0}", false),
        ("(?i)straße", "STRAßE", true),
        ("(?i)é", "É", false),
        ("(?i)k", "\u{212a}", false),
        ("(?i)[^a]", "A", false),
        ("(?i)[Z-a]", "z", true),
        (r"[^\s\S]", "a", false),
        ("a{2,3}$", "aaaa", true),
        ("a$b", "a$b", false),
    ] {
        assert_eq!(pattern(source).matches(text), found, "{source} in {text:?}");
    }
}

#[test]
fn a_pattern_becomes_a_call() {
    let sql = pattern("it's \\d")
        .lower(Expr::column("status"))
        .to_string();
    assert_snapshot!(sql, @r"REGEXP(`status`, 'it''s \d')");
}

#[test]
fn what_another_dialect_has_is_refused() {
    assert_snapshot!(refusals(&[
        "", "(?i)", "a(?=b)", "(?!b)", "(?<=a)b", "(?<!a)b", "(?<n>a)", "(?P<n>a)", "(?>a)", "a(?i)b", "(?m)a", "(?i:a)",
        r"(a)\1", r"\k<n>", "a*+", "a+?", "a{2}?", "a**", "a{2}{3}", r"\bloan", r"\Qa.b\E", r"\p{L}", r"\x41", r"\u0041",
        r"\y", r"\é", r"\A", r"\z", "a\\",
    ]), @r"
    «»  the pattern is empty; write what must occur, or use `isNotNull: true`
    «(?i)»  the pattern is empty; write what must occur, or use `isNotNull: true`
    a«(?=»b)  lookahead is not supported; write two conditions, `matches` and perhaps `not`, under `all`
    «(?!»b)  lookahead is not supported; write two conditions, `matches` and perhaps `not`, under `all`
    «(?<=»a)b  lookbehind is not supported; write two conditions, `matches` and perhaps `not`, under `all`
    «(?<!»a)b  lookbehind is not supported; write two conditions, `matches` and perhaps `not`, under `all`
    «(?<»n>a)  named groups are not supported; nothing reads the name: write `(...)`
    «(?P»<n>a)  named groups are not supported; nothing reads the name: write `(...)`
    «(?>»a)  atomic groups are not supported; write `(...)`
    a«(?»i)b  flags inside a pattern are not supported; the only flag is `(?i)`, at the very start of the pattern
    «(?»m)a  flags inside a pattern are not supported; the only flag is `(?i)`, at the very start of the pattern
    «(?»i:a)  flags inside a pattern are not supported; the only flag is `(?i)`, at the very start of the pattern
    (a)«\1»  references to groups are not supported; write what the group matches again
    «\k»<n>  references to groups are not supported; write what the group matches again
    a«*+»  possessive quantifiers are not supported; remove the `+`; `\+` is the character
    a«+?»  lazy quantifiers are not supported; remove the `?`: whether a text matches is the same; `\?` is the character
    a«{2}?»  lazy quantifiers are not supported; remove the `?`: whether a text matches is the same; `\?` is the character
    a«**»  a second quantifier; write one, like `{2,6}`, or escape it for the character
    a«{2}{»3}  a second quantifier; write one, like `{2,6}`, or escape it for the character
    «\b»loan  word boundaries are not supported; write the neighbours: `(?:^|\W)loan(?:\W|$)`
    «\Q»a.b\E  quoting with `\Q` and `\E` is not supported; escape each special character, or use the operator `contains`
    «\p»{L}  character properties are not supported; list the characters: `[A-Za-z]`
    «\x»41  characters by number or name are not supported; write the character itself
    «\u»0041  characters by number or name are not supported; write the character itself
    «\y»  unknown escape `\y`; write `y` for the character, or `\\y` behind a backslash
    «\é»  unknown escape `\é`; write `é` for the character, or `\\é` behind a backslash
    «\A»  `\A` is not supported; write `^`, the start of the text
    «\z»  `\z` and `\Z` are not supported; write `$`, which is the very end of the text
    a«\»  `\` at the end of the pattern; write `\\` for the character
    ");
}

#[test]
fn what_is_malformed_is_refused() {
    assert_snapshot!(refusals(&[
        "(a", "a)", "[a", "[a-", "a]", "a}", "{", "a{", "a{x}", "a{,3}", "a{3", "a{3,2}", "a{0}", "a{1001}", "a{99999999999}",
        "*a", "(*a)", "a|*", "^*", "$?", "a||b", "|a", "a|", "()", "(|a)", "[]", "[]a]", "[^]", "[z-a]", r"[\d-z]", "[a-c-e]",
        r"[a-\w]", "[a[b]]", "[[:alpha:]]", "[a&&b]",
    ]), @r"
    «(»a  `(` is never closed; close it with `)`, or write `\(` for the character
    a«)»  `)` without a `(` before it; remove it, or write `\)` for the character
    «[»a  `[` is never closed; close it with `]`, or write `\[` for the character
    «[»a-  `[` is never closed; close it with `]`, or write `\[` for the character
    a«]»  `]` alone; write `\]` for the character
    a«}»  `}` alone; write `\}` for the character
    «{»  `{` alone; write `\{` for the character
    a«{»  `{` is never closed; write a count like `{3}`, or `\{` for the character
    a«{x}»  `{x}` is not a count; write `{3}`, `{3,}` or `{3,5}`, or `\{` for the character
    a«{,3}»  `{,3}` is not a count; write `{3}`, `{3,}` or `{3,5}`, or `\{` for the character
    a«{»3  `{` is never closed; write a count like `{3}`, or `\{` for the character
    a«{3,2}»  the counts are reversed; write the smaller count first
    a«{0}»  a repetition that is never; remove what it repeats
    a«{1001}»  more than 1000 repetitions; repeat at most 1000 times, or without an end: `{3,}`
    a«{99999999999}»  more than 1000 repetitions; repeat at most 1000 times, or without an end: `{3,}`
    «*»a  a quantifier with nothing to repeat; write what is repeated before it, or escape it for the character: `\*`
    («*»a)  a quantifier with nothing to repeat; write what is repeated before it, or escape it for the character: `\*`
    a|«*»  a quantifier with nothing to repeat; write what is repeated before it, or escape it for the character: `\*`
    ^«*»  a quantifier with nothing to repeat; write what is repeated before it, or escape it for the character: `\*`
    $«?»  a quantifier with nothing to repeat; write what is repeated before it, or escape it for the character: `\*`
    a|«»|b  nothing between `(`, `|`, `)` or an end of the pattern; remove the extra `|` or `()`; what may be missing is written `(?:...)?`
    «»|a  nothing between `(`, `|`, `)` or an end of the pattern; remove the extra `|` or `()`; what may be missing is written `(?:...)?`
    a|«»  nothing between `(`, `|`, `)` or an end of the pattern; remove the extra `|` or `()`; what may be missing is written `(?:...)?`
    («»)  nothing between `(`, `|`, `)` or an end of the pattern; remove the extra `|` or `()`; what may be missing is written `(?:...)?`
    («»|a)  nothing between `(`, `|`, `)` or an end of the pattern; remove the extra `|` or `()`; what may be missing is written `(?:...)?`
    «[]»  an empty class; list characters in it; `\]` is the character
    «[]»a]  an empty class; list characters in it; `\]` is the character
    «[^]»  an empty class; list characters in it; `\]` is the character
    [«z-a»]  the range is reversed; write `a-z`, or `\-` for the character
    [«\d-z»]  a range from or to a shorthand; write `\-` for the character
    [a-c«-»e]  `-` in the middle of a class; write `\-` for the character, or put it first or last
    [«a-\w»]  a range from or to a shorthand; write `\-` for the character
    [a«[»b]]  a class in a class is not supported; list the characters in one class, or write `\[` for the character
    [«[»:alpha:]]  a class in a class is not supported; list the characters in one class, or write `\[` for the character
    [a«&&»b]  `&&` in a class is not supported; list the characters themselves, or escape: `\&`
    ");
}

#[test]
fn what_overflows_the_stack_is_refused() {
    assert_snapshot!(refusals(&[
        "(?:a|b)*", "x(a+)+y", "(?:a?b){2,}", "(?:a|b){3}", "(?:.x)*", r"(?:\Dx)*", "(?:[^,],)*", "(?:^$)*", "((a|b)?c)+",
    ]), @r"
    «(?:a|b)*»  a repeated group that holds an alternation kills the job on a long value; write a class, `[ab]*` for `(?:a|b)*`, or several conditions
    x«(a+)+»y  a repeated group that holds a repetition kills the job on a long value; repeat one character or class, or a group of fixed length like `(?:\d{3},)*`
    «(?:a?b){2,}»  a repeated group that holds a repetition kills the job on a long value; repeat one character or class, or a group of fixed length like `(?:\d{3},)*`
    «(?:a|b){3}»  a repeated group that holds an alternation kills the job on a long value; write a class, `[ab]*` for `(?:a|b)*`, or several conditions
    «(?:.x)*»  a repeated group that holds `.` or a class of most characters kills the job on a long value; list the characters that may occur: `(?:[a-z0-9]-)*`
    «(?:\Dx)*»  a repeated group that holds `.` or a class of most characters kills the job on a long value; list the characters that may occur: `(?:[a-z0-9]-)*`
    «(?:[^,],)*»  a repeated group that holds `.` or a class of most characters kills the job on a long value; list the characters that may occur: `(?:[a-z0-9]-)*`
    «(?:^$)*»  a repetition of what has no length; remove the quantifier
    «((a|b)?c)+»  a repeated group that holds a repetition kills the job on a long value; repeat one character or class, or a group of fixed length like `(?:\d{3},)*`
    ");
    for safe in [
        "(?:a|b)?",
        r"^\d+(?:\.\d+)?$",
        "(?:ab)*",
        "(?:😀a)*",
        r"(?:\d{3},)*",
        "(?:[😀-😂]x)+",
        "[^,]*",
        ".{3,}",
        "(?:^a)+",
    ] {
        pattern(safe);
    }
}

#[test]
fn what_is_cubic_is_refused() {
    for slow in [
        "a.*b.*c",
        "a*a*b",
        "a*a*a*b$",
        r".*\d+x",
        "^.*a.*b.*c",
        r"\s*=\s*.*$",
        "(?:a.*|b.*)c.*d",
        &"a?".repeat(30).add("b"),
        &"(?:a|ab|b)".repeat(30).add("c"),
        "a{0,999}a{0,999}b",
    ] {
        let error = Pattern::parse(slow).expect_err(slow);
        assert!(
            error.message.contains("may hang the job"),
            "{slow}: {error}"
        );
    }
    for fast in [
        "foo.*bar",
        ".*loan approval.*",
        "^a.*b.*c$",
        "^[^,]*,[^,]*,[^,]*,x$",
        r"\d+-\d+-\d+",
        r"^\s*(?:a|b)\s*=\s*\w+\s*$",
        "foo.{0,50}bar.{0,50}baz",
        r"^[\w.]+@[\w.]+\.[a-z]{2,}$",
        "a.*b.*",
        "(?:Loan|Payment|Client)(?:Created|Updated|Deleted)?$",
    ] {
        pattern(fast);
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    pattern(&nested(32));
    pattern(&"é".repeat(1_000));
    pattern("[^a]{1000}.{1000}");
    for large in [
        nested(33),
        nested(400),
        "é".repeat(1_001),
        "(?:a{1000}){3}".to_owned(),
    ] {
        let error = Pattern::parse(&large).expect_err(&large);
        assert!(error.message.contains("more than"), "{error}");
    }
}
