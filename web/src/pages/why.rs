//! `/indicators/{code}/why`: a figure, what it was made of, down to the rows.

use askama::Template;
use governance::Lake;
use governance::explain::{self, Explanation, Judged, Part};
use governance::figures::{Contribution, Side};
use model::Year;
use model::dataset::{Column, ColumnKind};
use model::figure::Figure;
use model::target::Status;

use super::definition::{DefinitionView, TermView};
use super::organisation::link;
use super::scoreboard_row::query;
use crate::charts::mark::Mark;
use crate::frame::{Frame, Section};
use crate::numbers;
use crate::problem::{Kind, Problem};
use crate::text::Text;
use crate::visit::Visit;

/// Rows shown of each term.
const ROWS: usize = 20;

/// Why one figure is what it is, ready to be read.
#[derive(Debug, Template)]
#[template(path = "pages/why.html")]
pub(crate) struct WhyPage {
    t: Text,
    frame: Frame,
    name: String,
    indicator_href: String,
    place: (String, String),
    year: String,
    value: String,
    unit: String,
    observation: String,
    coverage: String,
    numerator: String,
    denominator: Option<String>,
    definition: DefinitionView,
    parts: Vec<PartView>,
    made_of: Vec<OtherView>,
    units: Option<UnitsView>,
}

/// One term, down to the rows.
#[derive(Debug)]
struct PartView {
    side: String,
    words: String,
    measure: String,
    predicate: Option<String>,
    dataset: String,
    table_version: u64,
    year: String,
    total: String,
    organisations: usize,
    contributions: Vec<ContributionView>,
    columns: Vec<ColumnView>,
    rows: Vec<Vec<CellView>>,
    rows_line: String,
}

#[derive(Debug)]
struct ColumnView {
    title: String,
    name: String,
    is_number: bool,
}

/// What a row has in a column: in words where it is a code that has some, with the code that predicates speak of.
#[derive(Debug)]
struct CellView {
    words: String,
    code: Option<String>,
    is_number: bool,
}

#[derive(Debug)]
struct ContributionView {
    link: (String, String),
    value: String,
    rows: String,
}

/// The units of a count of passes.
#[derive(Debug)]
struct UnitsView {
    line: String,
    /// The figures that they are judged by.
    heads: Vec<String>,
    rows: Vec<UnitView>,
}

#[derive(Debug)]
struct UnitView {
    link: (String, String),
    /// Whether it passes: a shape and a word.
    status: &'static str,
    mark: Mark,
    verdict: String,
    /// Each value with the page that says where it comes from.
    values: Vec<(String, String)>,
}

/// A figure of another indicator.
#[derive(Debug)]
struct OtherView {
    name: String,
    href: String,
    value: String,
    unit: String,
}

impl WhyPage {
    pub(crate) async fn asked(
        visit: &Visit,
        lake: &Lake,
        code: &str,
        org: Option<&str>,
        year: Option<&str>,
    ) -> Result<Self, Problem> {
        let published = &visit.published;
        if published.plan().indicator(code).is_none() {
            return Err(Problem::no_indicator(code));
        }
        let year = visit.year(year)?;
        let org = visit.organisation(org, year)?;
        let found = explain::explain(published, lake, code, &org.code, year, ROWS).await;
        let found = found.map_err(|it| Problem::ours(&it))?;
        let found = found.ok_or_else(|| Problem::new(Kind::NoEvidence, code))?;
        Self::new(visit, &found)
    }

    /// The page of an explanation.
    pub(crate) fn new(visit: &Visit, found: &Explanation<'_>) -> Result<Self, Problem> {
        let t = visit.t();
        let plan = visit.published.plan();
        let (indicator, figure) = (found.indicator, &found.figure);
        let root = visit.whole(figure.year)?;
        let query = query(found.org.code.as_str(), root.code.as_str(), figure.year);
        let data = format!(
            "/api/v1/explain?indicator={}&org={}&year={}",
            indicator.code, found.org.code, figure.year
        );
        Ok(Self {
            t,
            frame: visit.frame(Section::Scoreboard).data(&data),
            name: t.of(&indicator.name).to_owned(),
            indicator_href: t.href(&format!("/indicators/{}{query}", indicator.code)),
            place: link(t, &found.org),
            year: figure.year.to_string(),
            value: t.figure(figure.value),
            unit: t.of(&indicator.unit).to_owned(),
            observation: t.observation(figure.observation),
            coverage: figure.coverage.to_string(),
            numerator: t.figure(figure.numerator),
            denominator: figure.denominator.map(numbers::figure),
            definition: DefinitionView::new(t, plan, found.definition),
            parts: found.parts.iter().map(|it| PartView::new(visit, found, it)).collect(),
            made_of: found
                .made_of
                .iter()
                .filter_map(|it| OtherView::new(visit, it, &query))
                .collect(),
            units: UnitsView::new(visit, found),
        })
    }
}

