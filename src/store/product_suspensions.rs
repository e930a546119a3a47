//! Members who are suspended from one product. Suspension from product Accounts is the membership's own.

use super::caller_organization;
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Suspends a member of the caller's organization from a product; a row is changed only if it was otherwise.
pub fn insert_for_caller(caller: &Digest, account: Option<AccountId>, product: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO product_suspension (organization_id, account_id, product, created_at)
SELECT organization_id, ?2, ?3, ?4 FROM live_caller WHERE token_digest = ?1
ON CONFLICT (organization_id, account_id, product) DO NOTHING",
    )
    .bind(caller)
    .bind(account)
    .bind(product)
    .bind(now)
}

/// Ends a suspension.
pub fn delete_for_caller(caller: &Digest, account: Option<AccountId>, product: &str) -> Statement {
    Statement::new(concat!(
        "DELETE FROM product_suspension WHERE (organization_id, account_id, product) = (",
        caller_organization!(),
        ", ?2, ?3)"
    ))
    .bind(caller)
    .bind(account)
    .bind(product)
}

/// Ends what the product's own client was given for the member in the caller's organization: refresh tokens, then
/// access tokens.
pub fn end_tokens_for_caller(
    caller: &Digest,
    account: Option<AccountId>,
    product: &str,
    now: Timestamp,
) -> [Statement; 2] {
    // A member has far fewer tokens than the client of a product: `+` keeps its index out.
    let families = Statement::new(concat!(
        "UPDATE refresh_family SET revoked_at = ?4 WHERE organization_id = ",
        caller_organization!(),
        " AND account_id = ?2 AND +client_id = (SELECT client_id FROM client WHERE product = ?3) AND revoked_at IS NULL"
    ));
    let tokens = Statement::new(concat!(
        "DELETE FROM access_token WHERE organization_id = ",
        caller_organization!(),
        " AND account_id = ?2 AND +client_id = (SELECT client_id FROM client WHERE product = ?3)"
    ));
    let bound = |statement: Statement| statement.bind(caller).bind(account).bind(product);
    [bound(families).bind(now), bound(tokens)]
}
