//! Names and values as an application sent them.

use std::collections::BTreeMap;

/// Longest value that is looked at; what is longer is left out, as if it had not been sent.
const LONGEST: usize = 8 * 1024;

/// Parameters of a request. Those without a value count as not given (RFC 6749, section 3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, Vec<String>>);

impl Parameters {
    pub fn new<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            let value = value.into();
            if !value.is_empty() && value.len() <= LONGEST {
                parameters.entry(name.into()).or_default().push(value);
            }
        }
        Self(parameters)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    /// The words of a list separated by spaces.
    pub(in crate::openid) fn words(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).unwrap_or_default().split(' ').filter(|it| !it.is_empty())
    }

    pub(in crate::openid) fn has_twice(&self, names: &[&str]) -> bool {
        names.iter().any(|it| self.0.get(*it).is_some_and(|values| values.len() > 1))
    }

    pub(in crate::openid) fn has_any_twice(&self) -> bool {
        self.0.values().any(|it| it.len() > 1)
    }

    /// As it is kept.
    pub(super) fn written(&self) -> String {
        let flat = self.0.iter().flat_map(|(name, values)| {
            values.iter().map(move |value| (name.as_str(), value.as_str()))
        });
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(flat).finish()
    }

    /// Those of a query or of the body of a form.
    pub fn parse(text: &str) -> Self {
        Self::new(url::form_urlencoded::parse(text.as_bytes()).into_owned())
    }
}
