//! Records that another system brings to a server, over HTTP.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use super::http::Connection;
use super::setting::Setting;
use crate::project::{command, output};

/// Who may bring the rows of one dataset for an organisation and all below it.
#[derive(Debug)]
pub(super) struct Sender {
    address: String,
    token: String,
}

/// What the server says of a file.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Receipt {
    pub(super) added: u64,
    pub(super) replaced: u64,
    pub(super) unchanged: u64,
}

impl Sender {
    /// Has a token issued.
    pub(super) fn new(
        setting: &Setting,
        centre: &Path,
        organisation: &str,
        dataset: &str,
    ) -> anyhow::Result<Self> {
        let mut issue = command(&setting.haihe);
        issue.args(["token", "issue", "records", "--name", "bench", "--org", organisation]);
        let said = output(issue.args(["--dataset", dataset, "--data"]).arg(centre))?;
        let token = said.lines().next().context("no token was issued")?.to_owned();
        Ok(Self { address: format!("/api/v1/records/{dataset}"), token })
    }

    /// Brings a file. What the server says it took is on its disk.
    pub(super) fn bring(&self, server: &mut Connection, file: &Path) -> anyhow::Result<Receipt> {
        let answer = server.post(&self.address, &self.token, &fs::read(file)?)?;
        Ok(serde_json::from_value(answer.json()?)?)
    }
}
