-- Pages: the session of a browser is a credential like a token, in the organization that the person chose. What everything is
-- for is written in schema.sql.

CREATE TABLE session_organization (
  session_id      TEXT NOT NULL,
  organization_id TEXT NOT NULL,
  account_id      TEXT NOT NULL,
  CONSTRAINT session_organization_pk PRIMARY KEY (session_id),
  CONSTRAINT session_organization_session FOREIGN KEY (session_id) REFERENCES session (session_id) ON DELETE CASCADE,
  CONSTRAINT session_organization_membership FOREIGN KEY (organization_id, account_id) REFERENCES membership (organization_id, account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_organization_by_member ON session_organization (organization_id, account_id);

DROP VIEW live_caller;
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

CREATE VIEW bearer AS
SELECT token_digest, account_id, organization_id, client_id, session_id
FROM access_token
UNION ALL
SELECT s.cookie_digest, s.account_id, so.organization_id, CAST(NULL AS TEXT), s.session_id
FROM session s
JOIN session_organization so ON so.session_id = s.session_id;

UPDATE schema_meta SET version = 4;
