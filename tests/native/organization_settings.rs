//! `/v2/accounts/{account_id}/organization_settings/{organization_id}` and `/avatars/{avatar_id}`

use axum::body::Body;
use global_accounts::app::StorageCalls;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::support::cast::{Cast, MEMBER};
use crate::support::client::{Answer, Client};

const MY: &str = "/v2/accounts/me/organization_settings/my";
const LINK: &str = "https://example.com/a.png";

/// A picture of so many bytes.
fn png(side: u32, bytes: usize) -> Vec<u8> {
    let sides = [side.to_be_bytes(), side.to_be_bytes()].concat();
    let mut png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &sides].concat();
    let noise = (png.len()..bytes).map(|at| u8::try_from(at * at % 251).expect("a byte"));
    png.extend(noise);
    png
}

fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (disposition, bytes) in parts {
        body.extend(format!("--frontier\r\nContent-Disposition: form-data; {disposition}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--frontier--\r\n");
    body
}

fn send(client: &Client, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::builder()
        .method(Method::PATCH)
        .uri(path)
        .header("content-type", content_type)
        .header("authorization", client.authorization());
    client.world.send(request.body(Body::from(body)).expect("a request"))
}

fn upload(client: &Client, path: &str, picture: &[u8]) -> Answer {
    let body = form(&[("name=\"avatar\"; filename=\"me.png\"", picture)]);
    send(client, path, "multipart/form-data; boundary=frontier", body)
}

fn settings(client: &Client, path: &str) -> Value {
    let answer = client.get(path);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    answer.json()["avatar_url"].clone()
}

fn of(cast: &Cast, account: &str) -> String {
    format!("/v2/accounts/{account}/organization_settings/{}", cast.organization)
}

/// The path of a picture of this service.
fn served(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    let url = answer.json()["avatar_url"].as_str().expect("an address").to_owned();
    url.strip_prefix("http://localhost:8787").expect("PUBLIC_URL").to_owned()
}

fn pictures(cast: &Cast) -> i64 {
    cast.world.rows("member_avatar")
}

#[test]
fn a_picture_is_served_as_it_came_and_nothing_runs_in_it() {
    let cast = Cast::default();
    for size in [1_000, 262_144, 262_145, 1_048_576] {
        let picture = png(512, size);
        let path = served(&upload(&cast.member.client, MY, &picture));
        let request = Request::builder().uri(&path).body(Body::empty()).expect("a request");
        let (headers, bytes) = cast.world.send_for_bytes(request);
        assert!(bytes == picture, "{size} bytes, unchanged");
        for (name, value) in [
            ("content-type", "image/png"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("cross-origin-resource-policy", "cross-origin"),
        ] {
            assert_eq!(headers[name], value);
        }
    }
    assert_eq!(pictures(&cast), 1, "one for each member and organization");
    assert_eq!(cast.audited("account.update_avatar"), 4);
}

#[test]
fn a_change_gives_another_address_and_the_old_one_ends() {
    let cast = Cast::default();
    let first = served(&upload(&cast.member.client, MY, &png(50, 100)));
    let second = served(&upload(&cast.member.client, MY, &png(50, 100)));
    assert_ne!(first, second);
    let absent = "/avatars/00000000-0000-7000-8000-000000000000";
    for path in [first.as_str(), absent, "/avatars/x", "/avatars/%00"] {
        let answer = cast.world.anonymous().get(path);
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"), "{path}");
    }
    assert_eq!(cast.world.anonymous().get("/avatars/x").calls, StorageCalls::default());
    let link = cast.member.client.patch(MY, &json!({"avatar_url": LINK}));
    assert_eq!(link.json(), json!({"avatar_url": LINK}));
    assert_eq!(cast.world.anonymous().get(&second).status, StatusCode::NOT_FOUND);
}

#[test]
fn it_is_the_account_s_picture_in_that_organization_alone() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    cast.world.join(&cast.member.id, &other.organization, MEMBER);
    let general = "https://example.com/general.png";
    let me = "/v2/accounts/me";
    assert_eq!(cast.member.client.patch(me, &json!({"avatar_url": general})).json()["avatar_url"], general);
    assert_eq!(settings(&cast.member.client, MY), Value::Null, "none of its own");
    assert_eq!(cast.member.client.patch(MY, &json!({"avatar_url": LINK})).status, StatusCode::OK);
    let there = other.person(&cast.member.id).client;
    let shown = |client: &Client, path: &str| client.get(path).json()["avatar_url"].clone();
    assert_eq!((shown(&cast.member.client, me), shown(&there, me)), (LINK.into(), general.into()));
    assert_eq!((settings(&cast.member.client, MY), settings(&there, MY)), (LINK.into(), Value::Null));
    let list = cast.owner.client.get("/v2/accounts").json();
    let listed =
        list.as_array().expect("a list").iter().find(|account| account["account_id"] == cast.member.id.as_str());
    assert_eq!(listed.expect("the member")["avatar_url"], LINK);
}

#[test]
fn it_is_taken_away_by_null_or_nothing_and_left_by_silence() {
    let cast = Cast::default();
    let client = &cast.member.client;
    for body in [json!({"avatar_url": null}), json!({"avatar_url": ""})] {
        upload(client, MY, &png(50, 100));
        let silent = client.patch(MY, &json!({}));
        assert!(silent.json()["avatar_url"].is_string(), "{}", silent.text);
        let answer = client.patch(MY, &body);
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"avatar_url": null})));
        assert_eq!(pictures(&cast), 0);
    }
    let written = cast.audited("account.update_avatar");
    assert_eq!(written, 4);
    client.patch(MY, &json!({"avatar_url": null}));
    assert_eq!(cast.audited("account.update_avatar"), written, "nothing was taken away");
    let urlencoded = "application/x-www-form-urlencoded; charset=utf-8";
    let answer = send(client, MY, urlencoded, b"avatar_url=https%3A%2F%2Fexample.com%2Fa.png".to_vec());
    assert_eq!(answer.json(), json!({"avatar_url": LINK}), "a form");
    let answer = send(client, MY, "multipart/form-data; boundary=frontier", form(&[("name=\"avatar_url\"", b"")]));
    assert_eq!(answer.json(), json!({"avatar_url": null}), "the other form");
}

