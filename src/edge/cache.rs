//! The cache port on Workers KV.

use std::sync::Arc;

use wasm_bindgen::prelude::*;
use worker::Env;

use super::wait::{self, Outcome, Settle};
use crate::ports::{Cache, CacheError, Pending};

/// The platform's smallest lifetime of a value.
const MIN_TTL_SECONDS: u64 = 60;
/// How long a location may answer from its own copy; the platform's smallest.
const LOCAL_COPY_SECONDS: u32 = 30;

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    #[wasm_bindgen(js_name = cacheGet)]
    fn get(env: &Env, key: &str, copy_seconds: u32, number: u32, settle: &Settle);
    #[wasm_bindgen(js_name = cachePut)]
    fn put(env: &Env, key: &str, value: &str, ttl_seconds: f64, number: u32, settle: &Settle);
    #[wasm_bindgen(js_name = cacheDelete)]
    fn delete(env: &Env, key: &str, number: u32, settle: &Settle);
}

pub(super) struct Kv(Arc<Env>);

impl Kv {
    pub(super) fn new(env: Arc<Env>) -> Self {
        Self(env)
    }
}

impl Cache for Kv {
    fn get<'a>(&'a self, key: &'a str) -> Pending<'a, Result<Option<String>, CacheError>> {
        Box::pin(async move {
            let (read, ()) = wait::on(|number, settle| get(&self.0, key, LOCAL_COPY_SECONDS, number, settle));
            let text = |bytes| String::from_utf8(bytes).map_err(|error| CacheError(error.to_string()));
            read.await.map_err(CacheError)?.map(text).transpose()
        })
    }

    fn put<'a>(&'a self, key: &'a str, value: String, ttl_seconds: u64) -> Pending<'a, Result<(), CacheError>> {
        #[expect(clippy::cast_precision_loss, reason = "seconds, far below 2^53")]
        let ttl = ttl_seconds.max(MIN_TTL_SECONDS) as f64;
        Box::pin(async move { done(wait::on(|number, settle| put(&self.0, key, &value, ttl, number, settle)).0.await) })
    }

    fn delete<'a>(&'a self, key: &'a str) -> Pending<'a, Result<(), CacheError>> {
        Box::pin(async move { done(wait::on(|number, settle| delete(&self.0, key, number, settle)).0.await) })
    }
}

fn done(outcome: Outcome) -> Result<(), CacheError> {
    outcome.map(drop).map_err(CacheError)
}
