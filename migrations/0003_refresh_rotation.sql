-- What rotation of refresh tokens needs: at most one replaced token of a family may still give its successor, and one
-- place says which refresh tokens are alive. What they are for is written in schema.sql.

CREATE UNIQUE INDEX refresh_token_one_window ON refresh_token (family_id) WHERE sealed_successor IS NOT NULL;

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

UPDATE schema_meta SET version = 3;
