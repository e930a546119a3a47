//! `/v2/organizations/{organization_id}/domains`, and who may join by one.

use std::time::Duration;

use axum::body::Body;
use global_accounts::oauth::mail_link::Purpose;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::cast::{Cast, MEMBER};
use crate::support::client::{Answer, Client, World};
use crate::support::mails::{link_in, token_in};

const DOMAINS: &str = "/v2/organizations/my/domains";
const JOINABLE: &str = "/v2/organizations/joinable";

fn add(client: &Client, domain: &str) -> Answer {
    client.post(DOMAINS, &json!({"domain": domain}))
}

fn added(client: &Client, domain: &str) -> Value {
    let answer = add(client, domain);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CREATED, 1), "{}", answer.text);
    answer.json()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn proof(client: &Client, domain: &Value) -> Answer {
    client.post(&format!("{DOMAINS}/{}/proof", text(&domain["domain_id"])), &json!({}))
}

/// The question of a TXT record, as it goes out.
fn question(domain: &Value) -> String {
    format!("https://cloudflare-dns.com/dns-query?name={}&type=TXT", text(&domain["proof"]["name"]))
}

/// Lets the name service say this of a domain's record.
fn dns_says(world: &World, domain: &Value, records: &[(u16, &str)]) {
    let records: Vec<Value> =
        records.iter().map(|(kind, data)| json!({"type": kind, "data": data, "TTL": 300})).collect();
    world.outbound.says(&question(domain), &json!({"Status": 0, "AD": false, "Answer": records}).to_string());
}

fn quoted(domain: &Value) -> String {
    format!("\"{}\"", text(&domain["proof"]["value"]))
}

/// A domain of the cast's organization, proven.
fn proven(cast: &Cast, name: &str) -> Value {
    let domain = added(&cast.owner.client, name);
    dns_says(&cast.world, &domain, &[(16, &quoted(&domain))]);
    let answer = proof(&cast.owner.client, &domain);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    answer.json()
}

/// Somebody of an organization of their own whose address is verified.
fn verified(world: &World, email: &str) -> Client {
    let (client, created) = world.sign_up(email);
    world.database.execute(&format!(
        "UPDATE account SET email_verified = 1 WHERE account_id = '{}'",
        text(&created["account_id"])
    ));
    client
}

fn join(client: &Client, cast: &Cast) -> Answer {
    client.post(&format!("/v2/organizations/{}/join", cast.organization), &json!({}))
}

fn names(client: &Client) -> Vec<String> {
    let answer = client.get(DOMAINS);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    answer.json().as_array().expect("a list").iter().map(|domain| text(&domain["domain"]).to_owned()).collect()
}

#[test]
fn a_domain_is_added_listed_and_taken_away() {
    let cast = Cast::default();
    let domain = added(&cast.administrator.client, "Acme.Example");
    assert_eq!(
        (text(&domain["domain"]), text(&domain["type"]), &domain["proven_at"], text(&domain["organization_id"])),
        ("acme.example", "open", &Value::Null, cast.organization.as_str())
    );
    assert_eq!(text(&domain["proof"]["name"]), "_accounts-challenge.acme.example");
    assert_eq!((text(&domain["proof"]["type"]), text(&domain["proof"]["value"]).len()), ("TXT", 22));
    cast.world.clock.advance(Duration::from_millis(1)); // ids in this order
    let request = Request::builder()
        .method(Method::POST)
        .uri(DOMAINS)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("authorization", cast.owner.client.authorization());
    let form = cast.world.send(request.body(Body::from("domain=b%C3%BCcher.example")).expect("a request"));
    assert_eq!((form.status, text(&form.json()["domain"])), (StatusCode::CREATED, "xn--bcher-kva.example"));
    assert_eq!(names(&cast.owner.client), ["acme.example", "xn--bcher-kva.example"]);
    let path = format!("{DOMAINS}/{}", text(&domain["domain_id"]));
    let gone = cast.owner.client.delete(&path);
    assert_eq!((gone.status, gone.text.as_str(), gone.calls.database), (StatusCode::OK, "{}", 1));
    assert_eq!(cast.owner.client.delete(&path).status, StatusCode::NOT_FOUND);
    assert_eq!(names(&cast.owner.client), ["xn--bcher-kva.example"]);
    assert_eq!((cast.audited("domain.add"), cast.audited("domain.remove")), (2, 1));
    let log = cast.owner.client.get("/v2/audit_log?action=domain.remove").json();
    assert_eq!(log[0]["detail"]["before"], json!({"domain": "acme.example"}));
}

