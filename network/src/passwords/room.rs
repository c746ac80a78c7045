//! Room that hashing works in, kept from one password to the next: the system gives memory page by page and cleared, which takes
//! a tenth of the time that the hashing takes.

use std::sync::{Mutex, PoisonError};

use argon2::Block;

/// Most rooms that are kept. What more is used at once is asked for each time.
const KEPT: usize = 2;

static ROOMS: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Does something in a room of so many blocks. What is left in them from before is written over.
pub(super) fn within<T>(blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
    let kept = ROOMS.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut room = kept.unwrap_or_default();
    room.resize(blocks, Block::new());
    let done = work(&mut room);
    let mut rooms = ROOMS.lock().unwrap_or_else(PoisonError::into_inner);
    if rooms.len() < KEPT {
        rooms.push(room);
    }
    done
}
