//! The institutions of the city, and what becomes of them over the years.

use anyhow::{Result, ensure};
use model::{Bilingual, Decimal};

use super::apportion::{apportion, divides};
use super::chance::Chance;
use super::names::invent;
use super::paths::Ways;
use super::settings::{KindSetting, Settings};
use super::{Scale, whole, wide};

mod changes;

use self::changes::{merge, redraw, rename};

/// A stage of education.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Preschool,
    Primary,
    Junior,
    Senior,
    Vocational,
    Higher,
}

impl Stage {
    pub(crate) const ALL: [Self; 6] = [
        Self::Preschool,
        Self::Primary,
        Self::Junior,
        Self::Senior,
        Self::Vocational,
        Self::Higher,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Preschool => "preschool",
            Self::Primary => "primary",
            Self::Junior => "junior",
            Self::Senior => "senior",
            Self::Vocational => "vocational",
            Self::Higher => "higher",
        }
    }

    pub(crate) const fn position(self) -> usize {
        match self {
            Self::Preschool => 0,
            Self::Primary => 1,
            Self::Junior => 2,
            Self::Senior => 3,
            Self::Vocational => 4,
            Self::Higher => 5,
        }
    }

    /// First grade and number of grades; grades count from the first year of kindergarten.
    pub(crate) const fn grades(self) -> (u8, u8) {
        match self {
            Self::Preschool => (0, 3),
            Self::Primary => (3, 6),
            Self::Junior => (9, 3),
            Self::Senior | Self::Vocational => (12, 3),
            Self::Higher => (15, 0),
        }
    }
}

/// Who stands behind a kindergarten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    Public,
    /// Private and recognised as inclusive.
    Inclusive,
    Private,
}

/// A district as the generator sees it.
#[derive(Clone, Debug)]
pub(crate) struct District {
    pub(crate) code: String,
    pub(crate) name: Bilingual,
    pub(crate) population: u64,
    pub(crate) children: u64,
    /// Per 1,000, from the middle.
    pub(crate) wealth: i64,
    pub(crate) schools: [u64; 3],
}

/// One institution. Years are counted from the first one.
#[derive(Clone, Debug)]
pub(crate) struct School {
    pub(crate) code: String,
    /// Position of its kind in the settings.
    pub(crate) kind: usize,
    pub(crate) stages: Vec<Stage>,
    pub(crate) district: usize,
    /// Year of a boundary change and the district it went to.
    pub(crate) moved: Option<(usize, usize)>,
    pub(crate) founder: String,
    pub(crate) care: Care,
    /// 0 urban, 1 town, 2 rural.
    pub(crate) class: usize,
    pub(crate) opened: usize,
    pub(crate) closed: Option<usize>,
    pub(crate) into: Option<usize>,
    /// Per 1,000, from the middle of the city.
    pub(crate) wealth: i64,
    /// Share of the pupils of each stage.
    pub(crate) size: [u64; 6],
    /// Names from a year on.
    pub(crate) names: Vec<(usize, Bilingual)>,
}

impl School {
    pub(crate) fn is_open(&self, year: usize) -> bool {
        self.opened <= year && self.closed.is_none_or(|it| year < it)
    }

    pub(crate) fn district_in(&self, year: usize) -> usize {
        self.moved.filter(|(from, _)| *from <= year).map_or(self.district, |(_, to)| to)
    }

    pub(crate) fn teaches(&self, stage: Stage) -> bool {
        self.stages.contains(&stage)
    }

    pub(crate) fn is_compulsory(&self) -> bool {
        self.teaches(Stage::Primary) || self.teaches(Stage::Junior)
    }

    /// The stage of a grade at this school.
    pub(crate) fn stage_of(&self, grade: u8) -> Stage {
        match grade {
            0..=2 => Stage::Preschool,
            3..=8 => Stage::Primary,
            9..=11 => Stage::Junior,
            _ if self.teaches(Stage::Vocational) => Stage::Vocational,
            _ => Stage::Senior,
        }
    }
}

