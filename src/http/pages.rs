//! How pages look and speak. One screen, one file, one template of the same name in `templates/`.
//!
//! A screen is a struct of plain values that its endpoint fills in; nothing here decides, reads or stores. Every value
//! is escaped by the template. Every form holds the hidden field `form`: the anti-forgery token, which also names the
//! request that the form belongs to. All words are in `texts`, in every language that there is.
//!
//! ```text
//! let screen = pages::SignIn { frame, form: &token, .. };
//! pages::respond(StatusCode::OK, &screen, &Csp::Own)
//! ```

mod account;
pub mod assets;
mod choose_organization;
mod consent;
mod date;
mod device;
mod error;
mod forgot;
mod frame;
mod invitation;
mod language;
mod link;
mod message;
mod notice;
pub mod panel;
mod problem;
mod product_not_activated;
mod products;
mod request_access;
mod reset;
mod respond;
mod scope_words;
mod second_step;
mod set_up_second_factor;
mod sign_in;
mod sign_out;
mod sign_up;
mod stale_form;
mod texts;
mod throttled;
mod told;

pub use account::{
    Account, Application, FactorReset, Joinable, Lifetime, Membership, NewToken, NewTotp, OfferedScope, Passkey,
    Passkeys, PersonalToken, PersonalTokens, Picture, Profile, SecondFactor, Session,
};
pub use choose_organization::{ChooseOrganization, Organization};
pub use consent::{Consent, Scope};
pub use error::{Detail, Error, Exception};
pub use forgot::Forgot;
pub use frame::{Frame, Person};
pub use invitation::{Invitation, InvitationAsks, InvitationEnd, InvitationOver};
pub use language::{Language, Spoken};
pub use link::{Asked, Link};
pub use message::Message;
pub use notice::Notice;
pub use problem::{Field, Problem};
pub use product_not_activated::ProductNotActivated;
pub use products::{Product, Products};
pub use request_access::{AccessRequest, RequestAccess};
pub use reset::Reset;
pub use respond::{Csp, respond, respond_with_challenge};
pub use second_step::SecondStep;
pub use set_up_second_factor::{SetUpSecondFactor, SetUpState};
pub use sign_in::SignIn;
pub use sign_out::{SignOut, SignedOut};
pub use sign_up::SignUp;
pub use stale_form::StaleForm;
pub use throttled::Throttled;
pub use told::{Outcome, Told};