impl PartView {
    fn new(visit: &Visit, found: &Explanation<'_>, part: &Part<'_>) -> Self {
        let t = visit.t();
        let side = match part.sum.side {
            Side::Numerator => "numerator",
            Side::Denominator => "denominator",
        };
        let columns: Vec<Option<&Column>> =
            part.rows.columns.iter().map(|it| part.dataset.column(it)).collect();
        let column = |(name, column): (&String, &Option<&Column>)| ColumnView {
            title: column.map_or_else(|| name.clone(), |it| t.of(&it.title).to_owned()),
            name: name.clone(),
            is_number: column.is_some_and(is_number),
        };
        let shown = part.rows.rows.len();
        let sums_to_something = part.sum.total.is_none_or(|it| !it.is_zero());
        let rows_line = if part.organisations == 0 && sums_to_something {
            t.get("why-withheld")
        } else if shown == 0 {
            t.get("why-no-rows")
        } else {
            let total = numbers::count(part.rows.total);
            t.fill("why-rows-shown", &[("total", total), ("shown", shown.to_string())])
        };
        let cell = |(cell, column): (&Option<String>, &Option<&Column>)| {
            CellView::new(visit, part.sum.year, *column, cell.as_deref().unwrap_or_default())
        };
        let row = |it: &Vec<Option<String>>| it.iter().zip(&columns).map(cell).collect();
        Self {
            side: t.get(side),
            words: TermView::new(t, visit.published.plan(), &part.sum.term, true).words,
            measure: part.measure.name.clone(),
            predicate: part.predicate.clone(),
            dataset: t.of(&part.dataset.title).to_owned(),
            table_version: part.table_version,
            year: part.sum.year.to_string(),
            total: t.figure(part.sum.total),
            organisations: part.organisations,
            contributions: part
                .sum
                .contributions
                .iter()
                .map(|it| ContributionView::new(visit, found, it))
                .collect(),
            columns: part.rows.columns.iter().zip(&columns).map(column).collect(),
            rows: part.rows.rows.iter().map(row).collect(),
            rows_line,
        }
    }
}

const fn is_number(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Integer | ColumnKind::Decimal { .. })
}

impl CellView {
    fn new(visit: &Visit, year: Year, column: Option<&Column>, text: &str) -> Self {
        let t = visit.t();
        let words = column.and_then(|it| match &it.kind {
            ColumnKind::Code { items } => {
                items.iter().find(|it| it.code == text).map(|it| t.of(&it.title).to_owned())
            }
            ColumnKind::Organisation | ColumnKind::OtherOrganisation => {
                let org = visit.published.organisation(&text.parse().ok()?, year)?;
                Some(t.of(&org.name).to_owned())
            }
            ColumnKind::Year
            | ColumnKind::Integer
            | ColumnKind::Decimal { .. }
            | ColumnKind::Flag
            | ColumnKind::Date
            | ColumnKind::Text
            | ColumnKind::Person(_)
            | ColumnKind::CreditCode => None,
        });
        let words = words.filter(|it| it != text);
        Self {
            code: words.is_some().then(|| text.to_owned()),
            words: words.unwrap_or_else(|| text.to_owned()),
            is_number: column.is_some_and(is_number),
        }
    }
}

impl ContributionView {
    fn new(visit: &Visit, found: &Explanation<'_>, it: &Contribution) -> Self {
        let t = visit.t();
        let withheld = || t.get("observation-suppressed");
        let known = |text: Option<String>| {
            text.unwrap_or_else(|| if it.withheld { withheld() } else { t.get("why-not-reported") })
        };
        let (name, mut href) = link(t, &it.org);
        let (code, year) = (&found.indicator.code, found.figure.year);
        let is_other = it.org.code != found.org.code;
        // One level down, where this indicator has a figure there.
        if is_other && visit.published.figure(code, None, &it.org.code, year).is_some() {
            let org = &it.org.code;
            href = t.href(&format!("/indicators/{code}/why?org={org}&year={year}"));
        }
        Self {
            link: (name, href),
            value: known(it.value.map(numbers::figure)),
            rows: it.rows.map_or_else(|| "–".to_owned(), numbers::count),
        }
    }
}

impl UnitsView {
    fn new(visit: &Visit, found: &Explanation<'_>) -> Option<Self> {
        let first = found.judged.first()?;
        let (t, plan) = (visit.t(), visit.published.plan());
        let named = |it: &Figure| {
            let indicator = plan.indicator(&it.indicator);
            indicator.map_or_else(|| it.indicator.clone(), |it| t.of(&it.name).to_owned())
        };
        let counts = [
            ("total", numbers::count(u64::try_from(found.units).unwrap_or(u64::MAX))),
            ("shown", found.judged.len().to_string()),
        ];
        Some(Self {
            line: t.fill("why-units-shown", &counts),
            heads: first.figures.iter().map(named).collect(),
            rows: found.judged.iter().map(|it| UnitView::new(t, it)).collect(),
        })
    }
}

impl UnitView {
    fn new(t: Text, it: &Judged) -> Self {
        let (status, verdict) = match it.passes {
            Some(true) => (Status::Met, "why-passes"),
            Some(false) => (Status::Missed, "why-passes-not"),
            None => (Status::NoData, "why-not-judged"),
        };
        let value = |figure: &Figure| {
            let (indicator, org, year) = (&figure.indicator, &it.org.code, figure.year);
            let href = format!("/indicators/{indicator}/why?org={org}&year={year}");
            (t.figure(figure.value), t.href(&href))
        };
        Self {
            link: link(t, &it.org),
            status: status.as_str(),
            mark: Mark::new(status),
            verdict: t.get(verdict),
            values: it.figures.iter().map(value).collect(),
        }
    }
}

impl OtherView {
    fn new(visit: &Visit, figure: &Figure, query: &str) -> Option<Self> {
        let t = visit.t();
        let indicator = visit.published.plan().indicator(&figure.indicator)?;
        Some(Self {
            name: t.of(&indicator.name).to_owned(),
            href: t.href(&format!("/indicators/{}/why{query}", indicator.code)),
            value: t.figure(figure.value),
            unit: t.of(&indicator.unit).to_owned(),
        })
    }
}
