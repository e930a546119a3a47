//! Who may give and take which role. `store::role_grants` asks it in SQL; this is the rule in words.
//!
//! 1. The owner's role moves by transfer only: nobody sets it, and its holder is not demoted.
//! 2. Nobody changes a member whose primary role ranks above their own.
//! 3. A role is given or taken (replacing one takes it) either with [`ALL_ROLES`], up to the rank of one's own primary
//!    role, and outside product Accounts only from [`Rank::Administrator`] on; or with the scope that
//!    [`PRODUCT_ROLES`] names for its product, up to one's own rank in that product, where an administrator of the
//!    organization ranks at least as administrator.
//! 4. A role of type `custom`, predefined or not, is given only by who holds everything that its scopes allow.
//! 5. An invitation or a request for access gives a role by the same rules, with [`ALL_INVITATIONS`] and
//!    [`PRODUCT_INVITATIONS`] in the place of the scopes of roles; and only who ranks as administrator of the organization
//!    or of the product decides about one.
//!
//! A scope counts when it is effective: granted to the token and given by the caller's roles now.

use super::policy::Rank;

/// Gives and takes roles of every product.
pub const ALL_ROLES: &str = "accounts.roles--all:rw";

/// Scopes that give and take the roles of one product. Like [`ALL_ROLES`] each is the widest of its resource, so that
/// no other scope includes it.
pub const PRODUCT_ROLES: [(&str, &str); 2] =
    [("LiveChat", "accounts.roles.lc--all:rw"), ("HelpDesk", "accounts.roles.hd--all:rw")];

/// From this rank on, [`ALL_ROLES`] reaches beyond product Accounts.
pub const ALL_PRODUCTS_FROM: Rank = Rank::Administrator;

/// Decides about invitations and requests for every product. The widest of its resource, like [`ALL_ROLES`].
pub const ALL_INVITATIONS: &str = "accounts.invitations--all:rw";

/// Scopes that decide about invitations and requests for one product.
pub const PRODUCT_INVITATIONS: [(&str, &str); 2] =
    [("LiveChat", "accounts.invitations.lc--all:rw"), ("HelpDesk", "accounts.invitations.hd--all:rw")];

/// From this rank on, in the organization or in the product, somebody decides about invitations.
pub const DECIDES_FROM: Rank = Rank::Administrator;
