//! What ends with what (rows S3, S4, I4, P10): every event that takes something away, and every kind of credential, each
//! tried through the router right after the event. docs/revocation.md is written from here.

use std::fmt::Write as _;
use std::time::Duration;

use global_accounts::oauth::mail_link::Purpose;
use global_accounts::ports::Clock as _;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::authenticator::Authenticator;
use crate::support::authorize::{PASSWORD, PUBLIC, code_request, url};
use crate::support::browser::Browser;
use crate::support::cast::{ADMINISTRATOR, Cast, MEMBER, OWNER};
use crate::support::client::{Answer, Client, World};
use crate::support::oauth::{REDIRECT_URI, s256};

const NEW_PASSWORD: &str = "another-one-7";
const VICTIM: &str = "victim@example.com";
const SCOPES: &[&str] = &["accounts--my:ro", "organization--my:rw"];

/// A kind of credential, and whether it still opens anything.
type Credential = (&'static str, fn(&Stage) -> bool);

/// Columns of the table, in order, with what is done with each.
#[rustfmt::skip]
const CREDENTIALS: &[Credential] = &[
    ("browser cookie",       |stage| signed_in(&stage.browser)),
    ("own token",            |stage| me(&stage.own)),
    ("application's token",  |stage| me(&stage.world.bearer(&stage.access))),
    ("refresh token",        |stage| refresh(stage).status == StatusCode::OK),
    ("personal token",       |stage| me(&stage.personal)),
    ("authorization code",   |stage| exchange(stage).status == StatusCode::OK),
    ("reset link",           |stage| press(stage, Purpose::Reset, &stage.reset)),
    ("verification link",    |stage| press(stage, Purpose::Verify, &stage.verify)),
    ("change-of-address link", |stage| press(stage, Purpose::EmailChange, &stage.change)),
    ("invitation link",      |stage| stage.world.browser().get(&stage.invite).status == StatusCode::OK),
    ("half sign-in",         half_completes),
    ("kept consent",         consent_counts),
];

/// Why something lives on; the letters of [`EVENTS`].
const REASONS: &[(char, &str)] = &[
    ('s', "belongs to another sign-in or grant than the one that ended"),
    (
        'p',
        "personal tokens have a life and a list of their own: who changes a password or signs out keeps scripts running",
    ),
    ('a', "proves an address, once and for an hour at most, and gives nothing of what ended"),
    ('i', "another organization's, for whoever has the address; it can be taken back there"),
    ('c', "what a person allowed stands until it is withdrawn; without a sign-in it opens nothing"),
    ('e', "serves the person's other organizations; in this one it opens nothing"),
    ('r', "nothing is taken away: what it may do is cut down at every use to the roles held then"),
    ('m', "opens nothing in this organization until the person has set up a second factor"),
    ('f', "leads to setting up a second factor, and to nothing else in this organization"),
    ('k', "the secret itself is not what ended"),
];

/// Event, what the person has left (`.`: dead; a letter of [`REASONS`]: lives), and how it comes about.
type Event = (&'static str, &'static str, fn(&Stage));

#[rustfmt::skip]
const EVENTS: &[Event] = &[
    ("password changed on the account page",       "....p..a.i.c", password_changed),
    ("password set through the API",               "....p..a.i.c", password_set),
    ("password set anew by mail",                  ".........i.c", password_reset),
    ("signed out",                                 ".s..p.aaaisc", signed_out),
    ("signed out everywhere",                      "....p.aaai.c", signed_out_everywhere),
    ("this session removed from the list",         ".s..p.aaaisc", session_removed),
    ("all sessions ended on the account page", "....p.aaai.c", others_ended),
    ("suspended from the organization",            "e.....aaaie.", suspended),
    ("removed from the organization",              "e.....aaaie.", removed),
    ("account deleted",                            ".........i..", account_deleted),
    ("role changed",                               "rrrrrraaairc", role_changed),
    ("own role of the organization deleted",       "e.....aaaiec", role_deleted),
    ("ownership given away",                       "rrrrrraaairc", ownership_given_away),
    ("application deleted",                        "kk..k.aaaik.", client_deleted),
    ("application made private",                   "kk..k.aaaik.", client_made_private),
    ("consent withdrawn",                          "kk..k.aaaik.", consent_withdrawn),
    ("application's token revoked",                "ss..ssaaaisc", token_revoked),
    ("refresh token used twice",                   "ss..ssaaaisc", refresh_reused),
    ("code used twice",                            "sssss.aaaisc", code_replayed),
    ("personal token deleted",                     "kkkk.kaaaikc", personal_deleted),
    ("another reset link asked for",               "kkkkkk.aaikc", reset_asked_again),
    ("invitation taken back",                      "kkkkkkaaa.kc", invitation_taken_back),
    ("address proven for the first time",          "kkkk.ka..ikc", address_proven),
    ("address changed",                            "kkkkkk...ikc", address_changed),
    ("change of address undone",                   ".........i.c", address_undone),
    ("authenticator app turned on",                "....p.aaai.c", totp_turned_on),
    ("authenticator app turned off",               "....p.aaai.c", totp_turned_off),
    ("first passkey made",                         "....p.aaai.c", passkey_made),
    ("last passkey removed",                       "....p.aaai.c", passkey_removed),
    ("second factor demanded by the organization", "fmmmmmaaaifm", second_factor_demanded),
    ("organization deleted",                       "e.....aaaie.", organization_deleted),
    ("organization merged into another",           "e.....aaaie.", organization_merged),
];

/// Somebody with one of everything, in an organization that is not their only one.
struct Stage {
    world: World,
    /// The organization.
    cast: Cast,
    /// Another, which invites and merges.
    other: Cast,
    /// Whose application it is, and a second organization of the person.
    vendor: Cast,
    account: String,
    browser: Browser,
    session: String,
    own: Client,
    access: String,
    refresh: String,
    personal: Client,
    code: String,
    reset: String,
    verify: String,
    change: String,
    invitation: String,
    invite: String,
    half: Browser,
    half_session: String,
    custom_role: String,
}

impl Stage {
    fn new() -> Self {
        let world = World::mailing_with(&[("LIMITS", "dev"), ("AUTHORIZATION_CODE_TTL", "600")]);
        let cast = Cast::of(world.clone(), "owner@example.com");
        let other = Cast::of(world.clone(), "owner@other.example");
        let vendor = Cast::of(world.clone(), "owner@vendor.example");
        world.database.execute("UPDATE account SET email_verified = 1");
        cast.enable("LiveChat");
        other.enable("LiveChat");
        world.asks(PUBLIC, &vendor.organization, "public", None);
        let victim = cast.hire(VICTIM, &[ADMINISTRATOR]);
        let account = victim.id.clone();
        ok(&victim.client.post("/v2/accounts/me/password/reset", &json!({"password": PASSWORD})));
        world.join(&account, &vendor.organization, MEMBER);
        let role = json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro"});
        let custom_role = text(&ok(&cast.owner.client.post("/v2/roles", &role))["role_id"]);
        world.give_role(&account, &cast.organization, &custom_role);

        let own = cast.person(&account).client;
        let browser = world.browser();
        let session = browser.sign_in_as(&account, &cast.organization);
        let issue = world.grant(PUBLIC, &account, &cast.organization, &session, SCOPES);
        let whom = [PUBLIC, &*account, &*cast.organization, &*session];
        let code = world.plant_code(whom, SCOPES, REDIRECT_URI, s256().as_ref()).expect("alive");
        world.consent(&account, &cast.organization, PUBLIC, SCOPES);
        let personal = world.personal(&account, &cast.organization, &["accounts--my:ro"]);
        ok(&own.post("/v2/accounts/me/email/verification", &json!({})));
        ok(&own.post("/v2/accounts/me/email", &json!({"email": "victim@new.example", "password": PASSWORD})));
        ask_for_reset(&world);
        let invitation = other.invite(VICTIM, "LiveChat", "normal");
        let half = world.browser();
        let half_session = half.sign_in_as(&account, &cast.organization);
        world.database.execute(&format!("UPDATE session SET mfa_pending = 1 WHERE session_id = '{half_session}'"));
        let stage = Self {
            reset: world.link_token(Purpose::Reset),
            verify: world.link_token(Purpose::Verify),
            change: world.link_token(Purpose::EmailChange),
            invite: world.link_of(&invitation),
            access: issue.access_token,
            refresh: issue.refresh_token,
            world,
            cast,
            other,
            vendor,
            account,
            browser,
            session,
            own,
            personal,
            code,
            invitation,
            half,
            half_session,
            custom_role,
        };
        assert!(!signed_in(&stage.half), "M1");
        stage
    }

    /// What happens here has not happened afterwards.
    fn supposing<T>(&self, what: impl FnOnce() -> T) -> T {
        self.world.database.execute("SAVEPOINT supposing");
        let outcome = what();
        self.world.database.execute("ROLLBACK TO supposing");
        self.world.database.execute("RELEASE supposing");
        outcome
    }

    /// One mark per credential: whether it still does anything.
    fn alive(&self) -> Vec<bool> {
        CREDENTIALS.iter().map(|(_, lives)| self.supposing(|| lives(self))).collect()
    }

    /// Another sign-in of the person just now.
    fn anew(&self) -> Client {
        self.cast.person(&self.account).client
    }

    fn page(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let browser = self.browser.copy();
        ok_page(&browser.get("/account"));
        browser.post(path, fields)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

fn ok(answer: &Answer) -> Value {
    assert!(answer.status.is_success(), "{}: {}", answer.status, answer.text);
    serde_json::from_str(&answer.text).unwrap_or_default()
}

fn ok_page(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{} {}", answer.header("location"), answer.text);
}

fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(!answer.header("location").contains("exception"), "{}", answer.header("location"));
}

/// Whether the browser shows the account, or who is signed in and where else they belong.
fn signed_in(browser: &Browser) -> bool {
    let browser = browser.copy();
    browser.get("/account").status == StatusCode::OK || browser.get("/").text.contains("/signout")
}

fn me(client: &Client) -> bool {
    let status = client.get("/v2/accounts/me").status;
    let known = [StatusCode::OK, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    assert!(known.contains(&status), "{status}");
    status == StatusCode::OK
}

fn refresh(stage: &Stage) -> Answer {
    let body = json!({"grant_type": "refresh_token", "client_id": PUBLIC, "refresh_token": stage.refresh});
    stage.world.ask_token(Some("application/json"), None, "/v2/token", &body.to_string())
}

fn exchange(stage: &Stage) -> Answer {
    stage.world.exchange_code(PUBLIC, &stage.code, REDIRECT_URI)
}

/// The page behind a link and its button.
fn press(stage: &Stage, purpose: Purpose, token: &str) -> bool {
    let reader = stage.world.browser();
    match reader.get(&purpose.link("", token)).status {
        StatusCode::GONE => false,
        StatusCode::OK => {
            let fields = [("token", token), ("password", NEW_PASSWORD)];
            let fields = if purpose == Purpose::Reset { &fields[..] } else { &fields[..1] };
            let pressed = reader.post(purpose.path(), fields);
            assert!(matches!(pressed.status, StatusCode::SEE_OTHER | StatusCode::GONE), "{}", pressed.text);
            pressed.status == StatusCode::SEE_OTHER
        }
        other => panic!("{other}"),
    }
}

/// A sign-in that waits for its second step, once that is done.
fn half_completes(stage: &Stage) -> bool {
    let complete = format!("UPDATE session SET mfa_pending = 0 WHERE session_id = '{}'", stage.half_session);
    stage.world.database.execute(&complete);
    signed_in(&stage.half)
}

/// Whether the application gets its answer without asking the person again, who signs in anew.
fn consent_counts(stage: &Stage) -> bool {
    let whose = format!("organization_id = '{}' AND account_id = '{}'", stage.cast.organization, stage.account);
    if stage.world.rows(&format!("membership WHERE suspended = 0 AND {whose}")) == 0 {
        return false;
    }
    let browser = stage.world.browser_of(&stage.account, &stage.cast.organization);
    let mut request = code_request(PUBLIC);
    request.push(("organization_id", &stage.cast.organization));
    browser.get(&url("/", &request)).header("location").starts_with(REDIRECT_URI)
}

fn ask_for_reset(world: &World) {
    let browser = world.browser();
    browser.get("/forgot");
    done(&browser.post("/forgot", &[("email", VICTIM)]));
}

fn password_changed(stage: &Stage) {
    let fields = [("current_password", PASSWORD), ("password", NEW_PASSWORD)];
    done(&stage.page("/account/password", &fields));
}

fn password_set(stage: &Stage) {
    ok(&stage.anew().post("/v2/accounts/me/password/reset", &json!({"password": NEW_PASSWORD})));
}

fn password_reset(stage: &Stage) {
    assert!(press(stage, Purpose::Reset, &stage.reset));
}

fn signed_out(stage: &Stage) {
    let browser = stage.browser.copy();
    ok_page(&browser.request(Method::GET, "/signout", &[("sec-fetch-site", "same-origin")], ""));
}

fn signed_out_everywhere(stage: &Stage) {
    ok(&stage.anew().delete("/v2/sessions"));
}

fn session_removed(stage: &Stage) {
    ok(&stage.anew().delete(&format!("/v2/sessions/{}", stage.session)));
}

fn others_ended(stage: &Stage) {
    done(&stage.page("/account/sessions/end_all", &[]));
}

fn suspended(stage: &Stage) {
    let path = format!("/v2/accounts/{}/suspension", stage.account);
    ok(&stage.cast.owner.client.put(&path, &json!({"product": "Accounts", "suspended": true})));
}

fn removed(stage: &Stage) {
    ok(&stage.cast.owner.client.delete(&format!("/v2/accounts/{}", stage.account)));
}

fn account_deleted(stage: &Stage) {
    ok(&stage.vendor.owner.client.delete(&format!("/v2/accounts/{}", stage.account)));
    removed(stage);
    assert_eq!(stage.world.rows(&format!("account WHERE account_id = '{}'", stage.account)), 0);
}

fn role_changed(stage: &Stage) {
    let path = format!("/v2/accounts/{}/roles", stage.account);
    ok(&stage.cast.owner.client.put(&path, &json!({"set_roles": [{"role_id": MEMBER}]})));
}

fn role_deleted(stage: &Stage) {
    ok(&stage.cast.owner.client.delete(&format!("/v2/roles/{}", stage.custom_role)));
}

fn ownership_given_away(stage: &Stage) {
    let path = "/v2/organizations/my/ownership";
    ok(&stage.cast.owner.client.post(path, &json!({"account_id": stage.account})));
    let held =
        stage.world.rows(&format!("membership_role WHERE role_id = '{OWNER}' AND account_id = '{}'", stage.account));
    assert_eq!(held, 1);
    ok(&stage.anew().post(path, &json!({"account_id": stage.cast.administrator.id})));
}

fn client_deleted(stage: &Stage) {
    ok(&stage.vendor.owner.client.delete(&format!("/v2/clients/{PUBLIC}")));
}

fn client_made_private(stage: &Stage) {
    ok(&stage.vendor.owner.client.patch(&format!("/v2/clients/{PUBLIC}"), &json!({"visibility": "private"})));
}

fn consent_withdrawn(stage: &Stage) {
    let fields = [("organization_id", &*stage.cast.organization), ("client_id", PUBLIC)];
    done(&stage.page("/account/applications/withdraw", &fields));
}

fn token_revoked(stage: &Stage) {
    ok(&stage.world.bearer(&stage.access).delete("/v2/token"));
}

fn refresh_reused(stage: &Stage) {
    ok(&refresh(stage));
    stage.world.clock.advance(Duration::from_secs(11));
    assert_eq!(refresh(stage).status, StatusCode::UNAUTHORIZED);
}

/// The family that the code began, with what it gave.
fn code_replayed(stage: &Stage) {
    let given = ok(&exchange(stage));
    let given = stage.world.bearer(given["access_token"].as_str().expect("a token"));
    assert!(me(&given));
    assert_eq!(exchange(stage).status, StatusCode::UNAUTHORIZED);
    assert!(!me(&given), "what the code gave is dead");
}

fn personal_deleted(stage: &Stage) {
    let id: String = stage.world.database.value("SELECT personal_token_id FROM personal_token");
    ok(&stage.anew().delete(&format!("/v2/personal_token/{id}")));
}

fn reset_asked_again(stage: &Stage) {
    ask_for_reset(&stage.world);
}

fn invitation_taken_back(stage: &Stage) {
    ok(&stage.other.owner.client.delete(&format!("/v2/accounts/invitations/{}", stage.invitation)));
}

fn address_proven(stage: &Stage) {
    assert!(press(stage, Purpose::Verify, &stage.verify));
}

fn address_changed(stage: &Stage) {
    assert!(press(stage, Purpose::EmailChange, &stage.change));
}

fn address_undone(stage: &Stage) {
    address_changed(stage);
    assert!(press(stage, Purpose::EmailUndo, &stage.world.link_token(Purpose::EmailUndo)));
}

fn totp_turned_on(stage: &Stage) {
    let me = stage.anew();
    let begun = ok(&me.post("/v2/accounts/me/mfa/totp", &json!({})));
    let code = stage.world.authenticator(&text(&begun["secret"])).code();
    ok(&me.post("/v2/accounts/me/mfa/totp/confirm", &json!({"code": code})));
}

fn totp_turned_off(stage: &Stage) {
    let authenticator = stage.world.enrol(&stage.account);
    let body = json!({"code": authenticator.code()}).to_string();
    ok(&stage.anew().send(Method::DELETE, "/v2/accounts/me/mfa/totp", body.into()));
}

fn passkey_made(stage: &Stage) {
    make_passkey(&stage.anew());
}

fn passkey_removed(stage: &Stage) {
    let me = stage.anew();
    let kept =
        stage.world.database.value::<String>("SELECT json_group_array(session_id) FROM session WHERE ended_at IS NULL");
    let id = make_passkey(&me);
    stage.world.database.execute(&format!(
        "UPDATE session SET ended_at = NULL WHERE session_id IN (SELECT value FROM json_each('{kept}'))"
    ));
    ok(&me.send(Method::DELETE, &format!("/v2/accounts/me/passkeys/{id}"), json!({}).to_string().into()));
}

fn make_passkey(me: &Client) -> String {
    let options = ok(&me.post("/v2/accounts/me/passkeys/options", &json!({})));
    let credential = Authenticator::new(7).create(&options);
    text(&ok(&me.post("/v2/accounts/me/passkeys", &json!({"name": "Phone", "credential": credential})))["passkey_id"])
}

fn second_factor_demanded(stage: &Stage) {
    stage.world.enrol(&stage.cast.owner.id);
    let at = json!({"required_at": stage.world.clock.now()});
    ok(&stage.cast.owner.client.put("/v2/organizations/my/two_factor", &at));
    stage.world.clock.advance(Duration::from_secs(1));
}

fn organization_deleted(stage: &Stage) {
    let body = json!({"organization_id": stage.cast.organization, "password": PASSWORD});
    let path = format!("/v2/organizations/{}", stage.cast.organization);
    ok(&stage.cast.owner.client.send(Method::DELETE, &path, body.to_string().into()));
}

fn organization_merged(stage: &Stage) {
    let merges = format!("/v2/organizations/{}/merges", stage.other.organization);
    let wish =
        json!({"source_organization_id": stage.cast.organization, "keep": {"LiveChat": stage.other.organization}});
    let merge = ok(&stage.other.owner.client.post(&merges, &wish));
    let path = format!("{merges}/{}/approve", merge["merge_id"].as_str().expect("an id"));
    ok(&stage.cast.owner.client.post(&path, &json!({})));
}

#[test]
fn s4_s3_i4_p10_every_event_ends_what_it_must_at_once() {
    let stage = Stage::new();
    assert_eq!(stage.alive(), vec![true; CREDENTIALS.len()], "everything works before");
    let mut wrong = String::new();
    for (event, expected, happen) in EVENTS {
        let alive = stage.supposing(|| {
            happen(&stage);
            stage.alive()
        });
        let found: String = alive.iter().map(|alive| if *alive { '+' } else { '.' }).collect();
        let wanted: String = expected.chars().map(|mark| if matches!(mark, '.' | 'm') { '.' } else { '+' }).collect();
        if found != wanted {
            writeln!(wrong, "{event:<45} expected {wanted} found {found}").expect("a text");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(stage.alive(), vec![true; CREDENTIALS.len()], "nothing of it has happened");
}

/// The page for people: `UPDATE_DOCS=1` writes it.
#[test]
fn s4_the_page_tells_what_the_test_holds() {
    let written = page();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/revocation.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &written).expect("docs/ is writable");
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), written, "UPDATE_DOCS=1 writes it anew");
}

fn page() -> String {
    let mut page = String::from(
        "# What ends with what\n\n\
         Each line is something that takes access away, each column something that gives it. **ends**: it does nothing any \
         more from the moment at which the event was answered. A letter: it lives on, for the reason below. Written by \
         `tests/native/revocation_matrix.rs`, which tries every cell.\n\n\
         `/v2/info` may tell a token alive for up to `INTROSPECTION_MAX_STALENESS` seconds more; no call that does \
         something is affected by that.\n\n| |",
    );
    for (credential, _) in CREDENTIALS {
        write!(page, " {credential} |").expect("a text");
    }
    page.push_str("\n|---|");
    page.push_str(&"---|".repeat(CREDENTIALS.len()));
    for (event, marks, _) in EVENTS {
        write!(page, "\n| {event} |").expect("a text");
        assert_eq!(marks.chars().count(), CREDENTIALS.len(), "{event}");
        for mark in marks.chars() {
            let known = mark == '.' || REASONS.iter().any(|(letter, _)| *letter == mark);
            assert!(known, "{event}: {mark:?} has no reason");
            match mark {
                '.' => page.push_str(" **ends** |"),
                letter => write!(page, " {letter} |").expect("a text"),
            }
        }
    }
    page.push_str("\n\n");
    for (letter, reason) in REASONS {
        writeln!(page, "- **{letter}**: {reason}.").expect("a text");
    }
    page.push_str(
        "\nA person's *own token* is one without an application, of a sign-in of its own. The *half sign-in* waits for a \
         second factor. The person belongs to a second organization, and the application is another organization's.\n",
    );
    page
}
