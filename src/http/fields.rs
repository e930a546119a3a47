//! Reading a JSON object, or a form, field by field, so that every bad field is named at once.
//!
//! Only the fields that an endpoint asks for are read; unknown and read-only ones are never applied (row Z3).

use std::fmt::Display;

use serde_json::{Map, Value};

use super::json::{self, Unreadable};
use crate::usecase::{Failure, InvalidFields, Refusal};

const REPEATED_KEY: Refusal = Refusal::Malformed("The body names a key twice.");

/// A JSON object and what was found wrong in it so far.
#[derive(Debug)]
pub struct Fields {
    object: Map<String, Value>,
    path: String,
    invalid: InvalidFields,
}

impl Fields {
    /// Anything but one JSON object is malformed.
    pub fn parse(body: &[u8]) -> Result<Self, Failure> {
        match value(body)? {
            Value::Object(object) => Ok(Self { object, path: String::new(), invalid: InvalidFields::new() }),
            _ => Err(Refusal::Malformed("The body must be a JSON object.").into()),
        }
    }

    /// One JSON array, as the only field `name` of an object; anything else is malformed.
    pub fn parse_array(body: &[u8], name: &str) -> Result<Self, Failure> {
        match value(body)? {
            array @ Value::Array(_) => {
                let object = Map::from_iter([(name.to_owned(), array)]);
                Ok(Self { object, path: String::new(), invalid: InvalidFields::new() })
            }
            _ => Err(Refusal::Malformed("The body must be a JSON array.").into()),
        }
    }

    /// The texts of a form, as an object of strings. A name that stands twice is malformed, as in JSON.
    pub fn of_form(texts: impl IntoIterator<Item = (String, String)>) -> Result<Self, Failure> {
        let mut object = Map::new();
        for (name, text) in texts {
            if object.insert(name, Value::String(text)).is_some() {
                return Err(REPEATED_KEY.into());
            }
        }
        Ok(Self { object, path: String::new(), invalid: InvalidFields::new() })
    }

