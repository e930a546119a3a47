//! `/v2/accounts/invitations` (API, section 1.2).

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, Cast, MEMBER, Person};
use crate::support::client::{Answer, World};
use crate::support::invitations::PATH;

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

fn guest(product: &str) -> Value {
    json!({"email": "guest@example.com", "name": "Guest", "product": product})
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn one(invitation: &str) -> String {
    format!("{PATH}/{invitation}")
}

fn approve(by: &Person, invitation: &str, role: &str) -> Answer {
    by.client.put(&one(invitation), &json!({"role": role}))
}

/// Everything that inviting changes.
fn state(cast: &Cast) -> String {
    cast.world.database.value(
        "SELECT (SELECT coalesce(group_concat(invitation_id || state || coalesce(role_id, ''), ' '), '') FROM invitation)
           || (SELECT count(*) FROM outbox) || '/' || (SELECT count(*) FROM mail_token) || '/'
           || (SELECT count(*) FROM audit_log) || '/' || (SELECT count(*) FROM membership) || '/'
           || (SELECT count(*) FROM membership_role) || '/' || (SELECT count(*) FROM throttle)",
    )
}

fn refused(cast: &Cast, before: &str, answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(state(cast), before, "nothing happened: {}", answer.text);
    assert!(answer.calls.database <= 1);
}

/// With LiveChat and HelpDesk, and somebody who administers LiveChat alone.
fn stage() -> (Cast, Person) {
    let cast = Cast::default();
    cast.enable("LiveChat");
    cast.enable("HelpDesk");
    let role = cast.role("LiveChat", "administrator");
    let chat = cast.hire("chat@example.com", &[]);
    cast.world.give_role(&chat.id, &cast.organization, &role);
    (cast, chat)
}

#[test]
fn a_member_invites_and_everybody_who_may_approve_is_told() {
    let (cast, _) = stage();
    let answer = cast.member.client.post(PATH, &guest("LiveChat"));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CREATED, 1), "{}", answer.text);
    let id = answer.json()["invitation_id"].as_str().expect("an id").to_owned();
    assert_eq!(answer.json(), json!({"invitation_id": id}));
    assert_eq!(
        cast.told("invitation_pending"),
        "administrator.of.owner@example.com chat@example.com owner@example.com",
        "who approves for LiveChat"
    );
    assert_eq!(cast.told("invitation"), "", "nobody else");
    cast.world.clock.advance(Duration::from_millis(1));
    assert_eq!(cast.audited("invitation.create"), 1);
    let told: String =
        cast.world.database.value("SELECT DISTINCT parameters FROM outbox WHERE template = 'invitation_pending'");
    let expected = json!({"invitation_id": id, "organization_id": cast.organization, "product": "LiveChat",
        "account_id": cast.member.id});
    assert_eq!(serde_json::from_str::<Value>(&told).expect("JSON"), expected);

    cast.ask_for(&cast.member, "second@example.com", "HelpDesk");
    let second = "SELECT count(*) FROM outbox JOIN account ON account_id = recipient_id
        WHERE email = 'chat@example.com' AND parameters LIKE '%HelpDesk%'";
    assert_eq!(cast.world.database.value::<i64>(second), 0, "of HelpDesk they know nothing");

    let list = cast.owner.client.get(PATH);
    assert_eq!((list.status, list.calls.database), (StatusCode::OK, 1));
    let list = list.json();
    assert_eq!(list.as_array().map(Vec::len), Some(2));
    let at = &list[0]["created_at"];
    let expires = &list[0]["expires_at"];
    assert_eq!(
        list[0],
        json!({"invitation_id": id, "name": "Guest", "email": "guest@example.com", "product": "LiveChat",
            "kind": "invitation", "state": "pending", "role_id": null, "creator_id": cast.member.id,
            "organization_id": cast.organization, "created_at": at, "updated_at": at, "expires_at": expires})
    );
}

