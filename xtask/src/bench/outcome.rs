//! What became of engines, and all that a workload found.

use super::aim::Aim;
use super::answers::Comparison;
use super::chart::Chart;
use super::engines::{Engine, From};
use super::running::Measured;
use super::spread::Spread;
use super::table::Table;

/// Words for something that is measured of an engine, and how it is read.
pub(super) type Kind = (&'static str, fn(&Outcome) -> Spread);

/// What became of one engine.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) from: From,
    pub(super) is_ours: bool,
    pub(super) runs: Vec<Measured>,
    pub(super) compared: Option<Comparison>,
    /// Whether any run gave a wrong answer.
    pub(super) wrong: bool,
    pub(super) failure: Option<String>,
}

/// All that a workload found.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) engines: Vec<Outcome>,
    pub(super) tables: Vec<Table>,
    pub(super) aims: Vec<Aim>,
    /// Where it is not that of the engines.
    pub(super) chart: Option<Chart>,
    /// Errors and wrong answers that are no engine's.
    pub(super) wrong: Vec<String>,
    /// What a reader has to know beside the numbers.
    pub(super) notes: Vec<String>,
}

impl Outcome {
    pub(super) fn of(engine: &Engine) -> Self {
        Self {
            name: engine.name.clone(),
            title: engine.title.clone(),
            from: engine.from,
            is_ours: engine.is_ours,
            runs: Vec::new(),
            compared: None,
            wrong: false,
            failure: None,
        }
    }

    /// Takes a comparison; one that was wrong stays wrong.
    pub(super) fn judge(&mut self, compared: Comparison) {
        if self.wrong {
            return;
        }
        if compared.different > 0 {
            println!("  {}: {compared}", self.title);
            self.wrong = true;
        }
        self.compared = Some(compared);
    }

    pub(super) fn spread(&self, of: impl Fn(&Measured) -> f64) -> Spread {
        Spread::of(self.runs.iter().map(of))
    }

    pub(super) fn cpu(&self) -> Spread {
        self.spread(|it| it.cpu_s)
    }

    pub(super) fn wall(&self) -> Spread {
        self.spread(|it| it.wall_s)
    }

    pub(super) fn peak(&self) -> Spread {
        self.spread(|it| mebibytes(it.peak_bytes))
    }

    /// With what it reads, as the report calls it.
    pub(super) fn label(&self) -> String {
        match self.from {
            From::Prepared => self.title.clone(),
            From::Partitioned | From::Whole => format!("{}, {}", self.title, self.from.title()),
        }
    }

    pub(super) fn verdict(&self) -> String {
        match (&self.failure, &self.compared) {
            (Some(failure), _) => format!("failed: {failure}"),
            (None, Some(it)) if self.wrong => it.to_string(),
            (None, Some(it)) => format!("{} the same", it.same),
            (None, None) => "–".to_owned(),
        }
    }
}

impl Results {
    pub(super) fn of_engines(engines: Vec<Outcome>) -> Self {
        Self { engines, ..Self::default() }
    }

    /// The engine whose name begins so that needs the least processor time, of those that ran.
    pub(super) fn best(&self, name: &str) -> Option<&Outcome> {
        let named = self.ran().filter(|it| it.name.starts_with(name));
        named.min_by(|a, b| a.cpu().median.total_cmp(&b.cpu().median))
    }

    /// The least of something among all engines that are not ours.
    pub(super) fn best_peer(&self, of: fn(&Outcome) -> Spread) -> Option<(&Outcome, f64)> {
        let peers = self.ran().filter(|it| !it.is_ours).map(|it| (it, of(it).median));
        peers.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn ran(&self) -> impl Iterator<Item = &Outcome> {
        self.engines.iter().filter(|it| !it.runs.is_empty())
    }

    /// All that is not as it should be; an aim that is missed is no fault.
    pub(super) fn faults(&self) -> Vec<String> {
        let engines = self.engines.iter().filter(|it| it.failure.is_some() || it.wrong);
        let engines = engines.map(|it| format!("{}: {}", it.title, it.verdict()));
        engines.chain(self.wrong.iter().cloned()).collect()
    }
}

pub(super) fn mebibytes(bytes: u64) -> f64 {
    // To the kibibyte: more digits than a measurement of memory has.
    f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0
}
