//! Links in mails. A row holds the digest of its link's token, never the token (row E6).

use crate::domain::id::{AccountId, InvitationId, MailTokenId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// A link that is about to be written: from `App::mail_link_token`.
#[derive(Clone, Copy, Debug)]
pub struct NewLink<'a> {
    /// Key, and what the token is derived from.
    pub id: MailTokenId,
    /// Of the token's identifier.
    pub digest: &'a Digest,
    /// The same as inside the token.
    pub expires_at: Timestamp,
}

/// Takes back the link that would set another password (row E6).
pub fn withdraw_reset(account: AccountId) -> Statement {
    Statement::new("DELETE FROM mail_token WHERE account_id = ?1 AND purpose = 'reset'").bind(account)
}

/// Takes back the link of an invitation, and the mail that waits to carry it.
pub fn withdraw_invite(invitation: InvitationId) -> Statement {
    Statement::new("DELETE FROM mail_token WHERE invitation_id = ?1").bind(invitation)
}

/// The link of an approved invitation, good for the invited address alone (row E12); nothing if there is no such
/// invitation. An invitation has one link: an older one is withdrawn first.
pub fn insert_invite(link: &NewLink<'_>, invitation: InvitationId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, invitation_id, created_at, expires_at)
SELECT ?1, ?2, 'invite', email_key, invitation_id, ?4, ?5 FROM invitation
WHERE invitation_id = ?3 AND state = 'approved'",
    )
    .bind(link.id)
    .bind(link.digest)
    .bind(invitation)
    .bind(now)
    .bind(link.expires_at)
}