#[test]
fn inviting_twice_is_inviting_once() {
    let (cast, _) = stage();
    let first = cast.member.client.post(PATH, &guest("LiveChat")).json();
    let counted = |what: &str| cast.world.rows(what);
    let (mails, log) = (counted("outbox"), counted("audit_log"));
    for (by, body) in [
        (&cast.member, guest("LiveChat")),
        (&cast.administrator, with(guest("LiveChat"), "email", json!("Guest@Example.com"))),
        (&cast.owner, with(guest("LiveChat"), "name", json!(""))),
        (&cast.owner, with(guest("LiveChat"), "role", json!("normal"))),
    ] {
        let again = by.client.post(PATH, &body);
        assert_eq!((again.status, again.calls.database), (StatusCode::OK, 1), "{}", again.text);
        assert_eq!(again.json(), first);
    }
    assert_eq!((counted("outbox"), counted("audit_log"), counted("invitation")), (mails, log, 1), "and nothing else");
    assert_eq!(cast.state_of(first["invitation_id"].as_str().expect("an id")), "pending");
    assert_eq!(cast.owner.client.post(PATH, &guest("HelpDesk")).status, StatusCode::CREATED, "another product");
    cast.world.clock.advance(Duration::from_hours(14 * 24));
    let later = cast.person(&cast.member.id).client.post(PATH, &guest("LiveChat"));
    assert_eq!(later.status, StatusCode::CREATED, "T16 whatever was swept");
    assert_ne!(later.json(), first);
}

#[test]
fn with_a_role_by_who_may_the_person_gets_a_link_at_once() {
    let (cast, chat) = stage();
    let id = cast.invite("guest@example.com", "LiveChat", "normal");
    assert_eq!((cast.state_of(&id).as_str(), cast.told("invitation_pending").as_str()), ("approved", ""));
    assert_eq!(cast.told("invitation"), "invitation:guest@example.com");
    assert_eq!((cast.audited("invitation.create"), cast.audited("invitation.approve")), (1, 1));
    let stored: i64 = cast.world.database.value(&format!(
        "SELECT count(*) FROM mail_token WHERE invitation_id = '{id}' AND purpose = 'invite'
           AND email_key = 'guest@example.com' AND used_at IS NULL"
    ));
    assert_eq!(stored, 1);
    assert!(cast.world.link_of(&id).starts_with("/invitation?token=dal:"));
    let listed = cast.owner.client.get(PATH).json();
    assert_eq!(
        (&listed[0]["state"], &listed[0]["role_id"]),
        (&json!("approved"), &json!(cast.role("LiveChat", "normal")))
    );
    assert_eq!(cast.world.rows("account WHERE email = 'guest@example.com'"), 0, "nobody joins before they say so");

    let body = with(guest("LiveChat"), "email", json!("other@example.com"));
    assert_eq!(chat.client.post(PATH, &with(body, "role", json!("administrator"))).status, StatusCode::CREATED);
    let before = state(&cast);
    let body = with(with(guest("LiveChat"), "email", json!("third@example.com")), "role", json!("normal"));
    refused(&cast, &before, &cast.member.client.post(PATH, &body), StatusCode::FORBIDDEN);
    let body = with(with(guest("HelpDesk"), "email", json!("third@example.com")), "role", json!("normal"));
    refused(&cast, &before, &chat.client.post(PATH, &body), StatusCode::FORBIDDEN);
}

#[test]
fn a_member_of_the_organization_gets_the_role_without_a_link() {
    let (cast, _) = stage();
    let body = json!({"email": "member.of.owner@example.com", "product": "LiveChat", "role": "normal"});
    let answer = cast.owner.client.post(PATH, &body);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CREATED, 1), "{}", answer.text);
    assert_eq!(cast.roles_of(&cast.member.id), "Accounts/member,LiveChat/normal");
    assert_eq!(cast.told("access_granted"), "member.of.owner@example.com");
    assert_eq!((cast.told("invitation").as_str(), cast.world.rows("mail_token")), ("", 0));
    let before = state(&cast);
    let again = cast.owner.client.post(PATH, &body);
    refused(&cast, &before, &again, StatusCode::CONFLICT);
    let waits = cast.ask_for(&cast.member, "administrator.of.owner@example.com", "LiveChat");
    let answer = approve(&cast.owner, &waits, "administrator");
    assert_eq!(answer.json(), json!({"account_id": cast.administrator.id}), "{}", answer.text);
    assert_eq!(cast.roles_of(&cast.administrator.id), "Accounts/administrator,LiveChat/administrator");
}

