//! The person wants the product turned on.

use super::resume::find;
use super::{Handle, Visitor};
use crate::app::App;
use crate::oauth::interaction::{self, Next};
use crate::oauth::refusal::IdentityRefusal;
use crate::store::browser_sessions;
use crate::usecase::{Failure, Refusal, present};

/// Which product, for the operation that enables it: the session's pages act in its organization from here on. Whether
/// the person may enable it, that operation says.
pub async fn prepare(app: &App, visitor: &Visitor, handle: Handle) -> Result<String, Failure> {
    let kept = find(app, visitor, handle).await?;
    let request = kept.request_of_application(app)?;
    let next = interaction::next(&kept.facts.wish(&request)?, &kept.person()?)?;
    let Next::ActivateProduct(organization) = next else {
        return Err(Refusal::StaleForm.into());
    };
    let (cookie, _) = visitor.session.as_ref().ok_or(Refusal::Identity(IdentityRefusal::IdentityLost))?;
    app.batch(&[browser_sessions::act_in(&cookie.digest, Some(organization))]).await?;
    present(kept.facts.application()?.product.clone())
}
