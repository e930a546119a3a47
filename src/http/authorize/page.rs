//! From what is asked to the page that asks it.

use axum::response::Response;
use http::StatusCode;

use super::set_up_second_factor::page as set_up;
use super::visit::{SECOND_STEP, Visit};
use crate::http::pages::{self, AccessRequest, Csp, Frame, Person, Problem};
use crate::usecase::Failure;
use crate::usecase::authorize::{Asks, OrganizationShown, Screen};

/// The page of a screen. `problems` are those of a form that was sent.
pub(super) fn of(visit: &Visit<'_>, screen: &Screen, sign_up: bool, problems: &[Problem]) -> Result<Response, Failure> {
    match &screen.asks {
        Asks::SignIn { email } if sign_up => {
            let written = Written { email: email.as_deref().unwrap_or_default(), ..Written::default() };
            self::sign_up(visit, screen, &written, StatusCode::OK, problems)
        }
        Asks::SignIn { email } => {
            let written = email.as_deref().unwrap_or_default();
            sign_in(visit, screen, written, StatusCode::OK, problems)
        }
        Asks::SecondStep => visit.see_at(SECOND_STEP, screen.handle),
        _ => asked(visit, screen, AccessRequest::Ask),
    }
}

/// The sign-in form.
pub(super) fn sign_in(
    visit: &Visit<'_>,
    screen: &Screen,
    email: &str,
    status: StatusCode,
    problems: &[Problem],
) -> Result<Response, Failure> {
    let around = Around::of(visit, screen, "/signin")?;
    let page = pages::SignIn {
        frame: around.frame(visit),
        form: &around.form,
        application: application(screen),
        email,
        problems,
        sign_up_url: &around.other("/signup"),
        forgot_url: Some("/forgot"),
    };
    Ok(visit.finish(pages::respond(status, &page, around.csp)?))
}

/// What a person wrote into the sign-up form; never the password.
#[derive(Default)]
pub(super) struct Written<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub organization: &'a str,
}

/// The sign-up form.
pub(super) fn sign_up(
    visit: &Visit<'_>,
    screen: &Screen,
    written: &Written<'_>,
    status: StatusCode,
    problems: &[Problem],
) -> Result<Response, Failure> {
    let around = Around::of(visit, screen, "/signup")?;
    let challenge = visit.app().config().turnstile.as_ref().map(|turnstile| turnstile.site_key.as_str());
    let page = pages::SignUp {
        frame: around.frame(visit),
        form: &around.form,
        application: application(screen),
        email: written.email,
        name: written.name,
        organization: written.organization,
        min_password: visit.app().config().profile.min_password_length(),
        challenge,
        problems,
        sign_in_url: &around.other("/signin"),
    };
    let response = match challenge {
        Some(_) => pages::respond_with_challenge(status, &page, around.csp)?,
        None => pages::respond(status, &page, around.csp)?,
    };
    Ok(visit.finish(response))
}

/// Any page for who is signed in. `access` is where a request for access stands.
pub(super) fn asked(visit: &Visit<'_>, screen: &Screen, access: AccessRequest) -> Result<Response, Failure> {
    let around = Around::of(visit, screen, "/continue")?;
    let person = screen.person.as_ref().map(|person| Person {
        name: if person.name.is_empty() { &person.email } else { &person.name },
        email: &person.email,
    });
    let frame = Frame { person, ..around.frame(visit) };
    let (form, application) = (around.form.as_str(), application(screen));
    let respond = match &screen.asks {
        Asks::SignIn { .. } | Asks::SecondStep => return of(visit, screen, false, &[]),
        Asks::Organization(organizations) => {
            let names: Vec<Vec<&str>> = organizations.iter().map(product_names).collect();
            let ids: Vec<String> = organizations.iter().map(|organization| organization.id.to_string()).collect();
            let organizations = &shown(organizations, &ids, &names);
            pages::respond(
                StatusCode::OK,
                &pages::ChooseOrganization { frame, form, application, organizations },
                around.csp,
            )
        }
        Asks::Consent { organization, scopes } => {
            let scopes: Vec<_> =
                scopes.iter().map(|(scope, description)| pages::Scope { scope, description }).collect();
            let page = pages::Consent {
                frame,
                form,
                application: application.unwrap_or_default(),
                destination: destination(screen),
                organization,
                scopes: &scopes,
                account: screen.person.as_ref().map_or("", |person| &person.email),
            };
            pages::respond(StatusCode::OK, &page, around.csp)
        }
        Asks::SetUpSecondFactor { organization } => {
            return set_up::ask(visit, screen.handle, organization, person);
        }
        Asks::Access { product, organization, suspended, others } => {
            let state = if *suspended { AccessRequest::Suspended } else { access };
            let page = pages::RequestAccess { frame, form, product, organization, state, other_organization: *others };
            pages::respond(StatusCode::OK, &page, around.csp)
        }
        Asks::Product { product, organization, others, can_activate } => {
            let page = pages::ProductNotActivated {
                frame,
                form,
                product,
                organization,
                can_activate: *can_activate,
                other_organization: *others,
            };
            pages::respond(StatusCode::OK, &page, around.csp)
        }
        Asks::Launch { organization, others } => {
            let names: Vec<Vec<&str>> = others.iter().map(product_names).collect();
            let ids: Vec<String> = others.iter().map(|organization| organization.id.to_string()).collect();
            let launchable = organization.products.iter().filter_map(|(name, launch_url)| {
                let web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
                launch_url.as_deref().filter(web).map(|launch_url| pages::Product { name, launch_url })
            });
            let products: Vec<_> = launchable.collect();
            let page = pages::Products {
                frame,
                form,
                organization: &organization.title,
                products: &products,
                organizations: &shown(others, &ids, &names),
            };
            pages::respond(StatusCode::OK, &page, around.csp)
        }
    };
    Ok(visit.finish(respond?))
}

/// What every page of a kept request has around it.
struct Around<'a> {
    /// Where a GET shows it.
    here: String,
    /// Hidden field.
    form: String,
    /// Where its forms may lead in the end.
    csp: Csp<'a>,
    query: String,
}

impl<'a> Around<'a> {
    fn of(visit: &Visit<'_>, screen: &'a Screen, path: &str) -> Result<Self, Failure> {
        let csp = match &screen.application {
            Some(application) => Csp::FormMayLeadTo(application.redirect_uri.form_action_source()),
            None => Csp::Own,
        };
        let here = visit.address(path, screen.handle)?;
        let query = here.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        Ok(Self { here, form: visit.token(screen.handle)?, csp, query })
    }

    fn frame<'f>(&'f self, visit: &'f Visit<'_>) -> Frame<'f> {
        visit.frame(&self.here)
    }

    fn other(&self, path: &str) -> String {
        format!("{path}?{}", self.query)
    }
}

fn application(screen: &Screen) -> Option<&str> {
    screen.application.as_ref().map(|application| application.name.as_str())
}

fn destination(screen: &Screen) -> &str {
    screen.application.as_ref().map_or("", |application| application.redirect_uri.form_action_source())
}

fn product_names(organization: &OrganizationShown) -> Vec<&str> {
    organization.products.iter().map(|(name, _)| name.as_str()).collect()
}

fn shown<'a>(
    organizations: &'a [OrganizationShown],
    ids: &'a [String],
    products: &'a [Vec<&'a str>],
) -> Vec<pages::Organization<'a>> {
    let rows = organizations.iter().zip(ids).zip(products);
    rows.map(|((organization, id), products)| pages::Organization {
        id,
        title: &organization.title,
        products,
        inactive: organization.over,
    })
    .collect()
}