#[test]
fn somebody_who_has_it_cannot_be_invited_to_it() {
    let (cast, _) = stage();
    let before = state(&cast);
    for (email, product) in [
        ("member.of.owner@example.com", "Accounts"),
        ("owner@example.com", "Accounts"),
        ("CHAT@example.com", "LiveChat"),
    ] {
        for by in [&cast.member, &cast.owner] {
            let answer = by.client.post(PATH, &json!({"email": email, "name": "Guest", "product": product}));
            refused(&cast, &before, &answer, StatusCode::CONFLICT);
        }
    }
    let answer = cast.owner.client.post(PATH, &json!({"email": "owner@example.com", "name": "Guest"}));
    refused(&cast, &before, &answer, StatusCode::CONFLICT);
}

#[test]
fn e1_who_is_known_elsewhere_and_who_is_known_nowhere_are_invited_alike() {
    let (cast, _) = stage();
    cast.world.sign_up("elsewhere@example.com");
    let invite = |email: &str, role: Option<&str>, name: &str| {
        let body = json!({"email": email, "name": name, "product": "LiveChat", "role": role});
        let answer = cast.owner.client.post(PATH, &body);
        let text = answer.text.replace(answer.json()["invitation_id"].as_str().unwrap_or("no id"), "ID");
        let text = text.replace(answer.json()["request_id"].as_str().unwrap_or("no id"), "ID");
        (answer.status, text, answer.calls, answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(invite("elsewhere@example.com", None, ""), invite("nowhere@example.com", None, ""));
    assert_eq!(invite("nowhere@example.com", None, "").0, StatusCode::BAD_REQUEST, "needs a name");
    assert_eq!(cast.world.rows("invitation"), 0);
    assert_eq!(
        invite("elsewhere@example.com", Some("normal"), "A"),
        invite("nowhere@example.com", Some("normal"), "A")
    );
    let body = json!({"email": "member.of.owner@example.com", "product": "LiveChat"});
    assert_eq!(cast.owner.client.post(PATH, &body).status, StatusCode::CREATED, "a member's name is known");
    for email in ["elsewhere2@example.com", "nowhere2@example.com"] {
        if email.starts_with('e') {
            cast.world.sign_up(email);
        }
        let id = cast.ask_for(&cast.member, email, "LiveChat");
        let answer = approve(&cast.owner, &id, "normal");
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"account_id": null})), "{email}");
    }
}

#[test]
fn in_a_strict_organization_only_those_invite_who_may_approve() {
    let (cast, chat) = stage();
    let answer = cast.owner.client.patch("/v2/organizations/my", &json!({"invitation_mode": "strict"}));
    assert_eq!(
        (answer.status, &answer.json()["invitation_mode"]),
        (StatusCode::OK, &json!("strict")),
        "{}",
        answer.text
    );
    let before = state(&cast);
    refused(&cast, &before, &cast.member.client.post(PATH, &guest("LiveChat")), StatusCode::FORBIDDEN);
    refused(&cast, &before, &chat.client.post(PATH, &guest("HelpDesk")), StatusCode::FORBIDDEN);
    assert_eq!(chat.client.post(PATH, &guest("LiveChat")).status, StatusCode::CREATED, "their own product");
    assert_eq!(cast.administrator.client.post(PATH, &guest("HelpDesk")).status, StatusCode::CREATED);
    let before = state(&cast);
    let answer = cast.owner.client.patch("/v2/organizations/my", &json!({"invitation_mode": "open"}));
    refused(&cast, &before, &answer, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        cast.owner.client.patch("/v2/organizations/my", &json!({"invitation_mode": "lax"})).status,
        StatusCode::OK
    );
    assert_eq!(cast.member.client.post(PATH, &guest("Accounts")).status, StatusCode::CREATED);
}

