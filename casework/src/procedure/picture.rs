//! A procedure drawn as SVG: states in layers from beginning to end, steps as lines between them.
//!
//! Drawn like the house's charts: ink on paper, hairlines, the river's colour for what is under way and the seal's
//! for what the clock does. Plain attributes only, so that a page may carry it under a strict policy.

mod layers;
mod order;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use model::text::Bilingual;

use self::layers::{Layers, Spot};
use super::{Procedure, StateKind};

/// In which language a picture is labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

const BOX_HEIGHT: f64 = 40.0;
/// Size of the letters of labels.
const SMALL: f64 = 11.0;
const LINE: f64 = 16.0;
const ROW_GAP: f64 = 14.0;
const COLUMN_GAP: f64 = 22.0;
const MARGIN: f64 = 24.0;
const HEAD: f64 = 56.0;
const SANS: &str = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif";

const PAPER: &str = "#fbfaf6";
const INK: &str = "#1c2126";
const SOFT: &str = "#4d575f";
const RIVER: &str = "#0f4c5c";
const PALE: &str = "#dfe9e9";
const SEAL: &str = "#b8322a";

/// A line from one state to another, with all steps that go there.
#[derive(Clone, Debug)]
struct Line {
    from: usize,
    to: usize,
    labels: Vec<(String, bool)>,
}

/// Draws a procedure.
pub fn picture(procedure: &Procedure, language: Language) -> String {
    let say = |it: &Bilingual| match language {
        Language::Chinese => it.zh.clone(),
        Language::English => it.en.clone(),
    };
    let at: BTreeMap<&str, usize> =
        procedure.states.iter().enumerate().map(|(at, it)| (it.name.as_str(), at)).collect();
    let lines = lines(procedure, &at, &say);
    let titles: Vec<String> = procedure.states.iter().map(|it| say(&it.title)).collect();
    let edges: Vec<(usize, usize)> = lines.iter().map(|it| (it.from, it.to)).collect();
    let start = procedure.states.iter().position(|it| it.kind == StateKind::Start).unwrap_or(0);
    let layers = Layers::new(titles.len(), start, &edges);

    let boxes: Vec<f64> = titles.iter().map(|it| width(it, 14.0) + 28.0).collect();
    let frame = Frame::new(&layers, &boxes, &lines);
    let mut svg = String::new();
    head(&mut svg, &frame, &say(&procedure.title));
    for (edge, line) in lines.iter().enumerate() {
        draw_line(&mut svg, &layers, &frame, edge, line, &boxes);
    }
    for (state, title) in procedure.states.iter().zip(&titles) {
        let Some(spot) = at.get(state.name.as_str()).and_then(|it| frame.of(&Spot::State(*it)))
        else {
            continue;
        };
        let box_width =
            at.get(state.name.as_str()).and_then(|it| boxes.get(*it)).copied().unwrap_or_default();
        draw_state(&mut svg, spot, box_width, title, state.kind, state.is_public);
    }
    for (edge, line) in lines.iter().enumerate() {
        draw_labels(&mut svg, &layers, &frame, edge, line);
    }
    svg.push_str("</svg>\n");
    svg
}

/// All steps between two states in one line; a step of several states is in several.
fn lines(
    procedure: &Procedure,
    at: &BTreeMap<&str, usize>,
    say: &dyn Fn(&Bilingual) -> String,
) -> Vec<Line> {
    let mut lines: BTreeMap<(usize, usize), Vec<(String, bool)>> = BTreeMap::new();
    for transition in &procedure.transitions {
        let clock = if say(&Bilingual::new("zh", "en")) == "zh" { "到期" } else { "when due" };
        let roles: Vec<String> = transition
            .by
            .iter()
            .filter_map(|it| procedure.role(it))
            .map(|it| say(&it.title))
            .collect();
        let who = if roles.is_empty() { clock.to_owned() } else { roles.join("/") };
        let label = (format!("{} · {who}", say(&transition.title)), transition.is_of_the_clock());
        let sources: BTreeSet<&String> = transition.from.iter().flatten().collect();
        for source in sources {
            for target in &transition.to {
                if let (Some(from), Some(to)) = (at.get(source.as_str()), at.get(target.as_str())) {
                    lines.entry((*from, *to)).or_default().push(label.clone());
                }
            }
        }
    }
    lines.into_iter().map(|((from, to), labels)| Line { from, to, labels }).collect()
}

