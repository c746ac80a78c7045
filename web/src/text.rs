//! Words in two languages, from the Fluent catalogues in `locales/`. Chinese is the first language.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use governance::figures::in_digits;
use jiff::Timestamp;
use model::figure::Observation;
use model::indicator::Baseline;
use model::target::{PlanTarget, Status, Target};
use model::{Bilingual, Decimal};
use unic_langid::LanguageIdentifier;

use crate::numbers;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lang {
    Zh,
    En,
}

impl Lang {
    /// As written in `lang` and `hreflang`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// What stands before every path of the language.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Zh => "",
            Self::En => "/en",
        }
    }

    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// The language of a request's path, and the path without its prefix.
    pub(crate) fn of_path(path: &str) -> (Self, &str) {
        match path.strip_prefix("/en") {
            Some("") => (Self::En, "/"),
            Some(rest) if rest.starts_with('/') => (Self::En, rest),
            _ => (Self::Zh, path),
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

/// The catalogues of a language, in the order they are read.
macro_rules! catalogues {
    ($folder:literal) => {
        [
            include_str!(concat!("../locales/", $folder, "/common.ftl")),
            include_str!(concat!("../locales/", $folder, "/scoreboard.ftl")),
            include_str!(concat!("../locales/", $folder, "/indicator.ftl")),
            include_str!(concat!("../locales/", $folder, "/organisation.ftl")),
            include_str!(concat!("../locales/", $folder, "/plan.ftl")),
            include_str!(concat!("../locales/", $folder, "/about.ftl")),
            include_str!(concat!("../locales/", $folder, "/problems.ftl")),
            include_str!(concat!("../locales/", $folder, "/network.ftl")),
            include_str!(concat!("../locales/", $folder, "/openid.ftl")),
            include_str!(concat!("../locales/", $folder, "/letters.ftl")),
            include_str!(concat!("../locales/", $folder, "/casework.ftl")),
            include_str!(concat!("../locales/", $folder, "/grants.ftl")),
            include_str!(concat!("../locales/", $folder, "/administration.ftl")),
        ]
    };
}

pub(crate) const ZH: [&str; 13] = catalogues!("zh-CN");
pub(crate) const EN: [&str; 13] = catalogues!("en");

static ZH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Zh, &ZH));
static EN_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En, &EN));

fn bundle(language: Lang, sources: &[&str]) -> Bundle {
    let language: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks are for text that mixes writing directions; these two languages do not.
    bundle.set_use_isolating(false);
    for source in sources {
        // A test reads every catalogue without errors, so what parsed is all of it.
        let resource = FluentResource::try_new((*source).to_owned());
        let resource = resource.unwrap_or_else(|(parsed, _)| parsed);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The words of one language. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    pub(crate) lang: Lang,
    /// The instant whose knowledge is shown; links lead on with it.
    as_of: Option<Timestamp>,
    bundle: &'static Bundle,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Text").field("lang", &self.lang).finish_non_exhaustive()
    }
}

impl Text {
    pub(crate) fn new(lang: Lang) -> Self {
        let bundle = match lang {
            Lang::Zh => &*ZH_BUNDLE,
            Lang::En => &*EN_BUNDLE,
        };
        Self { lang, as_of: None, bundle }
    }

    pub(crate) fn is_chinese(&self) -> bool {
        self.lang == Lang::Zh
    }

    /// The same words on pages as of an instant.
    #[must_use]
    pub(crate) fn at(self, as_of: Option<Timestamp>) -> Self {
        Self { as_of, ..self }
    }

    /// The message of a key. A key without a message shows itself; a test finds such keys.
    pub(crate) fn get(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The message of a key with one text put in.
    pub(crate) fn with(&self, key: &str, name: &'static str, value: impl fmt::Display) -> String {
        self.fill(key, &[(name, value.to_string())])
    }

    /// The message of a key with texts put in.
    pub(crate) fn fill(&self, key: &str, values: &[(&'static str, String)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, FluentValue::from(value.as_str()));
        }
        self.format(key, Some(&args))
    }

    /// The message of a key with a count, which chooses singular or plural.
    pub(crate) fn count(&self, key: &str, count: usize) -> String {
        let mut args = FluentArgs::new();
        args.set("count", FluentValue::from(count));
        self.format(key, Some(&args))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|it| it.value());
        let Some(pattern) = pattern else {
            return key.to_owned();
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }

    /// The side of a two-language text that is read; the other where this one is empty.
    pub(crate) fn of<'a>(&self, text: &'a Bilingual) -> &'a str {
        let (own, other) = match self.lang {
            Lang::Zh => (&text.zh, &text.en),
            Lang::En => (&text.en, &text.zh),
        };
        if own.is_empty() { other } else { own }
    }

    /// The address of a page in this language.
    pub(crate) fn href(&self, path: &str) -> String {
        let dated = ["/?", "/indicators/", "/organisations/"].iter().any(|it| path.starts_with(it));
        let as_of = match self.as_of.filter(|_| dated) {
            Some(at) if path.contains('?') => format!("&as_of={at}"),
            Some(at) => format!("?as_of={at}"),
            None => String::new(),
        };
        match (self.lang, path) {
            (Lang::En, "/") => "/en".to_owned(),
            (Lang::En, path) if path.starts_with("/?") => {
                format!("/en{}{as_of}", path.trim_start_matches('/'))
            }
            _ => format!("{}{path}{as_of}", self.lang.prefix()),
        }
    }

    pub(crate) fn status(&self, status: Status) -> String {
        self.get(&format!("status-{}", status.as_str()))
    }

    pub(crate) fn observation(&self, observation: Observation) -> String {
        self.get(&format!("observation-{}", observation.as_str()))
    }

    /// A target as the plan prints it, with its numbers as figures are written; in English by its value where the print
    /// is in Chinese.
    pub(crate) fn target(&self, target: &PlanTarget) -> String {
        let value = target.target.value().map(numbers::stated);
        let sign = match &target.target {
            Target::AtLeast { .. } => "≥ ",
            Target::AtMost { .. } => "≤ ",
            Target::Milestones { steps } => {
                let steps: Vec<String> = steps.iter().map(|it| numbers::stated(it.1)).collect();
                return self.printed(&target.printed, Some(steps.join(", ")));
            }
            // Which side exceeds is the indicator's to say, so the print stands.
            Target::Exceed { .. } => return self.printed(&target.printed, None),
            Target::Hold { .. }
            | Target::AllUnits { .. }
            | Target::NeverDecrease { .. }
            | Target::Deliverable { .. } => "",
        };
        self.printed(&target.printed, value.map(|it| format!("{sign}{it}")))
    }

    /// A baseline as the plan prints it, or as the part of the city had it.
    pub(crate) fn baseline(&self, baseline: &Baseline) -> String {
        self.printed(&baseline.printed, Some(numbers::stated(baseline.value)))
    }

    fn printed(&self, printed: &str, value: Option<String>) -> String {
        let printed = numbers::within(&in_digits(printed));
        let chinese = printed.chars().any(|it| matches!(it, '\u{3000}'..='\u{9fff}'));
        match value {
            Some(value) if self.lang == Lang::En && chinese => value,
            _ => printed,
        }
    }

    /// A figure, or a dash where there is none.
    pub(crate) fn figure(&self, value: Option<Decimal>) -> String {
        value.map_or_else(|| "–".to_owned(), numbers::figure)
    }
}

#[cfg(test)]
mod tests;
