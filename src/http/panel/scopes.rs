//! Scopes as a form ticks them.

use std::collections::BTreeSet;

use crate::domain::client::ClientScope;
use crate::domain::scope;
use crate::http::forms::Form;
use crate::http::pages::panel::ScopeBox;
use crate::usecase::clients::ScopeOfClient;
use crate::usecase::scopes::ScopeRow;

/// What is ticked; `None` if one of it is no scope.
pub(in crate::http::panel) fn ticked(form: &Form) -> Option<BTreeSet<String>> {
    let scopes: BTreeSet<String> = form.all("scope").map(scope::parse).collect::<Result<_, _>>().ok()?;
    (scopes.len() <= scope::MAX_LIST).then_some(scopes)
}

/// What an application is to ask for; `None` if one of it is no scope.
pub(in crate::http::panel) fn asked(form: &Form) -> Option<Vec<ClientScope>> {
    let required: BTreeSet<&str> = form.all("required").collect();
    let scope = |scope: String| ClientScope { required: required.contains(scope.as_str()), scope };
    Some(ticked(form)?.into_iter().map(scope).collect())
}

/// The picker's boxes: as the form had them if there is one, else as `had`.
pub(in crate::http::panel) fn boxes(offered: &[ScopeRow], had: &[ScopeOfClient], form: Option<&Form>) -> Vec<ScopeBox> {
    let offered = offered.iter().map(|row| {
        let of = |name| form.is_some_and(|form| form.all(name).any(|scope| scope == row.scope));
        let stored = had.iter().find(|one| one.scope == row.scope);
        let (ticked, required) = match form {
            Some(_) => (of("scope"), of("required")),
            None => (stored.is_some(), stored.is_some_and(|one| one.required)),
        };
        ScopeBox { scope: row.scope.clone(), description: row.description.clone(), ticked, required }
    });
    offered.collect()
}
