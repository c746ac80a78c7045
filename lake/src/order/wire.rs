//! Orders on their way between processes: what is needed to compute states, and none of the rest of a declaration.

use model::Year;
use model::dataset::{Column, ColumnKind, Dataset, Disclosure, Period, PersonId};
use model::measure::{Aggregate, Measure};
use model::text::{Bilingual, Place};
use model::year::MonthDay;
use serde::{Deserialize, Serialize};

use super::Order;
use crate::LakeError;
use crate::table::DataFile;

#[derive(Serialize, Deserialize)]
struct Written {
    /// Of what is to be computed: a program that would name it otherwise computes something else.
    fingerprint: String,
    dataset: String,
    columns: Vec<(String, Kind)>,
    dimensions: Vec<String>,
    measures: Vec<(String, String, Option<String>, Option<String>)>,
    version: u64,
    files: Vec<File>,
}

#[derive(Serialize, Deserialize)]
enum Kind {
    Organisation,
    OtherOrganisation,
    Year,
    Integer,
    Decimal(u8),
    Code,
    Flag,
    Date,
    Text,
    Person,
    CreditCode,
}

#[derive(Serialize, Deserialize)]
struct File {
    year: u16,
    area: String,
    path: String,
    bytes: u64,
    rows: u64,
}

pub(super) fn write(orders: &[Order]) -> Vec<u8> {
    let written: Vec<Written> = orders.iter().map(Written::from).collect();
    postcard::to_stdvec(&written).unwrap_or_default()
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Order>, LakeError> {
    let read: Vec<Written> = postcard::from_bytes(bytes).map_err(|_| LakeError::Order)?;
    read.into_iter().map(Written::order).collect::<Option<_>>().ok_or(LakeError::Order)
}

pub(super) fn write_file(file: &DataFile) -> Vec<u8> {
    postcard::to_stdvec(&File::from(file)).unwrap_or_default()
}

pub(super) fn read_file(bytes: &[u8]) -> Result<DataFile, LakeError> {
    let file: Option<File> = postcard::from_bytes(bytes).ok();
    file.and_then(File::data_file).ok_or(LakeError::Order)
}

impl From<&Order> for Written {
    fn from(order: &Order) -> Self {
        let measure = |it: &Measure| {
            (it.name.clone(), it.aggregate.as_str().to_owned(), it.of.clone(), it.filter.clone())
        };
        Self {
            fingerprint: order.fingerprint(),
            dataset: order.dataset.name.clone(),
            columns: order.dataset.columns.iter().map(|it| (it.name.clone(), kind(it))).collect(),
            dimensions: order.dataset.dimensions.clone(),
            measures: order.measures.iter().map(measure).collect(),
            version: order.version,
            files: order.files.iter().map(File::from).collect(),
        }
    }
}

impl Written {
    /// `None` where it is not what this program would write.
    fn order(self) -> Option<Order> {
        let dataset = dataset(self.dataset, self.columns, self.dimensions);
        let mut measures = Vec::new();
        for (name, aggregate, of, filter) in self.measures {
            measures.push(Measure {
                name,
                title: Bilingual::default(),
                dataset: dataset.name.clone(),
                aggregate: Aggregate::parse(&aggregate)?,
                of,
                filter,
                place: Place::default(),
            });
        }
        let files = self.files.into_iter().map(File::data_file).collect::<Option<_>>()?;
        let order = Order { dataset, measures, version: self.version, files };
        (order.fingerprint() == self.fingerprint).then_some(order)
    }
}

fn kind(column: &Column) -> Kind {
    match &column.kind {
        ColumnKind::Organisation => Kind::Organisation,
        ColumnKind::OtherOrganisation => Kind::OtherOrganisation,
        ColumnKind::Year => Kind::Year,
        ColumnKind::Integer => Kind::Integer,
        ColumnKind::Decimal { scale } => Kind::Decimal(*scale),
        ColumnKind::Code { .. } => Kind::Code,
        ColumnKind::Flag => Kind::Flag,
        ColumnKind::Date => Kind::Date,
        ColumnKind::Text => Kind::Text,
        ColumnKind::Person(_) => Kind::Person,
        ColumnKind::CreditCode => Kind::CreditCode,
    }
}

/// A declaration by which files are scanned; nobody is shown or asked anything by it.
fn dataset(name: String, columns: Vec<(String, Kind)>, dimensions: Vec<String>) -> Dataset {
    let column = |(name, kind): (String, Kind)| Column {
        name,
        title: Bilingual::default(),
        kind: match kind {
            Kind::Organisation => ColumnKind::Organisation,
            Kind::OtherOrganisation => ColumnKind::OtherOrganisation,
            Kind::Year => ColumnKind::Year,
            Kind::Integer => ColumnKind::Integer,
            Kind::Decimal(scale) => ColumnKind::Decimal { scale },
            Kind::Code => ColumnKind::Code { items: Vec::new() },
            Kind::Flag => ColumnKind::Flag,
            Kind::Date => ColumnKind::Date,
            Kind::Text => ColumnKind::Text,
            Kind::Person => ColumnKind::Person(PersonId::Local),
            Kind::CreditCode => ColumnKind::CreditCode,
        },
        unit: None,
        required: false,
        disclosure: Disclosure::Personal,
        range: None,
        range_warns: false,
        place: Place::default(),
    };
    Dataset {
        name,
        title: Bilingual::default(),
        platform: String::new(),
        period: Period::CalendarYear,
        reference: MonthDay::SCHOOL_YEAR,
        columns: columns.into_iter().map(column).collect(),
        key: Vec::new(),
        dimensions,
        expected: None,
        checks: Vec::new(),
        sums: Vec::new(),
        derived: None,
        place: Place::default(),
    }
}

impl From<&DataFile> for File {
    fn from(file: &DataFile) -> Self {
        Self {
            year: file.year.number(),
            area: file.area.clone(),
            path: file.path.clone(),
            bytes: file.bytes,
            rows: file.rows,
        }
    }
}

impl File {
    fn data_file(self) -> Option<DataFile> {
        let Self { year, area, path, bytes, rows } = self;
        Some(DataFile { year: Year::new(year)?, area, path, bytes, rows })
    }
}
