//! The outbox: what was committed goes out after the answer, once more when it failed, and no secret stays behind.

use std::collections::BTreeSet;
use std::time::Duration;

use global_accounts::mail::Template;
use global_accounts::usecase::mail::send::Sent;
use http::StatusCode;
use serde_json::json;

use crate::support::cast::Cast;
use crate::support::client::World;
use crate::support::exercise::exercise_everything;
use crate::support::mails::FROM;
use crate::support::source;

const VERIFICATION: &str = "/v2/accounts/me/email/verification";

fn attempts(world: &World) -> (i64, i64) {
    let of = |condition: &str| world.rows(&format!("outbox WHERE {condition}"));
    (of("dead_at IS NULL"), of("dead_at IS NOT NULL"))
}

#[test]
fn a_mail_goes_out_right_after_the_answer_and_leaves_no_row() {
    let world = World::mailing();
    let (owner, _) = world.sign_up("owner@example.com");
    assert_eq!(world.mails().len(), 0, "POST /v2/organizations sends none in the compatible profile");
    let answer = owner.post(VERIFICATION, &json!({}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    let mails = world.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].from.as_str(), mails[0].to.as_str()), (FROM, "owner@example.com"));
    assert_eq!(mails[0].from_name, "Global Accounts");
    assert_eq!(attempts(&world), (0, 0));
    let line = world.last_line();
    assert_eq!((&line["event"], &line["sent"], &line["level"]), (&json!("mail"), &json!(1), &json!("info")));
    assert_eq!(world.send_due(), Sent::default(), "not twice");
}

#[test]
fn a_mailer_that_refuses_is_asked_again_ever_later_until_the_mail_is_given_up() {
    let world = World::mailing();
    let (owner, _) = world.sign_up("owner@example.com");
    world.mailer.refuse(Some("E_RATE_LIMITED"));
    // A notice, because a link would be of no use any more before the mail is given up.
    let token = json!({"name": "script", "scope": "accounts--my:ro"});
    assert_eq!(owner.post("/v2/personal_token", &token).status, StatusCode::CREATED);
    assert_eq!(attempts(&world), (1, 0));
    assert_eq!(world.send_due(), Sent::default(), "taken a moment ago, so not due");
    let mut waits = Vec::new();
    let mut waited = 0;
    while attempts(&world) == (1, 0) {
        world.clock.advance(Duration::from_mins(1));
        waited += 1;
        let sent = world.send_due();
        if sent != Sent::default() {
            assert_eq!(sent.codes, ["E_RATE_LIMITED"]);
            waits.push(waited);
            waited = 0;
        }
        assert!(waited <= 24 * 60, "a day at most");
    }
    assert_eq!(waits, [1, 4, 16, 64, 256, 1024, 1440, 1440]);
    assert_eq!(attempts(&world), (0, 1));
    let shown: String =
        world.database.value("SELECT template || ' ' || last_error || ' ' || attempts FROM dead_letter");
    assert_eq!(shown, "personal_token_created E_RATE_LIMITED 9");
    world.mailer.refuse(None);
    world.clock.advance(Duration::from_hours(48));
    assert_eq!(world.send_due(), Sent::default(), "given up");
}

#[test]
fn a_mail_that_failed_goes_out_later_and_a_sender_that_died_loses_none() {
    let world = World::mailing();
    let (owner, _) = world.sign_up("owner@example.com");
    world.mailer.refuse(Some("E_EXAMPLE"));
    owner.post(VERIFICATION, &json!({}));
    world.mailer.refuse(None);
    // Somebody took the row and was never heard of again.
    world.clock.advance(Duration::from_mins(1));
    world.database.execute("UPDATE outbox SET attempts = attempts + 1, next_attempt_at = next_attempt_at + 60000");
    assert_eq!(world.send_due().sent, 0);
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.send_due().sent, 1);
    assert_eq!((world.mails().len(), attempts(&world)), (1, (0, 0)));
}

#[test]
fn without_a_sender_s_address_mails_wait_and_the_log_says_so() {
    let world = World::default();
    let (owner, _) = world.sign_up("owner@example.com");
    owner.post(VERIFICATION, &json!({}));
    assert_eq!(world.send_due(), Sent { waiting: 1, ..Sent::default() });
    assert_eq!((world.mails().len(), attempts(&world)), (0, (1, 0)));
    let app = world.app();
    let outcome = Ok(world.send_due());
    global_accounts::http::log_mails(&app, &outcome);
    assert_eq!(world.last_line()["waiting_without_sender"], 1);
    let world = world.reconfigured(&[("MAIL_FROM", FROM)]);
    assert_eq!(world.send_due().sent, 1, "as soon as there is one");
}