#[test]
fn z10_what_cannot_be_read_is_told_field_by_field() {
    let (cast, _) = stage();
    let before = state(&cast);
    for (body, invalid) in [
        (json!({}), json!({"email": "is required"})),
        (
            json!({"email": "x", "name": 1, "product": "", "role": []}),
            json!({"email": "invalid email format",
            "name": "must be a string", "product": "is required", "role": "must be a string"}),
        ),
        (with(guest("LiveChat"), "name", json!("x".repeat(192))), json!({"name": "value too long"})),
        (
            with(guest("LiveChat"), "email", json!(format!("{}@example.com", "x".repeat(128)))),
            json!({"email": "value too long"}),
        ),
        (guest("Weather"), json!({"product": "unknown product"})),
        (guest("ChatBot"), json!({"product": "the product is not enabled"})),
        (with(guest("LiveChat"), "role", json!("editor")), json!({"role": "unknown role"})),
        (with(guest("LiveChat"), "role", json!("viceowner")), json!({"role": "unknown role"})),
    ] {
        let answer = cast.owner.client.post(PATH, &body);
        refused(&cast, &before, &answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["invalid_fields"], invalid, "{body}");
    }
    refused(&cast, &before, &cast.owner.client.post(PATH, &json!([])), StatusCode::BAD_REQUEST);
    let id = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    let before = state(&cast);
    for body in [json!({}), json!({"role": ""}), json!({"role": 7}), json!({"role": "x".repeat(65)})] {
        refused(&cast, &before, &cast.owner.client.put(&one(&id), &body), StatusCode::UNPROCESSABLE_ENTITY);
    }
    refused(
        &cast,
        &before,
        &cast.owner.client.put(&one("x"), &json!({"role": "normal"})),
        StatusCode::UNPROCESSABLE_ENTITY,
    );
    refused(&cast, &before, &cast.owner.client.delete(&one("x")), StatusCode::NOT_FOUND);
    let z3 = with(guest("HelpDesk"), "invitation_id", json!(NOBODY));
    let z3 = with(with(z3, "state", json!("approved")), "creator_id", json!(cast.owner.id));
    let created = cast.member.client.post(PATH, &z3).json()["invitation_id"].as_str().expect("an id").to_owned();
    assert_ne!(created, NOBODY, "Z3");
    assert_eq!(cast.state_of(&created), "pending", "Z3");
}

#[test]
fn approving_leads_to_a_link_once() {
    let (cast, chat) = stage();
    let id = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    let answer = approve(&chat, &id, "normal");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    assert_eq!(answer.json(), json!({"account_id": null}), "nobody yet");
    assert_eq!(cast.told("invitation"), "invitation:guest@example.com");
    assert_eq!((cast.audited("invitation.approve"), cast.world.rows("mail_token")), (1, 1));
    let link = cast.world.link_of(&id);
    let before = state(&cast);
    for role in ["normal", "administrator"] {
        refused(&cast, &before, &approve(&cast.owner, &id, role), StatusCode::CONFLICT);
    }
    assert_eq!(cast.world.link_of(&id), link);

    let answer = cast.owner.client.delete(&one(&id));
    assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::NO_CONTENT, "", 1));
    assert_eq!((cast.state_of(&id).as_str(), cast.audited("invitation.decline")), ("declined", 1));
    assert_eq!(cast.told("invitation"), "", "the mail that waited is not sent");
    let before = state(&cast);
    refused(&cast, &before, &cast.owner.client.delete(&one(&id)), StatusCode::NOT_FOUND);
    refused(&cast, &before, &approve(&cast.owner, &id, "normal"), StatusCode::CONFLICT);
    assert_eq!(cast.owner.client.get(PATH).json(), json!([]));
    assert_eq!(cast.told("access_refused"), "", "the invited person was never asked");
    assert_ne!(cast.ask_for(&cast.member, "guest@example.com", "LiveChat"), id, "and may be invited anew");
}

