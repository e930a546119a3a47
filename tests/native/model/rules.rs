//! The rules: what is answered, and what is so afterwards. Written from `ARCHITECTURE.md`, `docs/api` and the issue.

use std::collections::BTreeSet;

use super::calls::{By, Call, Named};
use super::state::{
    ADMIN, Invitation, Kind, Merge, Model, OWNER, Org, Organization, OwnRole, PLAIN, PRODUCTS, Person, Role, Waiting,
    any_includes,
};

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum No {
    Unauthenticated,
    Scope,
    Forbidden,
    NotFound,
    Conflict,
    Invalid,
    /// A page that says no, in whatever words.
    Page,
}

/// The status, and how many rows the audit log gains.
pub type Verdict = Result<(u16, usize), No>;

const ROLES: &str = "accounts.roles--all:rw";
const OF_PRODUCTS: [(&str, &str, &str); 2] = [
    ("LiveChat", "accounts.roles.lc--all:rw", "accounts.invitations.lc--all:rw"),
    ("HelpDesk", "accounts.roles.hd--all:rw", "accounts.invitations.hd--all:rw"),
];
const INVITATIONS: &str = "accounts.invitations--all:rw";

/// What one call asks about one role.
#[derive(Clone, Copy)]
struct Item {
    set: bool,
    role: Option<Role>,
}

impl Model {
    /// What the call leads to. Nothing changes when it is refused.
    pub fn perform(&mut self, call: &Call) -> Verdict {
        match call {
            Call::Dead => Err(No::Unauthenticated),
            Call::SignUp { person } => self.sign_up(*person),
            Call::Found { by } => {
                let org = self.number();
                self.orgs.insert(org, Organization::default());
                self.join(org, by.person, [OWNER].into());
                Ok((200, 1))
            }
            Call::Add { by, person, roles } => self.add(*by, *person, roles),
            Call::Remove { by, person } => self.remove(*by, *person),
            Call::SetRoles { by, person, set, delete } => self.set_roles(*by, *person, set, delete),
            Call::Suspend { by, person, product, suspended } => self.suspend(*by, *person, product, *suspended),
            Call::Enable { by, path, product } => self.enable(*by, *path, product),
            Call::Disable { by, path, product } => self.disable(*by, *path, product),
            Call::CreateRole { by, product, name, scopes } => self.create_role(*by, product, name, scopes),
            Call::UpdateRole { by, role, name, scopes } => {
                self.update_role(*by, *role, name.as_deref(), scopes.as_ref())
            }
            Call::DeleteRole { by, role } => self.delete_role(*by, *role),
            Call::Transfer { by, path, heir } => self.transfer(*by, *path, *heir),
            Call::DeleteOrganization { by, repeated } => self.delete_organization(*by, *repeated),
            Call::Mode { by, path, strict } => {
                self.allowed(*by, &["organization--my:rw"], 30)?;
                own_path(*by, *path)?;
                self.org(*by).strict = *strict;
                Ok((200, 1)) // written down also when it was so before
            }
            Call::Invite { by, person, product, role } => self.invite(*by, *person, product, role.as_deref()),
            Call::Approve { by, invitation, role } => self.approve(*by, *invitation, role),
            Call::Decline { by, invitation } => self.decline(*by, *invitation),
            Call::Accept { person, invitation } => self.accept(*person, *invitation),
            Call::AskAccess { by, product } => self.ask_access(*by, product),
            Call::AskMerge { by, source, keep } => {
                let merge = Merge {
                    stays: by.org,
                    ends: *source,
                    by: (by.person, self.accounts[&by.person]),
                    state: "pending",
                    keep: keep.clone(),
                };
                self.ask_merge(*by, merge)
            }
            Call::ApproveMerge { by, merge } => self.approve_merge(*by, *merge),
            Call::WithdrawMerge { by, merge } => self.withdraw_merge(*by, *merge),
        }
    }

    fn org(&mut self, by: By) -> &mut Organization {
        self.orgs.get_mut(&by.org).expect("the caller's organization")
    }

    /// One of the scopes, then the rank.
    fn allowed(&self, by: By, scopes: &[&str], rank: i64) -> Result<(), No> {
        let organization = &self.orgs[&by.org];
        let held = organization.held(by.person);
        if !scopes.iter().any(|scope| any_includes(&held, scope)) {
            return Err(No::Scope);
        }
        if organization.rank(by.person) < rank { Err(No::Forbidden) } else { Ok(()) }
    }

