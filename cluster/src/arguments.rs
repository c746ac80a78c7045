//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use url::Url;

/// Computes states of the data centre on several machines.
#[derive(Debug, Parser)]
#[command(name = "haihe-cluster", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) role: Role,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Role {
    /// Hand out work to executors.
    Scheduler(Scheduler),
    /// Do work that a scheduler hands out. Where the store is and who may read it stand in the usual AWS_* variables.
    Executor(Executor),
    /// Have orders computed that come on standard input; started by `haihe compute --cluster`.
    Compute(Compute),
}

#[derive(Debug, Args)]
pub(crate) struct Scheduler {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) listen: IpAddr,
    /// Port to listen on.
    #[arg(long, default_value_t = 50_050)]
    pub(crate) port: u16,
    /// How executors reach this machine.
    #[arg(long, value_name = "NAME", default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// An executor that is silent for so long is lost; its work goes to others.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) lost_after: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Executor {
    /// The scheduler, such as `http://scheduler.example:50050`.
    #[arg(long, value_name = "URL")]
    pub(crate) scheduler: Url,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) listen: IpAddr,
    /// How others reach this machine.
    #[arg(long, value_name = "NAME", default_value = "127.0.0.1")]
    pub(crate) host: String,
    /// Port that what was computed is fetched from.
    #[arg(long, default_value_t = 50_051)]
    pub(crate) port: u16,
    /// Port that work comes in by.
    #[arg(long, default_value_t = 50_052)]
    pub(crate) work_port: u16,
    /// Files that are scanned at once; 0 means as many as there are cores.
    #[arg(long, default_value_t = 0)]
    pub(crate) cores: usize,
    /// Folder for what was computed until it is fetched.
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// How often it says that it is there.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub(crate) heartbeat: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Compute {
    /// The scheduler, such as `http://scheduler.example:50050`.
    #[arg(long, value_name = "URL")]
    pub(crate) cluster: Url,
    /// Where the tables are copied to, such as `s3://bucket/prefix`.
    #[arg(long, value_name = "URL")]
    pub(crate) store: Url,
    /// Folder of the data centre.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
