//! Whatever is called in whatever order by whomever: one owner, one primary role each, one secondary role per product,
//! enabled products only, and nobody reaches above themselves.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::support::cast::Cast;
use crate::support::client::{Answer, Client};

/// Roles that the calls name; the last two products are not enabled.
const ROLES: [(&str, &str); 12] = [
    ("Accounts", "owner"),
    ("Accounts", "administrator"),
    ("Accounts", "member"),
    ("Accounts", "billing_editor"),
    ("Accounts", "auditor"),
    ("LiveChat", "administrator"),
    ("LiveChat", "normal"),
    ("HelpDesk", "administrator"),
    ("HelpDesk", "normal"),
    ("HelpDesk", "viewer"),
    ("ChatBot", "editor"),
    ("Nothing", "member"),
];

#[derive(Clone, Debug)]
enum Action {
    Create { address: usize, roles: Vec<usize> },
    SetRoles { target: Index, set: Vec<usize>, delete: Vec<usize> },
    Update { target: Index, roles: Vec<usize> },
    Delete { target: Index },
    CreateRole,
    DeleteRole,
}

fn action() -> impl Strategy<Value = Action> {
    let roles = || prop::collection::vec(0..ROLES.len(), 0..3);
    prop_oneof![
        2 => (0..12_usize, roles()).prop_map(|(address, roles)| Action::Create { address, roles }),
        8 => (any::<Index>(), roles(), roles())
            .prop_map(|(target, set, delete)| Action::SetRoles { target, set, delete }),
        2 => (any::<Index>(), roles()).prop_map(|(target, roles)| Action::Update { target, roles }),
        1 => any::<Index>().prop_map(|target| Action::Delete { target }),
        1 => Just(Action::CreateRole),
        1 => Just(Action::DeleteRole),
    ]
}

fn references(roles: &[usize]) -> Value {
    roles.iter().map(|&at| json!({"product": ROLES[at].0, "role": ROLES[at].1})).collect()
}

fn perform(cast: &Cast, client: &Client, target: &dyn Fn(&Index) -> String, action: &Action) -> Answer {
    match action {
        Action::Create { address, roles } => {
            let body = json!({"email": format!("p{address}@example.com"), "roles": references(roles)});
            client.post("/v2/accounts", &body)
        }
        Action::SetRoles { target: index, set, delete } => {
            let body = json!({"set_roles": references(set), "delete_roles": references(delete)});
            client.put(&format!("/v2/accounts/{}/roles", target(index)), &body)
        }
        Action::Update { target: index, roles } => {
            client.patch(&format!("/v2/accounts/{}", target(index)), &json!({"roles": references(roles)}))
        }
        Action::Delete { target: index } => client.delete(&format!("/v2/accounts/{}", target(index))),
        Action::CreateRole => {
            let body = json!({"product": "Accounts", "role": "auditor", "scope": "accounts.roles--all:rw"});
            client.post("/v2/roles", &body)
        }
        Action::DeleteRole => {
            let sql = "SELECT coalesce(max(role_id), '728b99be-848c-11ea-9b91-00000000beef') FROM role
                       WHERE organization_id IS NOT NULL";
            client.delete(&format!("/v2/roles/{}", cast.world.database.value::<String>(sql)))
        }
    }
}

/// Rank of the primary role, and all roles, of every member.
fn members(cast: &Cast) -> BTreeMap<String, (i64, String)> {
    let connection = cast.world.database.raw();
    let mut statement = connection
        .prepare(
            "SELECT account_id, coalesce(max(iif(role.type = 'primary', rank, NULL)), 0), group_concat(role_id ORDER BY role_id)
             FROM membership LEFT JOIN membership_role USING (organization_id, account_id) LEFT JOIN role USING (role_id)
             WHERE membership.organization_id = ?1 GROUP BY account_id",
        )
        .expect("a query");
    let rows = statement.query_map([&cast.organization], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))));
    rows.expect("rows").collect::<Result<_, _>>().expect("rows")
}

/// Every rule as the number of rows that break it.
fn broken(cast: &Cast) -> Vec<&'static str> {
    let rules = [
        ("one owner", "SELECT count(*) <> 1 FROM membership_role JOIN role USING (role_id) WHERE role = 'owner'"),
        (
            "one primary role each",
            "SELECT count(*) FROM membership WHERE (SELECT count(*) FROM membership_role held
               WHERE held.account_id = membership.account_id AND held.type = 'primary') <> 1",
        ),
        (
            "one secondary role per product",
            "SELECT count(*) FROM (SELECT 1 FROM membership_role WHERE type = 'secondary' GROUP BY account_id, product
               HAVING count(*) > 1)",
        ),
        (
            "enabled products only",
            "SELECT count(*) FROM membership_role WHERE product NOT IN ('Accounts', 'LiveChat', 'HelpDesk')",
        ),
        (
            "no account without a membership",
            "SELECT count(*) FROM account WHERE account_id NOT IN (SELECT account_id FROM membership)",
        ),
    ];
    rules.into_iter().filter(|(_, sql)| cast.world.database.value::<i64>(sql) != 0).map(|(rule, _)| rule).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn z4_r3_no_sequence_of_calls_breaks_an_invariant(
        calls in prop::collection::vec((any::<Index>(), action()), 1..60)
    ) {
        let cast = Cast::default();
        cast.enable("LiveChat");
        cast.enable("HelpDesk");
        for (caller, action) in calls {
            let before = members(&cast);
            let ids: Vec<&String> = before.keys().collect();
            let caller = caller.get(&ids);
            let client = cast.person(caller).client;
            let answer = perform(&cast, &client, &|index| (*index.get(&ids)).clone(), &action);
            prop_assert!(answer.status.as_u16() < 500, "{action:?}: {}", answer.text);
            prop_assert_eq!(broken(&cast), Vec::<&str>::new(), "{:?} by {:?}", &action, &before[*caller]);
            let after = members(&cast);
            if !answer.status.is_success() {
                prop_assert_eq!(&before, &after, "{:?}", &action);
            }
            let own = before[*caller].0;
            for (id, (rank, roles)) in &after {
                match before.get(id) {
                    Some((old, held)) if *old > own => prop_assert_eq!(held, roles, "{:?} by rank {}", &action, own),
                    Some((old, _)) => prop_assert!(rank <= old || *rank <= own, "{action:?} by rank {own}"),
                    None => prop_assert!(*rank <= own, "{action:?} by rank {own}"),
                }
            }
            prop_assert!(before.iter().all(|(id, (rank, _))| *rank <= own || after.contains_key(id)), "{action:?}");
        }
    }
}
