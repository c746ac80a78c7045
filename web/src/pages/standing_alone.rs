//! Pages that stand without a release: the empty site, and problems.

use askama::Template;
use model::Bilingual;

use crate::frame::{Frame, Section};
use crate::problem::Problem;
use crate::text::{Lang, Text};

/// Before the first release: what will stand here, who brings it, how.
#[derive(Debug, Template)]
#[template(path = "pages/empty.html")]
pub(crate) struct EmptyPage {
    t: Text,
    frame: Frame,
}

impl EmptyPage {
    pub(crate) fn new(lang: Lang, path: &str, generated: Option<&Bilingual>) -> Self {
        let frame = Frame::new(lang, path, Section::None).generated(generated);
        Self { t: Text::new(lang), frame }
    }
}

/// A problem as a page, with the way on.
#[derive(Debug, Template)]
#[template(path = "pages/problem.html")]
pub(crate) struct ProblemPage {
    t: Text,
    frame: Frame,
    status: u16,
    title: String,
    detail: String,
    slug: &'static str,
}

impl ProblemPage {
    pub(crate) fn new(
        lang: Lang,
        path: &str,
        generated: Option<&Bilingual>,
        problem: &Problem,
    ) -> Self {
        let t = Text::new(lang);
        Self {
            t,
            frame: Frame::new(lang, path, Section::None).generated(generated),
            status: problem.kind.status().as_u16(),
            title: problem.title(t),
            detail: problem.detail(t),
            slug: problem.kind.slug(),
        }
    }
}
