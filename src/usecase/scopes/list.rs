//! The scopes that applications and personal tokens may ask for.

use super::ScopeRow;
use crate::app::App;
use crate::store::scopes;
use crate::usecase::{Failure, present};

/// All of them, for anyone. Private scopes, which only product clients have, are not among them.
pub async fn list(app: &App) -> Result<Vec<ScopeRow>, Failure> {
    let rows = app.batch(&[scopes::list_public()]).await?;
    Ok(present(rows.first())?.all()?)
}