/// Where everything stands.
struct Frame {
    places: BTreeMap<Spot, (f64, f64)>,
    width: f64,
    height: f64,
}

impl Frame {
    fn new(layers: &Layers, boxes: &[f64], lines: &[Line]) -> Self {
        let labels = |line: &usize| lines.get(*line).map_or(0, |it| it.labels.len());
        let is_labelled = |spot: &Spot, line: &usize| layers.label(*line).as_ref() == Some(spot);
        let height = |spot: &Spot| match spot {
            Spot::State(state) => {
                let loops = lines.iter().filter(|it| it.from == *state && it.to == *state);
                BOX_HEIGHT + loops.map(|it| count(it.labels.len()) * LINE + LINE).sum::<f64>()
            }
            Spot::Bend { line, .. } if is_labelled(spot, line) => count(labels(line)) * LINE,
            Spot::Bend { .. } => 4.0,
        };
        let width_of = |spot: &Spot| match spot {
            Spot::State(state) => {
                let own = boxes.get(*state).copied().unwrap_or_default();
                let loops = lines.iter().filter(|it| it.from == *state && it.to == *state);
                loops.flat_map(|it| &it.labels).map(|(it, _)| width(it, SMALL)).fold(own, f64::max)
            }
            Spot::Bend { line, .. } if is_labelled(spot, line) => {
                let labels = lines.get(*line).into_iter().flat_map(|it| &it.labels);
                labels.map(|(it, _)| width(it, SMALL) + 8.0).fold(0.0, f64::max)
            }
            Spot::Bend { .. } => 0.0,
        };
        let column_height = |column: &Vec<Spot>| -> f64 {
            column.iter().map(|it| height(it) + ROW_GAP).sum::<f64>() - ROW_GAP
        };
        let tallest = layers.columns.iter().map(column_height).fold(BOX_HEIGHT, f64::max);
        let mut places = BTreeMap::new();
        let mut x = MARGIN;
        for column in &layers.columns {
            let widest = column.iter().map(width_of).fold(0.0, f64::max);
            let mut y = HEAD + MARGIN + (tallest - column_height(column)) / 2.0;
            for spot in column {
                let middle = match spot {
                    Spot::State(_) => BOX_HEIGHT / 2.0,
                    Spot::Bend { .. } => height(spot) / 2.0,
                };
                places.insert(spot.clone(), (x + widest / 2.0, y + middle));
                y += height(spot) + ROW_GAP;
            }
            x += widest + COLUMN_GAP;
        }
        Self { places, width: x - COLUMN_GAP + MARGIN, height: HEAD + tallest + MARGIN * 2.0 }
    }

    fn of(&self, spot: &Spot) -> Option<(f64, f64)> {
        self.places.get(spot).copied()
    }
}

/// A count as a length; drawings are small.
fn count(of: usize) -> f64 {
    u32::try_from(of).map_or(0.0, f64::from)
}

/// About how wide a text is: a Chinese letter is a square, a Latin one half of it.
fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|it| if it.is_ascii() { size * 0.55 } else { size }).sum()
}

fn head(svg: &mut String, frame: &Frame, title: &str) {
    let (width, height) = (frame.width, frame.height);
    let title = escaped(title);
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" font-family=\"{SANS}\" role=\"img\"><title>{title}</title>\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path d=\"M0 0.8 7 4 0 7.2Z\" fill=\"{SOFT}\"/></marker></defs>\
         <rect width=\"100%\" height=\"100%\" fill=\"{PAPER}\"/>\
         <text x=\"{MARGIN}\" y=\"36\" font-size=\"20\" font-weight=\"600\" fill=\"{INK}\">{title}</text>\
         <path d=\"M{MARGIN} 52H{end:.0}\" stroke=\"{INK}\" stroke-width=\"1\"/>",
        end = width - MARGIN
    );
}

