//! Contents by the hash of their bytes: the same bytes are kept once, however many files and backups they are in.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::whole;

/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

#[derive(Debug)]
pub(super) struct Contents {
    folder: PathBuf,
}

impl Contents {
    pub(super) fn of(backups: &Path) -> Self {
        Self { folder: backups.join("contents") }
    }

    fn path(&self, hash: &str) -> PathBuf {
        let (first, rest) = hash.split_at_checked(2).unwrap_or(("", hash));
        self.folder.join(first).join(rest)
    }

    pub(super) fn has(&self, hash: &str) -> bool {
        self.path(hash).is_file()
    }

    /// Keeps the bytes of a file; their hash.
    pub(super) fn keep_file(&self, path: &Path) -> io::Result<String> {
        let mut file = File::open(path)?;
        let mut hasher = blake3::Hasher::new();
        let mut piece = vec![0; PIECE];
        // A file is read twice rather than written twice: most contents are known.
        each_piece(&mut file, &mut piece, |bytes| {
            hasher.update(bytes);
            Ok(())
        })?;
        let hash = hasher.finalize();
        let name = hash.to_hex().to_string();
        if self.has(&name) {
            return Ok(name);
        }
        let mut copied = blake3::Hasher::new();
        self.write(&name, |into| {
            let mut file = File::open(path)?;
            each_piece(&mut file, &mut piece, |bytes| {
                copied.update(bytes);
                into.write_all(bytes)
            })?;
            // Whoever changed it meanwhile is seen by the next look at the folder.
            if copied.finalize() == hash { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
        })?;
        Ok(name)
    }

    /// Keeps bytes; their hash.
    pub(super) fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let name = blake3::hash(bytes).to_hex().to_string();
        if !self.has(&name) {
            self.write(&name, |into| into.write_all(bytes))?;
        }
        Ok(name)
    }

    fn write(
        &self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> io::Result<()> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        whole::write(&path, whole::PRIVATE, fill)
    }

    /// Has the names of all that was kept on the disk too.
    pub(super) fn settle(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() {
                File::open(path)?.sync_all()?;
            }
        }
        File::open(&self.folder)?.sync_all()
    }

    /// Reads bytes that were kept.
    ///
    /// # Errors
    /// `InvalidData` when they are not what was kept, `NotFound` when they are gone.
    pub(super) fn read(&self, hash: &str, mut into: impl Write) -> io::Result<()> {
        let mut file = File::open(self.path(hash))?;
        let mut hasher = blake3::Hasher::new();
        each_piece(&mut file, &mut vec![0; PIECE], |bytes| {
            hasher.update(bytes);
            into.write_all(bytes)
        })?;
        if hasher.finalize().to_hex().as_str() == hash {
            Ok(())
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    }

    pub(super) fn remove_all_but(&self, named: &BTreeSet<&str>) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let folder = entry?.path();
            if !folder.is_dir() {
                continue;
            }
            let first = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                let rest = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if !named.contains(format!("{first}{rest}").as_str()) {
                    fs::remove_file(path)?;
                }
            }
        }
        Ok(())
    }
}

/// Goes through what is left of a file, piece by piece.
fn each_piece(
    file: &mut File,
    piece: &mut [u8],
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        let count = match file.read(piece) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        take(piece.get(..count).unwrap_or_default())?;
    }
}
