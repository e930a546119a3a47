-- What an account leaves behind when it goes, and which merges may be forgotten.

-- An account that goes takes with it what the rows of others and the log hold of the person, whichever way it goes: the
-- personal values of what the person did, of what was done to them, in their sign-ins, and of invitations that they
-- answered or that went to an address which they had proven, the closed ones of those, mails, a name in a form.
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

-- One that was done stays for good: it says who may read the log of the organization that ended.
DROP INDEX organization_merge_by_expiry;
CREATE INDEX organization_merge_by_expiry ON organization_merge (expires_at) WHERE state <> 'done';

UPDATE schema_meta SET version = 6;
