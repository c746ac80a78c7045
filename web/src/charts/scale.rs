//! From values to places on the paper.

use std::fmt;

use model::Decimal;

/// A place in a drawing, in its own units. Prints with one decimal.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct Px(pub(crate) f64);

impl Px {
    /// This place moved by so much.
    pub(crate) fn plus(&self, by: f64) -> Self {
        Self(self.0 + by)
    }
}

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        write!(f, "{tenths}")
    }
}

/// A straight scale from values to places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Values `from`–`to` fall on places `start`–`end`. A scale of no width puts all in the middle.
    pub(crate) fn new(from: f64, to: f64, start: f64, end: f64) -> Self {
        Self { from, to, start, end }
    }

    pub(crate) fn at(self, value: f64) -> Px {
        let width = self.to - self.from;
        let part = if width.abs() < f64::EPSILON { 0.5 } else { (value - self.from) / width };
        Px(self.start + part * (self.end - self.start))
    }
}

/// A count as a float, for spacing.
pub(crate) fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// Least and greatest of some values. `None` when there are none.
pub(crate) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |extent, it| match extent {
        None => Some((it, it)),
        Some((low, high)) => Some((low.min(it), high.max(it))),
    })
}

/// Round numbers that span `low`–`high` in about `wanted` steps, with the digits they need.
pub(crate) fn ticks(low: f64, high: f64, wanted: usize, decimals: u8) -> Vec<Decimal> {
    let least = 10_f64.powi(-i32::from(decimals));
    // Values that hardly differ stand in the middle of a scale of a few last digits.
    let (low, high) =
        if high - low < least { (low - 2.0 * least, high + 2.0 * least) } else { (low, high) };
    let raw = (high - low) / float(wanted.max(1));
    let power = 10_f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|it| it * power)
        .find(|it| *it >= raw * 0.999)
        .unwrap_or(power * 10.0);
    let digits = (0..=decimals.saturating_add(1))
        .find(|it| {
            let scaled = step * 10_f64.powi(i32::from(*it));
            (scaled - scaled.round()).abs() < 1e-6
        })
        .unwrap_or(decimals);
    let mut at = (low / step).floor() * step;
    let mut all = Vec::new();
    while at < high + step * 0.999 && all.len() < 20 {
        all.extend(Decimal::from_f64(at, digits));
        at += step;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(low: f64, high: f64, decimals: u8, expected: &str) {
        let shown: Vec<String> =
            ticks(low, high, 4, decimals).iter().map(ToString::to_string).collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn ticks_are_round_and_span_the_values() {
        check(92.3, 94.1, 1, "92.0 92.5 93.0 93.5 94.0 94.5");
        check(0.0, 100.0, 1, "0 25 50 75 100");
        check(3_500_000.0, 5_200_000.0, 0, "3500000 4000000 4500000 5000000 5500000");
        check(12.03, 12.3, 2, "12.0 12.1 12.2 12.3");
    }

    #[test]
    fn one_value_has_a_scale_too() {
        assert!(ticks(5.0, 5.0, 4, 1).len() >= 2);
        assert_eq!(Scale::new(5.0, 5.0, 0.0, 10.0).at(5.0), Px(5.0));
    }
}
