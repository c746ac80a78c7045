//! A scheduler, two executors and a small S3 server, all of this machine.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};

use super::super::city::{Server, free_port};
use super::files;
use crate::project::{cargo, command, run, target};
use crate::tools;

/// Where the tables are put.
pub(super) const BUCKET: &str = "haihe";

const EXECUTORS: usize = 2;

/// Seconds after which a silent executor is lost.
const LOST_AFTER: &str = "4";

/// A cluster that ends when this is dropped.
pub(super) struct Running {
    store: Server,
    scheduler: Server,
    executors: Vec<Option<Server>>,
    folder: tempfile::TempDir,
}

/// A Python with an S3 server and a reader of Delta tables that is none of ours.
pub(super) fn python() -> anyhow::Result<PathBuf> {
    tools::python_with(&[("moto[server]", "5.2.5"), ("deltalake", "1.6.6")])
}

/// Starts a cluster, and says how to use it until it is told to end.
pub(crate) fn start() -> anyhow::Result<()> {
    run(cargo().args(["build", "--release", "--locked", "--workspace"]))?;
    let haihe = target()?.join("release").join("haihe");
    let running = Running::start(&haihe)?;
    println!("\n  haihe compute --cluster {} --store s3://{BUCKET}/city", running.scheduler());
    println!("  with AWS_ENDPOINT_URL={} AWS_ALLOW_HTTP=true", running.endpoint());
    println!("  and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY anything; Ctrl-C ends it");
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}

impl Running {
    pub(super) fn start(haihe: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("haihe-executors-").tempdir()?;
        let program = haihe.with_file_name("haihe-cluster");
        let port = free_port()?;
        let mut moto = command(python()?.with_file_name("moto_server"));
        moto.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        moto.stderr(std::process::Stdio::null());
        let store = Server::start("moto_server", &mut moto, port)?;
        make_bucket(port)?;
        let port = free_port()?;
        let mut scheduler = command(&program);
        scheduler.args(["scheduler", "--port", &port.to_string(), "--lost-after", LOST_AFTER]);
        let scheduler = Server::start("haihe-cluster scheduler", &mut scheduler, port)?;
        let mut running = Self { store, scheduler, executors: Vec::new(), folder };
        for number in 0..EXECUTORS {
            let executor = running.executor(&program, number)?;
            running.executors.push(Some(executor));
        }
        Ok(running)
    }

    fn executor(&self, program: &Path, number: usize) -> anyhow::Result<Server> {
        let port = free_port()?;
        let mut executor = command(program);
        executor.args(["executor", "--scheduler", &self.scheduler()]);
        executor.args(["--port", &port.to_string(), "--work-port", &free_port()?.to_string()]);
        executor.args(["--cores", "1", "--heartbeat", "1", "--folder"]);
        executor.arg(self.folder_of(number));
        self.reach_the_store(&mut executor);
        Server::start("haihe-cluster executor", &mut executor, port)
    }

    fn folder_of(&self, number: usize) -> PathBuf {
        self.folder.path().join(number.to_string())
    }

    pub(super) fn scheduler(&self) -> String {
        format!("http://127.0.0.1:{}", self.scheduler.port)
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.store.port)
    }

    /// Tells a program where the store is, and credentials that it takes.
    pub(super) fn reach_the_store(&self, program: &mut Command) {
        program.env("AWS_ENDPOINT_URL", self.endpoint()).env("AWS_ALLOW_HTTP", "true");
        program.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        program.env("AWS_REGION", "us-east-1");
    }

    /// How many results an executor has computed and holds.
    pub(super) fn results(&self, number: usize) -> anyhow::Result<usize> {
        Ok(files(&self.folder_of(number))?.len())
    }

    pub(super) fn kill_executor(&mut self, number: usize) {
        if let Some(executor) = self.executors.get_mut(number) {
            *executor = None;
        }
    }
}

fn make_bucket(port: u16) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let request = format!(
        "PUT /{BUCKET} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("the S3 server does not answer")?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "the S3 server makes no bucket: {answer}");
    Ok(())
}
