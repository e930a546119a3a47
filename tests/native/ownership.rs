//! `POST /v2/organizations/{organization_id}/ownership`

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, Cast, OWNER, Person};
use crate::support::client::{Answer, Client, World};

const PATH: &str = "/v2/organizations/my/ownership";
const PASSWORD: &str = "BG0SaleEBL";

fn give(client: &Client, to: &str) -> Answer {
    client.post(PATH, &json!({"account_id": to}))
}

fn give_with(client: &Client, to: &str, password: &str) -> Answer {
    client.post(PATH, &json!({"account_id": to, "password": password}))
}

/// An organization whose owner signed in long ago.
fn long_after(world: World) -> Cast {
    let cast = Cast::of(world, "owner@example.com");
    cast.world.clock.advance(Duration::from_mins(10));
    cast
}

/// Everything that a transfer changes: roles, mails, the log.
fn state(cast: &Cast) -> String {
    cast.world.database.value(
        "SELECT (SELECT group_concat(account_id || role_id, ' ') FROM membership_role) || (SELECT count(*) FROM outbox)
           || (SELECT count(*) FROM audit_log)",
    )
}

fn refused(cast: &Cast, before: &str, answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(state(cast), before, "nothing happened");
}

/// One owner and one primary role each, whatever happened.
fn invariants(cast: &Cast) -> String {
    let owners: i64 = cast.world.database.value(&format!(
        "SELECT count(*) FROM membership_role WHERE organization_id = '{}' AND role_id = '{OWNER}'",
        cast.organization
    ));
    let without: i64 = cast.world.database.value(
        "SELECT count(*) FROM membership WHERE 1 <> (SELECT count(*) FROM membership_role AS held
           WHERE held.organization_id = membership.organization_id AND held.account_id = membership.account_id
             AND held.type = 'primary')",
    );
    assert_eq!((owners, without), (1, 0));
    let found: i64 = cast.world.rows("pragma_foreign_key_check");
    assert_eq!(found, 0);
    cast.world.database.value(&format!(
        "SELECT account_id FROM membership_role WHERE organization_id = '{}' AND role_id = '{OWNER}'",
        cast.organization
    ))
}

#[test]
fn the_owner_and_an_administrator_change_places() {
    let cast = Cast::default();
    let before = cast.owner.client.get("/v2/organizations/my").json();
    let answer = give(&cast.owner.client, &cast.administrator.id);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    assert_eq!(answer.json(), before);
    assert_eq!(invariants(&cast), cast.administrator.id);
    assert_eq!(cast.roles_of(&cast.administrator.id), "Accounts/owner");
    assert_eq!(cast.roles_of(&cast.owner.id), "Accounts/administrator");

    let log = cast.administrator.client.get("/v2/audit_log?action=organization.transfer_ownership").json();
    assert_eq!(log.as_array().map(Vec::len), Some(1));
    assert_eq!(log[0]["actor"]["account_id"], cast.owner.id.as_str(), "{log}");
    assert_eq!(log[0]["target"]["id"], cast.administrator.id.as_str());
    let mails: String = cast.world.database.value(
        "SELECT group_concat(template || ' ' || recipient_id || ' ' || parameters, '\n') FROM outbox
         WHERE template = 'ownership_transferred'",
    );
    let told = json!({"organization_id": cast.organization, "account_id": cast.administrator.id});
    for person in [&cast.owner.id, &cast.administrator.id] {
        let mail = mails.lines().find(|line| line.contains(&format!("ownership_transferred {person} "))).expect(&mails);
        let parameters = mail.split_once('{').map(|(_, rest)| format!("{{{rest}")).expect("an object");
        assert_eq!(serde_json::from_str::<Value>(&parameters).expect("JSON"), told);
    }
    assert_eq!(mails.lines().count(), 2);
}

#[test]
fn z6_rights_move_at_once_and_a_former_owner_is_refused() {
    let cast = Cast::default();
    let peer = cast.hire("peer@example.com", &[ADMINISTRATOR]);
    let rename = |person: &Person| person.client.patch("/v2/organizations/my", &json!({"name": "New"})).status;
    assert_eq!((rename(&cast.owner), rename(&cast.administrator)), (StatusCode::OK, StatusCode::FORBIDDEN));
    assert_eq!(give(&cast.owner.client, &cast.administrator.id).status, StatusCode::OK);
    assert_eq!((rename(&cast.owner), rename(&cast.administrator)), (StatusCode::FORBIDDEN, StatusCode::OK));
    let before = state(&cast);
    refused(&cast, &before, &give(&cast.owner.client, &peer.id), StatusCode::FORBIDDEN);
    refused(&cast, &before, &give_with(&cast.owner.client, &peer.id, PASSWORD), StatusCode::FORBIDDEN);
    assert_eq!(give(&cast.administrator.client, &cast.owner.id).status, StatusCode::OK, "and back");
    assert_eq!(invariants(&cast), cast.owner.id);
}

