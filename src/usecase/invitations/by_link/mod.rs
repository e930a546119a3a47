//! The person behind the link of an invitation. Reading uses nothing up (row E8); only the invited address accepts
//! (row E12).

pub mod accept;
pub mod decline;
pub mod sign_in;
pub mod sign_up;

use crate::app::App;
use crate::domain::invitation::{Circumstances, Standing};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::Opened;
use crate::ports::DatabaseError;
use crate::store::browser_sessions::{self, Door, PersonRow};
use crate::store::invitations::links::{self, LinkedRow, refusal};
use crate::usecase::{Failure, Refusal, present};

/// An invitation as its page shows it.
pub struct Linked {
    /// As it is stored.
    pub row: LinkedRow,
    /// What can still become of it.
    pub standing: Standing,
    /// Who is signed in.
    pub person: Option<PersonRow>,
}

/// Who has to be there before the invitation can be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nobody else: the invited person is signed in.
    Nothing,
    /// The account with the invited address has to sign in.
    SignIn,
    /// No account has the invited address.
    Account,
}

impl Linked {
    /// Who has to be there.
    pub fn needs(&self) -> Needs {
        match (self.row.account_id, &self.person) {
            (Some(invited), Some(person)) if person.account_id == invited => Needs::Nothing,
            (Some(_), _) => Needs::SignIn,
            (None, _) => Needs::Account,
        }
    }
}

/// One round trip: the invitation of the link, whatever has become of it, and who is signed in with the cookie. `None`: no
/// invitation has this link.
pub async fn look(app: &App, link: &Opened, cookie: Option<&Opened>) -> Result<Option<Linked>, Failure> {
    let now = app.now();
    let nobody = Digest::of(&[0; 16]);
    let cookie = cookie.map_or(&nobody, |cookie| &cookie.digest);
    let rows = app.batch(&[links::find(&link.digest), browser_sessions::find_person(cookie, Door::Page, now)]).await?;
    let [found, person] = rows.as_slice() else {
        return present(None);
    };
    let Some(row) = found.first::<LinkedRow>()? else {
        return Ok(None);
    };
    let standing = standing(&row, now);
    Ok(Some(Linked { row, standing, person: person.first()? }))
}

/// As [`look`], for who wants to accept it: anything but an open invitation is [`closed`].
async fn open(app: &App, link: &Opened, cookie: Option<&Opened>) -> Result<Linked, Failure> {
    let linked = look(app, link, cookie).await?;
    linked.filter(|linked| linked.standing == Standing::Open).ok_or_else(|| closed().into())
}

fn standing(row: &LinkedRow, now: Timestamp) -> Standing {
    let LinkedRow { state, expires_at, in_product, enabled, role, .. } = row;
    let offer_stands = *enabled && role.is_some();
    Circumstances { state: *state, expires_at: *expires_at, offer_stands, in_product: *in_product }.standing(now)
}

/// The page tells why, when it is looked at again.
fn closed() -> Refusal {
    Refusal::Conflict { resource: "invitation", description: "It cannot be accepted any more." }
}

fn refused(error: DatabaseError) -> Failure {
    match &error {
        DatabaseError::Refused(name) if name == refusal::CLOSED => closed().into(),
        _ => error.into(),
    }
}
