use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use governance::figures::json::FiguresObject;
use governance::figures::{Published, csv};
use model::Year;
use model::organisation::ADMINISTRATIVE;

use super::export;
use super::scoreboard::year;
use crate::arguments::{Figures, Format};
use crate::centre::Centre;
use crate::terminal::{Grid, answer};

/// Prints one indicator for every organisation of a level: one row each.
pub(super) async fn run(figures: Figures) -> Result<ExitCode> {
    let centre = Centre::open(&figures.place).await?;
    let published = centre.published(figures.as_of.as_of).await?;
    let known = published.history().hierarchies();
    let hierarchy = figures.hierarchy.as_str();
    if hierarchy != ADMINISTRATIVE && !known.contains(&hierarchy) {
        bail!("no hierarchy {hierarchy}; there are {}", known.join(", "));
    }
    let mut published = published.under_hierarchy(hierarchy);
    if let Some(cut) = figures.cut {
        published = export::on_cut(&published, cut)?;
    }
    let plan = published.plan();
    if plan.level(&figures.level).is_none() {
        let levels = plan.levels.iter().chain(&plan.side_levels);
        let levels: Vec<&str> = levels.map(|it| it.code.as_str()).collect();
        bail!("no level {}; the plan has {}", figures.level, levels.join(", "));
    }
    let years = match figures.year {
        Some(asked) => vec![year(&published, Some(asked))?],
        None => published.years(),
    };
    let object = FiguresObject::of(&published, &figures.indicator, &figures.level, None, &years)
        .with_context(|| {
            format!("no indicator {}; `haihe scoreboard` lists them", figures.indicator)
        })?;
    if object.rows.is_empty() {
        bail!("{}", none(&published, &figures, &years));
    }
    let text = match figures.format {
        Format::Json => serde_json::to_string_pretty(&object)? + "\n",
        Format::Csv => csv::figures(&object),
        Format::Table => {
            let head = [
                "year",
                "code",
                "name",
                "value",
                "numerator",
                "denominator",
                "coverage",
                "observation",
                "status",
            ];
            let mut grid = Grid::new(&head, &[3, 4, 5, 6]);
            for row in &object.rows {
                let figure = &row.figure;
                let number = |it: &Option<String>| it.clone().unwrap_or_else(|| "–".to_owned());
                grid.row(vec![
                    figure.year.to_string(),
                    row.code.clone(),
                    row.name.zh.clone(),
                    number(&figure.value),
                    number(&figure.numerator),
                    number(&figure.denominator),
                    format!("{}/{}", figure.coverage.reported, figure.coverage.expected),
                    figure.observation.to_owned(),
                    row.status.unwrap_or("–").to_owned(),
                ]);
            }
            format!("{} {}\n\n{}", object.indicator.name.zh, object.indicator.name.en, grid.text())
        }
    };
    answer(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Why a level has no figures, and where there are some: an empty table would look like a city without them.
fn none(published: &Published, figures: &Figures, years: &[Year]) -> String {
    let Figures { indicator, level, .. } = figures;
    let levels = published.levels_with(indicator, years);
    if levels.is_empty() {
        let when = figures.year.map_or(String::new(), |it| format!(" in {it}"));
        return format!("{indicator} has no figures{when}; import organisations first");
    }
    format!("{indicator} has no figures of level {level}; it has those of {}", levels.join(", "))
}
