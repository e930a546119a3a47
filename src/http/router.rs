//! The only route table: every path, method and operation of the service.

use axum::body::Body;
use axum::response::Response;
use http::header::{ALLOW, CONTENT_LENGTH};
use http::request::Parts;
use http::{HeaderValue, Method, Request};
use http_body::Body as _;
use matchit::{Params, Router};
use percent_encoding::percent_decode_str;

use super::call::{Call, PathParams};
use super::error::{ErrorForm, browser, problem};
use super::page_call::PageCall;
use super::{
    MAX_BODY_BYTES, SEC_FETCH_DEST, account, accounts, assets, audit_log, authorize, avatars, clients, domains, health,
    info, invitation, invitations, mails, merges, mfa, operator, organization_settings, organizations, panel, passkeys,
    personal_tokens, products, reference, roles, scopes, sessions, shield, token, well_known,
};
use crate::app::App;
use crate::authz::operation::Operation;
use crate::ports::Pending;
use crate::usecase::Failure;

/// What every endpoint file's `handler` is.
pub type Endpoint = fn(Call) -> Pending<'static, Result<Response, Failure>>;

/// One line of the table.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path template, as the router reads it and the log shows it.
    pub path: &'static str,
    /// What the policy is asked about.
    pub operation: Operation,
    /// How a failure is told.
    pub errors: ErrorForm,
    /// Largest request body, in bytes.
    pub body_limit: usize,
    endpoint: Endpoint,
}

impl Route {
    /// Whether it is a page, or a file that pages are made of: for people, and no part of the API's description.
    pub fn is_page(&self) -> bool {
        self.errors == ErrorForm::Browser
    }
}

macro_rules! route {
    ($method:ident $path:literal $operation:ident $($endpoint:ident)::+) => {
        route!($method $path $operation $($endpoint)::+, Problem)
    };
    ($method:ident $path:literal $operation:ident $($endpoint:ident)::+, $errors:ident) => {
        route!($method $path $operation $($endpoint)::+, $errors, MAX_BODY_BYTES)
    };
    ($method:ident $path:literal $operation:ident $($endpoint:ident)::+, $errors:ident, $body_limit:expr) => {
        Route {
            method: Method::$method,
            path: $path,
            operation: Operation::$operation,
            errors: ErrorForm::$errors,
            body_limit: $body_limit,
            endpoint: |call| Box::pin($($endpoint)::+::handler(call)),
        }
    };
}

