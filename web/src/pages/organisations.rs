//! `/organisations`: the whole and what belongs to it, and a search by name or code.

use askama::Template;
use model::organisation::{Organisation, Tree};

use super::organisation::link;
use crate::frame::{Frame, Section};
use crate::problem::Problem;
use crate::text::Text;
use crate::visit::Visit;

/// Organisations that a search names at most.
const FOUND: usize = 200;

/// The list of organisations, ready to be read.
#[derive(Debug, Template)]
#[template(path = "pages/organisations.html")]
pub(crate) struct OrganisationsPage {
    t: Text,
    frame: Frame,
    opening: String,
    asked: String,
    found_line: Option<String>,
    rows: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    link: (String, String),
    code: String,
    level: String,
    kind: String,
    above: String,
    below: usize,
}

impl OrganisationsPage {
    pub(crate) fn new(visit: &Visit, asked: Option<&str>) -> Result<Self, Problem> {
        let t = visit.t();
        let year = visit.year(None)?;
        let tree = visit.published.tree(year);
        let whole = visit.whole(year)?;
        let asked = asked.unwrap_or_default().trim();
        let found: Vec<&Organisation> = if asked.is_empty() {
            std::iter::once(&*whole).chain(tree.children(&whole.code)).collect()
        } else {
            search(&tree, asked)
        };
        let found_line = (!asked.is_empty()).then(|| {
            let total = found.len().to_string();
            t.fill("organisations-found", &[("text", asked.to_owned()), ("total", total)])
        });
        Ok(Self {
            t,
            frame: visit.frame(Section::Organisations).data("/api/v1/organisations"),
            opening: t.fill(
                "organisations-opening",
                &[("year", year.to_string()), ("total", tree.len().to_string())],
            ),
            asked: asked.to_owned(),
            found_line,
            rows: found.iter().take(FOUND).map(|it| Line::new(visit, &tree, it)).collect(),
        })
    }
}

/// Organisations whose name holds the text, or whose code begins with it.
pub(crate) fn search<'a>(tree: &'a Tree, text: &str) -> Vec<&'a Organisation> {
    let wanted = text.to_lowercase();
    let meets = |it: &&Organisation| {
        it.name.zh.contains(text)
            || it.name.en.to_lowercase().contains(&wanted)
            || it.code.as_str().starts_with(text)
    };
    tree.iter().map(|it| &*it.organisation).filter(meets).collect()
}

impl Line {
    fn new(visit: &Visit, tree: &Tree, it: &Organisation) -> Self {
        let t = visit.t();
        let kind = visit.published.plan().title("kind", &it.kind);
        Self {
            link: link(t, it),
            code: it.code.to_string(),
            level: visit.level(&it.level),
            kind: kind.map_or_else(|| it.kind.clone(), |it| t.of(it).to_owned()),
            above: tree.parent(&it.code).map_or_else(String::new, |it| t.of(&it.name).to_owned()),
            below: tree.children(&it.code).count(),
        }
    }
}
