//! One organization with an owner, an administrator and a member, each with a token that their roles alone limit.

use http::StatusCode;
use serde_json::{Value, json};

use super::client::{Client, World};

pub const OWNER: &str = "728b99be-848c-11ea-9b91-005056a00001";
pub const ADMINISTRATOR: &str = "728b99be-848c-11ea-9b91-005056a007e9";
pub const MEMBER: &str = "728b99be-848c-11ea-9b91-005056a00002";
pub const BILLING_EDITOR: &str = "728b99be-848c-11ea-9b91-005056a00003";

/// Somebody of the organization.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub client: Client,
}

/// The organization.
#[derive(Clone)]
pub struct Cast {
    pub world: World,
    pub organization: String,
    pub owner: Person,
    pub administrator: Person,
    pub member: Person,
}

impl Default for Cast {
    fn default() -> Self {
        Self::of(World::default(), "owner@example.com")
    }
}

impl Cast {
    /// The organization of the person who signs up with this address.
    pub fn of(world: World, email: &str) -> Self {
        let (client, created) = world.sign_up(email);
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        let organization = text(&created["organization"]["organization_id"]);
        let owner = Person { id: text(&created["account_id"]), client };
        let mut cast = Self { world, organization, administrator: owner.clone(), member: owner.clone(), owner };
        cast.administrator = cast.hire(&format!("administrator.of.{email}"), &[ADMINISTRATOR]);
        cast.member = cast.hire(&format!("member.of.{email}"), &[]);
        cast
    }

    /// A new member with these roles.
    pub fn hire(&self, email: &str, roles: &[&str]) -> Person {
        let roles: Vec<Value> = roles.iter().map(|id| json!({"role_id": id})).collect();
        let answer = self.owner.client.post("/v2/accounts", &json!({"email": email, "roles": roles}));
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let id = answer.json()["account_id"].as_str().expect("an id").to_owned();
        self.person(&id)
    }

    /// A member with a token that the roles alone limit.
    pub fn person(&self, account: &str) -> Person {
        let client = self.world.bearer(&self.world.full_token_for(account, &self.organization));
        Person { id: account.to_owned(), client }
    }

    /// The same person with a token of these scopes only.
    pub fn with_scopes(&self, person: &Person, scopes: &[&str]) -> Client {
        self.world.bearer(&self.world.token_for(&person.id, &self.organization, scopes))
    }

    /// Makes the organization have a product.
    pub fn enable(&self, product: &str) {
        self.world.database.execute(&format!(
            "INSERT INTO organization_product (organization_id, product, created_at) VALUES ('{}', '{product}', 0)",
            self.organization
        ));
    }

    /// The id of a role of the catalogue.
    pub fn role(&self, product: &str, role: &str) -> String {
        let sql = format!(
            "SELECT role_id FROM role WHERE product = '{product}' AND role = '{role}' AND organization_id IS NULL"
        );
        self.world.database.value(&sql)
    }

    /// `Product/role` of everything that a member holds, in order; empty for who is no member.
    pub fn roles_of(&self, account: &str) -> String {
        self.world.database.value(&format!(
            "SELECT coalesce(group_concat(name), '') FROM (SELECT role.product || '/' || role.role AS name
             FROM membership_role JOIN role USING (role_id)
             WHERE membership_role.organization_id = '{}' AND account_id = '{account}' ORDER BY name)",
            self.organization
        ))
    }

    /// How often something is in the audit log of the organization.
    pub fn audited(&self, action: &str) -> i64 {
        self.world.database.value(&format!(
            "SELECT count(*) FROM audit_log JOIN audit_detail USING (audit_id)
             WHERE action = '{action}' AND organization_id = '{}'",
            self.organization
        ))
    }
}