/// Names of the urban and rural classes.
pub(crate) const CLASSES: [&str; 3] = ["urban", "town", "rural"];

/// Makes all institutions, those opened later included, in the order of their codes.
pub(crate) fn found(
    settings: &Settings,
    districts: &[District],
    ways: &Ways,
    scale: Scale,
    (first, years): (u16, usize),
    number: u64,
) -> Result<Vec<School>> {
    let mut schools = Vec::new();
    let demand: Vec<u64> = districts.iter().map(|it| it.population * it.children).collect();
    // By the highest stage taught: how many schools each district has of what it should have.
    let mut settled = vec![vec![0; districts.len()]; Stage::ALL.len() + 1];
    for (kind, setting) in settings.kinds.iter().enumerate() {
        let count = if setting.kind == "primary" {
            primary_schools(settings, ways, scale)
        } else {
            scaled(setting, scale)
        };
        let stage =
            Stage::ALL.iter().rposition(|it| setting.stages.iter().any(|s| s == it.as_str()));
        let so_far = &mut settled[stage.unwrap_or(Stage::ALL.len())];
        let due = apportion(count + so_far.iter().sum::<u64>(), &demand);
        // Where schools of another kind stand already, fewer of this one are wanting.
        let wanting: Vec<u64> =
            due.iter().zip(so_far.iter()).map(|(due, here)| due.saturating_sub(*here)).collect();
        for (district, count) in apportion(count, &wanting).into_iter().enumerate() {
            so_far[district] += count;
            let mut chance = Chance::new(number, &[1, wide(kind), wide(district)]);
            let opened = vec![0; whole(count)];
            settle(&mut schools, settings, districts, (kind, district), &opened, &mut chance);
        }
        if matches!(setting.kind.as_str(), "kindergarten" | "primary") {
            for year in 1..years {
                let mut chance = Chance::new(number, &[2, wide(kind), wide(year)]);
                for _ in 0..(count / 250).max(1) {
                    let district = chance.place(districts.len());
                    settle(
                        &mut schools,
                        settings,
                        districts,
                        (kind, district),
                        &[year],
                        &mut chance,
                    );
                }
            }
        }
    }
    number_all(&mut schools, settings, districts);
    balance(&mut schools, districts);
    merge(&mut schools, settings, years, number);
    redraw(&mut schools, settings, districts, (first, number))?;
    rename(&mut schools, settings, years, number);
    ensure!(schools.len() < usize::from(u16::MAX), "more than 65,000 institutions");
    Ok(schools)
}

fn scaled(setting: &KindSetting, scale: Scale) -> u64 {
    scale.of(setting.count).max(1)
}

/// Primary schools, a few more or fewer so that the printed share of schools in zones can be had.
fn primary_schools(settings: &Settings, ways: &Ways, scale: Scale) -> u64 {
    let is = |it: &&KindSetting, stage: &str| it.stages.iter().any(|taught| taught == stage);
    let compulsory = settings.kinds.iter().filter(|it| is(it, "primary") || is(it, "junior"));
    let (primary, others): (Vec<&KindSetting>, Vec<&KindSetting>) =
        compulsory.partition(|it| it.kind == "primary");
    let others: u64 = others.into_iter().map(|it| scaled(it, scale)).sum();
    let wanted: u64 = primary.into_iter().map(|it| scaled(it, scale)).sum();
    let percent = ways.zones.at(0).unwrap_or(Decimal::ZERO);
    let near = (0..wanted).flat_map(|it| [wanted + it, wanted - it]);
    near.into_iter().find(|it| divides(others + it, percent)).unwrap_or(wanted)
}

