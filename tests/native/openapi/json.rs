//! JSON that keeps the order in which people wrote it.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Json>),
    Object(Object),
}

/// An object's fields in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(pub Vec<(String, Json)>);

impl Object {
    /// A field's value.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Appends a field; the name must be new.
    pub fn put(&mut self, name: &str, value: impl Into<Json>) {
        assert!(self.get(name).is_none(), "{name} is given twice");
        self.0.push((name.to_owned(), value.into()));
    }

    /// As [`Self::put`], for chains.
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.put(name, value);
        self
    }

    /// A field that is an object, made if absent.
    pub fn object(&mut self, name: &str) -> &mut Self {
        if self.get(name).is_none() {
            self.put(name, Self::default());
        }
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, Json::Object(object))) => object,
            _ => panic!("{name} is no object"),
        }
    }

    /// The fields of a field that is an object; none if it is absent.
    pub fn fields(&self, name: &str) -> &[(String, Json)] {
        match self.get(name) {
            Some(Json::Object(Object(fields))) => fields,
            None => &[],
            Some(_) => panic!("{name} must be an object"),
        }
    }

    /// The items of a field that is a list; none if it is absent.
    pub fn items(&self, name: &str) -> &[Json] {
        match self.get(name) {
            Some(Json::List(items)) => items,
            None => &[],
            Some(_) => panic!("{name} must be a list"),
        }
    }

    /// A field's text; empty if it is absent.
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Json::Text(text)) => text,
            None => "",
            Some(_) => panic!("{name} must be a text"),
        }
    }
}

impl Json {
    /// Reads a file's text.
    pub fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn as_object(&self) -> &Object {
        match self {
            Self::Object(object) => object,
            other => panic!("not an object: {other:?}"),
        }
    }

    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            other => panic!("not a text: {other:?}"),
        }
    }

    /// Two spaces a level, and a line feed at the end.
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(self).expect("JSON") + "\n"
    }

    /// Every value inside, itself first, with its JSON pointer.
    pub fn walk(&self, pointer: &str, visit: &mut dyn FnMut(&str, &Self)) {
        visit(pointer, self);
        match self {
            Self::List(items) => {
                items.iter().enumerate().for_each(|(at, item)| item.walk(&format!("{pointer}/{at}"), visit));
            }
            Self::Object(Object(fields)) => fields.iter().for_each(|(name, value)| {
                value.walk(&format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), visit);
            }),
            _ => {}
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => items.serialize(serializer),
            Self::Object(Object(fields)) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut object = Object::default();
        while let Some((name, value)) = access.next_entry::<String, Json>()? {
            object.put(&name, value);
        }
        Ok(object.into())
    }
}
