//! Links that were sent to the person, and mails that wait.

use super::{instant, me};

/// Links in mails, never their tokens.
pub(super) const LINKS: &str = concat!(
    "SELECT mail_token_id AS key, json_object('purpose', purpose, 'email_normal_form', email_key, 'created_at', ",
    instant!("created_at"),
    ", 'expires_at', ",
    instant!("expires_at"),
    ", 'used_at', ",
    instant!("used_at"),
    ") AS item
FROM mail_token WHERE account_id = ",
    me!(),
    " AND mail_token_id > ?2 AND ?4 IS NOT NULL ORDER BY mail_token_id LIMIT ?3"
);

/// Mails to the person that have not gone out.
pub(super) const WAITING: &str = concat!(
    "SELECT outbox_id AS key, json_object('template', template, 'locale', locale, 'parameters', json(parameters),
  'created_at', ",
    instant!("created_at"),
    ", 'attempts', attempts, 'next_attempt_at', ",
    instant!("next_attempt_at"),
    ", 'given_up_at', ",
    instant!("dead_at"),
    ") AS item
FROM outbox WHERE recipient_kind = 'account' AND recipient_id = ",
    me!(),
    " AND outbox_id > ?2 AND ?4 IS NOT NULL ORDER BY outbox_id LIMIT ?3"
);
