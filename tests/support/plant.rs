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
