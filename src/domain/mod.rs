//! Nouns and their rules. Pure: no I/O, SQL, HTTP or JSON values; time and randomness come as arguments.

pub mod account;
pub mod address;
pub mod brand;
pub mod client;
pub mod email;
pub mod from_text;
pub mod id;
pub mod invitation;
pub mod legacy_role;
pub mod mail_domain;
pub mod operator_command;
pub mod organization;
pub mod origin;
pub mod password;
pub mod personal_token;
pub mod picture;
pub mod profile;
pub mod qr;
pub mod recovery_code;
pub mod role;
pub mod scope;
pub mod search;
pub mod text;
pub mod time;
pub mod totp;
