//! Reads training rows from labeled files.

use std::path::PathBuf;

use crate::error::{Error, Message, Result, counted};
use crate::label::{LabelSpellings, LabelVariants};
use crate::read::{Gold, InputOptions, Inputs, Labeled, LabeledColumns, Origin, find_files, read_labeled};
use crate::tabulate::{DateOrder, Period};
use crate::train::dataset::row::Row;

/// The files to read, and how to read them.
///
/// ```
/// use standpoint::Threads;
/// use standpoint::train::{TrainParams, TrainingFiles, train};
///
/// let read = TrainingFiles::new(["tests/parity/rows.csv"]).read()?;
/// let (model, report) = train(read.rows, TrainParams::default(), &Threads::new(1)?)?;
/// assert!(report.cross_validation.and_then(|metrics| metrics.macro_f1()) > Some(0.3));
/// # Ok::<(), standpoint::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrainingFiles {
    /// CSV, JSON lines, Parquet or spreadsheets with a column for the text and one for the label.
    pub labeled: Vec<PathBuf>,
    /// How files are read.
    pub options: InputOptions,
    /// Which columns hold the label, the group, the date and the weight.
    pub columns: LabeledColumns,
    /// The order of day and month in dates of numbers alone; with `None` such dates cannot be read.
    pub date_format: Option<DateOrder>,
    /// Files of further labeled rows, which are learned from and never held out. Conditions and
    /// groups do not apply to them.
    pub train_only: Vec<PathBuf>,
    /// Weight of each of those rows.
    pub train_only_weight: f64,
    /// How to treat labels that differ only in spelling, and cells of several labels; with `None`
    /// they are an error.
    pub label_variants: Option<LabelVariants>,
}

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceRow {
    /// The row's id.
    pub id: String,
    /// The path of its file.
    pub path: String,
    /// Its number in the file, from 1; `None` where the file is one document.
    pub record: Option<u64>,
    /// The line of the file on which it begins; `None` where the file has no lines.
    pub line: Option<u64>,
}

/// The rows that were read.
#[derive(Debug)]
#[non_exhaustive]
pub struct TrainingRows {
    /// All rows; those for training only come last.
    pub rows: Vec<Row>,
    /// For each row that may be held out, where it comes from.
    pub sources: Vec<SourceRow>,
    /// Number of rows that a condition or an ignored label left out.
    pub left_out: u64,
    /// Why rows could not be used, an error each.
    pub skipped: Vec<Error>,
    /// Where the rows come from, as far as they say so themselves.
    pub origin: Origin,
    /// One line each: repeated ids, replaced bytes.
    pub warnings: Vec<Message>,
    /// One line if some dates cannot be read: their rows take no part in the split by time.
    pub unreadable_dates: Option<Message>,
    /// As `warnings`, of the rows for training only.
    pub train_only_warnings: Vec<Message>,
}

impl TrainingFiles {
    /// Files whose columns have the usual names; see [`LabeledColumns::default`].
    pub fn new(labeled: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        TrainingFiles {
            labeled: labeled.into_iter().map(Into::into).collect(),
            options: InputOptions::default(),
            columns: LabeledColumns::default(),
            date_format: None,
            train_only: Vec::new(),
            train_only_weight: 1.0,
            label_variants: None,
        }
    }

    /// Checks what can be known before a file is read.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for a weight that is no number from 0
    /// up.
    pub fn check(&self) -> Result<()> {
        match self.train_only_weight {
            weight if weight.is_finite() && weight >= 0.0 => Ok(()),
            weight => Err(Error::invalid_parameter("train_only_weight", weight, "a number of at least 0")),
        }
    }

