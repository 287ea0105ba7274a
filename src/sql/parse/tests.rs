use super::*;

/// What the printer writes for `text` once it has been read.
#[track_caller]
fn reads(text: &str) -> String {
    parse_expr(text)
        .unwrap_or_else(|error| panic!("{text}\n{error}"))
        .to_string()
}

#[track_caller]
fn refuses(text: &str) -> String {
    let error = parse(text).unwrap_err();
    format!("{}:{}: {}", error.line, error.column, error.message)
}

#[track_caller]
fn refuses_expr(text: &str) -> String {
    let error = parse_expr(text).unwrap_err();
    format!("{}:{}: {}", error.line, error.column, error.message)
}

const SECONDS: &str = r"UNIX_TIMESTAMP(REGEXP_REPLACE(REGEXP_EXTRACT(JSON_VALUE(`event_data`, '$[''a'']'), '^(?:1[6-9]|[2-9][0-9])[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])\z', 0), '\.[0-9]+', ''), 'yyyy-MM-dd''T''HH:mm:ssXXX')";

/// Every spelling that was proved on real Flink comes out as it went in.
#[test]
fn proved_spellings_come_back() {
    let path = "JSON_VALUE(`event_data`, '$[''a''][0][''b'']')";
    let entities = "'$[''eventBody''][''entities''][*][''entityType'']'";
    let spellings = [
        format!("TRY_CAST({path} AS DECIMAL(38, 10)) > 100000"),
        "`eventBody`.`entities`[1].`updatedAttributes`['loan.loanAmount']".to_owned(),
        "JSON_VALUE(`b`.`entities`[1].`attributes`['loan'], '$[''loanAmount'']')".to_owned(),
        "CAST('12345678901234567.1234567891' AS DECIMAL(38, 10))".to_owned(),
        format!("TRY_CAST({path} AS DECIMAL(38, 10)) BETWEEN 20000 AND 100000"),
        format!("{path} IN ('active', 'defaulted')"),
        format!("{path} NOT IN ('active', 'defaulted')"),
        format!("TRY_CAST({path} AS BOOLEAN) = TRUE"),
        format!("NOT ({path} = 'active' OR TRY_CAST({path} AS DECIMAL(38, 10)) > 100000)"),
        format!(r"REGEXP({path}, '^ac[tT]ive\z')"),
        format!("{path} LIKE 'a!%c%' ESCAPE '!'"),
        format!("{SECONDS} >= 1737379800"),
        format!(
            "CAST({SECONDS} AS DECIMAL(20, 0)) + COALESCE(TRY_CAST(REGEXP_EXTRACT({path}, \
             '\\.[0-9]+', 0) AS DECIMAL(10, 9)), 0) > 1737379800"
        ),
        "`__ts_ms` >= 1737379800000".to_owned(),
        "`at` >= TO_TIMESTAMP_LTZ(1737379800000, 3)".to_owned(),
        format!("{SECONDS} >= UNIX_TIMESTAMP() - 86400"),
        format!(
            "SUBSTRING(CONVERT_TZ(CAST(TIMESTAMPADD(SECOND, {SECONDS}, \
             TIMESTAMP '1970-01-01 00:00:00') AS STRING), 'UTC', 'America/New_York'), 12, 8) \
             >= '09:00:00'"
        ),
        format!(
            "ARRAY_CONTAINS(JSON_QUERY(`event_data`, {entities} RETURNING ARRAY<STRING>), 'Loan')"
        ),
        format!(
            "CASE WHEN JSON_EXISTS(`event_data`, '$[''e'']') THEN ARRAY_CONTAINS(JSON_QUERY(\
             JSON_STRING(`b`.`entities`), {entities} RETURNING ARRAY<STRING>), 'Loan') END"
        ),
        "(`a` = 1 AND `b` = 2) IS TRUE OR (`a` = 3 AND `b` = 4) IS TRUE \
         OR CASE WHEN `col` IS NOT NULL THEN FALSE END"
            .to_owned(),
        "CASE WHEN `event_data` IS JSON THEN JSON_EXISTS(`event_data`, '$') IS NOT TRUE END"
            .to_owned(),
        "`col` IS NULL".to_owned(),
        "JSON_VALUE(`m`['status'], '$')".to_owned(),
        "ROW('route', 'consumer', CURRENT_TIMESTAMP)".to_owned(),
        "CAST(ROW('a', CAST(NULL AS STRING), CURRENT_TIMESTAMP) AS ROW<`filterId` STRING, \
         `consumerId` STRING, `filteredAt` TIMESTAMP_LTZ(3)>)"
            .to_owned(),
    ];
    for spelling in spellings {
        assert_eq!(reads(&spelling), spelling);
    }
}

