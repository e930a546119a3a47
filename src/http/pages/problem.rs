//! What a page says about what went wrong. A closed list: nothing that a request says gets here.

use super::frame::Frame;
use super::texts::Texts;
use crate::domain::password::{self, InvalidPassword};

/// A form field that a problem belongs to. Its name on the wire is the id of its input, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `email`
    Email,
    /// `password`
    Password,
    /// `current_password`
    CurrentPassword,
    /// `name`
    Name,
    /// `organization`
    Organization,
    /// `token_name`
    TokenName,
    /// `scope`
    Scope,
    /// `expires_in`
    ExpiresIn,
    /// `passkey_name`
    PasskeyName,
    /// `passkey_password`
    PasskeyPassword,
    /// `passkey_code`
    PasskeyCode,
    /// `proof_password`
    ProofPassword,
    /// `proof_code`
    ProofCode,
    /// `code`
    Code,
    /// `recovery_code`
    RecoveryCode,
    /// `mfa_password`
    MfaPassword,
    /// `mfa_code`
    MfaCode,
    /// `disable_code`
    DisableCode,
    /// `renew_code`
    RenewCode,
    /// `export_password`
    ExportPassword,
    /// `export_code`
    ExportCode,
    /// `delete_email`
    DeleteEmail,
    /// `delete_password`
    DeletePassword,
    /// `delete_code`
    DeleteCode,
    /// `avatar`
    Avatar,
}

impl Field {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password => "password",
            Self::CurrentPassword => "current_password",
            Self::Name => "name",
            Self::Organization => "organization",
            Self::TokenName => "token_name",
            Self::Scope => "scope",
            Self::ExpiresIn => "expires_in",
            Self::PasskeyName => "passkey_name",
            Self::PasskeyPassword => "passkey_password",
            Self::PasskeyCode => "passkey_code",
            Self::ProofPassword => "proof_password",
            Self::ProofCode => "proof_code",
            Self::Code => "code",
            Self::RecoveryCode => "recovery_code",
            Self::MfaPassword => "mfa_password",
            Self::MfaCode => "mfa_code",
            Self::DisableCode => "disable_code",
            Self::RenewCode => "renew_code",
            Self::ExportPassword => "export_password",
            Self::ExportCode => "export_code",
            Self::DeleteEmail => "delete_email",
            Self::DeletePassword => "delete_password",
            Self::DeleteCode => "delete_code",
            Self::Avatar => "avatar",
        }
    }
}

