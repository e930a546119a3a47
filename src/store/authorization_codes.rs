//! Authorization codes: one is given once the person has agreed, and taken back once, for tokens.
//!
//! A row outlives the code: what was used stays for [`REPLAY_MEMORY`], so that a replay is noticed.

use std::time::Duration;

use serde::Deserialize;

use super::json_scopes;
use super::refresh_families::{Grant, NewFamily};
use super::scopes::list_held;
use super::second_factors::second_factor_due;
use crate::domain::id::{AccountId, FamilyId, OrganizationId};
use crate::domain::scope::ScopeList;
use crate::domain::time::Timestamp;
use crate::oauth::client::{Method, PresentedClient};
use crate::oauth::digest::Digest;
use crate::oauth::grants::authorization_code::AuthorizationCode;
use crate::oauth::pkce::{Challenge, Proof};
use crate::oauth::redirect_uri::RedirectUri;
use crate::ports::Statement;

/// How long after its use a code is still known.
pub const REPLAY_MEMORY: Duration = Duration::from_secs(3_600);

/// Inside a query with `client` and `organization_id`, `account_id` of `membership`: a product's own client may be used
/// only where the organization has the product and the member is not suspended from it. Every organization has Accounts.
macro_rules! product_usable {
    () => {
        "(client.product IS NULL OR client.product = 'Accounts' OR (
    EXISTS (SELECT 1 FROM organization_product AS enabled WHERE enabled.organization_id = membership.organization_id
      AND enabled.product = client.product AND enabled.state IN ('trial', 'active', 'past_due'))
    AND NOT EXISTS (SELECT 1 FROM product_suspension AS suspension
      WHERE suspension.organization_id = membership.organization_id AND suspension.account_id = membership.account_id
        AND suspension.product = client.product)))"
    };
}

/// What a page gives an application on a person's word: FROM and WHERE of an insertion that finds nothing unless client,
/// person, membership and page session are alive at that moment. Binds ?2 to ?6 by `Grant::bind`.
macro_rules! signed_in {
    () => {
        concat!(
            " FROM client
JOIN account ON account.account_id = ?3
JOIN membership ON membership.organization_id = ?4 AND membership.account_id = ?3 AND membership.suspended = 0
JOIN session ON session.session_id = ?5 AND session.account_id = ?3 AND session.account_epoch = account.token_epoch
  AND session.ended_at IS NULL AND session.mfa_pending = 0 AND session.idle_expires_at > ?6 AND session.expires_at > ?6
WHERE client.client_id = ?2 AND NOT ",
            crate::store::second_factors::second_factor_due!("membership", "?6"),
            " AND ",
            crate::store::authorization_codes::product_usable!()
        )
    };
}
pub(super) use {product_usable, signed_in};

impl Grant<'_> {
    /// The values of `signed_in!`, after the digest of what is given.
    pub(super) fn bind(&self, statement: Statement, now: Timestamp) -> Statement {
        statement.bind(self.client_id).bind(self.account).bind(self.organization).bind(self.session).bind(now)
    }
}

/// All that a code is bound to.
#[derive(Clone, Copy, Debug)]
pub struct NewCode<'a> {
    /// Key.
    pub digest: &'a Digest,
    /// To which application, for whom, in which sign-in, for what.
    pub grant: &'a Grant<'a>,
    /// Where it is sent. The token request must name the same.
    pub redirect_uri: &'a RedirectUri,
    /// What the token request must answer.
    pub challenge: Option<&'a Challenge>,
    /// End of its life.
    pub expires_at: Timestamp,
}

/// Keeps a code. Nothing is inserted unless client, page session and membership are alive at that moment.
pub fn insert(code: &NewCode<'_>, now: Timestamp) -> Statement {
    const SQL: &str = concat!(
        "INSERT INTO authorization_code (code_digest, client_id, redirect_uri, code_challenge, code_challenge_method,
  account_id, organization_id, session_id, scopes, account_epoch, membership_epoch, client_epoch, created_at, expires_at)
SELECT ?1, client.client_id, ?7, ?8, ?9, account.account_id, membership.organization_id, session.session_id,
  (SELECT json_group_array(value) FROM json_each(?10)), account.token_epoch, membership.token_epoch,
  client.token_epoch, ?6, ?11",
        signed_in!()
    );
    code.grant
        .bind(Statement::new(SQL).bind(code.digest), now)
        .bind(code.redirect_uri.as_visited())
        .bind(code.challenge.map(Challenge::digest))
        .bind(code.challenge.map(Challenge::method))
        .bind(serde_json::json!(code.grant.scopes).to_string())
        .bind(code.expires_at)
}

/// A code as a client presents it.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// Of the code.
    pub code: &'a Digest,
    /// Who presents it.
    pub client: &'a PresentedClient,
    /// Where it was sent, says the client.
    pub redirect_uri: &'a str,
    /// The answer to its challenge.
    pub proof: Option<&'a Proof>,
    /// When.
    pub now: Timestamp,
}

/// Inside a query of `authorization_code AS code` and `client`: presented by its own client with the right proof. Binds
/// ?1 to ?4 by [`Presented::bind`].
macro_rules! presented {
    () => {
        "code.code_digest = ?1 AND client.client_id = ?2 AND client.secret_digest IS ?3 AND NOT (client.strict AND ?4)"
    };
}

