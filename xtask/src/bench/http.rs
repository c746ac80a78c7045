//! As much of a client as readers need: one connection that is kept, on the loopback address only.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, ensure};

/// Longest that an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub(super) struct Connection(BufReader<TcpStream>);

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) const fn is_found(&self) -> bool {
        self.status == 200
    }

    pub(super) fn json(&self) -> anyhow::Result<serde_json::Value> {
        ensure!(self.is_found(), "status {}", self.status);
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Connection {
    pub(super) fn open(port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::with_capacity(1 << 16, stream)))
    }

    pub(super) fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes())?;
        self.answer(path)
    }

    /// Brings a file, with a token.
    pub(super) fn post(&mut self, path: &str, token: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
        );
        self.0.get_mut().write_all(head.as_bytes())?;
        self.0.get_mut().write_all(body)?;
        self.answer(path)
    }

    fn answer(&mut self, path: &str) -> anyhow::Result<Answer> {
        let (mut status, mut length) = (None, None);
        let mut line = String::new();
        loop {
            line.clear();
            ensure!(self.0.read_line(&mut line)? > 0, "{path}: the server closed the connection");
            let header = line.trim_end();
            if header.is_empty() {
                break;
            }
            if status.is_none() {
                status = header.split(' ').nth(1).and_then(|it| it.parse().ok());
            } else if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
        }
        let status = status.with_context(|| format!("{path}: no status"))?;
        let length = length.with_context(|| format!("{path}: no length"))?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(Answer { status, body })
    }
}

/// One question on a connection of its own.
pub(super) fn get(port: u16, path: &str) -> anyhow::Result<Answer> {
    Connection::open(port)?.get(path)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::Connection;

    #[test]
    fn answers_are_told_apart_on_one_connection() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in
                ["200 OK\r\nContent-Length: 2\r\n\r\n{}", "404 No\r\ncontent-length: 0\r\n\r\n"]
            {
                let mut asked = Vec::new();
                while !asked.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    asked.push(byte[0]);
                }
                stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).unwrap();
            }
        });
        let mut connection = Connection::open(port).unwrap();
        assert_eq!(connection.get("/a").unwrap().json().unwrap(), serde_json::json!({}));
        assert_eq!(connection.get("/b").unwrap().status, 404);
        assert!(connection.get("/c").is_err());
        server.join().unwrap();
    }
}
