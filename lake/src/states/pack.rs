//! A pack: the states of many data files in one file.
//!
//! First the length and the hash of a head, then the head: the words that the states name, and for every data file
//! where its states are and their hash. Then those, one section a data file, by columns. So the sections that are
//! wanted are read and no others, and one that is broken breaks no other.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek};
use std::sync::Arc;

use model::state::{Places, Rows, StateColumn, States, Words};
use model::{Numbers, OrgCode, Year};
use serde::{Deserialize, Serialize};

/// The states of data files, by the names of these.
pub(crate) type Sections = BTreeMap<String, States>;

/// Bytes that say how long the head is.
const LENGTH: usize = size_of::<u32>();

/// A pack whose head was read. It can be read to its end even if its name is taken away.
#[derive(Debug)]
pub(super) struct Pack<R> {
    file: BufReader<R>,
    words: Arc<Words>,
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
#[derive(Serialize, Deserialize)]
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

impl<R: Read + Seek> Pack<R> {
    /// Of no more than `most` bytes. `None` where the head is not whole.
    pub(super) fn read(file: R, most: u64) -> Option<Self> {
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
        let organisations: Option<Vec<OrgCode>> =
            head.organisations.iter().map(|it| it.parse().ok()).collect();
        let values = head.values.into_iter().map(Arc::from).collect();
        let words = Arc::new(Words::new(organisations?, values)?);
        Some(Self { file, words, entries: head.entries })
    }

    /// The data files whose states should be here.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|it| it.name.as_str())
    }

    /// Hands over the states of every data file that is wanted and whose section is whole.
    pub(super) fn each(
        mut self,
        columns: &Arc<[StateColumn]>,
        is_wanted: impl Fn(&str) -> bool,
        mut with: impl FnMut(&str, States),
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
                && let Some(states) = section.states(columns, &self.words)
            {
                with(&entry.name, states);
            }
        }
    }
}

/// So many bytes, or `None` where there are not.
fn taken(file: &mut impl Read, bytes: usize) -> Option<Vec<u8>> {
    let mut taken = Vec::new();
    file.take(u64::try_from(bytes).ok()?).read_to_end(&mut taken).ok()?;
    (taken.len() == bytes).then_some(taken)
}

impl Section {
    /// `None` where it is not of this pack, or not of so many measures.
    fn states(self, columns: &Arc<[StateColumn]>, words: &Arc<Words>) -> Option<States> {
        let numbers = self.states.into_iter();
        let rows = Rows {
            years: self.years.into_iter().map(Year::new).collect::<Option<_>>()?,
            organisations: self.organisations,
            dimensions: self.dimensions,
            counts: self.rows,
            numbers: numbers.map(Numbers::from_iter).collect(),
        };
        States::of_rows(Arc::clone(columns), Arc::clone(words), rows)
    }

    /// With the words in the places that they have in the pack.
    fn of(states: &States, places: &Places) -> Self {
        let rows = states.rows();
        let dimension = |it: &Vec<u32>| it.iter().map(|it| places.value(*it)).collect();
        Self {
            years: rows.years.iter().map(|it| it.number()).collect(),
            organisations: rows.organisations.iter().map(|it| places.organisation(*it)).collect(),
            dimensions: rows.dimensions.iter().map(dimension).collect(),
            rows: rows.counts.clone(),
            states: rows.numbers.iter().map(|it| it.iter().collect()).collect(),
        }
    }
}

/// The bytes of a pack: the same states, the same bytes.
pub(super) fn bytes(sections: &Sections) -> Vec<u8> {
    let words = Words::united(sections.values().map(States::words));
    let (mut entries, mut bodies) = (Vec::new(), Vec::new());
    for (name, states) in sections {
        let section = Section::of(states, &states.words().places_in(&words));
        let body = postcard::to_stdvec(&section).unwrap_or_default();
        let hash = *blake3::hash(&body).as_bytes();
        let bytes = u32::try_from(body.len()).unwrap_or(u32::MAX);
        entries.push(Entry { name: name.clone(), bytes, hash });
        bodies.push(body);
    }
    let head = Head {
        organisations: words.organisations().iter().map(ToString::to_string).collect(),
        values: words.values().iter().map(ToString::to_string).collect(),
        entries,
    };
    let head = postcard::to_stdvec(&head).unwrap_or_default();
    let mut bytes = u32::try_from(head.len()).unwrap_or_default().to_le_bytes().to_vec();
    bytes.extend_from_slice(blake3::hash(&head).as_bytes());
    bytes.extend(head);
    bytes.extend(bodies.into_iter().flatten());
    bytes
}
