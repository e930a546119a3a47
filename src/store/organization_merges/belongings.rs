//! What becomes of everything else that the source has. Every statement takes the merge as `?1`.

use super::names::with_renamed;
use crate::domain::id::MergeId;
use crate::domain::time::Timestamp;
use crate::ports::Statement;
use crate::store::catalogue::OWNER_ROLE;
use crate::store::role_scopes;

macro_rules! stays {
    () => {
        "(SELECT organization_id FROM organization_merge WHERE merge_id = ?1)"
    };
}
macro_rules! ends {
    () => {
        "(SELECT source_organization_id FROM organization_merge WHERE merge_id = ?1)"
    };
}

/// The source's own roles whose names are taken get new ones. Before [`move_roles`].
pub fn rename_roles(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(with_renamed!(
        "UPDATE role SET role = renamed.name, updated_at = ?2 FROM renamed WHERE role.role_id = renamed.role_id"
    ))
    .bind(merge)
    .bind(now)
}

/// The source's own roles become this organization's, with their ids, scopes and holders.
pub fn move_roles(merge: MergeId) -> Statement {
    Statement::new(concat!("UPDATE role SET organization_id = ", stays!(), " WHERE organization_id = ", ends!()))
        .bind(merge)
}

/// Condition: both have the product of `mine`, and the source's instance is the one that stays.
macro_rules! replaced {
    () => {
        "FROM organization_merge AS merge CROSS JOIN json_each(merge.keep) AS kept
  CROSS JOIN organization_product AS mine ON mine.organization_id = merge.organization_id AND mine.product = kept.key
  CROSS JOIN organization_product AS theirs ON theirs.organization_id = merge.source_organization_id
    AND theirs.product = kept.key
  WHERE merge.merge_id = ?1 AND kept.value = merge.source_organization_id"
    };
}

/// Where the source's instance of a product takes the place of the organization's, the tokens of the product's client
/// end: refresh tokens, then access tokens. Before [`move_products`].
pub fn end_tokens_of_replaced_products(merge: MergeId, now: Timestamp) -> [Statement; 2] {
    // The organization's tokens, not those of the client everywhere: `+` keeps its index out.
    let families = Statement::new(concat!(
        "UPDATE refresh_family SET revoked_at = ?2 WHERE organization_id = ",
        stays!(),
        " AND +client_id IN (SELECT client.client_id FROM client WHERE client.product IN (SELECT mine.product ",
        replaced!(),
        ")) AND revoked_at IS NULL"
    ));
    let tokens = Statement::new(concat!(
        "DELETE FROM access_token WHERE organization_id = ",
        stays!(),
        " AND +client_id IN (SELECT client.client_id FROM client WHERE client.product IN (SELECT mine.product ",
        replaced!(),
        "))"
    ));
    [families.bind(merge).bind(now), tokens.bind(merge)]
}

/// The source's instances of products that stay become this organization's: first in the place of its own, then beside.
pub fn move_products(merge: MergeId) -> [Statement; 2] {
    let replace = Statement::new(concat!(
        "UPDATE organization_product SET state = instance.state, created_at = instance.created_at
FROM (SELECT mine.organization_id, mine.product, theirs.state, theirs.created_at ",
        replaced!(),
        ") AS instance
WHERE organization_product.organization_id = instance.organization_id
  AND organization_product.product = instance.product"
    ));
    let add = Statement::new(
        "INSERT INTO organization_product (organization_id, product, state, created_at)
SELECT merge.organization_id, theirs.product, theirs.state, theirs.created_at FROM organization_merge AS merge
CROSS JOIN organization_product AS theirs ON theirs.organization_id = merge.source_organization_id
WHERE merge.merge_id = ?1 ON CONFLICT (organization_id, product) DO NOTHING",
    );
    [replace.bind(merge), add.bind(merge)]
}

/// Unless one person owns both, the source's applications lose the scopes that only an owner has: they were registered
/// by another owner than the one who would lend these now. Before [`move_clients`].
pub fn narrow_clients(merge: MergeId) -> Statement {
    Statement::new(concat!(
        "WITH caller_scope AS MATERIALIZED (
  SELECT role_scope.scope FROM product
  CROSS JOIN role ON role.product = product.product AND role.organization_id IS NULL AND role.role_id <> ?3
  CROSS JOIN role_scope ON role_scope.role_id = role.role_id
)
DELETE FROM client_scope
WHERE client_id IN (SELECT client.client_id FROM client WHERE client.organization_id = ",
        ends!(),
        ") AND NOT ",
        role_scopes::caller_holds!("client_scope.scope", "?2"),
        " AND (SELECT count(DISTINCT owner.account_id) FROM membership_role AS owner
    WHERE owner.role_id = ?3 AND owner.organization_id IN (",
        stays!(),
        ", ",
        ends!(),
        ")) > 1"
    ))
    .bind(merge)
    .bind(role_scopes::widenings())
    .bind(OWNER_ROLE)
}

/// The source's applications become this organization's, with their ids, secrets and redirect URIs.
pub fn move_clients(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE client SET updated_at = ?2, organization_id = ",
        stays!(),
        " WHERE organization_id = ",
        ends!()
    ))
    .bind(merge)
    .bind(now)
}

/// The source's proven domains become this organization's, in the place of the same domain without a proof. Those that
/// nobody proved end.
pub fn move_domains(merge: MergeId) -> [Statement; 2] {
    let make_room = Statement::new(concat!(
        "DELETE FROM organization_domain WHERE organization_id = ",
        stays!(),
        " AND proven_at IS NULL AND domain IN (SELECT theirs.domain FROM organization_domain AS theirs
  WHERE theirs.organization_id = ",
        ends!(),
        " AND theirs.proven_at IS NOT NULL)"
    ));
    let take = Statement::new(concat!(
        "UPDATE organization_domain SET organization_id = ",
        stays!(),
        " WHERE organization_id = ",
        ends!(),
        " AND proven_at IS NOT NULL AND domain NOT IN (SELECT mine.domain FROM organization_domain AS mine
  WHERE mine.organization_id = ",
        stays!(),
        ")"
    ));
    [make_room.bind(merge), take.bind(merge)]
}

/// What the operator has ordered for members of the source is told to the administrators here.
pub fn move_operator_commands(merge: MergeId) -> Statement {
    Statement::new(concat!(
        "UPDATE operator_command SET organization_id = ",
        stays!(),
        " WHERE organization_id = ",
        ends!()
    ))
    .bind(merge)
}

/// What was merged into the source belongs to this organization's history now.
pub fn move_history(merge: MergeId) -> Statement {
    Statement::new(concat!(
        "UPDATE organization_merge SET organization_id = ",
        stays!(),
        " WHERE organization_id = ",
        ends!(),
        " AND state = 'done'"
    ))
    .bind(merge)
}

/// The source ends, and with it whatever was not moved before: every token, personal token, consent, code and invitation
/// of it. The caller's own token among them: nothing for the caller after this.
pub fn end_source(merge: MergeId) -> Statement {
    Statement::new(concat!("DELETE FROM organization WHERE organization_id = ", ends!())).bind(merge)
}
