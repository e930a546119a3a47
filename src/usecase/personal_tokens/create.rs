//! A member makes a personal token.

use std::time::Duration;

use serde_json::json;

use super::PersonalTokenRow;
use crate::app::App;
use crate::domain::id::{OutboxId, PersonalTokenId};
use crate::domain::personal_token::Wanted;
use crate::oauth::envelope::Kind;
use crate::store::audit::Change;
use crate::store::personal_tokens::{self, NewToken, refusal};
use crate::store::{outbox, scopes};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::scopes::{guard_known, refusal as scope_refusal};
use crate::usecase::{Failure, InvalidFields, Refusal, present};

/// The mail that tells a person of it.
const MAIL: &str = "personal_token_created";

/// A new token.
pub struct Created {
    /// As the list shows it.
    pub row: PersonalTokenRow,
    /// The token itself. Shown once.
    pub secret: String,
}

/// Gives the caller a token with no scope beyond what the caller's own may do now, and tells the person by mail.
pub async fn create(app: &App, caller: &Caller, wanted: &Wanted) -> Result<Created, Failure> {
    let now = app.now();
    let expires_at = lifetime(app, wanted.lifetime)?.map(|lifetime| now.plus(lifetime));
    let id = PersonalTokenId::new(now, &app.random()?);
    let token = app.mint(Kind::Personal, expires_at)?;
    let Wanted { name, scopes, .. } = wanted;
    let target = id.to_string();
    let (facts, after) = (json!({"scopes": scopes}).to_string(), json!({"name": name}).to_string());
    let mail = OutboxId::new(now, &app.random()?);

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_known(&mut batch, scopes);
    batch.push(scopes::refuse_beyond_caller(by, scopes));
    batch.push(personal_tokens::refuse_too_many(by, app.config().limits.personal_tokens, now));
    let new = NewToken { id, digest: &token.digest, name, scopes, expires_at };
    batch.push(personal_tokens::insert_for_caller(by, &new, now));
    batch.push(outbox::tell_caller(by, mail, MAIL, json!({"personal_token_id": id}).to_string(), now));
    let change = Change::new("personal_token.create", "personal_token", &target);
    batch.audit(&Change { facts: &facts, after: &after, ..change })?;
    let found = batch.push(personal_tokens::get_for_caller(by, id, now));

    let refused = |name: &str| match name {
        refusal::TOO_MANY => Some(Refusal::Conflict {
            resource: "personal_token",
            description: "The member has as many personal tokens as it may.",
        }),
        other => scope_refusal(other, "scope"),
    };
    let outcome = batch.run(refused).await?;
    Ok(Created { row: present(outcome.first(found)?)?, secret: token.text })
}

/// The life that is asked for, or the longest that the deployment gives where none is.
fn lifetime(app: &App, wanted: Option<Duration>) -> Result<Option<Duration>, Refusal> {
    match (wanted, app.config().lifetimes.personal_token_max) {
        (Some(wanted), Some(longest)) if wanted > longest => {
            let problem = format!("must be at most {} seconds", longest.as_secs());
            Err(Refusal::Invalid(InvalidFields::from([("expires_in".to_owned(), problem)])))
        }
        (wanted, longest) => Ok(wanted.or(longest)),
    }
}
