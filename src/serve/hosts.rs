//! Says which names of this server a request may use, so that no other page can point its own name
//! here (DNS rebinding).

use std::net::{IpAddr, SocketAddr};

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};

use crate::serve::answer::Refusal;

/// The names of this server.
#[derive(Debug)]
pub(super) struct Hosts {
    port: u16,
    names: Vec<String>,
    /// Whether any address by number is one: a page that was rebound has a name.
    any_number: bool,
}

impl Hosts {
    /// The names of a server that listens here, which was asked for as `given` if it was.
    pub(super) fn new(listening: SocketAddr, given: Option<&str>) -> Self {
        let mut names = Vec::new();
        if listening.ip().is_loopback() {
            names.push("localhost".to_owned());
        }
        names.push(in_address(listening.ip()));
        names.extend(given.map(str::to_owned));
        Hosts { port: listening.port(), names, any_number: listening.ip().is_unspecified() }
    }

    /// Checks what a request calls this server, before anything else is looked at.
    ///
    /// # Errors
    /// No name or several (400), or one that is not this server's (421).
    pub(super) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut given = headers.get_all(HOST).iter();
        let (Some(host), None) = (given.next(), given.next()) else {
            return Err(Refusal::bad_request("the request has no Host header, or several"));
        };
        let named = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
        let is_ours = |authority: &Authority| self.is_ours(authority);
        match named.as_ref().is_some_and(is_ours) && uri.authority().is_none_or(is_ours) {
            true => Ok(()),
            false => Err(Refusal::new(
                StatusCode::MISDIRECTED_REQUEST,
                "this server does not go by the name in the request",
            )
            .with_hint("open the address that the program printed")),
        }
    }

    fn is_ours(&self, authority: &Authority) -> bool {
        let host = authority.host();
        let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let is_name = || self.names.iter().any(|name| name.eq_ignore_ascii_case(host));
        authority.port_u16().unwrap_or(80) == self.port
            && !authority.as_str().contains('@')
            && (is_name() || (self.any_number && number.is_ok()))
    }
}

/// An address by number as it stands in a URL.
pub(super) fn in_address(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(hosts: &Hosts, host: Option<&str>, uri: &str) -> u16 {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert(HOST, host.parse().unwrap());
        }
        hosts.check(&uri.parse().unwrap(), &headers).err().map_or(200, |refusal| refusal.status.as_u16())
    }

    #[test]
    fn on_loopback_only_its_names_with_its_port_pass() {
        let hosts = Hosts::new("127.0.0.1:8765".parse().unwrap(), None);
        for host in ["127.0.0.1:8765", "localhost:8765", "LocalHost:8765"] {
            assert_eq!(status(&hosts, Some(host), "/"), 200, "{host}");
        }
        for host in [
            "evil.example:8765",
            "127.0.0.1",
            "localhost",
            "127.0.0.1:80",
            "127.0.0.1:8766",
            "127.0.0.2:8765",
            "localhost.:8765",
            "localhost.evil.example:8765",
            "x@127.0.0.1:8765",
            "[::1]:8765",
            "",
            "127.0.0.1:8765:1",
            "0.0.0.0:8765",
            "2130706433:8765",
        ] {
            assert_eq!(status(&hosts, Some(host), "/"), 421, "{host}");
        }
        assert_eq!(status(&hosts, None, "/"), 400);
        assert_eq!(status(&hosts, Some("127.0.0.1:8765"), "http://evil.example/read"), 421);
        let mut twice = HeaderMap::new();
        twice.append(HOST, "127.0.0.1:8765".parse().unwrap());
        twice.append(HOST, "evil.example".parse().unwrap());
        assert_eq!(hosts.check(&"/".parse().unwrap(), &twice).unwrap_err().status, StatusCode::BAD_REQUEST);
    }

    #[test]
    fn elsewhere_the_given_name_passes_and_every_number_where_all_addresses_are_listened_to() {
        let named = Hosts::new("192.0.2.7:80".parse().unwrap(), Some("desk.example"));
        assert_eq!(status(&named, Some("desk.example"), "/"), 200);
        assert_eq!(status(&named, Some("192.0.2.7"), "/"), 200);
        assert_eq!(status(&named, Some("localhost"), "/"), 421);
        let all = Hosts::new("0.0.0.0:8765".parse().unwrap(), Some("0.0.0.0"));
        assert_eq!(status(&all, Some("192.0.2.7:8765"), "/"), 200);
        assert_eq!(status(&all, Some("[2001:db8::1]:8765"), "/"), 200);
        assert_eq!(status(&all, Some("evil.example:8765"), "/"), 421);
    }
}
