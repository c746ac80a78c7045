//! One run of the product: wall time, processor time, peak memory.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::reading;

/// What one process took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measured {
    wall: Duration,
    /// Ticks of a hundredth of a second, user and system.
    cpu_ticks: u64,
    peak_kib: u64,
}

impl Measured {
    pub(crate) fn report(&self) -> serde_json::Value {
        let cpu = Duration::from_millis(self.cpu_ticks * 10);
        serde_json::json!({
            "wall_s": (self.wall.as_secs_f64() * 100.0).round() / 100.0,
            "cpu_s": cpu.as_secs_f64(),
            "peak_mib": self.peak_kib / 1024,
        })
    }
}

/// Runs to the end; its figures are read from `/proc` every few milliseconds, so the last ones may be missed.
pub(crate) fn run(program: &Path, arguments: &[&str]) -> Result<Measured> {
    let began = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} could not be started", program.display()))?;
    let mut measured = Measured::default();
    loop {
        if let Some(now) = look(&child) {
            measured = Measured { peak_kib: measured.peak_kib.max(now.peak_kib), ..now };
        }
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("haihe {} ended with {status}", arguments.join(" "));
            }
            measured.wall = began.elapsed();
            return Ok(measured);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Runs to the end, and gives what was printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let ended = command.output().with_context(|| format!("{command:?} could not be started"))?;
    if !ended.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&ended.stderr));
    }
    Ok(String::from_utf8(ended.stdout)?)
}

fn look(child: &Child) -> Option<Measured> {
    let folder = format!("/proc/{}", child.id());
    let stat = fs::read_to_string(format!("{folder}/stat")).ok()?;
    // The name in brackets may hold spaces; the fields after it are counted from the state.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    let status = fs::read_to_string(format!("{folder}/status")).ok()?;
    let peak = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let peak_kib = peak.split_whitespace().next()?.parse().ok()?;
    Some(Measured { wall: Duration::ZERO, cpu_ticks: user + system, peak_kib })
}

/// A server that ends with this value.
#[derive(Debug)]
pub(crate) struct Server(Child);

impl Server {
    /// Starts it and waits until it answers.
    pub(crate) async fn start(program: &Path, data: &str, port: u16) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "--data", data, "--port", &port.to_string()]);
        Self::of(&mut command, port, "/api/v1/releases").await
    }

    /// Starts any server, and waits until it answers at a path.
    pub(crate) async fn of(command: &mut Command, port: u16, path: &str) -> Result<Self> {
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{command:?} could not be started"))?;
        let server = Self(child);
        for _ in 0..600 {
            if reading::get(port, path).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server did not answer within half a minute")
    }
}

impl Server {
    /// Processor time so far, and memory at its peak and now in KiB.
    pub(crate) fn used(&self) -> Result<(Duration, u64, u64)> {
        let measured = look(&self.0).context("the server is gone")?;
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let now = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).context("no memory")?;
        let now = now.split_whitespace().next().context("no memory")?.parse()?;
        Ok((Duration::from_millis(measured.cpu_ticks * 10), measured.peak_kib, now))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            let _ended = self.0.wait();
        }
    }
}
