//! JSON texts in which no object names a key twice.
//!
//! RFC 8259 leaves open which of two equal keys counts, so a proxy, a log and this service may read different values
//! from one text (row Z10). Such a text is refused.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

/// Why a text is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Not JSON: syntax, encoding, a lone surrogate, a number beyond a double, more than 127 levels.
    Syntax,
    /// An object names a key twice, at whatever depth.
    RepeatedKey,
}

/// Reads one value and nothing after it.
pub(super) fn parse(text: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(text).map(|Distinct(value)| value).map_err(|error| match error.classify() {
        Category::Data => Unreadable::RepeatedKey, // the one error that the visitor below makes
        Category::Io | Category::Syntax | Category::Eof => Unreadable::Syntax,
    })
}

struct Distinct(Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DistinctKeys).map(Self)
    }
}

struct DistinctKeys;

impl<'de> Visitor<'de> for DistinctKeys {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON without repeated keys")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Distinct(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Distinct(value))) = entries.next_entry::<String, _>()? {
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("repeated key"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{Unreadable, parse};

    #[test]
    fn z10_a_repeated_key_is_refused_at_any_depth_and_however_it_is_spelt() {
        let repeated = [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#, r#"[{"x":{"a":null,"a":null}}]"#];
        for text in repeated {
            assert_eq!(parse(text.as_bytes()), Err(Unreadable::RepeatedKey), "{text}");
        }
        assert!(parse(br#"{"a":{"a":1},"b":[{"a":1},{"a":1}],"A":2}"#).is_ok(), "equal keys of different objects");
    }

    #[test]
    fn z10_everything_else_is_read_as_serde_json_reads_it() {
        let texts = [
            r#"{"a":[1,-1,0.5,1e300,9007199254740993,18446744073709551615,true,false,null,"\ud83d\ude00",""],"":{}}"#,
            "\"x\"",
            " 7 ",
            "null",
        ];
        for text in texts {
            assert_eq!(parse(text.as_bytes()).ok(), serde_json::from_str(text).ok(), "{text}");
        }
        for text in ["", "{", "{}x", "{} {}", r#""\ud800""#, "1e999", "{'a':1}", "NaN", "\u{feff}{}", "[1,]"] {
            assert_eq!(parse(text.as_bytes()), Err(Unreadable::Syntax), "{text}");
        }
        assert_eq!(parse(b"\"\xff\""), Err(Unreadable::Syntax));
        assert_eq!(parse("[".repeat(100_000).as_bytes()), Err(Unreadable::Syntax));
    }
}
