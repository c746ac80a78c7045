//! The chart of a report: a bar for each thing that was measured, twice.

use super::outcome::Outcome;
use super::spread::Spread;

const ROW: usize = 26;
const LABELS: f64 = 340.0;
const PANEL: f64 = 250.0;
const GAP: f64 = 90.0;
const HEAD: usize = 40;

/// Bars in one or more panels, side by side.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    title: String,
    /// What is measured, and digits behind the point.
    panels: Vec<(&'static str, usize)>,
    bars: Vec<Bar>,
}

/// One thing that was measured: a number for each panel. Whiskers reach from the least to the most.
#[derive(Clone, Debug)]
struct Bar {
    label: String,
    is_ours: bool,
    values: Vec<Spread>,
}

impl Chart {
    pub(super) fn new(title: &str, panels: &[(&'static str, usize)]) -> Self {
        Self { title: title.to_owned(), panels: panels.to_vec(), bars: Vec::new() }
    }

    pub(super) fn bar<const N: usize>(&mut self, label: &str, is_ours: bool, values: [Spread; N]) {
        self.bars.push(Bar { label: label.to_owned(), is_ours, values: values.into() });
    }

    /// Processor time and peak memory of all engines that ran to the end.
    pub(super) fn of_engines(outcomes: &[Outcome]) -> Self {
        let panels = [("CPU-seconds", 2), ("peak memory, MiB", 0)];
        let mut chart = Self::new("Processor time and peak memory of every engine", &panels);
        for it in outcomes.iter().filter(|it| !it.runs.is_empty()) {
            chart.bar(&it.label(), it.is_ours, [it.cpu(), it.peak()]);
        }
        chart
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// As SVG.
    pub(super) fn draw(&self) -> String {
        let height = HEAD + ROW * self.bars.len() + 10;
        let lefts: Vec<f64> = std::iter::successors(Some(LABELS), |it| Some(it + PANEL + GAP))
            .take(self.panels.len())
            .collect();
        let width = lefts.last().copied().unwrap_or(LABELS) + PANEL + GAP;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n\
             <title>{}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
            self.title,
        );
        for (place, bar) in self.bars.iter().enumerate() {
            let (y, x) = (HEAD + ROW * place + 17, LABELS - 8.0);
            let weight = if bar.is_ours { "bold" } else { "normal" };
            svg += &format!(
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" font-weight=\"{weight}\">{}</text>\n",
                bar.label,
            );
        }
        for ((at, (title, digits)), left) in self.panels.iter().enumerate().zip(lefts) {
            svg += &format!("<text x=\"{left}\" y=\"24\" font-weight=\"bold\">{title}</text>\n");
            svg += &self.panel(at, left, *digits);
        }
        svg + "</svg>\n"
    }

    fn panel(&self, at: usize, left: f64, digits: usize) -> String {
        let value = |bar: &Bar| bar.values.get(at).copied().unwrap_or_default();
        let most = self.bars.iter().map(|it| value(it).most).fold(f64::MIN_POSITIVE, f64::max);
        let scale = |number: f64| number / most * PANEL;
        let mut svg = String::new();
        for (place, bar) in self.bars.iter().enumerate() {
            let Spread { median, least, most } = value(bar);
            let y = HEAD + ROW * place;
            let (long, middle) = (scale(median), y + 13);
            let fill = if bar.is_ours { "#1f5fa8" } else { "#9aa5b1" };
            let (from, to) = (left + scale(least), left + scale(most));
            let text = to.max(left + long) + 6.0;
            svg += &format!(
                "<rect x=\"{left}\" y=\"{}\" width=\"{long:.1}\" height=\"16\" fill=\"{fill}\"/>\n\
                 <line x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"#222\"/>\n\
                 <text x=\"{text:.1}\" y=\"{}\">{median:.digits$}</text>\n",
                y + 5,
                y + 17,
            );
        }
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::Chart;
    use crate::bench::spread::Spread;

    #[test]
    fn the_longest_bar_fills_its_panel() {
        let mut chart = Chart::new("Reads", &[("ms", 1)]);
        chart.bar("one", true, [Spread::one(2.0)]);
        chart.bar("two", false, [Spread::one(4.0)]);
        let svg = chart.draw();
        assert!(svg.contains("width=\"125.0\" height=\"16\" fill=\"#1f5fa8\""), "{svg}");
        assert!(svg.contains("width=\"250.0\" height=\"16\" fill=\"#9aa5b1\""), "{svg}");
    }
}
