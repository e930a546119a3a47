//! What can be asked, and by whom; chosen by dice from what there is, so that a sequence stays one when steps are left out.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{Model, Org, PRODUCTS, Person, Role, SCOPES, Waiting};

/// A member who acts in one of their organizations.
#[derive(Clone, Copy, Debug)]
pub struct By {
    pub org: Org,
    pub person: Person,
}

/// How a call names a role.
#[derive(Clone, Debug)]
pub enum Named {
    /// By product and name, whether there is one or not.
    Words(&'static str, String),
    /// By its id: a role of some organization.
    Id(Org, Role),
}

#[derive(Clone, Debug)]
pub enum Call {
    SignUp {
        person: Person,
    },
    Found {
        by: By,
    },
    Add {
        by: By,
        person: Person,
        roles: Vec<Named>,
    },
    Remove {
        by: By,
        person: Person,
    },
    SetRoles {
        by: By,
        person: Person,
        set: Vec<Named>,
        delete: Vec<Named>,
    },
    Suspend {
        by: By,
        person: Person,
        product: &'static str,
        suspended: bool,
    },
    Enable {
        by: By,
        path: Org,
        product: &'static str,
    },
    Disable {
        by: By,
        path: Org,
        product: &'static str,
    },
    CreateRole {
        by: By,
        product: &'static str,
        name: String,
        scopes: BTreeSet<&'static str>,
    },
    UpdateRole {
        by: By,
        role: (Org, Role),
        name: Option<String>,
        scopes: Option<BTreeSet<&'static str>>,
    },
    DeleteRole {
        by: By,
        role: (Org, Role),
    },
    Transfer {
        by: By,
        path: Org,
        heir: Person,
    },
    DeleteOrganization {
        by: By,
        repeated: Org,
    },
    Mode {
        by: By,
        path: Org,
        strict: bool,
    },
    Invite {
        by: By,
        person: Person,
        product: &'static str,
        role: Option<String>,
    },
    Approve {
        by: By,
        invitation: (Org, usize),
        role: String,
    },
    Decline {
        by: By,
        invitation: (Org, usize),
    },
    /// Follows the link of an invitation, signed in as `person`.
    Accept {
        person: Person,
        invitation: (Org, usize),
    },
    /// A member asks for a product on the sign-in pages.
    AskAccess {
        by: By,
        product: &'static str,
    },
    AskMerge {
        by: By,
        source: Org,
        keep: BTreeMap<&'static str, Org>,
    },
    ApproveMerge {
        by: By,
        merge: usize,
    },
    WithdrawMerge {
        by: By,
        merge: usize,
    },
    /// Anything, with a credential that was ended.
    Dead,
}

impl Call {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SignUp { .. } => "sign up",
            Self::Found { .. } => "create organization",
            Self::Add { .. } => "create account",
            Self::Remove { person, by } if *person == by.person => "leave",
            Self::Remove { .. } => "delete account",
            Self::SetRoles { .. } => "set roles",
            Self::Suspend { suspended: true, .. } => "suspend",
            Self::Suspend { .. } => "end suspension",
            Self::Enable { .. } => "enable product",
            Self::Disable { .. } => "disable product",
            Self::CreateRole { .. } => "create role",
            Self::UpdateRole { .. } => "change role",
            Self::DeleteRole { .. } => "delete role",
            Self::Transfer { .. } => "transfer ownership",
            Self::DeleteOrganization { .. } => "delete organization",
            Self::Mode { .. } => "set invitation mode",
            Self::Invite { role: None, .. } => "invite",
            Self::Invite { .. } => "invite with role",
            Self::Approve { .. } => "approve invitation",
            Self::Decline { .. } => "decline invitation",
            Self::Accept { .. } => "accept invitation",
            Self::AskAccess { .. } => "request access",
            Self::AskMerge { .. } => "request merge",
            Self::ApproveMerge { .. } => "approve merge",
            Self::WithdrawMerge { .. } => "withdraw merge",
            Self::Dead => "ended credential",
        }
    }
}

