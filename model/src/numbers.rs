//! Many numbers of which some are missing, in no more bits than the longest of them takes.

/// A list of numbers, such as a column of states.
#[derive(Clone, Debug)]
pub struct Numbers(Kept);

/// Where bits are few, the least number that they hold stands for one that is missing.
#[derive(Clone, Debug)]
enum Kept {
    Short(Vec<i32>),
    Long(Vec<i64>),
    Whole(Vec<Option<i128>>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self(Kept::Short(Vec::new()))
    }
}

impl Numbers {
    /// None yet, with room for so many.
    pub fn with_room(numbers: usize) -> Self {
        Self(Kept::Short(Vec::with_capacity(numbers)))
    }

    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::Short(list) => list.len(),
            Kept::Long(list) => list.len(),
            Kept::Whole(list) => list.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `None` where it is missing, and beyond the last.
    pub fn at(&self, position: usize) -> Option<i128> {
        match &self.0 {
            Kept::Short(list) => list.get(position).and_then(|it| of_short(*it)),
            Kept::Long(list) => list.get(position).and_then(|it| of_long(*it)),
            Kept::Whole(list) => list.get(position).copied().flatten(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<i128>> {
        (0..self.len()).map(|position| self.at(position))
    }

    pub fn push(&mut self, number: Option<i128>) {
        if matches!(self.0, Kept::Short(_)) && short(number).is_none() {
            self.widen();
        }
        if matches!(self.0, Kept::Long(_)) && long(number).is_none() {
            self.widen();
        }
        match &mut self.0 {
            Kept::Short(list) => list.extend(short(number)),
            Kept::Long(list) => list.extend(long(number)),
            Kept::Whole(list) => list.push(number),
        }
    }

    pub fn append(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Kept::Short(list), Kept::Short(more)) => list.extend_from_slice(more),
            (Kept::Long(list), Kept::Long(more)) => list.extend_from_slice(more),
            (Kept::Whole(list), Kept::Whole(more)) => list.extend_from_slice(more),
            (Kept::Short(_) | Kept::Long(_) | Kept::Whole(_), _) => {
                self.extend(other.iter());
            }
        }
    }

    fn widen(&mut self) {
        self.0 = match &self.0 {
            Kept::Short(list) => {
                Kept::Long(widened(
                    list,
                    |it| {
                        if it == i32::MIN { i64::MIN } else { i64::from(it) }
                    },
                ))
            }
            Kept::Long(list) => Kept::Whole(widened(list, of_long)),
            Kept::Whole(_) => return,
        };
    }
}

impl Extend<Option<i128>> for Numbers {
    fn extend<T: IntoIterator<Item = Option<i128>>>(&mut self, more: T) {
        more.into_iter().for_each(|it| self.push(it));
    }
}

impl FromIterator<Option<i128>> for Numbers {
    fn from_iter<T: IntoIterator<Item = Option<i128>>>(all: T) -> Self {
        let all = all.into_iter();
        let mut numbers = Self::with_room(all.size_hint().0);
        numbers.extend(all);
        numbers
    }
}

/// As many, with the room that there was.
fn widened<A: Copy, B>(list: &Vec<A>, wider: impl Fn(A) -> B) -> Vec<B> {
    let mut wide = Vec::with_capacity(list.capacity());
    wide.extend(list.iter().map(|it| wider(*it)));
    wide
}

fn of_short(number: i32) -> Option<i128> {
    (number != i32::MIN).then(|| i128::from(number))
}

fn of_long(number: i64) -> Option<i128> {
    (number != i64::MIN).then(|| i128::from(number))
}

/// `None` where it does not fit.
fn short(number: Option<i128>) -> Option<i32> {
    number.map_or(Some(i32::MIN), |it| i32::try_from(it).ok().filter(|it| *it != i32::MIN))
}

/// `None` where it does not fit.
fn long(number: Option<i128>) -> Option<i64> {
    number.map_or(Some(i64::MIN), |it| i64::try_from(it).ok().filter(|it| *it != i64::MIN))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = Option<i128>> {
        let (short, long) = (i128::from(i32::MIN), i128::from(i64::MIN));
        let edge = prop::sample::select(vec![short, -short, long, -long, i128::MIN, i128::MAX]);
        let near = (edge, -1..=1_i128).prop_map(|(edge, by)| edge.saturating_add(by));
        prop::option::of(prop_oneof![8 => -9..9_i128, 1 => near])
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_was_given(
            first in prop::collection::vec(number(), 0..20),
            second in prop::collection::vec(number(), 0..20),
        ) {
            let mut numbers: Numbers = first.iter().copied().collect();
            numbers.append(&second.iter().copied().collect());
            let all = [first, second].concat();
            prop_assert_eq!(numbers.len(), all.len());
            prop_assert_eq!(numbers.at(all.len()), None);
            prop_assert_eq!(numbers.iter().collect::<Vec<_>>(), all);
        }
    }
}
