//! Invitations to an organization, and requests of members for access: what they are and how they stand.

use serde::Deserialize;

use super::time::Timestamp;

/// Who began it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A member invited an address.
    Invitation,
    /// A member asked to be let into a product.
    Request,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waits for somebody who may approve it.
    Pending,
    /// The role is chosen; it waits for the person behind the link.
    Approved,
    /// The person has the role.
    Accepted,
    /// Somebody said no.
    Declined,
}

impl Kind {
    /// As stored and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Request => "request",
        }
    }
}

impl State {
    /// As stored and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }
}

/// Who may invite into an organization (API, section 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Every member; somebody who may approve decides.
    Lax,
    /// Only who may approve.
    Strict,
}

/// The text names no mode. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be lax or strict")]
pub struct InvalidMode;

impl Mode {
    /// As stored and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lax => "lax",
            Self::Strict => "strict",
        }
    }
}

impl std::str::FromStr for Mode {
    type Err = InvalidMode;

    fn from_str(text: &str) -> Result<Self, InvalidMode> {
        [Self::Lax, Self::Strict].into_iter().find(|mode| mode.name() == text).ok_or(InvalidMode)
    }
}

/// What becomes of who follows the link of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can be accepted.
    Open,
    /// It was accepted before.
    Accepted,
    /// It was declined, or taken back.
    Declined,
    /// Its time is over.
    Expired,
    /// The person has meanwhile got what it offers, or another role of the product.
    Member,
    /// The role that it offers was deleted, or the product disabled.
    Gone,
}

/// What [`Standing`] depends on.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// Of the invitation.
    pub state: State,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whether the role still exists and the organization still has its product.
    pub offer_stands: bool,
    /// Whether the invited person has a role of the product; of product Accounts every member has one.
    pub in_product: bool,
}

impl Circumstances {
    /// What was decided outweighs that time is over, and that outweighs what became of the offer: an old link tells how
    /// the invitation ended. Expiry is by comparison with `now` (row T16).
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.state {
            State::Accepted => Standing::Accepted,
            State::Declined => Standing::Declined,
            State::Pending | State::Approved if self.expires_at <= now => Standing::Expired,
            State::Pending => Standing::Gone,
            State::Approved if self.in_product => Standing::Member,
            State::Approved if !self.offer_stands => Standing::Gone,
            State::Approved => Standing::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Circumstances, Mode, Standing, State, Timestamp};

    /// Every combination, so that no order of conditions hides one.
    #[test]
    fn e12_only_an_approved_offer_that_stands_is_open_and_only_in_its_time() {
        let end = Timestamp::from_millis(1_000);
        for state in [State::Pending, State::Approved, State::Accepted, State::Declined] {
            for (now, over) in [(999, false), (1_000, true), (1_001, true)] {
                for (offer_stands, in_product) in [(true, false), (true, true), (false, false), (false, true)] {
                    let circumstances = Circumstances { state, expires_at: end, offer_stands, in_product };
                    let expected = match (state, over, in_product, offer_stands) {
                        (State::Accepted, ..) => Standing::Accepted,
                        (State::Declined, ..) => Standing::Declined,
                        (_, true, ..) => Standing::Expired,
                        (State::Approved, _, true, _) => Standing::Member,
                        (State::Approved, _, _, true) => Standing::Open,
                        _ => Standing::Gone,
                    };
                    assert_eq!(circumstances.standing(Timestamp::from_millis(now)), expected, "{circumstances:?}");
                }
            }
        }
    }

    #[test]
    fn a_mode_is_one_of_two_words() {
        assert_eq!(("lax".parse(), "strict".parse()), (Ok(Mode::Lax), Ok(Mode::Strict)));
        for other in ["", "Lax", "open"] {
            assert!(other.parse::<Mode>().is_err(), "{other}");
        }
    }
}
