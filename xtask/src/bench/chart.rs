//! The chart of a report: a bar for each engine, twice.

use super::report::Outcome;
use super::spread::Spread;

const ROW: usize = 26;
const LABELS: f64 = 300.0;
const PANEL: f64 = 250.0;
const GAP: f64 = 90.0;
const HEAD: usize = 40;

/// Processor time and peak memory of all engines that ran to the end, as SVG. Whiskers reach from the least to the most.
pub(super) fn draw(outcomes: &[Outcome]) -> String {
    let ran: Vec<&Outcome> = outcomes.iter().filter(|it| !it.runs.is_empty()).collect();
    let height = HEAD + ROW * ran.len() + 10;
    let width = LABELS + 2.0 * (PANEL + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n\
         <title>Processor time and peak memory of every engine</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (place, outcome) in ran.iter().enumerate() {
        let (y, label) = (HEAD + ROW * place + 17, outcome.label());
        let weight = if outcome.is_ours { "bold" } else { "normal" };
        let x = LABELS - 8.0;
        svg += &format!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" font-weight=\"{weight}\">{label}</text>\n"
        );
    }
    svg += &panel(&ran, LABELS, "CPU-seconds", 2, Outcome::cpu);
    svg += &panel(&ran, LABELS + PANEL + GAP, "peak memory, MiB", 0, Outcome::peak);
    svg + "</svg>\n"
}

fn panel(
    ran: &[&Outcome],
    left: f64,
    title: &str,
    digits: usize,
    of: fn(&Outcome) -> Spread,
) -> String {
    let most = ran.iter().map(|it| of(it).most).fold(f64::MIN_POSITIVE, f64::max);
    let scale = |number: f64| number / most * PANEL;
    let mut svg = format!("<text x=\"{left}\" y=\"24\" font-weight=\"bold\">{title}</text>\n");
    for (place, outcome) in ran.iter().enumerate() {
        let Spread { median, least, most } = of(outcome);
        let y = HEAD + ROW * place;
        let (bar, middle, fill) =
            (scale(median), y + 13, if outcome.is_ours { "#1f5fa8" } else { "#9aa5b1" });
        let (from, to) = (left + scale(least), left + scale(most));
        let text = to.max(left + bar) + 6.0;
        svg += &format!(
            "<rect x=\"{left}\" y=\"{}\" width=\"{bar:.1}\" height=\"16\" fill=\"{fill}\"/>\n\
             <line x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"#222\"/>\n\
             <text x=\"{text:.1}\" y=\"{}\">{median:.digits$}</text>\n",
            y + 5,
            y + 17,
        );
    }
    svg
}
