//! Quotients: shares, ratios, rates, means, cohorts and plain counts from two sums.

use model::figure::{Coverage, Observation};
use model::indicator::Kind;

use super::evaluate::Cell;
use super::terms::Sum;

/// The figure of two sums, rounded half up; exact until then.
///
/// A whole of zero is nothing to take a share of, and a part that is unknown makes the figure missing.
pub(super) fn cell(kind: &Kind, decimals: u8, part: Sum, whole: Sum, coverage: Coverage) -> Cell {
    let Some(numerator) = part.known() else {
        let mut cell = Cell::empty(Observation::Missing, coverage);
        cell.denominator = whole.known();
        return cell;
    };
    if matches!(kind, Kind::Count) {
        return Cell::of(numerator.rounded(decimals), numerator, None, coverage);
    }
    let value = whole.known().map(|it| (it, numerator.ratio(it, kind.factor(), decimals)));
    let observation = match value {
        Some((denominator, Some(value))) => {
            return Cell::of(value, numerator, Some(denominator), coverage);
        }
        Some((_, None)) => Observation::NotApplicable,
        None => Observation::Missing,
    };
    Cell {
        value: None,
        numerator: Some(numerator),
        denominator: whole.known(),
        coverage,
        observation,
    }
}
