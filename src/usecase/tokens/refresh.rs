//! A refresh token for a new access token.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::app::App;
use crate::domain::scope::{self, ScopeList};
use crate::domain::time::Timestamp;
use crate::oauth::client::PresentedClient;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::{Kind, Minted, Opened};
use crate::oauth::grants::refresh_token::{self, Pair, Verdict};
use crate::oauth::refusal::OAuthRefusal;
use crate::oauth::seal::{self, Purpose};
use crate::ports::Statement;
use crate::store::access_tokens::NewToken;
use crate::store::client_secrets::{self, ClientSecret};
use crate::store::refresh_tokens::{self, LiveRefresh, Presented};
use crate::store::{access_tokens, audit, refresh_families, session_applications};
use crate::usecase::tokens::{Tokens, client_failures, sealed, sealed_refresh};
use crate::usecase::{Failure, Fault, audit_entry, present};

/// What a client asks for.
pub struct Refresh {
    /// Who asks.
    pub client: PresentedClient,
    /// Text of the refresh token.
    pub refresh_token: String,
    /// Less than was granted; `None` for all of it.
    pub scopes: Option<BTreeSet<String>>,
}

/// One round trip, whatever the outcome: the batch reads what there is, issues if every condition holds, and ends the
/// family on reuse. Which of these happened is decided from the rows as they were before. A forged or expired token
/// costs no storage at all.
///
/// Tokens are minted before anything is known, because nothing can be decided between two statements of a batch. What
/// the batch does not store was never worth anything.
pub async fn refresh(app: &App, request: &Refresh) -> Result<Tokens, Failure> {
    let now = app.now();
    let opened = app.open(Kind::Refresh, &request.refresh_token).map_err(|_| OAuthRefusal::InvalidGrant)?;
    let candidate = Candidate::mint(app, request, &opened, now)?;
    let batch = candidate.statements(app, request, &opened, now)?;
    let rows = app.batch(&batch).await.map_err(client_failures::refused)?;
    let [_, client, token, insertion, ..] = rows.as_slice() else {
        return present(None);
    };
    let registered: Option<ClientSecret> = client.first()?;
    request.client.authenticate(registered.as_ref().map(ClientSecret::registered))?;
    let found: Option<LiveRefresh> = token.first()?;
    let facts = found.as_ref().map(LiveRefresh::facts);
    let verdict = refresh_token::decide(&request.client, facts, request.scopes.as_ref(), now)?;
    let (pair, expires_in) = match (verdict, insertion.changes()) {
        (Verdict::Issue, 1) => (candidate.pair, app.config().lifetimes.access_token),
        (Verdict::Repeat(sealed), 0) => repeated(app, &request.refresh_token, sealed, now)?,
        _ => return Err(Fault::Internal("the refresh rule and the store's guard disagree".into()).into()),
    };
    let found = present(found)?;
    let granted = pair.requested.map_or(found.granted, ScopeList::from_iter);
    Ok(Tokens {
        access_token: pair.access_token,
        refresh_token: pair.refresh_token,
        account: found.account_id,
        organization: found.organization_id,
        client_id: found.client_id,
        scopes: scope::effective(&granted, &found.held),
        expires_in,
    })
}

/// The pair that the same refresh token gave a moment ago.
fn repeated(app: &App, token: &str, sealed: &str, now: Timestamp) -> Result<(Pair, Duration), Failure> {
    let pair = seal::open(Purpose::Successor, token, sealed).and_then(|text| Pair::from_text(&text));
    let pair = present(pair)?;
    let ends = app.open(Kind::Access, &pair.access_token).ok().and_then(|opened| opened.expires_at);
    Ok((pair, ends.map_or(Duration::ZERO, |ends| ends.since(now))))
}

/// What the refresh gives if it may.
struct Candidate {
    pair: Pair,
    access: Digest,
    access_expires_at: Timestamp,
    sealed_refresh: Option<String>,
    /// What replaces the refresh token; `None` for a confidential client, which keeps it.
    successor: Option<Successor>,
}

struct Successor {
    digest: Digest,
    sealed_pair: String,
}

impl Candidate {
    fn mint(app: &App, request: &Refresh, opened: &Opened, now: Timestamp) -> Result<Self, Failure> {
        let access_expires_at = now.plus(app.config().lifetimes.access_token);
        let access = app.mint(Kind::Access, Some(access_expires_at))?;
        // The successor's envelope ends when the presented one's does: rotation extends nothing (row T5).
        let next = match request.client.secret {
            Some(_) => None,
            None => Some(app.mint(Kind::Refresh, opened.expires_at)?),
        };
        let refresh_token = next.as_ref().map_or(&request.refresh_token, |next| &next.text).clone();
        let sealed_refresh = sealed_refresh(app, &access.text, &refresh_token)?;
        let pair = Pair { access_token: access.text, refresh_token, requested: request.scopes.clone() };
        let seal_pair = |next: Minted| {
            let sealed_pair = sealed(app, Purpose::Successor, &request.refresh_token, &pair.to_text())?;
            Ok::<_, Failure>(Successor { digest: next.digest, sealed_pair })
        };
        let successor = next.map(seal_pair).transpose()?;
        Ok(Self { pair, access: access.digest, access_expires_at, sealed_refresh, successor })
    }

    /// The first stops a client that failed too often; the next two read; the fourth inserts the access token if all is
    /// well; the next four end a family on reuse; what follows is done only if the access token is there, but for the last,
    /// which counts a client that is not who it says it is.
    fn statements(
        &self,
        app: &App,
        request: &Refresh,
        opened: &Opened,
        now: Timestamp,
    ) -> Result<Vec<Statement>, Failure> {
        let presented = Presented { token: &opened.digest, client: &request.client, now };
        let idle_expires_at = now.plus(app.config().lifetimes.refresh_token_idle);
        let kept = app.config().limits.tokens_per_client;
        let token = NewToken {
            digest: &self.access,
            sealed_refresh: self.sealed_refresh.as_deref(),
            expires_at: self.access_expires_at,
        };
        let entry = audit_entry(app, now)?;
        let [guard, count] = client_failures::guarded(app, &request.client, now);
        let mut batch = vec![
            guard,
            client_secrets::find(&request.client.id),
            refresh_tokens::find_live(presented.token, now),
            access_tokens::insert_for_refresh(&token, &presented, request.scopes.as_ref()),
            refresh_families::revoke_reused(&presented),
            audit::record_refresh_token(presented.token, &entry, "token.reuse", true),
            audit::origin(&entry, app.origin()),
            access_tokens::delete_of_revoked_family(presented.token),
        ];
        match &self.successor {
            Some(Successor { digest, sealed_pair }) => batch.extend([
                refresh_tokens::close_windows(&self.access),
                refresh_tokens::replace(presented.token, &self.access, sealed_pair, now),
                refresh_tokens::insert_successor(digest, &self.access, now, idle_expires_at),
            ]),
            None => batch.push(refresh_tokens::keep(presented.token, &self.access, idle_expires_at)),
        }
        batch.push(access_tokens::delete_oldest(&self.access, kept));
        batch.push(session_applications::touch(&self.access, now));
        batch.push(count);
        Ok(batch)
    }
}
