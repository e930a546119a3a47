//! What is true now about the application and the person: read in one batch, for one decision.

use std::collections::BTreeSet;

use crate::app::App;
use crate::domain::client::{ClientId, ClientScope};
use crate::domain::time::Timestamp;
use crate::oauth::authorize::{self, AuthorizationRequest, Parameters, RegisteredClient};
use crate::oauth::interaction::{self, Audience, MemberProduct, Membership, Person, Wish};
use crate::oauth::redirect_uri::RedirectUri;
use crate::oauth::refusal::{Detail, OAuthRefusal};
use crate::ports::{Rows, Statement};
use crate::store::applications::{self, ApplicationRow};
use crate::store::authorization_requests::StoredRequest;
use crate::store::browser_sessions::{self, Door, MembershipRow, PersonRow};
use crate::store::half_sessions::{self, HalfSessionRow};
use crate::usecase::authorize::Visitor;
use crate::usecase::{Failure, Fault, present};

/// What a decision is made of.
pub(super) struct Facts {
    /// The application; `None` where none was asked about, or there is none of that name.
    pub application: Option<ApplicationRow>,
    /// Who is signed in, if anybody.
    pub person: Option<PersonRow>,
    /// Whose second step is missing, if anybody's (row M1). Nobody is signed in then.
    pub half: Option<HalfSessionRow>,
    /// Where the person belongs, suspended memberships left out.
    pub memberships: Vec<MembershipRow>,
}

/// The statements, and how many rows of answers they give.
pub(super) fn statements(client: Option<&ClientId>, visitor: &Visitor, now: Timestamp) -> Vec<Statement> {
    let mut batch: Vec<Statement> = client.map(applications::find).into_iter().collect();
    if let Some((session, door)) = &visitor.session {
        batch.push(browser_sessions::find_person(&session.digest, *door, now));
        batch.push(browser_sessions::memberships(
            &session.digest,
            *door,
            client.map(ToString::to_string).as_deref(),
            now,
        ));
        if *door == Door::Page {
            batch.push(half_sessions::find(&session.digest, now));
        }
    }
    batch
}

/// From the rows of [`statements`].
pub(super) fn read(client: Option<&ClientId>, visitor: &Visitor, rows: &[Rows]) -> Result<Facts, Failure> {
    let mut rows = rows.iter();
    let application = match client {
        Some(_) => present(rows.next())?.first()?,
        None => None,
    };
    let (person, memberships) = match &visitor.session {
        Some(_) => (present(rows.next())?.first()?, present(rows.next())?.all()?),
        None => (None, Vec::new()),
    };
    let half: Option<HalfSessionRow> = match &visitor.session {
        Some((_, Door::Page)) => present(rows.next())?.first()?,
        _ => None,
    };
    let memberships = if person.is_some() { memberships } else { Vec::new() };
    Ok(Facts { application, memberships, person, half: half.filter(HalfSessionRow::can_be_completed) })
}

/// Asks the database.
pub(super) async fn ask(app: &App, client: Option<&ClientId>, visitor: &Visitor) -> Result<Facts, Failure> {
    let batch = statements(client, visitor, app.now());
    match batch.is_empty() {
        true => Ok(Facts { application: None, person: None, half: None, memberships: Vec::new() }),
        false => read(client, visitor, &app.batch(&batch).await?),
    }
}

impl Facts {
    /// Whether the application may ask this.
    pub(super) fn check(&self, app: &App, parameters: &Parameters) -> Result<AuthorizationRequest, Failure> {
        let client = self.application.as_ref().map(registered).transpose()?;
        Ok(authorize::request(parameters, client.as_ref(), app.config().profile)?)
    }

