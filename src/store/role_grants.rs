//! Giving roles to a member and taking them: the question of `authz::granting`, then the writes.
//!
//! Every statement takes the caller as `?1`, the member as `?2` (`NULL` is the caller) and the [`items`] as `?3`, and
//! resolves them anew, so that all of a batch see the same roles.

use serde::Serialize;

use super::catalogue::OWNER_ROLE;
use super::role_scopes;
use crate::authz::granting::{ALL_INVITATIONS, ALL_PRODUCTS_FROM, ALL_ROLES, PRODUCT_INVITATIONS, PRODUCT_ROLES};
use crate::domain::id::{AccountId, InvitationId, RoleId};
use crate::domain::role::{Act, RoleChanges, RoleReference};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::{Statement, Value};

/// Names with which [`check`] refuses. Those marked (paths) are followed by the paths of the fields concerned.
pub mod refusal {
    /// No such role in the catalogue or the caller's organization (paths).
    pub const UNKNOWN: &str = "role_unknown";
    /// The owner's role is asked for.
    pub const OWNER_SET: &str = "role_owner_set";
    /// The owner would lose the role.
    pub const OWNER_DEMOTED: &str = "role_owner_demoted";
    /// Rule 3: a role that the caller may not give or take.
    pub const ABOVE: &str = "role_above";
    /// Rule 4: a custom role with a scope that the caller does not hold.
    pub const SCOPE_ABOVE: &str = "role_scope_above";
    /// The organization does not have the role's product (paths).
    pub const PRODUCT: &str = "role_product_not_enabled";
    /// The primary role would be removed (paths).
    pub const PRIMARY_REMOVED: &str = "role_primary_removed";
    /// Two changes of one role, or two roles of a kind of which a member has one (paths).
    pub const CONTRADICTION: &str = "role_contradiction";
}

#[derive(Serialize)]
struct Item {
    at: String,
    act: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<RoleId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
}

/// The changes as the JSON array that the statements below read, and the audit log keeps.
pub fn items(changes: &RoleChanges) -> String {
    let items: Vec<Item> = changes
        .items()
        .map(|(at, act, reference)| {
            let act = match act {
                Act::Set => "set",
                Act::Delete => "delete",
            };
            match reference.into_owned() {
                RoleReference::Id(id) => Item { at, act, role_id: Some(id), product: None, role: None },
                RoleReference::Name { product, role } => {
                    Item { at, act, role_id: None, product: Some(product), role: Some(role) }
                }
            }
        })
        .collect();
    serde_json::json!(items).to_string()
}

/// An item names its product, or the invitation whose product it is.
macro_rules! product_of_item {
    () => {
        "coalesce(item.value ->> 'product', (SELECT invitation.product FROM invitation
           WHERE invitation.invitation_id = item.value ->> 'invitation'))"
    };
}

