//! The events of the test, besides height and weight.

/// One event of the fitness test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// 肺活量, millilitres.
    VitalCapacity,
    /// 50米跑, seconds.
    Run50m,
    /// 坐位体前屈, centimetres; below zero when the toes are not reached.
    SitAndReach,
    /// 1分钟跳绳, skips.
    RopeSkip,
    /// 1分钟仰卧起坐, times.
    SitUp,
    /// 引体向上, times.
    PullUp,
    /// 立定跳远, centimetres.
    StandingLongJump,
    /// 50米×8往返跑, seconds.
    Run50mX8,
    /// 800米跑, seconds.
    Run800m,
    /// 1000米跑, seconds.
    Run1000m,
}

impl Event {
    pub const ALL: [Self; 10] = [
        Self::VitalCapacity,
        Self::Run50m,
        Self::SitAndReach,
        Self::RopeSkip,
        Self::SitUp,
        Self::PullUp,
        Self::StandingLongJump,
        Self::Run50mX8,
        Self::Run800m,
        Self::Run1000m,
    ];

    /// Name of its column, in the tables and in the dataset of test results.
    pub const fn column(self) -> &'static str {
        match self {
            Self::VitalCapacity => "vital_capacity_ml",
            Self::Run50m => "run_50m_s",
            Self::SitAndReach => "sit_and_reach_cm",
            Self::RopeSkip => "rope_skip_1min",
            Self::SitUp => "sit_up_1min",
            Self::PullUp => "pull_up",
            Self::StandingLongJump => "standing_long_jump_cm",
            Self::Run50mX8 => "run_50m_x8_s",
            Self::Run800m => "run_800m_s",
            Self::Run1000m => "run_1000m_s",
        }
    }

    pub fn parse(column: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.column() == column)
    }

    /// Digits after the point that a result is given with: 2 for 50 m, 1 for sit-and-reach.
    pub const fn scale(self) -> u8 {
        match self {
            Self::Run50m => 2,
            Self::SitAndReach => 1,
            Self::VitalCapacity
            | Self::RopeSkip
            | Self::SitUp
            | Self::PullUp
            | Self::StandingLongJump
            | Self::Run50mX8
            | Self::Run800m
            | Self::Run1000m => 0,
        }
    }

    /// Digits after the point that the tables are written with.
    pub(super) const fn table_scale(self) -> u8 {
        if matches!(self, Self::Run50m) { 1 } else { self.scale() }
    }

    /// Whether this is a run, where fewer seconds are better.
    pub const fn less_is_better(self) -> bool {
        matches!(self, Self::Run50m | Self::Run50mX8 | Self::Run800m | Self::Run1000m)
    }

    /// A result in the units of the tables. Hundredths over 50 m are rounded up to a tenth.
    pub(super) const fn tabled(self, result: i32) -> i32 {
        match self {
            Self::Run50m => result.div_euclid(10) + if result.rem_euclid(10) > 0 { 1 } else { 0 },
            Self::VitalCapacity
            | Self::SitAndReach
            | Self::RopeSkip
            | Self::SitUp
            | Self::PullUp
            | Self::StandingLongJump
            | Self::Run50mX8
            | Self::Run800m
            | Self::Run1000m => result,
        }
    }

    /// A threshold in the unit that results are given in.
    pub(super) const fn given(self, threshold: i32) -> i32 {
        if matches!(self, Self::Run50m) { threshold * 10 } else { threshold }
    }

    /// Whether a result is as good as a threshold.
    pub(super) const fn reaches(self, result: i32, threshold: i32) -> bool {
        if self.less_is_better() { result <= threshold } else { result >= threshold }
    }

    /// Place in [`Event::ALL`].
    #[expect(clippy::as_conversions, reason = "the discriminant of an enum without fields")]
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}
