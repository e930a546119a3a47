//! The panel: whose rule opens each of its screens, and what its pages offer to whom.
//!
//! Nothing here lets anybody in. A screen is read, and a form is done, under the rule of its own operation in
//! [`super::policy`]; this repeats that table so that a page shows no way that leads to a refusal.

use super::operation::Operation;
use super::policy::{self, Scopes};

/// A screen. It shows what one operation of the API answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The members.
    People,
    /// One of them.
    Person,
    /// Who was invited, and members who ask for access.
    Invitations,
    /// What the organization has of the catalogue.
    Products,
    /// The catalogue's roles and the organization's own.
    Roles,
    /// One of them.
    Role,
    /// The clients.
    Applications,
    /// One of them.
    Application,
    /// The domains by whose addresses people may join.
    Domains,
    /// The merges in which the organization takes part.
    Merges,
    /// One of them.
    Merge,
    /// What the organization is called and how it is reached.
    Organization,
    /// What happened.
    AuditLog,
}

impl Screen {
    /// Those that the navigation leads to, in its order.
    pub const SECTIONS: [Self; 7] = [
        Self::People,
        Self::Invitations,
        Self::Products,
        Self::Roles,
        Self::Applications,
        Self::Organization,
        Self::AuditLog,
    ];

    /// The operation whose rule opens it.
    pub const fn operation(self) -> Operation {
        match self {
            Self::People => Operation::ListAccounts,
            Self::Person => Operation::GetAccount,
            Self::Invitations => Operation::ListInvitations,
            Self::Products => Operation::ListProducts,
            Self::Roles => Operation::ListRoles,
            Self::Role => Operation::GetRole,
            Self::Applications => Operation::ListClients,
            Self::Application => Operation::GetClient,
            Self::Domains => Operation::ListDomains,
            Self::Merges => Operation::ListMerges,
            Self::Merge => Operation::GetMerge,
            Self::Organization => Operation::GetOrganization,
            Self::AuditLog => Operation::ListAuditLog,
        }
    }

    /// The entry of the navigation that it stands below.
    #[must_use]
    pub const fn section(self) -> Self {
        match self {
            Self::Person => Self::People,
            Self::Role => Self::Roles,
            Self::Application => Self::Applications,
            Self::Domains | Self::Merges | Self::Merge => Self::Organization,
            other => other,
        }
    }
}

/// What pages offer to a person. Every answer is the policy table's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is the answer about an operation of its own")]
pub struct Offers {
    /// Entries of the navigation.
    pub sections: Vec<Screen>,
    /// To set roles of members.
    pub set_roles: bool,
    /// To suspend members.
    pub suspend: bool,
    /// To take members out.
    pub remove: bool,
    /// To set passwords of members.
    pub set_password: bool,
    /// To invite.
    pub invite: bool,
    /// To decide about invitations and requests.
    pub decide: bool,
    /// To give the organization away.
    pub transfer: bool,
    /// To enable and disable products.
    pub change_products: bool,
    /// To make, change and delete custom roles.
    pub change_roles: bool,
    /// To change the organization's details.
    pub change_organization: bool,
    /// To demand a second factor of every member.
    pub demand_second_factor: bool,
    /// To end it.
    pub delete_organization: bool,
    /// To see and change its domains.
    pub domains: bool,
    /// To merge it with another.
    pub merge: bool,
}

impl Offers {
    /// For somebody whose primary role has this rank; `may` tells whether a scope is effective.
    pub fn to(rank: i64, may: impl Fn(&str) -> bool) -> Self {
        let admits = |operation: Operation| admits(operation, rank, &may);
        Self {
            sections: Screen::SECTIONS.into_iter().filter(|screen| admits(screen.operation())).collect(),
            set_roles: admits(Operation::SetAccountRoles),
            suspend: admits(Operation::SetSuspension),
            remove: admits(Operation::DeleteAccount),
            // Its scope is everybody's; another's password is an administrator's matter.
            set_password: admits(Operation::SetPassword) && admits(Operation::SetSuspension),
            invite: admits(Operation::CreateInvitation),
            decide: admits(Operation::ApproveInvitation) && admits(Operation::DeclineInvitation),
            transfer: admits(Operation::TransferOwnership),
            change_products: admits(Operation::EnableProduct) && admits(Operation::DisableProduct),
            change_roles: admits(Operation::CreateRole),
            change_organization: admits(Operation::UpdateOrganization),
            demand_second_factor: admits(Operation::RequireSecondFactor),
            delete_organization: admits(Operation::DeleteOrganization),
            domains: [Operation::ListDomains, Operation::AddDomain, Operation::ProveDomain, Operation::DeleteDomain]
                .into_iter()
                .all(admits),
            merge: admits(Operation::ListMerges) && admits(Operation::RequestMerge),
        }
    }
}

/// Whether the rule would let in the page session of such a member, about somebody else.
fn admits(operation: Operation, rank: i64, may: &impl Fn(&str) -> bool) -> bool {
    let rule = policy::rule(operation);
    let scoped = match rule.scopes {
        Scopes::None | Scopes::OfApplications(_) => true,
        Scopes::AnyOf(scopes) | Scopes::ByTarget { others: scopes, .. } => scopes.iter().any(|scope| may(scope)),
    };
    scoped && rank >= i64::from(rule.rank as u8)
}

#[cfg(test)]
mod tests {
    use super::{Offers, Screen};
    use crate::domain::scope;

    fn to(rank: i64, held: &[&str]) -> Offers {
        Offers::to(rank, |wanted| held.iter().any(|have| scope::includes(have, wanted)))
    }

    #[test]
    fn z1_a_page_offers_what_the_policy_allows() {
        let member = to(10, &["accounts--all:rc", "accounts--my:rw", "accounts.roles--all:ro"]);
        let seen = [Screen::People, Screen::Products, Screen::Roles, Screen::Organization];
        assert_eq!(member.sections, seen);
        assert!(!(member.set_roles || member.suspend || member.remove || member.set_password || member.transfer));
        assert!(!(member.change_products || member.change_roles || member.change_organization));
        assert!(!(member.delete_organization || member.demand_second_factor || member.domains || member.merge));

        let held = [
            "accounts--all:rw",
            "accounts.roles--all:rw",
            "accounts.password--my:rw",
            "accounts.invitations--all:rw",
            "organization--my:rw",
        ];
        let administrator = to(20, &held);
        assert_eq!(administrator.sections, Screen::SECTIONS);
        assert!(administrator.set_roles && administrator.suspend && administrator.remove && administrator.set_password);
        assert!(
            administrator.invite && administrator.decide && administrator.change_products && administrator.change_roles
        );
        assert!(administrator.domains);
        assert!(!(administrator.transfer || administrator.change_organization), "the owner's alone");
        assert!(!(administrator.delete_organization || administrator.merge), "the owner's alone");
        let owner = to(30, &held);
        assert!(owner.transfer && owner.change_organization && owner.delete_organization && owner.merge);

        let nobody = to(10, &[]);
        assert_eq!(nobody.sections, [Screen::Products, Screen::Organization]);
        assert!(to(10, &held).sections.iter().all(|screen| *screen != Screen::Applications), "by rank, too");
    }
}
