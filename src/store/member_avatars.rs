//! The pictures that members have in one organization.

use serde::Deserialize;

use super::caller_organization;
use crate::domain::id::{AccountId, AvatarId};
use crate::domain::picture::Picture;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// A member's picture without its bytes.
#[derive(Debug, Deserialize)]
pub struct MemberAvatarRow {
    /// Names the bytes; new with every change.
    pub avatar_id: AvatarId,
    /// A link instead of bytes.
    pub avatar_url: Option<String>,
}

/// What a member's picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Avatar {
    /// Somewhere else; shown, never fetched.
    Link(String),
    /// Here.
    Picture(Picture),
}

/// A member's picture in the caller's organization; `None` is the caller.
pub fn find_for_caller(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(
        "SELECT avatar_id, avatar_url FROM member_avatar WHERE (organization_id, account_id) = (
  SELECT organization_id, coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(account)
}

/// Marks the picture of a member of the caller's organization as changed, if there is one. So that an audit row of its
/// removal is written only if this changed a row, and tells what it was.
pub fn touch(caller: &Digest, account: Option<AccountId>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE member_avatar SET updated_at = ?3 WHERE (organization_id, account_id) = (
  SELECT organization_id, coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(account)
    .bind(now)
}

/// Takes the picture of a member of the caller's organization away.
pub fn delete(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(
        "DELETE FROM member_avatar WHERE (organization_id, account_id) = (
  SELECT organization_id, coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(account)
}

/// Gives a member of the caller's organization a picture, in place of any other.
pub fn set(caller: &Digest, account: Option<AccountId>, id: AvatarId, avatar: &Avatar, now: Timestamp) -> Statement {
    let (link, picture) = match avatar {
        Avatar::Link(link) => (Some(link.as_str()), None),
        Avatar::Picture(picture) => (None, Some(picture)),
    };
    Statement::new(concat!(
        "INSERT INTO member_avatar (organization_id, account_id, avatar_id, avatar_url, updated_at, content_type, image)
SELECT ",
        caller_organization!(),
        ", coalesce(?2, account_id), ?3, ?4, ?5, ?6, ?7 FROM live_caller WHERE token_digest = ?1
ON CONFLICT (organization_id, account_id) DO UPDATE SET avatar_id = excluded.avatar_id,
  avatar_url = excluded.avatar_url, updated_at = excluded.updated_at, content_type = excluded.content_type,
  image = excluded.image"
    ))
    .bind(caller)
    .bind(account)
    .bind(id)
    .bind(link)
    .bind(now)
    .bind(picture.map(|picture| picture.format.media_type()))
    .bind(picture.map(|picture| picture.bytes.clone()))
}

/// SQL of a member's link as of now, for an audit row that is written before the change.
pub const BEFORE: &str = "(SELECT json_object('avatar_url', avatar_url) FROM member_avatar
  WHERE member_avatar.organization_id = audit_log.organization_id AND member_avatar.account_id = audit_log.target_id)";

/// One piece of a picture's bytes.
#[derive(Debug, Deserialize)]
pub struct PieceRow {
    /// What the whole is.
    pub content_type: String,
    /// Hexadecimal: a row travels as JSON, in which bytes would be numbers in words.
    piece: String,
}

impl PieceRow {
    /// The bytes.
    pub fn bytes(&self) -> impl Iterator<Item = u8> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        self.piece
            .as_bytes()
            .as_chunks()
            .0
            .iter()
            .filter_map(move |[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
    }
}

/// The bytes of a picture in order, in pieces of 256 KiB: no row comes near the 2 MB that a row may have. No row at all
/// if there is no such picture.
pub fn read(id: AvatarId) -> Statement {
    Statement::new(
        "SELECT picture.content_type, hex(substr(picture.image, 1 + piece.value, 262144)) AS piece
FROM json_each('[0, 262144, 524288, 786432]') AS piece
CROSS JOIN member_avatar AS picture ON picture.avatar_id = ?1 AND piece.value < length(picture.image)
ORDER BY piece.key",
    )
    .bind(id)
}
