//! The bytes that are hashed and signed.

use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// What the first entry holds in place of a hash before it.
pub(super) const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Texts after each other so that nobody can tell them apart otherwise: each as `length:text,`, a missing one as `-`.
pub(super) fn netstrings<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    for text in texts {
        match text {
            Some(text) => {
                bytes.extend_from_slice(text.len().to_string().as_bytes());
                bytes.push(b':');
                bytes.extend_from_slice(text.as_bytes());
                bytes.push(b',');
            }
            None => bytes.push(b'-'),
        }
    }
    bytes
}

/// The hash of a leaf (RFC 6962, section 2.1).
pub(super) fn leaf(data: &[u8]) -> Hash {
    hash(&[&[0], data])
}

/// The hash of what two subtrees hold (RFC 6962, section 2.1).
pub(super) fn node(left: &Hash, right: &Hash) -> Hash {
    hash(&[&[1], left, right])
}

pub(super) fn hash(parts: &[&[u8]]) -> Hash {
    let mut hash = [0; 32];
    // As long as it is: SHA-256.
    for (to, from) in hash.iter_mut().zip(digest(&SHA256, &parts.concat()).as_ref()) {
        *to = *from;
    }
    hash
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The bytes of a text in lower-case hexadecimal; `None` for any other.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |it: u8| match it {
        b'0'..=b'9' => Some(it - b'0'),
        b'a'..=b'f' => Some(it - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}

pub(super) fn unhex_hash(text: &str) -> Option<Hash> {
    unhex(text)?.try_into().ok()
}
