//! QR codes, for the address at which a letter is checked.

use qrcode::{Color, EcLevel, QrCode};

/// White around a code, in modules, as ISO/IEC 18004 asks for.
const QUIET: usize = 4;

/// Why there is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address of {0} bytes is too long for a QR code; shorten the address of the centre")]
pub struct TooLong(pub usize);

/// A QR code as SVG, one unit a module, black on white.
///
/// Of the middle level of correction: a seal or a fold over 15 % of it does no harm.
pub fn svg(text: &str) -> Result<String, TooLong> {
    let code =
        QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong(text.len()))?;
    let size = code.width() + 2 * QUIET;
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(code.width().max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                path.push_str(&format!("M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET));
            }
            x += run.len();
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_its_finder_patterns_and_white_around() {
        let drawn = svg("https://edu.example.cn/verify/7K3M-92QX-AB5T").unwrap();
        assert!(drawn.contains("viewBox=\"0 0 41 41\""), "{drawn}");
        // The top edges of the two upper finder patterns: seven modules each.
        assert!(drawn.contains("M4 4h7v1h-7z") && drawn.contains("M30 4h7v1h-7z"), "{drawn}");
    }

    #[test]
    fn an_address_that_no_code_can_hold_is_refused() {
        assert_eq!(svg(&"x".repeat(4000)), Err(TooLong(4000)));
    }
}