#[test]
fn z4_only_to_an_administrator_of_the_organization_who_is_not_suspended() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let suspended = cast.hire("suspended@example.com", &[ADMINISTRATOR]);
    cast.world.database.execute(&format!("UPDATE membership SET suspended = 1 WHERE account_id = '{}'", suspended.id));
    let nobody = "00000000-0000-7000-8000-000000000000";
    let before = state(&cast);
    for to in [&cast.member.id, &cast.owner.id, &suspended.id, &other.administrator.id, nobody] {
        for answer in [give(&cast.owner.client, to), give_with(&cast.owner.client, to, PASSWORD)] {
            refused(&cast, &before, &answer, StatusCode::UNPROCESSABLE_ENTITY);
            let problem = "must be an administrator of the organization who is not suspended";
            assert_eq!(answer.json()["invalid_fields"], json!({"account_id": problem}));
        }
    }
    for (body, invalid) in [
        (json!({}), json!({"account_id": "is required"})),
        (json!({"account_id": "x"}), json!({"account_id": "invalid uuid"})),
    ] {
        let answer = cast.owner.client.post(PATH, &body);
        refused(&cast, &before, &answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!((answer.json()["invalid_fields"].clone(), answer.calls.database), (invalid, 0));
    }
}

#[test]
fn z1_z5_only_by_the_owner_s_own_credentials_and_in_the_token_s_organization() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let before = state(&cast);
    let application = cast.world.bearer(&cast.world.application_token_for(&cast.owner.id, &cast.organization));
    let narrow = cast.with_scopes(&cast.owner, &["accounts--all:rw", "accounts.roles--all:rw"]);
    for client in [&application, &narrow, &cast.administrator.client, &cast.member.client] {
        refused(&cast, &before, &give(client, &cast.administrator.id), StatusCode::FORBIDDEN);
    }
    let foreign = format!("/v2/organizations/{}/ownership", other.organization);
    for path in [foreign.as_str(), "/v2/organizations/x/ownership"] {
        let answer = cast.owner.client.post(path, &json!({"account_id": other.administrator.id}));
        refused(&cast, &before, &answer, StatusCode::NOT_FOUND);
    }
    let own = format!("/v2/organizations/{}/ownership", cast.organization);
    assert_eq!(cast.owner.client.post(&own, &json!({"account_id": cast.administrator.id})).status, StatusCode::OK);
}

#[test]
fn a_sign_in_of_the_last_ten_minutes_is_proof_and_a_token_s_age_is_not() {
    let cast = Cast::default();
    cast.world.clock.advance(Duration::from_mins(10) - Duration::from_millis(1));
    assert_eq!(give(&cast.owner.client, &cast.administrator.id).status, StatusCode::OK);

    let cast = long_after(World::default());
    let scopes = ["organization--my:rw"];
    let personal = cast.world.personal(&cast.owner.id, &cast.organization, &scopes);
    let given_for_personal = cast.person(&cast.owner.id);
    cast.world
        .database
        .execute("UPDATE session SET identity_source = 'token' WHERE rowid = (SELECT max(rowid) FROM session)");
    let before = state(&cast);
    let young = cast.world.many_tokens_like(cast.owner.client.token(), 1).remove(0);
    for client in [&cast.owner.client, &personal, &given_for_personal.client, &cast.world.bearer(&young)] {
        let answer = give(client, &cast.administrator.id);
        refused(&cast, &before, &answer, StatusCode::FORBIDDEN);
        assert_eq!(answer.calls.database, 1);
    }
    let answer = give_with(&personal, &cast.administrator.id, PASSWORD);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(invariants(&cast), cast.administrator.id);
}

