//! What the site is given by the machine: its clock, its randomness, and the key of the data folder.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use casework::Office;
use demonstration::accounts;
use jiff::Timestamp;
use model::Entropy;
use network::passwords::Policies;
use network::secret::CentreKey;
use web::{Demonstrated, Surroundings};

use crate::centre::{Centre, Settings};
use crate::elsewhere::Elsewhere;
use crate::office::{self, vault};
use crate::origin::Origin;
use crate::rules;
use crate::secrets;
use crate::terminal::complain;

/// The policy that holds where `centre.toml` names none.
const USUAL_POLICY: &str = "asvs";

/// Randomness of the operating system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // A secret that can be guessed would be worse than no answer.
            complain(&format!("the system gives no random numbers: {error}"));
            std::process::abort();
        }
    }
}

/// How the site is reached from outside.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    pub(crate) origin: Origin,
    pub(crate) behind_proxy: bool,
    /// What asks applications and identity providers.
    pub(crate) elsewhere: Elsewhere,
}

/// What the site of a data folder is given.
pub(crate) fn surroundings(
    centre: &Centre,
    settings: &Settings,
    reached: Reached,
    office: Arc<Office>,
) -> Result<Surroundings> {
    let (data, policies) = (&centre.data, Policies::shipped()?);
    let policy = settings.password_policy.as_deref();
    Ok(Surroundings {
        clock: Arc::new(Timestamp::now),
        entropy: Arc::new(|| Box::new(SystemEntropy)),
        key: key(data)?,
        policy: policies.policy(policy.unwrap_or(USUAL_POLICY))?.clone(),
        roles: rules::roles(centre)?,
        cost: policies.cost,
        origin: reached.origin.into(),
        behind_proxy: reached.behind_proxy,
        ask: Arc::new(move |ask| {
            let elsewhere = reached.elsewhere.clone();
            Box::pin(async move { Ok(elsewhere.ask(ask).await?) })
        }),
        demonstrated: demonstrated(settings),
        office,
        vault: vault(data, settings.attachments.as_ref()),
        letters: office::letters(data),
        offset: centre.plan()?.offset,
    })
}

/// The accounts that a newcomer may sign in with: none where the records are real.
fn demonstrated(settings: &Settings) -> Vec<Demonstrated> {
    let Some(generated) = &settings.generated else { return Vec::new() };
    let known = |it: accounts::Demonstrated| Demonstrated {
        login: it.login,
        password: it.password,
        title: it.title,
    };
    accounts::demonstrated(generated.number).into_iter().map(known).collect()
}

/// The data folder's own key, `secrets/network.key`; made on first use.
///
/// # Errors
/// When it cannot be read or made, has not 32 bytes, or may be read by others.
pub(crate) fn key(data: &Path) -> Result<CentreKey> {
    let random = || {
        let mut bytes = vec![0; 32];
        SystemEntropy.fill(&mut bytes);
        Ok(bytes)
    };
    let bytes = secrets::open(data, "network.key", random)?;
    let Ok(key) = bytes.as_slice().try_into() else {
        bail!("secrets/network.key holds {} bytes and not 32; put the kept copy back", bytes.len());
    };
    Ok(CentreKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_has_32_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let one = key(folder.path()).unwrap();
        let two = key(folder.path()).unwrap();
        assert_eq!(one.hash("a", "b"), two.hash("a", "b"));
        std::fs::write(folder.path().join("secrets/network.key"), "short").unwrap();
        assert!(key(folder.path()).unwrap_err().to_string().contains("holds 5 bytes"));
    }
}
