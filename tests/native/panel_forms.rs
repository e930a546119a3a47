//! The forms of `/panel`, each seen from outside: from which page, of whose session, and who may send it.

use std::collections::BTreeSet;

use global_accounts::http::router::ROUTES;
use http::{Method, StatusCode};
use serde_json::json;

use crate::support::browser::{Browser, ORIGIN};
use crate::support::cast::{ADMINISTRATOR, Cast, MEMBER};
use crate::support::client::{Answer, World};

/// An organization with something for every form, and somebody of every kind in a browser.
pub struct Office {
    pub cast: Cast,
    pub world: World,
    /// A member without further roles.
    pub target: String,
    /// A custom role.
    pub role: String,
    pub client: String,
    /// An invitation that waits for approval.
    pub invitation: String,
    /// A domain that is not proven.
    pub domain: String,
    /// A merge that the organization asked for, and one that another asked it for.
    pub merge: String,
    pub incoming: String,
    /// An organization with which there is no merge.
    pub elsewhere: String,
    pub owner: Browser,
    pub administrator: Browser,
    pub member: Browser,
    /// The owner of another organization.
    pub stranger: Browser,
}

/// Path with its template, fields, what the log says then, and the answer's status.
pub struct Row {
    pub path: String,
    pub template: &'static str,
    pub fields: Vec<(&'static str, String)>,
    pub action: &'static str,
    pub status: StatusCode,
    pub trips: u32,
}

impl Office {
    pub fn new() -> Self {
        let cast = Cast::default();
        let world = cast.world.clone();
        for product in ["HelpDesk", "LiveChat"] {
            cast.enable(product);
        }
        let target = cast.hire("target@example.com", &[]).id;
        let created = |path: &str, body, id: &str| -> String {
            let answer = cast.owner.client.post(path, &body);
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
            answer.json()[id].as_str().expect("an id").to_owned()
        };
        let role = json!({"product": "Accounts", "role": "night shift", "scope": "accounts--my:ro"});
        let role = created("/v2/roles", role, "role_id");
        let client = json!({"name": "Shop", "type": "server_side_app", "redirect_uri": "https://shop.example.com", "scopes": []});
        let client = created("/v2/clients", client, "client_id");
        let invitation = json!({"email": "invited@example.com", "name": "Ivy Invited"});
        let invitation = created("/v2/accounts/invitations", invitation, "invitation_id");
        let browser = |id: &str| world.browser_of(id, &cast.organization);
        let (owner, administrator, member) =
            (browser(&cast.owner.id), browser(&cast.administrator.id), browser(&cast.member.id));
        let (_, other) = world.sign_up("stranger@example.com");
        let text = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
        let elsewhere = text(&other["organization"]["organization_id"]);
        let stranger = world.browser_of(&text(&other["account_id"]), &elsewhere);
        let domain = created("/v2/organizations/my/domains", json!({"domain": "office.example"}), "domain_id");
        let (partner, theirs) = world.sign_up("partner@example.com");
        world.database.execute("UPDATE account SET email_verified = 1");
        let merge = json!({"source_organization_id": theirs["organization"]["organization_id"]});
        let merge = created("/v2/organizations/my/merges", merge, "merge_id");
        let incoming =
            partner.post("/v2/organizations/my/merges", &json!({"source_organization_id": cast.organization}));
        let incoming = text(&incoming.json()["merge_id"]);
        let office = Self {
            world,
            target,
            role,
            client,
            invitation,
            domain,
            merge,
            incoming,
            elsewhere,
            owner,
            administrator,
            member,
            stranger,
            cast,
        };
        for browser in [&office.owner, &office.administrator, &office.member, &office.stranger] {
            office.open(browser);
        }
        office
    }

    /// A page with a form that this browser may send anywhere, so that the policy has the word.
    pub fn open(&self, browser: &Browser) {
        assert_eq!(browser.get("/account").status, StatusCode::OK);
    }

