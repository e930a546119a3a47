//! Scopes: `<resource>[--<access>]:<permission>`, and which of them include which.

use std::collections::BTreeSet;

use serde::Deserialize;

/// Whose objects a scope reaches, narrowest first. `all` includes `access` includes `my`.
const ACCESS: [&str; 3] = ["my", "access", "all"];
/// What a scope permits, narrowest first. `rw` includes `rc` (create and read) includes `ro`.
const PERMISSION: [&str; 3] = ["ro", "rc", "rw"];
/// Every permission of the grammar; `own` includes only itself.
const ALL_PERMISSIONS: [&str; 4] = ["ro", "rc", "rw", "own"];

/// The parts of a scope that follows the grammar; `reports_read` and the like have none and include only themselves.
fn parts(scope: &str) -> Option<(&str, Option<&str>, &str)> {
    let (target, permission) = scope.rsplit_once(':')?;
    // `rsplit_once("--")` prepares a search that costs more than all that is searched here.
    let dashes = target.as_bytes().windows(2).rposition(|pair| pair == b"--");
    Some(match dashes.and_then(|at| Some((target.get(..at)?, target.get(at + 2..)?))) {
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
    let mut found = Vec::new();
    each_satisfying(want, |parts| found.push(parts.concat()));
    found
}

/// As [`satisfying`], each in the parts that make it up, without an allocation: every call of a caller asks for some.
pub fn each_satisfying<'a>(want: &'a str, mut found: impl FnMut(&[&'a str])) {
    let Some((resource, access, permission)) = parts(want) else {
        return found(&[want]);
    };
    let permissions = || wider(&PERMISSION, permission);
    let Some(access) = access else {
        return permissions().for_each(|permission| found(&[resource, ":", permission]));
    };
    for access in wider(&ACCESS, access) {
        for permission in permissions() {
            found(&[resource, "--", access, ":", permission]);
        }
    }
}

/// A word and those after it in its order; alone, where it is none of them.
fn wider<'a>(order: &'a [&'static str], word: &'a str) -> impl Iterator<Item = &'a str> {
    let at = order.iter().position(|known| *known == word);
    let following = order.iter().skip(at.map_or(order.len(), |at| at + 1)).copied();
    std::iter::once(word).chain(following)
}

/// How the end of a scope widens: (`--my:ro`, `--all:rw`), (`:ro`, `:rw`), ... For the store, which can only compare
/// text: `have` includes `want` exactly when they are equal, or one of these pairs turns the end of `want` into `have`.
pub fn widenings() -> Vec<(String, String)> {
    let accesses = ACCESS.iter().map(|access| format!("--{access}")).chain([String::new()]);
    let ends: Vec<String> =
        accesses.flat_map(|access| ALL_PERMISSIONS.map(|permission| format!("{access}:{permission}"))).collect();
    let pairs = ends.iter().flat_map(|want| ends.iter().map(move |have| (want.clone(), have.clone())));
    pairs.filter(|(want, have)| want != have && includes(&format!("x{have}"), &format!("x{want}"))).collect()
}

/// Longest list of scopes that a caller may write.
pub const MAX_LIST: usize = 100;
/// Longest scope, in characters.
pub const MAX_LENGTH: usize = 64;

/// Why a text is not a list of scopes. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScopes {
    /// No scope in it.
    #[error("is required")]
    Empty,
    /// More than [`MAX_LIST`] of them.
    #[error("too many scopes")]
    TooMany,
    /// One with a character that no scope has, or longer than [`MAX_LENGTH`].
    #[error("invalid scope")]
    Malformed,
}

/// One scope. Whether it exists is the catalogue's word; its characters make it fit for a header and for SQL's errors.
pub fn parse(text: &str) -> Result<String, InvalidScopes> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-' | b'_');
    match text.len() {
        0 => Err(InvalidScopes::Empty),
        1..=MAX_LENGTH if text.bytes().all(allowed) => Ok(text.to_owned()),
        _ => Err(InvalidScopes::Malformed),
    }
}

