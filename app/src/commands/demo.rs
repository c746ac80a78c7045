//! `haihe demo`: a whole city from one number, through the same checks as any other records.

mod filling;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use demonstration::{City, Size, accounts, cases};
use governance::collection::Pseudonyms;
use governance::plan;
use jiff::Timestamp;
use model::organisation::Organisation;
use model::plan::Plan;
use network::Changes;

use self::filling::fill;
use super::{compute, init, scoreboard, serve};
use crate::arguments::{Demo, DemoSize, Format};
use crate::centre::{Centre, Generated, Settings, refused};
use crate::elsewhere::Elsewhere;
use crate::office;
use crate::origin::Origin;
use crate::surroundings::{Reached, SystemEntropy};
use crate::terminal::{answer, remark};

pub(super) async fn run(demo: Demo) -> Result<ExitCode> {
    let began = Instant::now();
    let folder = demonstrable(&demo.plan)?;
    let plan = plan::load(&folder).map_err(|errors| refused(&folder, &errors))?;
    let settings = demonstration::Settings::read(&folder)?;
    make_room(&demo.place.data)?;
    let centre = Centre::begin(&demo.place).await?;
    let size = match demo.size {
        DemoSize::S => ("s", Size::Small),
        DemoSize::M => ("m", Size::Whole),
        DemoSize::L => ("l", Size::Large),
    };
    let generated = Generated { number: demo.number, size: size.0.to_owned() };
    init::take_up(&centre, &plan, &folder, Timestamp::now()).await?;
    let generated = Some(generated);
    centre.settle(&Settings { plan: plan.version.clone(), generated, ..Settings::default() })?;

    remark(&format!("a demonstration city of size {} from the number {}", size.0, demo.number));
    let given = given(&centre, &plan).await?;
    let city = City::new(&plan, &settings, &given, size.1, demo.number)?;
    let roll = city.organisations();
    let changes = Changes::of(roll.versions, roll.memberships, roll.events);
    network::record(&centre.store, &changes, Timestamp::now(), plan.clocks()).await?;

    let pseudonyms = if demo.repeatable {
        Pseudonyms::with_key(key_from(demo.number))
    } else {
        Pseudonyms::open(&centre.data)?
    };
    let filled = Box::pin(fill(&centre, &plan, &city, &pseudonyms)).await?;
    city.write_corrections(&plan, &centre.data.join("corrections"))?;
    remark(&format!(
        "{} rows taken, {} refused by the checks ({}), {} corrected later",
        filled.accepted,
        filled.refused,
        centre.data.join("findings.csv").display(),
        filled.corrected,
    ));
    let history = network::history(&centre.store).await?;
    let (store, now) = (&centre.store, Timestamp::now());
    let begun = now - cases::BEGINNING;
    let places =
        accounts::open(store, &plan, &history, demo.number, begun, &mut SystemEntropy).await?;
    let desk = office::open(&centre, begun).await?;
    let vault = office::vault(&centre.data, None);
    let made =
        cases::make(store, &desk, &vault, &places, demo.number, (now, plan.clocks())).await?;
    remark(&format!("{made} cases begun by the accounts that can be tried"));
    compute::publish(&centre).await?;
    let published = centre.published(None).await?;
    answer(&scoreboard::shown(&published, None, None, Format::Table)?)?;
    remark(&format!("{:.1} s from the number to the scoreboard", began.elapsed().as_secs_f64()));
    if demo.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let reached = Reached {
        origin: Origin::here(demo.port),
        behind_proxy: false,
        elsewhere: Elsewhere::new(false)?,
    };
    serve::serve(&centre, Some(published), ([127, 0, 0, 1], demo.port).into(), reached).await
}

/// A key that anybody can make again: what is hidden by it is not hidden.
fn key_from(number: u64) -> [u8; 32] {
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().zip(number.to_le_bytes().into_iter().cycle()) {
        *place = byte;
    }
    key
}

/// The folder itself, or the first plan folder in it that says how to demonstrate it.
fn demonstrable(dir: &Path) -> Result<PathBuf> {
    if dir.join("demo.toml").is_file() {
        return Ok(dir.to_owned());
    }
    let entries =
        fs::read_dir(dir).with_context(|| format!("{} could not be read", dir.display()))?;
    let folders = entries.flatten().map(|it| it.path()).filter(|it| it.join("demo.toml").is_file());
    folders.min().with_context(|| {
        format!("no folder in {} has a demo.toml; name a plan folder with --plan", dir.display())
    })
}

/// Takes an earlier demonstration away; leaves anybody's real records alone.
fn make_room(data: &Path) -> Result<()> {
    if !data.exists() {
        return Ok(());
    }
    let is_empty = fs::read_dir(data).is_ok_and(|mut it| it.next().is_none());
    let settings = fs::read_to_string(data.join("centre.toml")).unwrap_or_default();
    let settings: Settings = toml::from_str(&settings).unwrap_or_default();
    if settings.generated.is_none() && !is_empty {
        bail!(
            "{} holds something that is no demonstration; name another folder with --data",
            data.display()
        );
    }
    fs::remove_dir_all(data).with_context(|| format!("{} could not be removed", data.display()))
}

/// The organisations that the plan folder lists.
async fn given(centre: &Centre, plan: &Plan) -> Result<Vec<Organisation>> {
    let history = network::history(&centre.store).await?;
    let day = plan.baseline_year.on(model::year::MonthDay::SCHOOL_YEAR);
    Ok(history.on(day, Timestamp::MAX).into_values().map(|it| (*it).clone()).collect())
}
