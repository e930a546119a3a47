//! `/v2/clients`.

use axum::body::Body;
use global_accounts::oauth::digest::Digest;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::client::{Answer, Client, World};
use crate::support::office::{Office, office, office_in};
use crate::support::plant::{ADMINISTRATOR, MEMBER};

const PATH: &str = "/v2/clients";
const PRODUCT_CLIENT: &str = "1887ed48fa338511da234a28cd8b750a";
const UNKNOWN: &str = "00000000000000000000000000000000";

fn application() -> Value {
    json!({
        "name": "Reports",
        "type": "server_side_app",
        "visibility": "private",
        "redirect_uri": "https://Reports.example.com/callback, http://localhost:3000/cb",
        "scopes": ["accounts--my:ro", {"scope": "accounts--all:ro", "required": false}],
        "configuration_uri": "https://reports.example.com/settings",
    })
}

fn create(client: &Client, body: &Value) -> Value {
    let answer = client.post(PATH, body);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CREATED, 1), "{}", answer.text);
    answer.json()
}

fn path_of(client: &Value) -> String {
    format!("{PATH}/{}", client["client_id"].as_str().expect("an id"))
}

fn void(answer: &Answer) {
    assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::OK, "{}", 1));
}

fn scopes_of(client: &Client, path: &str) -> Value {
    let scopes = client.get(path).json()["scopes"].clone();
    scopes.as_array().expect("scopes").iter().map(|s| json!([s["scope"], s["required"]])).collect()
}

fn delete_scopes(client: &Client, path: &str, body: &Value) -> Answer {
    client.send(Method::DELETE, &format!("{path}/scopes"), Body::from(body.to_string()))
}

