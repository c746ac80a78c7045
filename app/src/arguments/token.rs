//! `haihe token …`

use clap::{Args, Subcommand};
use model::OrgCode;
use network::service_tokens::{Interface, ServiceTokenId};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Issue a token; it is shown this once.
    Issue(IssueToken),
    /// End a token at once.
    End {
        /// What was printed with it.
        id: ServiceTokenId,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
pub(crate) struct IssueToken {
    /// What it opens: `scim`, `rosters` or `records`.
    #[arg(value_parser = interface)]
    pub(crate) interface: Interface,
    /// What people call the other system.
    #[arg(long)]
    pub(crate) name: String,
    /// Code of the organisation below which it may act.
    #[arg(long, value_name = "CODE")]
    pub(crate) org: OrgCode,
    /// A dataset whose records it may bring, of a token for `records`; given once for each.
    #[arg(long = "dataset", value_name = "NAME")]
    pub(crate) datasets: Vec<String>,
    /// Days until it ends.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=1_100))]
    pub(crate) days: u16,
    #[command(flatten)]
    pub(crate) place: Place,
}

fn interface(text: &str) -> Result<Interface, String> {
    Interface::parse(text).ok_or_else(|| "write scim, rosters or records".to_owned())
}