#[test]
fn z10_what_is_no_picture_of_that_size_is_refused_and_nothing_changes() {
    let cast = Cast::default();
    assert_eq!(cast.member.client.patch(MY, &json!({"avatar_url": LINK})).status, StatusCode::OK);
    let format = "must be a PNG or JPEG image";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (picture, problem) in [
        (Vec::new(), format),
        (b"GIF89a".to_vec(), format),
        (svg.to_vec(), format),
        (png(49, 100), "must be 50 to 1024 pixels wide and high"),
        (png(1_025, 100), "must be 50 to 1024 pixels wide and high"),
        (png(50, 1_048_577), "is larger than 1 MB"),
    ] {
        let answer = upload(&cast.member.client, MY, &picture);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{}", answer.text);
        assert_eq!(answer.json()["invalid_fields"], json!({"avatar": problem}));
    }
    let both = form(&[("name=avatar; filename=a", &png(50, 100)), ("name=avatar_url", LINK.as_bytes())]);
    let multipart = "multipart/form-data; boundary=frontier";
    for (content_type, body, invalid) in [
        (multipart, both, json!({"avatar_url": "is not taken together with avatar"})),
        (multipart, form(&[("name=avatar", b"x")]), json!({"avatar": "must be a file of a multipart form"})),
        ("application/json", br#"{"avatar": "x"}"#.to_vec(), json!({"avatar": "must be a file of a multipart form"})),
        (
            "application/json",
            br#"{"avatar_url": "javascript:alert(1)"}"#.to_vec(),
            json!({"avatar_url": "invalid url"}),
        ),
    ] {
        let answer = send(&cast.member.client, MY, content_type, body);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{}", answer.text);
        assert_eq!(answer.json()["invalid_fields"], invalid);
    }
    let twice = form(&[("name=avatar; filename=a", &png(50, 100)), ("name=avatar; filename=b", &png(50, 100))]);
    for (content_type, body) in [
        ("multipart/form-data", form(&[])),
        (multipart, b"--frontier\r\n".to_vec()),
        (multipart, twice),
        ("application/x-www-form-urlencoded", b"avatar_url=a&avatar_url=b".to_vec()),
    ] {
        let answer = send(&cast.member.client, MY, content_type, body);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::BAD_REQUEST, 0), "{}", answer.text);
    }
    let answer = upload(&cast.member.client, MY, &vec![0; 1_100_000]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::PAYLOAD_TOO_LARGE, 0), "{}", answer.text);
    assert_eq!(settings(&cast.member.client, MY), LINK);
}

