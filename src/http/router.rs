//! The only route table: every path, method and operation of the service.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use http::Method;

use super::call::Call;
use super::error::{ErrorForm, problem};
use super::page_call::PageCall;
use super::{
    MAX_BODY_BYTES, account, accounts, assets, audit_log, authorize, clients, health, info, invitation, invitations,
    mails, organizations, personal_tokens, products, reference, roles, scopes, sessions, token, well_known,
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
        Route {
            method: Method::$method,
            path: $path,
            operation: Operation::$operation,
            errors: ErrorForm::$errors,
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
    route!(POST   "/account/email"                                          ChangeEmail         account::change_email, Browser),
    route!(POST   "/account/email/verification"                             SendVerification    account::send_verification, Browser),
    route!(POST   "/account/organization"                                   SwitchOrganization  account::switch_organization, Browser),
    route!(POST   "/account/organizations/leave"                            DeleteAccount       account::leave_organization, Browser),
    route!(POST   "/account/password"                                       SetPassword         account::change_password, Browser),
    route!(POST   "/account/personal_tokens"                                CreatePersonalToken account::create_personal_token, Browser),
    route!(POST   "/account/personal_tokens/delete"                         DeletePersonalToken account::delete_personal_token, Browser),
    route!(POST   "/account/profile"                                        UpdateAccount       account::update_profile, Browser),
    route!(POST   "/account/sessions/end"                                   EndSession          account::end_session, Browser),
    route!(POST   "/account/sessions/end_all"                               EndAllSessions      account::end_all_sessions, Browser),
    route!(POST   "/activate"                                               EnableProduct       authorize::activate, Browser),
    route!(GET    "/assets/{name}"                                          ReadAsset           assets::read, Browser),
    route!(POST   "/consent"                                                DecideConsent       authorize::consent, Browser),
    route!(GET    "/continue"                                               ContinueAuthorization authorize::go_on, Browser),
    route!(GET    "/defaults"                                               ForgetBrowser       authorize::forget, Browser),
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
    route!(POST   "/organization"                                           ChooseOrganization  authorize::choose, Browser),
    route!(GET    "/reset"                                                  ShowPasswordReset   mails::show_reset, Browser),
    route!(POST   "/reset"                                                  ResetPassword       mails::reset, Browser),
    route!(GET    "/signin"                                                 Authorize           authorize::begin, Browser),
    route!(POST   "/signin"                                                 SignIn              authorize::sign_in, Browser),
    route!(GET    "/signin/signup"                                          Authorize           authorize::begin, Browser),
    route!(GET    "/signout"                                                SignOut             authorize::sign_out, Browser),
    route!(POST   "/signout"                                                SignOut             authorize::sign_out, Browser),
    route!(GET    "/signup"                                                 Authorize           authorize::begin, Browser),
    route!(POST   "/signup"                                                 SignUp              authorize::sign_up, Browser),
    route!(POST   "/token"                                                  ExchangeToken       token::exchange, OAuthV1),
    route!(DELETE "/token"                                                  RevokeToken         token::revoke, OAuthV1),
    route!(GET    "/v2/accounts"                                            ListAccounts        accounts::list),
    route!(GET    "/v2/accounts/invitations"                                ListInvitations     invitations::list),
    route!(POST   "/v2/accounts/invitations"                                CreateInvitation    invitations::create),
    route!(PUT    "/v2/accounts/invitations/{invitation_id}"                ApproveInvitation   invitations::approve),
    route!(DELETE "/v2/accounts/invitations/{invitation_id}"                DeclineInvitation   invitations::decline),
    route!(GET    "/v2/accounts/{account_id}"                               GetAccount          accounts::get),
    route!(POST   "/v2/accounts"                                            CreateAccount       accounts::create),
    route!(PATCH  "/v2/accounts/{account_id}"                               UpdateAccount       accounts::update),
    route!(DELETE "/v2/accounts/{account_id}"                               DeleteAccount       accounts::delete),
    route!(PUT    "/v2/accounts/{account_id}/roles"                         SetAccountRoles     accounts::set_roles),
    route!(POST   "/v2/accounts/me/email"                                   ChangeEmail         accounts::change_email),
    route!(POST   "/v2/accounts/me/email/verification"                      SendVerification    accounts::send_verification),
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
    route!(POST   "/v2/organizations/{organization_id}/ownership"           TransferOwnership   organizations::transfer_ownership),
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

/// Builds the router; once per isolate.
pub(super) fn build() -> Router {
    let routes = ROUTES.iter().fold(Router::new(), |router, route| {
        router.route(route.path, on(filter(&route.method), move |request: Request| dispatch(route, request)))
    });
    routes.fallback(not_found).method_not_allowed_fallback(method_not_allowed)
}

fn filter(method: &Method) -> MethodFilter {
    // The table holds standard methods only; a test asks for each of its lines.
    MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE)
}

/// From the router to the endpoint and back: the one place where a failure becomes an answer.
async fn dispatch(route: &'static Route, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(app) = parts.extensions.get::<App>().cloned() else {
        return problem::without_app();
    };
    let page = PageCall::of(&app, &parts);
    let mut response = match answer(route, app, parts, body).await {
        Ok(response) => response,
        Err(failure) => route.errors.response(&page, failure),
    };
    response.extensions_mut().insert(route);
    response
}

async fn answer(route: &'static Route, app: App, parts: http::request::Parts, body: Body) -> Result<Response, Failure> {
    let call = Call::read(route, app, parts, body, MAX_BODY_BYTES).await?;
    (route.endpoint)(call).await
}

async fn not_found(request: Request) -> Response {
    request.extensions().get::<App>().map_or_else(problem::without_app, problem::no_such_path)
}

/// The router adds `Allow` itself.
async fn method_not_allowed(request: Request) -> Response {
    request.extensions().get::<App>().map_or_else(problem::without_app, problem::method_not_allowed)
}
