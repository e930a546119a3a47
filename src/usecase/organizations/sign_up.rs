//! Sign-up: a new account that owns a new organization, with a first token.

use crate::usecase::mail::VERIFY_LINK_LIVES;
use std::time::Duration;

use super::Created;
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId, OutboxId, SessionId};
use crate::domain::organization::Details;
use crate::domain::password::Password;
use crate::domain::profile::Profile;
use crate::domain::time::Timestamp;
use crate::mail::Template;
use crate::oauth::envelope::Kind;
use crate::oauth::mail_link::Purpose;
use crate::ports::{DatabaseError, Rows, Statement};
use crate::store::accounts::EMAIL_TAKEN;
use crate::store::audit::Change;
use crate::store::sessions::Expiry;
use crate::store::throttles::Counted;
use crate::store::{
    access_tokens, accounts, email_changes, mail_tokens, memberships, organizations, outbox, passwords, sessions,
    throttles,
};
use crate::usecase::accounts::seen_whole;
use crate::usecase::authorized::audited;
use crate::usecase::challenge::{self, Answered};
use crate::usecase::guesses::SLOWED;
use crate::usecase::mail::link::FreshLink;
use crate::usecase::{Failure, Refusal, present};

const HOUR: Duration = Duration::from_hours(1);

/// What a stranger asks for.
pub struct SignUp {
    /// Becomes the account.
    pub email: Email,
    /// Without one the account signs in by other means.
    pub password: Option<Password>,
    /// The organization.
    pub details: Details,
    /// The answer to the challenge, where the deployment has one.
    pub challenge: Option<String>,
}

/// What a stranger gets.
pub enum SignedUp {
    /// Account, organization and token.
    Created(Box<Created>),
    /// Strict profile: how to go on is in the mail.
    MailTells,
}

/// Creates account, organization, membership, session and token, or nothing. The token has no client, and every scope of
/// the owner's role.
///
/// Two round trips, because a password is hashed between them: the first counts the attempt and refuses a throttled
/// caller, and a known address in the compatible profile, before any hashing; the second writes, and its unique index has
/// the last word. Sends no mail in the compatible profile (API, row 15).
///
/// In the strict profile nobody learns whether the address has an account: the answer is the same, after the same
/// statements and hashes, and holds no token (row E2). That the address is taken is left to the unique index; a third round
/// trip then tells the owner of one that was known before. A new account gets the link that proves its address.
pub async fn sign_up(app: &App, sign_up: SignUp, locale: &str) -> Result<SignedUp, Failure> {
    let now = app.now();
    let answered = challenge::answered(app, sign_up.challenge.as_deref())?;
    let admitted = admit(app, &sign_up.email, &answered, now).await?;
    let organization = OrganizationId::new(now, &app.random()?);
    let account = AccountId::new(now, &app.random()?);
    let session = SessionId::new(now, &app.random()?);
    let lifetimes = app.config().lifetimes;
    let expiry = Expiry { idle: now.plus(lifetimes.session_idle), absolute: now.plus(lifetimes.session) };
    let token_expires_at = now.plus(lifetimes.access_token);
    let token = app.mint(Kind::Access, Some(token_expires_at))?;
    let phc = match &sign_up.password {
        Some(password) => Some(app.hasher().hash(password, &app.random()?)?),
        None => None,
    };
    let mut batch = vec![
        organizations::insert(organization, &sign_up.details, now),
        accounts::insert(account, &sign_up.email, "", organization, now),
        memberships::insert(organization, account, now),
        memberships::insert_owner(organization, account, now),
        sessions::insert(session, account, app.origin(), now, expiry),
        access_tokens::insert_with_all_held_scopes(
            &token.digest,
            organization,
            account,
            session,
            now,
            token_expires_at,
        ),
    ];
    let target = organization.to_string();
    batch.extend(audited(app, &token.digest, &Change::new("organization.create", "organization", &target))?);
    batch.push(email_changes::refuse_reserved(&sign_up.email, now));
    if let Some(phc) = phc {
        batch.push(passwords::insert(account, phc, now));
    }
    if admitted.quiet {
        batch.extend(to_be_proven(app, account, locale, now)?);
        batch.push(sessions::end_all(account, now));
    }
    batch.extend([accounts::get(organization, account), organizations::get(organization)]);
    let rows = match app.batch(&batch).await {
        Ok(rows) => rows,
        Err(error) => lost(error, admitted.quiet).map(|()| Vec::new())?,
    };
    if admitted.quiet {
        app.batch(&[telling_known(app, &sign_up.email, account, &admitted, now)?]).await?;
        return Ok(SignedUp::MailTells);
    }
    let [.., account, organization] = rows.as_slice() else {
        return present(None);
    };
    Ok(SignedUp::Created(Box::new(Created {
        account: seen_whole(app, present(account.first()?)?),
        organization: present(organization.first()?)?,
        access_token: token.text,
    })))
}

