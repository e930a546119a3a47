//! What the panel says about what was done. A closed list: nothing that a request says gets here.

use super::super::notice::notices;
use super::super::texts::Texts;

notices! { panel_notice:
    /// Roles of a member.
    RolesSaved roles_saved,
    /// A member, from everything or one product.
    Suspended suspended,
    /// The end of that.
    Unsuspended unsuspended,
    /// Another's.
    PasswordSet password_set,
    /// Out of the organization.
    PersonRemoved person_removed,
    /// By a link, or at once.
    Invited invited,
    /// It was open before.
    InvitedBefore invited_before,
    /// An invitation or a request.
    Approved approved,
    /// An invitation or a request.
    Declined declined,
    /// To another owner.
    OwnershipTransferred ownership_transferred,
    /// For the organization.
    ProductEnabled product_enabled,
    /// For the organization.
    ProductDisabled product_disabled,
    /// A custom one.
    RoleCreated role_created,
    /// Name and scopes.
    RoleSaved role_saved,
    /// A custom one.
    RoleDeleted role_deleted,
    /// Its settings.
    ApplicationSaved application_saved,
    /// What it asks people for.
    ScopesSaved scopes_saved,
    /// With everything it was given.
    ApplicationDeleted application_deleted,
    /// Its details.
    OrganizationSaved organization_saved,
    /// Of every member, from a day on.
    SecondFactorDemanded second_factor_demanded,
    /// The end of that.
    SecondFactorFree second_factor_free,
    /// Not proven yet.
    DomainAdded domain_added,
    /// By its DNS record.
    DomainProven domain_proven,
    /// To its postmaster.
    ChallengeSent challenge_sent,
    /// With its proof.
    DomainRemoved domain_removed,
    /// The other owner decides.
    MergeRequested merge_requested,
    /// Withdrawn or refused.
    MergeEnded merge_ended,
}
