//! What is held about a person, told to that person: `GET /v2/accounts/me/export` and the form on `/account`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::client::World;
use crate::support::person::{Ann, FOREIGN_IP, IP, PASSWORD};
use crate::support::sqlite::Fault;

const EXPORT: &str = "/v2/accounts/me/export";

/// Whether a column is told, and where; or why not.
enum Fate {
    /// At this path of the document; `[]` is every item of a list.
    Told(&'static str),
    /// Not, for this reason.
    Not(&'static str),
}
use Fate::{Not, Told};

const SECRET: &str = "a secret or its digest: whoever steals the file must not be able to use it";
const EPOCH: &str = "a counter that ends credentials";
const SELF: &str = "the person's own id, told once as account.account_id";
const COPY: &str = "a copy of what is told elsewhere, for lookups";
const ENGINE: &str = "how a mail is sent, not about whom";
const MINUTES: &str = "a step of a sign-in that lives for minutes, and is not looked up by person";
const OPERATOR: &str = "the catalogue: the operator's, about nobody";
const ORGANIZATION: &str = "the organization's, not a person's; its name is told where the person belongs to it";

/// Tables in which nothing is about a person, whole.
const TABLES: &[(&str, &str)] = &[
    ("schema_meta", "the schema itself"),
    ("product", OPERATOR),
    ("scope", OPERATOR),
    ("role", "the catalogue's or the organization's; the names of held roles are told"),
    ("role_scope", OPERATOR),
    ("organization", ORGANIZATION),
    ("organization_product", ORGANIZATION),
    ("organization_domain", ORGANIZATION),
    ("organization_merge", "the organizations'; who asked and who decided is told by the log"),
    ("client_redirect_uri", "the application's"),
    ("client_scope", "the application's"),
    ("member_term", "copies of name and address, for search"),
    ("throttle", "counters under keyed names and ids, for minutes"),
    ("authorization_request", MINUTES),
    ("authorization_code", MINUTES),
    ("webauthn_challenge", MINUTES),
];

#[rustfmt::skip]
const COLUMNS: &[(&str, &[(&str, Fate)])] = &[
    ("account", &[
        ("account_id", Told("account.account_id")), ("email", Told("account.email")), ("email_key", Told("account.email_normal_form")),
        ("email_verified", Told("account.email_verified")), ("name", Told("account.name")), ("avatar_url", Told("account.avatar_url")),
        ("default_product", Told("account.default_product")), ("default_organization_id", Told("account.default_organization_id")),
        ("time_zone", Told("account.time_zone")), ("locale", Told("account.locale")), ("mfa", Told("account.mfa")),
        ("token_epoch", Not(EPOCH)), ("personal_token_epoch", Not(EPOCH)),
        ("created_at", Told("account.created_at")), ("updated_at", Told("account.updated_at")),
    ]),
    ("password", &[("account_id", Not(SELF)), ("phc", Not(SECRET)), ("set_at", Told("account.password_set_at"))]),
    ("totp", &[
        ("account_id", Not(SELF)), ("sealed_secret", Not(SECRET)), ("last_step", Not("a counter against replay")),
        ("confirmed_at", Told("account.totp.confirmed_at")), ("created_at", Told("account.totp.created_at")),
    ]),
    ("recovery_code", &[
        ("account_id", Not(SELF)), ("code_digest", Not(SECRET)), ("used_at", Told("account.recovery_codes.used_at[]")),
        ("created_at", Told("account.recovery_codes.made_at")),
    ]),
    ("email_change", &[
        ("email_change_id", Not("names nothing to anybody")), ("account_id", Not(SELF)), ("old_email", Told("email_changes[].old_email")),
        ("old_email_key", Told("email_changes[].old_email_normal_form")), ("old_verified", Told("email_changes[].old_email_verified")),
        ("new_email", Told("email_changes[].new_email")), ("new_email_key", Told("email_changes[].new_email_normal_form")),
        ("created_at", Told("email_changes[].created_at")), ("applied_at", Told("email_changes[].applied_at")),
        ("undo_until", Told("email_changes[].undo_until")), ("undone_at", Told("email_changes[].undone_at")),
        ("expires_at", Told("email_changes[].expires_at")),
    ]),
    ("membership", &[
        ("account_id", Not(SELF)), ("organization_id", Told("memberships[].organization_id")), ("token_epoch", Not(EPOCH)),
        ("active", Told("memberships[].active")), ("suspended", Told("memberships[].suspended")),
        ("chosen_at", Told("memberships[].chosen_at")), ("created_at", Told("memberships[].created_at")),
        ("updated_at", Told("memberships[].updated_at")),
    ]),
    ("membership_role", &[
        ("organization_id", Told("memberships[].organization_id")), ("account_id", Not(SELF)), ("role_id", Told("memberships[].roles[].role_id")),
        ("product", Told("memberships[].roles[].product")), ("type", Told("memberships[].roles[].type")),
        ("created_at", Told("memberships[].roles[].since")),
    ]),
    ("product_suspension", &[
        ("organization_id", Not("told by the membership that it stands in")), ("account_id", Not(SELF)),
        ("product", Told("memberships[].suspended_from[].product")), ("created_at", Told("memberships[].suspended_from[].since")),
    ]),
    ("member_avatar", &[
        ("organization_id", Told("memberships[].organization_id")), ("account_id", Not(SELF)),
        ("avatar_id", Not("part of the picture's address, which is told")), ("avatar_url", Told("memberships[].picture.avatar_url")),
        ("updated_at", Told("memberships[].picture.updated_at")), ("content_type", Told("memberships[].picture.content_type")),
        ("image", Not("to be had at the picture's address, which is told")),
    ]),
    ("invitation", &[
        ("invitation_id", Told("invitations_*[].invitation_id")), ("organization_id", Told("invitations_*[].organization_id")),
        ("kind", Told("invitations_*[].kind")), ("state", Told("invitations_*[].state")), ("email", Told("invitations_*[].email")),
        ("email_key", Told("invitations_*[].email_normal_form")), ("name", Told("invitations_*[].name")),
        ("product", Told("invitations_*[].product")), ("role_id", Told("invitations_*[].role_id")), ("account_id", Not(SELF)),
        ("creator_id", Not("the person's own, in invitations_sent; of those received it is somebody else")),
        ("created_at", Told("invitations_*[].created_at")), ("updated_at", Told("invitations_*[].updated_at")),
        ("expires_at", Told("invitations_*[].expires_at")),
    ]),
    ("client", &[
        ("client_id", Told("applications_registered[].client_id")), ("organization_id", Told("applications_registered[].organization_id")),
        ("product", Not(OPERATOR)), ("name", Told("applications_registered[].name")), ("type", Not("the application's")),
        ("visibility", Not("the application's")), ("configuration_uri", Not("the application's")), ("secret_digest", Not(SECRET)),
        ("strict", Not("the application's")), ("require_s256", Not("the application's")), ("token_epoch", Not(EPOCH)),
        ("created_by", Not(SELF)), ("created_at", Told("applications_registered[].created_at")), ("updated_at", Not("the application's")),
    ]),
    ("session", &[
        ("session_id", Told("sessions[].session_id")), ("account_id", Not(SELF)), ("account_epoch", Not(EPOCH)),
        ("cookie_digest", Not(SECRET)), ("embedded_digest", Not(SECRET)), ("identity_source", Told("sessions[].identity_source")),
        ("user_agent", Told("sessions[].user_agent")), ("ip", Told("sessions[].ip")), ("authenticated_at", Told("sessions[].authenticated_at")),
        ("mfa_pending", Told("sessions[].second_step_missing")), ("created_at", Told("sessions[].created_at")), ("seen_at", Told("sessions[].seen_at")),
        ("idle_expires_at", Told("sessions[].idle_expires_at")), ("expires_at", Told("sessions[].expires_at")), ("ended_at", Told("sessions[].ended_at")),
    ]),
    ("session_organization", &[
        ("session_id", Told("sessions[].session_id")), ("organization_id", Told("sessions[].organization_id")), ("account_id", Not(SELF)),
    ]),
    ("session_application", &[
        ("session_id", Told("sessions[].session_id")), ("client_id", Told("sessions[].applications[].client_id")),
        ("created_at", Told("sessions[].applications[].created_at")), ("used_at", Told("sessions[].applications[].used_at")),
    ]),
    ("known_device", &[
        ("account_id", Not(SELF)), ("device_digest", Not(SECRET)), ("user_agent", Told("known_browsers[].user_agent")),
        ("created_at", Told("known_browsers[].created_at")), ("seen_at", Told("known_browsers[].seen_at")), ("expires_at", Told("known_browsers[].expires_at")),
    ]),
    ("consent", &[
        ("organization_id", Told("applications_allowed[].organization_id")), ("account_id", Not(SELF)), ("client_id", Told("applications_allowed[].client_id")),
        ("scopes", Told("applications_allowed[].scopes")), ("created_at", Told("applications_allowed[].created_at")), ("updated_at", Told("applications_allowed[].updated_at")),
    ]),
    ("access_token", &[
        ("token_digest", Not(SECRET)), ("account_id", Not(SELF)), ("organization_id", Told("access_tokens[].organization_id")),
        ("client_id", Told("access_tokens[].client_id")), ("session_id", Told("access_tokens[].session_id")),
        ("family_id", Not("names nothing to anybody")), ("sealed_refresh", Not(SECRET)), ("scopes", Told("access_tokens[].scopes")),
        ("account_epoch", Not(EPOCH)), ("membership_epoch", Not(EPOCH)), ("client_epoch", Not(EPOCH)),
        ("created_at", Told("access_tokens[].created_at")), ("expires_at", Told("access_tokens[].expires_at")),
    ]),
    ("refresh_family", &[
        ("family_id", Not("names nothing to anybody")), ("account_id", Not(SELF)), ("organization_id", Told("refresh_tokens[].organization_id")),
        ("client_id", Told("refresh_tokens[].client_id")), ("session_id", Told("refresh_tokens[].session_id")), ("scopes", Told("refresh_tokens[].scopes")),
        ("account_epoch", Not(EPOCH)), ("membership_epoch", Not(EPOCH)), ("client_epoch", Not(EPOCH)),
        ("revoked_at", Told("refresh_tokens[].revoked_at")), ("created_at", Told("refresh_tokens[].created_at")), ("expires_at", Told("refresh_tokens[].expires_at")),
    ]),
    ("refresh_token", &[
        ("token_digest", Not(SECRET)), ("family_id", Not("names nothing to anybody")), ("used_at", Told("refresh_tokens[].refreshed_at")),
        ("sealed_successor", Not(SECRET)), ("created_at", Not("the predecessor's used_at, or the chain's created_at")),
        ("expires_at", Not("how long the chain may rest; its end is told")),
    ]),
    ("personal_token", &[
        ("personal_token_id", Told("personal_tokens[].personal_token_id")), ("token_digest", Not(SECRET)), ("account_id", Not(SELF)),
        ("organization_id", Told("personal_tokens[].organization_id")), ("name", Told("personal_tokens[].name")), ("scopes", Told("personal_tokens[].scopes")),
        ("personal_token_epoch", Not(EPOCH)), ("membership_epoch", Not(EPOCH)), ("created_at", Told("personal_tokens[].created_at")),
        ("expires_at", Told("personal_tokens[].expires_at")), ("used_at", Told("personal_tokens[].used_at")),
    ]),
    ("passkey", &[
        ("passkey_id", Told("passkeys[].passkey_id")), ("account_id", Not(SELF)), ("credential_id", Not("names the key to its authenticator, which has it")),
        ("public_key", Not("half of a credential, of no use to its owner")), ("algorithm", Told("passkeys[].algorithm")),
        ("sign_count", Not("a counter against copies")), ("backed_up", Told("passkeys[].backed_up")), ("transports", Told("passkeys[].transports")),
        ("name", Told("passkeys[].name")), ("created_at", Told("passkeys[].created_at")), ("used_at", Told("passkeys[].used_at")),
    ]),
    ("operator_command", &[
        ("command_id", Not("names nothing to anybody")), ("kind", Told("second_factor_resets[].kind")), ("account_id", Not(SELF)),
        ("organization_id", Told("second_factor_resets[].organization_id")), ("created_at", Told("second_factor_resets[].created_at")),
        ("due_at", Told("second_factor_resets[].due_at")), ("done_at", Told("second_factor_resets[].done_at")), ("cancelled_at", Told("second_factor_resets[].cancelled_at")),
    ]),
    ("mail_token", &[
        ("mail_token_id", Not("what the secret of the link is derived from")), ("token_digest", Not(SECRET)), ("purpose", Told("mail_links[].purpose")),
        ("email_key", Told("mail_links[].email_normal_form")), ("account_id", Not(SELF)), ("invitation_id", Not("told with the invitation")),
        ("email_change_id", Not("told with the change")), ("domain_id", Not(ORGANIZATION)), ("attempts", Not("a counter against guessing")),
        ("used_at", Told("mail_links[].used_at")), ("created_at", Told("mail_links[].created_at")), ("expires_at", Told("mail_links[].expires_at")),
    ]),
    ("outbox", &[
        ("outbox_id", Not(ENGINE)), ("template", Told("mails_waiting[].template")), ("locale", Told("mails_waiting[].locale")), ("recipient_kind", Not(SELF)),
        ("recipient_id", Not(SELF)), ("mail_token_id", Not("told with the links")), ("parameters", Told("mails_waiting[].parameters")),
        ("created_at", Told("mails_waiting[].created_at")), ("attempts", Told("mails_waiting[].attempts")), ("next_attempt_at", Told("mails_waiting[].next_attempt_at")),
        ("last_error", Not(ENGINE)), ("dead_at", Told("mails_waiting[].given_up_at")),
    ]),
    ("audit_log", &[
        ("audit_id", Told("audit_log[].audit_id")), ("at", Told("audit_log[].at")), ("action", Told("audit_log[].action")),
        ("organization_id", Told("audit_log[].organization_id")), ("actor_kind", Told("audit_log[].actor_kind")), ("actor_id", Told("audit_log[].actor_id")),
        ("client_id", Told("audit_log[].client_id")), ("session_id", Told("audit_log[].session_id")), ("target_kind", Told("audit_log[].target_kind")),
        ("target_id", Told("audit_log[].target_id")), ("request_id", Told("audit_log[].request_id")), ("facts", Told("audit_log[].facts")),
    ]),
    ("audit_detail", &[
        ("audit_id", Not(COPY)), ("at", Not(COPY)), ("ip", Told("audit_log[].detail.ip")), ("user_agent", Told("audit_log[].detail.user_agent")),
        ("detail", Told("audit_log[].detail.after")),
    ]),
];

/// Which rows of a table are about the person `{ann}`.
fn of_person(table: &str) -> &'static str {
    match table {
        "invitation" => "creator_id = '{ann}' OR account_id = '{ann}' OR email_key = 'canary.ann@example.com'",
        "client" => "created_by = '{ann}'",
        "session_application" => "session_id IN (SELECT session_id FROM session WHERE account_id = '{ann}')",
        "refresh_token" => "family_id IN (SELECT family_id FROM refresh_family WHERE account_id = '{ann}')",
        "outbox" => "recipient_kind = 'account' AND recipient_id = '{ann}'",
        "audit_log" => "actor_id = '{ann}' OR target_id = '{ann}'",
        "audit_detail" => "audit_id IN (SELECT audit_id FROM audit_log WHERE actor_id = '{ann}')",
        _ => "account_id = '{ann}'",
    }
}

/// Every value at a path, as the text that JSON has for it.
fn at(document: &Value, path: &str) -> BTreeSet<String> {
    let (step, rest) = path.split_once('.').map_or((path, ""), |(step, rest)| (step, rest));
    let (name, list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
    let fields: Vec<&Value> = match name.strip_suffix('*') {
        Some(start) => {
            let object = document.as_object().expect("an object");
            object.iter().filter(|(key, _)| key.starts_with(start)).map(|(_, value)| value).collect()
        }
        None => document.get(name).into_iter().collect(),
    };
    let items = fields.into_iter().flat_map(|value| match (list, value) {
        (true, Value::Array(items)) => items.iter().collect(),
        (true, other) => panic!("{path}: {other} is no list"),
        (false, value) => vec![value],
    });
    items
        .flat_map(|item| match (rest, item) {
            (_, Value::Null) => BTreeSet::new(),
            ("", item) => BTreeSet::from([item.to_string()]),
            (rest, item) => at(item, rest),
        })
        .collect()
}

/// A stored value as the wire writes it.
fn wire(column: &str, value: &rusqlite::types::Value, example: &str) -> String {
    match value {
        rusqlite::types::Value::Integer(integer) if example == "true" || example == "false" => {
            (*integer == 1).to_string()
        }
        rusqlite::types::Value::Integer(integer)
            if column.ends_with("_at") || column == "at" || column == "undo_until" =>
        {
            json!(global_accounts::domain::time::Timestamp::from_millis(*integer)).to_string()
        }
        rusqlite::types::Value::Integer(integer) => integer.to_string(),
        rusqlite::types::Value::Text(text) if example.starts_with(['[', '{']) => {
            let value: Value = serde_json::from_str(text).expect("JSON");
            value.to_string()
        }
        rusqlite::types::Value::Text(text) => json!(text).to_string(),
        other => panic!("{column}: {other:?}"),
    }
}

fn schema(world: &World) -> BTreeMap<String, BTreeSet<String>> {
    let connection = world.database.raw();
    let sql = "SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
      WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
    let mut rows = connection.prepare(sql).expect("a query");
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let pairs = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).expect("rows");
    for (table, column) in pairs.map(|pair| pair.expect("a pair")) {
        all.entry(table).or_default().insert(column);
    }
    all
}

/// A column that is added to the schema is told or named here with the reason why not, or this fails.
#[test]
fn every_column_of_every_table_is_told_or_it_is_said_why_not() {
    let ann = Ann::new(World::default());
    let schema = schema(&ann.world);
    let listed: BTreeSet<&str> =
        TABLES.iter().map(|(table, _)| *table).chain(COLUMNS.iter().map(|(table, _)| *table)).collect();
    assert_eq!(listed, schema.keys().map(String::as_str).collect(), "a table of the schema, or of this list, alone");
    assert_eq!(listed.len(), TABLES.len() + COLUMNS.len(), "a table is named twice");
    let document = ann.client().get(EXPORT).json();
    for (table, columns) in COLUMNS {
        let named: BTreeSet<&str> = columns.iter().map(|(column, _)| *column).collect();
        assert_eq!(named, schema[*table].iter().map(String::as_str).collect(), "{table}");
        for (column, fate) in *columns {
            let path = match fate {
                Told(path) => path,
                Not(reason) => {
                    assert!(reason.len() > 10, "{table}.{column}");
                    continue;
                }
            };
            let told = at(&document, path);
            let sql = format!(
                "SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL AND ({})",
                of_person(table).replace("{ann}", &ann.id)
            );
            let connection = ann.world.database.raw();
            let mut stored = connection.prepare(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            let stored: Vec<rusqlite::types::Value> =
                stored.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect("values");
            assert!(!stored.is_empty(), "{table}.{column}: the person has none");
            let example = told.iter().next().cloned().unwrap_or_default();
            if (*table, *column) == ("audit_detail", "detail") {
                assert!(told.contains(r#"{"name":"canary after"}"#), "{told:?}");
                continue;
            }
            for value in &stored {
                let value = wire(column, value, &example);
                assert!(told.contains(&value), "{table}.{column} = {value} is not in {path}: {told:?}");
            }
        }
    }
}

#[test]
fn l4_no_secret_and_nobody_else_is_in_it() {
    let ann = Ann::new(World::default());
    let answer = ann.client().get(EXPORT);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1));
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"account-{}.json\"", ann.id));
    assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/json", "no-store"));
    let kept = ["digest", "phc", "sealed", "credential_id", "public_key", "challenge"];
    let mut secrets = 0;
    for (table, column, text) in ann.world.database.dump() {
        if kept.iter().any(|part| column.contains(part)) && text.len() > 5 && table != "authorization_request" {
            assert!(!answer.text.contains(&text), "{table}.{column}");
            secrets += 1;
        }
    }
    assert!(secrets > 20, "{secrets}");
    assert!(answer.text.contains(IP) && answer.text.contains("guest@example.com"), "her own, and whom she invited");
    for foreign in [FOREIGN_IP, "foreign/", "owner@example.com", "administrator.of", "Second"] {
        assert!(!answer.text.contains(foreign), "{foreign}");
    }
    let document = answer.json();
    assert_eq!(document["memberships"].as_array().map(Vec::len), Some(2), "the whole account");
    let log = document["audit_log"].as_array().expect("a list");
    let actions: Vec<&str> = log.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert!(actions.contains(&"account.export"), "L1: that it was read is written down first, and told: {actions:?}");
    let ids: BTreeSet<String> = log.iter().map(|entry| entry["audit_id"].to_string()).collect();
    assert_eq!(ids.len(), log.len(), "each entry once");
    assert!(log.iter().any(|entry| entry["request_id"] == "r5"), "what the service did about her sign-in");
    let about = log.iter().find(|entry| entry["request_id"] == "r3").expect("what an administrator did about her");
    assert_eq!(about["detail"], json!({"before": {"name": "canary told"}, "after": null}));
}

