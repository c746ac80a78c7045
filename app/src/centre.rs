//! A data centre: its folder, its registry, its lake and the plan it runs.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use governance::collection::Receiver;
use governance::figures::Published;
use governance::plan::{self, PlanError};
use governance::release::{self, Release};
use jiff::Timestamp;
use jiff::tz::Offset;
use lake::Lake;
use model::Moment;
use model::organisation::History;
use model::plan::Plan;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::arguments::Place;
use crate::cluster::Cluster;
use crate::office::Attachments;
use crate::origin::Origin;
use crate::progress::Bar;
use crate::whole;

/// An opened data centre.
#[derive(Clone, Debug)]
pub(crate) struct Centre {
    pub(crate) data: PathBuf,
    pub(crate) store: Store,
    pub(crate) lake: Lake,
    /// The registry is no file of the folder.
    elsewhere: bool,
}

/// What a data folder says of itself: `centre.toml`, written whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// Version of the plan in force.
    pub(crate) plan: String,
    /// Number and size of the demonstration city, when the records were generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) generated: Option<Generated>,
    /// How browsers reach the site; this machine only without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<Origin>,
    /// Password policy in force; the usual one without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password_policy: Option<String>,
    /// The registry is no file of the folder. Where it is stands on the command line: the address may hold a password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) registry_elsewhere: bool,
    /// Size and scanner of files that are attached to cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) attachments: Option<Attachments>,
    /// The cluster that states are computed on; this machine without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) compute: Option<Cluster>,
}

/// How a demonstration city was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Generated {
    pub(crate) number: u64,
    pub(crate) size: String,
}

impl Centre {
    /// Opens the registry and the lake of a data folder that was begun with `init` or `demo`.
    pub(crate) async fn open(place: &Place) -> Result<Self> {
        if !place.data.join("centre.toml").exists() {
            bail!(
                "{} is no data centre; begin one with `haihe init --plan DIR --data {0}` or `haihe demo`",
                place.data.display()
            );
        }
        let centre = Self::begin(place).await?;
        centre.refresh_paths(Timestamp::now()).await?;
        Ok(centre)
    }

    /// Lets organisations stand where they do on the city's day.
    pub(crate) async fn refresh_paths(&self, now: Timestamp) -> Result<()> {
        // The plan, which tells that day, is read on few days.
        if network::may_paths_be_due(&self.store, now).await? {
            network::refresh_paths(&self.store, now, self.offset()?).await?;
        }
        Ok(())
    }

    /// Opens the folder, making what is not there yet.
    pub(crate) async fn begin(place: &Place) -> Result<Self> {
        fs::create_dir_all(&place.data)
            .with_context(|| format!("{} could not be made", place.data.display()))?;
        let file = format!("sqlite:{}", place.data.join("haihe.db").display());
        let elsewhere = place.database.is_some();
        if !elsewhere && settings(&place.data).is_ok_and(|it| it.registry_elsewhere) {
            bail!(
                "the registry of {} is no file of it; say where it is, with --database or HAIHE_DATABASE",
                place.data.display()
            );
        }
        let url = place.database.clone().unwrap_or(file);
        let store = Store::open(&url).await?;
        // Before anything is asked by where organisations stand.
        network::check_order(&store).await?;
        let lake = Lake::open(&place.data)?;
        Ok(Self { data: place.data.clone(), store, lake, elsewhere })
    }

    pub(crate) fn settings(&self) -> Result<Settings> {
        settings(&self.data)
    }

    /// Puts settings in force.
    pub(crate) fn settle(&self, settings: &Settings) -> Result<()> {
        settle(&self.data, Settings { registry_elsewhere: self.elsewhere, ..settings.clone() })
    }

    /// What links to the site begin with: as it was asked for, as it was settled, or as a server of this machine has it.
    pub(crate) fn origin(&self, asked: Option<Origin>, port: u16) -> Result<Origin> {
        let origin = match asked {
            Some(asked) => Some(asked),
            None => self.settings()?.origin,
        };
        Ok(origin.unwrap_or_else(|| Origin::here(port)))
    }

    /// Where copies of plan folders are kept, one a version.
    pub(crate) fn plans(&self) -> PathBuf {
        self.data.join("plans")
    }

    /// The plan in force.
    pub(crate) fn plan(&self) -> Result<Plan> {
        plan_in_force(&self.data)
    }

    /// The plan in force and all that was recorded of organisations, read at once: neither needs the other.
    pub(crate) async fn plan_and_history(&self) -> Result<(Plan, History)> {
        let centre = self.clone();
        let plan = tokio::task::spawn_blocking(move || centre.plan());
        let (plan, history) = tokio::join!(plan, network::history(&self.store));
        Ok((plan??, history?))
    }

