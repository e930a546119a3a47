//! Sessions that live in a browser: begun by a sign-in, found by their cookies.

use serde::Deserialize;

use super::scopes::list_held;
use super::{caller_organization, json, json_scopes, refuse_unless};
use crate::domain::id::{AccountId, OrganizationId, SessionId};
use crate::domain::origin::Origin;
use crate::domain::scope::ScopeList;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::sessions::Expiry;

/// Names with which the guards below refuse.
pub mod refusal {
    /// Account or password are not what was verified a moment ago.
    pub const NOT_BEGUN: &str = "session_not_begun";
    /// The cookie's session is over.
    pub const OVER: &str = "session_over";
    /// The account is suspended wherever it belongs.
    pub const NOWHERE: &str = "session_nowhere";
}

/// The digests of the two cookies of a session (design, section 8).
#[derive(Clone, Copy, Debug)]
pub struct Cookies<'a> {
    /// Of the one for pages and forms.
    pub page: &'a Digest,
    /// Of the one that only an embedded page is answered for; `None` in the strict profile.
    pub embedded: Option<&'a Digest>,
}

/// What is known of an account when a session of it begins.
#[derive(Clone, Copy, Debug)]
pub struct Proven<'a> {
    /// Whose.
    pub account: AccountId,
    /// Its password's hash, which was verified.
    pub phc: &'a str,
    /// Whether it has a second factor: then the session is a half one (row M1, see [`super::half_sessions`]).
    pub mfa: bool,
}

/// Begins a session of an account whose password is still the one that was verified (row R8), and whose second factor is
/// there or not as it was then, unless [`renew`] gave these cookies to one just before.
pub fn begin(
    session: SessionId,
    proven: Proven<'_>,
    cookies: Cookies<'_>,
    origin: &Origin,
    now: Timestamp,
    expiry: Expiry,
) -> Statement {
    Statement::new(
        "INSERT INTO session (session_id, account_id, account_epoch, cookie_digest, embedded_digest, identity_source,
  user_agent, ip, authenticated_at, mfa_pending, created_at, seen_at, idle_expires_at, expires_at)
SELECT ?1, account.account_id, account.token_epoch, ?4, ?5, 'credentials', ?6, ?7, ?8, ?11, ?8, ?8, ?9, ?10
FROM password JOIN account ON account.account_id = password.account_id AND account.mfa = ?11
WHERE password.account_id = ?2 AND password.phc = ?3 AND NOT EXISTS (SELECT 1 FROM session WHERE cookie_digest = ?4)",
    )
    .bind(session)
    .bind(proven.account)
    .bind(proven.phc)
    .bind(cookies.page)
    .bind(cookies.embedded)
    .bind(origin.user_agent.as_str())
    .bind(origin.ip.as_str())
    .bind(now)
    .bind(expiry.idle)
    .bind(expiry.absolute)
    .bind(proven.mfa)
}

/// The session of these cookies proves the person once more: same session, new cookies, old ones dead (row A19).
/// Nothing happens unless it is a live one of this account, whose password is still `phc`. A password is not enough for an
/// account with a second factor.
pub fn renew(
    cookie: &Digest,
    account: AccountId,
    phc: &str,
    cookies: Cookies<'_>,
    now: Timestamp,
    expiry: Expiry,
) -> Statement {
    Statement::new(
        "UPDATE session SET cookie_digest = ?4, embedded_digest = ?5, authenticated_at = ?6, seen_at = ?6,
  idle_expires_at = ?7, expires_at = ?8
WHERE cookie_digest = ?1 AND account_id = ?2 AND mfa_pending = 0 AND ended_at IS NULL AND idle_expires_at > ?6
  AND expires_at > ?6
  AND account_epoch = (SELECT account.token_epoch FROM account JOIN password USING (account_id)
    WHERE account.account_id = ?2 AND account.mfa = 0 AND password.phc = ?3)",
    )
    .bind(cookie)
    .bind(account)
    .bind(phc)
    .bind(cookies.page)
    .bind(cookies.embedded)
    .bind(now)
    .bind(expiry.idle)
    .bind(expiry.absolute)
}

/// The session's cookies change with what its pages may do (row A19); the old ones open nothing.
pub fn replace_cookies(cookie: &Digest, cookies: Cookies<'_>) -> Statement {
    Statement::new("UPDATE session SET cookie_digest = ?2, embedded_digest = ?3 WHERE cookie_digest = ?1")
        .bind(cookie)
        .bind(cookies.page)
        .bind(cookies.embedded)
}

