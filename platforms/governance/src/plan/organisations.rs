//! `organisations.csv`: the city and its districts, as far as the plan's own files name them.
//!
//! The list is read into the registry elsewhere; here it is only held against the plan's words.

use model::organisation::OrgCode;
use model::text::Place;

use super::fault::PlanError;
use super::links::{Links, To};
use super::page::{Word, short};

/// Columns every list of organisations has.
const COLUMNS: [&str; 12] = [
    "code",
    "name_zh",
    "name_en",
    "level",
    "kind",
    "founder",
    "stages",
    "area_class",
    "parent",
    "hierarchy",
    "valid_from",
    "valid_to",
];

/// Reads the list, declares its codes, and notes the words it uses.
pub(super) fn read(file: &str, text: &str, links: &Links) -> Vec<PlanError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|it| it.trim().to_owned()).collect(),
        Err(error) => return vec![PlanError::file(file, error.to_string(), "save it as CSV")],
    };
    let mut faults = Vec::new();
    let missing = COLUMNS.into_iter().filter(|it| header.iter().all(|column| column != it));
    for column in missing {
        let what = format!("the column `{column}` is missing");
        let hint = format!("write the header {}", COLUMNS.join(","));
        faults.push(PlanError { place: at(file, 1), what, hint });
    }
    if !faults.is_empty() {
        return faults;
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let (what, hint) = (error.to_string(), "correct the row".to_owned());
                faults.push(PlanError { place: at(file, line), what, hint });
                continue;
            }
        };
        let place = at(file, record.position().map_or(0, csv::Position::line));
        let cells: Vec<(&str, &str)> =
            header.iter().map(String::as_str).zip(record.iter().map(str::trim)).collect();
        if record.len() != header.len() {
            let what = format!("{} cells under {} columns", record.len(), header.len());
            faults.push(PlanError::at(&place, what, "write one cell under every column"));
            continue;
        }
        row(&cells, &place, links, &mut faults);
    }
    faults
}

fn row(cells: &[(&str, &str)], place: &Place, links: &Links, faults: &mut Vec<PlanError>) {
    let cell = |name: &str| cells.iter().find(|(it, _)| *it == name).map_or("", |(_, cell)| *cell);
    let word = |text| Word { text, place: place.clone() };
    let code = cell("code");
    if let Err(error) = code.parse::<OrgCode>() {
        faults.push(PlanError::at(place, error.to_string(), "write the organisation's code"));
        return;
    }
    links.declare(To::Organisation, code);
    if cell("name_zh").is_empty() {
        faults.push(PlanError::at(
            place,
            format!("`{}` has no name", short(code)),
            "fill `name_zh`",
        ));
    }
    links.to(To::Level, &word(cell("level")));
    let optional = [
        (To::Kind, cell("kind")),
        (To::Founder, cell("founder")),
        (To::AreaClass, cell("area_class")),
        (To::Organisation, cell("parent")),
    ];
    let stages = cell("stages").split(';').map(str::trim).map(|it| (To::Stage, it));
    for (to, text) in optional.into_iter().chain(stages).filter(|(_, text)| !text.is_empty()) {
        links.to(to, &word(text));
    }
}

fn at(file: &str, line: u64) -> Place {
    Place { file: file.to_owned(), line: u32::try_from(line).unwrap_or(u32::MAX) }
}
