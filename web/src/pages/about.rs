//! `/about`: where the data come from, how figures are made, and what is withheld.

use askama::Template;
use model::dataset::Disclosure;
use model::target::Status;

use crate::charts::mark::Mark;
use crate::frame::{Frame, Section};
use crate::text::Text;
use crate::visit::Visit;

/// Data and method, ready to be read.
#[derive(Debug, Template)]
#[template(path = "pages/about.html")]
pub(crate) struct AboutPage {
    t: Text,
    frame: Frame,
    least: String,
    statuses: Vec<(Status, Mark, String, String)>,
    datasets: Vec<DatasetLine>,
}

#[derive(Debug)]
struct DatasetLine {
    title: String,
    name: String,
    version: String,
    columns: usize,
    personal: usize,
}

impl AboutPage {
    pub(crate) fn new(visit: &Visit) -> Self {
        let t = visit.t();
        let published = &*visit.published;
        let tables = &published.release().tables;
        let line = |it: &model::dataset::Dataset| DatasetLine {
            title: t.of(&it.title).to_owned(),
            name: it.name.clone(),
            version: tables.get(&it.name).map_or_else(|| "–".to_owned(), ToString::to_string),
            columns: it.columns.len(),
            personal: it.columns.iter().filter(|it| it.disclosure == Disclosure::Personal).count(),
        };
        Self {
            t,
            frame: visit.frame(Section::About),
            least: published.least_persons().to_string(),
            statuses: Status::ALL
                .into_iter()
                .map(|it| {
                    let rule = t.get(&format!("about-status-{}", it.as_str()));
                    (it, Mark::new(it), t.status(it), rule)
                })
                .collect(),
            datasets: published.plan().datasets.values().map(line).collect(),
        }
    }
}