/// Scopes joined by commas, as tokens, roles and personal tokens write them. Whether they exist is the catalogue's word.
pub fn parse_list(text: &str) -> Result<BTreeSet<String>, InvalidScopes> {
    let parts = text.split(',').map(str::trim).filter(|scope| !scope.is_empty());
    let scopes: BTreeSet<String> = parts.map(parse).collect::<Result<_, _>>()?;
    match scopes.len() {
        0 => Err(InvalidScopes::Empty),
        length if length > MAX_LIST => Err(InvalidScopes::TooMany),
        _ => Ok(scopes),
    }
}

/// Scopes joined by commas, as a row gives them. Looked through where one is asked for and never taken apart: an owner's
/// token has dozens, and most calls ask for none of them. What is no scope includes none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ScopeList(String);

impl ScopeList {
    /// Each, in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(',').filter(|scope| !scope.is_empty())
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Whether a holder of these may do what `want` allows.
    pub fn include(&self, want: &str) -> bool {
        self.iter().any(|have| includes(have, want))
    }
}

impl<S: AsRef<str>> FromIterator<S> for ScopeList {
    fn from_iter<T: IntoIterator<Item = S>>(scopes: T) -> Self {
        let mut list = String::new();
        for scope in scopes {
            if !list.is_empty() {
                list.push(',');
            }
            list.push_str(scope.as_ref());
        }
        Self(list)
    }
}

/// What a token may do now: the granted scopes, cut down to what the member's roles give. Sorted.
///
/// A granted scope stays when a role's scope includes it; where the roles give less, the widest scopes that both allow
/// stand in for it.
pub fn effective(granted: &ScopeList, held: &ScopeList) -> BTreeSet<String> {
    let held: Vec<&str> = held.iter().collect();
    let (whole, lost): (Vec<&str>, Vec<&str>) =
        granted.iter().partition(|granted| held.contains(granted) || held.iter().any(|held| includes(held, granted)));
    let mut kept: BTreeSet<String> = whole.into_iter().map(str::to_owned).collect();
    let shared: BTreeSet<String> = lost
        .iter()
        .flat_map(|granted| held.iter().filter_map(|held| both(granted, held)))
        .filter(|shared| !kept.iter().any(|kept| includes(kept, shared)))
        .collect();
    let widest = |scope: &&String| !shared.iter().any(|other| other != *scope && includes(other, scope));
    kept.extend(shared.iter().filter(widest).cloned());
    kept
}

