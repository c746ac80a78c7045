//! What stands around every page: masthead, the generated line, the release, addresses in both languages.

use model::Bilingual;

use crate::assets;
use crate::instant::Instant;
use crate::text::{Lang, Text};

/// The parts of the site that the masthead names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Scoreboard,
    Plan,
    Organisations,
    Releases,
    About,
    Published,
    /// Cases of whoever is signed in.
    Cases,
    Desk,
    None,
}

const SECTIONS: [(&str, &str, Section); 6] = [
    ("/", "nav-scoreboard", Section::Scoreboard),
    ("/plan", "nav-plan", Section::Plan),
    ("/organisations", "nav-organisations", Section::Organisations),
    ("/published", "nav-published", Section::Published),
    ("/releases", "nav-releases", Section::Releases),
    ("/about", "nav-about", Section::About),
];

/// The release that a page was made from.
#[derive(Clone, Debug)]
pub(crate) struct ReleaseLine {
    pub(crate) id: String,
    pub(crate) recorded: Instant,
    /// The first digits of the plan folder's hash.
    pub(crate) plan_version: String,
}

/// What stands around one page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) t: Text,
    /// Path and query without the language's prefix.
    pub(crate) path: String,
    pub(crate) section: Section,
    pub(crate) description: String,
    /// The line that says that the data are generated, where they are.
    pub(crate) generated: Option<String>,
    pub(crate) release: Option<ReleaseLine>,
    /// The instant whose knowledge is shown, when it is not the latest.
    pub(crate) as_of: Option<Instant>,
    /// Addresses of the same figures as a table and as JSON.
    pub(crate) csv: Option<String>,
    pub(crate) json: Option<String>,
    /// Who is signed in, on pages that know.
    pub(crate) signed_in: Option<SignedIn>,
    /// Scripts of this page beside the site's own.
    pub(crate) script: Option<&'static str>,
}

/// Whoever is signed in, for the masthead.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) name: String,
    /// For the form that signs out.
    pub(crate) csrf: String,
}

impl Frame {
    /// A frame around `path`, without a release.
    pub(crate) fn new(lang: Lang, path: &str, section: Section) -> Self {
        let t = Text::new(lang);
        Self {
            t,
            path: path.to_owned(),
            section,
            description: t.get("description"),
            generated: None,
            release: None,
            as_of: None,
            csv: None,
            json: None,
            signed_in: None,
            script: None,
        }
    }

    pub(crate) fn generated(mut self, label: Option<&Bilingual>) -> Self {
        self.generated = label.map(|it| self.t.of(it).to_owned());
        self
    }

    pub(crate) fn release(mut self, release: Option<ReleaseLine>) -> Self {
        self.release = release;
        self
    }

    pub(crate) fn known_at(mut self, as_of: Option<Instant>) -> Self {
        self.as_of = as_of;
        self
    }

    /// Where the same figures are as CSV and JSON: a path of the API, to which the format is added.
    pub(crate) fn data(mut self, path: &str) -> Self {
        let mut path = path.to_owned();
        if let Some(Instant { at, .. }) = &self.as_of {
            let joint = if path.contains('?') { '&' } else { '?' };
            path.push_str(&format!("{joint}as_of={at}"));
        }
        let joint = if path.contains('?') { '&' } else { '?' };
        self.csv = Some(format!("{path}{joint}format=csv"));
        self.json = Some(path);
        self
    }

    pub(crate) fn signed_in(mut self, signed_in: Option<SignedIn>) -> Self {
        self.signed_in = signed_in;
        self
    }

    /// The same frame in another section.
    pub(crate) fn within(mut self, section: Section) -> Self {
        self.section = section;
        self
    }

    pub(crate) fn script(mut self, name: &'static str) -> Self {
        self.script = Some(name);
        self
    }

    /// Whether the page stands behind the sign-in.
    pub(crate) fn is_desk(&self) -> bool {
        self.section == Section::Desk
    }

    /// Whether the page is about cases.
    pub(crate) fn is_cases(&self) -> bool {
        self.section == Section::Cases
    }

    /// This page's address.
    pub(crate) fn here(&self) -> String {
        self.t.href(&self.path)
    }

    /// The same page in the other language.
    pub(crate) fn there(&self) -> String {
        Text::new(self.t.lang.other()).href(&self.path)
    }

    /// Path, key of the title, and whether the page stands in it.
    pub(crate) fn sections(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        SECTIONS.into_iter().map(|(path, key, section)| (path, key, section == self.section))
    }

    pub(crate) fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
}
