//! What a file is, by its bytes; what it is called counts for nothing.

/// The kinds that are taken: what offices send each other and every browser shows without running any of it.
const TAKEN: [&str; 8] = [
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
];

/// The media type of bytes that are taken, or what they are instead.
pub(super) fn of(bytes: &[u8]) -> Result<&'static str, &'static str> {
    match infer::get(bytes) {
        Some(kind) => {
            let found = kind.mime_type();
            TAKEN.iter().find(|it| **it == found).copied().ok_or(found)
        }
        None if is_text(bytes) => Ok("text/plain"),
        None => Err("unknown"),
    }
}

/// Text without control characters, that does not begin as a page or a drawing would.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let plain = |it: char| !it.is_control() || matches!(it, '\n' | '\r' | '\t');
    !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') && text.chars().all(plain)
}
