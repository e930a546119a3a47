//! From the screen "request access" to those who may approve, and back to who asked.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::authorize::{LIVECHAT, Stage, code_request, title, url};
use crate::support::browser::Browser;
use crate::support::cast::Person;
use crate::support::invitations::PATH;

const NO_ROLE: &str = "You have no access to LiveChat yet";
const CLOSED: &str = "access_refused";

/// The member's browser before the screen; LiveChat is the organization's, with an administrator of its own.
fn stage() -> (Stage, Person, Browser) {
    let stage = Stage::default();
    stage.enable(&stage.cast.organization, "LiveChat", "active");
    let chat = stage.cast.hire("chat@example.com", &[]);
    let role = stage.cast.role("LiveChat", "administrator");
    stage.world.give_role(&chat.id, &stage.cast.organization, &role);
    let browser = stage.member();
    assert_eq!(title(&browser.get(&url("/", &code_request(LIVECHAT)))), NO_ROLE);
    (stage, chat, browser)
}

fn ask(browser: &Browser) -> String {
    title(&browser.post("/access", &[("decision", "request")]))
}

fn the_request(by: &Person) -> Value {
    let list = by.client.get(PATH).json();
    assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
    list[0].clone()
}

fn path(request: &Value) -> String {
    format!("{PATH}/{}", request["invitation_id"].as_str().expect("an id"))
}

#[test]
fn a_request_reaches_those_who_may_approve_it() {
    let (stage, chat, browser) = stage();
    assert_eq!(ask(&browser), "Your request was sent");
    assert_eq!(
        stage.cast.told("access_request"),
        "administrator.of.owner@example.com chat@example.com owner@example.com"
    );
    for by in [&stage.cast.owner, &stage.cast.administrator, &chat] {
        let request = the_request(by);
        let told = ["kind", "state", "email", "product", "creator_id"].map(|key| request[key].clone());
        let member = &stage.cast.member.id;
        assert_eq!(
            told,
            [
                json!("request"),
                json!("pending"),
                json!("member.of.owner@example.com"),
                json!("LiveChat"),
                json!(member)
            ]
        );
    }
    assert_eq!(stage.cast.member.client.get(PATH).status, StatusCode::FORBIDDEN);
    let told: String =
        stage.world.database.value("SELECT DISTINCT parameters FROM outbox WHERE template = 'access_request'");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((&told["account_id"], &told["product"]), (&json!(stage.cast.member.id), &json!("LiveChat")));
    let again = stage.member();
    again.get(&url("/", &code_request(LIVECHAT)));
    assert_eq!(ask(&again), "Your request is waiting");
    assert_eq!(stage.world.rows("outbox WHERE template = 'access_request'"), 3, "and told once");
}

#[test]
fn approving_gives_the_role_at_once_and_tells_who_asked() {
    for chat_decides in [false, true] {
        let (stage, chat, browser) = stage();
        ask(&browser);
        let by = if chat_decides { &chat } else { &stage.cast.owner };
        let path = path(&the_request(by));
        let answer = by.client.put(&path, &json!({"role": "normal"}));
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
        let member = &stage.cast.member.id;
        assert_eq!(answer.json(), json!({"account_id": member}));
        assert_eq!(stage.cast.roles_of(member), "Accounts/member,LiveChat/normal");
        assert_eq!(stage.cast.told("access_granted"), "member.of.owner@example.com");
        assert_eq!((stage.cast.told("invitation").as_str(), stage.world.rows("mail_token")), ("", 0), "no link");
        assert_eq!(stage.cast.audited("invitation.approve"), 1);
        assert_eq!(by.client.get(PATH).json(), json!([]));
        let answer = stage.member().get(&url("/", &code_request(LIVECHAT)));
        assert!(answer.header("location").starts_with("https://livechat.example/?code="), "{}", answer.text);
        for (again, status) in [
            (by.client.put(&path, &json!({"role": "administrator"})), StatusCode::CONFLICT),
            (by.client.delete(&path), StatusCode::NOT_FOUND),
        ] {
            assert_eq!(again.status, status);
        }
        assert_eq!(stage.cast.roles_of(member), "Accounts/member,LiveChat/normal");
    }
}

#[test]
fn declining_tells_who_asked_and_lets_them_ask_again() {
    let (stage, chat, browser) = stage();
    ask(&browser);
    let answer = chat.client.delete(&path(&the_request(&chat)));
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(stage.cast.told(CLOSED), "member.of.owner@example.com");
    assert_eq!(stage.cast.roles_of(&stage.cast.member.id), "Accounts/member");
    let again = stage.member();
    again.get(&url("/", &code_request(LIVECHAT)));
    assert_eq!(ask(&again), "Your request was sent");
    assert_eq!(stage.world.rows("invitation"), 2);
}

#[test]
fn z4_a_request_gives_nobody_more_than_who_approves_has() {
    let (stage, chat, browser) = stage();
    ask(&browser);
    let path = path(&the_request(&chat));
    for (by, role, status) in [
        (&chat, "owner", StatusCode::NOT_FOUND),
        (&stage.cast.owner, "viceowner", StatusCode::NOT_FOUND),
        (&stage.cast.member, "normal", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(by.client.put(&path, &json!({"role": role})).status, status, "{role}");
    }
    assert_eq!(stage.cast.roles_of(&stage.cast.member.id), "Accounts/member");
    let administrator = stage.world.browser_of(&stage.cast.administrator.id, &stage.cast.organization);
    administrator.get(&url("/", &code_request(LIVECHAT)));
    assert_eq!(ask(&administrator), "Your request was sent");
    let above = chat.client.get(&format!("{PATH}?email=administrator.of.owner@example.com")).json()[0].clone();
    let above = format!("{PATH}/{}", above["invitation_id"].as_str().expect("an id"));
    let answer = chat.client.put(&above, &json!({"role": "normal"}));
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert_eq!(stage.cast.roles_of(&stage.cast.administrator.id), "Accounts/administrator");
    assert_eq!(stage.cast.owner.client.put(&above, &json!({"role": "normal"})).status, StatusCode::OK);
}

#[test]
fn who_got_the_role_meanwhile_or_left_is_not_given_it_again() {
    let (stage, chat, browser) = stage();
    ask(&browser);
    let path = path(&the_request(&chat));
    let member = &stage.cast.member.id;
    let role = stage.cast.role("LiveChat", "administrator");
    stage.world.give_role(member, &stage.cast.organization, &role);
    assert_eq!(chat.client.put(&path, &json!({"role": "normal"})).status, StatusCode::CONFLICT);
    assert_eq!(stage.cast.roles_of(member), "Accounts/member,LiveChat/administrator");
    assert_eq!(stage.cast.owner.client.delete(&format!("/v2/accounts/{member}")).status, StatusCode::OK);
    assert_eq!(chat.client.put(&path, &json!({"role": "normal"})).status, StatusCode::NOT_FOUND, "Z7");
    assert_eq!(stage.world.rows("invitation"), 0);
}
