//! What several pages show of accounts: choices, browsers, faults of a form.

use network::passwords::{Flaw, Policy};
use network::roles::Role;

use crate::text::Text;

/// One of several to choose from.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) is_chosen: bool,
}

impl Choice {
    /// Roles, one of which may be chosen already.
    pub(crate) fn of_roles<'a>(
        t: Text,
        roles: impl Iterator<Item = &'a Role>,
        chosen: &str,
    ) -> Vec<Self> {
        let choice = |it: &Role| Self {
            code: it.code.to_string(),
            title: t.of(&it.title).to_owned(),
            is_chosen: it.code.as_str() == chosen,
        };
        roles.map(choice).collect()
    }
}

/// What a browser says of itself, in two words.
pub(crate) fn browser(agent: &str) -> String {
    // The order matters: most say that they are several at once.
    let of = |known: &[(&str, &str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| (*name).to_owned())
    };
    let browser = of(&[
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = of(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    let words: Vec<String> = [browser, system].into_iter().flatten().collect();
    if words.is_empty() { "–".to_owned() } else { words.join(" · ") }
}

/// What is wrong with a password, in words.
pub(crate) fn flaws(t: Text, flaws: &[Flaw], policy: &Policy) -> Vec<String> {
    let in_words = |flaw: &Flaw| {
        let key = format!("password-{}", flaw.as_str());
        let values = [
            ("least", policy.least_characters.to_string()),
            ("most", policy.most_characters.to_string()),
            ("kinds", policy.kinds_of_characters.to_string()),
        ];
        t.fill(&key, &values)
    };
    flaws.iter().map(in_words).collect()
}

/// What a policy asks, said before anybody types.
pub(crate) fn asked(t: Text, policy: &Policy) -> String {
    let least = t.with("password-asked", "least", policy.least_characters);
    if policy.kinds_of_characters <= 1 {
        return least;
    }
    format!("{least}{}", t.with("password-asked-kinds", "kinds", policy.kinds_of_characters))
}
