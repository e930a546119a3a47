//! What a request presents, after its envelope verified and before storage was asked.

use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::Opened;

/// A credential whose envelope is genuine and unexpired. Whether it is still alive only the database knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer <access token>`.
    Access(Opened),
    /// `Authorization: Basic base64(account_id:personal token)`.
    Personal {
        /// The account that the caller claims; must be the token's own.
        account: AccountId,
        /// The personal token.
        token: Opened,
    },
    /// The cookie of a browser's session, in the organization that the person chose: pages only.
    Page(Opened),
}

impl Credential {
    /// The key of the token's row.
    pub fn digest(&self) -> &Digest {
        &self.opened().digest
    }

    /// When it ends by itself; `None` for a personal token without expiry.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.opened().expires_at
    }

    /// The account that a Basic caller claims.
    pub fn claimed_account(&self) -> Option<AccountId> {
        match self {
            Self::Access(_) | Self::Page(_) => None,
            Self::Personal { account, .. } => Some(*account),
        }
    }

    fn opened(&self) -> &Opened {
        match self {
            Self::Access(token) | Self::Personal { token, .. } | Self::Page(token) => token,
        }
    }
}
