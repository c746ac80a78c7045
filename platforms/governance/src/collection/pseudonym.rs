//! Pseudonyms: what stands in the lake in place of a person's number.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::cells::plain;

/// Makes pseudonyms with a key that never leaves the data folder.
///
/// The same number gives the same pseudonym in every dataset of a city, so that a pupil can be
/// followed through the years; without the key nobody can go back, not even by trying all numbers.
pub struct Pseudonyms {
    key: [u8; 32],
}

/// The key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PseudonymError {
    #[error("the key of pseudonyms, {path}, could not be {doing}")]
    Io {
        path: String,
        doing: &'static str,
        #[source]
        source: io::Error,
    },
    #[error(
        "the key of pseudonyms, {path}, holds {bytes} bytes and not 32: put the kept copy back"
    )]
    Damaged { path: String, bytes: usize },
    #[error(
        "the key of pseudonyms, {path}, may be read by others: take their rights away (mode 0600)"
    )]
    Open { path: String },
    #[error("the system gives no random numbers for the key of pseudonyms")]
    Random(#[source] getrandom::Error),
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pseudonyms").finish_non_exhaustive()
    }
}

impl Pseudonyms {
    /// Takes the key from `<data>/secrets/pseudonym.key`; makes one on first use.
    ///
    /// # Errors
    /// When the key cannot be read or made, has not 32 bytes, or may be read by others.
    pub fn open(data: &Path) -> Result<Self, PseudonymError> {
        let folder = data.join("secrets");
        let path = folder.join("pseudonym.key");
        let shown = path.display().to_string();
        let io = |doing| {
            let path = shown.clone();
            move |source| PseudonymError::Io { path, doing, source }
        };
        if !path.exists() {
            fs::create_dir_all(&folder).map_err(io("made"))?;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(io("made"))?;
            Self::make(&folder, &path).map_err(|error| match error {
                MakeError::Io(source) => io("made")(source),
                MakeError::Random(error) => PseudonymError::Random(error),
            })?;
        }
        let mode = fs::metadata(&path).map_err(io("read"))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(PseudonymError::Open { path: shown });
        }
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(io("read"))?;
        file.take(64).read_to_end(&mut bytes).map_err(io("read"))?;
        let key = bytes
            .as_slice()
            .try_into()
            .map_err(|_| PseudonymError::Damaged { path: shown, bytes: bytes.len() })?;
        Ok(Self { key })
    }

    /// Pseudonyms with a given key, for a demonstration that must come out the same everywhere.
    pub const fn with_key(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The pseudonym of a number: the first 64 bits of its keyed BLAKE3.
    ///
    /// Full-width characters, spaces around it and the case of letters make no difference.
    pub fn of(&self, number: &str) -> i64 {
        let plain = plain(number);
        let hash = if plain.bytes().any(|it| it.is_ascii_lowercase()) {
            blake3::keyed_hash(&self.key, plain.to_ascii_uppercase().as_bytes())
        } else {
            blake3::keyed_hash(&self.key, plain.as_bytes())
        };
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        i64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    /// Writes a new key beside its place, then links it in: two first imports at once agree on one.
    fn make(folder: &Path, path: &Path) -> Result<(), MakeError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(MakeError::Random)?;
        let [a, b, c, d, ..] = key;
        let draft = folder.join(format!("pseudonym.{a:02x}{b:02x}{c:02x}{d:02x}.draft"));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        // The name must not give part of the key away.
        getrandom::fill(&mut key).map_err(MakeError::Random)?;
        file.write_all(&key)?;
        file.sync_all()?;
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error.into()),
            _ => Ok(()),
        }
    }
}

enum MakeError {
    Io(io::Error),
    Random(getrandom::Error),
}

impl From<io::Error> for MakeError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept_from_others() {
        let data = tempfile::tempdir().unwrap();
        let first = Pseudonyms::open(data.path()).unwrap().of("12345");
        assert_eq!(Pseudonyms::open(data.path()).unwrap().of("12345"), first);
        let key = data.path().join("secrets/pseudonym.key");
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(data.path().join("secrets")).unwrap().count(), 1);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(Pseudonyms::open(other.path()).unwrap().of("12345"), first);

        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Pseudonyms::open(data.path()), Err(PseudonymError::Open { .. })));
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&key, b"short").unwrap();
        assert!(matches!(
            Pseudonyms::open(data.path()),
            Err(PseudonymError::Damaged { bytes: 5, .. })
        ));
    }

    #[test]
    fn spelling_makes_no_difference() {
        let pseudonyms = Pseudonyms::with_key([7; 32]);
        let of = |text| pseudonyms.of(text);
        assert_eq!(of("11010519491231002x"), of(" １１０１０５１９４９１２３１００２Ｘ"));
        assert_ne!(of("1"), of("2"));
    }
}
