//! The scoreboard: all indicators of an organisation in a year, in the plan's groups.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::organisation::Organisation;
use model::plan::Group;
use model::target::Status;
use model::{OrgCode, Year};

use super::Published;
use super::standing::Standing;

/// All indicators of one organisation in one year.
#[derive(Clone, Debug)]
pub struct Scoreboard<'a> {
    pub org: Arc<Organisation>,
    pub year: Year,
    /// In the plan's order.
    pub groups: Vec<GroupStandings<'a>>,
    /// How many indicators of the plan's own table have each status; every status is there.
    pub counts: BTreeMap<Status, usize>,
}

/// The indicators of one group of the plan.
#[derive(Clone, Debug)]
pub struct GroupStandings<'a> {
    pub group: &'a Group,
    /// By the indicators' numbers.
    pub standings: Vec<Standing<'a>>,
    pub counts: BTreeMap<Status, usize>,
    /// Whether it stands in the plan's own table, where indicators have a baseline printed. A plan
    /// that prints none has one table of all groups.
    pub is_table: bool,
}

impl Published {
    /// All indicators of an organisation in a year. `None` when it was not there.
    pub fn scoreboard(&self, org: &OrgCode, year: Year) -> Option<Scoreboard<'_>> {
        let plan = self.plan();
        let organisation = self.organisation(org, year)?;
        let printed =
            |code: &str| plan.indicators.iter().any(|it| it.group == code && it.baseline.is_some());
        let any_printed = plan.groups.iter().any(|it| printed(&it.code));
        let groups: Vec<GroupStandings<'_>> = plan
            .groups
            .iter()
            .map(|group| {
                let mut indicators: Vec<_> =
                    plan.indicators.iter().filter(|it| it.group == group.code).collect();
                indicators.sort_by_key(|it| it.number);
                let standings: Vec<_> = indicators
                    .into_iter()
                    .filter_map(|it| self.standing(&it.code, org, year))
                    .collect();
                GroupStandings {
                    group,
                    counts: count(&standings),
                    standings,
                    is_table: !any_printed || printed(&group.code),
                }
            })
            .collect();
        let mut counts = count(&[]);
        for (status, found) in groups.iter().filter(|it| it.is_table).flat_map(|it| &it.counts) {
            *counts.entry(*status).or_default() += found;
        }
        Some(Scoreboard { org: organisation, year, groups, counts })
    }
}

/// How many standings have each status. Those without a target have none.
fn count(standings: &[Standing<'_>]) -> BTreeMap<Status, usize> {
    let mut counts: BTreeMap<Status, usize> = Status::ALL.into_iter().map(|it| (it, 0)).collect();
    for judgement in standings.iter().filter_map(|it| it.judgement) {
        *counts.entry(judgement.status).or_default() += 1;
    }
    counts
}
