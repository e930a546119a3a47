//! The real router, asked the same as the model; what its tables and its answers then say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::calls::{By, Call, Dice, Named};
use super::rules::{No, Verdict};
use super::state::{Model, Org, Organization, Person, Role, Waiting};
use crate::support::authorize::url;
use crate::support::browser::hidden;
use crate::support::client::{Answer, Client, World};
use crate::support::invitations::PATH;

/// Nobody's and nothing's.
const ABSENT: &str = "0190eeee-0000-7000-8000-000000000000";

/// A credential, and the membership that it was given to.
struct Credential {
    by: By,
    since: usize,
    epoch: usize,
    text: String,
    /// As it was when it was last tried.
    alive: bool,
}

pub struct Driver {
    world: World,
    /// Ids of the model's organizations, own roles, invitations and merges: its numbers are unlike each other.
    ids: BTreeMap<usize, String>,
    credentials: Vec<Credential>,
}

fn email(person: Person) -> String {
    format!("p{person}@example.com")
}

impl Driver {
    /// On tables that nobody has written to, but for the catalogue.
    pub fn on(world: &World) -> Self {
        Self { world: world.clone(), ids: BTreeMap::new(), credentials: Vec::new() }
    }

    fn id(&self, number: usize) -> &str {
        self.ids.get(&number).map_or(ABSENT, String::as_str)
    }

    fn account(&self, person: Person) -> String {
        let sql =
            format!("SELECT coalesce((SELECT account_id FROM account WHERE email = '{}'), '{ABSENT}')", email(person));
        self.world.database.value(&sql)
    }

    /// The latest credential of a member, or a new one.
    fn client(&mut self, by: By, model: &Model) -> Client {
        let member = &model.orgs[&by.org].members[&by.person];
        let is = |one: &&Credential| {
            (one.by.org, one.by.person, one.since, one.epoch) == (by.org, by.person, member.since, member.epoch)
        };
        if let Some(known) = self.credentials.iter().find(is) {
            return self.world.bearer(&known.text);
        }
        let text = self.world.full_token_for(&self.account(by.person), self.id(by.org));
        let client = self.world.bearer(&text);
        self.credentials.push(Credential { by, since: member.since, epoch: member.epoch, text, alive: true });
        client
    }

    fn role(&self, named: &Named, model: &Model) -> Value {
        match named {
            Named::Words(product, role) => json!({"product": product, "role": role}),
            Named::Id(org, role) => json!({"role_id": self.role_id((*org, *role), model)}),
        }
    }

    fn role_id(&self, (org, role): (Org, Role), model: &Model) -> String {
        match role {
            Role::Own(key) => self.id(key).to_owned(),
            Role::Catalogue(..) => {
                let name = model.orgs[&org].name(role);
                let sql = format!(
                    "SELECT role_id FROM role WHERE organization_id IS NULL AND product || '/' || role = '{name}'"
                );
                self.world.database.value(&sql)
            }
        }
    }

