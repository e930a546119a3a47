//! `/v2/organizations/{organization_id}/merges`: asking, looking, approving, taking back.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast};
use crate::support::client::{Answer, Client, World};
use crate::support::mergers::{Mergers, PASSWORD};

fn refused(mergers: &Mergers, before: &str, answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(mergers.state(), before, "nothing happened");
}

#[test]
fn one_organization_becomes_part_of_another() {
    let mergers = Mergers::rich();
    let before = mergers.story();
    let asked = mergers.ask(&json!({"LiveChat": mergers.a.organization}));
    assert_eq!((asked.status, asked.calls.database), (StatusCode::CREATED, 1), "{}", asked.text);
    let merge = asked.json();
    assert_eq!((merge["state"].as_str(), merge["preview"]["accounts"]["list"].is_null()), (Some("pending"), true));
    let path = mergers.path(&merge);
    let seen = mergers.b.owner.client.get(&path).json();
    assert_eq!(seen["preview"]["accounts"]["list"].as_array().map(Vec::len), Some(5), "{seen:#}");
    let preview = mergers.named(&serde_json::to_string_pretty(&seen["preview"]).expect("JSON"));
    let approved = mergers.b.owner.client.post(&format!("{path}/approve"), &json!({}));
    assert_eq!((approved.status, approved.calls.database), (StatusCode::OK, 1), "{}", approved.text);
    assert_eq!((approved.json()["state"].as_str(), &approved.json()["preview"]), (Some("done"), &Value::Null));
    let story = format!(
        "BEFORE\n\n{before}\nTHE PREVIEW, AS THE OWNER OF BETA SEES IT\n\n{preview}\n\nAFTER\n\n{}",
        mergers.story()
    );
    insta::assert_snapshot!("merge_before_and_after", story);
    mergers.invariants();
    for client in [&mergers.b.owner.client, &mergers.b.administrator.client, &mergers.b.member.client] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "tokens of B are dead");
    }
    assert_eq!(mergers.a.owner.client.get(&path).json()["state"], "done");
}

#[test]
fn the_preview_names_people_only_to_who_administers_the_source() {
    let mergers = Mergers::default();
    let merge = mergers.ask(&json!({})).json();
    assert_eq!(merge["preview"]["accounts"]["list"], Value::Null);
    assert_eq!(merge["preview"]["accounts"]["total"], 3);
    let path = mergers.path(&merge);
    let listed = mergers.b.owner.client.get(&path).json()["preview"]["accounts"]["list"].clone();
    assert_eq!(listed.as_array().map(Vec::len), Some(3));
    mergers.a.world.join(&mergers.a.owner.id, &mergers.b.organization, ADMINISTRATOR);
    assert!(mergers.a.owner.client.get(&path).json()["preview"]["accounts"]["list"].is_array());
    mergers.a.world.database.execute(&format!(
        "UPDATE membership SET suspended = 1 WHERE account_id = '{}' AND organization_id = '{}'",
        mergers.a.owner.id, mergers.b.organization
    ));
    assert!(mergers.a.owner.client.get(&path).json()["preview"]["accounts"]["list"].is_null(), "suspended there");
}