    /// Reads all rows. A row that cannot be used is skipped and listed; one for training only is an
    /// error.
    ///
    /// # Errors
    /// A file that cannot be opened or lacks a column, and labels that [`LabelVariants`] should
    /// settle.
    pub fn read(&self) -> Result<TrainingRows> {
        self.check()?;
        let mut labeled = read_labeled(&self.labeled, &self.options, &self.columns)?;
        if let Some(order) = self.date_format {
            labeled.rows.iter_mut().for_each(|gold| gold.rewrite_date(|date| order.rewrite(date)));
        }
        let unreadable_dates = unreadable_dates(&labeled.rows);
        // Where nothing may be held out, there is nothing to train.
        let mut train_only = match labeled.rows.is_empty() {
            true => Labeled::default(),
            false => self.read_train_only()?,
        };
        self.settle_labels(&mut [&mut labeled.rows, &mut train_only.rows])?;
        let sources = labeled.rows.iter().map(source).collect();
        let mut rows: Vec<Row> = labeled.rows.into_iter().map(Row::from).collect();
        rows.extend(train_only.rows.into_iter().map(|gold| Row {
            weight: self.train_only_weight,
            train_only: true,
            ..Row::new(gold.label, gold.document.text)
        }));
        Ok(TrainingRows {
            rows,
            sources,
            left_out: labeled.left_out,
            skipped: labeled.skipped,
            origin: labeled.origin,
            warnings: labeled.warnings,
            unreadable_dates,
            train_only_warnings: train_only.warnings,
        })
    }

    /// Reads the rows for training only, which have no groups, no conditions, and one weight.
    fn read_train_only(&self) -> Result<Labeled> {
        if self.train_only.is_empty() {
            return Ok(Labeled::default());
        }
        let columns = LabeledColumns {
            conditions: Vec::new(),
            group: Vec::new(),
            date: None,
            weight: None,
            ..self.columns.clone()
        };
        let mut labeled = read_labeled(&self.train_only, &self.options, &columns)?;
        match labeled.skipped.is_empty() {
            true => Ok(labeled),
            false => Err(labeled.skipped.swap_remove(0)),
        }
    }

    /// Merges or refuses labels that differ only in spelling.
    fn settle_labels(&self, rows: &mut [&mut Vec<Gold>]) -> Result<()> {
        let mut spellings = LabelSpellings::default();
        for gold in rows.iter().flat_map(|rows| rows.iter()) {
            spellings.add(&gold.label, || gold.document.place());
        }
        let chosen = spellings.settle(self.label_variants, &self.columns.missing)?;
        for gold in rows.iter_mut().flat_map(|rows| rows.iter_mut()) {
            if let Some(chosen) = chosen.get(&gold.label) {
                gold.label.clone_from(chosen);
            }
        }
        Ok(())
    }
}

/// The texts of some files, for [`TrainParams::out_of_domain`](crate::train::TrainParams) and
/// [`TrainParams::unlabeled`](crate::train::TrainParams). A label column is not looked at.
///
/// # Errors
/// A file or record that cannot be read.
pub fn read_texts(files: &[PathBuf], options: &InputOptions) -> Result<Vec<String>> {
    let files = find_files(files, &[]).or_error(files)?;
    Inputs::new(files, options.clone()).map(|raw| Ok(raw?.document(options)?.text)).collect()
}

fn source(gold: &Gold) -> SourceRow {
    let document = &gold.document;
    SourceRow {
        id: document.id.clone(),
        path: document.path.clone(),
        record: document.record,
        line: document.line,
    }
}

/// A labeled document as a row to train on and to hold out.
impl From<Gold> for Row {
    fn from(gold: Gold) -> Self {
        Row {
            // Several files may each count their rows from 1.
            id: Some(format!("{}#{}", gold.document.path, gold.document.id)),
            text: gold.document.text,
            label: gold.label,
            group: gold.group,
            date: gold.date,
            weight: gold.weight,
            train_only: false,
        }
    }
}

/// What to say about dates that cannot be read.
fn unreadable_dates(rows: &[Gold]) -> Option<Message> {
    let unreadable = |gold: &&Gold| gold.date.as_deref().is_some_and(|date| Period::Year.cut(date).is_none());
    let count = rows.iter().filter(unreadable).count();
    let first = rows.iter().find(unreadable)?;
    let found = format!(
        "{}: the date `{}` cannot be read ({} in all); expected e.g. 2024-05-17 or 17.05.2024. Such rows take no part in the \
         split by date. ",
        first.document.place(),
        first.date.as_deref().unwrap_or(""),
        counted(count, "row")
    );
    let hint = "For dates such as 5/17/2024 give `date_format`: mdy or dmy";
    Some(Message::from(found).then(Message::naming(hint)))
}