    fn sign_up(&mut self, person: Person) -> Verdict {
        if self.accounts.contains_key(&person) {
            return Err(No::Conflict);
        }
        let (account, org) = (self.number(), self.number());
        self.accounts.insert(person, account);
        self.orgs.insert(org, Organization::default());
        self.join(org, person, [OWNER].into());
        Ok((200, 1))
    }

    fn add(&mut self, by: By, person: Person, roles: &[Named]) -> Verdict {
        self.allowed(by, &["accounts--all:rc"], 0)?;
        let organization = &self.orgs[&by.org];
        let items: Vec<_> =
            roles.iter().map(|role| Item { set: true, role: resolved(organization, by.org, role) }).collect();
        if !items.is_empty() {
            self.allowed(by, &[ROLES], 0)?;
            let unknown = |no| if no == No::NotFound { No::Invalid } else { no };
            organization.may_change(by.person, &BTreeSet::new(), &items, false).map_err(unknown)?;
        }
        match (self.accounts.contains_key(&person), organization.members.contains_key(&person)) {
            (_, true) => return Ok((200, 0)),
            (true, false) => return Err(No::Conflict),
            (false, false) => {}
        }
        let mut given: BTreeSet<_> = items.iter().filter_map(|item| item.role).collect();
        if !given.iter().any(|role| organization.kind(*role) == Kind::Primary) {
            given.insert(PLAIN);
        }
        let account = self.number();
        self.accounts.insert(person, account);
        self.join(by.org, person, given);
        Ok((201, 1))
    }

    fn remove(&mut self, by: By, person: Person) -> Verdict {
        let scope = if person == by.person { "accounts--my:rw" } else { "accounts--all:rw" };
        self.allowed(by, &[scope], 0)?;
        let organization = self.org(by);
        if !organization.members.contains_key(&person) {
            return Err(No::NotFound);
        }
        if organization.owner() == person || organization.rank(person) > organization.rank(by.person) {
            return Err(No::Forbidden);
        }
        organization.members.remove(&person);
        organization.invitations.retain(|_, invitation| invitation.person != person);
        self.forget_homeless();
        Ok((200, 1))
    }

    fn set_roles(&mut self, by: By, person: Person, set: &[Named], delete: &[Named]) -> Verdict {
        self.allowed(by, &[ROLES, OF_PRODUCTS[0].1, OF_PRODUCTS[1].1], 0)?;
        let organization = self.org(by);
        let Some(member) = organization.members.get(&person) else { return Err(No::NotFound) };
        if organization.rank(person) > organization.rank(by.person) {
            return Err(No::Forbidden);
        }
        let set = set.iter().map(|role| Item { set: true, role: resolved(organization, by.org, role) });
        let delete = delete.iter().map(|role| Item { set: false, role: resolved(organization, by.org, role) });
        let items: Vec<_> = set.chain(delete).collect();
        let held = member.roles.clone();
        let leaving = organization.may_change(by.person, &held, &items, false)?;
        let mut roles: BTreeSet<_> = held.difference(&leaving).copied().collect();
        roles.extend(items.iter().filter(|item| item.set).filter_map(|item| item.role));
        let changed = roles != held || !leaving.is_empty();
        organization.members.get_mut(&person).expect("a member").roles = roles;
        Ok((200, usize::from(changed)))
    }

    fn suspend(&mut self, by: By, person: Person, product: &'static str, suspended: bool) -> Verdict {
        self.allowed(by, &["accounts--all:rw"], 20)?;
        let organization = self.org(by);
        if !organization.members.contains_key(&person) {
            return Err(No::NotFound);
        }
        let above = organization.rank(person) > organization.rank(by.person);
        if person == by.person || person == organization.owner() || above {
            return Err(No::Forbidden);
        }
        if !organization.enabled(product) {
            return Err(No::Invalid);
        }
        let member = organization.members.get_mut(&person).expect("a member");
        let changed = if product == "Accounts" {
            let changed = member.suspended != suspended;
            member.epoch += usize::from(changed && suspended);
            member.suspended = suspended;
            changed
        } else if suspended {
            member.suspended_from.insert(product)
        } else {
            member.suspended_from.remove(product)
        };
        Ok((200, usize::from(changed)))
    }

