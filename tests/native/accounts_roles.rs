//! `PUT /v2/accounts/{account_id}/roles`

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, MEMBER, OWNER, Person};
use crate::support::client::{Answer, Client};

fn put(client: &Client, account: &str, set: Value, delete: Value) -> Answer {
    client.put(&format!("/v2/accounts/{account}/roles"), &json!({"set_roles": set, "delete_roles": delete}))
}

fn named(product: &str, role: &str) -> Value {
    json!({"product": product, "role": role})
}

/// Refused with this status, and nothing happened.
fn refused(cast: &Cast, client: &Client, account: &Person, set: Value, delete: Value, status: StatusCode) -> Answer {
    let before = (cast.roles_of(&account.id), cast.audited("account.set_roles"));
    let answer = put(client, &account.id, set, delete);
    assert_eq!((answer.status, answer.calls.database), (status, 1), "{}", answer.text);
    assert_eq!((cast.roles_of(&account.id), cast.audited("account.set_roles")), before);
    answer
}

#[test]
fn set_overwrites_a_role_of_the_same_group_and_custom_roles_accumulate() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    cast.enable("HelpDesk");
    let member = &cast.member.id;
    let steps = [
        (json!([named("LiveChat", "normal")]), json!([]), "Accounts/member,LiveChat/normal"),
        (json!([named("LiveChat", "administrator")]), json!([]), "Accounts/member,LiveChat/administrator"),
        (json!([named("HelpDesk", "viewer")]), json!([]), "Accounts/member,HelpDesk/viewer,LiveChat/administrator"),
        (
            json!([{"role_id": BILLING_EDITOR}]),
            json!([named("HelpDesk", "viewer")]),
            "Accounts/billing_editor,Accounts/member,LiveChat/administrator",
        ),
        (
            json!([{"role_id": ADMINISTRATOR}]),
            json!([]),
            "Accounts/administrator,Accounts/billing_editor,LiveChat/administrator",
        ),
        (json!([]), json!([{"role_id": BILLING_EDITOR}, named("LiveChat", "administrator")]), "Accounts/administrator"),
    ];
    for (step, (set, delete, expected)) in steps.into_iter().enumerate() {
        let answer = put(&cast.owner.client, member, set, delete);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
        assert_eq!(cast.roles_of(member), expected);
        assert_eq!(answer.json()["roles"].as_array().map(Vec::len), Some(expected.split(',').count()));
        assert_eq!(cast.audited("account.set_roles"), i64::try_from(step).expect("few") + 1);
    }
}

#[test]
fn an_answer_lists_roles_by_type_product_and_name() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    cast.enable("ChatBot");
    let set = json!([named("LiveChat", "normal"), named("ChatBot", "editor"), {"role_id": BILLING_EDITOR}]);
    let listed = |answer: &Answer| {
        let of = |account: &Value| {
            let roles = account["roles"].as_array().expect("roles").iter();
            roles
                .map(|role| format!("{} {} {}", role["type"], role["product"], role["role"]).replace('"', ""))
                .collect()
        };
        let accounts = answer.json();
        let found = accounts.as_array().and_then(|list| list.iter().find(|one| one["account_id"] == *cast.member.id));
        let roles: Vec<String> = of(found.unwrap_or(&accounts));
        roles
    };
    let sorted = [
        "custom Accounts billing_editor",
        "primary Accounts member",
        "secondary ChatBot editor",
        "secondary LiveChat normal",
    ];
    assert_eq!(listed(&put(&cast.owner.client, &cast.member.id, set, json!([]))), sorted);
    assert_eq!(listed(&cast.owner.client.get("/v2/accounts")), sorted);
}

#[test]
fn what_changes_nothing_is_200_and_not_audited() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let member = &cast.member.id;
    for (set, delete) in [
        (json!([]), json!([])),
        (Value::Null, Value::Null),
        (json!([{"role_id": MEMBER}]), json!([])),
        (json!([]), json!([named("LiveChat", "normal"), {"role_id": OWNER}, {"role_id": ADMINISTRATOR}])),
    ] {
        let answer = put(&cast.owner.client, member, set, delete);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    assert_eq!((cast.roles_of(member).as_str(), cast.audited("account.set_roles")), ("Accounts/member", 0));
}

#[test]
fn the_audit_log_tells_the_roles_before() {
    let cast = Cast::default();
    put(&cast.owner.client, &cast.member.id, json!([{"role_id": ADMINISTRATOR}]), json!([]));
    cast.world.clock.advance(Duration::from_secs(1));
    put(&cast.administrator.client, "me", json!([{"role_id": MEMBER}]), json!([]));
    let log = cast.owner.client.get("/v2/audit_log?action=account.set_roles").json();
    assert_eq!(log[0]["target"]["id"], cast.administrator.id.as_str(), "me is the caller");
    assert_eq!(log[0]["detail"]["before"], json!({"roles": [ADMINISTRATOR]}));
    assert_eq!(log[1]["target"]["id"], cast.member.id.as_str());
    assert_eq!(log[1]["detail"]["before"], json!({"roles": [MEMBER]}));
    assert_eq!(log[1]["facts"], json!({"changes": [{"at": "set_roles.0", "act": "set", "role_id": ADMINISTRATOR}]}));
}

