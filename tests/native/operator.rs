//! The operator's way back in for who has lost the second factor: `POST /operator/commands`, the day of waiting, and its end.

use std::time::Duration;

use futures_executor::block_on;
use global_accounts::app::StorageCalls;
use global_accounts::domain::operator_command::HEADER;
use global_accounts::usecase::operator::carry_out::carry_out;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::cast::{ADMINISTRATOR, Cast, MEMBER};
use crate::support::client::{Answer, World};
use crate::support::operator::{claims, command, public_key, signed};

const COMMANDS: &str = "/operator/commands";
const ID: &str = "00000000-0000-7000-8000-000000000001";
const OTHER_ID: &str = "00000000-0000-7000-8000-000000000002";
const DAY: Duration = Duration::from_hours(24);
const ASKED: &str = "A second factor is to be removed";
const STOPPED: &str = "The second factor stays";
const DONE: &str = "A second factor was removed";

/// The owner of an organization, with a second factor in every form, who is an administrator of another one too.
struct Locked {
    cast: Cast,
    other: Cast,
    world: World,
}

impl Locked {
    fn new() -> Self {
        let world = World::mailing_with(&[("OPERATOR_PUBLIC_KEY", &public_key())]);
        let cast = Cast::of(world.clone(), "owner@example.com");
        let other = Cast::of(world.clone(), "other@example.com");
        world.join(&cast.owner.id, &other.organization, ADMINISTRATOR);
        let owner = &cast.owner.id;
        world
            .database
            .raw()
            .execute_batch(&format!(
                "UPDATE account SET name = 'Olga' WHERE account_id = '{owner}';
                 INSERT INTO totp VALUES ('{owner}', 'sealed', 0, 1, 1);
                 INSERT INTO recovery_code VALUES ('{owner}', 'code', NULL, 1);
                 INSERT INTO passkey (passkey_id, account_id, credential_id, public_key, algorithm, name, created_at)
                   VALUES ('00000000-0000-7000-8000-000000000a02', '{owner}', 'c', 'k', -7, 'key', 1)"
            ))
            .expect("a second factor");
        world.send_due();
        world.mailer.0.lock().expect("lock").clear();
        Self { cast, other, world }
    }

    fn claims(&self, id: &str) -> Value {
        claims(&self.world, id, &self.cast.owner.id, &self.cast.organization)
    }

    fn present(&self, command: &str) -> Answer {
        self.world.anonymous().post(COMMANDS, &json!({"command": command}))
    }

    fn accepted(&self, id: &str) -> Answer {
        let answer = self.present(&command(&self.claims(id)));
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        answer
    }

    fn factors(&self) -> (i64, i64, i64, i64) {
        let of = |table: &str| self.world.count(&format!("{table} WHERE account_id = '{}'", self.cast.owner.id));
        let mfa = self.world.count(&format!("account WHERE mfa = 1 AND account_id = '{}'", self.cast.owner.id));
        (of("totp"), of("recovery_code"), of("passkey"), mfa)
    }

    fn cron(&self) -> u32 {
        let done = block_on(carry_out(&self.world.app())).expect("the cron trigger's work");
        self.world.send_due();
        done
    }

    fn told(&self, subject: &str) -> Vec<String> {
        let mails = self.world.mails();
        let mut told: Vec<String> =
            mails.into_iter().filter(|mail| mail.subject.starts_with(subject)).map(|mail| mail.to).collect();
        told.sort();
        told
    }
}

/// The person, and every owner and administrator of both organizations; no mere member.
const EVERYBODY: [&str; 4] = [
    "administrator.of.other@example.com",
    "administrator.of.owner@example.com",
    "other@example.com",
    "owner@example.com",
];

#[test]
fn it_waits_for_a_day_and_is_then_carried_out_once() {
    let locked = Locked::new();
    let browser = locked.world.browser_of(&locked.cast.owner.id, &locked.cast.organization);
    let answer = locked.accepted(ID);
    assert_eq!(answer.calls.database, 1);
    let due = locked.world.app().now().plus(DAY);
    assert_eq!(answer.json(), json!({"command_id": ID, "due_at": due}));
    assert_eq!(locked.told(ASKED), EVERYBODY);
    let mail = locked.world.mails_to("other@example.com", ASKED).remove(0);
    assert!(
        mail.text.contains("Olga") && mail.text.contains("24 hours") && mail.text.contains("/account"),
        "{}",
        mail.text
    );
    let entry = locked.cast.owner.client.get("/v2/audit_log?action=second_factor.ask_reset").json();
    assert_eq!(entry[0]["actor"]["kind"], "operator", "{entry}");
    assert_eq!(
        (&entry[0]["target"]["id"], &entry[0]["facts"]["command_id"]),
        (&json!(locked.cast.owner.id), &json!(ID))
    );

    locked.world.clock.advance(Duration::from_secs(24 * 3_600 - 1));
    assert_eq!((locked.cron(), locked.factors()), (0, (1, 1, 1, 1)), "the day is not over");
    let fresh = locked.world.full_token_for(&locked.cast.owner.id, &locked.cast.organization);
    let fresh = locked.world.bearer(&fresh);
    assert_eq!(fresh.get("/v2/accounts/me").status, StatusCode::OK);
    let personal = locked.world.personal(&locked.cast.owner.id, &locked.cast.organization, &["accounts--my:ro"]);
    locked.world.clock.advance(Duration::from_secs(1));
    assert_eq!((locked.cron(), locked.factors()), (1, (0, 0, 0, 0)));
    assert_eq!(locked.told(DONE), EVERYBODY);
    assert_eq!(fresh.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "S4: signed out everywhere");
    assert_eq!(browser.get("/account").status, StatusCode::SEE_OTHER, "S4");
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK, "personal tokens stay");
    assert_eq!(locked.cron(), 0, "once");
    assert_eq!((locked.told(DONE).len(), locked.world.count("audit_log WHERE action = 'second_factor.reset'")), (4, 1));
    let again = locked.world.browser();
    again.get("/");
    assert_eq!(again.sign_in("owner@example.com", "BG0SaleEBL").status, StatusCode::SEE_OTHER, "by the password alone");
}