#[test]
fn what_is_everybody_s_or_no_domain_is_refused_and_so_is_the_eleventh() {
    let cast = Cast::default();
    for (domain, problem) in [
        ("gmail.com", "Free e-mail domain."),
        ("mailinator.com", "Disposable domain."),
        ("localhost", "invalid domain"),
        ("192.0.2.1", "invalid domain"),
        ("", "invalid domain"),
    ] {
        let answer = add(&cast.owner.client, domain);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{}", answer.text);
        assert_eq!(answer.json()["invalid_fields"], json!({"domain": problem}));
    }
    assert_eq!(cast.owner.client.post(DOMAINS, &json!({})).json()["invalid_fields"], json!({"domain": "is required"}));
    added(&cast.owner.client, "d0.example");
    assert_eq!(add(&cast.owner.client, "D0.example").status, StatusCode::CONFLICT, "twice");
    for at in 1..10 {
        added(&cast.owner.client, &format!("d{at}.example"));
    }
    let eleventh = add(&cast.owner.client, "d10.example");
    assert_eq!((eleventh.status, text(&eleventh.json()["resource_name"])), (StatusCode::CONFLICT, "domain"));
    assert_eq!((names(&cast.owner.client).len(), cast.audited("domain.add")), (10, 10));
    let other = Cast::of(cast.world.clone(), "other@example.com");
    added(&other.owner.client, "d0.example");
}

#[test]
fn z1_z4_z5_only_by_administrators_of_the_organization() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let domain = added(&cast.owner.client, "acme.example");
    dns_says(&cast.world, &domain, &[(16, &quoted(&domain))]);
    let path = format!("{DOMAINS}/{}", text(&domain["domain_id"]));
    let narrow = cast.with_scopes(&cast.owner, &["accounts--all:rw"]);
    for client in [&cast.member.client, &narrow] {
        for answer in [client.get(DOMAINS), add(client, "b.example"), proof(client, &domain), client.delete(&path)] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
        }
    }
    for answer in [proof(&other.owner.client, &domain), other.owner.client.delete(&path)] {
        assert_eq!((answer.status, text(&answer.json()["resource_name"])), (StatusCode::NOT_FOUND, "domain"));
    }
    let foreign = format!("/v2/organizations/{}/domains", cast.organization);
    assert_eq!(other.owner.client.get(&foreign).status, StatusCode::NOT_FOUND);
    assert_eq!(other.owner.client.delete(&format!("{DOMAINS}/x")).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(cast.world.outbound.asked.lock().expect("lock").is_empty(), "nobody was asked");
    assert_eq!(cast.world.rows("organization_domain WHERE proven_at IS NULL"), 1);
}

