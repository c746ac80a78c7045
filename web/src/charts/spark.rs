//! A series the size of a word.

use askama::Template;
use model::{Decimal, Year};

use super::scale::{Px, Scale, extent};

const WIDTH: f64 = 72.0;
const HEIGHT: f64 = 22.0;
const MARGIN: f64 = 4.0;

/// A sparkline, placed. Missing years leave a gap.
#[derive(Debug, Template)]
#[template(path = "charts/spark.svg", escape = "html")]
pub(crate) struct Spark {
    lines: Vec<String>,
    end: Option<(Px, Px)>,
    label: String,
}

impl Spark {
    /// `years` span the drawing; the dot stands at `now`.
    pub(crate) fn new(
        series: &[(Year, Option<Decimal>)],
        years: (Year, Year),
        now: Year,
        label: String,
    ) -> Self {
        let across = Scale::new(
            f64::from(years.0.number()),
            f64::from(years.1.number()),
            MARGIN,
            WIDTH - MARGIN,
        );
        let values = series.iter().filter_map(|(_, value)| value.map(Decimal::to_f64));
        let (low, high) = extent(values).unwrap_or((0.0, 0.0));
        let up = Scale::new(low, high, HEIGHT - MARGIN, MARGIN);
        let place = |year: Year, value: Decimal| {
            (across.at(f64::from(year.number())), up.at(value.to_f64()))
        };
        let end = series.iter().find(|(year, _)| *year == now).and_then(|(_, value)| *value);
        Self { lines: runs(series, place), end: end.map(|it| place(now, it)), label }
    }
}

/// The points of each unbroken run of years, as SVG writes them.
pub(super) fn runs(
    series: &[(Year, Option<Decimal>)],
    place: impl Fn(Year, Decimal) -> (Px, Px),
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for (year, value) in series {
        let Some(value) = value else {
            open = false;
            continue;
        };
        let (x, y) = place(*year, *value);
        match lines.last_mut() {
            Some(line) if open => line.push_str(&format!(" {x},{y}")),
            _ => lines.push(format!("{x},{y}")),
        }
        open = true;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_year_leaves_a_gap() {
        let year = |it| Year::new(it).unwrap();
        let value = |it| Some(Decimal::from_integer(it));
        let series = [(year(2020), value(1)), (year(2021), None), (year(2022), value(3))];
        let spark = Spark::new(&series, (year(2020), year(2022)), year(2022), String::new());
        assert_eq!(spark.lines, ["4,18", "68,4"]);
        assert_eq!(spark.end, Some((Px(68.0), Px(4.0))));
    }
}
