//! Merges of organizations.

use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::client::World;

/// Two organizations that become part of a third one, after it was asked for and taken back from both sides.
pub(super) fn merges(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/organizations/{organization_id}/merges";
    const ONE: &str = "/v2/organizations/{organization_id}/merges/{merge_id}";
    const APPROVE: &str = "/v2/organizations/{organization_id}/merges/{merge_id}/approve";
    let mut found = |email: &str| {
        let sign_up = json!({"email": email, "password": "BG0SaleEBL"});
        let created =
            pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (world.bearer(&text(&created["access_token"])), text(&created["organization"]["organization_id"]))
    };
    let [(staying, _), (joining, source), (late, other)] =
        ["staying@example.com", "joining@example.com", "late@example.com"].map(&mut found);
    world.database.execute("UPDATE account SET email_verified = 1");
    let ask = |pass: &mut Pass, wish: Value| -> String {
        let asked = pass.send(&staying, Method::POST, "/v2/organizations/my/merges", ALL, &wish).json();
        asked["merge_id"].as_str().expect("an id").to_owned()
    };
    let with_password = json!({"source_organization_id": source, "password": "BG0SaleEBL"});
    let merge = ask(pass, with_password);
    pass.get(&joining, "/v2/organizations/my/merges", ALL);
    pass.delete(&joining, &format!("/v2/organizations/my/merges/{merge}"), ONE);
    let merge = ask(pass, json!({"source_organization_id": source}));
    pass.get(&staying, &format!("/v2/organizations/{source}/merges"), ALL);
    pass.get(&staying, &format!("/v2/organizations/my/merges/{merge}"), ONE);
    let approval = json!({"password": "BG0SaleEBL"});
    let approve = |merge: &str| format!("/v2/organizations/my/merges/{merge}/approve");
    pass.send(&joining, Method::POST, &approve(&merge), APPROVE, &approval);
    let merge = ask(pass, json!({"source_organization_id": other}));
    pass.send(&late, Method::POST, &approve(&merge), APPROVE, &Value::Null);
    pass.get(&staying, &format!("/v2/audit_log?organization_id={source}"), "/v2/audit_log");
}
