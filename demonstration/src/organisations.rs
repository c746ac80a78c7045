//! The city's institutions, zones and functional areas as the network records them.

use jiff::civil::Date;
use model::organisation::{ADMINISTRATIVE, Event, EventKind, Membership, Organisation};
use model::{Bilingual, OrgCode};

use super::chance::mix;
use super::quotas::Quotas;
use super::schools::{CLASSES, School};
use super::{City, wide};

/// What is to be recorded of the city's organisations.
#[derive(Clone, Debug, Default)]
pub struct Organisations {
    pub versions: Vec<Organisation>,
    pub memberships: Vec<Membership>,
    pub events: Vec<Event>,
}

/// Zones and groups of schools, and the areas that districts are grouped in.
const ZONES: &str = "school-zone";
const AREAS: &str = "functional-area";

/// Schools that were there before the first year begin on this day, whatever their real age would be.
const LONG_AGO: Date = Date::constant(2000, 9, 1);

/// Compulsory schools to a zone.
const ZONE: usize = 9;

impl City {
    /// All versions, memberships and events but those of the city and its districts themselves.
    pub fn organisations(&self) -> Organisations {
        let mut all = Organisations::default();
        for (at, school) in self.schools.iter().enumerate() {
            let before = all.versions.len();
            self.versions(school, &mut all);
            let versions = all.versions.split_off(before);
            self.add_campus(at, school, &versions, &mut all);
            all.versions.extend(versions);
            self.parents(school, &mut all);
            self.zone_memberships(at, school, &mut all);
        }
        self.zones(&mut all);
        self.functional_areas(&mut all);
        self.boundary_changes(&mut all);
        all
    }

    /// The day on which a year's changes take effect: before the school year begins.
    fn change(&self, year: usize) -> Date {
        let year = i16::try_from(usize::from(self.first) + year).unwrap_or(2000);
        Date::new(year, 8, 1).unwrap_or(LONG_AGO)
    }

    pub(super) fn begin(&self, year: usize) -> Date {
        if year == 0 { LONG_AGO } else { self.change(year) }
    }

    fn versions(&self, school: &School, all: &mut Organisations) {
        let Some(code) = org(&school.code) else { return };
        let end = school.closed.map(|it| self.change(it));
        for (order, (year, name)) in school.names.iter().enumerate() {
            let next = school.names.get(order + 1).map(|(it, _)| self.change(*it));
            all.versions.push(Organisation {
                code: code.clone(),
                name: name.clone(),
                level: self.school_level.clone(),
                kind: self.kind(school).to_owned(),
                founder: school.founder.clone(),
                stages: school.stages.iter().map(|it| it.as_str().to_owned()).collect(),
                area_class: CLASSES[school.class].to_owned(),
                valid_from: self.begin(*year),
                valid_to: next.or(end),
            });
            let event = |kind, to: &OrgCode| Event {
                on: self.change(*year),
                kind,
                from: Vec::new(),
                to: vec![to.clone()],
                note: Bilingual::default(),
            };
            if order > 0 {
                let note =
                    school.names.get(order - 1).map(|(_, it)| it.clone()).unwrap_or_default();
                let note =
                    Bilingual::new(format!("原名{}", note.zh), format!("formerly {}", note.en));
                let from = vec![code.clone()];
                all.events.push(Event { from, note, ..event(EventKind::Rename, &code) });
            } else if *year > 0 {
                all.events.push(event(EventKind::Opening, &code));
            }
        }
        if let Some((year, into)) = school.closed.zip(school.into) {
            all.events.extend(org(&self.schools[into].code).map(|into| Event {
                on: self.change(year),
                kind: EventKind::Merger,
                from: vec![code],
                to: vec![into],
                note: Bilingual::default(),
            }));
        }
    }

    fn parents(&self, school: &School, all: &mut Organisations) {
        let end = school.closed.map(|it| self.change(it));
        let moved = school.moved.map(|(year, to)| (self.change(year), to));
        // Under functional areas schools stand below their district as well, so that they add up.
        let mut push = |parent: usize, from: Date, to: Option<Date>| {
            for hierarchy in [ADMINISTRATIVE, AREAS] {
                let parent = &self.districts[parent].code;
                all.memberships.extend(membership(hierarchy, &school.code, parent, (from, to)));
            }
        };
        push(school.district, self.begin(school.opened), moved.map(|(day, _)| day).or(end));
        if let Some((day, to)) = moved {
            push(to, day, end);
        }
    }

    /// Zones of a district, by its compulsory schools of the first year.
    fn zone_count(&self, district: usize) -> usize {
        self.zone_counts[district]
    }

    /// Zones that every district needs.
    pub(super) fn count_zones(schools: &[School], districts: usize) -> Vec<usize> {
        let count = |district: usize| {
            let here = |it: &&School| it.district == district && it.is_compulsory();
            schools.iter().filter(here).count() / ZONE + 1
        };
        (0..districts).map(count).collect()
    }

    fn zone_code(&self, district: usize, zone: usize) -> String {
        format!("XQ{}{:02}", self.districts[district].code, zone + 1)
    }

