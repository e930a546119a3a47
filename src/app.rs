//! What a handler receives: the isolate's parsed state, this request's ports, and a count of storage calls.

pub mod recent;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{Either, select};

use self::recent::{Recent, Size};
use crate::authz::gate::Gate;
use crate::config::Config;
use crate::domain::id::{self, AccountId, MailTokenId, RequestId};
use crate::domain::origin::Origin;
use crate::domain::password::hash::{self, Hasher};
use crate::domain::recovery_code::RecoveryCode;
use crate::domain::time::Timestamp;
use crate::oauth::at_rest;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::{self, Issuer, Kind, Minted, Opened, Rejected};
use crate::oauth::keys::KeyRing;
use crate::oauth::mail_link;
use crate::ports::{
    Background, Cache, CacheError, Clock, Database, DatabaseError, Entropy, EntropyError, Log, Mail, MailError, Mailer,
    Outbound, OutboundError, Pending, Rows, Shield, Statement,
};
use crate::webauthn::relying_party::RelyingParty;

/// What is parsed and derived once per isolate and shared by all its requests. Plain data: no I/O object.
pub struct Isolate {
    /// Every setting.
    pub config: Config,
    /// Token keys, derived.
    pub keys: KeyRing,
    /// Password hashing, with its peppers.
    pub hasher: Hasher,
    /// To whom passkeys belong: the host of `PUBLIC_URL`.
    pub relying_party: RelyingParty,
    recent: Mutex<Recent>,
    last_health: Mutex<Option<(Timestamp, Health)>>,
}

/// Longest that an answer waits for the cache before it goes to the database.
pub const CACHE_PATIENCE: Duration = Duration::from_millis(50);

/// Longest that an answer waits for the platform's counting of requests.
pub const SHIELD_PATIENCE: Duration = Duration::from_millis(50);

/// Longest that an answer waits for another service.
pub const OUTBOUND_PATIENCE: Duration = Duration::from_secs(3);

/// Whether storage answered when it was last asked. Holds no secret and no setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Migrations applied; `None` when the database did not answer.
    pub schema_version: Option<u32>,
    /// Whether the cache answered.
    pub cache: bool,
}

impl Isolate {
    /// Derives the keys that `config` names.
    pub fn new(config: Config) -> Self {
        let keys = KeyRing::new(&config.master_secret, config.master_secret_previous.as_ref());
        let hasher = Hasher::new(hash::RECOMMENDED, config.pepper.clone(), config.pepper_previous.clone());
        let relying_party = RelyingParty::of(&config.public_url);
        Self { config, keys, hasher, relying_party, recent: Mutex::default(), last_health: Mutex::default() }
    }

    /// How much this isolate remembers of the tokens that it saw last.
    pub fn remembered(&self) -> Size {
        self.recent.lock().map(|recent| recent.size()).unwrap_or_default()
    }
}

/// The world as this request may use it.
pub struct Ports {
    /// The accounts database.
    pub database: Box<dyn Database>,
    /// The edge cache.
    pub cache: Arc<dyn Cache>,
    /// Time.
    pub clock: Box<dyn Clock>,
    /// Randomness.
    pub entropy: Box<dyn Entropy>,
    /// Outgoing mail.
    pub mailer: Box<dyn Mailer>,
    /// Other services.
    pub outbound: Box<dyn Outbound>,
    /// The platform's counting of requests.
    pub shield: Box<dyn Shield>,
    /// Work after the answer.
    pub background: Box<dyn Background>,
    /// The request log.
    pub log: Box<dyn Log>,
}

/// Storage calls of one request, for the log line and for tests that hold the budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorageCalls {
    /// Round trips to the database.
    pub database: u32,
    /// Cache operations that the answer waited for.
    pub cache: u32,
}

/// One request's view of the service. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Request>);

struct Request {
    isolate: Arc<Isolate>,
    ports: Ports,
    id: RequestId,
    started_at: Timestamp,
    origin: Origin,
    database_calls: AtomicU32,
    cache_calls: AtomicU32,
    wrote_mail: AtomicBool,
}

impl App {
    /// The view of a new request. Fails only when there is no randomness for its id.
    pub fn new(isolate: Arc<Isolate>, ports: Ports, origin: Origin) -> Result<Self, EntropyError> {
        let mut random = [0; id::ENTROPY_BYTES];
        ports.entropy.fill_name(&mut random)?;
        let started_at = ports.clock.now();
        let id = RequestId::new(started_at, &random);
        let (database_calls, cache_calls, wrote_mail) = Default::default();
        let request = Request { isolate, ports, id, started_at, origin, database_calls, cache_calls, wrote_mail };
        Ok(Self(Arc::new(request)))
    }

    /// Every setting.
    pub fn config(&self) -> &Config {
        &self.0.isolate.config
    }

    /// Password hashing. Synchronous and expensive: a caller that may be throttled is refused before this.
    pub fn hasher(&self) -> &Hasher {
        &self.0.isolate.hasher
    }

