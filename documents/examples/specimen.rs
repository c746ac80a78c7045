//! Writes a signed specimen and the certificate to check it with into a folder, for programs of others to judge.
//!
//! `specimen FOLDER INSTANT`. Its keys are made of nothing secret and trusted by nobody.

use std::path::PathBuf;

use documents::{Keys, sign};
use jiff::{SignedDuration, Timestamp};
use model::Entropy;
use sha2::{Digest, Sha256};

/// As random as a specimen needs it.
struct Chain([u8; 32]);

impl Entropy for Chain {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.0 = Sha256::digest(self.0).into();
            chunk.copy_from_slice(self.0.get(..chunk.len()).unwrap_or_default());
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let at: Timestamp = arguments.next().ok_or("which instant?")?.parse()?;

    let made_at = at - SignedDuration::from_hours(24);
    let keys = Keys::begin("演示教育数据中心 Specimen Centre", made_at, &mut Chain([0; 32]))?;
    let signed = sign(include_bytes!("specimen.pdf"), &keys, None, at)?;
    std::fs::write(folder.join("root.pem"), keys.root()?)?;
    std::fs::write(folder.join("specimen.pdf"), signed)?;
    Ok(())
}
