//! What was aimed at, and whether it was reached.

use serde::{Deserialize, Serialize};

/// One aim beside what was measured.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Aim {
    pub(super) aim: String,
    pub(super) measured: String,
    pub(super) reached: bool,
}

impl Aim {
    /// A number that should not pass another.
    pub(super) fn at_most(what: &str, measured: f64, most: f64, unit: &str) -> Self {
        Self {
            aim: format!("{what}: at most {} {unit}", plain(most)),
            measured: format!("{} {unit}", plain(measured)),
            reached: measured <= most,
        }
    }

    /// A number that should reach another.
    pub(super) fn at_least(what: &str, measured: f64, least: f64, unit: &str) -> Self {
        Self {
            aim: format!("{what}: at least {} {unit}", plain(least)),
            measured: format!("{} {unit}", plain(measured)),
            reached: measured >= least,
        }
    }

    /// Something that should be so.
    pub(super) fn holds(aim: &str, measured: String, reached: bool) -> Self {
        Self { aim: aim.to_owned(), measured, reached }
    }

    pub(super) const fn verdict(&self) -> &'static str {
        if self.reached { "met" } else { "missed" }
    }
}

/// The aims as a table of Markdown; nothing without any.
pub(super) fn listed(aims: &[Aim]) -> String {
    if aims.is_empty() {
        return String::new();
    }
    let mut text = "## Aims\n\n| aim | measured | |\n| --- | --- | --- |\n".to_owned();
    for it in aims {
        text += &format!("| {} | {} | {} |\n", it.aim, it.measured, it.verdict());
    }
    text + "\n"
}

/// A number with about three digits that count.
pub(super) fn plain(number: f64) -> String {
    let size = number.abs();
    if size >= 100.0 || number.fract() == 0.0 {
        format!("{number:.0}")
    } else if size >= 10.0 {
        format!("{number:.1}")
    } else if size >= 0.1 {
        format!("{number:.2}")
    } else {
        format!("{number:.4}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Aim, listed, plain};

    #[test]
    fn an_aim_is_met_at_its_own_number() {
        assert!(Aim::at_most("a page", 10.0, 10.0, "ms").reached);
        assert!(!Aim::at_most("a page", 10.01, 10.0, "ms").reached);
        assert!(Aim::at_least("speed", 20.0, 20.0, "×").reached);
        let aims = listed(&[Aim::at_most("a page", 12.345, 10.0, "ms")]);
        assert!(aims.contains("| a page: at most 10 ms | 12.3 ms | missed |"), "{aims}");
        assert_eq!(listed(&[]), "");
    }

    #[test]
    fn numbers_are_shown_with_three_digits_that_count() {
        let shown = [12_345.6, 12.34, 1.234, 0.5, 0.012_345, 7.0].map(plain);
        assert_eq!(shown, ["12346", "12.3", "1.23", "0.50", "0.0123", "7"]);
    }
}
