//! The form of official letters (信函格式, GB/T 9704-2012, 10.1), with its double rules in ink: red is for the seal.

use super::fonts::Face;
use super::lines;
use super::seal;
use super::sheet::{GREY, MM, POINT, RIVER, Sheet, Style};
use super::template::{Block, Row, Template};
use super::{Content, LetterError};

/// The rules are 170 mm long and reach out over the text on both sides.
const RULE: i32 = 170 * MM;
/// Room for signature and seal, and how much of it may stand beside the code at the foot.
const SIGNED: i32 = 44 * MM;
const BESIDE: i32 = 30 * MM;
const SIGNED_WIDTH: i32 = 78 * MM;

pub(super) fn draw(
    sheet: &mut Sheet<'_>,
    template: &Template,
    content: &Content,
    title: &str,
) -> Result<(), LetterError> {
    head(sheet, content, title)?;
    let body = Style::new(Face::Serif, sheet.say(16_000, 11_500));
    let indent = sheet.say(2 * body.size, 0);
    for (at, block) in template.blocks.iter().enumerate() {
        // A seal never stands on a page alone: the last lines go with it.
        let left = template.blocks.len() - at;
        let with_seal = SIGNED + 3 * MM - BESIDE;
        sheet.kept = if left == 1 { with_seal } else { 0 };
        match block {
            Block::Addressed(text) => {
                paragraphs(sheet, "P", &filled(sheet, text, content)?, body, 0, 0)?
            }
            Block::Paragraph(text) => {
                paragraphs(sheet, "P", &filled(sheet, text, content)?, body, indent, 0)?;
            }
            Block::Heading(text) => {
                let style = Style::new(Face::Bold, body.size);
                // A heading never stands at the foot of a page, nor far from lines that go with the seal.
                sheet.kept = 4 * body.size + if left == 2 { with_seal } else { 0 };
                paragraphs(sheet, "H2", &filled(sheet, text, content)?, style, indent, 0)?;
            }
            Block::Decision(text) => decision(sheet, &filled(sheet, text, content)?, body)?,
            Block::Particulars(rows) => particulars(sheet, rows, content)?,
        }
    }
    signed(sheet, content)?;
    feet(sheet, content)
}

fn filled(
    sheet: &Sheet<'_>,
    text: &super::template::Text,
    content: &Content,
) -> Result<String, LetterError> {
    text.fill(sheet.language, content)
}

fn double_rule(sheet: &mut Sheet<'_>, top: i32, thick_first: bool) {
    let left = (sheet.width - RULE) / 2;
    let (thick, thin) = if thick_first { (top, top + 2_600) } else { (top + 2_600, top) };
    sheet.rule(left, thick, RULE, 1_600);
    sheet.rule(left, thin, RULE, 500);
}

fn head(sheet: &mut Sheet<'_>, content: &Content, title: &str) -> Result<(), LetterError> {
    let size = sheet.say(28_000, 20_000);
    let name = Style::new(Face::Bold, size).colored(RIVER).tracked(sheet.say(120, 0));
    let element = sheet.element("P", None);
    let whole = (0, sheet.width);
    let top = sheet.frame.2 + size * 88 / 100;
    sheet.set_centred(Some(element), &content.issuer, name, whole, top)?;
    double_rule(sheet, top + 7 * MM, true);

    let style = Style::new(Face::Serif, sheet.say(14_000, 10_500));
    let number: Vec<char> = content.number.chars().collect();
    let left = sheet.frame.1 - sheet.natural(&number, style)?;
    let element = sheet.element("P", None);
    sheet.set(Some(element), &number, style, (left, top + 15 * MM), 0)?;

    let style = Style::new(Face::Bold, sheet.say(22_000, 17_000));
    sheet.at = top + sheet.say(32, 28) * MM;
    let element = sheet.element("H1", None);
    for line in sheet.broken(title, style, sheet.text_width(), 0)? {
        let text: String = line.text.iter().collect();
        let place = (sheet.frame.0, sheet.text_width());
        sheet.set_centred(Some(element), &text, style, place, sheet.at)?;
        sheet.at += style.size * 150 / 100;
    }
    sheet.at += sheet.say(2, 3) * MM;
    Ok(())
}

