//! The city's own copy of the document, put beside the plan's clauses.
//!
//! The copy is plain text or Markdown. A line that is a section's heading opens the section; its
//! sentences are counted from there, and end with `。`, `！`, `？` or the paragraph. In a table every
//! row below the rule is one. A section whose copy has another number of sentences is left without
//! text: a wrong sentence beside a number would be worse than none.

use std::collections::BTreeMap;

use model::plan::{Plan, Section};

/// How much of the document was found in the copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Clauses that have their text now.
    pub clauses: usize,
    /// Clauses of the plan.
    pub of: usize,
    /// Sections whose heading was not found.
    pub missing: Vec<String>,
    /// Sections with another number of sentences: id, expected, found.
    pub uneven: Vec<(String, usize, usize)>,
}

/// Puts the text of every clause that can be told in the copy beside it.
pub fn attach_text(plan: &mut Plan, text: &str) -> Matched {
    let mut copies = sections(&plan.sections, text);
    let mut matched = Matched { of: plan.clauses.len(), ..Matched::default() };
    for section in &plan.sections {
        let Some(sentences) = copies.remove(section.id.as_str()) else {
            matched.missing.push(section.id.clone());
            continue;
        };
        let expected = usize::from(section.sentences);
        if sentences.len() != expected {
            matched.uneven.push((section.id.clone(), expected, sentences.len()));
            continue;
        }
        for (id, sentence) in section.clauses().zip(sentences) {
            if let Some(clause) = plan.clauses.get_mut(&id) {
                clause.text = Some(sentence);
                matched.clauses += 1;
            }
        }
    }
    matched
}

/// The sentences of every section found, in the order of the document.
fn sections<'a>(sections: &'a [Section], text: &str) -> BTreeMap<&'a str, Vec<String>> {
    let headings: Vec<(&str, String)> =
        sections.iter().map(|it| (it.id.as_str(), squeezed(&it.heading))).collect();
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut ahead = headings.as_slice();
    let mut open: Option<&str> = None;
    let mut in_rows = false;
    for line in text.lines().map(str::trim) {
        let is_heading = line.starts_with('#');
        let bare = line.trim_start_matches(['#', '>', ' ', '\u{3000}']).replace("**", "");
        let title = squeezed(&bare);
        let unnumbered = without_number(&title);
        let next = ahead.iter().position(|(_, it)| *it == title || it == unnumbered);
        if let Some((id, _)) = next.and_then(|at| ahead.get(at)) {
            ahead = next.and_then(|at| ahead.get(at + 1..)).unwrap_or_default();
            open = Some(*id);
            found.insert(*id, Vec::new());
        } else if is_heading {
            open = None;
        } else if let Some(id) = open {
            let sentences = found.entry(id).or_default();
            match (line.starts_with('|'), in_rows) {
                (true, false) if is_rule(line) => in_rows = true,
                (true, false) => {}
                (true, true) => sentences.push(row(line)),
                (false, _) => {
                    in_rows = false;
                    sentences.extend(split(&bare));
                }
            }
        }
    }
    found
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace()).collect()
}

/// A heading without `一、`, `（一）` or `1.` before it.
fn without_number(title: &str) -> &str {
    let number = |it: char| "一二三四五六七八九十百".contains(it) || it.is_ascii_digit();
    let inner = title.strip_prefix(['（', '(']).unwrap_or(title);
    let rest = inner.trim_start_matches(number);
    if rest.len() == inner.len() {
        return title;
    }
    rest.strip_prefix(['、', '.', '．', '）', ')']).unwrap_or(title)
}

/// The line under a table's header.
fn is_rule(line: &str) -> bool {
    line.chars().all(|it| matches!(it, '|' | '-' | ':' | ' '))
}

/// The cells of a table's row, apart by spaces.
fn row(line: &str) -> String {
    let cells: Vec<&str> = line.split('|').map(str::trim).filter(|it| !it.is_empty()).collect();
    cells.join(" ")
}

/// The sentences of a paragraph; closing quotes and brackets stay with theirs.
fn split(paragraph: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut ended = false;
    for letter in paragraph.chars() {
        if ended && !matches!(letter, '”' | '’' | '）' | '」' | '』') {
            sentences.push(String::new());
            ended = false;
        }
        ended |= matches!(letter, '。' | '！' | '？');
        if let Some(last) = sentences.last_mut() {
            last.push(letter);
        }
    }
    sentences.into_iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_with_its_closing_quote() {
        assert_eq!(split("甲“乙。”丙！丁"), ["甲“乙。”", "丙！", "丁"]);
        assert!(split("  ").is_empty());
    }

    #[test]
    fn a_number_before_a_heading_is_no_part_of_it() {
        assert_eq!(without_number("（十一）全面深化"), "全面深化");
        assert_eq!(without_number("3.加强"), "加强");
        assert_eq!(without_number("一流本科"), "一流本科");
        assert_eq!(without_number("二、总体要求"), "总体要求");
    }
}