#[test]
fn l4_of_what_she_did_to_others_it_says_that_and_not_what_it_said_of_them() {
    let ann = Ann::new(World::default());
    let (id, home, other) = (&ann.id, &ann.home.organization, &ann.home.member.id);
    for (number, kind, target) in [(1, "account", other), (2, "invitation", other), (3, "account", id)] {
        let entry = format!("00000000-0000-7000-9000-0000000000a{number}");
        ann.world.database.execute(&format!(
            "INSERT INTO audit_log VALUES ('{entry}', 1, 'account.update', '{home}', 'account', '{id}', NULL, NULL,
               '{kind}', '{target}', 'q{number}', '{{}}')"
        ));
        ann.world.database.execute(&format!(
            "INSERT INTO audit_detail VALUES ('{entry}', 1, '192.0.2.1', 'test/1', '{{\"before\":null,\"after\":{{\"name\":\"told {number}\"}}}}')"
        ));
    }
    let document = ann.client().get(EXPORT).json();
    let log = document["audit_log"].as_array().expect("a list");
    let after = |request: &str| {
        let entry = log.iter().find(|entry| entry["request_id"] == request).expect("what she did");
        assert_eq!(entry["detail"]["ip"], "192.0.2.1", "her own");
        entry["detail"]["after"].clone()
    };
    assert_eq!(["q1", "q2", "q3"].map(after), [Value::Null, Value::Null, json!({"name": "told 3"})]);
}

