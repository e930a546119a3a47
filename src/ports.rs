//! What the core asks of the world, as contracts without any platform type.
//!
//! Each port has two adapters: one on the platform (`edge/`), one in memory for tests and benches
//! (`tests/support/`). Both pass the same contract suite ([`contract`]).

pub mod contract;
mod database;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub use database::{Database, DatabaseError, MAX_PARAMETERS, MAX_SAFE_INTEGER, Rows, Statement, Value};

use crate::authz::gate::Gate;
use crate::domain::time::Timestamp;

/// A boxed future, so that ports are object-safe. Boxed once per storage call, never per row.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A key-value cache in which everything may be stale or have vanished.
///
/// Nothing whose loss or staleness would break a rule may live here. Keys are at most 512 bytes.
pub trait Cache: Send + Sync {
    /// The value last seen under `key`, possibly an old one, possibly none although one was put.
    fn get<'a>(&'a self, key: &'a str) -> Pending<'a, Result<Option<String>, CacheError>>;

    /// Stores `value` for about `ttl_seconds`; less than 60 is raised to 60, the platform's minimum.
    fn put<'a>(&'a self, key: &'a str, value: String, ttl_seconds: u64) -> Pending<'a, Result<(), CacheError>>;

    /// Asks for removal. Other locations may serve the old value for a minute or more.
    fn delete<'a>(&'a self, key: &'a str) -> Pending<'a, Result<(), CacheError>>;
}

/// The cache could not answer; the caller goes to the database instead.
#[derive(Debug, thiserror::Error)]
#[error("cache unavailable: {0}")]
pub struct CacheError(
    /// For the operator's log only.
    pub String,
);

/// The current time. Taken once per use case, so that every check in one decision sees the same instant.
pub trait Clock: Send + Sync {
    /// UTC, in milliseconds. On the platform it stands still between two I/O operations.
    fn now(&self) -> Timestamp;

    /// Ends when `span` is over, never earlier. Dropped before, it leaves nothing behind.
    fn sleep(&self, span: Duration) -> Pending<'static, ()>;
}

/// A cryptographically secure source of randomness.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer or fails; never a partial or weak answer.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError>;

    /// As [`Self::fill`], for what only has to differ from everything else and protects nothing: may be drawn ahead.
    fn fill_name(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        self.fill(buffer)
    }
}

/// The source of randomness failed; the request is answered 500 and nothing is written.
#[derive(Debug, thiserror::Error)]
#[error("no randomness: {0}")]
pub struct EntropyError(
    /// For the operator's log only.
    pub String,
);

/// One rendered mail to one recipient. Header fields hold no CR or LF: see [`Mailer::send`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The sender's address.
    pub from: String,
    /// The sender's name.
    pub from_name: String,
    /// The only recipient.
    pub to: String,
    /// Subject in plain Unicode; the adapter encodes it.
    pub subject: String,
    /// The plain text alternative.
    pub text: String,
    /// The HTML alternative.
    pub html: String,
}

/// Sends mail that was committed to the outbox.
pub trait Mailer: Send + Sync {
    /// Hands one mail over. An `Err` means "try again later"; a mail may therefore arrive twice, never silently
    /// not at all. A line break in `to` or `subject` is refused.
    fn send<'a>(&'a self, mail: &'a Mail) -> Pending<'a, Result<(), MailError>>;
}

/// The mail was not handed over.
#[derive(Debug, thiserror::Error)]
#[error("mail not sent: {0}")]
pub struct MailError(
    /// A code of the mailer's, such as `E_SENDER_NOT_VERIFIED`: upper-case letters, digits and underscores. Never its text,
    /// which may hold the address.
    pub String,
);

/// Most bytes of an answer of [`Outbound::get`].
pub const MAX_FETCHED_BYTES: usize = 64 * 1024;

/// The world outside, asked by this service itself. Only addresses of the configuration, never one that a caller wrote.
pub trait Outbound: Send + Sync {
    /// GETs `url` with that `Accept` header and nothing else that tells who asks: no cookie, no credential, no header of
    /// the request that is being answered. Any answer but 200, a redirect among them, and any body of more than
    /// [`MAX_FETCHED_BYTES`] is an error. Dropped before it ends, the request ends too.
    fn get<'a>(&'a self, url: &'a str, accept: &'a str) -> Pending<'a, Result<Vec<u8>, OutboundError>>;

    /// As [`Self::get`], a POST of `form`, which is `application/x-www-form-urlencoded` and takes JSON.
    fn post<'a>(&'a self, url: &'a str, form: &'a str) -> Pending<'a, Result<Vec<u8>, OutboundError>>;
}

/// There was no usable answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("no answer: {0}")]
pub struct OutboundError(
    /// For the operator's log only.
    pub String,
);

/// The platform's own counting of requests: a first shield before the counters in the database, which alone are exact.
///
/// It may admit more than it should, never less: whatever goes wrong with it admits.
pub trait Shield: Send + Sync {
    /// Whether one more request of `source` may pass `gate`.
    fn admits<'a>(&'a self, gate: Gate, source: &'a str) -> Pending<'a, Result<bool, ShieldError>>;
}

/// The shield could not answer; the request passes.
#[derive(Debug, thiserror::Error)]
#[error("shield unavailable: {0}")]
pub struct ShieldError(
    /// For the operator's log only.
    pub String,
);

/// Work that goes on after the answer (`waitUntil` on the platform).
pub trait Background: Send + Sync {
    /// Runs `task` to its end or until the platform cuts it off; nothing may depend on its success.
    fn run(&self, task: Pending<'static, ()>);
}

/// Where the one log line of each request goes.
pub trait Log: Send + Sync {
    /// Writes one line of JSON. The line never holds a token, password or e-mail address.
    fn line(&self, line: &str);
}