/// The mail with which a new account proves its address.
pub(in crate::usecase) fn to_be_proven(
    app: &App,
    account: AccountId,
    locale: &str,
    now: Timestamp,
) -> Result<[Statement; 3], Failure> {
    let link = FreshLink::new(app, Purpose::Verify, now, now.plus(VERIFY_LINK_LIVES))?;
    Ok([
        accounts::set_locale(account, locale),
        mail_tokens::insert(&link.row(), Purpose::Verify, account, now),
        outbox::tell_link(link.mail, Template::VerifyEmail.name(), link.id(), locale, now),
    ])
}

/// How far a sign-up may go.
pub(in crate::usecase) struct Admitted {
    /// Strict profile: the answer does not tell whether the address has an account.
    pub quiet: bool,
    /// It has one; only where the answer does not tell.
    pub known: bool,
    may_be_mailed: bool,
}

/// Counts the attempt; refuses a network that tries too often, then a wrong answer to the challenge, then, in the compatible
/// profile, an address that has an account. However many sign-ups there are of everybody together, nobody is refused for that alone: above
/// `ALL_SIGN_UPS_PER_HOUR` a network has a fifth of its own.
pub(in crate::usecase) async fn admit(
    app: &App,
    email: &Email,
    challenge: &Answered<'_>,
    now: Timestamp,
) -> Result<Admitted, Failure> {
    let quiet = app.config().profile == Profile::Strict;
    let bucket = app.bucket("sign_up", &app.origin().network());
    let everybody = throttles::count(&app.bucket("sign_up_all", ""), now, HOUR);
    let mut batch = vec![everybody, throttles::count(&bucket, now, HOUR), accounts::find_by_email(email)];
    if quiet {
        batch.push(throttles::count(&app.bucket("sign_up_mail", email.key()), now, HOUR));
    }
    let rows = app.batch(&batch).await?;
    let [everybody, counted, known, mailed @ ..] = rows.as_slice() else {
        return present(None);
    };
    let limits = app.config().limits;
    let (everybody, counted): (Counted, Counted) = (present(everybody.first()?)?, present(counted.first()?)?);
    let most = match everybody.hits > limits.all_sign_ups_per_hour {
        true => (limits.sign_ups_per_hour / SLOWED).max(1),
        false => limits.sign_ups_per_hour,
    };
    if let Some(retry_after) = counted.retry_after(most, HOUR, now) {
        return Err(Refusal::Throttled { retry_after }.into());
    }
    challenge.verify(app).await?;
    let known = known.first::<serde::de::IgnoredAny>()?.is_some();
    if known && !quiet {
        return Err(address_known().into());
    }
    let mailed: Option<Counted> = mailed.first().map(Rows::first).transpose()?.flatten();
    let may_be_mailed = mailed.is_some_and(|mailed| mailed.hits <= limits.mails_per_hour);
    Ok(Admitted { quiet, known, may_be_mailed })
}

/// The owner of an address that another account has than the `new` one is told by mail, the first few times of an hour (row E11).
pub(in crate::usecase) fn telling_known(
    app: &App,
    email: &Email,
    new: AccountId,
    admitted: &Admitted,
    now: Timestamp,
) -> Result<Statement, Failure> {
    let told = OutboxId::new(now, &app.random()?);
    let template = Template::AddressKnown.name();
    Ok(outbox::tell_address_of_other(told, template, email, new, admitted.may_be_mailed, now))
}

/// Somebody else got the address meanwhile, or can still take it back: told only where the answer tells.
pub(in crate::usecase) fn lost(error: DatabaseError, quiet: bool) -> Result<(), Failure> {
    let taken = match &error {
        DatabaseError::Constraint(name) => name == EMAIL_TAKEN,
        DatabaseError::Refused(name) => name == email_changes::refusal::RESERVED,
        _ => false,
    };
    match (taken, quiet) {
        (true, true) => Ok(()),
        (true, false) => Err(address_known().into()),
        (false, _) => Err(error.into()),
    }
}

/// Names no id: whose the account is, is not the caller's to know.
pub(in crate::usecase) fn address_known() -> Refusal {
    Refusal::Conflict { resource: "account", description: "An account with this e-mail address already exists." }
}
