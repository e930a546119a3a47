//! What mails say: the words of every template in every language, and how they become a text and an HTML page.
//!
//! Pure. A mail is written from a row of the outbox at the moment it goes out; what it names is looked up then. Subjects
//! name nothing but the service, so that nobody's text gets into a header (row E10).

mod compose;
mod en;
mod language;
mod pl;

pub use compose::{Facts, Mailing, Written, write};
pub use language::Language;

/// One template in one language. Sentences may have gaps: `{organization}`, `{source}`, `{person}`, `{product}`,
/// `{token}`, `{device}`, `{ip}`, `{brand}`.
pub(crate) struct Words {
    /// Without gaps.
    subject: &'static str,
    /// Paragraphs before the button.
    before: &'static [&'static str],
    /// What the button says, and where it leads; `None`: no button.
    button: Option<(&'static str, Leads)>,
    /// Paragraphs after it.
    after: &'static [&'static str],
}

/// Where the button of a mail leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// To the link of the row, whose token is in it. Such a mail does not go out without.
    Link,
    /// To a page of this service that needs a sign-in.
    Page(&'static str),
}

/// What every mail of a language has around its words.
pub(crate) struct Around {
    greeting: &'static str,
    greeting_unnamed: &'static str,
    link_by_hand: &'static str,
    why: &'static str,
    why_without_account: &'static str,
    nameless: &'static str,
}

macro_rules! templates {
    ($($(#[$doc:meta])+ $variant:ident $name:literal $key:ident),+ $(,)?) => {
        /// A kind of mail. The outbox names it by [`Self::name`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Template {
            $($(#[$doc])+ $variant),+
        }

        impl Template {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As the outbox names it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            pub(crate) fn words(self, language: Language) -> &'static Words {
                let catalogue = match language {
                    Language::English => &en::CATALOGUE,
                    Language::Polish => &pl::CATALOGUE,
                };
                match self {
                    $(Self::$variant => &catalogue.$key),+
                }
            }
        }

        /// The words of one language; a language that lacks a template does not compile.
        pub(crate) struct Catalogue {
            around: Around,
            $($key: Words),+
        }
    };
}

templates! {
    /// Proves the address of an account.
    VerifyEmail "verify_email" verify_email,
    /// Leads to a new password.
    ResetPassword "reset_password" reset_password,
    /// The password was set by way of that link.
    PasswordReset "password_reset" password_reset,
    /// The password was changed by who knew it, or by an administrator.
    PasswordChanged "password_changed" password_changed,
    /// Proves the new address of an account.
    ConfirmEmail "confirm_email" confirm_email,
    /// Tells the present address that another is asked for.
    EmailChangeRequested "email_change_requested" email_change_requested,
    /// Tells the old address, with the way back.
    EmailChanged "email_changed" email_changed,
    /// The old address is back.
    EmailChangeUndone "email_change_undone" email_change_undone,
    /// Somebody wanted a new account, or a change, to an address that has an account.
    AddressKnown "address_known" address_known,
    /// A sign-in from a browser that was not seen before.
    NewDevice "new_device" new_device,
    /// Too many sessions.
    OldestSessionEnded "oldest_session_ended" oldest_session_ended,
    /// A new passkey.
    PasskeyAdded "passkey_added" passkey_added,
    /// A passkey is gone.
    PasskeyRemoved "passkey_removed" passkey_removed,
    /// A code from an application is asked for from now on.
    SecondFactorEnabled "second_factor_enabled" second_factor_enabled,
    /// It is not any more.
    SecondFactorDisabled "second_factor_disabled" second_factor_disabled,
    /// Somebody who knows the password goes on giving wrong codes.
    SecondFactorGuessed "second_factor_guessed" second_factor_guessed,
    /// Somebody came in with a recovery code.
    RecoveryCodeUsed "recovery_code_used" recovery_code_used,
    /// There are new recovery codes.
    RecoveryCodesReplaced "recovery_codes_replaced" recovery_codes_replaced,
    /// A new personal token.
    PersonalTokenCreated "personal_token_created" personal_token_created,
    /// A personal token is gone.
    PersonalTokenDeleted "personal_token_deleted" personal_token_deleted,
    /// An organization has another owner.
    OwnershipTransferred "ownership_transferred" ownership_transferred,
    /// To the invited person.
    Invitation "invitation" invitation,
    /// To who may approve an invitation.
    InvitationPending "invitation_pending" invitation_pending,
    /// To who may approve a request for access.
    AccessRequest "access_request" access_request,
    /// To who asked.
    AccessGranted "access_granted" access_granted,
    /// To who asked.
    AccessRefused "access_refused" access_refused,
    /// To the owner of the organization that would end.
    MergeRequested "merge_requested" merge_requested,
    /// To the members.
    MergeDone "merge_done" merge_done,
    /// To who asked.
    MergeRefused "merge_refused" merge_refused,
    /// To the members.
    OrganizationDeleted "organization_deleted" organization_deleted,
    /// To the person and the administrators: a second factor is to be removed.
    SecondFactorResetAsked "second_factor_reset_asked" second_factor_reset_asked,
    /// To the same: it stays.
    SecondFactorResetWithdrawn "second_factor_reset_withdrawn" second_factor_reset_withdrawn,
    /// To the same: it is removed.
    SecondFactorReset "second_factor_reset" second_factor_reset,
    /// To the postmaster of a domain.
    DomainChallenge "domain_challenge" domain_challenge,
}

impl Template {
    /// The template of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|template| template.name() == name)
    }
}

pub(crate) fn around(language: Language) -> &'static Around {
    match language {
        Language::English => &en::CATALOGUE.around,
        Language::Polish => &pl::CATALOGUE.around,
    }
}

#[cfg(test)]
mod tests;
