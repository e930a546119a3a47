//! Reading a JSON object field by field, so that every bad field is named at once.
//!
//! Only the fields that an endpoint asks for are read; unknown and read-only ones are never applied (row Z3).

use std::fmt::Display;

use serde_json::{Map, Value};

use super::json::{self, Unreadable};
use crate::usecase::{Failure, InvalidFields, Refusal};

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
        match json::parse(body) {
            Ok(Value::Object(object)) => Ok(Self { object, path: String::new(), invalid: InvalidFields::new() }),
            Ok(_) => Err(Refusal::Malformed("The body must be a JSON object.").into()),
            Err(Unreadable::Syntax) => Err(Refusal::Malformed("The body is not valid JSON.").into()),
            Err(Unreadable::RepeatedKey) => Err(Refusal::Malformed("The body names a key twice.").into()),
        }
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

    /// A nested object, read by `read`; absent and `null` give `None`.
    pub fn object<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match self.object.remove(name) {
            None | Some(Value::Null) => None,
            Some(Value::Object(object)) => {
                let mut nested = Self { object, path: self.path_of(name) + ".", invalid: InvalidFields::new() };
                let value = read(&mut nested);
                self.invalid.append(&mut nested.invalid);
                Some(value)
            }
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

    fn refuse<T>(&mut self, name: &str, error: &dyn Display) -> Option<T> {
        self.invalid.insert(self.path_of(name), error.to_string());
        None
    }

    fn path_of(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }
}
