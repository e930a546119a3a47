//! Every screen of the panel in every state.

use askama::Template;
use global_accounts::authz::panel::Screen;
use global_accounts::domain::time::Timestamp;
use global_accounts::http::pages::Frame;
use global_accounts::http::pages::panel::{
    Access, Application, ApplicationFields, ApplicationLine, Applications, AuditFilter, AuditLine, AuditLog,
    CustomRole, Demand, DomainLine, Domains, Ended, Field, InvitationFields, InvitationLine, Invitations, KeepChoice,
    Merge, MergeFields, MergeLine, MergedDomain, MergedPerson, MergedProduct, MergedRole, Merges, Notice, Organization,
    OrganizationFields, Outcome, Panel, Party, People, Person, PersonLine, Preview, Problem, ProductLine, Products,
    Refused, Role, RoleChoice, RoleFields, RoleLine, RoleName, RoleOption, Roles, ScopeBox, ScopePicker, Secret, What,
    Why,
};

use super::gallery::Shown;

const ID: &str = "019a3f60-7c1e-7d42-9a55-3b1f0c9e8d77";
const OTHER: &str = "019a3f60-7c1e-7d42-9a55-3b1f0c9e8d78";
const CLIENT: &str = "0123456789abcdef0123456789abcdef";
const LONG: &str = "Northwind Trading Company of the Greater Baltic Region";

fn panel<'a>(
    (organization, form): (&'a str, &'a str),
    current: Screen,
    notice: Option<Notice>,
    problems: &'a [Problem],
) -> Panel<'a> {
    const SEEN: [Screen; 4] = [Screen::People, Screen::Products, Screen::Roles, Screen::Organization];
    let sections = if notice == Some(Notice::RoleDeleted) { &SEEN[..] } else { &Screen::SECTIONS[..] };
    Panel { organization, sections, current, form, notice, problems, second_factor: true, min_password: 8 }
}

