//! Makes a data centre of a backup.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use store::Store;
use store::contents::Writing;

use super::{Backups, List, registry};
use crate::arguments::Place;
use crate::centre;
use crate::progress::Bar;

/// What is not as it was kept: contents that are gone or altered, by what they are of.
pub(crate) fn unsound(backups: &Backups, list: &List) -> Result<Vec<String>> {
    let bar = Bar::files("reading the backup", list.registry.len() + list.files.len());
    let rows = list.registry.iter().map(|it| (format!("rows of {}", it.table), &it.content));
    let files = list.files.iter().map(|it| (it.path.clone(), &it.content));
    let mut faults = Vec::new();
    for (what, content) in rows.chain(files) {
        match backups.contents.read(content, io::sink()) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                faults.push(format!("{what}: {content} is gone"));
            }
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                faults.push(format!("{what}: {content} was altered"));
            }
            Err(error) => return Err(error).with_context(|| format!("{what} could not be read")),
        }
        bar.add(1);
    }
    bar.finish();
    Ok(faults)
}

/// Makes the data folder and the registry anew. Both are there at the end, or the folder is not.
///
/// # Errors
/// When the folder or the registry holds anything.
pub(crate) async fn restore(backups: &Backups, list: &List, place: &Place) -> Result<Store> {
    let data = &place.data;
    // A folder that is there and empty gives way.
    match fs::remove_dir(data) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| {
                format!("{} is not empty; move it away, or name another", data.display())
            });
        }
        _ => {}
    }
    let beside = beside(data);
    if beside.exists() {
        fs::remove_dir_all(&beside)
            .with_context(|| format!("{} could not be removed", beside.display()))?;
    }
    let bar = Bar::files("backup → files", list.files.len());
    for kept in &list.files {
        let path = beside.join(within(&kept.path)?);
        put(backups, &kept.content, kept.state.mode, &path)
            .with_context(|| format!("{} could not be put back", kept.path))?;
        bar.add(1);
    }
    bar.finish();
    fs::create_dir_all(&beside)
        .with_context(|| format!("{} could not be made", beside.display()))?;
    let file = format!("sqlite:{}", beside.join("haihe.db").display());
    let mut writing = Writing::begin(place.database.as_ref().unwrap_or(&file), list.schema).await?;
    let bar = Bar::rows("backup → registry", u64::try_from(list.rows())?);
    for kept in &list.registry {
        registry::put(&backups.contents, kept, &mut writing).await?;
        bar.add(u64::try_from(kept.rows)?);
    }
    bar.finish();
    writing.finish().await?.close().await;
    centre::move_registry(&beside, place.database.is_some())?;
    fs::rename(&beside, data).with_context(|| format!("{} could not be made", data.display()))?;
    let file = format!("sqlite:{}", data.join("haihe.db").display());
    Ok(Store::open(place.database.as_ref().unwrap_or(&file)).await?)
}

/// Where a folder is made before it is put in its place.
fn beside(data: &Path) -> PathBuf {
    let mut name = data.as_os_str().to_owned();
    name.push(".restoring");
    PathBuf::from(name)
}

/// A path of a list, which leads nowhere else.
fn within(path: &str) -> Result<&Path> {
    let path = Path::new(path);
    if path.components().all(|it| matches!(it, Component::Normal(_))) {
        Ok(path)
    } else {
        bail!("{} leads out of the data folder; this list was altered", path.display())
    }
}

fn put(backups: &Backups, content: &str, mode: u32, path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    backups.contents.read(content, &file)?;
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_is_none() {
        assert_eq!(within("lake/classes/a.parquet").unwrap(), Path::new("lake/classes/a.parquet"));
        for path in ["../a", "/a", "a/../../b", "./a"] {
            assert!(within(path).unwrap_err().to_string().contains("leads out"), "{path}");
        }
    }
}
