//! From rows to the lines of the page: texts of ids, words of scopes.

use std::collections::{BTreeMap, BTreeSet};

use crate::http::pages::{
    Application, FactorReset, Joinable, Membership, OfferedScope, Passkey, PersonalToken, Scope, Session,
};
use crate::usecase::account_page::read::{AccountPage, OwnOrganizationRow};

/// The texts that the lines borrow.
pub(super) struct Lines<'a> {
    data: &'a AccountPage,
    words: BTreeMap<&'a str, &'a str>,
    sessions: Vec<(String, Vec<&'a str>)>,
    applications: Vec<(String, String)>,
    passkeys: Vec<String>,
    personal_tokens: Vec<String>,
    organizations: Vec<(String, String, Vec<&'a str>)>,
    joinable: Vec<(String, String)>,
    resets: Vec<String>,
}

/// The scopes of each application, and of each personal token.
pub(super) struct Scopes<'a> {
    applications: Vec<Vec<Scope<'a>>>,
    personal_tokens: Vec<Vec<Scope<'a>>>,
}

/// An organization's name, or its id where the name is empty.
pub(super) fn title(organization: &OwnOrganizationRow) -> String {
    named(&organization.name, &organization.organization_id)
}

fn named(name: &str, id: &impl ToString) -> String {
    match name.is_empty() {
        true => id.to_string(),
        false => name.to_owned(),
    }
}

impl<'a> Lines<'a> {
    pub(super) fn of(data: &'a AccountPage) -> Self {
        Self {
            words: data.scopes.iter().map(|row| (row.scope.as_str(), row.description.as_str())).collect(),
            sessions: data
                .sessions
                .iter()
                .map(|row| {
                    let names = row.applications.iter().map(|application| application.name.as_str()).collect();
                    (row.session_id.to_string(), names)
                })
                .collect(),
            applications: data
                .applications
                .iter()
                .map(|row| (row.organization_id.to_string(), named(&row.organization, &row.organization_id)))
                .collect(),
            passkeys: data.passkeys.iter().map(|row| row.passkey_id.to_string()).collect(),
            personal_tokens: data.personal_tokens.iter().map(|row| row.personal_token_id.to_string()).collect(),
            organizations: data
                .organizations
                .iter()
                .map(|row| {
                    let products = row.products.iter().map(String::as_str).collect();
                    (row.organization_id.to_string(), title(row), products)
                })
                .collect(),
            joinable: data
                .joinable
                .iter()
                .map(|row| (row.organization_id.to_string(), named(&row.name, &row.organization_id)))
                .collect(),
            resets: data.resets.iter().map(|row| row.command_id.to_string()).collect(),
            data,
        }
    }

    pub(super) fn sessions(&self) -> Vec<Session<'_>> {
        let rows = self.data.sessions.iter().zip(&self.sessions);
        rows.map(|(row, (id, applications))| Session {
            id,
            user_agent: &row.user_agent,
            ip: &row.ip,
            source: &row.identity_source,
            signed_in_at: row.created_at,
            used_at: row.seen_at,
            applications,
            current: row.current,
        })
        .collect()
    }

    pub(super) fn passkeys(&self) -> Vec<Passkey<'_>> {
        let rows = self.data.passkeys.iter().zip(&self.passkeys);
        rows.map(|(row, id)| Passkey {
            id,
            name: &row.name,
            backed_up: row.backed_up,
            created_at: row.created_at,
            used_at: row.used_at,
        })
        .collect()
    }

    pub(super) fn scopes(&self) -> Scopes<'_> {
        let words = |scopes: &'a BTreeSet<String>| scopes.iter().map(|scope| self.scope(scope)).collect();
        Scopes {
            applications: self.data.applications.iter().map(|row| words(&row.scopes)).collect(),
            personal_tokens: self.data.personal_tokens.iter().map(|row| words(&row.scopes)).collect(),
        }
    }

    pub(super) fn applications<'s>(&'s self, scopes: &'s Scopes<'_>) -> Vec<Application<'s>> {
        let rows = self.data.applications.iter().zip(&self.applications).zip(&scopes.applications);
        rows.map(|((row, (organization_id, organization)), scopes)| Application {
            client_id: &row.client_id,
            organization_id,
            name: &row.name,
            organization,
            scopes,
            granted_at: row.created_at,
        })
        .collect()
    }

    pub(super) fn personal_tokens<'s>(&'s self, scopes: &'s Scopes<'_>) -> Vec<PersonalToken<'s>> {
        let rows = self.data.personal_tokens.iter().zip(&self.personal_tokens).zip(&scopes.personal_tokens);
        rows.map(|((row, id), scopes)| PersonalToken {
            id,
            name: &row.name,
            scopes,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        })
        .collect()
    }

    pub(super) fn organizations(&self) -> Vec<Membership<'_>> {
        let rows = self.data.organizations.iter().zip(&self.organizations);
        rows.map(|(row, (id, title, products))| Membership {
            id,
            title,
            products,
            owner: row.owner,
            current: row.current,
        })
        .collect()
    }

    pub(super) fn joinable(&self) -> Vec<Joinable<'_>> {
        self.joinable.iter().map(|(id, title)| Joinable { id, title }).collect()
    }

    pub(super) fn resets(&self) -> Vec<FactorReset<'_>> {
        let rows = self.data.resets.iter().zip(&self.resets);
        rows.map(|(row, id)| FactorReset { id, person: &row.person, due_at: row.due_at }).collect()
    }

    pub(super) fn offered(&self, ticked: &BTreeSet<&str>) -> Vec<OfferedScope<'_>> {
        let offered = self.data.offered.iter();
        offered
            .map(|scope| OfferedScope { scope: self.scope(scope), ticked: ticked.contains(scope.as_str()) })
            .collect()
    }

    /// A scope that may not be asked for any more is its own description.
    fn scope(&self, scope: &'a str) -> Scope<'a> {
        Scope { scope, description: self.words.get(scope).copied().unwrap_or(scope) }
    }
}
