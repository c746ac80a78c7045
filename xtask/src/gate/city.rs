//! A demonstration city, and its server while something looks at it.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::project::{cargo, command, output, run, target};

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// A small demonstration city, which goes when this is dropped.
pub(super) struct City {
    /// The program that made it.
    pub(super) haihe: PathBuf,
    folder: TempDir,
}

impl City {
    /// Builds the program and has it make a city.
    pub(super) fn make() -> anyhow::Result<Self> {
        // The whole workspace, like the tests, so that nothing is built twice.
        run(cargo().args(["build", "--release", "--locked", "--workspace"]))?;
        let haihe = target()?.join("release").join("haihe");
        let folder = tempfile::Builder::new().prefix("haihe-city-").tempdir()?;
        let city = Self { haihe, folder };
        run(&mut city.command(&["demo", "--size", "s", "--no-serve"]))?;
        Ok(city)
    }

    /// Its data folder.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("city")
    }

    /// The program, on this city.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut haihe = command(&self.haihe);
        haihe.args(words).arg("--data").arg(self.data());
        haihe
    }

    /// A token of another system that opens an interface for the whole city.
    pub(super) fn token(&self, interface: &str, name: &str) -> anyhow::Result<String> {
        let board = output(&mut self.command(&["scoreboard", "--format", "json"]))?;
        let board: serde_json::Value = serde_json::from_str(&board)?;
        let whole = board.pointer("/organisation/code").and_then(serde_json::Value::as_str);
        let whole = whole.context("the scoreboard names no organisation")?;
        let words = ["token", "issue", interface, "--name", name, "--org", whole];
        let datasets: &[&str] =
            if interface == "records" { &["--dataset", "enrolments"] } else { &[] };
        let said = output(&mut self.command(&[&words, datasets].concat()))?;
        Ok(said.lines().next().context("no token was issued")?.to_owned())
    }

    /// Serves it on this machine.
    pub(super) fn serve(&self, port: u16, words: &[&str]) -> anyhow::Result<Server> {
        let port_text = port.to_string();
        let mut serve = self.command(&[&["serve", "--port", &port_text], words].concat());
        Server::start("haihe serve", &mut serve, port)
    }
}

/// A port that nobody listens on.
pub(super) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A server, ended when this is dropped.
pub(super) struct Server {
    name: &'static str,
    process: Child,
    pub(super) port: u16,
}

impl Server {
    /// Starts a program, and waits until it answers.
    pub(super) fn start(
        name: &'static str,
        program: &mut Command,
        port: u16,
    ) -> anyhow::Result<Self> {
        let process = program.stdout(Stdio::null()).spawn();
        let process = process.with_context(|| format!("cannot run {name}"))?;
        let mut server = Self { name, process, port };
        for _ in 0..PATIENCE.as_millis() / 100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            if let Some(status) = server.process.try_wait()? {
                bail!("{name} ended: {status}");
            }
            sleep(Duration::from_millis(100));
        }
        bail!("{name} does not answer on port {port}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process.kill().and_then(|()| self.process.wait()).is_err() {
            println!("  {} had already ended", self.name);
        }
    }
}
