//! Intake: rows on their way from the source through the checks into the stage.

use std::ops::{ControlFlow, RangeInclusive};

use csv::StringRecord;
use lake::Stage;
use model::finding::{Finding, Severity};

use super::super::check::Checks;
use super::super::derived::Derivation;
use super::super::findings::Findings;
use super::super::header::{self, Header, Names};
use super::super::rows::{Batch, Rows};
use super::super::source::Sink;
use super::{Import, ImportError, Step, split};

/// Rows that are checked at once: few enough for memory, many enough for the checks' speed.
const BATCH: usize = 16_384;

/// Takes a file's rows as they are read.
pub(super) struct Intake<'a> {
    import: &'a Import<'a>,
    file: &'a str,
    checks: &'a Checks<'a>,
    derivation: Option<&'a Derivation>,
    state: State<'a>,
    merged: Vec<(RangeInclusive<u64>, RangeInclusive<usize>)>,
    stage: Stage,
    taken: Taken,
    failure: Option<ImportError>,
    is_strict: bool,
}

/// What was taken in when the source has ended.
pub(super) struct Taken {
    pub(super) findings: Findings,
    pub(super) rows: u64,
    pub(super) refused: u64,
    /// Whether the header keeps the whole file out.
    pub(super) is_refused: bool,
    /// Columns of the dataset that the file does not have.
    pub(super) absent: Vec<String>,
}

enum State<'a> {
    /// The first rows, in which the header is looked for.
    Searching(Vec<(u64, StringRecord)>),
    Reading(Box<Rows<'a>>),
    Refused,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        import: &'a Import<'a>,
        file: &'a str,
        checks: &'a Checks<'a>,
        derivation: Option<&'a Derivation>,
        stage: Stage,
        findings: Findings,
    ) -> Self {
        let taken = Taken { findings, rows: 0, refused: 0, is_refused: false, absent: Vec::new() };
        Self {
            import,
            file,
            checks,
            derivation,
            state: State::Searching(Vec::new()),
            merged: Vec::new(),
            stage,
            taken,
            failure: None,
            is_strict: false,
        }
    }

    /// What was taken, and its rows. A file that was read to its end without a header is
    /// refused, and one without rows does not pass in silence.
    pub(super) fn finish(mut self, is_read: bool) -> Result<(Taken, Stage), ImportError> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        if matches!(self.state, State::Searching(_)) && is_read {
            let fault = header::none_found(self.import.dataset);
            self.taken.findings.take([fault.of_file(self.file)])?;
            self.taken.is_refused = true;
        }
        if matches!(self.state, State::Reading(_)) && is_read && self.taken.rows == 0 {
            let finding = header::nothing_below().at(self.file, None, None, Severity::Warning);
            self.taken.findings.take([finding])?;
        }
        Ok((self.taken, self.stage))
    }

    /// Looks for the header among the first rows, and reads those below it.
    fn search(&mut self) -> Result<(), ImportError> {
        let State::Searching(first) = &mut self.state else { return Ok(()) };
        let names = Names::new(self.import.dataset, self.import.mapping);
        let Some(position) = names.find(first) else { return Ok(()) };
        let first = std::mem::take(first);
        let mut rest = first.into_iter().skip(position);
        let Some((number, row)) = rest.next() else { return Ok(()) };
        let (header, findings) = names.read(self.file, number, &row);
        let is_refused = findings.iter().any(|it| it.severity == Severity::Error);
        self.taken.absent = names.absent(&header).map(|it| it.name.clone()).collect();
        self.taken.findings.take(findings)?;
        if is_refused {
            self.taken.is_refused = true;
            self.state = State::Refused;
            return Ok(());
        }
        let mut rows = self.rows(header);
        for (number, row) in rest {
            rows.row(number, &row);
        }
        self.state = State::Reading(Box::new(rows));
        Ok(())
    }

    fn rows(&mut self, header: Header) -> Rows<'a> {
        let import = self.import;
        let mut rows = Rows::new(
            self.file,
            import.dataset,
            import.mapping,
            import.pseudonyms,
            header,
            self.is_strict,
        );
        for (merged, columns) in std::mem::take(&mut self.merged) {
            rows.merged(merged, &columns);
        }
        rows
    }

    fn take(&mut self, number: u64, cells: &StringRecord) -> Result<(), ImportError> {
        match &mut self.state {
            State::Searching(first) => {
                first.push((number, cells.clone()));
                if first.len() < header::DEPTH { Ok(()) } else { self.search() }
            }
            State::Reading(rows) => {
                rows.row(number, cells);
                if rows.len() < BATCH { Ok(()) } else { self.flush() }
            }
            State::Refused => Ok(()),
        }
    }

    /// Checks the rows read so far and stages those that pass.
    fn flush(&mut self) -> Result<(), ImportError> {
        let State::Reading(rows) = &mut self.state else { return Ok(()) };
        let Batch { mut block, sound, findings } = rows.take();
        self.taken.findings.take(findings)?;
        let organisations = self.import.organisations;
        let checked = self.checks.check_rest(self.file, &block, organisations, sound)?;
        let labelled = checked.findings.into_iter().map(|it| labelled(it, rows));
        self.taken.findings.take(labelled)?;
        if let Some(derivation) = self.derivation {
            derivation.fill(&mut block);
        }
        let refused = checked.keep.iter().filter(|it| !**it).count();
        self.taken.refused += u64::try_from(refused).unwrap_or_default();
        self.taken.rows += u64::try_from(block.len()).unwrap_or_default();
        let parts = split::by_partition(self.import.dataset, &block, &checked.keep, organisations);
        for ((year, area), part) in parts {
            self.stage.push(year, &area, part)?;
        }
        (self.import.progress)(Step::Read { rows: self.taken.rows });
        Ok(())
    }
}

/// A finding with the column as the file calls it.
fn labelled(mut finding: Finding, rows: &Rows<'_>) -> Finding {
    if let Some(label) = finding.column.as_deref().and_then(|it| rows.label(it)) {
        finding.column = Some(label.to_owned());
    }
    finding
}

impl Sink for Intake<'_> {
    fn begin(&mut self, is_strict: bool) {
        self.is_strict = is_strict;
        self.merged.clear();
        if let State::Searching(first) = &mut self.state {
            first.clear();
        }
    }

    fn merged(&mut self, rows: RangeInclusive<u64>, columns: RangeInclusive<usize>) {
        self.merged.push((rows, columns));
    }

    fn row(&mut self, number: u64, cells: &StringRecord) -> ControlFlow<()> {
        if let Err(failure) = self.take(number, cells) {
            self.failure = Some(failure);
        }
        let is_over = match &self.state {
            // Below the first rows no header is looked for any more.
            State::Searching(first) => first.len() >= header::DEPTH,
            State::Reading(_) => false,
            State::Refused => true,
        };
        if is_over || self.failure.is_some() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn end(&mut self) -> bool {
        if self.failure.is_none() {
            let ended = self.search().and_then(|()| self.flush());
            self.failure = ended.err();
        }
        !matches!(self.state, State::Searching(_))
    }
}
