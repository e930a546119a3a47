//! The only way to act for a caller: a batch that begins with the policy's question.

use serde::de::DeserializeOwned;

use super::tokens::window;
use super::{Failure, Refusal, audit_entry, present};
use crate::app::App;
use crate::authz::credential::Credential;
use crate::authz::operation::Operation;
use crate::authz::panel::Screen;
use crate::authz::policy::{self, Rule, Scopes};
use crate::authz::principal::Principal;
use crate::domain::id::{AccountId, OrganizationId};
use crate::oauth::digest::Digest;
use crate::ports::{DatabaseError, Rows, Statement};
use crate::store::audit::{self, Change};
use crate::store::authorization::{self, CallerRow, refusal};
use crate::store::{browser_sessions, personal_tokens, sessions};

/// Who calls what: the route table's operation with the credential of the request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// From the route table, never chosen by a handler.
    pub operation: Operation,
    /// Genuine and unexpired; whether it is alive, the batch will tell.
    pub credential: Credential,
}

impl Caller {
    /// The same person before a screen of the panel, whose own rule is then asked: also where the screen is shown again
    /// after one of its forms, which may have another, was refused.
    #[must_use]
    pub fn before(&self, screen: Screen) -> Self {
        Self { operation: screen.operation(), credential: self.credential.clone() }
    }
}

/// One transaction in one round trip: the authorization statement, then what was pushed.
pub struct AuthorizedBatch<'a> {
    app: &'a App,
    caller: &'a Caller,
    statements: Vec<Statement>,
}

/// The place of a statement in the batch, to read its rows afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Slot(usize);

/// What a committed batch gave.
pub struct Outcome {
    /// Proof that the policy allowed it, in the same transaction.
    pub principal: Principal,
    rows: Vec<Rows>,
}

impl<'a> AuthorizedBatch<'a> {
    /// `target`: the account that the operation is about; `None` for the caller's own, or where there is none.
    pub fn new(app: &'a App, caller: &'a Caller, target: Option<AccountId>) -> Self {
        let rule = policy::rule(caller.operation);
        let mut statements = Vec::new();
        if rule.conceals {
            let alone = Rule { scopes: Scopes::None, own_credentials: false, ..rule };
            statements.push(authorization::authorize(&caller.credential, &alone, None, app.now()));
        }
        statements.push(authorization::authorize(&caller.credential, &rule, target, app.now()));
        match &caller.credential {
            Credential::Access(_) => {}
            Credential::Personal { token, .. } => statements.push(personal_tokens::note_use(&token.digest, app.now())),
            Credential::Page(cookie) => {
                let idle_expires_at = app.now().plus(app.config().lifetimes.session_idle);
                statements.push(sessions::refuse_idle(&cookie.digest, app.now(), refusal::UNAUTHENTICATED));
                statements.push(sessions::note_use(&cookie.digest, app.now(), idle_expires_at));
            }
        }
        Self { app, caller, statements }
    }

