//! Finds a port to listen on.

use std::io;
use std::net::{Ipv4Addr, TcpListener, ToSocketAddrs};

use crate::error::{Error, Result};

/// Ports that are tried one after the other.
const TRIES: u16 = 50;

/// Listens at `port` of this machine alone, or of the address that `host` names; at the next free
/// port if that one is taken.
///
/// # Errors
/// A name that is not known, an address that is not this machine's, or no free port.
pub(super) fn listen(host: Option<&str>, port: u16) -> Result<TcpListener> {
    let last = if port == 0 { 0 } else { port.saturating_add(TRIES) };
    for port in port..=last {
        let bound = match host {
            None => TcpListener::bind((Ipv4Addr::LOCALHOST, port)),
            Some(host) => (host, port).to_socket_addrs().and_then(|found| {
                let found: Vec<_> = found.collect();
                TcpListener::bind(found.as_slice())
            }),
        };
        match bound {
            Ok(listener) => return Ok(listener),
            Err(error) if is_taken(&error) => {}
            Err(error) => {
                let host = host.unwrap_or("this machine");
                return Err(Error::run(format!("cannot listen at port {port} of {host}"), Some(error)));
            }
        }
    }
    let message = format!("the ports {port} to {last} are taken; expected a free one");
    Err(Error::invalid_parameter("port", port, "a free port, or one before a free one").with_message(message))
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_free_port_is_taken_and_only_this_machine_reaches_it() {
        let first = listen(None, 0).unwrap();
        let taken = first.local_addr().unwrap();
        let next = listen(None, taken.port()).unwrap().local_addr().unwrap();
        assert!(next.port() > taken.port());
        assert!(taken.ip().is_loopback() && next.ip().is_loopback());
        assert!(listen(Some("no.such.host.invalid"), 0).is_err());
    }
}