#[test]
fn z1_everybody_but_the_two_owners_sees_nothing() {
    let mergers = Mergers::default();
    let stranger = Cast::of(mergers.a.world.clone(), "stranger@example.com");
    let merge = mergers.ask(&json!({})).json();
    let id = merge["merge_id"].as_str().expect("an id");
    let before = mergers.state();
    let others: [&Client; 7] = [
        &mergers.a.administrator.client,
        &mergers.a.member.client,
        &mergers.b.administrator.client,
        &mergers.b.member.client,
        &stranger.owner.client,
        &stranger.administrator.client,
        &stranger.member.client,
    ];
    for organization in [&mergers.a.organization, &mergers.b.organization] {
        let list = format!("/v2/organizations/{organization}/merges");
        let one = format!("{list}/{id}");
        let wish = json!({"source_organization_id": mergers.b.organization});
        for client in others {
            for answer in [
                client.get(&list),
                client.get(&one),
                client.delete(&one),
                client.post(&format!("{one}/approve"), &json!({})),
                client.post(&format!("{one}/approve"), &json!({"password": PASSWORD})),
                client.post(&list, &wish),
                client.post(&list, &json!({"source_organization_id": mergers.b.organization, "password": PASSWORD})),
            ] {
                refused(&mergers, &before, &answer, StatusCode::NOT_FOUND);
            }
        }
        for client in [&mergers.a.owner.client, &mergers.b.owner.client] {
            assert_eq!(client.get(&one).status, StatusCode::OK);
            assert_eq!(client.get(&list).json().as_array().map(Vec::len), Some(1));
        }
    }
    for client in [&mergers.a.owner.client, &mergers.b.owner.client, &stranger.owner.client] {
        let foreign = format!("/v2/organizations/{}/merges", stranger.organization);
        let expected =
            if client.token() == stranger.owner.client.token() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(client.get(&foreign).status, expected);
        let answer = client.get(&format!("{foreign}/{id}"));
        refused(&mergers, &before, &answer, StatusCode::NOT_FOUND);
    }
    assert_eq!(stranger.owner.client.get("/v2/organizations/my/merges").json(), json!([]));
    for absent in ["x", "00000000-0000-7000-8000-000000000000"] {
        let answer = mergers.a.owner.client.get(&format!("/v2/organizations/my/merges/{absent}"));
        refused(&mergers, &before, &answer, StatusCode::NOT_FOUND);
    }
    let application = mergers.a.world.application_token_for(&mergers.a.owner.id, &mergers.a.organization);
    let before = mergers.state();
    for client in [
        mergers.a.world.bearer(&application),
        mergers.a.with_scopes(&mergers.a.owner, &["accounts--all:rw", "accounts.roles--all:rw"]),
    ] {
        let answer = client.get(&format!("/v2/organizations/my/merges/{id}"));
        refused(&mergers, &before, &answer, StatusCode::FORBIDDEN);
        let answer = client.delete(&format!("/v2/organizations/my/merges/{id}"));
        refused(&mergers, &before, &answer, StatusCode::FORBIDDEN);
    }
}

#[test]
fn only_the_owner_of_the_source_approves() {
    let mergers = Mergers::default();
    let merge = mergers.ask(&json!({})).json();
    let before = mergers.state();
    let path = format!("{}/approve", mergers.path(&merge));
    refused(&mergers, &before, &mergers.a.owner.client.post(&path, &json!({})), StatusCode::FORBIDDEN);
    let id = merge["merge_id"].as_str().expect("an id");
    let own = format!("/v2/organizations/my/merges/{id}/approve");
    refused(&mergers, &before, &mergers.a.owner.client.post(&own, &json!({})), StatusCode::FORBIDDEN);
    let approved = mergers.b.owner.client.post(&own, &json!({}));
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.text);
}

#[test]
fn what_is_asked_for_must_make_sense() {
    let mergers = Mergers::default();
    for product in ["LiveChat", "HelpDesk"] {
        mergers.a.enable(product);
    }
    for product in ["LiveChat", "ChatBot"] {
        mergers.b.enable(product);
    }
    let (a, b) = (mergers.a.organization.as_str(), mergers.b.organization.as_str());
    let nobody = "00000000-0000-7000-8000-000000000000";
    let has = "must be one of the two organizations, and one that has this product";
    let before = mergers.state();
    let cases = [
        (json!({"keep": {"LiveChat": a}}), json!({"source_organization_id": "is required"})),
        (json!({"source_organization_id": "x"}), json!({"source_organization_id": "invalid uuid"})),
        (
            json!({"source_organization_id": a, "keep": {}}),
            json!({"source_organization_id": "must be another organization"}),
        ),
        (
            json!({"source_organization_id": b}),
            json!({"keep.LiveChat": "is required: both organizations have this product"}),
        ),
        (
            json!({"source_organization_id": b, "keep": {"LiveChat": a, "HelpDesk": b, "Zażółć 'x'": a, "ChatBot": nobody}}),
            json!({"keep.HelpDesk": has, "keep.Zażółć 'x'": has, "keep.ChatBot": has}),
        ),
        (json!({"source_organization_id": b, "keep": [1]}), json!({"keep": "must be an object"})),
        (json!({"source_organization_id": b, "keep": {"LiveChat": 1}}), json!({"keep": "must name organizations"})),
    ];
    for (body, invalid) in cases {
        let answer = mergers.a.owner.client.post("/v2/organizations/my/merges", &body);
        refused(&mergers, &before, &answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["invalid_fields"], invalid, "{body}");
    }
    let absent = json!({"source_organization_id": nobody});
    let answer = mergers.a.owner.client.post("/v2/organizations/my/merges", &absent);
    refused(&mergers, &before, &answer, StatusCode::NOT_FOUND);
    let foreign = format!("/v2/organizations/{b}/merges");
    let answer = mergers.a.owner.client.post(&foreign, &json!({"source_organization_id": b}));
    refused(&mergers, &before, &answer, StatusCode::NOT_FOUND);
    let answer = mergers.ask(&json!({"LiveChat": a, "HelpDesk": a, "ChatBot": b}));
    assert_eq!(answer.status, StatusCode::CREATED, "what is true anyhow may be said: {}", answer.text);
    let before = mergers.state();
    refused(&mergers, &before, &mergers.ask(&json!({"LiveChat": a})), StatusCode::CONFLICT);
    let back = json!({"source_organization_id": a, "keep": {"LiveChat": a}});
    let answer = mergers.b.owner.client.post("/v2/organizations/my/merges", &back);
    assert_eq!(answer.status, StatusCode::CREATED, "the other direction is another merge: {}", answer.text);
}

