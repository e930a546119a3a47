//! The one role of `LiveChat` that its older interfaces know, and the roles that it amounts to (API, section 5).

/// The product that it is about.
pub const LIVECHAT: &str = "LiveChat";

/// A legacy role with all that it stands for; the first whose roles are all held is the member's.
const COMBINATIONS: [(&str, &[(&str, &str)]); 4] = [
    ("owner", &[("Accounts", "owner"), (LIVECHAT, "administrator")]),
    ("viceowner", &[("Accounts", "administrator"), ("Accounts", "billing_editor"), (LIVECHAT, "administrator")]),
    ("administrator", &[(LIVECHAT, "administrator")]),
    ("normal", &[(LIVECHAT, "normal")]),
];

/// The legacy role of who holds these predefined roles; `holds` is asked about product and role. None without a role of
/// `LiveChat`.
pub fn of(holds: impl Fn(&str, &str) -> bool) -> Option<&'static str> {
    let held = |roles: &[(&str, &str)]| roles.iter().all(|(product, role)| holds(product, role));
    COMBINATIONS.iter().find(|(_, roles)| held(roles)).map(|(name, _)| *name)
}

/// The roles, of this product and others, that a role's name stands for; `None` for a name that stands for itself or
/// for nothing.
pub fn combination(product: &str, role: &str) -> Option<&'static [(&'static str, &'static str)]> {
    let named = COMBINATIONS.iter().find(|(name, _)| product == LIVECHAT && *name == role);
    named.map(|(_, roles)| *roles).filter(|roles| roles.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::{combination, of};

    /// Every combination of the roles that count, with one that does not.
    #[test]
    fn the_mapping_is_that_of_the_interfaces() {
        for (held, expected) in [
            ("Accounts/owner LiveChat/administrator", Some("owner")),
            ("Accounts/owner Accounts/billing_editor LiveChat/administrator", Some("owner")),
            ("Accounts/owner LiveChat/normal", Some("normal")),
            ("Accounts/owner", None),
            ("Accounts/administrator Accounts/billing_editor LiveChat/administrator", Some("viceowner")),
            ("Accounts/administrator Accounts/billing_editor LiveChat/normal", Some("normal")),
            ("Accounts/administrator Accounts/billing_editor", None),
            ("Accounts/administrator LiveChat/administrator", Some("administrator")),
            ("Accounts/administrator LiveChat/normal", Some("normal")),
            ("Accounts/member Accounts/billing_editor LiveChat/administrator", Some("administrator")),
            ("Accounts/member LiveChat/administrator", Some("administrator")),
            ("Accounts/member LiveChat/normal", Some("normal")),
            ("Accounts/member HelpDesk/administrator", None),
            ("", None),
        ] {
            let holds = |product: &str, role: &str| held.split(' ').any(|one| one == format!("{product}/{role}"));
            assert_eq!(of(holds), expected, "{held}");
        }
    }

    #[test]
    fn only_names_that_are_no_roles_stand_for_others() {
        let roles = combination("LiveChat", "viceowner");
        assert_eq!(roles.map(<[_]>::len), Some(3));
        assert_eq!(combination("LiveChat", "owner").map(<[_]>::len), Some(2));
        for (product, role) in [
            ("LiveChat", "administrator"),
            ("LiveChat", "normal"),
            ("LiveChat", "Viceowner"),
            ("HelpDesk", "viceowner"),
            ("Accounts", "owner"),
        ] {
            assert_eq!(combination(product, role), None, "{product}/{role}");
        }
    }
}
