//! What the rules know of organizations: no ids of rows, no SQL. Written from `ARCHITECTURE.md` and `docs/api`.

use std::collections::{BTreeMap, BTreeSet};

pub type Person = usize;
pub type Org = usize;

/// Products with their secondary roles, the highest first; product Accounts has the primary ones.
pub const PRODUCTS: [(&str, &[(&str, i64)]); 3] = [
    ("LiveChat", &[("administrator", 20), ("normal", 10)]),
    ("HelpDesk", &[("administrator", 20), ("normal", 10), ("viewer", 5)]),
    ("ChatBot", &[("administrator", 20), ("editor", 10)]),
];

/// Scopes that the model's own roles can have.
pub const SCOPES: [&str; 8] = [
    "accounts--my:ro",
    "accounts--all:rw",
    "accounts.roles--all:rw",
    "accounts.invitations--all:rw",
    "organization--my:rw",
    "billing_manage",
    "ledger_read",
    "agents--all:ro",
];

const MEMBER: &[&str] =
    &["accounts--my:rw", "accounts--all:rc", "accounts.roles--all:ro", "accounts.invitations--my:rw"];
const ADMINISTRATOR: &[&str] = &[
    "accounts--all:rw",
    "accounts.roles--all:rw",
    "accounts.roles.lc--all:rw",
    "accounts.roles.hd--all:rw",
    "accounts.invitations--all:rw",
    "accounts.invitations.lc--all:rw",
    "accounts.invitations.hd--all:rw",
    "organization--my:rw",
];
const BILLING: &[&str] = &["billing--all:rw", "billing_manage", "ledger_read"];

/// A role that somebody can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Catalogue(&'static str, &'static str),
    Own(usize),
}

pub const OWNER: Role = Role::Catalogue("Accounts", "owner");
pub const ADMIN: Role = Role::Catalogue("Accounts", "administrator");
pub const PLAIN: Role = Role::Catalogue("Accounts", "member");
pub const BILLING_EDITOR: Role = Role::Catalogue("Accounts", "billing_editor");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Primary,
    Secondary,
    Custom,
}

#[derive(Clone, Debug)]
pub struct OwnRole {
    pub product: &'static str,
    pub name: String,
    pub scopes: BTreeSet<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Member {
    /// Tells this membership from an earlier one of the same person.
    pub since: usize,
    /// Moves when every credential of the membership ends.
    pub epoch: usize,
    pub suspended: bool,
    pub suspended_from: BTreeSet<&'static str>,
    pub roles: BTreeSet<Role>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    Pending,
    Approved,
    Accepted,
    Declined,
}

#[derive(Clone, Debug)]
pub struct Invitation {
    pub person: Person,
    pub request: bool,
    pub product: &'static str,
    pub state: Waiting,
    pub role: Option<Role>,
}

#[derive(Clone, Debug, Default)]
pub struct Organization {
    pub strict: bool,
    pub products: BTreeSet<&'static str>,
    pub own: BTreeMap<usize, OwnRole>,
    pub members: BTreeMap<Person, Member>,
    pub invitations: BTreeMap<usize, Invitation>,
}

#[derive(Clone, Debug)]
pub struct Merge {
    pub stays: Org,
    pub ends: Org,
    /// Who asked: the person and which of their accounts.
    pub by: (Person, usize),
    pub state: &'static str,
    pub keep: BTreeMap<&'static str, Org>,
}

#[derive(Clone, Debug, Default)]
pub struct Model {
    pub accounts: BTreeMap<Person, usize>,
    pub orgs: BTreeMap<Org, Organization>,
    pub merges: BTreeMap<usize, Merge>,
    pub next: usize,
}

/// Whether who has the one scope may do what the other allows: `rw` over `rc` over `ro`, `all` over `my`.
pub fn includes(have: &str, want: &str) -> bool {
    let parts = |scope: &str| {
        let (target, permission) = scope.rsplit_once(':')?;
        let (resource, access) = target.rsplit_once("--")?;
        let permission = ["ro", "rc", "rw"].iter().position(|known| *known == permission)?;
        Some((resource.to_owned(), access == "all", permission))
    };
    match (parts(have), parts(want)) {
        (Some((resource, all, permission)), Some((wanted, wanted_all, wanted_permission))) => {
            resource == wanted && all >= wanted_all && permission >= wanted_permission
        }
        _ => have == want,
    }
}

/// Whether who has all these scopes may do what the one allows.
pub fn any_includes(have: &BTreeSet<&'static str>, want: &str) -> bool {
    have.iter().any(|have| includes(have, want))
}

impl Organization {
    pub fn product(&self, role: Role) -> &'static str {
        match role {
            Role::Catalogue(product, _) => product,
            Role::Own(key) => self.own[&key].product,
        }
    }

