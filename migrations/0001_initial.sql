-- Everything but the catalogue rows. What the tables are for is written in schema.sql.

CREATE TABLE schema_meta (
  singleton INTEGER NOT NULL DEFAULT 1,
  version   INTEGER NOT NULL,                   -- number of migrations applied
  CONSTRAINT schema_meta_pk PRIMARY KEY (singleton),
  CONSTRAINT schema_meta_one_row CHECK (singleton = 1)
) STRICT;

-- ---------------------------------------------------------------- catalogue

CREATE TABLE product (
  product      TEXT    NOT NULL,
  position     INTEGER NOT NULL,                -- order in which products are shown
  launch_url   TEXT,                            -- where sign-in without an application leads
  CONSTRAINT product_pk PRIMARY KEY (product),
  CONSTRAINT product_name CHECK (length(product) BETWEEN 1 AND 64)
) STRICT;

CREATE TABLE scope (
  scope        TEXT    NOT NULL,
  description  TEXT    NOT NULL,
  beta         INTEGER NOT NULL DEFAULT 0,
  private      INTEGER NOT NULL DEFAULT 0,      -- never offered to applications
  CONSTRAINT scope_pk PRIMARY KEY (scope),
  CONSTRAINT scope_flags CHECK (beta IN (0, 1) AND private IN (0, 1))
) STRICT;

CREATE TABLE role (
  role_id         TEXT    NOT NULL,
  organization_id TEXT,                         -- NULL: predefined, the same in every organization
  product         TEXT    NOT NULL,
  role            TEXT    NOT NULL,
  type            TEXT    NOT NULL,
  rank            INTEGER NOT NULL,             -- nobody grants a role of the same product above their own rank
  created_at      INTEGER NOT NULL DEFAULT 0,
  updated_at      INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT role_pk PRIMARY KEY (role_id),
  CONSTRAINT role_identity UNIQUE (role_id, product, type),
  CONSTRAINT role_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT role_product FOREIGN KEY (product) REFERENCES product (product),
  CONSTRAINT role_type CHECK (type IN ('primary', 'secondary', 'custom')),
  CONSTRAINT role_own_is_custom CHECK (organization_id IS NULL OR type = 'custom'),
  CONSTRAINT role_name CHECK (length(role) BETWEEN 1 AND 64)
) STRICT;
CREATE UNIQUE INDEX role_predefined_name ON role (product, role) WHERE organization_id IS NULL;
CREATE UNIQUE INDEX role_custom_name ON role (organization_id, product, role) WHERE organization_id IS NOT NULL;

