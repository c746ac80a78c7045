//! A round seal of 42 mm: a star, and a name along the upper arc.

use super::LetterError;
use super::fonts::Face;
use super::sheet::{MM, RED, Sheet, Style, font, points};

pub(super) const SIZE: i32 = 42 * MM;
/// Distance of the letters' middles from the middle of the seal.
const RADIUS: f64 = 15.8 * 2.835;
/// Between two letters, and most for all of them.
const STEP: f64 = 21.0;
const MOST: f64 = 270.0;
/// A quarter of a circle as a curve.
const CURVE: f64 = 0.552_285;

/// Draws a seal on the newest page with its upper left corner at `(left, top)`.
pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    name: &str,
    (left, top): (i32, i32),
) -> Result<(), LetterError> {
    let x = f64::from(left + SIZE / 2) / 1000.0;
    let y = f64::from(sheet.height - top - SIZE / 2) / 1000.0;
    let mut drawing = format!("q {RED} RG {RED} rg 3.4 w\n{}S\n", circle(x, y, 20.4 * 2.835));
    for corner in 0..10_i32 {
        let radius = if corner % 2 == 0 { 6.6 } else { 2.52 } * 2.835;
        let angle = f64::from(corner) * 36_f64.to_radians();
        let command = if corner == 0 { "m" } else { "l" };
        drawing.push_str(&format!(
            "{:.3} {:.3} {command}\n",
            x + radius * angle.sin(),
            y + radius * angle.cos()
        ));
    }
    drawing.push_str("f\n");

    let style = Style::new(Face::Bold, 15_000);
    let letters: Vec<char> = name.chars().collect();
    let last = f64::from(i32::try_from(letters.len()).unwrap_or(1) - 1);
    let spread = (STEP * last).min(MOST);
    for (at, letter) in (0..).zip(&letters) {
        let share = if last > 0.0 { f64::from(at) / last - 0.5 } else { 0.0 };
        let angle = (spread * share).to_radians();
        let (sin, cos) = (angle.sin(), angle.cos());
        // From the middle of the letter to the beginning of its base line.
        let half = f64::from(sheet.natural(&[*letter], style)?) / 2000.0;
        let low = 5.7;
        let from_x = x + RADIUS * sin - half * cos - low * sin;
        let from_y = y + RADIUS * cos + half * sin - low * cos;
        let shown = sheet.shown(&[*letter], style, 0)?;
        drawing.push_str(&format!(
            "BT {} {cos:.4} {:.4} {sin:.4} {cos:.4} {from_x:.3} {from_y:.3} Tm {shown} TJ ET\n",
            font(style),
            -sin
        ));
    }
    drawing.push_str("Q\n");
    let alternative = sheet.say(format!("印章：{name}"), format!("Seal: {name}"));
    let figure = sheet.figure(&alternative);
    sheet.draw(Some(figure), &drawing);
    sheet.seal = Some((sheet.pages.len() - 1, left, top, SIZE));
    Ok(())
}

fn circle(x: f64, y: f64, radius: f64) -> String {
    let bend = radius * CURVE;
    let (left, right, low, high) = (x - radius, x + radius, y - radius, y + radius);
    format!(
        "{right:.3} {y:.3} m {right:.3} {:.3} {:.3} {high:.3} {x:.3} {high:.3} c \
         {:.3} {high:.3} {left:.3} {:.3} {left:.3} {y:.3} c \
         {left:.3} {:.3} {:.3} {low:.3} {x:.3} {low:.3} c \
         {:.3} {low:.3} {right:.3} {:.3} {right:.3} {y:.3} c ",
        y + bend,
        x + bend,
        x - bend,
        y + bend,
        y - bend,
        x - bend,
        x + bend,
        y - bend
    )
}

/// Draws a code of black squares with its upper left corner at `(left, top)`.
pub(super) fn draw_code(
    sheet: &mut Sheet<'_>,
    address: &str,
    (left, top): (i32, i32),
    size: i32,
) -> Result<(), LetterError> {
    let code = crate::code::Code::of(address)?;
    let module = size / i32::try_from(code.width()).unwrap_or(1).max(1);
    let mut drawing = "q 0 g\n".to_owned();
    for (x, y, length) in code.runs() {
        let [x, y, length] = [x, y, length].map(|it| i32::try_from(it).unwrap_or(0) * module);
        let bottom = sheet.height - top - y - module;
        let (from, wide) = (points(left + x), points(length));
        drawing.push_str(&format!("{from} {} {wide} {} re\n", points(bottom), points(module)));
    }
    drawing.push_str("f Q\n");
    let alternative = sheet.say("查验二维码", "Code for checking this document");
    let figure = sheet.figure(alternative);
    sheet.draw(Some(figure), &drawing);
    Ok(())
}
