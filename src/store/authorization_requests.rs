//! Authorization requests that wait for a person.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{flag, json, refuse_unless};
use crate::domain::id::OrganizationId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// Unknown, another browser's, expired, or decided already.
    pub const GONE: &str = "request_gone";
}

/// How a request is named: by its handle and the browser that began it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Of the handle.
    pub request: &'a Digest,
    /// Of the browser's cookie.
    pub browser: &'a Digest,
}

/// A request as it is kept: what the application asked for and was allowed to ask, and what the person chose since.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct StoredRequest {
    /// `None`: sign-in without an application.
    pub client_id: Option<String>,
    /// `code` or `token`.
    pub response_type: Option<String>,
    /// In normal form.
    pub redirect_uri: Option<String>,
    /// What is asked for.
    #[serde(deserialize_with = "json")]
    pub scopes: BTreeSet<String>,
    /// Byte for byte.
    pub state: Option<String>,
    /// PKCE.
    pub code_challenge: Option<String>,
    /// `plain` or `S256`.
    pub code_challenge_method: Option<String>,
    /// `redirect` or `button`.
    pub flow: String,
    /// `prompt=consent`.
    #[serde(deserialize_with = "flag")]
    pub prompt_consent: bool,
    /// Preselected, later chosen.
    pub organization_id: Option<OrganizationId>,
    /// Pre-fills the form.
    pub email_hint: Option<String>,
}

/// Keeps a request until `expires_at`.
pub fn insert(named: Named<'_>, request: &StoredRequest, now: Timestamp, expires_at: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO authorization_request (request_digest, browser_digest, client_id, response_type, redirect_uri, scopes,
  state, code_challenge, code_challenge_method, flow, prompt_consent, organization_id, email_hint, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )
    .bind(named.request)
    .bind(named.browser)
    .bind(request.client_id.as_deref())
    .bind(request.response_type.as_deref())
    .bind(request.redirect_uri.as_deref())
    .bind(serde_json::json!(request.scopes).to_string())
    .bind(request.state.as_deref())
    .bind(request.code_challenge.as_deref())
    .bind(request.code_challenge_method.as_deref())
    .bind(request.flow.as_str())
    .bind(request.prompt_consent)
    .bind(request.organization_id)
    .bind(request.email_hint.as_deref())
    .bind(now)
    .bind(expires_at)
}

macro_rules! open {
    () => {
        "request_digest = ?1 AND browser_digest = ?2 AND expires_at > ?3 AND decided_at IS NULL"
    };
}

fn bound(statement: Statement, named: Named<'_>, now: Timestamp) -> Statement {
    statement.bind(named.request).bind(named.browser).bind(now)
}

/// The request, if it still waits: one row or none.
pub fn find(named: Named<'_>, now: Timestamp) -> Statement {
    let sql = concat!(
        "SELECT client_id, response_type, redirect_uri, scopes, state, code_challenge, code_challenge_method,
  flow, prompt_consent, organization_id, email_hint
FROM authorization_request WHERE ",
        open!()
    );
    bound(Statement::new(sql), named, now)
}

/// Stops the batch unless the request still waits.
pub fn refuse_gone(named: Named<'_>, now: Timestamp) -> Statement {
    let condition = concat!("EXISTS (SELECT 1 FROM authorization_request WHERE ", open!(), ")");
    bound(refuse_unless(refusal::GONE, condition), named, now)
}

/// Notes in which sign-in the request goes on: that of a cookie.
pub fn continue_in(named: Named<'_>, cookie: &Digest, now: Timestamp) -> Statement {
    let sql = concat!(
        "UPDATE authorization_request SET session_id = (SELECT session_id FROM session WHERE cookie_digest = ?4) WHERE ",
        open!()
    );
    bound(Statement::new(sql), named, now).bind(cookie)
}

/// The person chose an organization, or wants to choose again.
pub fn choose(named: Named<'_>, organization: Option<OrganizationId>, now: Timestamp) -> Statement {
    let sql = concat!("UPDATE authorization_request SET organization_id = ?4 WHERE ", open!());
    bound(Statement::new(sql), named, now).bind(organization)
}

/// One decision only: what comes second finds nothing.
pub fn decide(named: Named<'_>, now: Timestamp) -> Statement {
    let sql = concat!("UPDATE authorization_request SET decided_at = ?3 WHERE ", open!());
    bound(Statement::new(sql), named, now)
}
