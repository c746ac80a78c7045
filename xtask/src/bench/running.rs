//! One run of one engine, in a process of its own, under measurement.

use std::fs;
use std::process::Stdio;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::engines::Engine;
use super::setting::Setting;
use crate::project::command;

/// What a run took.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(super) struct Measured {
    /// Zero where a server worked: it is the client that was waited for.
    #[serde(default)]
    pub(super) wall_s: f64,
    /// User and system, of the process and its children.
    pub(super) cpu_s: f64,
    pub(super) peak_bytes: u64,
    /// Bytes asked of the system, most of them from its memory.
    pub(super) read_bytes: u64,
    pub(super) written_bytes: u64,
    /// Of what was read, what the system did not remember.
    #[serde(default)]
    pub(super) disk_read_bytes: u64,
}

impl Measured {
    /// On one line, for who looks on.
    pub(super) fn line(&self) -> String {
        let Self { wall_s, cpu_s, peak_bytes, .. } = self;
        format!("{cpu_s:>7.2} CPU-s {wall_s:>7.2} s {:>6} MiB", peak_bytes / 1_048_576)
    }

    /// A client and the server that worked for it.
    fn plus(self, server: Self) -> Self {
        Self {
            wall_s: self.wall_s,
            cpu_s: self.cpu_s + server.cpu_s,
            peak_bytes: self.peak_bytes + server.peak_bytes,
            read_bytes: self.read_bytes + server.read_bytes,
            written_bytes: self.written_bytes + server.written_bytes,
            disk_read_bytes: self.disk_read_bytes + server.disk_read_bytes,
        }
    }
}

/// Runs an engine to its end. Its answers of before are gone, whatever happens.
pub(super) fn run(setting: &Setting, engine: &Engine) -> anyhow::Result<Measured> {
    let answers = setting.answers_of(engine);
    let server = setting.scratch.join("server.json");
    for old in [&answers, &server] {
        if old.exists() {
            fs::remove_file(old)?;
        }
    }
    let output = command("python3")
        .arg(setting.scripts.join("measured.py"))
        .arg(&engine.program)
        .args(&engine.arguments)
        .env("GOV1_POSTGRES", setting.postgres.address())
        .env("GOV1_SERVER", &server)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stderr(Stdio::piped())
        .output()
        .context("python3 cannot be run")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|it| !it.trim().is_empty()).unwrap_or_default();
        bail!("ended with {}: {last}", output.status);
    }
    let measured: Measured = serde_json::from_slice(&output.stdout).context("its measurement")?;
    if !server.exists() {
        return Ok(measured);
    }
    let server = serde_json::from_slice(&fs::read(&server)?).context("its server's measurement")?;
    Ok(measured.plus(server))
}