    /// A text that `parse` accepts; absent and `null` give `None`.
    pub fn text<T, E: Display>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        match self.object.remove(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => match parse(&text) {
                Ok(value) => Some(value),
                Err(error) => self.refuse(name, &error),
            },
            Some(_) => self.refuse(name, &"must be a string"),
        }
    }

    /// As [`Self::text`], and its absence is an error.
    pub fn required_text<T, E: Display>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        match self.object.get(name) {
            None | Some(Value::Null) => self.refuse(name, &"is required"),
            Some(_) => self.text(name, parse),
        }
    }

    /// As [`Self::text`], where `null` empties the field: `Some(None)`.
    pub fn nullable_text<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        match self.object.get(name) {
            None => None,
            Some(Value::Null) => Some(None),
            Some(_) => self.text(name, parse).map(Some),
        }
    }

    /// As [`Self::nullable_text`], and its absence is an error.
    pub fn required_nullable_text<T, E: Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        match self.object.contains_key(name) {
            true => self.nullable_text(name, parse),
            false => self.refuse(name, &"is required"),
        }
    }

    /// A value of any type that `read` accepts; absent and `null` give `None`.
    pub fn value<T, E: Display>(&mut self, name: &str, read: impl FnOnce(&Value) -> Result<T, E>) -> Option<T> {
        match self.object.remove(name) {
            None | Some(Value::Null) => None,
            Some(value) => read(&value).map_or_else(|error| self.refuse(name, &error), Some),
        }
    }

    /// As [`Self::value`], and its absence is an error.
    pub fn required_value<T, E: Display>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Result<T, E>,
    ) -> Option<T> {
        match self.has(name) {
            false => self.refuse(name, &"is required"),
            true => self.value(name, read),
        }
    }

    /// An array of at most `limit` values that `read` accepts; absent and `null` give `None`.
    pub fn values<T, E: Display>(
        &mut self,
        name: &str,
        limit: usize,
        read: impl Fn(&Value) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let array = match self.object.remove(name) {
            None | Some(Value::Null) => return None,
            Some(Value::Array(array)) => array,
            Some(_) => return self.refuse(name, &"must be an array"),
        };
        if array.len() > limit {
            return self.refuse(name, &format!("holds more than {limit} items"));
        }
        let read = |(at, item)| match read(item) {
            Ok(item) => Some(item),
            Err(error) => self.refuse(&format!("{name}.{at}"), &error),
        };
        Some(array.iter().enumerate().filter_map(read).collect())
    }

    /// A whole number within `range`; absent and `null` give `None`.
    pub fn number(&mut self, name: &str, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let problem = format!("must be a whole number from {} to {}", range.start(), range.end());
        self.value(name, |value| value.as_u64().filter(|number| range.contains(number)).ok_or(problem))
    }

    /// The bytes of a file that stands beside the other fields, if `read` accepts them.
    pub fn file<T, E: Display>(
        &mut self,
        name: &str,
        bytes: &[u8],
        read: impl FnOnce(&[u8]) -> Result<T, E>,
    ) -> Option<T> {
        read(bytes).map_or_else(|error| self.refuse(name, &error), Some)
    }

    /// Refuses a field that this call does not take.
    pub fn forbid(&mut self, name: &str, problem: &dyn Display) {
        if self.has(name) {
            self.refuse::<()>(name, problem);
        }
    }

    /// An array of at most `limit` objects, each read by `read`; absent and `null` give an empty one.
    pub fn objects<T>(&mut self, name: &str, limit: usize, mut read: impl FnMut(&mut Self) -> Option<T>) -> Vec<T> {
        let array = match self.object.remove(name) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(array)) => array,
            Some(_) => return self.refuse(name, &"must be an array").unwrap_or_default(),
        };
        if array.len() > limit {
            return self.refuse(name, &format!("holds more than {limit} items")).unwrap_or_default();
        }
        let mut items = Vec::new();
        for (at, item) in array.into_iter().enumerate() {
            let name = format!("{name}.{at}");
            items.extend(match item {
                Value::Object(object) => self.nested(&name, object, &mut read),
                _ => self.refuse(&name, &"must be an object"),
            });
        }
        items
    }

    /// Whether a field is present and not `null`.
    pub fn has(&self, name: &str) -> bool {
        self.object.get(name).is_some_and(|value| !value.is_null())
    }

    /// Refuses the object as a whole, for a mistake of no single field.
    pub fn refuse_whole<T>(&mut self, problem: &dyn Display) -> Option<T> {
        self.invalid.insert(self.path.trim_end_matches('.').to_owned(), problem.to_string());
        None
    }

    /// A nested object, read by `read`; absent and `null` give `None`.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match self.object.remove(name) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => Some(self.nested(name, object, read)),
            Some(_) => self.refuse(name, &"must be an object"),
        }
    }

    /// What was read, or everything that is wrong. `value` is `None` only where a required field was refused.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Failure> {
        match value {
            Some(value) if self.invalid.is_empty() => Ok(value),
            _ => Err(Refusal::Invalid(self.invalid).into()),
        }
    }

    fn nested<T>(&mut self, name: &str, object: Map<String, Value>, read: impl FnOnce(&mut Self) -> T) -> T {
        let mut nested = Self { object, path: self.path_of(name) + ".", invalid: InvalidFields::new() };
        let value = read(&mut nested);
        self.invalid.append(&mut nested.invalid);
        value
    }

    fn refuse<T>(&mut self, name: &str, error: &dyn Display) -> Option<T> {
        self.invalid.insert(self.path_of(name), error.to_string());
        None
    }

    fn path_of(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }
}

fn value(body: &[u8]) -> Result<Value, Refusal> {
    json::parse(body).map_err(|unreadable| match unreadable {
        Unreadable::Syntax => Refusal::Malformed("The body is not valid JSON."),
        Unreadable::RepeatedKey => REPEATED_KEY,
    })
}
