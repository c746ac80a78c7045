//! `/releases`: what was published when.

use askama::Template;
use governance::release::Release;

use crate::frame::{Frame, Section};
use crate::instant::Instant;
use crate::text::Text;
use crate::visit::Visit;

/// All releases, the latest first.
#[derive(Debug, Template)]
#[template(path = "pages/releases.html")]
pub(crate) struct ReleasesPage {
    t: Text,
    frame: Frame,
    rows: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    id: String,
    recorded: Instant,
    plan_version: String,
    /// Tables that changed since the release before, with their new version.
    changed: Vec<(String, u64)>,
    plan_changed: bool,
    href: String,
    current: bool,
}

impl ReleasesPage {
    /// `releases` in the order they were recorded.
    pub(crate) fn new(visit: &Visit, releases: &[Release]) -> Self {
        let t = visit.t();
        let mut before: Option<&Release> = None;
        let mut rows = Vec::with_capacity(releases.len());
        for release in releases {
            rows.push(Line::new(visit, t, release, before));
            before = Some(release);
        }
        rows.reverse();
        Self { t, frame: visit.frame(Section::Releases).data("/api/v1/releases"), rows }
    }
}

impl Line {
    fn new(visit: &Visit, t: Text, release: &Release, before: Option<&Release>) -> Self {
        let line = visit.release_line(release);
        let plan = visit.published.plan();
        let title = |name: &String| {
            plan.datasets.get(name).map_or_else(|| name.clone(), |it| t.of(&it.title).to_owned())
        };
        let changed = release
            .tables
            .iter()
            .filter(|(name, version)| before.and_then(|it| it.tables.get(*name)) != Some(version));
        Self {
            changed: changed.map(|(name, version)| (title(name), *version)).collect(),
            plan_changed: before.is_some_and(|it| it.plan_version != release.plan_version),
            href: t.href(&format!("/?as_of={}", release.recorded_at)),
            current: release.id == visit.published.release().id,
            id: line.id,
            recorded: line.recorded,
            plan_version: line.plan_version,
        }
    }
}
