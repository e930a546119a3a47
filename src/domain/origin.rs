//! Where a request came from, for sessions and the audit log.

/// Longest User-Agent that is kept, in characters.
pub const MAX_USER_AGENT: usize = 255;

/// Where a request came from. Personal values: never logged, kept only where a person can see and erase them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address as the platform saw it, never a header that a client can write.
    pub ip: String,
    /// The User-Agent header, cut to [`MAX_USER_AGENT`].
    pub user_agent: String,
}

impl Origin {
    /// The network that a throttle counts: an IPv4 address, or the /64 of an IPv6 one, because a single host
    /// commands all addresses of its /64.
    pub fn network(&self) -> String {
        match self.ip.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(address) => address.to_string(),
                None => {
                    let [a, b, c, d, ..] = address.segments();
                    format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
                }
            },
            Ok(std::net::IpAddr::V4(address)) => address.to_string(),
            Err(_) => "unknown".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    fn network(ip: &str) -> String {
        Origin { ip: ip.to_owned(), user_agent: String::new() }.network()
    }

    #[test]
    fn e3_one_ipv6_network_is_one_source() {
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_eq!(network("garbage"), network(""));
    }
}