#[test]
fn m6_only_by_a_fresh_sign_in_of_the_person() {
    let ann = Ann::new(World::default());
    let client = ann.client();
    let count = || ann.world.count("audit_log WHERE action = 'account.export'");
    let personal = ann.world.personal(&ann.id, &ann.home.organization, &["accounts--my:rw", "accounts--all:rw"]);
    let application = ann.world.bearer(&ann.world.application_token_for(&ann.id, &ann.home.organization));
    let narrow = ann.world.bearer(&ann.world.token_for(&ann.id, &ann.home.organization, &["accounts--my:ro"]));
    for caller in [&personal, &application, &narrow] {
        assert_eq!(caller.get(EXPORT).status, StatusCode::FORBIDDEN);
    }
    assert_eq!(ann.world.anonymous().get(EXPORT).status, StatusCode::UNAUTHORIZED);
    assert_eq!(count(), 0);
    ann.world.clock.advance(Duration::from_secs(10 * 60 - 1));
    assert_eq!(client.get(EXPORT).status, StatusCode::OK);
    ann.world.clock.advance(Duration::from_secs(1));
    let stale = client.get(EXPORT);
    assert_eq!((stale.status, count()), (StatusCode::FORBIDDEN, 1), "{}", stale.text);
}

#[test]
fn the_page_gives_the_same_file_for_the_password() {
    let ann = Ann::new(World::default());
    let browser = ann.world.browser_of(&ann.id, &ann.second.organization);
    ann.world.clock.advance(Duration::from_hours(1));
    for password in ["", "not-the-password"] {
        browser.get("/account");
        let refused = browser.post("/account/export", &[("export_password", password)]);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("export_password-problem") && !refused.text.contains("canary script"));
    }
    assert_eq!(ann.world.count("audit_log WHERE action = 'account.export'"), 0);
    browser.get("/account");
    let answer = browser.post("/account/export", &[("export_password", PASSWORD)]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"account-"));
    let (page, api) = (answer.json(), ann.client().get(EXPORT));
    assert_eq!(api.status, StatusCode::OK);
    let keys = |document: &Value| document.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&page), keys(&api.json()));
    assert_eq!(page["account"], api.json()["account"]);
}

