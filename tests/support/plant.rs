//! What a test needs before its story begins, written behind the service's back: tokens without a sign-in.

use std::time::Duration;

use global_accounts::oauth::envelope::{Kind, Minted};
use global_accounts::ports::Clock as _;

use super::client::{Client, World};

const DAY: Duration = Duration::from_hours(24);

impl World {
    /// An access token without a client, in a session of its own, with exactly these granted scopes.
    pub fn token_for(&self, account: &str, organization: &str, scopes: &[&str]) -> String {
        let token = self.mint(Kind::Access);
        self.insert_access_token(&token, account, organization, None, &serde_json::json!(scopes).to_string());
        token.text
    }

    /// As [`Self::token_for`] with every scope there is granted, so that the member's roles alone decide.
    pub fn full_token_for(&self, account: &str, organization: &str) -> String {
        let token = self.mint(Kind::Access);
        let everything: String = self.database.value("SELECT json_group_array(scope) FROM scope");
        self.insert_access_token(&token, account, organization, None, &everything);
        token.text
    }

    /// As [`Self::full_token_for`], given to an application of that organization.
    pub fn application_token_for(&self, account: &str, organization: &str) -> String {
        let client = "0123456789abcdef0123456789abcdef";
        let now = self.clock.now().millis();
        self.database.execute(&format!(
            "INSERT OR IGNORE INTO client (client_id, organization_id, name, type, created_at, updated_at)
             VALUES ('{client}', '{organization}', 'App', 'server_side_app', {now}, {now})"
        ));
        let token = self.mint(Kind::Access);
        let everything: String = self.database.value("SELECT json_group_array(scope) FROM scope");
        self.insert_access_token(&token, account, organization, Some(client), &everything);
        token.text
    }

    /// The owner of a personal token with exactly these scopes.
    pub fn personal(&self, account: &str, organization: &str, scopes: &[&str]) -> Client {
        let token = self.mint(Kind::Personal);
        let scopes = serde_json::json!(scopes).to_string();
        let (id, now) = (self.app().request_id().to_string(), self.clock.now().millis());
        let changed = self.database.raw().execute(
            "INSERT INTO personal_token (personal_token_id, token_digest, account_id, organization_id, name, scopes,
               personal_token_epoch, membership_epoch, created_at)
             SELECT ?6, ?1, ?2, ?3, 'planted', ?4, account.personal_token_epoch, membership.token_epoch, ?5
             FROM membership JOIN account USING (account_id) WHERE account_id = ?2 AND organization_id = ?3",
            (token.digest.as_str(), account, organization, scopes, now, id),
        );
        assert_eq!(changed, Ok(1), "a member");
        self.basic(account, &token.text)
    }

    fn mint(&self, kind: Kind) -> Minted {
        self.app().mint(kind, Some(self.clock.now().plus(DAY))).expect("randomness")
    }

    fn insert_access_token(
        &self,
        token: &Minted,
        account: &str,
        organization: &str,
        client: Option<&str>,
        scopes: &str,
    ) {
        let digest = token.digest.as_str();
        let session_id = self.app().request_id().to_string();
        let (now, end) = (self.clock.now().millis(), self.clock.now().plus(DAY).millis());
        let connection = self.database.raw();
        let session = connection.execute(
            "INSERT INTO session (session_id, account_id, account_epoch, identity_source, authenticated_at, created_at,
               seen_at, idle_expires_at, expires_at)
             SELECT ?1, account_id, token_epoch, 'credentials', ?3, ?3, ?3, ?4, ?4
             FROM account WHERE account_id = ?2",
            (&session_id, account, now, end),
        );
        assert_eq!(session, Ok(1), "an account");
        let changed = connection.execute(
            "INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, scopes,
               account_epoch, membership_epoch, created_at, expires_at)
             SELECT ?1, account_id, organization_id, ?4, ?8, ?5, account.token_epoch,
               membership.token_epoch, ?6, ?7
             FROM membership JOIN account USING (account_id) WHERE account_id = ?2 AND organization_id = ?3",
            (digest, account, organization, client, scopes, now, end, &session_id),
        );
        assert_eq!(changed, Ok(1), "a member");
    }
}

