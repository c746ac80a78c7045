//! Writing a package.

use std::io::{Seek, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Manifest, Mode, PackageError};
use crate::model::Entity;

/// A package being written, one file after another.
#[derive(Debug)]
pub struct PackageWriter<W: Write + Seek> {
    archive: ZipWriter<W>,
    manifest: Manifest,
    mode: Mode,
}

impl<W: Write + Seek> PackageWriter<W> {
    pub fn new(writer: W, mode: Mode) -> Self {
        Self { archive: ZipWriter::new(writer), manifest: Manifest::default(), mode }
    }

    /// Writes a file. In bulk, status and date stay empty, as the standard asks.
    pub fn add<T: Entity>(
        &mut self,
        rows: impl IntoIterator<Item = T>,
    ) -> Result<(), PackageError> {
        self.archive.start_file(format!("{}.csv", T::FILE.name()), options())?;
        let mut writer = csv::Writer::from_writer(&mut self.archive);
        writer.write_record(T::COLUMNS)?;
        for row in rows {
            let mut cells = row.cells();
            if self.mode == Mode::Bulk {
                for cell in cells.iter_mut().skip(1).take(2) {
                    cell.clear();
                }
            }
            writer.write_record(&cells)?;
        }
        writer.flush()?;
        drop(writer);
        self.manifest.files.insert(T::FILE, self.mode);
        Ok(())
    }

    /// Writes the manifest, and gives back what was written to.
    pub fn finish(mut self, system_name: &str) -> Result<W, PackageError> {
        self.manifest.system_name = Some(system_name.to_owned());
        self.archive.start_file("manifest.csv", options())?;
        let mut writer = csv::Writer::from_writer(&mut self.archive);
        writer.write_record(["propertyName", "value"])?;
        for (name, value) in self.manifest.rows() {
            writer.write_record([name, value])?;
        }
        writer.flush()?;
        drop(writer);
        Ok(self.archive.finish()?)
    }
}

/// Without the time of day: the same rows give the same bytes.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default().large_file(true)
}
