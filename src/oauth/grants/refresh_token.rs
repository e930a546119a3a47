//! The refresh token grant (RFC 6749 section 6, RFC 9700 section 4.14; API, section 2.5).
//!
//! A confidential client keeps its refresh token; each use moves the idle expiry. A public client gets a new one each
//! time. For [`REPLAY_WINDOW`] the token just used gives the same successor pair once more, so that a lost answer or two
//! open tabs do not sign anybody out; the window closes as soon as either token of that pair is used. Any later use of
//! a replaced token is theft or a broken client and ends the whole family.
//!
//! The store's guards say the same in SQL, where it must be said to be atomic; `usecase::tokens::refresh` refuses to
//! answer when the two disagree.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::scope::ScopeList;
use crate::domain::time::Timestamp;
use crate::oauth::client::PresentedClient;
use crate::oauth::refusal::OAuthRefusal;

/// How long a replaced refresh token still gives its successor.
pub const REPLAY_WINDOW: Duration = Duration::from_secs(10);

/// A refresh token of a living family, as the transaction that acts on it found it.
#[derive(Clone, Copy, Debug)]
pub struct RefreshToken<'a> {
    /// To whom it was given.
    pub client_id: &'a str,
    /// Its idle expiry or its family's absolute one, whichever is earlier.
    pub expires_at: Timestamp,
    /// When it was replaced.
    pub used_at: Option<Timestamp>,
    /// The pair that replaced it, for as long as none of the pair was used.
    pub sealed_successor: Option<&'a str>,
    /// What the family was granted.
    pub granted: &'a ScopeList,
}

/// What a valid request gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// New tokens.
    Issue,
    /// The very pair that it was given a moment ago, sealed; what is asked for this time changes nothing in it.
    Repeat(&'a str),
}

/// Whether an authenticated client may have new tokens for `token` (`None`: unknown or dead), optionally for less than
/// was granted. Each condition refuses by itself (row T17).
pub fn decide<'a>(
    client: &PresentedClient,
    token: Option<RefreshToken<'a>>,
    requested: Option<&BTreeSet<String>>,
    now: Timestamp,
) -> Result<Verdict<'a>, OAuthRefusal> {
    let token = token.ok_or(OAuthRefusal::InvalidGrant)?;
    if token.client_id != client.id || now >= token.expires_at {
        return Err(OAuthRefusal::InvalidGrant);
    }
    let verdict = match (token.used_at, token.sealed_successor) {
        (None, _) => Verdict::Issue,
        (Some(used_at), Some(sealed)) if client.secret.is_none() && now <= used_at.plus(REPLAY_WINDOW) => {
            Verdict::Repeat(sealed)
        }
        (Some(_), _) => return Err(OAuthRefusal::InvalidGrant),
    };
    match requested.is_none_or(|requested| within(requested, token.granted)) {
        true => Ok(verdict),
        false => Err(OAuthRefusal::InvalidScope),
    }
}

/// A refresh may narrow the scope, never widen it (row T4).
fn within(requested: &BTreeSet<String>, granted: &ScopeList) -> bool {
    requested.iter().all(|wanted| granted.include(wanted))
}

/// What replaces a refresh token, in the form in which it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Text of the access token.
    pub access_token: String,
    /// Text of the refresh token.
    pub refresh_token: String,
    /// To what the request narrowed the access token; `None`: all that the family was granted.
    pub requested: Option<BTreeSet<String>>,
}

impl Pair {
    /// One line each; no token and no granted scope holds a line break.
    pub fn to_text(&self) -> String {
        let tokens = format!("{}\n{}", self.access_token, self.refresh_token);
        match &self.requested {
            None => tokens,
            Some(scopes) => format!("{tokens}\n{}", scopes.iter().cloned().collect::<Vec<_>>().join(",")),
        }
    }

    /// From [`Self::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (access_token, refresh_token) = (lines.next()?.to_owned(), lines.next()?.to_owned());
        let requested = lines.next().map(|line| line.split(',').map(str::to_owned).collect());
        Some(Self { access_token, refresh_token, requested })
    }
}

#[cfg(test)]
mod tests;