/// `wanted`: the items with their roles, all NULL where there is none. `held`: the member's roles. `leaving`: those of
/// them that the items remove or replace.
macro_rules! with_wanted {
    ($rest:expr) => {
        concat!(
            "WITH caller AS MATERIALIZED (
  SELECT organization_id, account_id, scopes FROM live_caller WHERE token_digest = ?1
),
wanted AS MATERIALIZED (
  SELECT item.value ->> 'at' AS at, item.value ->> 'act' AS act, role.role_id, role.product, role.type, role.rank
  FROM caller CROSS JOIN json_each(?3) AS item
  LEFT JOIN role ON role.role_id = coalesce(item.value ->> 'role_id',
      (SELECT named.role_id FROM role AS named WHERE named.organization_id IS NULL
         AND named.product = ",
            product_of_item!(),
            " AND named.role = item.value ->> 'role'),
      (SELECT named.role_id FROM role AS named WHERE named.organization_id = caller.organization_id
         AND named.product = ",
            product_of_item!(),
            " AND named.role = item.value ->> 'role'))
    AND coalesce(role.organization_id, caller.organization_id) = caller.organization_id
),
held AS MATERIALIZED (
  SELECT role.role_id, role.product, role.type, role.rank FROM caller
  CROSS JOIN membership_role ON membership_role.organization_id = caller.organization_id
    AND membership_role.account_id = coalesce(?2, caller.account_id)
  JOIN role ON role.role_id = membership_role.role_id
),
leaving AS MATERIALIZED (
  SELECT * FROM held WHERE EXISTS (SELECT 1 FROM wanted
    WHERE wanted.act = 'delete' AND wanted.role_id = held.role_id
      OR wanted.act = 'set' AND wanted.role_id <> held.role_id AND wanted.type = held.type
        AND (held.type = 'primary' OR held.type = 'secondary' AND wanted.product = held.product))
)",
            $rest
        )
    };
}

/// One case of the verdict: refuses with the paths of the items that the condition holds for.
macro_rules! refuse_at {
    ($name:literal, $condition:literal) => {
        concat!(
            "WHEN EXISTS (SELECT 1 FROM wanted WHERE ",
            $condition,
            ")
    THEN json_extract('{}', 'refuse:",
            $name,
            " ' || (SELECT group_concat(at, ' ') FROM wanted WHERE ",
            $condition,
            "))
  "
        )
    };
}

/// Stops the batch unless the caller may make these changes. Whether the member exists, and ranks above the caller, is
/// asked by `memberships`.
pub fn check(caller: &Digest, account: Option<AccountId>, changes: &RoleChanges) -> Statement {
    check_for(caller, account.into(), items(changes), ALL_ROLES, &PRODUCT_ROLES)
}

/// As [`check`], for an account that does not exist yet and holds nothing.
pub fn check_for_new(caller: &Digest, changes: &RoleChanges) -> Statement {
    check_for(caller, "nobody".into(), items(changes), ALL_ROLES, &PRODUCT_ROLES)
}

/// For what an invitation offers a role.
#[derive(Clone, Copy, Debug)]
pub enum Offered<'a> {
    /// An invitation that is being written, for this product.
    New {
        /// Of the catalogue.
        product: &'a str,
    },
    /// One that waits, for its product.
    Waiting(InvitationId),
}

/// As [`check`], for a role that an invitation offers to who has none in the product: with the scopes of invitations (rule
/// 5). The path in a refusal is `role`.
pub fn check_for_invited(caller: &Digest, offered: Offered<'_>, role: &str) -> Statement {
    let item = match offered {
        Offered::New { product } => serde_json::json!([{"at": "role", "act": "set", "product": product, "role": role}]),
        Offered::Waiting(id) => serde_json::json!([{"at": "role", "act": "set", "invitation": id, "role": role}]),
    };
    check_for(caller, "nobody".into(), item.to_string(), ALL_INVITATIONS, &PRODUCT_INVITATIONS)
}

fn check_for(caller: &Digest, account: Value, items: String, all: &str, products: &[(&str, &str)]) -> Statement {
    Statement::new(CHECK)
        .bind(caller)
        .bind(account)
        .bind(items)
        .bind(role_scopes::widenings())
        .bind(OWNER_ROLE)
        .bind(all)
        .bind(serde_json::json!(products).to_string())
        .bind(i64::from(ALL_PRODUCTS_FROM as u8))
}

const CHECK: &str = with_wanted!(concat!(
    ",
caller_held AS MATERIALIZED (
  SELECT role.product, role.type, role.rank FROM caller
  CROSS JOIN membership_role ON membership_role.organization_id = caller.organization_id
    AND membership_role.account_id = caller.account_id
  JOIN role ON role.role_id = membership_role.role_id
),
caller_scope AS MATERIALIZED (
  SELECT held_scope.scope FROM caller CROSS JOIN held_scope
    ON held_scope.organization_id = caller.organization_id AND held_scope.account_id = caller.account_id
),
effective AS MATERIALIZED (
  SELECT granted.value AS scope FROM caller CROSS JOIN json_each(caller.scopes) AS granted
  WHERE granted.value IN (SELECT scope FROM caller_scope)
),
own AS MATERIALIZED (SELECT coalesce(max(rank), 0) AS rank FROM caller_held WHERE type = 'primary'),
touched AS MATERIALIZED (
  SELECT product, rank FROM wanted WHERE act = 'set' UNION SELECT product, rank FROM leaving
)
SELECT CASE
  ",
    refuse_at!("role_unknown", "role_id IS NULL"),
    "WHEN EXISTS (SELECT 1 FROM wanted WHERE act = 'set' AND role_id = ?5)
    THEN json_extract('{}', 'refuse:role_owner_set')
  WHEN EXISTS (SELECT 1 FROM leaving WHERE role_id = ?5) THEN json_extract('{}', 'refuse:role_owner_demoted')
  WHEN EXISTS (SELECT 1 FROM touched, own WHERE NOT (
      EXISTS (SELECT 1 FROM effective WHERE scope = ?6)
        AND touched.rank <= own.rank AND (touched.product = 'Accounts' OR ?8 <= own.rank)
      OR EXISTS (SELECT 1 FROM json_each(?7) AS pair JOIN effective ON effective.scope = pair.value ->> 1
           WHERE pair.value ->> 0 = touched.product)
        AND touched.rank <= max(iif(?8 <= own.rank, own.rank, 0),
          coalesce((SELECT max(rank) FROM caller_held WHERE caller_held.product = touched.product), 0))))
    THEN json_extract('{}', 'refuse:role_above')
  WHEN EXISTS (SELECT 1 FROM wanted JOIN role_scope ON role_scope.role_id = wanted.role_id
      WHERE wanted.act = 'set' AND wanted.type = 'custom' AND NOT ",
    role_scopes::caller_holds!("role_scope.scope", "?4"),
    ") THEN json_extract('{}', 'refuse:role_scope_above')
  ",
    refuse_at!(
        "role_product_not_enabled",
        "wanted.product <> 'Accounts' AND NOT EXISTS (SELECT 1 FROM caller CROSS JOIN organization_product
      ON organization_product.organization_id = caller.organization_id
        AND organization_product.product = wanted.product)"
    ),
    refuse_at!(
        "role_contradiction",
        "EXISTS (SELECT 1 FROM wanted AS other WHERE other.at <> wanted.at AND (other.role_id = wanted.role_id
      OR other.act = 'set' AND wanted.act = 'set' AND other.type = wanted.type
        AND (wanted.type = 'primary' OR wanted.type = 'secondary' AND other.product = wanted.product)))"
    ),
    refuse_at!(
        "role_primary_removed",
        "act = 'delete' AND type = 'primary' AND role_id IN (SELECT role_id FROM held)
      AND NOT EXISTS (SELECT 1 FROM wanted AS other WHERE other.act = 'set' AND other.type = 'primary')"
    ),
    "END AS verdict"
));

