//! The catalogue as data: a made-up product, loaded by its file, from the catalogue to a token and back.

use std::fs;
use std::process::Command;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::authorize::{Stage, but, code_request, given, parameter, title};
use crate::support::cast::Person;
use crate::support::client::World;
use crate::support::oauth::VERIFIER;

const FILE: &str = "docs/catalogue/newsletter.json";
const CLIENT: &str = "5c1e0f6b7a9d4c2f8e3b6a1d0c9f8e7d";
const URI: &str = "https://newsletter.example/";

/// What `scripts/catalogue.mjs` says, and whether it was content.
fn catalogue(arguments: &[&str]) -> (bool, String) {
    let output =
        Command::new("node").arg("scripts/catalogue.mjs").args(arguments).output().expect("node, see README.md");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

/// The SQL that loads a file.
fn sql(file: &str, flags: &[&str]) -> String {
    let (content, said) = catalogue(&[&["sql", file], flags].concat());
    assert!(content, "{said}");
    said
}

/// Loads a file as wrangler does: all of it, or nothing.
fn load(world: &World, sql: &str) -> Result<(), String> {
    let mut connection = world.database.raw();
    let transaction = connection.savepoint().expect("a transaction");
    transaction.execute_batch(sql).map_err(|error| error.to_string())?;
    transaction.commit().map_err(|error| error.to_string())
}

/// The checked-in file with something changed.
fn changed(name: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut file: Value = serde_json::from_str(&fs::read_to_string(FILE).expect("a file")).expect("JSON");
    change(&mut file["products"][0]);
    let path = std::env::temp_dir().join(format!("catalogue-{}-{name}.json", std::process::id()));
    fs::write(&path, file.to_string()).expect("a temporary file");
    path.to_str().expect("a path").to_owned()
}

fn rows_of_the_catalogue(world: &World) -> Vec<(String, String, String)> {
    const TABLES: [&str; 7] =
        ["product", "scope", "role", "role_scope", "client", "client_redirect_uri", "client_scope"];
    world.database.dump().into_iter().filter(|(table, ..)| TABLES.contains(&table.as_str())).collect()
}

fn scopes(token: &Value) -> String {
    token["scope"].as_str().expect("scopes").to_owned()
}

/// Signs in to the product in a browser and exchanges the code.
fn sign_in(stage: &Stage, person: &Person) -> Value {
    let browser = stage.world.browser_of(&person.id, &stage.cast.organization);
    let answer = browser.ask(&but(code_request(CLIENT), "redirect_uri", Some(URI)));
    let code = parameter(&given(&answer, URI), "code");
    let body = json!({
        "grant_type": "authorization_code", "client_id": CLIENT, "code": code, "redirect_uri": URI,
        "code_verifier": VERIFIER,
    });
    let answer = stage.world.anonymous().post("/v2/token", &body);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

#[test]
fn a_made_up_product_from_its_file_to_a_token_and_back() {
    let stage = Stage::default();
    let cast = &stage.cast;
    let products = "/v2/organizations/my/products";
    let enable = || cast.owner.client.post(products, &json!({"product": "Newsletter"})).status;
    assert_eq!(enable(), StatusCode::UNPROCESSABLE_ENTITY, "there is no such product yet");
    load(&stage.world, &sql(FILE, &[])).expect("loaded");

    let public = stage.world.anonymous().get("/v2/scopes").json();
    let beta = json!({"scope": "newsletter.readers--all:rw", "description": "See and change the list of readers", "beta": true});
    assert!(public.as_array().expect("scopes").contains(&beta), "{public}");
    let editor = json!({"set_roles": [{"product": "Newsletter", "role": "editor"}]});
    let roles = format!("/v2/accounts/{}/roles", cast.member.id);
    let early = cast.administrator.client.put(&roles, &editor);
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "the organization has it not");

    let browser = stage.owner();
    let not_active = browser.ask(&but(code_request(CLIENT), "redirect_uri", Some(URI)));
    assert_eq!(title(&not_active), "Newsletter is not activated");
    assert_eq!(enable(), StatusCode::OK);
    assert_eq!(cast.roles_of(&cast.owner.id), "Accounts/owner,Newsletter/administrator");
    assert_eq!(cast.owner.client.get(products).json()[0]["client_id"], CLIENT);
    assert_eq!(cast.administrator.client.put(&roles, &editor).status, StatusCode::OK);

    let stranger = stage.world.browser_of(&cast.administrator.id, &cast.organization);
    let no_role = stranger.ask(&but(code_request(CLIENT), "redirect_uri", Some(URI)));
    assert_eq!(title(&no_role), "You have no access to Newsletter yet");
    let of_owner = sign_in(&stage, &cast.owner);
    let all = "accounts--my:ro,newsletter.issues--all:rw,newsletter.readers--all:rw";
    assert_eq!(scopes(&of_owner), all);
    let of_editor = sign_in(&stage, &cast.member);
    assert_eq!(scopes(&of_editor), "accounts--my:ro,newsletter.issues--all:rw", "as far as the role gives it");
    let client = stage.world.bearer(of_editor["access_token"].as_str().expect("a token"));
    let info = client.get("/v2/info").json();
    assert_eq!((scopes(&info), &info["client_id"]), (scopes(&of_editor), &json!(CLIENT)));

    let own = json!({"product": "Newsletter", "role": "proof-reader", "scope": "newsletter.issues--all:ro"});
    assert_eq!(cast.owner.client.post("/v2/roles", &own).status, StatusCode::CREATED, "a custom role of it");

    assert_eq!(cast.owner.client.delete(&format!("{products}/Newsletter")).status, StatusCode::OK);
    assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    let refresh =
        json!({"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": of_editor["refresh_token"]});
    assert_eq!(stage.world.anonymous().post("/v2/token", &refresh).status, StatusCode::UNAUTHORIZED);
    assert_eq!(cast.roles_of(&cast.member.id), "Accounts/member");
}

#[test]
fn a_file_loaded_again_changes_nothing_and_no_edit_is_lost_unless_it_is_told_to() {
    let world = World::default();
    let load_it = |flags: &[&str]| load(&world, &sql(FILE, flags)).expect("loaded");
    load_it(&[]);
    let fresh = rows_of_the_catalogue(&world);
    load_it(&[]);
    assert!(rows_of_the_catalogue(&world) == fresh, "idempotent");
    for edit in [
        "UPDATE product SET launch_url = 'https://edited.example/', position = 3 WHERE product = 'Newsletter'",
        "UPDATE scope SET description = 'edited' WHERE scope = 'newsletter.issues--all:ro'",
        "UPDATE role SET rank = 7, role = 'writer' WHERE role = 'editor' AND product = 'Newsletter'",
        "DELETE FROM role_scope WHERE scope = 'newsletter.readers--all:rw'",
        "INSERT INTO role_scope SELECT role_id, 'newsletter.issues--all:ro' FROM role WHERE role = 'writer'",
        "UPDATE client_redirect_uri SET redirect_uri = 'https://edited.example/' WHERE redirect_uri = 'https://newsletter.example/'",
        "DELETE FROM client_scope WHERE scope = 'newsletter.readers--all:rw'",
    ] {
        world.database.execute(edit);
    }
    let edited = rows_of_the_catalogue(&world);
    load_it(&[]);
    assert!(rows_of_the_catalogue(&world) == edited, "not one edit is lost, nor brought back what was taken away");
    load_it(&["--overwrite"]);
    let times = |rows: Vec<(String, String, String)>| {
        rows.into_iter().filter(|(_, column, _)| column != "updated_at" && column != "position").collect::<Vec<_>>()
    };
    assert!(times(rows_of_the_catalogue(&world)) == times(fresh), "now it is what the file says");
    let position: i64 = world.database.value("SELECT position FROM product WHERE product = 'Newsletter'");
    assert_eq!(position, 3, "the file says nothing of it");
}

#[test]
fn a_file_that_contradicts_the_catalogue_changes_nothing() {
    let administrator = "728b99be-848c-11ea-9b91-005056a007e9";
    let files = [
        changed("role", |product| product["roles"][0]["role_id"] = json!(administrator)),
        changed("client", |product| product["client"]["client_id"] = json!("1887ed48fa338511da234a28cd8b750a")),
        changed("twin", |product| {
            product["product"] = json!("LiveChat");
            product["client"] = Value::Null;
            product.as_object_mut().expect("an object").remove("client");
        }),
        changed("scope", |product| product["roles"][1]["scopes"] = json!(["newsletter.nothing--all:rw"])),
    ];
    for file in files {
        for flags in [&[][..], &["--overwrite"]] {
            let world = World::default();
            let before = rows_of_the_catalogue(&world);
            let error = load(&world, &sql(&file, flags)).expect_err("a contradiction");
            let named = ["refuse:catalogue", "UNIQUE constraint failed: role", "FOREIGN KEY"];
            assert!(named.iter().any(|name| error.contains(name)), "{file}: {error}");
            assert!(rows_of_the_catalogue(&world) == before, "{file}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said_at_once_and_by_its_place() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 17] = [
        (|p| p["product"] = json!(""), "products.0.product: is required, as a text"),
        (|p| p["product"] = json!("News letter"), "products.0.product: has a form that is not allowed"),
        (|p| p["product"] = json!("N".repeat(65)), "products.0.product: is longer than 64 characters"),
        (|p| p["colour"] = json!("red"), "products.0.colour: is not known here"),
        (|p| p["position"] = json!(0), "products.0.position: must be a whole number from 1 to 1000000"),
        (|p| p["launch_url"] = json!("http://example.com/"), "products.0.launch_url: must be an https address"),
        (|p| p["scopes"][0]["scope"] = json!("newsletter:write"), "products.0.scopes.0.scope: has a form"),
        (|p| p["scopes"][1]["scope"] = p["scopes"][0]["scope"].clone(), "newsletter.issues--all:ro stands twice"),
        (|p| p["roles"][0]["role_id"] = json!("1"), "products.0.roles.0.role_id: has a form that is not allowed"),
        (|p| p["roles"][1]["role_id"] = p["roles"][0]["role_id"].clone(), "products: role_id 5d0a7f6e"),
        (|p| p["roles"][1]["role"] = json!("administrator"), "products.0.roles: role administrator stands twice"),
        (|p| p["roles"][1]["rank"] = json!(20), "products.0.roles: two secondary roles have the highest rank"),
        (|p| p["roles"][0]["rank"] = json!(30), "products.0.roles.0.rank: must be a whole number from 1 to 29"),
        (|p| p["roles"][0]["type"] = json!("primary"), "products.0.roles.0.type: must be secondary or custom"),
        (|p| p["client"]["client_id"] = json!("ABC"), "products.0.client.client_id: has a form that is not allowed"),
        (
            |p| p["client"]["redirect_uris"] = json!(["https://newsletter.example/?a=b"]),
            "products.0.client.redirect_uris.0: must be an https address",
        ),
        (|p| p["client"]["scopes"][1]["scope"] = json!("accounts--my:ro"), "scope accounts--my:ro stands twice"),
    ];
    for (at, (change, problem)) in cases.into_iter().enumerate() {
        let (content, said) = catalogue(&["check", &changed(&at.to_string(), change)]);
        assert!(!content && said.contains("refused: ") && said.contains(problem), "{problem}: {said}");
        assert!(!said.contains("    at "), "no stack: {said}");
    }
    let (content, said) = catalogue(&["check", FILE]);
    assert!(content, "{said}");
    let several = changed("several", |product| {
        product["product"] = json!(7);
        product["roles"][0]["rank"] = json!("high");
    });
    assert_eq!(catalogue(&["check", &several]).1.matches("refused: ").count(), 2, "all at once");
}

/// The subscription's state is stored and shown; an operator sets it.
#[test]
fn each_state_of_a_subscription_is_shown() {
    let stage = Stage::default();
    for state in ["trial", "active", "cancelled", "past_due", "expired"] {
        stage.enable(&stage.cast.organization, "HelpDesk", state);
        assert_eq!(stage.cast.owner.client.get("/v2/organizations/my/products").json()[0]["state"], state);
    }
}
