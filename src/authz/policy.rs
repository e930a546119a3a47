//! The one table that says who may do what. Nothing else decides.

use super::operation::Operation;
use crate::domain::scope;

/// Which credentials an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// None is needed, none is looked at.
    None,
    /// The operation reads the token itself, as its subject.
    Subject,
    /// Anonymous, or Bearer or Basic.
    Optional,
    /// Bearer or Basic.
    Any,
    /// Bearer only: a personal token, and what was given for one, is refused (403).
    Bearer,
    /// The cookie of a browser's session only. On a page it also stands wherever `Any` or `Bearer` is said: it is the
    /// person's own.
    Page,
}

/// The scopes of which one must be effective now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scopes {
    /// No scope is needed.
    None,
    /// One of these, whatever the target.
    AnyOf(&'static [&'static str]),
    /// One of these for an application's token; credentials of one's own need none.
    OfApplications(&'static [&'static str]),
    /// One of `own` for the caller's own account, one of `others` for any account of the organization.
    ByTarget {
        /// When the target is the caller.
        own: &'static [&'static str],
        /// Always.
        others: &'static [&'static str],
    },
}

/// Rank of the primary role, as the catalogue stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rank {
    /// Everybody who belongs to the organization.
    Member = 10,
    /// Accounts/administrator.
    Administrator = 20,
    /// Accounts/owner.
    Owner = 30,
}

/// What an operation demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kinds of credential.
    pub credentials: Credentials,
    /// Effective scopes.
    pub scopes: Scopes,
    /// Least primary role.
    pub rank: Rank,
    /// Only with credentials of one's own: a page session, a token without an application, or a product's client.
    pub own_credentials: bool,
    /// The rank is asked about first, and who ranks lower is told that there is nothing: 404 instead of 403.
    pub conceals: bool,
    /// Also for who has no second factor where the organization demands one by now (row M6): what leads to one, and the
    /// way out.
    pub without_second_factor: bool,
}

const ANONYMOUS: Rule = Rule {
    credentials: Credentials::None,
    scopes: Scopes::None,
    rank: Rank::Member,
    own_credentials: false,
    conceals: false,
    without_second_factor: false,
};
const SUBJECT: Rule = Rule { credentials: Credentials::Subject, ..ANONYMOUS };
const PAGE: Rule = Rule { credentials: Credentials::Page, ..ANONYMOUS };
const MEMBER: Rule = Rule { credentials: Credentials::Any, ..ANONYMOUS };

const fn scoped(scopes: &'static [&'static str]) -> Rule {
    Rule { scopes: Scopes::AnyOf(scopes), ..MEMBER }
}

const fn by_target(own: &'static [&'static str], others: &'static [&'static str]) -> Rule {
    Rule { scopes: Scopes::ByTarget { own, others }, ..MEMBER }
}

const fn sessions(scopes: &'static [&'static str]) -> Rule {
    Rule { credentials: Credentials::Bearer, ..scoped(scopes) }
}

const fn administrator(scopes: &'static [&'static str]) -> Rule {
    Rule { rank: Rank::Administrator, ..scoped(scopes) }
}

/// How a person proves who they are: no personal token changes that.
const IDENTITY: Rule = Rule { credentials: Credentials::Bearer, own_credentials: true, ..scoped(&["accounts--my:rw"]) };
const PERSONAL_TOKENS: Rule = Rule { own_credentials: true, ..scoped(&["accounts--my:rw"]) };
const MERGES: Rule =
    Rule { rank: Rank::Owner, own_credentials: true, conceals: true, ..scoped(&["organization--my:rw"]) };
const CLIENTS: Rule = Rule { own_credentials: true, ..administrator(&["organization--my:rw"]) };

