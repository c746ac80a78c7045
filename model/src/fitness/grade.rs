//! Who is compared with whom, and what a total is called.

/// The groups that the standard has tables for: school grades 1 to 12, university years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group(u8);

impl Group {
    /// `G1` to `G12`, then university years 1–2 and 3–4.
    pub const ALL: [Self; 14] = {
        let mut all = [Self(0); 14];
        let mut at: u8 = 0;
        while at < 14 {
            #[expect(clippy::as_conversions, clippy::indexing_slicing, reason = "a const loop")]
            {
                all[at as usize] = Self(at);
            }
            at += 1;
        }
        all
    };

    const NAMES: [&str; 14] =
        ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12", "U12", "U34"];

    /// `G1` to `G12`, `U12` or `U34`.
    pub fn parse(name: &str) -> Option<Self> {
        let at = Self::NAMES.iter().position(|it| *it == name)?;
        u8::try_from(at).ok().map(Self)
    }

    pub fn as_str(self) -> &'static str {
        Self::NAMES.get(self.index()).copied().unwrap_or_default()
    }

    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a total is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// 不及格, below 60.
    Fail,
    /// 及格, from 60.
    Pass,
    /// 良好, from 80.
    Good,
    /// 优秀, from 90.
    Excellent,
}

impl Grade {
    /// The grade of a total in tenths of a point.
    pub const fn of_total(tenths: u16) -> Self {
        match tenths {
            900.. => Self::Excellent,
            800.. => Self::Good,
            600.. => Self::Pass,
            _ => Self::Fail,
        }
    }

    /// `excellent`, `good`, `pass` or `fail`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::Pass => "pass",
            Self::Fail => "fail",
        }
    }
}