    pub fn kind(&self, role: Role) -> Kind {
        match role {
            OWNER | ADMIN | PLAIN => Kind::Primary,
            BILLING_EDITOR | Role::Own(_) => Kind::Custom,
            Role::Catalogue(..) => Kind::Secondary,
        }
    }

    pub fn rank_of(&self, role: Role) -> i64 {
        match role {
            OWNER => 30,
            ADMIN => 20,
            PLAIN | BILLING_EDITOR => 10,
            Role::Own(_) => 0,
            Role::Catalogue(product, name) => {
                let roles = PRODUCTS.iter().find(|(known, _)| *known == product).expect("a product").1;
                roles.iter().find(|(known, _)| *known == name).expect("a role").1
            }
        }
    }

    pub fn scopes_of(&self, role: Role) -> BTreeSet<&'static str> {
        match role {
            OWNER => [ADMINISTRATOR, BILLING, &["billing_admin"]].concat().into_iter().collect(),
            ADMIN => ADMINISTRATOR.iter().copied().collect(),
            PLAIN => MEMBER.iter().copied().collect(),
            BILLING_EDITOR => BILLING.iter().copied().collect(),
            Role::Catalogue("LiveChat", "administrator") => {
                ["accounts.roles.lc--all:rw", "accounts.invitations.lc--all:rw", "agents--all:rw"].into()
            }
            Role::Catalogue("LiveChat", "normal") => ["agents--all:ro"].into(),
            Role::Catalogue("HelpDesk", "administrator") => {
                ["accounts.roles.hd--all:rw", "accounts.invitations.hd--all:rw"].into()
            }
            Role::Catalogue(..) => BTreeSet::new(),
            Role::Own(key) => self.own[&key].scopes.clone(),
        }
    }

    /// What a member's roles give now: those of a product from which they are suspended give nothing.
    pub fn held(&self, person: Person) -> BTreeSet<&'static str> {
        let member = &self.members[&person];
        let counts = |role: &&Role| !member.suspended_from.contains(self.product(**role));
        member.roles.iter().filter(counts).flat_map(|role| self.scopes_of(*role)).collect()
    }

    /// Rank of the primary role.
    pub fn rank(&self, person: Person) -> i64 {
        let primary = |role: &&Role| self.kind(**role) == Kind::Primary;
        self.members.get(&person).map_or(0, |member| {
            member.roles.iter().filter(primary).map(|role| self.rank_of(*role)).max().expect("a primary role")
        })
    }

    /// The highest rank of whatever somebody holds of a product.
    pub fn rank_in(&self, person: Person, product: &str) -> i64 {
        let of = |role: &&Role| self.product(**role) == product;
        self.members[&person].roles.iter().filter(of).map(|role| self.rank_of(*role)).max().unwrap_or(0)
    }

    pub fn has_role_in(&self, person: Person, product: &str) -> bool {
        self.members.get(&person).is_some_and(|member| member.roles.iter().any(|role| self.product(*role) == product))
    }

    pub fn owner(&self) -> Person {
        *self.members.iter().find(|(_, member)| member.roles.contains(&OWNER)).expect("an owner").0
    }

    pub fn enabled(&self, product: &str) -> bool {
        product == "Accounts" || self.products.contains(product)
    }

    /// A role of the catalogue or of this organization, by its name.
    pub fn named(&self, product: &str, name: &str) -> Option<Role> {
        let primary = [OWNER, ADMIN, PLAIN, BILLING_EDITOR];
        let secondary =
            PRODUCTS.iter().flat_map(|(product, roles)| roles.iter().map(|(name, _)| Role::Catalogue(product, name)));
        let known = primary
            .into_iter()
            .chain(secondary)
            .find(|role| matches!(role, Role::Catalogue(of, called) if *of == product && *called == name));
        let own = || self.own.iter().find(|(_, own)| own.product == product && own.name == name);
        known.or_else(|| own().map(|(key, _)| Role::Own(*key)))
    }

    pub fn name(&self, role: Role) -> String {
        match role {
            Role::Catalogue(product, name) => format!("{product}/{name}"),
            Role::Own(key) => format!("{}/{}*", self.own[&key].product, self.own[&key].name),
        }
    }
}

