//! A data centre with a crowd of accounts, who all have the same password.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use network::passwords::{self, Password, Policies};
use network::testing::{CLOCKS, Counting, at, crowd};
use store::Store;

use crate::browser::Browser;
use crate::process::run;

/// Where the crowd is.
#[derive(Debug, Args)]
pub(crate) struct Crowd {
    /// Folder of the data centre; made with its crowd when it is not there.
    #[arg(long, default_value = "bench-crowd")]
    pub(crate) crowd: PathBuf,
    /// A plan folder for it.
    #[arg(long, default_value = "examples/small-schools")]
    plan: PathBuf,
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) accounts: usize,
}

/// Where everybody is at home.
pub(crate) const HOME: &str = "12";

const PASSWORD: &str = "a quiet river in winter";

impl Crowd {
    /// The folder, as an argument.
    pub(crate) fn folder(&self) -> String {
        self.crowd.display().to_string()
    }

    /// Makes it where it is not there.
    pub(crate) async fn gather(&self, haihe: &Path) -> Result<()> {
        if self.crowd.join("centre.toml").exists() {
            return Ok(());
        }
        let plan = self.plan.display().to_string();
        run(haihe, &["init", "--plan", &plan, "--data", &self.folder()])?;
        let registry = self.crowd.join("haihe.db");
        let store = Store::open(&format!("sqlite:{}", registry.display())).await?;
        let list = format!(
            "code,name_zh,name_en,level,kind,parent,valid_from\n{HOME},全域,Region,region,,,2000-01-01\n"
        );
        let (list, findings) = network::read_list("organisations.csv", list.as_bytes());
        if !findings.is_empty() {
            bail!("the organisations of the crowd: {findings:?}");
        }
        network::record(&store, &list.changes(), at(0), CLOCKS).await?;
        let cost = Policies::shipped()?.cost;
        let password = Password::new(PASSWORD.to_owned());
        let phc = passwords::hash(&password, cost, &mut Counting::default())?;
        crowd(&store, self.accounts, &HOME.parse()?, &phc).await?;
        store.close().await;
        Ok(())
    }
}

/// One sign-in, from the form to the session, of a browser that was never here.
pub(crate) async fn sign_in(port: u16, login: &str) -> Result<Browser> {
    let mut browser = Browser::open(port).await?;
    let page = browser.get("/sign-in", "").await?;
    let csrf = page.control("csrf")?;
    let form = format!("csrf={csrf}&login={login}&password={}", PASSWORD.replace(' ', "+"));
    let answer = browser.post("/sign-in", "", &form).await?;
    if !browser.has_cookie("haihe-session") {
        bail!("{login} was not signed in: {}", answer.status);
    }
    Ok(browser)
}

/// As many of something as went into a time, with one digit behind the point.
pub(crate) fn per(done: u32, time: std::time::Duration) -> f64 {
    (f64::from(done) / time.as_secs_f64() * 10.0).round() / 10.0
}

/// The first word after a name and a colon in what a program said.
pub(crate) fn told<'a>(said: &'a str, name: &str) -> Result<&'a str> {
    let line = said.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(": "));
    line.with_context(|| format!("no {name} was printed"))
}
