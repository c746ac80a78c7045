//! A series against the path to its target.

use askama::Template;
use model::{Decimal, Year};

use super::scale::{Px, Scale, extent, ticks};
use super::spark::runs;
use crate::numbers;

/// The paper a series is drawn on. Both are in the page; the window's width chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paper {
    Wide,
    Narrow,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    /// The figures of the years, in order.
    pub(crate) series: Vec<Observed>,
    /// The path from the baseline to the target.
    pub(crate) path: Vec<(Year, Decimal)>,
    pub(crate) goal: Option<Goal>,
    /// Other series to compare with, thin and with a name at their end.
    pub(crate) beside: Vec<Beside>,
    pub(crate) decimals: u8,
    pub(crate) label: String,
}

/// One figure of the series.
#[derive(Clone, Debug)]
pub(crate) struct Observed {
    pub(crate) year: Year,
    pub(crate) value: Option<Decimal>,
    /// Fewer units reported than should have.
    pub(crate) partial: bool,
}

/// The target and how it is printed.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    pub(crate) year: Year,
    pub(crate) value: Decimal,
    pub(crate) label: String,
}

/// Another series.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    pub(crate) label: String,
    pub(crate) series: Vec<(Year, Option<Decimal>)>,
}

#[derive(Debug)]
struct Mark {
    x: Px,
    y: Px,
    text: String,
    /// Where the number stands, above or below its mark.
    text_y: Px,
    partial: bool,
}

#[derive(Debug)]
struct Tick {
    at: Px,
    text: String,
}

#[derive(Debug)]
struct Named {
    lines: Vec<String>,
    x: Px,
    y: Px,
    label: String,
}

/// A series chart, placed.
#[derive(Debug, Template)]
#[template(path = "charts/series.svg", escape = "html")]
pub(crate) struct SeriesChart {
    wide: bool,
    width: f64,
    height: f64,
    left: f64,
    right: Px,
    foot: Px,
    across: Vec<Tick>,
    up: Vec<Tick>,
    lines: Vec<String>,
    marks: Vec<Mark>,
    path: Vec<String>,
    goal: Option<(Px, Px, String)>,
    beside: Vec<Named>,
    label: String,
}

impl SeriesChart {
    pub(crate) fn new(drawn: &Drawn, paper: Paper) -> Self {
        let (width, height, left, right) = match paper {
            Paper::Wide => (760.0, 320.0, 58.0, 648.0),
            Paper::Narrow => (358.0, 260.0, 46.0, 290.0),
        };
        let (head, foot) = (26.0, height - 34.0);
        let (first, last) = drawn.years();
        let x = Scale::new(first, last, left + 18.0, right - 8.0);
        let (low, high) = drawn.values();
        let steps = ticks(low, high, 4, drawn.decimals);
        let (low, high) = extent(steps.iter().map(|it| it.to_f64())).unwrap_or((low, high));
        let y = Scale::new(low, high, foot, head);
        let place =
            |year: Year, value: Decimal| (x.at(f64::from(year.number())), y.at(value.to_f64()));

        let series: Vec<_> = drawn.series.iter().map(|it| (it.year, it.value)).collect();
        let path: Vec<_> = drawn.path.iter().map(|(year, value)| (*year, Some(*value))).collect();
        let goal = drawn.goal.as_ref().map(|it| {
            let (x, y) = place(it.year, it.value);
            (x, y, it.label.clone())
        });
        Self {
            wide: paper == Paper::Wide,
            width,
            height,
            left,
            right: Px(right),
            foot: Px(foot),
            across: drawn
                .series
                .iter()
                .map(|it| Tick { at: x.at(f64::from(it.year.number())), text: it.year.to_string() })
                .collect(),
            up: steps
                .iter()
                .map(|it| Tick { at: y.at(it.to_f64()), text: numbers::figure(*it) })
                .collect(),
            lines: runs(&series, place),
            marks: drawn.marks(place),
            path: runs(&path, place),
            goal,
            beside: drawn.beside.iter().filter_map(|it| it.placed(place)).collect(),
            label: drawn.label.clone(),
        }
    }
}

impl Drawn {
    fn years(&self) -> (f64, f64) {
        let all = self.series.iter().map(|it| it.year).chain(self.path.iter().map(|it| it.0));
        let all = all.chain(self.goal.iter().map(|it| it.year));
        extent(all.map(|it| f64::from(it.number()))).unwrap_or((2020.0, 2025.0))
    }

    fn values(&self) -> (f64, f64) {
        let all = self.series.iter().filter_map(|it| it.value);
        let all =
            all.chain(self.path.iter().map(|it| it.1)).chain(self.goal.iter().map(|it| it.value));
        let beside = self.beside.iter().flat_map(|it| it.series.iter()).filter_map(|it| it.1);
        extent(all.chain(beside).map(Decimal::to_f64)).unwrap_or((0.0, 1.0))
    }

    fn marks(&self, place: impl Fn(Year, Decimal) -> (Px, Px)) -> Vec<Mark> {
        let value =
            |at: Option<usize>| at.and_then(|it| self.series.get(it)).and_then(|it| it.value);
        self.series
            .iter()
            .enumerate()
            .filter_map(|(at, it)| {
                let here = it.value?;
                let (x, y) = place(it.year, here);
                // In a valley the number stands below, so that the line does not run through it.
                let before = value(at.checked_sub(1)).is_none_or(|it| it > here);
                let after = value(at.checked_add(1)).is_none_or(|it| it > here);
                let last = at + 1 == self.series.len() || at == 0;
                let text_y = if before && after && !last { y.plus(20.0) } else { y.plus(-11.0) };
                Some(Mark { x, y, text: numbers::figure(here), text_y, partial: it.partial })
            })
            .collect()
    }
}

impl Beside {
    fn placed(&self, place: impl Fn(Year, Decimal) -> (Px, Px)) -> Option<Named> {
        let (year, value) =
            self.series.iter().rev().find_map(|(year, it)| Some((*year, (*it)?)))?;
        let (x, y) = place(year, value);
        Some(Named { lines: runs(&self.series, &place), x, y, label: self.label.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[Option<i64>]) -> Drawn {
        let years = Year::new(2020).unwrap().through(Year::new(2025).unwrap());
        let series = years.zip(values).map(|(year, value)| Observed {
            year,
            value: value.map(Decimal::from_integer),
            partial: false,
        });
        Drawn {
            series: series.collect(),
            path: Vec::new(),
            goal: None,
            beside: Vec::new(),
            decimals: 0,
            label: String::new(),
        }
    }

    #[test]
    fn a_series_without_any_value_is_an_empty_chart() {
        let chart = SeriesChart::new(&drawn(&[None, None, None]), Paper::Wide);
        assert!(chart.lines.is_empty());
        assert!(chart.marks.is_empty());
        assert_eq!(chart.across.len(), 3);
        assert!(chart.render().is_ok());
    }

    #[test]
    fn the_number_of_a_valley_stands_below_it() {
        let chart = SeriesChart::new(&drawn(&[Some(5), Some(2), Some(6)]), Paper::Wide);
        let below: Vec<bool> = chart.marks.iter().map(|it| it.text_y > it.y).collect();
        assert_eq!(below, [false, true, false]);
    }
}
