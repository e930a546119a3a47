//! A picture's bytes.

use crate::app::App;
use crate::domain::id::AvatarId;
use crate::store::member_avatars::{self, PieceRow};
use crate::usecase::{Failure, present};

/// As they were stored.
pub struct Stored {
    /// Media type: PNG or JPEG.
    pub content_type: String,
    /// Unchanged.
    pub bytes: Vec<u8>,
}

/// For anyone who knows the picture's id, which nobody can guess; `None` for one that is not (or no longer) there.
pub async fn picture(app: &App, id: AvatarId) -> Result<Option<Stored>, Failure> {
    let rows = app.batch(&[member_avatars::read(id)]).await?;
    let pieces: Vec<PieceRow> = present(rows.first())?.all()?;
    let bytes = pieces.iter().flat_map(PieceRow::bytes).collect();
    Ok(pieces.into_iter().next().map(|first| Stored { content_type: first.content_type, bytes }))
}
