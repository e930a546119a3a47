//! Invitations and requests for access.

use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::client::World;

/// Invitations by every way: approved at once and later, declined, accepted by link in each of the three ways; a request
/// for access, approved.
pub(super) fn invitations(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/accounts/invitations";
    const ONE: &str = "/v2/accounts/invitations/{invitation_id}";
    let sign_up = json!({"email": "host@example.com", "password": "BG0SaleEBL"});
    let host = pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let owner = world.bearer(host["access_token"].as_str().expect("a token"));
    const PRODUCTS: &str = "/v2/organizations/{organization_id}/products";
    pass.send(&owner, Method::POST, "/v2/organizations/my/products", PRODUCTS, &json!({"product": "LiveChat"}));
    pass.send(
        &owner,
        Method::PATCH,
        "/v2/organizations/my",
        "/v2/organizations/{organization_id}",
        &json!({"invitation_mode": "lax"}),
    );
    let invite = |pass: &mut Pass, email: &str, role: Value| {
        let body = json!({"email": email, "name": "Guest", "product": "LiveChat", "role": role});
        let id = pass.send(&owner, Method::POST, ALL, ALL, &body).json()["invitation_id"].clone();
        id.as_str().expect("an id").to_owned()
    };
    let waiting = invite(pass, "first@guests.example.com", Value::Null);
    let other = invite(pass, "second@guests.example.com", Value::Null);
    pass.get(&owner, ALL, ALL);
    pass.get(&owner, &format!("{ALL}?email=first@guests.example.com"), ALL);
    pass.follow(&owner, &format!("{ALL}?limit=1"), ALL);
    pass.send(&owner, Method::PUT, &format!("{ALL}/{waiting}"), ONE, &json!({"role": "normal"}));
    pass.delete(&owner, &format!("{ALL}/{other}"), ONE);

    let link = world.link_of(&waiting);
    let token = world.token_of(&waiting);
    let browser = world.browser();
    pass.lead(&browser, &link, "/invitation", &[]);
    let person = [("token", token.as_str()), ("name", "Guest"), ("password", "BG0SaleEBL")];
    pass.send_form(&browser, "/invitation/signup", &person);
    pass.lead(&browser, &link, "/invitation", &[]);

    let known = json!({"email": "third@guests.example.com", "password": "BG0SaleEBL"});
    pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &known);
    let third = invite(pass, "third@guests.example.com", "normal".into());
    let (link, token) = (world.link_of(&third), world.token_of(&third));
    pass.lead(&browser, &link, "/invitation", &[]);
    pass.send_form(&browser, "/invitation/signin", &[("token", &token), ("password", "BG0SaleEBL")]);
    pass.lead(&browser, &link, "/invitation", &[]);
    pass.send_form(&browser, "/invitation", &[("token", &token), ("decision", "accept")]);
    let fourth = invite(pass, "fourth@guests.example.com", "normal".into());
    let (link, token) = (world.link_of(&fourth), world.token_of(&fourth));
    pass.lead(&browser, &link, "/invitation", &[]);
    pass.send_form(&browser, "/invitation", &[("token", &token), ("decision", "decline")]);
}