    fn enable(&mut self, by: By, path: Org, product: &'static str) -> Verdict {
        self.allowed(by, &["organization--my:rw"], 20)?;
        own_path(by, path)?;
        let Some((_, roles)) = PRODUCTS.iter().find(|(known, _)| *known == product) else { return Err(No::Invalid) };
        let organization = self.org(by);
        if !organization.products.insert(product) {
            return Err(No::Conflict);
        }
        let owner = organization.owner();
        let highest = Role::Catalogue(product, roles[0].0);
        organization.members.get_mut(&owner).expect("the owner").roles.insert(highest);
        Ok((200, 1))
    }

    fn disable(&mut self, by: By, path: Org, product: &'static str) -> Verdict {
        self.allowed(by, &["organization--my:rw"], 20)?;
        own_path(by, path)?;
        if product == "Accounts" {
            return Err(No::Invalid);
        }
        let organization = self.org(by);
        if !organization.products.remove(product) {
            return Err(No::NotFound);
        }
        let own = organization.own.clone();
        for member in organization.members.values_mut() {
            member.roles.retain(|role| match role {
                Role::Catalogue(of, _) => *of != product,
                Role::Own(key) => own[key].product != product,
            });
        }
        Ok((200, 1))
    }

    fn create_role(&mut self, by: By, product: &'static str, name: &str, scopes: &BTreeSet<&'static str>) -> Verdict {
        self.allowed(by, &[ROLES], 20)?;
        let organization = &self.orgs[&by.org];
        if !organization.enabled(product) {
            return Err(No::Invalid);
        }
        organization.within(by.person, scopes)?;
        organization.free(product, name, None)?;
        let key = self.number();
        self.org(by).own.insert(key, OwnRole { product, name: name.to_owned(), scopes: scopes.clone() });
        Ok((201, 1))
    }

    fn own_role(&self, by: By, (org, role): (Org, Role)) -> Result<usize, No> {
        self.allowed(by, &[ROLES], 20)?;
        match role {
            Role::Catalogue(..) => Err(No::Forbidden),
            Role::Own(_) if org != by.org => Err(No::NotFound),
            Role::Own(key) => Ok(key),
        }
    }

    fn update_role(
        &mut self,
        by: By,
        role: (Org, Role),
        name: Option<&str>,
        scopes: Option<&BTreeSet<&'static str>>,
    ) -> Verdict {
        let key = self.own_role(by, role)?;
        let organization = self.org(by);
        if let Some(scopes) = scopes {
            organization.within(by.person, scopes)?;
            organization.no_holder_above(by.person, Role::Own(key))?;
        }
        if let Some(name) = name {
            organization.free(organization.own[&key].product, name, Some(key))?;
        }
        let role = organization.own.get_mut(&key).expect("an own role");
        let before = role.clone();
        role.name = name.unwrap_or(&role.name).to_owned();
        role.scopes = scopes.unwrap_or(&role.scopes).clone();
        Ok((200, usize::from(role.name != before.name || role.scopes != before.scopes)))
    }

    fn delete_role(&mut self, by: By, role: (Org, Role)) -> Verdict {
        let key = self.own_role(by, role)?;
        let organization = self.org(by);
        organization.no_holder_above(by.person, Role::Own(key))?;
        for member in organization.members.values_mut() {
            member.epoch += usize::from(member.roles.remove(&Role::Own(key)));
        }
        for invitation in organization.invitations.values_mut().filter(|one| one.role == Some(Role::Own(key))) {
            invitation.role = None;
        }
        organization.own.remove(&key);
        Ok((200, 1))
    }

    fn transfer(&mut self, by: By, path: Org, heir: Person) -> Verdict {
        self.allowed(by, &["organization--my:rw"], 30)?;
        own_path(by, path)?;
        let organization = self.org(by);
        let may = organization.members.get(&heir).is_some_and(|heir| heir.roles.contains(&ADMIN) && !heir.suspended);
        if !may {
            return Err(No::Invalid);
        }
        for (person, from, to) in [(by.person, OWNER, ADMIN), (heir, ADMIN, OWNER)] {
            let roles = &mut organization.members.get_mut(&person).expect("a member").roles;
            roles.remove(&from);
            roles.insert(to);
        }
        Ok((200, 1))
    }

