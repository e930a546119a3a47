//! One merge of an organization.

use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::id::MergeId;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::merges::{self, Merge, Place};

/// A merge as it stands, and while it is open what it would do as of now.
pub struct MergeScreen {
    /// Who looks: the owner of one of the two organizations.
    pub viewer: Viewer,
    /// At what.
    pub merge: Merge,
}

/// For the two owners; everybody else finds nothing.
pub async fn read(app: &App, caller: &Caller, merge: MergeId) -> Result<MergeScreen, Failure> {
    let caller = caller.before(Screen::Merge);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    merges::guard(&mut batch, Place { organization: None, merge });
    let viewer = Viewer::begin(&mut batch);
    let slots = merges::find(&mut batch, merge, app.now());
    let outcome = batch.run(|name| merges::refused(name, merge)).await?;
    Ok(MergeScreen { viewer: Viewer::of(&outcome, viewer)?, merge: merges::found(&outcome, slots)? })
}