#[test]
fn e4_a_wrong_password_is_refused_and_counted_before_the_next_hash() {
    let cast = long_after(World::with(&[("PASSWORD_ATTEMPTS", "2")]));
    let without = cast.hire("second@example.com", &[ADMINISTRATOR]);
    let before = state(&cast);
    let attempt = |password: &str| give_with(&cast.owner.client, &cast.administrator.id, password);
    for _ in 0..2 {
        let answer = attempt("not the password");
        refused(&cast, &before, &answer, StatusCode::FORBIDDEN);
        assert_eq!(answer.calls.database, 1);
    }
    let answer = attempt(PASSWORD);
    refused(&cast, &before, &answer, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!((answer.calls.database, answer.header("retry-after")), (1, "60"));
    cast.world.clock.advance(Duration::from_mins(1));
    let answer = attempt(PASSWORD);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(cast.world.rows("throttle WHERE bucket LIKE 'current_password:%'"), 0, "counts anew");
    let before = state(&cast);
    let answer = give_with(&cast.administrator.client, &without.id, "");
    refused(&cast, &before, &answer, StatusCode::FORBIDDEN);
}

/// What somebody else does between the two round trips of one call.
#[test]
fn r1_r2_r8_what_changes_between_the_two_round_trips_is_a_conflict() {
    let transferred = |cast: &Cast| {
        let (owner, other) = (&cast.owner.id, &cast.hire("heir@example.com", &[ADMINISTRATOR]).id);
        format!(
            "DELETE FROM membership_role WHERE account_id = '{other}';
             UPDATE membership_role SET account_id = '{other}' WHERE account_id = '{owner}' AND role_id = '{OWNER}';
             INSERT INTO membership_role SELECT organization_id, '{owner}', '{ADMINISTRATOR}', 'Accounts', 'primary', 1
               FROM membership WHERE account_id = '{owner}'"
        )
    };
    let removed = |cast: &Cast| format!("DELETE FROM membership WHERE account_id = '{}'", cast.administrator.id);
    let suspended =
        |cast: &Cast| format!("UPDATE membership SET suspended = 1 WHERE account_id = '{}'", cast.administrator.id);
    let changed = |_: &Cast| "UPDATE password SET phc = phc || 'x'".to_owned();
    let ended = |_: &Cast| "UPDATE session SET ended_at = 1".to_owned();
    type Case<'a> = (&'a dyn Fn(&Cast) -> String, StatusCode);
    let cases: [Case<'_>; 5] = [
        (&transferred, StatusCode::CONFLICT),
        (&removed, StatusCode::CONFLICT),
        (&suspended, StatusCode::CONFLICT),
        (&changed, StatusCode::CONFLICT),
        (&ended, StatusCode::UNAUTHORIZED),
    ];
    for (meanwhile, status) in cases {
        let cast = long_after(World::default());
        let sql = meanwhile(&cast);
        cast.world.database.meanwhile(1, &sql);
        let answer = give_with(&cast.owner.client, &cast.administrator.id, PASSWORD);
        assert_eq!((answer.status, answer.calls.database), (status, 2), "{sql}: {}", answer.text);
        assert_ne!(invariants(&cast), cast.administrator.id, "{sql}");
        assert_eq!(
            (
                cast.audited("organization.transfer_ownership"),
                cast.world.rows("outbox WHERE template = 'ownership_transferred'")
            ),
            (0, 0)
        );
    }
}

#[test]
fn r1_of_many_transfers_at_once_one_wins() {
    for threads in [10, 20] {
        for password in [None, Some(PASSWORD)] {
            let cast = Cast::default();
            let heirs: Vec<Person> =
                (0..threads).map(|at| cast.hire(&format!("heir{at}@example.com"), &[ADMINISTRATOR])).collect();
            let statuses: Vec<StatusCode> = std::thread::scope(|scope| {
                let transfer = |heir: &Person| {
                    let (client, body) =
                        (cast.owner.client.clone(), json!({"account_id": heir.id, "password": password}));
                    scope.spawn(move || client.post(PATH, &body).status)
                };
                let tasks: Vec<_> = heirs.iter().map(transfer).collect();
                tasks.into_iter().map(|task| task.join().expect("an answer")).collect()
            });
            let number = |status| statuses.iter().filter(|found| **found == status).count();
            let lost = number(StatusCode::FORBIDDEN) + number(StatusCode::CONFLICT);
            let throttled = number(StatusCode::TOO_MANY_REQUESTS);
            assert_eq!((number(StatusCode::OK), 1 + lost + throttled), (1, threads), "{statuses:?}");
            let owner = invariants(&cast);
            assert!(heirs.iter().zip(&statuses).any(|(heir, status)| heir.id == owner && *status == StatusCode::OK));
            assert_eq!(cast.roles_of(&cast.owner.id), "Accounts/administrator");
            assert_eq!(cast.audited("organization.transfer_ownership"), 1);
            assert_eq!(cast.world.rows("outbox WHERE template = 'ownership_transferred'"), 2);
        }
    }
}

#[test]
fn r2_a_transfer_and_the_removal_of_its_target_leave_one_owner() {
    for round in 0..20 {
        let cast = Cast::default();
        let peer = cast.hire("peer@example.com", &[ADMINISTRATOR]);
        let target = &cast.administrator.id;
        let [transferred, removed] = std::thread::scope(|scope| {
            let transfer = scope.spawn(|| give(&cast.owner.client, target).status);
            let removal = scope.spawn(|| peer.client.delete(&format!("/v2/accounts/{target}")).status);
            [transfer, removal].map(|task| task.join().expect("an answer"))
        });
        let owner = invariants(&cast);
        match (transferred, removed) {
            (StatusCode::OK, StatusCode::FORBIDDEN) => assert_eq!(&owner, target, "{round}"),
            (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::OK) => assert_eq!(owner, cast.owner.id, "{round}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(cast.audited("organization.transfer_ownership"), i64::from(transferred == StatusCode::OK));
    }
}