/// The widest scope that both include: `x--all:ro` and `x--my:rw` share `x--my:ro`.
fn both(one: &str, other: &str) -> Option<String> {
    let narrower = |order: &[&str], one: &str, other: &str| match () {
        () if at_least(order, one, other) => Some(other.to_owned()),
        () if at_least(order, other, one) => Some(one.to_owned()),
        () => None,
    };
    match (parts(one), parts(other)) {
        (Some((resource, access, permission)), Some((other_resource, other_access, other_permission))) => {
            let permission = narrower(&PERMISSION, permission, other_permission)?;
            let target = match (access, other_access) {
                (Some(one), Some(other)) => format!("{resource}--{}", narrower(&ACCESS, one, other)?),
                (None, None) => resource.to_owned(),
                _ => return None,
            };
            (resource == other_resource).then(|| format!("{target}:{permission}"))
        }
        _ => (one == other).then(|| one.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidScopes, ScopeList, effective, includes, parse_list, satisfying, widenings};

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
    fn z4_widenings_say_the_same_as_inclusion() {
        let accesses = ["", "--my", "--access", "--all", "--groups"];
        let permissions = ["ro", "rc", "rw", "own"];
        let mut scopes = vec!["reports_read".to_owned()];
        for resource in ["accounts", "accounts.roles"] {
            scopes.extend(accesses.iter().flat_map(|a| permissions.map(|p| format!("{resource}{a}:{p}"))));
        }
        let widens = |have: &str, want: &str| {
            let ends = widenings();
            have == want
                || ends.iter().any(|(narrow, wide)| {
                    want.strip_suffix(narrow.as_str()).is_some_and(|head| have == format!("{head}{wide}"))
                })
        };
        for (have, want) in scopes.iter().flat_map(|have| scopes.iter().map(move |want| (have, want))) {
            assert_eq!(widens(have, want), includes(have, want), "{have} over {want}");
        }
    }

    #[test]
    fn a_list_is_a_set() {
        let list = parse_list(" b:ro,a:ro ,,b:ro").map(Vec::from_iter);
        assert_eq!(list, Ok(owned(&["a:ro", "b:ro"])));
        assert_eq!(parse_list(" , "), Err(InvalidScopes::Empty));
        for text in ["a:ro,b'ro", "a b", "a:ro,\u{e9}", &"a".repeat(65)] {
            assert_eq!(parse_list(text), Err(InvalidScopes::Malformed), "{text}");
        }
        let many: Vec<String> = (0..101).map(|at| format!("s{at}:ro")).collect();
        assert_eq!(parse_list(&many.join(",")), Err(InvalidScopes::TooMany));
    }

    #[test]
    fn a_list_is_looked_through_as_it_is_written() {
        let list = ScopeList::from_iter(["a:ro", "b--my:rw"]);
        assert_eq!(Vec::from_iter(list.iter()), ["a:ro", "b--my:rw"]);
        assert!(list.include("b--my:ro") && !list.include("a:rw") && !list.include(""));
        let none = ScopeList::default();
        assert!(none.is_empty() && !none.include("") && !list.is_empty());
    }

    #[test]
    fn z5_what_neither_includes_both_may_share() {
        let now = |granted: &str, held: &str| -> Vec<String> {
            effective(&ScopeList::from_iter([granted]), &ScopeList::from_iter([held])).into_iter().collect()
        };
        assert_eq!(now("accounts--all:ro", "accounts--my:rw"), owned(&["accounts--my:ro"]));
        assert_eq!(now("accounts--my:rw", "accounts--all:rc"), owned(&["accounts--my:rc"]));
        assert!(now("accounts--all:ro", "accounts.roles--all:rw").is_empty());
        assert!(now("customers:own", "customers:ro").is_empty());
        assert!(now("accounts--all:ro", "accounts:ro").is_empty());
    }

    #[test]
    fn z5_z6_effective_is_the_grant_cut_down_to_the_roles() {
        let granted = ScopeList::from_iter(["accounts--all:rw", "sessions--my:rw", "organization--my:rw"]);
        let held = ["accounts--all:rc", "accounts--all:ro", "accounts--my:rw", "sessions--my:rw"];
        let now: Vec<String> = effective(&granted, &held.into_iter().collect()).into_iter().collect();
        assert_eq!(now, owned(&["accounts--all:rc", "accounts--my:rw", "sessions--my:rw"]));
    }

    #[test]
    fn z5_effective_is_every_scope_that_both_sides_include_by_its_widest() {
        let permissions = ["ro", "rc", "rw"];
        let every: Vec<String> = ["accounts--my", "accounts--all", "accounts", "customers"]
            .iter()
            .flat_map(|target| permissions.map(|permission| format!("{target}:{permission}")))
            .collect();
        for (at, one) in every.iter().enumerate() {
            for other in &every {
                let granted = ScopeList::from_iter([one, other]);
                for held in every.windows(3).chain([&[][..]]).map(ScopeList::from_iter) {
                    let now = ScopeList::from_iter(effective(&granted, &held));
                    for wanted in &every {
                        let both = granted.include(wanted) && held.include(wanted);
                        assert_eq!(now.include(wanted), both, "{at} {granted:?} {held:?} {wanted}");
                    }
                }
            }
        }
    }
}
