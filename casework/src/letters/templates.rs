//! The templates of letters: those that are shipped, and a centre's own in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use documents::letter::{LetterError, Template};

use crate::procedure::check::blanks;

/// `rules/letters`.
const SHIPPED: [(&str, &str); 5] = [
    ("certificate", include_str!("../../../rules/letters/certificate.toml")),
    ("decision", include_str!("../../../rules/letters/decision.toml")),
    ("notice", include_str!("../../../rules/letters/notice.toml")),
    ("receipt", include_str!("../../../rules/letters/receipt.toml")),
    ("transfer", include_str!("../../../rules/letters/transfer.toml")),
];

/// Templates by name, each with its blanks.
#[derive(Clone, Debug)]
pub struct Templates(BTreeMap<String, (Template, BTreeSet<String>)>);

/// A template could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TemplatesError {
    #[error("{path} could not be read")]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the template `{name}` is not sound")]
    Template {
        name: String,
        #[source]
        source: LetterError,
    },
}

impl Templates {
    /// The shipped ones, and those of a folder, which come first; there need be no folder.
    pub fn read(folder: &Path) -> Result<Self, TemplatesError> {
        let mut templates = BTreeMap::new();
        for (name, text) in SHIPPED {
            templates.insert(name.to_owned(), template(name, text)?);
        }
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| TemplatesError::File { path, source }
        };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self(templates)),
            Err(error) => return Err(failed(folder)(error)),
        };
        for entry in entries {
            let path = entry.map_err(failed(folder))?.path();
            let name = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
            if path.extension().is_none_or(|it| it != "toml") {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(failed(&path))?;
            templates.insert(name.to_owned(), template(name, &text)?);
        }
        Ok(Self(templates))
    }

    /// The blanks of each, for the proof of procedures whose letters fill them.
    pub fn blanks(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.0.iter().map(|(name, (_, blanks))| (name.clone(), blanks.clone())).collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name).map(|(template, _)| template)
    }
}

fn template(name: &str, text: &str) -> Result<(Template, BTreeSet<String>), TemplatesError> {
    let template = Template::read(text)
        .map_err(|source| TemplatesError::Template { name: name.to_owned(), source })?;
    Ok((template, blanks(text)))
}
