//! Typed configuration, parsed once per isolate from the deployment's variables and secrets.

mod reader;

use std::time::Duration;

use self::reader::Reader;
use crate::domain::brand::Brand;
use crate::domain::email::Email;
use crate::domain::operator_command::OperatorKey;
use crate::domain::password::hash::Pepper;
pub use crate::domain::profile::Profile;
use crate::oauth::keys::MasterSecret;

/// Where `/v2/info` may find what it told before. Whatever is chosen, nothing older than
/// [`Config::introspection_max_staleness`] is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntrospectionCache {
    /// Nowhere: every answer comes from the database.
    Off,
    /// In the memory of the isolate.
    Isolate,
    /// In the memory of the isolate, then in KV.
    Kv,
}

/// Lifetimes. All are configuration, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// `ACCESS_TOKEN_TTL`, 8 h.
    pub access_token: Duration,
    /// `AUTHORIZATION_CODE_TTL`, 60 s; at most [`MAX_CODE_SECONDS`].
    pub authorization_code: Duration,
    /// `REFRESH_TOKEN_IDLE_TTL`, 30 d without use.
    pub refresh_token_idle: Duration,
    /// `REFRESH_TOKEN_TTL`, 365 d whatever happens.
    pub refresh_token: Duration,
    /// `SESSION_IDLE_TTL`, 30 d without use.
    pub session_idle: Duration,
    /// `SESSION_TTL`, 90 d whatever happens.
    pub session: Duration,
    /// `PERSONAL_TOKEN_MAX_TTL`: the longest life of a personal token, which is then also the life of one that asks for
    /// none; 0 = no limit. No limit in the compatible profile, 365 d in the strict one.
    pub personal_token_max: Option<Duration>,
    /// `INVITATION_TTL`: an invitation or a request for access waits so long for an approval, and then the link so long
    /// for the person; 14 d.
    pub invitation: Duration,
}

/// Limits on how often something may be tried, and on how many there may be. `LIMITS=dev` multiplies all of them but
/// `merged_accounts` by 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `SIGN_UPS_PER_HOUR`, per IP prefix (/64 for IPv6), 20.
    pub sign_ups_per_hour: u64,
    /// `PASSWORDS_PER_HOUR`, that one account sets for itself and others, 100.
    pub passwords_per_hour: u64,
    /// `MAX_ORGANIZATIONS`, that one account owns before it may create another, 100.
    pub organizations: u64,
    /// `MAX_PERSONAL_TOKENS`, of one member in one organization, 50.
    pub personal_tokens: u64,
    /// `MAX_PASSKEYS`, of one account, 20.
    pub passkeys: u64,
    /// `PASSKEY_CHALLENGES_PER_HOUR`, that one account is given, 60.
    pub passkey_challenges_per_hour: u64,
    /// `INVITATIONS_PER_HOUR`, that one account sends, 100.
    pub invitations_per_hour: u64,
    /// `INVITATIONS_PER_ADDRESS`, that one address gets in a day, 20.
    pub invitations_per_address: u64,
    /// `MAX_CLIENTS`, of one organization, 100.
    pub clients: u64,
    /// `SIGN_INS_PER_HOUR`, per IP prefix (/64 for IPv6), 100.
    pub sign_ins_per_hour: u64,
    /// `ALL_SIGN_INS_PER_MINUTE`, of everybody together: above it networks have a fifth of theirs, 600.
    pub all_sign_ins_per_minute: u64,
    /// `ALL_SIGN_UPS_PER_HOUR`, of everybody together: above it networks have a fifth of theirs, 1,000.
    pub all_sign_ups_per_hour: u64,
    /// `CLIENT_FAILURES`, wrong secrets of one client from one network in a quarter of an hour, 20.
    pub client_failures: u64,
    /// `PASSWORD_ATTEMPTS`, guesses at one account's password before they have to be 1, 2, 4, 8, then 15 minutes apart; a
    /// right one begins anew, 10. At least 1.
    pub password_attempts: u64,
    /// `SECOND_FACTOR_ATTEMPTS`, codes of every kind guessed about one account before they have to be 1, 2, 4, ... 60 minutes
    /// apart, and in one sign-in; a right one begins anew, 5. At least 1.
    pub second_factor_attempts: u64,
    /// `MAX_SESSIONS`, in browsers, of one account; the oldest ends, 10.
    pub sessions: u64,
    /// `DOMAIN_PROOFS_PER_HOUR`, that one account asks for, 30.
    pub domain_proofs_per_hour: u64,
    /// `MAILS_PER_HOUR`, that are asked for to one address: links of every kind, counted for each, 5.
    pub mails_per_hour: u64,
    /// `RECOVERIES_PER_HOUR`, forgotten passwords per IP prefix (/64 for IPv6), 30.
    pub recoveries_per_hour: u64,
    /// `REDIRECTS_PER_HALF_MINUTE`, of one application for one account, 3.
    pub redirects: u64,
    /// `MERGE_REQUESTS_PER_HOUR`, of one organization: each tells somebody by mail, 10.
    pub merge_requests_per_hour: u64,
    /// `MAX_MERGED_ACCOUNTS`, that another organization brings in one transaction, 20,000.
    pub merged_accounts: u64,
    /// `TOKENS_PER_CLIENT`, access tokens and refresh families of one account for one client, 25; the oldest end.
    pub tokens_per_client: u64,
}