/// `frame` has a person; `v` gives what stands in place of each value that a request or a row may hold.
pub fn screens(frame: Frame<'_>, v: impl Fn(&'static str) -> &'static str) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut add = |name: String, html: Result<String, askama::Error>| {
        shown.push(Shown { name, html: html.expect("a page") });
    };
    let o = |text: &'static str| if text.is_empty() { String::new() } else { v(text).to_owned() };
    let at = |days: i64| Timestamp::from_millis(1_763_000_000_000 + days * 86_400_000);
    let place = (v("Acme & Sons"), v("csrf:form"));
    let of = |fields: &[Field]| -> Vec<Problem> {
        let fits = |problem: &&Problem| problem.field().is_none_or(|field| fields.contains(&field));
        Problem::ALL.iter().filter(fits).copied().collect()
    };

    let name = |product, role, predefined| RoleName { product: o(product), role: o(role), predefined };
    let person = |id, called, email, roles: Vec<RoleName>| PersonLine {
        id: o(id),
        name: o(called),
        named: called != email,
        email: o(email),
        roles,
        suspended: false,
        suspended_from: Vec::new(),
        active: true,
        own: false,
    };
    let anna = person(
        ID,
        "Anna Maria Nowak",
        "anna@acme.example",
        vec![name("Accounts", "owner", true), name("LiveChat", "administrator", true)],
    );
    let administrator = person(
        OTHER,
        "Bartholomew Featherstonehaugh-Cholmondeley",
        "bartholomew.featherstonehaugh@a-rather-long-department.acme.example",
        vec![name("Accounts", "administrator", true), name("Accounts", "Night shift", false)],
    );
    let plain = person(OTHER, "cher@acme.example", "cher@acme.example", vec![name("Accounts", "member", true)]);
    let people = [
        PersonLine { own: true, ..anna.clone() },
        PersonLine { suspended_from: vec![o("LiveChat"), o("HelpDesk")], ..administrator.clone() },
        PersonLine { active: false, ..plain.clone() },
        PersonLine { suspended: true, roles: Vec::new(), ..person(OTHER, "Dan", "dan@acme.example", Vec::new()) },
    ];
    let list = |search, people: &[PersonLine], next_url, first_url, problems: &[Problem]| {
        let panel = panel(place, Screen::People, None, problems);
        People { frame, panel, search, people, next_url, first_url }.render()
    };
    add("panel_people".into(), list("", &people, Some(v("/panel?limit=50&cursor=x")), Some("/panel?"), &[]));
    add("panel_people_found".into(), list(v("an"), &people[..1], None, None, &[]));
    add("panel_people_none".into(), list(v("xyz"), &[], None, None, &[]));
    add("panel_people_problems".into(), list(v("xyz"), &people, None, None, &of(&[Field::Search])));

    let option = |value, role, chosen| RoleOption { value: o(value), role: o(role), chosen };
    let choice = |product, options, now, legacy| RoleChoice { product: o(product), options, now: o(now), legacy };
    let primary = vec![option(ID, "administrator", true), option(OTHER, "member", false)];
    let livechat = vec![
        option("-x", "", false),
        option(ID, "administrator", true),
        option(OTHER, "normal", false),
        option("LiveChat/viceowner", "viceowner", false),
    ];
    let choices = [
        choice("Accounts", primary, "administrator", None),
        choice("LiveChat", livechat, "administrator", Some("viceowner")),
        choice("HelpDesk", vec![option("", "", true), option(ID, "viewer", false)], "", None),
    ];
    let owned = [choice("Accounts", Vec::new(), "owner", None), choices[2].clone()];
    let custom = |id, product, role, predefined, ticked| CustomRole {
        id: o(id),
        product: o(product),
        role: o(role),
        predefined,
        ticked,
    };
    let customs =
        [custom(ID, "Accounts", "billing_editor", true, true), custom(OTHER, "LiveChat", "Night shift", false, false)];
    let access = [("Accounts", false), ("LiveChat", true), ("HelpDesk", false)]
        .map(|(product, suspended)| Access { product: o(product), suspended });
    let held = [o(ID)];
    let one = |member: &PersonLine, choices: &[RoleChoice], may: bool, owner: bool, problems: &[Problem]| {
        Person {
            frame,
            panel: panel(place, Screen::Person, None, problems),
            member,
            mfa: owner,
            verified: may,
            since: at(0),
            shows_roles: true,
            choices,
            custom: if owner { &[] } else { &customs },
            held: &held,
            can_set_roles: may,
            access: if may && !owner { &access } else { &[] },
            can_set_password: may && !owner,
            can_transfer: may && !owner,
            can_remove: may && !owner,
            can_audit: may,
        }
        .render()
    };
    add("panel_person".into(), one(&administrator, &choices, true, false, &[]));
    add("panel_person_seen".into(), one(&plain, &choices, false, false, &[]));
    add("panel_person_owner".into(), one(&PersonLine { own: true, ..anna.clone() }, &owned, true, true, &[]));
    let wrong = of(&[Field::Password, Field::CurrentPassword, Field::CurrentCode]);
    add("panel_person_problems".into(), one(&administrator, &choices, true, false, &wrong));

    let waiting = |called, email, product, asks, roles: Vec<RoleName>| InvitationLine {
        id: o(ID),
        name: o(called),
        email: o(email),
        product: o(product),
        asks,
        approved: roles.is_empty(),
        roles,
        expires_at: at(14),
    };
    let given = [name("HelpDesk", "viewer", true), name("HelpDesk", "normal", true)];
    let asked = InvitationLine {
        id: o(OTHER),
        ..waiting(
            "Bartholomew Featherstonehaugh-Cholmondeley",
            "bartholomew@acme.example",
            "HelpDesk",
            true,
            given.to_vec(),
        )
    };
    let waits =
        [asked, waiting("Ivy", "ivy.invited@a-rather-long-department.acme.example", "Accounts", false, Vec::new())];
    let offers = [name("Accounts", "member", true), name("Accounts", "administrator", true), given[0].clone()];
    let invitations = |lines: &[InvitationLine], fields, can_decide, problems: &[Problem]| {
        let panel = panel(place, Screen::Invitations, None, problems);
        let offers = if can_decide { &offers[..] } else { &[] };
        Invitations { frame, panel, lines, next_url: None, can_decide, offers, fields }.render()
    };
    let typed = InvitationFields { email: v("ivy@acme"), name: v("Ivy"), offer: "" };
    add("panel_invitations".into(), invitations(&waits, InvitationFields::default(), true, &[]));
    add("panel_invitations_none".into(), invitations(&[], InvitationFields::default(), true, &[]));
    add("panel_invitations_seen".into(), invitations(&waits, InvitationFields::default(), false, &[]));
    let wrong = of(&[Field::Email, Field::Name, Field::Offer]);
    add("panel_invitations_problems".into(), invitations(&waits, typed, true, &wrong));

    let line = |product, state| ProductLine { product: o(product), state: o(state), since: at(1) };
    let enabled = [
        line("LiveChat", "active"),
        line("HelpDesk", "trial"),
        line("ChatBot", "past_due"),
        line("KnowledgeBase", "cancelled"),
        line("OpenWidget", "expired"),
    ];
    let others = [o("TeamChat")];
    let products = |enabled: &[ProductLine], others: &[String], can_change, notice, problems: &[Problem]| {
        Products { frame, panel: panel(place, Screen::Products, notice, problems), enabled, others, can_change }
            .render()
    };
    add("panel_products".into(), products(&enabled, &others, true, None, &[]));
    add("panel_products_all".into(), products(&enabled, &[], true, None, &[]));
    add("panel_products_none".into(), products(&[], &others, true, None, &[]));
    add("panel_products_none_seen".into(), products(&[], &others, false, None, &[]));
    add("panel_products_problems".into(), products(&enabled, &others, true, None, &of(&[])));
    for notice in Notice::ALL {
        let name = format!("panel_done_{}", notice.code());
        add(name, products(&enabled, &others, true, Some(*notice), &[]));
    }

    let scope = |scope: &str, words, ticked| ScopeBox {
        scope: scope.to_owned(),
        description: o(words),
        ticked,
        required: ticked,
    };
    let scopes = [
        scope("accounts--all:ro", "See all accounts of the organization", true),
        scope("accounts--my:rw", "See and change your account", false),
        scope("accounts.roles--all:ro", "See roles", false),
        scope("chats.conversation--access:rw", "Write in the chats you have access to", true),
        scope("weather--all:ro", "See the weather", false),
    ];
    let picker = |with_required| ScopePicker { boxes: &scopes, with_required };
    let role_line = |product, role, kind, predefined| RoleLine {
        id: o(ID),
        product: o(product),
        role: o(role),
        r#type: o(kind),
        predefined,
    };
    let own = [role_line("Accounts", "Night shift", "custom", false), role_line("LiveChat", LONG, "custom", false)];
    let predefined = [
        role_line("Accounts", "owner", "primary", true),
        role_line("Accounts", "administrator", "primary", true),
        role_line("Accounts", "member", "primary", true),
        role_line("Accounts", "billing_editor", "custom", true),
        role_line("LiveChat", "normal", "secondary", true),
        role_line("ChatBot", "editor", "secondary", true),
    ];
    let role_products = [o("Accounts"), "LiveChat".to_owned()];
    let fields = |name| RoleFields { name, product: "LiveChat", scopes: picker(false) };
    let roles = |own: &[RoleLine], new, problems: &[Problem]| {
        Roles {
            frame,
            panel: panel(place, Screen::Roles, None, problems),
            own,
            predefined: &predefined,
            products: &role_products,
            new,
        }
        .render()
    };
    add("panel_roles".into(), roles(&own, Some(fields("")), &[]));
    add("panel_roles_none".into(), roles(&[], Some(fields("")), &[]));
    add("panel_roles_seen".into(), roles(&own, None, &[]));
    let wrong = of(&[Field::Name, Field::Product, Field::Scope]);
    add("panel_roles_problems".into(), roles(&own, Some(fields(v("owner"))), &wrong));
    let role = |role, predefined, can_change, scopes, problems: &[Problem]| {
        let fields = RoleFields { scopes, ..fields(role) };
        Role {
            frame,
            panel: panel(place, Screen::Role, None, problems),
            id: v(ID),
            role,
            predefined,
            fields,
            can_change,
        }
        .render()
    };
    let none = ScopePicker { boxes: &[], with_required: false };
    add("panel_role".into(), role(v("Night shift"), false, true, picker(false), &[]));
    add("panel_role_predefined".into(), role(v("administrator"), true, false, picker(false), &[]));
    add("panel_role_nothing".into(), role(v("viewer"), true, false, none, &[]));
    add(
        "panel_role_problems".into(),
        role(v("Night shift"), false, true, picker(false), &of(&[Field::Name, Field::Scope])),
    );

    let application = |called, kind, visibility| ApplicationLine {
        id: o(CLIENT),
        name: o(called),
        r#type: o(kind),
        visibility: o(visibility),
    };
    let applications =
        [application("Bright Reports", "server_side_app", "private"), application(LONG, "javascript_app", "public")];
    let settings = |called, kind| ApplicationFields {
        name: called,
        r#type: kind,
        visibility: "public",
        redirect_uris: v("https://reports.example.com/callback\nhttp://localhost:3000"),
        configuration_uri: v("https://reports.example.com/settings"),
        scopes: picker(true),
    };
    let empty = ApplicationFields {
        name: "",
        r#type: "",
        visibility: "",
        redirect_uris: "",
        configuration_uri: "",
        scopes: picker(true),
    };
    let all = |applications: &[ApplicationLine], next_url, fields, problems: &[Problem]| {
        Applications {
            frame,
            panel: panel(place, Screen::Applications, None, problems),
            applications,
            next_url,
            fields,
        }
        .render()
    };
    add("panel_applications".into(), all(&applications, Some(v("/panel/applications?limit=50&cursor=x")), empty, &[]));
    add("panel_applications_none".into(), all(&[], None, empty, &[]));
    let of_application = [Field::Name, Field::Scope, Field::RedirectUris, Field::ConfigurationUri];
    let wrong = of(&of_application);
    add(
        "panel_applications_problems".into(),
        all(&applications, None, settings(v("Bright Reports"), "javascript_app"), &wrong),
    );
    let secret = |text, registered| Some(Secret { text, registered });
    let text = Some(v("q0kT3v9pM1sX7uB5nH2dF8gJ4lZ6wR0yC3eA1iO9"));
    for (state, kind, secret, problems) in [
        ("panel_application", "server_side_app", None, &[][..]),
        ("panel_application_registered", "server_side_app", secret(text, true), &[][..]),
        ("panel_application_secret", "server_side_app", secret(text, false), &[][..]),
        ("panel_application_public", "javascript_app", secret(None, true), &[][..]),
        ("panel_application_problems", "server_side_app", None, &wrong[..]),
    ] {
        let page = Application {
            frame,
            panel: panel(place, Screen::Application, None, problems),
            id: v(CLIENT),
            name: v("Bright Reports"),
            confidential: kind == "server_side_app",
            fields: settings(v("Bright Reports"), kind),
            secret,
        };
        add(state.into(), page.render());
    }

    let details = OrganizationFields {
        name: v("Acme & Sons"),
        phone: v("+48 123 456 789"),
        website: v("https://acme.example"),
        strict: false,
    };
    let nothing = OrganizationFields { name: "", phone: "", website: "", strict: true };
    let organization = |fields, can_change: bool, own: bool, problems: &[Problem]| {
        let place = panel(place, Screen::Organization, None, problems);
        Organization {
            frame,
            panel: Panel { second_factor: own, ..place },
            id: v(ID),
            fields,
            demand: Demand {
                required_at: (!can_change || !problems.is_empty()).then_some(at(30)),
                can_change,
                first_day: v("2026-11-22"),
                day: v("2026-12-06"),
            },
            can_change,
            domains: can_change,
            merge: can_change,
            can_delete: can_change,
            repeated: if problems.is_empty() { "" } else { v("Acme") },
        }
        .render()
    };
    add("panel_organization".into(), organization(details, true, true, &[]));
    add("panel_organization_seen".into(), organization(details, false, false, &[]));
    add("panel_organization_bare".into(), organization(nothing, true, false, &[]));
    let wrong = of(&[
        Field::Name,
        Field::Phone,
        Field::Website,
        Field::InvitationMode,
        Field::RequiredOn,
        Field::DemandPassword,
        Field::DemandCode,
        Field::OrganizationId,
        Field::CurrentPassword,
        Field::CurrentCode,
    ]);
    add("panel_organization_problems".into(), organization(details, true, true, &wrong));

    let domain = |id, domain, proven: bool| DomainLine {
        id: o(id),
        domain: o(domain),
        record: o("_accounts-challenge.a-rather-long-department.acme.example"),
        challenge: o("q0kT3v9pM1sX7uB5nH2dF8"),
        proven_at: proven.then(|| at(2)),
    };
    let two = [domain(ID, "acme.example", true), domain(OTHER, "a-rather-long-department.acme.example", false)];
    let domains = |domains: &[DomainLine], can_add, written, problems: &[Problem]| {
        Domains { frame, panel: panel(place, Screen::Domains, None, problems), domains, can_add, written }.render()
    };
    add("panel_domains".into(), domains(&two, true, "", &[]));
    add("panel_domains_none".into(), domains(&[], true, "", &[]));
    add("panel_domains_full".into(), domains(&two, false, "", &[]));
    add("panel_domains_problems".into(), domains(&two, true, v("gmail.com"), &of(&[Field::Domain])));
    for Shown { name, html } in merges(frame, place, &v) {
        add(name, Ok(html));
    }

    let entry = |action, actor, known: bool, target, url: Option<&'static str>, facts| AuditLine {
        at: at(5),
        action: o(action),
        actor: o(actor),
        actor_id: known.then(|| o(ID)),
        target: o(target),
        target_url: url.map(o),
        ip: o("203.0.113.7"),
        facts: o(facts),
    };
    let entries = [
        entry(
            "account.set_roles",
            "Anna Maria Nowak",
            true,
            "Dan",
            Some("/panel/people/x"),
            r#"{"changes":[{"act":"set","at":"set_roles.0"}]}"#,
        ),
        entry("client.create", ID, false, LONG, Some("/panel/applications/x"), ""),
        entry("token.reuse", "", false, "", None, ""),
        entry("something.new", "Anna Maria Nowak", true, "LiveChat", None, r#"{"product":"LiveChat"}"#),
    ];
    let filtered = AuditFilter {
        action: "account.update",
        actor: v(ID),
        target: v(OTHER),
        from: "2025-11-01",
        until: "2025-11-30",
    };
    let log = |filter, lines: &[AuditLine], next_url, problems: &[Problem]| {
        AuditLog { frame, panel: panel(place, Screen::AuditLog, None, problems), filter, lines, next_url }.render()
    };
    add("panel_audit_log".into(), log(AuditFilter::default(), &entries, Some(v("/panel/audit_log?cursor=x")), &[]));
    add("panel_audit_log_none".into(), log(filtered, &[], None, &[]));
    add("panel_audit_log_problems".into(), log(filtered, &entries, None, &of(&[Field::From, Field::Until])));

    for what in [What::Merged, What::Deleted] {
        add(format!("panel_ended_{what:?}"), Ended { frame: Frame { person: None, ..frame }, what }.render());
    }
    for why in [Why::NotAllowed, Why::NotFound, Why::NoSuchPath] {
        add(format!("panel_refused_{why:?}"), Refused { frame: Frame { person: None, ..frame }, why }.render());
    }
    shown
}

