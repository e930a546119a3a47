//! `POST /v2/accounts`

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::cast::{ADMINISTRATOR, Cast, MEMBER, OWNER};
use crate::support::client::World;
use crate::support::sqlite::Fault;

fn accounts(cast: &Cast) -> i64 {
    cast.world.database.value("SELECT count(*) FROM account")
}

#[test]
fn a_new_account_is_201_in_one_round_trip_and_a_member_of_the_organization() {
    let cast = Cast::default();
    let answer = cast.owner.client.post(
        "/v2/accounts",
        &json!({"email": "Ann@Example.com", "name": "Ann", "avatar_url": "https://example.com/a.png",
                "default_product": "LiveChat", "default_organization_id": cast.organization}),
    );
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CREATED, 1), "{}", answer.text);
    let body = answer.json();
    assert_eq!(body["email"], "Ann@Example.com");
    assert_eq!(body["name"], "Ann");
    assert_eq!(body["avatar_url"], "https://example.com/a.png");
    assert_eq!(body["default_product"], "LiveChat");
    assert_eq!(body["default_organization_id"], cast.organization.as_str());
    assert_eq!(body["email_verified"], false);
    assert_eq!(body["roles"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["roles"][0]["role_id"], MEMBER);
    let id = body["account_id"].as_str().expect("an id");
    assert_eq!(cast.owner.client.get(&format!("/v2/accounts/{id}")).json(), body);
    assert_eq!(cast.audited("account.create"), 3);
}

#[test]
fn r4_a_second_create_is_200_and_changes_nothing() {
    let cast = Cast::default();
    let first = cast.owner.client.post("/v2/accounts", &json!({"email": "ann@example.com", "name": "Ann"}));
    let before = (accounts(&cast), cast.audited("account.create"));
    let again = json!({"email": "ANN@example.com", "name": "Other", "roles": [{"role_id": ADMINISTRATOR}]});
    let second = cast.owner.client.post("/v2/accounts", &again);
    assert_eq!((second.status, second.calls.database), (StatusCode::OK, 1));
    assert_eq!(second.json(), first.json());
    assert_eq!((accounts(&cast), cast.audited("account.create")), before);
}

#[test]
fn r4_the_second_create_with_a_password_hashes_nothing_and_keeps_the_first() {
    let cast = Cast::default();
    let body = json!({"email": "ann@example.com", "password": "BG0SaleEBL"});
    let first = cast.owner.client.post("/v2/accounts", &body);
    assert_eq!((first.status, first.calls.database), (StatusCode::CREATED, 2), "{}", first.text);
    let stored = || -> String { cast.world.database.value("SELECT group_concat(phc) FROM password") };
    let kept = stored();
    let second =
        cast.owner.client.post("/v2/accounts", &json!({"email": "ann@example.com", "password": "other-pw-123"}));
    assert_eq!((second.status, second.calls.database), (StatusCode::OK, 1));
    assert_eq!((second.json(), stored()), (first.json(), kept));
}

#[test]
fn r4_twenty_creates_at_once_make_one_account() {
    for password in [Value::Null, json!("BG0SaleEBL")] {
        let cast = Cast::default();
        let before = accounts(&cast);
        let body = json!({"email": "ann@example.com", "password": password});
        let statuses = at_once(20, || cast.owner.client.post("/v2/accounts", &body).status);
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CREATED).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 19, "{statuses:?}");
        assert_eq!((accounts(&cast), cast.audited("account.create")), (before + 1, 3));
    }
}