/// The session of a cookie outlives the end of all sessions of its account, with new cookies (row A19): its person has
/// just proved a factor; as a proof of the second one the password does not count. After the account's epoch moved, so that
/// no token of the session outlives it too.
pub fn survive(cookie: &Digest, cookies: Cookies<'_>, now: Timestamp, expiry: Expiry) -> Statement {
    Statement::new(
        "UPDATE session SET cookie_digest = ?2, embedded_digest = ?3, seen_at = ?4,
  authenticated_at = iif((SELECT mfa FROM account WHERE account.account_id = session.account_id), authenticated_at, ?4),
  idle_expires_at = ?5, expires_at = ?6,
  account_epoch = (SELECT token_epoch FROM account WHERE account.account_id = session.account_id)
WHERE cookie_digest = ?1 AND ended_at IS NULL",
    )
    .bind(cookie)
    .bind(cookies.page)
    .bind(cookies.embedded)
    .bind(now)
    .bind(expiry.idle)
    .bind(expiry.absolute)
}

/// The browser leaves a session to sign in as somebody else: its cookies open nothing, its tokens live on.
pub fn detach(cookie: &Digest) -> Statement {
    Statement::new("UPDATE session SET cookie_digest = NULL, embedded_digest = NULL WHERE cookie_digest = ?1")
        .bind(cookie)
}

/// Stops the batch unless the session of a cookie that [`begin`] or [`renew`] was to give is there.
pub fn refuse_not_begun(cookie: &Digest) -> Statement {
    refuse_unless(refusal::NOT_BEGUN, "EXISTS (SELECT 1 FROM session WHERE cookie_digest = ?1)").bind(cookie)
}

/// The pages of a member's sessions act in the caller's organization no more, whatever becomes of the membership later.
pub fn leave_organization(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(concat!(
        "DELETE FROM session_organization WHERE (organization_id, account_id) = (",
        caller_organization!(),
        ", ?2)"
    ))
    .bind(caller)
    .bind(account)
}

/// Stops the batch unless [`act_in`] found an organization.
pub fn refuse_nowhere(cookie: &Digest) -> Statement {
    let somewhere =
        "EXISTS (SELECT 1 FROM session JOIN session_organization USING (session_id) WHERE cookie_digest = ?1)";
    refuse_unless(refusal::NOWHERE, somewhere).bind(cookie)
}

/// Ends the session of a cookie, and with it every token that was given in it.
pub fn end(cookie: &Digest, now: Timestamp) -> Statement {
    Statement::new("UPDATE session SET ended_at = ?2 WHERE cookie_digest = ?1 AND ended_at IS NULL")
        .bind(cookie)
        .bind(now)
}

/// Ends the oldest browser sessions of an account, so that at most `kept` are left. Those whose second step is missing do
/// not count, or who knows the password alone could end the others.
pub fn end_oldest(account: AccountId, kept: u64, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET ended_at = ?2 WHERE session_id IN (
  SELECT session_id FROM session WHERE account_id = ?1 AND ended_at IS NULL AND cookie_digest IS NOT NULL
    AND mfa_pending = 0 AND idle_expires_at > ?2 AND expires_at > ?2
  ORDER BY created_at DESC, session_id DESC LIMIT -1 OFFSET ?3)",
    )
    .bind(account)
    .bind(now)
    .bind(kept)
}

/// The pages of a session act in this organization from now on, if the session's account is a member that is not
/// suspended; `None`: the one that the person chose last, else the default one, else the oldest.
pub fn act_in(cookie: &Digest, organization: Option<OrganizationId>) -> Statement {
    Statement::new(
        "INSERT INTO session_organization (session_id, organization_id, account_id)
SELECT session.session_id, membership.organization_id, membership.account_id
FROM session JOIN account ON account.account_id = session.account_id
JOIN membership ON membership.account_id = session.account_id AND membership.suspended = 0
  AND membership.organization_id = coalesce(?2, membership.organization_id)
WHERE session.cookie_digest = ?1
ORDER BY membership.chosen_at DESC NULLS LAST, membership.organization_id IS account.default_organization_id DESC,
  membership.organization_id
LIMIT 1
ON CONFLICT (session_id) DO UPDATE SET organization_id = excluded.organization_id",
    )
    .bind(cookie)
    .bind(organization)
}

/// Who is signed in.
#[derive(Clone, Debug, Deserialize)]
pub struct PersonRow {
    /// The sign-in.
    pub session_id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// May be empty.
    pub name: String,
    /// As the person wrote it.
    pub email: String,
    /// Where the account began.
    pub default_organization_id: Option<OrganizationId>,
    /// Which product the person wants to be led to.
    pub default_product: Option<String>,
    /// In which organization the session's pages act.
    pub organization_id: Option<OrganizationId>,
}

/// Which of a session's cookies is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The one for pages and forms.
    Page,
    /// The one for embedded pages.
    Embedded,
}

macro_rules! select_person {
    ($cookie:literal) => {
        concat!(
            "SELECT session.session_id, account.account_id, account.name, account.email, account.default_organization_id,
  account.default_product, session_organization.organization_id
FROM session JOIN account ON account.account_id = session.account_id AND account.token_epoch = session.account_epoch
LEFT JOIN session_organization ON session_organization.session_id = session.session_id
WHERE session.",
            $cookie,
            " = ?1 AND session.ended_at IS NULL AND session.mfa_pending = 0
  AND session.idle_expires_at > ?2 AND session.expires_at > ?2"
        )
    };
}

