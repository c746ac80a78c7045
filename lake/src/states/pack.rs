//! A pack: the states of many data files in one file.
//!
//! First the length and the hash of a head, then the head: the words that the states name, and for every data file
//! where its states are and their hash. Then those, one section a data file, by columns. So the sections that are
//! wanted are read and no others, and one that is broken breaks no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read};

use model::state::{State, StateKey};
use model::{OrgCode, Year};
use serde::{Deserialize, Serialize};

/// What is behind one key of a data file's states.
pub(super) type Row = (StateKey, u64, Vec<State>);

/// The rows of data files, by the names of these.
pub(super) type Sections = BTreeMap<String, Vec<Row>>;

/// Bytes that say how long the head is.
const LENGTH: usize = size_of::<u32>();

/// A pack whose head was read. It can be read to its end even if its name is taken away.
#[derive(Debug)]
pub(super) struct Pack {
    file: BufReader<File>,
    organisations: Vec<OrgCode>,
    values: Vec<String>,
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    organisations: Vec<String>,
    /// Values of dimensions.
    values: Vec<String>,
    entries: Vec<Entry>,
}

/// Says of a data file how many bytes its states take; they stand in the order of their entries.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    name: String,
    bytes: u32,
    hash: [u8; blake3::OUT_LEN],
}

/// The states of a data file by columns: all lists are of one length.
#[derive(Default, Serialize, Deserialize)]
struct Section {
    years: Vec<u16>,
    /// Positions among the words of the pack.
    organisations: Vec<u32>,
    /// One list a dimension: one more than the position among the words, 0 where the row had no value.
    dimensions: Vec<Vec<u32>>,
    rows: Vec<u64>,
    /// One list a measure.
    states: Vec<Vec<Option<i128>>>,
}

impl Pack {
    /// `None` where the head is not whole.
    pub(super) fn read(file: File) -> Option<Self> {
        let most = file.metadata().ok()?.len();
        let mut file = BufReader::new(file);
        let length = u32::from_le_bytes(*taken(&mut file, LENGTH)?.first_chunk()?);
        if u64::from(length) > most {
            return None;
        }
        let hash = taken(&mut file, blake3::OUT_LEN)?;
        let head = taken(&mut file, usize::try_from(length).ok()?)?;
        if blake3::hash(&head).as_bytes().as_slice() != hash {
            return None;
        }
        let head: Head = postcard::from_bytes(&head).ok()?;
        let organisations = head.organisations.iter().map(|it| it.parse().ok());
        Some(Self {
            file,
            organisations: organisations.collect::<Option<_>>()?,
            values: head.values,
            entries: head.entries,
        })
    }

    /// The data files whose states should be here.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|it| it.name.as_str())
    }

    /// Hands over the rows of every data file that is wanted and whose section is whole; `width` is the number of
    /// measures.
    pub(super) fn each(
        mut self,
        width: usize,
        is_wanted: impl Fn(&str) -> bool,
        mut with: impl FnMut(&str, Vec<Row>),
    ) {
        let mut passed = 0;
        for entry in &self.entries {
            if !is_wanted(&entry.name) {
                passed += i64::from(entry.bytes);
                continue;
            }
            if self.file.seek_relative(passed).is_err() {
                return;
            }
            passed = 0;
            // Whoever cut the file off left nothing behind this either.
            let bytes = usize::try_from(entry.bytes).unwrap_or(usize::MAX);
            let Some(bytes) = taken(&mut self.file, bytes) else { return };
            if blake3::hash(&bytes) == entry.hash
                && let Ok(section) = postcard::from_bytes::<Section>(&bytes)
                && let Some(rows) = section.rows(&self.organisations, &self.values, width)
            {
                with(&entry.name, rows);
            }
        }
    }
}

