//! What the use of a link does to its account. `?1` of every statement is the digest of the link, whose row is there.

use std::time::Duration;

use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

macro_rules! account_of_link {
    () => {
        "(SELECT account_id FROM mail_token WHERE token_digest = ?1)"
    };
}

/// When the change of address behind the link was asked for.
macro_rules! changed_by_link {
    () => {
        "(SELECT email_change.created_at FROM mail_token
  JOIN email_change ON email_change.email_change_id = mail_token.email_change_id WHERE mail_token.token_digest = ?1)"
    };
}

/// The account of the link, for an invitation that of its address, if the address was never proven.
macro_rules! unproven_account_of_link {
    () => {
        "(SELECT account_id FROM account WHERE email_verified = 0
  AND account_id = (SELECT coalesce(mail_token.account_id, iif(mail_token.purpose = 'invite',
      (SELECT invited.account_id FROM account AS invited WHERE invited.email_key = mail_token.email_key), NULL))
    FROM mail_token WHERE mail_token.token_digest = ?1))"
    };
}

/// The first proof of an address removes what somebody else may have planted before it (design, section 8): passkeys,
/// TOTP, recovery codes, clients, personal tokens and a pending change of address. Nothing where the address was proven.
pub fn clear_planted(link: &Digest) -> [Statement; 6] {
    [
        Statement::new(concat!("DELETE FROM passkey WHERE account_id = ", unproven_account_of_link!())).bind(link),
        Statement::new(concat!("DELETE FROM totp WHERE account_id = ", unproven_account_of_link!())).bind(link),
        Statement::new(concat!("DELETE FROM recovery_code WHERE account_id = ", unproven_account_of_link!()))
            .bind(link),
        Statement::new(concat!("DELETE FROM client WHERE created_by = ", unproven_account_of_link!())).bind(link),
        Statement::new(concat!(
            "DELETE FROM email_change WHERE applied_at IS NULL AND account_id = ",
            unproven_account_of_link!()
        ))
        .bind(link),
        Statement::new(concat!(
            "UPDATE account SET personal_token_epoch = personal_token_epoch + 1 WHERE account_id = ",
            unproven_account_of_link!()
        ))
        .bind(link),
    ]
}

/// The account's address is proven. After [`clear_planted`].
pub fn verify(link: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE account SET email_verified = 1, updated_at = ?2 WHERE account_id = ",
        account_of_link!()
    ))
    .bind(link)
    .bind(now)
}

/// The new address of the change behind the link becomes the account's. A second account of one address violates
/// `account.email_key`.
pub fn change_email(link: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE account SET (email, email_key, email_verified, updated_at) = (
  SELECT new_email, new_email_key, 1, ?2 FROM email_change
  WHERE email_change_id = (SELECT email_change_id FROM mail_token WHERE token_digest = ?1))
WHERE account_id = (SELECT account_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(link)
    .bind(now)
}

/// The old address of the change behind the link becomes the account's again, proven or not as it was.
pub fn restore_email(link: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE account SET (email, email_key, email_verified, updated_at) = (
  SELECT old_email, old_email_key, old_verified, ?2 FROM email_change
  WHERE email_change_id = (SELECT email_change_id FROM mail_token WHERE token_digest = ?1))
WHERE account_id = (SELECT account_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(link)
    .bind(now)
}

/// Ends every session, access token, refresh token and personal token of the account, and forgets its browsers.
pub fn revoke_everything(link: &Digest, now: Timestamp) -> [Statement; 3] {
    [
        Statement::new(concat!(
            "UPDATE session SET ended_at = ?2 WHERE ended_at IS NULL AND account_id = ",
            account_of_link!()
        ))
        .bind(link)
        .bind(now),
        Statement::new(concat!(
            "UPDATE account SET token_epoch = token_epoch + 1, personal_token_epoch = personal_token_epoch + 1,
  updated_at = ?2 WHERE account_id = ",
            account_of_link!()
        ))
        .bind(link)
        .bind(now),
        Statement::new(concat!("DELETE FROM known_device WHERE account_id = ", account_of_link!())).bind(link),
    ]
}

/// Removes the second factors that were made after the change of address behind the link, or less than `before` earlier:
/// whoever changed the address may have made them. Those that are older are its owner's, and stay.
pub fn remove_late_second_factors(link: &Digest, before: Duration) -> [Statement; 3] {
    let remove = |statement: &'static str| Statement::new(statement).bind(link).bind(before);
    [
        remove(concat!(
            "DELETE FROM passkey WHERE account_id = ",
            account_of_link!(),
            " AND created_at > ",
            changed_by_link!(),
            " - ?2"
        )),
        remove(concat!(
            "DELETE FROM totp WHERE account_id = ",
            account_of_link!(),
            " AND coalesce(confirmed_at, created_at) > ",
            changed_by_link!(),
            " - ?2"
        )),
        remove(concat!(
            "DELETE FROM recovery_code WHERE account_id = ",
            account_of_link!(),
            " AND (created_at > ",
            changed_by_link!(),
            " - ?2 OR (SELECT mfa FROM account WHERE account_id = ",
            account_of_link!(),
            ") = 0)"
        )),
    ]
}

/// The account has no password any more.
pub fn forget_password(link: &Digest) -> Statement {
    Statement::new(concat!("DELETE FROM password WHERE account_id = ", account_of_link!())).bind(link)
}
