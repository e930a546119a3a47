//! The picture of a person in one organization, on `/account`.

use axum::body::Body;
use http::{Method, Request, StatusCode};

use super::account_forms::{Home, PICTURE};
use crate::support::browser::ORIGIN;
use crate::support::client::Answer;

fn told(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(
        answer.text.contains("href=\"#avatar\"") && answer.text.contains("id=\"avatar-problem\""),
        "{}",
        answer.text
    );
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
}

#[test]
fn a_picture_is_uploaded_shown_and_removed() {
    let home = Home::new();
    assert!(home.browser.get("/account").text.contains("a link to another site"), "what is elsewhere is not shown");
    let saved = home.browser.upload("/account/picture", &home.browser.form(), PICTURE);
    assert_eq!(
        (saved.status, saved.header("location")),
        (StatusCode::SEE_OTHER, "/account?done=picture_saved#picture")
    );
    let id: String = home.world.database.value("SELECT avatar_id FROM member_avatar");
    let page = home.browser.get(saved.header("location")).text;
    assert!(page.contains(&format!("src=\"/avatars/{id}\"")) && page.contains("Your picture was saved."), "{page}");
    let request = Request::builder().uri(format!("/avatars/{id}")).body(Body::empty()).expect("a request");
    let (headers, bytes) = home.world.send_for_bytes(request);
    assert_eq!((headers["content-type"].as_bytes(), bytes.as_ref()), (b"image/png".as_slice(), PICTURE));
    home.browser.get("/account");
    let removed = home.browser.post("/account/picture/remove", &[]);
    assert_eq!(removed.header("location"), "/account?done=picture_removed#picture");
    assert_eq!(home.world.count("member_avatar"), 0);
    assert!(!home.browser.get("/account").text.contains("<img"));
}

#[test]
fn what_is_no_picture_is_named_and_nothing_is_stored() {
    let home = Home::new();
    let before: String = home.world.database.value("SELECT avatar_id FROM member_avatar");
    let send = |file: &[u8]| home.browser.upload("/account/picture", &home.browser.form(), file);
    told(&send(b""), "Choose a picture first.");
    told(&send(b"GIF89a"), "This is no PNG or JPEG picture.");
    told(&send(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "This is no PNG or JPEG picture.");
    told(&send(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x40"), "50 to 1024 pixels wide and high.");
    let mut large = PICTURE.to_vec();
    large.resize(1_048_577, 0);
    told(&send(&large), "This picture has more than 1 MB.");
    told(&home.browser.post("/account/picture", &[("avatar", "text")]), "Choose a picture first.");
    large.resize(1_200_000, 0);
    let form = home.browser.form();
    let refused = home.browser.upload("/account/picture", &form, &large);
    assert_eq!(refused.header("location"), "/account?refused=picture#picture", "refused by its length alone");
    assert_eq!(refused.calls.database, 0);
    told(&home.browser.get(refused.header("location")), "This picture has more than 1 MB.");
    let after: String = home.world.database.value("SELECT avatar_id FROM member_avatar");
    assert_eq!(after, before);
}

#[test]
fn a17_a_file_needs_the_forms_token_too() {
    let home = Home::new();
    let stranger = home.world.browser_of(&home.cast.member.id, &home.organization);
    stranger.get("/account");
    let before = home.world.database.dump();
    for form in ["", "dal:forged", &stranger.form()] {
        let answer = home.browser.copy().upload("/account/picture", form, PICTURE);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::FORBIDDEN, 0), "{}", answer.text);
    }
    let headers = [("origin", ORIGIN), ("content-type", "multipart/form-data; boundary=x")];
    let body = "--x\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\"\r\n\r\nx\r\n--x--\r\n";
    let without = home.browser.copy().request(Method::POST, "/account/picture", &headers, body);
    assert_eq!((without.status, without.calls.database), (StatusCode::FORBIDDEN, 0), "{}", without.text);
    assert_eq!(home.world.database.dump(), before, "nothing changed");
}
