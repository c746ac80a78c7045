//! Files of cases, looked over by the clamd of Debian: over its socket, over TCP, and when it is down.

use std::fs;
use std::path::Path;

use crate::project::{command, root, run};
use crate::tools;

use super::super::city::{City, Server, free_port};

/// Where Debian keeps clamd, beside the search path of most users.
const CLAMD: &str = "/usr/sbin/clamd";

/// The test file of EICAR by its MD5 and its length: all that this clamd has to know, so that nothing is fetched.
const SIGNATURES: &str = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n";

pub(super) fn look() -> anyhow::Result<()> {
    tools::from_debian(&["clamav-daemon"], || Path::new(CLAMD).is_file())?;
    tools::from_debian(&["nodejs"], || tools::find("node").is_some())?;
    let city = City::make()?;
    let scanner = Scanner::new()?;
    let socket = scanner.socket();
    let tcp = format!("127.0.0.1:{}", scanner.port);
    for address in [socket.as_str(), tcp.as_str()] {
        let settings = Settings::naming(&city, address)?;
        let port = free_port()?;
        let _served = city.serve(port, &[])?;
        let running = scanner.start()?;
        bring(port, "up")?;
        drop(running);
        bring(port, "down")?;
        settings.restore()?;
    }
    println!("  clamd: clean files kept, a harmful one refused, none kept while it is down");
    Ok(())
}

/// A clerk brings files to a case.
fn bring(port: u16, clamd: &str) -> anyhow::Result<()> {
    run(command("node")
        .current_dir(root().join("e2e"))
        .arg("strangers/scanning.mjs")
        .env("SITE", format!("http://localhost:{port}"))
        .env("LOGIN", "clerk")
        .env("CLAMD", clamd))
}

/// `centre.toml` of a city as it was.
struct Settings {
    path: std::path::PathBuf,
    before: String,
}

impl Settings {
    /// Names a scanner in it.
    fn naming(city: &City, address: &str) -> anyhow::Result<Self> {
        let path = city.data().join("centre.toml");
        let before = fs::read_to_string(&path)?;
        fs::write(&path, format!("{before}\n[attachments]\nclamd = \"{address}\"\n"))?;
        Ok(Self { path, before })
    }

    fn restore(self) -> anyhow::Result<()> {
        Ok(fs::write(self.path, self.before)?)
    }
}

/// A clamd of our own, that can be started again and again.
struct Scanner {
    folder: tempfile::TempDir,
    port: u16,
}

impl Scanner {
    fn new() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("haihe-clamd-").tempdir()?;
        let scanner = Self { folder, port: free_port()? };
        let signatures = scanner.folder.path().join("signatures");
        fs::create_dir(&signatures)?;
        fs::write(signatures.join("eicar.hdb"), SIGNATURES)?;
        let text = format!(
            "Foreground yes\nDatabaseDirectory {}\nLocalSocket {}\nTCPAddr 127.0.0.1\nTCPSocket {}\n",
            signatures.display(),
            scanner.socket(),
            scanner.port,
        );
        fs::write(scanner.folder.path().join("clamd.conf"), text)?;
        Ok(scanner)
    }

    fn socket(&self) -> String {
        self.folder.path().join("clamd.ctl").display().to_string()
    }

    /// Starts it, until what is given back is dropped.
    fn start(&self) -> anyhow::Result<Server> {
        let mut clamd = command(CLAMD);
        clamd.arg("--config-file").arg(self.folder.path().join("clamd.conf"));
        Server::start("clamd", &mut clamd, self.port)
    }
}
