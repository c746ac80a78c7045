//! The provider beside another: people who are signed in and have agreed go to an application, again and again.
//!
//! What is counted is one sign-in to an application: authorize, token, userinfo. The two take turns on the same machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use network::testing::login_of;

use crate::browser::{Answer, Browser};
use crate::crowd::{Crowd, HOME, per, sign_in, told};
use crate::process::{Server, output};

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    crowd: Crowd,
    /// A folder in which `oidc-provider` is installed: `npm ci --prefix e2e`. Without it there is no comparison.
    #[arg(long)]
    peer: Option<PathBuf>,
    /// How long each turn of each takes.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Turns of each.
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// People at once, each with a session.
    #[arg(long, default_value_t = 8)]
    people: usize,
    /// How ID tokens are signed.
    #[arg(long, default_value = "ES256")]
    algorithm: String,
}

const OURS: u16 = 18_083;
const THEIRS: u16 = 18_084;

/// Nobody listens there: the browser stops with the code.
const BACK: &str = "http://127.0.0.1:18085/back";
const BACK_ENCODED: &str = "http%3A%2F%2F127.0.0.1%3A18085%2Fback";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CLIENT: &str = "bench";

/// One of the two providers, running.
struct Party {
    server: Server,
    port: u16,
    authorize: String,
    token: &'static str,
    userinfo: &'static str,
    /// How the application proves itself.
    proof: String,
    people: Vec<Browser>,
    figures: Vec<Figures>,
}

/// What one turn gave.
#[derive(Clone, Copy, Debug)]
struct Figures {
    per_second_and_core: f64,
    per_second: f64,
    resident_kib: u64,
}

