use super::*;

#[track_caller]
fn reads(text: &str, canonical: &str) {
    let data_type = DataType::parse(text).unwrap();
    assert_eq!(data_type.to_string(), canonical, "{text}");
    assert_eq!(
        DataType::parse(canonical).as_ref(),
        Ok(&data_type),
        "{text}"
    );
}

#[track_caller]
fn refuses(text: &str, offset: usize, message: &str) {
    let error = DataType::parse(text).unwrap_err();
    assert_eq!(
        (error.offset, error.message.as_str()),
        (offset, message),
        "{text}"
    );
}

#[test]
fn reads_synonyms_and_defaults() {
    for (text, canonical) in [
        ("string", "STRING"),
        (" Boolean ", "BOOLEAN"),
        ("integer", "INT"),
        ("double precision", "DOUBLE"),
        ("dec", "DECIMAL(10, 0)"),
        ("NUMERIC(5)", "DECIMAL(5, 0)"),
        ("decimal ( 38 ,10 )", "DECIMAL(38, 10)"),
        ("VARCHAR", "VARCHAR(1)"),
        ("VARCHAR(2147483647)", "STRING"),
        ("VARBINARY(2147483647)", "BYTES"),
        ("TIME", "TIME(0)"),
        ("TIME(3) WITHOUT TIME ZONE", "TIME(3)"),
        ("TIMESTAMP", "TIMESTAMP(6)"),
        ("timestamp(3) without time zone", "TIMESTAMP(3)"),
        ("TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(3)"),
        ("timestamp_ltz", "TIMESTAMP_LTZ(6)"),
        ("BIGINT NOT NULL", "BIGINT NOT NULL"),
        ("BIGINT NULL", "BIGINT"),
        ("ARRAY<ARRAY<INT>>", "ARRAY<ARRAY<INT>>"),
        (
            "map<string not null, array<int>> not null",
            "MAP<STRING NOT NULL, ARRAY<INT>> NOT NULL",
        ),
        ("multiset<date>", "MULTISET<DATE>"),
        ("row(a int, `B c` row<>)", "ROW<`a` INT, `B c` ROW<>>"),
        ("ROW<`x``y` STRING>", "ROW<`x``y` STRING>"),
    ] {
        reads(text, canonical);
    }
}

#[test]
fn names_the_word_its_place_and_a_remedy() {
    refuses("", 0, "the type ends where a type belongs");
    refuses("text", 0, "`text` is no Flink type; did you mean `STRING`?");
    refuses(
        "ARRAY<STRNG>",
        6,
        "`STRNG` is no Flink type; did you mean `STRING`?",
    );
    refuses(
        "xyz",
        0,
        "`xyz` is no Flink type; use `STRING` or another of them",
    );
    refuses("ARRAY", 5, "the type ends where `<` belongs");
    refuses(
        "INT METADATA",
        4,
        "unexpected `METADATA` in a type; the end of the type belongs here",
    );
    refuses(
        "DECIMAL(39)",
        8,
        "`39` is not the precision of a DECIMAL; it goes from 1 to 38",
    );
    refuses(
        "DECIMAL(5, 6)",
        11,
        "`6` is not the scale of a DECIMAL; it goes from 0 to 5",
    );
    refuses(
        "TIMESTAMP(x)",
        10,
        "`x` is not the digits of a second; it goes from 0 to 9",
    );
    refuses(
        "TIMESTAMP(3) WITH TIME ZONE",
        18,
        "Flink has no TIMESTAMP WITH TIME ZONE; use `TIMESTAMP_LTZ(3)`",
    );
    refuses(
        "ROW<a INT, a INT>",
        11,
        "the row has two fields named `a`; rename one of them",
    );
    refuses(
        "ROW<`a INT>",
        4,
        "a backtick without its partner in a type; quote unusual field names in backticks",
    );
    refuses(
        "ROW<a-b INT>",
        5,
        "unexpected `-` in a type; quote unusual field names in backticks",
    );
}

#[test]
fn deep_nesting_is_an_error() {
    let error = DataType::parse(&"ARRAY<".repeat(100_000)).unwrap_err();
    assert_eq!(error.message, "types nest more than 64 levels deep");
}
