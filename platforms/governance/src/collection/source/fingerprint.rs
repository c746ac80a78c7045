//! Fingerprint: the hash of a file and its character encoding, found in one pass.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// What is known of a file before its first row is read.
#[derive(Clone, Debug)]
pub(in super::super) struct Fingerprint {
    /// BLAKE3 of the bytes, in hexadecimal.
    pub(in super::super) hash: String,
    pub(super) encoding: &'static Encoding,
}

impl Fingerprint {
    /// Reads the file once, in constant memory.
    ///
    /// A byte-order mark decides the encoding. Without one the file is UTF-8 unless its bytes say
    /// otherwise: text in GB18030 is nearly never sound UTF-8, and a UTF-8 file with a few
    /// damaged characters is still far more sound than not.
    pub(in super::super) fn take(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hash = blake3::Hasher::new();
        let mut is_first = true;
        let mut evidence = Evidence::default();
        let mut chunk = vec![0; 1 << 16];
        let mut marked = None;
        loop {
            let read = file.read(&mut chunk)?;
            let Some(part) = chunk.get(..read).filter(|it| !it.is_empty()) else { break };
            if is_first {
                marked = Encoding::for_bom(part).map(|(encoding, _)| encoding);
            }
            hash.update(part);
            is_first = false;
            evidence.take(part);
        }
        let encoding = match marked {
            Some(encoding) if [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) => encoding,
            _ if evidence.is_utf8() => UTF_8,
            _ => GB18030,
        };
        Ok(Self { hash: hash.finalize().to_hex().to_string(), encoding })
    }

    pub(super) fn is_utf8(&self) -> bool {
        self.encoding == UTF_8
    }
}

/// How far bytes are sound UTF-8.
#[derive(Debug, Default)]
struct Evidence {
    /// Bytes of a character that the last chunk cut.
    rest: Vec<u8>,
    characters: u64,
    faults: u64,
}

impl Evidence {
    fn take(&mut self, chunk: &[u8]) {
        if self.rest.is_empty() && chunk.is_ascii() {
            return;
        }
        let mut joined = std::mem::take(&mut self.rest);
        joined.extend_from_slice(chunk);
        let mut left = joined.as_slice();
        loop {
            let error = match std::str::from_utf8(left) {
                Ok(text) => {
                    self.characters += beyond_ascii(text.as_bytes());
                    return;
                }
                Err(error) => error,
            };
            let (sound, after) = left.split_at(error.valid_up_to());
            self.characters += beyond_ascii(sound);
            let Some(wrong) = error.error_len() else {
                self.rest = after.to_vec();
                return;
            };
            self.faults += 1;
            left = after.get(wrong..).unwrap_or_default();
        }
    }

    fn is_utf8(&self) -> bool {
        let cut = u64::from(!self.rest.is_empty());
        self.characters >= 4 * (self.faults + cut)
    }
}

/// Characters beyond ASCII in sound UTF-8, by their first bytes.
fn beyond_ascii(text: &[u8]) -> u64 {
    u64::try_from(text.iter().filter(|it| **it >= 0xc0).count()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &Encoding) {
        for step in [1, 3, 7, bytes.len().max(1)] {
            let mut evidence = Evidence::default();
            bytes.chunks(step).for_each(|it| evidence.take(it));
            assert_eq!(
                if evidence.is_utf8() { UTF_8 } else { GB18030 },
                expected,
                "in steps of {step}"
            );
        }
    }

    #[test]
    fn the_bytes_say_the_encoding() {
        let text = "学校,年级,人数\n天津市第一小学,一年级,45\n";
        check(text.as_bytes(), UTF_8);
        check(&GB18030.encode(text).0, GB18030);
        check(b"school,year\n1,2024\n", UTF_8);
        check(b"", UTF_8);
        let mut cut = text.as_bytes().to_vec();
        cut.remove(1);
        check(&cut, UTF_8);
    }
}