    fn delete_organization(&mut self, by: By, repeated: Org) -> Verdict {
        self.allowed(by, &["organization--my:rw"], 30)?;
        if repeated != by.org {
            return Err(No::Invalid);
        }
        self.orgs.remove(&by.org);
        self.merges.retain(|_, merge| merge.stays != by.org);
        for merge in self.merges.values_mut().filter(|merge| merge.ends == by.org && merge.state == "pending") {
            merge.state = "withdrawn";
        }
        self.forget_homeless();
        Ok((200, 1))
    }

    fn invite(&mut self, by: By, person: Person, product: &'static str, role: Option<&str>) -> Verdict {
        self.allowed(by, &["accounts.invitations--my:rw"], 0)?;
        let organization = &self.orgs[&by.org];
        if !organization.decides(by.person, product) && (role.is_some() || organization.strict) {
            return Err(No::Forbidden);
        }
        if !organization.enabled(product) {
            return Err(No::Invalid);
        }
        let chosen = role.map(|role| organization.named(product, role).ok_or(No::Invalid)).transpose()?;
        if let Some(role) = chosen {
            organization.may_change(by.person, &BTreeSet::new(), &[Item { set: true, role: Some(role) }], true)?;
        }
        let known = organization.members.contains_key(&person);
        if known && organization.has_role_in(person, product) {
            return Err(No::Conflict);
        }
        if chosen.is_some() && organization.rank(person) > organization.rank(by.person) {
            return Err(No::Forbidden); // rules 2 and 5
        }
        let waits = |one: &Invitation| {
            (one.person, one.product) == (person, product) && matches!(one.state, Waiting::Pending | Waiting::Approved)
        };
        if organization.invitations.values().any(waits) {
            return Ok((200, 0));
        }
        let key = self.number();
        let new = Invitation { person, request: false, product, state: Waiting::Pending, role: None };
        self.org(by).invitations.insert(key, new);
        if let Some(role) = chosen {
            self.org(by).settle(key, role);
        }
        Ok((201, 1 + usize::from(chosen.is_some())))
    }

    fn approve(&mut self, by: By, (org, key): (Org, usize), role: &str) -> Verdict {
        self.allowed(by, &[INVITATIONS, OF_PRODUCTS[0].2, OF_PRODUCTS[1].2], 0)?;
        if org != by.org {
            return Err(No::NotFound);
        }
        let organization = self.org(by);
        let Invitation { person, product, state, role: chosen, .. } = organization.invitations[&key];
        if !organization.decides(by.person, product) {
            return Err(No::Forbidden);
        }
        let waits = state == Waiting::Pending || state == Waiting::Approved && chosen.is_none();
        let member = organization.members.contains_key(&person) && organization.has_role_in(person, product);
        if !waits || !organization.enabled(product) || member {
            return Err(No::Conflict);
        }
        let role = organization.named(product, role).ok_or(No::NotFound)?;
        organization.may_change(by.person, &BTreeSet::new(), &[Item { set: true, role: Some(role) }], true)?;
        if organization.rank(person) > organization.rank(by.person) {
            return Err(No::Forbidden);
        }
        organization.settle(key, role);
        Ok((200, 1))
    }

    fn decline(&mut self, by: By, (org, key): (Org, usize)) -> Verdict {
        self.allowed(by, &[INVITATIONS, OF_PRODUCTS[0].2, OF_PRODUCTS[1].2], 0)?;
        if org != by.org {
            return Err(No::NotFound);
        }
        let organization = self.org(by);
        let product = organization.invitations[&key].product;
        if !organization.decides(by.person, product) {
            return Err(No::Forbidden);
        }
        let invitation = organization.invitations.get_mut(&key).expect("an invitation");
        if !matches!(invitation.state, Waiting::Pending | Waiting::Approved) {
            return Err(No::NotFound);
        }
        invitation.state = Waiting::Declined;
        Ok((204, 1))
    }

