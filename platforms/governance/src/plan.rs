//! Plan folders: read, typed, checked, copied.
//!
//! A plan folder is all a city needs beside its organisations and facts. Reading one never stops at
//! the first error: everything amiss is reported at once, with file, line and what to do.
//!
//! **Invariant:** a [`Plan`] that was loaded names nothing it does not declare.

mod clauses;
mod codes;
mod contradictions;
mod copy;
mod datasets;
mod expressions;
mod header;
mod indicators;
mod links;
mod map;
mod measures;
mod organisations;
mod references;
mod source;
mod tasks;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

pub use declarations::Fault as PlanError;
use declarations::{Entry, Page};
use model::dataset::Dataset;
use model::plan::Plan;

use self::codes::Lists;
pub use self::copy::{copy, stored};
use self::links::{Links, To};
use self::source::Sources;
pub use self::text::{Matched, attach_text};

/// Reads a plan folder and what it uses; every error of every file is in the list.
pub fn load(dir: &Path) -> Result<Plan, Vec<PlanError>> {
    read(dir, true)
}

/// Reads a copy of a plan folder that was in force before: what plans are asked for since then is not asked of it.
pub fn load_copy(dir: &Path) -> Result<Plan, Vec<PlanError>> {
    read(dir, false)
}

fn read(dir: &Path, is_new: bool) -> Result<Plan, Vec<PlanError>> {
    let (sources, faults) = Sources::read(dir);
    Reading { is_new, ..Reading::of(&sources, faults) }.plan()
}

/// Reads a plan folder and puts the city's own copy of the document beside its clauses.
pub fn load_with_text(dir: &Path, text: &str) -> Result<Plan, Vec<PlanError>> {
    let mut plan = load(dir)?;
    attach_text(&mut plan, text);
    Ok(plan)
}

/// Reads the datasets of a folder of rules, without a plan that uses it.
pub fn load_datasets(dir: &Path) -> Result<BTreeMap<String, Dataset>, Vec<PlanError>> {
    let (sources, faults) = Sources::of_rules(dir);
    let mut reading = Reading::of(&sources, faults);
    let lists = reading.lists();
    let datasets = reading.datasets(&lists);
    reading.faults.extend(expressions::check(&datasets, &[]));
    reading.finish(datasets)
}

/// One reading of the files.
struct Reading<'a> {
    sources: &'a Sources,
    /// What could not be read: told before what follows from it.
    unread: Vec<PlanError>,
    faults: Vec<PlanError>,
    links: Links,
    /// File of each dataset, and the names it uses.
    of_datasets: Vec<(String, Links)>,
    /// Whether it is asked for all that a plan has to have now.
    is_new: bool,
}

impl<'a> Reading<'a> {
    fn of(sources: &'a Sources, unread: Vec<PlanError>) -> Self {
        let (faults, links) = (Vec::new(), Links::default());
        Self { sources, unread, faults, links, of_datasets: Vec::new(), is_new: true }
    }

    fn plan(mut self) -> Result<Plan, Vec<PlanError>> {
        let lists = self.lists();
        let header = self.each("plan.toml", |root, links| header::read(root, &lists, links));
        let datasets = self.datasets(&lists);
        let measures: Vec<_> =
            self.each("measures.toml", measures::read).into_iter().flatten().collect();
        self.words_of_datasets();
        let sections: Vec<_> = self
            .each("clauses.toml", |root, _| clauses::read(root))
            .into_iter()
            .flatten()
            .collect();
        let clauses = clauses::all(&sections, &self.links);
        let indicators = self.each("indicators.toml", indicators::read);
        let contradictions = self.each("contradictions.toml", contradictions::read);
        let map = self.each("map.toml", map::read);
        self.organisations();
        self.strangers();
        let rules = self.sources.tables();
        for rule in rules.keys() {
            self.links.declare(To::Rule, rule);
        }
        let Some(header) = header.into_iter().flatten().next() else {
            return Err(self.told());
        };
        let end = header.last_year;
        let tasks = self.each("tasks.toml", |root, links| tasks::read(root, links, end));
        let projects = self.each("projects.toml", |root, links| tasks::projects(root, links, end));
        self.faults.extend(self.links.dangling());
        self.faults.extend(expressions::check(&datasets, &measures));
        let plan = Plan {
            code: header.code,
            name: header.name,
            city: header.city,
            offset: header.offset,
            first_year: header.first_year,
            last_year: header.last_year,
            baseline_year: header.baseline_year,
            levels: header.levels,
            side_levels: header.side_levels,
            groups: header.groups,
            indicators: indicators.into_iter().flatten().collect(),
            tasks: tasks.into_iter().flatten().collect(),
            projects: projects.into_iter().flatten().collect(),
            clauses,
            sections,
            contradictions: contradictions.into_iter().flatten().collect(),
            map: map.into_iter().flatten().collect(),
            datasets,
            measures: measures.into_iter().map(|it| it.measure).collect(),
            vocabulary: header.vocabulary,
            rules,
            version: self.sources.version(),
        };
        self.faults.extend(references::check(&plan));
        if self.is_new {
            self.faults.extend(plan.indicators.iter().flat_map(indicators::in_one_language));
        }
        self.finish(plan)
    }