pub const PEOPLE: usize = 7;
const ORGANIZATIONS: usize = 3;
const NAMES: [&str; 5] = ["auditor", "Auditor", "night shift", "auditor (B)", "administrator"];

/// SplitMix64: the same throws for the same seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        if list.is_empty() { None } else { Some(list[self.below(list.len())].clone()) }
    }
}

/// The call that these dice mean here; `None` where there is nothing to ask it about.
pub fn throw(seed: u64, model: &Model) -> Option<Call> {
    let dice = &mut Dice(seed);
    let kind = dice.below(42);
    if model.orgs.is_empty()
        || ((kind == 0 || model.orgs.len() < 2 && dice.one_in(6)) && model.orgs.len() < ORGANIZATIONS)
        || (kind == 0 && dice.one_in(3))
    {
        let person = dice.below(PEOPLE);
        let free = model.orgs.len() < ORGANIZATIONS || model.accounts.contains_key(&person);
        return free.then_some(Call::SignUp { person });
    }
    if let Some((org, organization)) = model.orgs.iter().find(|(_, organization)| organization.members.len() < 4)
        && dice.one_in(4)
    {
        // Small organizations refuse nearly everything: they grow first.
        let (by, person) = (By { org: *org, person: organization.owner() }, dice.below(PEOPLE));
        let high = if dice.one_in(2) { "administrator" } else { "member" };
        let mut roles = vec![Named::Words("Accounts", high.to_owned())];
        if let Some(product) = organization.products.first().copied() {
            roles.push(Named::Words(product, PRODUCTS.iter().find(|(of, _)| *of == product)?.1[0].0.to_owned()));
        }
        return Some(Call::Add { by, person, roles });
    }
    let by = caller(dice, model, matches!(kind, 2..=4 | 11..=21 | 26..=41))?;
    let person = dice.below(PEOPLE);
    let member = match dice.below(8) {
        0 => person,
        1 => by.person,
        _ => dice.of(&model.orgs[&by.org].members.keys().copied().collect::<Vec<_>>())?,
    };
    let product = product(dice, model, by.org);
    let path = if dice.one_in(12) { dice.of(&orgs(model))? } else { by.org };
    Some(match kind {
        0 | 1 if model.orgs.len() < ORGANIZATIONS => Call::Found { by },
        0..=4 => {
            Call::Add { by, person, roles: (0..dice.below(3)).filter_map(|_| role(dice, model, by.org)).collect() }
        }
        5 | 6 => Call::Remove { by, person: member },
        7..=10 => {
            let set: Vec<_> = (0..dice.below(3)).filter_map(|_| role(dice, model, by.org)).collect();
            let delete = 0..if set.is_empty() { 1 } else { dice.below(4) / 3 + dice.below(2) };
            let delete: Vec<_> = delete.filter_map(|_| held(dice, model, by.org, member)).collect();
            if set.is_empty() && delete.is_empty() {
                return None;
            }
            Call::SetRoles { by, person: member, set, delete }
        }
        11..=13 | 35 => {
            let product = if dice.one_in(2) { "Accounts" } else { product };
            Call::Suspend { by, person: member, product, suspended: true }
        }
        36 => {
            let members = &model.orgs[&by.org].members;
            let suspended = members.iter().filter(|(_, one)| one.suspended || one.suspended_from.contains(product));
            let person = dice.of(&suspended.map(|(person, _)| *person).collect::<Vec<_>>()).unwrap_or(member);
            let product = if members.get(&person).is_some_and(|one| one.suspended) { "Accounts" } else { product };
            Call::Suspend { by, person, product, suspended: false }
        }
        14 | 15 => Call::Enable { by, path, product: if dice.one_in(10) { "Nonsense" } else { product } },
        16 => Call::Disable { by, path, product: if dice.one_in(6) { "Accounts" } else { product } },
        17 | 18 => {
            let product = if dice.one_in(2) { "Accounts" } else { product };
            Call::CreateRole { by, product, name: dice.of(&NAMES)?.to_owned(), scopes: scopes(dice) }
        }
        19 => {
            let name = dice.one_in(2).then(|| dice.of(&NAMES)).flatten().map(str::to_owned);
            let scopes = (name.is_none() || dice.one_in(2)).then(|| scopes(dice));
            Call::UpdateRole { by, role: some_role(dice, model, by.org)?, name, scopes }
        }
        20 => Call::DeleteRole { by, role: some_role(dice, model, by.org)? },
        21 => {
            let organization = &model.orgs[&by.org];
            let heirs = organization.members.keys().copied().filter(|person| organization.rank(*person) == 20);
            let heirs: Vec<_> = heirs.collect();
            let any = dice.one_in(3);
            Call::Transfer { by, path, heir: dice.of(&heirs).filter(|_| !any).unwrap_or(member) }
        }
        22 if dice.one_in(3) => Call::DeleteOrganization { by, repeated: path },
        22 => Call::Mode { by, path, strict: dice.one_in(2) },
        23 | 24 => Call::Invite { by, person, product: if dice.one_in(2) { "Accounts" } else { product }, role: None },
        25 | 26 | 37 | 38 => {
            let product = if dice.one_in(2) { "Accounts" } else { product };
            Call::Invite {
                by,
                person: if dice.one_in(2) { member } else { person },
                product,
                role: Some(name(dice, product)),
            }
        }
        27 => {
            let invitation = invitation(dice, model, by.org)?;
            let product = model.orgs[&invitation.0].invitations[&invitation.1].product;
            Call::Approve { by, invitation, role: name(dice, product) }
        }
        28 => Call::Decline { by, invitation: invitation(dice, model, by.org)? },
        29 | 30 => {
            let all = invitations(model, None);
            let open: Vec<_> = all
                .iter()
                .copied()
                .filter(|(org, key)| model.orgs[org].invitations[key].state == Waiting::Approved)
                .collect();
            let any = dice.one_in(8);
            let invitation = dice.of(if any { &all } else { &open })?;
            let invited = model.orgs[&invitation.0].invitations[&invitation.1].person;
            Call::Accept { person: if dice.one_in(8) { by.person } else { invited }, invitation }
        }
        31 => Call::AskAccess { by, product },
        32 | 39 => {
            let others: Vec<_> = orgs(model).into_iter().filter(|org| *org != by.org).collect();
            let own = dice.one_in(8);
            let source = dice.of(&others).filter(|_| !own).unwrap_or(by.org);
            let theirs = &model.orgs[&source].products;
            let both = model.orgs[&by.org].products.intersection(theirs);
            let mut keep: BTreeMap<_, _> =
                both.map(|both| (*both, if dice.one_in(2) { by.org } else { source })).collect();
            if dice.one_in(8) {
                keep.pop_first();
            }
            if dice.one_in(10) {
                keep.insert(product, source);
            }
            Call::AskMerge { by, source, keep }
        }
        33 => Call::ApproveMerge { by: party(dice, model, by), merge: merge(dice, model)? },
        34 if dice.one_in(3) => Call::Dead,
        _ => {
            let merge = merge(dice, model)?;
            if dice.one_in(2) {
                Call::WithdrawMerge { by: party(dice, model, by), merge }
            } else {
                Call::ApproveMerge { by: ender(model, merge).unwrap_or(by), merge }
            }
        }
    })
}

