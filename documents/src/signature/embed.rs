//! Putting a signature into a file: a field for it, room for it, and the range of bytes that it covers.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Keys, Place, ROOM, SignError, message};
use crate::pdf::{Pdf, Update, hex};

/// Digits kept for each number of the range of bytes.
const DIGITS: usize = 10;

/// Signs a letter with the key in use, in the name of its certificate.
///
/// With a place, a reader who clicks there is shown the signature; nothing is drawn. The letter itself shows
/// the seal.
pub fn sign(
    pdf: &[u8],
    keys: &Keys,
    place: Option<Place>,
    at: Timestamp,
) -> Result<Vec<u8>, SignError> {
    let (key, signer) = keys.in_use().ok_or(SignError::NoRoom(0))?;
    let read = Pdf::read(pdf)?;
    let mut update = Update::new(&read)?;
    let (signature, field, picture) = (update.number(), update.number(), update.number());
    if !update.add_form(field)? {
        return Err(SignError::Signed);
    }
    let place = place.unwrap_or(Place { page: 0, left: 0, bottom: 0, right: 0, top: 0 });
    update.annotate(place.page, field)?;
    let page = update.page(place.page)?;
    update.put(
        field,
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /V {} 0 R /P {} 0 R /F 132 \
             /Rect [{} {} {} {}] /AP << /N {} 0 R >> >>",
            signature.0, page.0, place.left, place.bottom, place.right, place.top, picture.0
        )
        .as_bytes(),
    );
    update.put(picture, nothing_of_size(&place).as_bytes());
    update.put(signature, dictionary(&signer.name, at).as_bytes());
    let digest = Sha256::digest(pdf);
    let revision = digest.first_chunk::<16>().copied().unwrap_or_default();
    fill(update.finish(revision), |digest| Ok(message::write(digest, key, &signer.certificate)?))
}

/// A picture that shows nothing; without one a form field may not be in an archived document.
fn nothing_of_size(place: &Place) -> String {
    let (width, height) =
        (place.right.saturating_sub(place.left), place.top.saturating_sub(place.bottom));
    format!(
        "<< /Type /XObject /Subtype /Form /BBox [0 0 {width} {height}] /Resources << >> /Length 0 >>\n\
         stream\n\nendstream"
    )
}

/// The signature's dictionary with room for range and signature, in the one form that is also [checked](super::check).
fn dictionary(signer: &str, at: Timestamp) -> String {
    let utf_16: Vec<u8> = signer.encode_utf16().flat_map(u16::to_be_bytes).collect();
    format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name <feff{}> \
         /M (D:{}Z) /ByteRange [0 {blank} {blank} {blank}] /Contents <{}> >>",
        hex(&utf_16),
        at.strftime("%Y%m%d%H%M%S"),
        "0".repeat(2 * ROOM),
        blank = "*".repeat(DIGITS),
    )
}

/// Fills in the range, has what it covers signed, and puts the signature in the room left out.
fn fill(
    mut file: Vec<u8>,
    sign: impl FnOnce([u8; 32]) -> Result<Vec<u8>, SignError>,
) -> Result<Vec<u8>, SignError> {
    let room = 2 * ROOM + 2;
    let blank = format!("[0 {0} {0} {0}] /Contents <", "*".repeat(DIGITS));
    let at = file.windows(blank.len()).rposition(|it| it == blank.as_bytes());
    let at = at.ok_or(SignError::NoRoom(0))?;
    // The bracket belongs to what is left out.
    let begin = at + blank.len() - 1;
    let end = begin + room;
    let rest = file.len().saturating_sub(end);
    let range = format!("[0 {begin:<0$} {end:<0$} {rest:<0$}]", DIGITS);
    put(&mut file, at, range.as_bytes());

    let mut digest = Sha256::new();
    digest.update(file.get(..begin).unwrap_or_default());
    digest.update(file.get(end..).unwrap_or_default());
    let signature = sign(digest.finalize().into())?;
    if signature.len() > ROOM {
        return Err(SignError::NoRoom(signature.len()));
    }
    put(&mut file, begin + 1, hex(&signature).as_bytes());
    Ok(file)
}

fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    for (place, byte) in file.iter_mut().skip(at).zip(bytes) {
        *place = *byte;
    }
}
