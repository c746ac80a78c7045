//! A private PostgreSQL for one run of the tests: own folder, own port, loopback only.

use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::project::output;
use crate::tools;

/// A running server; it is stopped and its data removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    folder: TempDir,
    /// User and group the server runs as when we are root, which it refuses to be.
    owner: Option<(u32, u32)>,
    port: u16,
}

impl Server {
    /// Makes an empty cluster and starts it.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let server = Self {
            programs: programs()?,
            folder: tempfile::Builder::new().prefix("haihe-postgres-").tempdir()?,
            owner: owner()?,
            port: TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port(),
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
        // A cluster that lives for minutes needs no durability.
        let settings = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=400",
            server.port,
            server.folder.path().display()
        );
        // Its output goes to a file of its own: a pipe of ours would never close.
        let mut start = server.program("pg_ctl");
        start.args(["start", "--wait", "--silent", "--pgdata=data", "--log=log", "-o", &settings]);
        let status = start.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        if !status.success() {
            let log = std::fs::read_to_string(server.folder.path().join("log"));
            bail!("PostgreSQL did not start: {status}\n{}", log.unwrap_or_default());
        }
        Ok(server)
    }

    /// Address for `HAIHE_TEST_DB`.
    pub(crate) fn address(&self) -> String {
        format!("postgres://haihe@127.0.0.1:{}/postgres", self.port)
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
