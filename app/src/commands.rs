//! The commands, one file each.

mod account;
mod application;
mod audit;
mod backup;
mod cases;
mod compute;
mod demo;
mod explain;
mod export;
mod figures;
mod import;
mod init;
mod keys;
mod plan;
mod procedure;
mod provider;
mod restore;
mod retention;
mod scoreboard;
mod serve;
mod template;
mod token;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::{Arguments, Command};

/// The input was refused, in part or whole; what is wrong was printed.
pub(crate) const REFUSED: u8 = 1;

pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command {
        Command::Demo(it) => Box::pin(demo::run(it)).await,
        Command::Init(it) => init::run(it).await,
        Command::Import(it) => Box::pin(import::run(it)).await,
        Command::Template(it) => template::run(&it).await,
        Command::Compute(it) => compute::run(it).await,
        Command::Scoreboard(it) => scoreboard::run(it).await,
        Command::Figures(it) => figures::run(it).await,
        Command::Export(it) => export::run(it).await,
        Command::Explain(it) => explain::run(it).await,
        Command::Plan(it) => plan::run(it),
        Command::Account(it) => account::run(it).await,
        Command::Token(it) => token::run(it).await,
        Command::Keys(it) => keys::run(it).await,
        Command::Cases(it) => Box::pin(cases::run(it)).await,
        Command::Audit(it) => audit::run(it).await,
        Command::Retention(it) => retention::run(it).await,
        Command::Procedure(it) => procedure::run(it),
        Command::Application(it) => application::run(it).await,
        Command::Provider(it) => provider::run(it).await,
        Command::Backup(it) => backup::run(it).await,
        Command::Restore(it) => restore::run(it).await,
        Command::Serve(it) => serve::run(it).await,
    }
}
