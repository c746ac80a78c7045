//! Chance that comes out the same on every machine.

/// `SplitMix64`: good enough to pick figures, and printed in a few lines for whoever wants to pick them again.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn from(number: u64) -> Self {
        Self(number)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of them; `None` of none.
    pub(super) fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        let many = u64::try_from(among.len()).ok().filter(|it| *it > 0)?;
        // The bias of a few thousand among 2^64 is far below what anybody could see.
        among.get(usize::try_from(self.next() % many).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_number_picks_the_same() {
        // The first two numbers of the published algorithm from zero.
        let mut chance = Chance::from(0);
        assert_eq!([chance.next(), chance.next()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
        assert_eq!(Chance::from(1).pick(&[7]), Some(&7));
        assert_eq!(Chance::from(1).pick::<u8>(&[]), None);
    }
}