macro_rules! problems {
    ($($(#[$doc:meta])+ $name:ident $($field:ident)?),+ $(,)?) => {
        /// What went wrong with a form, for the summary on top and beside the field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Problem {
            $($(#[$doc])+ $name),+
        }

        impl Problem {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The field to which it leads.
            pub const fn field(self) -> Option<Field> {
                match self {
                    $(Self::$name => problems!(@field $($field)?)),+
                }
            }
        }
    };
    (@field) => { None };
    (@field $field:ident) => { Some(Field::$field) };
}

problems! {
    /// Address and password do not belong together; also for an address that nobody has (row A3).
    WrongCredentials Email,
    /// `identity_lost`: the session ended meanwhile.
    SessionEnded,
    /// `unauthorized` or `access_denied`: this account may not sign in here.
    AccessDenied,
    /// `credentials_login_disabled`
    PasswordSignInDisabled,
    /// `invalid_request`, `server_error`: the form made no sense, or the service could not do it.
    TryAgain,
    /// Nothing in the field.
    EmailMissing Email,
    /// No address of RFC 5321.
    EmailInvalid Email,
    /// Made to be thrown away.
    EmailDisposable Email,
    /// There is an account.
    EmailTaken Email,
    /// Nothing in the field.
    PasswordMissing Password,
    /// Fewer characters than the profile wants.
    PasswordTooShort Password,
    /// More than [`password::MAX_LENGTH`].
    PasswordTooLong Password,
    /// On the list of common passwords.
    PasswordTooCommon Password,
    /// Not the present password.
    CurrentPasswordWrong CurrentPassword,
    /// Nothing in the field.
    NameMissing Name,
    /// Too long, or holds what cannot be shown.
    NameInvalid Name,
    /// Too long, or holds what cannot be shown.
    OrganizationInvalid Organization,
    /// A personal token needs a name.
    TokenNameMissing TokenName,
    /// Too long, or holds what cannot be shown.
    TokenNameInvalid TokenName,
    /// A personal token needs a scope, of those that are offered.
    ScopeMissing Scope,
    /// None of the choices.
    ExpiryInvalid ExpiresIn,
    /// As many personal tokens as there may be.
    TooManyTokens,
    /// The owner stays until somebody else owns the organization.
    OwnerStays,
    /// What the form was about is not there any more.
    Gone,
    /// The account has this address already.
    EmailSame Email,
    /// The widget that tells people from programs has no right answer.
    ChallengeUnanswered,
    /// A passkey that is unknown, unreadable, of another service, or answered too late.
    PasskeyRefused,
    /// It, or its like, is there already, or there are as many as there may be.
    PasskeyNotTaken,
    /// As many as there may be.
    TooManyPasskeys,
    /// A passkey needs a name.
    PasskeyNameMissing PasskeyName,
    /// Too long, or holds what cannot be shown.
    PasskeyNameInvalid PasskeyName,
    /// Not the present password, and no fresh sign-in.
    PasskeyProofWrong PasskeyPassword,
    /// No code of the second factor, and no fresh sign-in with it.
    PasskeyCodeWrong PasskeyCode,
    /// The same before one is removed; which of the list, the page does not know any more.
    RemovalCodeWrong,
    /// Neither a password nor a code, and no fresh sign-in, before the address changes.
    ProofMissing ProofPassword,
    /// Not the present password.
    ProofWrong ProofPassword,
    /// No code of the second factor of now, or one that was used.
    ProofCodeWrong ProofCode,
    /// No code that the application shows now, or one that was used.
    CodeWrong Code,
    /// No recovery code that is left.
    RecoveryCodeWrong RecoveryCode,
    /// As [`Self::ProofMissing`], before an authenticator application is set up.
    MfaProofMissing MfaPassword,
    /// As [`Self::ProofWrong`].
    MfaProofWrong MfaPassword,
    /// The same where a passkey is the second factor: a code of it.
    MfaCodeWrong MfaCode,
    /// Neither a code of now nor a recovery code, before it is removed.
    DisableCodeWrong DisableCode,
    /// The same before new recovery codes.
    RenewCodeWrong RenewCode,
    /// An organization demands a second factor, and this is the last one.
    SecondFactorDemanded,
    /// There is an authenticator application already.
    AlreadyEnrolled,
    /// As [`Self::ProofMissing`], before a download.
    ExportProofMissing ExportPassword,
    /// As [`Self::ProofWrong`].
    ExportProofWrong ExportPassword,
    /// As [`Self::ProofCodeWrong`].
    ExportCodeWrong ExportCode,
    /// Not the address of the account.
    DeleteEmailOther DeleteEmail,
    /// As [`Self::ProofMissing`], before the end of the account.
    DeleteProofMissing DeletePassword,
    /// As [`Self::ProofWrong`].
    DeleteProofWrong DeletePassword,
    /// As [`Self::ProofCodeWrong`].
    DeleteCodeWrong DeleteCode,
    /// The owner of an organization transfers or deletes it first.
    OwnerDeletes,
    /// No file.
    PictureMissing Avatar,
    /// More bytes than a picture may have.
    PictureTooLarge Avatar,
    /// Neither PNG nor JPEG.
    PictureFormat Avatar,
    /// Too small or too large a side.
    PictureSides Avatar,
}

impl Problem {
    /// What the sign-in form says for an `identity_exception` (API, section 2.9). `unauthorized` only asks to sign in.
    pub fn of_identity_exception(code: &str) -> Option<Self> {
        match code {
            "identity_lost" => Some(Self::SessionEnded),
            "access_denied" => Some(Self::AccessDenied),
            "credentials_login_disabled" => Some(Self::PasswordSignInDisabled),
            "invalid_request" | "server_error" => Some(Self::TryAgain),
            _ => None,
        }
    }

    /// Why a password is not taken as a new one.
    pub fn of_password(invalid: InvalidPassword) -> Self {
        match invalid {
            InvalidPassword::TooShort => Self::PasswordTooShort,
            InvalidPassword::TooLong => Self::PasswordTooLong,
            InvalidPassword::Common => Self::PasswordTooCommon,
        }
    }

    /// In words, where a script shows them. Not for problems that tell a length.
    pub fn words(self, frame: &Frame<'_>) -> String {
        self.text(frame.t(), 0)
    }

    pub(super) fn text(self, texts: &Texts, min_password: usize) -> String {
        let t = &texts.problem;
        let plain = match self {
            Self::PasswordTooShort => return t.password_too_short.of(&min_password.to_string()),
            Self::PasswordTooLong => return t.password_too_long.of(&password::MAX_LENGTH.to_string()),
            Self::WrongCredentials => t.wrong_credentials,
            Self::SessionEnded => t.session_ended,
            Self::AccessDenied => t.access_denied,
            Self::PasswordSignInDisabled => t.password_sign_in_disabled,
            Self::TryAgain => t.try_again,
            Self::EmailMissing => t.email_missing,
            Self::EmailInvalid => t.email_invalid,
            Self::EmailDisposable => t.email_disposable,
            Self::EmailTaken => t.email_taken,
            Self::PasswordMissing => t.password_missing,
            Self::PasswordTooCommon => t.password_too_common,
            Self::CurrentPasswordWrong => t.current_password_wrong,
            Self::NameMissing => t.name_missing,
            Self::NameInvalid => t.name_invalid,
            Self::OrganizationInvalid => t.organization_invalid,
            Self::TokenNameMissing => t.token_name_missing,
            Self::TokenNameInvalid => t.token_name_invalid,
            Self::ScopeMissing => t.scope_missing,
            Self::ExpiryInvalid => t.expiry_invalid,
            Self::TooManyTokens => t.too_many_tokens,
            Self::OwnerStays => t.owner_stays,
            Self::Gone => t.gone,
            Self::EmailSame => t.email_same,
            Self::ChallengeUnanswered => t.challenge_unanswered,
            Self::PasskeyRefused => texts.passkeys.refused,
            Self::PasskeyNotTaken => texts.passkeys.not_taken,
            Self::TooManyPasskeys => texts.passkeys.too_many,
            Self::PasskeyNameMissing => texts.passkeys.name_missing,
            Self::PasskeyNameInvalid => texts.passkeys.name_invalid,
            Self::PasskeyProofWrong => texts.passkeys.proof_wrong,
            Self::PasskeyCodeWrong | Self::MfaCodeWrong | Self::RemovalCodeWrong => texts.passkeys.code_wrong,
            Self::CodeWrong => t.code_wrong,
            Self::RecoveryCodeWrong => t.recovery_code_wrong,
            Self::DisableCodeWrong
            | Self::RenewCodeWrong
            | Self::ProofCodeWrong
            | Self::ExportCodeWrong
            | Self::DeleteCodeWrong => t.proof_code_wrong,
            Self::ProofMissing | Self::MfaProofMissing | Self::ExportProofMissing | Self::DeleteProofMissing => {
                t.proof_missing
            }
            Self::SecondFactorDemanded => t.second_factor_demanded,
            Self::AlreadyEnrolled => t.already_enrolled,
            Self::ProofWrong | Self::MfaProofWrong | Self::ExportProofWrong | Self::DeleteProofWrong => t.proof_wrong,
            Self::DeleteEmailOther => t.delete_email_other,
            Self::OwnerDeletes => t.owner_deletes,
            Self::PictureMissing => t.picture_missing,
            Self::PictureTooLarge => t.picture_too_large,
            Self::PictureFormat => t.picture_format,
            Self::PictureSides => t.picture_sides,
        };
        plain.to_owned()
    }
}

/// The problem of a field, for the text beside it.
pub(super) fn at(problems: &[Problem], field: Field) -> Option<Problem> {
    problems.iter().copied().find(|problem| problem.field() == Some(field))
}