#[test]
fn both_owners_have_a_verified_address() {
    let mergers = Mergers::default();
    let verify = |person: &str, verified: i64| {
        let sql = format!("UPDATE account SET email_verified = {verified} WHERE account_id = '{person}'");
        mergers.a.world.database.execute(&sql);
    };
    verify(&mergers.a.owner.id, 0);
    let before = mergers.state();
    refused(&mergers, &before, &mergers.ask(&json!({})), StatusCode::FORBIDDEN);
    verify(&mergers.a.owner.id, 1);
    verify(&mergers.b.owner.id, 0);
    let merge = mergers.ask(&json!({})).json();
    let before = mergers.state();
    refused(&mergers, &before, &mergers.approve(&merge), StatusCode::FORBIDDEN);
    verify(&mergers.b.owner.id, 1);
    verify(&mergers.a.owner.id, 0);
    refused(&mergers, &before, &mergers.approve(&merge), StatusCode::CONFLICT);
    verify(&mergers.a.owner.id, 1);
    assert_eq!(mergers.approve(&merge).status, StatusCode::OK);
}

#[test]
fn e4_both_prove_to_be_there() {
    let mergers = Mergers::default();
    mergers.a.world.clock.advance(Duration::from_mins(10));
    let before = mergers.state();
    let ask = |password: &str| {
        let wish = json!({"source_organization_id": mergers.b.organization, "password": password});
        mergers.a.owner.client.post("/v2/organizations/my/merges", &wish)
    };
    let stale = mergers.ask(&json!({}));
    assert_eq!(stale.calls.database, 1);
    refused(&mergers, &before, &stale, StatusCode::FORBIDDEN);
    let wrong = ask("not the password");
    assert_eq!(wrong.calls.database, 1);
    refused(&mergers, &before, &wrong, StatusCode::FORBIDDEN);
    let asked = ask(PASSWORD);
    assert_eq!((asked.status, asked.calls.database), (StatusCode::CREATED, 2), "{}", asked.text);
    let before = mergers.state();
    let path = format!("{}/approve", mergers.path(&asked.json()));
    for (body, calls) in [(json!({}), 1), (json!({"password": "not the password"}), 1)] {
        let answer = mergers.b.owner.client.post(&path, &body);
        assert_eq!(answer.calls.database, calls);
        refused(&mergers, &before, &answer, StatusCode::FORBIDDEN);
    }
    let answer = mergers.b.owner.client.post(&path, &json!({"code": "123456"}));
    refused(&mergers, &before, &answer, StatusCode::FORBIDDEN);
    let personal = mergers.a.world.personal(&mergers.b.owner.id, &mergers.b.organization, &["organization--my:rw"]);
    let before = mergers.state();
    let answer = personal.post(&path, &json!({}));
    refused(&mergers, &before, &answer, StatusCode::FORBIDDEN);
    let answer = mergers.b.owner.client.post(&path, &json!({"password": PASSWORD}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    mergers.invariants();
}

#[test]
fn either_owner_takes_it_back_and_nobody_approves_it_then() {
    for by_source in [false, true] {
        let mergers = Mergers::default();
        let merge = mergers.ask(&json!({})).json();
        let (owner, cast) = match by_source {
            true => (&mergers.b.owner, &mergers.b),
            false => (&mergers.a.owner, &mergers.a),
        };
        let answer = owner.client.delete(&mergers.path(&merge));
        assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::OK, "{}", 1));
        let (state, action, mails) = match by_source {
            true => ("refused", "organization.refuse_merge", 1),
            false => ("withdrawn", "organization.withdraw_merge", 0),
        };
        assert_eq!(mergers.a.owner.client.get(&mergers.path(&merge)).json()["state"], state);
        assert_eq!((cast.audited(action), mergers.a.world.rows("outbox WHERE template = 'merge_refused'")), (1, mails));
        let told: String = mergers
            .a
            .world
            .database
            .value("SELECT coalesce(group_concat(recipient_id), '') FROM outbox WHERE template = 'merge_refused'");
        assert_eq!(told, if by_source { mergers.a.owner.id.as_str() } else { "" });
        let before = mergers.state();
        refused(&mergers, &before, &mergers.approve(&merge), StatusCode::CONFLICT);
        refused(&mergers, &before, &owner.client.delete(&mergers.path(&merge)), StatusCode::CONFLICT);
        assert_eq!(mergers.ask(&json!({})).status, StatusCode::CREATED, "it can be asked for again");
    }
}