#[test]
fn z4_the_owner_is_neither_made_nor_demoted() {
    let cast = Cast::default();
    let owner_role = json!([named("Accounts", "owner")]);
    let forbidden = StatusCode::FORBIDDEN;
    for client in [&cast.owner.client, &cast.administrator.client] {
        refused(&cast, client, &cast.member, owner_role.clone(), json!([]), forbidden);
        refused(&cast, client, &cast.owner, owner_role.clone(), json!([]), forbidden);
        refused(&cast, client, &cast.owner, json!([{"role_id": MEMBER}]), json!([]), forbidden);
        refused(
            &cast,
            client,
            &cast.owner,
            json!([{"role_id": ADMINISTRATOR}]),
            json!([{"role_id": OWNER}]),
            forbidden,
        );
        refused(&cast, client, &cast.owner, json!([]), owner_role.clone(), forbidden);
    }
    refused(&cast, &cast.administrator.client, &cast.owner, json!([]), json!([{"role_id": BILLING_EDITOR}]), forbidden);
    assert_eq!(cast.roles_of(&cast.owner.id), "Accounts/owner");
}

#[test]
fn z4_the_owner_may_give_themselves_other_roles() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let answer = put(&cast.owner.client, "me", json!([named("LiveChat", "administrator")]), json!([]));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(cast.roles_of(&cast.owner.id), "Accounts/owner,LiveChat/administrator");
}

#[test]
fn z4_nobody_grants_without_the_scope_or_above_their_rank() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let forbidden = StatusCode::FORBIDDEN;
    let agent = json!([named("LiveChat", "normal")]);
    let answer = refused(&cast, &cast.member.client, &cast.member, agent.clone(), json!([]), forbidden);
    assert_eq!(answer.json()["sub_error"], "insufficient_scope");
    let narrow = cast.with_scopes(&cast.owner, &["accounts.roles--all:ro", "accounts--all:rw"]);
    refused(&cast, &narrow, &cast.member, agent, json!([]), forbidden);
    let other = cast.hire("other.administrator@example.com", &[ADMINISTRATOR]);
    let answer = put(&cast.administrator.client, &other.id, json!([{"role_id": MEMBER}]), json!([]));
    assert_eq!(answer.status, StatusCode::OK, "an equal may be changed: {}", answer.text);
    let answer = put(&cast.administrator.client, &other.id, json!([{"role_id": ADMINISTRATOR}]), json!([]));
    assert_eq!(answer.status, StatusCode::OK, "own rank may be given: {}", answer.text);
}

#[test]
fn z6_a_demoted_administrator_has_lost_the_right_at_once() {
    let cast = Cast::default();
    put(&cast.owner.client, &cast.administrator.id, json!([{"role_id": MEMBER}]), json!([]));
    refused(
        &cast,
        &cast.administrator.client,
        &cast.member,
        json!([{"role_id": ADMINISTRATOR}]),
        json!([]),
        StatusCode::FORBIDDEN,
    );
}

#[test]
fn z4_a_products_administrator_gives_the_roles_of_that_product_only() {
    let cast = Cast::default();
    for product in ["LiveChat", "HelpDesk", "ChatBot"] {
        cast.enable(product);
    }
    let lead = cast.hire("lead@example.com", &[]);
    put(&cast.owner.client, &lead.id, json!([named("LiveChat", "administrator")]), json!([]));
    for (role, expected) in
        [("administrator", "Accounts/member,LiveChat/administrator"), ("normal", "Accounts/member,LiveChat/normal")]
    {
        let answer = put(&lead.client, &cast.member.id, json!([named("LiveChat", role)]), json!([]));
        assert_eq!(
            (answer.status, cast.roles_of(&cast.member.id).as_str()),
            (StatusCode::OK, expected),
            "{}",
            answer.text
        );
    }
    let forbidden = StatusCode::FORBIDDEN;
    for (product, role) in
        [("HelpDesk", "viewer"), ("ChatBot", "editor"), ("Accounts", "administrator"), ("Accounts", "billing_editor")]
    {
        refused(&cast, &lead.client, &cast.member, json!([named(product, role)]), json!([]), forbidden);
    }
    refused(&cast, &lead.client, &cast.administrator, json!([named("LiveChat", "normal")]), json!([]), forbidden);
    refused(&cast, &lead.client, &cast.owner, json!([named("LiveChat", "normal")]), json!([]), forbidden);
    let answer = put(&lead.client, &cast.member.id, json!([]), json!([named("LiveChat", "normal")]));
    assert_eq!((answer.status, cast.roles_of(&cast.member.id).as_str()), (StatusCode::OK, "Accounts/member"));
}

