//! How long answers took.

use std::time::Duration;

use super::spread::{Spread, count};

/// Times of many answers of one kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds that so many of a hundred answers did not take longer than; zero of none.
    pub(super) fn within(&self, percents: &[usize]) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = |percent: &usize| {
            // The nearest rank: the first that so many are not above.
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted.get(rank - 1).map_or(0.0, |it| it.as_secs_f64() * 1_000.0)
        };
        percents.iter().map(at).collect()
    }

    /// One of [`Self::within`].
    pub(super) fn percentile(&self, percent: usize) -> f64 {
        self.within(&[percent]).first().copied().unwrap_or_default()
    }

    /// p95, from the middle one to the 99th of a hundred: for a chart.
    pub(super) fn ends(&self) -> Spread {
        let [least, median, most] = [50, 95, 99].map(|it| self.percentile(it));
        Spread { median, least, most }
    }

    /// How many a second, when they took so long together.
    pub(super) fn per_second(&self, time: Duration) -> f64 {
        count(self.len()) / time.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Latencies;

    #[test]
    fn ninety_five_of_a_hundred_are_within_the_ninety_fifth() {
        let mut latencies = Latencies::default();
        (1..=100).rev().for_each(|it| latencies.add(Duration::from_millis(it)));
        assert_eq!(latencies.within(&[50, 95, 99, 100]), [50.0, 95.0, 99.0, 100.0]);
        assert_eq!(Latencies::default().within(&[95]), [0.0]);
        assert!((latencies.per_second(Duration::from_secs(4)) - 25.0).abs() < 1e-9);
    }
}