#[test]
fn it_expires() {
    let mergers = Mergers::default();
    let merge = mergers.ask(&json!({})).json();
    assert_eq!(merge["expires_at"], "2023-11-28T22:13:20.000Z");
    mergers.a.world.clock.advance(Duration::from_hours(14 * 24));
    let mergers = mergers.signed_in_anew();
    let before = mergers.state();
    refused(&mergers, &before, &mergers.approve(&merge), StatusCode::CONFLICT);
    let seen = mergers.b.owner.client.get(&mergers.path(&merge)).json();
    assert_eq!((seen["state"].as_str(), &seen["preview"]), (Some("expired"), &Value::Null));
    let again = mergers.ask(&json!({}));
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.text);
    let all = mergers.a.owner.client.get("/v2/organizations/my/merges").json();
    let states: Vec<&str> =
        all.as_array().expect("a list").iter().filter_map(|merge| merge["state"].as_str()).collect();
    assert_eq!(states, ["pending", "expired"], "the newest first");
    assert_eq!(mergers.approve(&again.json()).status, StatusCode::OK);
}

#[test]
fn r1_who_asked_must_still_own_the_organization_and_who_owns_the_source_by_then_approves() {
    let mergers = Mergers::default();
    let merge = mergers.ask(&json!({})).json();
    let give = |cast: &Cast| {
        let body = json!({"account_id": cast.administrator.id});
        assert_eq!(cast.owner.client.post("/v2/organizations/my/ownership", &body).status, StatusCode::OK);
        let verified = format!("UPDATE account SET email_verified = 1 WHERE account_id = '{}'", cast.administrator.id);
        cast.world.database.execute(&verified);
    };
    give(&mergers.b);
    let before = mergers.state();
    refused(&mergers, &before, &mergers.approve(&merge), StatusCode::NOT_FOUND);
    give(&mergers.a);
    let before = mergers.state();
    let approve = format!("{}/approve", mergers.path(&merge));
    let heir = &mergers.b.administrator.client;
    refused(&mergers, &before, &heir.post(&approve, &json!({})), StatusCode::CONFLICT);
    assert_eq!(heir.get(&mergers.path(&merge)).json()["state"], "expired");
    let wish = json!({"source_organization_id": mergers.b.organization});
    let anew = mergers.a.administrator.client.post("/v2/organizations/my/merges", &wish);
    assert_eq!(anew.status, StatusCode::CREATED, "the new owner asks for themselves: {}", anew.text);
    let approve = format!("{}/approve", mergers.path(&anew.json()));
    assert_eq!(heir.post(&approve, &json!({})).status, StatusCode::OK);
    assert_eq!(mergers.a.roles_of(&mergers.b.administrator.id), "Accounts/administrator");
    assert_eq!(mergers.a.roles_of(&mergers.b.owner.id), "Accounts/administrator");
    mergers.invariants();
}

