//! Dispersion: the variation coefficient (差异系数) between the units of a level.
//!
//! CV = S / X, after the annex of the national rules on balanced development (standards §1.1):
//! weighted, X = Σx/ΣP and S = √Σ(Pᵢ/P)(Xᵢ−X)²; plain, the population standard deviation of the
//! ratios Xᵢ = xᵢ/Pᵢ over their mean. All sums are of integers; only the root is a float, so the
//! order of the units makes no difference.

use std::collections::BTreeMap;

use model::Decimal;
use model::figure::Observation;

use super::coverage::worse;
use super::evaluate::{Cell, Task};
use super::terms::{self, Sum};

/// Digits after the point of the mean and the standard deviation kept beside a coefficient.
const DIGITS: u8 = 6;

/// One unit: resource and pupils.
pub(super) type Unit = (Decimal, Decimal);

/// A coefficient with its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coefficient {
    pub(super) value: Decimal,
    /// Standard deviation, rounded to six digits.
    pub(super) deviation: Decimal,
    /// Mean, rounded to six digits.
    pub(super) mean: Decimal,
}

/// The coefficient at every organisation above the level. Numerator is S, denominator X.
pub(super) fn cells(task: &Task<'_>, level: &str, weighted: bool, least: Decimal) -> Vec<Cell> {
    let width = task.tree.len();
    let among = terms::Among::of(task.shared, task.frame, &task.tree, task.definition, task.year);
    let side = |list| terms::sums(task.shared, task.frame, (list, &among), task.year, width);
    let numerator = side(&task.definition.numerator);
    let denominator = side(&task.definition.denominator);
    let mut units: BTreeMap<usize, Vec<Unit>> = BTreeMap::new();
    let mut unknown: BTreeMap<usize, bool> = BTreeMap::new();
    for (position, node) in task.tree.iter().enumerate() {
        if node.organisation.level != level || node.is_carried {
            continue;
        }
        let part = numerator.sums.get(position).copied().unwrap_or_default();
        let whole = denominator.sums.get(position).copied().unwrap_or_default();
        let above = task.tree.upward(position).skip(1);
        match (part, whole) {
            (_, Sum::Known(pupils)) if pupils < least || pupils <= Decimal::ZERO => {}
            (Sum::Known(resource), Sum::Known(pupils)) => {
                above.for_each(|it| units.entry(it).or_default().push((resource, pupils)));
            }
            (Sum::Void, _) | (_, Sum::Void) => {}
            (Sum::Unknown, _) | (_, Sum::Unknown) => {
                above.for_each(|it| *unknown.entry(it).or_default() = true);
            }
        }
    }
    let cell = |position: usize| {
        let of = |side: &terms::Sums| side.coverage.get(position).copied().unwrap_or_default();
        let coverage = worse(of(&numerator), of(&denominator));
        let Some(units) = units.get(&position) else {
            let missing = unknown.contains_key(&position);
            let observation =
                if missing { Observation::Missing } else { Observation::NotApplicable };
            return Cell::empty(observation, coverage);
        };
        match coefficient(units, weighted, task.indicator.decimals) {
            Some(it) => Cell::of(it.value, it.deviation, Some(it.mean), coverage),
            None => Cell::empty(Observation::NotApplicable, coverage),
        }
    };
    (0..width).map(cell).collect()
}

/// The coefficient of some units, each with more than no pupils. `None` when the mean is zero.
///
/// The ratios are taken in units of the whole's mean, so that yuan and persons keep the same
/// number of digits; fewer digits are kept where the sums would pass 128 bits.
pub(super) fn coefficient(units: &[Unit], weighted: bool, decimals: u8) -> Option<Coefficient> {
    [1_000_000_000_000, 1_000_000_000, 1_000_000]
        .into_iter()
        .find_map(|one| fixed(units, weighted, one))
        .and_then(|it| it.finish(decimals))
}

/// CV² = `square` / `square_of_mean`, and the mean, before the root.
struct Moments {
    square: i128,
    square_of_mean: i128,
    mean: Decimal,
}

impl Moments {
    fn finish(&self, decimals: u8) -> Option<Coefficient> {
        let float = |units| Decimal::new(units, 0).to_f64();
        let root = (float(self.square) / float(self.square_of_mean)).sqrt();
        Some(Coefficient {
            value: Decimal::from_f64(root, decimals)?,
            deviation: Decimal::from_f64(root * self.mean.abs().to_f64(), DIGITS)?,
            mean: self.mean.rounded(DIGITS),
        })
    }
}

/// The moments with ratios in `one`-ths of the whole's mean; `None` past 128 bits or at mean zero.
fn fixed(units: &[Unit], weighted: bool, one: i128) -> Option<Moments> {
    let scale = |it: fn(&Unit) -> Decimal| units.iter().map(|unit| it(unit).scale()).max();
    let (resource_scale, pupil_scale) = (scale(|it| it.0)?, scale(|it| it.1)?);
    let resource: i128 = units.iter().map(|it| it.0.units_at(resource_scale)).sum();
    let pupils: i128 = units.iter().map(|it| it.1.units_at(pupil_scale)).sum();
    if resource == 0 || pupils == 0 {
        return None;
    }
    let mut ratios = Vec::with_capacity(units.len());
    for (x, p) in units {
        let (x, p) = (x.units_at(resource_scale), p.units_at(pupil_scale));
        let part = x.checked_mul(pupils)?.checked_mul(one)?;
        ratios.push((nearest(part, p.checked_mul(resource)?), p));
    }
    let whole: Decimal = units.iter().map(|it| it.0).sum();
    let count: Decimal = units.iter().map(|it| it.1).sum();
    let mean = whole.ratio(count, 1, 9)?;
    if weighted {
        let mut square: i128 = 0;
        for (ratio, p) in &ratios {
            let off = ratio - one;
            square = square.checked_add(off.checked_mul(off)?.checked_mul(*p)?)?;
        }
        return Some(Moments {
            square,
            square_of_mean: one.checked_mul(one)?.checked_mul(pupils)?,
            mean,
        });
    }
    let n = i128::try_from(units.len()).ok()?;
    let (mut sum, mut squares): (i128, i128) = (0, 0);
    for (ratio, _) in &ratios {
        sum = sum.checked_add(*ratio)?;
        squares = squares.checked_add(ratio.checked_mul(*ratio)?)?;
    }
    if sum == 0 {
        return None;
    }
    let square_of_mean = sum.checked_mul(sum)?;
    let mean_of_ratios = mean.to_f64() * Decimal::new(sum, 0).to_f64()
        / (Decimal::new(one, 0).to_f64() * Decimal::new(n, 0).to_f64());
    Some(Moments {
        square: n.checked_mul(squares)?.checked_sub(square_of_mean)?.max(0),
        square_of_mean,
        mean: Decimal::from_f64(mean_of_ratios, 9)?,
    })
}

/// The nearest integer to a quotient; `whole` is not zero.
const fn nearest(part: i128, whole: i128) -> i128 {
    let (quotient, rest) = (part.div_euclid(whole), part.rem_euclid(whole));
    if rest.unsigned_abs() >= whole.unsigned_abs().div_ceil(2) { quotient + 1 } else { quotient }
}
