//! The scheduler and the executors.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;

use crate::arguments::{Executor, Scheduler};
use crate::codec::Codec;

/// Largest message, in bytes: a delivery of many files is one plan.
pub(crate) const MESSAGE: u32 = 256 * 1024 * 1024;

/// Hands out work until it is ended.
pub(crate) async fn schedule(role: Scheduler) -> Result<()> {
    let config = SchedulerConfig {
        bind_host: role.listen.to_string(),
        bind_port: role.port,
        external_host: role.host,
        executor_timeout_seconds: role.lost_after,
        expire_dead_executor_interval_seconds: (role.lost_after / 4).max(1),
        no_executors_grace_period_seconds: role.lost_after,
        grpc_server_max_decoding_message_size: MESSAGE,
        grpc_server_max_encoding_message_size: MESSAGE,
        grpc_client_max_message_size: MESSAGE,
        override_physical_codec: Some(Arc::new(Codec::default())),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let address = SocketAddr::new(role.listen, role.port);
    start_server(cluster, address, Arc::new(config))
        .await
        .with_context(|| format!("the scheduler on {address} ended"))
}

/// Does work until it is ended.
pub(crate) async fn execute(role: Executor) -> Result<()> {
    let scheduler = &role.scheduler;
    let host = scheduler.host_str().context("the scheduler's address names no host")?;
    std::fs::create_dir_all(&role.folder)
        .with_context(|| format!("{} cannot be made", role.folder.display()))?;
    let config = ExecutorProcessConfig {
        bind_host: role.listen.to_string(),
        external_host: Some(role.host),
        port: role.port,
        grpc_port: role.work_port,
        scheduler_host: host.to_owned(),
        scheduler_port: scheduler.port().unwrap_or(50_050),
        scheduler_connect_timeout_seconds: 60,
        vcores: role.cores,
        work_dir: Some(role.folder.display().to_string()),
        executor_heartbeat_interval_seconds: role.heartbeat,
        job_data_ttl_seconds: 24 * 3600,
        job_data_clean_up_interval_seconds: 3600,
        grpc_max_decoding_message_size: MESSAGE,
        grpc_max_encoding_message_size: MESSAGE,
        // What a scan holds is its own, and no pool knows of it.
        memory_pool_size: Some(0),
        override_physical_codec: Some(Arc::new(Codec::default())),
        ..ExecutorProcessConfig::default()
    };
    let served = start_executor_process(Arc::new(config)).await;
    served.with_context(|| format!("the executor for {scheduler} ended"))
}