/// So many bytes, or `None` where there are not.
fn taken(file: &mut BufReader<File>, bytes: usize) -> Option<Vec<u8>> {
    let mut taken = Vec::new();
    file.take(u64::try_from(bytes).ok()?).read_to_end(&mut taken).ok()?;
    (taken.len() == bytes).then_some(taken)
}

impl Section {
    /// `None` where it is not of this pack, or not of so many measures.
    fn rows(self, organisations: &[OrgCode], values: &[String], width: usize) -> Option<Vec<Row>> {
        let length = self.rows.len();
        let is_even = self.years.len() == length
            && self.organisations.len() == length
            && self.dimensions.iter().all(|it| it.len() == length)
            && self.states.iter().all(|it| it.len() == length)
            && self.states.len() == width;
        if !is_even {
            return None;
        }
        let row = |at: usize| {
            let value = |column: &Vec<u32>| match column.get(at)?.checked_sub(1) {
                Some(word) => values.get(usize::try_from(word).ok()?).map(|it| Some(it.clone())),
                None => Some(None),
            };
            let org = usize::try_from(*self.organisations.get(at)?).ok()?;
            let key = StateKey {
                year: Year::new(*self.years.get(at)?)?,
                org: organisations.get(org)?.clone(),
                dimensions: self.dimensions.iter().map(value).collect::<Option<_>>()?,
            };
            let states = self.states.iter().map(|it| it.get(at).copied().map(State));
            Some((key, *self.rows.get(at)?, states.collect::<Option<_>>()?))
        };
        (0..length).map(row).collect()
    }

    fn of(rows: &[Row], width: usize, organisations: &Words<'_>, values: &Words<'_>) -> Self {
        let mut section = Self { states: vec![Vec::new(); width], ..Self::default() };
        for (key, count, states) in rows {
            section.years.push(key.year.number());
            section.organisations.push(organisations.get(key.org.as_str()).copied().unwrap_or(0));
            section.dimensions.resize_with(key.dimensions.len(), Vec::new);
            for (column, value) in section.dimensions.iter_mut().zip(&key.dimensions) {
                let word = value.as_deref().and_then(|it| values.get(it));
                column.push(word.map_or(0, |it| it + 1));
            }
            section.rows.push(*count);
            for (column, state) in section.states.iter_mut().zip(states) {
                column.push(state.0);
            }
        }
        section
    }
}

/// Words with their positions.
type Words<'a> = BTreeMap<&'a str, u32>;

fn numbered<'a>(words: impl Iterator<Item = &'a str>) -> Words<'a> {
    words.collect::<BTreeSet<_>>().into_iter().zip(0..).collect()
}

/// The bytes of a pack: the same states, the same bytes.
pub(super) fn bytes(sections: &Sections, width: usize) -> Vec<u8> {
    let rows = || sections.values().flatten();
    let organisations = numbered(rows().map(|(key, _, _)| key.org.as_str()));
    let values =
        numbered(rows().flat_map(|(key, _, _)| key.dimensions.iter().flatten().map(|it| &**it)));
    let (mut entries, mut bodies) = (Vec::new(), Vec::new());
    for (name, rows) in sections {
        let section = Section::of(rows, width, &organisations, &values);
        let body = postcard::to_stdvec(&section).unwrap_or_default();
        let hash = *blake3::hash(&body).as_bytes();
        let bytes = u32::try_from(body.len()).unwrap_or(u32::MAX);
        entries.push(Entry { name: name.clone(), bytes, hash });
        bodies.push(body);
    }
    let owned = |words: Words<'_>| words.into_keys().map(str::to_owned).collect();
    let head = Head { organisations: owned(organisations), values: owned(values), entries };
    let head = postcard::to_stdvec(&head).unwrap_or_default();
    let mut bytes = u32::try_from(head.len()).unwrap_or_default().to_le_bytes().to_vec();
    bytes.extend_from_slice(blake3::hash(&head).as_bytes());
    bytes.extend(head);
    bytes.extend(bodies.into_iter().flatten());
    bytes
}
