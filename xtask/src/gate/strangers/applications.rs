//! Applications of others that sign people in here: openid-client (npm), Authlib (PyPI), Apache with mod_auth_openidc.
//!
//! Each registers by the command line, and a browser without scripts goes from it to the demonstration city and back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::super::city::{City, Server, free_port};
use crate::project::{command, output, root, run};
use crate::tools;

/// Who signs in: an account of every demonstration city.
const LOGIN: &str = "clerk";
/// Where Debian keeps Apache, beside the search path of most users.
const APACHE: &str = "/usr/sbin/apache2";
const MODULES: &str = "/usr/lib/apache2/modules";

pub(super) fn sign_in() -> anyhow::Result<()> {
    let modules = [APACHE, &format!("{MODULES}/mod_auth_openidc.so")];
    let present = || modules.iter().all(|it| Path::new(it).is_file());
    tools::from_debian(&["apache2-bin", "libapache2-mod-auth-openidc"], present)?;
    let python = tools::python_with(&[
        ("authlib", "1.9.9"),
        ("joserfc", "1.8.0"),
        ("requests", "2.32.5"),
        ("cryptography", "50.0.2"),
    ])?;
    let scripts = root().join("e2e");
    tools::from_npm(&scripts)?;

    let city = City::make()?;
    let port = free_port()?;
    let issuer = format!("http://127.0.0.1:{port}");
    let _served = city.serve(port, &["--origin", &issuer])?;

    // Nobody listens where these two say that they are: the browser stops there.
    let application = Application::register(&city, "openid-client", "ES256", &["organisation"])?;
    run(application
        .told(command("node").current_dir(&scripts).arg("strangers/openid_client.mjs"), &issuer))?;
    println!("  openid-client: signed in, refreshed, refused what was stolen, signed out");

    let application = Application::register(&city, "authlib", "EdDSA", &["roles"])?;
    let script = root().join("xtask/src/gate/strangers/relying.py");
    run(application.told(command(&python).arg(script), &issuer))?;
    println!("  authlib: signed in, refreshed, refused what was stolen, signed out");

    let apache = Apache::start(&city, &issuer)?;
    run(command("node")
        .current_dir(&scripts)
        .arg("strangers/apache.mjs")
        .env("ISSUER", &issuer)
        .env("LOGIN", LOGIN)
        .env("APACHE", &apache.address))?;
    println!("  mod_auth_openidc: signed in, refreshed, signed out here and there");

    house(&city, &issuer, &scripts)?;
    println!("  oidc-provider: signed in with an account there, once it was linked");
    Ok(())
}

/// The other way round: people sign in here with an account of oidc-provider (npm).
fn house(city: &City, issuer: &str, scripts: &Path) -> anyhow::Result<()> {
    let elsewhere = format!("http://127.0.0.1:{}", free_port()?);
    let secret = "a-secret-for-a-trial-of-forty-three-letters-and-more";
    let file = city.data().join("secret-of-a-house");
    fs::write(&file, secret)?;
    let file = file.display().to_string();
    let about = ["--name", "学校", "--issuer", &elsewhere, "--client-id", "haihe"];
    let words = [&["provider", "add", "school", "--client-secret", &file], &about[..]].concat();
    run(&mut city.command(&words))?;
    run(command("node")
        .current_dir(scripts)
        .arg("strangers/oidc_provider.mjs")
        .env("ISSUER", issuer)
        .env("ELSEWHERE", &elsewhere)
        .env("LOGIN", LOGIN)
        .env("CLIENT_SECRET", secret)
        .env("HAIHE", &city.haihe)
        .env("HAIHE_DATA", city.data()))
}

/// An application as the register has it.
struct Application {
    code: String,
    secret: String,
    algorithm: &'static str,
    redirect: String,
    logout: String,
}

