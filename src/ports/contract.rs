//! What every adapter must do, as checks that run natively and on the platform.
//!
//! The database's part is in `store::contract`, because it speaks SQL.

use serde::Serialize;

use super::Cache;

/// One check and how it ended.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What must be true.
    pub name: &'static str,
    /// Whether it is.
    pub ok: bool,
    /// What was seen instead.
    pub detail: String,
}

impl Check {
    /// Compares what is with what must be.
    pub fn equal<T: PartialEq + std::fmt::Debug>(name: &'static str, seen: T, expected: T) -> Self {
        Self { name, ok: seen == expected, detail: format!("{seen:?}, expected {expected:?}") }
    }
}

/// The part of a cache's promise that can be seen from one place.
pub async fn cache(cache: &dyn Cache) -> Vec<Check> {
    let key = "contract:cache";
    let text = |value: Result<Option<String>, super::CacheError>| value.map_err(|error| error.to_string());
    let done = |value: Result<(), super::CacheError>| value.map_err(|error| error.to_string());
    let mut checks = vec![Check::equal("delete of an absent key succeeds", done(cache.delete(key).await), Ok(()))];
    checks.push(Check::equal("an absent key gives nothing", text(cache.get(key).await), Ok(None)));
    let value = "{\"scope\":\"za\u{17c}\u{f3}\u{142}\u{107} \\u0000\"}".to_owned();
    checks.push(Check::equal(
        "put succeeds below the smallest TTL",
        done(cache.put(key, value.clone(), 1).await),
        Ok(()),
    ));
    checks.push(Check::equal("a value comes back to the byte", text(cache.get(key).await), Ok(Some(value))));
    checks.push(Check::equal("delete succeeds", done(cache.delete(key).await), Ok(())));
    checks.push(Check::equal("a deleted key gives nothing here", text(cache.get(key).await), Ok(None)));
    checks
}
