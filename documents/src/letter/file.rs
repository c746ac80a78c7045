//! Pages, fonts and structure as a PDF 1.7 file that a screen reader can read out in order.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::LetterError;
use super::fonts::{Face, FontsError, OpenFace};
use super::sheet::{Sheet, points};
use crate::pdf::hex;

/// Objects of a file, by number. Those with a fixed place come first.
struct Objects(Vec<Vec<u8>>);

const CATALOG: usize = 1;
const PAGES: usize = 2;
const INFO: usize = 3;
const STRUCTURE: usize = 4;
const DOCUMENT: usize = 5;
const PARENTS: usize = 6;
const FIXED: usize = 6;

pub(super) fn write(
    sheet: Sheet<'_>,
    title: &str,
    author: &str,
    at: Timestamp,
) -> Result<Vec<u8>, LetterError> {
    let first_page = FIXED + 1;
    let first_font = first_page + 2 * sheet.pages.len();
    let first_element = first_font + 5 * Face::ALL.len();
    let mut objects = Objects(vec![Vec::new(); FIXED]);

    let language = sheet.say("zh-CN", "en-GB");
    objects.fix(
        CATALOG,
        format!(
            "<< /Type /Catalog /Pages {PAGES} 0 R /Lang ({language}) /MarkInfo << /Marked true >> \
         /StructTreeRoot {STRUCTURE} 0 R /ViewerPreferences << /DisplayDocTitle true >> >>"
        ),
    );
    let kids: String =
        (0..sheet.pages.len()).map(|it| format!("{} 0 R ", first_page + 2 * it)).collect();
    objects.fix(PAGES, format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", sheet.pages.len()));
    let time = at.strftime("%Y%m%d%H%M%S");
    objects.fix(INFO, format!(
        "<< /Title {} /Author {} /Producer (Haihe) /CreationDate (D:{time}Z) /ModDate (D:{time}Z) >>",
        text(title),
        text(author)
    ));

    for (at, page) in sheet.pages.iter().enumerate() {
        let fonts: String =
            (0..Face::ALL.len()).map(|it| format!("/F{it} {} 0 R ", first_font + 5 * it)).collect();
        objects.add(format!(
            "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {} {}] /Resources << /Font << {fonts}>> >> \
             /Contents {} 0 R /StructParents {at} /Tabs /S >>",
            points(sheet.width),
            points(sheet.height),
            first_page + 2 * at + 1
        ));
        objects.add_stream("", page.drawing.as_bytes());
    }
    for face in Face::ALL {
        add_font(&mut objects, face, sheet.faces.get(face)?)?;
    }
    add_structure(&mut objects, &sheet, first_page, first_element);
    Ok(objects.finish(at))
}

/// The structure: a document, its elements in reading order, and for each page whose each mark is.
fn add_structure(
    objects: &mut Objects,
    sheet: &Sheet<'_>,
    first_page: usize,
    first_element: usize,
) {
    let mut children: BTreeMap<Option<usize>, String> = BTreeMap::new();
    for (at, element) in sheet.elements.iter().enumerate() {
        let list = children.entry(element.parent).or_default();
        list.push_str(&format!("{} 0 R ", first_element + at));
    }
    let own = |it: Option<usize>| children.get(&it).map_or("", String::as_str);
    objects.fix(
        STRUCTURE,
        format!(
            "<< /Type /StructTreeRoot /K {DOCUMENT} 0 R /ParentTree {PARENTS} 0 R /ParentTreeNextKey {} >>",
            sheet.pages.len()
        ),
    );
    objects.fix(
        DOCUMENT,
        format!("<< /Type /StructElem /S /Document /P {STRUCTURE} 0 R /K [{}] >>", own(None)),
    );
    let of_page = |(at, page): (usize, &super::sheet::Page)| {
        let owners: String =
            page.marks.iter().map(|it| format!("{} 0 R ", first_element + it)).collect();
        format!("{at} [{owners}] ")
    };
    let numbers: String = sheet.pages.iter().enumerate().map(of_page).collect();
    objects.fix(PARENTS, format!("<< /Nums [{numbers}] >>"));

    for (at, element) in sheet.elements.iter().enumerate() {
        let parent = element.parent.map_or(DOCUMENT, |it| first_element + it);
        let marks = element.marks.iter().map(|(page, mark)| {
            format!("<< /Type /MCR /Pg {} 0 R /MCID {mark} >> ", first_page + 2 * page)
        });
        let marks: String = marks.collect();
        let alternative = element
            .alternative
            .as_ref()
            .map_or_else(String::new, |it| format!(" /Alt {}", text(it)));
        let scope = if element.role == "TH" { " /A << /O /Table /Scope /Row >>" } else { "" };
        objects.add(format!(
            "<< /Type /StructElem /S /{} /P {parent} 0 R{alternative}{scope} /K [{marks}{}] >>",
            element.role,
            own(Some(at))
        ));
    }
}

/// A font of the glyphs that the letter uses, each with its character for those who copy text.
fn add_font(objects: &mut Objects, face: Face, open: &OpenFace<'_>) -> Result<(), LetterError> {
    let at = objects.next();
    let name = match face {
        Face::Serif => "AAAAAA+NotoSerifCJKsc-Regular",
        Face::Bold => "AAAAAB+NotoSerifCJKsc-Bold",
        Face::Sans => "AAAAAC+NotoSansCJKsc-Regular",
    };
    let scale = |it: i16| i32::from(it) * 1000 / i32::from(open.face.units_per_em()).max(1);
    let bounds = open.face.global_bounding_box();
    let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scale);
    let bounds = bounds.map(|it| it.to_string()).join(" ");
    let (ascent, descent) = (scale(open.face.ascender()), scale(open.face.descender()));
    let height = open.face.capital_height().map_or(ascent, scale);
    let used = open.used();
    let widths: String =
        used.iter().map(|(glyph, _, width)| format!("{glyph} [{width}] ")).collect();

    objects.add(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H \
         /DescendantFonts [{} 0 R] /ToUnicode {} 0 R >>",
        at + 1,
        at + 4
    ));
    objects.add(format!(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
         /FontDescriptor {} 0 R /DW 1000 /W [{widths}] >>",
        at + 2
    ));
    objects.add(format!(
        "<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{bounds}] /ItalicAngle 0 \
         /Ascent {ascent} /Descent {descent} /CapHeight {height} /StemV 80 /FontFile3 {} 0 R >>",
        at + 3
    ));
    let program = open.program().ok_or(FontsError::Unreadable(name.into()))?;
    objects.add_stream(" /Subtype /CIDFontType0C", &program);
    objects.add_stream("", characters(&used).as_bytes());
    Ok(())
}

