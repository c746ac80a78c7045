//! One bit a row.

use arrow::array::{Array, DictionaryArray};
use arrow::buffer::{BooleanBuffer, Buffer};
use arrow::datatypes::Int32Type;

/// Bits of a word.
const WORD: usize = 64;

/// The rows of which something is true: a word of 64 at a time, so that the compiler has a plain loop to unroll.
pub(crate) fn of<T: Copy>(values: &[T], is_true: impl Fn(T) -> bool) -> BooleanBuffer {
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

/// The rows whose word has the answer true, by one answer for each different word; `without` is that of rows that have none.
pub(crate) fn by_word(
    words: &DictionaryArray<Int32Type>,
    answers: &[bool],
    without: bool,
) -> BooleanBuffer {
    let keys = words.keys();
    // As bits of a number where they are few: that is no look at memory.
    let rows = if answers.len() <= WORD {
        let bits = answers.iter().enumerate();
        let few = bits.fold(0_u64, |few, (at, answer)| few | (u64::from(*answer) << at));
        of(keys.values(), |key| few >> (key.cast_unsigned() & 63) & 1 == 1)
    } else {
        of(keys.values(), |key| {
            usize::try_from(key).ok().and_then(|it| answers.get(it)).copied().unwrap_or(false)
        })
    };
    match keys.nulls().filter(|it| it.null_count() > 0) {
        None => rows,
        Some(nulls) if without => &rows | &!nulls.inner(),
        Some(nulls) => &rows & nulls.inner(),
    }
}