    /// To whom passkeys belong. Never what the request says.
    pub fn relying_party(&self) -> &RelyingParty {
        &self.0.isolate.relying_party
    }

    /// The id of this request, in its answer, its log line and its audit rows.
    pub fn request_id(&self) -> RequestId {
        self.0.id
    }

    /// When the request came in.
    pub fn started_at(&self) -> Timestamp {
        self.0.started_at
    }

    /// Where the request came from.
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// The current time. Taken once per use case.
    pub fn now(&self) -> Timestamp {
        self.0.ports.clock.now()
    }

    /// `N` fresh random bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], EntropyError> {
        let mut bytes = [0; N];
        self.0.ports.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A new token of this deployment's region under the current key.
    pub fn mint(&self, kind: Kind, expires_at: Option<Timestamp>) -> Result<Minted, EntropyError> {
        let random = self.random()?;
        envelope::mint(self.issuer(&[]), kind, &random, expires_at).ok_or_else(no_current_key)
    }

    /// The link of a mail, as a token of `kind` under the current key. Its identifier is derived from the master secret
    /// and the row, so that the row holds only the digest and the sender can derive the text again:
    /// [`Self::mail_link_again`].
    pub fn mail_link_token(&self, kind: Kind, row: MailTokenId, expires_at: Timestamp) -> Result<Minted, EntropyError> {
        mail_link::mint(self.issuer(&[]), kind, row, expires_at).ok_or_else(no_current_key)
    }

    /// The text of a link of [`Self::mail_link_token`] whose row has this digest. `None` when the secret that it was
    /// derived from has retired: nothing opens it any more.
    pub fn mail_link_again(
        &self,
        kind: Kind,
        row: MailTokenId,
        expires_at: Timestamp,
        digest: &Digest,
    ) -> Option<String> {
        mail_link::mint_again(self.issuer(&[]), kind, row, expires_at, digest)
    }

    /// A token that carries `position` in place of a random identifier and opens only with the same `context`: a cursor,
    /// a form.
    pub fn mint_bound(
        &self,
        kind: Kind,
        position: &[u8; envelope::RANDOM_BYTES],
        context: &[u8],
        expires_at: Timestamp,
    ) -> Result<String, EntropyError> {
        let minted = envelope::mint(self.issuer(context), kind, position, Some(expires_at));
        minted.map(|minted| minted.text).ok_or_else(no_current_key)
    }

    /// Checks a token of [`Self::mint_bound`]. Asks no storage.
    pub fn open_bound(&self, kind: Kind, text: &str, context: &[u8]) -> Result<Opened, Rejected> {
        envelope::open(self.issuer(context), kind, text, self.now())
    }

    /// Checks a token's envelope. Asks no storage.
    pub fn open(&self, kind: Kind, text: &str) -> Result<Opened, Rejected> {
        envelope::open(self.issuer(&[]), kind, text, self.now())
    }

    /// Seals a secret of `owner` that the service must be able to read again, under the current key.
    pub fn seal_at_rest(&self, owner: [u8; 16], secret: &[u8], nonce: &[u8; at_rest::NONCE_BYTES]) -> Option<String> {
        at_rest::seal(&self.0.isolate.keys, owner, secret, nonce)
    }

    /// What [`Self::seal_at_rest`] hid for the same owner, if its key is live.
    pub fn open_at_rest(&self, owner: [u8; 16], sealed: &str) -> Option<at_rest::Opened> {
        at_rest::open(&self.0.isolate.keys, owner, sealed)
    }

    /// Under which digests a recovery code of an account may be stored, the current key's first.
    pub fn recovery_digests(&self, account: AccountId, code: &RecoveryCode) -> Vec<String> {
        self.0.isolate.keys.recovery_digests(account.bytes(), code.normal_form())
    }

    fn issuer<'a>(&'a self, context: &'a [u8]) -> Issuer<'a> {
        Issuer { keys: &self.0.isolate.keys, region: &self.config().region, context }
    }

    /// The name of a throttle's counter: what is counted, and a keyed digest of whom, so that no address is stored.
    pub fn bucket(&self, what: &str, whom: &str) -> String {
        self.0.isolate.keys.blind(what, whom)
    }

    /// One round trip to the database: see [`Database::batch`].
    pub async fn batch(&self, statements: &[Statement]) -> Result<Vec<Rows>, DatabaseError> {
        self.0.database_calls.fetch_add(1, Ordering::Relaxed);
        let rows = self.0.ports.database.batch(statements).await?;
        if statements.iter().zip(&rows).any(|(statement, rows)| rows.changes() > 0 && statement.adds_to("outbox")) {
            self.0.wrote_mail.store(true, Ordering::Relaxed);
        }
        Ok(rows)
    }

    /// As [`Self::batch`], of work that no answer waits for: it is not one of the request's storage calls.
    pub async fn batch_later(&self, statements: &[Statement]) -> Result<Vec<Rows>, DatabaseError> {
        self.0.ports.database.batch(statements).await
    }

