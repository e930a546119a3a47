//! The page as an answer.

use axum::response::Response;
use http::StatusCode;

use super::visit::Visit;
use crate::domain::account::ACCOUNTS;
use crate::domain::invitation::Standing;
use crate::http::pages::{Csp, Invitation, InvitationAsks, InvitationEnd, InvitationOver, Person, Problem, respond};
use crate::oauth::envelope::{Opened, Rejected};
use crate::usecase::Failure;
use crate::usecase::invitations::by_link::{Linked, Needs, look};

/// What the page says besides what is stored.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// Of the form that was refused just now; with its status.
    pub problems: Vec<Problem>,
    /// `name` as it was written and refused.
    pub name: Option<&'a str>,
}

/// The page as of now. A link that is none of ours, or too old, costs no storage.
pub(super) async fn show(visit: &Visit<'_>, status: StatusCode, said: &Said<'_>) -> Result<Response, Failure> {
    let link = match visit.link() {
        Ok(link) => link,
        Err(Rejected::Expired) => return end(visit, InvitationOver::Expired, None),
        Err(Rejected::Malformed | Rejected::Unverified) => return end(visit, InvitationOver::Unknown, None),
    };
    match look(visit.app(), &link, visit.session()).await? {
        None => end(visit, InvitationOver::Unknown, None),
        Some(linked) => of(visit, &link, &linked, status, said),
    }
}

fn of(
    visit: &Visit<'_>,
    link: &Opened,
    linked: &Linked,
    status: StatusCode,
    said: &Said<'_>,
) -> Result<Response, Failure> {
    let over = match linked.standing {
        Standing::Open => return open(visit, link, linked, status, said),
        Standing::Accepted => InvitationOver::Accepted,
        Standing::Declined => InvitationOver::Declined,
        Standing::Expired => InvitationOver::Expired,
        Standing::Member => InvitationOver::Member,
        Standing::Gone => InvitationOver::Gone,
    };
    end(visit, over, Some(linked))
}

fn open(
    visit: &Visit<'_>,
    link: &Opened,
    linked: &Linked,
    status: StatusCode,
    said: &Said<'_>,
) -> Result<Response, Failure> {
    let (page, here, form) = (visit.call.page(), visit.address(), visit.form(link)?);
    let (row, organization) = (&linked.row, title(linked));
    let frame = page.frame_at(&here);
    let screen = Invitation {
        frame: person(linked).map_or(frame, |person| frame.with_person(person)),
        form: &form,
        token: &visit.token,
        organization: &organization,
        inviter: row.inviter.as_deref(),
        product: Some(row.product.as_str()).filter(|product| *product != ACCOUNTS),
        role: row.role.as_deref().unwrap_or_default(),
        email: &row.email,
        name: said.name.unwrap_or(&row.name),
        asks: match linked.needs() {
            Needs::Nothing => InvitationAsks::Answer,
            Needs::SignIn => InvitationAsks::SignIn,
            Needs::Account => InvitationAsks::SignUp,
        },
        min_password: visit.app().config().profile.min_password_length(),
        problems: &said.problems,
        forgot_url: Some("/forgot"),
    };
    Ok(visit.finish(respond(status, &screen, Csp::Own)?))
}

fn end(visit: &Visit<'_>, over: InvitationOver, linked: Option<&Linked>) -> Result<Response, Failure> {
    let status = match over {
        InvitationOver::Accepted | InvitationOver::Member => StatusCode::OK,
        InvitationOver::Declined | InvitationOver::Expired | InvitationOver::Gone => StatusCode::GONE,
        InvitationOver::Unknown => StatusCode::NOT_FOUND,
    };
    let (page, here) = (visit.call.page(), visit.address());
    let (organization, person) = (linked.map(title), linked.and_then(person));
    let frame = page.frame_at(&here);
    let frame = person.map_or(frame, |person| frame.with_person(person));
    let screen = InvitationEnd { frame, over, organization: organization.as_deref(), go_on_url: "/" };
    Ok(visit.finish(respond(status, &screen, Csp::Own)?))
}

fn title(linked: &Linked) -> String {
    match linked.row.organization.as_str() {
        "" => linked.row.organization_id.to_string(),
        name => name.to_owned(),
    }
}

fn person(linked: &Linked) -> Option<Person<'_>> {
    let person = linked.person.as_ref()?;
    let name = if person.name.is_empty() { &person.email } else { &person.name };
    Some(Person { name, email: &person.email })
}
