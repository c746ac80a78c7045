//! One bit a row.

use arrow::buffer::{BooleanBuffer, Buffer};

/// Bits of a word.
const WORD: usize = 64;

/// The rows of which something is true: a word of 64 at a time, so that the compiler has a plain loop to unroll.
pub(super) fn of<T: Copy>(values: &[T], is_true: impl Fn(T) -> bool) -> BooleanBuffer {
    let word = |rows: &[T]| {
        let bits = rows.iter().enumerate();
        bits.fold(0_u64, |word, (at, value)| word | (u64::from(is_true(*value)) << at))
    };
    let (whole, rest) = values.as_chunks::<WORD>();
    let mut words = Vec::with_capacity(whole.len() + 1);
    words.extend(whole.iter().map(|it| word(it).to_le()));
    if !rest.is_empty() {
        words.push(word(rest).to_le());
    }
    BooleanBuffer::new(Buffer::from_vec(words), 0, values.len())
}
