//! Identifiers. One type per noun, so that an organization's id never stands where an account's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{Builder, Uuid};

use super::from_text::from_text;
use super::time::Timestamp;

/// Bytes of randomness that a new id needs.
pub const ENTROPY_BYTES: usize = 10;

/// The text is not a UUID in its canonical, hyphenated form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid uuid")]
pub struct InvalidUuid;

fn canonical(text: &str) -> Result<Uuid, InvalidUuid> {
    match text.len() == uuid::fmt::Hyphenated::LENGTH {
        true => Uuid::try_parse(text).map_err(|_| InvalidUuid),
        false => Err(InvalidUuid),
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id (UUID version 7): ordered by `now`, unguessable by `random`.
            pub fn new(now: Timestamp, random: &[u8; ENTROPY_BYTES]) -> Self {
                let millis = u64::try_from(now.millis()).unwrap_or(0);
                Self(Builder::from_unix_timestamp_millis(millis, random).into_uuid())
            }

            /// The 16 bytes that the text spells.
            pub fn bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }

            /// From [`Self::bytes`].
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl FromStr for $name {
            type Err = InvalidUuid;

            fn from_str(text: &str) -> Result<Self, InvalidUuid> {
                canonical(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(formatter)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                from_text(deserializer, canonical).map(Self)
            }
        }
    };
}

id!(
    /// A person.
    AccountId
);
id!(
    /// An organization.
    OrganizationId
);
id!(
    /// A role, predefined or an organization's own.
    RoleId
);
id!(
    /// A sign-in.
    SessionId
);
id!(
    /// An invitation to an organization, or a request for access.
    InvitationId
);
id!(
    /// A member's picture in an organization, until the next.
    AvatarId
);
id!(
    /// A domain of an organization's e-mail addresses.
    DomainId
);
id!(
    /// A link in a mail, not its secret.
    MailTokenId
);
id!(
    /// A change of an account's e-mail address.
    EmailChangeId
);
id!(
    /// A merge of two organizations, asked for or done.
    MergeId
);
id!(
    /// A command of the operator, chosen by who signs it.
    CommandId
);
id!(
    /// One mail that waits to be sent.
    OutboxId
);
id!(
    /// A personal access token, not its secret.
    PersonalTokenId
);
id!(
    /// A passkey of an account; not the authenticator's own name for it.
    PasskeyId
);
id!(
    /// One sign-in of one application: what all refresh tokens of a chain share.
    FamilyId
);
id!(
    /// One request, repeated in its answer and its log line.
    RequestId
);
id!(
    /// One entry of the audit log.
    AuditId
);

#[cfg(test)]
mod tests {
    use super::{AccountId, InvalidUuid, Timestamp};

    #[test]
    fn new_ids_are_version_7_and_ordered_by_time() {
        let early = AccountId::new(Timestamp::from_millis(1_000), &[0xff; 10]);
        let late = AccountId::new(Timestamp::from_millis(1_001), &[0; 10]);
        assert!(early < late);
        assert_eq!(early.to_string().as_bytes().get(14), Some(&b'7'));
    }

    #[test]
    fn only_the_hyphenated_form_is_an_id() {
        let canonical = "728b99be-848c-11ea-9b91-005056a007e9";
        assert_eq!(canonical.parse::<AccountId>().map(|id| id.to_string()), Ok(canonical.to_owned()));
        for other in ["728b99be848c11ea9b91005056a007e9", "{728b99be-848c-11ea-9b91-005056a007e9}", "x", ""] {
            assert_eq!(other.parse::<AccountId>(), Err(InvalidUuid), "{other}");
        }
    }
}