impl Model {
    pub fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    pub fn join(&mut self, org: Org, person: Person, roles: BTreeSet<Role>) {
        let since = self.number();
        let new = Member { since, epoch: 0, suspended: false, suspended_from: BTreeSet::new(), roles };
        let organization = self.orgs.get_mut(&org).expect("an organization");
        assert!(organization.members.insert(person, new).is_none(), "no member yet");
    }

    /// Whether a credential that was given to this membership then is good now.
    pub fn alive(&self, org: Org, person: Person, since: usize, epoch: usize) -> bool {
        let member = self.orgs.get(&org).and_then(|organization| organization.members.get(&person));
        member.is_some_and(|member| (member.since, member.epoch, member.suspended) == (since, epoch, false))
    }

    /// Accounts that belong nowhere any more go, and with them what was decided about invitations to their addresses, which
    /// all are proven here.
    pub fn forget_homeless(&mut self) {
        let orgs = &self.orgs;
        let homeless = |person: &Person| !orgs.values().any(|organization| organization.members.contains_key(person));
        let gone: BTreeSet<Person> = self.accounts.keys().copied().filter(homeless).collect();
        self.accounts.retain(|person, _| !gone.contains(person));
        let open = |one: &Invitation| matches!(one.state, Waiting::Pending | Waiting::Approved);
        for organization in self.orgs.values_mut() {
            organization.invitations.retain(|_, one| open(one) || !gone.contains(&one.person));
        }
    }

    pub fn still_open(&self, merge: &Merge) -> bool {
        merge.state == "pending"
            && self.orgs.contains_key(&merge.ends)
            && self.orgs[&merge.stays].owner() == merge.by.0
            && self.accounts[&merge.by.0] == merge.by.1
    }

    /// Everything, one line each, to compare with what the tables say.
    pub fn lines(&self) -> BTreeSet<String> {
        let mut lines = BTreeSet::new();
        for (org, organization) in &self.orgs {
            lines.insert(format!("{org} mode {}", if organization.strict { "strict" } else { "lax" }));
            lines.extend(organization.products.iter().map(|product| format!("{org} product {product}")));
            for own in organization.own.values() {
                let scopes: Vec<_> = own.scopes.iter().copied().collect();
                lines.insert(format!("{org} role {}/{} {}", own.product, own.name, scopes.join(",")));
            }
            for (person, member) in &organization.members {
                lines.insert(format!(
                    "{org} member p{person} {}",
                    if member.suspended { "suspended" } else { "active" }
                ));
                for role in &member.roles {
                    lines.insert(format!("{org} p{person} is {}", organization.name(*role)));
                }
                lines.extend(member.suspended_from.iter().map(|from| format!("{org} p{person} not in {from}")));
            }
            for (key, invitation) in &organization.invitations {
                let state = match invitation.state {
                    Waiting::Pending => "pending",
                    Waiting::Approved => "approved",
                    Waiting::Accepted => "accepted",
                    Waiting::Declined => "declined",
                };
                lines.insert(format!(
                    "{org} invitation {key} {} p{} {} {state} {}",
                    if invitation.request { "request" } else { "invitation" },
                    invitation.person,
                    invitation.product,
                    invitation.role.map_or("-".into(), |role| organization.name(role)),
                ));
            }
        }
        lines.extend(
            self.merges
                .iter()
                .map(|(key, merge)| format!("merge {key} {}<{} {}", merge.stays, merge.ends, merge.state)),
        );
        lines.extend(self.accounts.keys().map(|person| format!("account p{person}")));
        lines
    }
}
