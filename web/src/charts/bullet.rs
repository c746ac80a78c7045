//! Baseline, now and target on one line. All targets of a table stand at the same place, and
//! better is always to the right, so that a column of them reads as one picture.

use askama::Template;
use model::Decimal;
use model::target::Direction;

use super::scale::{Px, extent};

const WIDTH: f64 = 200.0;
/// Where the baseline stands when the target differs from it.
const BASELINE: f64 = 28.0;
/// Where every target stands.
const GOAL: f64 = 148.0;
const MARGIN: f64 = 6.0;

/// What a bullet bar shows.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) baseline: Option<Decimal>,
    pub(crate) now: Option<Decimal>,
    pub(crate) goal: Option<Decimal>,
    /// Where the path to the target stands this year.
    pub(crate) due: Option<Decimal>,
    pub(crate) better: Direction,
    /// For the style sheet.
    pub(crate) status: &'static str,
    /// Said to readers who do not see the drawing.
    pub(crate) label: String,
}

/// A bullet bar, placed.
#[derive(Debug, Template)]
#[template(path = "charts/bullet.svg", escape = "html")]
pub(crate) struct Bullet {
    baseline: Option<Px>,
    now: Option<Px>,
    goal: Option<Px>,
    due: Option<Px>,
    /// The value lies beyond the drawing.
    beyond_right: bool,
    beyond_left: bool,
    status: &'static str,
    label: String,
}

impl Bullet {
    pub(crate) fn new(measured: &Measured) -> Self {
        let place = |value: Option<Decimal>| value.map(|it| Px(measured.place(it.to_f64())));
        // Without a target there is nothing to stand before or behind.
        let now = place(measured.now.filter(|_| measured.goal.is_some()));
        let clamp = |it: Px| Px(it.0.clamp(MARGIN, WIDTH - MARGIN));
        Self {
            baseline: place(measured.baseline).map(clamp),
            now: now.map(clamp),
            goal: place(measured.goal),
            due: place(measured.due).map(clamp),
            beyond_right: now.is_some_and(|it| it.0 > WIDTH - MARGIN + 0.05),
            beyond_left: now.is_some_and(|it| it.0 < MARGIN - 0.05),
            status: measured.status,
            label: measured.label.clone(),
        }
    }

    fn bar(&self) -> Option<(Px, Px)> {
        let (from, to) = (self.baseline?, self.now?);
        let (left, right) = if from.0 <= to.0 { (from.0, to.0) } else { (to.0, from.0) };
        (right - left > 0.5).then_some((Px(left), Px(right - left)))
    }
}

impl Measured {
    fn place(&self, value: f64) -> f64 {
        let (baseline, goal) = (self.baseline.map(Decimal::to_f64), self.goal.map(Decimal::to_f64));
        let sign = match self.better {
            Direction::Up => 1.0,
            Direction::Down => -1.0,
        };
        let anchor = goal.or(baseline).or(self.now.map(Decimal::to_f64)).unwrap_or(value);
        if let (Some(baseline), Some(goal)) = (baseline, goal)
            && (goal - baseline) * sign > f64::EPSILON
        {
            return BASELINE + (value - baseline) / (goal - baseline) * (GOAL - BASELINE);
        }
        // The target equals the baseline, or lies behind it: one scale that holds all values.
        let shown = [self.baseline, self.now, self.due].into_iter().flatten();
        let shown = shown.map(|it| (it.to_f64() - anchor) * sign);
        let (low, high) = extent(shown).unwrap_or((0.0, 0.0));
        let room =
            |span: f64, paper: f64| if span > f64::EPSILON { paper / span } else { f64::MAX };
        let unit = room(high, WIDTH - GOAL - 2.0 * MARGIN).min(room(-low, GOAL - BASELINE));
        if unit >= f64::MAX { GOAL } else { GOAL + (value - anchor) * sign * unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(baseline: &str, now: &str, goal: &str, better: Direction) -> Measured {
        let number = |text: &str| text.parse().ok();
        Measured {
            baseline: number(baseline),
            now: number(now),
            goal: number(goal),
            due: None,
            better,
            status: "met",
            label: String::new(),
        }
    }

    #[track_caller]
    fn check(it: &Measured, baseline: f64, now: f64) {
        let bullet = Bullet::new(it);
        assert_eq!(bullet.goal, Some(Px(GOAL)), "{it:?}");
        assert_eq!(bullet.baseline, Some(Px(baseline)), "{it:?}");
        assert_eq!(bullet.now, Some(Px(now)), "{it:?}");
    }

    #[test]
    fn better_is_to_the_right_whichever_way_is_better() {
        check(&measured("40", "45", "50", Direction::Up), BASELINE, (BASELINE + GOAL) / 2.0);
        check(&measured("50", "45", "40", Direction::Down), BASELINE, (BASELINE + GOAL) / 2.0);
    }

    #[test]
    fn a_target_that_equals_its_baseline_divides_nothing() {
        check(&measured("0", "0", "0", Direction::Down), GOAL, GOAL);
        check(&measured("98", "97", "98", Direction::Up), GOAL, BASELINE);
        check(&measured("98", "99", "98", Direction::Up), GOAL, WIDTH - 2.0 * MARGIN);
    }

    #[test]
    fn a_value_beyond_the_paper_stays_on_it_and_says_so() {
        let bullet = Bullet::new(&measured("40", "90", "50", Direction::Up));
        assert!(bullet.beyond_right);
        assert_eq!(bullet.now, Some(Px(WIDTH - MARGIN)));
    }
}
