//! Who the person is here.

use super::{instant, me, truth};

/// The account, with the facts of its password and second factor.
pub(super) const ACCOUNT: &str = concat!(
    "SELECT '' AS key, json_object('account_id', account.account_id, 'email', email, 'email_normal_form', email_key,
  'email_verified', ",
    truth!("email_verified"),
    ", 'name', name, 'avatar_url', avatar_url, 'default_product', default_product,
  'default_organization_id', default_organization_id, 'time_zone', time_zone, 'locale', locale, 'mfa', ",
    truth!("mfa"),
    ", 'created_at', ",
    instant!("account.created_at"),
    ", 'updated_at', ",
    instant!("account.updated_at"),
    ", 'password_set_at', (SELECT ",
    instant!("set_at"),
    " FROM password WHERE password.account_id = account.account_id),
  'totp', json((SELECT json_object('created_at', ",
    instant!("totp.created_at"),
    ", 'confirmed_at', ",
    instant!("confirmed_at"),
    ") FROM totp WHERE totp.account_id = account.account_id)),
  'recovery_codes', json((SELECT json_object('made_at', ",
    instant!("max(recovery_code.created_at)"),
    ", 'left', sum(used_at IS NULL), 'used_at', json_group_array(",
    instant!("used_at"),
    ") FILTER (WHERE used_at IS NOT NULL)) FROM recovery_code WHERE recovery_code.account_id = account.account_id
    HAVING count(*) > 0))) AS item
FROM account WHERE account.account_id = ",
    me!(),
    " AND ?2 = '' AND ?3 > 0 AND ?4 IS NOT NULL"
);

/// Changes of the address, asked for, made and undone.
pub(super) const EMAIL_CHANGES: &str = concat!(
    "SELECT email_change_id AS key, json_object('old_email', old_email, 'old_email_normal_form', old_email_key,
  'old_email_verified', ",
    truth!("old_verified"),
    ", 'new_email', new_email, 'new_email_normal_form', new_email_key, 'created_at', ",
    instant!("created_at"),
    ", 'applied_at', ",
    instant!("applied_at"),
    ", 'undo_until', ",
    instant!("undo_until"),
    ", 'undone_at', ",
    instant!("undone_at"),
    ", 'expires_at', ",
    instant!("expires_at"),
    ") AS item
FROM email_change WHERE account_id = ",
    me!(),
    " AND email_change_id > ?2 AND ?4 IS NOT NULL ORDER BY email_change_id LIMIT ?3"
);