#[test]
fn z4_nobody_gives_a_role_above_their_own_by_invitation() {
    let (cast, chat) = stage();
    let custom = json!({"product": "Accounts", "role": "accountant", "scope": "billing--all:rw"});
    assert_eq!(cast.owner.client.post("/v2/roles", &custom).status, StatusCode::CREATED);
    let normal = cast.hire("normal@example.com", &[]);
    cast.world.give_role(&normal.id, &cast.organization, &cast.role("LiveChat", "normal"));
    let accounts = cast.ask_for(&cast.member, "guest@example.com", "Accounts");
    let chats = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    let help = cast.ask_for(&cast.member, "guest@example.com", "HelpDesk");
    let before = state(&cast);
    for (by, invitation, role, status) in [
        (&cast.owner, &accounts, "owner", StatusCode::FORBIDDEN),
        (&cast.administrator, &accounts, "owner", StatusCode::FORBIDDEN),
        (&cast.administrator, &accounts, "billing_editor", StatusCode::FORBIDDEN),
        (&cast.administrator, &accounts, "accountant", StatusCode::FORBIDDEN),
        (&chat, &accounts, "member", StatusCode::FORBIDDEN),
        (&chat, &help, "viewer", StatusCode::FORBIDDEN),
        (&cast.member, &accounts, "member", StatusCode::FORBIDDEN),
        (&normal, &chats, "normal", StatusCode::FORBIDDEN),
        (&cast.owner, &accounts, "nobody", StatusCode::NOT_FOUND),
        (&cast.owner, &chats, "viewer", StatusCode::NOT_FOUND),
        (&cast.owner, &chats, "owner", StatusCode::NOT_FOUND),
    ] {
        refused(&cast, &before, &approve(by, invitation, role), status);
        if status == StatusCode::NOT_FOUND {
            continue;
        }
        let product: String =
            cast.world.database.value(&format!("SELECT product FROM invitation WHERE invitation_id = '{invitation}'"));
        let body = with(with(guest(&product), "email", json!("new@example.com")), "role", json!(role));
        refused(&cast, &before, &by.client.post(PATH, &body), status);
    }
    for by in [&chat, &cast.member] {
        refused(&cast, &before, &by.client.delete(&one(&help)), StatusCode::FORBIDDEN);
    }
    assert_eq!(approve(&cast.administrator, &accounts, "administrator").status, StatusCode::OK, "as high as oneself");
    assert_eq!(approve(&chat, &chats, "administrator").status, StatusCode::OK);
    let other = cast.ask_for(&cast.member, "second@example.com", "Accounts");
    assert_eq!(approve(&cast.owner, &other, "accountant").status, StatusCode::OK, "who holds what it allows");
}

#[test]
fn z4_a_custom_role_with_the_scope_does_not_make_an_administrator() {
    let (cast, _) = stage();
    let scope = "accounts.invitations--all:rw,accounts.invitations.lc--all:rw";
    let role = json!({"product": "Accounts", "role": "recruiter", "scope": scope});
    let role = cast.owner.client.post("/v2/roles", &role).json()["role_id"].as_str().expect("an id").to_owned();
    let recruiter = cast.hire("recruiter@example.com", &[]);
    cast.world.give_role(&recruiter.id, &cast.organization, &role);
    let recruiter = cast.person(&recruiter.id);
    let id = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    assert!(!cast.told("invitation_pending").contains("recruiter"));
    let before = state(&cast);
    refused(&cast, &before, &approve(&recruiter, &id, "normal"), StatusCode::FORBIDDEN);
    refused(&cast, &before, &recruiter.client.delete(&one(&id)), StatusCode::FORBIDDEN);
    assert_eq!(recruiter.client.get(PATH).status, StatusCode::FORBIDDEN);
}

#[test]
fn z5_each_scope_does_what_it_says_and_no_more() {
    let (cast, _) = stage();
    let chats = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    cast.world.clock.advance(Duration::from_millis(1));
    let help = cast.ask_for(&cast.member, "guest@example.com", "HelpDesk");
    let ids = |list: &Value| -> Vec<String> {
        list.as_array()
            .expect("a list")
            .iter()
            .map(|one| one["invitation_id"].as_str().expect("an id").into())
            .collect()
    };
    for (scopes, listed, invites) in [
        (&["accounts.invitations--all:ro"][..], Some(vec![&chats, &help]), false),
        (&["accounts.invitations--all:rw"], Some(vec![&chats, &help]), true),
        (&["accounts.invitations.lc--all:rw"], Some(vec![&chats]), false),
        (&["accounts.invitations.hd--all:rw"], Some(vec![&help]), false),
        (&["accounts.invitations--my:rw"], None, true),
        (&["accounts--all:rw", "accounts.roles--all:rw"], None, false),
    ] {
        let client = cast.with_scopes(&cast.owner, scopes);
        let list = client.get(PATH);
        match &listed {
            Some(expected) => assert_eq!(&ids(&list.json()).iter().collect::<Vec<_>>(), expected, "{scopes:?}"),
            None => assert_eq!(list.status, StatusCode::FORBIDDEN, "{scopes:?}"),
        }
        let found = client.get(&format!("{PATH}?email=Guest@example.com"));
        assert_eq!(found.status, list.status);
        if listed.is_some() {
            assert_eq!(found.json(), list.json(), "{scopes:?}");
        }
        let answer = client.post(PATH, &guest("Accounts"));
        assert_eq!(answer.status.is_success(), invites, "{scopes:?} {}", answer.text);
        let before = state(&cast);
        let may = |product: &str| match scopes[0] {
            "accounts.invitations--all:rw" => true,
            "accounts.invitations.lc--all:rw" => product == "LiveChat",
            "accounts.invitations.hd--all:rw" => product == "HelpDesk",
            _ => false,
        };
        for (invitation, product) in [(&chats, "LiveChat"), (&help, "HelpDesk")] {
            cast.world.database.execute("SAVEPOINT cell");
            let answers = [client.put(&one(invitation), &json!({"role": "normal"})), client.delete(&one(invitation))];
            cast.world.database.execute("ROLLBACK TO cell");
            cast.world.database.execute("RELEASE cell");
            let statuses = answers.map(|answer| answer.status);
            let expected = match may(product) {
                true => [StatusCode::OK, StatusCode::NO_CONTENT],
                false => [StatusCode::FORBIDDEN; 2],
            };
            assert_eq!(statuses, expected, "{scopes:?} {product}");
        }
        assert_eq!(state(&cast), before);
    }
    let member = cast.with_scopes(&cast.member, &["accounts.invitations--all:rw"]);
    assert_eq!(member.get(PATH).status, StatusCode::FORBIDDEN, "what the roles do not give is worth nothing");
}