    fn accept(&mut self, person: Person, (org, key): (Org, usize)) -> Verdict {
        let organization = &self.orgs[&org];
        let Invitation { person: invited, product, state, role, .. } = organization.invitations[&key];
        let (Waiting::Approved, Some(role)) = (state, role) else { return Err(No::Page) };
        let member = organization.members.contains_key(&invited);
        let in_product = member && organization.has_role_in(invited, product);
        if person != invited || !organization.enabled(product) || in_product {
            return Err(No::Page);
        }
        let mut given = BTreeSet::from([role]);
        if !member && organization.kind(role) != Kind::Primary {
            given.insert(PLAIN);
        }
        let new = !self.accounts.contains_key(&person);
        if new {
            let account = self.number();
            self.accounts.insert(person, account);
        }
        match self.orgs.get_mut(&org).expect("it").members.get_mut(&person) {
            Some(member) => member.roles.extend(given),
            None => self.join(org, person, given),
        }
        self.orgs.get_mut(&org).expect("it").invitations.get_mut(&key).expect("it").state = Waiting::Accepted;
        Ok((200, 1 + usize::from(new))) // the sign-up, and the acceptance
    }

    fn ask_access(&mut self, by: By, product: &'static str) -> Verdict {
        let organization = &self.orgs[&by.org];
        let waits = |one: &Invitation| {
            (one.person, one.product) == (by.person, product)
                && matches!(one.state, Waiting::Pending | Waiting::Approved)
        };
        let suspended = organization.members[&by.person].suspended_from.contains(product);
        let has = organization.has_role_in(by.person, product);
        if suspended || has || !organization.enabled(product) || organization.invitations.values().any(waits) {
            return Err(No::Page);
        }
        let key = self.number();
        let new = Invitation { person: by.person, request: true, product, state: Waiting::Pending, role: None };
        self.org(by).invitations.insert(key, new);
        Ok((200, 1))
    }

    /// An owner with the scope; to everybody else there is nothing.
    fn owns(&self, by: By) -> Result<(), No> {
        if self.orgs[&by.org].owner() == by.person { Ok(()) } else { Err(No::NotFound) }
    }

    fn ask_merge(&mut self, by: By, wish: Merge) -> Verdict {
        self.owns(by)?;
        if wish.ends == by.org {
            return Err(No::Invalid);
        }
        let pair = |merge: &Merge| (merge.stays, merge.ends) == (wish.stays, wish.ends) && merge.state == "pending";
        let over: Vec<_> = self
            .merges
            .iter()
            .filter(|(_, merge)| pair(merge) && !self.still_open(merge))
            .map(|(key, _)| *key)
            .collect();
        if self.merges.iter().any(|(key, merge)| pair(merge) && !over.contains(key)) {
            return Err(No::Conflict);
        }
        if !self.decided(&wish) {
            return Err(No::Invalid);
        }
        for key in over {
            self.merges.get_mut(&key).expect("it").state = "withdrawn";
        }
        let key = self.number();
        self.merges.insert(key, wish);
        Ok((201, 1))
    }

    /// Whether `keep` says of every common product whose stays, and names only who has the product.
    fn decided(&self, merge: &Merge) -> bool {
        let (mine, theirs) = (&self.orgs[&merge.stays].products, &self.orgs[&merge.ends].products);
        let complete = mine.intersection(theirs).all(|both| merge.keep.contains_key(both));
        complete && merge.keep.iter().all(|(product, org)| self.orgs[org].products.contains(product))
    }

    fn takes_part(&self, by: By, key: usize) -> Result<Merge, No> {
        self.owns(by)?;
        let merge = self.merges[&key].clone();
        if [merge.stays, merge.ends].contains(&by.org) { Ok(merge) } else { Err(No::NotFound) }
    }

    fn withdraw_merge(&mut self, by: By, key: usize) -> Verdict {
        let merge = self.takes_part(by, key)?;
        if merge.state != "pending" {
            return Err(No::Conflict);
        }
        self.merges.get_mut(&key).expect("it").state = if by.org == merge.stays { "withdrawn" } else { "refused" };
        Ok((200, 1))
    }

