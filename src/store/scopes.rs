//! The catalogue's scopes, and what a caller may pass on of them.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::authorization::refusal::SCOPE;
use super::catalogue::OWNER_ROLE;
use super::flag;
use crate::domain::scope;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// A scope of the catalogue.
#[derive(Debug, Deserialize)]
pub struct ScopeRow {
    /// As tokens write it.
    pub scope: String,
    /// What it allows, in words for a consent page.
    pub description: String,
    /// Whether it may still change.
    #[serde(deserialize_with = "flag")]
    pub beta: bool,
}

/// A column for a `ScopeList`: what the member of `$row` holds by its roles now.
macro_rules! list_held {
    ($row:literal) => {
        concat!(
            "(SELECT coalesce(group_concat(scope), '') FROM held_scope WHERE held_scope.organization_id = ",
            $row,
            ".organization_id AND held_scope.account_id = ",
            $row,
            ".account_id)"
        )
    };
}
pub(super) use list_held;

/// Begins the name with which [`refuse_unknown`] refuses; the scopes follow, separated by spaces.
pub const UNKNOWN: &str = "scope_unknown ";

/// Every scope that may be asked for.
pub fn list_public() -> Statement {
    Statement::new("SELECT scope, description, beta FROM scope WHERE private = 0 ORDER BY scope")
}

/// Only for scopes of the catalogue that may be asked for.
pub fn refuse_unknown(scopes: &BTreeSet<String>) -> Statement {
    refuse_any(
        UNKNOWN,
        "FROM json_each(?1) AS item WHERE NOT EXISTS (
  SELECT 1 FROM scope WHERE scope.scope = item.value ->> 'scope' AND scope.private = 0)",
    )
    .bind(wanted(scopes))
}

/// Condition: the caller's roles give the scope of `item` or one that includes it.
macro_rules! held {
    () => {
        "EXISTS (SELECT 1 FROM json_each(item.value ->> 'within') AS wide
    CROSS JOIN held_scope ON held_scope.scope = wide.value
      AND held_scope.organization_id = caller.organization_id
      AND held_scope.account_id = caller.account_id)"
    };
}

/// Only for scopes that the caller's token may use now.
pub fn refuse_beyond_caller(caller: &Digest, scopes: &BTreeSet<String>) -> Statement {
    refuse_any(
        SCOPE,
        concat!(
            "FROM live_caller AS caller CROSS JOIN json_each(?2) AS item WHERE caller.token_digest = ?1 AND NOT (
  EXISTS (SELECT 1 FROM json_each(item.value ->> 'within') AS wide
    JOIN json_each(caller.scopes) AS granted ON granted.value = wide.value)
  AND ",
            held!(),
            ")"
        ),
    )
    .bind(caller)
    .bind(wanted(scopes))
}

/// Only for scopes that somebody below the owner may hold by a role of the catalogue, or that the caller's own roles
/// give: who registers an application does not reach through it what only the owner has.
pub fn refuse_reserved_to_owner(caller: &Digest, scopes: &BTreeSet<String>) -> Statement {
    refuse_any(
        SCOPE,
        concat!(
            "FROM live_caller AS caller CROSS JOIN json_each(?2) AS item WHERE caller.token_digest = ?1 AND NOT (
  EXISTS (SELECT 1 FROM product
    CROSS JOIN role ON role.product = product.product AND role.organization_id IS NULL AND role.role_id <> ?3
    CROSS JOIN json_each(item.value ->> 'within') AS wide
    CROSS JOIN role_scope ON role_scope.role_id = role.role_id AND role_scope.scope = wide.value)
  OR ",
            held!(),
            ")"
        ),
    )
    .bind(caller)
    .bind(wanted(scopes))
    .bind(OWNER_ROLE)
}

/// Stops the batch as `name` and the scopes that `rows` finds, if it finds any. Whoever wrote them, they stand in a JSON
/// path: only the characters of a scope do.
fn refuse_any(name: &str, rows: &str) -> Statement {
    Statement::new(format!(
        "SELECT CASE WHEN found IS NULL THEN 1 ELSE json_extract('{{}}', 'refuse:{name}' || found) END
FROM (SELECT group_concat(item.value ->> 'scope', ' ') AS found {rows})"
    ))
}

/// For each scope, every scope that includes it.
fn wanted(scopes: &BTreeSet<String>) -> String {
    let item = |text: &String| serde_json::json!({"scope": text, "within": scope::satisfying(text)});
    serde_json::Value::Array(scopes.iter().map(item).collect()).to_string()
}
