//! A role as a request names it: `{role_id}` or `{product, role}`, exactly one form (API, section 1.4).

use crate::domain::account::MAX_PRODUCT;
use crate::domain::role::{MAX_CHANGES, MAX_NAME, RoleReference};
use crate::domain::text::required;
use crate::http::fields::Fields;

/// Every item of an array field; absent and `null` give none.
pub(super) fn read(fields: &mut Fields, name: &str) -> Vec<RoleReference> {
    fields.objects(name, MAX_CHANGES, item)
}

fn item(fields: &mut Fields) -> Option<RoleReference> {
    let by_name = fields.has("product") || fields.has("role");
    if fields.has("role_id") == by_name {
        return fields.refuse_whole(&"must be either role_id or product and role");
    }
    if !by_name {
        return fields.required_text("role_id", str::parse).map(RoleReference::Id);
    }
    let product = fields.required_text("product", |text| required(text, MAX_PRODUCT));
    let role = fields.required_text("role", |text| required(text, MAX_NAME));
    product.zip(role).map(|(product, role)| RoleReference::Name { product, role })
}
