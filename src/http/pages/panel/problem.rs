//! What the panel says about what went wrong. A closed list: nothing that a request says gets here.

use super::super::texts::Texts;
use crate::domain::password;

/// A form field that a problem belongs to. Its name on the wire is the id of its input, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `q`
    Search,
    /// `email`
    Email,
    /// `offer`
    Offer,
    /// `password`
    Password,
    /// `current_password`
    CurrentPassword,
    /// `current_code`
    CurrentCode,
    /// `name`
    Name,
    /// `product`
    Product,
    /// `scope`
    Scope,
    /// `redirect_uris`
    RedirectUris,
    /// `configuration_uri`
    ConfigurationUri,
    /// `source_organization_id`
    SourceOrganization,
    /// `keep`
    Keep,
    /// `organization_id`
    OrganizationId,
    /// `invitation_mode`
    InvitationMode,
    /// `domain`
    Domain,
    /// `phone`
    Phone,
    /// `website`
    Website,
    /// `from`
    From,
    /// `until`
    Until,
    /// `required_on`
    RequiredOn,
    /// `demand_password`
    DemandPassword,
    /// `demand_code`
    DemandCode,
}

impl Field {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "q",
            Self::Email => "email",
            Self::Offer => "offer",
            Self::Password => "password",
            Self::CurrentPassword => "current_password",
            Self::CurrentCode => "current_code",
            Self::Name => "name",
            Self::Product => "product",
            Self::Scope => "scope",
            Self::RedirectUris => "redirect_uris",
            Self::ConfigurationUri => "configuration_uri",
            Self::SourceOrganization => "source_organization_id",
            Self::Keep => "keep",
            Self::OrganizationId => "organization_id",
            Self::InvitationMode => "invitation_mode",
            Self::Domain => "domain",
            Self::Phone => "phone",
            Self::Website => "website",
            Self::From => "from",
            Self::Until => "until",
            Self::RequiredOn => "required_on",
            Self::DemandPassword => "demand_password",
            Self::DemandCode => "demand_code",
        }
    }
}

