//! Figures as an engine gave them, and how they differ from those of another.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

/// Indicator, level, organisation and year.
type Key = (String, String, String, u16);

/// How far two numbers that are no counts may lie apart, of the larger one.
const NEAR: f64 = 1e-9;

/// All figures of which anything is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(BTreeMap<Key, Answer>);

/// One figure.
#[derive(Clone, Debug, Default, PartialEq)]
struct Answer {
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
    /// Digits behind the point of a value that is rounded as it is published.
    digits: Option<usize>,
    /// The value as it should be published, where a reference says so.
    published: Option<String>,
    /// The value as it was printed.
    printed: String,
}

/// What came of holding one against another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) same: usize,
    pub(super) different: usize,
    /// The first few that differ.
    pub(super) examples: Vec<String>,
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} figures differ: {}", self.different, self.examples.join("; "))
    }
}

impl Answers {
    /// Reads a CSV file with a header. Figures of which neither part is known are left out.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        Self::parse(&fs::read_to_string(path)?)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut lines = text.lines().map(|it| it.split(',').map(plain).collect::<Vec<_>>());
        let head = lines.next().context("no header")?;
        let column = |name: &str| head.iter().position(|it| *it == name);
        let of = |cells: &[&str], name: &str| -> anyhow::Result<String> {
            let at = column(name).with_context(|| format!("no column {name}"))?;
            Ok((*cells.get(at).context("a row is too short")?).to_owned())
        };
        // Our own figures carry what they cover, and are rounded as they are published.
        let is_rounded = column("observation").is_some();
        let mut answers = BTreeMap::new();
        for cells in lines {
            let printed = of(&cells, "value")?;
            let answer = Answer {
                numerator: number(&of(&cells, "numerator")?)?,
                denominator: number(&of(&cells, "denominator")?)?,
                value: number(&printed)?,
                digits: is_rounded.then(|| printed.split_once('.').map_or(0, |it| it.1.len())),
                published: column("published")
                    .and_then(|it| cells.get(it))
                    .map(|it| (*it).to_owned()),
                printed,
            };
            if answer.numerator.is_none() && answer.denominator.is_none() {
                continue;
            }
            let year = of(&cells, "year")?.parse().context("no year")?;
            let key = (of(&cells, "indicator")?, of(&cells, "level")?, of(&cells, "code")?, year);
            if answers.insert(key.clone(), answer).is_some() {
                bail!("{key:?} is there twice");
            }
        }
        Ok(Self(answers))
    }

    /// Only those of one year.
    pub(super) fn of_year(self, year: u16) -> Self {
        Self(self.0.into_iter().filter(|((.., of), _)| *of == year).collect())
    }
}

impl Answers {
    /// Only those of one level whose indicators begin so.
    pub(super) fn of_level(self, level: &str, begins: &str) -> Self {
        let wanted = |(indicator, of, ..): &Key| of == level && indicator.starts_with(begins);
        Self(self.0.into_iter().filter(|(key, _)| wanted(key)).collect())
    }
}

impl Comparison {
    /// Of two texts that must be the same to the byte, line by line.
    pub(super) fn of_bytes(right: &str, given: &str) -> Self {
        let mut comparison = Self::default();
        let (mut right, mut given) = (right.split('\n'), given.split('\n'));
        loop {
            match (right.next(), given.next()) {
                (None, None) => return comparison,
                (a, b) if a == b => comparison.same += 1,
                (a, b) => {
                    comparison.different += 1;
                    if comparison.examples.len() < 3 {
                        let [a, b] = [a, b].map(|it| it.unwrap_or("nothing").trim_end().to_owned());
                        comparison.examples.push(format!("a line is `{a}`, not `{b}`"));
                    }
                }
            }
        }
    }

    /// Of a single figure.
    pub(super) fn of_one(expected: i64, given: i64) -> Self {
        if expected == given {
            return Self { same: 1, ..Self::default() };
        }
        let examples = vec![format!("it is {expected}, not {given}")];
        Self { same: 0, different: 1, examples }
    }

    /// Holds answers against those that are taken for right.
    pub(super) fn of(right: &Answers, given: &Answers) -> Self {
        let mut comparison = Self::default();
        let mut keys: Vec<&Key> = right.0.keys().chain(given.0.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            match (right.0.get(key), given.0.get(key)) {
                (Some(right), Some(given)) if is_same(right, given) => comparison.same += 1,
                (right, given) => {
                    comparison.different += 1;
                    if comparison.examples.len() < 3 {
                        let (indicator, _, code, year) = key;
                        let [right, given] = [shown(right), shown(given)];
                        let text =
                            format!("{indicator} of {code} in {year} is {right}, not {given}");
                        comparison.examples.push(text);
                    }
                }
            }
        }
        comparison
    }
}

fn is_same(right: &Answer, given: &Answer) -> bool {
    is_near(right.numerator, given.numerator)
        && is_near(right.denominator, given.denominator)
        && is_same_value(right, given)
}

