//! What a merge would do, as of now.

use serde::Deserialize;

use super::names::renamed_roles;
use super::refusal;
use crate::authz::policy::Rank;
use crate::domain::id::{AccountId, MergeId, OrganizationId, RoleId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::catalogue::{ADMINISTRATOR_ROLE, OWNER_ROLE};
use crate::store::{flag, json, refuse_unless};

/// Most entries of each list; the numbers beside them count all.
pub const LONGEST_LIST: i64 = 100;

/// What would happen.
#[derive(Debug, Deserialize)]
pub struct Preview {
    /// Changes with whatever else is told here.
    pub version: String,
    /// Of the one that stays; may be empty.
    pub organization_name: String,
    /// Of the source; may be empty.
    pub source_name: String,
    /// From when on members need a second factor.
    pub mfa_required_at: Option<Timestamp>,
    /// How many people.
    #[serde(deserialize_with = "json")]
    pub accounts: AccountNumbers,
    /// Who; `None` for who does not administer the source.
    #[serde(deserialize_with = "json")]
    pub people: Option<Vec<PersonMoved>>,
    /// Every product that either has, in the catalogue's order.
    #[serde(deserialize_with = "json")]
    pub products: Vec<ProductOutcome>,
    /// How many of the source's own roles move.
    pub role_count: i64,
    /// The first of them, by name.
    #[serde(deserialize_with = "json")]
    pub roles: Vec<RoleMoved>,
    /// How many of the source's applications move.
    pub client_count: i64,
    /// The first of them.
    #[serde(deserialize_with = "json")]
    pub clients: Vec<ClientMoved>,
    /// The source's domains.
    #[serde(deserialize_with = "json")]
    pub domains: Vec<DomainOutcome>,
    /// How many personal tokens end.
    pub personal_tokens: i64,
    /// How many open invitations and requests for access end.
    pub invitations: i64,
}

/// The source's members, counted.
#[derive(Debug, Deserialize)]
pub struct AccountNumbers {
    /// All of them.
    pub total: i64,
    /// Those who do not belong yet.
    pub joining: i64,
    /// Those of them whom the source suspended, and who stay so.
    pub suspended: i64,
    /// Those of them who administer the organization from then on, and the source's owner.
    pub administrators: i64,
    /// Those of them who have no second factor.
    pub without_second_factor: i64,
}

/// One member of the source.
#[derive(Debug, Deserialize)]
pub struct PersonMoved {
    /// Key.
    pub account_id: AccountId,
    /// May be empty.
    pub name: String,
    /// As the person wrote it.
    pub email: String,
    /// The primary role afterwards.
    pub role: String,
    /// The other roles that they come to hold, by the names of before.
    pub gains: Vec<RoleGained>,
    /// Whether they do not belong yet.
    #[serde(deserialize_with = "flag")]
    pub joins: bool,
    /// Whether the source suspended them.
    #[serde(deserialize_with = "flag")]
    pub suspended: bool,
}

/// A secondary or custom role.
#[derive(Debug, Deserialize)]
pub struct RoleGained {
    /// Of which product.
    pub product: String,
    /// Its name.
    pub role: String,
}

/// What becomes of a product.
#[derive(Debug, Deserialize)]
pub struct ProductOutcome {
    /// Its name in the catalogue.
    pub product: String,
    /// Whose instance stays; `None` where both have it and nothing was said.
    pub kept_from: Option<OrganizationId>,
    /// Whose instance ends.
    pub ends_in: Option<OrganizationId>,
    /// Of the subscription that stays.
    pub state: Option<String>,
}

/// A role of the source's own.
#[derive(Debug, Deserialize)]
pub struct RoleMoved {
    /// Key, before and after.
    pub role_id: RoleId,
    /// Of which product.
    pub product: String,
    /// What it is called now.
    pub role: String,
    /// What it will be called, if its name is taken.
    pub renamed_to: Option<String>,
    /// What it allows.
    pub scope: Option<String>,
}

/// An application of the source.
#[derive(Debug, Deserialize)]
pub struct ClientMoved {
    /// Key, before and after.
    pub client_id: String,
    /// As it was registered.
    pub name: String,
}

/// A domain of the source.
#[derive(Debug, Deserialize)]
pub struct DomainOutcome {
    /// Lower-case ASCII form.
    pub domain: String,
    /// Whether it moves; otherwise it ends.
    #[serde(deserialize_with = "flag")]
    pub moves: bool,
}

/// A text that changes with everything that a preview tells of `merge`, and is the same while nothing does.
macro_rules! version {
    () => {
        "(SELECT updated_at || '.' || coalesce(mfa_required_at, '') FROM organization
    WHERE organization.organization_id = merge.organization_id)
  || '.' || (SELECT updated_at FROM organization
    WHERE organization.organization_id = merge.source_organization_id)
  || '.' || (SELECT count(*) || '.' || max(theirs.updated_at) || '.' || count(mine.account_id) || '.'
      || coalesce(max(mine.updated_at), '') FROM membership AS theirs
    LEFT JOIN membership AS mine ON mine.organization_id = merge.organization_id
      AND mine.account_id = theirs.account_id
    WHERE theirs.organization_id = merge.source_organization_id)
  || '.' || (SELECT count(*) || '.' || coalesce(max(role.updated_at), '') FROM role
    WHERE role.organization_id IN (merge.organization_id, merge.source_organization_id))
  || '.' || (SELECT count(*) || '.' || coalesce(max(client.updated_at), '') FROM client
    WHERE client.organization_id = merge.source_organization_id)
  || '.' || (SELECT count(*) || '.' || count(proven_at) FROM organization_domain
    WHERE organization_domain.organization_id = merge.source_organization_id)
  || '.' || (SELECT count(*) || '.' || coalesce(max(product_suspension.created_at), '') FROM product_suspension
    WHERE product_suspension.organization_id = merge.source_organization_id)
  || '.' || (SELECT coalesce(group_concat(had, '-'), '') FROM (
    SELECT product.position || substr('as', 1 + (instance.organization_id <> merge.organization_id), 1)
      || substr(instance.state, 1, 2) AS had
    FROM product CROSS JOIN organization_product AS instance
      ON instance.organization_id IN (merge.organization_id, merge.source_organization_id)
      AND instance.product = product.product
    ORDER BY product.position, instance.organization_id))"
    };
}

