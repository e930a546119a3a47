//! The native suites: through the real router, on in-memory SQLite with the real schema.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may stop where it fails"
)]
#![allow(clippy::print_stdout, reason = "what was measured is printed, never asserted")]

#[path = "../support/mod.rs"]
mod support;

mod access_requests;
mod account_forms;
mod account_page;
mod account_picture;
mod account_suspension;
mod accounts_create;
mod accounts_delete;
mod accounts_password;
mod accounts_roles;
mod accounts_update;
mod architecture;
mod audit_log;
mod authorization_code;
mod authorize_choice;
mod authorize_forms;
mod authorize_limits;
mod authorize_messages;
mod authorize_products;
mod authorize_refusals;
mod authorize_sessions;
mod authorize_sign_in;
mod authorize_throttle;
mod authorize_ways;
mod budget;
mod canary;
mod catalogue;
mod client_failures;
mod clients;
mod contract;
mod domains;
mod erasure;
mod errors;
mod export;
mod implicit;
mod introspection;
mod invariants;
mod invitation_page;
mod invitation_races;
mod invitations;
mod key_rotation;
mod known_unknown;
mod legacy_roles;
mod lists;
mod mail_links;
mod mail_sending;
mod matrix;
mod merges;
mod merges_model;
mod merges_races;
mod model;
mod oauth_errors;
mod openapi;
mod operator;
mod organization_deletion;
mod organization_settings;
mod organizations;
mod ownership;
mod pages;
mod panel_forms;
mod panel_invitations;
mod panel_merges;
mod panel_organization;
mod panel_people;
mod panel_screens;
mod passkeys;
mod personal_tokens;
mod plans;
mod products;
mod revocation_matrix;
mod roles;
mod routes;
mod schema;
mod scopes;
mod second_factor;
mod second_factor_enrolment;
mod second_factor_required;
mod sessions;
mod shield;
mod sign_up_abuse;
mod staleness;
mod sweep;
mod token_info;
mod token_refresh;
mod token_revoke;
mod tokens;
mod tour;
mod vectors;
mod webauthn;
