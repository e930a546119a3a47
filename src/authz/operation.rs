//! Every operation of the service, by name.

macro_rules! operations {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {
        /// What a route does. A route without an operation cannot be written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Operation {
            $($(#[$doc])+ $name),+
        }

        impl Operation {
            /// All of them, so that a test can ask about each.
            pub const ALL: &[Self] = &[$(Self::$name),+];
        }
    };
}

operations! {
    /// `GET /assets/{name}`
    ReadAsset,
    /// `GET /avatars/{avatar_id}`
    ReadAvatar,
    /// `GET /health`
    CheckHealth,
    /// `GET /openapi.json`
    DescribeApi,
    /// `GET /docs`
    ReadReference,
    /// `GET /v2/accounts`
    ListAccounts,
    /// `POST /v2/accounts`
    CreateAccount,
    /// `GET /v2/accounts/{account_id}`
    GetAccount,
    /// `PATCH /v2/accounts/{account_id}`
    UpdateAccount,
    /// `DELETE /v2/accounts/{account_id}`
    DeleteAccount,
    /// `GET /v2/accounts/{account_id}/organization_settings/{organization_id}`
    GetOrganizationSettings,
    /// `PATCH /v2/accounts/{account_id}/organization_settings/{organization_id}`
    UpdateOrganizationSettings,
    /// `PUT /v2/accounts/{account_id}/roles`
    SetAccountRoles,
    /// `POST /v2/accounts/{account_id}/password/reset`
    SetPassword,
    /// `POST /v2/accounts/me/email`
    ChangeEmail,
    /// `POST /v2/accounts/me/email/verification`
    SendVerification,
    /// `GET /v2/accounts/me/passkeys`
    ListPasskeys,
    /// `POST /v2/accounts/me/passkeys/options`
    AskPasskeyCreation,
    /// `POST /v2/accounts/me/passkeys`
    CreatePasskey,
    /// `PATCH /v2/accounts/me/passkeys/{passkey_id}`
    RenamePasskey,
    /// `DELETE /v2/accounts/me/passkeys/{passkey_id}`
    DeletePasskey,
    /// `GET /v2/accounts/me/export`
    ExportAccount,
    /// `POST /v2/accounts/me/erasure`
    EraseAccount,
    /// `PUT /v2/accounts/{account_id}/suspension`
    SetSuspension,
    /// `GET /v2/accounts/invitations`
    ListInvitations,
    /// `POST /v2/accounts/invitations`
    CreateInvitation,
    /// `PUT /v2/accounts/invitations/{invitation_id}`
    ApproveInvitation,
    /// `DELETE /v2/accounts/invitations/{invitation_id}`
    DeclineInvitation,
    /// `GET /v2/roles`
    ListRoles,
    /// `POST /v2/roles`
    CreateRole,
    /// `GET /v2/roles/{role_id}`
    GetRole,
    /// `PATCH /v2/roles/{role_id}`
    UpdateRole,
    /// `DELETE /v2/roles/{role_id}`
    DeleteRole,
    /// `GET /v2/sessions`
    ListSessions,
    /// `DELETE /v2/sessions`
    EndAllSessions,
    /// `DELETE /v2/sessions/{session_id}`
    EndSession,
    /// `GET /v2/organizations`
    ListOrganizations,
    /// `POST /v2/organizations`
    CreateOrganization,
    /// `GET /v2/organizations/{organization_id}`
    GetOrganization,
    /// `PATCH /v2/organizations/{organization_id}`
    UpdateOrganization,
    /// `DELETE /v2/organizations/{organization_id}`
    DeleteOrganization,
    /// `POST /v2/organizations/{organization_id}/ownership`
    TransferOwnership,
    /// `GET /v2/organizations/joinable`
    ListJoinableOrganizations,
    /// `POST /v2/organizations/{organization_id}/join`
    JoinOrganization,
    /// `GET /v2/organizations/{organization_id}/domains`
    ListDomains,
    /// `POST /v2/organizations/{organization_id}/domains`
    AddDomain,
    /// `DELETE /v2/organizations/{organization_id}/domains/{domain_id}`
    DeleteDomain,
    /// `POST /v2/organizations/{organization_id}/domains/{domain_id}/proof`
    ProveDomain,
    /// `GET /v2/organizations/{organization_id}/merges`
    ListMerges,
    /// `POST /v2/organizations/{organization_id}/merges`
    RequestMerge,
    /// `GET /v2/organizations/{organization_id}/merges/{merge_id}`
    GetMerge,
    /// `POST /v2/organizations/{organization_id}/merges/{merge_id}/approve`
    ApproveMerge,
    /// `DELETE /v2/organizations/{organization_id}/merges/{merge_id}`
    WithdrawMerge,
    /// `GET /v2/organizations/{organization_id}/products`
    ListProducts,
    /// `POST /v2/organizations/{organization_id}/products`
    EnableProduct,
    /// `DELETE /v2/organizations/{organization_id}/products/{product}`
    DisableProduct,
    /// `GET /v2/info`
    Introspect,
    /// `POST /v2/token`
    ExchangeToken,
    /// `DELETE /v2/token`
    RevokeToken,
    /// `PUT /v2/organizations/{organization_id}/two_factor`
    RequireSecondFactor,
    /// `GET /v2/accounts/me/mfa`
    GetSecondFactor,
    /// `POST /v2/accounts/me/mfa/totp`
    BeginTotp,
    /// `POST /v2/accounts/me/mfa/totp/confirm`
    ConfirmTotp,
    /// `DELETE /v2/accounts/me/mfa/totp`
    DeleteTotp,
    /// `POST /v2/accounts/me/mfa/recovery_codes`
    NewRecoveryCodes,
    /// `GET /v2/personal_token`
    ListPersonalTokens,
    /// `POST /v2/personal_token`
    CreatePersonalToken,
    /// `DELETE /v2/personal_token/{personal_token_id}`
    DeletePersonalToken,
    /// `GET /v2/scopes`
    ListScopes,
    /// `GET /v2/clients`
    ListClients,
    /// `POST /v2/clients`
    CreateClient,
    /// `GET /v2/clients/{client_id}`
    GetClient,
    /// `PATCH /v2/clients/{client_id}`
    UpdateClient,
    /// `DELETE /v2/clients/{client_id}`
    DeleteClient,
    /// `PUT /v2/clients/{client_id}/scopes`
    SetClientScopes,
    /// `DELETE /v2/clients/{client_id}/scopes`
    RemoveClientScopes,
    /// `GET /v2/audit_log`
    ListAuditLog,
    /// `GET /`
    Authorize,
    /// `POST /signin`
    SignIn,
    /// `POST /signup`
    SignUp,
    /// `GET /second-step`
    ShowSecondStep,
    /// `POST /second-step`
    TakeSecondStep,
    /// `POST /second-step/passkey/options`
    AskPasskeySecondStep,
    /// `POST /second-step/passkey`
    TakeSecondStepWithPasskey,
    /// `POST /signin/passkey/options`
    AskPasskeySignIn,
    /// `POST /signin/passkey`
    SignInWithPasskey,
    /// `GET /continue`
    ContinueAuthorization,
    /// `POST /organization`
    ChooseOrganization,
    /// `POST /consent`
    DecideConsent,
    /// `POST /access`
    RequestAccess,
    /// `GET /invitation`
    ShowInvitation,
    /// `POST /invitation`
    AnswerInvitation,
    /// `POST /invitation/signin`
    SignInToInvitation,
    /// `POST /invitation/signup`
    SignUpToInvitation,
    /// `GET /ooops`
    ExplainError,
    /// `POST /signout`
    SignOut,
    /// `GET /defaults`
    ForgetBrowser,
    /// `GET /account`
    ShowAccountPage,
    /// `POST /account/applications/withdraw`
    WithdrawConsent,
    /// `POST /account/organization`
    SwitchOrganization,
    /// `POST /account/step-up/options`
    AskStepUp,
    /// `POST /account/step-up`
    StepUp,
    /// `GET /forgot`
    ShowForgotten,
    /// `POST /forgot`
    AskPasswordReset,
    /// `GET /reset`
    ShowPasswordReset,
    /// `POST /reset`
    ResetPassword,
    /// `GET /domain`
    ShowDomainProof,
    /// `POST /domain`
    ProveDomainByMail,
    /// `GET /verify`
    ShowVerification,
    /// `POST /verify`
    VerifyEmail,
    /// `GET /email/confirm`
    ShowEmailChange,
    /// `POST /email/confirm`
    ConfirmEmail,
    /// `GET /email/undo`
    ShowEmailUndo,
    /// `POST /email/undo`
    UndoEmail,
    /// `POST /operator/commands`
    PresentOperatorCommand,
    /// `POST /account/operator_commands/withdraw`
    WithdrawOperatorCommand,
    /// `GET /.well-known/change-password`
    LeadToPassword,
    /// `GET /.well-known/security.txt`
    ReadSecurityContact,
}
