//! Storage calls, played back as they were recorded, with the bindings called as the service calls them. What comes
//! back crosses into the Worker, and nothing is done with it.

use std::sync::OnceLock;

use js_sys::{Array, JSON, Promise, Reflect};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Context, Env};

#[wasm_bindgen]
extern "C" {
    /// The D1 binding.
    type Binding;
    #[wasm_bindgen(method, catch)]
    fn prepare(this: &Binding, sql: &str) -> Result<Prepared, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn batch(this: &Binding, statements: Array) -> Result<Promise, JsValue>;

    /// A prepared statement.
    type Prepared;
    #[wasm_bindgen(method, catch, variadic)]
    fn bind(this: &Prepared, values: Array) -> Result<Prepared, JsValue>;
}

#[derive(Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
enum Call {
    Get { key: String },
    Put { key: String, value: String },
    Batch { statements: Vec<Statement> },
}

#[derive(Deserialize)]
struct Statement {
    sql: String,
    params: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Null,
    Number(f64),
    Text(String),
}

static CALLS: OnceLock<Vec<Call>> = OnceLock::new();

pub async fn play(env: &Env, context: &Context) -> worker::Result<()> {
    let calls = CALLS.get_or_init(|| {
        let text = env.var("CALLS").map(|value| value.to_string()).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    });
    for call in calls {
        match call {
            Call::Get { key } => {
                env.kv("CACHE")?.get(key).cache_ttl(30).text().await?;
            }
            Call::Put { key, value } => {
                let put = env.kv("CACHE")?.put(key, value)?.expiration_ttl(60);
                context.wait_until(async move {
                    let _ = put.execute().await;
                });
            }
            Call::Batch { statements } => {
                batch(env, statements).await?;
            }
        }
    }
    Ok(())
}

async fn batch(env: &Env, statements: &[Statement]) -> worker::Result<String> {
    let binding: Binding = Reflect::get(env, &"DB".into())?.unchecked_into();
    let prepared = Array::new();
    for statement in statements {
        let values: Array = statement.params.iter().map(to_js).collect();
        prepared.push(&binding.prepare(&statement.sql)?.bind(values)?.into());
    }
    let results = JsFuture::from(binding.batch(prepared)?).await?;
    Ok(JSON::stringify(&results)?.into())
}

fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Null => JsValue::NULL,
        Value::Number(number) => JsValue::from_f64(*number),
        Value::Text(text) => JsValue::from_str(text),
    }
}