/// Somebody whose credential is good: of any kind, or of those who may more.
fn caller(dice: &mut Dice, model: &Model, high: bool) -> Option<By> {
    let all = || {
        model.orgs.iter().flat_map(|(org, organization)| {
            let good = organization.members.iter().filter(|(_, member)| !member.suspended);
            good.map(|(person, _)| By { org: *org, person: *person })
        })
    };
    let above = |by: &By| model.orgs[&by.org].rank(by.person) >= 20;
    let owner = |by: &By| model.orgs[&by.org].rank(by.person) == 30;
    let list: Vec<_> = match dice.below(3) {
        0 if high => all().filter(above).collect(),
        1 if high => all().filter(owner).collect(),
        2 => all().filter(above).collect(),
        _ => all().collect(),
    };
    dice.of(&list)
}

/// One of the owners of a merge's organizations, mostly.
fn party(dice: &mut Dice, model: &Model, by: By) -> By {
    let owners: Vec<_> =
        model.orgs.iter().map(|(org, organization)| By { org: *org, person: organization.owner() }).collect();
    let owners: Vec<_> = owners.into_iter().filter(|by| !model.orgs[&by.org].members[&by.person].suspended).collect();
    if dice.one_in(4) { by } else { dice.of(&owners).unwrap_or(by) }
}

