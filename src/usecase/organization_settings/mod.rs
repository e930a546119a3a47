//! What a member is in one organization alone: the picture.

pub mod get;
pub mod picture;
pub mod update;

use crate::app::App;
pub use crate::store::member_avatars::Avatar;
use crate::store::member_avatars::MemberAvatarRow;

/// Where a picture is shown from: its link, or this service's own path.
pub(super) fn address(app: &App, avatar: MemberAvatarRow) -> String {
    avatar.avatar_url.unwrap_or_else(|| format!("{}/avatars/{}", app.config().public_url, avatar.avatar_id))
}
