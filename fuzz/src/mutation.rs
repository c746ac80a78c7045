//! Changing an input here and there.

/// Numbers that look like chance and are the same in every run (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when that is 0.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        if end == 0 { 0 } else { usize::try_from(self.next() % end).unwrap_or(0) }
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes().first().copied().unwrap_or_default()
    }
}

/// Pieces that mean something to one parser or another.
const WORDS: [&[u8]; 40] = [
    b"\"",
    b"'",
    b"\\",
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b";",
    b":",
    b".",
    b"\n",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    "学".as_bytes(),
    b" and ",
    b" or ",
    b"not (",
    b" eq ",
    b" pr",
    b"=",
    b"!=",
    b"~",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"99999999999999999999",
    b"1e999",
    b"2026-02-30",
    b"9999-12-31T23:59:60Z",
    b"urn:ietf:params:scim:",
    b"$ref",
    b"../",
    b"tobedeleted",
    b"\"schemas\":[]",
];

/// An input made of a seed, and of another one here and there.
pub fn mutated(seed: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut input = seed.to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(input.len() + 1);
        let length = chance.below(12);
        let end = (at + length).min(input.len());
        match chance.below(8) {
            0 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = chance.byte();
                }
            }
            1 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
            2 => _ = input.drain(at..end),
            3 => {
                let piece = input.get(at..end).unwrap_or_default().to_vec();
                let times = 1 + chance.below(40);
                input.splice(at..at, piece.repeat(times));
            }
            4 => {
                let word = WORDS.get(chance.below(WORDS.len())).copied().unwrap_or_default();
                input.splice(at..at, word.iter().copied());
            }
            5 => {
                let word = WORDS.get(chance.below(WORDS.len())).copied().unwrap_or_default();
                input.splice(at..end, word.iter().copied());
            }
            6 => {
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(60)).min(other.len());
                input.splice(at..end, other.get(from..to).unwrap_or_default().iter().copied());
            }
            _ => input.truncate(at.max(1)),
        }
    }
    input.truncate(1 << 20);
    input
}
