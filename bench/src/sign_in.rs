//! Signing in: a crowd of accounts, and clients that sign in one after another over HTTP as browsers do.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use network::passwords::Policies;
use network::testing::login_of;

use crate::crowd::{Crowd, per, sign_in};
use crate::process::Server;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    crowd: Crowd,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Clients at once.
    #[arg(long, default_value_t = 8)]
    clients: usize,
}

const PORT: u16 = 18_082;

/// Has clients sign in for a while.
pub(crate) async fn measure(haihe: &Path, options: &Options) -> Result<serde_json::Value> {
    let cost = Policies::shipped()?.cost;
    options.crowd.gather(haihe).await?;
    let server = Server::start(haihe, &options.crowd.folder(), PORT).await?;
    let (cpu_before, _, idle) = server.used()?;
    let (began, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let until = began + Duration::from_secs(options.seconds);
    let mut running = Vec::new();
    for _ in 0..options.clients {
        let (next, accounts) = (Arc::clone(&next), options.crowd.accounts);
        running.push(tokio::spawn(async move {
            let mut done = 0_u32;
            while Instant::now() < until {
                // Far apart in the registry, as people are.
                let number = next.fetch_add(1, Ordering::Relaxed).wrapping_mul(7_919) % accounts;
                sign_in(PORT, &login_of(number)).await?;
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
    Ok(serde_json::json!({
        "accounts": options.crowd.accounts,
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "sign_ins": done,
        "per_second": per(done, wall),
        "per_second_and_core": per(done, cpu),
        "resident_idle_mib": idle / 1024,
        "resident_mib": now / 1024,
        "resident_peak_mib": peak / 1024,
    }))
}