/// Each line of a text as a paragraph of its own.
pub(super) fn paragraphs(
    sheet: &mut Sheet<'_>,
    role: &'static str,
    text: &str,
    style: Style,
    indent: i32,
    inset: i32,
) -> Result<(), LetterError> {
    // 22 lines on a page of an official letter, English a little closer.
    let pitch = style.size * sheet.say(175, 150) / 100;
    for paragraph in text.lines() {
        let element = sheet.element(role, None);
        let width = sheet.text_width() - inset;
        let lines = sheet.broken(paragraph, style, width, indent)?;
        let count = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            let left = i32::try_from(count - at).unwrap_or(i32::MAX);
            sheet.need(if left <= 2 { left * pitch + sheet.kept } else { pitch })?;
            let indent = if at == 0 { indent } else { 0 };
            let lacking = width - indent - line.width;
            let is_chinese = sheet.is_chinese();
            let stretch = if is_chinese { lines::stretch(&line, lacking, style.size) } else { 0 };
            let place = (sheet.frame.0 + inset + indent, sheet.at + pitch * 72 / 100);
            sheet.set(Some(element), &line.text, style, place, stretch)?;
            sheet.at += pitch;
        }
        sheet.at += sheet.say(0, style.size * 55 / 100);
    }
    Ok(())
}

fn decision(sheet: &mut Sheet<'_>, text: &str, body: Style) -> Result<(), LetterError> {
    let style = Style::new(Face::Bold, body.size);
    let inset = sheet.say(2 * body.size, 5 * MM);
    sheet.at += 2 * MM;
    let lines = text.lines().map(|it| sheet.broken(it, style, sheet.text_width() - inset, 0));
    let lines: usize = lines.map(|it| it.map_or(0, |it| it.len())).sum();
    let pitch = style.size * sheet.say(175, 150) / 100;
    sheet.need(i32::try_from(lines).unwrap_or(i32::MAX / pitch).saturating_mul(pitch))?;
    paragraphs(sheet, "P", text, style, 0, inset)?;
    sheet.at += 2 * MM;
    Ok(())
}

/// A table of two columns between hairlines.
fn particulars(sheet: &mut Sheet<'_>, rows: &[Row], content: &Content) -> Result<(), LetterError> {
    let label = Style::new(Face::Serif, sheet.say(13_000, 10_500)).colored(GREY);
    let value = Style::new(Face::Serif, label.size);
    let pitch = label.size * 160 / 100;
    let mut filled = Vec::new();
    let mut widest = 0;
    for row in rows {
        let name: Vec<char> = row.label.fill(sheet.language, content)?.chars().collect();
        widest = widest.max(sheet.natural(&name, label)?);
        filled.push((name, row.value.fill(sheet.language, content)?));
    }
    let (left, right) = (sheet.frame.0, sheet.frame.0 + widest + 9 * MM);
    let width = sheet.frame.1 - right;
    let table = sheet.element("Table", None);
    sheet.at += 3 * MM;
    for (at, (name, text)) in filled.into_iter().enumerate() {
        let lines = sheet.broken(&text, value, width, 0)?;
        let height = pitch.saturating_mul(i32::try_from(lines.len()).unwrap_or(i32::MAX)) + 2 * MM;
        sheet.need(height)?;
        sheet.rule(left, sheet.at, sheet.text_width(), if at == 0 { 800 } else { 300 });
        let row = sheet.element("TR", Some(table));
        let cell = sheet.element("TH", Some(row));
        let base = sheet.at + MM + pitch * 70 / 100;
        sheet.set(Some(cell), &name, label, (left, base), 0)?;
        let cell = sheet.element("TD", Some(row));
        for (below, line) in (0..).zip(lines) {
            sheet.set(Some(cell), &line.text, value, (right, base + below * pitch), 0)?;
        }
        sheet.at += height;
    }
    sheet.rule(left, sheet.at, sheet.text_width(), 800);
    sheet.at += 5 * MM;
    Ok(())
}

