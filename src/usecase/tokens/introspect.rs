//! Whose token is this, and what may it do?

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::config::Profile;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::scope;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::{Kind, Opened, Rejected};
use crate::oauth::seal::{self, Purpose};
use crate::ports::Rows;
use crate::store::access_tokens::{self, LiveToken};
use crate::usecase::tokens::window;
use crate::usecase::{Failure, Refusal};

/// A live token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// Whose.
    pub account: AccountId,
    /// In which organization.
    pub organization: OrganizationId,
    /// Given to which application, if any.
    pub client_id: Option<String>,
    /// What it may do now, sorted.
    pub scopes: BTreeSet<String>,
    /// How long it still lives by itself.
    pub expires_in: Duration,
    /// The refresh token given with it, for its bearer alone; never in the strict profile.
    pub refresh_token: Option<String>,
}

/// A genuine, unexpired access token as the subject of introspection.
pub struct Subject<'a> {
    text: &'a str,
    opened: Opened,
}

/// What the cache holds about a live token. No token text; the refresh token only in its sealed form.
#[derive(Debug, Serialize, Deserialize)]
struct Cached {
    /// Taken before the database was asked: the staleness bound counts from here, whatever the cache does.
    verified_at_ms: i64,
    account: AccountId,
    organization: OrganizationId,
    client_id: Option<String>,
    scopes: BTreeSet<String>,
    expires_at_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed_refresh: Option<String>,
}

/// Asks the cache, then the database.
///
/// The envelope was checked by the caller without storage. A cached answer counts only while
/// `now - verified_at <= S`, so a revoked token is reported alive for at most S after the revocation committed.
/// An unknown or revoked token is refused as if it had never existed.
pub async fn introspect(app: &App, token: &Subject<'_>) -> Result<Introspection, Failure> {
    let now = app.now();
    let bound = app.config().introspection_max_staleness;
    let key = cache_key(&token.opened.digest);
    if !bound.is_zero()
        && let Some(cached) = fresh(app.cached(&key).await.ok().flatten(), now, bound)
    {
        return Ok(answer(app, token, cached, now));
    }
    let mut batch = vec![access_tokens::find_live(&token.opened.digest)];
    batch.extend(window::close(app, &token.opened));
    let rows = app.batch(&batch).await?;
    let live: Option<LiveToken> = rows.first().map(Rows::first).transpose()?.flatten();
    let live = live.ok_or(Refusal::Unauthenticated { presented: true })?;
    let cached = Cached {
        verified_at_ms: now.millis(),
        account: live.account_id,
        organization: live.organization_id,
        client_id: live.client_id,
        scopes: scope::effective(&live.granted, &live.held),
        expires_at_ms: live.expires_at.millis(),
        sealed_refresh: live.sealed_refresh,
    };
    if !bound.is_zero()
        && let Ok(value) = serde_json::to_string(&cached)
    {
        app.cache_later(key, value, bound.as_secs());
    }
    Ok(answer(app, token, cached, now))
}

/// Opens the envelope of an access token presented as the subject of introspection.
pub fn subject<'a>(app: &App, text: &'a str) -> Result<Subject<'a>, Rejected> {
    app.open(Kind::Access, text).map(|opened| Subject { text, opened })
}

fn cache_key(digest: &Digest) -> String {
    format!("token:{}", digest.as_str())
}

/// A value that cannot be read, or is too old, is as good as none.
fn fresh(value: Option<String>, now: Timestamp, bound: Duration) -> Option<Cached> {
    let cached: Cached = serde_json::from_str(&value?).ok()?;
    let verified_at = Timestamp::from_millis(cached.verified_at_ms);
    (verified_at <= now && now.since(verified_at) <= bound).then_some(cached)
}

fn answer(app: &App, token: &Subject<'_>, cached: Cached, now: Timestamp) -> Introspection {
    let sealed = cached.sealed_refresh.filter(|_| app.config().profile == Profile::Compatible);
    let refresh_token = sealed.and_then(|sealed| seal::open(Purpose::PairedRefresh, token.text, &sealed));
    Introspection {
        refresh_token,
        account: cached.account,
        organization: cached.organization,
        client_id: cached.client_id,
        scopes: cached.scopes,
        expires_in: Timestamp::from_millis(cached.expires_at_ms).since(now),
    }
}
