//! The application gets its answer.

use std::time::Duration;

use super::facts::Facts;
use super::{Answer, Given, Shown, Visitor, answered, named};
use crate::app::App;
use crate::oauth::authorize::{AuthorizationRequest, ResponseType};
use crate::oauth::digest::Digest;
use crate::oauth::interaction::Granted;
use crate::oauth::refusal::{Detail, IdentityRefusal, OAuthRefusal};
use crate::ports::{DatabaseError, Statement};
use crate::store::audit::{self, Act, Sitting};
use crate::store::authorization_requests::{self, refusal::GONE};
use crate::store::browser_sessions::{self, refusal::OVER};
use crate::store::{consents, memberships, throttles};
use crate::usecase::tokens::issue::{self, Grant};
use crate::usecase::{Failure, Refusal, audit_entry, present};

/// Within this time an application may be answered only so often for one account (API, section 2.8).
const REDIRECTS: Duration = Duration::from_secs(30);
const TOO_MANY: &str = "too_many_redirects";
const NOT_GIVEN: &str = "not_given";

/// What is decided.
pub(super) struct Finish<'a> {
    /// What was true a moment ago.
    pub facts: &'a Facts,
    /// What was asked.
    pub request: &'a AuthorizationRequest,
    /// What is given.
    pub granted: &'a Granted,
    /// The kept request that is decided by this, if it had to wait.
    pub kept: Option<&'a Digest>,
    /// Whether the person has just said yes to it.
    pub consented: bool,
}

/// One batch: the session is alive, the request undecided, the application not answered too often; then consent, code or
/// token, the member's choice, and the audit rows. All of it, or nothing.
pub(super) async fn finish(app: &App, visitor: &Visitor, finish: &Finish<'_>) -> Result<Shown, Failure> {
    let now = app.now();
    let Finish { request, granted, .. } = finish;
    let person = present(finish.facts.person.as_ref())?;
    let client = request.client_id.to_string();
    let mut batch = vec![
        browser_sessions::refuse_over(person.session_id, now),
        browser_sessions::note_use(person.session_id, now, now.plus(app.config().lifetimes.session_idle)),
    ];
    if let Some(kept) = finish.kept {
        batch.push(authorization_requests::refuse_gone(named(kept, visitor), now));
        batch.push(authorization_requests::decide(named(kept, visitor), now));
    }
    let bucket = app.bucket("redirect", &format!("{client} {}", person.account_id));
    batch.push(throttles::count(&bucket, now, REDIRECTS));
    batch.push(throttles::refuse_above(&bucket, app.config().limits.redirects, TOO_MANY));
    if finish.consented {
        batch.push(consents::allow(granted.organization, person.account_id, &client, &granted.scopes, now));
    }
    let grant = Grant {
        client_id: &client,
        account: person.account_id,
        organization: granted.organization,
        session: person.session_id,
        scopes: &granted.scopes,
    };
    let (given, mut statements) = give(app, request, &grant)?;
    statements.insert(1, crate::store::refuse_unless_changed(NOT_GIVEN));
    batch.extend(statements);
    batch.push(memberships::note_choice(granted.organization, person.account_id, now));
    let entry = audit_entry(app, now)?;
    let action = if finish.consented { "consent.allow" } else { "session.authorize" };
    let act = Act {
        sitting: Sitting::Id(person.session_id),
        organization: Some(granted.organization),
        client: Some(&client),
        action,
    };
    batch.extend([audit::record_act(&entry, &act), audit::origin(&entry, app.origin())]);
    app.batch(&batch).await.map_err(refusal)?;
    Ok(Shown::Answer(Box::new(Answer {
        to: answered(request, visitor),
        state: request.state.clone(),
        client_id: client,
        account: person.account_id,
        organization: granted.organization,
        scopes: granted.scopes.clone(),
        given,
    })))
}

/// Code or token, and the statements that make it real; the first inserts it.
fn give(app: &App, request: &AuthorizationRequest, grant: &Grant<'_>) -> Result<(Given, Vec<Statement>), Failure> {
    match request.response_type {
        ResponseType::Code => {
            let code = issue::code(app, app.now(), grant, &request.redirect_uri, request.challenge.as_ref())?;
            Ok((Given::Code(code.code), vec![code.statement]))
        }
        ResponseType::Token => {
            let token = issue::implicit(app, app.now(), grant)?;
            let given = Given::Token { access_token: token.access_token, expires_in: token.expires_in };
            Ok((given, token.statements))
        }
    }
}

/// The names with which a batch of these steps stops.
pub(super) fn refusal(error: DatabaseError) -> Failure {
    match &error {
        DatabaseError::Refused(name) if name == OVER || name == NOT_GIVEN => {
            Refusal::Identity(IdentityRefusal::IdentityLost).into()
        }
        DatabaseError::Refused(name) if name == GONE => Refusal::StaleForm.into(),
        DatabaseError::Refused(name) if name == TOO_MANY => {
            OAuthRefusal::AccessDenied(Some(Detail::TooManyRedirects)).into()
        }
        _ => error.into(),
    }
}
