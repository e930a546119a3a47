//! Where the person is signed in, and what acts for them. Facts alone: no secret, no digest, no key.

use super::{instant, me, truth};

/// Sign-ins, also those that are over, until they are removed.
pub(super) const SESSIONS: &str = concat!(
    "SELECT own.session_id AS key, json_object('session_id', own.session_id, 'identity_source', identity_source,
  'user_agent', user_agent, 'ip', ip, 'authenticated_at', ",
    instant!("authenticated_at"),
    ", 'second_step_missing', ",
    truth!("mfa_pending"),
    ", 'created_at', ",
    instant!("own.created_at"),
    ", 'seen_at', ",
    instant!("seen_at"),
    ", 'idle_expires_at', ",
    instant!("idle_expires_at"),
    ", 'expires_at', ",
    instant!("own.expires_at"),
    ", 'ended_at', ",
    instant!("ended_at"),
    ", 'organization_id', (SELECT organization_id FROM session_organization
    WHERE session_organization.session_id = own.session_id),
  'applications', json((SELECT json_group_array(json_object('client_id', used.client_id, 'name', client.name,
      'created_at', ",
    instant!("used.created_at"),
    ", 'used_at', ",
    instant!("used.used_at"),
    ")) FROM session_application AS used JOIN client ON client.client_id = used.client_id
    WHERE used.session_id = own.session_id))) AS item
FROM session AS own WHERE own.account_id = ",
    me!(),
    " AND own.session_id > ?2 AND ?4 IS NOT NULL ORDER BY own.session_id LIMIT ?3"
);

/// Browsers that have signed in before.
pub(super) const KNOWN_DEVICES: &str = concat!(
    "SELECT device_digest AS key, json_object('user_agent', user_agent, 'created_at', ",
    instant!("created_at"),
    ", 'seen_at', ",
    instant!("seen_at"),
    ", 'expires_at', ",
    instant!("expires_at"),
    ") AS item
FROM known_device WHERE account_id = ",
    me!(),
    " AND device_digest > ?2 AND ?4 IS NOT NULL ORDER BY device_digest LIMIT ?3"
);

/// What the person has allowed applications.
pub(super) const CONSENTS: &str = concat!(
    "SELECT own.client_id || '/' || own.organization_id AS key, json_object('client_id', own.client_id,
  'name', client.name, 'organization_id', own.organization_id, 'scopes', json(own.scopes), 'created_at', ",
    instant!("own.created_at"),
    ", 'updated_at', ",
    instant!("own.updated_at"),
    ") AS item
FROM consent AS own JOIN client ON client.client_id = own.client_id WHERE own.account_id = ",
    me!(),
    " AND own.client_id || '/' || own.organization_id > ?2 AND ?4 IS NOT NULL
ORDER BY own.client_id, own.organization_id LIMIT ?3"
);

/// Access tokens that have not been removed yet.
pub(super) const ACCESS_TOKENS: &str = concat!(
    "SELECT token.token_digest AS key, json_object('organization_id', token.organization_id,
  'client_id', token.client_id, 'session_id', token.session_id, 'scopes', json(token.scopes), 'created_at', ",
    instant!("token.created_at"),
    ", 'expires_at', ",
    instant!("token.expires_at"),
    ") AS item
FROM membership AS own CROSS JOIN access_token AS token ON token.organization_id = own.organization_id
  AND token.account_id = own.account_id
WHERE own.account_id = ",
    me!(),
    " AND token.token_digest > ?2 AND ?4 IS NOT NULL ORDER BY token.token_digest LIMIT ?3"
);

/// Chains of refresh tokens, one for each sign-in of an application.
pub(super) const REFRESH_FAMILIES: &str = concat!(
    "SELECT family.family_id AS key, json_object('organization_id', family.organization_id,
  'client_id', family.client_id, 'session_id', family.session_id, 'scopes', json(family.scopes), 'created_at', ",
    instant!("family.created_at"),
    ", 'expires_at', ",
    instant!("family.expires_at"),
    ", 'revoked_at', ",
    instant!("family.revoked_at"),
    ", 'refreshed_at', (SELECT ",
    instant!("max(token.used_at)"),
    " FROM refresh_token AS token WHERE token.family_id = family.family_id)) AS item
FROM membership AS own CROSS JOIN refresh_family AS family ON family.organization_id = own.organization_id
  AND family.account_id = own.account_id
WHERE own.account_id = ",
    me!(),
    " AND family.family_id > ?2 AND ?4 IS NOT NULL ORDER BY family.family_id LIMIT ?3"
);

/// Personal tokens, never their values.
pub(super) const PERSONAL_TOKENS: &str = concat!(
    "SELECT token.personal_token_id AS key, json_object('personal_token_id', token.personal_token_id,
  'organization_id', token.organization_id, 'name', token.name, 'scopes', json(token.scopes), 'created_at', ",
    instant!("token.created_at"),
    ", 'expires_at', ",
    instant!("token.expires_at"),
    ", 'used_at', ",
    instant!("token.used_at"),
    ") AS item
FROM membership AS own CROSS JOIN personal_token AS token ON token.organization_id = own.organization_id
  AND token.account_id = own.account_id
WHERE own.account_id = ",
    me!(),
    " AND token.personal_token_id > ?2 AND ?4 IS NOT NULL ORDER BY token.personal_token_id LIMIT ?3"
);

/// Passkeys, never their keys.
pub(super) const PASSKEYS: &str = concat!(
    "SELECT passkey_id AS key, json_object('passkey_id', passkey_id, 'name', name, 'algorithm', algorithm,
  'backed_up', ",
    truth!("backed_up"),
    ", 'transports', json(transports), 'created_at', ",
    instant!("created_at"),
    ", 'used_at', ",
    instant!("used_at"),
    ") AS item
FROM passkey WHERE account_id = ",
    me!(),
    " AND passkey_id > ?2 AND ?4 IS NOT NULL ORDER BY passkey_id LIMIT ?3"
);

/// What the operator was asked to do about the second factor.
pub(super) const OPERATOR_COMMANDS: &str = concat!(
    "SELECT command_id AS key, json_object('kind', kind, 'organization_id', organization_id, 'created_at', ",
    instant!("created_at"),
    ", 'due_at', ",
    instant!("due_at"),
    ", 'done_at', ",
    instant!("done_at"),
    ", 'cancelled_at', ",
    instant!("cancelled_at"),
    ") AS item
FROM operator_command WHERE account_id = ",
    me!(),
    " AND command_id > ?2 AND ?4 IS NOT NULL ORDER BY command_id LIMIT ?3"
);
