//! The world in memory: every port's second adapter, and a client for each kind of caller.
#![allow(dead_code, reason = "each test binary and bench uses its own part")]

pub mod at_once;
pub mod authenticator;
pub mod authorize;
pub mod border;
pub mod browser;
pub mod cache;
pub mod cast;
pub mod client;
pub mod exercise;
pub mod gallery;
pub mod gallery_panel;
pub mod invitations;
pub mod mails;
pub mod mergers;
pub mod oauth;
pub mod office;
pub mod operator;
pub mod person;
pub mod plans;
pub mod plant;
pub mod ports;
pub mod revocation;
pub mod routes;
pub mod second_factor;
pub mod source;
pub mod sqlite;
pub mod vectors;
pub mod visits;
