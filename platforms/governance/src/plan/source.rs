//! The files of a plan folder and of the folders it uses, read once and hashed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::PlanError;
use declarations::{Entry, Page, short};

/// Largest file that is read.
const MAX_FILE: u64 = 4 << 20;
/// Most bytes of all files together.
const MAX_ALL: u64 = 32 << 20;
/// Most files of all folders together.
const MAX_FILES: usize = 1_000;
/// Deepest folder under a plan folder or one it uses.
const MAX_DEPTH: usize = 4;
/// What a plan folder is made of; other files are left alone.
const ENDINGS: [&str; 3] = ["csv", "json", "toml"];

/// The text of every file, by its path as seen from the plan folder, such as `plan.toml` and
/// `../../rules/datasets/classes.toml`.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) files: BTreeMap<String, String>,
    /// The folders that were read, as they are seen from the plan folder; the first is empty.
    pub(super) roots: Vec<String>,
    /// The plan folder.
    pub(super) folder: PathBuf,
    bytes: u64,
}

impl Sources {
    /// Reads the plan folder and what its `plan.toml` uses.
    pub(super) fn read(dir: &Path) -> (Self, Vec<PlanError>) {
        let mut sources = Self::default();
        let mut faults = Vec::new();
        let folder = match dir.canonicalize() {
            Ok(folder) if folder.is_dir() => folder,
            Ok(_) | Err(_) => {
                let shown = dir.display().to_string();
                let hint = "name a folder that holds a plan.toml";
                faults.push(PlanError::file(shown, "there is no such folder", hint));
                return (sources, faults);
            }
        };
        sources.folder.clone_from(&folder);
        sources.walk(&folder, "", 0, &mut faults);
        sources.roots.push(String::new());
        let Some(header) = sources.files.get("plan.toml").cloned() else {
            let hint = "add a plan.toml, or name another folder";
            faults.push(PlanError::file("plan.toml", "the file is missing", hint));
            return (sources, faults);
        };
        for (used, error) in uses(&header) {
            let shown = used.trim_end_matches('/').to_owned();
            if sources.roots.contains(&shown) {
                faults
                    .push(PlanError { what: format!("`{}` is used twice", short(&used)), ..error });
                continue;
            }
            match within(&folder, &used) {
                Ok(path) => {
                    sources.walk(&path, &format!("{shown}/"), 0, &mut faults);
                    sources.roots.push(shown);
                }
                Err(what) => faults.push(PlanError { what, ..error }),
            }
        }
        (sources, faults)
    }

    /// Reads a folder of rules by itself.
    pub(super) fn of_rules(dir: &Path) -> (Self, Vec<PlanError>) {
        let mut sources = Self { folder: dir.to_owned(), ..Self::default() };
        let mut faults = Vec::new();
        sources.walk(dir, "", 0, &mut faults);
        sources.roots.push(String::new());
        (sources, faults)
    }

