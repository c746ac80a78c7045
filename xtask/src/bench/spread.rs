//! Several runs of the same thing, in three numbers.

use serde::Serialize;

/// The middle one of some measurements, and their ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Spread {
    /// Of no measurements it is zero.
    pub(super) fn of(measurements: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = measurements.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let at = |position: usize| sorted.get(position).copied().unwrap_or_default();
        let last = sorted.len().saturating_sub(1);
        let median = f64::midpoint(at(last / 2), at(sorted.len() / 2));
        Self { median, least: at(0), most: at(last) }
    }

    /// A single measurement.
    pub(super) const fn one(measured: f64) -> Self {
        Self { median: measured, least: measured, most: measured }
    }

    /// The median with its ends, in so many digits behind the point.
    pub(super) fn shown(&self, digits: usize) -> String {
        let Self { median, least, most } = self;
        format!("{median:.digits$} ({least:.digits$}–{most:.digits$})")
    }
}

/// A count as a number to reckon with.
pub(super) fn count(many: usize) -> f64 {
    f64::from(u32::try_from(many).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        let spread = Spread::of([3.0, 1.0, 2.0]);
        assert_eq!(spread, Spread { median: 2.0, least: 1.0, most: 3.0 });
        assert!((Spread::of([1.0, 2.0]).median - 1.5).abs() < 1e-12);
        assert_eq!(Spread::of([]), Spread::default());
        assert_eq!(spread.shown(1), "2.0 (1.0–3.0)");
    }
}