#[test]
fn what_is_approved_is_what_was_seen() {
    type Change<'a> = (&'a str, &'a dyn Fn(&Mergers));
    let changes: [Change; 9] = [
        ("a new member", &|m| drop(m.b.hire("new@example.com", &[]))),
        ("a member gone", &|m| drop(m.b.owner.client.delete(&format!("/v2/accounts/{}", m.b.member.id)))),
        ("a role given", &|m| {
            let roles = json!({"set_roles": [{"role_id": BILLING_EDITOR}]});
            let path = format!("/v2/accounts/{}/roles", m.b.member.id);
            assert_eq!(m.b.owner.client.put(&path, &roles).status, StatusCode::OK);
        }),
        ("a product enabled", &|m| m.b.enable("ChatBot")),
        ("a subscription over", &|m| m.a.world.database.execute("UPDATE organization_product SET state = 'expired'")),
        ("a role made", &|m| {
            let role = json!({"product": "Accounts", "role": "night shift", "scope": "accounts--my:ro"});
            assert_eq!(m.b.owner.client.post("/v2/roles", &role).status, StatusCode::CREATED);
        }),
        ("an application registered", &|m| {
            let app =
                json!({"name": "App", "type": "javascript_app", "redirect_uri": "https://a.example", "scopes": []});
            assert_eq!(m.b.owner.client.post("/v2/clients", &app).status, StatusCode::CREATED);
        }),
        ("somebody suspended", &|m| {
            let body = json!({"product": "Accounts", "suspended": true});
            let path = format!("/v2/accounts/{}/suspension", m.b.member.id);
            assert_eq!(m.b.owner.client.put(&path, &body).status, StatusCode::OK);
        }),
        ("a second factor demanded", &|m| {
            m.a.world.database.execute(&format!(
                "UPDATE organization SET mfa_required_at = 1 WHERE organization_id = '{}'",
                m.a.organization
            ));
        }),
    ];
    for (name, change) in changes {
        let mergers = Mergers::default();
        mergers.a.enable("LiveChat");
        mergers.a.world.clock.advance(Duration::from_millis(1));
        let merge = mergers.ask(&json!({})).json();
        let seen = mergers.b.owner.client.get(&mergers.path(&merge)).json()["preview"]["version"].clone();
        assert_eq!(seen, merge["preview"]["version"], "the same to both");
        mergers.a.world.clock.advance(Duration::from_millis(1));
        change(&mergers);
        let before = mergers.state();
        let path = format!("{}/approve", mergers.path(&merge));
        let answer = mergers.b.owner.client.post(&path, &json!({"preview_version": seen}));
        assert_eq!(answer.status, StatusCode::CONFLICT, "{name}");
        refused(&mergers, &before, &answer, StatusCode::CONFLICT);
        let seen = mergers.b.owner.client.get(&mergers.path(&merge)).json()["preview"]["version"].clone();
        let answer = mergers.b.owner.client.post(&path, &json!({"preview_version": seen}));
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
    }
}

#[test]
fn a_product_that_both_have_by_then_needs_a_decision() {
    let mergers = Mergers::default();
    mergers.b.enable("LiveChat");
    let merge = mergers.ask(&json!({})).json();
    mergers.a.enable("LiveChat");
    let before = mergers.state();
    refused(&mergers, &before, &mergers.approve(&merge), StatusCode::CONFLICT);
    assert_eq!(mergers.a.owner.client.delete(&mergers.path(&merge)).status, StatusCode::OK);
    let merge = mergers.ask(&json!({"LiveChat": mergers.b.organization})).json();
    let gone = format!("DELETE FROM organization_product WHERE organization_id = '{}'", mergers.b.organization);
    mergers.a.world.database.execute(&gone);
    let before = mergers.state();
    refused(&mergers, &before, &mergers.approve(&merge), StatusCode::CONFLICT);
}

