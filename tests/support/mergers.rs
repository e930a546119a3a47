//! Two organizations of which one becomes part of the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use http::StatusCode;
use serde_json::{Value, json};

use super::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, MEMBER, OWNER};
use super::client::{Answer, World};

/// Everybody's who signs up.
pub const PASSWORD: &str = "BG0SaleEBL";

/// Where the id of an organization that has ended may still stand: its history, and sign-ins of the last minutes.
const MAY_REMEMBER: [&str; 6] =
    ["audit_log", "audit_detail", "organization_merge", "outbox", "authorization_request", "authorization_code"];

/// A stays, B ends. Their owners have verified addresses and fresh sign-ins.
pub struct Mergers {
    pub a: Cast,
    pub b: Cast,
}

impl Default for Mergers {
    fn default() -> Self {
        Self::of(World::default())
    }
}

impl Mergers {
    pub fn of(world: World) -> Self {
        let a = Cast::of(world.clone(), "owner@alpha.example");
        let b = Cast::of(world.clone(), "owner@beta.example");
        for (cast, name) in [(&a, "Alpha"), (&b, "Beta")] {
            world.database.execute(&format!(
                "UPDATE organization SET name = '{name}' WHERE organization_id = '{}'",
                cast.organization
            ));
        }
        world.database.execute("UPDATE account SET email_verified = 1");
        Self { a, b }
    }

    /// With one of everything that two organizations can have.
    pub fn rich() -> Self {
        let mergers = Self::default();
        let Self { a, b } = &mergers;
        for (cast, products) in [(a, ["LiveChat", "HelpDesk"]), (b, ["LiveChat", "ChatBot"])] {
            for product in products {
                cast.enable(product);
            }
        }
        let sql = |text: &str| a.world.database.execute(text);
        sql(&format!(
            "UPDATE organization_product SET state = 'trial', created_at = 7 WHERE organization_id = '{}'",
            b.organization
        ));
        let role = |cast: &Cast, product: &str, role: &str| -> String {
            let body = json!({"product": product, "role": role, "scope": "accounts--my:ro"});
            let answer = cast.owner.client.post("/v2/roles", &body);
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
            answer.json()["role_id"].as_str().expect("an id").to_owned()
        };
        role(a, "Accounts", "Auditor");
        let (auditor, night) = (role(b, "Accounts", "auditor"), role(b, "LiveChat", "night shift"));
        let normal = a.role("LiveChat", "normal");
        let both = a.hire("both@example.com", &[MEMBER, &normal]).id;
        a.world.join(&both, &b.organization, ADMINISTRATOR);
        for role in [&a.role("LiveChat", "administrator"), &a.role("ChatBot", "editor"), &auditor, BILLING_EDITOR] {
            a.world.give_role(&both, &b.organization, role);
        }
        for role in [&normal, &night] {
            a.world.give_role(&b.member.id, &b.organization, role);
        }
        let suspended = b.hire("suspended@example.com", &[MEMBER, &normal]).id;
        sql(&format!("UPDATE membership SET suspended = 1 WHERE account_id = '{suspended}'"));
        sql(&format!("UPDATE account SET default_organization_id = '{}' WHERE account_id = '{both}'", b.organization));
        sql(&format!("INSERT INTO product_suspension VALUES ('{}', '{}', 'LiveChat', 1)", b.organization, b.member.id));
        let app =
            json!({"name": "Beta's own", "type": "javascript_app", "redirect_uri": "https://b.example", "scopes": []});
        assert_eq!(b.owner.client.post("/v2/clients", &app).status, StatusCode::CREATED);
        a.world.personal(&b.member.id, &b.organization, &["accounts--my:ro"]);
        a.world.personal(&both, &a.organization, &["accounts--my:ro"]);
        for (cast, domain, proven) in
            [(b, "beta.example", true), (b, "unproven.example", false), (a, "beta.example", false)]
        {
            let proof = if proven { "1, 'dns'" } else { "NULL, NULL" };
            sql(&format!(
                "INSERT INTO organization_domain (domain_id, organization_id, domain, challenge, proven_at, proven_by, created_at)
                 VALUES ('{}', '{}', '{domain}', 'x', {proof}, 1)",
                a.world.app().request_id(), cast.organization
            ));
        }
        sql(&format!(
            "INSERT INTO member_avatar (organization_id, account_id, avatar_id, avatar_url, updated_at)
             VALUES ('{}', '{}', 'picture', 'https://b.example/p.png', 1)",
            b.organization, b.member.id
        ));
        sql(&format!(
            "INSERT INTO invitation (invitation_id, organization_id, kind, state, email, email_key, product, created_at, updated_at, expires_at)
             VALUES ('{}', '{}', 'invitation', 'approved', 'new@example.com', 'new@example.com', 'LiveChat', 1, 1, 9e15)",
            a.world.app().request_id(), b.organization
        ).replace("9e15", "9000000000000"));
        mergers
    }

