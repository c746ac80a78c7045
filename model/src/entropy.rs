//! Where randomness comes from: always from the caller.

/// A source of random bytes. The program's own asks the operating system; a test counts.
///
/// Secrets are made from it, so an implementation of the product must be fit for cryptography, and
/// must stop the program rather than give bytes that can be guessed.
pub trait Entropy: Send {
    /// Fills `bytes`, all of them.
    fn fill(&mut self, bytes: &mut [u8]);
}
