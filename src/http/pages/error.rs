//! `/ooops`: why an authorization did not come about, for the person and for the developer (API, section 2.9).
//! Shows the words of known codes only; a code that is not known is told as one without words (row A22).

use askama::Template;

use super::frame::Frame;
use super::texts::ErrorTexts;

macro_rules! closed {
    ($(#[$about:meta])+ $name:ident { $($(#[$doc:meta])+ $variant:ident $code:literal $key:ident),+ $(,)? }) => {
        $(#[$about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])+ $variant),+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code on the wire.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),+
                }
            }

            /// The variant of a code.
            pub fn of(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }

            fn fix(self, texts: &ErrorTexts) -> &'static str {
                match self {
                    $(Self::$variant => texts.$key),+
                }
            }
        }
    };
}

closed! {
    /// `oauth_exception`
    Exception {
        /// A parameter is missing, repeated or malformed.
        InvalidRequest "invalid_request" invalid_request,
        /// The client is unknown or may not ask like this.
        UnauthorizedClient "unauthorized_client" unauthorized_client,
        /// The person, the organization or a rule said no.
        AccessDenied "access_denied" access_denied,
        /// Neither `token` nor `code`, or not for this client.
        UnsupportedResponseType "unsupported_response_type" unsupported_response_type,
        /// Unknown scopes, or more than the client has.
        InvalidScope "invalid_scope" invalid_scope,
        /// Ours.
        ServerError "server_error" server_error,
        /// Too much at once.
        TemporarilyUnavailable "temporarily_unavailable" temporarily_unavailable,
        /// No grant of this name.
        UnsupportedGrantType "unsupported_grant_type" unsupported_grant_type,
        /// Used, expired, or another client's.
        InvalidGrant "invalid_grant" invalid_grant,
        /// A wrong proof of the client's identity.
        InvalidClient "invalid_client" invalid_client,
        /// Consent was taken back or never given.
        MissingGrant "missing_grant" missing_grant,
    }
}

closed! {
    /// `exception_details`
    Detail {
        /// No client has this id.
        ClientIdNotFound "client_id_not_found" client_id_not_found,
        /// The client has no redirect URI.
        RedirectUriNotSet "redirect_uri_not_set" redirect_uri_not_set,
        /// None of the client's redirect URIs matches.
        InvalidRedirectUri "invalid_redirect_uri" invalid_redirect_uri,
        /// Too often in too short a time.
        TooManyRedirects "too_many_redirects" too_many_redirects,
    }
}

/// The error page.
#[derive(Template)]
#[template(path = "error.html")]
pub struct Error<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// `None` for a code that is not known, and for none.
    pub exception: Option<Exception>,
    /// `None` for a code that is not known, and for none.
    pub detail: Option<Detail>,
}

impl<'a> Error<'a> {
    /// From what the address says.
    pub fn of(frame: Frame<'a>, exception: Option<&str>, detail: Option<&str>) -> Self {
        // Spelt this way in 2017.
        let detail = detail.map(|code| if code == "to_many_redirects" { "too_many_redirects" } else { code });
        Self { frame, exception: exception.and_then(Exception::of), detail: detail.and_then(Detail::of) }
    }

    /// What the person reads, title and text.
    fn told(&self) -> (&'static str, &'static str) {
        let t = &self.frame.t().error;
        match (self.exception, self.detail) {
            (_, Some(Detail::TooManyRedirects)) => (t.loop_title, t.loop_text),
            (_, Some(_)) => (t.application_title, t.application_text),
            (None, None) => (t.unknown_title, t.unknown_text),
            (Some(exception), None) => match exception {
                Exception::AccessDenied => (t.denied_title, t.denied_text),
                Exception::MissingGrant => (t.consent_title, t.consent_text),
                Exception::ServerError => (t.ours_title, t.ours_text),
                Exception::TemporarilyUnavailable => (t.busy_title, t.busy_text),
                Exception::InvalidScope => (t.scope_title, t.scope_text),
                Exception::InvalidGrant => (t.expired_title, t.expired_text),
                _ => (t.application_title, t.application_text),
            },
        }
    }

    /// What the developer has to do, code by code.
    fn fixes(&self) -> Vec<(&'static str, &'static str)> {
        let t = &self.frame.t().error;
        let exception = self.exception.map(|exception| (exception.code(), exception.fix(t)));
        let detail = self.detail.map(|detail| (detail.code(), detail.fix(t)));
        [exception, detail].into_iter().flatten().collect()
    }
}
