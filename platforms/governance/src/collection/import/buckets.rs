//! Buckets: records on the disk, spread by their key, so that all of one key are in one file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use lake::{Home, Kept};

use super::ImportError;

/// Files that are being filled.
#[derive(Debug)]
pub(super) struct Buckets(Vec<(PathBuf, BufWriter<File>)>);

/// What buckets hold.
pub(super) trait Record: Sized {
    fn key(&self) -> u128;
    fn write(&self, writer: &mut impl Write) -> io::Result<()>;
    fn read(reader: &mut impl Read) -> io::Result<Self>;
}

impl Buckets {
    pub(super) fn make(paths: Vec<PathBuf>) -> Result<Self, ImportError> {
        let make = |path: PathBuf| {
            let file = File::create(&path).map_err(failed(&path))?;
            Ok((path, BufWriter::new(file)))
        };
        paths.into_iter().map(make).collect::<Result<_, ImportError>>().map(Self)
    }

    pub(super) fn put(&mut self, record: &impl Record) -> Result<(), ImportError> {
        let bucket = record.key() % u128::try_from(self.0.len()).unwrap_or(1);
        let bucket = usize::try_from(bucket).ok().and_then(|it| self.0.get_mut(it));
        bucket.map_or(Ok(()), |(path, file)| record.write(file).map_err(failed(path)))
    }

    pub(super) fn end(self) -> Result<(), ImportError> {
        self.0.into_iter().try_for_each(|(path, mut file)| file.flush().map_err(failed(&path)))
    }
}

/// Shows every record of a bucket.
pub(super) fn read<T: Record>(path: &Path, mut show: impl FnMut(T)) -> Result<(), ImportError> {
    let mut reader = BufReader::new(File::open(path).map_err(failed(path))?);
    while !reader.fill_buf().map_err(failed(path))?.is_empty() {
        show(T::read(&mut reader).map_err(failed(path))?);
    }
    Ok(())
}

impl Record for Home {
    fn key(&self) -> u128 {
        self.key
    }

    fn write(&self, writer: &mut impl Write) -> io::Result<()> {
        writer.write_all(&self.key.to_le_bytes())?;
        writer.write_all(&self.row.to_le_bytes())?;
        writer.write_all(&self.area.to_le_bytes())?;
        writer.write_all(&self.organisation.to_le_bytes())
    }

    fn read(reader: &mut impl Read) -> io::Result<Self> {
        Ok(Self {
            key: u128::from_le_bytes(bytes(reader)?),
            row: u64::from_le_bytes(bytes(reader)?),
            area: u32::from_le_bytes(bytes(reader)?),
            organisation: u64::from_le_bytes(bytes(reader)?),
        })
    }
}

/// A row of the table, with the number of its partition.
impl Record for (u32, Kept) {
    fn key(&self) -> u128 {
        self.1.key
    }

    fn write(&self, writer: &mut impl Write) -> io::Result<()> {
        writer.write_all(&self.0.to_le_bytes())?;
        writer.write_all(&self.1.key.to_le_bytes())?;
        writer.write_all(&self.1.organisation.to_le_bytes())
    }

    fn read(reader: &mut impl Read) -> io::Result<Self> {
        let number = u32::from_le_bytes(bytes(reader)?);
        let key = u128::from_le_bytes(bytes(reader)?);
        Ok((number, Kept { key, organisation: u64::from_le_bytes(bytes(reader)?) }))
    }
}

fn bytes<const COUNT: usize>(reader: &mut impl Read) -> io::Result<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn failed(path: &Path) -> impl FnOnce(io::Error) -> ImportError {
    let path = path.to_owned();
    move |source| ImportError::File { path, source }
}
