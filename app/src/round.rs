//! A round of the office: what time does to cases, letters that go out, rows that go to the lake.
//!
//! One process makes rounds at a time. Whatever was done is done: the next round goes on where the last one was stopped.

use std::sync::Arc;

use anyhow::Result;
use casework::cases::{Ticked, tick};
use casework::letters::{self, Issuing, Press, Templates};
use casework::{Office, outbox};
use documents::letter::Fonts;
use jiff::Timestamp;
use model::Entropy;

use crate::centre::Centre;
use crate::turn::Turn;
use crate::{office, seals};

mod facts;

pub(crate) use self::facts::Taken;

/// What a round did.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) ticked: Ticked,
    pub(crate) letters: Issuing,
    /// Why no letter could be printed at all, when some wait.
    pub(crate) hindrance: Option<anyhow::Error>,
    /// By dataset.
    pub(crate) facts: Vec<(String, Taken)>,
}

impl Round {
    /// What somebody has to do something about, without a name or a number of a case: fit for a log.
    pub(crate) fn trouble(&self) -> Option<String> {
        if let Some(error) = &self.hindrance {
            return Some(format!("letters wait: {error:#}"));
        }
        let unknown = self.facts.iter().filter(|(_, it)| it.is_unknown).count();
        let waiting = self.letters.failed.len() + unknown;
        (waiting > 0)
            .then(|| format!("{waiting} letters or rows of cases wait; see `haihe cases run`"))
    }
}

/// Makes a round at an instant.
pub(crate) async fn make(
    centre: &Centre,
    office: &Office,
    origin: &str,
    _turn: &Turn,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Round> {
    let mut round = Round { ticked: tick(office, at, entropy).await?, ..Round::default() };
    if !outbox::letters(office, 1).await?.is_empty() {
        match press(centre, origin, at, entropy) {
            Ok(press) => {
                round.letters = letters::issue_waiting(office, &press, at, entropy).await?;
            }
            // Rows do not wait for fonts.
            Err(error) => round.hindrance = Some(error),
        }
    }
    round.facts = facts::take(centre, office, at).await?;
    Ok(round)
}

fn press(
    centre: &Centre,
    origin: &str,
    at: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Arc<Press>> {
    let name = format!("{}教育数据中心", centre.plan()?.city.zh);
    let press = Press {
        templates: Templates::read(&centre.data.join("rules/letters"))?,
        fonts: Fonts::find(&["/usr/share/fonts".into(), "/usr/local/share/fonts".into()])?,
        keys: seals::open(&centre.data, &name, at, entropy)?,
        folder: office::letters(&centre.data),
        origin: origin.to_owned(),
        is_generated: centre.settings()?.generated.is_some(),
    };
    Ok(Arc::new(press))
}
