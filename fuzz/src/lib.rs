//! Input that nobody would send, given to every parser of foreign input.
//!
//! From each file of a parser's corpus many inputs are made by changing it here and there: the same ones in every run,
//! so that what was found once is found again. How many is said by `HAIHE_FUZZ_INPUTS`. Readers of records are tried
//! where they are, in `governance`, by the same means: one program more that links the query engine would cost more.
//!
//! **Invariant:** whatever the input, a parser gives an answer: no panic, and nothing that takes for ever. What it takes
//! for sound is sound: read again as it is written, signed by whom it says, the bytes that were issued.

pub mod mutation;
pub mod targets;
pub mod trial;

#[cfg(test)]
mod tests;
