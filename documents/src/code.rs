//! QR codes, for the address at which a document is checked.

use qrcode::{Color, EcLevel, QrCode};

/// White around a code, in modules, as ISO/IEC 18004 asks for.
const QUIET: usize = 4;

/// Why there is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address of {0} bytes is too long for a QR code; shorten the address of the centre")]
pub struct TooLong(pub usize);

/// A QR code of the middle level of correction: a seal or a fold over 15 % of it does no harm.
pub struct Code(QrCode);

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Code").field(&self.0.width()).finish()
    }
}

impl Code {
    pub fn of(text: &str) -> Result<Self, TooLong> {
        QrCode::with_error_correction_level(text, EcLevel::M)
            .map(Self)
            .map_err(|_| TooLong(text.len()))
    }

    /// Modules on a side, without the white around.
    pub fn width(&self) -> usize {
        self.0.width()
    }

    /// All that is black: left end, row and length of each run of modules.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let colors = self.0.to_colors();
        let mut runs = Vec::new();
        for (y, row) in colors.chunks(self.width().max(1)).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    runs.push((x, y, run.len()));
                }
                x += run.len();
            }
        }
        runs
    }

    /// As SVG, one unit a module, black on white.
    pub fn svg(&self) -> String {
        let size = self.width() + 2 * QUIET;
        let square = |(x, y, length): (usize, usize, usize)| {
            format!("M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET)
        };
        let path: String = self.runs().into_iter().map(square).collect();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\"{path}\"/></svg>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_its_finder_patterns_and_white_around() {
        let drawn = Code::of("https://edu.example.cn/verify/7K3M-92QX-AB5T").unwrap().svg();
        assert!(drawn.contains("viewBox=\"0 0 41 41\""), "{drawn}");
        // The top edges of the two upper finder patterns: seven modules each.
        assert!(drawn.contains("M4 4h7v1h-7z") && drawn.contains("M30 4h7v1h-7z"), "{drawn}");
    }

    #[test]
    fn an_address_that_no_code_can_hold_is_refused() {
        assert_eq!(Code::of(&"x".repeat(4000)).unwrap_err(), TooLong(4000));
    }
}
