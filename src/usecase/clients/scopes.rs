//! What an application asks people for.

use serde_json::json;

use super::{guard_own, guard_scopes, refused};
use crate::app::App;
use crate::domain::client::{ClientId, ClientScope};
use crate::store::audit::Change;
use crate::store::clients;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Adds these, or changes whether they are required; the others stay. Tokens that exist keep what they were given.
pub async fn set(app: &App, caller: &Caller, id: &ClientId, scopes: &[ClientScope]) -> Result<(), Failure> {
    let (target, facts) = (id.to_string(), json!({"set": scopes}).to_string());
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, id);
    guard_scopes(&mut batch, scopes);
    let change = Change::new("client.scopes.set", "client", &target);
    batch.audit(&Change { facts: &facts, before: clients::BEFORE, ..change })?;
    batch.push(clients::set_scopes(id, scopes));
    batch.run(|name| refused(name, id)).await.map(drop)
}

/// Takes these; one that the client does not have changes nothing. Tokens that exist keep what they were given.
pub async fn remove(app: &App, caller: &Caller, id: &ClientId, scopes: &[ClientScope]) -> Result<(), Failure> {
    let removed: Vec<&str> = scopes.iter().map(|scope| scope.scope.as_str()).collect();
    let (target, facts) = (id.to_string(), json!({"removed": removed}).to_string());
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, id);
    let change = Change::new("client.scopes.remove", "client", &target);
    batch.audit(&Change { facts: &facts, before: clients::BEFORE, ..change })?;
    batch.push(clients::remove_scopes(id, scopes));
    batch.run(|name| refused(name, id)).await.map(drop)
}

/// The client asks for these and no others from now on, in one transaction. Tokens that exist keep what they were given.
pub async fn replace(app: &App, caller: &Caller, id: &ClientId, scopes: &[ClientScope]) -> Result<(), Failure> {
    let (target, facts) = (id.to_string(), json!({"replaced": scopes}).to_string());
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, id);
    guard_scopes(&mut batch, scopes);
    let change = Change::new("client.scopes.set", "client", &target);
    batch.audit(&Change { facts: &facts, before: clients::BEFORE, ..change })?;
    batch.push(clients::keep_scopes(id, scopes));
    batch.push(clients::set_scopes(id, scopes));
    batch.run(|name| refused(name, id)).await.map(drop)
}
