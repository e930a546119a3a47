//! Clients: applications that an organization registers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Bytes of randomness that a new id needs.
pub const ENTROPY_BYTES: usize = 16;
/// Longest name, in code points.
pub const MAX_NAME: usize = 191;

/// The text is not 32 lower-case hexadecimal characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid client id")]
pub struct InvalidClientId;

/// The public name of a client: 32 hexadecimal characters (API, section 2.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

impl ClientId {
    /// The id that these bytes spell: random ones for a new client, a list's position otherwise.
    pub fn from_bytes(bytes: [u8; ENTROPY_BYTES]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    /// The 16 bytes that the text spells.
    pub fn bytes(&self) -> [u8; ENTROPY_BYTES] {
        // The text was checked when the id was made.
        u128::from_str_radix(&self.0, 16).unwrap_or_default().to_be_bytes()
    }
}

impl FromStr for ClientId {
    type Err = InvalidClientId;

    fn from_str(text: &str) -> Result<Self, InvalidClientId> {
        let hexadecimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        match text.len() == 2 * ENTROPY_BYTES && hexadecimal {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidClientId),
        }
    }
}

impl TryFrom<String> for ClientId {
    type Error = InvalidClientId;

    fn try_from(text: String) -> Result<Self, InvalidClientId> {
        text.parse()
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The text is none of the words that the field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {0}")]
pub struct UnknownWord(&'static str);

/// Whether a client can keep a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientType {
    /// Confidential: it proves itself with a secret.
    ServerSideApp,
    /// Public: it runs where anybody can read it, and proves itself with PKCE.
    JavascriptApp,
}

impl ClientType {
    /// As stored and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServerSideApp => "server_side_app",
            Self::JavascriptApp => "javascript_app",
        }
    }
}

impl FromStr for ClientType {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "server_side_app" => Ok(Self::ServerSideApp),
            "javascript_app" => Ok(Self::JavascriptApp),
            _ => Err(UnknownWord("server_side_app or javascript_app")),
        }
    }
}

/// Who may use a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    /// Members of its organization.
    #[default]
    Private,
    /// Anyone, with consent.
    Public,
}

impl Visibility {
    /// As stored and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
        }
    }
}

impl FromStr for Visibility {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "private" => Ok(Self::Private),
            "public" => Ok(Self::Public),
            _ => Err(UnknownWord("private or public")),
        }
    }
}

/// A scope that a client asks people for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClientScope {
    /// As the catalogue writes it.
    pub scope: String,
    /// Whether sign-in fails without it; otherwise a token has it as far as the person has it.
    pub required: bool,
}

#[cfg(test)]
mod tests {
    use super::{ClientId, InvalidClientId};

    #[test]
    fn an_id_is_32_lower_case_hexadecimal_characters() {
        let id = ClientId::from_bytes([0, 1, 0xab, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
        assert_eq!(id.to_string(), "0001ab030405060708090a0b0c0d0eff");
        assert_eq!(id.to_string().parse().as_ref(), Ok(&id));
        assert_eq!(ClientId::from_bytes(id.bytes()), id);
        for text in ["0001AB030405060708090a0b0c0d0eff", "0001ab", "", "0001ab030405060708090a0b0c0d0efg"] {
            assert_eq!(text.parse::<ClientId>(), Err(InvalidClientId), "{text}");
        }
    }
}
