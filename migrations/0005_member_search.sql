-- Members are found by the beginning of a name or address. What everything is for is written in schema.sql.

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

INSERT OR IGNORE INTO member_term (organization_id, term, account_id)
SELECT m.organization_id, a.email_key, a.account_id FROM membership m JOIN account a ON a.account_id = m.account_id
UNION ALL
SELECT m.organization_id, lower(a.name), a.account_id FROM membership m JOIN account a ON a.account_id = m.account_id
WHERE a.name <> ''
UNION ALL
SELECT m.organization_id, lower(part.value), a.account_id FROM membership m JOIN account a ON a.account_id = m.account_id,
  json_each('[' || replace(json_quote(a.name), ' ', '","') || ']') AS part
WHERE part.key BETWEEN 1 AND 7 AND part.value <> '';

UPDATE schema_meta SET version = 5;