    /// What files of records are brought to.
    pub(crate) fn receiver<'a>(
        &'a self,
        plan: &'a Plan,
        history: &'a History,
        now: Timestamp,
    ) -> Receiver<'a> {
        Receiver { lake: &self.lake, data: &self.data, plan, history, now }
    }

    /// A plan as it was when it had this version, with the city's copy of its text if there is one.
    pub(crate) fn plan_version(&self, version: &str) -> Result<Plan> {
        plan_version(&self.data, version)
    }

    /// How far the city's clocks are from UTC.
    pub(crate) fn offset(&self) -> Result<Offset> {
        Ok(self.plan()?.clocks())
    }

    /// The release in force at a moment, or the latest, brought into memory.
    pub(crate) async fn published(&self, as_of: Option<Moment>) -> Result<Published> {
        let as_of = match as_of {
            Some(moment) => {
                let at = moment.instant(self.offset()?);
                Some(at.context("that day is beyond the calendar; name an earlier one")?)
            }
            None => None,
        };
        let Some(release) = self.release(as_of).await? else {
            bail!(
                "nothing is published{}; run `haihe compute --data {}`",
                as_of.map_or(String::new(), |it| format!(" as of {it}")),
                self.data.display()
            );
        };
        self.bring(release, None).await
    }

    pub(crate) async fn release(&self, as_of: Option<Timestamp>) -> Result<Option<Release>> {
        Ok(match as_of {
            Some(at) => release::as_of(&self.store, at).await?,
            None => release::latest(&self.store).await?,
        })
    }

    /// Brings a release into memory, beside one that is there already.
    pub(crate) async fn bring(
        &self,
        release: Release,
        before: Option<&Published>,
    ) -> Result<Published> {
        let plan = Arc::new(self.plan_version(&release.plan_version)?);
        let mut rows = 0;
        for (name, version) in &release.tables {
            // What is kept is there at once.
            let measures: Vec<_> = plan.measures_of(name).collect();
            if let Some(dataset) = plan.datasets.get(name)
                && before.is_none_or(|it| it.release().tables.get(name) != Some(version))
                && !measures.is_empty()
                && !self.lake.has_prepared_states(dataset, *version, &measures)?
            {
                rows += self.lake.table_at(dataset, *version).await?.rows();
            }
        }
        let bar = Bar::rows("facts → states", rows);
        let told = bar.clone();
        let progress: release::Progress = Arc::new(move |rows| told.add(rows));
        let published =
            Published::load_beside(&self.store, &self.lake, plan, release, progress, before)
                .await?;
        bar.finish();
        Ok(published)
    }
}

/// Says of a data folder whether its registry is no file of it.
pub(crate) fn move_registry(data: &Path, elsewhere: bool) -> Result<()> {
    settle(data, Settings { registry_elsewhere: elsewhere, ..settings(data)? })
}

fn settle(data: &Path, settings: Settings) -> Result<()> {
    let path = data.join("centre.toml");
    let text = toml::to_string(&settings)?;
    whole::write(&path, whole::SHARED, |it| it.write_all(text.as_bytes()))
        .with_context(|| format!("{} could not be written", path.display()))
}

pub(crate) fn settings(data: &Path) -> Result<Settings> {
    let path = data.join("centre.toml");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("{} could not be read", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not as it was written", path.display()))
}

/// The plan in force of a data folder; its registry is not asked.
pub(crate) fn plan_in_force(data: &Path) -> Result<Plan> {
    plan_version(data, &settings(data)?.plan)
}

fn plan_version(data: &Path, version: &str) -> Result<Plan> {
    let plans = data.join("plans");
    let Some(folder) = plan::stored(&plans, version) else {
        bail!(
            "the data folder has no copy of plan version {version}; put {} back from a backup",
            plans.display()
        );
    };
    let mut plan = plan::load_copy(&folder).map_err(|errors| refused(&folder, &errors))?;
    let text = data.join("plan-text.txt");
    if text.exists() {
        let text = fs::read_to_string(&text)
            .with_context(|| format!("{} could not be read", text.display()))?;
        plan::attach_text(&mut plan, &text);
    }
    Ok(plan)
}

/// All errors of a plan folder, as one message.
pub(crate) fn refused(folder: &Path, errors: &[PlanError]) -> anyhow::Error {
    let list: Vec<String> = errors.iter().map(|it| format!("  {it}")).collect();
    anyhow::anyhow!("{} is not sound:\n{}", folder.display(), list.join("\n"))
}