/// Only while [`Preview::version`] is still `version`; `None` takes whatever is.
pub fn refuse_changed(merge: MergeId, version: Option<&str>) -> Statement {
    const SAME: &str = concat!(
        "?2 IS NULL OR ?2 = (SELECT ",
        version!(),
        " FROM organization_merge AS merge WHERE merge.merge_id = ?1)"
    );
    refuse_unless(refusal::CHANGED, SAME).bind(merge).bind(version)
}

/// The preview, in one row; none once the source has ended. People are named to who administers the source.
pub fn find(caller: &Digest, merge: MergeId) -> Statement {
    Statement::new(PREVIEW)
        .bind(merge)
        .bind(caller)
        .bind(LONGEST_LIST)
        .bind(OWNER_ROLE)
        .bind(ADMINISTRATOR_ROLE)
        .bind(i64::from(Rank::Administrator as u8))
}

/// `people`: every member of the source, with the primary role that they will have; `rises`: who did not have it before.
macro_rules! people {
    () => {
        "people AS MATERIALIZED (
  SELECT account.account_id, account.name, account.email, account.mfa, theirs.suspended, mine.account_id IS NULL AS joins,
    later.role, later.rank, coalesce(held.role_id, '') <> later.role_id AS rises
  FROM organization_merge AS merge
  CROSS JOIN membership AS theirs ON theirs.organization_id = merge.source_organization_id
  CROSS JOIN account ON account.account_id = theirs.account_id
  CROSS JOIN membership_role AS brought ON brought.organization_id = theirs.organization_id
    AND brought.account_id = theirs.account_id AND brought.type = 'primary'
  LEFT JOIN membership AS mine ON mine.organization_id = merge.organization_id
    AND mine.account_id = theirs.account_id
  LEFT JOIN membership_role AS held ON held.organization_id = merge.organization_id
    AND held.account_id = theirs.account_id AND held.type = 'primary'
  LEFT JOIN role AS later ON later.role_id = CASE
    WHEN brought.role_id <> ?4 THEN coalesce(held.role_id, brought.role_id)
    WHEN held.role_id = ?4 THEN held.role_id
    ELSE ?5 END
  WHERE merge.merge_id = ?1
),
administers AS MATERIALIZED (
  SELECT 1 FROM live_caller AS caller CROSS JOIN organization_merge AS merge ON merge.merge_id = ?1
  CROSS JOIN membership ON membership.organization_id = merge.source_organization_id
    AND membership.account_id = caller.account_id AND membership.suspended = 0
  CROSS JOIN membership_role AS held ON held.organization_id = membership.organization_id
    AND held.account_id = membership.account_id AND held.type = 'primary'
  CROSS JOIN role ON role.role_id = held.role_id
  WHERE caller.token_digest = ?2 AND role.rank >= ?6
)"
    };
}