#[test]
fn z6_who_lost_the_role_decides_nothing_any_more() {
    let (cast, chat) = stage();
    let id = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    let demote = json!({"set_roles": [{"role_id": MEMBER}]});
    let path = format!("/v2/accounts/{}/roles", cast.administrator.id);
    assert_eq!(cast.owner.client.put(&path, &demote).status, StatusCode::OK);
    let suspended = json!({"product": "LiveChat", "suspended": true});
    let path = format!("/v2/accounts/{}/suspension", chat.id);
    assert_eq!(cast.owner.client.put(&path, &suspended).status, StatusCode::OK);
    let before = state(&cast);
    for by in [&cast.administrator, &chat] {
        refused(&cast, &before, &approve(by, &id, "normal"), StatusCode::FORBIDDEN);
        refused(&cast, &before, &by.client.delete(&one(&id)), StatusCode::FORBIDDEN);
        assert_eq!(by.client.get(PATH).status, StatusCode::FORBIDDEN);
    }
    cast.world.database.execute("DELETE FROM outbox");
    cast.ask_for(&cast.member, "second@example.com", "LiveChat");
    assert_eq!(cast.told("invitation_pending"), "owner@example.com", "nor are they told");
}

#[test]
fn z1_another_organization_s_invitation_is_absent() {
    let (cast, _) = stage();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    other.enable("LiveChat");
    let foreign = other.ask_for(&other.member, "guest@example.com", "LiveChat");
    let before = state(&cast);
    for id in [foreign.as_str(), NOBODY] {
        refused(&cast, &before, &approve(&cast.owner, id, "normal"), StatusCode::NOT_FOUND);
        refused(&cast, &before, &cast.owner.client.delete(&one(id)), StatusCode::NOT_FOUND);
    }
    assert_eq!(cast.owner.client.get(PATH).json(), json!([]));
    assert_eq!(cast.owner.client.get(&format!("{PATH}?email=guest@example.com")).json(), json!([]));
    let own = cast.owner.client.post(PATH, &guest("LiveChat"));
    assert_eq!(own.status, StatusCode::CREATED, "one address, two organizations");
    assert!(!cast.told("invitation_pending").is_empty());
    let role = json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro"});
    assert_eq!(other.owner.client.post("/v2/roles", &role).status, StatusCode::CREATED);
    let own = own.json()["invitation_id"].as_str().expect("an id").to_owned();
    let before = state(&cast);
    refused(&cast, &before, &approve(&cast.owner, &own, "night shift"), StatusCode::NOT_FOUND);
}