    /// Asks it of the router. `before` is the model as it was, `next` the number that the model gives to what is new.
    pub fn perform(&mut self, call: &Call, before: &Model, after: &Model) -> Verdict {
        let audited = self.world.rows("audit_log");
        let organizations = "/v2/organizations";
        let path = |driver: &Self, by: &By, path: Org| match by.org == path {
            true => format!("{organizations}/my"),
            false => format!("{organizations}/{}", driver.id(path)),
        };
        let answer = match call {
            Call::Dead => {
                let ended = self.credentials.iter().rev().find(|one| !one.alive).map(|one| one.text.clone());
                let Some(ended) = ended else { return Err(No::Unauthenticated) };
                let body = json!({"email": "nobody@example.com"});
                self.world.bearer(&ended).post("/v2/accounts", &body)
            }
            Call::SignUp { person } => {
                let body = json!({"email": email(*person), "organization": {"name": "Acme"}});
                self.world.anonymous().post(organizations, &body)
            }
            Call::Found { by } => {
                self.client(*by, before).post(organizations, &json!({"organization": {"name": "Acme"}}))
            }
            Call::Add { by, person, roles } => {
                let mut body = json!({"email": email(*person)});
                if !roles.is_empty() {
                    body["roles"] = roles.iter().map(|role| self.role(role, before)).collect();
                }
                self.client(*by, before).post("/v2/accounts", &body)
            }
            Call::Remove { by, person } => {
                let path = format!("/v2/accounts/{}", self.account(*person));
                self.client(*by, before).delete(&path)
            }
            Call::SetRoles { by, person, set, delete } => {
                let list = |roles: &[Named]| -> Value { roles.iter().map(|role| self.role(role, before)).collect() };
                let body = json!({"set_roles": list(set), "delete_roles": list(delete)});
                let path = format!("/v2/accounts/{}/roles", self.account(*person));
                self.client(*by, before).put(&path, &body)
            }
            Call::Suspend { by, person, product, suspended } => {
                let path = format!("/v2/accounts/{}/suspension", self.account(*person));
                self.client(*by, before).put(&path, &json!({"product": product, "suspended": suspended}))
            }
            Call::Enable { by, path: at, product } => {
                let path = format!("{}/products", path(self, by, *at));
                self.client(*by, before).post(&path, &json!({"product": product}))
            }
            Call::Disable { by, path: at, product } => {
                let path = format!("{}/products/{product}", path(self, by, *at));
                self.client(*by, before).delete(&path)
            }
            Call::CreateRole { by, product, name, scopes } => {
                let scopes: Vec<_> = scopes.iter().copied().collect();
                let body = json!({"product": product, "role": name, "scope": scopes.join(",")});
                self.client(*by, before).post("/v2/roles", &body)
            }
            Call::UpdateRole { by, role, name, scopes } => {
                let mut body = json!({});
                if let Some(name) = name {
                    body["role"] = json!(name);
                }
                if let Some(scopes) = scopes {
                    body["scope"] = json!(scopes.iter().copied().collect::<Vec<_>>().join(","));
                }
                let path = format!("/v2/roles/{}", self.role_id(*role, before));
                self.client(*by, before).patch(&path, &body)
            }
            Call::DeleteRole { by, role } => {
                let path = format!("/v2/roles/{}", self.role_id(*role, before));
                self.client(*by, before).delete(&path)
            }
            Call::Transfer { by, path: at, heir } => {
                let path = format!("{}/ownership", path(self, by, *at));
                let body = json!({"account_id": self.account(*heir)});
                self.client(*by, before).post(&path, &body)
            }
            Call::DeleteOrganization { by, repeated } => {
                let body = json!({"organization_id": self.id(*repeated)}).to_string();
                self.client(*by, before).send(http::Method::DELETE, "/v2/organizations/my", body.into())
            }
            Call::Mode { by, path: at, strict } => {
                let path = path(self, by, *at);
                let mode = if *strict { "strict" } else { "lax" };
                self.client(*by, before).patch(&path, &json!({"invitation_mode": mode}))
            }
            Call::Invite { by, person, product, role } => {
                let mut body = json!({"email": email(*person), "name": "Guest", "product": product});
                if let Some(role) = role {
                    body["role"] = json!(role);
                }
                self.client(*by, before).post(PATH, &body)
            }
            Call::Approve { by, invitation, role } => {
                let path = format!("{PATH}/{}", self.id(invitation.1));
                self.client(*by, before).put(&path, &json!({"role": role}))
            }
            Call::Decline { by, invitation } => {
                let path = format!("{PATH}/{}", self.id(invitation.1));
                self.client(*by, before).delete(&path)
            }
            Call::Accept { person, invitation } => {
                self.accept(*person, *invitation, before);
                let state = format!("SELECT state FROM invitation WHERE invitation_id = '{}'", self.id(invitation.1));
                let accepted = before.orgs[&invitation.0].invitations[&invitation.1].state != Waiting::Accepted
                    && self.world.database.value::<String>(&state) == "accepted";
                return if accepted { Ok((200, self.audited_since(audited))) } else { Err(No::Page) };
            }
            Call::AskAccess { by, product } => {
                let open = self.world.rows("invitation");
                self.ask_access(*by, product);
                if self.world.rows("invitation") == open {
                    return Err(No::Page);
                }
                let id = self.world.database.value("SELECT invitation_id FROM invitation ORDER BY rowid DESC LIMIT 1");
                self.ids.insert(after.next, id);
                return Ok((200, self.audited_since(audited)));
            }
            Call::AskMerge { by, source, keep } => {
                let keep: BTreeMap<_, _> =
                    keep.iter().map(|(product, org)| (*product, self.id(*org).to_owned())).collect();
                let body = json!({"source_organization_id": self.id(*source), "keep": keep});
                self.client(*by, before).post("/v2/organizations/my/merges", &body)
            }
            Call::ApproveMerge { by, merge } => {
                let path = format!("/v2/organizations/my/merges/{}/approve", self.id(*merge));
                self.client(*by, before).post(&path, &json!({}))
            }
            Call::WithdrawMerge { by, merge } => {
                let path = format!("/v2/organizations/my/merges/{}", self.id(*merge));
                self.client(*by, before).delete(&path)
            }
        };
        self.world.database.execute("UPDATE account SET email_verified = 1 WHERE email_verified = 0");
        self.learn(call, &answer, before, after);
        verdict(&answer, self.audited_since(audited))
    }