/// The table.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route!(GET    "/.well-known/change-password"                            LeadToPassword      well_known::change_password, Browser),
    route!(GET    "/.well-known/security.txt"                               ReadSecurityContact well_known::security),
    route!(GET    "/"                                                       Authorize           authorize::begin, Browser),
    route!(POST   "/access"                                                 RequestAccess       authorize::access, Browser),
    route!(GET    "/account"                                                ShowAccountPage     account::show, Browser),
    route!(POST   "/account/applications/withdraw"                          WithdrawConsent     account::withdraw_consent, Browser),
    route!(POST   "/account/delete"                                         EraseAccount        account::delete_account, Browser),
    route!(POST   "/account/email"                                          ChangeEmail         account::change_email, Browser),
    route!(POST   "/account/email/verification"                             SendVerification    account::send_verification, Browser),
    route!(POST   "/account/export"                                         ExportAccount       account::export, Browser),
    route!(POST   "/account/operator_commands/withdraw"                     WithdrawOperatorCommand account::withdraw_operator_command, Browser),
    route!(POST   "/account/organization"                                   SwitchOrganization  account::switch_organization, Browser),
    route!(POST   "/account/organizations/join"                             JoinOrganization    account::join_organization, Browser),
    route!(POST   "/account/organizations/leave"                            DeleteAccount       account::leave_organization, Browser),
    route!(POST   "/account/passkeys"                                       CreatePasskey       account::create_passkey, Browser),
    route!(POST   "/account/passkeys/delete"                                DeletePasskey       account::delete_passkey, Browser),
    route!(POST   "/account/passkeys/options"                               AskPasskeyCreation  account::passkey_options, Browser),
    route!(POST   "/account/passkeys/rename"                                RenamePasskey       account::rename_passkey, Browser),
    route!(POST   "/account/password"                                       SetPassword         account::change_password, Browser),
    route!(POST   "/account/personal_tokens"                                CreatePersonalToken account::create_personal_token, Browser),
    route!(POST   "/account/personal_tokens/delete"                         DeletePersonalToken account::delete_personal_token, Browser),
    route!(POST   "/account/picture"                                        UpdateOrganizationSettings account::update_picture, Browser, organization_settings::update::MAX_BODY_BYTES),
    route!(POST   "/account/picture/remove"                                 UpdateOrganizationSettings account::remove_picture, Browser),
    route!(POST   "/account/profile"                                        UpdateAccount       account::update_profile, Browser),
    route!(POST   "/account/second-factor/recovery_codes"                   NewRecoveryCodes    account::new_recovery_codes, Browser),
    route!(POST   "/account/second-factor/totp"                             BeginTotp           account::begin_totp, Browser),
    route!(POST   "/account/second-factor/totp/confirm"                     ConfirmTotp         account::confirm_totp, Browser),
    route!(POST   "/account/second-factor/totp/delete"                      DeleteTotp          account::delete_totp, Browser),
    route!(POST   "/account/sessions/end"                                   EndSession          account::end_session, Browser),
    route!(POST   "/account/sessions/end_all"                               EndAllSessions      account::end_all_sessions, Browser),
    route!(POST   "/account/step-up"                                        StepUp              account::step_up, Browser),
    route!(POST   "/account/step-up/options"                                AskStepUp           account::step_up_options, Browser),
    route!(POST   "/activate"                                               EnableProduct       authorize::activate, Browser),
    route!(GET    "/assets/{name}"                                          ReadAsset           assets::read, Browser),
    route!(GET    "/avatars/{avatar_id}"                                    ReadAvatar          avatars::read, Browser),
    route!(POST   "/consent"                                                DecideConsent       authorize::consent, Browser),
    route!(GET    "/continue"                                               ContinueAuthorization authorize::go_on, Browser),
    route!(GET    "/defaults"                                               ForgetBrowser       authorize::forget, Browser),
    route!(GET    "/domain"                                                 ShowDomainProof     mails::show_domain, Browser),
    route!(POST   "/domain"                                                 ProveDomainByMail   mails::domain, Browser),
    route!(GET    "/docs"                                                   ReadReference       reference::read),
    route!(GET    "/email/confirm"                                          ShowEmailChange     mails::show_confirm_email, Browser),
    route!(POST   "/email/confirm"                                          ConfirmEmail        mails::confirm_email, Browser),
    route!(GET    "/email/undo"                                             ShowEmailUndo       mails::show_undo_email, Browser),
    route!(POST   "/email/undo"                                             UndoEmail           mails::undo_email, Browser),
    route!(GET    "/forgot"                                                 ShowForgotten       mails::show_forgot, Browser),
    route!(POST   "/forgot"                                                 AskPasswordReset    mails::forgot, Browser),
    route!(GET    "/health"                                                 CheckHealth         health),
    route!(GET    "/info"                                                   Introspect          info::get, OAuthV1),
    route!(GET    "/invitation"                                             ShowInvitation      invitation::show, Browser),
    route!(POST   "/invitation"                                             AnswerInvitation    invitation::answer, Browser),
    route!(POST   "/invitation/signin"                                      SignInToInvitation  invitation::sign_in, Browser),
    route!(POST   "/invitation/signup"                                      SignUpToInvitation  invitation::sign_up, Browser),
    route!(GET    "/ooops"                                                  ExplainError        authorize::explain, Browser),
    route!(GET    "/openapi.json"                                           DescribeApi         reference::describe),
    route!(POST   "/operator/commands"                                      PresentOperatorCommand operator::present),
    route!(POST   "/organization"                                           ChooseOrganization  authorize::choose, Browser),
    route!(GET    "/panel"                                                         ListAccounts        panel::people::list, Browser),
    route!(GET    "/panel/applications"                                            ListClients         panel::applications::list, Browser),
    route!(POST   "/panel/applications"                                            CreateClient        panel::applications::create, Browser),
    route!(GET    "/panel/applications/{client_id}"                                GetClient           panel::applications::show, Browser),
    route!(POST   "/panel/applications/{client_id}"                                UpdateClient        panel::applications::update, Browser),
    route!(POST   "/panel/applications/{client_id}/delete"                         DeleteClient        panel::applications::delete, Browser),
    route!(POST   "/panel/applications/{client_id}/scopes"                         SetClientScopes     panel::applications::set_scopes, Browser),
    route!(POST   "/panel/applications/{client_id}/secret"                         UpdateClient        panel::applications::new_secret, Browser),
    route!(GET    "/panel/audit_log"                                               ListAuditLog        panel::audit_log, Browser),
    route!(GET    "/panel/domains"                                                 ListDomains         panel::domains::list, Browser),
    route!(POST   "/panel/domains"                                                 AddDomain           panel::domains::add, Browser),
    route!(POST   "/panel/domains/{domain_id}/proof"                               ProveDomain         panel::domains::prove, Browser),
    route!(POST   "/panel/domains/{domain_id}/remove"                              DeleteDomain        panel::domains::remove, Browser),
    route!(GET    "/panel/invitations"                                             ListInvitations     panel::invitations::list, Browser),
    route!(POST   "/panel/invitations"                                             CreateInvitation    panel::invitations::create, Browser),
    route!(POST   "/panel/invitations/{invitation_id}/approve"                     ApproveInvitation   panel::invitations::approve, Browser),
    route!(POST   "/panel/invitations/{invitation_id}/decline"                     DeclineInvitation   panel::invitations::decline, Browser),
    route!(GET    "/panel/merges"                                                  ListMerges          panel::merges::list, Browser),
    route!(POST   "/panel/merges"                                                  RequestMerge        panel::merges::request, Browser),
    route!(GET    "/panel/merges/{merge_id}"                                       GetMerge            panel::merges::show, Browser),
    route!(POST   "/panel/merges/{merge_id}/approve"                               ApproveMerge        panel::merges::approve, Browser),
    route!(POST   "/panel/merges/{merge_id}/withdraw"                              WithdrawMerge       panel::merges::withdraw, Browser),
    route!(GET    "/panel/organization"                                            GetOrganization     panel::organization::show, Browser),
    route!(POST   "/panel/organization"                                            UpdateOrganization  panel::organization::update, Browser),
    route!(POST   "/panel/organization/delete"                                     DeleteOrganization  panel::organization::delete, Browser),
    route!(POST   "/panel/organization/second_factor"                              RequireSecondFactor panel::organization::require_second_factor, Browser),
    route!(GET    "/panel/people/{account_id}"                                     GetAccount          panel::people::show, Browser),
    route!(POST   "/panel/people/{account_id}/ownership"                           TransferOwnership   panel::people::transfer_ownership, Browser),
    route!(POST   "/panel/people/{account_id}/password"                            SetPassword         panel::people::set_password, Browser),
    route!(POST   "/panel/people/{account_id}/remove"                              DeleteAccount       panel::people::remove, Browser),
    route!(POST   "/panel/people/{account_id}/roles"                               SetAccountRoles     panel::people::set_roles, Browser),
    route!(POST   "/panel/people/{account_id}/suspension"                          SetSuspension       panel::people::set_suspension, Browser),
    route!(GET    "/panel/products"                                                ListProducts        panel::products::show, Browser),
    route!(POST   "/panel/products"                                                EnableProduct       panel::products::enable, Browser),
    route!(POST   "/panel/products/disable"                                        DisableProduct      panel::products::disable, Browser),
    route!(GET    "/panel/roles"                                                   ListRoles           panel::roles::list, Browser),
    route!(POST   "/panel/roles"                                                   CreateRole          panel::roles::create, Browser),
    route!(GET    "/panel/roles/{role_id}"                                         GetRole             panel::roles::show, Browser),
    route!(POST   "/panel/roles/{role_id}"                                         UpdateRole          panel::roles::update, Browser),
    route!(POST   "/panel/roles/{role_id}/delete"                                  DeleteRole          panel::roles::delete, Browser),
    route!(GET    "/reset"                                                  ShowPasswordReset   mails::show_reset, Browser),
    route!(POST   "/reset"                                                  ResetPassword       mails::reset, Browser),
    route!(GET    "/second-step"                                            ShowSecondStep      authorize::show_second_step, Browser),
    route!(POST   "/second-step"                                            TakeSecondStep      authorize::second_step, Browser),
    route!(POST   "/second-step/passkey"                                    TakeSecondStepWithPasskey authorize::second_step_with_passkey, Browser),
    route!(POST   "/second-step/passkey/options"                            AskPasskeySecondStep authorize::second_step_passkey_options, Browser),
    route!(POST   "/set-up"                                                 BeginTotp           authorize::set_up_second_factor::begin, Browser),
    route!(POST   "/set-up/confirm"                                         ConfirmTotp         authorize::set_up_second_factor::confirm, Browser),
    route!(GET    "/signin"                                                 Authorize           authorize::begin, Browser),
    route!(POST   "/signin"                                                 SignIn              authorize::sign_in, Browser),
    route!(POST   "/signin/passkey"                                         SignInWithPasskey   authorize::sign_in_with_passkey, Browser),
    route!(POST   "/signin/passkey/options"                                 AskPasskeySignIn    authorize::passkey_options, Browser),
    route!(GET    "/signin/signup"                                          Authorize           authorize::begin, Browser),
    route!(GET    "/signout"                                                SignOut             authorize::sign_out, Browser),
    route!(POST   "/signout"                                                SignOut             authorize::sign_out, Browser),
    route!(GET    "/signup"                                                 Authorize           authorize::begin, Browser),
    route!(POST   "/signup"                                                 SignUp              authorize::sign_up, Browser),
    route!(POST   "/token"                                                  ExchangeToken       token::exchange, OAuthV1),
    route!(DELETE "/token"                                                  RevokeToken         token::revoke, OAuthV1),
    route!(GET    "/v2/accounts"                                            ListAccounts        accounts::list),
    route!(POST   "/v2/accounts"                                            CreateAccount       accounts::create),
    route!(GET    "/v2/accounts/invitations"                                ListInvitations     invitations::list),
    route!(POST   "/v2/accounts/invitations"                                CreateInvitation    invitations::create),
    route!(PUT    "/v2/accounts/invitations/{invitation_id}"                ApproveInvitation   invitations::approve),
    route!(DELETE "/v2/accounts/invitations/{invitation_id}"                DeclineInvitation   invitations::decline),
    route!(GET    "/v2/accounts/{account_id}"                               GetAccount          accounts::get),
    route!(PATCH  "/v2/accounts/{account_id}"                               UpdateAccount       accounts::update),
    route!(DELETE "/v2/accounts/{account_id}"                               DeleteAccount       accounts::delete),
    route!(GET    "/v2/accounts/{account_id}/organization_settings/{organization_id}" GetOrganizationSettings organization_settings::get),
    route!(PATCH  "/v2/accounts/{account_id}/organization_settings/{organization_id}" UpdateOrganizationSettings organization_settings::update, Problem, organization_settings::update::MAX_BODY_BYTES),
    route!(PUT    "/v2/accounts/{account_id}/roles"                         SetAccountRoles     accounts::set_roles),
    route!(POST   "/v2/accounts/me/email"                                   ChangeEmail         accounts::change_email),
    route!(POST   "/v2/accounts/me/email/verification"                      SendVerification    accounts::send_verification),
    route!(POST   "/v2/accounts/me/erasure"                                 EraseAccount        accounts::erase),
    route!(GET    "/v2/accounts/me/export"                                  ExportAccount       accounts::export),
    route!(GET    "/v2/accounts/me/mfa"                                     GetSecondFactor     mfa::get),
    route!(POST   "/v2/accounts/me/mfa/recovery_codes"                      NewRecoveryCodes    mfa::new_recovery_codes),
    route!(POST   "/v2/accounts/me/mfa/totp"                                BeginTotp           mfa::begin_totp),
    route!(DELETE "/v2/accounts/me/mfa/totp"                                DeleteTotp          mfa::delete_totp),
    route!(POST   "/v2/accounts/me/mfa/totp/confirm"                        ConfirmTotp         mfa::confirm_totp),
    route!(GET    "/v2/accounts/me/passkeys"                                ListPasskeys        passkeys::list),
    route!(POST   "/v2/accounts/me/passkeys"                                CreatePasskey       passkeys::create),
    route!(POST   "/v2/accounts/me/passkeys/options"                        AskPasskeyCreation  passkeys::options),
    route!(PATCH  "/v2/accounts/me/passkeys/{passkey_id}"                   RenamePasskey       passkeys::rename),
    route!(DELETE "/v2/accounts/me/passkeys/{passkey_id}"                   DeletePasskey       passkeys::delete),
    route!(POST   "/v2/accounts/{account_id}/password/reset"                SetPassword         accounts::set_password),
    route!(PUT    "/v2/accounts/{account_id}/suspension"                    SetSuspension       accounts::set_suspension),
    route!(GET    "/v2/audit_log"                                           ListAuditLog        audit_log::list),
    route!(GET    "/v2/clients"                                             ListClients         clients::list),
    route!(POST   "/v2/clients"                                             CreateClient        clients::create),
    route!(GET    "/v2/clients/{client_id}"                                 GetClient           clients::get),
    route!(PATCH  "/v2/clients/{client_id}"                                 UpdateClient        clients::update),
    route!(DELETE "/v2/clients/{client_id}"                                 DeleteClient        clients::delete),
    route!(PUT    "/v2/clients/{client_id}/scopes"                          SetClientScopes     clients::set_scopes),
    route!(DELETE "/v2/clients/{client_id}/scopes"                          RemoveClientScopes  clients::remove_scopes),
    route!(GET    "/v2/info"                                                Introspect          info::get),
    route!(GET    "/v2/organizations"                                       ListOrganizations   organizations::list),
    route!(POST   "/v2/organizations"                                       CreateOrganization  organizations::create),
    route!(GET    "/v2/organizations/{organization_id}"                     GetOrganization     organizations::get),
    route!(PATCH  "/v2/organizations/{organization_id}"                     UpdateOrganization  organizations::update),
    route!(DELETE "/v2/organizations/{organization_id}"                     DeleteOrganization  organizations::delete),
    route!(GET    "/v2/organizations/joinable"                              ListJoinableOrganizations organizations::list_joinable),
    route!(GET    "/v2/organizations/{organization_id}/domains"             ListDomains         domains::list),
    route!(POST   "/v2/organizations/{organization_id}/domains"             AddDomain           domains::create),
    route!(DELETE "/v2/organizations/{organization_id}/domains/{domain_id}" DeleteDomain        domains::delete),
    route!(POST   "/v2/organizations/{organization_id}/domains/{domain_id}/proof" ProveDomain   domains::prove),
    route!(POST   "/v2/organizations/{organization_id}/join"                JoinOrganization    organizations::join),
    route!(PUT    "/v2/organizations/{organization_id}/two_factor"          RequireSecondFactor organizations::require_second_factor),
    route!(POST   "/v2/organizations/{organization_id}/ownership"           TransferOwnership   organizations::transfer_ownership),
    route!(GET    "/v2/organizations/{organization_id}/merges"              ListMerges          merges::list),
    route!(POST   "/v2/organizations/{organization_id}/merges"              RequestMerge        merges::request),
    route!(GET    "/v2/organizations/{organization_id}/merges/{merge_id}"   GetMerge            merges::get),
    route!(DELETE "/v2/organizations/{organization_id}/merges/{merge_id}"   WithdrawMerge       merges::withdraw),
    route!(POST   "/v2/organizations/{organization_id}/merges/{merge_id}/approve" ApproveMerge  merges::approve),
    route!(GET    "/v2/organizations/{organization_id}/products"            ListProducts        products::list),
    route!(POST   "/v2/organizations/{organization_id}/products"            EnableProduct       products::enable),
    route!(DELETE "/v2/organizations/{organization_id}/products/{product}"  DisableProduct      products::disable),
    route!(GET    "/v2/personal_token"                                      ListPersonalTokens  personal_tokens::list),
    route!(POST   "/v2/personal_token"                                      CreatePersonalToken personal_tokens::create),
    route!(DELETE "/v2/personal_token/{personal_token_id}"                  DeletePersonalToken personal_tokens::delete),
    route!(GET    "/v2/roles"                                               ListRoles           roles::list),
    route!(POST   "/v2/roles"                                               CreateRole          roles::create),
    route!(GET    "/v2/roles/{role_id}"                                     GetRole             roles::get),
    route!(PATCH  "/v2/roles/{role_id}"                                     UpdateRole          roles::update),
    route!(DELETE "/v2/roles/{role_id}"                                     DeleteRole          roles::delete),
    route!(GET    "/v2/scopes"                                              ListScopes          scopes::list),
    route!(GET    "/v2/sessions"                                            ListSessions        sessions::list),
    route!(DELETE "/v2/sessions"                                            EndAllSessions      sessions::end_all),
    route!(DELETE "/v2/sessions/{session_id}"                               EndSession          sessions::end),
    route!(POST   "/v2/token"                                               ExchangeToken       token::exchange, OAuth),
    route!(DELETE "/v2/token"                                               RevokeToken         token::revoke),
    route!(GET    "/verify"                                                 ShowVerification    mails::show_verify, Browser),
    route!(POST   "/verify"                                                 VerifyEmail         mails::verify, Browser),
];

