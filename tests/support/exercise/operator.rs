//! The operator's commands.

use global_accounts::usecase::operator::carry_out::carry_out;
use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::client::World;
use crate::support::operator;

/// A command that somebody withdraws, and one that is carried out.
pub(super) fn operator_commands(world: &World, pass: &mut Pass) {
    const COMMANDS: &str = "/operator/commands";
    let sign_up = json!({"email": "locked.out@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    world.database.execute(&format!(
        "INSERT INTO totp (account_id, sealed_secret, confirmed_at, created_at) VALUES ('{account}', '', 0, 0)"
    ));
    let configured = world.reconfigured(&[("OPERATOR_PUBLIC_KEY", &operator::public_key())]);
    let ids = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"];
    for id in ids {
        let command = operator::command(&operator::claims(world, id, &account, &organization));
        pass.send(&configured.anonymous(), Method::POST, COMMANDS, COMMANDS, &json!({"command": command}));
        if id == ids[0] {
            let browser = world.browser_of(&account, &organization);
            pass.visit(&browser, "/account");
            pass.send_form(&browser, "/account/operator_commands/withdraw", &[("command_id", id)]);
        }
    }
    world.database.execute("UPDATE operator_command SET due_at = 1");
    let done = futures_executor::block_on(carry_out(&world.app())).expect("the cron trigger's work");
    assert_eq!(done, 1, "one was withdrawn");
}
