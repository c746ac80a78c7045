//! Whether a file is what this centre signed.
//!
//! It trusts nothing of the file but the last range of bytes, which must leave out the signature and not a byte
//! more: whatever is added, taken away or changed anywhere else changes the digest.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::message::Message;
use super::{Keys, ROOM, Signing, Verdict};

/// Tells whether a file bears a signature of this centre and is as it was signed.
pub fn verify(file: &[u8], keys: &Keys) -> Verdict {
    let Some(found) = find(file) else { return Verdict::NotOurs };
    let Some(signer) = keys.signer(&found.message.certificate) else { return Verdict::NotOurs };
    let mut digest = Sha256::new();
    digest.update(found.before);
    digest.update(found.after);
    if !found.covers_all || !found.message.signs(digest.finalize().into()) {
        return Verdict::Altered;
    }
    let Some(signed_at) = signed_at(found.before) else { return Verdict::Altered };
    let entry = &signer.entry;
    let signing = Signing { signer: signer.name.clone(), key: entry.id.clone(), signed_at };
    match entry.retired_at {
        None => Verdict::Intact(signing),
        Some(retired_at) if signed_at < retired_at => Verdict::Retired { signing, retired_at },
        // Only someone who kept a retired key can sign later with it.
        Some(_) => Verdict::NotOurs,
    }
}

/// The last signature of a file.
struct Found<'a> {
    before: &'a [u8],
    after: &'a [u8],
    message: Message,
    /// Whether the range it claims is all of the file around it.
    covers_all: bool,
}

fn find(file: &[u8]) -> Option<Found<'_>> {
    let word = b"/ByteRange [";
    let at = file.windows(word.len()).rposition(|it| it == word)? + word.len();
    let rest = file.get(at..)?;
    let end = rest.iter().position(|it| *it == b']')?;
    let numbers = std::str::from_utf8(rest.get(..end)?).ok()?;
    let numbers: Vec<usize> =
        numbers.split_ascii_whitespace().map(|it| it.parse().ok()).collect::<Option<_>>()?;

    let word = b"/Contents <";
    let contents = rest.windows(word.len()).position(|it| it == word)?;
    let begin = at + contents + word.len() - 1;
    let after = begin.checked_add(2 * ROOM + 2)?;
    let hole = file.get(begin..after)?;
    let digits = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    Some(Found {
        before: file.get(..begin)?,
        after: file.get(after..)?,
        message: Message::read(&bytes(digits)?)?,
        covers_all: numbers == [0, begin, after, file.len() - after],
    })
}

/// The time that stands in the signature's own dictionary, right before its range.
fn signed_at(before: &[u8]) -> Option<Timestamp> {
    let word = b"/M (D:";
    let at = before.windows(word.len()).rposition(|it| it == word)? + word.len();
    let text = std::str::from_utf8(before.get(at..at.checked_add(14)?)?).ok()?;
    let time = DateTime::strptime("%Y%m%d%H%M%S", text).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

fn bytes(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |it: &u8| char::from(*it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let pair = |it: &[u8]| match it {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}