impl Party {
    fn new(server: Server, port: u16, paths: [&'static str; 3], secret: &str) -> Self {
        let [authorize, token, userinfo] = paths;
        let authorize = format!(
            "{authorize}?client_id={CLIENT}&redirect_uri={BACK_ENCODED}&response_type=code\
             &scope=openid%20profile&state=s&nonce=n&code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let proof = format!("Authorization: Basic {}\r\n", base64(&format!("{CLIENT}:{secret}")));
        let (people, figures) = (Vec::new(), Vec::new());
        Self { server, port, authorize, token, userinfo, proof, people, figures }
    }

    /// All people sign in to the application for a while.
    async fn turn(&mut self, seconds: u64) -> Result<()> {
        let (cpu_before, ..) = self.server.used()?;
        let began = Instant::now();
        let until = began + Duration::from_secs(seconds);
        let mut running = Vec::new();
        for mut browser in std::mem::take(&mut self.people) {
            let way = (self.authorize.clone(), self.token, self.userinfo, self.proof.clone());
            running.push(tokio::spawn(async move {
                let mut done = 0_u32;
                while Instant::now() < until {
                    let (authorize, token, userinfo, proof) = &way;
                    visit(&mut browser, authorize, token, userinfo, proof).await?;
                    done += 1;
                }
                Ok::<_, anyhow::Error>((browser, done))
            }));
        }
        let mut all = 0;
        for person in running {
            let (browser, done) = person.await??;
            self.people.push(browser);
            all += done;
        }
        let wall = began.elapsed();
        let (cpu_after, _, resident_kib) = self.server.used()?;
        self.figures.push(Figures {
            per_second_and_core: per(all, cpu_after.saturating_sub(cpu_before)),
            per_second: per(all, wall),
            resident_kib,
        });
        Ok(())
    }

    /// The medians of all turns.
    fn report(&self) -> (f64, serde_json::Value) {
        let middle = |of: fn(&Figures) -> f64| {
            let mut all: Vec<f64> = self.figures.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or_default()
        };
        let flows = middle(|it| it.per_second_and_core);
        let resident = self.figures.iter().map(|it| it.resident_kib).max().unwrap_or_default();
        let report = serde_json::json!({
            "flows_per_second_and_core": flows,
            "requests_per_second_and_core": flows * 3.0,
            "flows_per_second": middle(|it| it.per_second),
            "resident_mib": resident / 1024,
        });
        (flows, report)
    }
}

/// One sign-in to the application.
async fn visit(
    browser: &mut Browser,
    authorize: &str,
    token: &str,
    userinfo: &str,
    proof: &str,
) -> Result<()> {
    let answer = browser.get(authorize, "").await?;
    let code = code(&answer).with_context(|| format!("no code came: {answer:?}"))?;
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={BACK_ENCODED}&code_verifier={VERIFIER}"
    );
    let answer = browser.post(token, proof, &form).await?;
    ensure!(answer.status == 200, "no tokens came: {answer:?}");
    let tokens: serde_json::Value = serde_json::from_str(&answer.body)?;
    ensure!(tokens.get("id_token").is_some(), "no ID token came");
    let access = tokens.get("access_token").and_then(|it| it.as_str()).context("no token")?;
    let answer = browser.get(userinfo, &format!("Authorization: Bearer {access}\r\n")).await?;
    ensure!(answer.status == 200 && answer.body.contains("\"sub\""), "nobody is told: {answer:?}");
    Ok(())
}

/// The code in the address that an answer leads to.
fn code(answer: &Answer) -> Option<&str> {
    let query = answer.location()?.strip_prefix(BACK)?.strip_prefix('?')?;
    query.split('&').find_map(|it| it.strip_prefix("code="))
}

pub(crate) async fn measure(haihe: &Path, options: &Options) -> Result<serde_json::Value> {
    let mut parties = BTreeMap::from([("haihe", ours(haihe, options).await?)]);
    if let Some(folder) = &options.peer {
        parties.insert("oidc_provider", theirs(folder, options).await?);
    }
    for turn in 0..=options.turns {
        for party in parties.values_mut() {
            party.turn(options.seconds).await?;
            if turn == 0 {
                // To warm up: programs that compile themselves are slow at first.
                party.figures.clear();
            }
        }
    }
    let (ours, mut report) = (parties.get("haihe").map(|it| it.report().0), BTreeMap::new());
    for (name, party) in &parties {
        let (flows, figures) = party.report();
        report.insert((*name).to_owned(), figures);
        if let (Some(ours), true) = (ours, *name != "haihe") {
            let times = (ours / flows * 100.0).round() / 100.0;
            report.insert(format!("haihe_to_{name}"), serde_json::json!(times));
        }
    }
    report.insert("algorithm".to_owned(), serde_json::json!(options.algorithm));
    report.insert("accounts".to_owned(), serde_json::json!(options.crowd.accounts));
    Ok(serde_json::json!(report))
}

/// Our provider with the application in its register, and people who have agreed.
async fn ours(haihe: &Path, options: &Options) -> Result<Party> {
    options.crowd.gather(haihe).await?;
    let data = options.crowd.folder();
    let listed = output(Command::new(haihe).args(["application", "list", "--data", &data]))?;
    let is_known = listed.lines().any(|it| it.split_whitespace().next() == Some(CLIENT));
    let mut command = Command::new(haihe);
    if is_known {
        command.args(["application", "secret", CLIENT]);
    } else {
        command.args(["application", "add", CLIENT, "--name", CLIENT, "--purpose", "a trial"]);
        command.args(["--org", HOME, "--redirect", BACK, "--scope", "profile"]);
        command.args(["--algorithm", &options.algorithm]);
    }
    let said = output(command.args(["--data", &data]))?;
    let secret = told(&said, "client_secret")?;
    let server = Server::start(haihe, &data, OURS).await?;
    let paths = ["/openid/authorize", "/openid/token", "/openid/userinfo"];
    let mut party = Party::new(server, OURS, paths, secret);
    for number in 0..options.people {
        let mut browser = sign_in(party.port, &login_of(number)).await?;
        let answer = browser.get(&party.authorize, "").await?;
        if code(&answer).is_none() {
            let page = browser.get(answer.location().context("not led on")?, "").await?;
            let (csrf, request) = (page.control("csrf")?, page.control("request")?);
            let form = format!("csrf={csrf}&request={request}&answer=yes");
            browser.post("/openid/consent", "", &form).await?;
        }
        party.people.push(browser);
    }
    Ok(party)
}

/// The other provider, with its own pages for signing in and agreeing.
async fn theirs(folder: &Path, options: &Options) -> Result<Party> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peer/oidc_provider.mjs");
    if !folder.join("node_modules/oidc-provider").is_dir() {
        bail!("oidc-provider is not in {0}; run npm ci --prefix {0}", folder.display());
    }
    let secret = "a-secret-of-forty-three-letters-and-some-more";
    let modules = folder.join("node_modules").canonicalize()?;
    let mut command = Command::new("node");
    command.arg(script).args([&THEIRS.to_string(), CLIENT, secret, BACK, &options.algorithm]);
    command.env("MODULES", modules).env("NODE_ENV", "production");
    let server = Server::of(&mut command, THEIRS, "/.well-known/openid-configuration").await?;
    let mut party = Party::new(server, THEIRS, ["/auth", "/token", "/me"], secret);
    for number in 0..options.people {
        let mut browser = Browser::open(party.port).await?;
        let mut answer = browser.get(&party.authorize, "").await?;
        let mut steps = 0;
        while code(&answer).is_none() {
            steps += 1;
            ensure!(steps < 20, "the other provider leads nowhere: {answer:?}");
            answer = match answer.location().map(str::to_owned) {
                Some(to) => browser.get(&to, "").await?,
                None => {
                    let prompt = answer.control("prompt")?;
                    let form = format!("prompt={prompt}&login={}&password=x", login_of(number));
                    let to =
                        answer.body.split("action=\"").nth(1).and_then(|it| it.split('"').next());
                    let to = to.context("a page without a form")?.to_owned();
                    browser.post(&to, "", &form).await?
                }
            };
        }
        party.people.push(browser);
    }
    Ok(party)
}

/// RFC 4648, section 4.
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |it: u32| DIGITS.get(usize::try_from(it & 63).unwrap_or_default());
    let mut encoded = String::new();
    for part in text.as_bytes().chunks(3) {
        let whole = part.iter().fold(0, |whole, it| whole << 8 | u32::from(*it));
        let whole = whole << (8 * (3 - part.len()));
        for place in 0..4 {
            let there = place <= part.len();
            let digit = digit(whole >> (18 - 6 * place)).filter(|_| there);
            encoded.push(digit.map_or('=', |it| char::from(*it)));
        }
    }
    encoded
}
