//! Random numbers that come out the same everywhere: `SplitMix64`, one stream for every purpose.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// Spreads the bits of a number over all 64 (the output function of `SplitMix64`).
pub(crate) const fn mix(number: u64) -> u64 {
    let it = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    it ^ (it >> 31)
}

impl Chance {
    /// The stream of one purpose; streams of different purposes have nothing to do with each other.
    pub(crate) fn new(number: u64, purpose: &[u64]) -> Self {
        Self(purpose.iter().fold(mix(number), |state, it| mix(state.wrapping_add(STEP) ^ mix(*it))))
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// From 0 to `bound` - 1; 0 when the bound is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let high = ((self.next() >> 32) * u64::from(bound)) >> 32;
        u32::try_from(high).unwrap_or(0)
    }

    /// The same as a position.
    pub(crate) fn place(&mut self, bound: usize) -> usize {
        super::at(self.below(u32::try_from(bound).unwrap_or(u32::MAX)))
    }

    /// True so many times of ten thousand.
    pub(crate) fn happens(&mut self, per_ten_thousand: u32) -> bool {
        self.below(10_000) < per_ten_thousand
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u32::try_from(high - low + 1).unwrap_or(1);
        low + i64::from(self.below(width))
    }

    /// From -`width` to `width`, the middle likelier than the ends.
    pub(crate) fn around(&mut self, width: i64) -> i64 {
        let half = width.div_euclid(2);
        self.between(-half, half) + self.between(half - width, width - half)
    }

    /// Positions below `length`, about so many of ten thousand, rising.
    pub(crate) fn strewn(&mut self, length: usize, per_ten_thousand: u32) -> Vec<usize> {
        if per_ten_thousand == 0 {
            return Vec::new();
        }
        let stride = 10_000 / per_ten_thousand.min(10_000);
        let mut found = Vec::with_capacity(length / super::at(stride) + 1);
        let mut start = 0;
        while start < length {
            let position = start + super::at(self.below(stride));
            if position < length {
                found.push(position);
            }
            start += super::at(stride);
        }
        found
    }

    /// Marks exactly `count` of `length` places.
    pub(crate) fn marks(&mut self, length: usize, count: usize) -> Vec<bool> {
        let mut left = u32::try_from(count).unwrap_or(u32::MAX);
        let mut places = u32::try_from(length).unwrap_or(u32::MAX);
        let mut marks = Vec::with_capacity(length);
        for _ in 0..length {
            let marked = left > 0 && self.below(places) < left;
            left -= u32::from(marked);
            places -= 1;
            marks.push(marked);
        }
        marks
    }
}
