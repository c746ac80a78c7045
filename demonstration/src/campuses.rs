//! Campuses: a school on two sites, whose figures are the sum of both.

use model::Bilingual;
use model::organisation::{ADMINISTRATIVE, Organisation};

use super::City;
use super::organisations::{Organisations, membership, org};
use super::schools::School;

impl City {
    /// Code of the campus of a school; `None` where it has none.
    pub(super) fn campus(&self, at: usize) -> Option<String> {
        let campuses = self.settings.campuses.as_ref()?;
        let school = self.schools.get(at)?;
        let lasts = school.opened == 0 && school.closed.is_none();
        let is_chosen =
            lasts && self.kind(school) == campuses.kind && at.is_multiple_of(campuses.every);
        is_chosen.then(|| format!("{}-2", school.code))
    }

    /// The campus beside `versions` of its school: what it is besides its name is what the school is.
    pub(super) fn add_campus(
        &self,
        at: usize,
        school: &School,
        versions: &[Organisation],
        all: &mut Organisations,
    ) {
        let (Some(campuses), Some(code)) = (&self.settings.campuses, self.campus(at)) else {
            return;
        };
        let suffix = campuses.suffix.text();
        for version in versions {
            all.versions.extend(org(&code).map(|code| Organisation {
                code,
                name: Bilingual::new(
                    format!("{}{}", version.name.zh, suffix.zh),
                    format!("{}, {}", version.name.en, suffix.en),
                ),
                level: campuses.level.clone(),
                ..version.clone()
            }));
        }
        let from = self.begin(school.opened);
        all.memberships.extend(membership(ADMINISTRATIVE, &code, &school.code, (from, None)));
    }
}

/// Whether a class sits on the campus: those of the later half of its grade.
pub(super) const fn is_on_campus(number: usize, of_grade: usize) -> bool {
    number * 2 > of_grade + 1
}
