//! Breaking text into lines: between Chinese characters, between Latin words, and never before a full stop.

use super::LetterError;
use super::fonts::OpenFace;

/// May not begin a line (避头).
const CLOSING: &str = "，。、；：？！”’）》」』】〕…·%,.;:?!)]}";
/// May not end a line (避尾).
const OPENING: &str = "“‘（《「『【〔([{";

/// A line as it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: Vec<char>,
    /// Natural width, in thousandths of a point.
    pub(super) width: i32,
    /// Whether the paragraph ends here, so that the line is not stretched.
    pub(super) is_last: bool,
}

/// Space that belongs between two neighbours, in thousandths of the size: a little between Chinese and Latin.
pub(super) fn gap(before: char, after: char) -> i32 {
    let latin = |it: char| it.is_ascii_alphanumeric();
    if (latin(before) && is_han(after)) || (is_han(before) && latin(after)) { 120 } else { 0 }
}

/// Whether a line may be stretched behind this character.
pub(super) fn stretches(before: char, after: char, is_chinese: bool) -> bool {
    if is_chinese { !(is_word(before) && is_word(after)) } else { before == ' ' }
}

/// What a Chinese line is stretched by to end with those around it. One that lacks more than two characters ends early: a
/// number came after it that cannot be broken, and its characters would stand far apart.
pub(super) fn stretch(line: &Line, lacking: i32, size: i32) -> i32 {
    if line.is_last || lacking > 2 * size { 0 } else { lacking }
}

/// Width of a text in thousandths of a point.
pub(super) fn width(face: &OpenFace<'_>, text: &[char], size: i32) -> Result<i32, LetterError> {
    let mut thousandths = 0;
    for character in text {
        thousandths += face.width(*character)?;
    }
    let gaps: i32 = text.iter().zip(text.iter().skip(1)).map(|(a, b)| gap(*a, *b)).sum();
    Ok((thousandths + gaps) * size / 1000)
}

/// Breaks one paragraph into lines of at most `most`, the first one shorter by `indent`.
pub(super) fn break_lines(
    face: &OpenFace<'_>,
    text: &str,
    size: i32,
    most: i32,
    indent: i32,
) -> Result<Vec<Line>, LetterError> {
    let mut lines = Vec::new();
    let mut line: Vec<char> = Vec::new();
    let mut room = most - indent;
    for piece in pieces(text) {
        let longer: Vec<char> = line.iter().chain(&piece).copied().collect();
        let visible = longer.iter().rposition(|it| *it != ' ').map_or(0, |it| it + 1);
        let visible = longer.get(..visible).unwrap_or_default();
        if width(face, visible, size)? > room && !line.is_empty() {
            lines.push(finished(face, line, size, false)?);
            room = most;
            line = piece.into_iter().skip_while(|it| *it == ' ').collect();
        } else {
            line = longer;
        }
    }
    lines.push(finished(face, line, size, true)?);
    Ok(lines)
}

fn finished(
    face: &OpenFace<'_>,
    mut text: Vec<char>,
    size: i32,
    is_last: bool,
) -> Result<Line, LetterError> {
    while text.last() == Some(&' ') {
        text.pop();
    }
    Ok(Line { width: width(face, &text, size)?, text, is_last })
}

/// What is not broken: a word, or a character with the punctuation that belongs to it.
fn pieces(text: &str) -> Vec<Vec<char>> {
    let mut pieces: Vec<Vec<char>> = Vec::new();
    for character in text.chars() {
        let together = |before: char| {
            CLOSING.contains(character)
                || OPENING.contains(before)
                || (is_word(before) && is_word(character))
        };
        match pieces.last_mut() {
            Some(piece) if piece.last().is_some_and(|it| together(*it)) => piece.push(character),
            _ => pieces.push(vec![character]),
        }
    }
    pieces
}

fn is_word(it: char) -> bool {
    !is_han(it) && it != ' ' && !CLOSING.contains(it) && !OPENING.contains(it)
        || it.is_ascii_punctuation()
}

fn is_han(it: char) -> bool {
    matches!(it, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}
