//! Files that are there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Rights of a file that others may read.
pub(crate) const SHARED: u32 = 0o644;
/// Rights of a file that is its owner's alone.
pub(crate) const PRIVATE: u32 = 0o600;

/// Writes a file beside its place, has it on the disk, and renames it: a kill leaves the old one or the new one.
pub(crate) fn write<T>(
    path: &Path,
    rights: u32,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<T>,
) -> io::Result<T> {
    // A backup leaves alone what is called so.
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(rights);
    let mut file = BufWriter::new(options.open(&beside)?);
    let filled = fill(&mut file)?;
    file.into_inner()?.sync_data()?;
    fs::rename(&beside, path)?;
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_was_not_finished_leaves_the_old_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.pem");
        write(&path, PRIVATE, |it| it.write_all(b"old")).unwrap();
        let broken = |it: &mut BufWriter<File>| -> io::Result<()> {
            it.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        };
        assert!(write(&path, PRIVATE, broken).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(write(&path, PRIVATE, |it| it.write_all(b"new").map(|()| 3)).unwrap(), 3);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, PRIVATE);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
