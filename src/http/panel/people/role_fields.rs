//! A member's roles as fields of a form, and back.

use std::collections::BTreeSet;

use crate::domain::account::ACCOUNTS;
use crate::domain::legacy_role::{self, LIVECHAT};
use crate::domain::role::{MAX_CHANGES, RoleChanges, RoleReference};
use crate::http::forms::Form;
use crate::http::pages::panel::{CustomRole, RoleChoice, RoleOption};
use crate::usecase::accounts::AccountRow;
use crate::usecase::roles::RoleRow;

/// A role of older interfaces that can be set; it stands for several.
const VICEOWNER: &str = "viceowner";

/// The primary role, then the one of each product.
pub(super) fn choices(row: &AccountRow, roles: &[RoleRow], chosen: Option<&Form>) -> Vec<RoleChoice> {
    let products = row.products.iter().map(String::as_str);
    [ACCOUNTS].into_iter().chain(products).map(|product| choice(product, row, roles, chosen)).collect()
}

fn choice(product: &str, row: &AccountRow, roles: &[RoleRow], chosen: Option<&Form>) -> RoleChoice {
    let kind = if product == ACCOUNTS { "primary" } else { "secondary" };
    let held = row.roles.iter().find(|role| role.product == product && role.r#type == kind);
    let now = held.map(|role| role.role.clone()).unwrap_or_default();
    let legacy = legacy_role::of(|product, name| row.roles.iter().any(|role| role.is(product, name)));
    let legacy = legacy.filter(|name| product == LIVECHAT && *name != now);
    if held.is_some_and(|role| role.is(ACCOUNTS, "owner")) {
        return RoleChoice { product: product.to_owned(), options: Vec::new(), now, legacy };
    }
    let option = |value: String, role: &str, is_held: bool| {
        let chosen = chosen.map_or(is_held, |form| form.all("role").any(|one| one == value));
        RoleOption { value, role: role.to_owned(), chosen }
    };
    let none = held.map_or_else(String::new, |role| format!("-{}", role.role_id));
    let none = (product != ACCOUNTS).then(|| option(none, "", held.is_none()));
    let of_product = roles.iter().filter(|role| role.product == product && role.r#type == kind);
    let named = of_product.filter(|role| !role.is(ACCOUNTS, "owner")).map(|role| {
        option(role.role_id.to_string(), &role.role, held.is_some_and(|held| held.role_id == role.role_id))
    });
    let vice = (product == LIVECHAT).then(|| option(format!("{LIVECHAT}/{VICEOWNER}"), VICEOWNER, false));
    let options = none.into_iter().chain(named).chain(vice).collect();
    RoleChoice { product: product.to_owned(), options, now, legacy }
}

/// Roles that come beside the others: of what the organization has, and those that are held anyway.
pub(super) fn custom(row: &AccountRow, roles: &[RoleRow], chosen: Option<&Form>) -> Vec<CustomRole> {
    let held = |role: &RoleRow| row.roles.iter().any(|held| held.role_id == role.role_id);
    let can_be = |product: &str| product == ACCOUNTS || row.products.iter().any(|one| one == product);
    let custom = roles.iter().filter(|role| role.r#type == "custom" && (can_be(&role.product) || held(role)));
    let boxes = custom.map(|role| {
        let id = role.role_id.to_string();
        CustomRole {
            ticked: chosen.map_or_else(|| held(role), |form| form.all("role").any(|one| one == id)),
            id,
            product: role.product.clone(),
            role: role.role.clone(),
            predefined: role.predefined,
        }
    });
    boxes.collect()
}

/// What the form asks for: to hold what is chosen now and was not held when the page was made, and no longer to hold
/// what was held and is not ticked any more. What somebody else changed meanwhile stays. `None` if it is no such form.
pub(super) fn changes(form: &Form) -> Option<RoleChanges> {
    let held: BTreeSet<&str> = form.all("held").collect();
    let chosen: BTreeSet<&str> = form.all("role").filter(|value| !value.is_empty()).collect();
    let unticked = form.all("box").filter(|id| held.contains(id) && !chosen.contains(id));
    let taken = chosen.iter().filter_map(|value| value.strip_prefix('-'));
    let delete = taken.chain(unticked).map(|id| id.parse().ok().map(RoleReference::Id));
    let set =
        chosen.iter().filter(|value| !value.starts_with('-') && !held.contains(*value)).map(|value| reference(value));
    let (set, delete): (Option<Vec<_>>, Option<Vec<_>>) = (set.collect(), delete.collect());
    let (set, delete) = (set?, delete?);
    (set.len() <= MAX_CHANGES && delete.len() <= MAX_CHANGES).then_some(RoleChanges {
        set_field: "set_roles",
        set,
        delete,
    })
}

fn reference(value: &str) -> Option<RoleReference> {
    match value.split_once('/') {
        Some((product, role)) => Some(RoleReference::Name { product: product.to_owned(), role: role.to_owned() }),
        None => value.parse().ok().map(RoleReference::Id),
    }
}
