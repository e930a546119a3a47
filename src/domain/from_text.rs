//! Values that a text spells, read from the text where it stands. A `String` that `serde` gives is a copy, and so is what
//! it gives for a `Cow`, unless a field borrows.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// What `read` makes of the text that comes next. Anything but a text is an error, and so is what `read` refuses.
pub fn from_text<'de, D, T, E>(deserializer: D, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    deserializer.deserialize_str(Text(read, PhantomData))
}

struct Text<F, T>(F, PhantomData<T>);

impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Text<F, T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<V: Error>(self, text: &str) -> Result<T, V> {
        (self.0)(text).map_err(V::custom)
    }
}
