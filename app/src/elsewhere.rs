//! Requests to servers elsewhere: applications of the city and identity providers.
//!
//! **Invariant:** an address that somebody registered leads out, or to this very machine when it says so: never into the
//! network that this machine stands in, unless whoever runs it allows that. No redirect is followed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use network::outside::Ask;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

/// How long a server may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of an answer.
const MOST_BYTES: usize = 256 << 10;

/// What asks servers elsewhere. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Elsewhere {
    client: Client,
    /// Whether they may be in the network that this machine stands in.
    inside: bool,
}

impl Elsewhere {
    pub(crate) fn new(inside: bool) -> Result<Self> {
        let client = Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .dns_resolver(Arc::new(Outside { inside }))
            .build()
            .context("the client could not be made")?;
        Ok(Self { client, inside })
    }

    /// Posts a form.
    pub(crate) async fn post(&self, address: &str, form: String) -> Result<()> {
        let ask = Ask { address: address.to_owned(), authorization: None, form: Some(form) };
        self.send(ask).await.map(|_| ())
    }

    /// What a server answers.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Vec<u8>> {
        let mut answer = self.send(ask).await?;
        let mut bytes = Vec::new();
        while let Some(part) = answer.chunk().await? {
            bytes.extend_from_slice(&part);
            ensure!(bytes.len() <= MOST_BYTES, "it answered more than anyone needs");
        }
        Ok(bytes)
    }

    async fn send(&self, ask: Ask) -> Result<Response> {
        let url: Url = ask.address.parse()?;
        let host = url.host_str().context("the address has no host")?;
        // A name is looked up by the resolver below, which judges what it finds.
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        if let Ok(ip) = literal {
            ensure!(is_allowed(ip, ip.is_loopback(), self.inside), "the address leads inside");
        }
        let mut request = match ask.form {
            Some(form) => {
                let kind = "application/x-www-form-urlencoded";
                self.client.post(url).header("content-type", kind).body(form)
            }
            None => self.client.get(url),
        };
        request = request.header("accept", "application/json");
        if let Some(authorization) = ask.authorization {
            request = request.header("authorization", authorization);
        }
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "it answered {}", answer.status());
        Ok(answer)
    }
}

/// Finds the addresses of a name, and leaves out those that lead inside.
#[derive(Debug)]
struct Outside {
    inside: bool,
}

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        let inside = self.inside;
        Box::pin(async move {
            let is_here = name.as_str() == "localhost";
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|it| is_allowed(it.ip(), is_here, inside)).collect();
            if allowed.is_empty() {
                return Err("the name leads nowhere, or inside".into());
            }
            let allowed: Addrs = Box::new(allowed.into_iter());
            Ok(allowed)
        })
    }
}

/// Whether something may be sent to an address; `is_here` says that this machine was meant.
fn is_allowed(ip: IpAddr, is_here: bool, inside: bool) -> bool {
    let ip = ip.to_canonical();
    if ip.is_loopback() {
        return is_here;
    }
    let never = ip.is_unspecified() || ip.is_multicast();
    let private = match ip {
        IpAddr::V4(it) => {
            let [first, second, ..] = it.octets();
            let shared = first == 100 && (64..128).contains(&second);
            it.is_private() || it.is_link_local() || it.is_broadcast() || shared || first == 0
        }
        IpAddr::V6(it) => is_local(it),
    };
    !never && (inside || !private)
}

/// Link-local and unique local addresses.
const fn is_local(ip: Ipv6Addr) -> bool {
    ip.is_unicast_link_local() || ip.is_unique_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str, is_here: bool, inside: bool) -> bool {
        is_allowed(text.parse().unwrap(), is_here, inside)
    }

    #[test]
    fn asvs_13_2_4_requests_lead_out_and_not_into_the_own_network() {
        for ip in ["192.0.2.1", "203.0.113.9", "2001:db8::1"] {
            assert!(allowed(ip, false, false), "{ip}");
        }
        let inside = [
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.1.2.3",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ];
        for ip in inside {
            assert!(!allowed(ip, false, false), "{ip}");
            assert!(allowed(ip, false, true), "{ip}");
        }
        for ip in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(allowed(ip, true, false) && !allowed(ip, false, true), "{ip}");
        }
        for ip in ["0.0.0.0", "::", "224.0.0.1", "ff02::1"] {
            assert!(!allowed(ip, true, true), "{ip}");
        }
    }

    #[tokio::test]
    async fn an_address_inside_is_not_even_asked() {
        let elsewhere = Elsewhere::new(false).unwrap();
        for address in ["https://10.1.2.3/x", "https://[fd00::1]/x", "https://169.254.169.254/"] {
            let error = elsewhere.post(address, String::new()).await.unwrap_err();
            assert_eq!(error.to_string(), "the address leads inside", "{address}");
        }
    }
}
