//! Sharing whole numbers out, so that parts add up and a ratio is the printed one.

use model::Decimal;

/// Shares `total` out in proportion to `weights`; what rounding leaves goes to the largest remainders.
pub(crate) fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|it| u128::from(*it)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (position, weight) in weights.iter().enumerate() {
        let exact = u128::from(total) * u128::from(*weight);
        parts.push(u64::try_from(exact / sum).unwrap_or(u64::MAX));
        remainders.push((exact % sum, position));
    }
    let rest = total - parts.iter().sum::<u64>();
    remainders.sort_unstable_by(|(a, i), (b, j)| b.cmp(a).then(i.cmp(j)));
    for (_, position) in remainders.into_iter().take(usize::try_from(rest).unwrap_or(0)) {
        parts[position] += 1;
    }
    parts
}

/// The same with no part above its cap; what does not fit goes where there is room.
pub(crate) fn apportion_within(total: u64, weights: &[u64], caps: &[u64]) -> Vec<u64> {
    let mut parts = vec![0_u64; weights.len()];
    let mut left = total.min(caps.iter().sum());
    while left > 0 {
        let open: Vec<u64> = weights
            .iter()
            .zip(caps)
            .zip(&parts)
            .map(|((weight, cap), part)| if part < cap { (*weight).max(1) } else { 0 })
            .collect();
        let mut given = 0;
        for (position, more) in apportion(left, &open).into_iter().enumerate() {
            let more = more.min(caps[position] - parts[position]);
            parts[position] += more;
            given += more;
        }
        if given == 0 {
            break;
        }
        left -= given;
    }
    parts
}

/// The whole number nearest to so many percent of a whole.
pub(crate) fn percent_of(whole: u64, percent: Decimal) -> u64 {
    times(whole, percent, 100)
}

/// The whole number nearest to `whole` × `factor` / `per`.
pub(crate) fn times(whole: u64, factor: Decimal, per: i64) -> u64 {
    let whole = Decimal::new(i128::from(whole), 0);
    let product = whole.product(factor).ratio(Decimal::from_integer(per), 1, 0);
    product.and_then(|it| u64::try_from(it.units()).ok()).unwrap_or(0)
}

/// The whole of which `part` is nearest to so many percent.
pub(crate) fn whole_of(part: u64, percent: Decimal) -> u64 {
    per_of(part, percent, 100)
}

/// The whole for which `part` / whole × `per` is nearest to `rate`.
pub(crate) fn per_of(part: u64, rate: Decimal, per: i64) -> u64 {
    let whole = Decimal::new(i128::from(part), 0).times(per).ratio(rate, 1, 0);
    whole.and_then(|it| u64::try_from(it.units()).ok()).unwrap_or(0)
}

/// Whether some part of a whole of this size shows as `percent` with one digit more than the percent has.
pub(crate) fn divides(whole: u64, percent: Decimal) -> bool {
    let part = Decimal::new(i128::from(percent_of(whole, percent)), 0);
    let shown = part.ratio(Decimal::new(i128::from(whole), 0), 100, percent.scale() + 1);
    shown.is_some_and(|it| it == percent)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_add_up(total in 0_u64..10_000_000, weights in prop::collection::vec(0_u64..1_000_000, 1..40)) {
            let parts = apportion(total, &weights);
            let expected = if weights.iter().all(|it| *it == 0) { 0 } else { total };
            prop_assert_eq!(parts.iter().sum::<u64>(), expected);
        }

        #[test]
        fn no_part_passes_its_cap(total in 0_u64..100_000, pairs in prop::collection::vec((0_u64..1000, 0_u64..5000), 1..40)) {
            let (weights, caps): (Vec<u64>, Vec<u64>) = pairs.into_iter().unzip();
            let parts = apportion_within(total, &weights, &caps);
            prop_assert!(parts.iter().zip(&caps).all(|(part, cap)| part <= cap));
            prop_assert_eq!(parts.iter().sum::<u64>(), total.min(caps.iter().sum()));
        }
    }

    #[test]
    fn wholes_and_parts_meet() {
        let printed: Decimal = "92.3".parse().unwrap();
        assert_eq!(percent_of(1000, printed), 923);
        assert_eq!(whole_of(923, printed), 1000);
        assert!(divides(1000, printed));
        assert!(divides(141, "95".parse().unwrap()));
        assert!(!divides(128, "95".parse().unwrap()));
    }
}
