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