/// Which character each glyph is, as a CMap.
fn characters(used: &[(u16, char, i32)]) -> String {
    let mut map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
        /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
        1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        .to_owned();
    // Not more than 100 at a time may be given.
    for part in used.chunks(100) {
        map.push_str(&format!("{} beginbfchar\n", part.len()));
        for (glyph, character, _) in part {
            let mut units = [0; 2];
            let bytes: Vec<u8> =
                character.encode_utf16(&mut units).iter().flat_map(|it| it.to_be_bytes()).collect();
            map.push_str(&format!("<{glyph:04x}> <{}>\n", hex(&bytes)));
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}

/// A text of any characters, in UTF-16.
fn text(text: &str) -> String {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    format!("<feff{}>", hex(&bytes))
}

impl Objects {
    /// The number of the object that is added next.
    fn next(&self) -> usize {
        self.0.len() + 1
    }

    fn add(&mut self, body: String) {
        self.0.push(body.into_bytes());
    }

    fn add_stream(&mut self, entries: &str, content: &[u8]) {
        let mut body = format!("<< /Length {}{entries} >>\nstream\n", content.len()).into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\nendstream");
        self.0.push(body);
    }

    fn fix(&mut self, number: usize, body: String) {
        if let Some(place) = self.0.get_mut(number - 1) {
            *place = body.into_bytes();
        }
    }

    fn finish(self, at: Timestamp) -> Vec<u8> {
        // Not text, for programs that look whether it is.
        let mut file = b"%PDF-1.7\n%\xe6\xb5\xb7\xe6\xb2\xb3\n".to_vec();
        let size = self.0.len() + 1;
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for (number, body) in (1..).zip(&self.0) {
            table.push_str(&format!("{:010} 00000 n \n", file.len()));
            file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            file.extend_from_slice(body);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        let identifier = hex(&at.as_microsecond().to_be_bytes()).repeat(2);
        file.extend_from_slice(table.as_bytes());
        file.extend_from_slice(
            format!(
                "trailer\n<< /Size {size} /Root {CATALOG} 0 R /Info {INFO} 0 R /ID [<{identifier}> <{identifier}>] >>\n\
                 startxref\n{start}\n%%EOF\n"
            )
            .as_bytes(),
        );
        file
    }
}
