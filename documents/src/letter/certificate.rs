//! A certificate: one sheet, across, framed by two hairlines.

use super::blocks;
use super::fonts::Face;
use super::seal;
use super::sheet::{GREY, MM, RIVER, Sheet, Style, points};
use super::template::{Block, Template};
use super::{Content, LetterError};

pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    template: &Template,
    content: &Content,
    title: &str,
) -> Result<(), LetterError> {
    frame(sheet, 12 * MM, 2_200);
    frame(sheet, 15 * MM, 500);
    let whole = (0, sheet.width);
    let small = Style::new(Face::Sans, 8_500).colored(GREY);

    let element = sheet.element("P", None);
    let issuer = Style::new(Face::Serif, 14_000).colored(GREY).tracked(sheet.say(200, 20));
    sheet.set_centred(Some(element), &content.issuer, issuer, whole, 36 * MM)?;
    let element = sheet.element("H1", None);
    let size = sheet.say(46_000, 34_000);
    let heading = Style::new(Face::Bold, size).colored(RIVER).tracked(sheet.say(350, 10));
    sheet.set_centred(Some(element), title, heading, whole, 58 * MM)?;
    sheet.rule((sheet.width - 24 * MM) / 2, 67 * MM, 24 * MM, 800);

    sheet.at = 80 * MM;
    let text = Style::new(Face::Serif, sheet.say(18_000, 15_000));
    for block in &template.blocks {
        match block {
            Block::Addressed(words) => {
                let style = Style::new(Face::Bold, sheet.say(22_000, 20_000));
                let words = words.fill(sheet.language, content)?;
                blocks::paragraphs(sheet, "P", &words, style, 0, 0)?;
            }
            Block::Paragraph(words) => {
                let words = words.fill(sheet.language, content)?;
                let indent = sheet.say(2 * text.size, 0);
                blocks::paragraphs(sheet, "P", &words, text, indent, 0)?;
            }
            Block::Heading(_) | Block::Decision(_) | Block::Particulars(_) => {
                let message = "a certificate has only `addressed` and `paragraph`".to_owned();
                return Err(LetterError::Template(message));
            }
        }
        if sheet.pages.len() > 1 {
            return Err(LetterError::TooHigh);
        }
    }

    let (left, width) = (sheet.width - 40 * MM - 84 * MM, 84 * MM);
    let top = sheet.height - 66 * MM;
    seal::draw(sheet, &content.seal, (left + (width - seal::SIZE) / 2, top))?;
    let signer = Style::new(Face::Serif, sheet.say(16_000, 13_000));
    for (words, below) in [(&content.issuer, 19), (&content.date, 31)] {
        let element = sheet.element("P", None);
        sheet.set_centred(Some(element), words, signer, (left, width), top + below * MM)?;
    }
    let place = (sheet.frame.0, sheet.height - 47 * MM);
    blocks::check(sheet, content, place, 22 * MM)?;

    let number = sheet.say(format!("编号 {}", content.number), format!("No. {}", content.number));
    let number: Vec<char> = number.chars().collect();
    let right = sheet.width - 21 * MM - sheet.natural(&number, small)?;
    let element = sheet.element("P", None);
    sheet.set(Some(element), &number, small, (right, 23 * MM), 0)?;
    if content.generated {
        let element = sheet.element("P", None);
        let base = sheet.height - 19 * MM;
        sheet.set_centred(Some(element), blocks::generated(sheet), small, whole, base)?;
    }
    Ok(())
}

fn frame(sheet: &mut Sheet<'_>, inset: i32, thickness: i32) {
    let (wide, high) = (points(sheet.width - 2 * inset), points(sheet.height - 2 * inset));
    let (corner, thick) = (points(inset), points(thickness));
    sheet.draw(None, &format!("q {RIVER} RG {thick} w {corner} {corner} {wide} {high} re S Q\n"));
}
