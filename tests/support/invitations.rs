//! Invitations: sent, approved, and the link as the mail would carry it.

use global_accounts::domain::time::Timestamp;
use global_accounts::oauth::envelope::Kind;
use global_accounts::oauth::mail_link::Purpose;
use http::StatusCode;
use serde_json::{Value, json};

use super::cast::{Cast, Person};
use super::client::{Client, World};

pub const PATH: &str = "/v2/accounts/invitations";

impl World {
    /// Path and query of the link of an invitation, derived again from its row as the sender of mails does.
    pub fn link_of(&self, invitation: &str) -> String {
        let (row, digest, until): (String, String, i64) = self
            .database
            .raw()
            .query_row(
                "SELECT mail_token_id, token_digest, expires_at FROM mail_token WHERE invitation_id = ?1",
                [invitation],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .expect("a link");
        let until = Timestamp::from_millis(until);
        let minted = self.app().mail_link_token(Kind::Invite, row.parse().expect("an id"), until).expect("a key");
        assert_eq!(minted.digest.as_str(), digest, "the row's own link");
        Purpose::Invite.link("", &minted.text)
    }

    /// The token of a link.
    pub fn token_of(&self, invitation: &str) -> String {
        self.link_of(invitation).split_once("token=").expect("a token").1.to_owned()
    }
}

impl Cast {
    /// An approved invitation to a product with a role.
    pub fn invite(&self, email: &str, product: &str, role: &str) -> String {
        let body = json!({"email": email, "name": "Guest", "product": product, "role": role});
        invited(&self.owner.client, &body)
    }

    /// An approved invitation to LiveChat, by somebody.
    pub fn invite_by(&self, by: &Person, email: &str) -> String {
        let body = json!({"email": email, "name": "Guest", "product": "LiveChat", "role": "normal"});
        invited(&by.client, &body)
    }

    /// An invitation that waits for an approval.
    pub fn ask_for(&self, by: &Person, email: &str, product: &str) -> String {
        invited(&by.client, &json!({"email": email, "name": "Guest", "product": product}))
    }

    /// The state of an invitation; empty when it is gone.
    pub fn state_of(&self, invitation: &str) -> String {
        self.world
            .database
            .value(&format!("SELECT coalesce((SELECT state FROM invitation WHERE invitation_id = '{invitation}'), '')"))
    }

    /// Who gets a mail of this template, by address, in order.
    pub fn told(&self, template: &str) -> String {
        self.world.database.value(&format!(
            "SELECT coalesce(group_concat(email, ' '), '') FROM (
               SELECT CASE recipient_kind WHEN 'account' THEN (SELECT email FROM account WHERE account_id = recipient_id)
                 ELSE recipient_kind || ':' || (SELECT email FROM invitation WHERE invitation_id = recipient_id) END AS email
               FROM outbox WHERE template = '{template}' ORDER BY email)"
        ))
    }
}

fn invited(by: &Client, body: &Value) -> String {
    let answer = by.post(PATH, body);
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()["invitation_id"].as_str().expect("an id").to_owned()
}
