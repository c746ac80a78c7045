//! Targets, typed; a target the indicator can never meet is refused.

use model::exact::Decimal;
use model::indicator::{Baseline, Definition, Kind};
use model::target::{Direction, PlanTarget, Target};
use model::year::Year;

use crate::plan::links::{Links, To};
use declarations::choices;
use declarations::{Entry, short};

const TYPES: [&str; 8] = [
    "at_least",
    "exceed",
    "at_most",
    "hold",
    "all_units",
    "milestones",
    "never_decrease",
    "deliverable",
];

/// The indicator a target is asked of.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) direction: Direction,
    pub(super) baseline: Option<&'a Baseline>,
    pub(super) definitions: &'a [Definition],
    pub(super) shown: Option<&'a Definition>,
}

/// Reads one `[[indicator.target]]`.
pub(super) fn read(entry: &Entry<'_>, asked: &Asked<'_>, links: &Links) -> Option<PlanTarget> {
    let kind = entry.need_word("type")?;
    let target = match kind.text {
        "at_least" => {
            Target::AtLeast { value: entry.need_decimal("value")?, by: entry.need_year("by")? }
        }
        "exceed" => {
            Target::Exceed { value: entry.need_decimal("value")?, by: entry.need_year("by")? }
        }
        "at_most" => {
            Target::AtMost { value: entry.need_decimal("value")?, by: entry.need_year("by")? }
        }
        "hold" => Target::Hold { value: entry.need_decimal("value")?, by: entry.need_year("by")? },
        "all_units" => {
            Target::AllUnits { units: entry.need_small("units")?, by: entry.need_year("by")? }
        }
        "deliverable" => {
            Target::Deliverable { count: entry.need_small("count")?, by: entry.need_year("by")? }
        }
        "never_decrease" => Target::NeverDecrease { by: entry.need_year("by")? },
        "milestones" => Target::Milestones { steps: steps(entry)? },
        other => {
            let what = format!("`{}` is no type of target", short(other));
            entry.fault_at(&kind.place, what, format!("write {}", choices(TYPES)));
            return None;
        }
    };
    let printed = entry.need_text("printed");
    let label = entry.need_bilingual("label");
    let clauses = links.all(To::Clause, &entry.words("clauses"));
    let definition: Option<u16> = entry.small("definition");
    entry.done();

    due(entry, &target, asked);
    if let Some(version) =
        definition.filter(|it| asked.definitions.iter().all(|of| of.version != *it))
    {
        let place = entry.place_of("definition");
        entry.fault_at(
            &place,
            format!("there is no definition {version}"),
            "name one that is there",
        );
    }
    let judged = asked.definitions.iter().find(|it| Some(it.version) == definition).or(asked.shown);
    if let Some(what) = judged.and_then(|it| impossible(&target, asked.direction, &it.kind)) {
        entry.fault(
            what,
            "correct the type, the value, the direction or the kind of the definition",
        );
    }
    Some(PlanTarget { target, printed: printed?, label: label?, clauses, definition })
}

fn steps(entry: &Entry<'_>) -> Option<Vec<(Year, Decimal)>> {
    let entries = entry.entries("steps");
    if entries.is_empty() {
        entry.fault("`steps` is missing", "add steps = [{ by = 2021, value = \"4\" }, …]");
        return None;
    }
    let mut steps: Vec<(Year, Decimal)> = Vec::new();
    for step in entries {
        let (by, value) = (step.need_year("by"), step.need_decimal("value"));
        step.done();
        let (by, value) = (by?, value?);
        if let Some((year, reached)) = steps.last() {
            if by <= *year {
                step.fault(
                    format!("{by} does not come after {year}"),
                    "write the steps in order of years",
                );
            }
            if value < *reached {
                let what = format!("{value} is less than the {reached} of the step before");
                step.fault(what, "write what is reached in all by that year");
            }
        }
        steps.push((by, value));
    }
    Some(steps)
}

/// A target falls due after its baseline.
fn due(entry: &Entry<'_>, target: &Target, asked: &Asked<'_>) {
    if let (Some(due), Some(baseline)) = (target.due(), asked.baseline)
        && due <= baseline.year
    {
        let what = format!("the target is due in {due}, and the baseline is of {}", baseline.year);
        entry.fault(what, "write a later year");
    }
}

/// Why an indicator of this kind and direction can never meet the target.
fn impossible(target: &Target, direction: Direction, kind: &Kind) -> Option<String> {
    let word = target.as_str();
    let bounded = matches!(kind, Kind::Units { .. } | Kind::PassCount { .. });
    let hundred = Decimal::from_integer(100);
    match (target, direction) {
        (
            Target::AtLeast { .. } | Target::Milestones { .. } | Target::Deliverable { .. },
            Direction::Down,
        ) => Some(format!("a target of type `{word}` where lower is better")),
        (Target::AtMost { .. }, Direction::Up) => {
            Some("a target of type `at_most` where higher is better".to_owned())
        }
        (Target::AllUnits { units: 0, .. }, _) => Some("all of no units".to_owned()),
        (Target::AllUnits { .. }, _) if !bounded => {
            Some(format!("a target of all units for a {}", kind.as_str()))
        }
        (Target::Deliverable { .. }, _) if !matches!(kind, Kind::Count) => {
            Some(format!("a number of things to be built for a {}", kind.as_str()))
        }
        (Target::AtLeast { value, .. }, _) if bounded && *value > hundred => {
            Some(format!("{value} percent of the units"))
        }
        (Target::Exceed { value, .. }, Direction::Up) if bounded && *value >= hundred => {
            Some(format!("more than {value} percent of the units"))
        }
        (Target::Exceed { value, .. }, Direction::Down)
            if !value.is_negative() && value.is_zero() =>
        {
            Some("less than nothing".to_owned())
        }
        _ => None,
    }
}
