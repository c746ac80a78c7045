//! Pages that blocks are put on one below the other, each with its place in the structure of the document.
//!
//! Lengths are in thousandths of a point, whole numbers, so that every machine sets the same.

use super::LetterError;
use super::fonts::{Face, Faces};
use super::lines::{self, Line};
use super::template::Language;
use crate::signature::Place;

pub(super) const MM: i32 = 2835;
pub(super) const POINT: i32 = 1000;

/// Ink, the river's blue-green, the red of seals, and grey for what is beside the matter.
pub(super) const INK: &str = "0.11 0.13 0.15";
pub(super) const RIVER: &str = "0.06 0.3 0.36";
pub(super) const RED: &str = "0.72 0.2 0.16";
pub(super) const GREY: &str = "0.36 0.39 0.42";

/// How text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) face: Face,
    pub(super) size: i32,
    pub(super) color: &'static str,
    /// Between characters, in thousandths of the size.
    pub(super) tracking: i32,
}

impl Style {
    pub(super) const fn new(face: Face, size: i32) -> Self {
        Self { face, size, color: INK, tracking: 0 }
    }

    pub(super) const fn colored(self, color: &'static str) -> Self {
        Self { color, ..self }
    }

    pub(super) const fn tracked(self, tracking: i32) -> Self {
        Self { tracking, ..self }
    }
}

/// A piece of the document's structure: a heading, a paragraph, a table and its rows and cells, a figure.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) role: &'static str,
    /// What a figure shows, in words.
    pub(super) alternative: Option<String>,
    pub(super) parent: Option<usize>,
    /// Page and number of what belongs to it there.
    pub(super) marks: Vec<(usize, usize)>,
}

/// A page: what is drawn on it, and which elements that belongs to.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) drawing: String,
    pub(super) marks: Vec<usize>,
}