    fn approve_merge(&mut self, by: By, key: usize) -> Verdict {
        let merge = self.takes_part(by, key)?;
        if by.org != merge.ends {
            return Err(No::Forbidden);
        }
        if !self.still_open(&merge) || !self.decided(&merge) {
            return Err(No::Conflict);
        }
        let b = self.orgs.remove(&merge.ends).expect("the source");
        let replaced = b.products.iter().filter(|product| merge.keep.get(*product) != Some(&merge.stays)).count();
        let audited = 2 + b.members.len() + b.own.len() + replaced;
        self.merged(merge.stays, b);
        self.merges.get_mut(&key).expect("it").state = "done";
        self.merges.retain(|_, one| one.stays != merge.ends || one.state == "done");
        for one in self.merges.values_mut().filter(|one| one.stays == merge.ends) {
            one.stays = merge.stays;
        }
        Ok((200, audited))
    }

    fn merged(&mut self, stays: Org, b: Organization) {
        let a = self.orgs.get_mut(&stays).expect("the one that stays");
        let owner_of_b = b.owner();
        a.products.extend(&b.products);
        let names = |own: &Organization, product: &str| -> Vec<String> {
            own.own.values().filter(|role| role.product == product).map(|role| role.name.to_lowercase()).collect()
        };
        let mut renamed = Vec::new();
        for (key, role) in &b.own {
            let taken = [names(a, role.product), names(&b, role.product)].concat();
            let clash = names(a, role.product).contains(&role.name.to_lowercase());
            let candidates =
                (1..).map(|n| if n == 1 { format!("{} (B)", role.name) } else { format!("{} (B {n})", role.name) });
            let free = |name: &String| !taken.contains(&name.to_lowercase());
            let name = if clash { candidates.into_iter().find(free).expect("a number") } else { role.name.clone() };
            renamed.push((*key, OwnRole { name, ..role.clone() }));
        }
        a.own.extend(renamed);
        let mut joining = Vec::new();
        for (person, theirs) in b.members {
            let Some(mine) = a.members.get(&person) else {
                let mut theirs = theirs;
                if theirs.roles.remove(&OWNER) {
                    theirs.roles.insert(ADMIN);
                }
                joining.push((person, theirs));
                continue;
            };
            let mut mine = mine.clone();
            if !theirs.suspended {
                for role in theirs.roles.iter().filter(|role| a.kind(**role) != Kind::Primary) {
                    let same =
                        |held: &&Role| a.kind(**held) == Kind::Secondary && a.product(**held) == a.product(*role);
                    match mine.roles.iter().find(same).copied() {
                        Some(held) if a.kind(*role) == Kind::Secondary => {
                            if a.rank_of(*role) > a.rank_of(held) {
                                mine.roles.remove(&held);
                                mine.roles.insert(*role);
                            }
                        }
                        _ => {
                            mine.roles.insert(*role);
                        }
                    }
                }
                if !mine.roles.contains(&OWNER) {
                    mine.suspended_from.extend(&theirs.suspended_from);
                }
            }
            if person == owner_of_b && mine.roles.remove(&PLAIN) {
                mine.roles.insert(ADMIN);
            }
            a.members.insert(person, mine);
        }
        for (person, theirs) in joining {
            self.join(stays, person, theirs.roles);
            let member = self.orgs.get_mut(&stays).expect("it").members.get_mut(&person).expect("joined");
            (member.suspended, member.suspended_from) = (theirs.suspended, theirs.suspended_from);
        }
    }
}

