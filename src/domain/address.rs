//! Addresses that are shown but never fetched: a company's website, an avatar.

use super::text::{self, InvalidText};

/// Longest web address, in code points (API, Account and Organization schemas).
pub const MAX_LENGTH: usize = 255;

/// Why a text is not a web address. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// Length or characters.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// Neither `http(s)://host...` nor a bare domain.
    #[error("invalid url")]
    Form,
}

/// Accepts `http://...`, `https://...` or a bare domain (`example.com/path`), nothing that a browser would run or that
/// hides its host (`javascript:`, `data:`, user info, backslashes).
pub fn web_address(text: &str) -> Result<String, InvalidAddress> {
    let text = text::required(text, MAX_LENGTH)?;
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let rest = match scheme.as_deref() {
        Some("http" | "https") => text.split_once("://").map_or("", |(_, rest)| rest),
        Some(_) => return Err(InvalidAddress::Form),
        None => text.as_str(),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let host_is_name = idna::domain_to_ascii_strict(host).is_ok_and(|host| host.contains('.') || host == "localhost");
    let forbidden = text.chars().any(|c| c.is_whitespace() || matches!(c, '\\' | '"' | '<' | '>' | '`'));
    match host_is_name && port.parse::<u16>().is_ok() && !forbidden {
        true => Ok(text),
        false => Err(InvalidAddress::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::web_address;

    #[test]
    fn z11_http_https_and_bare_domains_only() {
        for text in
            ["example.com", "https://example.com/a?b#c", "HTTP://example.com:8080", "b\u{fc}cher.de/x", "1.2.3.4"]
        {
            assert!(web_address(text).is_ok(), "{text}");
        }
        let refused = [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "ftp://example.com",
            "https:example.com",
            "https://user@example.com",
            "//example.com",
            "https://",
            "example",
            "a b.com",
            "https://exa\\mple.com",
            "https://example.com/<script>",
            "java\tscript:x",
            "",
        ];
        for text in refused {
            assert!(web_address(text).is_err(), "{text}");
        }
    }
}
