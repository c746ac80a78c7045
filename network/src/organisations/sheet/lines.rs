//! Text with the line ends of any system, as lines that all end in `\n`.

use std::io::{self, Read};

/// Every line ends in `\n`, the last one too: so a row is counted when it was read.
#[derive(Debug)]
pub(super) struct Lines<R> {
    inner: R,
    after_return: bool,
    last: u8,
}

impl<R: Read> Lines<R> {
    pub(super) const fn of(inner: R) -> Self {
        Self { inner, after_return: false, last: b'\n' }
    }

    /// `None` for the second half of a line end.
    fn plain(&mut self, byte: u8) -> Option<u8> {
        let is_second_half = self.after_return && byte == b'\n';
        self.after_return = byte == b'\r';
        let byte = if self.after_return { b'\n' } else { byte };
        (!is_second_half).then_some(byte)
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.inner.read(into)?;
            let ready = into.get(..read).unwrap_or_default();
            let mut plain: Vec<u8> = ready.iter().filter_map(|it| self.plain(*it)).collect();
            if read == 0 && !into.is_empty() && self.last != b'\n' {
                plain.push(b'\n');
            }
            self.last = plain.last().copied().unwrap_or(self.last);
            if let (Some(into), false) = (into.get_mut(..plain.len()), plain.is_empty()) {
                into.copy_from_slice(&plain);
            }
            // Half a line end by itself is not the end of the file.
            if !plain.is_empty() || read == 0 {
                return Ok(plain.len());
            }
        }
    }
}
