//! A million accounts, a hundred thousand of them in one organization: rows read stay proportional to rows returned.

use global_accounts::domain::email::Email;
use global_accounts::domain::id::AccountId;
use global_accounts::oauth::envelope::Kind;
use global_accounts::ports::Statement;
use global_accounts::store::audit::Filter;
use global_accounts::store::{access_tokens, accounts, audit, authorization};

use crate::support::client::World;
use crate::support::visits::{Cost, cost};

/// Fills the database to `accounts` in all, every tenth of them in the big organization, with an audit entry each.
fn load(world: &World, big: &str, accounts: usize) {
    let connection = world.database.raw();
    let (owner_role, member_role) = ("728b99be-848c-11ea-9b91-005056a00001", "728b99be-848c-11ea-9b91-005056a00002");
    let script = format!(
        "BEGIN;
         CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {accounts}) SELECT i FROM n;
         INSERT INTO organization (organization_id, created_at, updated_at)
           SELECT printf('0000aaaa-0000-7000-8000-%012x', i / 100), 1, 1 FROM n WHERE i % 100 = 1;
         INSERT INTO account (account_id, email, email_key, created_at, updated_at)
           SELECT printf('0000bbbb-0000-7000-8000-%012x', i), printf('m%d@example.com', i), printf('m%d@example.com', i), i, i FROM n;
         INSERT INTO membership (organization_id, account_id, created_at, updated_at)
           SELECT iif(i % 10 = 0, '{big}', printf('0000aaaa-0000-7000-8000-%012x', (i - i % 100) / 100)),
             printf('0000bbbb-0000-7000-8000-%012x', i), 1, 1 FROM n;
         INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
           SELECT organization_id, account_id, '{owner_role}', 'Accounts', 'primary', 1 FROM n
           JOIN membership ON account_id = printf('0000bbbb-0000-7000-8000-%012x', i) WHERE i % 100 = 1;
         INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
           SELECT organization_id, account_id, '{member_role}', 'Accounts', 'primary', 1 FROM n
           JOIN membership ON account_id = printf('0000bbbb-0000-7000-8000-%012x', i) WHERE i % 100 <> 1;
         INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, target_kind, target_id, request_id)
           SELECT printf('0000cccc-%04x-7000-8000-%012x', i / 65536, i), i, iif(i % 2, 'account.create', 'account.update'),
             iif(i % 10 = 0, '{big}', 'other'), 'account', printf('0000bbbb-0000-7000-8000-%012x', i), 'account',
             printf('0000bbbb-0000-7000-8000-%012x', i), 'r' FROM n;
         DROP TABLE n;
         COMMIT;
         ANALYZE;"
    );
    connection.execute_batch(&script).expect("a large database");
}

#[test]
fn rows_read_are_proportional_to_rows_returned() {
    let sizes = [1_000, 100_000, 1_000_000];
    let mut table: Vec<(&str, Vec<Cost>)> = Vec::new();
    for size in sizes {
        let world = World::default();
        let (_, created) = world.sign_up("owner@example.com");
        let big = created["organization"]["organization_id"].as_str().expect("an id");
        load(&world, big, size);
        let token =
            world.app().open(Kind::Access, created["access_token"].as_str().expect("a token")).expect("genuine");
        let middle: AccountId = format!("0000bbbb-0000-7000-8000-{:012x}", size / 2).parse().expect("an id");
        let email = Email::parse("m10@example.com").expect("an address");
        let by_action = Filter { action: Some("account.update".into()), ..Filter::default() };
        let by_actor =
            Filter { actor: Some("0000bbbb-0000-7000-8000-00000000000a".parse().expect("an id")), ..Filter::default() };
        let digest = &token.digest;
        let statements: [(&str, Statement); 9] = [
            ("introspect", access_tokens::find_live(digest)),
            ("same organization", authorization::acts_in(digest, big.parse().expect("an id"), "x")),
            ("get account", accounts::get_for_caller(digest, Some(middle))),
            ("find by e-mail", accounts::find_for_caller(digest, &email)),
            ("list, first 100", accounts::list_for_caller(digest, None, 100)),
            ("list, 100 from the middle", accounts::list_for_caller(digest, Some(middle), 50)),
            ("audit log, first 50", audit::list_for_caller(digest, &Filter::default(), None, 50)),
            ("audit log by action", audit::list_for_caller(digest, &by_action, None, 50)),
            ("audit log by actor", audit::list_for_caller(digest, &by_actor, None, 50)),
        ];
        let connection = world.database.raw();
        for (at, (name, statement)) in statements.iter().enumerate() {
            if table.len() <= at {
                table.push((name, Vec::new()));
            }
            table[at].1.push(cost(&connection, statement));
        }
    }
    println!("{:<28}{}", "rows returned/read at", sizes.map(|size| format!("{size:>16}")).concat());
    for (name, costs) in &table {
        let cells: String =
            costs.iter().map(|cost| format!("{:>16}", format!("{}/{}", cost.returned, cost.visited))).collect();
        println!("{name:<28}{cells}");
    }
    for (name, costs) in &table {
        for cost in costs {
            assert!(cost.visited <= 30 + cost.returned * 8, "{name}: {cost:?}");
        }
    }
}
