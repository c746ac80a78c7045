//! The keys that sign letters: one file in the secrets of the data folder, made on first use, for its owner only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use documents::Keys;
use jiff::Timestamp;
use model::Entropy;

use crate::whole;

fn file(data: &Path) -> PathBuf {
    data.join("secrets").join("letters.pem")
}

/// The keys as they are now; `None` before the first letter.
///
/// # Errors
/// When the file cannot be read, is damaged, or may be read by others.
pub(crate) fn read(data: &Path) -> Result<Option<Keys>> {
    let path = file(data);
    let shown = path.display();
    if !path.exists() {
        return Ok(None);
    }
    let mode = fs::metadata(&path).with_context(|| format!("{shown} could not be read"))?;
    if mode.permissions().mode() & 0o077 != 0 {
        bail!("{shown} may be read by others; take their rights away (mode 0600)");
    }
    let text = fs::read_to_string(&path).with_context(|| format!("{shown} could not be read"))?;
    Ok(Some(Keys::read(&text).with_context(|| format!("{shown} is not as it was written"))?))
}

/// The keys as they are now, made in the name of `centre` when there are none.
pub(crate) fn open(
    data: &Path,
    centre: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Keys> {
    if let Some(keys) = read(data)? {
        return Ok(keys);
    }
    let _lock = lock(data)?;
    // Whoever waited for the lock finds the keys of the one before.
    if let Some(keys) = read(data)? {
        return Ok(keys);
    }
    let keys = Keys::begin(centre, at, entropy)?;
    write(data, &keys)?;
    Ok(keys)
}

/// Retires the key in use; what it signed holds on.
pub(crate) fn rotate(
    data: &Path,
    centre: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Keys> {
    let _lock = lock(data)?;
    let keys = match read(data)? {
        None => Keys::begin(centre, at, entropy)?,
        Some(mut keys) => {
            keys.rotate(centre, at, entropy)?;
            keys
        }
    };
    write(data, &keys)?;
    Ok(keys)
}

/// Waits until nobody else changes the keys; the system gives the lock back whatever becomes of this process.
fn lock(data: &Path) -> Result<File> {
    let folder = data.join("secrets");
    let path = folder.join("letters.lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(whole::PRIVATE);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .and_then(|()| options.open(&path))
        .and_then(|it| it.lock().map(|()| it))
        .with_context(|| format!("{} could not be locked", path.display()))
}

fn write(data: &Path, keys: &Keys) -> Result<()> {
    let (path, text) = (file(data), keys.write()?);
    let written = whole::write(&path, whole::PRIVATE, |it| it.write_all(text.as_bytes()));
    written.with_context(|| format!("{} could not be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use network::testing::{Counting, at};

    #[test]
    fn keys_are_made_once_and_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap().is_none());
        let one = open(folder.path(), "centre", at(0), &mut Counting::default()).unwrap();
        let two = open(folder.path(), "other", at(9), &mut Counting::beginning_at(99)).unwrap();
        assert_eq!(one.root().unwrap(), two.root().unwrap());
        let path = file(folder.path());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("read by others"));
    }

    #[test]
    fn a_rotation_keeps_every_certificate_and_no_retired_key() {
        let folder = tempfile::tempdir().unwrap();
        let mut chance = Counting::default();
        open(folder.path(), "centre", at(0), &mut chance).unwrap();
        rotate(folder.path(), "centre", at(100), &mut chance).unwrap();
        let keys = rotate(folder.path(), "centre", at(200), &mut chance).unwrap();
        let listed = read(folder.path()).unwrap().unwrap().list();
        assert_eq!(listed, keys.list());
        let retired: Vec<_> = listed.iter().map(|it| it.retired_at).collect();
        assert_eq!(retired, [Some(at(100)), Some(at(200)), None]);
        let text = fs::read_to_string(file(folder.path())).unwrap();
        // The root, three that signed; the root's own key and the one in use.
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 4);
        assert_eq!(text.matches("BEGIN PRIVATE KEY").count(), 2);
    }

    #[test]
    fn of_eight_that_begin_at_once_all_have_the_same_keys() {
        let folder = tempfile::tempdir().unwrap();
        let roots: Vec<String> = std::thread::scope(|scope| {
            let begin = |it: u64| {
                let path = folder.path();
                scope.spawn(move || {
                    let mut chance = Counting::beginning_at(it * 1_000);
                    open(path, "centre", at(0), &mut chance).unwrap().root().unwrap()
                })
            };
            let all: Vec<_> = (0_u64..8).map(begin).collect();
            all.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(roots.iter().all(|it| *it == *roots.first().unwrap()));
    }
}
