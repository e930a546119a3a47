//! The panel of an organization.

use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::browser::hidden;
use crate::support::cast::ADMINISTRATOR;
use crate::support::client::World;
use crate::support::plant::MEMBER;

/// Every screen and form of the panel, in an organization of its own.
pub(super) fn panel(world: &World, pass: &mut Pass) {
    let sign_up = json!({"email": "head@example.com", "password": "BG0SaleEBL", "organization": {"name": "Panel"}});
    let sign_up =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (owner, organization) = (text(&sign_up["account_id"]), text(&sign_up["organization"]["organization_id"]));
    let deputy = world.member_of(&organization, "deputy@example.com", ADMINISTRATOR);
    let browser = world.browser_of(&owner, &organization);
    pass.visit(&browser, "/panel");
    let next = hidden_link(&pass.lead_text(&browser, "/panel?limit=1", "/panel"));
    pass.lead(&browser, &next, "/panel", &[]);
    pass.lead(&browser, "/panel?q=dep", "/panel", &[]);
    for path in ["/panel/audit_log", "/panel/roles", "/panel/applications", "/panel/organization", "/panel/products"] {
        pass.visit(&browser, path);
    }

    pass.send_form(&browser, "/panel/products", &[("product", "LiveChat")]);
    pass.send_form(&browser, "/panel/products/disable", &[("product", "LiveChat")]);
    let organization_fields = [("name", "Panel"), ("phone", ""), ("website", "example.com")];
    pass.send_form(&browser, "/panel/organization", &organization_fields);

    let head = world.bearer(sign_up["access_token"].as_str().expect("a token"));
    let invite = |pass: &mut Pass, email: &str| {
        let (path, wanted) = ("/v2/accounts/invitations", json!({"email": email, "name": "Guest"}));
        let answer = pass.send(&head, Method::POST, path, path, &wanted).json();
        format!("/panel/invitations/{}", answer["invitation_id"].as_str().expect("an id"))
    };
    let [first, second] = ["guest.one@example.com", "guest.two@example.com"].map(|email| invite(pass, email));
    pass.visit(&browser, "/panel/invitations");
    let (approve, decline) =
        ("/panel/invitations/{invitation_id}/approve", "/panel/invitations/{invitation_id}/decline");
    pass.send_form_to(&browser, &format!("{first}/approve"), approve, &[("role", "member")]);
    pass.send_form_to(&browser, &format!("{second}/decline"), decline, &[]);
    let invited = [("email", "guest.three@example.com"), ("name", "Guest"), ("offer", "Accounts/member")];
    pass.send_form(&browser, "/panel/invitations", &invited);

    const ROLE: &str = "/panel/roles/{role_id}";
    let role = [("name", "night shift"), ("product", "Accounts"), ("scope", "accounts--my:ro")];
    pass.send_form(&browser, "/panel/roles", &role);
    let path = pass.last_location();
    pass.lead(&browser, &path, ROLE, &[]);
    pass.send_form_to(&browser, &path, ROLE, &[("name", "day shift"), ("scope", "accounts--my:rw")]);
    pass.send_form_to(&browser, &format!("{path}/delete"), "/panel/roles/{role_id}/delete", &[]);

    const APPLICATION: &str = "/panel/applications/{client_id}";
    let application = [
        ("name", "Panel app"),
        ("type", "server_side_app"),
        ("visibility", "private"),
        ("redirect_uris", "https://app.example.com"),
        ("scope", "accounts--my:ro"),
        ("scope", "accounts--all:ro"),
        ("required", "accounts--all:ro"),
    ];
    pass.send_form(&browser, "/panel/applications", &application);
    let id: String = world.database.value("SELECT client_id FROM client WHERE name = 'Panel app'");
    let path = format!("/panel/applications/{id}");
    pass.lead(&browser, &path, APPLICATION, &[]);
    pass.send_form_to(&browser, &path, APPLICATION, &application[..4]);
    pass.send_form_to(
        &browser,
        &format!("{path}/scopes"),
        "/panel/applications/{client_id}/scopes",
        &application[4..5],
    );
    pass.send_form_to(&browser, &format!("{path}/secret"), "/panel/applications/{client_id}/secret", &[]);
    pass.send_form_to(&browser, &format!("{path}/delete"), "/panel/applications/{client_id}/delete", &[]);

    const PERSON: &str = "/panel/people/{account_id}";
    const OWNERSHIP: &str = "/panel/people/{account_id}/ownership";
    let path = format!("/panel/people/{deputy}");
    pass.lead(&browser, &path, PERSON, &[]);
    pass.send_form_to(&browser, &format!("{path}/ownership"), OWNERSHIP, &[("current_password", "BG0SaleEBL")]);
    let heir = world.browser_of(&deputy, &organization);
    let back = format!("/panel/people/{owner}");
    pass.lead(&heir, &back, PERSON, &[]);
    pass.send_form_to(&heir, &format!("{back}/ownership"), OWNERSHIP, &[]);
    let roles = [("held", ADMINISTRATOR), ("role", MEMBER)];
    pass.send_form_to(&browser, &format!("{path}/roles"), "/panel/people/{account_id}/roles", &roles);
    let suspension = [("product", "Accounts"), ("suspended", "true")];
    pass.send_form_to(&browser, &format!("{path}/suspension"), "/panel/people/{account_id}/suspension", &suspension);
    let password = [("password", "another-one-9")];
    pass.send_form_to(&browser, &format!("{path}/password"), "/panel/people/{account_id}/password", &password);
    pass.send_form_to(&browser, &format!("{path}/remove"), "/panel/people/{account_id}/remove", &[]);
}

