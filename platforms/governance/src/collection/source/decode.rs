//! Decoding: bytes of any accepted encoding as UTF-8 with plain line ends, a bounded row at a time.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};

const CHUNK: usize = 1 << 16;

/// Why a text cannot be read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsound {
    #[error("a row is longer than allowed")]
    LongRow,
    #[error("the file holds NUL bytes")]
    Nul,
}

/// UTF-8 text of a file: every line ends in `\n`, the last one too.
#[derive(Debug)]
pub(super) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// How much of `text` was given out.
    given: usize,
    after_return: bool,
    ended: bool,
    last: u8,
    /// Bytes given out, and how many may be before a row must have ended.
    total: u64,
    allowed: u64,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding, allowed: u64) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK],
            text: Vec::new(),
            given: 0,
            after_return: false,
            ended: false,
            last: b'\n',
            total: 0,
            allowed,
        }
    }

    /// Lets the text run on to this many bytes from its start.
    pub(super) const fn allow(&mut self, bytes: u64) {
        self.allowed = bytes;
    }

    /// Decodes the next chunk; afterwards `text` holds something, or all was read.
    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            let read = self.inner.read(&mut self.raw)?;
            self.ended = read == 0;
            let raw = self.raw.get(..read).unwrap_or_default();
            let most = self.decoder.max_utf8_buffer_length(read).unwrap_or(4 * CHUNK);
            self.text.resize(most, 0);
            let (result, _, written, _) =
                self.decoder.decode_to_utf8(raw, &mut self.text, self.ended);
            if result == CoderResult::OutputFull {
                return Err(io::Error::other("the decoder's buffer is too small"));
            }
            self.text.truncate(written);
            if self.text.contains(&0) {
                return Err(io::Error::other(Unsound::Nul));
            }
            self.plain_line_ends();
            self.last = self.text.last().copied().unwrap_or(self.last);
            if self.ended && self.last != b'\n' {
                self.text.push(b'\n');
                self.last = b'\n';
            }
        }
        Ok(())
    }

    fn plain_line_ends(&mut self) {
        if !self.after_return && !self.text.contains(&b'\r') {
            return;
        }
        let mut after_return = self.after_return;
        self.text.retain_mut(|byte| {
            let second_half = after_return && *byte == b'\n';
            after_return = *byte == b'\r';
            if after_return {
                *byte = b'\n';
            }
            !second_half
        });
        self.after_return = after_return;
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.total > self.allowed {
            return Err(io::Error::other(Unsound::LongRow));
        }
        if self.given == self.text.len() {
            self.fill()?;
        }
        let ready = self.text.get(self.given..).unwrap_or_default();
        let count = ready.len().min(into.len());
        if let (Some(from), Some(to)) = (ready.get(..count), into.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        self.total += u64::try_from(count).unwrap_or(u64::MAX);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, UTF_8, UTF_16LE};

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], encoding: &'static Encoding, expected: &str) {
        let mut text = String::new();
        Decoded::new(bytes, encoding, 1 << 20).read_to_string(&mut text).unwrap();
        assert_eq!(text, expected);
    }

    #[test]
    fn every_line_ends_the_same_way() {
        check(b"a\r\nb\rc\n", UTF_8, "a\nb\nc\n");
        check(b"a\n\r\nb", UTF_8, "a\n\nb\n");
        check(b"", UTF_8, "");
        check("\u{feff}学\r\n".as_bytes(), UTF_8, "学\n");
        check(&GB18030.encode("学校,㐀\r\n").0, GB18030, "学校,㐀\n");
        check(b"\xff\xfea\0\t\0", UTF_16LE, "a\t\n");
    }

    #[test]
    fn a_row_has_a_bound_and_no_nul() {
        let endless = io::repeat(b'a');
        let error =
            io::copy(&mut Decoded::new(endless, UTF_8, 100_000), &mut io::sink()).unwrap_err();
        assert_eq!(error.get_ref().unwrap().downcast_ref(), Some(&Unsound::LongRow));
        let error =
            Decoded::new(&b"a\0b"[..], UTF_8, 100).read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.get_ref().unwrap().downcast_ref(), Some(&Unsound::Nul));
    }
}