macro_rules! accounts {
    () => {
        "(SELECT json_object('total', count(*), 'joining', total(joins) | 0,
    'suspended', total(joins AND suspended) | 0, 'administrators', total(rises AND rank >= ?6) | 0,
    'without_second_factor', total(joins AND NOT mfa) | 0) FROM people) AS accounts,
  iif(EXISTS (SELECT 1 FROM administers), (SELECT json_group_array(json_object('account_id', account_id, 'name', name,
    'email', email, 'role', role, 'joins', joins, 'suspended', suspended, 'gains', (
      SELECT json_group_array(json_object('product', gained.product, 'role', gained.role)) FROM (
        SELECT role.product, role.role FROM membership_role AS brought
        CROSS JOIN role ON role.role_id = brought.role_id
        LEFT JOIN membership_role AS mine ON mine.organization_id = merge.organization_id
          AND mine.account_id = listed.account_id AND (mine.role_id = brought.role_id
            OR mine.type = 'secondary' AND brought.type = 'secondary' AND mine.product = brought.product)
        LEFT JOIN role AS held ON held.role_id = mine.role_id
        WHERE brought.organization_id = merge.source_organization_id AND brought.account_id = listed.account_id
          AND brought.type <> 'primary' AND (listed.joins OR NOT listed.suspended)
          AND (mine.role_id IS NULL OR brought.type = 'secondary' AND role.rank > held.rank)
        ORDER BY role.product, role.role) AS gained)))
    FROM (SELECT * FROM people ORDER BY account_id LIMIT ?3) AS listed), 'null') AS people"
    };
}

macro_rules! products {
    () => {
        "(SELECT json_group_array(json_object('product', product, 'kept_from', kept_from,
      'ends_in', iif(own_state IS NULL OR source_state IS NULL, NULL, CASE kept_from
        WHEN organization_id THEN source_organization_id WHEN source_organization_id THEN organization_id END),
      'state', CASE kept_from WHEN organization_id THEN own_state WHEN source_organization_id THEN source_state END))
    FROM (SELECT product.product, merge.organization_id, merge.source_organization_id, own.state AS own_state,
        theirs.state AS source_state, CASE WHEN theirs.state IS NULL THEN merge.organization_id
          WHEN own.state IS NULL THEN merge.source_organization_id
          ELSE (SELECT kept.value FROM json_each(merge.keep) AS kept WHERE kept.key = product.product) END AS kept_from
      FROM product
      LEFT JOIN organization_product AS own ON own.organization_id = merge.organization_id
        AND own.product = product.product
      LEFT JOIN organization_product AS theirs ON theirs.organization_id = merge.source_organization_id
        AND theirs.product = product.product
      WHERE own.state IS NOT NULL OR theirs.state IS NOT NULL ORDER BY product.position)) AS products"
    };
}

macro_rules! roles {
    () => {
        "(SELECT count(*) FROM role WHERE role.organization_id = merge.source_organization_id) AS role_count,
  (SELECT json_group_array(json_object('role_id', role_id, 'product', product, 'role', role,
      'renamed_to', (SELECT renamed.name FROM renamed WHERE renamed.role_id = listed.role_id),
      'scope', (SELECT group_concat(scope) FROM (SELECT scope FROM role_scope
        WHERE role_scope.role_id = listed.role_id ORDER BY scope))))
    FROM (SELECT role.role_id, role.product, role.role FROM role
      WHERE role.organization_id = merge.source_organization_id ORDER BY role.product, role.role LIMIT ?3) AS listed)
    AS roles"
    };
}

macro_rules! belongings {
    () => {
        "(SELECT count(*) FROM client WHERE client.organization_id = merge.source_organization_id) AS client_count,
  (SELECT json_group_array(json_object('client_id', client_id, 'name', name)) FROM (
    SELECT client.client_id, client.name FROM client WHERE client.organization_id = merge.source_organization_id
    ORDER BY client.client_id LIMIT ?3)) AS clients,
  (SELECT json_group_array(json_object('domain', domain, 'moves', moves)) FROM (
    SELECT theirs.domain, theirs.proven_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM organization_domain AS own
        WHERE own.organization_id = merge.organization_id AND own.domain = theirs.domain
          AND own.proven_at IS NOT NULL) AS moves
    FROM organization_domain AS theirs WHERE theirs.organization_id = merge.source_organization_id
    ORDER BY theirs.domain LIMIT ?3)) AS domains,
  (SELECT count(*) FROM personal_token WHERE personal_token.organization_id = merge.source_organization_id)
    AS personal_tokens,
  (SELECT count(*) FROM invitation WHERE invitation.organization_id = merge.source_organization_id
    AND invitation.state IN ('pending', 'approved')) AS invitations"
    };
}

const PREVIEW: &str = concat!(
    "WITH RECURSIVE ",
    renamed_roles!(),
    ",
",
    people!(),
    "
SELECT ",
    version!(),
    " AS version,
  mine.name AS organization_name, source.name AS source_name, mine.mfa_required_at,
  ",
    accounts!(),
    ",
  ",
    products!(),
    ",
  ",
    roles!(),
    ",
  ",
    belongings!(),
    "
FROM organization_merge AS merge
JOIN organization AS mine ON mine.organization_id = merge.organization_id
JOIN organization AS source ON source.organization_id = merge.source_organization_id
WHERE merge.merge_id = ?1"
);