/// Where a list goes on.
fn hidden_link(page: &str) -> String {
    let link = page.split_once("rel=\"next\"").expect("a next page").0.rsplit_once("href=\"").expect("a link").1;
    link.trim_end_matches(['"', ' ']).replace("&#38;", "&")
}

/// The panel's screens about an organization as a whole: domains, merges, its end.
pub(super) fn panel_of_organizations(world: &World, pass: &mut Pass) {
    const PROOF: &str = "/panel/domains/{domain_id}/proof";
    const MERGE: &str = "/panel/merges/{merge_id}";
    const APPROVE: &str = "/panel/merges/{merge_id}/approve";
    const PASSWORD: (&str, &str) = ("current_password", "BG0SaleEBL");
    world.come_from("192.0.2.77");
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let found = |pass: &mut Pass, email: &str| {
        let sign_up = json!({"email": email, "password": "BG0SaleEBL"});
        let created =
            pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
        let organization = text(&created["organization"]["organization_id"]);
        (world.browser_of(&text(&created["account_id"]), &organization), organization)
    };
    let [(staying, own), (joining, source), (late, other)] =
        ["staying@panel.example", "joining@panel.example", "late@panel.example"].map(|email| found(pass, email));
    world.database.execute("UPDATE account SET email_verified = 1");

    pass.visit(&staying, "/panel/domains");
    for name in ["first.panel.example", "second.panel.example"] {
        pass.send_form(&staying, "/panel/domains", &[("domain", name)]);
    }
    let id = |name: &str, column: &str| -> String {
        world.database.value(&format!("SELECT {column} FROM organization_domain WHERE domain = '{name}'"))
    };
    let answer = json!({"Status": 0, "Answer": [{"type": 16, "data": id("first.panel.example", "challenge")}]});
    let question = "https://cloudflare-dns.com/dns-query?name=_accounts-challenge.first.panel.example&type=TXT";
    world.outbound.says(question, &answer.to_string());
    let [first, second] = ["first.panel.example", "second.panel.example"].map(|name| id(name, "domain_id"));
    pass.send_form_to(&staying, &format!("/panel/domains/{first}/proof"), PROOF, &[("method", "dns")]);
    pass.send_form_to(&staying, &format!("/panel/domains/{second}/proof"), PROOF, &[("method", "mail")]);
    let remove = "/panel/domains/{domain_id}/remove";
    pass.send_form_to(&staying, &format!("/panel/domains/{second}/remove"), remove, &[]);

    let ask = |pass: &mut Pass, source: &str, proof: &[(&str, &str)]| {
        pass.visit(&staying, "/panel/merges");
        let wish = [("organization_id", own.as_str()), ("source_organization_id", source)];
        let wish: Vec<_> = wish.iter().chain(proof).copied().collect();
        pass.send_form(&staying, "/panel/merges", &wish);
        let path = pass.last_location();
        pass.lead(&staying, &path, MERGE, &[]);
        path
    };
    let path = ask(pass, &source, &[PASSWORD]);
    pass.send_form_to(&staying, &format!("{path}/withdraw"), "/panel/merges/{merge_id}/withdraw", &[]);
    for (owner, source, proof) in [(&joining, &source, &[][..]), (&late, &other, &[PASSWORD][..])] {
        let path = ask(pass, source, &[]);
        pass.lead(owner, &path, MERGE, &[]);
        let version = hidden(&owner.page(), "preview_version").expect("a version");
        let fields: Vec<_> = [("preview_version", version.as_str())].iter().chain(proof).copied().collect();
        pass.send_form_to(owner, &format!("{path}/approve"), APPROVE, &fields);
    }

    let [(fresh, first), (stale, second)] = ["one@panel.example", "two@panel.example"].map(|email| found(pass, email));
    for (owner, organization, proof) in [(&fresh, &first, &[][..]), (&stale, &second, &[PASSWORD][..])] {
        pass.visit(owner, "/panel/organization");
        pass.send_form(owner, "/panel/organization/second_factor", &[("end", "yes")]);
        let fields: Vec<_> = [("organization_id", organization.as_str())].iter().chain(proof).copied().collect();
        pass.send_form(owner, "/panel/organization/delete", &fields);
    }
    world.come_from("192.0.2.1");

    pass.visit(&staying, "/account");
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40";
    let saved = staying.upload("/account/picture", &staying.form(), picture);
    assert_eq!(saved.header("location"), "/account?done=picture_saved#picture", "{}", saved.text);
    pass.answers.push((Method::POST, "/account/picture", saved));
    pass.visit(&staying, "/account");
    pass.send_form(&staying, "/account/picture/remove", &[]);
}
