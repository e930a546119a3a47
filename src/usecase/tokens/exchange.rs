//! An authorization code for tokens.

use crate::app::App;
use crate::domain::scope;
use crate::oauth::client::PresentedClient;
use crate::oauth::envelope::Kind;
use crate::oauth::grants::authorization_code;
use crate::oauth::pkce::Proof;
use crate::oauth::redirect_uri::RedirectUri;
use crate::oauth::refusal::OAuthRefusal;
use crate::store::authorization_codes::{self, LiveCode, Presented};
use crate::store::client_secrets::{self, ClientSecret};
use crate::store::{access_tokens, audit};
use crate::usecase::tokens::Tokens;
use crate::usecase::tokens::issue::issue;
use crate::usecase::{Failure, Fault, audit_entry, present};

/// What a client asks for.
pub struct Exchange {
    /// Who asks.
    pub client: PresentedClient,
    /// Text of the code.
    pub code: String,
    /// Where it was sent, says the client.
    pub redirect_uri: String,
    /// The answer to the challenge.
    pub code_verifier: Option<String>,
}

/// One round trip, whatever the outcome, like `usecase::tokens::refresh`: the batch reads what there is, ends on a replay
/// what the code gave, and begins the family if every condition holds. Which of these happened is decided from the rows
/// as they were before. What is no code, no redirect URI or no verifier costs no storage at all.
pub async fn exchange(app: &App, request: &Exchange) -> Result<Tokens, Failure> {
    let now = app.now();
    let opened = app.open(Kind::Code, &request.code).map_err(|_| OAuthRefusal::InvalidGrant)?;
    let redirect_uri = RedirectUri::parse(&request.redirect_uri).map_err(|_| OAuthRefusal::InvalidGrant)?;
    let redirect_uri = redirect_uri.as_visited();
    let proof = request.code_verifier.as_deref().map(|verifier| Proof::of(verifier).ok_or(OAuthRefusal::InvalidGrant));
    let proof = proof.transpose()?;
    let (code, client) = (&opened.digest, &request.client);
    let presented = Presented { code, client, redirect_uri: &redirect_uri, proof: proof.as_ref(), now };
    let issue = issue(app, now, |family| authorization_codes::begin_family(family, &presented))?;
    let entry = audit_entry(app, now)?;
    let mut batch = vec![
        client_secrets::find(&client.id),
        authorization_codes::find_live(code, now),
        authorization_codes::revoke_replayed(&presented),
        audit::record_code(code, &entry, "code.reuse"),
        audit::origin(&entry, app.origin()),
        access_tokens::delete_of_replayed_code(code),
    ];
    let insertion = batch.len();
    batch.extend(issue.statements);
    batch.push(authorization_codes::mark_used(code, issue.family, now));
    let rows = app.batch(&batch).await?;
    let ([registered, found, ..], Some(insertion)) = (rows.as_slice(), rows.get(insertion)) else {
        return present(None);
    };
    let registered: Option<ClientSecret> = registered.first()?;
    client.authenticate(registered.as_ref().map(ClientSecret::registered))?;
    let found: Option<LiveCode> = found.first()?;
    let facts = found.as_ref().map(LiveCode::facts);
    authorization_code::decide(client, facts, &redirect_uri, proof.as_ref(), now)?;
    if insertion.changes() != 1 {
        return Err(Fault::Internal("the code rule and the store's guard disagree".into()).into());
    }
    let found = present(found)?;
    Ok(Tokens {
        access_token: issue.access_token,
        refresh_token: issue.refresh_token,
        account: found.account_id,
        organization: found.organization_id,
        client_id: found.client_id,
        scopes: scope::effective(&found.granted, &found.held),
        expires_in: issue.expires_in,
    })
}