    fn walk(&mut self, dir: &Path, shown: &str, depth: usize, faults: &mut Vec<PlanError>) {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => {
                let hint = "make the folder readable";
                faults.push(PlanError::file(shown, format!("cannot be read: {error}"), hint));
                return;
            }
        };
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{shown}{name}");
            if name.starts_with('.') || is_beside_the_plan(&path) {
                continue;
            }
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_symlink() {
                let hint = "put the file itself into the folder";
                faults.push(PlanError::file(path, "is a link, which is not followed", hint));
            } else if kind.is_dir() && depth < MAX_DEPTH {
                self.walk(&entry.path(), &format!("{path}/"), depth + 1, faults);
            } else if kind.is_file() && ENDINGS.iter().any(|it| name.ends_with(&format!(".{it}"))) {
                self.take(&entry.path(), path, faults);
            }
        }
    }

    fn take(&mut self, at: &Path, shown: String, faults: &mut Vec<PlanError>) {
        let size = fs::metadata(at).map_or(0, |it| it.len());
        self.bytes = self.bytes.saturating_add(size);
        if size > MAX_FILE || self.bytes > MAX_ALL {
            let what = format!("{size} bytes, {} with the files before it", self.bytes);
            let hint = format!("keep a file under {MAX_FILE} bytes and all under {MAX_ALL}");
            faults.push(PlanError::file(shown, what, hint));
            return;
        }
        if self.files.len() >= MAX_FILES {
            if self.files.len() == MAX_FILES {
                let hint = format!("keep {MAX_FILES} files at most");
                faults.push(PlanError::file(shown, "one file too many", hint));
            }
            return;
        }
        match fs::read(at).map(String::from_utf8) {
            Ok(Ok(text)) => {
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                self.files.insert(shown, text);
            }
            Ok(Err(_)) => {
                faults.push(PlanError::file(shown, "is not UTF-8", "save it with that encoding"));
            }
            Err(error) => {
                let what = format!("cannot be read: {error}");
                faults.push(PlanError::file(shown, what, "make the file readable"));
            }
        }
    }

    /// Hash of all files with their names, in hexadecimal.
    pub(super) fn version(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (path, text) in &self.files {
            for part in [path.as_bytes(), text.as_bytes()] {
                let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
                hasher.update(&length.to_le_bytes());
                hasher.update(part);
            }
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Files of a name in any folder that was read, used folders before the plan's own.
    pub(super) fn named(&self, name: &str) -> Vec<(&str, &str)> {
        let (own, used) =
            self.roots.split_first().map_or((None, [].as_slice()), |(own, used)| (Some(own), used));
        let roots = used.iter().chain(own);
        let paths =
            roots.map(|it| if it.is_empty() { name.to_owned() } else { format!("{it}/{name}") });
        paths
            .filter_map(|it| self.files.get_key_value(&it))
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect()
    }

    /// Files with an ending directly in a folder of any folder that was read.
    pub(super) fn within(&self, folder: &str, ending: &str) -> Vec<(&str, &str)> {
        let prefix = |root: &String| {
            if root.is_empty() { format!("{folder}/") } else { format!("{root}/{folder}/") }
        };
        let prefixes: Vec<String> = self.roots.iter().map(prefix).collect();
        let fits = |path: &str| {
            prefixes
                .iter()
                .any(|it| path.strip_prefix(it.as_str()).is_some_and(|it| !it.contains('/')))
                && path.ends_with(ending)
        };
        let files = self.files.iter().filter(|(path, _)| fits(path));
        files.map(|(path, text)| (path.as_str(), text.as_str())).collect()
    }

    /// Tables of rules: folder → file → text, of all folders but `datasets`.
    pub(super) fn tables(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut tables: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (path, text) in &self.files {
            let inner = self
                .roots
                .iter()
                .filter_map(|it| {
                    if it.is_empty() {
                        Some(path.as_str())
                    } else {
                        path.strip_prefix(&format!("{it}/"))
                    }
                })
                .find(|it| !it.starts_with(".."));
            let Some((folder, file)) = inner.and_then(|it| it.split_once('/')) else { continue };
            if folder != "datasets" && !file.contains('/') {
                tables.entry(folder.to_owned()).or_default().insert(file.to_owned(), text.clone());
            }
        }
        tables
    }
}

/// Tables of a plan folder that define something.
const LISTS: [&str; 2] = ["events.csv", "organisations.csv"];

/// What may lie in a plan folder and defines nothing: what a demonstration is made from, how foreign
/// files are read, and tables that are no list of organisations or events.
fn is_beside_the_plan(path: &str) -> bool {
    let is_table = path.ends_with(".csv") || path.ends_with(".json");
    path == "demo.toml"
        || path.ends_with(".mapping.toml")
        || (!path.contains('/') && is_table && !LISTS.contains(&path))
}

/// The folders a `plan.toml` uses, each with an error to be filled in if it cannot be.
fn uses(header: &str) -> Vec<(String, PlanError)> {
    let page = Page::new("plan.toml", header);
    let table = page.parse();
    let words = Entry::root(&page, &table).words("uses");
    let hint = "name a folder beside the plan or beside its parent, such as \"../../rules\"";
    words.iter().map(|it| (it.text.to_owned(), PlanError::at(&it.place, "", hint))).collect()
}

/// The folder a plan may use: inside the grandparent of the plan folder, not around the plan.
fn within(folder: &Path, used: &str) -> Result<PathBuf, String> {
    let shown = short(used);
    let relative = Path::new(used);
    let plain = |it: Component<'_>| matches!(it, Component::Normal(_) | Component::ParentDir);
    if used.is_empty() || used.contains('\\') || !relative.components().all(plain) {
        return Err(format!("`{shown}` is no relative path"));
    }
    let path = folder.join(relative);
    let path = path.canonicalize().map_err(|_| format!("there is no folder `{shown}`"))?;
    let base = base(folder);
    if !path.starts_with(base) || path == base {
        return Err(format!("`{shown}` lies outside"));
    }
    if folder.starts_with(&path) || path.starts_with(folder) {
        return Err(format!("`{shown}` holds the plan itself"));
    }
    if !path.is_dir() {
        return Err(format!("`{shown}` is no folder"));
    }
    Ok(path)
}

/// The grandparent of the plan folder, within which everything it uses must lie.
pub(super) fn base(folder: &Path) -> &Path {
    let parent = folder.parent().unwrap_or(folder);
    parent.parent().unwrap_or(parent)
}