#[test]
fn an_organization_asks_only_so_often_and_for_no_more_than_fits() {
    let mergers = Mergers::of(World::with(&[("MERGE_REQUESTS_PER_HOUR", "2"), ("MAX_MERGED_ACCOUNTS", "3")]));
    for _ in 0..2 {
        let merge = mergers.ask(&json!({})).json();
        assert_eq!(mergers.a.owner.client.delete(&mergers.path(&merge)).status, StatusCode::OK);
    }
    let before = mergers.state();
    let answer = mergers.ask(&json!({}));
    refused(&mergers, &before, &answer, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "3600");
    mergers.a.world.clock.advance(Duration::from_hours(1));
    let mergers = mergers.signed_in_anew();
    let merge = mergers.ask(&json!({})).json();
    mergers.b.hire("fourth@example.com", &[]);
    let before = mergers.state();
    refused(&mergers, &before, &mergers.approve(&merge), StatusCode::CONFLICT);
    assert_eq!(mergers.a.owner.client.delete(&mergers.path(&merge)).status, StatusCode::OK);
    let before = mergers.state();
    refused(&mergers, &before, &mergers.ask(&json!({})), StatusCode::CONFLICT);
}

#[test]
fn merges_of_both_directions_and_in_chains_leave_no_loose_end() {
    let mergers = Mergers::default();
    let world = &mergers.a.world;
    let third = Cast::of(world.clone(), "third@example.com");
    world.database.execute("UPDATE account SET email_verified = 1");
    let ask = |from: &Cast, source: &Cast| {
        let answer = from
            .owner
            .client
            .post("/v2/organizations/my/merges", &json!({"source_organization_id": source.organization}));
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["merge_id"].as_str().expect("an id").to_owned()
    };
    let (a_takes_b, b_takes_a) = (ask(&mergers.a, &mergers.b), ask(&mergers.b, &mergers.a));
    let (b_takes_c, c_takes_b) = (ask(&mergers.b, &third), ask(&third, &mergers.b));
    let approve = |by: &Cast, merge: &str| {
        by.owner.client.post(&format!("/v2/organizations/my/merges/{merge}/approve"), &json!({})).status
    };
    assert_eq!(approve(&third, &b_takes_c), StatusCode::OK, "C becomes part of B");
    assert_eq!(mergers.b.audited("account.merge"), 0, "without details of their own");
    assert_eq!(world.rows("audit_log WHERE action = 'account.merge'"), 3);
    assert_eq!(approve(&mergers.b, &c_takes_b), StatusCode::NOT_FOUND, "C is gone, and what it asked for");
    assert_eq!(approve(&mergers.b, &a_takes_b), StatusCode::OK, "and B of A");
    assert_eq!(approve(&mergers.a, &b_takes_a), StatusCode::NOT_FOUND);
    mergers.invariants();
    assert_eq!(world.rows("organization"), 1);
    let all = mergers.a.owner.client.get("/v2/organizations/my/merges").json();
    let done: Vec<(&str, &str)> = all
        .as_array()
        .expect("a list")
        .iter()
        .map(|merge| {
            (merge["source_organization_id"].as_str().expect("an id"), merge["state"].as_str().expect("a state"))
        })
        .collect();
    assert_eq!(done, [(third.organization.as_str(), "done"), (mergers.b.organization.as_str(), "done")]);
    assert_eq!(mergers.a.roles_of(&third.owner.id), "Accounts/administrator");
}

#[test]
fn another_merge_of_an_organization_that_has_ended_is_over() {
    let mergers = Mergers::default();
    let third = Cast::of(mergers.a.world.clone(), "third@example.com");
    mergers.a.world.database.execute("UPDATE account SET email_verified = 1");
    let wish = json!({"source_organization_id": mergers.b.organization});
    let other = third.owner.client.post("/v2/organizations/my/merges", &wish).json();
    assert_eq!(mergers.approve(&mergers.ask(&json!({})).json()).status, StatusCode::OK);
    let path = format!("/v2/organizations/my/merges/{}", other["merge_id"].as_str().expect("an id"));
    let seen = third.owner.client.get(&path).json();
    assert_eq!((seen["state"].as_str(), &seen["preview"]), (Some("expired"), &Value::Null));
    assert_eq!(third.owner.client.post("/v2/organizations/my/merges", &wish).status, StatusCode::NOT_FOUND);
    assert_eq!(third.owner.client.delete(&path).status, StatusCode::OK, "it can be taken away");
}