    /// What the incoming merge would do now.
    fn version(&self) -> String {
        let preview = self.cast.owner.client.get(&format!("/v2/organizations/my/merges/{}", self.incoming)).json();
        preview["preview"]["version"].as_str().expect("a version").to_owned()
    }

    /// Every form with fields that would do it for the owner.
    pub fn forms(&self) -> Vec<Row> {
        let Self { target, role, client, invitation, domain, merge, incoming, .. } = self;
        let own = self.cast.organization.as_str();
        let heir = &self.cast.administrator.id;
        let row = |path: &str, template, fields: &[(&'static str, &str)], action| Row {
            path: path.to_owned(),
            template,
            fields: fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            action,
            status: StatusCode::SEE_OTHER,
            trips: 1,
        };
        let person = format!("/panel/people/{target}");
        let application = format!("/panel/applications/{client}");
        let settings = [("name", "New"), ("type", "server_side_app"), ("redirect_uris", "https://new.example.com")];
        vec![
            Row {
                status: StatusCode::OK,
                trips: 2,
                ..row("/panel/applications", "/panel/applications", &settings, "client.create")
            },
            row(&application, "/panel/applications/{client_id}", &settings, "client.update"),
            row(&format!("{application}/delete"), "/panel/applications/{client_id}/delete", &[], "client.delete"),
            row(
                &format!("{application}/scopes"),
                "/panel/applications/{client_id}/scopes",
                &[("scope", "accounts--my:ro")],
                "client.scopes.set",
            ),
            Row {
                status: StatusCode::OK,
                trips: 2,
                ..row(&format!("{application}/secret"), "/panel/applications/{client_id}/secret", &[], "client.update")
            },
            row(
                "/panel/invitations",
                "/panel/invitations",
                &[("email", "new@example.com"), ("name", "Nora New"), ("offer", "Accounts/member")],
                "invitation.create",
            ),
            row(
                &format!("/panel/invitations/{invitation}/approve"),
                "/panel/invitations/{invitation_id}/approve",
                &[("role", "member")],
                "invitation.approve",
            ),
            row(
                &format!("/panel/invitations/{invitation}/decline"),
                "/panel/invitations/{invitation_id}/decline",
                &[],
                "invitation.decline",
            ),
            row("/panel/domains", "/panel/domains", &[("domain", "acme.example")], "domain.add"),
            row(
                &format!("/panel/domains/{domain}/proof"),
                "/panel/domains/{domain_id}/proof",
                &[("method", "mail")],
                "domain.send_challenge",
            ),
            row(&format!("/panel/domains/{domain}/remove"), "/panel/domains/{domain_id}/remove", &[], "domain.remove"),
            row(
                "/panel/merges",
                "/panel/merges",
                &[("organization_id", own), ("source_organization_id", &self.elsewhere), ("keep", "LiveChat/own")],
                "organization.request_merge",
            ),
            Row {
                status: StatusCode::OK,
                trips: 2,
                ..row(
                    &format!("/panel/merges/{incoming}/approve"),
                    "/panel/merges/{merge_id}/approve",
                    &[("preview_version", &self.version())],
                    "organization.merge",
                )
            },
            row(
                &format!("/panel/merges/{merge}/withdraw"),
                "/panel/merges/{merge_id}/withdraw",
                &[],
                "organization.withdraw_merge",
            ),
            row("/panel/organization", "/panel/organization", &[("name", "Renamed")], "organization.update"),
            Row {
                status: StatusCode::OK,
                trips: 2,
                ..row(
                    "/panel/organization/delete",
                    "/panel/organization/delete",
                    &[("organization_id", own)],
                    "organization.delete",
                )
            },
            row(
                "/panel/organization/second_factor",
                "/panel/organization/second_factor",
                &[("end", "yes")],
                "organization.require_second_factor",
            ),
            row(
                &format!("/panel/people/{heir}/ownership"),
                "/panel/people/{account_id}/ownership",
                &[],
                "organization.transfer_ownership",
            ),
            Row {
                trips: 2,
                ..row(
                    &format!("{person}/password"),
                    "/panel/people/{account_id}/password",
                    &[("password", "another-one-7")],
                    "account.set_password",
                )
            },
            row(&format!("{person}/remove"), "/panel/people/{account_id}/remove", &[], "account.delete"),
            row(
                &format!("{person}/roles"),
                "/panel/people/{account_id}/roles",
                &[("held", MEMBER), ("role", ADMINISTRATOR)],
                "account.set_roles",
            ),
            row(
                &format!("{person}/suspension"),
                "/panel/people/{account_id}/suspension",
                &[("product", "Accounts"), ("suspended", "true")],
                "account.suspend",
            ),
            row("/panel/products", "/panel/products", &[("product", "ChatBot")], "product.enable"),
            row("/panel/products/disable", "/panel/products/disable", &[("product", "HelpDesk")], "product.disable"),
            row(
                "/panel/roles",
                "/panel/roles",
                &[("name", "day shift"), ("product", "Accounts"), ("scope", "accounts--my:ro")],
                "role.create",
            ),
            row(
                &format!("/panel/roles/{role}"),
                "/panel/roles/{role_id}",
                &[("name", "late shift"), ("scope", "accounts--my:ro")],
                "role.update",
            ),
            row(&format!("/panel/roles/{role}/delete"), "/panel/roles/{role_id}/delete", &[], "role.delete"),
        ]
    }

    /// Every screen.
    pub fn screens(&self) -> Vec<String> {
        let mut screens: Vec<String> = [
            "",
            "/applications",
            "/audit_log",
            "/domains",
            "/invitations",
            "/merges",
            "/organization",
            "/products",
            "/roles",
        ]
        .map(|path| format!("/panel{path}"))
        .into();
        screens.push(format!("/panel/people/{}", self.target));
        screens.push(format!("/panel/people/{}", self.cast.owner.id));
        screens.push(format!("/panel/roles/{}", self.role));
        screens.push(format!("/panel/roles/{ADMINISTRATOR}"));
        screens.push(format!("/panel/applications/{}", self.client));
        screens.push(format!("/panel/merges/{}", self.merge));
        screens.push(format!("/panel/merges/{}", self.incoming));
        screens
    }

    pub fn send(&self, browser: &Browser, row: &Row) -> Answer {
        browser.post(&row.path, &row.fields())
    }
}

impl Row {
    fn fields(&self) -> Vec<(&'static str, &str)> {
        self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}

#[test]
fn l1_every_form_does_what_it_says_in_one_batch_and_is_audited() {
    let count = Office::new().forms().len();
    let templates: BTreeSet<&str> = Office::new().forms().iter().map(|row| row.template).collect();
    let posts: BTreeSet<&str> = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/panel") && route.method == Method::POST)
        .map(|route| route.path)
        .collect();
    assert_eq!(templates, posts, "every form is in the list");
    for at in 0..count {
        let office = Office::new();
        let row = office.forms().swap_remove(at);
        if row.action == "organization.require_second_factor" {
            let demand = "UPDATE organization SET mfa_required_at = 9000000000000";
            office.world.database.execute(demand); // there is one that the form can end
        }
        // The personal values of whom nothing is left go with them.
        let audited = || match row.action {
            "account.delete" | "organization.delete" => {
                office.world.count(&format!("audit_log WHERE action = '{}'", row.action))
            }
            action => office.cast.audited(action),
        };
        let before = audited();
        let answer = office.send(&office.owner, &row);
        let place = &row.path;
        assert_eq!((answer.status, answer.calls.database), (row.status, row.trips), "{place}: {}", answer.text);
        assert!(!answer.header("location").contains("exception"), "{place}: {}", answer.header("location"));
        assert_eq!(audited(), before + 1, "{place}");
        if answer.status == StatusCode::SEE_OTHER {
            let shown = office.owner.get(answer.header("location"));
            assert_eq!((shown.status, shown.calls.database), (StatusCode::OK, 1), "{place}: {}", shown.text);
            assert!(shown.text.contains("class=\"notice\" role=\"status\""), "{place} says what was done");
        }
    }
}

/// Read the snapshot when it changes.
#[test]
fn z1_z4_who_sees_which_screen_and_whose_form_is_done() {
    let office = Office::new();
    let suspended = office.cast.hire("suspended@example.com", &[ADMINISTRATOR]).id;
    let suspended = office.world.browser_of(&suspended, &office.cast.organization);
    office.open(&suspended);
    office.world.database.execute("UPDATE membership SET suspended = 1 WHERE account_id = (SELECT account_id FROM account WHERE email = 'suspended@example.com')");
    let people = [
        ("suspended", &suspended),
        ("stranger", &office.stranger),
        ("member", &office.member),
        ("administrator", &office.administrator),
        ("owner", &office.owner),
    ];
    let known = [
        (office.target.as_str(), "{target}"),
        (office.cast.owner.id.as_str(), "{owner}"),
        (office.cast.administrator.id.as_str(), "{administrator}"),
        (office.role.as_str(), "{role}"),
        (ADMINISTRATOR, "{administrators}"),
        (office.client.as_str(), "{client}"),
        (office.invitation.as_str(), "{invitation}"),
        (office.domain.as_str(), "{domain}"),
        (office.merge.as_str(), "{merge}"),
        (office.incoming.as_str(), "{incoming}"),
    ];
    let named = |path: &str| known.iter().fold(path.to_owned(), |path, (id, name)| path.replace(id, name));
    let mut table = format!("{:<46}", "");
    people.iter().for_each(|(name, _)| table += &format!("{name:>15}"));
    let told = |answer: &Answer| match answer.header("location") {
        "/?identity_exception=unauthorized" => "sign in".to_owned(),
        location => {
            assert!(!location.contains("exception"), "{location}");
            answer.status.as_u16().to_string()
        }
    };
    for path in office.screens() {
        table += &format!("\n{:<46}", format!("GET  {}", named(&path)));
        for (_, browser) in &people {
            let answer = browser.copy().get(&path);
            assert_eq!(answer.calls.database, 1, "{path}");
            table += &format!("{:>15}", told(&answer));
        }
    }
    for row in office.forms() {
        table += &format!("\n{:<46}", format!("POST {}", named(&row.path)));
        for (name, browser) in &people {
            let before = office.world.database.dump();
            office.world.database.execute("SAVEPOINT cell");
            let answer = office.send(&browser.copy(), &row);
            let done = answer.status == row.status && !answer.header("location").contains("exception");
            let after = office.world.database.dump();
            office.world.database.execute("ROLLBACK TO cell");
            office.world.database.execute("RELEASE cell");
            office.world.cache.clear();
            if !done {
                assert_eq!(without_use(after), without_use(before), "{name} {}: nothing changed", row.path);
            }
            table += &format!("{:>15}", told(&answer));
        }
    }
    insta::assert_snapshot!("panel_matrix", table);
}

/// A refused call is a use of the session all the same, and counted attempts are counted.
fn without_use(cells: Vec<(String, String, String)>) -> Vec<(String, String, String)> {
    let own = |(table, column, _): &(String, String, String)| {
        table == "throttle" || (table == "session" && (column == "seen_at" || column == "idle_expires_at"))
    };
    cells.into_iter().filter(|cell| !own(cell)).collect()
}

/// Refused as stale, told in place, and nothing was even asked of storage.
fn stale(answer: &Answer, place: &str) {
    assert_eq!((answer.status, answer.calls.database), (StatusCode::FORBIDDEN, 0), "{place}: {}", answer.text);
    assert!(answer.text.contains("This page is out of date"), "{place}: {}", answer.text);
    assert!(answer.text.contains("href=\"/panel\""), "{place}: it leads to a fresh page");
    assert!(!answer.headers.contains_key("set-cookie"), "{place}");
}

#[test]
fn a17_s6_a_form_of_another_session_or_from_elsewhere_changes_nothing() {
    let office = Office::new();
    let (own, foreign) = (office.owner.form(), office.stranger.form());
    let second = office.world.browser_of(&office.cast.owner.id, &office.cast.organization);
    office.open(&second);
    let before = office.world.database.dump();
    for row in office.forms() {
        let with = |form: Option<&str>, origin: Option<&str>| {
            let fields: Vec<_> = form.map(|form| ("form", form)).into_iter().chain(row.fields()).collect();
            office.owner.copy().post_as(&row.path, origin, &fields)
        };
        for (name, form) in [
            ("none", None),
            ("empty", Some("")),
            ("another's", Some(&*foreign)),
            ("another session's", Some(&*second.form())),
        ] {
            stale(&with(form, Some(ORIGIN)), &format!("{} {name}", row.path));
        }
        for origin in [None, Some("null"), Some("https://evil.example"), Some("http://localhost:8787")] {
            stale(&with(Some(&own), origin), &format!("{} from {origin:?}", row.path));
        }
    }
    assert_eq!(office.world.database.dump(), before, "nothing changed");
}

/// Ids of another organization, ids of nobody, and what is no id: one answer.
#[test]
fn z4_what_another_organization_has_is_not_there() {
    let office = Office::new();
    let other = Cast::of(office.world.clone(), "elsewhere@example.com");
    let role = json!({"product": "Accounts", "role": "theirs", "scope": "accounts--my:ro"});
    let role = other.owner.client.post("/v2/roles", &role).json()["role_id"].as_str().expect("an id").to_owned();
    let client =
        json!({"name": "Theirs", "type": "javascript_app", "redirect_uri": "https://a.example.com", "scopes": []});
    let client =
        other.owner.client.post("/v2/clients", &client).json()["client_id"].as_str().expect("an id").to_owned();
    let domain = other.owner.client.post("/v2/organizations/my/domains", &json!({"domain": "theirs.example"})).json();
    let domain = domain["domain_id"].as_str().expect("an id").to_owned();
    office.world.database.execute("UPDATE account SET email_verified = 1");
    let merge = json!({"source_organization_id": office.elsewhere});
    let merge = other.owner.client.post("/v2/organizations/my/merges", &merge).json();
    let merge = merge["merge_id"].as_str().expect("an id").to_owned();
    let nobody = "018bcfe5-6800-7000-8000-000000000000";
    let invitation = json!({"email": "theirs@example.com", "name": "Theirs"});
    let invitation = other.owner.client.post("/v2/accounts/invitations", &invitation).json();
    let invitation = invitation["invitation_id"].as_str().expect("an id").to_owned();
    let before = office.world.database.dump();
    for (account, role, client, invitation, domain, merge) in [
        (
            other.member.id.as_str(),
            role.as_str(),
            client.as_str(),
            invitation.as_str(),
            domain.as_str(),
            merge.as_str(),
        ),
        (nobody, nobody, "00000000000000000000000000000000", nobody, nobody, nobody),
        ("canary", "canary", "canary", "canary", "canary", "canary"),
    ] {
        let of = |path: &str| {
            path.replace(&office.target, account)
                .replace(&office.role, role)
                .replace(&office.client, client)
                .replace(&office.invitation, invitation)
                .replace(&office.domain, domain)
                .replace(&office.merge, merge)
                .replace(&office.incoming, merge)
                .replace(&office.cast.administrator.id, account)
        };
        let rows = office.forms().into_iter().map(|row| (of(&row.path), row));
        for (path, row) in rows.filter(|(path, row)| *path != row.path) {
            let answer = office.owner.copy().post(&path, &row.fields());
            let heir = row.template.ends_with("/ownership");
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} {heir}: {}", answer.text);
            assert!(answer.text.contains("There is nothing here") && !answer.text.contains("canary"), "{path}");
        }
        for path in office.screens().iter().map(|path| (path, of(path))).filter(|(path, of)| *path != of) {
            let answer = office.owner.copy().get(&path.1);
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path:?}: {}", answer.text);
            assert!(!answer.text.contains("theirs") && !answer.text.contains("Theirs"), "{path:?}");
        }
    }
    assert_eq!(without_use(office.world.database.dump()), without_use(before), "nothing changed");
}