    /// As [`Self::check`], of a request that was kept: the client may have changed since. What it asks for has not.
    pub(super) fn check_again(&self, app: &App, kept: &StoredRequest) -> Result<AuthorizationRequest, Failure> {
        let parameters = Parameters {
            response_type: kept.response_type.clone(),
            client_id: kept.client_id.clone(),
            redirect_uri: kept.redirect_uri.clone(),
            state: kept.state.clone(),
            scope: (!kept.scopes.is_empty()).then(|| Vec::from_iter(kept.scopes.clone()).join(",")),
            prompt: kept.prompt_consent.then(|| "consent".to_owned()),
            code_challenge: kept.code_challenge.clone(),
            code_challenge_method: kept.code_challenge_method.clone(),
            organization_id: kept.organization_id.map(|id| id.to_string()),
            email: kept.email_hint.clone(),
            flow: (kept.flow == "button").then(|| kept.flow.clone()),
        };
        let mut request = self.check(app, &parameters)?;
        request.scopes.retain(|scope| kept.scopes.contains(&scope.scope));
        Ok(request)
    }

    /// What `request` asks for, in the words of the decision.
    pub(super) fn wish(&self, request: &AuthorizationRequest) -> Result<Wish, Failure> {
        let application = self.application()?;
        let named = |scopes: &mut dyn Iterator<Item = &ClientScope>| -> BTreeSet<String> {
            scopes.map(|scope| scope.scope.clone()).collect()
        };
        Ok(Wish {
            audience: audience(application)?,
            author: application.created_by,
            scopes: named(&mut request.scopes.iter()),
            required: named(&mut request.scopes.iter().filter(|scope| scope.required)),
            organization: request.organization,
            ask_consent: request.prompt_consent,
        })
    }

    /// The application that was asked about.
    pub(super) fn application(&self) -> Result<&ApplicationRow, OAuthRefusal> {
        self.application.as_ref().ok_or(OAuthRefusal::UnauthorizedClient(Some(Detail::ClientIdNotFound)))
    }

    /// Who is signed in, in the words of the decision.
    pub(super) fn person(&self) -> Option<Person> {
        let row = self.person.as_ref()?;
        Some(Person {
            account: row.account_id,
            default_organization: row.default_organization_id,
            memberships: self.memberships.iter().map(membership).collect(),
        })
    }
}

fn registered(row: &ApplicationRow) -> Result<RegisteredClient, Failure> {
    let unreadable = |what: &str| Fault::Internal(format!("client {}: {what}", row.client_id));
    let uris = row.redirect_uris.iter().map(|uri| RedirectUri::parse(uri));
    let scope =
        |own: &crate::store::clients::ScopeOfClient| ClientScope { scope: own.scope.clone(), required: own.required };
    Ok(RegisteredClient {
        id: row.client_id.clone(),
        redirect_uris: uris.collect::<Result<_, _>>().map_err(|error| unreadable(&error.to_string()))?,
        confidential: row.confidential,
        client_type: row.r#type.parse().map_err(|_| unreadable("type"))?,
        strict: row.strict,
        require_s256: row.require_s256,
        scopes: row.scopes.iter().map(scope).collect(),
    })
}

fn audience(row: &ApplicationRow) -> Result<Audience, Failure> {
    match (&row.product, row.organization_id, row.visibility.as_str()) {
        (Some(product), None, _) => Ok(Audience::Product(product.clone())),
        (None, Some(organization), "public") => Ok(Audience::Public(organization)),
        (None, Some(organization), _) => Ok(Audience::Private(organization)),
        _ => Err(Fault::Internal(format!("client {} belongs to nobody", row.client_id)).into()),
    }
}

pub(super) fn membership(row: &MembershipRow) -> Membership {
    let products = row.products.iter().filter(|own| own.product != interaction::ACCOUNTS);
    let product = |own: &browser_sessions::ProductOfMember| MemberProduct {
        product: own.product.clone(),
        usable: usable(&own.state),
        member: own.role && !own.suspended,
    };
    Membership {
        organization: row.organization_id,
        chosen_at: row.chosen_at,
        products: products.map(product).collect(),
        held: row.held.clone(),
        consented: row.consented.clone(),
        second_factor_due: row.second_factor_due,
    }
}

/// Whether a subscription in this state allows the use of its product.
pub(super) fn usable(state: &str) -> bool {
    matches!(state, "trial" | "active" | "past_due")
}
