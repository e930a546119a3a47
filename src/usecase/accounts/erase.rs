//! A person deletes their account.

use crate::app::App;
use crate::domain::email::Email;
use crate::store::erasure::{self, refusal};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, InvalidFields, Refusal, audit_entry};

/// Removes the caller's account from every organization, and with it everything that is held about the person; what stays
/// of the log are ids that name nobody. In one transaction, and for good: nobody is told by mail, because the address is
/// gone.
///
/// `repeated` is the address that the person wrote once more; it must be the account's. The caller proves who they are as
/// for a transfer of ownership. Who owns an organization transfers or deletes it first (row R3).
pub async fn erase(app: &App, caller: &Caller, repeated: &Email, presented: Presented<'_>) -> Result<(), Failure> {
    let now = app.now();
    let mut first = AuthorizedBatch::new(app, caller, None);
    guard(&mut first, repeated);
    let proof = step_up::prove(app, first, presented, refused).await?;

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    proof.guard(app, &mut batch, now)?;
    guard(&mut batch, repeated);
    batch.push(erasure::record(by, &audit_entry(app, now)?, "account.erase"));
    batch.push(erasure::withdraw_invitations(by));
    batch.push(erasure::delete_account(by));
    batch.run(refused).await.map(|_| ())
}

fn guard(batch: &mut AuthorizedBatch<'_>, repeated: &Email) {
    batch.push(erasure::refuse_other_address(batch.token(), repeated));
    batch.push(erasure::refuse_owner(batch.token()));
}

fn refused(name: &str) -> Option<Refusal> {
    match name {
        refusal::OTHER_ADDRESS => {
            let problem = "must be the address of the account";
            Some(Refusal::Invalid(InvalidFields::from([("email".to_owned(), problem.to_owned())])))
        }
        refusal::OWNER => Some(Refusal::Conflict {
            resource: "organization",
            description: "The account owns an organization. Transfer it to somebody else or delete it first.",
        }),
        other => step_up::refused(other),
    }
}
