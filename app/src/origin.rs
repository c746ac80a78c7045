//! How browsers reach the site: what links to it begin with.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use network::applications::is_of_this_machine;
use reqwest::Url;
use serde::{Deserialize, Serialize};

/// Scheme, name and port, such as `https://haihe.example`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Origin(String);

impl Origin {
    /// The site on this machine: nobody else reaches it.
    pub(crate) fn here(port: u16) -> Self {
        Self(format!("http://localhost:{port}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What to do where links lead to this machine only; nothing where others can follow them.
    pub(crate) fn advice(&self, data: &Path) -> Option<String> {
        let is_here = Url::parse(&self.0).is_ok_and(|it| is_of_this_machine(&it));
        is_here.then(|| {
            format!(
                "links begin with {self} and lead nowhere from another machine; write \
                 origin = \"https://…\" at the head of {}, or name it with --origin",
                data.join("centre.toml").display()
            )
        })
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.strip_suffix('/').unwrap_or(text);
        let is_origin = |it: &Url| {
            matches!(it.scheme(), "http" | "https") && it.origin().ascii_serialization() == plain
        };
        match Url::parse(plain) {
            Ok(url) if is_origin(&url) => Ok(Self(plain.to_owned())),
            _ => Err(format!(
                "`{text}` is not how browsers reach a site; write https://NAME, and :PORT where it is not the usual one"
            )),
        }
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_name_and_a_port_and_nothing_else() {
        for (text, origin) in [
            ("https://haihe.example", "https://haihe.example"),
            ("https://haihe.example/", "https://haihe.example"),
            ("http://10.1.2.3:8080", "http://10.1.2.3:8080"),
        ] {
            assert_eq!(text.parse::<Origin>().map(String::from).as_deref(), Ok(origin));
        }
        for text in [
            "",
            "haihe.example",
            "ftp://haihe.example",
            "https://haihe.example/pages",
            "https://haihe.example?a",
            "https://me@haihe.example",
            "https://haihe.example:443",
            "https://",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_leads_to_this_machine_only_comes_with_what_to_do() {
        let advice = |text: &str| text.parse::<Origin>().unwrap().advice(Path::new("city"));
        assert_eq!(advice("https://haihe.example"), None);
        assert_eq!(advice("http://192.168.1.9"), None);
        for text in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:81"] {
            assert!(advice(text).unwrap().contains("city/centre.toml"), "{text}");
        }
    }
}