#[test]
fn an_ended_subscription_or_a_disabled_product_takes_nobody_in() {
    let (cast, _) = stage();
    let id = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    let set = |state: &str| {
        cast.world
            .database
            .execute(&format!("UPDATE organization_product SET state = '{state}' WHERE product = 'LiveChat'"));
    };
    let before = state(&cast);
    for ended in ["cancelled", "expired"] {
        set(ended);
        refused(&cast, &before, &approve(&cast.owner, &id, "normal"), StatusCode::CONFLICT);
    }
    set("active");
    cast.world.database.execute("DELETE FROM organization_product WHERE product = 'LiveChat'");
    refused(&cast, &before, &approve(&cast.owner, &id, "normal"), StatusCode::CONFLICT);
    assert_eq!(cast.owner.client.delete(&one(&id)).status, StatusCode::NO_CONTENT, "declining is always possible");
}

#[test]
fn t16_what_expired_is_gone_whether_it_was_swept_or_not() {
    let (cast, _) = stage();
    let waits = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    cast.world.clock.advance(Duration::from_hours(13 * 24));
    let owner = cast.person(&cast.owner.id);
    let sent = cast.invite_by(&owner, "second@example.com");
    cast.world.clock.advance(Duration::from_hours(24));
    let owner = cast.person(&cast.owner.id);
    let before = state(&cast);
    refused(&cast, &before, &approve(&owner, &waits, "normal"), StatusCode::NOT_FOUND);
    refused(&cast, &before, &owner.client.delete(&one(&waits)), StatusCode::NOT_FOUND);
    let listed = owner.client.get(PATH).json();
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["invitation_id"]), (Some(1), &json!(sent)));
    cast.world.clock.run(global_accounts::usecase::sweep::sweep(&cast.world.app())).expect("swept");
    assert_eq!((cast.state_of(&waits).as_str(), cast.state_of(&sent).as_str()), ("", "approved"));
    cast.world.clock.advance(Duration::from_hours(13 * 24));
    cast.world.clock.run(global_accounts::usecase::sweep::sweep(&cast.world.app())).expect("swept");
    assert_eq!((cast.world.rows("invitation"), cast.world.rows("mail_token")), (0, 0));
}