#[test]
fn z4_a_product_scope_does_not_reach_above_the_own_rank_in_the_product() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let agent = cast.hire("agent@example.com", &[]);
    put(&cast.owner.client, &agent.id, json!([named("LiveChat", "normal")]), json!([]));
    let scope = json!({"product": "LiveChat", "role": "hiring", "scope": "accounts.roles.lc--all:rw"});
    assert_eq!(cast.owner.client.post("/v2/roles", &scope).status, StatusCode::CREATED);
    let answer = put(&cast.owner.client, &agent.id, json!([named("LiveChat", "hiring")]), json!([]));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let (normal, administrator) = (json!([named("LiveChat", "normal")]), json!([named("LiveChat", "administrator")]));
    let forbidden = StatusCode::FORBIDDEN;
    refused(&cast, &agent.client, &cast.member, administrator.clone(), json!([]), forbidden);
    refused(&cast, &agent.client, &agent, administrator.clone(), json!([]), forbidden);
    assert_eq!(put(&agent.client, &cast.member.id, normal.clone(), json!([])).status, StatusCode::OK);
    put(&cast.owner.client, &cast.member.id, administrator.clone(), json!([]));
    refused(&cast, &agent.client, &cast.member, normal, json!([]), forbidden);
    refused(&cast, &agent.client, &cast.member, json!([]), administrator, forbidden);
}

#[test]
fn z4_an_administrators_token_for_one_product_reaches_that_product() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    cast.enable("HelpDesk");
    let client = cast.with_scopes(&cast.administrator, &["accounts.roles.hd--all:rw"]);
    let answer = put(&client, &cast.member.id, json!([named("HelpDesk", "administrator")]), json!([]));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.json().get("roles").is_none(), "without accounts.roles--all:ro no roles are told");
    for role in [named("LiveChat", "normal"), named("Accounts", "administrator"), named("Accounts", "member")] {
        refused(&cast, &client, &cast.member, json!([role]), json!([]), StatusCode::FORBIDDEN);
    }
}

#[test]
fn z4_the_scope_for_all_roles_without_the_rank_reaches_no_product() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let role = json!({"product": "Accounts", "role": "people", "scope": "accounts.roles--all:rw"});
    assert_eq!(cast.owner.client.post("/v2/roles", &role).status, StatusCode::CREATED);
    put(&cast.owner.client, &cast.member.id, json!([named("Accounts", "people")]), json!([]));
    let ann = cast.hire("ann@example.com", &[]);
    let forbidden = StatusCode::FORBIDDEN;
    for role in [named("LiveChat", "normal"), named("Accounts", "administrator")] {
        refused(&cast, &cast.member.client, &ann, json!([role.clone()]), json!([]), forbidden);
        refused(&cast, &cast.member.client, &cast.member, json!([role]), json!([]), forbidden);
    }
    let answer = put(&cast.member.client, &ann.id, json!([named("Accounts", "people")]), json!([]));
    assert_eq!(answer.status, StatusCode::OK, "what one holds oneself may be given: {}", answer.text);
}

#[test]
fn z4_a_custom_role_is_given_only_by_who_holds_its_scopes() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let forbidden = StatusCode::FORBIDDEN;
    refused(
        &cast,
        &cast.administrator.client,
        &cast.administrator,
        json!([{"role_id": BILLING_EDITOR}]),
        json!([]),
        forbidden,
    );
    put(&cast.owner.client, "me", json!([named("LiveChat", "administrator")]), json!([]));
    let role = json!({"product": "LiveChat", "role": "reader", "scope": "chats--access:ro,accounts--my:ro"});
    let created = cast.owner.client.post("/v2/roles", &role);
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let reader = json!([named("LiveChat", "reader")]);
    refused(&cast, &cast.administrator.client, &cast.member, reader.clone(), json!([]), forbidden);
    put(&cast.owner.client, &cast.administrator.id, json!([named("LiveChat", "normal")]), json!([]));
    let answer = put(&cast.administrator.client, &cast.member.id, reader, json!([]));
    assert_eq!(answer.status, StatusCode::OK, "LiveChat/normal holds chats--access:rw: {}", answer.text);
}