/// The table, to be looked up by path. Built once per isolate.
pub(super) struct Paths(Router<&'static [Route]>);

/// An answer, and the line of the table that gave it.
pub(super) type Routed = (Response, Option<&'static Route>);

impl Paths {
    /// Lines of one template stand together. One that stands apart, or whose template contradicts another, would be left
    /// out; a test asks for each of them.
    pub(super) fn of(routes: &'static [Route]) -> Self {
        let mut paths = Router::new();
        for lines in routes.chunk_by(|one, next| one.path == next.path) {
            let _contradicts = lines.first().map(|line| paths.insert(line.path, lines));
        }
        Self(paths)
    }

    /// From the request to its endpoint and back.
    pub(super) async fn dispatch(&self, app: &App, request: Request<Body>) -> Routed {
        let head = request.method() == Method::HEAD;
        let (response, route) = self.routed(app, request).await;
        (if head { without_content(response) } else { response }, route)
    }

    async fn routed(&self, app: &App, request: Request<Body>) -> Routed {
        let (parts, body) = request.into_parts();
        let Ok(found) = self.0.at(parts.uri.path()) else {
            return (no_such_path(app, &parts), None);
        };
        // HEAD is GET without the content (RFC 9110 section 9.3.2); an endpoint sees which of the two it is.
        let method = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
        let Some(route) = found.value.iter().find(|route| route.method == *method) else {
            return (not_allowed(app, found.value), None);
        };
        let params = decoded(&found.params);
        (answer(route, app, params, parts, body).await, Some(route))
    }
}

/// The one place where a failure becomes an answer.
async fn answer(route: &'static Route, app: &App, params: Option<PathParams>, parts: Parts, body: Body) -> Response {
    let page = route.is_page().then(|| PageCall::of(app, &parts));
    let answered = match shield::refuse_flood(app, route.operation).await {
        Ok(()) => match Call::read(route, app.clone(), params, parts, body).await {
            Ok(call) => (route.endpoint)(call).await,
            Err(failure) => Err(failure),
        },
        Err(failure) => Err(failure),
    };
    answered.unwrap_or_else(|failure| route.errors.response(app, page.as_ref(), failure))
}

/// `None` where a parameter is not UTF-8 once its percent-encoding is taken away.
fn decoded(params: &Params<'_, '_>) -> Option<PathParams> {
    let decode = |text| percent_decode_str(text).decode_utf8().ok().map(String::from);
    params.iter().map(|(name, value)| Some((name.to_owned(), decode(value)?))).collect()
}

/// People are told on a page, programs as the API tells them.
fn no_such_path(app: &App, parts: &Parts) -> Response {
    match parts.headers.get(SEC_FETCH_DEST).is_some_and(|looked_at_as| looked_at_as == "document") {
        true => browser::no_such_path(&PageCall::of(app, parts)),
        false => problem::no_such_path(app),
    }
}

fn not_allowed(app: &App, lines: &[Route]) -> Response {
    let methods = lines.iter().map(|route| route.method.as_str());
    let head = lines.iter().any(|route| route.method == Method::GET).then_some("HEAD");
    let allowed = methods.chain(head).collect::<Vec<_>>().join(",");
    let mut response = problem::method_not_allowed(app);
    response.headers_mut().extend(HeaderValue::try_from(allowed).map(|allowed| (ALLOW, allowed)));
    response
}

fn without_content(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        parts.headers.insert(CONTENT_LENGTH, length.into());
    }
    Response::from_parts(parts, Body::empty())
}
