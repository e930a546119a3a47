//! The authorization matrix: every kind of caller at every operation. Read the snapshot when it changes (row Z1).

use std::collections::BTreeSet;

use axum::body::Body;
use global_accounts::authz::operation::Operation as Op;
use global_accounts::http::pages::assets;
use global_accounts::http::router::ROUTES;
use global_accounts::oauth::envelope::Kind;
use serde_json::{Value, json};

use crate::support::authenticator::{Authenticator, encoded};
use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, OWNER};
use crate::support::client::{Client, World};

/// A domain of the cast's organization, proven.
const DOMAIN: &str = "ffffffff-0000-7000-8000-000000000004";

/// A passkey of nobody: 404 to whoever may call it.
const PASSKEY: &str = "ffffffff-0000-7000-8000-000000000005";

/// What the operations are about: ordinary objects of the cast's organization.
struct Scene {
    cast: Cast,
    target: String,
    role: String,
    client: String,
    personal_token: String,
    /// An organization that everybody of the cast may join.
    open: String,
    /// A third organization, and what is asked of it and by it.
    partner: String,
    merge: String,
    offer: String,
    invitation: String,
    callers: Vec<(&'static str, Client)>,
}

impl Scene {
    fn new() -> Self {
        let cast = Cast::default();
        let owner = cast.owner.client.clone();
        let created = |path: &str, body: Value, id: &str| -> String {
            let answer = owner.post(path, &body);
            assert!(answer.status.is_success(), "{path}: {}", answer.text);
            answer.json()[id].as_str().expect("an id").to_owned()
        };
        assert!(owner.post("/v2/organizations/my/products", &json!({"product": "HelpDesk"})).status.is_success());
        let role = json!({"product": "Accounts", "role": "night shift", "scope": "accounts--my:ro"});
        let role = created("/v2/roles", role, "role_id");
        let app =
            json!({"name": "App", "type": "server_side_app", "redirect_uri": "https://app.example.com", "scopes": []});
        let client = created("/v2/clients", app, "client_id");
        let token = json!({"name": "script", "scope": "accounts--my:ro"});
        let personal_token = created("/v2/personal_token", token, "personal_token_id");
        let target = cast.hire("target@example.com", &[]).id;
        let invited = json!({"email": "invited@example.com", "name": "Guest", "product": "HelpDesk"});
        let invitation = created("/v2/accounts/invitations", invited, "invitation_id");
        cast.world.database.execute(&format!(
            "INSERT INTO member_avatar (organization_id, account_id, avatar_id, updated_at, content_type, image)
             VALUES ('{}', '{}', '00000000-0000-7000-8000-000000000000', 0, 'image/png', x'00')",
            cast.organization, cast.owner.id
        ));
        let callers = callers(&cast);
        let open = Cast::of(cast.world.clone(), "elsewhere@example.com").organization;
        cast.world.database.raw().execute_batch(&format!(
            "UPDATE account SET email_verified = 1;
             INSERT INTO organization_domain (domain_id, organization_id, domain, challenge, created_at, proven_at, proven_by)
             VALUES ('{DOMAIN}', '{}', 'proven.example', '', 0, 0, 'dns'), ('open', '{open}', 'example.com', '', 0, 0, 'dns')",
            cast.organization
        )).expect("domains");
        let (partner, merge, offer) = merges(&cast);
        Self { cast, target, role, client, personal_token, invitation, open, partner, merge, offer, callers }
    }