#[test]
fn r9_of_twenty_presentations_one_is_accepted() {
    let locked = Locked::new();
    let text = command(&locked.claims(ID));
    let answers = at_once(20, || locked.present(&text).status);
    let count = |wanted: StatusCode| answers.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(StatusCode::ACCEPTED), count(StatusCode::CONFLICT)), (1, 19), "{answers:?}");
    assert_eq!((locked.world.rows("operator_command"), locked.told(ASKED).len()), (1, 4));
    let second = locked.present(&command(&locked.claims(OTHER_ID)));
    assert_eq!(second.status, StatusCode::CONFLICT, "another one waits: {}", second.text);
    locked.world.clock.advance(DAY);
    assert_eq!(locked.cron(), 1);
    let text = command(&claims(&locked.world, ID, &locked.cast.owner.id, &locked.cast.organization));
    assert_eq!(locked.present(&text).status, StatusCode::CONFLICT, "neither later, nor signed anew");
}

#[test]
fn f2_what_the_operator_has_not_signed_for_here_and_now_asks_no_storage() {
    let locked = Locked::new();
    let good = locked.claims(ID);
    let with = |key: &str, value: Value| {
        let mut claims = good.clone();
        claims[key] = value;
        command(&claims)
    };
    let now = locked.world.app().now().millis() / 1_000;
    let text = command(&good);
    let (signed_part, signature) = text.rsplit_once('.').expect("three parts");
    let mut flipped = signature.to_owned().into_bytes();
    flipped[10] = if flipped[10] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).expect("ASCII");
    let mut without = good.clone();
    without.as_object_mut().expect("an object").remove("exp");
    let none = "eyJhbGciOiJub25lIn0";
    let forged = [
        String::new(),
        "a.b.c".into(),
        format!("{signed_part}."),
        format!("{signed_part}.{flipped}"),
        format!("{}.{signature}", signed_part.replace(HEADER, none)),
        signed(none, &good.to_string()),
        signed(HEADER, "not json"),
        signed(HEADER, &format!("{good} ")) + "A",
        with("aud", json!("https://elsewhere.example")),
        with("kind", json!("delete_account")),
        with("more", json!(1)),
        with("account_id", json!("me")),
        command(&without),
        with("exp", json!(now)),
        with("exp", json!(now + 7 * 86_400 + 1)),
        with("iat", json!(now + 301)),
        with("iat", json!(i64::MAX)),
    ];
    for text in forged {
        let answer = locked.present(&text);
        assert_eq!(
            (answer.status, answer.calls),
            (StatusCode::FORBIDDEN, StorageCalls::default()),
            "{text}: {}",
            answer.text
        );
    }
    let other = World::mailing_with(&[("OPERATOR_PUBLIC_KEY", OTHER_KEY)]);
    let answer = other.anonymous().post(COMMANDS, &json!({"command": text}));
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "another operator's key");
    let answer = World::default().anonymous().post(COMMANDS, &json!({"command": text}));
    assert_eq!(
        (answer.status, answer.calls),
        (StatusCode::NOT_FOUND, StorageCalls::default()),
        "nobody is the operator"
    );
    assert_eq!(locked.world.anonymous().post(COMMANDS, &json!({})).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((locked.world.rows("operator_command"), locked.world.mails().len()), (0, 0));
    assert_eq!(locked.present(&text).status, StatusCode::ACCEPTED, "the test's own condition");
}

/// RFC 7515, appendix A.3.
const OTHER_KEY: &str = "BH_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRFx_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

#[test]
fn a_command_must_fit_what_is_stored() {
    let locked = Locked::new();
    let present = |account: &str, organization: &str| {
        let claims = claims(&locked.world, ID, account, organization);
        locked.present(&command(&claims)).status
    };
    let (owner, member) = (&locked.cast.owner.id, &locked.cast.member.id);
    assert_eq!(present(member, &locked.cast.organization), StatusCode::CONFLICT, "no second factor");
    assert_eq!(present(member, &locked.other.organization), StatusCode::NOT_FOUND, "not a member there");
    assert_eq!(present(ID, &locked.cast.organization), StatusCode::NOT_FOUND, "nobody");
    assert_eq!((locked.world.rows("operator_command"), locked.world.mails().len()), (0, 0));
    assert_eq!(present(owner, &locked.other.organization), StatusCode::ACCEPTED);
}