    /// The same people with new tokens, of a sign-in just now.
    pub fn signed_in_anew(self) -> Self {
        let anew = |mut cast: Cast| {
            cast.owner = cast.person(&cast.owner.id);
            cast.administrator = cast.person(&cast.administrator.id);
            cast.member = cast.person(&cast.member.id);
            cast
        };
        Self { a: anew(self.a), b: anew(self.b) }
    }

    /// A's owner asks.
    pub fn ask(&self, keep: &Value) -> Answer {
        let wish = json!({"source_organization_id": self.b.organization, "keep": keep});
        self.a.owner.client.post(&format!("/v2/organizations/{}/merges", self.a.organization), &wish)
    }

    /// Where a merge is found.
    pub fn path(&self, merge: &Value) -> String {
        let id = merge["merge_id"].as_str().unwrap_or_else(|| panic!("{merge}"));
        format!("/v2/organizations/{}/merges/{id}", self.a.organization)
    }

    /// B's owner approves.
    pub fn approve(&self, merge: &Value) -> Answer {
        self.b.owner.client.post(&format!("{}/approve", self.path(merge)), &json!({}))
    }

    /// What a merge, or a refused one, would change first.
    pub fn state(&self) -> String {
        self.a.world.database.value(
            "SELECT (SELECT group_concat(organization_id || account_id || role_id, ' ') FROM membership_role)
               || (SELECT coalesce(group_concat(merge_id || state || coalesce(closed_at, ''), ' '), '') FROM organization_merge)
               || (SELECT count(*) FROM audit_log) || ' ' || (SELECT count(*) FROM outbox)
               || ' ' || (SELECT count(*) FROM organization)",
        )
    }

    /// Every cell of every table.
    pub fn everything(&self) -> Vec<(String, String, String)> {
        self.a.world.database.dump()
    }