CREATE TABLE role_scope (
  role_id TEXT NOT NULL,
  scope   TEXT NOT NULL,
  CONSTRAINT role_scope_pk PRIMARY KEY (role_id, scope),
  CONSTRAINT role_scope_role FOREIGN KEY (role_id) REFERENCES role (role_id) ON DELETE CASCADE,
  CONSTRAINT role_scope_scope FOREIGN KEY (scope) REFERENCES scope (scope)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- people and organizations

CREATE TABLE account (
  account_id              TEXT    NOT NULL,
  email                   TEXT    NOT NULL,     -- as the person wrote it
  email_key               TEXT    NOT NULL,     -- its normal form: one account per normal form
  email_verified          INTEGER NOT NULL DEFAULT 0,
  name                    TEXT    NOT NULL DEFAULT '',
  avatar_url              TEXT,
  default_product         TEXT,
  default_organization_id TEXT,
  time_zone               TEXT,
  locale                  TEXT,
  token_epoch             INTEGER NOT NULL DEFAULT 0,  -- sessions, access and refresh tokens
  personal_token_epoch    INTEGER NOT NULL DEFAULT 0,
  mfa                     INTEGER NOT NULL DEFAULT 0,  -- has a second factor: only the triggers on totp and passkey write it
  created_at              INTEGER NOT NULL,
  updated_at              INTEGER NOT NULL,
  CONSTRAINT account_pk PRIMARY KEY (account_id),
  CONSTRAINT account_email_key UNIQUE (email_key),
  CONSTRAINT account_email_verified CHECK (email_verified IN (0, 1)),
  CONSTRAINT account_mfa CHECK (mfa IN (0, 1)),
  CONSTRAINT account_name_length CHECK (length(name) <= 191),
  CONSTRAINT account_email_length CHECK (length(email) BETWEEN 3 AND 128),
  CONSTRAINT account_avatar_length CHECK (length(avatar_url) <= 255),
  CONSTRAINT account_default_product FOREIGN KEY (default_product) REFERENCES product (product),
  CONSTRAINT account_default_organization FOREIGN KEY (default_organization_id) REFERENCES organization (organization_id) ON DELETE SET NULL
) STRICT;
CREATE INDEX account_by_default_organization ON account (default_organization_id) WHERE default_organization_id IS NOT NULL;

CREATE TABLE password (
  account_id TEXT    NOT NULL,
  phc        TEXT    NOT NULL,                  -- Argon2id PHC string, keyid names the pepper
  set_at     INTEGER NOT NULL,
  CONSTRAINT password_pk PRIMARY KEY (account_id),
  CONSTRAINT password_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT password_phc CHECK (phc LIKE '$argon2id$%')
) STRICT, WITHOUT ROWID;

CREATE TABLE organization (
  organization_id  TEXT    NOT NULL,
  name             TEXT    NOT NULL DEFAULT '',
  company_phone    TEXT,
  company_website  TEXT,
  invitation_mode  TEXT    NOT NULL DEFAULT 'lax',
  domain_whitelist INTEGER NOT NULL DEFAULT 0,
  mfa_required_at  INTEGER,                     -- from this moment on members need a second factor
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  CONSTRAINT organization_pk PRIMARY KEY (organization_id),
  CONSTRAINT organization_name_length CHECK (length(name) <= 127),
  CONSTRAINT organization_phone_length CHECK (length(company_phone) <= 20),
  CONSTRAINT organization_website_length CHECK (length(company_website) <= 255),
  CONSTRAINT organization_invitation_mode CHECK (invitation_mode IN ('lax', 'strict')),
  CONSTRAINT organization_domain_whitelist CHECK (domain_whitelist IN (0, 1))
) STRICT;

CREATE TABLE membership (
  account_id      TEXT    NOT NULL,
  organization_id TEXT    NOT NULL,
  token_epoch     INTEGER NOT NULL DEFAULT 0,   -- every credential of this member in this organization
  active          INTEGER NOT NULL DEFAULT 0,   -- has signed in to this organization
  suspended       INTEGER NOT NULL DEFAULT 0,   -- suspension of product Accounts
  chosen_at       INTEGER,                      -- last choice at sign-in: the latest is offered first
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CONSTRAINT membership_pk PRIMARY KEY (organization_id, account_id),
  CONSTRAINT membership_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT membership_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT membership_flags CHECK (active IN (0, 1) AND suspended IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_account ON membership (account_id, organization_id);

-- product, type repeat those of the role so that (one primary role, one secondary role per product,
-- one owner) are unique indexes. The composite foreign key keeps them true to the role.
CREATE TABLE membership_role (
  organization_id TEXT    NOT NULL,
  account_id      TEXT    NOT NULL,
  role_id         TEXT    NOT NULL,
  product         TEXT    NOT NULL,
  type            TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  CONSTRAINT membership_role_pk PRIMARY KEY (organization_id, account_id, role_id),
  CONSTRAINT membership_role_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE,
  CONSTRAINT membership_role_role FOREIGN KEY (role_id, product, type) REFERENCES role (role_id, product, type) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX membership_role_one_primary ON membership_role (organization_id, account_id) WHERE type = 'primary';
CREATE UNIQUE INDEX membership_role_one_secondary ON membership_role (organization_id, account_id, product) WHERE type = 'secondary';
CREATE UNIQUE INDEX membership_role_one_owner ON membership_role (organization_id) WHERE role_id = '728b99be-848c-11ea-9b91-005056a00001';
CREATE INDEX membership_role_by_role ON membership_role (role_id, organization_id, account_id);

-- With the unique index above: exactly one owner for as long as the organization exists. The checks come
-- after the write, so that neither ON DELETE CASCADE nor a REPLACE can slip past them. The first member of
-- an organization is therefore its owner. Ownership moves by updating account_id of the row of the owner in place.
CREATE TRIGGER membership_role_owner_insert AFTER INSERT ON membership_role
WHEN NEW.type = 'primary' AND NOT EXISTS (SELECT 1 FROM membership_role o WHERE o.organization_id = NEW.organization_id AND o.role_id = '728b99be-848c-11ea-9b91-005056a00001')
BEGIN
  SELECT RAISE(ABORT, 'owner:required');
END;
CREATE TRIGGER membership_role_owner_update AFTER UPDATE ON membership_role
WHEN NOT EXISTS (SELECT 1 FROM membership_role o WHERE o.organization_id = OLD.organization_id AND o.role_id = '728b99be-848c-11ea-9b91-005056a00001')
  OR NOT EXISTS (SELECT 1 FROM membership_role o WHERE o.organization_id = NEW.organization_id AND o.role_id = '728b99be-848c-11ea-9b91-005056a00001')
BEGIN
  SELECT RAISE(ABORT, 'owner:required');
END;
CREATE TRIGGER membership_role_owner_delete AFTER DELETE ON membership_role
WHEN OLD.role_id = '728b99be-848c-11ea-9b91-005056a00001'
  AND EXISTS (SELECT 1 FROM organization o WHERE o.organization_id = OLD.organization_id)
BEGIN
  SELECT RAISE(ABORT, 'owner:required');
END;

-- A custom role is given only inside the organization that made it.
CREATE TRIGGER membership_role_own_insert AFTER INSERT ON membership_role
WHEN EXISTS (SELECT 1 FROM role r WHERE r.role_id = NEW.role_id AND r.organization_id <> NEW.organization_id)
BEGIN
  SELECT RAISE(ABORT, 'role:foreign');
END;
CREATE TRIGGER membership_role_own_update AFTER UPDATE ON membership_role
WHEN EXISTS (SELECT 1 FROM role r WHERE r.role_id = NEW.role_id AND r.organization_id <> NEW.organization_id)
BEGIN
  SELECT RAISE(ABORT, 'role:foreign');
END;

CREATE TABLE organization_product (
  organization_id TEXT    NOT NULL,
  product         TEXT    NOT NULL,
  state           TEXT    NOT NULL DEFAULT 'active',
  created_at      INTEGER NOT NULL,
  CONSTRAINT organization_product_pk PRIMARY KEY (organization_id, product),
  CONSTRAINT organization_product_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT organization_product_product FOREIGN KEY (product) REFERENCES product (product),
  CONSTRAINT organization_product_state CHECK (state IN ('trial', 'active', 'cancelled', 'past_due', 'expired'))
) STRICT, WITHOUT ROWID;

CREATE TABLE product_suspension (
  organization_id TEXT    NOT NULL,
  account_id      TEXT    NOT NULL,
  product         TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  CONSTRAINT product_suspension_pk PRIMARY KEY (organization_id, account_id, product),
  CONSTRAINT product_suspension_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE,
  CONSTRAINT product_suspension_product FOREIGN KEY (product) REFERENCES product (product),
  CONSTRAINT product_suspension_not_accounts CHECK (product <> 'Accounts')  -- that one is membership.suspended
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- clients

CREATE TABLE client (
  client_id         TEXT    NOT NULL,           -- 32 hex characters
  organization_id   TEXT,                       -- NULL: a product client of the catalogue
  product           TEXT,                       -- set for product clients only
  name              TEXT    NOT NULL,
  type              TEXT    NOT NULL,
  visibility        TEXT    NOT NULL DEFAULT 'private',
  configuration_uri TEXT,
  secret_digest     TEXT,                       -- NULL: a public client
  strict            INTEGER NOT NULL DEFAULT 0, -- strict rules for this client whatever the profile of the deployment
  require_s256      INTEGER NOT NULL DEFAULT 0,
  token_epoch       INTEGER NOT NULL DEFAULT 0,
  created_by        TEXT,                       -- the author, who is never asked for consent
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL,
  CONSTRAINT client_pk PRIMARY KEY (client_id),
  CONSTRAINT client_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT client_product FOREIGN KEY (product) REFERENCES product (product),
  CONSTRAINT client_id_form CHECK (length(client_id) = 32 AND client_id NOT GLOB '*[^0-9a-f]*'),
  CONSTRAINT client_type CHECK (type IN ('server_side_app', 'javascript_app')),
  CONSTRAINT client_visibility CHECK (visibility IN ('private', 'public')),
  CONSTRAINT client_owner CHECK ((organization_id IS NULL) = (product IS NOT NULL)),
  CONSTRAINT client_flags CHECK (strict IN (0, 1) AND require_s256 IN (0, 1))
) STRICT;
CREATE INDEX client_by_organization ON client (organization_id, client_id) WHERE organization_id IS NOT NULL;
CREATE INDEX client_by_author ON client (created_by) WHERE created_by IS NOT NULL;
CREATE UNIQUE INDEX client_one_per_product ON client (product) WHERE product IS NOT NULL;

CREATE TABLE client_redirect_uri (
  client_id    TEXT    NOT NULL,
  position     INTEGER NOT NULL,
  redirect_uri TEXT    NOT NULL,
  CONSTRAINT client_redirect_uri_pk PRIMARY KEY (client_id, position),
  CONSTRAINT client_redirect_uri_unique UNIQUE (client_id, redirect_uri),
  CONSTRAINT client_redirect_uri_client FOREIGN KEY (client_id) REFERENCES client (client_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE client_scope (
  client_id TEXT    NOT NULL,
  scope     TEXT    NOT NULL,
  required  INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT client_scope_pk PRIMARY KEY (client_id, scope),
  CONSTRAINT client_scope_client FOREIGN KEY (client_id) REFERENCES client (client_id) ON DELETE CASCADE,
  CONSTRAINT client_scope_scope FOREIGN KEY (scope) REFERENCES scope (scope),
  CONSTRAINT client_scope_required CHECK (required IN (0, 1))
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- sessions and tokens

CREATE TABLE session (
  session_id       TEXT    NOT NULL,
  account_id       TEXT    NOT NULL,
  account_epoch    INTEGER NOT NULL,
  cookie_digest    TEXT,                        -- NULL: a session without a browser
  embedded_digest  TEXT,                        -- the SameSite=None cookie of flow=button
  identity_source  TEXT    NOT NULL,
  user_agent       TEXT    NOT NULL DEFAULT '',
  ip               TEXT    NOT NULL DEFAULT '',
  authenticated_at INTEGER NOT NULL,            -- when a factor was last proved: the age of step-up
  mfa_pending      INTEGER NOT NULL DEFAULT 0,  -- the second step is still missing
  created_at       INTEGER NOT NULL,
  seen_at          INTEGER NOT NULL,
  idle_expires_at  INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  ended_at         INTEGER,
  CONSTRAINT session_pk PRIMARY KEY (session_id),
  CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT session_identity_source CHECK (identity_source IN ('credentials', 'explicit', 'google', 'token', 'microsoft', 'apple')),
  CONSTRAINT session_mfa_pending CHECK (mfa_pending IN (0, 1))
) STRICT;
CREATE INDEX session_by_account ON session (account_id, ended_at, session_id);  -- the live ones: ended_at IS NULL
CREATE UNIQUE INDEX session_cookie ON session (cookie_digest) WHERE cookie_digest IS NOT NULL;
CREATE UNIQUE INDEX session_embedded ON session (embedded_digest) WHERE embedded_digest IS NOT NULL;
CREATE INDEX session_by_expiry ON session (expires_at);

-- client_id NULL: a token that this service gave without an application (POST /v2/organizations).
CREATE TABLE access_token (
  token_digest     TEXT    NOT NULL,
  account_id       TEXT    NOT NULL,
  organization_id  TEXT    NOT NULL,
  client_id        TEXT,
  session_id       TEXT    NOT NULL,
  family_id        TEXT,                        -- the refresh family it is paired with
  sealed_refresh   TEXT,                        -- the paired refresh token, sealed under the access token itself
  scopes           TEXT    NOT NULL,            -- JSON array, as granted
  account_epoch    INTEGER NOT NULL,
  membership_epoch INTEGER NOT NULL,
  client_epoch     INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  CONSTRAINT access_token_pk PRIMARY KEY (token_digest),
  CONSTRAINT access_token_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE,
  CONSTRAINT access_token_client FOREIGN KEY (client_id) REFERENCES client (client_id) ON DELETE CASCADE,
  CONSTRAINT access_token_session FOREIGN KEY (session_id) REFERENCES session (session_id) ON DELETE CASCADE,
  CONSTRAINT access_token_family FOREIGN KEY (family_id) REFERENCES refresh_family (family_id) ON DELETE CASCADE,
  CONSTRAINT access_token_scopes CHECK (json_valid(scopes))
) STRICT, WITHOUT ROWID;
CREATE INDEX access_token_by_member ON access_token (organization_id, account_id);
CREATE INDEX access_token_by_client ON access_token (client_id, account_id, created_at);
CREATE INDEX access_token_by_session ON access_token (session_id);
CREATE INDEX access_token_by_family ON access_token (family_id) WHERE family_id IS NOT NULL;
CREATE INDEX access_token_by_expiry ON access_token (expires_at);

-- One sign-in of one application: what every refresh token of a chain shares.
CREATE TABLE refresh_family (
  family_id        TEXT    NOT NULL,
  account_id       TEXT    NOT NULL,
  organization_id  TEXT    NOT NULL,
  client_id        TEXT    NOT NULL,
  session_id       TEXT    NOT NULL,
  scopes           TEXT    NOT NULL,
  account_epoch    INTEGER NOT NULL,
  membership_epoch INTEGER NOT NULL,
  client_epoch     INTEGER NOT NULL,
  revoked_at       INTEGER,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,            -- absolute: rotation does not extend it
  CONSTRAINT refresh_family_pk PRIMARY KEY (family_id),
  CONSTRAINT refresh_family_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE,
  CONSTRAINT refresh_family_client FOREIGN KEY (client_id) REFERENCES client (client_id) ON DELETE CASCADE,
  CONSTRAINT refresh_family_session FOREIGN KEY (session_id) REFERENCES session (session_id) ON DELETE CASCADE,
  CONSTRAINT refresh_family_scopes CHECK (json_valid(scopes))
) STRICT;
CREATE INDEX refresh_family_by_member ON refresh_family (organization_id, account_id);
CREATE INDEX refresh_family_by_client ON refresh_family (client_id, account_id, created_at);
CREATE INDEX refresh_family_by_session ON refresh_family (session_id);
CREATE INDEX refresh_family_by_expiry ON refresh_family (expires_at);

CREATE TABLE refresh_token (
  token_digest     TEXT    NOT NULL,
  family_id        TEXT    NOT NULL,
  used_at          INTEGER,                     -- rotation: when the successor was given
  sealed_successor TEXT,                        -- the successor pair, sealed under this token, for the 10 s window
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,            -- idle
  CONSTRAINT refresh_token_pk PRIMARY KEY (token_digest),
  CONSTRAINT refresh_token_family FOREIGN KEY (family_id) REFERENCES refresh_family (family_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX refresh_token_one_live ON refresh_token (family_id) WHERE used_at IS NULL;
CREATE INDEX refresh_token_by_family ON refresh_token (family_id);
CREATE INDEX refresh_token_by_expiry ON refresh_token (expires_at);

CREATE TABLE personal_token (
  personal_token_id    TEXT    NOT NULL,
  token_digest         TEXT    NOT NULL,
  account_id           TEXT    NOT NULL,
  organization_id      TEXT    NOT NULL,
  name                 TEXT    NOT NULL,
  scopes               TEXT    NOT NULL,
  personal_token_epoch INTEGER NOT NULL,
  membership_epoch     INTEGER NOT NULL,
  created_at           INTEGER NOT NULL,
  expires_at           INTEGER,                 -- NULL: no expiry
  used_at              INTEGER,
  CONSTRAINT personal_token_pk PRIMARY KEY (personal_token_id),
  CONSTRAINT personal_token_digest UNIQUE (token_digest),
  CONSTRAINT personal_token_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE,
  CONSTRAINT personal_token_name CHECK (length(name) BETWEEN 1 AND 191),
  CONSTRAINT personal_token_scopes CHECK (json_valid(scopes))
) STRICT;
CREATE INDEX personal_token_by_member ON personal_token (organization_id, account_id, personal_token_id);
CREATE INDEX personal_token_by_expiry ON personal_token (expires_at) WHERE expires_at IS NOT NULL;

-- ---------------------------------------------------------------- sign-in

-- The two tables below live for minutes and have no foreign keys: every id in them is checked against
-- its row again when it is used, and a short life is not worth an index per id.

-- One authorization request as the person saw it. A form names it by its handle and can change nothing in it.
CREATE TABLE authorization_request (
  request_digest        TEXT    NOT NULL,
  browser_digest        TEXT    NOT NULL,       -- the browser that started it
  session_id            TEXT,                   -- once signed in
  client_id             TEXT,                   -- NULL: sign-in without an application
  response_type         TEXT,
  redirect_uri          TEXT,
  scopes                TEXT,                   -- JSON array
  state                 TEXT,                   -- echoed byte for byte
  code_challenge        TEXT,
  code_challenge_method TEXT,
  flow                  TEXT    NOT NULL DEFAULT 'redirect',
  prompt_consent        INTEGER NOT NULL DEFAULT 0,
  organization_id       TEXT,                   -- preselected, later chosen
  email_hint            TEXT,
  created_at            INTEGER NOT NULL,
  expires_at            INTEGER NOT NULL,
  decided_at            INTEGER,                -- one decision only
  CONSTRAINT authorization_request_pk PRIMARY KEY (request_digest),
  CONSTRAINT authorization_request_client CHECK ((client_id IS NULL) = (redirect_uri IS NULL) AND (client_id IS NULL) = (response_type IS NULL)),
  CONSTRAINT authorization_request_response_type CHECK (response_type IN ('code', 'token')),
  CONSTRAINT authorization_request_challenge CHECK ((code_challenge IS NULL) = (code_challenge_method IS NULL) AND (code_challenge_method IN ('plain', 'S256') OR code_challenge_method IS NULL)),
  CONSTRAINT authorization_request_flow CHECK (flow IN ('redirect', 'button')),
  CONSTRAINT authorization_request_flags CHECK (prompt_consent IN (0, 1)),
  CONSTRAINT authorization_request_scopes CHECK (scopes IS NULL OR json_valid(scopes))
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_request_by_expiry ON authorization_request (expires_at);

CREATE TABLE authorization_code (
  code_digest           TEXT    NOT NULL,
  client_id             TEXT    NOT NULL,
  redirect_uri          TEXT    NOT NULL,
  code_challenge        TEXT,
  code_challenge_method TEXT,
  account_id            TEXT    NOT NULL,
  organization_id       TEXT    NOT NULL,
  session_id            TEXT    NOT NULL,
  scopes                TEXT    NOT NULL,       -- JSON array
  account_epoch         INTEGER NOT NULL,
  membership_epoch      INTEGER NOT NULL,
  client_epoch          INTEGER NOT NULL,
  used_at               INTEGER,
  family_id             TEXT,                   -- what it gave: a replay revokes this family and its access tokens
  created_at            INTEGER NOT NULL,
  expires_at            INTEGER NOT NULL,       -- a used row stays a while longer, so that a late replay is noticed
  CONSTRAINT authorization_code_pk PRIMARY KEY (code_digest),
  CONSTRAINT authorization_code_challenge CHECK ((code_challenge IS NULL) = (code_challenge_method IS NULL) AND (code_challenge_method IN ('plain', 'S256') OR code_challenge_method IS NULL)),
  CONSTRAINT authorization_code_used CHECK (family_id IS NULL OR used_at IS NOT NULL),
  CONSTRAINT authorization_code_scopes CHECK (json_valid(scopes))
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_code_by_expiry ON authorization_code (expires_at);

-- What a person has allowed an application in an organization. Withdrawn by deletion.
CREATE TABLE consent (
  organization_id TEXT    NOT NULL,
  account_id      TEXT    NOT NULL,
  client_id       TEXT    NOT NULL,
  scopes          TEXT    NOT NULL,             -- JSON array
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CONSTRAINT consent_pk PRIMARY KEY (organization_id, account_id, client_id),
  CONSTRAINT consent_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE,
  CONSTRAINT consent_client FOREIGN KEY (client_id) REFERENCES client (client_id) ON DELETE CASCADE,
  CONSTRAINT consent_scopes CHECK (json_valid(scopes))
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_by_account ON consent (account_id, client_id);
CREATE INDEX consent_by_client ON consent (client_id);

CREATE TABLE session_application (
  session_id TEXT    NOT NULL,
  client_id  TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  used_at    INTEGER NOT NULL,
  CONSTRAINT session_application_pk PRIMARY KEY (session_id, client_id),
  CONSTRAINT session_application_session FOREIGN KEY (session_id) REFERENCES session (session_id) ON DELETE CASCADE,
  CONSTRAINT session_application_client FOREIGN KEY (client_id) REFERENCES client (client_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_application_by_client ON session_application (client_id);

-- A browser that has signed in to the account before: no notice again, and a way past the throttle of the account.
CREATE TABLE known_device (
  account_id    TEXT    NOT NULL,
  device_digest TEXT    NOT NULL,
  user_agent    TEXT    NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  seen_at       INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  CONSTRAINT known_device_pk PRIMARY KEY (account_id, device_digest),
  CONSTRAINT known_device_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX known_device_by_expiry ON known_device (expires_at);

-- Atomic counters (upsert ... RETURNING) for everything that is counted: sign-in, second factor, sign-up,
-- mail, redirects. bucket is the kind and a keyed digest of the subject, so that no address is kept here.
CREATE TABLE throttle (
  bucket            TEXT    NOT NULL,
  hits              INTEGER NOT NULL,
  window_started_at INTEGER NOT NULL,
  blocked_until     INTEGER,
  expires_at        INTEGER NOT NULL,
  CONSTRAINT throttle_pk PRIMARY KEY (bucket),
  CONSTRAINT throttle_hits CHECK (hits >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_by_expiry ON throttle (expires_at);

-- ---------------------------------------------------------------- second factor

CREATE TABLE totp (
  account_id    TEXT    NOT NULL,
  sealed_secret TEXT    NOT NULL,
  last_step     INTEGER NOT NULL DEFAULT 0,     -- a step at or before this one is refused
  confirmed_at  INTEGER,                        -- NULL: enrolment not finished, not yet a factor
  created_at    INTEGER NOT NULL,
  CONSTRAINT totp_pk PRIMARY KEY (account_id),
  CONSTRAINT totp_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
  account_id  TEXT    NOT NULL,
  code_digest TEXT    NOT NULL,                 -- keyed: a recovery code is short
  used_at     INTEGER,
  created_at  INTEGER NOT NULL,
  CONSTRAINT recovery_code_pk PRIMARY KEY (account_id, code_digest),
  CONSTRAINT recovery_code_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE passkey (
  passkey_id    TEXT    NOT NULL,
  account_id    TEXT    NOT NULL,
  credential_id TEXT    NOT NULL,               -- base64url, the name that the authenticator has for it
  public_key    TEXT    NOT NULL,               -- base64url
  algorithm     INTEGER NOT NULL,               -- COSE identifier, -7 = ES256
  sign_count    INTEGER NOT NULL DEFAULT 0,
  backed_up     INTEGER NOT NULL DEFAULT 0,     -- synchronised by the maker of the authenticator
  transports    TEXT    NOT NULL DEFAULT '[]',  -- JSON array
  name          TEXT    NOT NULL,
  created_at    INTEGER NOT NULL,
  used_at       INTEGER,
  CONSTRAINT passkey_pk PRIMARY KEY (passkey_id),
  CONSTRAINT passkey_credential UNIQUE (credential_id),
  CONSTRAINT passkey_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT passkey_name CHECK (length(name) BETWEEN 1 AND 64),
  CONSTRAINT passkey_flags CHECK (backed_up IN (0, 1)),
  CONSTRAINT passkey_transports CHECK (json_valid(transports))
) STRICT;
CREATE INDEX passkey_by_account ON passkey (account_id, passkey_id);

-- Lives for minutes, answered by deletion (DELETE ... RETURNING). No foreign keys, as authorization_request.
CREATE TABLE webauthn_challenge (
  challenge_digest TEXT    NOT NULL,
  purpose          TEXT    NOT NULL,
  browser_digest   TEXT    NOT NULL,
  session_id       TEXT,                        -- NULL: sign-in with a discoverable passkey
  account_id       TEXT,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  CONSTRAINT webauthn_challenge_pk PRIMARY KEY (challenge_digest),
  CONSTRAINT webauthn_challenge_purpose CHECK (purpose IN ('register', 'sign_in', 'second_factor', 'step_up')),
  CONSTRAINT webauthn_challenge_session CHECK (purpose = 'sign_in' OR (session_id IS NOT NULL AND account_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX webauthn_challenge_by_expiry ON webauthn_challenge (expires_at);

CREATE TRIGGER totp_mfa_insert AFTER INSERT ON totp
BEGIN
  UPDATE account SET mfa = EXISTS (SELECT 1 FROM totp t WHERE t.account_id = NEW.account_id AND t.confirmed_at IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = NEW.account_id) WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER totp_mfa_update AFTER UPDATE OF confirmed_at ON totp
BEGIN
  UPDATE account SET mfa = EXISTS (SELECT 1 FROM totp t WHERE t.account_id = NEW.account_id AND t.confirmed_at IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = NEW.account_id) WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER totp_mfa_delete AFTER DELETE ON totp
BEGIN
  UPDATE account SET mfa = EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = OLD.account_id) WHERE account_id = OLD.account_id;
END;
CREATE TRIGGER passkey_mfa_insert AFTER INSERT ON passkey
BEGIN
  UPDATE account SET mfa = 1 WHERE account_id = NEW.account_id;
END;
CREATE TRIGGER passkey_mfa_delete AFTER DELETE ON passkey
BEGIN
  UPDATE account SET mfa = EXISTS (SELECT 1 FROM totp t WHERE t.account_id = OLD.account_id AND t.confirmed_at IS NOT NULL) OR EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = OLD.account_id) WHERE account_id = OLD.account_id;
END;

-- ---------------------------------------------------------------- life of an organization

-- Both directions of joining: an invitation by a member, and a request for access by the person.
--   pending: waits for somebody who may approve -> approved: role decided, waits for the link of the person -> accepted
CREATE TABLE invitation (
  invitation_id   TEXT    NOT NULL,
  organization_id TEXT    NOT NULL,
  kind            TEXT    NOT NULL,
  state           TEXT    NOT NULL,
  email           TEXT    NOT NULL,
  email_key       TEXT    NOT NULL,
  name            TEXT    NOT NULL DEFAULT '',
  product         TEXT    NOT NULL,
  role_id         TEXT,                         -- NULL until somebody who may approve has chosen it
  account_id      TEXT,                         -- a request: who asks
  creator_id      TEXT,                         -- an invitation: who invited
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,
  CONSTRAINT invitation_pk PRIMARY KEY (invitation_id),
  CONSTRAINT invitation_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT invitation_product FOREIGN KEY (product) REFERENCES product (product),
  CONSTRAINT invitation_role FOREIGN KEY (role_id) REFERENCES role (role_id) ON DELETE SET NULL,
  CONSTRAINT invitation_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT invitation_creator FOREIGN KEY (creator_id) REFERENCES account (account_id) ON DELETE SET NULL,
  CONSTRAINT invitation_kind CHECK (kind IN ('invitation', 'request') AND (kind = 'invitation' OR account_id IS NOT NULL)),
  CONSTRAINT invitation_state CHECK (state IN ('pending', 'approved', 'accepted', 'declined')),
  CONSTRAINT invitation_name_length CHECK (length(name) <= 191),
  CONSTRAINT invitation_email_length CHECK (length(email) BETWEEN 3 AND 128)
) STRICT;
CREATE UNIQUE INDEX invitation_one_open ON invitation (organization_id, email_key, product) WHERE state IN ('pending', 'approved');
CREATE INDEX invitation_by_organization ON invitation (organization_id, state, invitation_id);
CREATE INDEX invitation_by_email ON invitation (email_key, organization_id);
CREATE INDEX invitation_by_role ON invitation (role_id) WHERE role_id IS NOT NULL;
CREATE INDEX invitation_by_account ON invitation (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX invitation_by_creator ON invitation (creator_id) WHERE creator_id IS NOT NULL;
CREATE INDEX invitation_by_expiry ON invitation (expires_at);

-- People with an address of a proven domain may join by themselves.
CREATE TABLE organization_domain (
  domain_id       TEXT    NOT NULL,
  organization_id TEXT    NOT NULL,
  domain          TEXT    NOT NULL,             -- lower-case ASCII form
  type            TEXT    NOT NULL DEFAULT 'open',
  challenge       TEXT    NOT NULL,             -- what the DNS record must say: public by nature
  checked_at      INTEGER,
  proven_at       INTEGER,
  proven_by       TEXT,
  created_at      INTEGER NOT NULL,
  CONSTRAINT organization_domain_pk PRIMARY KEY (domain_id),
  CONSTRAINT organization_domain_unique UNIQUE (organization_id, domain),
  CONSTRAINT organization_domain_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT organization_domain_form CHECK (domain = lower(domain) AND length(domain) BETWEEN 3 AND 253),
  CONSTRAINT organization_domain_type CHECK (type = 'open'),
  CONSTRAINT organization_domain_proven CHECK ((proven_at IS NULL) = (proven_by IS NULL) AND (proven_by IN ('dns', 'mail') OR proven_by IS NULL))
) STRICT;
CREATE INDEX organization_domain_proven_name ON organization_domain (domain, organization_id) WHERE proven_at IS NOT NULL;

-- The organization-specific picture of a member: a link, or an image served from /avatars under avatar_id.
CREATE TABLE member_avatar (
  organization_id TEXT    NOT NULL,
  account_id      TEXT    NOT NULL,
  avatar_id       TEXT    NOT NULL,             -- new with every change, so that answers can be cached for good
  avatar_url      TEXT,
  updated_at      INTEGER NOT NULL,
  content_type    TEXT,
  image           BLOB,                         -- last: the columns before it are read without it
  CONSTRAINT member_avatar_pk PRIMARY KEY (organization_id, account_id),
  CONSTRAINT member_avatar_id UNIQUE (avatar_id),
  CONSTRAINT member_avatar_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE,
  CONSTRAINT member_avatar_one_form CHECK ((avatar_url IS NULL) <> (image IS NULL) AND (image IS NULL) = (content_type IS NULL)),
  CONSTRAINT member_avatar_url_length CHECK (length(avatar_url) <= 255),
  CONSTRAINT member_avatar_content_type CHECK (content_type IN ('image/png', 'image/jpeg')),
  CONSTRAINT member_avatar_size CHECK (length(image) <= 1048576)
) STRICT;

-- organization_id is the one that stays (A), source_organization_id the one that ends (B).
CREATE TABLE organization_merge (
  merge_id               TEXT    NOT NULL,
  organization_id        TEXT    NOT NULL,
  source_organization_id TEXT    NOT NULL,      -- no foreign key: B is gone when it is done
  state                  TEXT    NOT NULL DEFAULT 'pending',
  keep                   TEXT    NOT NULL,      -- JSON object, product -> the organization whose instance stays
  created_by             TEXT    NOT NULL,
  closed_by              TEXT,
  created_at             INTEGER NOT NULL,
  expires_at             INTEGER NOT NULL,
  closed_at              INTEGER,
  CONSTRAINT organization_merge_pk PRIMARY KEY (merge_id),
  CONSTRAINT organization_merge_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT organization_merge_two CHECK (organization_id <> source_organization_id),
  CONSTRAINT organization_merge_state CHECK (state IN ('pending', 'done', 'withdrawn', 'refused') AND (state = 'pending') = (closed_at IS NULL)),
  CONSTRAINT organization_merge_keep CHECK (json_valid(keep))
) STRICT;
CREATE UNIQUE INDEX organization_merge_one_open ON organization_merge (organization_id, source_organization_id) WHERE state = 'pending';
CREATE INDEX organization_merge_by_organization ON organization_merge (organization_id, merge_id);
CREATE INDEX organization_merge_by_source ON organization_merge (source_organization_id, merge_id);
CREATE INDEX organization_merge_by_expiry ON organization_merge (expires_at);

-- A signed one-time command of the operator: the way back in for an owner without a second factor.
CREATE TABLE operator_command (
  command_id      TEXT    NOT NULL,             -- inside the signature, so a command is accepted once
  kind            TEXT    NOT NULL,
  account_id      TEXT    NOT NULL,
  organization_id TEXT    NOT NULL,             -- whose administrators are told
  created_at      INTEGER NOT NULL,
  due_at          INTEGER NOT NULL,             -- not carried out before
  done_at         INTEGER,
  cancelled_at    INTEGER,
  CONSTRAINT operator_command_pk PRIMARY KEY (command_id),
  CONSTRAINT operator_command_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT operator_command_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT operator_command_kind CHECK (kind IN ('reset_second_factor')),
  CONSTRAINT operator_command_once CHECK (done_at IS NULL OR cancelled_at IS NULL)
) STRICT;
CREATE INDEX operator_command_by_account ON operator_command (account_id);
CREATE INDEX operator_command_by_organization ON operator_command (organization_id);
CREATE INDEX operator_command_waiting ON operator_command (due_at) WHERE done_at IS NULL AND cancelled_at IS NULL;

-- ---------------------------------------------------------------- mail

-- The new address takes effect when its link is used. The old one can take it back until undo_until.
CREATE TABLE email_change (
  email_change_id TEXT    NOT NULL,
  account_id      TEXT    NOT NULL,
  old_email       TEXT    NOT NULL,
  old_email_key   TEXT    NOT NULL,
  old_verified    INTEGER NOT NULL,
  new_email       TEXT    NOT NULL,
  new_email_key   TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  applied_at      INTEGER,
  undo_until      INTEGER,
  undone_at       INTEGER,
  expires_at      INTEGER NOT NULL,             -- of the request, then of the undo
  CONSTRAINT email_change_pk PRIMARY KEY (email_change_id),
  CONSTRAINT email_change_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT email_change_flags CHECK (old_verified IN (0, 1)),
  CONSTRAINT email_change_order CHECK ((applied_at IS NULL) = (undo_until IS NULL) AND (undone_at IS NULL OR applied_at IS NOT NULL)),
  CONSTRAINT email_change_length CHECK (length(old_email) BETWEEN 3 AND 128 AND length(new_email) BETWEEN 3 AND 128)
) STRICT;
CREATE UNIQUE INDEX email_change_one_pending ON email_change (account_id) WHERE applied_at IS NULL;
CREATE INDEX email_change_by_account ON email_change (account_id, email_change_id);
-- An address that can still be taken back is not free for another account.
CREATE INDEX email_change_undoable ON email_change (old_email_key, undo_until) WHERE applied_at IS NOT NULL AND undone_at IS NULL;
CREATE INDEX email_change_by_expiry ON email_change (expires_at);

-- A link in a mail. The link is not kept: it is derived again from the master secret and mail_token_id
-- when the mail goes out. token_digest is what a presented link is looked up by.
CREATE TABLE mail_token (
  mail_token_id   TEXT    NOT NULL,
  token_digest    TEXT    NOT NULL,
  purpose         TEXT    NOT NULL,
  email_key       TEXT    NOT NULL,             -- proves this address and no other
  account_id      TEXT,
  invitation_id   TEXT,
  email_change_id TEXT,
  domain_id       TEXT,
  attempts        INTEGER NOT NULL DEFAULT 0,
  used_at         INTEGER,
  created_at      INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,
  CONSTRAINT mail_token_pk PRIMARY KEY (mail_token_id),
  CONSTRAINT mail_token_digest UNIQUE (token_digest),
  CONSTRAINT mail_token_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT mail_token_invitation FOREIGN KEY (invitation_id) REFERENCES invitation (invitation_id) ON DELETE CASCADE,
  CONSTRAINT mail_token_email_change FOREIGN KEY (email_change_id) REFERENCES email_change (email_change_id) ON DELETE CASCADE,
  CONSTRAINT mail_token_domain FOREIGN KEY (domain_id) REFERENCES organization_domain (domain_id) ON DELETE CASCADE,
  CONSTRAINT mail_token_purpose CHECK (purpose IN ('reset', 'verify', 'invite', 'email_change', 'email_undo', 'domain')),
  CONSTRAINT mail_token_subject CHECK (
    (purpose IN ('reset', 'verify', 'email_change', 'email_undo')) = (account_id IS NOT NULL)
    AND (purpose = 'invite') = (invitation_id IS NOT NULL)
    AND (purpose IN ('email_change', 'email_undo')) = (email_change_id IS NOT NULL)
    AND (purpose = 'domain') = (domain_id IS NOT NULL))
) STRICT;
-- Issuing a newer link deletes the older one. Not so for undo links: who changes an address twice must not
-- thereby disarm the link of the first owner.
CREATE UNIQUE INDEX mail_token_one_live ON mail_token (account_id, purpose) WHERE used_at IS NULL AND purpose IN ('reset', 'verify', 'email_change');
CREATE INDEX mail_token_by_account ON mail_token (account_id, purpose) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX mail_token_by_invitation ON mail_token (invitation_id) WHERE invitation_id IS NOT NULL;
CREATE UNIQUE INDEX mail_token_by_email_change ON mail_token (email_change_id, purpose) WHERE email_change_id IS NOT NULL;
CREATE UNIQUE INDEX mail_token_by_domain ON mail_token (domain_id) WHERE domain_id IS NOT NULL;
CREATE INDEX mail_token_by_expiry ON mail_token (expires_at);

-- Mails to send, written in the batch of the change they tell of, deleted when sent. The address is looked
-- up at that time through recipient_kind and recipient_id. A mail whose recipient is gone is dropped.
CREATE TABLE outbox (
  outbox_id       TEXT    NOT NULL,
  template        TEXT    NOT NULL,
  locale          TEXT    NOT NULL,
  recipient_kind  TEXT    NOT NULL,
  recipient_id    TEXT    NOT NULL,
  mail_token_id   TEXT,
  parameters      TEXT    NOT NULL DEFAULT '{}', -- JSON object of ids and codes
  created_at      INTEGER NOT NULL,
  attempts        INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,             -- moved forward by who takes the row, so that two senders do not
  last_error      TEXT,                         -- a code, never the text of the mailer
  dead_at         INTEGER,
  CONSTRAINT outbox_pk PRIMARY KEY (outbox_id),
  CONSTRAINT outbox_mail_token FOREIGN KEY (mail_token_id) REFERENCES mail_token (mail_token_id) ON DELETE CASCADE,
  CONSTRAINT outbox_recipient_kind CHECK (recipient_kind IN ('account', 'invitation', 'old_email', 'new_email', 'domain')),
  CONSTRAINT outbox_parameters CHECK (json_valid(parameters))
) STRICT;
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_by_mail_token ON outbox (mail_token_id) WHERE mail_token_id IS NOT NULL;

CREATE VIEW dead_letter AS
SELECT outbox_id, template, locale, recipient_kind, recipient_id, parameters, attempts, last_error, created_at, dead_at
FROM outbox
WHERE dead_at IS NOT NULL;

-- ---------------------------------------------------------------- audit

-- Ids, codes and field names only, and no foreign keys: it outlives what it tells of.
CREATE TABLE audit_log (
  audit_id        TEXT    NOT NULL,             -- UUIDv7: order of ids = order of time
  at              INTEGER NOT NULL,
  action          TEXT    NOT NULL,
  organization_id TEXT,                         -- NULL: a matter of the account alone
  actor_kind      TEXT    NOT NULL,
  actor_id        TEXT,                         -- account, when actor_kind is account
  client_id       TEXT,
  session_id      TEXT,
  target_kind     TEXT,
  target_id       TEXT,
  request_id      TEXT    NOT NULL,
  facts           TEXT    NOT NULL DEFAULT '{}', -- JSON object: ids, codes, names of the fields that changed
  CONSTRAINT audit_log_pk PRIMARY KEY (audit_id),
  CONSTRAINT audit_log_actor CHECK (actor_kind IN ('account', 'anonymous', 'operator', 'system') AND (actor_kind = 'account') = (actor_id IS NOT NULL)),
  CONSTRAINT audit_log_target CHECK ((target_kind IS NULL) = (target_id IS NULL)),
  CONSTRAINT audit_log_facts CHECK (json_valid(facts))
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_log_by_organization ON audit_log (organization_id, audit_id);
CREATE INDEX audit_log_by_action ON audit_log (organization_id, action, audit_id);
-- The person first: these also find everything about one person, for export and erasure.
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, organization_id, audit_id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_by_target ON audit_log (target_id, organization_id, audit_id) WHERE target_id IS NOT NULL;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'audit:append_only');
END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
  SELECT RAISE(ABORT, 'audit:append_only');
END;
-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log a WHERE a.audit_id = NEW.audit_id)
BEGIN
  SELECT RAISE(ABORT, 'audit:append_only');
END;

-- The personal values of an audit row: deleted on erasure and when they are old, never changed.
CREATE TABLE audit_detail (
  audit_id   TEXT    NOT NULL,
  at         INTEGER NOT NULL,
  ip         TEXT    NOT NULL DEFAULT '',
  user_agent TEXT    NOT NULL DEFAULT '',
  detail     TEXT    NOT NULL DEFAULT '{}',     -- JSON object: e-mail, names, before and after
  CONSTRAINT audit_detail_pk PRIMARY KEY (audit_id),
  CONSTRAINT audit_detail_log FOREIGN KEY (audit_id) REFERENCES audit_log (audit_id),
  CONSTRAINT audit_detail_json CHECK (json_valid(detail))
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_detail_by_age ON audit_detail (at);

CREATE TRIGGER audit_detail_no_update BEFORE UPDATE ON audit_detail
BEGIN
  SELECT RAISE(ABORT, 'audit:append_only');
END;
CREATE TRIGGER audit_detail_no_replace BEFORE INSERT ON audit_detail
WHEN EXISTS (SELECT 1 FROM audit_detail d WHERE d.audit_id = NEW.audit_id)
BEGIN
  SELECT RAISE(ABORT, 'audit:append_only');
END;

-- ---------------------------------------------------------------- authority

-- The credentials that are alive as of now, for the authorization select of management calls. Not here:
-- the expiry of the token (inside its envelope), what its scopes are worth (held_scope), and the moment
-- mfa_due_at, from which on a member without the second factor that the organization demands is refused.
-- The CASTs give both halves the same column affinities, without which SQLite does not merge the view
-- into the query that uses it.
CREATE VIEW live_caller AS
SELECT t.token_digest, 'access' AS kind, CAST(NULL AS TEXT) AS personal_token_id, t.account_id, t.organization_id,
       t.client_id, c.product IS NOT NULL AS product_client, t.session_id, t.scopes, t.expires_at,
       iif(a.mfa = 0, o.mfa_required_at, NULL) AS mfa_due_at
FROM access_token t
JOIN account a ON a.account_id = t.account_id AND a.token_epoch = t.account_epoch
JOIN membership m ON m.organization_id = t.organization_id AND m.account_id = t.account_id AND m.token_epoch = t.membership_epoch AND m.suspended = 0
JOIN organization o ON o.organization_id = t.organization_id
JOIN session s ON s.session_id = t.session_id AND s.account_epoch = a.token_epoch AND s.ended_at IS NULL
LEFT JOIN client c ON c.client_id = t.client_id
WHERE t.client_id IS NULL OR c.token_epoch = t.client_epoch
UNION ALL
SELECT p.token_digest, 'personal', p.personal_token_id, p.account_id, p.organization_id,
       CAST(NULL AS TEXT), 0, CAST(NULL AS TEXT), p.scopes, p.expires_at,
       iif(a.mfa = 0, o.mfa_required_at, NULL)
FROM personal_token p
JOIN account a ON a.account_id = p.account_id AND a.personal_token_epoch = p.personal_token_epoch
JOIN membership m ON m.organization_id = p.organization_id AND m.account_id = p.account_id AND m.token_epoch = p.membership_epoch AND m.suspended = 0
JOIN organization o ON o.organization_id = p.organization_id;

-- The scopes that the roles of a member give as of now. One that two roles give appears twice.
CREATE VIEW held_scope AS
SELECT mr.organization_id, mr.account_id, rs.scope
FROM membership_role mr
JOIN role_scope rs ON rs.role_id = mr.role_id
WHERE NOT EXISTS (
  SELECT 1 FROM product_suspension ps
  WHERE ps.organization_id = mr.organization_id AND ps.account_id = mr.account_id AND ps.product = mr.product);

INSERT INTO schema_meta (version) VALUES (1);