macro_rules! problems {
    ($($(#[$doc:meta])+ $name:ident $key:ident $($field:ident)?),+ $(,)?) => {
        /// What went wrong with a form, for the summary on top and beside the field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Problem {
            $($(#[$doc])+ $name),+,
            /// Fewer characters than the profile wants.
            PasswordTooShort,
            /// More than [`password::MAX_LENGTH`].
            PasswordTooLong,
        }

        impl Problem {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+, Self::PasswordTooShort, Self::PasswordTooLong];

            /// The field to which it leads.
            pub const fn field(self) -> Option<Field> {
                match self {
                    $(Self::$name => problems!(@field $($field)?)),+,
                    Self::PasswordTooShort | Self::PasswordTooLong => Some(Field::Password),
                }
            }

            pub(in crate::http::pages) fn text(self, texts: &Texts, min_password: usize) -> String {
                match self {
                    $(Self::$name => texts.panel_problem.$key.to_owned()),+,
                    Self::PasswordTooShort => texts.problem.password_too_short.of(&min_password.to_string()),
                    Self::PasswordTooLong => texts.problem.password_too_long.of(&password::MAX_LENGTH.to_string()),
                }
            }
        }
    };
    (@field) => { None };
    (@field $field:ident) => { Some(Field::$field) };
}

problems! {
    /// The policy, or a rule about whose role stands above whose.
    NotAllowed not_allowed,
    /// What the form was about is not there any more.
    Gone gone,
    /// The choices contradict one another, or what is stored by now.
    RolesImpossible roles_impossible,
    /// A text that nobody can be called by.
    SearchInvalid search_invalid Search,
    /// No address of RFC 5321.
    EmailInvalid email_invalid Email,
    /// The person has a role of the product already.
    AlreadyMember already_member Email,
    /// Not a role that can be given, of a product that the organization has.
    OfferInvalid offer_invalid Offer,
    /// Nothing in the field.
    PasswordMissing password_missing Password,
    /// On the list of common passwords.
    PasswordTooCommon password_too_common Password,
    /// The account belongs to other organizations too.
    AccountShared account_shared,
    /// Neither the password nor a fresh sign-in.
    ProofMissing proof_missing CurrentPassword,
    /// Not the present password of who is signed in.
    ProofWrong proof_wrong CurrentPassword,
    /// No code of their second factor of now, or one that was used.
    ProofCodeWrong proof_code_wrong CurrentCode,
    /// Not an administrator, or suspended.
    HeirUnfit heir_unfit,
    /// Somebody else was faster.
    ChangedMeanwhile changed_meanwhile,
    /// Nothing in the field.
    NameMissing name_missing Name,
    /// Too long, or holds what cannot be shown.
    NameInvalid name_invalid Name,
    /// Another role of the product has it.
    NameTaken name_taken Name,
    /// Not a product that the organization has, or could have.
    ProductInvalid product_invalid Product,
    /// No scope at all.
    ScopeMissing scope_missing Scope,
    /// A scope that the person's own roles do not give.
    ScopeAbove scope_above Scope,
    /// One that sign-in must not lead to.
    RedirectUrisInvalid redirect_uris_invalid RedirectUris,
    /// Not a web address.
    ConfigurationUriInvalid configuration_uri_invalid ConfigurationUri,
    /// As many as there may be.
    TooManyApplications too_many_applications,
    /// Too long, or holds what cannot be shown.
    PhoneInvalid phone_invalid Phone,
    /// Not a web address.
    WebsiteInvalid website_invalid Website,
    /// Not a day.
    FromInvalid day_invalid From,
    /// Not a day.
    UntilInvalid day_invalid Until,
    /// Not a day, or one that is over.
    RequiredOnInvalid required_on_invalid RequiredOn,
    /// As [`Self::ProofMissing`], before a second factor is demanded or not any more.
    DemandProofMissing proof_missing DemandPassword,
    /// As [`Self::ProofWrong`].
    DemandProofWrong proof_wrong DemandPassword,
    /// As [`Self::ProofCodeWrong`].
    DemandCodeWrong proof_code_wrong DemandCode,
    /// Who demands a second factor has one.
    OwnSecondFactorMissing own_second_factor_missing,
    /// Neither of the two.
    ModeInvalid mode_invalid InvitationMode,
    /// Not the id of the organization that would be deleted.
    NotRepeated not_repeated OrganizationId,
    /// No domain name.
    DomainInvalid domain_invalid Domain,
    /// Anybody can have an address there.
    DomainFree domain_free Domain,
    /// Its addresses are made to be thrown away.
    DomainDisposable domain_disposable Domain,
    /// The organization has it already.
    DomainTaken domain_taken Domain,
    /// As many as there may be.
    TooManyDomains too_many_domains,
    /// The DNS record is not there.
    RecordMissing record_missing,
    /// The name service did not answer.
    NamesUnanswered names_unanswered,
    /// It is proven already.
    DomainProven domain_proven,
    /// No organization has this id.
    SourceUnknown source_unknown SourceOrganization,
    /// The organization itself.
    SourceOwn source_own SourceOrganization,
    /// Nothing, or nothing that fits, was said about a product.
    KeepInvalid keep_invalid Keep,
    /// A merge of the two waits already.
    MergeOpen merge_open,
    /// More accounts than one merge takes.
    MergeTooLarge merge_too_large,
    /// The person's own address is not proven.
    EmailUnverified email_unverified,
    /// That of the other owner is not.
    OtherUnverified other_unverified,
    /// It is decided, withdrawn or too old.
    MergeClosed merge_closed,
    /// The preview is another by now.
    MergeChanged merge_changed,
    /// What was said about products fits no more.
    MergeProductsChanged merge_products_changed,
}
