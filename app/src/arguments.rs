//! The command line.

use std::path::PathBuf;

use casework::letters::LetterNumber;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use model::{Moment, OrgCode, Year};

use crate::origin::Origin;

mod account;
mod application;
mod backup;
mod compute;
mod export;
mod figures;
mod provider;
mod token;

pub(crate) use self::account::{Account, AddAccount, NamedAccount, ResetAccount};
pub(crate) use self::application::{AddApplication, Application, NamedApplication};
pub(crate) use self::backup::{Backup, Restore};
pub(crate) use self::compute::Compute;
pub(crate) use self::export::Export;
pub(crate) use self::figures::Figures;
pub(crate) use self::provider::{AddProvider, LinkRequest, NamedProvider, NamedRequest, Provider};
pub(crate) use self::token::{IssueToken, Token};

/// Port of the pages where none is named.
pub(crate) const USUAL_PORT: u16 = 8080;

/// The open-source education system of a city: from school records to the plan's scoreboard.
#[derive(Debug, Parser)]
#[command(name = "haihe", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a demonstration city, compute it, print its scoreboard and serve it.
    Demo(Demo),
    /// Begin a data centre from a plan folder; run again to take up a changed folder.
    Init(Init),
    /// Check a file of records and take what is sound: `organisations`, `events`, `oneroster` or a dataset.
    Import(Import),
    /// Write an empty workbook for a dataset, to be filled in and imported.
    Template(Template),
    /// Compute all figures and publish them as a release.
    Compute(Compute),
    /// Print an organisation's scoreboard.
    Scoreboard(Scoreboard),
    /// Print one indicator for every organisation of a level.
    Figures(Figures),
    /// Write the figures of a release as CSV: all indicators, levels, organisations and years.
    Export(Export),
    /// Say why a figure is what it is: definition, states, predicate, rows.
    Explain(Explain),
    /// Work with plan folders.
    #[command(subcommand)]
    Plan(Plan),
    /// Look after accounts: the first administrator is made here.
    #[command(subcommand)]
    Account(Account),
    /// Look after the tokens that other systems provision accounts and read rosters with.
    #[command(subcommand)]
    Token(Token),
    /// Verify the audit log, and sign its finished days.
    #[command(subcommand)]
    Audit(Audit),
    /// Carry out periods of retention and the requests of persons.
    #[command(subcommand)]
    Retention(Retention),
    /// Work with procedures.
    #[command(subcommand)]
    Procedure(Procedure),
    /// Look after applications that people sign in to with their accounts.
    #[command(subcommand)]
    Application(Application),
    /// Look after identity providers elsewhere, with whose accounts people may sign in here.
    #[command(subcommand)]
    Provider(Provider),
    /// Do what time brings to cases, by hand; a server does it by itself.
    #[command(subcommand)]
    Cases(Cases),
    /// Look after the keys that sign letters.
    #[command(subcommand)]
    Keys(Keys),
    /// Copy all that the data centre is into a folder of backups, while it is at work.
    Backup(Backup),
    /// Make a data centre of a backup, as it was at a time.
    Restore(Restore),
    /// Serve the pages and the API.
    Serve(Serve),
}

