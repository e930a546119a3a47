//! The data model: the migrations reach schema.sql, and the rules that the schema holds by itself do hold.

use std::collections::{BTreeMap, BTreeSet};

use global_accounts::domain::scope;
use global_accounts::store::catalogue::OWNER_ROLE;
use rusqlite::Connection;

use crate::support::client::World;
use crate::support::plans::{explain, scans};
use crate::support::source;
use crate::support::sqlite::Sqlite;

const ADMINISTRATOR_ROLE: &str = "728b99be-848c-11ea-9b91-005056a007e9";
const MEMBER_ROLE: &str = "728b99be-848c-11ea-9b91-005056a00002";

/// The steps in order: `0001_initial.sql`, `0002_...`.
fn migrations() -> Vec<(String, String)> {
    let all = source::files("migrations");
    for (at, (name, _)) in all.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", at + 1)), "{name} is not number {}", at + 1);
    }
    all
}

fn migrated() -> Sqlite {
    let database = Sqlite::empty();
    for (name, sql) in migrations() {
        database.raw().execute_batch(&sql).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    database
}

fn list<T: rusqlite::types::FromSql>(connection: &Connection, sql: &str) -> Vec<T> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    statement
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn tables(connection: &Connection) -> Vec<String> {
    list(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
}

/// SQL without comments, one space for any white space.
fn plain(sql: &str) -> String {
    let uncommented: String = sql.lines().map(|line| format!("{}\n", without_comment(line))).collect();
    let spaced = uncommented.replace('(', " ( ").replace(')', " ) ").replace(',', " , ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("--")
        .find(|(at, _)| line.get(..*at).is_some_and(|head| head.matches('\'').count().is_multiple_of(2)));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// Every object of the schema with its text.
fn objects(database: &Sqlite) -> BTreeMap<String, String> {
    let connection = database.raw();
    let names: Vec<String> = list(&connection, "SELECT type || ' ' || name FROM sqlite_master ORDER BY type, name");
    let texts: Vec<String> = list(&connection, "SELECT coalesce(sql, '') FROM sqlite_master ORDER BY type, name");
    names.into_iter().zip(texts.iter().map(|text| plain(text))).collect()
}

#[test]
fn the_migrations_from_empty_equal_schema_sql() {
    let (whole, stepped) = (Sqlite::default(), migrated());
    let (expected, reached) = (objects(&whole), objects(&stepped));
    assert!(expected.len() > 100, "{} objects", expected.len());
    for (name, text) in &expected {
        assert_eq!(reached.get(name), Some(text), "{name}");
    }
    assert_eq!(reached.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    let sorted = |database: &Sqlite| {
        let mut cells = database.dump();
        cells.sort();
        cells
    };
    assert_eq!(sorted(&stepped), sorted(&whole), "catalogue rows");
}

#[test]
fn the_version_is_the_number_of_migrations() {
    let steps = i64::try_from(migrations().len()).expect("few");
    assert_eq!(Sqlite::default().value::<i64>("SELECT version FROM schema_meta"), steps);
    assert_eq!(migrated().value::<i64>("SELECT version FROM schema_meta"), steps);
}

/// A migration that runs a second time, or on a database with an operator's edits, must not undo them: each is applied
/// once, by number, so it may not drop or overwrite rows of the catalogue.
#[test]
fn no_migration_overwrites_the_operators_catalogue() {
    for (name, sql) in migrations() {
        let sql = plain(&sql).to_uppercase();
        for word in [
            "INSERT OR REPLACE",
            "REPLACE INTO",
            "ON CONFLICT DO UPDATE",
            "DELETE FROM PRODUCT",
            "DELETE FROM ROLE",
            "DELETE FROM SCOPE",
        ] {
            assert!(!sql.contains(word), "{name}: {word}");
        }
    }
}

#[test]
fn every_table_is_strict_and_every_constraint_has_a_name_of_its_own() {
    let database = Sqlite::default();
    let connection = database.raw();
    let loose: Vec<String> = list(
        &connection,
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0",
    );
    assert!(loose.is_empty(), "not STRICT: {loose:?}");
    let mut names = BTreeSet::new();
    for table in tables(&connection) {
        let sql: String = connection
            .query_row("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?1", [&table], |row| row.get(0))
            .expect("a table");
        let text = plain(&sql);
        let words: Vec<&str> = text.split(' ').collect();
        for (at, word) in words.iter().enumerate() {
            let begins = match *word {
                "PRIMARY" | "FOREIGN" => words.get(at + 1) == Some(&"KEY"),
                "UNIQUE" | "CHECK" => true,
                _ => false,
            };
            if begins {
                let context = words[at.saturating_sub(3)..(at + 4).min(words.len())].join(" ");
                assert!(at >= 2 && words[at - 2] == "CONSTRAINT", "{table}: without a name: {context}");
                assert!(
                    names.insert(words[at - 1].to_owned()),
                    "{table}: {} is another constraint's name",
                    words[at - 1]
                );
            }
        }
        assert!(text.contains("PRIMARY KEY"), "{table}");
    }
    assert!(names.len() > 100, "{} names", names.len());
}

/// Deleting a parent looks for its children: without an index that reads the whole child table.
#[test]
fn every_foreign_key_that_cascades_finds_its_rows_by_an_index() {
    let database = Sqlite::default();
    let connection = database.raw();
    let mut keys = 0;
    for child in tables(&connection) {
        let mut columns: BTreeMap<i64, (String, String, Vec<String>)> = BTreeMap::new();
        let mut statement = connection
            .prepare(&format!(
                "SELECT id, \"table\", \"from\", on_delete FROM pragma_foreign_key_list('{child}') ORDER BY id, seq"
            ))
            .expect("keys");
        let mut rows = statement.query([]).expect("keys");
        while let Some(row) = rows.next().expect("a key") {
            let (id, parent, column, action): (i64, String, String, String) = (
                row.get(0).expect("id"),
                row.get(1).expect("table"),
                row.get(2).expect("from"),
                row.get(3).expect("action"),
            );
            columns.entry(id).or_insert((parent, action, Vec::new())).2.push(column);
        }
        for (parent, action, columns) in columns.into_values().filter(|(_, action, _)| action != "NO ACTION") {
            keys += 1;
            let conditions: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
            let plan = explain(&connection, &format!("SELECT 1 FROM {child} WHERE {}", conditions.join(" AND ")))
                .expect("a plan");
            assert!(scans("", &plan).is_empty(), "{child} {columns:?} -> {parent} ON DELETE {action}: {plan:?}");
            let searched = plan.iter().find(|line| line.contains("SEARCH")).expect("a search");
            // A role's id alone decides which role it is.
            let deciding = if parent == "role" { &columns[..1] } else { &columns[..] };
            for column in deciding {
                assert!(searched.contains(&format!("{column}=?")), "{child} {columns:?} -> {parent}: {searched}");
            }
        }
    }
    assert!(keys > 30, "{keys} keys");
}

/// Every index is one that SQLite keeps right: no expression that depends on the connection, no duplicate.
#[test]
fn no_two_indexes_are_the_same() {
    let database = Sqlite::default();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in
        objects(&database).into_iter().filter(|(name, text)| name.starts_with("index ") && !text.is_empty())
    {
        let what = text.split_once(" ON ").map(|(_, what)| what.to_owned()).expect("ON");
        assert_eq!(seen.insert(what, name.clone()), None, "{name}");
    }
}

// ---------------------------------------------------------------- invariants

/// An organization with its owner and a member, and what a statement behind the service's back is told.
struct Planted {
    world: World,
    organization: String,
    owner: String,
}

const MEMBER: &str = "ffffffff-0000-7000-8000-000000000001";

impl Planted {
    fn new() -> Self {
        let world = World::default();
        let (_, created) = world.sign_up("john@example.com");
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let planted = Self {
            organization: text(&created["organization"]["organization_id"]),
            owner: text(&created["account_id"]),
            world,
        };
        planted.works(&format!("INSERT INTO account (account_id, email, email_key, created_at, updated_at) VALUES ('{MEMBER}', 'm@example.com', 'm@example.com', 1, 1)"));
        planted.works(&format!("INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('{}', '{MEMBER}', 1, 1)", planted.organization));
        planted.works(&planted.give(MEMBER, MEMBER_ROLE, "Accounts", "primary"));
        planted
    }

    fn give(&self, account: &str, role: &str, product: &str, r#type: &str) -> String {
        format!(
            "INSERT INTO membership_role VALUES ('{}', '{account}', '{role}', '{product}', '{type}', 1)",
            self.organization
        )
    }

    fn works(&self, sql: &str) {
        self.world.database.raw().execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// As a batch of the service would: whole or not at all.
    fn refused(&self, sql: &str, words: &str) {
        let before = self.world.database.dump();
        let mut connection = self.world.database.raw();
        let transaction = connection.transaction().expect("a transaction");
        let error = transaction.execute_batch(sql).expect_err(sql).to_string();
        transaction.rollback().expect("undone");
        drop(connection);
        assert!(error.contains(words), "{sql}: {error}");
        assert!(self.world.database.dump() == before, "{sql} left something");
    }
}

#[test]
fn r1_r3_an_organization_has_exactly_one_owner_for_as_long_as_it_exists() {
    let planted = Planted::new();
    let Planted { organization, owner, .. } = &planted;
    planted.refused(
        &format!("UPDATE membership_role SET role_id = '{OWNER_ROLE}' WHERE account_id = '{MEMBER}'"),
        "UNIQUE",
    );
    planted.refused(
        &format!("UPDATE membership_role SET role_id = '{ADMINISTRATOR_ROLE}' WHERE account_id = '{owner}'"),
        "owner:required",
    );
    planted.refused(&format!("DELETE FROM membership_role WHERE account_id = '{owner}'"), "owner:required");
    planted.refused(&format!("DELETE FROM membership WHERE account_id = '{owner}'"), "owner:required");
    planted.refused(&format!("DELETE FROM account WHERE account_id = '{owner}'"), "owner:required");
    planted.refused(&format!("DELETE FROM role WHERE role_id = '{OWNER_ROLE}'"), "owner:required");
    planted.refused(&format!("REPLACE INTO membership_role VALUES ('{organization}', '{owner}', '{ADMINISTRATOR_ROLE}', 'Accounts', 'primary', 1)"), "owner:required");
    planted.refused("UPDATE membership_role SET organization_id = 'x'", "owner:required");
    planted.refused(
        &format!(
            "INSERT INTO organization (organization_id, created_at, updated_at) VALUES ('o2', 1, 1);
             INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('o2', '{MEMBER}', 1, 1);
             INSERT INTO membership_role VALUES ('o2', '{MEMBER}', '{MEMBER_ROLE}', 'Accounts', 'primary', 1);"
        ),
        "owner:required",
    );
}

#[test]
fn ownership_moves_in_place_and_an_organization_ends_whole() {
    let planted = Planted::new();
    let Planted { world, organization, owner } = &planted;
    planted.works(&format!(
        "DELETE FROM membership_role WHERE account_id = '{MEMBER}';
         UPDATE membership_role SET account_id = '{MEMBER}' WHERE role_id = '{OWNER_ROLE}';
         INSERT INTO membership_role VALUES ('{organization}', '{owner}', '{ADMINISTRATOR_ROLE}', 'Accounts', 'primary', 1);"
    ));
    assert_eq!(
        world
            .database
            .value::<String>(&format!("SELECT account_id FROM membership_role WHERE role_id = '{OWNER_ROLE}'")),
        MEMBER
    );
    planted.works(&format!("DELETE FROM organization WHERE organization_id = '{organization}'"));
    for table in ["membership", "membership_role", "access_token"] {
        assert_eq!(world.database.value::<i64>(&format!("SELECT count(*) FROM {table}")), 0, "R12 {table}");
    }
    assert_eq!(world.database.value::<i64>("SELECT count(*) FROM audit_log"), 1, "the log outlives it");
}

#[test]
fn z4_roles_are_one_primary_one_secondary_per_product_and_never_a_foreign_custom_one() {
    let planted = Planted::new();
    let Planted { organization, .. } = &planted;
    planted.refused(&planted.give(MEMBER, ADMINISTRATOR_ROLE, "Accounts", "primary"), "UNIQUE");
    planted.works(&planted.give(MEMBER, "728b99be-848c-11ea-9b91-005056a00101", "LiveChat", "secondary"));
    planted.refused(&planted.give(MEMBER, "728b99be-848c-11ea-9b91-005056a00102", "LiveChat", "secondary"), "UNIQUE");
    planted.works(&planted.give(MEMBER, "728b99be-848c-11ea-9b91-005056a00201", "HelpDesk", "secondary"));
    planted.refused(&planted.give(MEMBER, ADMINISTRATOR_ROLE, "LiveChat", "custom"), "FOREIGN KEY");
    planted.works("INSERT INTO organization (organization_id, created_at, updated_at) VALUES ('other', 1, 1)");
    planted.works("INSERT INTO role (role_id, organization_id, product, role, type, rank) VALUES ('theirs', 'other', 'Accounts', 'x', 'custom', 5)");
    planted.works(&format!("INSERT INTO role (role_id, organization_id, product, role, type, rank) VALUES ('ours', '{organization}', 'Accounts', 'x', 'custom', 5)"));
    planted.refused(&planted.give(MEMBER, "theirs", "Accounts", "custom"), "role:foreign");
    planted.works(&planted.give(MEMBER, "ours", "Accounts", "custom"));
    planted.refused("UPDATE membership_role SET role_id = 'theirs' WHERE role_id = 'ours'", "role:foreign");
    planted.refused(&format!("INSERT INTO role (role_id, organization_id, product, role, type, rank) VALUES ('p', '{organization}', 'Accounts', 'y', 'primary', 5)"), "role_own_is_custom");
    planted.works("DELETE FROM role WHERE role_id = 'ours'");
    assert_eq!(
        planted.world.database.value::<i64>("SELECT count(*) FROM membership_role WHERE role_id = 'ours'"),
        0,
        "R10"
    );
}

#[test]
fn l3_the_audit_log_only_grows() {
    let planted = Planted::new();
    for sql in [
        "UPDATE audit_log SET action = 'x'",
        "UPDATE audit_log SET actor_id = actor_id",
        "DELETE FROM audit_log",
        "REPLACE INTO audit_log SELECT * FROM audit_log",
        "INSERT OR REPLACE INTO audit_log (audit_id, at, action, actor_kind, request_id) SELECT audit_id, 1, 'x', 'system', 'r' FROM audit_log",
        "INSERT INTO audit_log SELECT * FROM audit_log WHERE true ON CONFLICT DO UPDATE SET action = 'x'",
        "UPDATE audit_detail SET ip = ''",
        "REPLACE INTO audit_detail SELECT * FROM audit_detail",
    ] {
        planted.refused(sql, "audit:append_only");
    }
    planted.works("DELETE FROM audit_detail");
}

#[test]
fn one_address_is_one_account_and_a_few_more_rules_by_name() {
    let planted = Planted::new();
    let Planted { organization, .. } = &planted;
    let account = |key: &str| {
        format!(
            "INSERT INTO account (account_id, email, email_key, created_at, updated_at) VALUES ('{key}', 'x@example.com', '{key}', 1, 1)"
        )
    };
    planted.refused(&account("john@example.com"), "account.email_key");
    let product = format!(
        "INSERT INTO organization_product (organization_id, product, created_at) VALUES ('{organization}', 'LiveChat', 1)"
    );
    planted.works(&product);
    planted.refused(&product, "UNIQUE");
    planted.refused("UPDATE account SET email_verified = 2", "account_email_verified");
    planted.refused("UPDATE account SET created_at = 'now'", "cannot store TEXT");
    planted.refused("UPDATE password SET phc = 'secret'", "password_phc");
    planted.refused("UPDATE access_token SET scopes = 'all'", "access_token_scopes");
    planted.refused("UPDATE schema_meta SET singleton = 2", "schema_meta_one_row");
    planted.refused(
        "INSERT INTO product_suspension SELECT organization_id, account_id, 'Accounts', 1 FROM membership LIMIT 1",
        "product_suspension_not_accounts",
    );
    planted.refused(&format!("INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('{organization}', 'nobody', 1, 1)"), "FOREIGN KEY");
}

// ---------------------------------------------------------------- catalogue

#[test]
fn the_default_catalogue_is_the_one_of_the_design() {
    let database = Sqlite::default();
    let connection = database.raw();
    let products: Vec<String> = list(&connection, "SELECT product FROM product ORDER BY position");
    assert_eq!(products, ["Accounts", "LiveChat", "HelpDesk", "ChatBot", "KnowledgeBase", "OpenWidget", "TeamChat"]);
    let roles: Vec<String> = list(
        &connection,
        "SELECT product || '/' || role || ' ' || type || ' ' || rank FROM role ORDER BY (SELECT position FROM product p WHERE p.product = role.product), rank DESC, role",
    );
    insta::assert_snapshot!("catalogue_roles", roles.join("\n"));
    let administrator: String = connection
        .query_row(
            "SELECT product || '/' || role || '/' || type FROM role WHERE role_id = ?1",
            [ADMINISTRATOR_ROLE],
            |row| row.get(0),
        )
        .expect("the one public id");
    assert_eq!(administrator, "Accounts/administrator/primary");
    let owner: String = connection
        .query_row("SELECT role FROM role WHERE role_id = ?1", [OWNER_ROLE], |row| row.get(0))
        .expect("the owner");
    assert_eq!(owner, "owner");
    for role in list::<String>(&connection, "SELECT role_id FROM role") {
        assert!(role.parse::<global_accounts::domain::id::RoleId>().is_ok(), "{role}");
    }
}

#[test]
fn roles_that_rank_higher_hold_at_least_as_much() {
    let database = Sqlite::default();
    let connection = database.raw();
    let held = |role: &str| -> Vec<String> {
        list(&connection, &format!("SELECT scope FROM role_scope WHERE role_id = '{role}'"))
    };
    for (higher, lower) in [(OWNER_ROLE, ADMINISTRATOR_ROLE), (ADMINISTRATOR_ROLE, MEMBER_ROLE)] {
        let above = held(higher);
        for scope in held(lower) {
            let covered = above.iter().any(|wide| scope::includes(wide, &scope));
            assert!(covered, "{lower} holds {scope}, {higher} does not");
        }
    }
}

#[test]
fn every_scope_that_a_rule_or_a_role_names_exists() {
    use global_accounts::authz::operation::Operation;
    use global_accounts::authz::policy::{Scopes, rule};
    let database = Sqlite::default();
    let connection = database.raw();
    let known: BTreeSet<String> = list::<String>(&connection, "SELECT scope FROM scope").into_iter().collect();
    assert!(known.len() >= 70, "{} scopes", known.len());
    let orphans: Vec<String> = list(
        &connection,
        "SELECT scope FROM role_scope WHERE scope NOT IN (SELECT scope FROM scope) UNION SELECT scope FROM client_scope WHERE scope NOT IN (SELECT scope FROM scope)",
    );
    assert!(orphans.is_empty(), "{orphans:?}");
    for operation in Operation::ALL {
        let named = match rule(*operation).scopes {
            Scopes::None => Vec::new(),
            Scopes::AnyOf(scopes) | Scopes::OfApplications(scopes) => scopes.to_vec(),
            Scopes::ByTarget { own, others } => [own, others].concat(),
        };
        for scope in named {
            assert!(known.contains(scope), "{operation:?} asks for {scope}");
        }
    }
    let without_scopes: Vec<String> = list(
        &connection,
        "SELECT product || '/' || role FROM role WHERE product = 'Accounts' AND role_id NOT IN (SELECT role_id FROM role_scope)",
    );
    assert!(without_scopes.is_empty(), "{without_scopes:?}");
    let private_clients: Vec<String> = list(
        &connection,
        "SELECT client_id FROM client WHERE product IS NULL OR organization_id IS NOT NULL OR secret_digest IS NOT NULL OR visibility <> 'public'",
    );
    assert!(private_clients.is_empty(), "product clients are public and hold no secret: {private_clients:?}");
    let clients: Vec<String> = list(
        &connection,
        "SELECT product FROM product WHERE product NOT IN (SELECT product FROM client WHERE product IS NOT NULL)",
    );
    assert!(clients.is_empty(), "products without a client: {clients:?}");
}