    fn audited_since(&self, before: i64) -> usize {
        usize::try_from(self.world.rows("audit_log") - before).expect("it only grows")
    }

    /// Keeps the ids of what is new. The model has numbered it last of all.
    fn learn(&mut self, call: &Call, answer: &Answer, before: &Model, after: &Model) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        let fresh = |mut numbers: Box<dyn Iterator<Item = usize> + '_>| numbers.find(|number| *number > before.next);
        let (number, id) = match call {
            Call::SignUp { .. } | Call::Found { .. } => {
                (fresh(Box::new(after.orgs.keys().copied())), text(&body["organization"]["organization_id"]))
            }
            Call::CreateRole { by, .. } => {
                let own = after.orgs.get(&by.org).map(|organization| organization.own.keys().copied());
                (own.and_then(|own| fresh(Box::new(own))), text(&body["role_id"]))
            }
            Call::Invite { by, .. } => {
                let all = after.orgs.get(&by.org).map(|organization| organization.invitations.keys().copied());
                (all.and_then(|all| fresh(Box::new(all))), text(&body["invitation_id"]))
            }
            Call::AskMerge { .. } => (fresh(Box::new(after.merges.keys().copied())), text(&body["merge_id"])),
            _ => (None, None),
        };
        if let Some((number, id)) = number.zip(id) {
            self.ids.insert(number, id);
        }
    }

    /// Opens the link as the mail would carry it and accepts, if the page lets.
    fn accept(&self, person: Person, (org, key): (Org, usize), model: &Model) {
        let id = self.id(key);
        if self.world.rows(&format!("mail_token WHERE invitation_id = '{id}'")) != 1 {
            return;
        }
        let link = self.world.link_of(id);
        let member_of = |(home, other): (&Org, &Organization)| Some((!other.members.get(&person)?.suspended, *home));
        let _ = org;
        let Some((free, home)) = model.orgs.iter().filter_map(member_of).max() else {
            let browser = self.world.browser();
            let page = browser.get(&link);
            let Some(token) = hidden(&page.text, "token") else { return };
            let fields = [("token", token.as_str()), ("name", "Guest"), ("password", "BG0SaleEBL")];
            if hidden(&page.text, "form").is_some() {
                browser.post("/invitation/signup", &fields);
            }
            return;
        };
        let browser = self.world.browser();
        match free {
            true => browser.sign_in_as(&self.account(person), self.id(home)),
            false => browser.sign_in_nowhere(&self.account(person)),
        };
        let page = browser.get(&link);
        if let (Some(token), Some(_)) = (hidden(&page.text, "token"), hidden(&page.text, "form")) {
            browser.post("/invitation", &[("token", &token), ("decision", "accept")]);
        }
    }

    /// Signs in to the product's application and asks for access where that is what the page offers.
    fn ask_access(&self, by: By, product: &str) {
        let client: String =
            self.world.database.value(&format!("SELECT client_id FROM client WHERE product = '{product}'"));
        let uri = format!("https://{}.example/", product.to_lowercase());
        let request = [
            ("response_type", "token"),
            ("client_id", &client),
            ("redirect_uri", &uri),
            ("organization_id", self.id(by.org)),
        ];
        let browser = self.world.browser_of(&self.account(by.person), self.id(by.org));
        let page = browser.get(&url("/", &request));
        if page.text.contains("action=\"/access") && hidden(&page.text, "form").is_some() {
            browser.post("/access", &[("decision", "request")]);
        }
    }

    /// Everything, one line each, as `Model::lines`.
    pub fn lines(&self) -> BTreeSet<String> {
        let numbers: BTreeMap<&str, usize> = self.ids.iter().map(|(number, id)| (id.as_str(), *number)).collect();
        let number = |id: &str| numbers.get(id).map_or_else(|| format!("?{id}"), ToString::to_string);
        let texts = [
            "SELECT organization_id, 'mode ' || invitation_mode, '' FROM organization",
            "SELECT organization_id, 'product ' || product, '' FROM organization_product",
            "SELECT organization_id, 'role ' || product || '/' || role || ' ' || (SELECT group_concat(scope) FROM (
               SELECT scope FROM role_scope WHERE role_scope.role_id = role.role_id ORDER BY scope)), ''
             FROM role WHERE organization_id IS NOT NULL",
            "SELECT organization_id, 'member ' || substr(email, 1, instr(email, '@') - 1) || iif(suspended, ' suspended', ' active'), ''
             FROM membership JOIN account USING (account_id)",
            "SELECT held.organization_id, substr(email, 1, instr(email, '@') - 1) || ' is ' || role.product || '/' || role.role
               || iif(role.organization_id IS NULL, '', '*'), ''
             FROM membership_role AS held JOIN account USING (account_id) JOIN role USING (role_id)",
            "SELECT organization_id, substr(email, 1, instr(email, '@') - 1) || ' not in ' || product, ''
             FROM product_suspension JOIN account USING (account_id)",
            "SELECT organization_id, 'invitation # ' || kind || ' ' || substr(email, 1, instr(email, '@') - 1) || ' '
               || invitation.product || ' ' || state || ' ' || coalesce((SELECT product || '/' || role
               || iif(role.organization_id IS NULL, '', '*') FROM role WHERE role.role_id = invitation.role_id), '-'), invitation_id
             FROM invitation",
            "SELECT '', 'merge # ' || organization_id || '<' || source_organization_id || ' ' || state, merge_id FROM organization_merge",
            "SELECT '', 'account ' || substr(email, 1, instr(email, '@') - 1), '' FROM account",
        ];
        let connection = self.world.database.raw();
        let mut lines = BTreeSet::new();
        for text in texts {
            let mut statement = connection.prepare(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let mut rows = statement.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                let get = |at: usize| row.get::<_, String>(at).expect("a text");
                let (org, line, key) = (get(0), get(1), get(2));
                let line = line.replace('#', &number(&key));
                let line = match line.starts_with("merge") {
                    true => numbers.iter().fold(line, |line, (id, number)| line.replace(id, &number.to_string())),
                    false => line,
                };
                lines.insert(if org.is_empty() { line } else { format!("{} {line}", number(&org)) });
            }
        }
        lines
    }

    /// What must hold whatever was done.
    pub fn broken_invariants(&self) -> Vec<&'static str> {
        const ONE_OWNER: &str = "SELECT count(*) FROM organization AS o WHERE 1 <> (SELECT count(*) FROM membership_role AS held
            JOIN role USING (role_id) WHERE held.organization_id = o.organization_id AND role.product = 'Accounts' AND role.role = 'owner')";
        let rules = [
            ("one owner", ONE_OWNER),
            ("one primary role each", "SELECT count(*) FROM membership AS m WHERE 1 <> (SELECT count(*) FROM membership_role AS held
                WHERE held.organization_id = m.organization_id AND held.account_id = m.account_id AND held.type = 'primary')"),
            ("one secondary role a product", "SELECT count(*) FROM (SELECT 1 FROM membership_role WHERE type = 'secondary'
                GROUP BY organization_id, account_id, product HAVING count(*) > 1)"),
            ("roles of products that it has", "SELECT count(*) FROM membership_role AS held WHERE product <> 'Accounts' AND NOT EXISTS (
                SELECT 1 FROM organization_product AS has WHERE has.organization_id = held.organization_id AND has.product = held.product)"),
            ("own roles only", "SELECT count(*) FROM membership_role AS held JOIN role USING (role_id)
                WHERE role.organization_id <> held.organization_id"),
            ("nobody is homeless", "SELECT count(*) FROM account WHERE account_id NOT IN (SELECT account_id FROM membership)"),
            ("the default is one's own", "SELECT count(*) FROM account WHERE NOT EXISTS (SELECT 1 FROM membership AS m
                WHERE m.account_id = account.account_id AND m.organization_id = account.default_organization_id)"),
            ("the owner is not suspended", "SELECT count(*) FROM membership AS m JOIN membership_role AS held USING (organization_id, account_id)
                JOIN role USING (role_id) WHERE m.suspended AND role.role = 'owner' AND role.product = 'Accounts'"),
            ("invitations of members end with them", "SELECT count(*) FROM invitation WHERE account_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM membership AS m WHERE m.organization_id = invitation.organization_id AND m.account_id = invitation.account_id)"),
            ("no foreign key hangs", "SELECT count(*) FROM pragma_foreign_key_check"),
            ("every audit row has its detail, but of who is gone", "SELECT count(*) FROM audit_log WHERE organization_id IS NOT NULL
                AND actor_kind = 'account' AND action NOT LIKE '%.merge' AND target_kind <> 'invitation'
                AND audit_id NOT IN (SELECT audit_id FROM audit_detail) AND actor_id IN (SELECT account_id FROM account)
                AND (target_kind <> 'account' OR target_id IN (SELECT account_id FROM account))"),
            ("no detail is of who is gone", "SELECT count(*) FROM audit_detail JOIN audit_log USING (audit_id)
                WHERE actor_id NOT IN (SELECT account_id FROM account)
                OR target_kind = 'account' AND target_id NOT IN (SELECT account_id FROM account)"),
        ];
        rules.into_iter().filter(|(_, sql)| self.world.database.value::<i64>(sql) != 0).map(|(rule, _)| rule).collect()
    }

    /// Tries the credentials whose standing the step has changed, and one more.
    pub fn wrong_credentials(&mut self, model: &Model, dice: &mut Dice) -> Vec<String> {
        let further = if self.credentials.is_empty() { 0 } else { dice.below(self.credentials.len()) };
        let mut wrong = Vec::new();
        for (at, one) in self.credentials.iter_mut().enumerate() {
            let alive = model.alive(one.by.org, one.by.person, one.since, one.epoch);
            if alive == one.alive && at != further {
                continue;
            }
            let status = self.world.bearer(&one.text).get("/v2/organizations").status.as_u16();
            if status != if alive { 200 } else { 401 } {
                wrong.push(format!("{:?} should be {}: {status}", one.by, if alive { "alive" } else { "dead" }));
            }
            one.alive = alive;
        }
        wrong
    }

    /// What the owners are shown, where it is not what the model has.
    pub fn wrong_answers(&mut self, model: &Model) -> Vec<String> {
        let mut wrong = Vec::new();
        for (org, organization) in &model.orgs {
            let owner = self.client(By { org: *org, person: organization.owner() }, model);
            let mut check = |what: &str, seen: BTreeSet<String>, expected: BTreeSet<String>| {
                if seen != expected {
                    wrong.push(format!("{org} {what}: {seen:?}, not {expected:?}"));
                }
            };
            let list = |path: &str| owner.get(path).json().as_array().cloned().unwrap_or_default();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let of_role = |role: &Value| {
                let own = if role["predefined"] == true { "" } else { "*" };
                format!("{}/{}{own}", text(&role["product"]), text(&role["role"]))
            };
            let accounts = list("/v2/accounts");
            let seen = accounts.iter().map(|account| {
                let roles: BTreeSet<_> = account["roles"].as_array().expect("roles").iter().map(of_role).collect();
                format!("{} {roles:?}", text(&account["email"]))
            });
            let expected = organization.members.iter().map(|(person, member)| {
                let roles: BTreeSet<_> = member.roles.iter().map(|role| organization.name(*role)).collect();
                format!("{} {roles:?}", email(*person))
            });
            check("accounts", seen.collect(), expected.collect());
            let seen = list("/v2/organizations/my/products").iter().map(|product| text(&product["product"])).collect();
            check("products", seen, organization.products.iter().map(|product| (*product).to_owned()).collect());
            let seen = list("/v2/roles").iter().filter(|role| role["predefined"] == false).map(of_role).collect();
            check("roles", seen, organization.own.keys().map(|key| organization.name(Role::Own(*key))).collect());
            let seen = list(PATH)
                .iter()
                .map(|one| format!("{} {}", text(&one["invitation_id"]), text(&one["state"])))
                .collect();
            let waiting = organization.invitations.iter().filter_map(|(key, one)| match one.state {
                Waiting::Pending => Some(format!("{} pending", self.ids[key])),
                Waiting::Approved => Some(format!("{} approved", self.ids[key])),
                _ => None,
            });
            check("invitations", seen, waiting.collect());
            let listed = list("/v2/organizations/my/merges");
            let seen = listed.iter().map(|one| format!("{} {}", text(&one["merge_id"]), text(&one["state"])));
            let merges = model.merges.iter().filter(|(_, merge)| [merge.stays, merge.ends].contains(org));
            let expected = merges.map(|(key, merge)| {
                let state = if merge.state == "pending" && !model.still_open(merge) { "expired" } else { merge.state };
                format!("{} {state}", self.ids[key])
            });
            check("merges", seen.map(over).collect(), expected.map(over).collect());
        }
        wrong
    }
}

/// An open merge that nobody can approve any more, and one that a later request has closed, are shown alike.
fn over(line: String) -> String {
    line.replace("expired", "over").replace("withdrawn", "over")
}

fn verdict(answer: &Answer, audited: usize) -> Verdict {
    let scope = answer.text.contains("\"insufficient_scope\"");
    match answer.status.as_u16() {
        status @ 200..=299 => Ok((status, audited)),
        status if audited > 0 => panic!("{status} was written down: {}", answer.text),
        401 => Err(No::Unauthenticated),
        403 if scope => Err(No::Scope),
        403 => Err(No::Forbidden),
        404 => Err(No::NotFound),
        409 => Err(No::Conflict),
        422 => Err(No::Invalid),
        status => panic!("{status}: {}", answer.text),
    }
}