#[test]
fn m1_a_code_of_the_second_factor_opens_the_file_once() {
    let ann = Ann::new(World::default());
    ann.world.database.execute("DELETE FROM totp");
    let authenticator = ann.world.enrol(&ann.id);
    let browser = ann.world.browser_of(&ann.id, &ann.second.organization);
    ann.world.clock.advance(Duration::from_hours(1));
    assert!(browser.get("/account").text.contains("name=\"export_code\""));
    let code = authenticator.code();
    let send = |code: &str| {
        browser.get("/account");
        browser.post("/account/export", &[("export_code", code)])
    };
    assert_eq!(send(&code).status, StatusCode::OK);
    for used in [code, authenticator.wrong()] {
        let refused = send(&used);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "M2: {used}");
        assert!(refused.text.contains("export_code-problem"), "{}", refused.text);
    }
}

#[test]
fn a_long_life_is_told_whole_with_bounded_memory() {
    let ann = Ann::new(World::default());
    ann.world.database.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
         INSERT INTO audit_log SELECT printf('00000000-0000-7000-a000-%012x', i), i, 'x.own', iif(i % 3, '{}', NULL), 'account', '{}',
           NULL, NULL, NULL, NULL, 'r', '{{}}' FROM n",
        ann.home.organization, ann.id
    ));
    ann.world.database.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
         INSERT INTO audit_log SELECT printf('00000000-0000-7000-b000-%012x', i), i, 'x.about', iif(i % 2, '{}', '{}'), 'system', NULL,
           NULL, NULL, 'account', '{}', 'r', '{{}}' FROM n",
        ann.home.organization, ann.second.organization, ann.id
    ));
    ann.world.database.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
         INSERT INTO known_device SELECT '{}', printf('d%04d', i), 'x', 1, 1, 9000000000000 FROM n",
        ann.id
    ));
    let client = ann.client();
    let answer = client.get(EXPORT);
    let document = answer.json();
    let of = |action: &str| {
        let log = document["audit_log"].as_array().expect("a list");
        let ids: BTreeSet<String> =
            log.iter().filter(|entry| entry["action"] == action).map(|entry| entry["audit_id"].to_string()).collect();
        ids.len()
    };
    assert_eq!(
        (of("x.own"), of("x.about"), document["known_browsers"].as_array().map(Vec::len)),
        (1_200, 700, Some(501))
    );
    assert!((4..=8).contains(&answer.calls.database), "{:?}", answer.calls);
    assert_eq!(document.as_object().map(serde_json::Map::len), Some(18), "every field once");

    ann.world.database.set_fault(Some(Fault::Later(1)));
    let cut = client.get(EXPORT);
    ann.world.database.set_fault(None);
    assert_eq!(cut.status, StatusCode::OK, "it had begun");
    assert!(serde_json::from_str::<Value>(&cut.text).is_err(), "what is cut off is no JSON");
    assert!(ann.world.lines().iter().any(|line| line.contains("list cut off")));
}