    fn finish<T>(self, whole: T) -> Result<T, Vec<PlanError>> {
        let told = self.told();
        if told.is_empty() { Ok(whole) } else { Err(told) }
    }

    /// All that is amiss: what could not be read, then all else by its place.
    fn told(self) -> Vec<PlanError> {
        let mut told = sorted(self.unread);
        told.extend(sorted(self.faults));
        told
    }

    /// Reads every file of a name, those of used folders first.
    fn each<T>(&mut self, name: &str, read: impl Fn(&Entry<'_>, &Links) -> T) -> Vec<T> {
        let mut found = Vec::new();
        for (file, text) in self.sources.named(name) {
            let page = Page::new(file, text);
            {
                let table = page.parse();
                found.push(read(&Entry::root(&page, &table), &self.links));
            }
            self.faults.extend(page.into_faults());
        }
        found
    }

    fn lists(&mut self) -> Lists {
        let lists = std::cell::RefCell::new(Lists::new());
        self.each("codes.toml", |root, _| codes::read(root, &mut lists.borrow_mut()));
        let lists = lists.into_inner();
        for name in lists.keys() {
            self.links.declare(To::List, name);
        }
        lists
    }

    fn datasets(&mut self, lists: &Lists) -> BTreeMap<String, Dataset> {
        let mut datasets: BTreeMap<String, Dataset> = BTreeMap::new();
        for (file, text) in self.sources.within("datasets", ".toml") {
            let links = Links::default();
            let (dataset, faults) = datasets::read(file, text, lists, &links);
            self.faults.extend(faults);
            self.of_datasets.push((file.to_owned(), links));
            let Some(dataset) = dataset else { continue };
            if let Some(other) = datasets.get(&dataset.name) {
                let what =
                    format!("the dataset `{}` is declared at {} too", dataset.name, other.place);
                self.faults.push(PlanError::at(
                    &dataset.place,
                    what,
                    "keep one of them, or rename it",
                ));
            }
            datasets.insert(dataset.name.clone(), dataset);
        }
        datasets
    }

    /// Levels and kinds that a dataset of a used folder expects matter only if a measure reads it:
    /// rules serve cities that call their levels otherwise.
    fn words_of_datasets(&mut self) {
        let measured = self.links.used(To::Dataset);
        for (file, links) in std::mem::take(&mut self.of_datasets) {
            let names = links.declared(To::Dataset);
            for name in &names {
                self.links.declare(To::Dataset, name);
            }
            if !file.starts_with("..") || !names.is_disjoint(&measured) {
                self.links.absorb(links);
            }
        }
    }

    fn organisations(&mut self) {
        for (file, text) in self.sources.named("organisations.csv") {
            self.faults.extend(organisations::read(file, text, &self.links));
        }
        for (file, text) in self.sources.named("events.csv") {
            self.faults.extend(organisations::read_happenings(file, text, &self.links));
        }
    }

    /// A TOML file of the plan folder that nothing reads is most likely misspelt.
    fn strangers(&mut self) {
        const KNOWN: [&str; 9] = [
            "plan.toml",
            "indicators.toml",
            "measures.toml",
            "tasks.toml",
            "projects.toml",
            "clauses.toml",
            "contradictions.toml",
            "map.toml",
            "codes.toml",
        ];
        let own = self.sources.files.keys().filter(|it| !it.contains('/') && it.ends_with(".toml"));
        for file in own.filter(|it| !KNOWN.contains(&it.as_str())) {
            let hint = format!("rename it to {}, or remove it", declarations::choices(KNOWN));
            self.faults.push(PlanError::file(file, "nothing reads this file", hint));
        }
    }
}

fn sorted(mut faults: Vec<PlanError>) -> Vec<PlanError> {
    faults.sort();
    faults.dedup();
    faults
}

#[cfg(test)]
mod tests;
