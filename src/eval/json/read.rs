//! The reader: what Flink takes for JSON. Every rule was asked of Flink 2.2.1, with which Jackson comes.
//!
//! Only the first value of a text counts. Nothing recurses: however deep a document is, the stack is not.

use indexmap::IndexMap;

use super::Json;
use super::number::Token;

/// How deep lists and objects may lie in each other (Jackson, `StreamReadConstraints`).
const MOST_DEPTH: usize = 1_000;
/// How many UTF-16 units a key may have (Jackson, `StreamReadConstraints`).
const LONGEST_KEY: usize = 50_000;

pub(super) fn read(text: &str) -> Option<Json> {
    let mut reader = Reader { text, at: 0 };
    let mut open: Vec<Open> = Vec::new();
    loop {
        let mut value = match reader.begin(&mut open)? {
            Begun::Value(value) => value,
            Begun::Inside => continue,
        };
        loop {
            let Some(container) = open.last_mut() else {
                return Some(value);
            };
            if container.add(value, &mut reader)? {
                break;
            }
            value = open.pop()?.close();
        }
    }
}

/// A list or object whose end has not come.
enum Open {
    Array(Vec<Json>),
    /// With the key of the value that is read.
    Object(IndexMap<String, Json>, String),
}

enum Begun {
    Value(Json),
    /// A container was opened: the next value is in it.
    Inside,
}

impl Open {
    /// Adds a value; whether another one follows.
    fn add(&mut self, value: Json, reader: &mut Reader<'_>) -> Option<bool> {
        reader.skip_blanks();
        let separator = reader.next()?;
        match (self, separator) {
            (Self::Array(elements), b',' | b']') => {
                elements.push(value);
            }
            (Self::Object(fields, key), b',') => {
                fields.insert(std::mem::take(key), value);
                *key = reader.key()?;
            }
            (Self::Object(fields, key), b'}') => {
                fields.insert(std::mem::take(key), value);
            }
            _ => return None,
        }
        Some(separator == b',')
    }

    fn close(self) -> Json {
        match self {
            Self::Array(elements) => Json::Array(elements),
            Self::Object(fields, _) => Json::Object(fields),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// Reads a value up to where it ends, or where one in it begins.
    fn begin(&mut self, open: &mut Vec<Open>) -> Option<Begun> {
        self.skip_blanks();
        let first = self.peek()?;
        if matches!(first, b'[' | b'{') && open.len() == MOST_DEPTH {
            return None;
        }
        let value = match first {
            b'[' => {
                self.at += 1;
                self.skip_blanks();
                if !self.eat("]") {
                    open.push(Open::Array(Vec::new()));
                    return Some(Begun::Inside);
                }
                Json::Array(Vec::new())
            }
            b'{' => {
                self.at += 1;
                self.skip_blanks();
                if !self.eat("}") {
                    let key = self.key()?;
                    open.push(Open::Object(IndexMap::new(), key));
                    return Some(Begun::Inside);
                }
                Json::Object(IndexMap::new())
            }
            b'"' => Json::Text(self.string()?),
            b'-' | b'0'..=b'9' => Json::Number(self.number(open.is_empty())?),
            _ => self.word()?,
        };
        Some(Begun::Value(value))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let found = rest.starts_with(wanted.as_bytes());
        if found {
            self.at += wanted.len();
        }
        found
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
    }

    fn word(&mut self) -> Option<Json> {
        let words = [
            ("null", Json::Null),
            ("true", Json::Boolean(true)),
            ("false", Json::Boolean(false)),
        ];
        let (_, value) = words.into_iter().find(|(word, _)| self.eat(word))?;
        // What could go on in a name of Java ends no word.
        let behind = self.text[self.at..].chars().next();
        let goes_on =
            |c: char| c.is_alphanumeric() || c == '_' || ('\u{7f}'..='\u{9f}').contains(&c);
        (!behind.is_some_and(goes_on)).then_some(value)
    }

    fn number(&mut self, alone: bool) -> Option<String> {
        let start = self.at;
        self.eat("-");
        let whole = if self.eat("0") { "0" } else { self.digits()? };
        let fraction = if self.eat(".") {
            Some(self.digits()?)
        } else {
            None
        };
        let exponent = if self.eat("e") || self.eat("E") {
            let _sign = self.eat("+") || self.eat("-");
            Some(self.digits()?)
        } else {
            None
        };
        let text = &self.text[start..self.at];
        // A digit behind a leading zero, or anything but a blank behind a number that stands alone.
        let ends = match self.peek() {
            None => true,
            Some(next) if alone => is_blank(next),
            Some(next) => !next.is_ascii_digit(),
        };
        let token = Token {
            text,
            whole,
            fraction,
            exponent,
        };
        token.canonical().filter(|_| ends)
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<&'t str> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then(|| &self.text[start..self.at])
    }

    /// A key with the colon behind it.
    fn key(&mut self) -> Option<String> {
        self.skip_blanks();
        if self.peek() != Some(b'"') {
            return None;
        }
        let key = self.string()?;
        if key.len() > LONGEST_KEY && key.encode_utf16().count() > LONGEST_KEY {
            return None;
        }
        self.skip_blanks();
        self.eat(":").then_some(key)
    }

    /// Text in quotes; the first quote was seen.
    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while self
                .peek()
                .is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
            {
                self.at += 1;
            }
            text.push_str(&self.text[start..self.at]);
            match self.next()? {
                b'"' => return Some(text),
                b'\\' => text.push(self.escape()?),
                // A control character.
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// The character of `\uXXXX`, or of two of them. Half of one alone becomes `?` wherever Flink looks at it.
    fn unicode(&mut self) -> Option<char> {
        const ALONE: char = '?';
        let unit = self.hex()?;
        if !(0xD800..0xDC00).contains(&unit) {
            return Some(char::from_u32(u32::from(unit)).unwrap_or(ALONE));
        }
        let behind = self.at;
        if self.eat("\\u") {
            let pair = char::decode_utf16([unit, self.hex()?]).next()?;
            if let Ok(character) = pair {
                return Some(character);
            }
        }
        self.at = behind;
        Some(ALONE)
    }

    fn hex(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| plain)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value_of_a(text: &str) -> Option<String> {
        let json = read(text)?;
        let value = json.get(&[crate::ir::Step::Key("a".to_owned())])?;
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
        assert!(read(&"[".repeat(10_000_000)).is_none());
        assert!(read(&"{\"a\":".repeat(10_000_000)).is_none());
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
}
