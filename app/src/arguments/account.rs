//! `haihe account …`

use clap::{Args, Subcommand};
use model::OrgCode;
use network::accounts::Login;
use network::people::PersonName;
use network::roles::RoleCode;

use super::Place;
use crate::origin::Origin;

#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Invite somebody: prints a link that is good once.
    Add(AddAccount),
    /// List accounts.
    List(ListAccounts),
    /// Close an account and end all its sessions.
    Close(NamedAccount),
    /// Let an owner set a new password: prints a link that is good once.
    Reset(ResetAccount),
}

#[derive(Debug, Args)]
pub(crate) struct AddAccount {
    pub(crate) login: Login,
    /// Name of the person.
    #[arg(long)]
    pub(crate) name: PersonName,
    /// Code of the organisation that looks after the account.
    #[arg(long, value_name = "CODE")]
    pub(crate) org: OrgCode,
    /// Role that is granted there when the invitation is accepted, such as `administrator`.
    #[arg(long, value_name = "CODE")]
    pub(crate) role: Option<RoleCode>,
    /// How browsers reach the site; what `centre.toml` says without it.
    #[arg(long, value_name = "URL")]
    pub(crate) origin: Option<Origin>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct ListAccounts {
    /// Part of a login name or of a name.
    pub(crate) search: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct NamedAccount {
    pub(crate) login: Login,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct ResetAccount {
    #[command(flatten)]
    pub(crate) account: NamedAccount,
    /// Take its second factors away too: they are lost.
    #[arg(long)]
    pub(crate) second_factor: bool,
    /// How browsers reach the site; what `centre.toml` says without it.
    #[arg(long, value_name = "URL")]
    pub(crate) origin: Option<Origin>,
}