impl Organization {
    /// The rules of giving and taking (head of `authz::granting`), for who holds these roles. Gives the roles that leave.
    fn may_change(
        &self,
        by: Person,
        held: &BTreeSet<Role>,
        items: &[Item],
        invited: bool,
    ) -> Result<BTreeSet<Role>, No> {
        if items.iter().any(|item| item.role.is_none()) {
            return Err(No::NotFound);
        }
        let wanted: Vec<(bool, Role)> = items.iter().filter_map(|item| Some((item.set, item.role?))).collect();
        let rivals = |one: Role, other: Role| {
            self.kind(one) == self.kind(other)
                && match self.kind(one) {
                    Kind::Primary => true,
                    Kind::Secondary => self.product(one) == self.product(other),
                    Kind::Custom => false,
                }
        };
        let goes = |held: &&Role| {
            wanted.iter().any(|(set, role)| if *set { role != *held && rivals(*role, **held) } else { role == *held })
        };
        let leaving: BTreeSet<Role> = held.iter().filter(goes).copied().collect();
        let sets = || wanted.iter().filter(|(set, _)| *set).map(|(_, role)| *role);
        if sets().any(|role| role == OWNER) || leaving.contains(&OWNER) {
            return Err(No::Forbidden);
        }
        let scopes = self.held(by);
        let own = self.rank(by);
        for role in sets().chain(leaving.iter().copied()) {
            let (product, rank) = (self.product(role), self.rank_of(role));
            let all = scopes.contains(if invited { INVITATIONS } else { ROLES });
            let whole = all && rank <= own && (product == "Accounts" || own >= 20);
            let scope =
                OF_PRODUCTS.iter().find(|(of, ..)| *of == product).map(|one| if invited { one.2 } else { one.1 });
            let in_product = self.rank_in(by, product).max(if own >= 20 { own } else { 0 });
            let partly = scope.is_some_and(|scope| scopes.contains(scope)) && rank <= in_product;
            if !whole && !partly {
                return Err(No::Forbidden);
            }
        }
        for role in sets().filter(|role| self.kind(*role) == Kind::Custom) {
            self.within(by, &self.scopes_of(role))?;
        }
        if wanted.iter().any(|(_, role)| !self.enabled(self.product(*role))) {
            return Err(No::Invalid);
        }
        let contradict = |(at, (set, role)): (usize, &(bool, Role))| {
            let others = wanted.iter().enumerate().filter(|(other, _)| *other != at);
            others
                .into_iter()
                .any(|(_, (other_set, other))| other == role || *set && *other_set && rivals(*other, *role))
        };
        let taken = |(set, role): &(bool, Role)| !set && self.kind(*role) == Kind::Primary && held.contains(role);
        let replaced = sets().any(|role| self.kind(role) == Kind::Primary);
        if wanted.iter().enumerate().any(contradict) || wanted.iter().any(taken) && !replaced {
            return Err(No::Invalid);
        }
        Ok(leaving)
    }

    /// Only scopes that the caller's own roles give.
    fn within(&self, by: Person, scopes: &BTreeSet<&'static str>) -> Result<(), No> {
        let held = self.held(by);
        if scopes.iter().all(|scope| any_includes(&held, scope)) { Ok(()) } else { Err(No::Forbidden) }
    }

    /// A name that no other role of the product has.
    fn free(&self, product: &str, name: &str, except: Option<usize>) -> Result<(), No> {
        let same = |(key, own): (&usize, &OwnRole)| {
            Some(*key) != except && own.product == product && own.name.eq_ignore_ascii_case(name)
        };
        let predefined = matches!(self.named(product, &name.to_lowercase()), Some(Role::Catalogue(..)));
        if predefined || self.own.iter().any(same) { Err(No::Conflict) } else { Ok(()) }
    }

    fn no_holder_above(&self, by: Person, role: Role) -> Result<(), No> {
        let mut holders = self.members.iter().filter(|(_, member)| member.roles.contains(&role));
        if holders.any(|(holder, _)| self.rank(*holder) > self.rank(by)) { Err(No::Forbidden) } else { Ok(()) }
    }

    /// Rule 5: who decides about invitations to a product.
    fn decides(&self, by: Person, product: &str) -> bool {
        let (held, own) = (self.held(by), self.rank(by));
        let of = OF_PRODUCTS.iter().find(|(known, ..)| *known == product);
        held.contains(INVITATIONS) && own >= 20
            || of.is_some_and(|of| held.contains(of.2) && own.max(self.rank_in(by, product)) >= 20)
    }

    /// An approved invitation: a member has the role at once.
    fn settle(&mut self, key: usize, role: Role) {
        let invitation = self.invitations.get_mut(&key).expect("an invitation");
        invitation.role = Some(role);
        invitation.state = Waiting::Approved;
        if let Some(member) = self.members.get_mut(&invitation.person) {
            invitation.state = Waiting::Accepted;
            member.roles.insert(role);
        }
    }
}

fn own_path(by: By, path: Org) -> Result<(), No> {
    if by.org == path { Ok(()) } else { Err(No::NotFound) }
}

/// The role that a call means, if there is one for this organization.
fn resolved(organization: &Organization, org: Org, named: &Named) -> Option<Role> {
    match named {
        Named::Words(product, name) => organization.named(product, name),
        Named::Id(_, role @ Role::Catalogue(..)) => Some(*role),
        Named::Id(of, role) => (*of == org).then_some(*role),
    }
}