#[test]
fn many_mails_go_out_in_one_run_of_the_cron_trigger() {
    let world = World::mailing();
    let (_, created) = world.sign_up("owner@example.com");
    let account = created["account_id"].as_str().expect("an id");
    world.database.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
         INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
         SELECT printf('00000000-0000-7000-8000-%012d', i), 'password_changed', 'pl', 'account', '{account}', i, i FROM n"
    ));
    assert_eq!(world.send_due().sent, 50);
    assert!(world.mails().iter().all(|mail| mail.subject.starts_with("Zmieniono hasło")), "in the row's language");
}

#[test]
fn a_mail_whose_reader_or_link_is_gone_is_dropped_and_one_without_words_is_given_up() {
    let world = World::mailing();
    let (owner, _) = world.sign_up("owner@example.com");
    world.mailer.refuse(Some("E_EXAMPLE"));
    owner.post(VERIFICATION, &json!({}));
    world.mailer.refuse(None);
    world.database.execute(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at) VALUES
         ('00000000-0000-7000-8000-000000000001', 'password_changed', 'en', 'account', 'nobody', 1, 1),
         ('00000000-0000-7000-8000-000000000002', 'no such mail', 'en', 'account', 'nobody', 1, 1)",
    );
    world.clock.advance(Duration::from_mins(61));
    let sent = world.send_due();
    assert_eq!((sent.sent, sent.unsendable, sent.dead, sent.failed), (0, 2, 1, 0));
    assert_eq!(sent.codes, ["NO_WORDS"]);
    assert_eq!(world.mails().len(), 0);
}

/// Whoever writes a mail into the outbox finds its words here: in every run of every statement, and in the source.
#[test]
fn every_template_that_the_service_writes_has_words() {
    let world = World::default();
    world.database.execute("CREATE TABLE written (template TEXT)");
    world.database.execute(
        "CREATE TRIGGER written_mails AFTER INSERT ON outbox BEGIN INSERT INTO written VALUES (NEW.template); END",
    );
    exercise_everything(&world);
    let written: String = world.database.value("SELECT group_concat(template, ' ') FROM written");
    let mut templates: BTreeSet<String> = written.split(' ').map(str::to_owned).collect();
    assert!(templates.len() >= 9, "{templates:?}");
    for (_, text) in source::files("src/usecase") {
        for line in text.lines().filter(|line| line.contains("const ") && line.contains(": &str = \"")) {
            let (head, value) = line.split_once(": &str = \"").expect("seen above");
            if ["TEMPLATE", "MAIL", "NOTICE", "OLDEST_ENDED"].iter().any(|word| head.contains(word)) {
                templates.insert(value.split('"').next().expect("a value").to_owned());
            }
        }
    }
    let wordless: Vec<_> = templates.iter().filter(|name| Template::of(name).is_none()).collect();
    assert!(wordless.is_empty(), "src/mail has no words for {wordless:?}");
}

#[test]
fn mails_name_people_and_organizations_as_they_are_when_they_go_out() {
    let world = World::mailing();
    let cast = Cast::of(world.clone(), "owner@example.com");
    let heir = &cast.administrator;
    world
        .database
        .execute(&format!("UPDATE account SET name = 'Łucja', locale = 'pl' WHERE account_id = '{}'", heir.id));
    let given = cast.owner.client.post("/v2/organizations/my/ownership", &json!({"account_id": heir.id}));
    assert_eq!(given.status, StatusCode::OK, "{}", given.text);
    let polish = world.mails().into_iter().find(|mail| mail.text.starts_with("Dzień dobry, Łucja!")).expect("a mail");
    assert!(polish.text.contains("Nowy właściciel organizacji „Acme” to Łucja"), "{}", polish.text);
    let english = world.mails_to("owner@example.com", "An organization has a new owner");
    assert!(english[0].text.contains("now belongs to Łucja"), "{}", english[0].text);
    assert!(english[0].text.contains("http://localhost:8787/panel"), "E7 {}", english[0].text);
}

#[test]
fn who_decides_is_told_with_the_answer_and_not_by_the_cron_trigger() {
    let world = World::mailing();
    let cast = Cast::of(world.clone(), "owner@example.com");
    let invited = json!({"email": "guest@example.com", "name": "Guest"});
    let answer = cast.member.client.post("/v2/accounts/invitations", &invited);
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!((world.mails_to("owner@example.com", "").len(), world.rows("outbox")), (1, 0), "{:?}", world.mails());
}
