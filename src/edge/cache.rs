//! The cache port on Workers KV.

use std::sync::Arc;

use worker::Env;
use worker::kv::{KvError, KvStore};
use worker::send::IntoSendFuture as _;

use crate::ports::{Cache, CacheError, Pending};

/// The platform's smallest lifetime of a value.
const MIN_TTL_SECONDS: u64 = 60;
/// How long a location may answer from its own copy; the platform's smallest.
const LOCAL_COPY_SECONDS: u64 = 30;

pub(super) struct Kv(Arc<Env>);

impl Kv {
    pub(super) fn new(env: Arc<Env>) -> Self {
        Self(env)
    }

    fn store(&self) -> Result<KvStore, CacheError> {
        self.0.kv("CACHE").map_err(|error| CacheError(error.to_string()))
    }
}

impl Cache for Kv {
    fn get<'a>(&'a self, key: &'a str) -> Pending<'a, Result<Option<String>, CacheError>> {
        let read = async move { self.store()?.get(key).cache_ttl(LOCAL_COPY_SECONDS).text().await.map_err(failed) };
        Box::pin(read.into_send())
    }

    fn put<'a>(&'a self, key: &'a str, value: String, ttl_seconds: u64) -> Pending<'a, Result<(), CacheError>> {
        let write = async move {
            let put = self.store()?.put(key, value).map_err(failed)?;
            put.expiration_ttl(ttl_seconds.max(MIN_TTL_SECONDS)).execute().await.map_err(failed)
        };
        Box::pin(write.into_send())
    }

    fn delete<'a>(&'a self, key: &'a str) -> Pending<'a, Result<(), CacheError>> {
        let delete = async move { self.store()?.delete(key).await.map_err(failed) };
        Box::pin(delete.into_send())
    }
}

fn failed(error: KvError) -> CacheError {
    CacheError(error.to_string())
}
