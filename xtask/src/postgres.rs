//! A private PostgreSQL for one run of the tests: own folder, own port, loopback only.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::project::output;
use crate::tools;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A cluster that lives for minutes needs no durability.
const SETTINGS: [&str; 5] = [
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=400",
];

/// A running server; it is stopped and its data removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    folder: TempDir,
    /// User and group the server runs as when we are root, which it refuses to be.
    owner: Option<(u32, u32)>,
    port: u16,
    process: Option<Child>,
}

impl Server {
    /// Makes an empty cluster and starts it.
    pub(crate) fn start() -> anyhow::Result<Self> {
        Self::start_with(&[])
    }

    /// The same, with settings of `postgresql.conf` besides our own.
    pub(crate) fn start_with(settings: &[&str]) -> anyhow::Result<Self> {
        let mut server = Self {
            programs: programs()?,
            folder: tempfile::Builder::new().prefix("haihe-postgres-").tempdir()?,
            owner: owner()?,
            port: TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port(),
            process: None,
        };
        if let Some((user, group)) = server.owner {
            chown(server.folder.path(), Some(user), Some(group))?;
        }
        output(server.program("initdb").args(["--username=haihe", "--auth=trust"]).args([
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--pgdata=data",
        ]))?;
        let log = File::create(server.folder.path().join("log"))?;
        let mut postgres = server.program("postgres");
        postgres.args(["-D", "data", "-p", &server.port.to_string(), "-k"]);
        let settings = SETTINGS.iter().chain(settings).flat_map(|it| ["-c", it]);
        postgres.arg(server.folder.path()).args(settings);
        postgres.stdout(Stdio::null());
        // Our own child, so that who interrupts the gate interrupts it too.
        server.process = Some(postgres.stderr(log).spawn()?);
        server.wait()?;
        Ok(server)
    }

    /// Waits until it answers.
    fn wait(&mut self) -> anyhow::Result<()> {
        for _ in 0..PATIENCE.as_millis() / 100 {
            let mut ask = self.program("pg_isready");
            ask.args(["--quiet", "--host=127.0.0.1", "--port", &self.port.to_string()]);
            if ask.status()?.success() {
                return Ok(());
            }
            if let Some(process) = &mut self.process
                && let Some(status) = process.try_wait()?
            {
                let log = std::fs::read_to_string(self.folder.path().join("log"))?;
                bail!("PostgreSQL did not start: {status}\n{log}");
            }
            sleep(Duration::from_millis(100));
        }
        bail!("PostgreSQL does not answer on port {}", self.port)
    }

    /// Address for `HAIHE_TEST_DB`.
    pub(crate) fn address(&self) -> String {
        format!("postgres://haihe@127.0.0.1:{}/postgres", self.port)
    }

    /// Its version, such as `15.14`.
    pub(crate) fn version(&self) -> anyhow::Result<String> {
        let said = output(self.program("postgres").arg("--version"))?;
        Ok(said.split_whitespace().nth(2).unwrap_or_default().to_owned())
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.gid(group).uid(user);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stop = ["stop", "--wait", "--silent", "--mode=immediate", "--pgdata=data"];
        let stopped = self.program("pg_ctl").args(stop).stderr(Stdio::null()).status();
        if !stopped.is_ok_and(|it| it.success()) {
            println!("  PostgreSQL on port {} had already stopped", self.port);
        }
        if let Some(process) = &mut self.process
            && let Err(error) = process.wait()
        {
            println!("  PostgreSQL on port {}: {error}", self.port);
        }
    }
}

/// The folder with `initdb` and `pg_ctl`, which Debian keeps off the search path.
fn programs() -> anyhow::Result<PathBuf> {
    let find = || {
        let debian = tools::newest_version(Path::new("/usr/lib/postgresql"));
        let on_path = || tools::find("initdb")?.parent().map(Path::to_path_buf);
        debian.or_else(on_path).filter(|it| it.join("initdb").is_file())
    };
    tools::from_debian(&["postgresql"], || find().is_some())?;
    find().context("PostgreSQL is missing")
}

fn owner() -> anyhow::Result<Option<(u32, u32)>> {
    if !tools::is_root() {
        return Ok(None);
    }
    let user = if tools::id(&["-u", "postgres"]).is_ok() { "postgres" } else { "nobody" };
    Ok(Some((tools::id(&["-u", user])?, tools::id(&["-g", user])?)))
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::Server;

    #[test]
    fn a_private_server_answers_and_leaves_nothing_behind() {
        let server = Server::start().unwrap();
        let (port, folder) = (server.port, server.folder.path().to_owned());
        assert!(server.address().contains(&port.to_string()));
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