/// What is rounded as published must be what is published; all else must be the number itself.
fn is_same_value(right: &Answer, given: &Answer) -> bool {
    match (right, given) {
        (Answer { published: Some(published), .. }, Answer { digits: Some(_), .. }) => {
            *published == given.printed
        }
        (rounded @ Answer { digits: Some(digits), .. }, exact @ Answer { digits: None, .. })
        | (exact @ Answer { digits: None, .. }, rounded @ Answer { digits: Some(digits), .. }) => {
            let half = 0.5 / 10_f64.powi(i32::try_from(*digits).unwrap_or(0));
            match (rounded.value, exact.value) {
                (Some(rounded), Some(exact)) => {
                    (rounded - exact).abs() <= half + NEAR * exact.abs().max(1.0)
                }
                (a, b) => a.is_none() && b.is_none(),
            }
        }
        _ => is_near(right.value, given.value),
    }
}

/// Counts to the last digit, all else to nine: a weighted sum may happen to be whole on one side only.
fn is_near(right: Option<f64>, given: Option<f64>) -> bool {
    match (right, given) {
        (None, None) => true,
        (Some(right), Some(given)) => {
            let is_count = right.fract() == 0.0 && given.fract() == 0.0;
            let apart = (right - given).abs();
            if is_count { apart <= 0.0 } else { apart <= NEAR * right.abs().max(1.0) }
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// A cell without the quotes that some engines put around texts.
fn plain(cell: &str) -> &str {
    cell.trim_matches(['"', '\r'])
}

/// `None` for the ways in which engines write that nothing is there.
fn number(text: &str) -> anyhow::Result<Option<f64>> {
    match text {
        "" | r"\N" | "NULL" => Ok(None),
        text => Ok(Some(text.parse().with_context(|| format!("`{text}` is no number"))?)),
    }
}

fn shown(answer: Option<&Answer>) -> String {
    let Some(answer) = answer else { return "nothing".to_owned() };
    let number = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), |it| it.to_string());
    format!("{} of {} = {}", number(answer.numerator), number(answer.denominator), answer.printed)
}

#[cfg(test)]
mod tests {
    use super::{Answers, Comparison};

    const HEAD: &str = "indicator,level,code,year,numerator,denominator,value";

    fn answers(head: &str, row: &str) -> Answers {
        Answers::parse(&format!("{head}\n{row}\n")).unwrap()
    }

    fn differ(right: &Answers, given: &Answers) -> usize {
        Comparison::of(right, given).different
    }

    #[test]
    fn counts_are_the_same_to_the_last_digit_and_shares_to_nine() {
        let right = answers(HEAD, "A,city,1,2020,2,3,66.66666666666667");
        assert_eq!(
            differ(&right, &answers(HEAD, "\"A\",\"city\",\"1\",2020,2.0,3.0,66.666666666")),
            0
        );
        assert_eq!(differ(&right, &answers(HEAD, "A,city,1,2020,2,3,66.6666")), 1);
        assert_eq!(differ(&right, &answers(HEAD, "A,city,1,2020,3,3,66.66666666666667")), 1);
        // A weighted sum of floating point numbers, which is whole by exact ones.
        let summed = |numerator: &str| {
            answers(HEAD, &format!("A,city,1,2020,{numerator},3,66.66666666666667"))
        };
        assert_eq!(differ(&right, &summed("2.0000000001")), 0);
        assert_eq!(differ(&right, &summed("2.00000001")), 1);
        assert_eq!(differ(&right, &answers(HEAD, "A,city,1,2020,2,\\N,66.66666666666667")), 1);
        assert_eq!(differ(&right, &answers(HEAD, "A,city,2,2020,2,3,66.66666666666667")), 2);
    }

    #[test]
    fn what_is_published_is_what_the_reference_would_publish() {
        let head = format!("{HEAD},published");
        let right = answers(&head, "A,city,1,2020,1,8,12.5,13");
        let ours = |value: &str| {
            answers(&format!("{HEAD},observation"), &format!("A,city,1,2020,1,8,{value},reported"))
        };
        assert_eq!(differ(&right, &ours("13")), 0);
        assert_eq!(differ(&right, &ours("12")), 1);
        // Without a reference, as near as the digits that are printed.
        let other = answers(HEAD, "A,city,1,2020,1,8,12.5");
        assert_eq!(differ(&other, &ours("12")), 0);
        assert_eq!(differ(&ours("12"), &other), 0);
        assert_eq!(differ(&other, &ours("11")), 1);
    }

    #[test]
    fn figures_of_which_nothing_is_known_are_no_figures() {
        assert!(answers(HEAD, "A,city,1,2020,,,").0.is_empty());
        assert!(
            Answers::parse(&format!("{HEAD}\nA,city,1,2020,1,1,1\nA,city,1,2020,1,1,1\n")).is_err()
        );
        assert!(Answers::parse("level,code\ncity,1\n").is_err());
    }
}
