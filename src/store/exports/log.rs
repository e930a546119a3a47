//! What the person did, and what was done about them.
//!
//! In the order of the indexes, organization by organization, so that a page reads as many rows as it has; entries of no
//! organization are parts of their own. Of what others did, their network and browser are not told; of what the person
//! did to others, not what it said of them.

use super::{instant, me};

macro_rules! entry {
    ($key:literal, $doer:ident, $person:literal) => {
        concat!(head!($key, $doer), " WHERE log.", $person, " = ", me!())
    };
}

macro_rules! head {
    ($key:literal, $doer:ident) => {
        concat!(
            "SELECT ",
            $key,
            " AS key, json_object('audit_id', log.audit_id, 'at', ",
            instant!("log.at"),
            ", 'action', action, 'organization_id', log.organization_id, 'actor_kind', actor_kind, 'actor_id', actor_id,
  'client_id', client_id, 'session_id', session_id, 'target_kind', target_kind, 'target_id', target_id,
  'request_id', request_id, 'facts', json(facts), 'detail', json((SELECT json_object(",
            detail!($doer),
            ")
    FROM audit_detail WHERE audit_detail.audit_id = log.audit_id))) AS item
FROM audit_log AS log"
        )
    };
}

/// Origin and values of an entry, by who did it.
macro_rules! detail {
    (the_person) => {
        "'ip', ip, 'user_agent', user_agent,
    'before', iif(target_kind IN ('account', 'invitation') AND target_id IS NOT actor_id, NULL, json(detail -> 'before')),
    'after', iif(target_kind IN ('account', 'invitation') AND target_id IS NOT actor_id, NULL, json(detail -> 'after'))"
    };
    (others) => {
        "'before', json(detail -> 'before'), 'after', json(detail -> 'after')"
    };
}

/// Key, condition and order of the entries of no organization.
macro_rules! alone {
    () => {
        " AND log.organization_id IS NULL AND log.audit_id > ?2 AND ?4 IS NOT NULL ORDER BY log.audit_id LIMIT ?3"
    };
}

/// Of all others.
macro_rules! by_organization {
    () => {
        " AND (log.organization_id, log.audit_id) > (substr(?2, 1, 36), substr(?2, 38)) AND ?4 IS NOT NULL
ORDER BY log.organization_id, log.audit_id LIMIT ?3"
    };
}

/// What the person did.
pub(super) const BY_PERSON: &str =
    concat!(entry!("log.organization_id || '/' || log.audit_id", the_person, "actor_id"), by_organization!());

/// The same in no organization.
pub(super) const BY_PERSON_ALONE: &str = concat!(entry!("log.audit_id", the_person, "actor_id"), alone!());

/// What others did about the person.
pub(super) const ABOUT_PERSON: &str = concat!(
    entry!("log.organization_id || '/' || log.audit_id", others, "target_id"),
    " AND log.actor_id IS NOT log.target_id",
    by_organization!()
);

/// The same in no organization.
pub(super) const ABOUT_PERSON_ALONE: &str =
    concat!(entry!("log.audit_id", others, "target_id"), " AND log.actor_id IS NOT log.target_id", alone!());

/// What this service did by itself about the person's sign-ins.
pub(super) const ABOUT_SESSIONS: &str = concat!(
    head!("log.audit_id", others),
    " WHERE log.actor_kind = 'system' AND log.target_id IN (SELECT session_id FROM session WHERE session.account_id = ",
    me!(),
    ") AND log.audit_id > ?2 AND ?4 IS NOT NULL ORDER BY log.audit_id LIMIT ?3"
);
