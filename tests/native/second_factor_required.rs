//! An organization demands a second factor: every way in honours it (row M6).

use std::time::Duration;

use global_accounts::domain::time::Timestamp;
use global_accounts::ports::Clock as _;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::authorize::{CONFIDENTIAL, PRIVATE, Stage, code_of, code_request, given, title, token_request};
use crate::support::browser::hidden;
use crate::support::client::{Answer, World};
use crate::support::oauth::REDIRECT_URI;

const DEMAND: &str = "/v2/organizations/my/two_factor";
const GRACE: Duration = Duration::from_hours(1);
const SKEW: Duration = Duration::from_mins(5);
const MILLISECOND: Duration = Duration::from_millis(1);

fn refused(answer: &Answer, status: StatusCode, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
}

fn due(answer: &Answer) {
    refused(answer, StatusCode::FORBIDDEN, "\"sub_error\":\"second_factor_required\"");
    assert_eq!(answer.json()["error"], "access_denied");
}

fn in_an_hour(world: &World) -> String {
    Timestamp::plus(world.clock.now(), GRACE).rfc3339()
}

/// The owner has a second factor and demands one from in an hour on.
fn stage() -> Stage {
    let stage = Stage::of(World::with(&[("INTROSPECTION_MAX_STALENESS", "0")]));
    stage.world.enrol(&stage.cast.owner.id);
    let answer = stage.cast.owner.client.put(DEMAND, &json!({"required_at": in_an_hour(&stage.world)}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    stage
}

fn tokens(stage: &Stage) -> Value {
    let answer = stage.member().ask(&code_request(PRIVATE));
    let answer = stage.world.exchange_code(PRIVATE, &code_of(&answer), REDIRECT_URI);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

fn refresh(stage: &Stage, tokens: &Value) -> Answer {
    let body = json!({
        "grant_type": "refresh_token", "client_id": PRIVATE, "refresh_token": tokens["refresh_token"],
    });
    stage.world.ask_token(Some("application/json"), None, "/v2/token", &body.to_string())
}

#[test]
fn m6_only_an_owner_with_a_second_factor_demands_one_and_not_in_the_past() {
    let stage = Stage::default();
    let owner = &stage.cast.owner.client;
    let at = in_an_hour(&stage.world);
    refused(
        &owner.put(DEMAND, &json!({"required_at": at})),
        StatusCode::CONFLICT,
        "Set up a second factor of your own",
    );
    stage.world.enrol(&stage.cast.owner.id);
    for (body, words) in [
        (json!({}), "is required"),
        (json!({"required_at": "tomorrow"}), "must be a time"),
        (json!({"required_at": "2000-01-01T00:00:00Z"}), "must not be in the past"),
        (json!({"required_at": stage.world.clock.now().minus(SKEW + MILLISECOND)}), "must not be in the past"),
    ] {
        refused(&owner.put(DEMAND, &body), StatusCode::UNPROCESSABLE_ENTITY, words);
    }
    for other in [&stage.cast.administrator.client, &stage.cast.member.client] {
        assert_eq!(other.put(DEMAND, &json!({"required_at": at})).status, StatusCode::FORBIDDEN);
    }
    let demanded = || stage.world.rows("organization WHERE mfa_required_at IS NOT NULL");
    assert_eq!((demanded(), stage.cast.audited("organization.require_second_factor")), (0, 0));
    let answer = owner.put(DEMAND, &json!({"required_at": at}));
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"required_at": at})), "{}", answer.text);
    assert_eq!(stage.cast.member.client.get("/v2/accounts/me/mfa").json()["required_at"], at.as_str());
    assert_eq!((demanded(), stage.cast.audited("organization.require_second_factor")), (1, 1));
    let just_now = json!({"required_at": stage.world.clock.now().minus(SKEW)});
    assert_eq!(owner.put(DEMAND, &just_now).status, StatusCode::OK, "said by another clock");
    for _ in 0..2 {
        assert_eq!(owner.put(DEMAND, &json!({"required_at": null})).status, StatusCode::OK);
    }
    assert_eq!(demanded(), 0);
    let written = stage.cast.audited("organization.require_second_factor");
    assert_eq!(written, 3, "what changes nothing is not written down");
    let before = format!("audit_detail WHERE detail ->> '$.before' LIKE '%{at}%'");
    assert_eq!(stage.world.rows(&before), 1, "the day that was moved");
}