/// Cloudflare Turnstile, or a stand-in.
pub struct Turnstile {
    /// `TURNSTILE_SITE_KEY`: in the page.
    pub site_key: String,
    /// `TURNSTILE_SECRET`.
    pub secret: String,
    /// `TURNSTILE_URL`: who is asked whether an answer is right.
    pub url: String,
}

/// Everything that an operator can set.
pub struct Config {
    /// `REGION`: the prefix of every token, `dal`.
    pub region: String,
    /// `PROFILE`: `compatible` or `strict`.
    pub profile: Profile,
    /// `PUBLIC_URL`: origin of every link; the request's Host is never used.
    pub public_url: String,
    /// `DNS_URL`: the DNS over HTTPS service (JSON) that is asked for the proof of a domain.
    pub dns_url: String,
    /// `MAIL_FROM`: the address that mails come from; without it none is sent, and the outbox waits.
    pub mail_from: Option<Email>,
    /// `SECURITY_CONTACT`: where to report a vulnerability (RFC 9116), a `mailto:` or `https:` address; without it there is
    /// no `/.well-known/security.txt`.
    pub security_contact: Option<String>,
    /// `OPERATOR_PUBLIC_KEY`: whose signed commands are taken (`docs/operations/way-back.md`); without it none is.
    pub operator_key: Option<OperatorKey>,
    /// `BRAND_NAME` and `BRAND_COLOR`: what the pages call themselves, and their colour.
    pub brand: Brand,
    /// `INTROSPECTION_MAX_STALENESS`: how long after its revocation a cached token may still be reported alive;
    /// 60 s, 0 = always ask the database.
    pub introspection_max_staleness: Duration,
    /// `INTROSPECTION_CACHE`: `off`, `isolate` or `kv`, the default. Off whenever the bound is zero.
    pub introspection_cache: IntrospectionCache,
    /// `AUDIT_DETAIL_DAYS`: how long personal values in the audit log are kept; 400.
    pub audit_detail_days: u64,
    /// Lifetimes of tokens and sessions.
    pub lifetimes: Lifetimes,
    /// Throttles.
    pub limits: Limits,
    /// Whether the platform's counting of requests is asked, if there is any: not with `LIMITS=dev`.
    pub shielded: bool,
    /// `TURNSTILE_SITE_KEY`, `TURNSTILE_SECRET` and `TURNSTILE_URL`: the challenge of the sign-up form; none by default.
    pub turnstile: Option<Turnstile>,
    /// `DISPOSABLE_ADDRESSES`: whether one may sign up with an address that is made to be thrown away; refused by default.
    pub disposable_addresses: bool,
    /// `MASTER_SECRET`.
    pub master_secret: MasterSecret,
    /// `MASTER_SECRET_PREVIOUS`: still verifies, during a rotation.
    pub master_secret_previous: Option<MasterSecret>,
    /// `PASSWORD_PEPPER`.
    pub pepper: Pepper,
    /// `PASSWORD_PEPPER_PREVIOUS`: still verifies, during a rotation.
    pub pepper_previous: Option<Pepper>,
}

