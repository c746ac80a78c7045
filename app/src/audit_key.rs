//! The key that finished days of the audit log are signed with: `secrets/audit.key` of the data folder.

use std::path::Path;

use anyhow::{Context, Result};
use network::audit::SigningKey;

use crate::secrets;
use crate::surroundings::SystemEntropy;

const NAME: &str = "audit.key";

/// The key, if there is one: a centre that has signed nothing yet has none.
pub(crate) fn find(data: &Path) -> Result<Option<SigningKey>> {
    secrets::find(data, NAME)?.map(|it| read(&it)).transpose()
}

/// The key; made on first use.
pub(crate) fn open(data: &Path) -> Result<SigningKey> {
    let made = || Ok(SigningKey::new(&mut SystemEntropy)?.to_pkcs8()?);
    read(&secrets::open(data, NAME, made)?)
}

fn read(bytes: &[u8]) -> Result<SigningKey> {
    SigningKey::from_pkcs8(bytes).with_context(|| format!("secrets/{NAME} is not sound"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        assert!(find(folder.path()).unwrap().is_none());
        let one = open(folder.path()).unwrap();
        assert_eq!(open(folder.path()).unwrap().public(), one.public());
        assert_eq!(find(folder.path()).unwrap().unwrap().public(), one.public());
        std::fs::write(folder.path().join("secrets").join(NAME), "no key").unwrap();
        assert!(open(folder.path()).unwrap_err().to_string().contains("is not sound"));
    }
}
