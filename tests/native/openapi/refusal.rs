//! The error answers of each operation: those that follow from its rule, and those that its description names.

use global_accounts::authz::operation::Operation;
use global_accounts::authz::policy::{Credentials, Rank, Rule, Scopes};

use super::document::reference;
use super::json::{Json, Object};

const REQUEST_ID: &str = "0191c9b0-6d40-7a03-b1c4-8e2f9d6a5b71";

/// What is the same everywhere.
pub fn shared() -> Object {
    let unauthorized = body("unauthorized", "The account is not authorized.");
    let too_large = body("bad_request", "The body is too large.");
    let throttled = body("temporarily_unavailable", "Too many attempts; try again later.");
    let internal = body("server_error", "The server met an unexpected condition.");
    let unavailable = body("temporarily_unavailable", "The service cannot answer now; try again shortly.");
    let later = |mut response: Object| {
        let headers = Object::default().with("Retry-After", reference("headers", "Retry-After"));
        response.0.insert(1, ("headers".to_owned(), headers.into()));
        response
    };
    Object::default()
        .with("Unauthorized", response("No credential, or none that is alive.", unauthorized))
        .with(
            "TooLarge",
            response("The body is larger than the operation takes: 64 KiB, unless it says otherwise.", too_large),
        )
        .with("TooManyRequests", later(response("Too often.", throttled)))
        .with("ServerError", response("A fault of the service.", internal))
        .with("Unavailable", later(response("The service cannot answer now.", unavailable)))
}

/// Status and response, in no particular order.
pub fn responses(operation: Operation, rule: &Rule, written: &Object) -> Vec<(String, Json)> {
    let known = |name: &str| reference("responses", name);
    let refusals = written.get("refusals").map(|refusals| refusals.as_object().clone()).unwrap_or_default();
    let mut all: Vec<(String, Json)> =
        refusals.0.iter().map(|(status, said)| (status.clone(), named(status, said, rule, written).into())).collect();
    let mut add = |status: &str, response: Json| {
        if !all.iter().any(|(known, _)| known == status) {
            all.push((status.to_owned(), response));
        }
    };
    if matches!(operation, Operation::DescribeApi | Operation::ReadReference) {
        return all;
    }
    if rule.credentials != Credentials::None {
        add("400", named("400", &"Two credentials in one request.".into(), rule, written).into());
        add("401", known("Unauthorized"));
    }
    if forbids(rule) {
        add("403", forbidden("", rule).into());
    }
    if written.get("body").is_some() {
        add("413", known("TooLarge"));
    }
    if operation != Operation::CheckHealth {
        add("500", known("ServerError"));
        add("503", known("Unavailable"));
    }
    all
}

/// Whether the rule refuses some living credentials.
fn forbids(rule: &Rule) -> bool {
    let choosy = rule.scopes != Scopes::None || rule.rank > Rank::Member || rule.own_credentials;
    match rule.credentials {
        Credentials::None | Credentials::Subject | Credentials::Page => false,
        Credentials::Optional | Credentials::Any => choosy,
        Credentials::Bearer => true,
    }
}

/// What a description says about one status.
fn named(status: &str, said: &Json, rule: &Rule, written: &Object) -> Object {
    match (status, said) {
        ("400", Json::Text(text)) => response("The request cannot be read.", body("bad_request", text)),
        ("403", Json::Text(text)) => forbidden(text, rule),
        ("404", Json::Text(noun)) => {
            let missing = body("resource_not_found", "The requested resource could not be found.");
            let description = format!("There is no such {} that this caller may see.", noun.replace('_', " "));
            response(&description, missing.with("resource_name", noun.as_str()))
        }
        ("409", Json::List(pair)) => {
            let [noun, text] = pair.as_slice() else { panic!("409 is said as [noun, text]") };
            let conflict = body("conflict", text.as_text()).with("resource_name", noun.clone());
            response("It contradicts what is stored.", conflict)
        }
        ("422", Json::Object(fields)) if fields.get("error").is_none() => {
            let text = "A parameter is missing, invalid or malformed; see invalid_fields.";
            let invalid = body("invalid_request", text).with("invalid_fields", fields.clone());
            response("Something in the request is missing or invalid.", invalid)
        }
        ("429", Json::Bool(true)) => reference("responses", "TooManyRequests").as_object().clone(),
        (_, Json::Object(said)) => {
            response(said.text("error_description"), body(said.text("error"), said.text("error_description")))
        }
        _ => panic!("{}: {status} is not said in a known way", written.text("summary")),
    }
}

/// The reasons that the rule gives, then those of the description.
fn forbidden(said: &str, rule: &Rule) -> Object {
    let scope = rule.scopes != Scopes::None;
    let mut reasons = Vec::new();
    if scope {
        reasons.push("The token or the roles of the account lack the scope.");
    }
    if rule.rank > Rank::Member && !rule.conceals {
        reasons.push("The role of the account does not allow it.");
    }
    if rule.own_credentials {
        reasons.push("The token is an application's.");
    }
    if rule.credentials == Credentials::Bearer {
        reasons.push("The credential is a personal token.");
    }
    if !said.is_empty() {
        reasons.push(said);
    }
    let example = match scope {
        true => body("access_denied", "The token or the roles of the account lack the scope for this.")
            .with("sub_error", "insufficient_scope"),
        false => body("access_denied", said),
    };
    response(&reasons.join(" "), example)
}

fn body(error: &str, description: &str) -> Object {
    Object::default().with("error", error).with("error_description", description).with("request_id", REQUEST_ID)
}

fn response(description: &str, example: Object) -> Object {
    let content = Object::default().with("schema", reference("schemas", "Error")).with("example", example);
    Object::default()
        .with("description", description)
        .with("content", Object::default().with("application/json", content))
}
