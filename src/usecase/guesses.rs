//! Passwords that are presented: each guess is counted before anything is hashed.

use std::time::Duration;

use super::authorized::{AuthorizedBatch, Outcome, Slot};
use super::{Failure, Fault, Refusal, present};
use crate::app::App;
use crate::config::Limits;
use crate::domain::email::Email;
use crate::domain::id::AccountId;
use crate::domain::password::Password;
use crate::domain::password::hash::Verdict;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::{Rows, Statement};
use crate::store::passwords::{self, StoredPassword};
use crate::store::throttles::guesses::{self, Allowance, Blocked, Guess, Pace, Standing};
use crate::store::throttles::{self, Counted};

/// Window in which a network's attempts are counted.
const HOUR: Duration = Duration::from_hours(1);
/// Window in which everybody's are.
const MINUTE: Duration = Duration::from_mins(1);
/// While everybody together tries more often than is usual, a network may so many times less.
pub(super) const SLOWED: u64 = 5;
/// What is counted wherever an account's present password is asked for.
const CURRENT_PASSWORD: &str = "current_password";

/// `PASSWORD_ATTEMPTS` guesses as they come, then one a minute later, 2, 4, 8, and from then on one every 15 minutes: about
/// a hundred a day for whoever never gives up, and never a lock (row E3).
const fn pace(limits: &Limits) -> Pace {
    Pace {
        free: limits.password_attempts,
        first: Duration::from_mins(1),
        longest: Duration::from_mins(15),
        forgotten_after: Duration::from_hours(24),
    }
}

/// A guess at the password of an address, which may be one that nobody has.
///
/// Three things are counted: what the network tries, what everybody tries, and guesses at this address. A browser that the
/// account knows has a counter of guesses of its own and does not ask for the network's, so that nobody elsewhere can keep
/// the account's owner out; whoever stole its cookie has that one counter and no more.
pub(super) struct Attempt<'a> {
    email: &'a Email,
    device: &'a Digest,
    network: String,
    everybody: String,
    by_address: String,
    by_device: String,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(app: &App, email: &'a Email, device: &'a Digest) -> Self {
        let whose = format!("{} {}", device.as_str(), email.key());
        Self {
            email,
            device,
            network: app.bucket("sign_in", &app.origin().network()),
            everybody: app.bucket("sign_in_all", ""),
            by_address: bucket_of(app, email.key()),
            by_device: app.bucket("password_device", &whose),
        }
    }

    /// The head of a batch: counts the attempt, the same way for every address. [`Self::admit`] reads its rows.
    pub(super) fn statements(&self, app: &App, now: Timestamp) -> [Statement; 4] {
        let guess = self.guess(&app.config().limits);
        [
            throttles::count(&self.everybody, now, MINUTE),
            throttles::count(&self.network, now, HOUR),
            guesses::standing(&guess, now),
            guesses::count(&guess, pace(&app.config().limits), now),
        ]
    }

    fn guess(&self, limits: &Limits) -> Guess<'_> {
        let most = limits.sign_ins_per_hour;
        Guess {
            email: self.email,
            device: self.device,
            address_bucket: &self.by_address,
            device_bucket: &self.by_device,
            network: Allowance { bucket: &self.network, most, slowed: (most / SLOWED).max(1) },
            everybody: (&self.everybody, limits.all_sign_ins_per_minute),
        }
    }

    /// Refuses a guess that comes too soon; else gives the counter that a right one begins anew.
    pub(super) fn admit(&self, rows: &[Rows], now: Timestamp) -> Result<&str, Failure> {
        let [_, network, standing, counted, ..] = rows else {
            return present(None);
        };
        let standing: Standing = present(standing.first()?)?;
        if !standing.open {
            let network: Counted = present(network.first()?)?;
            return Err(Refusal::Throttled { retry_after: network.rest(HOUR, now) }.into());
        }
        if let Some(retry_after) = standing.wait(now) {
            return Err(Refusal::Throttled { retry_after }.into());
        }
        match counted.changes() {
            1 => Ok(if standing.known { &self.by_device } else { &self.by_address }),
            _ => Err(Fault::Internal("a guess was not counted".into()).into()),
        }
    }
}

/// The counter of guesses at an address.
pub(super) fn bucket_of(app: &App, email_key: &str) -> String {
    app.bucket("password", email_key)
}

/// The caller's present password, as it was proved.
pub(super) struct Proved {
    /// Whose.
    pub(super) account: AccountId,
    /// As it was stored.
    pub(super) phc: String,
}

/// Compares `password` with that of the caller's account, in one round trip: `first` authorises, the guess is counted and
/// the hash read; who tries too often is refused before any hash. `None`: it is another, or there is none. With what `first`
/// has read.
pub(super) async fn prove_current(
    app: &App,
    mut first: AuthorizedBatch<'_>,
    password: &Password,
    refused: impl FnOnce(&str) -> Option<Refusal>,
) -> Result<(Option<Proved>, Outcome), Failure> {
    let now = app.now();
    let standing = count_for_caller(&mut first, CURRENT_PASSWORD, pace(&app.config().limits), now);
    let stored = first.push(passwords::find_for_caller(first.token()));
    let outcome = first.run(refused).await?;
    admit_caller(&outcome, standing, now)?;
    let StoredPassword { account_id: account, phc, .. } = present(outcome.first(stored)?)?;
    let verdict = match &phc {
        Some(phc) => app.hasher().verify(password, phc)?,
        None => app.hasher().refuse(password)?,
    };
    let proved = match (phc, verdict) {
        (Some(phc), Verdict::Right { .. }) => Some(Proved { account, phc }),
        _ => None,
    };
    Ok((proved, outcome))
}

/// Counts a guess at what the caller's account has, `what`, in the batch that authorises. [`admit_caller`] reads it.
pub(super) fn count_for_caller(batch: &mut AuthorizedBatch<'_>, what: &str, pace: Pace, now: Timestamp) -> Slot {
    let by = batch.token();
    let standing = batch.push(guesses::standing_of_caller(by, what));
    batch.push(guesses::count_for_caller(by, what, pace, now));
    standing
}

/// Refuses a guess that comes too soon.
pub(super) fn admit_caller(outcome: &Outcome, standing: Slot, now: Timestamp) -> Result<(), Failure> {
    admit(&present(outcome.first(standing)?)?, now)
}

/// As [`admit_caller`], where the row was read otherwise.
pub(super) fn admit(standing: &Blocked, now: Timestamp) -> Result<(), Failure> {
    match standing.wait(now) {
        Some(retry_after) => Err(Refusal::Throttled { retry_after }.into()),
        None => Ok(()),
    }
}

/// Begins to count guesses at the caller's present password anew.
pub(super) fn forget_current(caller: &Digest) -> Statement {
    throttles::forget_for_caller(caller, CURRENT_PASSWORD)
}
