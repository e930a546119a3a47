//! A kept request goes on, after a sign-in or a choice.

use super::facts::{self, Facts};
use super::finish::{self, Finish};
use super::{ApplicationShown, Asks, Handle, Screen, Shown, Visitor, begin, named, screen};
use crate::app::App;
use crate::oauth::authorize::AuthorizationRequest;
use crate::oauth::digest::Digest;
use crate::oauth::interaction::{self, Next, Person};
use crate::oauth::refusal::OAuthRefusal;
use crate::store::authorization_requests::{self, StoredRequest};
use crate::store::half_sessions::HalfSessionRow;
use crate::usecase::{Failure, Fault, Refusal, present};

/// The application that a kept request is for, and whose second step is missing before it goes on.
pub(in crate::usecase) async fn second_step(
    app: &App,
    visitor: &Visitor,
    handle: Handle,
) -> Result<(Option<ApplicationShown>, Option<HalfSessionRow>), Failure> {
    let kept = find(app, visitor, handle).await?;
    let request = kept.request(app)?;
    Ok((screen::application(&kept.facts, request.as_ref()), kept.facts.half))
}

/// A kept request with what is true now.
pub(super) struct Kept {
    /// Names it.
    pub digest: Digest,
    /// As it was kept.
    pub stored: StoredRequest,
    /// What is true now.
    pub facts: Facts,
}

/// Answers if nothing is missing any more; otherwise shows what is. One that is unknown here, decided or too old is stale.
pub async fn resume(app: &App, visitor: &Visitor, handle: Handle) -> Result<Shown, Failure> {
    let kept = find(app, visitor, handle).await?;
    let Some(request) = kept.request(app)? else {
        return match kept.facts.person.is_some() {
            true => begin::launch(&kept.facts, handle).map(|screen| Shown::Screen(Box::new(screen))),
            false => Ok(Shown::Screen(Box::new(screen::not_signed_in(&kept.facts, None, handle)))),
        };
    };
    let Some(person) = kept.facts.person() else {
        return Ok(Shown::Screen(Box::new(screen::not_signed_in(&kept.facts, Some(&request), handle))));
    };
    let next = interaction::next(&kept.facts.wish(&request)?, &person)?;
    match &next {
        Next::Grant(granted) => {
            let Kept { digest, facts, .. } = &kept;
            let finish = Finish { facts, request: &request, granted, kept: Some(digest), consented: false };
            finish::finish(app, visitor, &finish).await
        }
        next => {
            let screen = screen::of(&kept.facts, &request, handle, next)?;
            Ok(Shown::Screen(Box::new(present(screen)?)))
        }
    }
}

/// The form of a kept request, whoever is signed in.
pub async fn sign_in_form(app: &App, visitor: &Visitor, handle: Handle) -> Result<Screen, Failure> {
    let kept = find(app, visitor, handle).await?;
    let request = kept.request(app)?;
    let email = kept.stored.email_hint.clone();
    let screen = screen::sign_in(&kept.facts, request.as_ref(), handle);
    Ok(Screen { asks: Asks::SignIn { email }, ..screen })
}

/// Two round trips: the request, and what is true about the application that it names.
pub(super) async fn find(app: &App, visitor: &Visitor, handle: Handle) -> Result<Kept, Failure> {
    let digest = Digest::of(&handle.id);
    let rows = app.batch(&[authorization_requests::find(named(&digest, visitor), app.now())]).await?;
    let stored: Option<StoredRequest> = present(rows.first())?.first()?;
    let stored = stored.ok_or(Refusal::StaleForm)?;
    let client = stored.client_id.as_deref().map(str::parse).transpose();
    let client = client.map_err(|_| Fault::Internal("a kept request of no client".into()))?;
    let facts = facts::ask(app, client.as_ref(), visitor).await?;
    Ok(Kept { digest, stored, facts })
}

impl Kept {
    /// What was asked, if it may still be; `None` for a sign-in without an application.
    pub(super) fn request(&self, app: &App) -> Result<Option<AuthorizationRequest>, Failure> {
        match self.stored.client_id {
            Some(_) => self.facts.check_again(app, &self.stored).map(Some),
            None => Ok(None),
        }
    }

    /// As [`Self::request`], where only an application's will do.
    pub(super) fn request_of_application(&self, app: &App) -> Result<AuthorizationRequest, Failure> {
        self.request(app)?
            .ok_or_else(|| OAuthRefusal::InvalidRequest("There is no application to decide about.").into())
    }

    /// Who is signed in; a session that ended meanwhile leads back to the form.
    pub(super) fn person(&self) -> Result<Person, Failure> {
        let lost = Refusal::Identity(crate::oauth::refusal::IdentityRefusal::IdentityLost);
        self.facts.person().ok_or_else(|| lost.into())
    }
}
