//! The authorization code grant (RFC 6749 section 4.1.3, RFC 7636 section 4.6; API, section 2.5).
//!
//! A code is good once, for its own client, at the redirect URI it was sent to, with the answer to the challenge that it
//! was asked for with. A second use is theft or a broken client: it is refused, and ends what the first one gave.
//!
//! The store's guards say the same in SQL, where it must be said to be atomic; `usecase::tokens::exchange` refuses to
//! answer when the two disagree.

use crate::domain::time::Timestamp;
use crate::oauth::client::PresentedClient;
use crate::oauth::pkce::Proof;
use crate::oauth::refusal::OAuthRefusal;

/// A code whose client, account, membership and session are alive, as the transaction that acts on it found it.
#[derive(Clone, Copy, Debug)]
pub struct AuthorizationCode<'a> {
    /// To whom it was given.
    pub client_id: &'a str,
    /// Where it was sent, as `RedirectUri::as_visited` writes it.
    pub redirect_uri: &'a str,
    /// `Challenge::digest` of what it was asked for with.
    pub challenge: Option<&'a str>,
    /// When it was exchanged.
    pub used_at: Option<Timestamp>,
    /// End of its life.
    pub expires_at: Timestamp,
}

/// Whether an authenticated client may have tokens for `code` (`None`: unknown or dead). Each condition refuses by itself
/// (row T17), and all alike: which one it was is nobody's business.
pub fn decide(
    client: &PresentedClient,
    code: Option<AuthorizationCode<'_>>,
    redirect_uri: &str,
    proof: Option<&Proof>,
    now: Timestamp,
) -> Result<(), OAuthRefusal> {
    let code = code.ok_or(OAuthRefusal::InvalidGrant)?;
    let conditions = [
        code.client_id == client.id,
        code.used_at.is_none(),
        now < code.expires_at,
        code.redirect_uri == redirect_uri,
        answered(client, code.challenge, proof),
    ];
    match conditions.iter().all(|holds| *holds) {
        true => Ok(()),
        false => Err(OAuthRefusal::InvalidGrant),
    }
}

/// Neither a verifier without a challenge nor a challenge without a verifier is taken (row A6), and a client that has no
/// secret has nothing but its verifier (row A4).
fn answered(client: &PresentedClient, challenge: Option<&str>, proof: Option<&Proof>) -> bool {
    match (challenge, proof) {
        (None, None) => client.secret.is_some(),
        (Some(challenge), Some(proof)) => proof.answers(challenge),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