/// The person behind a cookie: one row, or none when the session is over.
pub fn find_person(cookie: &Digest, door: Door, now: Timestamp) -> Statement {
    Statement::new(match door {
        Door::Page => select_person!("cookie_digest"),
        Door::Embedded => select_person!("embedded_digest"),
    })
    .bind(cookie)
    .bind(now)
}

/// The session is being used: its idle end moves.
pub fn note_use(session: SessionId, now: Timestamp, idle_expires_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET seen_at = ?2, idle_expires_at = min(expires_at, ?3) WHERE session_id = ?1 AND ended_at IS NULL",
    )
    .bind(session)
    .bind(now)
    .bind(idle_expires_at)
}

/// Stops the batch unless this session is alive.
pub fn refuse_over(session: SessionId, now: Timestamp) -> Statement {
    refuse_unless(
        refusal::OVER,
        "EXISTS (SELECT 1 FROM session JOIN account ON account.account_id = session.account_id
    AND account.token_epoch = session.account_epoch
  WHERE session.session_id = ?1 AND session.ended_at IS NULL AND session.mfa_pending = 0
    AND session.idle_expires_at > ?2 AND session.expires_at > ?2)",
    )
    .bind(session)
    .bind(now)
}

/// One membership of the person behind a cookie, with what a sign-in decides on.
#[derive(Clone, Debug, Deserialize)]
pub struct MembershipRow {
    /// Where.
    pub organization_id: OrganizationId,
    /// May be empty; pages then show the id.
    pub name: String,
    /// When the person last chose it.
    pub chosen_at: Option<Timestamp>,
    /// What the organization has, in the catalogue's order.
    #[serde(deserialize_with = "json")]
    pub products: Vec<ProductOfMember>,
    /// Scopes that the member's roles give now.
    pub held: ScopeList,
    /// Scopes that the member allowed the application before.
    #[serde(deserialize_with = "json_scopes")]
    pub consented: ScopeList,
    /// Whether the organization demands a second factor by now that the account has not.
    #[serde(deserialize_with = "super::flag")]
    pub second_factor_due: bool,
}

/// One product of an organization, as a member sees it.
#[derive(Clone, Debug, Deserialize)]
pub struct ProductOfMember {
    /// Name in the catalogue.
    pub product: String,
    /// Of its subscription.
    pub state: String,
    /// Where it is started.
    pub launch_url: Option<String>,
    /// Whether the member has a role in it.
    #[serde(deserialize_with = "super::flag")]
    pub role: bool,
    /// Whether the member is suspended from it.
    #[serde(deserialize_with = "super::flag")]
    pub suspended: bool,
}

macro_rules! select_memberships {
    ($cookie:literal) => {
        concat!(
            "SELECT membership.organization_id, organization.name, membership.chosen_at,
  (SELECT json_group_array(json_object('product', product, 'state', state, 'launch_url', launch_url, 'role', role,
     'suspended', suspended)) FROM (
     SELECT product.product, organization_product.state, product.launch_url,
       EXISTS (SELECT 1 FROM membership_role WHERE membership_role.organization_id = membership.organization_id
         AND membership_role.account_id = membership.account_id AND membership_role.product = product.product) AS role,
       EXISTS (SELECT 1 FROM product_suspension WHERE product_suspension.organization_id = membership.organization_id
         AND product_suspension.account_id = membership.account_id
         AND product_suspension.product = product.product) AS suspended
     FROM organization_product JOIN product ON product.product = organization_product.product
     WHERE organization_product.organization_id = membership.organization_id ORDER BY product.position)) AS products, ",
            list_held!("membership"),
            " AS held,
  coalesce((SELECT scopes FROM consent WHERE consent.organization_id = membership.organization_id
     AND consent.account_id = membership.account_id AND consent.client_id = ?2), '[]') AS consented,
  ",
            crate::store::second_factors::second_factor_due!("membership", "?3"),
            " AS second_factor_due
FROM session JOIN membership ON membership.account_id = session.account_id AND membership.suspended = 0
JOIN organization ON organization.organization_id = membership.organization_id
WHERE session.",
            $cookie,
            " = ?1 ORDER BY membership.organization_id"
        )
    };
}

/// Every membership of the person behind a cookie that is not suspended, the oldest first; consents are those for
/// `client`.
pub fn memberships(cookie: &Digest, door: Door, client: Option<&str>, now: Timestamp) -> Statement {
    Statement::new(match door {
        Door::Page => select_memberships!("cookie_digest"),
        Door::Embedded => select_memberships!("embedded_digest"),
    })
    .bind(cookie)
    .bind(client)
    .bind(now)
}