/// One thing that keeps the service from answering, in words for the operator. Never holds a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {problem}")]
pub struct ConfigProblem {
    /// The variable or secret to set.
    pub variable: &'static str,
    /// What it must be.
    pub problem: String,
}

impl Config {
    /// Reads every setting through `variable`, or names everything that is wrong at once.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<ConfigProblem>> {
        let mut reader = Reader { variable, problems: Vec::new() };
        let scale = reader.choice("LIMITS", 1, &[("production", 1), ("dev", 1_000)]);
        let profile = reader.choice("PROFILE", Profile::Compatible, PROFILES);
        let introspection_max_staleness = reader.seconds("INTROSPECTION_MAX_STALENESS", 60);
        let introspection_cache = reader.choice("INTROSPECTION_CACHE", IntrospectionCache::Kv, INTROSPECTION_CACHES);
        let config = Self {
            region: reader.region(),
            profile,
            public_url: reader.origin("PUBLIC_URL"),
            dns_url: reader.service("DNS_URL", "https://cloudflare-dns.com/dns-query"),
            mail_from: reader.mail_from(),
            security_contact: reader.security_contact(),
            operator_key: reader.operator_key(),
            brand: reader.brand(),
            introspection_max_staleness,
            introspection_cache: match introspection_max_staleness.is_zero() {
                true => IntrospectionCache::Off,
                false => introspection_cache,
            },
            audit_detail_days: reader.number("AUDIT_DETAIL_DAYS", 400),
            lifetimes: Lifetimes {
                access_token: reader.seconds("ACCESS_TOKEN_TTL", 8 * HOUR),
                authorization_code: reader.code_lifetime(),
                refresh_token_idle: reader.seconds("REFRESH_TOKEN_IDLE_TTL", 30 * DAY),
                refresh_token: reader.seconds("REFRESH_TOKEN_TTL", 365 * DAY),
                session_idle: reader.seconds("SESSION_IDLE_TTL", 30 * DAY),
                session: reader.seconds("SESSION_TTL", 90 * DAY),
                personal_token_max: reader.personal_token_max(profile),
                invitation: reader.seconds("INVITATION_TTL", 14 * DAY),
            },
            limits: Limits {
                sign_ups_per_hour: reader.number("SIGN_UPS_PER_HOUR", 20) * scale,
                passwords_per_hour: reader.number("PASSWORDS_PER_HOUR", 100) * scale,
                organizations: reader.number("MAX_ORGANIZATIONS", 100) * scale,
                personal_tokens: reader.number("MAX_PERSONAL_TOKENS", 50) * scale,
                passkeys: reader.number("MAX_PASSKEYS", 20) * scale,
                passkey_challenges_per_hour: reader.number("PASSKEY_CHALLENGES_PER_HOUR", 60) * scale,
                invitations_per_hour: reader.number("INVITATIONS_PER_HOUR", 100) * scale,
                invitations_per_address: reader.number("INVITATIONS_PER_ADDRESS", 20) * scale,
                clients: reader.number("MAX_CLIENTS", 100) * scale,
                sign_ins_per_hour: reader.number("SIGN_INS_PER_HOUR", 100) * scale,
                all_sign_ins_per_minute: reader.number("ALL_SIGN_INS_PER_MINUTE", 600) * scale,
                all_sign_ups_per_hour: reader.number("ALL_SIGN_UPS_PER_HOUR", 1_000) * scale,
                client_failures: reader.number("CLIENT_FAILURES", 20) * scale,
                password_attempts: reader.number("PASSWORD_ATTEMPTS", 10).max(1) * scale,
                second_factor_attempts: reader.number("SECOND_FACTOR_ATTEMPTS", 5).max(1) * scale,
                sessions: reader.number("MAX_SESSIONS", 10) * scale,
                domain_proofs_per_hour: reader.number("DOMAIN_PROOFS_PER_HOUR", 30) * scale,
                mails_per_hour: reader.number("MAILS_PER_HOUR", 5) * scale,
                recoveries_per_hour: reader.number("RECOVERIES_PER_HOUR", 30) * scale,
                redirects: reader.number("REDIRECTS_PER_HALF_MINUTE", 3) * scale,
                merge_requests_per_hour: reader.number("MERGE_REQUESTS_PER_HOUR", 10) * scale,
                merged_accounts: reader.number("MAX_MERGED_ACCOUNTS", 20_000),
                tokens_per_client: reader.number("TOKENS_PER_CLIENT", 25) * scale,
            },
            shielded: scale == 1,
            turnstile: reader.turnstile(),
            disposable_addresses: reader.choice("DISPOSABLE_ADDRESSES", false, &[("refused", false), ("taken", true)]),
            master_secret: reader.master_secret("MASTER_SECRET").unwrap_or(MasterSecret { id: 0, bytes: Vec::new() }),
            master_secret_previous: reader.optional("MASTER_SECRET_PREVIOUS", Reader::master_secret),
            pepper: reader.pepper("PASSWORD_PEPPER").unwrap_or(Pepper { id: 0, key: Vec::new() }),
            pepper_previous: reader.optional("PASSWORD_PEPPER_PREVIOUS", Reader::pepper),
        };
        if config.master_secret_previous.as_ref().is_some_and(|previous| previous.id == config.master_secret.id) {
            reader.problem("MASTER_SECRET_PREVIOUS", "needs another key id than MASTER_SECRET");
        }
        if config.pepper_previous.as_ref().is_some_and(|previous| previous.id == config.pepper.id) {
            reader.problem("PASSWORD_PEPPER_PREVIOUS", "needs another key id than PASSWORD_PEPPER");
        }
        match reader.problems.is_empty() {
            true => Ok(config),
            false => Err(reader.problems),
        }
    }
}