    /// Whether mails may wait that this request has committed, and this deployment sends mail.
    pub fn has_mail_to_send(&self) -> bool {
        self.config().mail_from.is_some() && self.0.wrote_mail.load(Ordering::Relaxed)
    }

    /// Hands one mail over: see [`Mailer::send`].
    pub async fn send_mail(&self, mail: &Mail) -> Result<(), MailError> {
        self.0.ports.mailer.send(mail).await
    }

    /// Work that goes on after the answer: see [`Background::run`].
    pub fn later(&self, task: Pending<'static, ()>) {
        self.0.ports.background.run(task);
    }

    /// One cache read that the answer waits for, at most [`CACHE_PATIENCE`]: see [`Cache::get`].
    pub async fn cached(&self, key: &str) -> Result<Option<String>, CacheError> {
        self.0.cache_calls.fetch_add(1, Ordering::Relaxed);
        let read = self.0.ports.cache.get(key);
        match select(read, self.0.ports.clock.sleep(CACHE_PATIENCE)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(CacheError(format!("no answer within {} ms", CACHE_PATIENCE.as_millis()))),
        }
    }

    /// What another service says, within [`OUTBOUND_PATIENCE`]: see [`Outbound::get`].
    pub async fn fetch(&self, url: &str, accept: &str) -> Result<Vec<u8>, OutboundError> {
        self.patiently(self.0.ports.outbound.get(url, accept)).await
    }

    /// As [`Self::fetch`], of a form: see [`Outbound::post`].
    pub async fn submit(&self, url: &str, form: &str) -> Result<Vec<u8>, OutboundError> {
        self.patiently(self.0.ports.outbound.post(url, form)).await
    }

    async fn patiently(&self, asked: Pending<'_, Result<Vec<u8>, OutboundError>>) -> Result<Vec<u8>, OutboundError> {
        match select(asked, self.0.ports.clock.sleep(OUTBOUND_PATIENCE)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => Err(OutboundError(format!("none within {} s", OUTBOUND_PATIENCE.as_secs()))),
        }
    }

    /// Whether the platform's counting lets a request of this network pass: see [`Shield::admits`]. One that fails, or takes
    /// longer than [`SHIELD_PATIENCE`], does; `LIMITS=dev` asks none.
    pub async fn passes(&self, gate: Gate) -> bool {
        if !self.config().shielded {
            return true;
        }
        let network = self.origin().network();
        let asked = self.0.ports.shield.admits(gate, &network);
        match select(asked, self.0.ports.clock.sleep(SHIELD_PATIENCE)).await {
            Either::Left((admitted, _)) => admitted.unwrap_or(true),
            Either::Right(_) => true,
        }
    }

    /// Stores a value after the answer has gone out; its failure changes nothing.
    pub fn cache_later(&self, key: String, value: String, ttl_seconds: u64) {
        let cache = Arc::clone(&self.0.ports.cache);
        let put: Pending<'static, ()> = Box::pin(async move {
            // A cache that refuses a value serves the next request more slowly, not wrongly.
            let _refused = cache.put(&key, value, ttl_seconds).await;
        });
        self.0.ports.background.run(put);
    }

    /// Removes a value after the answer has gone out; its failure changes nothing.
    pub fn uncache_later(&self, key: String) {
        let cache = Arc::clone(&self.0.ports.cache);
        let delete: Pending<'static, ()> = Box::pin(async move {
            let _refused = cache.delete(&key).await;
        });
        self.0.ports.background.run(delete);
    }

    /// Looks at or changes what this isolate remembers of tokens. `None` if it lost its memory.
    pub fn recent<T>(&self, look: impl FnOnce(&mut Recent) -> T) -> Option<T> {
        self.0.isolate.recent.lock().ok().map(|mut recent| look(&mut recent))
    }

    /// What [`Self::keep_health`] was given in this isolate less than `age` ago.
    pub fn recent_health(&self, age: Duration) -> Option<Health> {
        let now = self.now();
        let kept = self.0.isolate.last_health.lock().ok().and_then(|last| *last);
        kept.filter(|(at, _)| *at <= now && now.since(*at) < age).map(|(_, health)| health)
    }

    /// Remembers `health` as of now.
    pub fn keep_health(&self, health: Health) {
        if let Ok(mut last) = self.0.isolate.last_health.lock() {
            *last = Some((self.now(), health));
        }
    }

    /// Storage calls so far.
    pub fn storage_calls(&self) -> StorageCalls {
        StorageCalls {
            database: self.0.database_calls.load(Ordering::Relaxed),
            cache: self.0.cache_calls.load(Ordering::Relaxed),
        }
    }

    /// Writes the request's log line.
    pub fn log(&self, line: &str) {
        self.0.ports.log.line(line);
    }
}

/// The ring always holds its current key; see `KeyRing::new`.
fn no_current_key() -> EntropyError {
    EntropyError("the current key is not in the ring".into())
}