#[test]
fn reads_what_people_write() {
    assert_eq!(
        reads("a and (b and c) or d"),
        "(`a` AND `b` AND `c`) OR `d`"
    );
    assert_eq!(
        reads("a or b and not c = -1"),
        "`a` OR (`b` AND NOT (`c` = -1))"
    );
    assert_eq!(reads("1 - 2 - (3 - 4) * x"), "1 - 2 - (3 - 4) * `x`");
    assert_eq!(
        reads("cast(x as timestamp(3) with local time zone)"),
        "CAST(`x` AS TIMESTAMP_LTZ(3))"
    );
    assert_eq!(
        reads("cast(r as map<string, array<array<int>>>)"),
        "CAST(`r` AS MAP<STRING, ARRAY<ARRAY<INT>>>)"
    );
    assert_eq!(reads("a -- not this\n = /* nor that */ 'x'"), "`a` = 'x'");
    assert_eq!(reads("current_timestamp"), "CURRENT_TIMESTAMP");
}

#[test]
fn regression_18_a_path_is_no_name_with_dots() {
    assert_ne!(
        parse_expr("`header_data`.`dealerId`"),
        parse_expr("`header_data.dealerId`")
    );
    assert_ne!(
        parse_expr("`entities`[1].`id`"),
        parse_expr("`entities[1].id`")
    );
}

#[test]
fn regression_02_literals_come_back_whole() {
    for text in [
        "a   b",
        "a\nb; c",
        "--x",
        "`",
        "'",
        "/* x */",
        "\\",
        "\u{1f980}",
        "\0",
    ] {
        let tree = Expr::column("a").eq(Expr::string(text));
        assert_eq!(parse_expr(&tree.to_string()), Ok(tree), "{text:?}");
    }
}

#[test]
fn regression_21_empty_and_unknown_values_are_refused() {
    insta::assert_snapshot!(refuses_expr("a IN ()"), @"1:7: expected: an expression, found: )");
    insta::assert_snapshot!(refuses_expr("a > 1e400"), @"1:5: `1e400`: not a plain decimal number; write it like `1234` or `-12.50`");
    insta::assert_snapshot!(refuses_expr("a > inf(1)"), @"1:5: the function `inf` is not among the SQL that routectl writes");
}

#[test]
fn regression_22_infix_regexp_is_refused() {
    insta::assert_snapshot!(refuses_expr("`a` REGEXP 'x'"), @"1:1: `a` REGEXP 'x' is not among the SQL that routectl writes");
}