const PROFILES: &[(&str, Profile)] = &[("compatible", Profile::Compatible), ("strict", Profile::Strict)];
/// Longest life of an authorization code (RFC 6749 section 4.1.2).
pub const MAX_CODE_SECONDS: u64 = 600;
const INTROSPECTION_CACHES: &[(&str, IntrospectionCache)] =
    &[("kv", IntrospectionCache::Kv), ("isolate", IntrospectionCache::Isolate), ("off", IntrospectionCache::Off)];
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

#[cfg(test)]
mod tests {
    use super::{Config, Duration, IntrospectionCache, Profile};

    const SECRET: &str = "0:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn read(extra: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let secrets = [("MASTER_SECRET", SECRET), ("PASSWORD_PEPPER", SECRET)];
        let find = |name: &str| {
            extra.iter().chain(&secrets).find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        Config::read(find).map_err(|problems| problems.iter().map(|problem| problem.variable.to_owned()).collect())
    }

    #[test]
    fn the_defaults_stand_without_any_variable_but_the_secrets() {
        let defaults = read(&[]).map(|c| (c.region, c.profile, c.lifetimes.access_token, c.limits.sign_ups_per_hour));
        assert_eq!(defaults, Ok(("dal".to_owned(), Profile::Compatible, Duration::from_hours(8), 20)));
        assert_eq!(read(&[("LIMITS", "dev")]).map(|c| c.limits.sign_ups_per_hour), Ok(20_000));
    }

