//! `/v2/organizations/my/products`.

use http::StatusCode;
use serde_json::json;

use crate::support::client::Client;
use crate::support::office::{Office, office};
use crate::support::plant::{ADMINISTRATOR, MEMBER};

const PRODUCTS: &str = "/v2/organizations/my/products";
const LIVECHAT: &str = "1887ed48fa338511da234a28cd8b750a";
const LIVECHAT_NORMAL: &str = "728b99be-848c-11ea-9b91-005056a00102";
const HELPDESK_VIEWER: &str = "728b99be-848c-11ea-9b91-005056a00203";

fn enable(client: &Client, product: &str) {
    let answer = client.post(PRODUCTS, &json!({"product": product}));
    assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::OK, "{}", 1));
}

fn names(client: &Client) -> Vec<String> {
    let list = client.get(PRODUCTS);
    assert_eq!((list.status, list.calls.database), (StatusCode::OK, 1), "{}", list.text);
    list.json()
        .as_array()
        .expect("an array")
        .iter()
        .map(|item| item["product"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn an_administrator_enables_a_product_and_the_owner_administers_it() {
    let Office { world, owner, owner_id, id } = office();
    assert!(names(&owner).is_empty());
    let administrator = world.member_of(&id, "admin@example.com", ADMINISTRATOR);
    enable(&world.bearer(&world.full_token_for(&administrator, &id)), "HelpDesk");
    enable(&owner, "LiveChat");
    let list = owner.get(PRODUCTS).json();
    assert_eq!(
        list[0],
        json!({"product": "LiveChat", "client_id": LIVECHAT, "state": "active", "created_at": "2023-11-14T22:13:20.000Z"})
    );
    assert_eq!(names(&owner), ["LiveChat", "HelpDesk"], "in the catalogue's order");
    let member = world.member_of(&id, "member@example.com", MEMBER);
    assert_eq!(names(&world.bearer(&world.token_for(&member, &id, &[]))), ["LiveChat", "HelpDesk"], "needs no scope");

    let roles = owner.get("/v2/accounts/me").json()["roles"].clone();
    let mut held: Vec<(&str, &str)> = roles
        .as_array()
        .expect("roles")
        .iter()
        .map(|role| (role["product"].as_str().expect("a product"), role["role"].as_str().expect("a role")))
        .collect();
    held.sort_unstable();
    assert_eq!(held, [("Accounts", "owner"), ("HelpDesk", "administrator"), ("LiveChat", "administrator")]);
    assert_eq!(world.rows("membership_role WHERE type = 'secondary'"), 2, "only the owner got roles");
    let log = owner.get("/v2/audit_log?action=product.enable").json();
    assert_eq!(log.as_array().map(Vec::len), Some(2));
    assert!(log.as_array().expect("entries").iter().any(|e| e["actor"]["account_id"] == json!(administrator)));
    assert!(log.as_array().expect("entries").iter().any(|e| e["actor"]["account_id"] == json!(owner_id)));
}

#[test]
fn the_path_takes_the_callers_organization_by_alias_or_id_only() {
    let Office { world, owner, id, .. } = office();
    let (_, foreign) = world.sign_up("stranger@example.com");
    let foreign = foreign["organization"]["organization_id"].as_str().expect("an id").to_owned();
    for path in ["my", "me", id.as_str()] {
        assert_eq!(owner.get(&format!("/v2/organizations/{path}/products")).status, StatusCode::OK, "{path}");
    }
    for path in [foreign.as_str(), "00000000-0000-7000-8000-000000000000", "x"] {
        let path = format!("/v2/organizations/{path}/products");
        let answers = [
            owner.get(&path),
            owner.post(&path, &json!({"product": "LiveChat"})),
            owner.delete(&format!("{path}/LiveChat")),
        ];
        for answer in answers {
            assert_eq!(
                (answer.status, answer.json()["resource_name"].as_str()),
                (StatusCode::NOT_FOUND, Some("organization"))
            );
        }
    }
    assert_eq!(world.rows("organization_product"), 0);
}

#[test]
fn a_product_is_enabled_once_and_only_if_there_is_one() {
    let Office { world, owner, .. } = office();
    enable(&owner, "LiveChat");
    let changes = world.rows("audit_log");
    let refused = [
        (json!({"product": "LiveChat"}), StatusCode::CONFLICT),
        (json!({"product": "Accounts"}), StatusCode::CONFLICT),
        (json!({"product": "Livechat"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"product": ""}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"product": 7}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!([]), StatusCode::BAD_REQUEST),
    ];
    for (body, status) in refused {
        assert_eq!(owner.post(PRODUCTS, &body).status, status, "{body}");
    }
    assert_eq!(names(&owner), ["LiveChat"]);
    assert_eq!((world.rows("audit_log"), world.rows("membership_role")), (changes, 2));
}

#[test]
fn z4_a_member_or_a_narrow_token_changes_no_products() {
    let Office { world, owner, owner_id, id } = office();
    enable(&owner, "LiveChat");
    let member = world.member_of(&id, "member@example.com", MEMBER);
    let callers = [
        world.bearer(&world.full_token_for(&member, &id)),
        world.bearer(&world.token_for(&owner_id, &id, &["accounts--all:rw"])),
    ];
    for caller in callers {
        assert_eq!(caller.post(PRODUCTS, &json!({"product": "HelpDesk"})).status, StatusCode::FORBIDDEN);
        assert_eq!(caller.delete(&format!("{PRODUCTS}/LiveChat")).status, StatusCode::FORBIDDEN);
    }
    assert_eq!(world.anonymous().delete(&format!("{PRODUCTS}/LiveChat")).status, StatusCode::UNAUTHORIZED);
    assert_eq!(names(&owner), ["LiveChat"]);
}

#[test]
fn s4_disabling_takes_the_products_roles_and_tokens_in_this_organization_only() {
    let Office { world, owner, owner_id, id } = office();
    let (host, other) = world.sign_up("host@example.com");
    let other = other["organization"]["organization_id"].as_str().expect("an id").to_owned();
    for client in [&owner, &host] {
        enable(client, "LiveChat");
        enable(client, "HelpDesk");
    }
    let member = world.member_of(&id, "member@example.com", MEMBER);
    world.give_role(&member, &id, LIVECHAT_NORMAL);
    world.give_role(&member, &id, HELPDESK_VIEWER);
    world.join(&member, &other, MEMBER);
    world.give_role(&member, &other, LIVECHAT_NORMAL);
    world.database.execute(&format!(
        "INSERT INTO role (role_id, organization_id, product, role, type, rank) VALUES ('custom', '{id}', 'LiveChat', 'Night shift', 'custom', 0)"
    ));
    world.give_role(&member, &id, "custom");
    let here = world.bearer(&world.client_token_for(&member, &id, LIVECHAT));
    let elsewhere = world.bearer(&world.client_token_for(&member, &other, LIVECHAT));
    let plain = world.bearer(&world.full_token_for(&member, &id));
    let helpdesk = world.bearer(&world.client_token_for(&member, &id, "23d14c0988ea939b85dc28d07c0963f4"));
    for (family, organization) in [("here", &id), ("elsewhere", &other)] {
        world.database.execute(&format!(
            "INSERT INTO refresh_family (family_id, account_id, organization_id, client_id, session_id, scopes, account_epoch,
               membership_epoch, client_epoch, created_at, expires_at)
             SELECT '{family}', '{member}', '{organization}', '{LIVECHAT}', session_id, '[]', 0, 0, 0, 0, 9999999999999
             FROM session WHERE account_id = '{member}' LIMIT 1"
        ));
    }

    let answer = owner.delete(&format!("{PRODUCTS}/LiveChat"));
    assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::OK, "{}", 1));
    assert_eq!(names(&owner), ["HelpDesk"]);
    let left = |organization: &str| {
        world.rows(&format!("membership_role WHERE product = 'LiveChat' AND organization_id = '{organization}'"))
    };
    assert_eq!((left(&id), left(&other)), (0, 2));
    assert_eq!(
        world.rows(&format!("membership_role WHERE account_id = '{member}' AND organization_id = '{id}'")),
        2,
        "its others stay"
    );
    assert_eq!(world.rows("role WHERE role_id = 'custom'"), 1, "stays defined");
    assert_eq!(here.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    for (name, client) in [("elsewhere", elsewhere), ("plain", plain), ("helpdesk", helpdesk)] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::OK, "{name}");
    }
    let revoked: String =
        world.database.value("SELECT group_concat(family_id) FROM refresh_family WHERE revoked_at IS NOT NULL");
    assert_eq!(revoked, "here");
    assert_eq!(owner.get("/v2/accounts/me").json()["account_id"], json!(owner_id));

    let again = owner.delete(&format!("{PRODUCTS}/LiveChat"));
    assert_eq!((again.status, again.json()["resource_id"].as_str()), (StatusCode::NOT_FOUND, Some("LiveChat")));
    enable(&owner, "LiveChat");
    assert_eq!(left(&id), 1, "a new beginning gives the owner's role only");
}

