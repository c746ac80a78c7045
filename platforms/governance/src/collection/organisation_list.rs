//! Organisation lists out of foreign files: what a file says of its organisations, row by row,
//! becomes the list that the registry reads.
//!
//! ```toml
//! sheet = "學校"                    # of a workbook; else the first that holds the table
//! header_row = 3                   # else it is looked for
//! missing = ["-", "…"]             # words for "not known"
//!
//! [[organisation]]                 # the same for every row: written once
//! level = "region"
//! code = "R"
//! name_zh = "全部"
//! valid_from = "2024-08-01"
//!
//! [[organisation]]                 # rows that say the same of one organisation are taken together
//! level = "county"
//! code = "{縣市代碼}"               # the cell of that column
//! name_zh = "{縣市名稱}"
//! name_en = "{縣市名稱}"
//! parent = "R"
//! valid_from = "2024-08-01"
//! [organisation.values.name_en]    # theirs = "ours", for the whole text; other texts stay
//! "臺北市" = "Taipei City"
//! ```
//!
//! The names on the left are the columns of the registry's list; a text may join several cells,
//! such as `"{縣市代碼}-{鄉鎮市區}"`.

use std::io;
use std::path::Path;

use model::finding::{Finding, Severity};

use super::source::{self, Fingerprint, Limits, Stopped};

mod gathering;
mod header;
mod mapping;
mod template;

#[cfg(test)]
mod tests;

use self::gathering::Gathering;
use self::mapping::ListMapping;

/// Makes the list: CSV in UTF-8 with the columns of [`network::LIST_COLUMNS`], and what is wrong.
///
/// Findings name the rows and columns of the foreign file. Where there is an error among them the
/// list lacks what it is about, and is not to be recorded.
///
/// # Errors
/// When the file cannot be read from the disk.
pub fn organisation_list(
    file: &Path,
    mapping_name: &str,
    mapping_text: &str,
) -> io::Result<(Vec<u8>, Vec<Finding>)> {
    let mapping = match ListMapping::read(mapping_name, mapping_text) {
        Ok(mapping) => mapping,
        Err(findings) => return Ok((Vec::new(), findings)),
    };
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let print = Fingerprint::take(file)?;
    let mut gathering = Gathering::new(&mapping, &name);
    let sheet = mapping.sheet.as_deref();
    match source::read(file, &print, &Limits::default(), sheet, &mut gathering) {
        Ok(()) => {}
        Err(Stopped::Io(error)) => return Err(error),
        Err(Stopped::Refused { row, fault }) => {
            return Ok((Vec::new(), vec![fault.at(&name, row, None, Severity::Error)]));
        }
    }
    gathering.finish()
}
