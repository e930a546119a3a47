//! The database port on D1. The platform's bind rules hold here and nowhere else.
//!
//! The binding is called directly rather than through `worker`'s D1 types, so that the whole answer of a batch
//! crosses from JavaScript once, as one text, instead of cell by cell.

use std::sync::Arc;

use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use worker::Env;
use worker::send::IntoSendFuture as _;
use worker::wasm_bindgen_futures::JsFuture;

use crate::ports::{Database, DatabaseError, Pending, Rows, Statement, Value};

#[wasm_bindgen]
extern "C" {
    /// The D1 binding.
    type Binding;
    #[wasm_bindgen(method, catch)]
    fn prepare(this: &Binding, sql: &str) -> Result<Prepared, JsValue>;

    /// A prepared statement.
    type Prepared;
    #[wasm_bindgen(method, catch, variadic)]
    fn bind(this: &Prepared, values: Array) -> Result<Prepared, JsValue>;
}

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    #[wasm_bindgen(js_name = batch)]
    fn run(database: &Binding, statements: Array) -> Promise;
}

pub(super) struct D1(Arc<Env>);

impl D1 {
    pub(super) fn new(env: Arc<Env>) -> Self {
        Self(env)
    }
}

impl Database for D1 {
    fn batch<'a>(&'a self, statements: &'a [Statement]) -> Pending<'a, Result<Vec<Rows>, DatabaseError>> {
        Box::pin(batch(&self.0, statements).into_send())
    }
}

async fn batch(env: &Env, statements: &[Statement]) -> Result<Vec<Rows>, DatabaseError> {
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let binding = Reflect::get(env, &"DB".into()).map_err(|error| failed(&error))?;
    if binding.is_undefined() {
        return Err(DatabaseError::Unavailable("no binding DB".into()));
    }
    let binding: Binding = binding.unchecked_into();
    let prepared = Array::new();
    for statement in statements {
        statement.check()?;
        let values: Array = statement.params.iter().map(to_js).collect();
        let bound = binding.prepare(&statement.sql).and_then(|sql| sql.bind(values));
        prepared.push(&bound.map_err(|error| failed(&error))?.into());
    }
    let answer = JsFuture::from(run(&binding, prepared)).await.map_err(|error| failed(&error))?;
    let answer = Uint8Array::new(&answer).to_vec();
    let rows: Option<Vec<Rows>> =
        std::str::from_utf8(&answer).ok().and_then(|text| text.split('\n').map(read).collect());
    rows.filter(|rows| rows.len() == statements.len()).ok_or_else(|| DatabaseError::Rejected("D1 answer".into()))
}

/// D1 takes no BigInt, so integers travel as doubles; `Statement::check` has refused what a double cannot hold.
fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        #[expect(clippy::cast_precision_loss, reason = "within 2^53, see Statement::check")]
        Value::Integer(integer) => JsValue::from_f64(*integer as f64),
        Value::Text(text) => JsValue::from_str(text),
        Value::Blob(bytes) => Uint8Array::from(bytes.as_slice()).into(),
    }
}

/// One statement's line.
fn read(line: &str) -> Option<Rows> {
    let mut parts = line.splitn(3, ' ');
    let (changes, rows_read) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Rows::new(parts.next()?.to_owned(), changes, rows_read))
}

/// The engine's own words are in the error's cause; its message adds a prefix.
fn failed(error: &JsValue) -> DatabaseError {
    let text = |value: &JsValue| Reflect::get(value, &"message".into()).ok().and_then(|message| message.as_string());
    let cause = Reflect::get(error, &"cause".into()).ok().as_ref().and_then(text);
    let message = cause.or_else(|| text(error)).unwrap_or_else(|| format!("{error:?}"));
    DatabaseError::from_engine(&message)
}
