//! The caller's own tokens in the organization in which it acts, oldest first.

use super::PersonalTokenRow;
use crate::app::App;
use crate::domain::id::PersonalTokenId;
use crate::store::personal_tokens;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page in one round trip. Only those that are alive, never their secrets.
pub async fn list(app: &App, caller: &Caller, request: PageRequest) -> Result<Page<PersonalTokenRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    request.guard(&mut batch);
    let after = request.after.map(|position| PersonalTokenId::from_bytes(position.id));
    let found = batch.push(personal_tokens::list_for_caller(batch.token(), after, request.rows(), app.now()));
    let outcome = batch.run(page::refusal).await?;
    request.page(&outcome, found, |row: &PersonalTokenRow| row.personal_token_id.bytes(), |row| row)
}