    /// A request that succeeds if the caller may make it.
    fn request(&self, operation: Op) -> (String, Value) {
        let Self { target, role, client, personal_token, invitation, partner, merge, offer, .. } = self;
        let none = Value::Null;
        match operation {
            Op::ReadAsset => (assets::url("pages.css").into(), none),
            Op::ReadAvatar => ("/avatars/00000000-0000-7000-8000-000000000000".into(), none),
            Op::CheckHealth => ("/health".into(), none),
            Op::DescribeApi => ("/openapi.json".into(), none),
            Op::ReadReference => ("/docs".into(), none),
            Op::ListAccounts => ("/v2/accounts".into(), none),
            Op::CreateAccount => ("/v2/accounts".into(), json!({"email": "new@example.com"})),
            Op::GetAccount => (format!("/v2/accounts/{target}"), none),
            Op::UpdateAccount => (format!("/v2/accounts/{target}"), json!({"name": "Renamed"})),
            Op::DeleteAccount => (format!("/v2/accounts/{target}"), none),
            Op::GetOrganizationSettings => (format!("/v2/accounts/{target}/organization_settings/my"), none),
            Op::UpdateOrganizationSettings => {
                (format!("/v2/accounts/{target}/organization_settings/my"), json!({"avatar_url": "example.com/a.png"}))
            }
            Op::SetAccountRoles => (
                format!("/v2/accounts/{target}/roles"),
                json!({"set_roles": [{"product": "HelpDesk", "role": "viewer"}]}),
            ),
            Op::SetPassword => (format!("/v2/accounts/{target}/password/reset"), json!({"password": "another-one-7"})),
            Op::ChangeEmail => ("/v2/accounts/me/email".into(), json!({"email": "new@example.com"})),
            Op::SendVerification => ("/v2/accounts/me/email/verification".into(), none),
            Op::RequireSecondFactor => ("/v2/organizations/my/two_factor".into(), json!({"required_at": null})),
            Op::GetSecondFactor => ("/v2/accounts/me/mfa".into(), none),
            Op::BeginTotp | Op::DeleteTotp => ("/v2/accounts/me/mfa/totp".into(), json!({})),
            Op::ConfirmTotp => ("/v2/accounts/me/mfa/totp/confirm".into(), json!({"code": "000000"})),
            Op::NewRecoveryCodes => ("/v2/accounts/me/mfa/recovery_codes".into(), json!({})),
            Op::ListPasskeys => ("/v2/accounts/me/passkeys".into(), none),
            Op::AskPasskeyCreation => ("/v2/accounts/me/passkeys/options".into(), none),
            // An answer to a challenge that nobody was given: 422 to whoever may call it.
            Op::CreatePasskey => {
                let options = json!({"challenge": encoded(&[0; 32]), "rp": {"id": "localhost"}, "user": {"id": "AA"}});
                let credential = Authenticator::new(1).create(&options);
                ("/v2/accounts/me/passkeys".into(), json!({"name": "Phone", "credential": credential}))
            }
            Op::RenamePasskey => (format!("/v2/accounts/me/passkeys/{PASSKEY}"), json!({"name": "Phone"})),
            Op::DeletePasskey => (format!("/v2/accounts/me/passkeys/{PASSKEY}"), none),
            Op::ExportAccount => ("/v2/accounts/me/export".into(), none),
            Op::EraseAccount => ("/v2/accounts/me/erasure".into(), json!({"email": "member.of.owner@example.com"})),
            Op::SetSuspension => {
                (format!("/v2/accounts/{target}/suspension"), json!({"product": "HelpDesk", "suspended": true}))
            }
            Op::ListInvitations => ("/v2/accounts/invitations".into(), none),
            Op::CreateInvitation => {
                ("/v2/accounts/invitations".into(), json!({"email": "guest@example.com", "name": "Guest"}))
            }
            Op::ApproveInvitation => (format!("/v2/accounts/invitations/{invitation}"), json!({"role": "viewer"})),
            Op::DeclineInvitation => (format!("/v2/accounts/invitations/{invitation}"), none),
            Op::ListRoles => ("/v2/roles".into(), none),
            Op::CreateRole => {
                ("/v2/roles".into(), json!({"product": "Accounts", "role": "new", "scope": "accounts--my:ro"}))
            }
            Op::GetRole => (format!("/v2/roles/{role}"), none),
            Op::UpdateRole => (format!("/v2/roles/{role}"), json!({"role": "day shift"})),
            Op::DeleteRole => (format!("/v2/roles/{role}"), none),
            Op::ListSessions | Op::EndAllSessions => ("/v2/sessions".into(), none),
            Op::EndSession => ("/v2/sessions/my".into(), none),
            Op::ListOrganizations => ("/v2/organizations".into(), none),
            Op::CreateOrganization => ("/v2/organizations".into(), json!({"organization": {"name": "New"}})),
            Op::GetOrganization => (format!("/v2/organizations/{}", self.cast.organization), none),
            Op::UpdateOrganization => (format!("/v2/organizations/{}", self.cast.organization), json!({"name": "New"})),
            Op::DeleteOrganization => {
                ("/v2/organizations/my".into(), json!({"organization_id": self.cast.organization}))
            }
            Op::ListJoinableOrganizations => ("/v2/organizations/joinable".into(), none),
            Op::JoinOrganization => (format!("/v2/organizations/{}/join", self.open), none),
            Op::ListDomains => ("/v2/organizations/my/domains".into(), none),
            Op::AddDomain => ("/v2/organizations/my/domains".into(), json!({"domain": "new.example"})),
            Op::DeleteDomain => (format!("/v2/organizations/my/domains/{DOMAIN}"), none),
            Op::ProveDomain => (format!("/v2/organizations/my/domains/{DOMAIN}/proof"), none),
            Op::TransferOwnership => {
                ("/v2/organizations/my/ownership".into(), json!({"account_id": self.cast.administrator.id}))
            }
            Op::ListMerges => ("/v2/organizations/my/merges".into(), none),
            Op::RequestMerge => ("/v2/organizations/my/merges".into(), json!({"source_organization_id": partner})),
            Op::GetMerge | Op::WithdrawMerge => (format!("/v2/organizations/my/merges/{merge}"), none),
            Op::ApproveMerge => (format!("/v2/organizations/my/merges/{offer}/approve"), none),
            Op::ListProducts => ("/v2/organizations/my/products".into(), none),
            Op::EnableProduct => ("/v2/organizations/my/products".into(), json!({"product": "LiveChat"})),
            Op::DisableProduct => ("/v2/organizations/my/products/HelpDesk".into(), none),
            Op::Introspect => ("/v2/info".into(), none),
            Op::ExchangeToken => ("/v2/token".into(), json!({"grant_type": "password"})),
            Op::RevokeToken => ("/v2/token".into(), none),
            Op::ListPersonalTokens => ("/v2/personal_token".into(), none),
            Op::CreatePersonalToken => {
                ("/v2/personal_token".into(), json!({"name": "new", "scope": "accounts--my:ro"}))
            }
            Op::DeletePersonalToken => (format!("/v2/personal_token/{personal_token}"), none),
            Op::ListScopes => ("/v2/scopes".into(), none),
            Op::ListClients => ("/v2/clients".into(), none),
            Op::CreateClient => (
                "/v2/clients".into(),
                json!({"name": "New", "type": "javascript_app", "redirect_uri": "https://new.example.com", "scopes": []}),
            ),
            Op::GetClient => (format!("/v2/clients/{client}"), none),
            Op::UpdateClient => (format!("/v2/clients/{client}"), json!({"name": "New"})),
            Op::DeleteClient => (format!("/v2/clients/{client}"), none),
            Op::SetClientScopes | Op::RemoveClientScopes => {
                (format!("/v2/clients/{client}/scopes"), json!([{"scope": "accounts--my:ro", "required": true}]))
            }
            Op::ListAuditLog => ("/v2/audit_log".into(), none),
            Op::Authorize => ("/".into(), none),
            Op::AskPasskeySignIn => ("/signin/passkey/options".into(), none),
            Op::SignInWithPasskey => ("/signin/passkey".into(), none),
            Op::AskPasskeySecondStep => ("/second-step/passkey/options".into(), none),
            Op::TakeSecondStepWithPasskey => ("/second-step/passkey".into(), none),
            Op::SignIn => ("/signin".into(), none),
            Op::SignUp => ("/signup".into(), none),
            Op::ShowSecondStep | Op::TakeSecondStep => ("/second-step".into(), none),
            Op::ContinueAuthorization => ("/continue".into(), none),
            Op::ChooseOrganization => ("/organization".into(), none),
            Op::DecideConsent => ("/consent".into(), none),
            Op::RequestAccess => ("/access".into(), none),
            Op::ShowInvitation | Op::AnswerInvitation => ("/invitation".into(), none),
            Op::SignInToInvitation => ("/invitation/signin".into(), none),
            Op::SignUpToInvitation => ("/invitation/signup".into(), none),
            Op::ExplainError => ("/ooops".into(), none),
            Op::SignOut => ("/signout".into(), none),
            Op::ForgetBrowser => ("/defaults".into(), none),
            Op::ShowAccountPage => ("/account".into(), none),
            Op::WithdrawConsent => ("/account/applications/withdraw".into(), none),
            Op::SwitchOrganization => ("/account/organization".into(), none),
            Op::AskStepUp => ("/account/step-up/options".into(), none),
            Op::StepUp => ("/account/step-up".into(), none),
            Op::ShowForgotten | Op::AskPasswordReset => ("/forgot".into(), none),
            Op::ShowPasswordReset | Op::ResetPassword => ("/reset".into(), none),
            Op::ShowDomainProof | Op::ProveDomainByMail => ("/domain".into(), none),
            Op::ShowVerification | Op::VerifyEmail => ("/verify".into(), none),
            Op::ShowEmailChange | Op::ConfirmEmail => ("/email/confirm".into(), none),
            Op::ShowEmailUndo | Op::UndoEmail => ("/email/undo".into(), none),
            Op::PresentOperatorCommand => ("/operator/commands".into(), json!({"command": "forged"})),
            Op::WithdrawOperatorCommand => ("/account/operator_commands/withdraw".into(), none),
            Op::LeadToPassword => ("/.well-known/change-password".into(), none),
            Op::ReadSecurityContact => ("/.well-known/security.txt".into(), none),
        }
    }
}

/// An organization that the cast's has not asked yet; a merge that it asked for, and one that it is asked for.
fn merges(cast: &Cast) -> (String, String, String) {
    let others = ["partner@example.com", "asked@example.com"].map(|email| cast.world.sign_up(email));
    cast.world.database.execute("UPDATE account SET email_verified = 1");
    let [partner, asked] = &others
        .each_ref()
        .map(|(_, created)| created["organization"]["organization_id"].as_str().expect("an id").to_owned());
    let ask = |client: &Client, source: &str| -> String {
        let answer = client.post("/v2/organizations/my/merges", &json!({"source_organization_id": source}));
        answer.json()["merge_id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    };
    (partner.clone(), ask(&cast.owner.client, asked), ask(&others[0].0, &cast.organization))
}

/// Every kind of caller, the least entitled first.
fn callers(cast: &Cast) -> Vec<(&'static str, Client)> {
    let world = &cast.world;
    let editor = cast.hire("editor@example.com", &[BILLING_EDITOR]);
    let suspended = cast.hire("suspended@example.com", &[ADMINISTRATOR]);
    world.database.execute(&format!("UPDATE membership SET suspended = 1 WHERE account_id = '{}'", suspended.id));
    let revoked = world.full_token_for(&cast.owner.id, &cast.organization);
    let digest = world.app().open(Kind::Access, &revoked).expect("genuine").digest;
    world.database.execute(&format!(
        "UPDATE session SET ended_at = 1 WHERE session_id = (SELECT session_id FROM access_token WHERE token_digest = '{}')",
        digest.as_str()
    ));
    let past = world.app().now();
    let expired = world.app().mint(Kind::Access, Some(past)).expect("a token").text;
    let (stranger, _) = world.sign_up("stranger@example.com");
    vec![
        ("anonymous", world.anonymous()),
        ("expired", world.bearer(&expired)),
        ("revoked", world.bearer(&revoked)),
        ("suspended", suspended.client),
        ("stranger", stranger),
        ("narrow PAT", world.personal(&cast.owner.id, &cast.organization, &["accounts--my:ro"])),
        (
            "wide PAT",
            world.personal(
                &cast.owner.id,
                &cast.organization,
                &[
                    "accounts--all:rw",
                    "accounts--my:rw",
                    "organization--my:rw",
                    "accounts.roles--all:rw",
                    "accounts.password--my:rw",
                ],
            ),
        ),
        ("application", world.bearer(&world.application_token_for(&cast.owner.id, &cast.organization))),
        ("member", cast.member.client.clone()),
        ("+billing", editor.client),
        ("administrator", cast.administrator.client.clone()),
        ("owner", cast.owner.client.clone()),
    ]
}

#[test]
fn z1_z5_every_kind_of_caller_at_every_operation() {
    let scene = Scene::new();
    let world = &scene.cast.world;
    let covered: BTreeSet<Op> = ROUTES.iter().map(|route| route.operation).collect();
    assert_eq!(covered.len(), Op::ALL.len(), "an operation without a route");
    let mut table = format!("{:<22}", "");
    for (name, _) in &scene.callers {
        table += &format!("{name:>14}");
    }
    for operation in Op::ALL {
        let route = ROUTES
            .iter()
            .filter(|route| route.operation == *operation && route.path != "/info" && route.path != "/token")
            .min_by_key(|route| route.is_page());
        let route = route.expect("a route");
        let (path, body) = scene.request(*operation);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        table += &format!("\n{:<22}", format!("{operation:?}"));
        for (_, caller) in &scene.callers {
            world.database.execute("SAVEPOINT cell");
            let answer = caller.send(route.method.clone(), &path, Body::from(body.clone()));
            world.database.execute("ROLLBACK TO cell");
            world.database.execute("RELEASE cell");
            world.cache.clear();
            table += &format!("{:>14}", answer.status.as_u16());
        }
    }
    insta::assert_snapshot!("authorization_matrix", table);
}

/// What the statement compares are texts in a list: one that another holds within itself is another scope.
#[test]
fn z5_a_scope_is_compared_whole() {
    let scope = "accounts--all:ro";
    let around = ["sub.accounts--all:ro", "accounts--all:ro.sub"];
    let held_by_owner = |world: &World, scopes: &[&str]| {
        world.database.execute(&format!("DELETE FROM role_scope WHERE role_id = '{OWNER}'"));
        for scope in scopes {
            world
                .database
                .execute(&format!("INSERT OR IGNORE INTO scope (scope, description) VALUES ('{scope}', 'x')"));
            world.database.execute(&format!("INSERT INTO role_scope VALUES ('{OWNER}', '{scope}')"));
        }
    };
    for (granted, held, status) in
        [(&[scope][..], &[scope][..], 200), (&around[..], &[scope][..], 403), (&[scope][..], &around[..], 403)]
    {
        let world = World::default();
        let (owner, _) = world.sign_up("owner@example.com");
        held_by_owner(&world, held);
        world.database.execute(&format!("UPDATE access_token SET scopes = '{}'", json!(granted)));
        let answer = owner.get("/v2/accounts");
        assert_eq!(answer.status.as_u16(), status, "{granted:?} {held:?}: {}", answer.text);
    }
}
