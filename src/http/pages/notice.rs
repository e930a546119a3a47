//! What a page says about what was done. A closed list: nothing that a request says gets here.

use super::texts::Texts;

/// A closed list of notices, whose words are those of `$group`; the code of each is the name of its words.
macro_rules! notices {
    ($group:ident: $($(#[$doc:meta])+ $name:ident $key:ident),+ $(,)?) => {
        /// What was done. Travels as `done=<code>` in the address that a form leads to, so that reloading repeats nothing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Notice {
            $($(#[$doc])+ $name),+
        }

        impl Notice {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code in the address.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($key)),+
                }
            }

            /// The notice of a code; `None` for whatever else the address says.
            pub fn of(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|notice| notice.code() == code)
            }

            pub(in crate::http::pages) fn text(self, texts: &Texts) -> &'static str {
                match self {
                    $(Self::$name => texts.$group.$key),+
                }
            }
        }
    };
}
pub(super) use notices;

notices! { notice:
    /// Name changed.
    ProfileSaved profile_saved,
    /// Password changed; every other session ended.
    PasswordChanged password_changed,
    /// One session ended.
    SessionEnded session_ended,
    /// All other sessions ended.
    SessionsEnded sessions_ended,
    /// An application's access was withdrawn.
    AccessWithdrawn access_withdrawn,
    /// A passkey was made.
    PasskeyAdded passkey_added,
    /// A passkey proved who is there.
    Proved proved,
    /// A passkey has another name.
    PasskeyRenamed passkey_renamed,
    /// A passkey was removed.
    PasskeyRemoved passkey_removed,
    /// A personal token was deleted.
    TokenDeleted token_deleted,
    /// Another organization is the current one.
    OrganizationSwitched organization_switched,
    /// The person joined an organization.
    OrganizationJoined organization_joined,
    /// The person left an organization.
    OrganizationLeft organization_left,
    /// Too many sessions: the oldest was ended (design, section 8).
    OldestSessionEnded oldest_session_ended,
    /// The link that proves the address is on its way.
    VerificationSent verification_sent,
    /// There is no authenticator application any more.
    SecondFactorDisabled second_factor_disabled,
    /// The link that proves the new address is on its way.
    EmailChangeSent email_change_sent,
    /// The operator will not remove the second factor.
    ResetWithdrawn reset_withdrawn,
    /// The picture changed.
    PictureSaved picture_saved,
    /// The picture is gone.
    PictureRemoved picture_removed,
}
