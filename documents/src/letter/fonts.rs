//! The faces that letters are set in: found on this machine, never fetched. Only what a letter uses goes into it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use subsetter::GlyphRemapper;

use super::LetterError;

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    Serif,
    Bold,
    Sans,
}

impl Face {
    pub(super) const ALL: [Self; 3] = [Self::Serif, Self::Bold, Self::Sans];

    /// The file of Debian's `fonts-noto-cjk`, and the family in it.
    const fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Serif => ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
            Self::Bold => ("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC"),
            Self::Sans => ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
        }
    }
}

/// How deep folders are searched.
const DEPTH: usize = 6;

/// Why there are no fonts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontsError {
    #[error("the font file {0} is not on this machine; install the package fonts-noto-cjk")]
    Missing(&'static str),

    #[error("the font file {0} cannot be read; install the package fonts-noto-cjk anew")]
    Unreadable(PathBuf),
}

/// Where the fonts are. They are read for each letter and not kept: together they are 70 MB.
#[derive(Clone, Debug)]
pub struct Fonts(BTreeMap<Face, PathBuf>);

impl Fonts {
    /// Looks for the fonts of letters below these folders.
    pub fn find(folders: &[PathBuf]) -> Result<Self, FontsError> {
        let mut found = BTreeMap::new();
        for folder in folders {
            collect(folder, 0, &mut found);
        }
        match Face::ALL.iter().find(|it| !found.contains_key(it)) {
            Some(face) => Err(FontsError::Missing(face.source().0)),
            None => Ok(Self(found)),
        }
    }

    pub(super) fn load(&self) -> Result<Loaded, FontsError> {
        let mut files = Vec::new();
        for (face, path) in &self.0 {
            let data = std::fs::read(path).map_err(|_| FontsError::Unreadable(path.clone()))?;
            files.push((*face, path.clone(), data));
        }
        Ok(Loaded(files))
    }
}

fn collect(folder: &Path, depth: usize, found: &mut BTreeMap<Face, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|it| it.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && depth < DEPTH {
            collect(&path, depth + 1, found);
        }
        let name = path.file_name().unwrap_or_default().to_owned();
        if let Some(face) = Face::ALL.iter().find(|it| name == it.source().0) {
            found.entry(*face).or_insert(path);
        }
    }
}

/// The files of all faces.
pub(super) struct Loaded(Vec<(Face, PathBuf, Vec<u8>)>);

impl Loaded {
    pub(super) fn open(&self) -> Result<Faces<'_>, FontsError> {
        let mut faces = BTreeMap::new();
        for (face, path, data) in &self.0 {
            let open = OpenFace::open(data, face.source().1);
            faces.insert(*face, open.ok_or_else(|| FontsError::Unreadable(path.clone()))?);
        }
        Ok(Faces(faces))
    }
}

/// All faces of a letter, and which of their glyphs it uses.
pub(super) struct Faces<'a>(BTreeMap<Face, OpenFace<'a>>);

impl<'a> Faces<'a> {
    pub(super) fn get(&self, face: Face) -> Result<&OpenFace<'a>, LetterError> {
        self.0.get(&face).ok_or(LetterError::Fonts(FontsError::Missing(face.source().0)))
    }
}

/// A face that text is measured and set in.
pub(super) struct OpenFace<'a> {
    data: &'a [u8],
    index: u32,
    pub(super) face: ttf_parser::Face<'a>,
    used: RefCell<Used>,
}

#[derive(Default)]
struct Used {
    glyphs: GlyphRemapper,
    /// Of each glyph in the letter: its character and its width.
    characters: BTreeMap<u16, (char, u16)>,
}

impl<'a> OpenFace<'a> {
    fn open(data: &'a [u8], family: &str) -> Option<Self> {
        let count = ttf_parser::fonts_in_collection(data).unwrap_or(1);
        (0..count).find_map(|index| {
            let face = ttf_parser::Face::parse(data, index).ok()?;
            let is_family = |it: ttf_parser::name::Name<'_>| {
                it.to_string().is_some_and(|it| it.starts_with(family))
            };
            face.names().into_iter().any(is_family).then(|| Self {
                data,
                index,
                face,
                used: RefCell::default(),
            })
        })
    }

    /// Width of a character in thousandths of the size.
    pub(super) fn width(&self, character: char) -> Result<i32, LetterError> {
        let lacks = LetterError::Character(character);
        let glyph = self.face.glyph_index(character).ok_or(lacks)?;
        Ok(self.thousandths(self.face.glyph_hor_advance(glyph).unwrap_or(0)))
    }

    fn thousandths(&self, units: u16) -> i32 {
        i32::from(units) * 1000 / i32::from(self.face.units_per_em()).max(1)
    }

    /// The glyph of a character, by its number in the letter.
    pub(super) fn glyph(&self, character: char) -> Result<u16, LetterError> {
        let glyph = self.face.glyph_index(character).ok_or(LetterError::Character(character))?;
        let mut used = self.used.borrow_mut();
        let number = used.glyphs.remap(glyph.0);
        let width = self.face.glyph_hor_advance(glyph).unwrap_or(0);
        used.characters.entry(number).or_insert((character, width));
        Ok(number)
    }

    /// Number, character and width in thousandths of all glyphs used.
    pub(super) fn used(&self) -> Vec<(u16, char, i32)> {
        let used = self.used.borrow();
        used.characters.iter().map(|(number, it)| (*number, it.0, self.thousandths(it.1))).collect()
    }

    /// The outlines of the glyphs used, as a font program of CFF.
    pub(super) fn program(&self) -> Option<Vec<u8>> {
        let subset = subsetter::subset(self.data, self.index, &self.used.borrow().glyphs).ok()?;
        let font = ttf_parser::RawFace::parse(&subset, 0).ok()?;
        font.table(ttf_parser::Tag::from_bytes(b"CFF ")).map(<[u8]>::to_vec)
    }
}
