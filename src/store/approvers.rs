//! Who decides about invitations and requests for access, product by product: rule 5 of `authz::granting`.

use super::outbox::{DEFAULT_LOCALE, invitation_parameters};
use super::refuse_unless;
use crate::authz::granting::{ALL_INVITATIONS, DECIDES_FROM, PRODUCT_INVITATIONS};
use crate::domain::id::{InvitationId, OutboxId};
use crate::domain::scope;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Most people to whom one invitation or request is told: those of the highest rank.
const MOST_TOLD: i64 = 100;

/// What somebody wants to do about invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To see them.
    See,
    /// To approve and decline them.
    Decide,
}

impl Reach {
    /// For each product, empty for all of them, every scope that suffices: JSON for the statements.
    pub(super) fn scopes(self) -> String {
        let needed = |scope: &str| match self {
            Self::Decide => scope::satisfying(scope),
            Self::See => scope::satisfying(&scope.replace(":rw", ":ro")),
        };
        let of_products = PRODUCT_INVITATIONS.map(|(product, scope)| (product, needed(scope)));
        let pairs: Vec<_> = [("", needed(ALL_INVITATIONS))].into_iter().chain(of_products).collect();
        serde_json::json!(pairs).to_string()
    }
}

/// `reach (product)`: the products whose invitations the caller reaches, empty for all. Parameters: `?1` the caller, `?2`
/// `Reach::scopes`, `?3` [`least_rank`].
macro_rules! with_reach {
    ($($rest:expr),+) => {
        concat!(
            "WITH caller AS MATERIALIZED (
  SELECT organization_id, account_id, scopes FROM live_caller WHERE token_digest = ?1
),
reach AS MATERIALIZED (
  SELECT pair.value ->> 0 AS product FROM caller CROSS JOIN json_each(?2) AS pair
  WHERE EXISTS (SELECT 1 FROM json_each(caller.scopes) AS granted
      WHERE granted.value IN (SELECT enough.value FROM json_each(pair.value -> 1) AS enough))
    AND EXISTS (SELECT 1 FROM held_scope WHERE held_scope.organization_id = caller.organization_id
      AND held_scope.account_id = caller.account_id
      AND held_scope.scope IN (SELECT enough.value FROM json_each(pair.value -> 1) AS enough))
    AND ?3 <= (SELECT max(role.rank) FROM membership_role AS held JOIN role ON role.role_id = held.role_id
      WHERE held.organization_id = caller.organization_id AND held.account_id = caller.account_id
        AND (held.type = 'primary' OR held.product = pair.value ->> 0))
)
",
            $($rest),+
        )
    };
}
pub(super) use with_reach;

/// The rank from which on somebody decides.
pub(super) fn least_rank() -> i64 {
    i64::from(DECIDES_FROM as u8)
}

fn refuse(caller: &Digest, reach: Reach, name: &str, condition: &str) -> Statement {
    refuse_unless(name, condition).bind(caller).bind(reach.scopes()).bind(least_rank())
}

/// Stops the batch as `name` unless the caller reaches the invitations of some product.
pub fn refuse_nowhere(caller: &Digest, reach: Reach, name: &str) -> Statement {
    refuse(caller, reach, name, concat!("(", with_reach!("SELECT EXISTS (SELECT 1 FROM reach)"), ")"))
}

/// Stops the batch as `name` unless the caller decides about invitations to `product`.
pub fn refuse_beyond_product(caller: &Digest, product: &str, name: &str) -> Statement {
    const CONDITION: &str =
        concat!("(", with_reach!("SELECT EXISTS (SELECT 1 FROM reach WHERE product IN ('', ?4))"), ")");
    refuse(caller, Reach::Decide, name, CONDITION).bind(product)
}

/// As [`refuse_beyond_product`], but only where the organization lets nobody else invite (`invitation_mode`).
pub fn refuse_by_mode(caller: &Digest, product: &str, name: &str) -> Statement {
    const CONDITION: &str = concat!(
        "(",
        with_reach!(
            "SELECT EXISTS (SELECT 1 FROM reach WHERE product IN ('', ?4)) OR EXISTS (
  SELECT 1 FROM caller CROSS JOIN organization ON organization.organization_id = caller.organization_id
  WHERE organization.invitation_mode = 'lax')"
        ),
        ")"
    );
    refuse(caller, Reach::Decide, name, CONDITION).bind(product)
}

