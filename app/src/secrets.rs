//! Secrets of the data folder: files in `secrets/` that their owner alone may read.
//!
//! **Invariant:** a secret is made once, whole or not at all, and one that others may read is not used.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

fn path(data: &Path, name: &str) -> PathBuf {
    data.join("secrets").join(name)
}

/// The secret of a name, if there is one.
///
/// # Errors
/// When it cannot be read, or others may read it.
pub(crate) fn find(data: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    let path = path(data, name);
    let shown = path.display();
    let mode = match fs::metadata(&path) {
        Ok(found) => found.permissions().mode(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{shown} could not be read")),
    };
    if mode & 0o077 != 0 {
        bail!("{shown} may be read by others; take their rights away (mode 0600)");
    }
    fs::read(&path).map(Some).with_context(|| format!("{shown} could not be read"))
}

/// The secret of a name; made of `bytes` when there is none yet.
pub(crate) fn open(
    data: &Path,
    name: &str,
    bytes: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    if let Some(found) = find(data, name)? {
        return Ok(found);
    }
    let path = path(data, name);
    make(&path, &bytes()?).with_context(|| format!("{} could not be made", path.display()))?;
    find(data, name)?.with_context(|| format!("{} was taken away", path.display()))
}

/// Writes a secret beside, then links it into place: of two that begin at once, one wins and both read it.
fn make(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let make = |bytes: &[u8]| open(folder.path(), "network.key", || Ok(bytes.to_vec()));
        assert_eq!(find(folder.path(), "network.key").unwrap(), None);
        assert_eq!(make(b"one").unwrap(), b"one");
        assert_eq!(make(b"two").unwrap(), b"one");
        let path = path(folder.path(), "network.key");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(make(b"two").unwrap_err().to_string().contains("read by others"));
    }
}
