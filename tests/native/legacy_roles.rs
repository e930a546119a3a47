//! The one role of LiveChat of its older interfaces: told, and taken in role references (API, section 5).

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{Cast, Person};

fn cast() -> Cast {
    let cast = Cast::default();
    let enabled = cast.owner.client.post("/v2/organizations/my/products", &json!({"product": "LiveChat"}));
    assert_eq!(enabled.status, StatusCode::OK);
    cast
}

fn legacy(role: &str) -> Value {
    json!([{"product": "LiveChat", "role": role}])
}

fn told(cast: &Cast, who: &Person) -> Value {
    cast.owner.client.get(&format!("/v2/accounts/{}", who.id)).json()["properties"]["LiveChat"]["role"].clone()
}

#[test]
fn a_legacy_role_sets_its_combination_and_is_told_again() {
    let cast = cast();
    let path = format!("/v2/accounts/{}/roles", cast.member.id);
    assert_eq!((told(&cast, &cast.owner), told(&cast, &cast.member)), (json!("owner"), Value::Null));
    for (role, held) in [
        ("normal", "Accounts/member,LiveChat/normal"),
        ("administrator", "Accounts/member,LiveChat/administrator"),
        ("viceowner", "Accounts/administrator,Accounts/billing_editor,LiveChat/administrator"),
        ("normal", "Accounts/administrator,Accounts/billing_editor,LiveChat/normal"),
    ] {
        let answer = cast.owner.client.put(&path, &json!({"set_roles": legacy(role)}));
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
        assert_eq!(answer.json()["properties"]["LiveChat"]["role"], role);
        assert_eq!((cast.roles_of(&cast.member.id).as_str(), told(&cast, &cast.member)), (held, json!(role)));
    }
}

#[test]
fn a_new_account_may_begin_with_one() {
    let cast = cast();
    let new = json!({"email": "vice@example.com", "roles": legacy("viceowner")});
    let answer = cast.owner.client.post("/v2/accounts", &new);
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.json()["properties"]["LiveChat"], json!({"suspended": false, "role": "viceowner"}));
}

#[test]
fn z4_the_owner_is_not_set_by_any_name_and_nobody_gives_more_than_they_are() {
    let cast = cast();
    let path = format!("/v2/accounts/{}", cast.member.id);
    let agent = cast.hire("agent@example.com", &[&cast.role("LiveChat", "administrator")]);
    for (client, role) in
        [(&cast.owner.client, "owner"), (&cast.administrator.client, "owner"), (&agent.client, "viceowner")]
    {
        let set = client.put(&format!("{path}/roles"), &json!({"set_roles": legacy(role)}));
        assert_eq!(set.status, StatusCode::FORBIDDEN, "{}", set.text);
        let new = client.post("/v2/accounts", &json!({"email": "new@example.com", "roles": legacy(role)}));
        assert_eq!(new.status, StatusCode::FORBIDDEN, "{}", new.text);
    }
    assert_eq!(cast.roles_of(&cast.member.id), "Accounts/member");
    assert_eq!(cast.world.rows("account WHERE email = 'new@example.com'"), 0);
}

#[test]
fn a_combination_is_one_item_of_the_call() {
    let cast = cast();
    let path = format!("/v2/accounts/{}/roles", cast.member.id);
    let refused = |body: Value, status: StatusCode| {
        let answer = cast.owner.client.put(&path, &body);
        assert_eq!(answer.status, status, "{}", answer.text);
        answer.json()["invalid_fields"].clone()
    };
    let both =
        json!({"set_roles": [{"product": "LiveChat", "role": "viceowner"}, {"product": "LiveChat", "role": "normal"}]});
    let contradicts = json!({"set_roles.0": "contradicts another item", "set_roles.1": "contradicts another item"});
    assert_eq!(refused(both, StatusCode::UNPROCESSABLE_ENTITY), contradicts);
    let taken = json!({"delete_roles": legacy("viceowner")});
    assert_eq!(refused(taken, StatusCode::NOT_FOUND), Value::Null, "what is taken is named by its own roles");
    cast.world.database.execute("DELETE FROM organization_product");
    let not_enabled = json!({"set_roles.0": "the product is not enabled"});
    assert_eq!(refused(json!({"set_roles": legacy("viceowner")}), StatusCode::UNPROCESSABLE_ENTITY), not_enabled);
    assert_eq!(cast.roles_of(&cast.member.id), "Accounts/member");
}
