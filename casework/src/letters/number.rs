//! Numbers by which letters are checked.

use std::fmt;
use std::str::FromStr;

use model::Entropy;

/// Digits and letters that nobody takes for one another (Crockford's base 32).
const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 12;

/// By which anyone who holds a letter can check it, such as `7K3M-92QX-AB5T`.
///
/// One in 2^60: nobody finds a letter by trying.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LetterNumber(String);

/// A text that is no number of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the number of a letter has 12 digits and letters, such as 7K3M-92QX-AB5T")]
pub struct NotANumber;

impl LetterNumber {
    pub(crate) fn new(entropy: &mut dyn Entropy) -> Self {
        let mut bytes = [0; LENGTH];
        entropy.fill(&mut bytes);
        // A byte has 8 times 32 values, so that every digit is as likely.
        let digits = bytes.iter().filter_map(|it| DIGITS.chars().nth(usize::from(it % 32)));
        Self(digits.collect())
    }

    /// As it is kept and stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In groups of four, as it is read out.
impl fmt::Display for LetterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl FromStr for LetterNumber {
    type Err = NotANumber;

    /// As people type it: in small letters, with or without hyphens, `O` for 0, `I` and `L` for 1.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let typed = text.chars().filter(|it| !it.is_whitespace() && *it != '-');
        let digits: String = typed
            .map(|it| match it.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .take(LENGTH + 1)
            .collect();
        let is_number = digits.len() == LENGTH && digits.chars().all(|it| DIGITS.contains(it));
        if is_number { Ok(Self(digits)) } else { Err(NotANumber) }
    }
}
