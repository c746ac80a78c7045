//! clamd, asked over its `INSTREAM` command.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

/// Bytes of one part of the stream.
const PART: usize = 64 << 10;
/// Longest answer.
const ANSWER: u64 = 4 << 10;

/// Where clamd listens.
#[derive(Clone, Debug)]
pub struct Scanner {
    /// The path of its socket, such as `/run/clamav/clamd.ctl`, or host and port, such as `127.0.0.1:3310`.
    pub address: String,
    /// How long an answer may take.
    pub patience: Duration,
}

/// What the scanner found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    Harmful,
}

/// The scanner gave no verdict: the file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("the scanner at {0} cannot be reached")]
    Unreachable(String, #[source] io::Error),
    #[error("the scanner at {0} took too long")]
    Slow(String),
    #[error("the scanner at {0} answered what is no verdict")]
    NoVerdict(String),
}

impl Scanner {
    /// Has bytes looked over.
    pub async fn scan(&self, bytes: &[u8]) -> Result<Verdict, ScanError> {
        let answer = timeout(self.patience, self.ask(bytes)).await;
        let answer = answer.map_err(|_| ScanError::Slow(self.address.clone()))?;
        let answer = answer.map_err(|it| ScanError::Unreachable(self.address.clone(), it))?;
        match answer.trim_end_matches(['\0', '\n']) {
            "stream: OK" => Ok(Verdict::Clean),
            found if found.ends_with(" FOUND") => Ok(Verdict::Harmful),
            _ => Err(ScanError::NoVerdict(self.address.clone())),
        }
    }

    async fn ask(&self, bytes: &[u8]) -> io::Result<String> {
        if self.address.starts_with('/') {
            spoken(UnixStream::connect(&self.address).await?, bytes).await
        } else {
            spoken(TcpStream::connect(&self.address).await?, bytes).await
        }
    }
}

/// Sends the bytes in parts, each with its length in front, and an empty one at the end; what is answered.
async fn spoken(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    bytes: &[u8],
) -> io::Result<String> {
    stream.write_all(b"zINSTREAM\0").await?;
    for part in bytes.chunks(PART) {
        let length = u32::try_from(part.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(part).await?;
    }
    stream.write_all(&0_u32.to_be_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(ANSWER).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
