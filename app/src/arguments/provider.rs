//! `haihe provider …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use model::OrgCode;
use network::accounts::Login;
use network::outside::{ProviderCode, RequestId};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Provider {
    /// Let people sign in with their account at another house, once it is linked to them.
    Add(AddProvider),
    /// List the providers that people may sign in with.
    List(Place),
    /// Take a provider out of use.
    End(NamedProvider),
    /// List the identities that came and wait to be linked to somebody.
    Requests(Place),
    /// Link the identity of a request to the person of an account.
    Link(LinkRequest),
    /// Decide that the identity of a request is nobody's here.
    Refuse(NamedRequest),
}

#[derive(Debug, Args)]
pub(crate) struct AddProvider {
    /// Its code, which stands in addresses.
    pub(crate) code: ProviderCode,
    /// Its name; in Chinese where there is one.
    #[arg(long)]
    pub(crate) name: String,
    #[arg(long)]
    pub(crate) name_en: Option<String>,
    /// Its address, as its description at `/.well-known/openid-configuration` says.
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: String,
    /// What we are called there; it sends browsers back to `/sign-in/outside/back`.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: String,
    /// File with what we prove ourselves with there; without it the proof of the code flow (PKCE) must do.
    #[arg(long, value_name = "FILE")]
    pub(crate) client_secret: Option<PathBuf>,
    /// Where it belongs: whoever looks after accounts there reviews who asks to be let in. The whole without this.
    #[arg(long, value_name = "CODE")]
    pub(crate) org: Option<OrgCode>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct NamedProvider {
    pub(crate) code: ProviderCode,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct LinkRequest {
    pub(crate) request: RequestId,
    /// Login name of an account of the person.
    pub(crate) login: Login,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct NamedRequest {
    pub(crate) request: RequestId,
    #[command(flatten)]
    pub(crate) place: Place,
}
