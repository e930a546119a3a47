//! Invitations and requests for access in the panel.

use http::StatusCode;
use serde_json::json;

use super::panel_forms::Office;

fn states(office: &Office) -> String {
    office.world.database.value(
        "SELECT group_concat(email || ' ' || product || ' ' || state) FROM (SELECT * FROM invitation ORDER BY email, product)",
    )
}

#[test]
fn somebody_is_invited_with_a_role_and_may_be_taken_back() {
    let office = Office::new();
    let fields = [("email", "New@example.com"), ("name", "Nora New"), ("offer", "HelpDesk/viewer")];
    let sent = office.owner.post("/panel/invitations", &fields);
    assert_eq!(sent.header("location"), "/panel/invitations?done=invited", "{}", sent.text);
    assert_eq!(states(&office), "New@example.com HelpDesk approved,invited@example.com Accounts pending");
    assert_eq!(office.world.count("outbox WHERE template = 'invitation'"), 1, "the person is told");
    let again = office.owner.post("/panel/invitations", &fields);
    assert_eq!(again.header("location"), "/panel/invitations?done=invited_before");
    let page = office.owner.get("/panel/invitations").text;
    assert!(
        page.contains("Nora New") && page.contains("Sent, waits for the person") && page.contains("Take back"),
        "{page}"
    );
    let id: String =
        office.world.database.value("SELECT invitation_id FROM invitation WHERE email = 'New@example.com'");
    let declined = office.owner.post(&format!("/panel/invitations/{id}/decline"), &[]);
    assert_eq!(declined.header("location"), "/panel/invitations?done=declined", "{}", declined.text);
    assert_eq!(states(&office), "New@example.com HelpDesk declined,invited@example.com Accounts pending");
}

#[test]
fn what_is_wrong_with_an_invitation_is_named_and_nothing_is_lost() {
    let office = Office::new();
    let before = states(&office);
    let good = [("email", "new@example.com"), ("name", "Nora New"), ("offer", "HelpDesk/viewer")];
    for (field, value, status) in [
        ("email", "no address", StatusCode::UNPROCESSABLE_ENTITY),
        ("name", "", StatusCode::UNPROCESSABLE_ENTITY),
        ("offer", "HelpDesk", StatusCode::UNPROCESSABLE_ENTITY),
        ("offer", "HelpDesk/canary", StatusCode::UNPROCESSABLE_ENTITY),
        ("offer", "ChatBot/editor", StatusCode::UNPROCESSABLE_ENTITY),
        ("email", "owner@example.com", StatusCode::CONFLICT),
    ] {
        let fields = good.map(|(name, kept)| if name == field { (name, value) } else { (name, kept) });
        // The owner is a member already, but has no role of HelpDesk: of Accounts they have one.
        let fields = fields.map(|(name, kept)| match (name, value) {
            ("offer", "owner@example.com") => (name, "Accounts/member"),
            _ => (name, kept),
        });
        let answer = office.owner.post("/panel/invitations", &fields);
        assert_eq!(answer.status, status, "{field}={value}: {}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-problem\"")), "{field}={value}: {}", answer.text);
        let kept = if field == "name" { "value=\"new@example.com\"" } else { "value=\"Nora New\"" };
        assert!(answer.text.contains(kept), "{field}={value}: {}", answer.text);
    }
    assert_eq!(states(&office), before, "nobody was invited");
}

#[test]
fn a_request_for_access_is_approved_with_a_role_or_declined() {
    let office = Office::new();
    let ask = |product: &str| -> String {
        let wanted = json!({"email": "target@example.com", "product": product});
        let answer = office.cast.member.client.post("/v2/accounts/invitations", &wanted);
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json()["invitation_id"].as_str().expect("an id").to_owned()
    };
    let [desk, chat] = ["HelpDesk", "LiveChat"].map(ask);
    let page = office.administrator.get("/panel/invitations").text;
    assert!(page.contains("target@example.com") && page.contains("<option value=\"viewer\">Viewer</option>"), "{page}");
    let wrong = office.administrator.post(&format!("/panel/invitations/{desk}/approve"), &[("role", "canary")]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    let approved = office.administrator.post(&format!("/panel/invitations/{desk}/approve"), &[("role", "viewer")]);
    assert_eq!(approved.header("location"), "/panel/invitations?done=approved", "{}", approved.text);
    assert_eq!(office.cast.roles_of(&office.target), "Accounts/member,HelpDesk/viewer", "a member has it at once");
    office.administrator.post(&format!("/panel/invitations/{chat}/decline"), &[]);
    let late = office.administrator.post(&format!("/panel/invitations/{desk}/approve"), &[("role", "viewer")]);
    assert!(matches!(late.status, StatusCode::CONFLICT | StatusCode::NOT_FOUND), "{}", late.status);
    assert_eq!(office.cast.roles_of(&office.target), "Accounts/member,HelpDesk/viewer");
}
