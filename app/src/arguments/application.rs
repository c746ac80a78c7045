//! `haihe application …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use model::OrgCode;
use network::applications::{ApplicationCode, Authentication};
use network::openid::{Algorithm, Claim, Scope};

use super::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Application {
    /// Register an application that people sign in to: prints its secret, this once.
    Add(Box<AddApplication>),
    /// List the register.
    List(Place),
    /// Give an application a new secret in place of the one before.
    Secret(NamedApplication),
    /// Take an application out of use for good.
    End(NamedApplication),
}

#[derive(Debug, Args)]
pub(crate) struct AddApplication {
    /// Its code, which is its `client_id` too.
    pub(crate) code: ApplicationCode,
    /// Its name; in Chinese where there is one.
    #[arg(long)]
    pub(crate) name: String,
    #[arg(long)]
    pub(crate) name_en: Option<String>,
    /// What it is for.
    #[arg(long)]
    pub(crate) purpose: String,
    #[arg(long)]
    pub(crate) purpose_en: Option<String>,
    /// Code of the organisation that answers for it.
    #[arg(long, value_name = "CODE")]
    pub(crate) org: OrgCode,
    /// Organisations whose people may use it, with all below them; the one that answers for it without this.
    #[arg(long, value_name = "CODE")]
    pub(crate) granted: Vec<OrgCode>,
    /// Roles that may use it; all without this.
    #[arg(long, value_name = "ROLE")]
    pub(crate) roles: Vec<String>,
    /// Where a browser may be sent with a code.
    #[arg(long = "redirect", value_name = "URL")]
    pub(crate) redirects: Vec<String>,
    /// Where a browser may be sent after signing out.
    #[arg(long = "logout-redirect", value_name = "URL")]
    pub(crate) logout_redirects: Vec<String>,
    /// Where notices of ended sessions go (back-channel logout).
    #[arg(long, value_name = "URL")]
    pub(crate) notices: Option<String>,
    /// Where its tile on the start page leads.
    #[arg(long, value_name = "URL")]
    pub(crate) home: Option<String>,
    /// Scopes whose claims it may see; offline_access lets it keep its access.
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<Scope>,
    /// Single claims that it may see beside those.
    #[arg(long = "claim", value_name = "CLAIM")]
    pub(crate) claims: Vec<Claim>,
    /// Services of ours that it may use for itself.
    #[arg(long = "service", value_name = "SCOPE")]
    pub(crate) services: Vec<String>,
    #[arg(long, value_name = "WAY", default_value = "client_secret_basic")]
    pub(crate) authentication: Authentication,
    /// Its public keys as a JSON Web Key Set, when it signs for itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(long, default_value = "ES256")]
    pub(crate) algorithm: Algorithm,
    /// Applications of one sector know a person by the same pseudonym; its own code without this.
    #[arg(long, value_name = "WORD", conflicts_with = "public_subject")]
    pub(crate) sector: Option<String>,
    /// Let it know people by the ids of their accounts.
    #[arg(long)]
    pub(crate) public_subject: bool,
    /// Do not ask people: the city has decided what it may see.
    #[arg(long)]
    pub(crate) without_consent: bool,
    /// Do not ask it for a proof (PKCE): it is too old to give one.
    #[arg(long)]
    pub(crate) without_proof: bool,
    /// Days until somebody has to look at it again.
    #[arg(long, default_value_t = 365)]
    pub(crate) days: i64,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct NamedApplication {
    pub(crate) code: ApplicationCode,
    #[command(flatten)]
    pub(crate) place: Place,
}
