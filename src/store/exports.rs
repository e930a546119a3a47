//! Everything that is held about a person, in the words of the schema, as JSON that is passed on as it is.
//!
//! Each list is read in pages by its own index. `tests/native/export.rs` holds this file to the schema: a column is told
//! here, or named there with the reason why it is not.

mod account;
mod belonging;
mod credentials;
mod log;
mod mails;

use serde::Deserialize;

use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Some rows of one list.
pub struct Part {
    /// The field of the document. Neighbours of the same name are one list.
    pub list: &'static str,
    /// The field is one object, not a list.
    pub single: bool,
    sql: &'static str,
}

/// One thing that is held.
#[derive(Debug, Deserialize)]
pub struct HeldRow {
    /// Where the part goes on. May be a digest: it is told to nobody.
    pub key: String,
    /// The thing, as JSON text.
    pub item: String,
}

/// The parts in the order of the document.
pub const PARTS: &[Part] = &[
    single("account", account::ACCOUNT),
    list("email_changes", account::EMAIL_CHANGES),
    list("memberships", belonging::MEMBERSHIPS),
    list("invitations_sent", belonging::INVITATIONS_SENT),
    list("invitations_received", belonging::INVITATIONS_RECEIVED),
    list("applications_registered", belonging::CLIENTS),
    list("sessions", credentials::SESSIONS),
    list("known_browsers", credentials::KNOWN_DEVICES),
    list("applications_allowed", credentials::CONSENTS),
    list("access_tokens", credentials::ACCESS_TOKENS),
    list("refresh_tokens", credentials::REFRESH_FAMILIES),
    list("personal_tokens", credentials::PERSONAL_TOKENS),
    list("passkeys", credentials::PASSKEYS),
    list("second_factor_resets", credentials::OPERATOR_COMMANDS),
    list("mail_links", mails::LINKS),
    list("mails_waiting", mails::WAITING),
    list("audit_log", log::BY_PERSON_ALONE),
    list("audit_log", log::BY_PERSON),
    list("audit_log", log::ABOUT_PERSON_ALONE),
    list("audit_log", log::ABOUT_PERSON),
    list("audit_log", log::ABOUT_SESSIONS),
];

const fn list(list: &'static str, sql: &'static str) -> Part {
    Part { list, single: false, sql }
}

const fn single(list: &'static str, sql: &'static str) -> Part {
    Part { list, single: true, sql }
}

impl Part {
    /// At most `most` rows behind `after`; from the beginning if that is empty. `origin` begins addresses of this service.
    pub fn of_caller(&self, caller: &Digest, after: &str, most: usize, origin: &str) -> Statement {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        Statement::new(self.sql).bind(caller).bind(after).bind(most).bind(origin)
    }
}

/// The account of the caller, whose token's digest is `?1`.
macro_rules! me {
    () => {
        "(SELECT account_id FROM live_caller WHERE token_digest = ?1)"
    };
}

/// An instant as the wire writes it.
macro_rules! instant {
    ($column:literal) => {
        concat!("strftime('%Y-%m-%dT%H:%M:%fZ', ", $column, " / 1000.0, 'unixepoch')")
    };
}

/// A flag as the wire writes it.
macro_rules! truth {
    ($flag:expr) => {
        concat!("json(iif(", $flag, ", 'true', 'false'))")
    };
}

use {instant, me, truth};