#[test]
fn the_record_proves_it_and_nothing_else_does() {
    let cast = Cast::default();
    let domain = added(&cast.owner.client, "acme.example");
    let value = text(&domain["proof"]["value"]).to_owned();
    let wrong: [(&str, Vec<(u16, String)>); 5] = [
        ("nothing", vec![]),
        ("another text", vec![(16, format!("\"{value}x\"")), (16, format!("\"x {value}\""))]),
        ("another type", vec![(5, value.clone()), (1, format!("\"{value}\""))]),
        ("cut", vec![(16, format!("\"{}\"", &value[1..]))]),
        ("empty", vec![(16, "\"\"".to_owned())]),
    ];
    for (name, records) in wrong {
        let records: Vec<(u16, &str)> = records.iter().map(|(kind, data)| (*kind, data.as_str())).collect();
        dns_says(&cast.world, &domain, &records);
        let answer = proof(&cast.owner.client, &domain);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::CONFLICT, 1), "{name}: {}", answer.text);
    }
    cast.world.outbound.says(&question(&domain), r#"{"Status":3}"#);
    assert_eq!(proof(&cast.owner.client, &domain).status, StatusCode::CONFLICT, "no such name");
    for body in [r#"{"Status":2}"#, "<html>", "{}", ""] {
        cast.world.outbound.says(&question(&domain), body);
        assert_eq!(proof(&cast.owner.client, &domain).status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    }
    assert_eq!((cast.audited("domain.prove"), cast.world.rows("organization_domain WHERE proven_at IS NULL")), (0, 1));

    let (head, tail) = value.split_at(7);
    dns_says(&cast.world, &domain, &[(16, "\"v=spf1 -all\""), (16, &format!("\"{head}\" \"{tail}\""))]);
    let answer = proof(&cast.owner.client, &domain);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(text(&answer.json()["proven_at"]), "2023-11-14T22:13:20.000Z");
    assert_eq!(cast.audited("domain.prove"), 1);
    let asked = cast.world.outbound.asked.lock().expect("lock").clone();
    assert!(
        asked.iter().all(|request| *request == (question(&domain), "application/dns-json".to_owned())),
        "{asked:?}"
    );
    let again = proof(&cast.owner.client, &domain);
    assert_eq!((again.status, again.calls.database), (StatusCode::OK, 1), "it is known");
    assert_eq!((asked.len(), cast.audited("domain.prove")), (cast.world.outbound.asked.lock().expect("lock").len(), 1));
}

#[test]
fn z13_a_name_service_that_is_silent_or_leads_elsewhere_is_no_answer() {
    let cast = Cast::default();
    let domain = added(&cast.owner.client, "acme.example");
    let answer = proof(&cast.owner.client, &domain);
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"), "a redirect");
    cast.world.outbound.fall_silent();
    let before = cast.world.app().now();
    let answer = proof(&cast.owner.client, &domain);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    assert_eq!(cast.world.app().now().since(before), Duration::from_secs(3));
    assert!(!answer.text.contains("cloudflare"), "the reason is for the log");
    assert_eq!(cast.world.rows("organization_domain WHERE proven_at IS NULL"), 1);
}

#[test]
fn e4_questions_are_counted_before_they_are_asked() {
    let cast = Cast::of(World::with(&[("DOMAIN_PROOFS_PER_HOUR", "2")]), "owner@example.com");
    let domain = added(&cast.owner.client, "acme.example");
    dns_says(&cast.world, &domain, &[]);
    for _ in 0..2 {
        assert_eq!(proof(&cast.owner.client, &domain).status, StatusCode::CONFLICT);
    }
    dns_says(&cast.world, &domain, &[(16, &quoted(&domain))]);
    let answer = proof(&cast.owner.client, &domain);
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"));
    assert_eq!(cast.world.outbound.asked.lock().expect("lock").len(), 2);
    cast.world.clock.advance(Duration::from_hours(1));
    assert_eq!(proof(&cast.owner.client, &domain).status, StatusCode::OK);
}

#[test]
fn what_was_taken_away_while_the_question_was_asked_is_not_proven() {
    let cast = Cast::default();
    let domain = added(&cast.owner.client, "acme.example");
    dns_says(&cast.world, &domain, &[(16, &quoted(&domain))]);
    cast.world.database.meanwhile(1, "DELETE FROM organization_domain");
    let answer = proof(&cast.owner.client, &domain);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::NOT_FOUND, 2), "{}", answer.text);
    assert_eq!((cast.audited("domain.prove"), cast.world.rows("organization_domain")), (0, 0));
}

#[test]
fn who_has_a_verified_address_of_a_proven_domain_joins() {
    let cast = Cast::default();
    let anna = verified(&cast.world, "anna@Acme.Example");
    let account = text(&anna.get("/v2/accounts/me").json()["account_id"]).to_owned();
    let domain = added(&cast.owner.client, "acme.example");
    assert_eq!(anna.get(JOINABLE).json(), json!([]), "not proven");
    assert_eq!(join(&anna, &cast).status, StatusCode::NOT_FOUND);
    dns_says(&cast.world, &domain, &[(16, &quoted(&domain))]);
    assert_eq!(proof(&cast.owner.client, &domain).status, StatusCode::OK);

    let told = anna.get(JOINABLE);
    assert_eq!((told.status, told.calls.database), (StatusCode::OK, 1));
    assert_eq!(told.json(), json!([{"organization_id": cast.organization, "name": "Acme"}]));
    let joined = join(&anna, &cast);
    assert_eq!((joined.status, joined.calls.database), (StatusCode::OK, 1), "{}", joined.text);
    assert_eq!(joined.json()["organization_id"], cast.organization.as_str());
    assert_eq!(cast.roles_of(&account), "Accounts/member");
    assert_eq!(anna.get("/v2/organizations").json().as_array().map(Vec::len), Some(2));
    assert_eq!(anna.get(JOINABLE).json(), json!([]), "joined already");
    assert_eq!(join(&anna, &cast).status, StatusCode::CONFLICT);
    let log = cast.owner.client.get("/v2/audit_log?action=account.join").json();
    assert_eq!((&log[0]["actor"]["account_id"], &log[0]["facts"]), (&json!(account), &json!({"by": "domain"})));
    assert_eq!(cast.audited("account.join"), 1);

    let path = format!("{DOMAINS}/{}", text(&domain["domain_id"]));
    assert_eq!(cast.owner.client.delete(&path).status, StatusCode::OK);
    assert_eq!(cast.roles_of(&account), "Accounts/member", "who joined stays");
}

