//! Scopes: `<resource>[--<access>]:<permission>`, and which of them include which.

use std::collections::BTreeSet;

/// Whose objects a scope reaches, narrowest first. `all` includes `access` includes `my`.
const ACCESS: [&str; 3] = ["my", "access", "all"];
/// What a scope permits, narrowest first. `rw` includes `rc` (create and read) includes `ro`.
const PERMISSION: [&str; 3] = ["ro", "rc", "rw"];

/// The parts of a scope that follows the grammar; `reports_read` and the like have none and include only themselves.
fn parts(scope: &str) -> Option<(&str, Option<&str>, &str)> {
    let (target, permission) = scope.rsplit_once(':')?;
    Some(match target.rsplit_once("--") {
        Some((resource, access)) => (resource, Some(access), permission),
        None => (target, None, permission),
    })
}

fn at_least(order: &[&str], have: &str, want: &str) -> bool {
    let position = |word: &str| order.iter().position(|known| *known == word);
    have == want || matches!((position(have), position(want)), (Some(have), Some(want)) if have >= want)
}

/// Whether a holder of `have` may do what `want` allows.
pub fn includes(have: &str, want: &str) -> bool {
    match (parts(have), parts(want)) {
        (Some((resource, access, permission)), Some((wanted, wanted_access, wanted_permission))) => {
            resource == wanted
                && at_least(&PERMISSION, permission, wanted_permission)
                && match (access, wanted_access) {
                    (Some(access), Some(wanted)) => at_least(&ACCESS, access, wanted),
                    (access, wanted) => access == wanted,
                }
        }
        _ => have == want,
    }
}

/// Every scope that includes `want`, `want` among them.
pub fn satisfying(want: &str) -> Vec<String> {
    let Some((resource, access, permission)) = parts(want) else {
        return vec![want.to_owned()];
    };
    let wider = |order: &[&str], word: &str| -> Vec<String> {
        match order.iter().position(|known| *known == word) {
            Some(at) => order.iter().skip(at).map(|&word| word.to_owned()).collect(),
            None => vec![word.to_owned()],
        }
    };
    let permissions = wider(&PERMISSION, permission);
    match access {
        None => permissions.iter().map(|permission| format!("{resource}:{permission}")).collect(),
        Some(access) => wider(&ACCESS, access)
            .iter()
            .flat_map(|access| permissions.iter().map(move |permission| format!("{resource}--{access}:{permission}")))
            .collect(),
    }
}

/// What a token may do now: the granted scopes, cut down to what the member's roles give. Sorted.
///
/// A granted scope stays when a role's scope includes it; where the roles give less, their widest narrower scopes
/// stand in for it.
pub fn effective(granted: &[String], held: &[String]) -> BTreeSet<String> {
    let mut kept: BTreeSet<String> =
        granted.iter().filter(|granted| held.iter().any(|held| includes(held, granted))).cloned().collect();
    let narrowed: Vec<&String> = held
        .iter()
        .filter(|held| granted.iter().any(|granted| includes(granted, held)))
        .filter(|held| !kept.iter().any(|kept| includes(kept, held)))
        .collect();
    let widest = |scope: &&&String| !narrowed.iter().any(|other| other != *scope && includes(other, scope));
    kept.extend(narrowed.iter().filter(widest).map(|&scope| scope.clone()).collect::<Vec<_>>());
    kept
}

#[cfg(test)]
mod tests {
    use super::{effective, includes, satisfying};

    fn owned(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    #[test]
    fn z5_inclusion() {
        assert!(includes("accounts--all:rw", "accounts--my:ro"));
        assert!(includes("accounts--all:rw", "accounts--all:rc"));
        assert!(includes("accounts--all:rc", "accounts--all:ro"));
        assert!(includes("customers:rw", "customers:ro"));
        assert!(!includes("accounts--all:ro", "accounts--all:rc"));
        assert!(!includes("accounts--my:rw", "accounts--all:ro"));
        assert!(!includes("accounts--all:rw", "accounts.roles--all:ro"));
        assert!(!includes("customers:own", "customers:ro"));
        assert!(!includes("accounts--all:rw", "accounts:rw"));
        assert!(includes("reports_read", "reports_read"));
    }

    #[test]
    fn z5_satisfying_lists_exactly_what_includes() {
        let listed = satisfying("accounts--access:rc");
        assert_eq!(
            listed,
            owned(&["accounts--access:rc", "accounts--access:rw", "accounts--all:rc", "accounts--all:rw"])
        );
        assert!(listed.iter().all(|scope| includes(scope, "accounts--access:rc")));
        assert_eq!(satisfying("reports_read"), owned(&["reports_read"]));
    }

    #[test]
    fn z5_z6_effective_is_the_grant_cut_down_to_the_roles() {
        let granted = owned(&["accounts--all:rw", "sessions--my:rw", "organization--my:rw"]);
        let held = owned(&["accounts--all:rc", "accounts--all:ro", "accounts--my:rw", "sessions--my:rw"]);
        let now: Vec<String> = effective(&granted, &held).into_iter().collect();
        assert_eq!(now, owned(&["accounts--all:rc", "accounts--my:rw", "sessions--my:rw"]));
    }
}