/// Pages as they fill.
pub(super) struct Sheet<'a> {
    pub(super) faces: Faces<'a>,
    pub(super) language: Language,
    pub(super) pages: Vec<Page>,
    pub(super) elements: Vec<Element>,
    pub(super) width: i32,
    pub(super) height: i32,
    /// Distance of the next block from the upper edge.
    pub(super) at: i32,
    /// Left edge, right edge, first and last distance from above that text may have.
    pub(super) frame: (i32, i32, i32, i32),
    /// What the last lines of a paragraph must leave room for on their page.
    pub(super) kept: i32,
    pub(super) seal: Option<(usize, i32, i32, i32)>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(faces: Faces<'a>, language: Language, is_certificate: bool) -> Self {
        let (width, height) = if is_certificate { (841_890, 595_276) } else { (595_276, 841_890) };
        let frame = if is_certificate {
            (40 * MM, width - 40 * MM, 36 * MM, height - 28 * MM)
        } else {
            (28 * MM, width - 26 * MM, 30 * MM, height - 54 * MM)
        };
        let (pages, elements) = (vec![Page::default()], Vec::new());
        Self {
            faces,
            language,
            pages,
            elements,
            width,
            height,
            at: frame.2,
            frame,
            kept: 0,
            seal: None,
        }
    }

    pub(super) fn is_chinese(&self) -> bool {
        self.language == Language::Chinese
    }

    /// The one for this language.
    pub(super) fn say<T>(&self, chinese: T, english: T) -> T {
        if self.is_chinese() { chinese } else { english }
    }

    pub(super) fn text_width(&self) -> i32 {
        self.frame.1 - self.frame.0
    }

    /// Where the seal is, in points from the lower left corner.
    pub(super) fn seal_place(&self) -> Option<Place> {
        let (page, left, top, size) = self.seal?;
        let points = |it: i32| u32::try_from(it / POINT).ok();
        Some(Place {
            page,
            left: points(left)?,
            bottom: points(self.height - top - size)?,
            right: points(left + size)?,
            top: points(self.height - top)?,
        })
    }

    /// Goes to the next page unless there is so much room left.
    pub(super) fn need(&mut self, height: i32) -> Result<(), LetterError> {
        let (_, _, first, last) = self.frame;
        if self.at + height > last {
            if height > last - first {
                return Err(LetterError::TooHigh);
            }
            self.pages.push(Page::default());
            self.at = first;
        }
        Ok(())
    }

    pub(super) fn element(&mut self, role: &'static str, parent: Option<usize>) -> usize {
        self.elements.push(Element { role, alternative: None, parent, marks: Vec::new() });
        self.elements.len() - 1
    }

    pub(super) fn figure(&mut self, alternative: &str) -> usize {
        let element = self.element("Figure", None);
        if let Some(it) = self.elements.get_mut(element) {
            it.alternative = Some(alternative.to_owned());
        }
        element
    }

    /// Draws as part of an element of the structure, or as decoration, on the newest page.
    pub(super) fn draw(&mut self, element: Option<usize>, drawing: &str) {
        let number = self.pages.len() - 1;
        let Some(page) = self.pages.last_mut() else { return };
        match element.and_then(|it| Some((it, self.elements.get_mut(it)?))) {
            Some((index, element)) => {
                let mark = page.marks.len();
                element.marks.push((number, mark));
                page.marks.push(index);
                let role = element.role;
                page.drawing.push_str(&format!("/{role} <</MCID {mark}>> BDC\n{drawing}EMC\n"));
            }
            None => page.drawing.push_str(&format!("/Artifact BMC\n{drawing}EMC\n")),
        }
    }

    pub(super) fn rule(&mut self, left: i32, top: i32, length: i32, thickness: i32) {
        let y = points(self.height - top);
        let (from, to, thick) = (points(left), points(left + length), points(thickness));
        self.draw(None, &format!("q {INK} RG {thick} w {from} {y} m {to} {y} l S Q\n"));
    }

    /// Sets one line; its base line is `top` from the upper edge. `stretch` is what it lacks to the full width.
    pub(super) fn set(
        &mut self,
        element: Option<usize>,
        text: &[char],
        style: Style,
        (left, top): (i32, i32),
        stretch: i32,
    ) -> Result<(), LetterError> {
        let place = format!("1 0 0 1 {} {} Tm", points(left), points(self.height - top));
        let shown = self.shown(text, style, stretch)?;
        self.draw(
            element,
            &format!("BT {} rg {} {place} {shown} TJ ET\n", style.color, font(style)),
        );
        Ok(())
    }

    /// Glyphs and the spaces between them.
    pub(super) fn shown(
        &self,
        text: &[char],
        style: Style,
        stretch: i32,
    ) -> Result<String, LetterError> {
        let face = self.faces.get(style.face)?;
        let pairs = || text.iter().zip(text.iter().skip(1));
        let is_chinese = self.is_chinese();
        let places = pairs().filter(|it| lines::stretches(*it.0, *it.1, is_chinese)).count();
        let places = i32::try_from(places).unwrap_or(i32::MAX);
        let more = if places == 0 { 0 } else { stretch / places * 1000 / style.size.max(1) };
        let mut shown = "[".to_owned();
        let afters = text.iter().skip(1).map(Some).chain([None]);
        for (character, after) in text.iter().zip(afters) {
            shown.push_str(&format!("<{:04x}>", face.glyph(*character)?));
            let Some(after) = after else { break };
            let mut space = style.tracking + lines::gap(*character, *after);
            if lines::stretches(*character, *after, is_chinese) {
                space += more;
            }
            if space != 0 {
                shown.push_str(&format!("{}", -space));
            }
        }
        shown.push(']');
        Ok(shown)
    }

    pub(super) fn natural(&self, text: &[char], style: Style) -> Result<i32, LetterError> {
        let tracking = i32::try_from(text.len().saturating_sub(1)).unwrap_or(0) * style.tracking;
        let width = lines::width(self.faces.get(style.face)?, text, style.size)?;
        Ok(width + tracking * style.size / 1000)
    }

    /// A line in the middle of `width`, which begins at `left`.
    pub(super) fn set_centred(
        &mut self,
        element: Option<usize>,
        text: &str,
        style: Style,
        (left, width): (i32, i32),
        top: i32,
    ) -> Result<(), LetterError> {
        let text: Vec<char> = text.chars().collect();
        let left = left + (width - self.natural(&text, style)?) / 2;
        self.set(element, &text, style, (left, top), 0)
    }

    pub(super) fn broken(
        &self,
        text: &str,
        style: Style,
        width: i32,
        indent: i32,
    ) -> Result<Vec<Line>, LetterError> {
        lines::break_lines(self.faces.get(style.face)?, text, style.size, width, indent)
    }
}

pub(super) fn font(style: Style) -> String {
    let name = Face::ALL.iter().position(|it| *it == style.face).unwrap_or(0);
    format!("/F{name} {} Tf", points(style.size))
}

/// A length as it is written in a PDF file, in points.
pub(super) fn points(length: i32) -> String {
    format!("{:.3}", f64::from(length) / 1000.0)
}
