//! The README's tour, natively.

use http::StatusCode;

use crate::support::client::World;

#[test]
fn a_stranger_becomes_an_owner_and_looks_around() {
    let world = World::default();
    let (owner, created) = world.sign_up("john@example.com");
    assert_eq!(created["roles"][0]["role"], "owner");
    assert_eq!(created["organization"]["name"], "Acme");
    let me = owner.get("/v2/accounts/me");
    assert_eq!((me.status, me.json()["email"].as_str()), (StatusCode::OK, Some("john@example.com")));
    let list = owner.get("/v2/accounts").json();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert_eq!(list[0], me.json());
    let info = owner.get("/v2/info").json();
    assert_eq!(info["account_id"], created["account_id"]);
    assert_eq!(info["expires_in"], 28_800);
}
