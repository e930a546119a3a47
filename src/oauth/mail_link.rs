//! Links in mails. The token of a link is not stored anywhere: it is derived from the master secret and the row that it
//! belongs to, so that a mail can be written from the row alone, again and again, by whoever holds the secret.

use subtle::ConstantTimeEq as _;

use super::digest::Digest;
use super::envelope::{self, Issuer, Kind, Minted};
use crate::domain::id::MailTokenId;
use crate::domain::time::Timestamp;

/// What a link is for: the column `mail_token.purpose`, the type of its token and the page that it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Sets another password.
    Reset,
    /// Proves the address of an account.
    Verify,
    /// Accepts an invitation.
    Invite,
    /// Proves a new address, which then takes effect.
    EmailChange,
    /// Takes the old address back.
    EmailUndo,
    /// Proves a domain.
    Domain,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 6] =
        [Self::Reset, Self::Verify, Self::Invite, Self::EmailChange, Self::EmailUndo, Self::Domain];

    /// As stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
            Self::Invite => "invite",
            Self::EmailChange => "email_change",
            Self::EmailUndo => "email_undo",
            Self::Domain => "domain",
        }
    }

    /// From [`Self::name`].
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// The type of its tokens. No two share one.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Reset => Kind::Reset,
            Self::Verify => Kind::Verify,
            Self::Invite => Kind::Invite,
            Self::EmailChange => Kind::EmailChange,
            Self::EmailUndo => Kind::EmailUndo,
            Self::Domain => Kind::Domain,
        }
    }

    /// The page behind the link; the token follows as `?token=`. Reading it uses nothing up (row E8).
    pub const fn path(self) -> &'static str {
        match self {
            Self::Reset => "/reset",
            Self::Verify => "/verify",
            Self::Invite => "/invitation",
            Self::EmailChange => "/email/confirm",
            Self::EmailUndo => "/email/undo",
            Self::Domain => "/domain",
        }
    }

    /// The whole link. `origin` is the configured one, never a request's (row E7).
    pub fn link(self, origin: &str, token: &str) -> String {
        format!("{origin}{}?token={token}", self.path())
    }
}

/// The token of `row` under the current key.
pub fn mint(issuer: Issuer<'_>, kind: Kind, row: MailTokenId, expires_at: Timestamp) -> Option<Minted> {
    mint_under(issuer, issuer.keys.current_id(), kind, row, expires_at)
}

/// The text of the token of `row` that has this digest, under whichever live key made it. The secret may have been
/// rotated since.
pub fn mint_again(
    issuer: Issuer<'_>,
    kind: Kind,
    row: MailTokenId,
    expires_at: Timestamp,
    digest: &Digest,
) -> Option<String> {
    let of_row = |minted: &Minted| minted.digest.as_str().as_bytes().ct_eq(digest.as_str().as_bytes()).into();
    let live = issuer.keys.live_ids().filter_map(|id| mint_under(issuer, id, kind, row, expires_at));
    live.filter(of_row).map(|minted| minted.text).next()
}

fn mint_under(issuer: Issuer<'_>, key: u8, kind: Kind, row: MailTokenId, expires_at: Timestamp) -> Option<Minted> {
    let identifier = issuer.keys.link(key, kind, row.bytes())?;
    envelope::mint_under(issuer, key, kind, &identifier, Some(expires_at))
}

#[cfg(test)]
mod tests;