/// Who signs, and when; the seal lies under both.
fn signed(sheet: &mut Sheet<'_>, content: &Content) -> Result<(), LetterError> {
    sheet.at += 3 * MM;
    sheet.need(SIGNED - BESIDE)?;
    let left = sheet.frame.1 - SIGNED_WIDTH + sheet.say(0, 6 * MM);
    let top = sheet.at;
    let middle = left + (SIGNED_WIDTH - seal::SIZE) / 2;
    seal::draw(sheet, &content.seal, (middle, top))?;
    let style = Style::new(Face::Serif, sheet.say(16_000, 11_500));
    let place = (left, SIGNED_WIDTH);
    let element = sheet.element("P", None);
    sheet.set_centred(Some(element), &content.issuer, style, place, top + 19 * MM)?;
    let element = sheet.element("P", None);
    sheet.set_centred(Some(element), &content.date, style, place, top + 31 * MM)?;
    sheet.at += SIGNED;
    Ok(())
}

/// At the foot of the first page where the letter can be checked; on every page the rules.
fn feet(sheet: &mut Sheet<'_>, content: &Content) -> Result<(), LetterError> {
    let count = sheet.pages.len();
    // What is drawn goes on the newest page, so they are put back one by one.
    for (at, page) in std::mem::take(&mut sheet.pages).into_iter().enumerate() {
        sheet.pages.push(page);
        if at == 0 {
            check(sheet, content, (sheet.frame.0, sheet.height - 49 * MM), 21 * MM)?;
        }
        double_rule(sheet, sheet.height - 22 * MM, false);
        let small = Style::new(Face::Sans, 8_000).colored(GREY);
        let base = sheet.height - 16 * MM;
        if content.generated {
            let element = sheet.element("P", None);
            let note: Vec<char> = generated(sheet).chars().collect();
            sheet.set(Some(element), &note, small, (sheet.frame.0, base), 0)?;
        }
        if count > 1 {
            let number: Vec<char> = format!("{} / {count}", at + 1).chars().collect();
            let left = sheet.frame.1 - sheet.natural(&number, small)?;
            sheet.set(None, &number, small, (left, base), 0)?;
        }
    }
    Ok(())
}

pub(super) fn generated(sheet: &Sheet<'_>) -> &'static str {
    sheet.say(
        "由演示数据生成，不具任何效力",
        "Made of generated demonstration data, without any effect",
    )
}

/// The code, the number and the address by which anyone can check the document.
pub(super) fn check(
    sheet: &mut Sheet<'_>,
    content: &Content,
    (left, top): (i32, i32),
    size: i32,
) -> Result<(), LetterError> {
    let (number, address) = &content.check;
    seal::draw_code(sheet, address, (left, top), size)?;
    let small = Style::new(Face::Sans, 8_000).colored(GREY);
    let large = Style::new(Face::Sans, 11 * POINT);
    let how = sheet.say(
        "扫码或访问下列地址，可核验本件真伪",
        "Scan the code or visit this address to check this document",
    );
    let lines = [
        (sheet.say("查验码", "Verification number"), small, 4 * MM),
        (number.as_str(), large, 5 * MM),
        (how, small, 6 * MM),
        (address.as_str(), small, 4 * MM),
    ];
    let mut base = top;
    for (text, style, below) in lines {
        base += below;
        let element = sheet.element("P", None);
        let text: Vec<char> = text.chars().collect();
        sheet.set(Some(element), &text, style, (left + size + 4 * MM, base), 0)?;
    }
    Ok(())
}