/// The owner of the organization that would end.
fn ender(model: &Model, merge: usize) -> Option<By> {
    let org = model.merges[&merge].ends;
    model.orgs.get(&org).map(|organization| By { org, person: organization.owner() })
}

fn orgs(model: &Model) -> Vec<Org> {
    model.orgs.keys().copied().collect()
}

/// Mostly one that the organization has.
fn product(dice: &mut Dice, model: &Model, org: Org) -> &'static str {
    let enabled: Vec<_> = model.orgs[&org].products.iter().copied().collect();
    let any = dice.one_in(3);
    dice.of(&enabled).filter(|_| !any).unwrap_or(PRODUCTS[[0, 0, 1, 2][dice.below(4)]].0)
}

fn scopes(dice: &mut Dice) -> BTreeSet<&'static str> {
    (0..=dice.below(2)).map(|_| SCOPES[dice.below(SCOPES.len())]).collect()
}

fn name(dice: &mut Dice, product: &str) -> String {
    let secondary = PRODUCTS.iter().find(|(known, _)| *known == product).map(|(_, roles)| *roles);
    let names: Vec<&str> = match (dice.below(6), secondary) {
        (0, _) => NAMES.to_vec(),
        (_, Some(roles)) => roles.iter().map(|(name, _)| *name).collect(),
        (_, None) => vec!["member", "member", "administrator", "billing_editor", "owner"],
    };
    names[dice.below(names.len())].to_owned()
}

fn role(dice: &mut Dice, model: &Model, org: Org) -> Option<Named> {
    if dice.one_in(3) {
        return some_role(dice, model, org).map(|(org, role)| Named::Id(org, role));
    }
    let product = if dice.one_in(3) { "Accounts" } else { product(dice, model, org) };
    Some(Named::Words(product, name(dice, product)))
}

/// An own role of the organization, rarely of another or one of the catalogue.
fn some_role(dice: &mut Dice, model: &Model, org: Org) -> Option<(Org, Role)> {
    let org = if dice.one_in(10) { dice.of(&orgs(model))? } else { org };
    if dice.one_in(10) {
        return Some((org, super::state::ADMIN));
    }
    dice.of(&model.orgs[&org].own.keys().map(|key| (org, Role::Own(*key))).collect::<Vec<_>>())
}

fn held(dice: &mut Dice, model: &Model, org: Org, person: Person) -> Option<Named> {
    let member = model.orgs[&org].members.get(&person)?;
    dice.of(&member.roles.iter().map(|role| Named::Id(org, *role)).collect::<Vec<_>>())
}

fn invitations(model: &Model, only: Option<Org>) -> Vec<(Org, usize)> {
    let orgs = model.orgs.iter().filter(|(org, _)| only.is_none_or(|only| only == **org));
    orgs.flat_map(|(org, organization)| organization.invitations.keys().map(|key| (*org, *key))).collect()
}

/// One that waits in the organization, rarely any.
fn invitation(dice: &mut Dice, model: &Model, org: Org) -> Option<(Org, usize)> {
    let all = invitations(model, (!dice.one_in(8)).then_some(org));
    let waiting: Vec<_> =
        all.iter().copied().filter(|(org, key)| model.orgs[org].invitations[key].state == Waiting::Pending).collect();
    let any = waiting.is_empty() || dice.one_in(4);
    dice.of(if any { &all } else { &waiting })
}

fn merge(dice: &mut Dice, model: &Model) -> Option<usize> {
    let open: Vec<_> = model.merges.iter().filter(|(_, merge)| model.still_open(merge)).map(|(key, _)| *key).collect();
    let all: Vec<_> = model.merges.keys().copied().collect();
    let any = open.is_empty() || dice.one_in(6);
    dice.of(if any { &all } else { &open })
}