#[test]
fn e12_an_address_that_is_not_verified_or_only_looks_like_it_opens_nothing() {
    let cast = Cast::default();
    proven(&cast, "acme.example");
    let strangers = [
        cast.world.sign_up("unverified@acme.example").0,
        verified(&cast.world, "a@sub.acme.example"),
        verified(&cast.world, "a@acme.example.test"),
        verified(&cast.world, "a@notacme.example"),
        verified(&cast.world, "acme.example@other.test"),
    ];
    let members = cast.world.rows("membership");
    for stranger in &strangers {
        assert_eq!(stranger.get(JOINABLE).json(), json!([]));
        let answer = join(stranger, &cast);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::NOT_FOUND, 1), "{}", answer.text);
    }
    let nobody = "/v2/organizations/00000000-0000-7000-8000-000000000000/join";
    let told = |answer: &Answer| (answer.status, answer.json()["error_description"].clone());
    assert_eq!(
        told(&strangers[0].post(nobody, &json!({}))),
        told(&join(&strangers[0], &cast)),
        "there is none, or it is closed"
    );
    assert_eq!(strangers[0].post("/v2/organizations/my/join", &json!({})).status, StatusCode::NOT_FOUND);
    assert_eq!((cast.world.rows("membership"), cast.audited("account.join")), (members, 0));
}

#[test]
fn z1_an_application_joins_nobody_and_a_suspended_member_stays_one() {
    let cast = Cast::default();
    proven(&cast, "acme.example");
    let (anna, home) = cast.world.sign_up("anna@acme.example");
    let (account, home) =
        (text(&home["account_id"]).to_owned(), text(&home["organization"]["organization_id"]).to_owned());
    cast.world.database.execute("UPDATE account SET email_verified = 1 WHERE email = 'anna@acme.example'");
    let application = cast.world.bearer(&cast.world.application_token_for(&account, &home));
    let narrow = cast.world.bearer(&cast.world.token_for(&account, &home, &["accounts--my:ro"]));
    for client in [&application, &narrow] {
        assert_eq!(client.get(JOINABLE).status, StatusCode::FORBIDDEN);
        assert_eq!(join(client, &cast).status, StatusCode::FORBIDDEN);
    }
    cast.world.join(&account, &cast.organization, MEMBER);
    cast.world.database.execute(&format!(
        "UPDATE membership SET suspended = 1 WHERE account_id = '{account}' AND organization_id = '{}'",
        cast.organization
    ));
    assert_eq!(join(&anna, &cast).status, StatusCode::CONFLICT);
    assert_eq!(anna.get(JOINABLE).json(), json!([]));
    assert_eq!(cast.world.rows("membership WHERE suspended = 1"), 1);
}