/// The merges' screens, as each of the two owners sees them.
fn merges(frame: Frame<'_>, place: (&str, &str), v: &impl Fn(&'static str) -> &'static str) -> Vec<Shown> {
    let o = |text: &'static str| v(text).to_owned();
    let at = |days: i64| Timestamp::from_millis(1_763_000_000_000 + days * 86_400_000);
    let mut shown = Vec::new();
    let mut add = |name: &str, html: Result<String, askama::Error>| {
        shown.push(Shown { name: name.to_owned(), html: html.expect("a page") });
    };
    let of = |fields: &[Field]| -> Vec<Problem> {
        let fits = |problem: &&Problem| problem.field().is_none_or(|field| fields.contains(&field));
        Problem::ALL.iter().filter(fits).copied().collect()
    };
    let line = |other, stays, state: &str| MergeLine {
        id: o(ID),
        other: o(other),
        stays,
        state: state.to_owned(),
        created_at: at(0),
        expires_at: at(14),
        closed_at: (state != "pending").then(|| at(3)),
    };
    let lines = [
        line("Bright Reports", true, "pending"),
        line(LONG, false, "pending"),
        line(ID, true, "done"),
        line(OTHER, true, "withdrawn"),
        line(OTHER, true, "refused"),
        line(OTHER, false, "expired"),
    ];
    let keep = |wrong| {
        ["LiveChat", "HelpDesk"].map(|product| KeepChoice {
            product: product.to_owned(),
            source: wrong && product == "HelpDesk",
            wrong: wrong && product == "HelpDesk",
        })
    };
    let all = |merges: &[MergeLine], keep: &[KeepChoice], problems: &[Problem]| {
        let source = if problems.is_empty() { "" } else { v(OTHER) };
        let panel = panel(place, Screen::Merges, None, problems);
        Merges { frame, panel, merges, fields: MergeFields { own: v(ID), source, keep } }.render()
    };
    add("panel_merges", all(&lines, &keep(false), &[]));
    add("panel_merges_none", all(&[], &[], &[]));
    let wrong = of(&[Field::SourceOrganization, Field::Keep, Field::CurrentPassword, Field::CurrentCode]);
    add("panel_merges_problems", all(&lines[..1], &keep(true), &wrong));

    let person = |name, email, role: &str, gains: &[(&'static str, &'static str)], joins, suspended| MergedPerson {
        named: name != email,
        name: o(name),
        email: o(email),
        role: role.to_owned(),
        gains: gains.iter().map(|(product, role)| (o(product), o(role))).collect(),
        joins,
        suspended,
    };
    let people = vec![
        person(
            "Bartholomew Featherstonehaugh-Cholmondeley",
            "bartholomew@beta.example",
            "administrator",
            &[],
            true,
            false,
        ),
        person("Anna Maria Nowak", "anna@acme.example", "owner", &[("LiveChat", "administrator")], false, false),
        person(
            "dan@a-rather-long-department.beta.example",
            "dan@a-rather-long-department.beta.example",
            "member",
            &[("LiveChat", "normal"), ("LiveChat", "Night shift")],
            true,
            true,
        ),
    ];
    let product = |product, outcome| MergedProduct { product: o(product), outcome };
    let role = |product, role, renamed_to: Option<&'static str>, scope| MergedRole {
        product: o(product),
        role: o(role),
        renamed_to: renamed_to.map(o),
        scope: o(scope),
    };
    let full = Preview {
        version: o("1763000000000.2.x"),
        total: 104,
        joining: 103,
        in_both: 1,
        suspended: 1,
        administrators: 2,
        without_second_factor: 40,
        mfa_required_at: Some(at(-3)),
        people: Some(people),
        products: vec![
            product("LiveChat", Outcome::Kept),
            product("HelpDesk", Outcome::Replaced),
            product("ChatBot", Outcome::Moves),
            product("KnowledgeBase", Outcome::Stays),
            product("OpenWidget", Outcome::Undecided),
        ],
        roles: vec![
            role("Accounts", "Auditor", Some("Auditor (B)"), "accounts--all:ro, accounts--my:rw"),
            role("LiveChat", "Night shift", None, "chats.conversation--access:rw"),
        ],
        role_count: 2,
        clients: vec![o("Bright Reports"), o(LONG)],
        client_count: 102,
        domains: vec![
            MergedDomain { domain: o("beta.example"), moves: true },
            MergedDomain { domain: o("unproven.example"), moves: false },
        ],
        personal_tokens: 3,
        invitations: 2,
    };
    let empty = Preview {
        people: None,
        products: Vec::new(),
        roles: Vec::new(),
        role_count: 0,
        clients: Vec::new(),
        client_count: 0,
        domains: Vec::new(),
        mfa_required_at: None,
        ..full.clone()
    };
    let party = |name, id| Party { name: o(name), named: name != id, id: o(id) };
    let one = |state: &str, decides, preview, problems: &[Problem]| {
        Merge {
            frame,
            panel: panel(place, Screen::Merge, None, problems),
            id: v(ID),
            organization: &party("Acme & Sons", ID),
            source: &if state == "pending" { party(LONG, OTHER) } else { party(OTHER, OTHER) },
            state,
            created_at: at(0),
            expires_at: at(14),
            closed_at: (state != "pending").then(|| at(3)),
            decides,
            preview,
        }
        .render()
    };
    add("panel_merge_to_decide", one("pending", true, Some(&full), &[]));
    add("panel_merge_asked", one("pending", false, Some(&empty), &[]));
    add("panel_merge_done", one("done", false, None, &[]));
    add("panel_merge_problems", one("pending", true, Some(&full), &of(&[Field::CurrentPassword, Field::CurrentCode])));
    shown
}