#[test]
fn no_other_route_takes_a_body_of_that_size() {
    let larger: Vec<&str> = global_accounts::http::router::ROUTES
        .iter()
        .filter(|route| route.body_limit > global_accounts::http::MAX_BODY_BYTES)
        .map(|route| route.path)
        .collect();
    assert_eq!(larger, ["/account/picture", "/v2/accounts/{account_id}/organization_settings/{organization_id}"]);
}

#[test]
fn z1_z4_z5_one_s_own_or_by_the_scope_and_never_above() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let (member, owner) = (of(&cast, &cast.member.id), of(&cast, &cast.owner.id));
    let link = json!({"avatar_url": LINK});
    let narrow = cast.with_scopes(&cast.member, &["accounts--my:ro"]);
    assert_eq!(settings(&narrow, &member), Value::Null);
    let refused = [
        (&cast.member.client, &owner, StatusCode::FORBIDDEN),
        (&cast.administrator.client, &owner, StatusCode::FORBIDDEN),
        (&narrow, &member, StatusCode::FORBIDDEN),
        (&other.owner.client, &member, StatusCode::NOT_FOUND),
    ];
    for (client, path, status) in refused {
        let answer = client.patch(path, &link);
        assert_eq!((answer.status, answer.calls.database), (status, 1), "{}", answer.text);
    }
    let elsewhere = format!("/v2/accounts/me/organization_settings/{}", other.organization);
    let stranger = format!("/v2/accounts/{}/organization_settings/my", other.member.id);
    for path in [elsewhere.as_str(), stranger.as_str(), "/v2/accounts/me/organization_settings/x"] {
        assert_eq!(cast.owner.client.patch(path, &link).status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(cast.owner.client.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        cast.owner.client.get("/v2/accounts/x/organization_settings/my").status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(pictures(&cast), 0);
    assert_eq!(cast.administrator.client.patch(&member, &link).status, StatusCode::OK);
    assert_eq!(settings(&cast.member.client, MY), LINK);
    let log = cast.owner.client.get("/v2/audit_log?action=account.update_avatar").json();
    assert_eq!(
        (&log[0]["target"]["id"], &log[0]["facts"]),
        (&json!(cast.member.id), &json!({"fields": ["avatar_url"]}))
    );
    assert_eq!(log[0]["detail"]["after"], link);
}

#[test]
fn z7_who_leaves_leaves_no_picture() {
    let cast = Cast::default();
    let path = served(&upload(&cast.member.client, MY, &png(50, 100)));
    assert_eq!(cast.owner.client.delete(&format!("/v2/accounts/{}", cast.member.id)).status, StatusCode::OK);
    assert_eq!((cast.world.anonymous().get(&path).status, pictures(&cast)), (StatusCode::NOT_FOUND, 0));
}