#[test]
fn m6_who_stole_a_token_neither_demands_it_nor_ends_the_demand() {
    let stage = Stage::default();
    let (owner, id) = (&stage.cast.owner.client, &stage.cast.owner.id);
    let phone = stage.world.enrol(id);
    let personal = stage.world.personal(id, &stage.cast.organization, &["organization--my:rw"]);
    let at = in_an_hour(&stage.world);
    assert_eq!(owner.put(DEMAND, &json!({"required_at": at})).status, StatusCode::OK);
    stage.world.clock.advance(Duration::from_mins(10));
    let end = json!({"required_at": null});
    refused(&owner.put(DEMAND, &end), StatusCode::FORBIDDEN, "This needs your password, a code");
    let wrong = json!({"required_at": null, "code": phone.wrong()});
    refused(&owner.put(DEMAND, &wrong), StatusCode::FORBIDDEN, "none of your second factor");
    let with_code = json!({"required_at": null, "code": phone.code()});
    assert_eq!(personal.put(DEMAND, &with_code).status, StatusCode::FORBIDDEN);
    let demanded = || stage.world.rows("organization WHERE mfa_required_at IS NOT NULL");
    assert_eq!(demanded(), 1);
    let answer = owner.put(DEMAND, &with_code);
    assert_eq!((answer.status, answer.calls.database, demanded()), (StatusCode::OK, 2, 0), "{}", answer.text);
}

#[test]
fn m6_from_the_moment_on_every_credential_without_one_is_refused_and_enrolment_is_not() {
    let stage = stage();
    let member = &stage.cast.member;
    let personal = stage.world.personal(&member.id, &stage.cast.organization, &["accounts--my:rw"]);
    let application = stage.world.bearer(&stage.world.application_token_for(&member.id, &stage.cast.organization));
    let page = stage.member();
    stage.world.clock.advance(GRACE - Duration::from_millis(1));
    for client in [&member.client, &personal, &application] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::OK, "not yet");
    }
    assert_eq!(member.client.get("/v2/info").status, StatusCode::OK);
    stage.world.clock.advance(Duration::from_millis(1));
    for client in [&member.client, &personal, &application] {
        due(&client.get("/v2/accounts/me"));
        due(&client.patch("/v2/accounts/me", &json!({"name": "Renamed"})));
    }
    due(&member.client.post("/v2/organizations", &json!({"organization": {"name": "New"}})));
    due(&member.client.post("/v2/personal_token", &json!({"name": "new", "scope": "accounts--my:ro"})));
    assert_eq!(stage.world.rows("account WHERE name = 'Renamed'"), 0);
    assert_eq!(member.client.get("/v2/info").status, StatusCode::UNAUTHORIZED, "introspection takes it for dead");
    assert_eq!(stage.cast.owner.client.get("/v2/accounts/me").status, StatusCode::OK, "who has one notices nothing");

    let panel = page.get("/panel");
    assert_eq!((panel.status, panel.header("location")), (StatusCode::SEE_OTHER, "/account#second_factor"));
    assert_eq!(title(&page.get("/account")), "Your account");
    assert_eq!(page.post("/account/profile", &[("name", "Renamed")]).header("location"), "/account#second_factor");
    assert_eq!(stage.world.rows("account WHERE name = 'Renamed'"), 0);

    // The person has just signed in once more.
    let now = stage.world.clock.now().millis();
    stage
        .world
        .database
        .execute(&format!("UPDATE session SET authenticated_at = {now} WHERE account_id = '{}'", member.id));
    let begun = member.client.post("/v2/accounts/me/mfa/totp", &json!({}));
    let phone = stage.world.authenticator(begun.json()["secret"].as_str().expect("a secret"));
    let confirmed = member.client.post("/v2/accounts/me/mfa/totp/confirm", &json!({"code": phone.code()}));
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text);
    assert_eq!(member.client.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(member.client.get("/v2/info").status, StatusCode::OK);
    // The last one stays while it is demanded.
    stage.world.clock.advance(Duration::from_secs(60));
    let kept = member.client.send(
        Method::DELETE,
        "/v2/accounts/me/mfa/totp",
        json!({"code": phone.code()}).to_string().into(),
    );
    refused(&kept, StatusCode::CONFLICT, "demands a second factor");
    assert_eq!(stage.world.rows("totp WHERE confirmed_at IS NOT NULL"), 2);
}

#[test]
fn m6_codes_and_refresh_tokens_wait_for_the_second_factor() {
    let stage = stage();
    let given_before = tokens(&stage);
    stage.world.clock.advance(GRACE - Duration::from_secs(10));
    let code = code_of(&stage.member().ask(&code_request(PRIVATE)));
    stage.world.clock.advance(Duration::from_secs(10));
    let families = stage.world.rows("refresh_family");
    refused(&stage.world.exchange_code(PRIVATE, &code, REDIRECT_URI), StatusCode::UNAUTHORIZED, "invalid_grant");
    let before = stage.world.rows("access_token");
    refused(&refresh(&stage, &given_before), StatusCode::UNAUTHORIZED, "invalid_grant");
    assert_eq!((stage.world.rows("refresh_family"), stage.world.rows("access_token")), (families, before));
    assert_eq!(stage.world.rows("refresh_family WHERE revoked_at IS NOT NULL"), 0, "it lives on");
    stage.world.enrol(&stage.cast.member.id);
    assert_eq!(refresh(&stage, &given_before).status, StatusCode::OK);
}