/// Where a data centre keeps what it has.
#[derive(Clone, Debug, Args)]
pub(crate) struct Place {
    /// Folder of the data centre.
    #[arg(long, value_name = "DIR", default_value = "haihe-data")]
    pub(crate) data: PathBuf,
    /// `postgres://…` instead of the SQLite file in the data folder.
    #[arg(long, value_name = "URL", env = "HAIHE_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// `s`: a tenth of a city; `m`: a whole city; `l`: as much as ten of them.
    #[arg(long, default_value = "m")]
    pub(crate) size: DemoSize,
    /// The number the city is made from: the same number, the same city.
    #[arg(long, default_value_t = 20_210_726)]
    pub(crate) number: u64,
    /// A plan folder with a `demo.toml`, or a folder that holds one.
    #[arg(long, value_name = "DIR", default_value = "plan")]
    pub(crate) plan: PathBuf,
    /// Make the key of pseudonyms from the number too, so that all files come out the same: for measurements, never for
    /// a folder that records of real people go into.
    #[arg(long)]
    pub(crate) repeatable: bool,
    /// Port of the pages.
    #[arg(long, default_value_t = USUAL_PORT)]
    pub(crate) port: u16,
    /// Stop after the scoreboard is printed.
    #[arg(long)]
    pub(crate) no_serve: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DemoSize {
    S,
    M,
    L,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The plan folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) plan: PathBuf,
    /// The city's own copy of the plan's text, shown beside the numbers.
    #[arg(long, value_name = "FILE")]
    pub(crate) plan_text: Option<PathBuf>,
    /// How browsers reach the site, such as `https://haihe.example`; kept in `centre.toml`.
    #[arg(long, value_name = "URL")]
    pub(crate) origin: Option<Origin>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A dataset of the plan, `organisations`, `events` or `oneroster`.
    pub(crate) dataset: String,
    /// CSV (UTF-8 or GB18030), XLSX or Parquet; a package of CSV files for `oneroster`.
    pub(crate) file: PathBuf,
    /// How the file's columns become the dataset's.
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// Check everything and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Where to write all findings: a `.csv` or `.xlsx` file.
    #[arg(long, value_name = "FILE")]
    pub(crate) findings: Option<PathBuf>,
    /// The file's rows are all there is of each organisation it names; its other rows go.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Of `oneroster`: the system that the package comes from; what another said stays as it is.
    #[arg(long, value_name = "NAME", default_value = "oneroster")]
    pub(crate) source: String,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Template {
    /// A dataset of the plan.
    pub(crate) dataset: String,
    /// The `.xlsx` file to write.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// Which release is read.
#[derive(Clone, Debug, Args)]
pub(crate) struct AsOf {
    /// The release in force at that instant, such as 2026-01-31T08:00:00Z, or at the end of a day of the city, such
    /// as 2026-01-31; the latest without it.
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Scoreboard {
    /// Code of the organisation; the whole city without it.
    #[arg(long, value_name = "CODE")]
    pub(crate) org: Option<OrgCode>,
    /// Year; the latest that was reported for without it.
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<Year>,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
    /// A table to read, or JSON or CSV for programs.
    #[arg(long, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code of the indicator, such as IND-01.
    pub(crate) indicator: String,
    /// Code of the organisation; the whole city without it.
    #[arg(long, value_name = "CODE")]
    pub(crate) org: Option<OrgCode>,
    /// Year; the latest that was reported for without it.
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: Option<Year>,
    /// Rows shown of each dataset.
    #[arg(long, default_value_t = 10)]
    pub(crate) rows: usize,
    #[command(flatten)]
    pub(crate) as_of: AsOf,
    /// A table to read, or JSON or CSV for programs.
    #[arg(long, default_value = "table")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plan {
    /// Check a plan folder against the datasets it declares; report every error.
    Check {
        /// The plan folder.
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Find the first entry that was altered, is missing or was put in; ends with 1 when there is one.
    Verify(VerifyAudit),
    /// Sign finished days and print what was signed, to be kept in another place.
    Sign {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub(crate) struct VerifyAudit {
    /// Begin with the signed day of this instant.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<Timestamp>,
    /// What `haihe audit sign` printed, as it was kept in another place.
    #[arg(long, value_name = "FILE")]
    pub(crate) roots: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Retention {
    /// Take away what is older than its period, and carry out what persons were granted.
    Run {
        /// Say what would go and change nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Procedure {
    /// Prove a procedure before it is used; report every error.
    Check {
        /// The procedure's folder.
        dir: PathBuf,
        /// Folder of roles, calendars, datasets and letters beside those that are shipped; when absent, the data folder that
        /// the procedure lies in (`DATA/procedures/NAME`) as it is in force, or `../../rules`.
        #[arg(long, value_name = "DIR")]
        rules: Option<PathBuf>,
    },
    /// Draw a procedure as SVG.
    Draw {
        /// The procedure's folder.
        dir: PathBuf,
        /// File to write.
        file: PathBuf,
        /// Language of the labels.
        #[arg(long, default_value = "zh")]
        language: PictureLanguage,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Cases {
    /// Make one round: what is due, letters that wait, rows for the lake.
    Run {
        /// How browsers reach the site where letters are checked; what `centre.toml` says without it.
        #[arg(long, value_name = "URL")]
        origin: Option<Origin>,
        #[command(flatten)]
        place: Place,
    },
    /// Take a letter back: from now on it does not hold.
    Revoke {
        /// The number by which it is checked, such as 7K3M-92QX-AB5T.
        number: LetterNumber,
        /// The reason, for whoever asks later.
        #[arg(long, value_name = "TEXT")]
        why: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// List the keys, those that are retired too.
    List(Place),
    /// Retire the key in use for a new one; letters that were signed before hold on.
    Rotate(Place),
    /// Print the certificate with which anyone can check letters.
    Root(Place),
}

/// Language of a picture.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PictureLanguage {
    Zh,
    En,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Port of the pages.
    #[arg(long, default_value_t = USUAL_PORT)]
    pub(crate) port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) listen: std::net::IpAddr,
    /// How browsers reach the site, such as `https://haihe.example`; what `centre.toml` says without it, and this
    /// machine only where that says nothing.
    #[arg(long, value_name = "URL")]
    pub(crate) origin: Option<Origin>,
    /// A proxy of ours stands before the site and writes the callers' addresses into X-Forwarded-For.
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// Applications and identity providers may be in the network that this machine stands in.
    #[arg(long)]
    pub(crate) reach_inside: bool,
    #[command(flatten)]
    pub(crate) place: Place,
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