    #[test]
    fn a_bound_of_zero_turns_every_cache_off() {
        let cache = |settings: &[(&str, &str)]| read(settings).map(|config| config.introspection_cache);
        assert_eq!(cache(&[]), Ok(IntrospectionCache::Kv));
        assert_eq!(cache(&[("INTROSPECTION_CACHE", "isolate")]), Ok(IntrospectionCache::Isolate));
        assert_eq!(cache(&[("INTROSPECTION_CACHE", "off")]), Ok(IntrospectionCache::Off));
        assert_eq!(cache(&[("INTROSPECTION_MAX_STALENESS", "0")]), Ok(IntrospectionCache::Off));
        assert_eq!(cache(&[("INTROSPECTION_CACHE", "redis")]), Err(vec!["INTROSPECTION_CACHE".to_owned()]));
    }

    #[test]
    fn personal_tokens_are_bounded_in_the_strict_profile() {
        let longest = |settings: &[(&str, &str)]| read(settings).map(|config| config.lifetimes.personal_token_max);
        assert_eq!(longest(&[]), Ok(None));
        assert_eq!(longest(&[("PROFILE", "strict")]), Ok(Some(Duration::from_hours(365 * 24))));
        assert_eq!(longest(&[("PERSONAL_TOKEN_MAX_TTL", "60")]), Ok(Some(Duration::from_mins(1))));
    }

    #[test]
    fn every_problem_is_named_at_once_and_no_value_is_repeated() {
        let wrong = [
            ("MASTER_SECRET", "hunter2"),
            ("PASSWORD_PEPPER", ""),
            ("PROFILE", "lax"),
            ("REGION", "DAL"),
            ("PUBLIC_URL", "accounts.example.com"),
            ("BRAND_NAME", "two\nlines"),
            ("BRAND_COLOR", "blue"),
            ("ACCESS_TOKEN_TTL", "8h"),
            ("AUTHORIZATION_CODE_TTL", "601"),
            ("MAIL_FROM", "Accounts <accounts@example.com>"),
            ("SECURITY_CONTACT", "javascript:alert(1)"),
            ("OPERATOR_PUBLIC_KEY", "BAAA"),
        ];
        let problems = Config::read(|name| wrong.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned()));
        let problems = problems.err().unwrap_or_default();
        assert_eq!(problems.len(), wrong.len(), "{problems:?}");
        assert!(!format!("{problems:?}").contains("hunter2"));
    }

    #[test]
    fn the_pages_carry_the_operators_name_and_colour() {
        let brand = |settings: &[(&str, &str)]| read(settings).map(|c| (c.brand.name, c.brand.colour.to_string()));
        assert_eq!(brand(&[]), Ok(("Global Accounts".to_owned(), "1f5fbf".to_owned())));
        let own = [("BRAND_NAME", "Żabka & Co"), ("BRAND_COLOR", "#00AA44")];
        assert_eq!(brand(&own), Ok(("Żabka & Co".to_owned(), "00aa44".to_owned())));
    }

    #[test]
    fn a_rotation_needs_two_key_ids() {
        assert_eq!(read(&[("MASTER_SECRET_PREVIOUS", SECRET)]).err(), Some(vec!["MASTER_SECRET_PREVIOUS".to_owned()]));
        assert!(read(&[("MASTER_SECRET_PREVIOUS", &SECRET.replace("0:", "3:"))]).is_ok());
        let same = [("PASSWORD_PEPPER_PREVIOUS", SECRET)];
        assert_eq!(
            read(&same).err(),
            Some(vec!["PASSWORD_PEPPER_PREVIOUS".to_owned()]),
            "no password of before would verify"
        );
        assert!(read(&[("PASSWORD_PEPPER_PREVIOUS", &SECRET.replace("0:", "3:"))]).is_ok());
    }
}