    /// The digest that statements bind as `?1`.
    pub fn token(&self) -> &'a Digest {
        self.caller.credential.digest()
    }

    /// Appends a statement.
    pub fn push(&mut self, statement: Statement) -> Slot {
        self.statements.push(statement);
        Slot(self.statements.len() - 1)
    }

    /// Appends statements whose rows nobody reads.
    pub fn extend(&mut self, statements: impl IntoIterator<Item = Statement>) {
        self.statements.extend(statements);
    }

    /// Demands one more scope, for a field that needs it beyond the operation's rule (`roles`, `password`).
    pub fn demand(&mut self, scopes: &'static [&'static str]) {
        let rule = Rule { scopes: Scopes::AnyOf(scopes), ..policy::rule(self.caller.operation) };
        self.statements.push(authorization::authorize(&self.caller.credential, &rule, None, self.app.now()));
    }

    /// From here on the pages of the caller's session act in another organization, where the policy is asked again.
    /// `name` stops the batch unless the caller's account is a member there that is not suspended.
    pub fn move_to(&mut self, organization: OrganizationId, name: &str) {
        self.statements.push(browser_sessions::act_in(self.token(), Some(organization)));
        self.statements.push(authorization::acts_in(self.token(), organization, name));
        self.statements.push(authorization::authorize(
            &self.caller.credential,
            &policy::rule(self.caller.operation),
            None,
            self.app.now(),
        ));
    }

    /// Writes the audit row of this batch's change. Before a statement that may end the caller's own token.
    pub fn audit(&mut self, change: &Change<'_>) -> Result<(), Failure> {
        self.extend(audited(self.app, self.token(), change)?);
        Ok(())
    }

    /// As [`Self::audit`], of what the caller does to the session of the token in use.
    pub fn audit_own_token(&mut self, action: &'static str) -> Result<(), Failure> {
        let entry = audit_entry(self.app, self.app.now())?;
        self.statements.push(audit::record_bearer(self.token(), &entry, action));
        self.statements.push(audit::origin(&entry, self.app.origin()));
        Ok(())
    }

    /// Sends the batch. `refused` names the refusal for each assertion and constraint that the use case provoked;
    /// whatever it does not know is a fault of ours. It may also name another than the usual one for
    /// [`refusal::RANK`], which an operation that conceals must.
    pub async fn run(mut self, refused: impl FnOnce(&str) -> Option<Refusal>) -> Result<Outcome, Failure> {
        if let Credential::Access(token) = &self.caller.credential {
            self.statements.extend(window::close(self.app, token));
        }
        let rows = match self.app.batch(&self.statements).await {
            Ok(rows) => rows,
            Err(error) => return Err(refusal_of(error, refused)),
        };
        let caller: CallerRow = present(rows.first().map(Rows::first).transpose()?.flatten())?;
        let principal = Principal::new(caller.account_id, caller.organization_id, caller.granted, caller.held);
        Ok(Outcome { principal, rows })
    }
}

/// The two statements of a change's audit row. The change is the bearer's of `token`, which must be alive at their place
/// in the batch; it may be one that the batch itself has made.
pub(super) fn audited(app: &App, token: &Digest, change: &Change<'_>) -> Result<[Statement; 2], Failure> {
    let entry = audit_entry(app, app.now())?;
    Ok([audit::record(token, &entry, change), audit::detail(&entry, app.origin(), change)])
}

impl Outcome {
    /// Every row of a statement.
    pub fn all<T: DeserializeOwned>(&self, slot: Slot) -> Result<Vec<T>, Failure> {
        Ok(present(self.rows.get(slot.0))?.all()?)
    }

    /// The first row of a statement.
    pub fn first<T: DeserializeOwned>(&self, slot: Slot) -> Result<Option<T>, Failure> {
        Ok(present(self.rows.get(slot.0))?.first()?)
    }
}

fn refusal_of(error: DatabaseError, refused: impl FnOnce(&str) -> Option<Refusal>) -> Failure {
    let known = match &error {
        DatabaseError::Refused(name) => match name.as_str() {
            refusal::UNAUTHENTICATED => Some(Refusal::Unauthenticated { presented: true }),
            refusal::SECOND_FACTOR => Some(Refusal::SecondFactorDue),
            refusal::PERSONAL => {
                Some(Refusal::Forbidden("A personal token, or a token that was given for one, cannot do this."))
            }
            refusal::OWN_CREDENTIALS => {
                Some(Refusal::Forbidden("This operation takes only your own credentials, not an application's."))
            }
            refusal::RANK => Some(
                refused(refusal::RANK).unwrap_or(Refusal::Forbidden("The role of the account does not allow this.")),
            ),
            name => match name.strip_prefix(refusal::SCOPE) {
                Some(wanted) => Some(Refusal::InsufficientScope(wanted.to_owned())),
                None => refused(name),
            },
        },
        DatabaseError::Constraint(name) => refused(name),
        _ => None,
    };
    known.map_or_else(|| error.into(), Failure::Refused)
}