/// Marks the membership as changed if the items change anything. First of the writes, so that an audit row that is
/// written only if this changed a row tells of roles as they were.
pub fn touch(caller: &Digest, account: Option<AccountId>, changes: &RoleChanges, now: Timestamp) -> Statement {
    Statement::new(with_wanted!(
        "UPDATE membership SET updated_at = ?4
WHERE (organization_id, account_id) = (SELECT caller.organization_id, coalesce(?2, caller.account_id) FROM caller)
  AND (EXISTS (SELECT 1 FROM leaving)
    OR EXISTS (SELECT 1 FROM wanted WHERE act = 'set' AND role_id NOT IN (SELECT role_id FROM held)))"
    ))
    .bind(caller)
    .bind(account)
    .bind(items(changes))
    .bind(now)
}

/// Takes the roles that the items remove or replace.
pub fn take(caller: &Digest, account: Option<AccountId>, changes: &RoleChanges) -> Statement {
    Statement::new(with_wanted!(
        "DELETE FROM membership_role
WHERE (organization_id, account_id) = (SELECT caller.organization_id, coalesce(?2, caller.account_id) FROM caller)
  AND role_id IN (SELECT role_id FROM leaving)"
    ))
    .bind(caller)
    .bind(account)
    .bind(items(changes))
}

/// Gives the roles that the items set. After [`take`].
pub fn give(caller: &Digest, account: Option<AccountId>, changes: &RoleChanges, now: Timestamp) -> Statement {
    Statement::new(with_wanted!(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT membership.organization_id, membership.account_id, wanted.role_id, wanted.product, wanted.type, ?4
FROM caller CROSS JOIN membership ON membership.organization_id = caller.organization_id
  AND membership.account_id = coalesce(?2, caller.account_id)
JOIN wanted ON wanted.act = 'set'
WHERE TRUE ON CONFLICT (organization_id, account_id, role_id) DO NOTHING"
    ))
    .bind(caller)
    .bind(account)
    .bind(items(changes))
    .bind(now)
}

/// SQL of a member's roles as of now, for an audit row that is written before the change.
pub const HELD_BEFORE: &str = "(SELECT json_object('roles', json_group_array(role_id)) FROM membership_role
  WHERE membership_role.organization_id = audit_log.organization_id
    AND membership_role.account_id = audit_log.target_id)";
