//! Immutable copies of plan folders: what was published stays published.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::PlanError;
use super::source::{Sources, base};

/// Name of the file that says where in a copy the plan folder lies.
const WHERE: &str = "plan-folder";

/// Copies a plan folder and what it uses to `into/<version>/`, and tells where the copy can be
/// loaded from. A copy that is there already is left as it is.
///
/// The copy appears whole or not at all: it is written under another name and then renamed.
pub fn copy(dir: &Path, into: &Path) -> Result<PathBuf, Vec<PlanError>> {
    let (sources, faults) = Sources::read(dir);
    if !faults.is_empty() {
        return Err(super::sorted(faults));
    }
    let version = sources.version();
    if let Some(folder) = stored(into, &version) {
        return Ok(folder);
    }
    let wrong = |error: io::Error| {
        let what = format!("the copy cannot be written: {error}");
        vec![PlanError::file(into.display().to_string(), what, "make the folder writable")]
    };
    let partial = into.join(format!(".{version}.partial"));
    write(&sources, &partial).map_err(wrong)?;
    let whole = into.join(&version);
    if let Err(error) = fs::rename(&partial, &whole)
        && stored(into, &version).is_none()
    {
        return Err(wrong(error));
    }
    stored(into, &version).ok_or_else(|| wrong(io::Error::other("the copy is not whole")))
}

/// Where the plan folder of a version lies among the copies under `into`; `None` without a copy.
pub fn stored(into: &Path, version: &str) -> Option<PathBuf> {
    let plain = !version.is_empty() && version.bytes().all(|it| it.is_ascii_alphanumeric());
    let whole = plain.then(|| into.join(version))?;
    let place = fs::read_to_string(whole.join(WHERE)).ok()?;
    let folder = whole.join(place.trim());
    folder.is_dir().then_some(folder)
}

fn write(sources: &Sources, partial: &Path) -> io::Result<()> {
    match fs::remove_dir_all(partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let place = sources.folder.strip_prefix(base(&sources.folder)).map_err(io::Error::other)?;
    for (path, text) in &sources.files {
        // Seen from the plan folder, and so from the same place in the copy.
        let at = partial.join(normal(&place.join(path)));
        if let Some(folder) = at.parent() {
            fs::create_dir_all(folder)?;
        }
        kept(&at, text)?;
    }
    kept(&partial.join(WHERE), &place.display().to_string())
}

fn kept(at: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(at)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A path without `..`; the loader has made sure that it stays inside.
fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::Normal(name) => normal.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    normal
}