#[test]
fn operators_and_literals_beyond_the_tree_are_errors() {
    insta::assert_snapshot!(refuses_expr("a ->> 'x'"), @"1:1: the operator ->> is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("a LIKE 'x%'"), @"1:1: LIKE without ESCAPE '!' is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("a LIKE 'x%' ESCAPE '\\'"), @"1:1: LIKE without ESCAPE '!' is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("a[1:2]"), @"1:3: a slice is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("a IS NOT JSON"), @"1:1: a IS NOT JSON is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("\"a\" = 1"), @r#"1:1: the literal `"a"` is not among the SQL that routectl writes"#);
    insta::assert_snapshot!(refuses_expr("a = X'00'"), @"1:5: the literal `X'00'` is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("DATE '2025-01-01'"), @"1:6: a literal of the type DATE is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("TIMESTAMP '2025-13-01 00:00:00'"), @"1:11: `2025-13-01 00:00:00` is no timestamp: strptime parsing failed: %m failed: failed to parse month number: parameter 'month' is not in the required range of 1..=12");
    insta::assert_snapshot!(refuses_expr("a > 12345678901234567890"), @"1:5: `12345678901234567890`: too many digits for a Flink number literal; it holds 18");
    insta::assert_snapshot!(refuses_expr("a = 'x' b"), @"1:9: expected: the end, found: b");
    insta::assert_snapshot!(refuses_expr("(SELECT 1)"), @"1:2: (SELECT 1) is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr(""), @"1:1: expected: an expression, found: EOF");
}

#[test]
fn calls_and_casts_beyond_the_tree_are_errors() {
    insta::assert_snapshot!(refuses_expr("a = 1 AND\n  SUM(b) > 2"), @"2:3: the function `SUM` is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("JSON_VALUE(a, '$' RETURNING DOUBLE)"), @"1:1: `JSON_VALUE ... RETURNING DOUBLE` with these arguments is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("JSON_QUERY(a, '$' RETURNING ARRAY<INT>)"), @"1:1: `JSON_QUERY ... RETURNING ARRAY<INT>` with these arguments is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("JSON_VALUE(a, '$' DEFAULT 0 ON ERROR)"), @"1:19: expected: ), found: DEFAULT");
    insta::assert_snapshot!(refuses_expr("JSON_EXISTS(DISTINCT a)"), @"1:22: expected: ), found: a");
    insta::assert_snapshot!(refuses_expr("COALESCE(a) OVER (PARTITION BY b)"), @"1:13: expected: the end, found: OVER");
    insta::assert_snapshot!(refuses_expr("CAST(a AS STRNG)"), @"1:11: `STRNG` is no Flink type; did you mean `STRING`?");
    insta::assert_snapshot!(refuses_expr("a::INT"), @"1:1: this cast is not among the SQL that routectl writes");
    insta::assert_snapshot!(refuses_expr("CASE a WHEN 1 THEN 2 END"), @"1:1: CASE a WHEN 1 THEN 2 END is not among the SQL that routectl writes");
}

#[test]
fn statements_beyond_the_tree_are_errors() {
    insta::assert_snapshot!(refuses("INSERT INTO s (a) SELECT a FROM t; DROP TABLE t"), @"1:36: expected: the end, found: DROP");
    insta::assert_snapshot!(refuses("INSERT INTO s (a) SELECT a FROM t ORDER BY a"), @"1:35: expected: the end, found: ORDER");
    insta::assert_snapshot!(refuses("INSERT INTO s (a) SELECT a FROM t WHERE b = 1\nGROUP BY a"), @"2:1: expected: the end, found: GROUP");
    insta::assert_snapshot!(refuses("INSERT INTO s (a) SELECT a FROM t, u"), @"1:34: expected: the end, found: ,");
    insta::assert_snapshot!(refuses("INSERT INTO s (a) SELECT * FROM t"), @"1:26: expected: an expression, found: *");
    insta::assert_snapshot!(refuses("INSERT INTO s (a) SELECT a, b FROM t"), @"1:19: 2 values are selected for 1 columns");
    insta::assert_snapshot!(refuses("INSERT INTO s SELECT a FROM t"), @"1:15: expected: (, found: SELECT");
    insta::assert_snapshot!(refuses("INSERT INTO c.d.s (a) SELECT a FROM t"), @"1:14: expected: (, found: .");
    insta::assert_snapshot!(
        refuses("INSERT INTO s (a) SELECT a FROM t /*+ OPTIONS('scan.startup.mode'='x') */"), @"1:35: hints cannot be kept; remove the hint");
    insta::assert_snapshot!(refuses("-- a\rDROP TABLE t\nINSERT INTO s (a) SELECT a FROM t"), @"1:1: a carriage return ends a comment for Flink; remove it");
    insta::assert_snapshot!(refuses("CREATE TABLE t (a INT, PRIMARY KEY (a) NOT ENFORCED)"), @"1:32: `KEY` is no Flink type; use `STRING` or another of them");
    insta::assert_snapshot!(refuses("CREATE TABLE t (a INT METADATA)"), @"1:19: unexpected `METADATA` in a type; the end of the type belongs here");
    insta::assert_snapshot!(refuses("CREATE TABLE t (a INT) DISTRIBUTED INTO 0 BUCKETS"), @"1:41: expected: a number of buckets, found: 0");
    insta::assert_snapshot!(refuses("CREATE TABLE t (a INT) WITH ('k' = 'v', 'k' = 'w')"), @"1:41: the option `k` is given twice");
    insta::assert_snapshot!(refuses("CREATE TABLE t (a INT) LIKE u"), @"1:24: expected: the end, found: LIKE");
    insta::assert_snapshot!(refuses("DROP TABLE t"), @"1:1: expected: CREATE TABLE, INSERT INTO, SET or EXECUTE STATEMENT SET, found: DROP");
    insta::assert_snapshot!(refuses("INSERT INTO s (a)\nSELECT 'a FROM t"), @"2:8: unterminated string literal");
}

#[test]
fn a_semicolon_may_follow() {
    let text = "INSERT INTO `s` (`a`) SELECT `b` AS `a` FROM `t`";
    assert_eq!(parse(&format!("{text} ;\n-- end")), parse(text));
    assert_eq!(parse(text).unwrap().to_string(), text);
}

#[test]
fn deep_nesting_is_an_error_and_long_chains_are_none() {
    let deep = format!("{}a{}", "NOT (".repeat(10_000), ")".repeat(10_000));
    let error = parse_expr(&deep).unwrap_err();
    assert_eq!(
        error.message,
        "the expression nests more than 64 levels deep"
    );

    let long = Expr::any((0..5000).map(|number| Expr::column("a").eq(Expr::number(number))));
    assert_eq!(parse_expr(&long.to_string()), Ok(long));
}