#[test]
fn z1_accounts_and_roles_of_another_organization_are_absent() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let role = json!({"product": "Accounts", "role": "theirs", "scope": "accounts--my:ro"});
    let theirs = other.owner.client.post("/v2/roles", &role).json()["role_id"].clone();
    let absent = "728b99be-848c-11ea-9b91-00000000beef";
    let member = json!([{"role_id": MEMBER}]);
    for account in [other.member.id.as_str(), absent] {
        let answer = put(&cast.owner.client, account, member.clone(), json!([]));
        assert_eq!((answer.status, answer.json()["resource_name"].as_str()), (StatusCode::NOT_FOUND, Some("account")));
        assert_eq!(answer.json()["resource_id"], account);
    }
    for (set, delete) in [
        (json!([{"role_id": theirs}]), json!([])),
        (json!([]), json!([{"role_id": theirs}])),
        (json!([{"role_id": absent}]), json!([])),
        (json!([named("Accounts", "theirs")]), json!([])),
        (json!([named("Nothing", "member")]), json!([])),
    ] {
        let answer = refused(&cast, &cast.owner.client, &cast.member, set, delete, StatusCode::NOT_FOUND);
        assert_eq!(answer.json()["resource_name"], "role");
    }
    assert_eq!(other.roles_of(&other.member.id), "Accounts/member");
}

#[test]
fn roles_of_a_product_that_is_not_enabled_are_422() {
    let cast = Cast::default();
    cast.enable("HelpDesk");
    let set = json!([named("HelpDesk", "viewer"), named("LiveChat", "normal"), named("ChatBot", "editor")]);
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let answer = refused(&cast, &cast.owner.client, &cast.member, set, json!([]), unprocessable);
    let problem = "the product is not enabled";
    assert_eq!(answer.json()["invalid_fields"], json!({"set_roles.1": problem, "set_roles.2": problem}));
    let delete = json!([named("LiveChat", "normal")]);
    let answer = refused(&cast, &cast.owner.client, &cast.member, json!([]), delete, unprocessable);
    assert_eq!(answer.json()["invalid_fields"], json!({"delete_roles.0": problem}));
}

#[test]
fn the_primary_role_is_replaced_never_removed() {
    let cast = Cast::default();
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let delete = json!([{"role_id": MEMBER}]);
    let answer = refused(&cast, &cast.owner.client, &cast.member, json!([]), delete.clone(), unprocessable);
    assert!(answer.json()["invalid_fields"].get("delete_roles.0").is_some(), "{}", answer.text);
    let answer = put(&cast.owner.client, &cast.member.id, json!([{"role_id": ADMINISTRATOR}]), delete);
    assert_eq!((answer.status, cast.roles_of(&cast.member.id).as_str()), (StatusCode::OK, "Accounts/administrator"));
}

#[test]
fn items_that_contradict_each_other_are_422() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let (normal, administrator) = (named("LiveChat", "normal"), named("LiveChat", "administrator"));
    let same = json!({"role_id": cast.role("LiveChat", "normal")});
    for (set, delete, fields) in [
        (json!([normal, normal]), json!([]), ["set_roles.0", "set_roles.1"]),
        (json!([normal, same]), json!([]), ["set_roles.0", "set_roles.1"]),
        (json!([normal]), json!([same]), ["delete_roles.0", "set_roles.0"]),
        (json!([]), json!([normal, same]), ["delete_roles.0", "delete_roles.1"]),
        (json!([normal, administrator]), json!([]), ["set_roles.0", "set_roles.1"]),
        (json!([{"role_id": MEMBER}, {"role_id": ADMINISTRATOR}]), json!([]), ["set_roles.0", "set_roles.1"]),
    ] {
        let answer = refused(&cast, &cast.owner.client, &cast.member, set, delete, StatusCode::UNPROCESSABLE_ENTITY);
        let named: Vec<String> = answer.json()["invalid_fields"].as_object().expect("fields").keys().cloned().collect();
        assert_eq!(named, fields, "{}", answer.text);
    }
    let answer = put(&cast.owner.client, &cast.member.id, json!([administrator]), json!([normal]));
    assert_eq!(answer.status, StatusCode::OK, "replacing and removing the replaced one agree: {}", answer.text);
}

#[test]
fn what_is_not_a_role_reference_is_422_by_path() {
    let cast = Cast::default();
    let set = json!([{"role_id": "x"}, {}, {"role_id": MEMBER, "role": "member"}]);
    let answer = cast
        .owner
        .client
        .put(&format!("/v2/accounts/{}/roles", cast.member.id), &json!({"set_roles": set, "delete_roles": "all"}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    let form = "must be either role_id or product and role";
    let expected = json!({"set_roles.0.role_id": "invalid uuid", "set_roles.1": form, "set_roles.2": form,
                          "delete_roles": "must be an array"});
    assert_eq!(answer.json()["invalid_fields"], expected);
    let answer = put(&cast.owner.client, "x", json!([]), json!([]));
    assert_eq!(answer.json()["invalid_fields"], json!({"account_id": "invalid uuid"}));
}
