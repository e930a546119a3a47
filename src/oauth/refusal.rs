//! Why OAuth says no: one error code, one variant, with the words that a client may read.
//!
//! Statuses, headers and redirects are the matter of `http::error`.

/// A refusal of the token or the authorization endpoint (RFC 6749 sections 4.1.2.1 and 5.2; API, section 2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthRefusal {
    /// A parameter is missing, repeated or malformed. The text is ours.
    InvalidRequest(&'static str),
    /// Unknown client, or a wrong proof of its identity.
    InvalidClient {
        /// Whether the client used the Authorization header: only then the answer challenges (RFC 6749 section 5.2).
        in_header: bool,
    },
    /// Code or refresh token unknown, used, expired, revoked, or another client's.
    InvalidGrant,
    /// The client may not ask in this way.
    UnauthorizedClient(Option<Detail>),
    /// No grant of this name.
    UnsupportedGrantType,
    /// No response type of this name, or none that this client may ask for. The text is ours.
    UnsupportedResponseType(&'static str),
    /// More than was granted, or more than the person has.
    InvalidScope,
    /// The person, or the organization, says no.
    AccessDenied(Option<Detail>),
    /// The consent was taken back or never given.
    MissingGrant,
}

/// What the error page adds to an authorization error (API, section 2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// No client has this id.
    ClientIdNotFound,
    /// The client has no redirect URI.
    RedirectUriNotSet,
    /// None of the client's redirect URIs matches.
    InvalidRedirectUri,
    /// Too often in too short a time.
    TooManyRedirects,
}

/// Why a sign-in did not come about (API, section 2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityRefusal {
    /// The form makes no sense.
    InvalidRequest,
    /// Nobody is signed in, or the proof is wrong.
    Unauthorized,
    /// This person may not sign in here.
    AccessDenied,
    /// The session ended meanwhile.
    IdentityLost,
    /// The organization takes another way of signing in.
    CredentialsLoginDisabled,
}

impl OAuthRefusal {
    /// The error code on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient { .. } => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient(_) => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType(_) => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied(_) => "access_denied",
            Self::MissingGrant => "missing_grant",
        }
    }

    /// What a developer reads. Never holds anything that the request said.
    pub const fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest(text) | Self::UnsupportedResponseType(text) => text,
            Self::InvalidClient { .. } => "The client is unknown or did not prove who it is.",
            Self::InvalidGrant => "The grant is unknown, used, expired, revoked or was given to another client.",
            Self::UnauthorizedClient(Some(detail)) | Self::AccessDenied(Some(detail)) => detail.description(),
            Self::UnauthorizedClient(None) => "The client is not authorized to do this.",
            Self::UnsupportedGrantType => "This grant type is not supported.",
            Self::InvalidScope => {
                "The scope is unknown, malformed, or more than the client is registered for or the account granted."
            }
            Self::AccessDenied(None) => "The account or the organization denied the request.",
            Self::MissingGrant => "The consent for this application is missing.",
        }
    }

    /// What the error page adds.
    pub const fn detail(self) -> Option<Detail> {
        match self {
            Self::UnauthorizedClient(detail) | Self::AccessDenied(detail) => detail,
            _ => None,
        }
    }
}

impl Detail {
    /// `exception_details` on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClientIdNotFound => "client_id_not_found",
            Self::RedirectUriNotSet => "redirect_uri_not_set",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::TooManyRedirects => "too_many_redirects",
        }
    }

    /// What a developer does about it.
    pub const fn description(self) -> &'static str {
        match self {
            Self::ClientIdNotFound => {
                "No client has this client_id. It is the 32 characters shown when it was registered."
            }
            Self::RedirectUriNotSet => {
                "The request names no redirect_uri, and the client has none registered or several to choose from."
            }
            Self::InvalidRedirectUri => {
                "The redirect_uri is not one that the client registered: scheme, host and port must be equal, \
                 the path equal or below the registered one, without query, fragment or dot segments."
            }
            Self::TooManyRedirects => {
                "The client asks again and again without using what it gets. Check how it stores its token."
            }
        }
    }
}

impl IdentityRefusal {
    /// `identity_exception` on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Unauthorized => "unauthorized",
            Self::AccessDenied => "access_denied",
            Self::IdentityLost => "identity_lost",
            Self::CredentialsLoginDisabled => "credentials_login_disabled",
        }
    }
}
