//! The database port on D1. The platform's bind rules hold here and nowhere else.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use js_sys::{Array, Uint8Array};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;
use worker::Env;

use super::wait::{self, Settle};
use crate::ports::{Database, DatabaseError, Pending, Rows, Statement, Value};

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    #[wasm_bindgen(js_name = batch)]
    fn run(env: &Env, statements: &str, blobs: &Array, number: u32, settle: &Settle);
}

thread_local! {
    /// Places of the texts that have crossed.
    static KNOWN: RefCell<HashSet<u64>> = RefCell::default();
}

pub(super) struct D1(Arc<Env>);

impl D1 {
    pub(super) fn new(env: Arc<Env>) -> Self {
        Self(env)
    }
}

impl Database for D1 {
    fn batch<'a>(&'a self, statements: &'a [Statement]) -> Pending<'a, Result<Vec<Rows>, DatabaseError>> {
        Box::pin(batch(&self.0, statements))
    }
}

async fn batch(env: &Env, statements: &[Statement]) -> Result<Vec<Rows>, DatabaseError> {
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    for statement in statements {
        statement.check()?;
    }
    let wait = {
        let blobs = Array::new();
        let crossing: Vec<Crossing<'_>> = statements.iter().map(|statement| Crossing(statement, &blobs)).collect();
        let text = serde_json::to_string(&crossing)
            .map_err(|error| DatabaseError::Rejected(format!("statements: {error}")))?;
        wait::on(|number, settle| run(env, &text, &blobs, number, settle)).0
    };
    let answer = wait.await.map_err(|message| DatabaseError::from_engine(&message))?.unwrap_or_default();
    let rows: Option<Vec<Rows>> =
        std::str::from_utf8(&answer).ok().and_then(|text| text.split('\n').map(read).collect());
    rows.filter(|rows| rows.len() == statements.len()).ok_or_else(|| DatabaseError::Rejected("D1 answer".into()))
}

/// A statement as `border.js` reads it. Bytes go to the array, and their place in it into the text.
struct Crossing<'a>(&'a Statement, &'a Array);

impl Serialize for Crossing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(Statement { sql, params }, blobs) = self;
        let values: Vec<Bound<'_>> = params.iter().map(|value| Bound(value, blobs)).collect();
        match sql {
            Cow::Borrowed(text) => {
                // Distinct texts may begin at one address. Below 2^53: addresses have 32 bits, and no text is a megabyte.
                let place = ((text.as_ptr().addr() as u64) << 20) + text.len() as u64;
                match KNOWN.with_borrow_mut(|known| known.insert(place)) {
                    true => (place, values, text).serialize(serializer),
                    false => (place, values).serialize(serializer),
                }
            }
            // What was put together for one call has no place.
            Cow::Owned(text) => (0, values, text).serialize(serializer),
        }
    }
}

struct Bound<'a>(&'a Value, &'a Array);

impl Serialize for Bound<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            // D1 takes no BigInt: JavaScript reads a double, and `Statement::check` has refused what one cannot hold.
            Value::Integer(integer) => serializer.serialize_i64(*integer),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Blob(bytes) => [self.1.push(&Uint8Array::from(bytes.as_slice())) - 1].serialize(serializer),
        }
    }
}

/// One statement's line.
fn read(line: &str) -> Option<Rows> {
    let mut parts = line.splitn(3, ' ');
    let (changes, rows_read) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Rows::new(parts.next()?.to_owned(), changes, rows_read))
}
