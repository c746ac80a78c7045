//! The product as a person meets it: a demonstration city, served, and a browser on its pages.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::project::{cargo, command, root, run, target};
use crate::tools;

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// Walks through the product with a browser.
pub(super) fn walk() -> anyhow::Result<()> {
    // One after another: one of them changes the city.
    let mut words =
        vec!["--test".into(), "--test-concurrency=1".into(), "--test-reporter=spec".into()];
    words.extend(test_files(&root().join("e2e"))?);
    on_a_served_city(&words)
}

/// Takes the pictures of the README.
pub(crate) fn pictures() -> anyhow::Result<()> {
    on_a_served_city(&[PathBuf::from("pictures.mjs")])
}

/// Runs node in `e2e` on a demonstration city that is served meanwhile.
fn on_a_served_city(words: &[PathBuf]) -> anyhow::Result<()> {
    let chromium = || tools::find("chromium").is_some();
    tools::from_debian(&["chromium"], chromium)?;
    need_chinese_font()?;
    tools::from_debian(&["nodejs", "npm"], || {
        tools::find("node").is_some() && tools::find("npm").is_some()
    })?;
    let tests = root().join("e2e");
    let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(command("npm").current_dir(&tests).arg("ci").args(quiet))?;

    // The whole workspace, like the tests, so that nothing is built twice.
    run(cargo().args(["build", "--release", "--locked", "--workspace"]))?;
    let haihe = target()?.join("release").join("haihe");
    let folder = tempfile::Builder::new().prefix("haihe-browser-").tempdir()?;
    let data = folder.path().join("city");
    run(command(&haihe).args(["demo", "--size", "s", "--no-serve", "--data"]).arg(&data))?;
    let server = Server::start(&haihe, &data)?;
    run(command("node")
        .current_dir(&tests)
        .args(words)
        .env("HAIHE", &haihe)
        .env("HAIHE_DATA", &data)
        .env("HAIHE_URL", format!("http://127.0.0.1:{}", server.port))
        .env("CHROMIUM", tools::find("chromium").unwrap_or_default()))
}

fn test_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.join("tests"))? {
        files.push(entry?.path());
    }
    files.retain(|it| it.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    ensure!(!files.is_empty(), "there is no browser test");
    Ok(files)
}

/// `haihe serve`, ended when this is dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(haihe: &Path, data: &Path) -> anyhow::Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut serve = command(haihe);
        serve.arg("serve").arg("--data").arg(data).args(["--port", &port.to_string()]);
        let process = serve.stdout(Stdio::null()).spawn().context("cannot run haihe serve")?;
        let mut server = Self { process, port };
        for _ in 0..PATIENCE.as_millis() / 100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            if let Some(status) = server.process.try_wait()? {
                bail!("haihe serve ended: {status}");
            }
            sleep(Duration::from_millis(100));
        }
        bail!("haihe serve does not answer on port {port}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process.kill().and_then(|()| self.process.wait()).is_err() {
            println!("  haihe serve had already ended");
        }
    }
}

/// What pages are looked at with, and letters set in.
pub(super) fn need_chinese_font() -> anyhow::Result<()> {
    tools::from_debian(&["fonts-noto-cjk"], has_chinese_font)
}

fn has_chinese_font() -> bool {
    ["/usr/share/fonts", "/usr/local/share/fonts"].iter().any(|it| has_font(Path::new(it)))
}

fn has_font(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|it| {
        let name = it.file_name().to_string_lossy().into_owned();
        name.contains("CJK") || (it.path().is_dir() && has_font(&it.path()))
    })
}
