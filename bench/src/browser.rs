//! As much of a browser as a sign-in needs: one connection that is kept, cookies, and no redirect followed by itself.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Debug)]
pub(crate) struct Browser {
    port: u16,
    stream: TcpStream,
    cookies: BTreeMap<String, String>,
    /// What came with the last answer, and is used again.
    bytes: Vec<u8>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.head.lines().filter_map(|it| it.split_once(':'));
        lines.filter(move |it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.trim())
    }

    /// Where the browser is sent.
    pub(crate) fn location(&self) -> Option<&str> {
        self.headers("location").next()
    }

    /// The value of a control of a form.
    pub(crate) fn control(&self, name: &str) -> Result<&str> {
        let found = self.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
        let value = found.and_then(|it| it.split('"').next());
        value.with_context(|| format!("the page has no control {name}"))
    }
}

impl Browser {
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { port, stream, cookies: BTreeMap::new(), bytes: Vec::new() })
    }

    pub(crate) fn has_cookie(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    /// Asks for a path of the site, or for an address of it.
    pub(crate) async fn get(&mut self, path: &str, header: &str) -> Result<Answer> {
        self.exchange("GET", path, header, None).await
    }

    /// Sends a form: as one of the site's own pages, or with a header as an application does.
    pub(crate) async fn post(&mut self, path: &str, header: &str, form: &str) -> Result<Answer> {
        self.exchange("POST", path, header, Some(form)).await
    }

    async fn exchange(
        &mut self,
        method: &str,
        path: &str,
        header: &str,
        form: Option<&str>,
    ) -> Result<Answer> {
        let site = format!("http://localhost:{}", self.port);
        let path = path.strip_prefix(&site).unwrap_or(path);
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\n{header}", self.port);
        let mut joint = "Cookie: ";
        for (name, value) in &self.cookies {
            write!(request, "{joint}{name}={value}")?;
            joint = "; ";
        }
        if !self.cookies.is_empty() {
            request.push_str("\r\n");
        }
        if form.is_some() && header.is_empty() {
            write!(request, "Origin: {site}\r\n")?;
        }
        if let Some(form) = form {
            write!(
                request,
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                form.len()
            )?;
        }
        request.push_str("\r\n");
        request.push_str(form.unwrap_or_default());
        self.stream.write_all(request.as_bytes()).await?;
        let answer = self.answer().await?;
        for cookie in answer.headers("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            match pair.split_once('=') {
                Some((name, "")) => _ = self.cookies.remove(name),
                Some((name, value)) => _ = self.cookies.insert(name.to_owned(), value.to_owned()),
                None => {}
            }
        }
        Ok(answer)
    }

    async fn answer(&mut self) -> Result<Answer> {
        self.bytes.clear();
        let end = loop {
            let end = self.bytes.windows(4).position(|it| it == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(self.bytes.get(..end).unwrap_or_default()).into_owned();
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).context("no status")?;
        let mut answer = Answer { status, head, body: String::new() };
        let length = answer.headers("content-length").next().and_then(|it| it.parse().ok());
        let length: usize = length.context("the answer does not say how long it is")?;
        while self.bytes.len() < end + length {
            self.more().await?;
        }
        let body = self.bytes.get(end..end + length).unwrap_or_default();
        answer.body = String::from_utf8_lossy(body).into_owned();
        Ok(answer)
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.bytes).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}
