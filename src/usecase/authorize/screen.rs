//! From what is missing to a page that asks for it.

use super::facts::{self, Facts};
use super::{ApplicationShown, Asks, Handle, OrganizationShown, PersonShown, Screen};
use crate::domain::id::OrganizationId;
use crate::domain::scope;
use crate::oauth::authorize::AuthorizationRequest;
use crate::oauth::interaction::{ACCOUNTS, Granted, Next};
use crate::store::browser_sessions::{MembershipRow, PersonRow};
use crate::usecase::{Failure, present};

/// The sign-in form.
pub(super) fn sign_in(facts: &Facts, request: Option<&AuthorizationRequest>, handle: Handle) -> Screen {
    let email = request.and_then(|request| request.email_hint.clone());
    Screen { application: application(facts, request), handle, person: None, asks: Asks::SignIn { email } }
}

/// For whom nobody is signed in: the form, or the second step of who has filled it in.
pub(super) fn not_signed_in(facts: &Facts, request: Option<&AuthorizationRequest>, handle: Handle) -> Screen {
    let form = sign_in(facts, request, handle);
    match facts.half {
        Some(_) => Screen { asks: Asks::SecondStep, ..form },
        None => form,
    }
}

/// The page for what is missing; `None` when nothing is.
pub(super) fn of(
    facts: &Facts,
    request: &AuthorizationRequest,
    handle: Handle,
    next: &Next,
) -> Result<Option<Screen>, Failure> {
    let product = || facts.application().map(|application| application.product.clone().unwrap_or_default());
    let others = facts.memberships.len() > 1;
    let asks = match next {
        Next::Grant(_) => return Ok(None),
        Next::ChooseOrganization(ids) => {
            Asks::Organization(ids.iter().filter_map(|id| find(facts, *id)).map(organization).collect())
        }
        Next::SetUpSecondFactor(id) => Asks::SetUpSecondFactor { organization: title(facts, *id)? },
        Next::RequestAccess(id) => {
            let product = product()?;
            let suspended = is_suspended(facts, *id, &product);
            Asks::Access { product, organization: title(facts, *id)?, suspended, others }
        }
        Next::ActivateProduct(id) => Asks::Product {
            product: product()?,
            organization: title(facts, *id)?,
            can_activate: can_activate(facts, *id, &product()?),
            others,
        },
        Next::Consent(granted) => {
            Asks::Consent { organization: title(facts, granted.organization)?, scopes: words(facts, granted)? }
        }
    };
    let person = facts.person.as_ref().map(person);
    Ok(Some(Screen { application: application(facts, Some(request)), handle, person, asks }))
}

fn is_suspended(facts: &Facts, id: OrganizationId, product: &str) -> bool {
    let products = find(facts, id).map(|row| row.products.as_slice()).unwrap_or_default();
    products.iter().any(|own| own.product == product && own.suspended)
}

pub(super) fn person(row: &PersonRow) -> PersonShown {
    PersonShown { session: row.session_id, name: row.name.clone(), email: row.email.clone() }
}

/// What people see of an organization.
pub(super) fn organization(row: &MembershipRow) -> OrganizationShown {
    let usable = row.products.iter().filter(|own| own.product != ACCOUNTS && facts::usable(&own.state));
    OrganizationShown {
        id: row.organization_id,
        title: if row.name.is_empty() { row.organization_id.to_string() } else { row.name.clone() },
        products: usable.map(|own| (own.product.clone(), own.launch_url.clone())).collect(),
        over: facts::membership(row).is_over(),
    }
}

pub(super) fn application(facts: &Facts, request: Option<&AuthorizationRequest>) -> Option<ApplicationShown> {
    let (row, request) = (facts.application.as_ref()?, request?);
    Some(ApplicationShown { name: row.name.clone(), redirect_uri: request.redirect_uri.clone() })
}

fn find(facts: &Facts, id: OrganizationId) -> Option<&MembershipRow> {
    facts.memberships.iter().find(|row| row.organization_id == id)
}

/// Whether the organization never had the product, and the person may enable products.
pub(super) fn can_activate(facts: &Facts, id: OrganizationId, product: &str) -> bool {
    let may = |row: &MembershipRow| row.held.include("organization--my:rw");
    find(facts, id).is_some_and(|row| may(row) && row.products.iter().all(|own| own.product != product))
}

fn title(facts: &Facts, id: OrganizationId) -> Result<String, Failure> {
    present(find(facts, id)).map(|row| organization(row).title)
}

/// Each scope with the catalogue's words; one that stands in for a wider one of the client's has that one's.
fn words(facts: &Facts, granted: &Granted) -> Result<Vec<(String, String)>, Failure> {
    let of_client = &facts.application()?.scopes;
    let words = |scope: &String| {
        let exact = of_client.iter().find(|own| own.scope == *scope);
        let wider = || of_client.iter().find(|own| scope::includes(&own.scope, scope));
        exact.or_else(wider).map_or_else(|| scope.clone(), |own| own.description.clone())
    };
    Ok(granted.scopes.iter().map(|scope| (scope.clone(), words(scope))).collect())
}
