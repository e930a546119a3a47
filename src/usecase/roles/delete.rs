//! A role of an organization ends.

use super::{not_found, refused};
use crate::app::App;
use crate::domain::id::RoleId;
use crate::store::audit::Change;
use crate::store::memberships;
use crate::store::roles::{self, refusal};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Removes a role of the caller's organization from everybody who holds it. Every credential of its holders in the
/// organization ends in the same transaction, personal tokens and, for a caller who holds it, the caller's own too
/// (API, row 10: all tokens related to the role).
pub async fn delete(app: &App, caller: &Caller, role: RoleId) -> Result<(), Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.push(roles::refuse_unknown(batch.token(), role));
    batch.push(roles::refuse_predefined(role));
    batch.push(roles::refuse_holder_above(batch.token(), role));
    batch.audit(&Change { before: roles::BEFORE, ..Change::new("role.delete", "role", &role.to_string()) })?;
    batch.push(memberships::revoke_holders(role));
    batch.push(roles::delete(role));
    let refused = |name: &str| match name {
        refusal::UNKNOWN => Some(not_found(role)),
        _ => refused(name, None),
    };
    batch.run(refused).await?;
    Ok(())
}