#[test]
fn r4_what_happens_while_the_password_is_hashed_counts() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    for (organization, status) in [(&cast.organization, StatusCode::OK), (&other.organization, StatusCode::CONFLICT)] {
        let id = cast.world.app().request_id();
        let email = format!("{id}@example.com");
        cast.world.database.meanwhile(
            1,
            &format!(
                "INSERT INTO account (account_id, email, email_key, created_at, updated_at)
                 VALUES ('{id}', '{email}', '{email}', 0, 0);
                 INSERT INTO membership (organization_id, account_id, created_at, updated_at)
                 VALUES ('{organization}', '{id}', 0, 0)"
            ),
        );
        let answer = cast.owner.client.post("/v2/accounts", &json!({"email": email, "password": "BG0SaleEBL"}));
        assert_eq!((answer.status, answer.calls.database), (status, 2), "{}", answer.text);
        let sql = format!("SELECT count(*) FROM password WHERE account_id = '{id}'");
        assert_eq!(cast.world.database.value::<i64>(&sql), 0);
    }
}

#[test]
fn r13_a_create_repeated_after_a_lost_answer_is_one_account() {
    let cast = Cast::default();
    let body = json!({"email": "ann@example.com"});
    cast.world.database.set_fault(Some(Fault::AfterCommit));
    assert_eq!(cast.owner.client.post("/v2/accounts", &body).status, StatusCode::SERVICE_UNAVAILABLE);
    cast.world.database.set_fault(None);
    assert_eq!(cast.owner.client.post("/v2/accounts", &body).status, StatusCode::OK);
    assert_eq!((accounts(&cast), cast.audited("account.create")), (4, 3));
}

#[test]
fn an_account_of_another_organization_is_409_without_its_id() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    for body in [json!({"email": "other@example.com"}), json!({"email": "other@example.com", "password": "BG0SaleEBL"})]
    {
        let answer = cast.owner.client.post("/v2/accounts", &body);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::CONFLICT, 1), "{}", answer.text);
        assert_eq!(answer.json()["resource_name"], "account");
        assert!(
            !answer.text.contains(&other.owner.id) && answer.json().get("resource_id").is_none(),
            "{}",
            answer.text
        );
    }
    assert_eq!(cast.roles_of(&other.owner.id), "", "no membership");
}

#[test]
fn z5_a_member_may_create_without_roles_and_password_only() {
    let cast = Cast::default();
    let before = accounts(&cast);
    let roles = json!({"email": "ann@example.com", "roles": [{"role_id": MEMBER}]});
    let password = json!({"email": "ann@example.com", "password": "BG0SaleEBL"});
    for (body, scope) in [(roles, "accounts.roles--all:rw"), (password, "accounts--all:rw")] {
        let answer = cast.member.client.post("/v2/accounts", &body);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
        assert_eq!(answer.json()["sub_error"], "insufficient_scope");
        assert!(answer.header("www-authenticate").contains(scope), "{}", answer.header("www-authenticate"));
    }
    assert_eq!(accounts(&cast), before);
    let answer = cast.member.client.post("/v2/accounts", &json!({"email": "ann@example.com", "roles": []}));
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let reader = cast.with_scopes(&cast.owner, &["accounts--all:ro", "accounts--my:rw"]);
    assert_eq!(reader.post("/v2/accounts", &json!({"email": "b@example.com"})).status, StatusCode::FORBIDDEN);
    assert_eq!(accounts(&cast), before + 1);
}

#[test]
fn roles_are_given_besides_the_primary_one() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let create = |email: &str, roles: Value| {
        let answer = cast.administrator.client.post("/v2/accounts", &json!({"email": email, "roles": roles}));
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        cast.roles_of(answer.json()["account_id"].as_str().expect("an id"))
    };
    let agent = json!({"product": "LiveChat", "role": "normal"});
    assert_eq!(create("a@example.com", json!([agent])), "Accounts/member,LiveChat/normal");
    let administrator = json!({"product": "Accounts", "role": "administrator"});
    assert_eq!(create("b@example.com", json!([agent, administrator])), "Accounts/administrator,LiveChat/normal");
}