/// The table (API, sections 1.1, 1.3 and 3; design decisions in `ARCHITECTURE.md`).
pub const fn rule(operation: Operation) -> Rule {
    use Operation as Op;
    match operation {
        Op::ReadAsset
        | Op::ReadAvatar
        | Op::CheckHealth
        | Op::DescribeApi
        | Op::ReadReference
        | Op::ListScopes
        | Op::ExchangeToken
        // Pages on the way to an answer: the person's own cookie decides what they show, never what it opens elsewhere.
        | Op::Authorize
        | Op::SignIn
        | Op::SignUp
        | Op::ShowSecondStep
        | Op::TakeSecondStep
        | Op::AskPasskeySecondStep
        | Op::TakeSecondStepWithPasskey
        | Op::AskPasskeySignIn
        | Op::SignInWithPasskey
        | Op::ContinueAuthorization
        | Op::ChooseOrganization
        | Op::DecideConsent
        | Op::RequestAccess
        | Op::ShowInvitation
        | Op::AnswerInvitation
        | Op::SignInToInvitation
        | Op::SignUpToInvitation
        | Op::ExplainError
        | Op::SignOut
        | Op::ForgetBrowser
        // Who has the mail may use its link; nothing else of the caller is looked at.
        | Op::ShowForgotten
        | Op::AskPasswordReset
        | Op::ShowPasswordReset
        | Op::ResetPassword
        | Op::ShowDomainProof
        | Op::ProveDomainByMail
        | Op::ShowVerification
        | Op::VerifyEmail
        | Op::ShowEmailChange
        | Op::ConfirmEmail
        | Op::ShowEmailUndo
        | Op::UndoEmail
        // Who signed it may present it, whoever carries it here.
        | Op::PresentOperatorCommand
        | Op::LeadToPassword
        | Op::ReadSecurityContact => ANONYMOUS,
        Op::Introspect | Op::RevokeToken => SUBJECT,

        Op::ListAccounts => scoped(&["accounts--all:ro"]),
        Op::CreateAccount => scoped(&["accounts--all:rc"]),
        Op::GetAccount | Op::GetOrganizationSettings => by_target(&["accounts--my:ro"], &["accounts--all:ro"]),
        Op::UpdateAccount | Op::UpdateOrganizationSettings | Op::DeleteAccount => {
            by_target(&["accounts--my:rw"], &["accounts--all:rw"])
        }
        Op::SetAccountRoles => {
            scoped(&["accounts.roles--all:rw", "accounts.roles.lc--all:rw", "accounts.roles.hd--all:rw"])
        }
        // Which of them reaches which product, and from which rank on, is rule 5 of `authz::granting`.
        Op::ListInvitations => scoped(&[
            "accounts.invitations--all:ro",
            "accounts.invitations.lc--all:rw",
            "accounts.invitations.hd--all:rw",
        ]),
        Op::CreateInvitation => scoped(&["accounts.invitations--my:rw"]),
        Op::ApproveInvitation | Op::DeclineInvitation => scoped(&[
            "accounts.invitations--all:rw",
            "accounts.invitations.lc--all:rw",
            "accounts.invitations.hd--all:rw",
        ]),
        Op::SetPassword => Rule { own_credentials: true, ..scoped(&["accounts.password--my:rw"]) },

        Op::SendVerification => scoped(&["accounts--my:rw"]),
        Op::ChangeEmail | Op::ExportAccount | Op::EraseAccount | Op::RenamePasskey | Op::DeletePasskey => IDENTITY,
        Op::GetSecondFactor
        | Op::BeginTotp
        | Op::ConfirmTotp
        | Op::DeleteTotp
        | Op::NewRecoveryCodes
        | Op::ListPasskeys
        | Op::AskPasskeyCreation
        | Op::CreatePasskey => Rule { without_second_factor: true, ..IDENTITY },

        Op::ListRoles | Op::GetRole => scoped(&["accounts.roles--all:ro"]),
        Op::CreateRole | Op::UpdateRole | Op::DeleteRole => administrator(&["accounts.roles--all:rw"]),

        Op::ListSessions => sessions(&["sessions--my:ro"]),
        Op::EndAllSessions | Op::EndSession => {
            Rule { without_second_factor: true, ..sessions(&["sessions--my:rw"]) }
        }

        Op::ListOrganizations | Op::GetOrganization | Op::ListProducts => MEMBER,
        Op::CreateOrganization => Rule {
            credentials: Credentials::Optional,
            scopes: Scopes::OfApplications(&["organization--my:rw"]),
            ..ANONYMOUS
        },
        Op::UpdateOrganization => Rule { rank: Rank::Owner, ..scoped(&["organization--my:rw"]) },
        Op::TransferOwnership | Op::DeleteOrganization => {
            Rule { rank: Rank::Owner, own_credentials: true, ..scoped(&["organization--my:rw"]) }
        }
        Op::RequireSecondFactor => Rule {
            rank: Rank::Owner,
            own_credentials: true,
            credentials: Credentials::Bearer,
            ..scoped(&["organization--my:rw"])
        },
        Op::EnableProduct
        | Op::DisableProduct
        | Op::ListDomains
        | Op::AddDomain
        | Op::ProveDomain
        | Op::DeleteDomain => administrator(&["organization--my:rw"]),
        Op::ListJoinableOrganizations | Op::JoinOrganization => {
            Rule { own_credentials: true, ..scoped(&["accounts--my:rw"]) }
        }
        Op::ListMerges | Op::RequestMerge | Op::GetMerge | Op::ApproveMerge | Op::WithdrawMerge => MERGES,

        Op::ListPersonalTokens | Op::DeletePersonalToken => PERSONAL_TOKENS,
        Op::CreatePersonalToken => Rule { credentials: Credentials::Bearer, ..PERSONAL_TOKENS },
        Op::ListClients
        | Op::GetClient
        | Op::UpdateClient
        | Op::DeleteClient
        | Op::SetClientScopes
        | Op::RemoveClientScopes => CLIENTS,
        Op::CreateClient => Rule { credentials: Credentials::Bearer, ..CLIENTS },

        // Whose command it may be, its batch asks.
        Op::WithdrawConsent | Op::WithdrawOperatorCommand | Op::AskStepUp | Op::StepUp => PAGE,
        Op::ShowAccountPage | Op::SwitchOrganization => Rule { without_second_factor: true, ..PAGE },

        Op::ListAuditLog | Op::SetSuspension => administrator(&["accounts--all:rw"]),
    }
}

/// For each alternative, every scope that satisfies it: what the authorization statement compares with, as JSON text. Nothing is
/// escaped: only the table's own scopes come here, plain ASCII words.
pub fn alternatives(scopes: impl IntoIterator<Item = &'static str>) -> String {
    let mut json = String::with_capacity(512);
    json.push('[');
    for (nth, scope) in scopes.into_iter().enumerate() {
        json.push_str(if nth == 0 { "[\"" } else { ",[\"" });
        let mut first = true;
        scope::each_satisfying(scope, |parts| {
            if !std::mem::take(&mut first) {
                json.push_str("\",\"");
            }
            for part in parts {
                json.push_str(part);
            }
        });
        json.push_str("\"]");
    }
    json.push(']');
    json
}
