//! What the service does: read, decide, write once. `<noun>/<verb>.rs`; each call writes in one batch.

pub mod account_page;
pub mod accounts;
pub mod audit_log;
pub mod authorize;
pub mod authorized;
pub mod challenge;
pub mod clients;
pub mod consents;
pub mod domains;
mod guesses;
pub mod health;
pub mod invitations;
pub mod mail;
pub mod merges;
pub mod operator;
pub mod organization_settings;
pub mod organizations;
pub mod page;
pub mod panel;
pub mod passkeys;
pub mod personal_tokens;
pub mod products;
pub mod roles;
pub mod scopes;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod step_up;
pub mod sweep;
pub mod tokens;

use std::collections::BTreeMap;

use crate::app::App;
use crate::domain::id::AuditId;
use crate::domain::password::hash::HashFault;
use crate::domain::time::Timestamp;
use crate::oauth::refusal::{IdentityRefusal, OAuthRefusal};
use crate::ports::{CacheError, DatabaseError, EntropyError};
use crate::store::audit::Entry;

/// Why a call did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The caller's mistake, chosen by name where it is noticed.
    Refused(Refusal),
    /// Ours. `?` leads only here.
    Fault(Fault),
}

/// A caller's mistake. Which status and words each becomes is said once, by the error mappers in `http::error`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request cannot be read: broken JSON, two credentials, a header that is no header. The text is ours.
    Malformed(&'static str),
    /// The body is larger than the route takes.
    TooLarge,
    /// No credential, or none that is alive.
    Unauthenticated {
        /// Whether a token was presented (RFC 6750 section 3.1: `invalid_token`) or nothing at all.
        presented: bool,
    },
    /// No effective scope allows this; any one of these, separated by spaces, would.
    InsufficientScope(String),
    /// Not for this role or this kind of credential. The text is ours.
    Forbidden(&'static str),
    /// The organization demands a second factor by now, and the account has none (row M6).
    SecondFactorDue,
    /// Absent, or another organization's, which is the same.
    NotFound {
        /// The noun: `account`, `organization`, ...
        resource: &'static str,
        /// As the caller wrote it.
        id: Option<String>,
    },
    /// It contradicts what is stored.
    Conflict {
        /// The noun.
        resource: &'static str,
        /// What it contradicts, in our words.
        description: &'static str,
    },
    /// Field by field, what is wrong.
    Invalid(InvalidFields),
    /// A form that this service did not give to this browser, or gave too long ago.
    StaleForm,
    /// What the OAuth protocol has a code for.
    OAuth(OAuthRefusal),
    /// A sign-in that did not come about.
    Identity(IdentityRefusal),
    /// Too often; try again after so many seconds.
    Throttled {
        /// Seconds.
        retry_after: u64,
    },
}

/// What is wrong, by dotted path of the field (`organization.company.phone`, `set_roles.0`).
pub type InvalidFields = BTreeMap<String, String>;

/// A failure of ours. The text is for the log; no answer ever holds it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Storage did not answer; the caller may try again.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A bug or a broken deployment.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<OAuthRefusal> for Failure {
    fn from(refusal: OAuthRefusal) -> Self {
        Self::Refused(Refusal::OAuth(refusal))
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::Fault(match error {
            DatabaseError::Unavailable(_) => Fault::Unavailable(error.to_string()),
            _ => Fault::Internal(error.to_string()),
        })
    }
}

macro_rules! internal {
    ($($error:ty),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Fault(Fault::Internal(error.to_string()))
            }
        })+
    };
}
internal!(EntropyError, HashFault, CacheError);

/// What every audit row of this request has.
fn audit_entry(app: &App, now: Timestamp) -> Result<Entry, Failure> {
    Ok(Entry { id: AuditId::new(now, &app.random()?), at: now, request: app.request_id() })
}

/// A row that a committed batch must have given.
fn present<T>(row: Option<T>) -> Result<T, Failure> {
    row.ok_or_else(|| Failure::Fault(Fault::Internal(format!("no row for {}", std::any::type_name::<T>()))))
}