/// Accounts/administrator and Accounts/member, as the catalogue names them.
pub const ADMINISTRATOR: &str = "728b99be-848c-11ea-9b91-005056a007e9";
pub const MEMBER: &str = "728b99be-848c-11ea-9b91-005056a00002";

impl World {
    /// A new account with one role in an organization; gives its id.
    pub fn member_of(&self, organization: &str, email: &str, role: &str) -> String {
        let (account, now) = (self.app().request_id().to_string(), self.clock.now().millis());
        self.database
            .raw()
            .execute(
                "INSERT INTO account (account_id, email, email_key, created_at, updated_at) VALUES (?1, ?2, ?2, ?3, ?3)",
                (&account, email, now),
            )
            .expect("an account");
        self.join(&account, organization, role);
        account
    }

    /// One more organization of an account.
    pub fn join(&self, account: &str, organization: &str, role: &str) {
        let (connection, now) = (self.database.raw(), self.clock.now().millis());
        connection
            .execute(
                "INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
                (organization, account, now),
            )
            .expect("a membership");
        drop(connection);
        self.give_role(account, organization, role);
    }

    /// One more role of a member.
    pub fn give_role(&self, account: &str, organization: &str, role: &str) {
        let given = self.database.raw().execute(
            "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
             SELECT ?1, ?2, role_id, product, type, 0 FROM role WHERE role_id = ?3",
            (organization, account, role),
        );
        assert_eq!(given, Ok(1), "a role");
    }

    /// More tokens of the same session, in all else like this one.
    pub fn many_tokens_like(&self, token: &str, number: usize) -> Vec<String> {
        let like = self.app().open(Kind::Access, token).expect("a genuine token").digest;
        let connection = self.database.raw();
        let mut insert = connection
            .prepare(
                "INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, scopes,
                   account_epoch, membership_epoch, client_epoch, created_at, expires_at)
                 SELECT ?2, account_id, organization_id, client_id, session_id, scopes, account_epoch, membership_epoch,
                   client_epoch, created_at, expires_at FROM access_token WHERE token_digest = ?1",
            )
            .expect("a statement");
        let app = self.app();
        let plant = |_| {
            let minted = app.mint(Kind::Access, Some(app.now().plus(DAY))).expect("randomness");
            assert_eq!(insert.execute((like.as_str(), minted.digest.as_str())), Ok(1));
            minted.text
        };
        connection.execute_batch("BEGIN").expect("a transaction");
        let tokens = (0..number).map(plant).collect();
        connection.execute_batch("COMMIT").expect("a transaction");
        tokens
    }

    /// An access token of a client, with every scope there is granted.
    pub fn client_token_for(&self, account: &str, organization: &str, client: &str) -> String {
        let token = self.mint(Kind::Access);
        let everything: String = self.database.value("SELECT json_group_array(scope) FROM scope");
        self.insert_access_token(&token, account, organization, Some(client), &everything);
        self.database.execute(&format!(
            "UPDATE access_token SET client_epoch = (SELECT token_epoch FROM client WHERE client_id = '{client}')
             WHERE token_digest = '{}'",
            token.digest.as_str()
        ));
        token.text
    }

    /// What a member allowed an application.
    pub fn consent(&self, account: &str, organization: &str, client: &str, scopes: &[&str]) {
        let now = self.clock.now().millis();
        let planted = self.database.raw().execute(
            "INSERT INTO consent (organization_id, account_id, client_id, scopes, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            (organization, account, client, serde_json::json!(scopes).to_string(), now),
        );
        assert_eq!(planted, Ok(1));
    }

    /// How many rows a table has.
    pub fn rows(&self, table: &str) -> i64 {
        self.database.value(&format!("SELECT count(*) FROM {table}"))
    }
}
