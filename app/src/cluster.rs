//! States computed on a cluster: by `haihe-cluster`, the program beside this one.
//!
//! It is a program of its own, as git and cargo have theirs: whoever has one machine neither builds nor starts it. It
//! keeps what comes back as a scan here would have kept it, so whatever it leaves undone is simply not kept yet.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use lake::Order;
use serde::{Deserialize, Serialize};

/// The program beside this one.
const PROGRAM: &str = "haihe-cluster";

/// Where states are computed, and where the tables are copied to for it; `[compute]` of `centre.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cluster {
    /// Address of the scheduler, such as `http://scheduler.example:50050`.
    cluster: String,
    /// A part of an S3-compatible store, such as `s3://bucket/prefix`. Who may read it stands in the `AWS_*` variables.
    store: String,
}

impl Cluster {
    /// The cluster that was asked for, with what is settled where nothing was; `None` where neither names one.
    pub(crate) fn chosen(
        cluster: Option<String>,
        store: Option<String>,
        settled: Option<Self>,
    ) -> Result<Option<Self>> {
        let Some(cluster) = cluster.or_else(|| settled.as_ref().map(|it| it.cluster.clone()))
        else {
            return Ok(None);
        };
        match store.or_else(|| settled.map(|it| it.store)) {
            Some(store) => Ok(Some(Self { cluster, store })),
            None => bail!(
                "the cluster reads the tables from an S3-compatible store; name one with --store s3://BUCKET/PREFIX"
            ),
        }
    }

    /// Has the orders computed and kept. `progress` is told the rows behind what is kept.
    ///
    /// # Errors
    /// When not all of it could be computed; what could is kept.
    pub(crate) fn compute(
        &self,
        data: &Path,
        orders: &[Order],
        progress: &dyn Fn(u64),
    ) -> Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let mut child = self.start(&beside()?, data)?;
        // Who ended before it read everything says why by itself.
        let sent = match child.stdin.take() {
            Some(mut stdin) => stdin.write_all(&Order::write(orders)),
            None => Ok(()),
        };
        let said = child.stdout.take().map(BufReader::new);
        for line in said.into_iter().flat_map(BufRead::lines) {
            progress(line?.trim().parse().unwrap_or_default());
        }
        let status = child.wait()?;
        if !status.success() {
            bail!(
                "the cluster did not compute everything; mend what is said above and run it again, or compute without --cluster: what is done is not done again"
            );
        }
        Ok(sent?)
    }

    fn start(&self, program: &Path, data: &Path) -> Result<Child> {
        let mut command = Command::new(program);
        command.arg("compute").args(["--cluster", &self.cluster, "--store", &self.store]);
        command.arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.spawn().with_context(|| format!("{} could not be started", program.display()))
    }
}

fn beside() -> Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name(PROGRAM);
    if !program.is_file() {
        bail!(
            "{} is not there; build it with `cargo build --release -p cluster`, or compute without --cluster",
            program.display()
        );
    }
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::Cluster;

    fn cluster(cluster: &str, store: &str) -> Cluster {
        Cluster { cluster: cluster.to_owned(), store: store.to_owned() }
    }

    #[test]
    fn what_is_asked_for_goes_before_what_is_settled() {
        let settled = || Some(cluster("http://a:1", "s3://a"));
        let chosen = |asked: Option<&str>, store: Option<&str>, settled| {
            Cluster::chosen(asked.map(str::to_owned), store.map(str::to_owned), settled)
        };
        assert_eq!(chosen(None, None, None).unwrap(), None);
        assert_eq!(chosen(None, None, settled()).unwrap(), settled());
        let other = Some(cluster("http://b:1", "s3://a"));
        assert_eq!(chosen(Some("http://b:1"), None, settled()).unwrap(), other);
        let error = chosen(Some("http://b:1"), None, None).unwrap_err();
        assert!(error.to_string().contains("--store"), "{error}");
    }
}
