//! The person wants the product turned on.

use super::resume::find;
use super::{Handle, Visitor, choose, screen};
use crate::app::App;
use crate::authz::credential::Credential;
use crate::oauth::envelope::Kind;
use crate::oauth::interaction::{self, Next};
use crate::oauth::refusal::{IdentityRefusal, OAuthRefusal};
use crate::usecase::sign_in::SignedIn;
use crate::usecase::{Failure, Fault, Refusal, present};

/// What is to be enabled, and by whom.
pub struct Prepared {
    /// The product.
    pub product: String,
    /// The session, once it acts in the organization of the request; `None` where it did before.
    pub moved: Option<Moved>,
}

/// A session that acts in another organization than before.
pub struct Moved {
    /// Its cookies from now on (row A19).
    pub cookies: SignedIn,
    /// What they open.
    pub credential: Credential,
}

/// Which product, for the operation that enables it: the session's pages act in its organization from here on. Nothing
/// moves for who may not enable products there; whether the person may, that operation says once more.
pub async fn prepare(app: &App, visitor: &Visitor, handle: Handle) -> Result<Prepared, Failure> {
    let kept = find(app, visitor, handle).await?;
    let request = kept.request_of_application(app)?;
    let next = interaction::next(&kept.facts.wish(&request)?, &kept.person()?)?;
    let Next::ActivateProduct(organization) = next else {
        return Err(Refusal::StaleForm.into());
    };
    let product = present(kept.facts.application()?.product.clone())?;
    if !screen::can_activate(&kept.facts, organization, &product) {
        return Err(OAuthRefusal::AccessDenied(None).into());
    }
    let (cookie, _) = visitor.session.as_ref().ok_or(Refusal::Identity(IdentityRefusal::IdentityLost))?;
    let person = present(kept.facts.person.as_ref())?;
    if person.organization_id == Some(organization) {
        return Ok(Prepared { product, moved: None });
    }
    let (statements, fresh) = choose::settle(app, person, cookie, organization)?;
    app.batch(&statements).await.map_err(choose::refusal)?;
    let cookies = fresh.given(app.now());
    let opened = app.open(Kind::Session, &cookies.page);
    let opened = opened.map_err(|error| Fault::Internal(format!("a cookie just minted: {error}")))?;
    Ok(Prepared { product, moved: Some(Moved { cookies, credential: Credential::Page(opened) }) })
}