#[test]
fn the_page_offers_what_the_person_may_join_and_nothing_else() {
    let cast = Cast::default();
    proven(&cast, "acme.example");
    verified(&cast.world, "anna@acme.example");
    let of = |column: &str| -> String {
        cast.world.database.value(&format!("SELECT {column} FROM account WHERE email = 'anna@acme.example'"))
    };
    let (account, home) = (of("account_id"), of("default_organization_id"));
    let browser = cast.world.browser_of(&account, &home);
    let page = browser.get("/account");
    assert!(
        page.text.contains("Organizations you can join") && page.text.contains(&cast.organization),
        "{}",
        page.text
    );
    let elsewhere = Cast::of(cast.world.clone(), "other@example.com").organization;
    for foreign in [elsewhere.as_str(), "x", ""] {
        let refused = browser.copy().post("/account/organizations/join", &[("organization_id", foreign)]);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{foreign}: {}", refused.text);
    }
    let form = [("organization_id", cast.organization.as_str())];
    let forged = browser.copy().post_as("/account/organizations/join", Some("https://evil.example"), &form);
    assert_eq!((forged.status, cast.roles_of(&account).as_str()), (StatusCode::FORBIDDEN, ""));
    for _ in 0..2 {
        let joined = browser.post("/account/organizations/join", &form);
        assert_eq!((joined.status, joined.calls.database), (StatusCode::SEE_OTHER, 1), "{}", joined.text);
        assert_eq!(joined.header("location"), "/account?done=organization_joined#organizations");
    }
    assert_eq!((cast.roles_of(&account).as_str(), cast.audited("account.join")), ("Accounts/member", 1));
    let page = browser.get("/account");
    assert!(!page.text.contains("Organizations you can join"), "{}", page.text);
}

/// Twenty at once: one membership, one row in the log.
#[test]
fn r4_who_joins_many_times_at_once_is_a_member_once() {
    let cast = Cast::default();
    proven(&cast, "acme.example");
    let anna = verified(&cast.world, "anna@acme.example");
    let statuses = at_once(20, || join(&anna, &cast).status);
    let number = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((number(StatusCode::OK), number(StatusCode::CONFLICT)), (1, 19), "{statuses:?}");
    assert_eq!(cast.audited("account.join"), 1);
}

fn send_mail(client: &Client, domain: &Value) -> Answer {
    client.post(&format!("{DOMAINS}/{}/proof", text(&domain["domain_id"])), &json!({"method": "mail"}))
}

#[test]
fn e6_a_link_goes_to_the_postmaster_and_is_kept_as_a_digest_alone() {
    let cast = Cast::default();
    let domain = added(&cast.owner.client, "acme.example");
    let other = added(&Cast::of(cast.world.clone(), "other@example.com").owner.client, "acme.example");
    cast.world.database.execute("DELETE FROM outbox");
    for _ in 0..2 {
        let answer = send_mail(&cast.owner.client, &domain);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::ACCEPTED, 1), "{}", answer.text);
        assert_eq!(answer.json(), domain, "not proven by being asked for");
    }
    let mail: String = cast.world.database.value(
        "SELECT group_concat(template || ' ' || recipient_kind || ' ' || recipient_id || ' ' || purpose || ' ' || email_key
           || ' ' || (mail_token.expires_at - mail_token.created_at) || ' ' || parameters)
         FROM outbox JOIN mail_token USING (mail_token_id)",
    );
    let expected = format!(
        "domain_challenge domain {} domain postmaster@acme.example 3600000 {{\"organization_id\":\"{}\"}}",
        text(&domain["domain_id"]),
        cast.organization
    );
    assert_eq!(mail, expected, "one mail with one link, the newer");
    assert_eq!(cast.audited("domain.send_challenge"), 2);
    assert_eq!(send_mail(&cast.owner.client, &domain).status, StatusCode::ACCEPTED, "the third of the hour");
    let answer = send_mail(&cast.owner.client, &domain);
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"), "E11");
    let stranger = cast.world.bearer(cast.owner.client.token());
    assert_eq!(send_mail(&stranger, &other).status, StatusCode::NOT_FOUND, "another organization's");
    assert_eq!(cast.world.rows("outbox"), 1);
    cast.world.clock.advance(Duration::from_hours(1));
    assert_eq!(send_mail(&cast.owner.client, &domain).status, StatusCode::ACCEPTED);
    let path = format!("{DOMAINS}/{}", text(&domain["domain_id"]));
    assert_eq!(cast.owner.client.delete(&path).status, StatusCode::OK);
    assert_eq!((cast.world.rows("outbox"), cast.world.rows("mail_token")), (0, 0), "nothing is sent for what is gone");
    let bad = cast.owner.client.post(&format!("{path}/proof"), &json!({"method": "pigeon"}));
    assert_eq!(bad.json()["invalid_fields"], json!({"method": "must be dns or mail"}));
}

