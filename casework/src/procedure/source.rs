//! The files of a procedure's folder, read once and hashed.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde_json::{Map, Value as Json};

/// Largest file and most bytes of all files together.
const MAX_FILE: u64 = 1 << 20;
const MAX_ALL: usize = 4 << 20;
/// Most files.
const MAX_FILES: usize = 200;
const ENDINGS: [&str; 3] = [".toml", ".json", ".typ"];

/// The text of every file by its path in the folder, such as `letters/decision.zh.typ`.
///
/// Tests are no part of it: a test that is added makes no new version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

/// The folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("{path} cannot be read")]
    Unreadable {
        path: String,
        #[source]
        source: io::Error,
    },
    #[error("{path} is larger than a file of a procedure may be, or is no UTF-8")]
    Unfit { path: String },
    #[error("what was kept as a procedure's files is none")]
    Kept,
}

impl Files {
    /// Reads `procedure.toml`, `form.schema.json` and `letters/`.
    pub fn read(folder: &Path) -> Result<Self, SourceError> {
        let mut files = Self::default();
        files.walk(folder, "")?;
        let letters = folder.join("letters");
        if letters.is_dir() {
            files.walk(&letters, "letters/")?;
        }
        Ok(files)
    }

    /// Files given by path and text.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(files.into_iter().collect())
    }

    /// Reads what [`kept`](Self::kept) wrote.
    pub fn from_kept(text: &str) -> Result<Self, SourceError> {
        let Ok(Json::Object(object)) = serde_json::from_str(text) else {
            return Err(SourceError::Kept);
        };
        let mut files = BTreeMap::new();
        for (path, text) in object {
            let Json::String(text) = text else { return Err(SourceError::Kept) };
            files.insert(path, text);
        }
        Ok(Self(files))
    }

    /// One text of all files, to keep in the registry.
    pub fn kept(&self) -> String {
        let files = self.0.iter().map(|(path, text)| (path.clone(), Json::String(text.clone())));
        Json::Object(files.collect::<Map<_, _>>()).to_string()
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Hash of all files with their names, in hexadecimal.
    pub fn version(&self) -> String {
        crate::hash::of_parts(
            self.0.iter().flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]),
        )
    }

    fn walk(&mut self, folder: &Path, shown: &str) -> Result<(), SourceError> {
        let unreadable = |path: &Path| {
            let path = path.display().to_string();
            move |source| SourceError::Unreadable { path, source }
        };
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let entry = entry.map_err(unreadable(folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            let kind = entry.file_type().map_err(unreadable(&path))?;
            if !kind.is_file()
                || name.starts_with('.')
                || !ENDINGS.iter().any(|it| name.ends_with(it))
            {
                continue;
            }
            let unfit = || SourceError::Unfit { path: format!("{shown}{name}") };
            let size = entry.metadata().map_err(unreadable(&path))?.len();
            if size > MAX_FILE || self.0.len() >= MAX_FILES {
                return Err(unfit());
            }
            let bytes = fs::read(&path).map_err(unreadable(&path))?;
            let text = String::from_utf8(bytes).map_err(|_| unfit())?;
            self.0.insert(format!("{shown}{name}"), text);
            if self.0.values().map(String::len).sum::<usize>() > MAX_ALL {
                return Err(unfit());
            }
        }
        Ok(())
    }
}
