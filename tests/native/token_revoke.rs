//! `DELETE /v2/token`: what it ends, and that it never says so without having done it.

use http::{Method, StatusCode};

use crate::support::client::{Answer, World};
use crate::support::oauth::{SECRET, SignedIn, text, tokens};
use crate::support::sqlite::Fault;

const SCOPES: &[&str] = &["accounts--my:rw"];

fn public() -> SignedIn {
    World::default().signed_in(None, SCOPES)
}

fn done(answer: &Answer) {
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "{}"));
    assert_eq!((answer.calls.database, answer.calls.cache), (1, 0));
}

#[test]
fn i3_a_pair_ends_together_whichever_is_given() {
    for secret in [None, Some(SECRET)] {
        for by_refresh in [true, false] {
            let app = World::default().signed_in(secret, SCOPES);
            let (access, refresh) = tokens(&app.refresh(&app.refresh_token));
            done(&app.bearer(if by_refresh { &refresh } else { &access }).delete("/v2/token"));
            assert_eq!(app.live(), (0, 0, 0));
            for token in [&access, &app.access_token] {
                assert_eq!(app.bearer(token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "I4");
                assert_eq!(app.bearer(token).get("/v2/info").status, StatusCode::UNAUTHORIZED, "I4");
            }
            assert_eq!(text(&app.refresh(&refresh), "error"), "invalid_grant");
        }
    }
}

#[test]
fn i3_nothing_but_the_family_ends() {
    let app = public();
    let other = app.world.grant(&app.client_id, &app.account, &app.organization, &app.session, SCOPES);
    done(&app.bearer(&app.access_token).delete("/v2/token"));
    assert_eq!(app.live(), (1, 1, 1));
    assert_eq!(app.bearer(&other.access_token).get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(app.refresh(&other.refresh_token).status, StatusCode::OK);
    assert_eq!(app.owner.get("/v2/accounts/me").status, StatusCode::OK);
}

#[test]
fn i3_a_token_without_an_application_ends_alone() {
    let app = public();
    done(&app.owner.delete("/v2/token"));
    assert_eq!(app.owner.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.live(), (1, 1, 1));
}

#[test]
fn i3_a_replaced_refresh_token_still_ends_its_family() {
    let app = public();
    let (access, _) = tokens(&app.refresh(&app.refresh_token));
    done(&app.bearer(&app.refresh_token).delete("/v2/token"));
    assert_eq!(app.live(), (0, 0, 0));
    assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn an_unknown_or_ended_token_is_not_found() {
    let app = public();
    let personal = app.world.app().mint(global_accounts::oauth::envelope::Kind::Personal, None).expect("randomness");
    for unknown in ["dal:forged", "x", &personal.text, &format!("{}x", app.refresh_token)] {
        let answer = app.bearer(unknown).delete("/v2/token");
        assert_eq!((answer.status, answer.calls.database), (StatusCode::NOT_FOUND, 0), "{unknown}");
        assert_eq!(text(&answer, "error"), "resource_not_found");
        assert!(!answer.text.contains(unknown), "a token is never echoed");
    }
    let (access, refresh) = (app.bearer(&app.access_token), app.bearer(&app.refresh_token));
    done(&access.delete("/v2/token"));
    for ended in [access, refresh] {
        let answer = ended.delete("/v2/token");
        assert_eq!((answer.status, answer.calls.database), (StatusCode::NOT_FOUND, 1));
    }
    let audited: i64 = app.world.database.value("SELECT count(*) FROM audit_log WHERE action = 'token.revoke'");
    assert_eq!(audited, 1);
}

#[test]
fn a_revocation_is_audited_with_who_and_where() {
    for by_refresh in [true, false] {
        let app = public();
        done(&app.bearer(if by_refresh { &app.refresh_token } else { &app.access_token }).delete("/v2/token"));
        let row: String = app.world.database.value(
            "SELECT actor_kind || ' ' || actor_id || ' ' || client_id || ' ' || session_id || ' ' || ip
             FROM audit_log JOIN audit_detail USING (audit_id) WHERE action = 'token.revoke'",
        );
        assert_eq!(row, format!("account {} {} {} 192.0.2.1", app.account, app.client_id, app.session));
    }
}

#[test]
fn a_token_of_a_suspended_member_can_still_be_given_back() {
    let app = public();
    app.world.database.execute("UPDATE membership SET suspended = 1");
    done(&app.bearer(&app.access_token).delete("/v2/token"));
    app.world.database.execute("UPDATE membership SET suspended = 0");
    assert_eq!(app.bearer(&app.access_token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn i2_a_storage_fault_is_503_and_never_200() {
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        for by_refresh in [true, false] {
            let app = public();
            app.world.database.set_fault(Some(fault));
            let client = app.bearer(if by_refresh { &app.refresh_token } else { &app.access_token });
            let answer = client.delete("/v2/token");
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{fault:?}");
            assert_eq!(text(&answer, "error"), "temporarily_unavailable");
            app.world.database.set_fault(None);
            let retried = client.delete("/v2/token");
            let gone = if fault == Fault::BeforeCommit { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!((retried.status, app.live()), (gone, (0, 0, 0)));
        }
    }
}

#[test]
fn a_token_in_the_query_string_is_for_the_compatible_profile() {
    let by_query = |world: &World, path: &str| world.anonymous().delete(path);
    let app = public();
    done(&by_query(&app.world, &format!("/v2/token?code={}", app.access_token.replace(':', "%3A"))));
    let app = public();
    done(&by_query(&app.world, &format!("/token?token={}", app.refresh_token)));
    let app = public();
    done(&by_query(&app.world, &format!("/token?code={}", app.refresh_token)));
    let app = public();
    for path in [format!("/v2/token?token={}", app.refresh_token), "/v2/token".into(), "/token".into()] {
        assert_eq!(by_query(&app.world, &path).status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let strict = app.world.reconfigured(&[("PROFILE", "strict")]);
    for path in [format!("/v2/token?code={}", app.refresh_token), format!("/token?token={}", app.refresh_token)] {
        assert_eq!(by_query(&strict, &path).status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    assert_eq!(app.live(), (1, 1, 1));
    done(&strict.bearer(&app.refresh_token).delete("/v2/token"));
}

#[test]
fn f5_two_tokens_in_one_request_are_refused() {
    let app = public();
    for path in ["/v2/token?code=x", "/token?token=x", "/token?token=x&code=y", "/v2/token?code=x&code=y"] {
        let answer = app.bearer(&app.access_token).delete(path);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::BAD_REQUEST, 0), "{path}");
    }
    let twice = [("authorization", "Bearer a"), ("authorization", "Bearer b")];
    let answer = app.world.with_headers(Method::DELETE, "/v2/token", &twice, "");
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.live(), (1, 1, 1));
}
