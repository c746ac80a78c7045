//! One value on a scale that all rows of a ranking share, with the target as a tick.

use askama::Template;
use model::Decimal;

use super::scale::{Px, Scale, extent};

const WIDTH: f64 = 220.0;
const MARGIN: f64 = 6.0;

/// The scale of a ranking.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DotScale {
    scale: Scale,
    goal: Option<Px>,
}

/// One row's dot, placed.
#[derive(Debug, Template)]
#[template(path = "charts/dot.svg", escape = "html")]
pub(crate) struct Dot {
    now: Option<Px>,
    goal: Option<Px>,
    status: &'static str,
}

impl DotScale {
    /// Spans all `values` and the `goal`.
    pub(crate) fn new(values: impl Iterator<Item = Decimal>, goal: Option<Decimal>) -> Self {
        let (low, high) = extent(values.chain(goal).map(Decimal::to_f64)).unwrap_or((0.0, 1.0));
        let scale = Scale::new(low, high, MARGIN, WIDTH - MARGIN);
        Self { scale, goal: goal.map(|it| scale.at(it.to_f64())) }
    }

    pub(crate) fn dot(self, value: Option<Decimal>, status: &'static str) -> Dot {
        Dot { now: value.map(|it| self.scale.at(it.to_f64())), goal: self.goal, status }
    }
}
