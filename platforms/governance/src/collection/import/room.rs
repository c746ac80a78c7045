//! Room in memory: how many rows of a table are held at once, however many partitions there are to write.

use std::sync::{Condvar, Mutex, PoisonError};

/// Rows of all partitions that are written at the same time.
pub(super) const AT_ONCE: u64 = 262_144;

/// Rows of one partition, however many it has: it is merged in pieces.
pub(super) const OF_ONE: u64 = 131_072;

/// Room for [`AT_ONCE`] rows, shared by those who write.
#[derive(Debug, Default)]
pub(super) struct Room {
    taken: Mutex<u64>,
    left: Condvar,
}

/// Room that is taken until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    room: &'a Room,
    rows: u64,
}

impl Room {
    /// Waits until there is room for so many rows. Who is alone always has it.
    pub(super) fn enter(&self, rows: u64) -> Place<'_> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |taken: &mut u64| *taken > 0 && *taken + rows > AT_ONCE;
        let waited = self.left.wait_while(taken, is_full);
        *waited.unwrap_or_else(PoisonError::into_inner) += rows;
        Place { room: self, rows }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.room.taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.rows;
        self.room.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use proptest::prelude::*;

    use super::{AT_ONCE, Room};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_more_rows_are_held_than_there_is_room_for_unless_one_is_alone(
            rows in prop::collection::vec(0..AT_ONCE * 2, 1..24),
        ) {
            let (room, held, next) = (Room::default(), AtomicU64::new(0), AtomicU64::new(0));
            let work = || {
                let take = || usize::try_from(next.fetch_add(1, Ordering::SeqCst)).unwrap();
                while let Some(rows) = rows.get(take()) {
                    let place = room.enter(*rows);
                    let all = held.fetch_add(*rows, Ordering::SeqCst) + rows;
                    assert!(all <= AT_ONCE || all == *rows, "{all} rows at once");
                    std::thread::yield_now();
                    held.fetch_sub(*rows, Ordering::SeqCst);
                    drop(place);
                }
            };
            std::thread::scope(|scope| (0..4).for_each(|_| _ = scope.spawn(work)));
            prop_assert_eq!(*room.taken.lock().unwrap(), 0);
        }
    }
}