#[test]
fn an_application_is_registered_and_its_secret_shown_once() {
    let Office { world, owner, owner_id, id } = office();
    let created = create(&owner, &application());
    let secret = created["secret"].as_str().expect("a secret").to_owned();
    let client_id = created["client_id"].as_str().expect("an id").to_owned();
    assert!(client_id.len() == 32 && client_id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
    let expected = json!({
        "client_id": client_id,
        "organization_id": id,
        "name": "Reports",
        "type": "server_side_app",
        "visibility": "private",
        "configuration_uri": "https://reports.example.com/settings",
        "redirect_uri": "https://reports.example.com/callback,http://localhost:3000/cb",
        "scopes": [
            {"scope": "accounts--all:ro", "required": false, "description": "See all accounts of the organization"},
            {"scope": "accounts--my:ro", "required": true, "description": "See your account"},
        ],
        "products": [],
    });
    let one = owner.get(&path_of(&created));
    assert_eq!((one.status, one.calls.database, one.json()), (StatusCode::OK, 1, expected.clone()));
    let list = owner.get(PATH);
    assert_eq!((list.calls.database, list.json()), (1, json!([expected])));
    let (stored, author): (String, String) = (
        world.database.value("SELECT secret_digest FROM client WHERE organization_id IS NOT NULL"),
        world.database.value("SELECT created_by FROM client WHERE organization_id IS NOT NULL"),
    );
    assert_eq!((stored, author), (Digest::of(secret.as_bytes()).as_str().to_owned(), owner_id));
    let leaks: i64 =
        world.database.value(&format!("SELECT count(*) FROM audit_detail WHERE instr(detail, '{secret}')"));
    assert_eq!(leaks, 0, "l4");
    let log = owner.get("/v2/audit_log?action=client.create").json();
    assert_eq!((&log[0]["target"]["id"], &log[0]["detail"]["after"]["name"]), (&json!(client_id), &json!("Reports")));
}

#[test]
fn a_public_client_has_no_secret() {
    let Office { world, owner, .. } = office();
    let created = create(&owner, &json!({"name": "Widget", "type": "javascript_app"}));
    assert!(created.get("secret").is_none());
    assert_eq!(
        (&created["visibility"], &created["redirect_uri"], &created["scopes"]),
        (&json!("private"), &json!(""), &json!([]))
    );
    assert_eq!(world.rows("client WHERE organization_id IS NOT NULL AND secret_digest IS NOT NULL"), 0);
}

#[test]
fn every_bad_field_is_named_at_once() {
    let Office { world, owner, .. } = office();
    let body = json!({
        "name": "", "type": "native", "visibility": "secret", "redirect_uri": "https://a.example/,javascript:alert(1)",
        "scopes": ["accounts--my:ro", 7, {"required": true}, {"scope": "accounts--my:ro", "required": "yes"}, "a b"],
        "configuration_uri": "javascript:alert(1)",
    });
    let answer = owner.post(PATH, &body);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    let fields: Vec<String> = answer.json()["invalid_fields"].as_object().expect("fields").keys().cloned().collect();
    let expected = [
        "configuration_uri",
        "name",
        "redirect_uri",
        "scopes.1",
        "scopes.2",
        "scopes.3",
        "scopes.4",
        "type",
        "visibility",
    ];
    assert_eq!(fields, expected);
    for body in
        [json!({}), json!({"name": "x"}), json!({"name": "x", "type": "javascript_app", "scopes": "accounts--my:ro"})]
    {
        assert_eq!(owner.post(PATH, &body).status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    assert_eq!(world.rows("client WHERE organization_id IS NOT NULL"), 0);
}

#[test]
fn z3_what_is_not_writable_is_not_written() {
    let Office { world, owner, owner_id, id } = office();
    let mut body = application();
    let more = json!({"client_id": UNKNOWN, "organization_id": UNKNOWN, "secret": "chosen", "product": "LiveChat",
                      "created_by": UNKNOWN, "strict": true, "token_epoch": 7});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let created = create(&owner, &body);
    assert_ne!(created["client_id"], UNKNOWN);
    assert_eq!(created["organization_id"], json!(id));
    assert_ne!(created["secret"], "chosen");
    let row: String = world.database.value(
        "SELECT created_by || strict || token_epoch || coalesce(product, '-') FROM client WHERE organization_id IS NOT NULL",
    );
    assert_eq!(row, format!("{owner_id}00-"));
}

#[test]
fn z4_scopes_exist_are_public_and_are_not_the_owners_alone() {
    let Office { world, owner, id, .. } = office();
    let with = |scopes: Value| json!({"name": "x", "type": "javascript_app", "scopes": scopes});
    let unknown = owner.post(PATH, &with(json!(["accounts--my:ro", "nothing:rw", "sessions--all:rw"])));
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unknown.json()["invalid_fields"], json!({"scopes": "unknown scope: nothing:rw, sessions--all:rw"}));

    let administrator = world.member_of(&id, "admin@example.com", ADMINISTRATOR);
    let theirs = world.bearer(&world.full_token_for(&administrator, &id));
    let above = theirs.post(PATH, &with(json!(["accounts--my:ro", "billing_admin"])));
    assert_eq!((above.status, above.json()["sub_error"].as_str()), (StatusCode::FORBIDDEN, Some("insufficient_scope")));
    assert!(above.header("www-authenticate").contains("scope=\"billing_admin\""));
    assert_eq!(world.rows("client WHERE organization_id IS NOT NULL"), 0);

    let every: String = world
        .database
        .value("SELECT json_group_array(scope) FROM scope WHERE private = 0 AND scope <> 'billing_admin'");
    let every: Value = serde_json::from_str(&every).expect("JSON");
    assert_eq!(
        create(&theirs, &with(every.clone()))["scopes"].as_array().map(Vec::len),
        every.as_array().map(Vec::len)
    );
    create(&owner, &with(json!(["billing_admin"])));

    let path = path_of(&create(&theirs, &with(json!([]))));
    let put = theirs.put(&format!("{path}/scopes"), &json!(["billing_admin"]));
    assert_eq!((put.status, scopes_of(&theirs, &path)), (StatusCode::FORBIDDEN, json!([])));
}

#[test]
fn only_administrators_with_own_credentials_manage_clients() {
    let Office { world, owner, owner_id, id } = office();
    let path = path_of(&create(&owner, &application()));
    let member = world.member_of(&id, "member@example.com", MEMBER);
    let callers = [
        ("member", world.bearer(&world.full_token_for(&member, &id))),
        ("application", world.bearer(&world.application_token_for(&owner_id, &id))),
        ("narrow", world.bearer(&world.token_for(&owner_id, &id, &["accounts--all:rw"]))),
    ];
    let before = world.rows("client");
    for (name, caller) in callers {
        let answers = [
            caller.get(PATH),
            caller.get(&path),
            caller.post(PATH, &application()),
            caller.patch(&path, &json!({"name": "Taken"})),
            caller.put(&format!("{path}/scopes"), &json!(["accounts--my:rw"])),
            delete_scopes(&caller, &path, &json!(["accounts--my:ro"])),
            caller.delete(&path),
        ];
        for answer in answers {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.text);
        }
    }
    assert_eq!(world.rows("client"), before);
    assert_eq!(owner.get(&path).json()["name"], "Reports");
    assert_eq!(scopes_of(&owner, &path), json!([["accounts--all:ro", false], ["accounts--my:ro", true]]));
}

#[test]
fn z1_another_organizations_client_and_a_products_client_are_absent() {
    let Office { world, owner, .. } = office();
    let (stranger, _) = world.sign_up("stranger@example.com");
    let foreign = create(&stranger, &application());
    let foreign_id = foreign["client_id"].as_str().expect("an id").to_owned();
    for id in [foreign_id.as_str(), PRODUCT_CLIENT, UNKNOWN] {
        let path = format!("{PATH}/{id}");
        let answers = [
            owner.get(&path),
            owner.patch(&path, &json!({"name": "Taken", "redirect_uri": "https://evil.example/", "secret": true})),
            owner.put(&format!("{path}/scopes"), &json!(["accounts--my:rw"])),
            delete_scopes(&owner, &path, &json!(["accounts--my:ro"])),
            owner.delete(&path),
        ];
        for answer in answers {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
            assert_eq!(
                (answer.json()["resource_name"].as_str(), answer.json()["resource_id"].as_str()),
                (Some("client"), Some(id))
            );
        }
    }
    for id in ["x", "1887ED48FA338511DA234A28CD8B750A", "1887ed48-fa33-8511-da23-4a28cd8b750a"] {
        assert_eq!(owner.get(&format!("{PATH}/{id}")).status, StatusCode::UNPROCESSABLE_ENTITY, "{id}");
    }
    assert_eq!(owner.get(PATH).json(), json!([]));
    let mut untouched = foreign.clone();
    untouched.as_object_mut().expect("an object").remove("secret");
    assert_eq!(stranger.get(&path_of(&foreign)).json(), untouched);
    let product: String =
        world.database.value(&format!("SELECT name FROM client WHERE client_id = '{PRODUCT_CLIENT}'"));
    assert_eq!((product.as_str(), world.rows("audit_log WHERE action LIKE 'client.%'")), ("LiveChat", 1));
}

#[test]
fn a_change_answers_nothing_and_keeps_what_it_does_not_name() {
    let Office { world, owner, .. } = office();
    let created = create(&owner, &application());
    let path = path_of(&created);
    void(&owner.patch(&path, &json!({"redirect_uri": "com.example.reports:/cb", "type": "server_side_app"})));
    let now = owner.get(&path).json();
    assert_eq!(now["redirect_uri"], "com.example.reports:/cb");
    for field in ["name", "visibility", "configuration_uri", "scopes", "type"] {
        assert_eq!(now[field], created[field], "{field}");
    }
    void(&owner.patch(&path, &json!({"name": "Numbers", "configuration_uri": null, "visibility": "public"})));
    let now = owner.get(&path).json();
    assert_eq!(
        (&now["name"], &now["configuration_uri"], &now["visibility"]),
        (&json!("Numbers"), &Value::Null, &json!("public"))
    );
    assert_eq!(now["redirect_uri"], "com.example.reports:/cb");
    let log = owner.get("/v2/audit_log?action=client.update").json();
    let entry =
        log.as_array().expect("entries").iter().find(|e| e["detail"]["after"].get("name").is_some()).expect("an entry");
    assert_eq!(
        (&entry["detail"]["before"]["name"], &entry["detail"]["after"]["name"]),
        (&json!("Reports"), &json!("Numbers"))
    );
    assert_eq!(entry["facts"]["fields"], json!(["configuration_uri", "name", "visibility"]));
    let refused = owner.patch(&path, &json!({"redirect_uri": "http://evil.example/", "name": "Taken"}));
    assert_eq!((refused.status, refused.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    assert_eq!(owner.get(&path).json()["name"], "Numbers");
    assert_eq!(world.rows("client_redirect_uri WHERE redirect_uri LIKE 'http:%'"), 0);
}

#[test]
fn t2_a_secret_is_never_chosen_by_the_caller() {
    let Office { world, owner, .. } = office();
    let created = create(&owner, &application());
    let (path, first) = (path_of(&created), created["secret"].as_str().expect("a secret").to_owned());
    let stored =
        || world.database.value::<Option<String>>("SELECT secret_digest FROM client WHERE organization_id IS NOT NULL");
    let digest = |text: &str| Some(Digest::of(text.as_bytes()).as_str().to_owned());

    for chosen in [json!("chosen-by-me"), json!(7), json!({})] {
        let refused = owner.patch(&path, &json!({"secret": chosen, "name": "Taken"}));
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{chosen}");
        assert!(refused.json()["invalid_fields"]["secret"].is_string());
    }
    assert_eq!((stored(), owner.get(&path).json()["name"].as_str()), (digest(&first), Some("Reports")));
    for unchanged in [json!(first), json!(""), json!(false), json!(null)] {
        void(&owner.patch(&path, &json!({"secret": unchanged})));
        assert_eq!(stored(), digest(&first), "{unchanged}");
    }
    let rotated = owner.patch(&path, &json!({"secret": true}));
    let second = rotated.json()["secret"].as_str().expect("a new secret").to_owned();
    assert_eq!((rotated.calls.database, stored()), (1, digest(&second)));
    assert_ne!(first, second);
    assert_eq!(
        owner.patch(&path, &json!({"secret": first})).status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the old one is void"
    );
    assert_eq!(world.rows("audit_log WHERE facts LIKE '%rotated%'"), 1);
}

#[test]
fn the_type_decides_whether_there_is_a_secret_and_its_change_ends_the_tokens() {
    let Office { world, owner, owner_id, id } = office();
    let created = create(&owner, &application());
    let (path, client_id) = (path_of(&created), created["client_id"].as_str().expect("an id").to_owned());
    let secrets = || world.rows("client WHERE secret_digest IS NOT NULL");
    let token = || world.bearer(&world.client_token_for(&owner_id, &id, &client_id));

    let before = token();
    void(&owner.patch(&path, &json!({"type": "javascript_app"})));
    assert_eq!((secrets(), before.get("/v2/accounts/me").status), (0, StatusCode::UNAUTHORIZED));
    let refused = owner.patch(&path, &json!({"secret": true}));
    assert_eq!((refused.status, secrets()), (StatusCode::UNPROCESSABLE_ENTITY, 0), "a public client has none");

    let before = token();
    void(&owner.patch(&path, &json!({"type": "javascript_app", "name": "Same"})));
    assert_eq!(before.get("/v2/accounts/me").status, StatusCode::OK, "no change of type");
    let answer = owner.patch(&path, &json!({"type": "server_side_app"}));
    assert!(answer.json()["secret"].is_string(), "{}", answer.text);
    assert_eq!((secrets(), before.get("/v2/accounts/me").status), (1, StatusCode::UNAUTHORIZED));
    let before = token();
    void(&owner.patch(&path, &json!({"visibility": "public"})));
    assert_eq!(before.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "who may use it changed");
}

#[test]
fn scopes_are_added_changed_and_taken() {
    let Office { world, owner, .. } = office();
    let path = path_of(&create(&owner, &application()));
    let scopes = format!("{path}/scopes");
    void(&owner.put(&scopes, &json!([{"scope": "accounts--my:ro", "required": false}, "accounts.roles--all:ro"])));
    assert_eq!(
        scopes_of(&owner, &path),
        json!([["accounts--all:ro", false], ["accounts--my:ro", false], ["accounts.roles--all:ro", true]])
    );
    void(&delete_scopes(
        &owner,
        &path,
        &json!([{"scope": "accounts--my:ro", "required": true}, "organization--my:rw"]),
    ));
    assert_eq!(scopes_of(&owner, &path), json!([["accounts--all:ro", false], ["accounts.roles--all:ro", true]]));
    let bad = [
        (owner.put(&scopes, &json!({"scopes": []})), StatusCode::BAD_REQUEST),
        (owner.put(&scopes, &json!([[]])), StatusCode::UNPROCESSABLE_ENTITY),
        (owner.put(&scopes, &json!(["nothing:rw"])), StatusCode::UNPROCESSABLE_ENTITY),
        (owner.put(&scopes, &json!(["accounts--my:rw", "sessions--all:rw"])), StatusCode::UNPROCESSABLE_ENTITY),
        (delete_scopes(&owner, &path, &json!(null)), StatusCode::BAD_REQUEST),
    ];
    for (answer, status) in bad {
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    assert_eq!(world.rows("client_scope JOIN client USING (client_id) WHERE organization_id IS NOT NULL"), 2);
    assert_eq!(world.rows("audit_log WHERE action LIKE 'client.scopes.%'"), 2);
}

#[test]
fn s4_a_client_dies_with_all_that_it_was_given() {
    let Office { world, owner, owner_id, id } = office();
    let created = create(&owner, &application());
    let (path, client_id) = (path_of(&created), created["client_id"].as_str().expect("an id").to_owned());
    let token = world.bearer(&world.client_token_for(&owner_id, &id, &client_id));
    world.database.execute(&format!(
        "INSERT INTO consent (organization_id, account_id, client_id, scopes, created_at, updated_at) VALUES ('{id}', '{owner_id}', '{client_id}', '[]', 0, 0)"
    ));
    assert_eq!(token.get("/v2/accounts/me").status, StatusCode::OK);
    void(&owner.delete(&path));
    assert_eq!(token.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(owner.get(&path).status, StatusCode::NOT_FOUND);
    assert_eq!(owner.delete(&path).status, StatusCode::NOT_FOUND);
    let left = [
        format!("access_token WHERE client_id = '{client_id}'"),
        format!("client_redirect_uri WHERE client_id = '{client_id}'"),
        format!("client_scope WHERE client_id = '{client_id}'"),
        "consent".to_owned(),
    ];
    for table in left {
        assert_eq!(world.rows(&table), 0, "{table}");
    }
    let log = owner.get("/v2/audit_log?action=client.delete").json();
    assert_eq!(log[0]["detail"]["before"]["scopes"], json!({"accounts--all:ro": 0, "accounts--my:ro": 1}));
    assert_eq!(log.as_array().map(Vec::len), Some(1));
}

#[test]
fn r14_an_organization_has_a_bounded_number_of_clients() {
    let Office { world, owner, .. } = office_in(World::with(&[("MAX_CLIENTS", "3")]));
    let statuses = at_once(20, || owner.post(PATH, &application()).status);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CREATED).count(), 3);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CONFLICT).count(), 17);
    assert_eq!(world.rows("client WHERE organization_id IS NOT NULL"), 3);
    let (stranger, _) = world.sign_up("stranger@example.com");
    create(&stranger, &application());
}

#[test]
fn a_list_has_pages() {
    let Office { owner, .. } = office();
    for _ in 0..3 {
        create(&owner, &application());
    }
    let all = owner.get(PATH).json();
    let first = owner.get("/v2/clients?limit=2");
    assert_eq!(first.json().as_array().map(Vec::as_slice), all.as_array().map(|all| &all[..2]));
    let next =
        first.header("link").split_once('<').and_then(|(_, rest)| rest.split_once('>')).expect("a link").0.to_owned();
    let rest = owner.get(&next);
    assert_eq!((rest.json(), rest.header("link")), (json!([all[2]]), ""));
}
