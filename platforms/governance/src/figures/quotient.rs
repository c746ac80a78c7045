//! Quotients: shares, ratios, rates, means, cohorts and plain counts from two sums.

use model::Decimal;
use model::figure::{Coverage, Observation};
use model::indicator::Kind;

use super::evaluate::Cell;
use super::terms::Sum;

/// Whether nobody is expected to report a side, and nothing came of either.
///
/// Where a definition says whom it means, it does not apply to such an organisation. Where it does not say,
/// that nobody is expected may as well come of a list of organisations that is not complete.
pub(super) fn is_of_nobody(kind: &Kind, part: Sum, whole: Sum) -> bool {
    if matches!(kind, Kind::Count) {
        return part == Sum::Void;
    }
    let is_nothing = |it: Sum| it == Sum::Void || it.known().is_some_and(Decimal::is_zero);
    (part == Sum::Void || whole == Sum::Void) && is_nothing(part) && is_nothing(whole)
}

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