#[test]
fn z4_roles_at_creation_obey_the_rules_of_setting_them() {
    let cast = Cast::default();
    let before = accounts(&cast);
    let unknown = "728b99be-848c-11ea-9b91-00000000beef";
    let refused = [
        (json!([{"role_id": OWNER}]), StatusCode::FORBIDDEN),
        (json!([{"role_id": unknown}]), StatusCode::UNPROCESSABLE_ENTITY),
        (json!([{"product": "LiveChat", "role": "normal"}]), StatusCode::UNPROCESSABLE_ENTITY),
        (json!([{"role_id": MEMBER}, {"role_id": ADMINISTRATOR}]), StatusCode::UNPROCESSABLE_ENTITY),
    ];
    for (roles, status) in refused {
        let answer = cast.administrator.client.post("/v2/accounts", &json!({"email": "a@example.com", "roles": roles}));
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    assert_eq!(accounts(&cast), before);
}

#[test]
fn every_bad_field_is_named_at_once() {
    let cast = Cast::default();
    let answer = cast.owner.client.post(
        "/v2/accounts",
        &json!({
            "email": "john", "name": "x".repeat(192), "avatar_url": "javascript:alert(1)", "password": "short",
            "default_product": 7, "default_organization_id": "x",
            "roles": [{"role_id": "x"}, {}, {"role_id": MEMBER, "product": "Accounts", "role": "member"},
                      {"product": "Accounts"}, null, 5],
        }),
    );
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let expected = json!({
        "email": "invalid email format", "name": "value too long", "avatar_url": "invalid url",
        "password": "value too short", "default_product": "must be a string", "default_organization_id": "invalid uuid",
        "roles.0.role_id": "invalid uuid", "roles.1": "must be either role_id or product and role",
        "roles.2": "must be either role_id or product and role", "roles.3.role": "is required",
        "roles.4": "must be an object", "roles.5": "must be an object",
    });
    assert_eq!(answer.json()["invalid_fields"], expected);
    let many: Vec<Value> = (0..101).map(|_| json!({"role_id": MEMBER})).collect();
    let answer = cast.owner.client.post("/v2/accounts", &json!({"roles": many}));
    let expected = json!({"email": "is required", "roles": "holds more than 100 items"});
    assert_eq!(answer.json()["invalid_fields"], expected);
}

#[test]
fn defaults_must_exist() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let before = accounts(&cast);
    for (field, value) in [("default_product", "Nothing"), ("default_organization_id", other.organization.as_str())] {
        let answer = cast.owner.client.post("/v2/accounts", &json!({"email": "a@example.com", field: value}));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.json()["invalid_fields"].get(field).is_some(), "{}", answer.text);
    }
    assert_eq!(accounts(&cast), before);
}

#[test]
fn z3_read_only_and_unknown_fields_are_never_applied() {
    let cast = Cast::default();
    let answer = cast.owner.client.post(
        "/v2/accounts",
        &json!({"email": "a@example.com", "account_id": OWNER, "email_verified": true, "organization_id": OWNER,
                "created_at": "2000-01-01T00:00:00.000Z", "mfa": true}),
    );
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_ne!(answer.json()["account_id"], OWNER);
    assert_eq!(answer.json()["email_verified"], false);
    assert_eq!(answer.json()["created_at"], "2023-11-14T22:13:20.000Z");
    assert_eq!(cast.world.database.value::<i64>("SELECT sum(mfa) FROM account"), 0);
}

#[test]
fn too_many_passwords_are_refused_before_hashing() {
    let cast = Cast::of(World::with(&[("PASSWORDS_PER_HOUR", "2")]), "owner@example.com");
    let create = |n: usize| {
        cast.owner.client.post("/v2/accounts", &json!({"email": format!("n{n}@example.com"), "password": "BG0SaleEBL"}))
    };
    assert_eq!((create(1).status, create(2).status), (StatusCode::CREATED, StatusCode::CREATED));
    let third = create(3);
    assert_eq!((third.status, third.calls.database), (StatusCode::TOO_MANY_REQUESTS, 1));
    assert_eq!(third.header("retry-after"), "3600");
    assert_eq!(cast.world.database.value::<i64>("SELECT count(*) FROM account WHERE email LIKE 'n%'"), 2);
}
