//! Notices to applications that a session has ended, sent as long as the server runs (Back-Channel Logout 1.0).
//!
//! **Invariant:** an address that an application registered leads out, or to this very machine when it says so: never
//! into the network that this machine stands in, unless whoever runs it allows that.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use network::openid::OpenidError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

/// How often is looked whether one has to be sent.
const LOOK: Duration = Duration::from_secs(2);
/// How long an application may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends notices until the program ends.
pub(crate) async fn send(app: web::App, inside: bool) {
    let client = match client(inside) {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(error = %format!("{error:#}"), "no notices can be sent");
            return;
        }
    };
    loop {
        tokio::time::sleep(LOOK).await;
        match send_due(&app, &client, inside).await {
            Ok(()) => {}
            Err(OpenidError::Issuer(origin)) => {
                tracing::warn!(origin, "no application can sign people in at this address");
                return;
            }
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(error, "notices could not be sent");
            }
        }
    }
}

async fn send_due(app: &web::App, client: &Client, inside: bool) -> Result<(), OpenidError> {
    for notice in app.notices_due().await? {
        match post(client, &notice.address, &notice.token, inside).await {
            Ok(()) => app.notice_taken(&notice).await?,
            // It is sent again later; the application's owner is the one who can act.
            Err(error) => tracing::warn!(
                application = %notice.application,
                error = %format!("{error:#}"),
                "an application did not take a notice"
            ),
        }
    }
    Ok(())
}

fn client(inside: bool) -> Result<Client> {
    Client::builder()
        .redirect(Policy::none())
        .timeout(PATIENCE)
        .no_proxy()
        .dns_resolver(Arc::new(Outside { inside }))
        .build()
        .context("the client could not be made")
}

async fn post(client: &Client, address: &str, token: &str, inside: bool) -> Result<()> {
    let url: Url = address.parse()?;
    let host = url.host_str().context("the address has no host")?;
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    if let Ok(ip) = literal {
        ensure!(is_allowed(ip, ip.is_loopback(), inside), "the address leads inside");
    }
    // A token is base64url and dots: nothing in it has to be encoded.
    let body = format!("logout_token={token}");
    let form = "application/x-www-form-urlencoded";
    let answer = client.post(url).header("content-type", form).body(body).send().await?;
    if !answer.status().is_success() {
        bail!("it answered {}", answer.status());
    }
    Ok(())
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
    fn asvs_13_2_4_notices_lead_out_and_not_into_the_own_network() {
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
        let client = client(false).unwrap();
        for address in ["https://10.1.2.3/x", "https://[fd00::1]/x", "https://169.254.169.254/"] {
            let error = post(&client, address, "x", false).await.unwrap_err();
            assert_eq!(error.to_string(), "the address leads inside", "{address}");
        }
    }
}