/// Adds the schools of one kind to a district.
fn settle(
    schools: &mut Vec<School>,
    settings: &Settings,
    districts: &[District],
    (kind, at): (usize, usize),
    opened: &[usize],
    chance: &mut Chance,
) {
    let setting = &settings.kinds[kind];
    let district = &districts[at];
    let count = opened.len();
    let stages: Vec<Stage> = Stage::ALL
        .into_iter()
        .filter(|stage| setting.stages.iter().any(|it| it == stage.as_str()))
        .collect();
    let local = matches!(stages.first(), Some(Stage::Preschool | Stage::Primary | Stage::Junior));
    // Wealthier districts run more of their kindergartens themselves.
    let public = (430 + district.wealth / 8).clamp(250, 620);
    let public = chance.marks(count, count * whole(public.unsigned_abs()) / 1000);
    for (order, opened) in opened.iter().enumerate() {
        let hundredth = wide(order * 100 / count.max(1)) + u64::from(chance.below(8));
        let class = match hundredth {
            _ if !local => 0,
            it if it < district.schools[0] => 0,
            it if it < district.schools[0] + district.schools[1] => 1,
            _ if district.schools[2] > 0 => 2,
            _ => 0,
        };
        let care = match () {
            () if setting.kind != "kindergarten" || public[order] => Care::Public,
            () if chance.happens(6200) => Care::Inclusive,
            () => Care::Private,
        };
        let founder =
            if care == Care::Public { founder(setting, chance) } else { "private".to_owned() };
        let size = match class {
            0 => chance.between(60, 110) + chance.between(0, 60),
            1 => chance.between(45, 100),
            _ => chance.between(14, 52),
        };
        let size = if founder == "private" { size * 7 / 10 } else { size };
        let mut sizes = [0; 6];
        for stage in &stages {
            sizes[stage.position()] = size.unsigned_abs();
        }
        let apart = [80, -40, -120][class];
        schools.push(School {
            code: String::new(),
            kind,
            stages: stages.clone(),
            district: at,
            moved: None,
            founder,
            care,
            class,
            opened: *opened,
            closed: None,
            into: None,
            wealth: district.wealth + apart + chance.around(260),
            size: sizes,
            names: Vec::new(),
        });
    }
}

fn founder(setting: &KindSetting, chance: &mut Chance) -> String {
    let mut at = chance.below(100);
    for (founder, parts) in &setting.founders {
        if at < *parts {
            return founder.clone();
        }
        at -= parts;
    }
    String::new()
}

/// Gives codes and first names; sequences begin at 900,001, where no real school stands.
fn number_all(schools: &mut [School], settings: &Settings, districts: &[District]) {
    let mut serials: Vec<(&str, usize)> = Vec::new();
    let mut of_kind = vec![0; settings.kinds.len()];
    for school in schools.iter_mut() {
        let setting = &settings.kinds[school.kind];
        let place = serials.iter().position(|(it, _)| *it == setting.prefix);
        let place = place.unwrap_or_else(|| {
            serials.push((&setting.prefix, 0));
            serials.len() - 1
        });
        serials[place].1 += 1;
        let province = districts[school.district].code.get(..2).unwrap_or("00");
        // The middle digit of a university's six is its national code's first; 8 is not in use.
        let base = if setting.prefix == "41" { 80_000 } else { 900_000 };
        school.code = format!("{}{province}{:06}", setting.prefix, base + serials[place].1);
        school
            .names
            .push((school.opened, invent(&settings.names, of_kind[school.kind], &setting.suffix)));
        of_kind[school.kind] += 1;
    }
    schools.sort_by(|a, b| a.code.cmp(&b.code));
}

/// Scales sizes so that the schools of a district share its pupils, whatever their number.
fn balance(schools: &mut [School], districts: &[District]) {
    for stage in [Stage::Preschool, Stage::Primary, Stage::Junior, Stage::Senior] {
        let position = stage.position();
        for (at, district) in districts.iter().enumerate() {
            let of_district = |it: &School| it.district == at && it.opened == 0;
            let sum: u64 =
                schools.iter().filter(|it| of_district(it)).map(|it| it.size[position]).sum();
            let share = district.population * district.children / 100;
            for school in schools.iter_mut().filter(|it| it.district == at) {
                school.size[position] = school.size[position] * share / sum.max(1);
            }
        }
    }
}
