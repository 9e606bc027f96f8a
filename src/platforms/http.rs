//! The wire under every connector: one POST, a bounded answer, and an endpoint that secrets may be sent to.
//!
//! Rule: keys and tokens travel over TLS, or stay on this machine. An endpoint is `https`, or `http` on loopback (the
//! sandbox); anything else is refused when it is read, before there is anything to send.
//!
//! Redirects are not followed: a signed POST that lands elsewhere is a mistake. An answer larger than
//! [`MAX_BODY_BYTES`] is not read to its end.

use super::PlatformError;
use reqwest::{Client, RequestBuilder, StatusCode, Url, header, redirect};
use std::sync::Once;
use std::time::Duration;

/// A page of 100 orders is about 0.3 MB.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;
/// To connect and to answer.
const TIMEOUT: Duration = Duration::from_secs(12);
/// Connections kept between pages.
const IDLE_CONNECTIONS: usize = 4;

/// Where a platform listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
    loopback: bool,
}

impl Endpoint {
    /// Reads an address; the error is for a person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|e| format!("endpoint {text:?} is not an address: {e}"))?;
        let host = url.host_str().unwrap_or_default();
        let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
            return Err(format!("endpoint {text:?}: keys are sent over https only, or over http to this machine"));
        }
        Ok(Self { url, loopback })
    }

    /// The address of a path under it, with a query.
    pub fn at(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{path}", self.url.path().trim_end_matches('/')));
        url.query_pairs_mut().clear().extend_pairs(query);
        url
    }
}

/// Chooses the TLS implementation of the process; calling it again does nothing.
pub fn install_tls() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // An error only says that somebody installed one before, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// A client for an endpoint.
///
/// For loopback neither the system's certificates nor a proxy is looked at: a bare machine may have no certificates at
/// all, and its demo must still run.
pub fn client(endpoint: &Endpoint) -> Result<Client, PlatformError> {
    install_tls();
    let builder = Client::builder()
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .tcp_nodelay(true);
    let builder = if endpoint.loopback { builder.no_proxy().tls_certs_only([]) } else { builder };
    builder.build().map_err(|e| PlatformError::Unreachable { context: format!("no HTTPS client: {}", e.without_url()) })
}

/// What came back, whatever its status.
#[derive(Debug)]
pub struct Received {
    pub status: StatusCode,
    /// The wait asked for in the `Retry-After` header, in seconds.
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

impl Received {
    /// The error of an answer whose status says that the service is down or is asked too much.
    pub fn check(&self, method: &str) -> Result<(), PlatformError> {
        let context = || format!("{method}: HTTP {}", self.status);
        match self.status.as_u16() {
            429 => Err(PlatformError::Throttled { retry_after: self.retry_after, context: context() }),
            500.. => Err(PlatformError::Unreachable { context: context() }),
            _ => Ok(()),
        }
    }
}

/// Sends a request and reads its answer.
pub async fn send(request: RequestBuilder) -> Result<Received, PlatformError> {
    let unreachable = |e: reqwest::Error| PlatformError::Unreachable { context: words(&e.without_url()) };
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let expected = response.content_length().and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    let mut body = Vec::with_capacity(expected.min(MAX_BODY_BYTES));
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(PlatformError::Malformed { context: format!("an answer of more than {MAX_BODY_BYTES} bytes") });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Received { status, retry_after, body })
}

/// An error with its causes: the outermost alone says only that the request failed.
fn words(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sent_over_tls_or_not_off_this_machine() {
        for good in ["https://shop.example", "http://127.0.0.1:9000", "http://localhost", "http://[::1]:1"] {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        for bad in ["http://shop.example", "http://127.0.0.1.example", "ftp://127.0.0.1", "127.0.0.1:80", ""] {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_query_is_escaped() {
        let endpoint = Endpoint::parse("http://127.0.0.1:9000").expect("an endpoint");
        let url = endpoint.at("order/searchList", &[("t", "2023-11-15 06:13:20"), ("s", "a&b#c")]);
        assert_eq!(url.as_str(), "http://127.0.0.1:9000/order/searchList?t=2023-11-15+06%3A13%3A20&s=a%26b%23c");
        let below = Endpoint::parse("http://127.0.0.1:9000/shops/").expect("an endpoint");
        assert_eq!(below.at("token/create", &[]).path(), "/shops/token/create");
    }

    #[test]
    fn a_client_is_made_without_certificates_for_this_machine_and_says_so_for_others() {
        let at = |text| client(&Endpoint::parse(text).expect("an endpoint"));
        assert!(at("http://127.0.0.1:9000").is_ok());
        let public = at("https://shop.example");
        assert!(matches!(public, Ok(_) | Err(PlatformError::Unreachable { .. })), "{public:?}");
    }
}
