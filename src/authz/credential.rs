//! What a request presents, after its envelope verified and before storage was asked.

use crate::domain::id::AccountId;
use crate::oauth::digest::Digest;

/// A credential whose envelope is genuine and unexpired. Whether it is still alive only the database knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer <access token>`.
    Access(Digest),
    /// `Authorization: Basic base64(account_id:personal token)`.
    Personal {
        /// The account that the caller claims; must be the token's own.
        account: AccountId,
        /// Of the personal token.
        digest: Digest,
    },
}

impl Credential {
    /// The key of the token's row.
    pub fn digest(&self) -> &Digest {
        match self {
            Self::Access(digest) | Self::Personal { digest, .. } => digest,
        }
    }

    /// The account that a Basic caller claims.
    pub fn claimed_account(&self) -> Option<AccountId> {
        match self {
            Self::Access(_) => None,
            Self::Personal { account, .. } => Some(*account),
        }
    }
}