#[test]
fn e11_a_postmaster_is_not_flooded_by_many_organizations_and_a_proven_domain_asks_nobody() {
    let cast = Cast::default();
    for at in 0..4 {
        let other = Cast::of(cast.world.clone(), &format!("other{at}@example.com"));
        let domain = added(&other.owner.client, "acme.example");
        let expected = if at < 3 { StatusCode::ACCEPTED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(send_mail(&other.owner.client, &domain).status, expected, "{at}");
    }
    let proven = proven(&cast, "b.example");
    let answer = send_mail(&cast.owner.client, &proven);
    assert_eq!((answer.status, text(&answer.json()["resource_name"])), (StatusCode::CONFLICT, "domain"));
    assert_eq!(cast.world.rows("mail_token"), 3);
}

#[test]
fn e8_the_link_proves_the_domain_once_and_only_by_its_button() {
    let cast = Cast::default();
    let domain = added(&cast.owner.client, "acme.example");
    assert_eq!(send_mail(&cast.owner.client, &domain).status, StatusCode::ACCEPTED);
    let sender = cast.world.reconfigured(&[("MAIL_FROM", "accounts@example.com")]);
    sender.send_due();
    let mails = sender.mails_to("postmaster@acme.example", "");
    assert_eq!(mails.len(), 1);
    let link = link_in(&mails[0]);
    let unproven = || cast.world.rows("organization_domain WHERE proven_at IS NULL");
    let reader = cast.world.browser();
    for _ in 0..2 {
        let page = reader.get(&link);
        assert_eq!((page.status, page.calls.database, unproven()), (StatusCode::OK, 1, 1), "E8 {}", page.text);
        assert!(page.text.contains("acme.example (Acme)"), "{}", page.text);
    }
    let token = token_in(&link).to_owned();
    let forged = reader.copy().post_as("/domain", Some("https://evil.example"), &[("token", &token)]);
    assert_eq!((forged.status, unproven()), (StatusCode::FORBIDDEN, 1));
    for other in [Purpose::Verify, Purpose::Invite] {
        let minted = cast.world.app().mint(other.kind(), Some(cast.world.app().now().plus(Duration::from_hours(1))));
        let foreign = minted.expect("a token").text;
        let answer = reader.copy().post("/domain", &[("token", &foreign)]);
        assert_eq!((answer.status, answer.calls.database, unproven()), (StatusCode::GONE, 0, 1));
    }
    let other = reader.copy();
    let done = reader.post("/domain", &[("token", &token)]);
    assert_eq!(
        (done.status, done.header("location"), done.calls.database),
        (StatusCode::SEE_OTHER, "/domain?done=1", 1)
    );
    assert_eq!((unproven(), cast.audited("domain.prove")), (0, 1));
    let log = cast.owner.client.get("/v2/audit_log?action=domain.prove").json();
    assert_eq!((&log[0]["actor"]["kind"], &log[0]["facts"]), (&json!("anonymous"), &json!({"by": "mail"})));
    assert_eq!(other.post("/domain", &[("token", &token)]).status, StatusCode::GONE, "once");
    assert_eq!(reader.get(&link).status, StatusCode::GONE);
    assert_eq!(cast.audited("domain.prove"), 1);
}

#[test]
fn e6_the_link_of_a_domain_dies_after_an_hour_and_with_the_domain() {
    for late in [true, false] {
        let cast = Cast::default();
        let domain = added(&cast.owner.client, "acme.example");
        assert_eq!(send_mail(&cast.owner.client, &domain).status, StatusCode::ACCEPTED);
        let (link, reader) = (cast.world.link(Purpose::Domain), cast.world.browser());
        assert_eq!(reader.get(&link).status, StatusCode::OK);
        match late {
            true => cast.world.clock.advance(Duration::from_hours(1)),
            false => {
                let path = format!("{DOMAINS}/{}", text(&domain["domain_id"]));
                assert_eq!(cast.owner.client.delete(&path).status, StatusCode::OK);
            }
        }
        assert_eq!(reader.copy().get(&link).status, StatusCode::GONE);
        let used = reader.post("/domain", &[("token", token_in(&link))]);
        assert!(matches!(used.status, StatusCode::GONE | StatusCode::FORBIDDEN), "{}", used.text);
        assert_eq!(cast.world.rows("organization_domain WHERE proven_at IS NOT NULL"), 0);
    }
}
