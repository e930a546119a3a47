//! A merge on the wire.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::id::{AccountId, MergeId, OrganizationId, RoleId};
use crate::domain::time::Timestamp;
use crate::usecase::merges::{self, MergeRow};

/// One of several merges: without its preview.
#[derive(Serialize)]
pub(super) struct ListedMerge {
    merge_id: MergeId,
    organization_id: OrganizationId,
    source_organization_id: OrganizationId,
    state: String,
    keep: BTreeMap<String, OrganizationId>,
    created_at: Timestamp,
    expires_at: Timestamp,
    closed_at: Option<Timestamp>,
}

/// Merge.
#[derive(Serialize)]
pub(super) struct Merge {
    #[serde(flatten)]
    merge: ListedMerge,
    preview: Option<Preview>,
}

/// What it would do as of now.
#[derive(Serialize)]
struct Preview {
    version: String,
    organization: Named,
    source_organization: Named,
    two_factor: TwoFactor,
    accounts: Accounts,
    products: Vec<Product>,
    roles: Listed<Role>,
    clients: Listed<Client>,
    domains: Vec<Domain>,
    ending: Ending,
}

#[derive(Serialize)]
struct Named {
    organization_id: OrganizationId,
    name: String,
}

#[derive(Serialize)]
struct TwoFactor {
    required_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Accounts {
    total: i64,
    joining: i64,
    in_both: i64,
    suspended: i64,
    administrators: i64,
    without_second_factor: i64,
    list: Option<Vec<Account>>,
}

#[derive(Serialize)]
struct Account {
    account_id: AccountId,
    name: String,
    email: String,
    role: String,
    gains: Vec<Gain>,
    joins: bool,
    suspended: bool,
}

#[derive(Serialize)]
struct Gain {
    product: String,
    role: String,
}

#[derive(Serialize)]
struct Product {
    product: String,
    kept_from: Option<OrganizationId>,
    ends_in: Option<OrganizationId>,
    state: Option<String>,
}

#[derive(Serialize)]
struct Listed<T> {
    total: i64,
    list: Vec<T>,
}

#[derive(Serialize)]
struct Role {
    role_id: RoleId,
    product: String,
    role: String,
    renamed_to: Option<String>,
    scope: String,
}

#[derive(Serialize)]
struct Client {
    client_id: String,
    name: String,
}

#[derive(Serialize)]
struct Domain {
    domain: String,
    outcome: &'static str,
}

#[derive(Serialize)]
struct Ending {
    personal_tokens: i64,
    invitations: i64,
}

impl From<MergeRow> for ListedMerge {
    fn from(row: MergeRow) -> Self {
        let MergeRow {
            merge_id,
            organization_id,
            source_organization_id,
            state,
            keep,
            created_at,
            expires_at,
            closed_at,
            organization_name: _,
            source_name: _,
        } = row;
        Self { merge_id, organization_id, source_organization_id, state, keep, created_at, expires_at, closed_at }
    }
}

impl From<merges::Merge> for Merge {
    fn from(merge: merges::Merge) -> Self {
        let (organization, source) = (merge.row.organization_id, merge.row.source_organization_id);
        let preview = merge.preview.map(|preview| Preview::of(preview, organization, source));
        Self { merge: merge.row.into(), preview }
    }
}

impl Preview {
    fn of(preview: merges::Preview, organization: OrganizationId, source: OrganizationId) -> Self {
        let numbers = preview.accounts;
        let person = |person: merges::PersonMoved| {
            let merges::PersonMoved { account_id, name, email, role, gains, joins, suspended } = person;
            let gains = gains.into_iter().map(|gain| Gain { product: gain.product, role: gain.role }).collect();
            Account { account_id, name, email, role, gains, joins, suspended }
        };
        let product = |outcome: merges::ProductOutcome| {
            let merges::ProductOutcome { product, kept_from, ends_in, state } = outcome;
            Product { product, kept_from, ends_in, state }
        };
        let role = |role: merges::RoleMoved| {
            let merges::RoleMoved { role_id, product, role, renamed_to, scope } = role;
            Role { role_id, product, role, renamed_to, scope: scope.unwrap_or_default() }
        };
        let client = |client: merges::ClientMoved| Client { client_id: client.client_id, name: client.name };
        let domain = |domain: merges::DomainOutcome| Domain {
            domain: domain.domain,
            outcome: if domain.moves { "moves" } else { "ends" },
        };
        Self {
            version: preview.version,
            organization: Named { organization_id: organization, name: preview.organization_name },
            source_organization: Named { organization_id: source, name: preview.source_name },
            two_factor: TwoFactor { required_at: preview.mfa_required_at },
            accounts: Accounts {
                total: numbers.total,
                joining: numbers.joining,
                in_both: numbers.total.saturating_sub(numbers.joining),
                suspended: numbers.suspended,
                administrators: numbers.administrators,
                without_second_factor: numbers.without_second_factor,
                list: preview.people.map(|people| people.into_iter().map(person).collect()),
            },
            products: preview.products.into_iter().map(product).collect(),
            roles: Listed { total: preview.role_count, list: preview.roles.into_iter().map(role).collect() },
            clients: Listed { total: preview.client_count, list: preview.clients.into_iter().map(client).collect() },
            domains: preview.domains.into_iter().map(domain).collect(),
            ending: Ending { personal_tokens: preview.personal_tokens, invitations: preview.invitations },
        }
    }
}
