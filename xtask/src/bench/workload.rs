//! The workloads: what is asked of the product and of its peers.

use clap::ValueEnum;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Workload {
    /// All indicators from the records.
    #[value(name = "A")]
    A,
    /// Definitions to answer.
    #[value(name = "B")]
    B,
    /// One return corrected, to the city's figure.
    #[value(name = "C")]
    C,
    /// The reads of a dashboard over HTTP.
    #[value(name = "D")]
    D,
    /// Records taken in, with all checks.
    #[value(name = "E")]
    E,
    /// From a figure to its rows.
    #[value(name = "F")]
    F,
    /// Earlier releases again, byte for byte.
    #[value(name = "G")]
    G,
    /// Six years on the boundaries of the first and of the last.
    #[value(name = "H")]
    H,
    /// All of it at once, for a long time; asked for by `--soak`.
    #[value(skip)]
    Soak,
}

impl Workload {
    pub(super) const ALL: [Self; 9] =
        [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F, Self::G, Self::H, Self::Soak];

    /// As reports call it.
    pub(super) const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
            Self::G => "G",
            Self::H => "H",
            Self::Soak => "soak",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::A => "from records to figures",
            Self::B => "from definitions to figures",
            Self::C => "a correction, to the city's figure",
            Self::D => "the reads of a dashboard",
            Self::E => "records taken in",
            Self::F => "from a figure to its rows",
            Self::G => "earlier releases again",
            Self::H => "old and new boundaries",
            Self::Soak => "all at once, for a long time",
        }
    }

    /// What is asked, for the head of a report; `rows` are those of all datasets.
    pub(super) fn subject(self, rows: u64) -> String {
        match self {
            Self::A => format!(
                "The 20 indicators of the shipped plan for every school, district and the city, in six years, with numerator,\n\
                 denominator and value, from {rows} records."
            ),
            Self::B => "A plan folder with 200 indicators: read, every expression type-checked against its dataset and planned, every\n\
                 name followed. Then the same definitions to figures. MetricFlow is given 200 ratio metrics over the same columns and\n\
                 asked for its SQL for all of them."
                .to_owned(),
            Self::C => format!(
                "One kindergarten corrects the number of its children in the last year, and the city's figure follows; {rows}\n\
                 records are there. We check the return, write it as a new version, publish a release and print the figure, in\n\
                 three processes; and, apart from that, send it to a running server, until that answers with the new figure. The\n\
                 peers compute the 20 indicators of that year again, from files that were corrected before."
            ),
            Self::D => "Eighteen reads, by turns, of a server that runs: pages, the JSON API and CSV, each of a year, district and school that\n\
                 chance picks. Clients keep their connections and ask again as soon as they have the answer; they run on the same\n\
                 machine."
                .to_owned(),
            Self::E => "Enrolments of pupils with all checks on (codes, check digits, ranges, the organisation on that day, pupils twice, rules\n\
                 across columns), pseudonyms made, a findings file written, and the rows in a new version of a table of which all\n\
                 earlier versions stay. In one row of 500 something is wrong."
                .to_owned(),
            Self::F => "Figures that chance picks, half of them of schools and half of districts. For each the server gives, as JSON, its\n\
                 definition, table versions, predicates, the organisations it comes from, how many rows count, and up to 200 of them."
                .to_owned(),
            Self::G => "Four releases: records corrected twice, then a definition changed. The first three are asked for again, all figures of\n\
                 all indicators, and held byte for byte against what was written when they were the newest."
                .to_owned(),
            Self::H => "The 20 indicators in six years on the boundaries of the end of the first year, and on those of the last: two districts\n\
                 each gave schools to a neighbour in between. The peers are given lists that say who stood where on each; we keep\n\
                 that ourselves."
                .to_owned(),
            Self::Soak => "A server under readers, while returns are corrected and it is killed and started again. At the end its figures must be\n\
                 those of the records as they are, and its memory that of the beginning."
                .to_owned(),
        }
    }
}