impl Application {
    /// Registers one that runs on a port of its own.
    fn register(
        city: &City,
        code: &str,
        algorithm: &'static str,
        scopes: &[&str],
    ) -> anyhow::Result<Self> {
        let here = format!("http://127.0.0.1:{}", free_port()?);
        let (redirect, logout) = (format!("{here}/back"), format!("{here}/bye"));
        let addresses = ["--redirect", redirect.as_str(), "--logout-redirect", logout.as_str()];
        let secret = register(city, code, algorithm, scopes, &addresses)?;
        Ok(Self { code: code.to_owned(), secret, algorithm, redirect, logout })
    }

    /// A command that is told what the application has to know.
    fn told<'a>(&self, command: &'a mut Command, issuer: &str) -> &'a mut Command {
        command
            .env("ISSUER", issuer)
            .env("LOGIN", LOGIN)
            .env("CLIENT_ID", &self.code)
            .env("CLIENT_SECRET", &self.secret)
            .env("ALGORITHM", self.algorithm)
            .env("REDIRECT", &self.redirect)
            .env("LOGOUT_REDIRECT", &self.logout)
    }
}

/// Registers an application of the whole city, and reads the secret that is printed this once.
fn register(
    city: &City,
    code: &str,
    algorithm: &str,
    scopes: &[&str],
    addresses: &[&str],
) -> anyhow::Result<String> {
    let organisation = organisation(city)?;
    let about = ["--name", code, "--purpose", "a trial", "--org", &organisation];
    let mut words = vec!["application", "add", code, "--algorithm", algorithm];
    words.extend(about);
    words.extend(addresses);
    for scope in scopes.iter().chain(&["profile", "offline_access"]) {
        words.extend(["--scope", scope]);
    }
    let said = output(&mut city.command(&words))?;
    let secret = said.lines().find_map(|it| it.strip_prefix("client_secret: "));
    Ok(secret.context("no secret was printed")?.to_owned())
}

/// The code of the city itself: whoever administers it is at home there.
fn organisation(city: &City) -> anyhow::Result<String> {
    let listed = output(&mut city.command(&["account", "list"]))?;
    let line = listed.lines().find(|it| it.starts_with("administrator"));
    let home = line.and_then(|it| it.split_whitespace().rev().find(|it| is_code(it)));
    Ok(home.context("the city has no administrator")?.to_owned())
}

fn is_code(word: &str) -> bool {
    word.len() == 6 && word.bytes().all(|it| it.is_ascii_digit())
}

/// Apache with pages that it guards, ended when this is dropped.
struct Apache {
    address: String,
    _server: Server,
    _folder: tempfile::TempDir,
}

impl Apache {
    fn start(city: &City, issuer: &str) -> anyhow::Result<Self> {
        let port = free_port()?;
        let address = format!("http://127.0.0.1:{port}");
        let hook = format!("{address}/inside/redirect");
        let (bye, notices) = (format!("{address}/bye.html"), format!("{hook}?logout=backchannel"));
        let addresses = ["--redirect", &hook, "--logout-redirect", &bye, "--notices", &notices];
        let secret = register(city, "apache", "RS256", &[], &addresses)?;

        let folder = tempfile::Builder::new().prefix("haihe-apache-").tempdir()?;
        let pages = folder.path().join("pages");
        fs::create_dir_all(pages.join("inside"))?;
        fs::write(pages.join("inside/index.html"), "inside")?;
        fs::write(pages.join("bye.html"), "bye")?;
        // Its workers are another user's where it is started by the administrator.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let text = include_str!("apache.conf")
            .replace("FOLDER", &folder.path().display().to_string())
            .replace("MODULES", MODULES)
            .replace("PORT", &port.to_string())
            .replace("ISSUER", issuer)
            .replace("SECRET", &secret)
            .replace("LOGIN", LOGIN);
        let conf = folder.path().join("apache.conf");
        fs::write(&conf, text)?;
        let mut apache = command(APACHE);
        apache.arg("-f").arg(&conf).arg("-DFOREGROUND");
        let server = Server::start("Apache", &mut apache, port)?;
        Ok(Self { address, _server: server, _folder: folder })
    }
}
