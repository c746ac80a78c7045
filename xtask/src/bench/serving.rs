//! A server of the product that runs while something is measured.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use super::http;
use crate::project::{command, output};

/// How long it may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(120);

/// Ends with this value.
#[derive(Debug)]
pub(super) struct Serving {
    process: Child,
    pub(super) port: u16,
    /// From its start to its first answer.
    pub(super) ready: Duration,
}

/// What a server used so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Used {
    pub(super) cpu_s: f64,
    pub(super) peak_mib: f64,
    pub(super) now_mib: f64,
}

impl Serving {
    /// Starts a server of a data centre on a free port, and waits until it answers.
    pub(super) fn start(haihe: &Path, centre: &Path) -> anyhow::Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        Self::start_on(haihe, centre, port)
    }

    /// The same on a port of before.
    pub(super) fn start_on(haihe: &Path, centre: &Path, port: u16) -> anyhow::Result<Self> {
        let began = Instant::now();
        let mut serve = command(haihe);
        serve.args(["serve", "--port", &port.to_string(), "--data"]).arg(centre);
        let process = serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let process = process.with_context(|| format!("{} cannot be run", haihe.display()))?;
        let mut serving = Self { process, port, ready: Duration::ZERO };
        while began.elapsed() < PATIENCE {
            if http::get(port, "/api/v1/releases").is_ok_and(|it| it.is_found()) {
                serving.ready = began.elapsed();
                return Ok(serving);
            }
            if let Some(status) = serving.process.try_wait()? {
                bail!("the server did not start: {status}");
            }
            sleep(Duration::from_millis(10));
        }
        bail!("the server does not answer on port {port}")
    }

    /// As the system counts it.
    pub(super) fn used(&self) -> anyhow::Result<Used> {
        let folder = format!("/proc/{}", self.process.id());
        let stat = fs::read_to_string(format!("{folder}/stat")).context("the server is gone")?;
        // The name in brackets may hold spaces; the fields after it are counted from the state.
        let (_, fields) = stat.rsplit_once(')').context("no state")?;
        let ticks: f64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|it| it.parse::<f64>().ok())
            .sum();
        let status = fs::read_to_string(format!("{folder}/status"))?;
        let mib = |name: &str| {
            let line = status.lines().find_map(|it| it.strip_prefix(name));
            let kib = line.and_then(|it| it.split_whitespace().next()?.parse::<f64>().ok());
            kib.map_or(0.0, |it| it / 1_024.0)
        };
        Ok(Used { cpu_s: ticks / 100.0, peak_mib: mib("VmHWM:"), now_mib: mib("VmRSS:") })
    }

    /// Asks it to end, as whoever stops it by key does, and waits until it has.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        output(command("kill").args(["-INT", &self.process.id().to_string()]))?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait()? {
                ensure!(status.success(), "the server ended with {status}");
                return Ok(());
            }
            sleep(Duration::from_millis(5));
        }
        bail!("the server does not end")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.process.kill().is_ok()
            && let Err(error) = self.process.wait()
        {
            println!("  the server on port {}: {error}", self.port);
        }
    }
}