#[test]
fn a_product_may_be_disabled_with_its_own_token() {
    let Office { world, owner, owner_id, id } = office();
    enable(&owner, "LiveChat");
    let own = world.bearer(&world.client_token_for(&owner_id, &id, LIVECHAT));
    assert_eq!(own.delete(&format!("{PRODUCTS}/LiveChat")).status, StatusCode::OK);
    assert!(names(&owner).is_empty());
    assert_eq!(own.get(PRODUCTS).status, StatusCode::UNAUTHORIZED);
    let log = owner.get("/v2/audit_log?action=product.disable").json();
    assert_eq!((&log[0]["client_id"], &log[0]["target"]["id"]), (&json!(LIVECHAT), &json!("LiveChat")));
}

#[test]
fn product_accounts_stays_and_what_is_not_enabled_is_not_found() {
    let Office { world, owner, .. } = office();
    let accounts = owner.delete(&format!("{PRODUCTS}/Accounts"));
    assert_eq!(
        (accounts.status, accounts.json()["invalid_fields"]["product"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("cannot be disabled"))
    );
    for product in ["LiveChat", "Nothing", "%27"] {
        assert_eq!(owner.delete(&format!("{PRODUCTS}/{product}")).status, StatusCode::NOT_FOUND, "{product}");
    }
    assert_eq!((world.rows("membership_role"), world.rows("audit_log")), (1, 1));
    assert_eq!(owner.get("/v2/accounts/me").status, StatusCode::OK);
}
