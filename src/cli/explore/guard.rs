//! Who may ask: whoever has the address of the page, from this very page.

use super::http::{FORBIDDEN, Method, Request, Response};
use crate::error::{BadFile, Result};
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

/// How long a token is, in bytes.
const TOKEN_BYTES: usize = 24;

/// A word that nobody can guess.
pub(super) struct Token(String);

impl Token {
    /// A new one, of chance that the system gives.
    pub(super) fn new() -> Result<Self> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| BadFile::Io {
            doing: "draw the address of the page",
            error: error.into(),
        })?;
        let mut text = String::new();
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(Self(text))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Whether a text is it. It takes as long for any text of that length.
    pub(super) fn is(&self, text: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), text.as_bytes());
        let differs = own
            .iter()
            .zip(other)
            .fold(0, |differs, (one, other)| differs | (one ^ other));
        std::hint::black_box(differs) == 0 && own.len() == other.len()
    }
}

/// By which names the page is reached.
pub(super) struct Hosts {
    named: Vec<String>,
    /// The port at which any address of this machine will do, where it listens on others than its
    /// own loopback.
    open_port: Option<u16>,
}

impl Hosts {
    /// The names of an address: the address itself, and `localhost` where it is of this machine
    /// alone.
    pub(super) fn of(address: SocketAddr) -> Self {
        let port = address.port();
        let is_own = address.ip().is_loopback();
        let mut named = vec![address.to_string()];
        if is_own {
            named.push(format!("localhost:{port}"));
        }
        // A browser leaves out the port that it would take anyway.
        if port == 80 {
            let short = |name: &String| name.trim_end_matches(":80").to_owned();
            named.extend(named.iter().map(short).collect::<Vec<_>>());
        }
        Self {
            named,
            open_port: (!is_own).then_some(port),
        }
    }

    /// Whether a name is one of them. Where it listens for others, any address in digits is: no
    /// trick leads there.
    fn has(&self, name: &str) -> bool {
        let is_address = self.open_port.is_some_and(|port| {
            let with_port = name.parse::<SocketAddr>();
            with_port.is_ok_and(|address| address.port() == port)
                || port == 80 && name.parse::<IpAddr>().is_ok()
        });
        is_address || self.named.iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether a request is meant for this page, and comes from it. A name that leads here by a
    /// trick of its owner is none of ours, and a page of anybody else may not ask.
    pub(super) fn admit(&self, request: &Request) -> Result<(), Response> {
        let refuse = |says: &str| Err(Response::refusal(FORBIDDEN, says));
        let host = request.host.as_deref().unwrap_or_default();
        if !self.has(host) {
            return refuse("This is not the name of this page.\n");
        }
        let is_own = |origin: &str| {
            let name = origin.strip_prefix("http://");
            name.is_some_and(|name| self.has(name))
        };
        if request.origin.as_deref().is_some_and(|it| !is_own(it)) {
            return refuse("Another page may not ask this one.\n");
        }
        let site = request.site.as_deref().unwrap_or("none");
        let is_near = matches!(site, "same-origin" | "none");
        if !is_near && request.method == Method::Post {
            return refuse("Another page may not ask this one.\n");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let [one, other] = [Token::new().unwrap(), Token::new().unwrap()];
        assert_eq!(one.text().len(), 2 * TOKEN_BYTES);
        assert!(one.is(one.text()));
        assert!(!one.is(other.text()));
        assert!(!one.is(""));
        assert!(!one.is(&one.text()[1..]));
        assert!(!one.is(&format!("{}0", one.text())));
    }
}
