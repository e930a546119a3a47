//! The caller calls a passkey something else.

use serde_json::json;

use super::{PasskeyRow, refused};
use crate::app::App;
use crate::domain::id::PasskeyId;
use crate::store::audit::Change;
use crate::store::passkeys;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, present};

/// Only one of the caller's own; any other is not found. A name proves nothing, so no proof is asked for.
pub async fn rename(app: &App, caller: &Caller, id: PasskeyId, name: &str) -> Result<PasskeyRow, Failure> {
    let (target, after) = (id.to_string(), json!({"name": name}).to_string());
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.push(passkeys::refuse_unknown(batch.token(), id));
    let change = Change::new("passkey.update", "passkey", &target);
    batch.audit(&Change { after: &after, before: passkeys::BEFORE, facts: r#"{"fields":["name"]}"#, ..change })?;
    batch.push(passkeys::rename(id, name));
    let found = batch.push(passkeys::get_for_caller(batch.token(), id));
    let outcome = batch.run(|name| refused(name, id)).await?;
    present(outcome.first(found)?)
}