    /// Once B is part of A: nothing is left of B but its history, and A is as sound as any organization.
    pub fn invariants(&self) {
        let database = &self.a.world.database;
        let rules = [
            (
                "one owner",
                format!(
                    "SELECT count(*) <> 1 FROM membership_role WHERE role_id = '{OWNER}' AND organization_id = '{}'
                       AND account_id = '{}'",
                    self.a.organization,
                    self.owner()
                ),
            ),
            (
                "one primary role each",
                "SELECT count(*) FROM membership WHERE 1 <> (SELECT count(*) FROM membership_role AS held
                   WHERE held.organization_id = membership.organization_id AND held.account_id = membership.account_id
                     AND held.type = 'primary')"
                    .into(),
            ),
            (
                "roles of products that it has",
                "SELECT count(*) FROM membership_role AS held WHERE product <> 'Accounts' AND NOT EXISTS (
                   SELECT 1 FROM organization_product AS had WHERE had.organization_id = held.organization_id
                     AND had.product = held.product)"
                    .into(),
            ),
            (
                "own roles only",
                "SELECT count(*) FROM membership_role AS held JOIN role USING (role_id)
                 WHERE role.organization_id <> held.organization_id"
                    .into(),
            ),
            (
                "no account without a membership",
                "SELECT count(*) FROM account WHERE account_id NOT IN (SELECT account_id FROM membership)".into(),
            ),
            ("no foreign key hangs", "SELECT count(*) FROM pragma_foreign_key_check".into()),
        ];
        for (rule, sql) in rules {
            assert_eq!(database.value::<i64>(&sql), 0, "{rule}");
        }
        let left: Vec<_> = self
            .everything()
            .into_iter()
            .filter(|(table, _, text)| *text == self.b.organization && !MAY_REMEMBER.contains(&table.as_str()))
            .collect();
        assert_eq!(left, []);
    }

    fn owner(&self) -> String {
        let sql = format!(
            "SELECT account_id FROM membership_role WHERE role_id = '{OWNER}' AND organization_id = '{}'",
            self.a.organization
        );
        self.a.world.database.value(&sql)
    }

    /// The organizations as a person would describe them.
    pub fn story(&self) -> String {
        let lines = |sql: &str| -> Vec<String> {
            let connection = self.a.world.database.raw();
            let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            let rows = statement.query_map([], |row| row.get(0)).expect("rows");
            rows.collect::<Result<_, _>>().expect("texts")
        };
        let mut story = String::new();
        for organization in lines("SELECT organization_id FROM organization ORDER BY name") {
            let of = |sql: &str| lines(&sql.replace("?1", &format!("'{organization}'")));
            let name = of("SELECT name FROM organization WHERE organization_id = ?1").remove(0);
            let _ = writeln!(story, "{name}");
            let sections = [
                (
                    "people",
                    "SELECT email || iif(suspended, ' (suspended)', '') || ': ' || (SELECT group_concat(name, ', ') FROM (
                       SELECT held.product || '/' || role.role AS name FROM membership_role AS held JOIN role USING (role_id)
                       WHERE held.organization_id = ?1 AND held.account_id = account.account_id ORDER BY name))
                       || coalesce((SELECT '; suspended from ' || group_concat(product) FROM product_suspension
                            WHERE organization_id = ?1 AND product_suspension.account_id = account.account_id), '')
                       || coalesce((SELECT '; picture ' || avatar_id FROM member_avatar
                            WHERE organization_id = ?1 AND member_avatar.account_id = account.account_id), '')
                       || iif(default_organization_id = ?1, '; default', '')
                     FROM membership JOIN account USING (account_id) WHERE organization_id = ?1 ORDER BY email",
                ),
                ("products", "SELECT product || ' ' || state FROM organization_product WHERE organization_id = ?1 ORDER BY 1"),
                ("own roles", "SELECT product || '/' || role FROM role WHERE organization_id = ?1 ORDER BY 1"),
                ("applications", "SELECT name FROM client WHERE organization_id = ?1 ORDER BY 1"),
                (
                    "domains",
                    "SELECT domain || iif(proven_at IS NULL, ' unproven', ' proven') FROM organization_domain
                     WHERE organization_id = ?1 ORDER BY 1",
                ),
                (
                    "personal tokens",
                    "SELECT email FROM personal_token JOIN account USING (account_id) WHERE organization_id = ?1 ORDER BY 1",
                ),
                ("invitations", "SELECT email FROM invitation WHERE organization_id = ?1 ORDER BY 1"),
            ];
            for (title, sql) in sections {
                let _ = writeln!(story, "  {title}");
                for line in of(sql) {
                    let _ = writeln!(story, "    {line}");
                }
            }
        }
        story
    }

    /// A text in which ids are names.
    pub fn named(&self, text: &str) -> String {
        let connection = self.a.world.database.raw();
        let mut statement = connection
            .prepare(
                "SELECT account_id, '[' || email || ']' FROM account UNION ALL
                 SELECT organization_id, '[' || name || ']' FROM organization UNION ALL
                 SELECT client_id, '[' || name || ']' FROM client WHERE organization_id IS NOT NULL UNION ALL
                 SELECT role_id, '[' || role || ']' FROM role WHERE organization_id IS NOT NULL",
            )
            .expect("a query");
        let names = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
        let names: BTreeMap<String, String> = names.expect("rows").collect::<Result<_, _>>().expect("names");
        let named = |text: String, (id, name): (&String, &String)| text.replace(id, name);
        let mut text = names.iter().fold(text.to_owned(), named);
        if let Some((head, rest)) = text.split_once("\"version\": \"") {
            let (_, tail) = rest.split_once('"').expect("a text");
            text = format!("{head}\"version\": \"[version]\"{tail}");
        }
        text
    }
}
