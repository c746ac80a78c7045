//! Input that nobody would send, given to every parser of foreign input.
//!
//! From each file of a parser's corpus many inputs are made by changing it here and there: the same ones in every run,
//! so that what was found once is found again. How many is said by `HAIHE_FUZZ_INPUTS`.
//!
//! **Invariant:** whatever the input, a parser gives an answer: no panic, and nothing that takes for ever.

pub mod mutation;
pub mod targets;

#[cfg(test)]
mod tests;
