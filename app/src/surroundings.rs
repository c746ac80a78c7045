//! What the site is given by the machine: its clock, its randomness, and the key of the data folder.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use casework::Office;
use jiff::Timestamp;
use model::Entropy;
use network::passwords::Policies;
use network::roles::Roles;
use network::secret::CentreKey;
use web::{Demonstrated, Surroundings};

use crate::centre::Settings;
use crate::elsewhere::Elsewhere;
use crate::office::vault;
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
    pub(crate) origin: String,
    pub(crate) behind_proxy: bool,
    /// What asks applications and identity providers.
    pub(crate) elsewhere: Elsewhere,
}

/// What the site of a data folder is given.
pub(crate) fn surroundings(
    data: &Path,
    settings: &Settings,
    reached: Reached,
    demonstrated: Vec<Demonstrated>,
    office: Arc<Office>,
) -> Result<Surroundings> {
    let policies = Policies::shipped()?;
    let policy = settings.password_policy.as_deref();
    Ok(Surroundings {
        clock: Arc::new(Timestamp::now),
        entropy: Arc::new(|| Box::new(SystemEntropy)),
        key: key(data)?,
        policy: policies.policy(policy.unwrap_or(USUAL_POLICY))?.clone(),
        roles: Roles::national(),
        cost: policies.cost,
        origin: reached.origin,
        behind_proxy: reached.behind_proxy,
        ask: Arc::new(move |ask| {
            let elsewhere = reached.elsewhere.clone();
            Box::pin(async move { Ok(elsewhere.ask(ask).await?) })
        }),
        demonstrated,
        office,
        vault: vault(data, settings.attachments.as_ref()),
    })
}

/// The data folder's own key, `secrets/network.key`; made on first use.
///
/// # Errors
/// When it cannot be read or made, has not 32 bytes, or may be read by others.
pub(crate) fn key(data: &Path) -> Result<CentreKey> {
    let folder = data.join("secrets");
    let path = folder.join("network.key");
    let shown = path.display();
    if !path.exists() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .and_then(|()| make(&folder, &path))
            .with_context(|| format!("{shown} could not be made"))?;
    }
    let mode = fs::metadata(&path).with_context(|| format!("{shown} could not be read"))?;
    if mode.permissions().mode() & 0o077 != 0 {
        bail!("{shown} may be read by others; take their rights away (mode 0600)");
    }
    let bytes = fs::read(&path).with_context(|| format!("{shown} could not be read"))?;
    let Ok(key) = bytes.as_slice().try_into() else {
        bail!("{shown} holds {} bytes and not 32; put the kept copy back", bytes.len());
    };
    Ok(CentreKey::new(key))
}

/// Writes a new key beside, then links it into place: of two that begin at once, one wins and both read it.
fn make(folder: &Path, path: &Path) -> std::io::Result<()> {
    let mut bytes = [0; 32];
    SystemEntropy.fill(&mut bytes);
    let beside = folder.join(format!("network.key.{}", std::process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let one = key(folder.path()).unwrap();
        let two = key(folder.path()).unwrap();
        assert_eq!(one.hash("a", "b"), two.hash("a", "b"));
        let path = folder.path().join("secrets/network.key");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(key(folder.path()).unwrap_err().to_string().contains("read by others"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "short").unwrap();
        assert!(key(folder.path()).unwrap_err().to_string().contains("holds 5 bytes"));
    }
}