/// As [`refuse_beyond_product`], for the product of an invitation.
pub fn refuse_beyond(caller: &Digest, invitation: InvitationId, name: &str) -> Statement {
    const CONDITION: &str = concat!(
        "(",
        with_reach!(
            "SELECT EXISTS (SELECT 1 FROM invitation CROSS JOIN reach ON reach.product IN ('', invitation.product)
  WHERE invitation.invitation_id = ?4)"
        ),
        ")"
    );
    refuse(caller, Reach::Decide, name, CONDITION).bind(invitation)
}

/// A mail to everybody who decides about an invitation or request that waits, at most 100 people; nothing if it
/// does not wait. Each row's id is `id` with its last digits counted up.
pub fn tell(id: OutboxId, template: &'static str, invitation: InvitationId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at, next_attempt_at)
WITH waiting AS MATERIALIZED (
  SELECT * FROM invitation WHERE invitation_id = ?3 AND state = 'pending'
),
enough AS MATERIALIZED (
  SELECT scope.value AS scope, pair.value ->> 0 AS product
  FROM waiting CROSS JOIN json_each(?5) AS pair CROSS JOIN json_each(pair.value -> 1) AS scope
  WHERE pair.value ->> 0 IN ('', waiting.product)
),
giving AS MATERIALIZED ( -- roles with such a scope: the catalogue's and the organization's own
  SELECT role.role_id FROM product CROSS JOIN role ON role.organization_id IS NULL AND role.product = product.product
  WHERE EXISTS (SELECT 1 FROM enough CROSS JOIN role_scope ON role_scope.role_id = role.role_id
    AND role_scope.scope = enough.scope)
  UNION ALL
  SELECT role.role_id FROM waiting CROSS JOIN role ON role.organization_id = waiting.organization_id
  WHERE EXISTS (SELECT 1 FROM enough CROSS JOIN role_scope ON role_scope.role_id = role.role_id
    AND role_scope.scope = enough.scope)
),
deciding AS MATERIALIZED (
  SELECT DISTINCT membership.organization_id, membership.account_id
  FROM waiting CROSS JOIN giving CROSS JOIN membership_role AS gives ON gives.role_id = giving.role_id
    AND gives.organization_id = waiting.organization_id
  CROSS JOIN membership ON membership.organization_id = gives.organization_id
    AND membership.account_id = gives.account_id AND membership.suspended = 0
  WHERE EXISTS (SELECT 1 FROM enough CROSS JOIN held_scope
      ON held_scope.organization_id = membership.organization_id AND held_scope.account_id = membership.account_id
        AND held_scope.scope = enough.scope
    WHERE ?6 <= (SELECT max(role.rank) FROM membership_role AS held JOIN role ON role.role_id = held.role_id
      WHERE held.organization_id = membership.organization_id AND held.account_id = membership.account_id
        AND (held.type = 'primary' OR held.product = enough.product)))
),
told AS MATERIALIZED (
  SELECT deciding.account_id FROM deciding
  CROSS JOIN membership_role AS first ON first.organization_id = deciding.organization_id
    AND first.account_id = deciding.account_id AND first.type = 'primary'
  JOIN role ON role.role_id = first.role_id
  ORDER BY role.rank DESC, deciding.account_id LIMIT ?7
)
SELECT substr(?1, 1, 28) || printf('%08x', row_number() OVER (ORDER BY told.account_id)), ?2,
  coalesce(account.locale, ?8), 'account', account.account_id, ",
        invitation_parameters!(),
        ", ?4, ?4
FROM told CROSS JOIN account ON account.account_id = told.account_id CROSS JOIN waiting AS invitation"
    ))
    .bind(id)
    .bind(template)
    .bind(invitation)
    .bind(now)
    .bind(Reach::Decide.scopes())
    .bind(least_rank())
    .bind(MOST_TOLD)
    .bind(DEFAULT_LOCALE)
}
