//! Has orders computed: copies tables to the store, submits jobs, keeps what comes back.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::TryStreamExt;
use lake::{DataFile, Lake, Order};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::arguments::Compute;
use crate::bucket::Bucket;
use crate::codec::{Codec, Job};
use crate::copying::{self, Copied};
use crate::parts::{self, Piece};
use crate::plan;
use crate::serving::MESSAGE;

/// How often a delivery is submitted that brings nothing.
const ATTEMPTS: u32 = 3;

/// How long a scheduler may take to answer, and to have an executor.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads orders from standard input, and tells on standard output how many rows are behind what it keeps.
pub(crate) async fn compute(role: Compute) -> Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let orders = Order::read(&bytes)?;
    let lake = Lake::open(&role.data)?;
    let bucket = Bucket::open(&role.store)?;
    is_there(&role.cluster).await?;
    let mut copied = Copied::default();
    for order in &orders {
        let more = copying::bring(&lake, &bucket, order).await?;
        copied.files += more.files;
        copied.bytes += more.bytes;
    }
    tracing::info!(copied.files, copied.bytes, "the store has the tables");
    let job = Arc::new(Job::new(&role.store, &orders));
    for delivery in parts::deliveries(&orders) {
        run(&lake, &role.cluster, &orders, &job, delivery).await?;
    }
    Ok(())
}

/// Asks the scheduler whether it has an executor.
async fn is_there(cluster: &Url) -> Result<()> {
    let host = cluster.host_str().context("the cluster's address names no host")?;
    let port = cluster.port().unwrap_or(50_050);
    let asked = async {
        loop {
            let mut stream = TcpStream::connect((host, port)).await?;
            let request =
                format!("GET /readyz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            if answer.starts_with(b"HTTP/1.1 200") {
                return std::io::Result::Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error).with_context(|| {
            format!("no scheduler answers at {cluster}; start one with `haihe-cluster scheduler`")
        }),
        Err(_) => bail!(
            "the scheduler at {cluster} has no executor; start some with `haihe-cluster executor --scheduler {cluster}`"
        ),
    }
}

/// Computes a delivery; what an attempt did not bring is asked for again.
async fn run(
    lake: &Lake,
    cluster: &Url,
    orders: &[Order],
    job: &Arc<Job>,
    delivery: Vec<Vec<Piece>>,
) -> Result<()> {
    let mut left = delivery;
    let mut attempt = 1;
    loop {
        let before: usize = left.iter().map(Vec::len).sum();
        let (delivered, ended) = submit(cluster, job, &left).await;
        left = keep(lake, orders, left, delivered)?;
        let missing: usize = left.iter().map(Vec::len).sum();
        if missing == 0 {
            return Ok(());
        }
        if missing == before && attempt == ATTEMPTS {
            let why = ended.err().unwrap_or_else(|| anyhow::anyhow!("what came was not sound"));
            return Err(why).with_context(|| {
                format!("the cluster did not compute {missing} files; those that it did are kept")
            });
        }
        attempt = if missing == before { attempt + 1 } else { 1 };
        tracing::warn!(missing, "files are asked for again");
    }
}

/// What came, and whether that was all.
async fn submit(
    cluster: &Url,
    job: &Arc<Job>,
    parts: &[Vec<Piece>],
) -> (Vec<(usize, Vec<u8>)>, Result<()>) {
    let mut delivered = Vec::new();
    let ended = async {
        let size = usize::try_from(MESSAGE)?;
        let session = SessionConfig::new_with_ballista()
            .with_ballista_grpc_client_max_message_size(size)
            .with_ballista_job_name("states");
        let mut rows = execute_physical_plan::<PhysicalPlanNode>(
            cluster.as_str().trim_end_matches('/').to_owned(),
            &session.ballista_config(),
            plan::of(Arc::clone(job), parts)?,
            &Codec::default(),
            uuid::Uuid::new_v4().to_string(),
            session,
        )
        .await?;
        while let Some(batch) = rows.try_next().await? {
            delivered.extend(plan::rows(&batch)?);
        }
        Ok(())
    };
    let ended = ended.await;
    (delivered, ended)
}

/// Keeps what came, and gives the parts with what is still missing.
fn keep(
    lake: &Lake,
    orders: &[Order],
    mut parts: Vec<Vec<Piece>>,
    delivered: Vec<(usize, Vec<u8>)>,
) -> Result<Vec<Vec<Piece>>> {
    let mut by_order: Vec<Vec<Vec<u8>>> = vec![Vec::new(); orders.len()];
    for (order, states) in delivered {
        if let Some(list) = by_order.get_mut(order) {
            list.push(states);
        }
    }
    let mut rows = 0;
    for (at, (order, states)) in orders.iter().zip(by_order).enumerate() {
        if states.is_empty() {
            continue;
        }
        let of_order = |it: &&Piece| it.0 == at;
        let asked: Vec<DataFile> =
            parts.iter().flatten().filter(of_order).map(|it| it.1.clone()).collect();
        let missing = lake.keep_delivered(order, &asked, states)?;
        rows += asked.iter().map(|it| it.rows).sum::<u64>();
        rows -= missing.iter().map(|it| it.rows).sum::<u64>();
        for part in &mut parts {
            part.retain(|(order, file)| *order != at || missing.contains(&file));
        }
    }
    parts.retain(|it| !it.is_empty());
    let mut out = std::io::stdout();
    writeln!(out, "{rows}")?;
    out.flush()?;
    Ok(parts)
}
