//! Readers over HTTP, on the loopback address only.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// How long answers took.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn report(mut self) -> serde_json::Value {
        self.0.sort_unstable();
        let at = |percent: usize| {
            let position = (self.0.len() * percent / 100).min(self.0.len().saturating_sub(1));
            let time = self.0.get(position).copied().unwrap_or_default();
            (time.as_secs_f64() * 100_000.0).round() / 100.0
        };
        serde_json::json!({
            "requests": self.0.len(), "p50_ms": at(50), "p95_ms": at(95), "p99_ms": at(99),
        })
    }
}

/// The scoreboard of every year, for the city and sixteen districts, in both languages.
pub(crate) fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    for year in 2020..=2025 {
        for language in ["", "/en"] {
            pages.push(format!("{language}/?year={year}"));
            for district in (120_101..=120_106).chain(110..=119) {
                let code = if district < 1000 { 120_000 + district } else { district };
                pages.push(format!("{language}/?year={year}&district={code}"));
            }
        }
    }
    pages
}

/// So many clients at once, each with one connection and so many requests.
pub(crate) async fn clients(
    port: u16,
    clients: usize,
    requests: usize,
    paths: &[String],
) -> Result<Times> {
    let mut running = Vec::new();
    for client in 0..clients {
        let paths = paths.to_vec();
        running.push(tokio::spawn(async move {
            let mut connection = Connection::open(port).await?;
            let mut times = Vec::with_capacity(requests);
            for request in 0..requests {
                let path = paths.get((client * 7 + request) % paths.len()).context("no paths")?;
                let began = Instant::now();
                connection.get(path).await?;
                times.push(began.elapsed());
            }
            Ok::<_, anyhow::Error>(times)
        }));
    }
    let mut all = Vec::new();
    for client in running {
        all.extend(client.await??);
    }
    Ok(Times(all))
}

/// The city's figure of an indicator as the API gives it.
pub(crate) async fn figure(port: u16, indicator: &str) -> Result<String> {
    let path = format!("/api/v1/figures?indicator={indicator}&level=city&year=2025");
    let body = get(port, &path).await?;
    let answer: serde_json::Value = serde_json::from_str(&body)?;
    Ok(answer.pointer("/rows/0/numerator").context("no figure")?.to_string())
}

/// One request on a connection of its own.
pub(crate) async fn get(port: u16, path: &str) -> Result<String> {
    Connection::open(port).await?.get(path).await
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    async fn open(port: u16) -> Result<Self> {
        Ok(Self(BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?)))
    }

    async fn get(&mut self, path: &str) -> Result<String> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await?);
        }
        let head = String::from_utf8(head)?.to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            bail!("{path}: {}", head.lines().next().unwrap_or_default());
        }
        let length = head.lines().find_map(|it| it.strip_prefix("content-length: "));
        let mut body = vec![0; length.context("no length")?.trim().parse()?];
        self.0.read_exact(&mut body).await?;
        Ok(String::from_utf8(body)?)
    }
}