/// What an organization demands opens nothing of it through another one's door.
#[test]
fn m6_an_administrator_without_the_demanded_factor_sees_and_stops_nothing() {
    let locked = Locked::new();
    locked.accepted(ID);
    let administrator = &locked.cast.administrator.id;
    locked.world.join(administrator, &locked.other.organization, MEMBER);
    let browser = locked.world.browser_of(administrator, &locked.other.organization);
    assert!(browser.get("/account").text.contains(ID));
    let demand =
        format!("UPDATE organization SET mfa_required_at = 1 WHERE organization_id = '{}'", locked.cast.organization);
    locked.world.database.execute(&demand);
    let answer = browser.post("/account/operator_commands/withdraw", &[("command_id", ID)]);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!browser.get("/account").text.contains(ID));
    assert_eq!(locked.world.count("operator_command WHERE cancelled_at IS NULL"), 1);
}

#[test]
fn whoever_it_concerns_may_stop_it_and_nobody_else() {
    for stopper in ["the person", "an administrator", "the owner of another organization of theirs"] {
        let locked = Locked::new();
        locked.accepted(ID);
        let strangers = [
            (&locked.cast.member.id, &locked.cast.organization),
            (&locked.other.member.id, &locked.other.organization),
            (&Cast::of(locked.world.clone(), "third@example.com").owner.id, &locked.world.database.value::<String>(
                "SELECT organization_id FROM membership_role JOIN account USING (account_id) WHERE email_key = 'third@example.com' LIMIT 1",
            )),
        ];
        for (stranger, organization) in strangers {
            let browser = locked.world.browser_of(stranger, organization);
            assert!(!browser.get("/account").text.contains("command_id"), "{stranger}");
            let answer = browser.post("/account/operator_commands/withdraw", &[("command_id", ID)]);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{stranger}");
        }
        let suspended = locked.world.browser_of(&locked.other.administrator.id, &locked.other.organization);
        suspended.get("/account");
        locked.world.database.execute(&format!(
            "UPDATE membership SET suspended = 1 WHERE account_id = '{}'",
            locked.other.administrator.id
        ));
        let answer = suspended.post("/account/operator_commands/withdraw", &[("command_id", ID)]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(locked.world.count("operator_command WHERE cancelled_at IS NULL"), 1, "still waits");
        assert_eq!(locked.told(STOPPED), Vec::<String>::new());

        let (account, organization) = match stopper {
            "the person" => (&locked.cast.owner.id, &locked.other.organization),
            "an administrator" => (&locked.cast.administrator.id, &locked.cast.organization),
            _ => (&locked.other.owner.id, &locked.other.organization),
        };
        let browser = locked.world.browser_of(account, organization);
        let page = browser.get("/account");
        assert!(page.text.contains(ID) && page.text.contains("Olga"), "{stopper}: {}", page.text);
        let second = locked.world.browser_of(account, organization);
        second.get("/account");
        let answer = browser.post("/account/operator_commands/withdraw", &[("command_id", ID)]);
        assert_eq!(answer.header("location"), "/account?done=reset_withdrawn#profile", "{stopper}: {}", answer.text);
        let again = second.post("/account/operator_commands/withdraw", &[("command_id", ID)]);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
        locked.world.send_due();
        assert_eq!(locked.told(STOPPED).len(), 3, "{stopper}: all but who is suspended now");
        assert_eq!(locked.world.count("audit_log WHERE action = 'second_factor.withdraw_reset'"), 1);
        locked.world.clock.advance(DAY);
        assert_eq!((locked.cron(), locked.factors()), (0, (1, 1, 1, 1)), "{stopper}");
        let next = locked.present(&command(&claims(
            &locked.world,
            OTHER_ID,
            &locked.cast.owner.id,
            &locked.cast.organization,
        )));
        assert_eq!(next.status, StatusCode::ACCEPTED, "another one may be signed");
        let replayed = command(&claims(&locked.world, ID, &locked.cast.owner.id, &locked.cast.organization));
        assert_eq!(locked.present(&replayed).status, StatusCode::CONFLICT, "the stopped one may not");
    }
}

/// What is withdrawn between the look and the act is not done.
#[test]
fn r9_the_cron_trigger_and_a_withdrawal_at_once_are_one_of_both() {
    let locked = Locked::new();
    locked.accepted(ID);
    locked.world.clock.advance(DAY);
    locked.world.database.meanwhile(1, "UPDATE operator_command SET cancelled_at = 1");
    assert_eq!((locked.cron(), locked.factors()), (0, (1, 1, 1, 1)));
    assert_eq!(locked.told(DONE), Vec::<String>::new());
}