#[test]
fn one_person_may_own_both() {
    let mut mergers = Mergers::default();
    let world = mergers.a.world.clone();
    let created = mergers.a.owner.client.post("/v2/organizations", &json!({"organization": {"name": "Second"}})).json();
    let second = created["organization"]["organization_id"].as_str().expect("an id").to_owned();
    let there = world.bearer(&world.full_token_for(&mergers.a.owner.id, &second));
    let answer = mergers.a.owner.client.post("/v2/organizations/my/merges", &json!({"source_organization_id": second}));
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert!(answer.json()["preview"]["accounts"]["list"].is_array(), "who owns the source sees its people");
    let path = format!("/v2/organizations/my/merges/{}/approve", answer.json()["merge_id"].as_str().expect("an id"));
    assert_eq!(there.post(&path, &json!({})).status, StatusCode::OK);
    assert_eq!(mergers.a.roles_of(&mergers.a.owner.id), "Accounts/owner");
    mergers.b.organization = second;
    mergers.invariants();
}

#[test]
fn the_log_tells_of_everything_and_the_source_s_history_is_read_here() {
    let mergers = Mergers::rich();
    let merge = mergers.ask(&json!({"LiveChat": mergers.b.organization})).json();
    assert_eq!(mergers.approve(&merge).status, StatusCode::OK);
    let log = mergers.a.owner.client.get("/v2/audit_log?limit=1000").json();
    let actions = |noun: &str| {
        let action = format!("{noun}.merge");
        log.as_array().expect("a list").iter().filter(|entry| entry["action"] == action.as_str()).count()
    };
    let found = ["organization", "account", "role", "product", "client", "domain"].map(actions);
    assert_eq!(found, [1, 5, 2, 2, 1, 1], "{log:#}");
    let entry =
        log.as_array().expect("a list").iter().find(|entry| entry["action"] == "organization.merge").expect("one");
    assert_eq!(
        (&entry["actor"]["account_id"], &entry["target"]["id"]),
        (&json!(mergers.b.owner.id), &json!(mergers.b.organization))
    );
    assert_eq!(entry["facts"]["keep"], json!({"LiveChat": mergers.b.organization}));
    let times: Vec<&str> =
        log.as_array().expect("a list").iter().filter_map(|entry| entry["audit_id"].as_str()).collect();
    assert!(times.is_sorted_by(|newer, older| newer > older), "{times:?}");

    let path = format!("/v2/audit_log?organization_id={}", mergers.b.organization);
    let history = mergers.a.owner.client.get(&path).json();
    let actions: Vec<&str> =
        history.as_array().expect("a list").iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert!(actions.contains(&"organization.merge") && actions.contains(&"organization.create"), "{actions:?}");
    let b_owner = mergers.a.person(&mergers.b.owner.id);
    assert_eq!(b_owner.client.get(&path).json(), history, "administrators read it like their own log");
    assert_eq!(mergers.a.member.client.get(&path).status, StatusCode::FORBIDDEN);
    let stranger = Cast::of(mergers.a.world.clone(), "stranger@example.com");
    assert_eq!(stranger.owner.client.get(&path).json(), json!([]), "nobody else does");
    let foreign = format!("/v2/audit_log?organization_id={}", stranger.organization);
    assert_eq!(mergers.a.owner.client.get(&foreign).json(), json!([]));
    let own = format!("/v2/audit_log?limit=1000&organization_id={}", mergers.a.organization);
    assert_eq!(
        mergers.a.owner.client.get(&own).json()[0],
        mergers.a.owner.client.get("/v2/audit_log?limit=1000").json()[0]
    );
    let invalid = mergers.a.owner.client.get("/v2/audit_log?organization_id=x");
    assert_eq!(invalid.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn mails_tell_the_owners() {
    let mergers = Mergers::default();
    let merge = mergers.ask(&json!({})).json();
    let mails = |template: &str| -> Vec<String> {
        let sql = format!("SELECT coalesce(group_concat(recipient_id), '') FROM outbox WHERE template = '{template}'");
        let mut all: Vec<String> = mergers
            .a
            .world
            .database
            .value::<String>(&sql)
            .split(',')
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect();
        all.sort();
        all
    };
    assert_eq!(mails("merge_requested"), std::slice::from_ref(&mergers.b.owner.id));
    let parameters: String =
        mergers.a.world.database.value("SELECT parameters FROM outbox WHERE template = 'merge_requested'");
    let told = json!({
        "merge_id": merge["merge_id"], "account_id": mergers.a.owner.id, "organization_id": mergers.a.organization,
        "source_organization_id": mergers.b.organization
    });
    assert_eq!(serde_json::from_str::<Value>(&parameters).expect("JSON"), told);
    assert_eq!(mergers.approve(&merge).status, StatusCode::OK);
    let mut owners = [mergers.a.owner.id.clone(), mergers.b.owner.id.clone()];
    owners.sort();
    assert_eq!(mails("merge_done"), owners);
}

#[test]
fn z4_an_application_brings_no_scope_that_only_an_owner_may_lend() {
    let mergers = Mergers::default();
    let world = &mergers.a.world;
    let app = json!({"name": "App", "type": "javascript_app", "redirect_uri": "https://a.example",
        "scopes": ["accounts--my:ro", "accounts--all:rw", "ledger_read", "billing_admin"]});
    let answer = mergers.b.owner.client.post("/v2/clients", &app);
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let scopes = || -> String {
        world.database.value("SELECT group_concat(scope, ' ') FROM (SELECT scope FROM client_scope JOIN client USING (client_id) WHERE organization_id IS NOT NULL ORDER BY scope)")
    };
    assert_eq!(scopes(), "accounts--all:rw accounts--my:ro billing_admin ledger_read");
    assert_eq!(mergers.approve(&mergers.ask(&json!({})).json()).status, StatusCode::OK);
    assert_eq!(scopes(), "accounts--all:rw accounts--my:ro ledger_read", "billing_editor gives the ledger");
}

#[test]
fn z6_the_two_factor_rule_of_the_organization_holds_at_once() {
    let mergers = Mergers::default();
    let demand =
        format!("UPDATE organization SET mfa_required_at = 1 WHERE organization_id = '{}'", mergers.a.organization);
    mergers.a.world.database.execute(&demand);
    mergers.a.world.enrol(&mergers.a.owner.id);
    let merge = mergers.ask(&json!({})).json();
    assert_eq!(merge["preview"]["two_factor"]["required_at"], "1970-01-01T00:00:00.001Z");
    assert_eq!(merge["preview"]["accounts"]["without_second_factor"], 3);
    assert_eq!(mergers.approve(&merge).status, StatusCode::OK);
    mergers.a.world.full_token_for(&mergers.b.member.id, &mergers.a.organization);
    let due: i64 = mergers.a.world.database.value(&format!(
        "SELECT count(*) FROM live_caller WHERE account_id = '{}' AND mfa_due_at = 1",
        mergers.b.member.id
    ));
    assert_eq!(due, 1);
}

#[test]
fn a_crash_in_mid_merge_leaves_what_was_before() {
    let mergers = Mergers::rich();
    let merge = mergers.ask(&json!({"LiveChat": mergers.b.organization})).json();
    let before = mergers.everything();
    // Whatever statement fails, the transaction is one.
    for (table, operation) in [
        ("membership", "INSERT"),
        ("membership_role", "INSERT"),
        ("role", "UPDATE"),
        ("client", "UPDATE"),
        ("organization_product", "UPDATE"),
        ("account", "UPDATE"),
        ("member_avatar", "UPDATE"),
        ("organization_domain", "UPDATE"),
        ("organization", "DELETE"),
        ("personal_token", "DELETE"),
    ] {
        mergers.a.world.database.execute(&format!(
            "CREATE TRIGGER crash BEFORE {operation} ON {table} BEGIN SELECT RAISE(ABORT, 'crash'); END"
        ));
        let answer = mergers.approve(&merge);
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{table}");
        mergers.a.world.database.execute("DROP TRIGGER crash");
        assert!(mergers.everything() == before, "{table}");
    }
    assert_eq!(mergers.approve(&merge).status, StatusCode::OK);
    mergers.invariants();
}