    fn group_code(&self, district: usize, group: usize) -> String {
        format!("JT{}{:02}", self.districts[district].code, group + 1)
    }

    fn zone_in(&self, year: usize, school: usize) -> String {
        let district = self.schools[school].district_in(year);
        let place = mix(wide(school) ^ self.number) % wide(self.zone_count(district));
        self.zone_code(district, super::whole(place))
    }

    /// The zone and the group that a school belongs to in a year, groups marked.
    pub(super) fn zones_of(
        &self,
        year: usize,
        school: usize,
        quotas: &Quotas,
    ) -> Vec<(bool, String)> {
        if !quotas.zoned[school] {
            return Vec::new();
        }
        let mut zones = vec![(false, self.zone_in(year, school))];
        let draw = mix(wide(school) << 8 ^ self.number);
        if draw % 10 < 3 {
            let district = self.schools[school].district_in(year);
            let groups = wide(self.zone_count(district) / 3 + 1);
            zones.push((true, self.group_code(district, super::whole((draw >> 8) % groups))));
        }
        zones
    }

    fn zone_memberships(&self, at: usize, school: &School, all: &mut Organisations) {
        let mut open: Option<(String, Date)> = None;
        for year in 0..self.quotas.len() {
            let zone = self.quotas[year].zoned[at].then(|| self.zone_in(year, at));
            if open.as_ref().map(|(it, _)| it) == zone.as_ref() {
                continue;
            }
            if let Some((zone, from)) = open.take() {
                let to = Some(self.change(year));
                all.memberships.extend(membership(ZONES, &school.code, &zone, (from, to)));
            }
            open = zone.map(|zone| (zone, self.begin(year).max(self.begin(school.opened))));
        }
        if let Some((zone, from)) = open {
            all.memberships.extend(membership(ZONES, &school.code, &zone, (from, None)));
        }
    }

    fn zones(&self, all: &mut Organisations) {
        for (at, district) in self.districts.iter().enumerate() {
            all.memberships.extend(membership(ZONES, &district.code, &self.city, (LONG_AGO, None)));
            let zones = self.zone_count(at);
            let zone = (0..zones).map(|it| (self.zone_code(at, it), it, "学区", "Zone"));
            let group =
                (0..=zones / 3).map(|it| (self.group_code(at, it), it, "教育集团", "Group"));
            for (code, order, zh, en) in zone.chain(group) {
                let name = Bilingual::new(
                    format!("{}第{}{zh}", district.name.zh, order + 1),
                    format!("{} {en} {}", district.name.en, order + 1),
                );
                all.versions.extend(above_schools(&code, name, "zone"));
                all.memberships.extend(membership(ZONES, &code, &district.code, (LONG_AGO, None)));
            }
        }
    }

    fn functional_areas(&self, all: &mut Organisations) {
        for area in &self.settings.functional_areas {
            all.versions.extend(above_schools(&area.code, area.name.text(), "functional_area"));
            all.memberships.extend(membership(AREAS, &area.code, &self.city, (LONG_AGO, None)));
            for district in &area.districts {
                all.memberships.extend(membership(AREAS, district, &area.code, (LONG_AGO, None)));
            }
        }
    }

    fn boundary_changes(&self, all: &mut Organisations) {
        for boundary in &self.settings.boundaries {
            let Some(year) = boundary.year.checked_sub(self.first).map(usize::from) else {
                continue;
            };
            let moved = self.schools.iter().filter(|it| {
                it.moved.is_some_and(|(from, to)| {
                    from == year
                        && self.districts[it.district].code == boundary.from
                        && self.districts[to].code == boundary.to
                })
            });
            let schools: Vec<OrgCode> = moved.filter_map(|it| org(&it.code)).collect();
            let note = Bilingual::new(
                format!("{}所学校随区界调整转出", schools.len()),
                format!("{} schools went over with the boundary", schools.len()),
            );
            let from =
                [&boundary.from, &boundary.to].into_iter().filter_map(|it| org(it)).collect();
            let kind = EventKind::BoundaryChange;
            all.events.push(Event { on: self.change(year), kind, from, to: schools, note });
        }
    }

    /// Kind of an institution.
    pub(super) fn kind(&self, school: &School) -> &str {
        &self.settings.kinds[school.kind].kind
    }
}

pub(super) fn org(code: &str) -> Option<OrgCode> {
    code.parse().ok()
}

pub(super) fn membership(
    hierarchy: &str,
    child: &str,
    parent: &str,
    (valid_from, valid_to): (Date, Option<Date>),
) -> Option<Membership> {
    let (child, parent) = (org(child)?, org(parent)?);
    Some(Membership { hierarchy: hierarchy.to_owned(), child, parent, valid_from, valid_to })
}

fn above_schools(code: &str, name: Bilingual, level: &str) -> Option<Organisation> {
    Some(Organisation {
        code: org(code)?,
        name,
        level: level.to_owned(),
        kind: String::new(),
        founder: String::new(),
        stages: Vec::new(),
        area_class: String::new(),
        valid_from: LONG_AGO,
        valid_to: None,
    })
}
