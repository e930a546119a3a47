-- The whole schema as it should be now. migrations/ holds the steps that reach it; a test proves both equal.
--
-- Conventions: STRICT tables and named constraints. Ids are lower-case UUID text (v7 for new rows).
-- Times are UTC in integer milliseconds. Flags are INTEGER 0/1. Secrets appear only as digests
-- (base64url SHA-256) or sealed. A `*_epoch` counter on a parent row makes mass revocation one write:
-- a credential is alive only while the epoch it was issued under equals the parent's.
-- Rows that expire are refused by comparison with now; the indexes `*_by_expiry` are for the clean-up.

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
  email_key               TEXT    NOT NULL,     -- its normal form; one account per normal form
  email_verified          INTEGER NOT NULL DEFAULT 0,
  name                    TEXT    NOT NULL DEFAULT '',
  avatar_url              TEXT,
  default_product         TEXT,
  default_organization_id TEXT,
  time_zone               TEXT,
  locale                  TEXT,
  token_epoch             INTEGER NOT NULL DEFAULT 0,  -- sessions, access and refresh tokens
  personal_token_epoch    INTEGER NOT NULL DEFAULT 0,
  mfa                     INTEGER NOT NULL DEFAULT 0,  -- has a second factor; only the triggers on totp and passkey write it
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
  phc        TEXT    NOT NULL,                  -- Argon2id PHC string, `keyid` names the pepper
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
  chosen_at       INTEGER,                      -- last choice at sign-in; the latest is offered first
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CONSTRAINT membership_pk PRIMARY KEY (organization_id, account_id),
  CONSTRAINT membership_account FOREIGN KEY (account_id) REFERENCES account (account_id) ON DELETE CASCADE,
  CONSTRAINT membership_organization FOREIGN KEY (organization_id) REFERENCES organization (organization_id) ON DELETE CASCADE,
  CONSTRAINT membership_flags CHECK (active IN (0, 1) AND suspended IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_account ON membership (account_id, organization_id);

-- What a member is found by: the address, the whole name, each further word of it. A copy, so that a search reads one
-- organization's rows only; the triggers alone write it.
CREATE TABLE member_term (
  organization_id TEXT NOT NULL,
  term            TEXT NOT NULL,                -- ASCII letters in lower case
  account_id      TEXT NOT NULL,
  CONSTRAINT member_term_pk PRIMARY KEY (organization_id, term, account_id),
  CONSTRAINT member_term_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX member_term_by_member ON member_term (organization_id, account_id);
CREATE TRIGGER membership_term_insert AFTER INSERT ON membership
BEGIN
  INSERT OR IGNORE INTO member_term (organization_id, term, account_id)
  SELECT NEW.organization_id, word.term, NEW.account_id FROM (
    SELECT a.email_key AS term FROM account a WHERE a.account_id = NEW.account_id
    UNION ALL
    SELECT lower(a.name) FROM account a WHERE a.account_id = NEW.account_id
    UNION ALL
    SELECT lower(part.value) FROM account a, json_each('[' || replace(json_quote(a.name), ' ', '","') || ']') AS part
    WHERE a.account_id = NEW.account_id AND part.key BETWEEN 1 AND 7) AS word
  WHERE word.term <> '';
END;
CREATE TRIGGER account_term_update AFTER UPDATE OF name, email_key ON account
WHEN (OLD.name, OLD.email_key) IS NOT (NEW.name, NEW.email_key)
BEGIN
  DELETE FROM member_term WHERE (organization_id, account_id) IN (
    SELECT m.organization_id, m.account_id FROM membership m WHERE m.account_id = NEW.account_id);
  INSERT OR IGNORE INTO member_term (organization_id, term, account_id)
  SELECT m.organization_id, word.term, m.account_id FROM membership m, (
    SELECT NEW.email_key AS term
    UNION ALL
    SELECT lower(NEW.name)
    UNION ALL
    SELECT lower(part.value) FROM json_each('[' || replace(json_quote(NEW.name), ' ', '","') || ']') AS part
    WHERE part.key BETWEEN 1 AND 7) AS word
  WHERE m.account_id = NEW.account_id AND word.term <> '';
END;

-- product, type repeat the role's own so that "one primary role, one secondary role per product,
-- one owner" are unique indexes; the composite foreign key keeps them true to the role.
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
-- after the write, so that neither ON DELETE CASCADE nor a REPLACE can slip past them. An organization's
-- first member is therefore its owner; ownership moves by updating the owner row's account_id in place.
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
  strict            INTEGER NOT NULL DEFAULT 0, -- strict rules for this client whatever the deployment's profile
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

-- In which organization the pages of a browser's session act. Goes with the membership; the person then chooses again.
CREATE TABLE session_organization (
  session_id      TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  account_id      TEXT NOT NULL,
  CONSTRAINT session_organization_pk PRIMARY KEY (session_id),
  CONSTRAINT session_organization_session FOREIGN KEY (session_id) REFERENCES session (session_id) ON DELETE CASCADE,
  CONSTRAINT session_organization_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_organization_by_member ON session_organization (organization_id, account_id);

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
  expires_at       INTEGER NOT NULL,            -- absolute; rotation does not extend it
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
  sealed_successor TEXT,                        -- the successor pair, sealed under this token; for the 10 s window
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,            -- idle
  CONSTRAINT refresh_token_pk PRIMARY KEY (token_digest),
  CONSTRAINT refresh_token_family FOREIGN KEY (family_id) REFERENCES refresh_family (family_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX refresh_token_one_live ON refresh_token (family_id) WHERE used_at IS NULL;
CREATE UNIQUE INDEX refresh_token_one_window ON refresh_token (family_id) WHERE sealed_successor IS NOT NULL;
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

-- One authorization request as the person saw it; a form names it by its handle and can change nothing in it.
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
  family_id             TEXT,                   -- what it gave; a replay revokes this family and its access tokens
  created_at            INTEGER NOT NULL,
  expires_at            INTEGER NOT NULL,       -- a used row stays a while longer, so that a late replay is noticed
  CONSTRAINT authorization_code_pk PRIMARY KEY (code_digest),
  CONSTRAINT authorization_code_challenge CHECK ((code_challenge IS NULL) = (code_challenge_method IS NULL) AND (code_challenge_method IN ('plain', 'S256') OR code_challenge_method IS NULL)),
  CONSTRAINT authorization_code_used CHECK (family_id IS NULL OR used_at IS NOT NULL),
  CONSTRAINT authorization_code_scopes CHECK (json_valid(scopes))
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_code_by_expiry ON authorization_code (expires_at);

-- What a person has allowed an application in an organization; withdrawn by deletion.
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

-- A browser that has signed in to the account before: no notice again, and a way past the account's throttle.
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
-- mail, redirects. `bucket` is the kind and a keyed digest of the subject, so that no address is kept here; for what is
-- counted per account alone, session or domain the id, or the domain, itself.
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
  credential_id TEXT    NOT NULL,               -- base64url, the authenticator's name for it
  public_key    TEXT    NOT NULL,               -- base64url
  algorithm     INTEGER NOT NULL,               -- COSE identifier, -7 = ES256
  sign_count    INTEGER NOT NULL DEFAULT 0,
  backed_up     INTEGER NOT NULL DEFAULT 0,     -- synchronised by the authenticator's maker
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

-- Lives for minutes, answered by deletion (DELETE ... RETURNING); no foreign keys, as authorization_request.
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
--   pending: waits for somebody who may approve -> approved: role decided, waits for the person's link -> accepted
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
  challenge       TEXT    NOT NULL,             -- what the DNS record must say; public by nature
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
-- One that was done stays for good: it says who may read the log of the organization that ended.
CREATE INDEX organization_merge_by_expiry ON organization_merge (expires_at) WHERE state <> 'done';

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

-- The new address takes effect when its link is used; the old one can take it back until undo_until.
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
-- when the mail goes out; token_digest is what a presented link is looked up by.
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
-- thereby disarm the first owner's link.
CREATE UNIQUE INDEX mail_token_one_live ON mail_token (account_id, purpose) WHERE used_at IS NULL AND purpose IN ('reset', 'verify', 'email_change');
CREATE INDEX mail_token_by_account ON mail_token (account_id, purpose) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX mail_token_by_invitation ON mail_token (invitation_id) WHERE invitation_id IS NOT NULL;
CREATE UNIQUE INDEX mail_token_by_email_change ON mail_token (email_change_id, purpose) WHERE email_change_id IS NOT NULL;
CREATE UNIQUE INDEX mail_token_by_domain ON mail_token (domain_id) WHERE domain_id IS NOT NULL;
CREATE INDEX mail_token_by_expiry ON mail_token (expires_at);

-- Mails to send, written in the batch of the change they tell of, deleted when sent. The address is looked
-- up at that time through recipient_kind and recipient_id; a mail whose recipient is gone is dropped.
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
  last_error      TEXT,                         -- a code, never the mailer's text
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
  actor_id        TEXT,                         -- account, when actor_kind is 'account'
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

-- ---------------------------------------------------------------- erasure

-- An account that goes takes with it what others' rows and the log hold of the person, whichever way it goes: the
-- personal values of what the person did, of what was done to them, in their sign-ins, and of invitations that they
-- answered or that went to an address which they had proven; the closed ones of those; mails; a name in a form.
-- What is left are ids that name nobody any more. Open invitations of other organizations are theirs: only who deletes
-- their own account withdraws them.
CREATE INDEX audit_detail_by_email ON audit_detail (lower(detail ->> '$.after.email')) WHERE detail ->> '$.after.email' IS NOT NULL;
CREATE INDEX authorization_request_by_hint ON authorization_request (lower(email_hint)) WHERE email_hint IS NOT NULL;
CREATE INDEX outbox_by_recipient ON outbox (recipient_kind, recipient_id);

-- The addresses that an account has proven, as far as they are still known.
CREATE VIEW proven_address AS
SELECT account_id, email, email_key FROM account WHERE email_verified = 1
UNION ALL
SELECT account_id, old_email, old_email_key FROM email_change WHERE applied_at IS NOT NULL AND old_verified = 1
UNION ALL
SELECT account_id, new_email, new_email_key FROM email_change WHERE applied_at IS NOT NULL;

CREATE TRIGGER account_erasure BEFORE DELETE ON account
BEGIN
  DELETE FROM audit_detail WHERE audit_id IN (
    SELECT audit_id FROM audit_log WHERE actor_id = OLD.account_id
    UNION
    SELECT audit_id FROM audit_log WHERE target_id = OLD.account_id
    UNION
    SELECT told.audit_id FROM session AS own CROSS JOIN audit_log AS told ON told.target_id = own.session_id
    WHERE own.account_id = OLD.account_id
    UNION
    SELECT told.audit_id FROM audit_log AS own CROSS JOIN audit_log AS told ON told.target_id = own.session_id
    WHERE own.actor_id = OLD.account_id
    UNION
    SELECT told.audit_id FROM audit_log AS own CROSS JOIN audit_log AS told ON told.target_id = own.target_id
    WHERE own.actor_id = OLD.account_id AND own.action = 'invitation.accept');
  DELETE FROM audit_detail WHERE detail ->> '$.after.email' IS NOT NULL AND lower(detail ->> '$.after.email') IN (
    SELECT lower(email) FROM proven_address WHERE account_id = OLD.account_id
    UNION
    SELECT lower(email_key) FROM proven_address WHERE account_id = OLD.account_id);
  DELETE FROM invitation WHERE state IN ('accepted', 'declined')
    AND email_key IN (SELECT email_key FROM proven_address WHERE account_id = OLD.account_id);
  UPDATE authorization_request SET email_hint = NULL WHERE email_hint IS NOT NULL AND lower(email_hint) IN (
    SELECT lower(email) FROM proven_address WHERE account_id = OLD.account_id
    UNION
    SELECT lower(email_key) FROM proven_address WHERE account_id = OLD.account_id
    UNION
    SELECT lower(OLD.email));
  DELETE FROM outbox WHERE recipient_kind = 'account' AND recipient_id = OLD.account_id;
END;

-- ---------------------------------------------------------------- authority

-- The credentials that are alive as of now, for the authorization select of management calls. Not here:
-- the token's own expiry (inside its envelope), what its scopes are worth (held_scope), and the moment
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
JOIN organization o ON o.organization_id = p.organization_id
UNION ALL
SELECT s.cookie_digest, 'page', CAST(NULL AS TEXT), s.account_id, so.organization_id,
       CAST(NULL AS TEXT), 0, s.session_id,
       CAST((SELECT json_group_array(h.scope) FROM held_scope h WHERE h.organization_id = so.organization_id AND h.account_id = s.account_id) AS TEXT),
       s.expires_at, iif(a.mfa = 0, o.mfa_required_at, NULL)
FROM session s
JOIN account a ON a.account_id = s.account_id AND a.token_epoch = s.account_epoch
JOIN session_organization so ON so.session_id = s.session_id
JOIN membership m ON m.organization_id = so.organization_id AND m.account_id = s.account_id AND m.suspended = 0
JOIN organization o ON o.organization_id = so.organization_id
WHERE s.ended_at IS NULL AND s.mfa_pending = 0;

-- Whose a stored token or cookie is, alive or not: for what its bearer does to the session that it belongs to.
CREATE VIEW bearer AS
SELECT token_digest, account_id, organization_id, client_id, session_id
FROM access_token
UNION ALL
SELECT s.cookie_digest, s.account_id, so.organization_id, CAST(NULL AS TEXT), s.session_id
FROM session s
JOIN session_organization so ON so.session_id = s.session_id;

-- The refresh tokens whose family is alive as of now. Whether one was replaced or is too old, its reader decides.
CREATE VIEW live_refresh AS
SELECT t.token_digest, t.used_at, t.sealed_successor, min(t.expires_at, f.expires_at) AS expires_at,
       f.family_id, f.account_id, f.organization_id, f.client_id, f.session_id, f.scopes,
       f.account_epoch, f.membership_epoch, f.client_epoch, c.secret_digest, c.strict
FROM refresh_token t
JOIN refresh_family f ON f.family_id = t.family_id AND f.revoked_at IS NULL
JOIN client c ON c.client_id = f.client_id AND c.token_epoch = f.client_epoch
JOIN account a ON a.account_id = f.account_id AND a.token_epoch = f.account_epoch
JOIN membership m ON m.organization_id = f.organization_id AND m.account_id = f.account_id AND m.token_epoch = f.membership_epoch AND m.suspended = 0
JOIN session s ON s.session_id = f.session_id AND s.account_epoch = a.token_epoch AND s.ended_at IS NULL;

-- The scopes that a member's roles give as of now; one that two roles give appears twice.
CREATE VIEW held_scope AS
SELECT mr.organization_id, mr.account_id, rs.scope
FROM membership_role mr
JOIN role_scope rs ON rs.role_id = mr.role_id
WHERE NOT EXISTS (
  SELECT 1 FROM product_suspension ps
  WHERE ps.organization_id = mr.organization_id AND ps.account_id = mr.account_id AND ps.product = mr.product);

INSERT INTO schema_meta (version) VALUES (6);

-- ---------------------------------------------------------------- default catalogue
--
-- Loaded once. From then on these rows are the operator's: nothing overwrites an edit.

INSERT INTO product (product, position, launch_url) VALUES
  ('Accounts', 1, NULL),
  ('LiveChat', 2, 'https://livechat.example/'),
  ('HelpDesk', 3, 'https://helpdesk.example/'),
  ('ChatBot', 4, 'https://chatbot.example/'),
  ('KnowledgeBase', 5, 'https://knowledgebase.example/'),
  ('OpenWidget', 6, 'https://openwidget.example/'),
  ('TeamChat', 7, 'https://teamchat.example/');

INSERT INTO scope (scope, description, beta, private) VALUES
  ('accounts--my:ro', 'See your account', 0, 0),
  ('accounts--my:rw', 'See and change your account', 0, 0),
  ('accounts--all:ro', 'See all accounts of the organization', 0, 0),
  ('accounts--all:rc', 'See all accounts of the organization and add new ones', 0, 0),
  ('accounts--all:rw', 'See, add and change all accounts of the organization', 0, 0),
  ('accounts.roles--all:ro', 'See the roles of all accounts', 0, 0),
  ('accounts.roles--all:rw', 'See and change the roles of all accounts', 0, 0),
  ('accounts.roles.lc--all:rw', 'See and change LiveChat roles of all accounts', 0, 0),
  ('accounts.roles.hd--all:rw', 'See and change HelpDesk roles of all accounts', 0, 0),
  ('accounts.password--my:rw', 'Set your password', 0, 0),
  ('accounts.invitations--my:rw', 'Invite people', 0, 0),
  ('accounts.invitations--all:ro', 'See all invitations and requests for access', 0, 0),
  ('accounts.invitations--all:rw', 'See, approve and decline all invitations and requests for access', 0, 0),
  ('accounts.invitations.lc--all:rw', 'See, approve and decline invitations and requests for access to LiveChat', 0, 0),
  ('accounts.invitations.hd--all:rw', 'See, approve and decline invitations and requests for access to HelpDesk', 0, 0),
  ('sessions--my:ro', 'See where you are signed in', 0, 0),
  ('sessions--my:rw', 'See where you are signed in and sign you out', 0, 0),
  ('sessions--all:rw', 'End the sessions of all accounts of the organization', 0, 1),
  ('organization--my:rw', 'See and change the settings of the organization', 0, 0),
  ('subscription.lc:rw', 'Approve, suspend and reinstate LiveChat agents', 0, 1),
  ('billing--all:rw', 'See and change billing', 0, 0),
  ('billing_manage', 'Create and manage charges', 0, 0),
  ('billing_admin', 'Administer billing', 0, 0),
  ('ledger_read', 'See the ledger', 0, 0),
  ('agents--my:ro', 'See your agent profile', 0, 0),
  ('agents--my:rw', 'See and change your agent profile', 0, 0),
  ('agents--all:ro', 'See all agent profiles', 0, 0),
  ('agents--all:rw', 'See and change all agent profiles', 0, 0),
  ('agents-bot--my:ro', 'See the bots of this application', 0, 0),
  ('agents-bot--my:rw', 'See and change the bots of this application', 0, 0),
  ('agents-bot--all:ro', 'See all bots', 0, 0),
  ('agents-bot--all:rw', 'See and change all bots', 0, 0),
  ('bots.templates--my:ro', 'See the bot templates of this application', 1, 0),
  ('bots.templates--my:rw', 'See and change the bot templates of this application', 1, 0),
  ('bots.templates--all:ro', 'See all bot templates', 1, 0),
  ('bots.templates--all:rw', 'See and change all bot templates', 1, 0),
  ('access_rules:ro', 'See the rules that assign chats to groups', 0, 0),
  ('access_rules:rw', 'See and change the rules that assign chats to groups', 0, 0),
  ('canned_responses--groups:ro', 'See the canned responses of your groups', 0, 0),
  ('canned_responses--groups:rw', 'See and change the canned responses of your groups', 0, 0),
  ('canned_responses--all:ro', 'See all canned responses', 0, 0),
  ('canned_responses--all:rw', 'See and change all canned responses', 0, 0),
  ('groups--my:ro', 'See the groups you belong to', 0, 0),
  ('groups--my:rw', 'See and change the groups you belong to', 0, 0),
  ('groups--all:ro', 'See all groups', 0, 0),
  ('groups--all:rw', 'See and change all groups', 0, 0),
  ('greetings--groups:ro', 'See the greetings of your groups', 1, 0),
  ('greetings--groups:rw', 'See and change the greetings of your groups', 1, 0),
  ('greetings--all:ro', 'See all greetings', 1, 0),
  ('greetings--all:rw', 'See and change all greetings', 1, 0),
  ('chats--my:ro', 'See the chats you take part in', 0, 0),
  ('chats--my:rw', 'See and change the chats you take part in', 0, 0),
  ('chats--access:ro', 'See the chats you have access to', 0, 0),
  ('chats--access:rw', 'See and change the chats you have access to', 0, 0),
  ('chats--all:ro', 'See all chats', 0, 0),
  ('chats--all:rw', 'See and change all chats', 0, 0),
  ('chats.conversation--my:rw', 'Write in the chats you take part in', 0, 0),
  ('chats.conversation--access:rw', 'Write in the chats you have access to', 0, 0),
  ('chats.conversation--all:rw', 'Write in all chats', 0, 0),
  ('customers:ro', 'See customers', 0, 0),
  ('customers:rw', 'See, add and change customers', 0, 0),
  ('customers:own', 'Create and manage customer identities', 0, 0),
  ('customers.ban:rw', 'Ban customers', 0, 0),
  ('multicast:rw', 'Send data to many agents or customers at once', 0, 0),
  ('properties--my:ro', 'See the definitions of the properties of this application', 0, 0),
  ('properties--my:rw', 'See and change the definitions of the properties of this application', 0, 0),
  ('properties--all:ro', 'See all property definitions', 0, 0),
  ('properties.configuration:rw', 'See and change the definitions of all properties', 0, 0),
  ('properties.license.value--my:rw', 'See and change the values of the properties of this application for the organization', 0, 0),
  ('properties.license.value--all:rw', 'See and change all property values of the organization', 0, 0),
  ('properties.group.value--my:rw', 'See and change the values of the properties of this application for groups', 0, 0),
  ('properties.group.value--all:rw', 'See and change all property values of groups', 0, 0),
  ('tags--groups:ro', 'See the tags of your groups', 0, 0),
  ('tags--groups:rw', 'See and change the tags of your groups', 0, 0),
  ('tags--all:ro', 'See all tags', 0, 0),
  ('tags--all:rw', 'See and change all tags', 0, 0),
  ('webhooks--my:ro', 'See the webhooks of this application', 0, 0),
  ('webhooks--my:rw', 'See and change the webhooks of this application', 0, 0),
  ('webhooks--all:ro', 'See all webhooks', 0, 0),
  ('webhooks--all:rw', 'See and change all webhooks', 0, 0),
  ('webhooks.state:ro', 'See whether webhooks are on', 0, 0),
  ('webhooks.state:rw', 'Turn webhooks on and off', 0, 0),
  ('webhooks.configuration:rw', 'Add and change webhooks', 0, 0),
  ('reports_read', 'See reports', 0, 0);

INSERT INTO role (role_id, product, role, type, rank) VALUES
  ('728b99be-848c-11ea-9b91-005056a00001', 'Accounts', 'owner', 'primary', 30),
  ('728b99be-848c-11ea-9b91-005056a007e9', 'Accounts', 'administrator', 'primary', 20),
  ('728b99be-848c-11ea-9b91-005056a00002', 'Accounts', 'member', 'primary', 10),
  ('728b99be-848c-11ea-9b91-005056a00003', 'Accounts', 'billing_editor', 'custom', 10),
  ('728b99be-848c-11ea-9b91-005056a00101', 'LiveChat', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00102', 'LiveChat', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00201', 'HelpDesk', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00202', 'HelpDesk', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00203', 'HelpDesk', 'viewer', 'secondary', 5),
  ('728b99be-848c-11ea-9b91-005056a00301', 'ChatBot', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00302', 'ChatBot', 'editor', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00401', 'KnowledgeBase', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00402', 'KnowledgeBase', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00501', 'OpenWidget', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00502', 'OpenWidget', 'normal', 'secondary', 10),
  ('728b99be-848c-11ea-9b91-005056a00601', 'TeamChat', 'administrator', 'secondary', 20),
  ('728b99be-848c-11ea-9b91-005056a00602', 'TeamChat', 'normal', 'secondary', 10);

-- The widest scopes of each role; what they include (rw over rc over ro, all over my) follows from the grammar.
INSERT INTO role_scope (role_id, scope) -- Accounts/owner
SELECT '728b99be-848c-11ea-9b91-005056a00001', scope FROM scope WHERE scope IN (
  'accounts--all:rw', 'accounts.roles--all:rw', 'accounts.roles.lc--all:rw', 'accounts.roles.hd--all:rw',
  'accounts.password--my:rw', 'accounts.invitations--all:rw', 'accounts.invitations.lc--all:rw',
  'accounts.invitations.hd--all:rw', 'sessions--my:rw', 'sessions--all:rw', 'organization--my:rw',
  'subscription.lc:rw', 'billing--all:rw', 'billing_manage', 'billing_admin', 'ledger_read');
INSERT INTO role_scope (role_id, scope) -- Accounts/administrator
SELECT '728b99be-848c-11ea-9b91-005056a007e9', scope FROM scope WHERE scope IN (
  'accounts--all:rw', 'accounts.roles--all:rw', 'accounts.roles.lc--all:rw', 'accounts.roles.hd--all:rw',
  'accounts.password--my:rw', 'accounts.invitations--all:rw', 'accounts.invitations.lc--all:rw',
  'accounts.invitations.hd--all:rw', 'sessions--my:rw', 'sessions--all:rw', 'organization--my:rw',
  'subscription.lc:rw');
INSERT INTO role_scope (role_id, scope) -- Accounts/member
SELECT '728b99be-848c-11ea-9b91-005056a00002', scope FROM scope WHERE scope IN (
  'accounts--my:rw', 'accounts--all:rc', 'accounts.roles--all:ro', 'accounts.password--my:rw',
  'accounts.invitations--my:rw', 'sessions--my:rw');
INSERT INTO role_scope (role_id, scope) -- Accounts/billing_editor
SELECT '728b99be-848c-11ea-9b91-005056a00003', scope FROM scope WHERE scope IN (
  'billing--all:rw', 'billing_manage', 'ledger_read');
INSERT INTO role_scope (role_id, scope) -- LiveChat/administrator
SELECT '728b99be-848c-11ea-9b91-005056a00101', scope FROM scope WHERE scope IN (
  'accounts.roles.lc--all:rw', 'accounts.invitations.lc--all:rw', 'agents--all:rw', 'agents-bot--all:rw',
  'bots.templates--all:rw', 'access_rules:rw', 'canned_responses--groups:rw', 'canned_responses--all:rw',
  'groups--all:rw', 'greetings--groups:rw', 'greetings--all:rw', 'chats--all:rw', 'chats.conversation--all:rw',
  'customers:rw', 'customers:own', 'customers.ban:rw', 'multicast:rw', 'properties--my:rw',
  'properties--all:ro', 'properties.configuration:rw', 'properties.license.value--all:rw',
  'properties.group.value--all:rw', 'tags--groups:rw', 'tags--all:rw', 'webhooks--all:rw', 'webhooks.state:rw',
  'webhooks.configuration:rw', 'reports_read');
INSERT INTO role_scope (role_id, scope) -- LiveChat/normal
SELECT '728b99be-848c-11ea-9b91-005056a00102', scope FROM scope WHERE scope IN (
  'agents--my:rw', 'agents--all:ro', 'agents-bot--all:ro', 'canned_responses--groups:rw',
  'canned_responses--all:ro', 'groups--all:ro', 'greetings--groups:ro', 'chats--access:rw',
  'chats.conversation--access:rw', 'customers:rw', 'customers.ban:rw', 'multicast:rw', 'tags--groups:rw',
  'tags--all:ro');
INSERT INTO role_scope (role_id, scope) -- HelpDesk/administrator
SELECT '728b99be-848c-11ea-9b91-005056a00201', scope FROM scope WHERE scope IN (
  'accounts.roles.hd--all:rw', 'accounts.invitations.hd--all:rw');

-- One public client per product. The .example addresses are placeholders that no browser can reach: set the
-- real ones in product.launch_url and client_redirect_uri.
INSERT INTO client (client_id, product, name, type, visibility, created_at, updated_at) VALUES
  ('cd6758ff5daa4354fd3410436a099167', 'Accounts', 'Accounts', 'javascript_app', 'public', 0, 0),
  ('1887ed48fa338511da234a28cd8b750a', 'LiveChat', 'LiveChat', 'javascript_app', 'public', 0, 0),
  ('23d14c0988ea939b85dc28d07c0963f4', 'HelpDesk', 'HelpDesk', 'javascript_app', 'public', 0, 0),
  ('d11167eed390683001013fa838bdaee6', 'ChatBot', 'ChatBot', 'javascript_app', 'public', 0, 0),
  ('c7da69b4006083e2e36e8b376e381308', 'KnowledgeBase', 'KnowledgeBase', 'javascript_app', 'public', 0, 0),
  ('156fb0b457a70eb7433def32e9dd5679', 'OpenWidget', 'OpenWidget', 'javascript_app', 'public', 0, 0),
  ('221625628f968f23bdce96aae6ac2e53', 'TeamChat', 'TeamChat', 'javascript_app', 'public', 0, 0);

INSERT INTO client_redirect_uri (client_id, position, redirect_uri)
SELECT client_id, 0, 'https://' || lower(product) || '.example/' FROM client WHERE product IS NOT NULL;

-- Not required: what only some roles give; a token gets it as far as the person has it.
INSERT INTO client_scope (client_id, scope, required)
SELECT c.client_id, s.scope, s.scope IN ('accounts--my:rw', 'sessions--my:rw') FROM client c JOIN scope s WHERE c.product IS NOT NULL AND s.scope IN (
  'accounts--my:rw', 'sessions--my:rw', 'accounts--all:rw', 'accounts.roles--all:rw',
  'accounts.password--my:rw', 'accounts.invitations--my:rw', 'accounts.invitations--all:rw',
  'organization--my:rw');
INSERT INTO client_scope (client_id, scope, required)
SELECT c.client_id, s.scope, 0 FROM client c JOIN scope s WHERE c.product = 'LiveChat' AND s.scope IN (
  'accounts.roles.lc--all:rw', 'accounts.invitations.lc--all:rw', 'sessions--all:rw', 'subscription.lc:rw');
INSERT INTO client_scope (client_id, scope, required)
SELECT c.client_id, s.scope, 0 FROM client c JOIN scope s WHERE c.product = 'HelpDesk' AND s.scope IN (
  'accounts.roles.hd--all:rw', 'accounts.invitations.hd--all:rw');