fn draw_state(
    svg: &mut String,
    (x, y): (f64, f64),
    width: f64,
    title: &str,
    kind: StateKind,
    is_public: bool,
) {
    let (fill, stroke, ink, weight) = match kind {
        StateKind::Start => (PAPER, RIVER, INK, 2.0),
        StateKind::Middle => (PALE, RIVER, INK, 1.0),
        StateKind::End => (RIVER, RIVER, PAPER, 1.0),
    };
    let dashes = if is_public { " stroke-dasharray=\"5 3\"" } else { "" };
    let (left, top) = (x - width / 2.0, y - BOX_HEIGHT / 2.0);
    let title = escaped(title);
    let _ = writeln!(
        svg,
        "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{BOX_HEIGHT}\" rx=\"3\" fill=\"{fill}\" \
         stroke=\"{stroke}\" stroke-width=\"{weight}\"{dashes}/>\
         <text x=\"{x:.1}\" y=\"{base:.1}\" font-size=\"14\" text-anchor=\"middle\" fill=\"{ink}\">{title}</text>",
        base = y + 5.0
    );
}

/// A curve from the right of a box through the bends to the left of another.
fn draw_line(
    svg: &mut String,
    layers: &Layers,
    frame: &Frame,
    edge: usize,
    line: &Line,
    boxes: &[f64],
) {
    let clock_only = line.labels.iter().all(|(_, clock)| *clock);
    let (color, dashes) = if clock_only { (SEAL, " stroke-dasharray=\"2 3\"") } else { (SOFT, "") };
    let half = |state: usize| boxes.get(state).copied().unwrap_or_default() / 2.0;
    let Some((from_x, from_y)) = frame.of(&Spot::State(line.from)) else { return };
    let mut path = String::new();
    if line.from == line.to {
        let (right, low) = (from_x + 14.0, from_y + BOX_HEIGHT / 2.0);
        let _ = write!(path, "M{right:.1} {low:.1}c0 14 -28 14 -28 1");
    } else {
        let mut spots = layers.path(edge);
        let is_back = layers.is_back(edge);
        if is_back {
            spots.reverse();
        }
        let side = if is_back { -1.0 } else { 1.0 };
        let mut points = vec![(from_x + side * half(line.from), from_y)];
        points.extend(spots.iter().filter_map(|it| frame.of(it)));
        if let Some((x, y)) = frame.of(&Spot::State(line.to)) {
            points.push((x - side * (half(line.to) + 2.0), y));
        }
        let mut last: Option<(f64, f64)> = None;
        for (x, y) in points {
            match last {
                None => _ = write!(path, "M{x:.1} {y:.1}"),
                Some((from_x, from_y)) => {
                    let middle = f64::midpoint(from_x, x);
                    let _ =
                        write!(path, "C{middle:.1} {from_y:.1} {middle:.1} {y:.1} {x:.1} {y:.1}");
                }
            }
            last = Some((x, y));
        }
    }
    let _ = writeln!(
        svg,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.1\"{dashes} marker-end=\"url(#tip)\"/>"
    );
}

fn draw_labels(svg: &mut String, layers: &Layers, frame: &Frame, edge: usize, line: &Line) {
    let (x, y) = if line.from == line.to {
        let Some((x, y)) = frame.of(&Spot::State(line.from)) else { return };
        (x, y + BOX_HEIGHT / 2.0 + 22.0)
    } else {
        let Some((x, y)) = layers.label(edge).and_then(|it| frame.of(&it)) else { return };
        (x, y - (count(line.labels.len()) - 1.0) * LINE / 2.0 + 4.0)
    };
    for (at, (label, clock)) in line.labels.iter().enumerate() {
        let y = y + count(at) * LINE;
        let (half, top) = (width(label, SMALL) / 2.0 + 3.0, y - 11.0);
        let color = if *clock { SEAL } else { SOFT };
        let label = escaped(label);
        let _ = writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"15\" fill=\"{PAPER}\"/>\
             <text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{SMALL}\" text-anchor=\"middle\" fill=\"{color}\">{label}</text>",
            left = x - half,
            wide = half * 2.0
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
