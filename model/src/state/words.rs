//! What the keys of states name: each once, and in order, so that places compare as the words do.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::organisation::OrgCode;

/// The organisations and values of dimensions that states may name. Some may be there that none does.
#[derive(Clone, Debug, Default)]
pub struct Words {
    organisations: Vec<OrgCode>,
    values: Vec<Arc<str>>,
}

impl Words {
    /// `None` where they are not in order, each once.
    pub fn new(organisations: Vec<OrgCode>, values: Vec<Arc<str>>) -> Option<Self> {
        let are_in_order =
            organisations.is_sorted_by(|a, b| a < b) && values.is_sorted_by(|a, b| a < b);
        are_in_order.then_some(Self { organisations, values })
    }

    /// Those of several lists.
    pub fn united<'a>(lists: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let organisations = lists.clone().flat_map(|it| &it.organisations);
        Self { organisations: once(organisations), values: once(lists.flat_map(|it| &it.values)) }
    }

    pub fn organisations(&self) -> &[OrgCode] {
        &self.organisations
    }

    pub fn values(&self) -> &[Arc<str>] {
        &self.values
    }

    /// Where the words of this list stand in another one that has them all.
    pub fn places_in(&self, other: &Self) -> Places {
        Places {
            organisations: places(&self.organisations, &other.organisations),
            values: places(&self.values, &other.values),
        }
    }
}

/// Places of words in another list, by their places in their own.
#[derive(Clone, Debug, Default)]
pub struct Places {
    organisations: Vec<u32>,
    values: Vec<u32>,
}

impl Places {
    pub fn organisation(&self, place: u32) -> u32 {
        new_place(&self.organisations, place)
    }

    /// Of what stands in a dimension: one more than a place, 0 for no value.
    pub fn value(&self, kept: u32) -> u32 {
        kept.checked_sub(1).map_or(0, |place| new_place(&self.values, place) + 1)
    }
}

fn new_place(places: &[u32], place: u32) -> u32 {
    position(place).and_then(|it| places.get(it)).copied().unwrap_or_default()
}

/// A place as a position of a list.
pub(super) fn position(place: u32) -> Option<usize> {
    usize::try_from(place).ok()
}

fn once<'a, T: Ord + Clone + 'a>(words: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut words: Vec<T> = words.cloned().collect();
    // Lists that are in order are merged by it.
    words.sort();
    words.dedup();
    words
}

fn places<T: Ord>(from: &[T], to: &[T]) -> Vec<u32> {
    let place = |word: &T| to.binary_search(word).unwrap_or_else(|it| it);
    from.iter().map(|it| u32::try_from(place(it)).unwrap_or(u32::MAX)).collect()
}

/// Words in the order in which they were met.
#[derive(Debug)]
pub(super) struct Met<T>(BTreeMap<T, u32>);

impl<T> Default for Met<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Met<T> {
    /// The turn of a word, the next where it is new.
    pub(super) fn turn<W: Ord + ?Sized>(&mut self, word: &W, own: impl FnOnce() -> T) -> u32
    where
        T: Borrow<W>,
    {
        if let Some(turn) = self.0.get(word) {
            return *turn;
        }
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(own(), next);
        next
    }

    /// The words in order, and the place of each by its turn.
    fn in_order(self) -> (Vec<T>, Vec<u32>) {
        let mut places = vec![0; self.0.len()];
        for (place, turn) in (0..).zip(self.0.values()) {
            if let Some(slot) = position(*turn).and_then(|it| places.get_mut(it)) {
                *slot = place;
            }
        }
        (self.0.into_keys().collect(), places)
    }
}

/// All words that were met, and the places that their turns have become.
pub(super) fn in_order(organisations: Met<OrgCode>, values: Met<Arc<str>>) -> (Words, Places) {
    let (organisations, of_organisations) = organisations.in_order();
    let (values, of_values) = values.in_order();
    let places = Places { organisations: of_organisations, values: of_values };
    (Words { organisations, values }, places)
}
