//! Organisations by year: which codes a row may name, and which area holds each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::organisation::{ADMINISTRATIVE, History, OrgCode};
use model::year::{MonthDay, Year};

/// The organisations that a dataset's rows may name, on the dataset's day of every year.
///
/// A year is worked out when the first row of it comes, once; reading is safe from many threads.
pub struct Organisations<'a> {
    history: &'a History,
    reference: MonthDay,
    /// Level of the areas that rows are kept by.
    area_level: String,
    known_at: Timestamp,
    /// Rows may be of this one and of those below it only.
    within: Option<OrgCode>,
    years: BTreeMap<Year, OnceLock<YearCut>>,
}

/// The organisations of one year.
#[derive(Debug, Default)]
pub struct YearCut {
    /// Organisation → the area that holds it.
    areas: BTreeMap<String, String>,
    /// Those that rows may be of, unless it is all of them.
    own: Option<BTreeSet<String>>,
}

impl fmt::Debug for Organisations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Organisations")
            .field("reference", &self.reference)
            .field("area_level", &self.area_level)
            .field("known_at", &self.known_at)
            .finish_non_exhaustive()
    }
}

impl<'a> Organisations<'a> {
    /// `levels` are the plan's, from the whole to the smallest: the second holds the areas.
    ///
    /// Rows may be about any year from 1900 to the one after `known_at`, by the city's clocks.
    pub fn new<'l>(
        history: &'a History,
        reference: MonthDay,
        levels: impl IntoIterator<Item = &'l str>,
        known_at: Timestamp,
        clocks: Offset,
    ) -> Self {
        let this_year = clocks.to_datetime(known_at).year();
        let last = u16::try_from(this_year).ok().and_then(|it| Year::new(it.saturating_add(1)));
        let years = Year::new(1900).zip(last).map(|(first, last)| first.through(last));
        let area_level = levels.into_iter().nth(1).unwrap_or_default().to_owned();
        let years = years.into_iter().flatten().map(|it| (it, OnceLock::new())).collect();
        Self { history, reference, area_level, known_at, within: None, years }
    }

    /// Rows may be of an organisation and of those that stood below it in the year of the row only; they may still name
    /// others as where somebody comes from or goes to.
    #[must_use]
    pub fn within(self, organisation: OrgCode) -> Self {
        Self { within: Some(organisation), ..self }
    }

    /// The organisations of a year; `None` for a year that no row can be about yet.
    pub fn on(&self, year: Year) -> Option<&YearCut> {
        let cut = self.years.get(&year)?;
        Some(cut.get_or_init(|| self.cut(year.on(self.reference))))
    }

    /// The last year that a row may be about.
    pub fn last_year(&self) -> Option<Year> {
        self.years.keys().next_back().copied()
    }

    fn cut(&self, day: Date) -> YearCut {
        let tree = self.history.tree(ADMINISTRATIVE, day, self.known_at);
        let area = |code: &OrgCode| {
            let area = tree.ancestor_at(code, &self.area_level).map(|it| &it.code);
            // What stands above the areas, or beside them, is an area of its own.
            area.unwrap_or(code).to_string()
        };
        let codes = || tree.iter().map(|it| &it.organisation.code);
        let own = self.within.as_ref().map(|above| {
            let own = codes().filter(|it| tree.is_within(it, above));
            own.map(ToString::to_string).collect()
        });
        YearCut { areas: codes().map(|it| (it.to_string(), area(it))).collect(), own }
    }

    /// What to tell about a code that a year does not know.
    pub(super) fn why_unknown(&self, code: &str, year: Year) -> String {
        let day = year.on(self.reference);
        let Ok(code) = code.parse::<OrgCode>() else {
            return "代码由 1 至 32 个字母、数字、“-”“_”或“.”组成 / a code has 1 to 32 letters, digits, `-`, `_` or `.`".to_owned();
        };
        let versions: Vec<_> = self.history.versions(&code, self.known_at).collect();
        let Some(first) = versions.first() else {
            return "与机构名单核对；新机构须先登记 / compare it with the list of organisations; a new one must be recorded first"
                .to_owned();
        };
        let closed = versions.iter().rev().find_map(|it| it.valid_to.filter(|to| *to <= day));
        match closed {
            Some(closed) => {
                format!(
                    "该机构已于 {closed} 撤销：请填承接机构的代码 / it was closed on {closed}: give the code of the one that took its place"
                )
            }
            None => format!(
                "该机构于 {0} 设立：核对代码与年度 / it was opened on {0}: check code and year",
                first.valid_from
            ),
        }
    }

    /// The organisation that all rows have to be of or below, if there is one.
    pub(super) const fn above(&self) -> Option<&OrgCode> {
        self.within.as_ref()
    }

    /// The day on which a year's organisations are read.
    pub(super) fn day(&self, year: Year) -> Date {
        year.on(self.reference)
    }
}

impl YearCut {
    /// The area that holds an organisation; `None` when there is no such organisation.
    pub fn area(&self, code: &str) -> Option<&str> {
        self.areas.get(code).map(String::as_str)
    }

    pub fn contains(&self, code: &str) -> bool {
        self.areas.contains_key(code)
    }

    /// The organisations that rows may be of; `None` for all.
    pub(super) const fn own(&self) -> Option<&BTreeSet<String>> {
        self.own.as_ref()
    }

    /// Whether rows may be of an organisation.
    pub(super) fn is_own(&self, code: &str) -> bool {
        self.own.as_ref().is_none_or(|it| it.contains(code))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[track_caller]
    fn check(code: &str, year: u16, expected: &str) {
        let history = samples::history();
        let organisations = samples::organisations(&history);
        let year = Year::new(year).unwrap();
        let shown = match organisations.on(year).map(|it| it.area(code)) {
            None => "no such year".to_owned(),
            Some(Some(area)) => area.to_owned(),
            Some(None) => organisations.why_unknown(code, year),
        };
        assert_eq!(shown, expected);
    }

    /// Half an hour before the year of UTC ends it is the next one in a city eight hours ahead.
    #[test]
    fn rows_are_about_years_by_the_citys_own_clocks() {
        let history = samples::history();
        let late: Timestamp = "2025-12-31T23:30:00Z".parse().unwrap();
        for (hours, last) in [(0, 2026), (8, 2027)] {
            let day = MonthDay::SCHOOL_YEAR;
            let organisations =
                Organisations::new(&history, day, ["city"], late, Offset::constant(hours));
            assert_eq!(organisations.last_year(), Year::new(last), "{hours}");
        }
    }

    #[test]
    fn a_code_is_known_from_opening_to_closure() {
        check("S1", 2024, "D1");
        check("S3", 2022, "D2");
        check(
            "S3",
            2024,
            "该机构已于 2023-08-31 撤销：请填承接机构的代码 / it was closed on 2023-08-31: give the code of the one that took its place",
        );
        check(
            "S4",
            2020,
            "该机构于 2022-09-01 设立：核对代码与年度 / it was opened on 2022-09-01: check code and year",
        );
        check(
            "S9",
            2024,
            "与机构名单核对；新机构须先登记 / compare it with the list of organisations; a new one must be recorded first",
        );
        check(
            "../x",
            2024,
            "代码由 1 至 32 个字母、数字、“-”“_”或“.”组成 / a code has 1 to 32 letters, digits, `-`, `_` or `.`",
        );
        check("D1", 2024, "D1");
        check("C", 2024, "C");
        check("S1", 2190, "no such year");
    }
}
