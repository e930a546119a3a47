//! Whose token is this, and what may it do?

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::app::recent::Known;
use crate::config::{IntrospectionCache, Profile};
use crate::domain::scope;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::{Kind, Opened, Rejected};
use crate::oauth::seal::{self, Purpose};
use crate::oauth::verified::Verified;
use crate::ports::Rows;
use crate::store::access_tokens::{self, LiveToken};
use crate::usecase::tokens::window;
use crate::usecase::{Failure, Refusal};

/// Longest that an isolate repeats what it learned without asking again; shorter where the bound S is.
const ISOLATE_REPEATS: Duration = Duration::from_secs(5);
/// The shortest life that the cache gives a value.
const MIN_CACHE_TTL: Duration = Duration::from_secs(60);

/// A live token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// Whose, and what it may do.
    pub verified: Arc<Verified>,
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

/// Opens the envelope of an access token presented as the subject of introspection. Costs no storage.
pub fn subject<'a>(app: &App, text: &'a str) -> Result<Subject<'a>, Rejected> {
    app.open(Kind::Access, text).map(|opened| Subject { text, opened })
}

/// Asks the isolate's memory, then the cache, then the database.
///
/// An answer that is repeated counts only while `now - verified_at <= S`, so a revoked token is reported alive for at
/// most S after the revocation committed, whatever the cache does. The time is taken anew after each wait. A cache that
/// fails or is slow costs a question to the database; a database that fails is a fault, never a guess.
/// An unknown or revoked token is refused as if it had never existed.
pub async fn introspect(app: &App, token: &Subject<'_>) -> Result<Introspection, Failure> {
    let digest = &token.opened.digest;
    let verified = match remembered(app, digest) {
        Some(verified) => verified,
        None => match cached(app, digest).await {
            Some(verified) => verified,
            None => verify(app, &token.opened).await?,
        },
    };
    Ok(answer(app, token, verified))
}

/// No one need tell a token alive any more: drops it here and, as far as the cache obeys, everywhere. Only after the
/// revocation has committed; the bound S does not depend on it.
pub fn forget(app: &App, token: &Digest) {
    let layers = app.config().introspection_cache;
    if layers >= IntrospectionCache::Isolate {
        app.recent(|recent| recent.forget(token));
    }
    if layers == IntrospectionCache::Kv {
        app.uncache_later(cache_key(token));
    }
}

fn cache_key(digest: &Digest) -> String {
    format!("token:{}", digest.as_str())
}

fn remembered(app: &App, digest: &Digest) -> Option<Arc<Verified>> {
    let config = app.config();
    let (now, bound) = (app.now(), config.introspection_max_staleness);
    if config.introspection_cache < IntrospectionCache::Isolate {
        return None;
    }
    let repeatable = |known: &&Known| {
        known.learned_at <= now && now.since(known.learned_at) <= ISOLATE_REPEATS && known.verified.counts(now, bound)
    };
    app.recent(|recent| recent.get(digest).filter(repeatable).map(|known| Arc::clone(&known.verified)))?
}

/// A value that cannot be read, or is too old by the time it arrives, is as good as none.
async fn cached(app: &App, digest: &Digest) -> Option<Arc<Verified>> {
    let config = app.config();
    if config.introspection_cache < IntrospectionCache::Kv {
        return None;
    }
    let value = app.cached(&cache_key(digest)).await.ok()??;
    let verified: Verified = serde_json::from_str(&value).ok()?;
    let now = app.now();
    let verified = verified.counts(now, config.introspection_max_staleness).then(|| Arc::new(verified))?;
    remember(app, digest, &verified, now);
    Some(verified)
}

async fn verify(app: &App, token: &Opened) -> Result<Arc<Verified>, Failure> {
    let verified_at = app.now();
    let mut batch = vec![access_tokens::find_live(&token.digest, verified_at)];
    batch.extend(window::close(app, token));
    let rows = app.batch(&batch).await?;
    let live: Option<LiveToken> = rows.first().map(Rows::first).transpose()?.flatten();
    let Some(live) = live else {
        app.recent(|recent| recent.forget(&token.digest));
        return Err(Refusal::Unauthenticated { presented: true }.into());
    };
    let verified = Arc::new(Verified {
        verified_at_ms: verified_at.millis(),
        account: live.account_id,
        organization: live.organization_id,
        client_id: live.client_id,
        scope: Vec::from_iter(scope::effective(&live.granted, &live.held)).join(","),
        expires_at_ms: live.expires_at.millis(),
        sealed_refresh: live.sealed_refresh,
    });
    remember(app, &token.digest, &verified, app.now());
    put_if_due(app, &token.digest, &verified, verified_at);
    Ok(verified)
}

fn remember(app: &App, digest: &Digest, verified: &Arc<Verified>, now: Timestamp) {
    if app.config().introspection_cache < IntrospectionCache::Isolate {
        return;
    }
    app.recent(|recent| {
        let put_at = recent.get(digest).and_then(|known| known.put_at);
        recent.keep(digest.clone(), Known { verified: Arc::clone(verified), learned_at: now, put_at });
    });
}

/// Writes to the cache after the answer, at most once per token in half of S from this isolate.
fn put_if_due(app: &App, digest: &Digest, verified: &Verified, now: Timestamp) {
    let bound = app.config().introspection_max_staleness;
    if app.config().introspection_cache < IntrospectionCache::Kv {
        return;
    }
    let claim = |known: &mut Known| {
        let due = known.put_at.is_none_or(|put_at| now.since(put_at) >= bound / 2);
        if due {
            known.put_at = Some(now);
        }
        due
    };
    let due = app.recent(|recent| recent.get_mut(digest).is_none_or(claim)).unwrap_or(true);
    if due && let Ok(value) = serde_json::to_string(verified) {
        app.cache_later(cache_key(digest), value, bound.max(MIN_CACHE_TTL).as_secs());
    }
}

fn answer(app: &App, token: &Subject<'_>, verified: Arc<Verified>) -> Introspection {
    let sealed = verified.sealed_refresh.as_deref().filter(|_| app.config().profile == Profile::Compatible);
    let refresh_token = sealed.and_then(|sealed| seal::open(Purpose::PairedRefresh, token.text, sealed));
    let expires_in = verified.expires_in(app.now());
    Introspection { verified, expires_in, refresh_token }
}
