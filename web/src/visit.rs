//! A visit: what is published, and how a page of it was asked for.

use std::sync::Arc;

use governance::figures::Published;
use governance::release::Release;
use jiff::Timestamp;
use model::organisation::Organisation;
use model::{Bilingual, OrgCode, Year};

use crate::frame::{Frame, ReleaseLine, Section};
use crate::instant::CityTime;
use crate::problem::Problem;
use crate::text::{Lang, Text};

/// One visit. Pages are made from it and from nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) published: Arc<Published>,
    /// Says that the data are generated, where they are.
    pub(crate) generated: Option<Arc<Bilingual>>,
    pub(crate) lang: Lang,
    /// Path and query without the language's prefix.
    pub(crate) path: String,
    /// The instant whose knowledge was asked for.
    pub(crate) as_of: Option<Timestamp>,
    pub(crate) city_time: CityTime,
}

impl Visit {
    /// The words of the visit's language; links lead on as of the same instant.
    pub(crate) fn t(&self) -> Text {
        Text::new(self.lang).at(self.as_of)
    }

    /// The frame of a page of a section.
    pub(crate) fn frame(&self, section: Section) -> Frame {
        Frame::new(self.lang, &self.path, section)
            .generated(self.generated.as_deref())
            .release(Some(self.release_line(self.published.release())))
            .known_at(self.as_of.map(|at| self.city_time.instant(at)))
    }

    /// The year asked for, or the latest with figures.
    pub(crate) fn year(&self, asked: Option<&str>) -> Result<Year, Problem> {
        let Some(asked) = asked.filter(|it| !it.is_empty()) else {
            return Ok(self.published.latest_year());
        };
        let year: Year = asked.parse().map_err(|_| Problem::not_a_year(asked))?;
        if self.published.plan().years().any(|it| it == year) {
            Ok(year)
        } else {
            Err(Problem::not_a_year(asked))
        }
    }

    /// The organisation of the plan's first level.
    pub(crate) fn whole(&self, year: Year) -> Result<Arc<Organisation>, Problem> {
        self.published.whole(year).ok_or_else(Problem::nothing_published)
    }

    /// The organisation asked for, or the whole.
    pub(crate) fn organisation(
        &self,
        asked: Option<&str>,
        year: Year,
    ) -> Result<Arc<Organisation>, Problem> {
        let Some(asked) = asked.filter(|it| !it.is_empty()) else {
            return self.whole(year);
        };
        let code: OrgCode = asked.parse().map_err(|_| Problem::no_organisation(asked))?;
        self.published.organisation(&code, year).ok_or_else(|| Problem::no_organisation(asked))
    }

    /// The level below one; `None` below the last.
    pub(crate) fn level_below(&self, level: &str) -> Option<&str> {
        let plan = self.published.plan();
        let depth = plan.depth(level)?;
        plan.levels.get(depth.checked_add(1)?).map(|it| it.code.as_str())
    }

    /// What the foot of a page says of a release.
    pub(crate) fn release_line(&self, release: &Release) -> ReleaseLine {
        ReleaseLine {
            id: release.id.clone(),
            recorded: self.city_time.instant(release.recorded_at),
            plan_version: release.plan_version.chars().take(8).collect(),
        }
    }

    /// Title of a level.
    pub(crate) fn level(&self, level: &str) -> String {
        let named = self.published.plan().level(level);
        named.map_or_else(|| level.to_owned(), |it| self.t().of(&it.name).to_owned())
    }
}