/// The code, if everything that it is bound to is alive and as it was.
macro_rules! live_code {
    () => {
        concat!(
            " FROM authorization_code AS code
JOIN client ON client.client_id = code.client_id AND client.token_epoch = code.client_epoch
JOIN account ON account.account_id = code.account_id AND account.token_epoch = code.account_epoch
JOIN membership ON membership.organization_id = code.organization_id AND membership.account_id = code.account_id
  AND membership.token_epoch = code.membership_epoch AND membership.suspended = 0
JOIN session ON session.session_id = code.session_id AND session.account_id = code.account_id
  AND session.account_epoch = account.token_epoch AND session.ended_at IS NULL AND session.mfa_pending = 0
WHERE ",
            product_usable!(),
            " AND "
        )
    };
}

impl Presented<'_> {
    fn bind(&self, statement: Statement) -> Statement {
        statement
            .bind(self.code)
            .bind(self.client.id.as_str())
            .bind(self.client.secret.as_ref().map(Digest::as_str))
            .bind(self.client.method == Method::Query)
    }
}

/// A code whose client, account, membership and session are alive, and what the member's roles give now.
#[derive(Debug, Deserialize)]
pub struct LiveCode {
    /// To which application it was given.
    pub client_id: String,
    /// Whose.
    pub account_id: AccountId,
    /// In which organization.
    pub organization_id: OrganizationId,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What its token request must answer.
    pub code_challenge: Option<String>,
    /// When it was exchanged.
    pub used_at: Option<Timestamp>,
    /// End of its life, or of the memory of it.
    pub expires_at: Timestamp,
    /// Scopes as granted.
    #[serde(deserialize_with = "json_scopes")]
    pub granted: ScopeList,
    /// Scopes that the member's roles give now.
    pub held: ScopeList,
}

impl LiveCode {
    /// What the grant decides on.
    pub fn facts(&self) -> AuthorizationCode<'_> {
        AuthorizationCode {
            client_id: &self.client_id,
            redirect_uri: &self.redirect_uri,
            challenge: self.code_challenge.as_deref(),
            used_at: self.used_at,
            expires_at: self.expires_at,
        }
    }
}

/// The code if all that it is bound to is alive, and its member needs no second factor first: one row or none.
pub fn find_live(code: &Digest, now: Timestamp) -> Statement {
    const SQL: &str = concat!(
        "SELECT code.client_id, code.account_id, code.organization_id, code.redirect_uri, code.code_challenge, code.used_at,
  code.expires_at, code.scopes AS granted, ",
        list_held!("code"),
        " AS held",
        live_code!(),
        "code.code_digest = ?1 AND NOT ",
        second_factor_due!("code", "?2")
    );
    Statement::new(SQL).bind(code).bind(now)
}

/// Begins the family of a code, if its own client presents it with the right proof, all that it is bound to is alive, and
/// it is unused and answered. The same conditions as `oauth::grants::authorization_code::decide`.
pub fn begin_family(family: &NewFamily, code: &Presented<'_>) -> Statement {
    const SQL: &str = concat!(
        "INSERT INTO refresh_family (family_id, account_id, organization_id, client_id, session_id, scopes,
  account_epoch, membership_epoch, client_epoch, created_at, expires_at)
SELECT ?9, code.account_id, code.organization_id, code.client_id, code.session_id, code.scopes,
  code.account_epoch, code.membership_epoch, code.client_epoch, ?5, ?10",
        live_code!(),
        presented!(),
        " AND NOT ",
        second_factor_due!("code", "?5"),
        " AND code.used_at IS NULL AND code.expires_at > ?5 AND code.redirect_uri = ?6
  AND CASE WHEN code.code_challenge IS NULL THEN ?7 IS NULL AND client.secret_digest IS NOT NULL
    WHEN length(code.code_challenge) = 43 THEN code.code_challenge = ?7 ELSE code.code_challenge = ?8 END"
    );
    code.bind(Statement::new(SQL))
        .bind(code.now)
        .bind(code.redirect_uri)
        .bind(code.proof.map(Proof::s256))
        .bind(code.proof.map(Proof::sdk))
        .bind(family.id)
        .bind(family.expires_at)
}

/// Marks a code as exchanged for a family, if the family is there.
pub fn mark_used(code: &Digest, family: FamilyId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE authorization_code SET used_at = ?3, family_id = ?2, expires_at = ?4
WHERE code_digest = ?1 AND EXISTS (SELECT 1 FROM refresh_family WHERE family_id = ?2)",
    )
    .bind(code)
    .bind(family)
    .bind(now)
    .bind(now.plus(REPLAY_MEMORY))
}

/// Ends the family of a code that its own client presents once more (RFC 6749 section 4.1.2).
pub fn revoke_replayed(code: &Presented<'_>) -> Statement {
    const SQL: &str = concat!(
        "UPDATE refresh_family SET revoked_at = ?5 WHERE revoked_at IS NULL AND family_id = (
  SELECT code.family_id FROM authorization_code AS code JOIN client ON client.client_id = code.client_id
  WHERE code.used_at IS NOT NULL AND ",
        presented!(),
        ")"
    );
    code.bind(Statement::new(SQL)).bind(code.now)
}

/// Removes what one client could still redeem for the caller's account in one organization. Reads the codes of the last
/// minute: those are all that live.
pub fn delete_of_member_and_client(
    caller: &Digest,
    organization: OrganizationId,
    client: &str,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "DELETE FROM authorization_code WHERE expires_at > ?4 AND used_at IS NULL AND client_id = ?3
  AND organization_id = ?2 AND account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(organization)
    .bind(client)
    .bind(now)
}