#[test]
fn e11_nobody_sends_and_nobody_gets_too_many() {
    let settings = [("INVITATIONS_PER_HOUR", "3"), ("INVITATIONS_PER_ADDRESS", "2")];
    let cast = Cast::of(World::with(&settings), "owner@example.com");
    cast.enable("LiveChat");
    cast.enable("HelpDesk");
    for product in ["LiveChat", "HelpDesk"] {
        assert_eq!(cast.member.client.post(PATH, &guest(product)).status, StatusCode::CREATED);
    }
    let before = state(&cast);
    let answer = cast.member.client.post(PATH, &guest("Accounts"));
    refused(&cast, &before, &answer, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "3600");
    refused(&cast, &before, &cast.owner.client.post(PATH, &guest("Accounts")), StatusCode::TOO_MANY_REQUESTS);
    let other = |at: u8| json!({"email": format!("{at}@example.com"), "name": "Guest"});
    assert_eq!(cast.member.client.post(PATH, &other(1)).status, StatusCode::CREATED);
    let before = state(&cast);
    refused(&cast, &before, &cast.member.client.post(PATH, &other(2)), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(cast.owner.client.post(PATH, &other(2)).status, StatusCode::CREATED, "somebody else");
    cast.world.clock.advance(Duration::from_hours(1));
    assert_eq!(cast.member.client.post(PATH, &other(3)).status, StatusCode::CREATED, "a new hour");
}

#[test]
fn a_deleted_role_lets_the_invitation_be_approved_anew() {
    let (cast, _) = stage();
    let role = json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro"});
    let role = cast.owner.client.post("/v2/roles", &role).json()["role_id"].as_str().expect("an id").to_owned();
    let id = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    assert_eq!(approve(&cast.owner, &id, "night shift").status, StatusCode::OK);
    let first = cast.world.link_of(&id);
    assert_eq!(cast.owner.client.delete(&format!("/v2/roles/{role}")).status, StatusCode::OK);
    assert_eq!(cast.owner.client.get(PATH).json()[0]["role_id"], Value::Null);
    let answer = approve(&cast.owner, &id, "normal");
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_ne!(cast.world.link_of(&id), first, "the older link is dead");
    assert_eq!(cast.world.rows("mail_token"), 1);
}

#[test]
fn z7_who_leaves_leaves_no_invitation_behind() {
    let (cast, _) = stage();
    let own = cast.ask_for(&cast.owner, "member.of.owner@example.com", "LiveChat");
    let sent = cast.ask_for(&cast.member, "guest@example.com", "LiveChat");
    assert_eq!(cast.owner.client.delete(&format!("/v2/accounts/{}", cast.member.id)).status, StatusCode::OK);
    assert_eq!((cast.state_of(&own).as_str(), cast.state_of(&sent).as_str()), ("", "pending"));
    let listed = cast.owner.client.get(PATH).json();
    assert_eq!((&listed[0]["invitation_id"], &listed[0]["creator_id"]), (&json!(sent), &Value::Null));
    assert_eq!(approve(&cast.owner, &sent, "normal").status, StatusCode::OK, "it stands without who sent it");
}

#[test]
fn z8_a_long_list_comes_in_pages_of_both_states_in_order() {
    let (cast, _) = stage();
    let mut ids = Vec::new();
    for at in 0..5 {
        cast.world.clock.advance(Duration::from_millis(1));
        let email = format!("{at}@example.com");
        ids.push(match at % 2 {
            0 => cast.ask_for(&cast.owner, &email, "LiveChat"),
            _ => cast.invite(&email, "LiveChat", "normal"),
        });
    }
    let mut seen = Vec::new();
    let mut next = format!("{PATH}?limit=2");
    for _ in 0..3 {
        let page = cast.owner.client.get(&next);
        assert_eq!((page.status, page.calls.database), (StatusCode::OK, 1));
        seen.extend(
            page.json().as_array().expect("a list").iter().map(|one| one["invitation_id"].as_str().map(str::to_owned)),
        );
        next = page.header("link").split(['<', '>']).nth(1).unwrap_or_default().to_owned();
    }
    assert_eq!(next, "");
    assert_eq!(seen, ids.into_iter().map(Some).collect::<Vec<_>>());
    let first = cast.owner.client.get(&format!("{PATH}?limit=2"));
    let link = first.header("link").split(['<', '>']).nth(1).expect("a link").to_owned();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    assert_eq!(other.owner.client.get(&link).status, StatusCode::BAD_REQUEST, "of this organization alone");
    let cursor = link.split_once("cursor=").expect("a cursor").1;
    assert_eq!(cast.owner.client.get(&format!("/v2/accounts?cursor={cursor}")).status, StatusCode::BAD_REQUEST);
}

#[test]
fn only_the_hundred_highest_are_told() {
    let (cast, _) = stage();
    for at in 0..101 {
        cast.world.member_of(&cast.organization, &format!("{at}@crowd.example.com"), ADMINISTRATOR);
    }
    cast.ask_for(&cast.member, "guest@example.com", "Accounts");
    assert_eq!(cast.world.rows("outbox WHERE template = 'invitation_pending'"), 100);
    assert!(cast.told("invitation_pending").contains(" owner@example.com"), "the owner first");
}

/// Found by the model (`tests/native/model`): an invitation with a role gives it to a member at once, so rule 2 of
/// `authz::granting` holds for it as it does for an approval.
#[test]
fn z5_an_invitation_with_a_role_gives_nothing_to_who_ranks_above() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let chat = cast.hire("chat@example.com", &[]);
    cast.world.give_role(&chat.id, &cast.organization, &cast.role("LiveChat", "administrator"));
    let invite = |email: &str| {
        chat.client.post(PATH, &json!({"email": email, "name": "x", "product": "LiveChat", "role": "normal"}))
    };
    let before = (cast.world.rows("invitation"), cast.world.rows("audit_log"), cast.world.rows("outbox"));
    for (person, email) in
        [(&cast.administrator, "administrator.of.owner@example.com"), (&cast.owner, "owner@example.com")]
    {
        let roles = cast.roles_of(&person.id);
        let answer = invite(email);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::FORBIDDEN, 1), "{}", answer.text);
        assert!(answer.text.contains("The person ranks above you."), "{}", answer.text);
        assert_eq!(cast.roles_of(&person.id), roles);
    }
    assert_eq!((cast.world.rows("invitation"), cast.world.rows("audit_log"), cast.world.rows("outbox")), before);
    assert_eq!(invite("member.of.owner@example.com").status, StatusCode::CREATED);
    assert_eq!(cast.roles_of(&cast.member.id), "Accounts/member LiveChat/normal".replace(' ', ","));
}
