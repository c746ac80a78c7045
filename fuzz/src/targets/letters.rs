//! Documents that somebody brings, to be told whether they are ours.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a parser that takes what it should not has failed"
)]

use std::sync::LazyLock;

use documents::{Keys, SignError, Verdict, sign, verify};
use network::testing::{Counting, at};

/// The keys with which the letter of the corpus was signed.
static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    Keys::begin("滨海市教育数据中心", at(0), &mut Counting::default()).expect("keys can be made")
});

/// A letter that was issued.
const ISSUED: &[u8] = include_bytes!("../../corpus/letter/issued");

/// What is called intact was issued to the last byte; what can be signed is intact then, with all that it was before.
pub(super) fn document(input: &[u8]) {
    if let Verdict::Intact(_) | Verdict::Retired { .. } = verify(input, &KEYS) {
        // Digits of the signature may be written in either case.
        assert!(input.eq_ignore_ascii_case(ISSUED), "something else is called intact");
    }
    match sign(input, &KEYS, None, at(60)) {
        Ok(signed) => {
            assert!(signed.starts_with(input), "what was signed is not what is signed");
            let again = sign(&signed, &KEYS, None, at(120));
            assert!(matches!(again, Err(SignError::Signed)), "signed twice: {again:?}");
            let verdict = verify(&signed, &KEYS);
            assert!(matches!(verdict, Verdict::Intact(_)), "{verdict:?}");
        }
        Err(SignError::Pdf(_) | SignError::Signed) => {}
        Err(other) => panic!("{other}"),
    }
}
