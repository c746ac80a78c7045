//! Signing in: a crowd of accounts, and clients that sign in one after another over HTTP as browsers do.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use network::passwords::{self, Password, Policies};
use network::testing::{Counting, crowd, login_of};
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::{Server, run};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder of the data centre; made with its crowd when it is not there.
    #[arg(long, default_value = "bench-sign-in")]
    crowd: PathBuf,
    /// A plan folder for it.
    #[arg(long, default_value = "examples/small-schools")]
    plan: PathBuf,
    #[arg(long, default_value_t = 1_000_000)]
    accounts: usize,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Clients at once.
    #[arg(long, default_value_t = 8)]
    clients: usize,
}

/// Of everybody in the crowd.
const PASSWORD: &str = "a quiet river in winter";

const PORT: u16 = 18_082;

/// Makes the crowd where it is not there, and has clients sign in for a while.
pub(crate) async fn measure(haihe: &Path, options: &Options) -> Result<serde_json::Value> {
    let data = options.crowd.display().to_string();
    let policies = Policies::shipped()?;
    if !options.crowd.join("centre.toml").exists() {
        run(haihe, &["init", "--plan", &options.plan.display().to_string(), "--data", &data])?;
        let store =
            Store::open(&format!("sqlite:{}", options.crowd.join("haihe.db").display())).await?;
        let password = Password::new(PASSWORD.to_owned());
        let phc = passwords::hash(&password, policies.cost, &mut Counting::default())?;
        crowd(&store, options.accounts, &"12".parse()?, &phc).await?;
        store.close().await;
    }
    let server = Server::start(haihe, &data, PORT).await?;
    let (cpu_before, _, idle) = server.used()?;
    let (began, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let until = began + Duration::from_secs(options.seconds);
    let mut running = Vec::new();
    for _ in 0..options.clients {
        let (next, accounts) = (Arc::clone(&next), options.accounts);
        running.push(tokio::spawn(async move {
            let mut done = 0_u32;
            while Instant::now() < until {
                // Far apart in the registry, as people are.
                let number = next.fetch_add(1, Ordering::Relaxed).wrapping_mul(7_919) % accounts;
                sign_in(&login_of(number)).await?;
                done += 1;
            }
            Ok::<_, anyhow::Error>(done)
        }));
    }
    let mut done = 0_u32;
    for client in running {
        done += client.await??;
    }
    let wall = began.elapsed();
    let (cpu_after, peak, now) = server.used()?;
    let cpu = cpu_after.saturating_sub(cpu_before);
    let per = |time: Duration| (f64::from(done) / time.as_secs_f64() * 10.0).round() / 10.0;
    Ok(serde_json::json!({
        "accounts": options.accounts,
        "memory_kib": policies.cost.memory_kib,
        "passes": policies.cost.passes,
        "sign_ins": done,
        "per_second": per(wall),
        "per_second_and_core": per(cpu),
        "resident_idle_mib": idle / 1024,
        "resident_mib": now / 1024,
        "resident_peak_mib": peak / 1024,
    }))
}

/// One sign-in, from the form to the session.
async fn sign_in(login: &str) -> Result<()> {
    let mut connection = TcpStream::connect(("127.0.0.1", PORT)).await?;
    let host = format!("Host: localhost:{PORT}\r\n");
    let request = format!("GET /sign-in HTTP/1.1\r\n{host}\r\n");
    let (head, body) = exchange(&mut connection, &request).await?;
    let device = head.split("haihe-device=").nth(1).and_then(|it| it.split(';').next());
    let device = device.context("no device")?;
    let csrf = body.split("name=\"csrf\" value=\"").nth(1).and_then(|it| it.split('"').next());
    let csrf = csrf.context("no form")?;
    let form = format!("csrf={csrf}&login={login}&password={}", PASSWORD.replace(' ', "+"));
    let request = format!(
        "POST /sign-in HTTP/1.1\r\n{host}Origin: http://localhost:{PORT}\r\n\
         Cookie: haihe-device={device}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let (head, _) = exchange(&mut connection, &request).await?;
    if !head.contains("haihe-session=") {
        bail!("{login} was not signed in: {}", head.lines().next().unwrap_or_default());
    }
    Ok(())
}

/// Sends a request and reads head and body of its answer.
async fn exchange(connection: &mut TcpStream, request: &str) -> Result<(String, String)> {
    connection.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    let mut part = vec![0; 16_384];
    loop {
        let read = connection.read(&mut part).await?;
        bytes.extend(part.iter().take(read));
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.split_once("\r\n\r\n").filter(|(head, body)| {
            let length = head.to_ascii_lowercase();
            let length = length.lines().find_map(|it| it.strip_prefix("content-length: "));
            let length = length.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
            body.len() >= length
        });
        if let Some((head, body)) = whole {
            return Ok((head.to_owned(), body.to_owned()));
        }
        if read == 0 {
            bail!("the server closed the connection");
        }
    }
}
