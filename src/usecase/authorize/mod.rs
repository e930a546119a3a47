//! The authorization endpoint, step by step: what an application asks for, until it has an answer.
//!
//! Every step reads what is true now, asks `oauth::interaction` what is still missing, and either shows a screen or
//! finishes. A request that has to wait for the person is kept; from then on a browser names it by its handle and can
//! change nothing in it (row A18).

pub mod access;
pub mod activate;
pub mod begin;
pub mod choose;
pub mod consent;
mod facts;
mod finish;
pub mod resume;
mod screen;

use std::collections::BTreeSet;

use crate::domain::id::{AccountId, OrganizationId, SessionId};
use crate::domain::time::Timestamp;
use crate::oauth::authorization_response::Credential;
use crate::oauth::authorize::{AuthorizationRequest, Flow};
use crate::oauth::digest::Digest;
use crate::oauth::envelope::{Opened, RANDOM_BYTES};
use crate::oauth::redirect_uri::RedirectUri;
use crate::store::authorization_requests::Named;
pub use crate::store::browser_sessions::Door;

/// A browser that asks.
pub struct Visitor {
    /// Which one it is.
    pub browser: Opened,
    /// With which sign-in, if with any.
    pub session: Option<(Opened, Door)>,
    /// Whether the page is inside another site's page; `None`: the browser does not say.
    pub embedded: Option<bool>,
}

/// A kept request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    /// Names it.
    pub id: [u8; RANDOM_BYTES],
    /// Until when it waits.
    pub until: Timestamp,
}

/// What the browser gets.
pub enum Shown {
    /// A page.
    Screen(Box<Screen>),
    /// The application's answer.
    Answer(Box<Answer>),
    /// To the window that asked, which nobody can type into: nobody is signed in, or something has to be asked first.
    Unanswered(RedirectUri),
    /// To the window that asked: the person said no.
    Denied(Answered),
}

/// Where an answer goes.
pub struct Answered {
    /// Validated.
    pub redirect_uri: RedirectUri,
    /// How it travels.
    pub flow: Flow,
    /// Whether the page is inside another site's page; `None`: the browser does not say.
    pub embedded: Option<bool>,
}

/// The application's answer.
pub struct Answer {
    /// Where to.
    pub to: Answered,
    /// To be echoed.
    pub state: Option<String>,
    /// The application.
    pub client_id: String,
    /// The person.
    pub account: AccountId,
    /// In which organization.
    pub organization: OrganizationId,
    /// For what.
    pub scopes: BTreeSet<String>,
    /// Code or token.
    pub given: Given,
}

/// With what the application goes on.
pub enum Given {
    /// Text of a code.
    Code(String),
    /// An access token.
    Token {
        /// Its text.
        access_token: String,
        /// How long it lives.
        expires_in: std::time::Duration,
    },
}

impl Given {
    /// For the composition of the answer.
    pub fn credential(&self) -> Credential<'_> {
        match self {
            Self::Code(code) => Credential::Code(code),
            Self::Token { access_token, expires_in } => Credential::Token { access_token, expires_in: *expires_in },
        }
    }
}

/// A page on the way.
pub struct Screen {
    /// The application that the person is on the way to.
    pub application: Option<ApplicationShown>,
    /// The kept request that its forms go on with.
    pub handle: Handle,
    /// Who is signed in.
    pub person: Option<PersonShown>,
    /// What it asks.
    pub asks: Asks,
}

/// An application, for people.
pub struct ApplicationShown {
    /// As its owner named it.
    pub name: String,
    /// Where the way ends; pages that lead there say so in their policy.
    pub redirect_uri: RedirectUri,
}

/// A person, for the person.
#[derive(Clone, Debug)]
pub struct PersonShown {
    /// The sign-in.
    pub session: SessionId,
    /// May be empty.
    pub name: String,
    /// As written.
    pub email: String,
}

/// What a page asks.
pub enum Asks {
    /// Who are you?
    SignIn {
        /// Pre-fills the form.
        email: Option<String>,
    },
    /// The second step of the sign-in.
    SecondStep,
    /// A second factor to be set up first: the organization demands it.
    SetUpSecondFactor {
        /// Which organization.
        organization: String,
    },
    /// In which organization? Best guess first.
    Organization(Vec<OrganizationShown>),
    /// May the application do this?
    Consent {
        /// In which organization.
        organization: String,
        /// What it asks for, with the catalogue's words.
        scopes: Vec<(String, String)>,
    },
    /// Shall somebody be asked to let you in?
    Access {
        /// To which product.
        product: String,
        /// In which organization.
        organization: String,
        /// Whether an administrator suspended the person from it: then asking is of no use.
        suspended: bool,
        /// Whether another organization could be chosen.
        others: bool,
    },
    /// Nothing: the organization does not have the product.
    Product {
        /// Which product.
        product: String,
        /// Which organization.
        organization: String,
        /// Whether this person may turn it on.
        can_activate: bool,
        /// Whether another organization could be chosen.
        others: bool,
    },
    /// Where to? Sign-in without an application.
    Launch {
        /// In which organization.
        organization: OrganizationShown,
        /// Others to change to.
        others: Vec<OrganizationShown>,
    },
}

/// An organization, for people.
#[derive(Clone, Debug)]
pub struct OrganizationShown {
    /// Key.
    pub id: OrganizationId,
    /// Its name, or its id where the name is empty.
    pub title: String,
    /// Products that can be used, with where each is started.
    pub products: Vec<(String, Option<String>)>,
    /// Whether it had products and none of them can be used any more.
    pub over: bool,
}

/// How the store names a kept request of this browser.
pub(in crate::usecase) fn named<'a>(request: &'a Digest, visitor: &'a Visitor) -> Named<'a> {
    Named { request, browser: &visitor.browser.digest }
}

/// Where the answer of a request goes.
fn answered(request: &AuthorizationRequest, visitor: &Visitor) -> Answered {
    Answered { redirect_uri: request.redirect_uri.clone(), flow: request.flow, embedded: visitor.embedded }
}
