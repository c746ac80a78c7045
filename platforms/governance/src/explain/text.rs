//! Explanations as text for a terminal.

use std::fmt::{self, Write};

use model::Decimal;

use super::{Explanation, Part};

/// A figure and everything it was made of, in lines.
pub fn text(explanation: &Explanation<'_>) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_all(&mut text, explanation);
    text
}

fn write_all(out: &mut String, explanation: &Explanation<'_>) -> fmt::Result {
    let Explanation { indicator, definition, org, figure, .. } = explanation;
    writeln!(out, "{} {} / {}", indicator.code, indicator.name.zh, indicator.name.en)?;
    writeln!(out, "{} {} / {}, {}", org.code, org.name.zh, org.name.en, figure.year)?;
    writeln!(out)?;
    writeln!(
        out,
        "{} {} = {} of {}; {} of the units reported; {}",
        digits(figure.value),
        indicator.unit.en,
        digits(figure.numerator),
        digits(figure.denominator),
        figure.coverage,
        figure.observation.as_str()
    )?;
    writeln!(
        out,
        "definition {} ({}): {} / {}",
        definition.version,
        definition.kind.as_str(),
        definition.label.zh,
        definition.label.en
    )?;
    writeln!(
        out,
        "source: {} / {}; clauses: {}",
        definition.source.zh,
        definition.source.en,
        indicator.clauses.join(", ")
    )?;
    for it in &explanation.made_of {
        writeln!(out, "  of {}: {} ({})", it.indicator, digits(it.value), it.observation.as_str())?;
    }
    write_judged(out, explanation)?;
    explanation.parts.iter().try_for_each(|it| write_part(out, it))
}

/// The units of a count of passes; `haihe explain` goes on from each of their figures.
fn write_judged(out: &mut String, explanation: &Explanation<'_>) -> fmt::Result {
    if explanation.units == 0 {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "from {} units, those that do not pass first:", explanation.units)?;
    for it in &explanation.judged {
        let verdict = match it.passes {
            Some(true) => "passes",
            Some(false) => "does not pass",
            None => "not judged",
        };
        writeln!(out, "  {} {}: {verdict}", it.org.code, it.org.name.zh)?;
        for figure in &it.figures {
            writeln!(out, "    {:>12}  {}", digits(figure.value), figure.indicator)?;
        }
    }
    Ok(())
}

fn write_part(out: &mut String, part: &Part<'_>) -> fmt::Result {
    let Part { measure, dataset, sum, rows, .. } = part;
    writeln!(out)?;
    let factor = match sum.term.times {
        1 => String::new(),
        times => format!(", times {times}"),
    };
    writeln!(out, "{} {} = {}{factor}", sum.side.as_str(), measure.name, digits(sum.total))?;
    writeln!(
        out,
        "  {}{} over {} version {}, year {}",
        measure.aggregate.as_str(),
        measure.of.as_ref().map_or(String::new(), |it| format!(" of {it}")),
        dataset.name,
        part.table_version,
        sum.year
    )?;
    if let Some(predicate) = &part.predicate {
        writeln!(out, "  where {predicate}")?;
    }
    writeln!(out, "  from {} organisations", part.organisations)?;
    for it in &sum.contributions {
        let value = if it.withheld { "withheld".to_owned() } else { digits(it.value) };
        writeln!(out, "    {:>12}  {} {}", value, it.org.code, it.org.name.zh)?;
    }
    if rows.total > 0 {
        writeln!(out, "  {} rows; the first {}:", rows.total, rows.rows.len())?;
        writeln!(out, "    {}", rows.columns.join(" | "))?;
    }
    for cells in &rows.rows {
        let cells: Vec<&str> = cells.iter().map(|it| it.as_deref().unwrap_or("–")).collect();
        writeln!(out, "    {}", cells.join(" | "))?;
    }
    Ok(())
}

fn digits(number: Option<Decimal>) -> String {
    number.map_or("–".to_owned(), |it| it.to_string())
}
