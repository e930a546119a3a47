//! Who is at the second step, and on the way to what.

use crate::app::App;
use crate::store::browser_sessions::Door;
pub use crate::store::half_sessions::HalfSessionRow;
use crate::usecase::authorize::{ApplicationShown, Handle, Visitor, resume};
use crate::usecase::{Failure, present};

/// What the page of the step shows.
pub struct SecondStep {
    /// Whose step it is, and by which means it can be taken.
    pub half: HalfSessionRow,
    /// Where the kept request leads, if there is one.
    pub application: Option<ApplicationShown>,
}

/// Two round trips where a kept request is named, one otherwise. `None`: nobody's step is missing here.
pub async fn look(app: &App, visitor: &Visitor, request: Option<Handle>) -> Result<Option<SecondStep>, Failure> {
    let Some((cookie, Door::Page)) = &visitor.session else {
        return Ok(None);
    };
    let (application, half) = match request {
        Some(handle) => resume::second_step(app, visitor, handle).await?,
        None => {
            let rows = app.batch(&[crate::store::half_sessions::find(&cookie.digest, app.now())]).await?;
            let half: Option<HalfSessionRow> = present(rows.first())?.first()?;
            (None, half.filter(HalfSessionRow::can_be_completed))
        }
    };
    Ok(half.map(|half| SecondStep { half, application }))
}