#[test]
fn m6_an_application_s_request_leads_to_a_second_factor_and_then_on() {
    let stage = stage();
    stage.world.clock.advance(GRACE);
    for client in [PRIVATE, CONFIDENTIAL] {
        assert_eq!(title(&stage.member().ask(&code_request(client))), "Turn on two-step sign-in");
    }
    assert_eq!(title(&stage.member().ask(&token_request(PRIVATE))), "Turn on two-step sign-in");
    let browser = stage.member();
    let page = browser.ask(&code_request(PRIVATE));
    assert!(page.text.contains("asks all its members for it"), "{}", page.text);
    let request = hidden(&browser.page(), "request").expect("a request");
    let go_on = || crate::support::authorize::url("/continue", &[("request", &request)]);
    assert_eq!(title(&browser.get(&go_on())), "Turn on two-step sign-in", "no way around");
    assert_eq!(browser.post("/consent", &[("decision", "allow")]).status, StatusCode::FORBIDDEN);
    browser.get(&go_on());
    let answer = browser.post("/set-up", &[("request", &request), ("mfa_password", "")]);
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.text);
    let (_, key) = answer.text.split_once("<p class=\"key\"><code>").expect("a key");
    let phone = stage.world.authenticator(&key.split('<').next().expect("a key").replace(' ', ""));
    let wrong = browser.post("/set-up/confirm", &[("request", &request), ("code", &phone.wrong())]);
    refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, "This code is not right");
    assert_eq!(stage.world.answers(), 0);
    let answer = browser.post("/set-up/confirm", &[("request", &request), ("code", &phone.code())]);
    assert_eq!(answer.text.matches("<li><code>").count(), 10, "{}", answer.text);
    given(&browser.get(&go_on()), REDIRECT_URI);
    assert_eq!(stage.world.answers(), 1);
}

#[test]
fn m6_a_sign_in_without_an_application_leads_to_it_too() {
    let stage = stage();
    assert_eq!(title(&stage.member().get("/")), "Your products");
    stage.world.clock.advance(GRACE);
    let browser = stage.member();
    assert_eq!(title(&browser.get("/")), "Turn on two-step sign-in");
    let request = hidden(&browser.page(), "request").expect("a request");
    let begun = browser.post("/set-up", &[("request", &request), ("mfa_password", "")]);
    let (_, key) = begun.text.split_once("<p class=\"key\"><code>").expect("a key");
    let key = key.split_once('<').expect("its end").0.replace(' ', "");
    let code = stage.world.authenticator(&key).code();
    let done = browser.post("/set-up/confirm", &[("request", &request), ("code", &code)]);
    assert!(done.text.contains("/continue?"), "{}", done.text);
    assert_eq!(title(&browser.get("/")), "Your products");
}

/// It becomes due between the reading and the answer.
#[test]
fn m6_nothing_is_given_that_became_due_meanwhile() {
    let stage = Stage::default();
    let browser = stage.member();
    stage.world.database.meanwhile(1, "UPDATE organization SET mfa_required_at = 1");
    let answer = browser.ask(&code_request(PRIVATE));
    assert_eq!((answer.status, stage.world.answers()), (StatusCode::SEE_OTHER, 0), "{}", answer.header("location"));
    assert!(!answer.header("location").starts_with(REDIRECT_URI));
}

#[test]
fn m6_only_the_organization_that_demands_it_is_closed() {
    let stage = Stage::default();
    let other = stage.organization_of(&stage.cast.member.id, "Lax");
    stage.world.database.execute(&format!(
        "UPDATE organization SET mfa_required_at = 1 WHERE organization_id = '{}'",
        stage.cast.organization
    ));
    due(&stage.cast.member.client.get("/v2/accounts/me"));
    let elsewhere = stage.world.browser_of(&stage.cast.member.id, &other);
    assert_eq!(elsewhere.post_profile("Renamed"), StatusCode::SEE_OTHER);
    assert_eq!(stage.world.rows("account WHERE name = 'Renamed'"), 1);
    elsewhere.get("/account");
    let switched = elsewhere.post("/account/organization", &[("organization_id", &stage.cast.organization)]);
    assert_eq!(switched.status, StatusCode::SEE_OTHER, "{}", switched.text);
    elsewhere.get("/account");
    assert_eq!(elsewhere.post("/account/profile", &[("name", "Again")]).header("location"), "/account#second_factor");
    assert_eq!(stage.world.rows("account WHERE name = 'Again'"), 0);
}

impl crate::support::browser::Browser {
    fn post_profile(&self, name: &str) -> StatusCode {
        self.get("/account");
        self.post("/account/profile", &[("name", name)]).status
    }
}
