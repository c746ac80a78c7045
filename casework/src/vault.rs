//! A folder of files under their hash: written whole or not at all, the same bytes once.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::AsyncWriteExt;

/// Where the bytes of a hash are.
pub(crate) fn place(folder: &Path, hash: &str) -> PathBuf {
    let (head, _) = hash.split_at_checked(2).unwrap_or((hash, ""));
    folder.join(head).join(hash)
}

/// Writes bytes under their hash: beside it first, and in one move to its place.
pub(crate) async fn keep(folder: &Path, hash: &str, bytes: &[u8]) -> io::Result<()> {
    let path = place(folder, hash);
    if fs::try_exists(&path).await? {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).await?;
    }
    let beside = path.with_extension("part");
    let mut file = fs::File::create(&beside).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    drop(file);
    fs::rename(&beside, &path).await
}
