//! Holds the one table of result columns, from which header, rows and JSON records are made.
//!
//! A [`Field`] has a name, a type and a function that finds its value in a [`Row`]. Four lists put
//! the fields in order: one row per document, one row per paragraph, the JSON record and the JSON
//! paragraph. A new column is one field and its place in those lists. Columns are added, never
//! renamed.

use std::borrow::Cow;

use crate::classifier::verdict::{Reason, ScoredParagraph, Verdict};
use crate::error::{Error, list, nearest};
use crate::label::LabelSet;
use crate::text::{Extraction, Span};
use crate::write::{Failure, RunContext, Scored};

/// What a column holds. Every cell may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CellType {
    /// UTF-8 text.
    Text,
    /// An integer from 0.
    Whole,
    /// A floating-point number.
    Real,
}

/// What stands in one column of one row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text, in a column of [`CellType::Text`].
    Text(Cow<'a, str>),
    /// An integer, in a column of [`CellType::Whole`].
    Whole(u64),
    /// A number, in a column of [`CellType::Real`].
    Real(f64),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl From<u64> for Cell<'_> {
    fn from(number: u64) -> Self {
        Cell::Whole(number)
    }
}

impl From<usize> for Cell<'_> {
    fn from(number: usize) -> Self {
        Cell::Whole(number as u64)
    }
}

impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        Cell::Real(number)
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, T::into)
    }
}

/// A column of the results.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    cell_type: CellType,
    field: &'static Field,
    /// Which label or kept column it is about, for a field with one column for each.
    number: usize,
}

impl Column {
    /// The name in the header, such as `p_against`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its cells hold.
    pub fn cell_type(&self) -> CellType {
        self.cell_type
    }
}

/// The columns of a run's results, in order.
///
/// ```
/// use standpoint::write::{RunContext, Schema};
/// use standpoint::LabelSet;
///
/// let labels = LabelSet::new(["against", "for"])?;
/// let schema = Schema::new(RunContext::new(labels, "mine@0123456789ab"));
/// let names: Vec<&str> = schema.columns().iter().map(|column| column.name()).collect();
/// assert_eq!(names[..8], ["id", "path", "record", "label", "top", "reason", "p_against", "p_for"]);
/// # Ok::<(), standpoint::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    context: RunContext,
    columns: Vec<Column>,
}

impl Schema {
    /// The columns of a run: those of paragraphs if it writes paragraphs, else those of documents.
    pub fn new(context: RunContext) -> Self {
        let fields = if context.paragraphs { PARAGRAPH_ROW } else { DOCUMENT_ROW };
        let all: Vec<Column> = fields.iter().flat_map(|field| field.columns(&context)).collect();
        let columns = match &context.columns {
            None => all,
            Some(names) => names
                .iter()
                .filter_map(|name| all.iter().find(|column| column.name == *name))
                .cloned()
                .collect(),
        };
        Schema { context, columns }
    }

    /// Checks that the columns that a run asks for are there.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for another column, or one that is
    /// asked for twice.
    pub fn check_columns(context: &RunContext) -> Result<(), Error> {
        let all = Schema::new(RunContext { columns: None, ..context.clone() });
        let names = context.columns.as_deref().unwrap_or_default();
        for (number, name) in names.iter().enumerate() {
            if all.place(name).is_none() {
                return Err(all.unknown_column("columns", name));
            }
            if names.iter().take(number).any(|before| before == name) {
                return Err(Error::invalid_parameter(
                    "columns",
                    format!("`{name}` twice"),
                    "each column once",
                ));
            }
        }
        Ok(())
    }

    /// The place of a column.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The error of a parameter that names another column.
    pub(super) fn unknown_column(&self, parameter: &'static str, name: &str) -> Error {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let error =
            Error::invalid_parameter(parameter, format!("`{name}`"), format!("one of {}", list(&names)));
        match nearest(name, &names) {
            Some(near) => error.with_hint(format!("did you mean `{near}`?")),
            None => error,
        }
    }

    /// What the results share.
    pub fn context(&self) -> &RunContext {
        &self.context
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The row that stands for the whole outcome.
    pub(super) fn row<'a>(&'a self, outcome: Result<&'a Scored, &'a Failure>) -> Row<'a> {
        Row { outcome, paragraph: None, schema: self }
    }

    /// The rows of an outcome (for a document that was scored: `Ok(&scored)`): one per document or,
    /// if the run writes paragraphs, one per paragraph. A failure has one row, which fills the
    /// first and the last columns only.
    pub fn rows<'a>(&'a self, outcome: Result<&'a Scored, &'a Failure>) -> impl Iterator<Item = Row<'a>> {
        let scored = outcome.ok().filter(|_| self.context.paragraphs);
        let paragraphs = scored.into_iter().flat_map(|scored| scored.verdict.paragraphs());
        // A document without paragraphs, or of a model that does not cut them, has one row of its
        // own.
        let has_paragraphs = scored.is_some_and(|scored| scored.verdict.paragraphs().len() > 0);
        let whole = (!has_paragraphs).then_some(None);
        let places = whole.into_iter().chain(paragraphs.enumerate().map(Some));
        places.map(move |paragraph| Row { outcome, paragraph, schema: self })
    }
}

/// One row of the results.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    outcome: Result<&'a Scored, &'a Failure>,
    /// Its number from 0 and its score, for the row of a paragraph.
    paragraph: Option<(usize, ScoredParagraph<'a>)>,
    schema: &'a Schema,
}

impl<'a> Row<'a> {
    /// The cells, one for each of [`Schema::columns`].
    pub fn cells(self) -> impl Iterator<Item = Cell<'a>> {
        self.schema.columns.iter().map(move |column| column.field.cell(&self, column.number))
    }

    pub(super) fn context(&self) -> &'a RunContext {
        &self.schema.context
    }

    pub(super) fn labels(&self) -> &'a LabelSet {
        &self.schema.context.labels
    }

    pub(super) fn scored(&self) -> Option<&'a Scored> {
        self.outcome.ok()
    }

    pub(super) fn failure(&self) -> Option<&'a Failure> {
        self.outcome.err()
    }

    pub(super) fn paragraph_number(&self) -> Option<usize> {
        self.paragraph.map(|(number, _)| number)
    }

    /// What is left out inside of the passage; nothing in the row of a whole document.
    pub(super) fn left_out(&self) -> &'a [Span] {
        self.paragraph.map_or(&[], |(_, paragraph)| paragraph.left_out())
    }

    /// The rows of a document's paragraphs.
    pub(super) fn of_paragraphs(self) -> impl Iterator<Item = Row<'a>> {
        let paragraphs = self.scored().into_iter().flat_map(|scored| scored.verdict.paragraphs());
        paragraphs.enumerate().map(move |place| Row { paragraph: Some(place), ..self })
    }

    /// The prediction set of the paragraph, or of the whole document.
    pub(super) fn set(&self) -> Option<Vec<&'a str>> {
        self.unit(ScoredParagraph::prediction_set, Verdict::prediction_set).flatten()
    }

    /// What stands in the paragraph's score or, in the row of a whole document, in the verdict.
    fn unit<T>(
        &self,
        of_paragraph: impl Fn(&ScoredParagraph<'a>) -> T,
        of_verdict: impl Fn(&'a Verdict) -> T,
    ) -> Option<T> {
        match &self.paragraph {
            Some((_, paragraph)) => Some(of_paragraph(paragraph)),
            None => self.verdict().map(of_verdict),
        }
    }

    fn verdict(&self) -> Option<&'a Verdict> {
        self.scored().map(|scored| &scored.verdict)
    }
}

/// A value that the results give, under one name.
pub(super) struct Field {
    /// In JSON, and in tables if it has one column.
    pub(super) name: &'static str,
    cell_type: CellType,
    pub(super) spread: Spread,
    /// Whether a run has it at all.
    is_given: fn(&RunContext) -> bool,
    /// Finds the value in a row; the number says which label or kept column is meant.
    cell: for<'a> fn(&Row<'a>, usize) -> Cell<'a>,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Field").field(&self.name).finish()
    }
}

/// How many values a field has: in tables each has a column, in JSON they are one object or array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spread {
    One,
    /// One for each label, in columns with this prefix.
    Labels(&'static str),
    /// One for each kept column of the input, in columns with this prefix.
    Kept(&'static str),
    /// A set of labels: one column, one array.
    Set,
}

impl Field {
    const fn text(name: &'static str, cell: for<'a> fn(&Row<'a>, usize) -> Cell<'a>) -> Self {
        Field { name, cell_type: CellType::Text, spread: Spread::One, is_given: |_| true, cell }
    }

    const fn whole(name: &'static str, cell: for<'a> fn(&Row<'a>, usize) -> Cell<'a>) -> Self {
        Field { cell_type: CellType::Whole, ..Field::text(name, cell) }
    }

    const fn real(name: &'static str, cell: for<'a> fn(&Row<'a>, usize) -> Cell<'a>) -> Self {
        Field { cell_type: CellType::Real, ..Field::text(name, cell) }
    }

    const fn spread(self, spread: Spread) -> Self {
        Field { spread, ..self }
    }

    const fn given_if(self, is_given: fn(&RunContext) -> bool) -> Self {
        Field { is_given, ..self }
    }

    pub(super) fn is_given(&self, context: &RunContext) -> bool {
        (self.is_given)(context)
    }

    pub(super) fn cell<'a>(&self, row: &Row<'a>, number: usize) -> Cell<'a> {
        (self.cell)(row, number)
    }

    fn columns(&'static self, context: &RunContext) -> Vec<Column> {
        let column = |number, name: String| Column { name, cell_type: self.cell_type, field: self, number };
        let each = |prefix: &str, names: &[String]| {
            names.iter().enumerate().map(|(number, name)| column(number, format!("{prefix}{name}"))).collect()
        };
        match self.spread {
            _ if !self.is_given(context) => Vec::new(),
            Spread::One | Spread::Set => vec![column(0, self.name.to_owned())],
            Spread::Labels(prefix) => each(prefix, context.labels.names()),
            Spread::Kept(prefix) => each(prefix, &context.keep),
        }
    }
}

static ID: Field = Field::text("id", |row, _| match row.outcome {
    Ok(scored) => scored.id.as_str().into(),
    Err(failure) => failure.id.as_str().into(),
});
static PATH: Field = Field::text("path", |row, _| match row.outcome {
    Ok(scored) => scored.document.path.as_str().into(),
    Err(failure) => failure.error.position().and_then(|position| position.path.as_deref()).into(),
});
static RECORD: Field = Field::whole("record", |row, _| match row.outcome {
    Ok(scored) => scored.document.record.into(),
    Err(failure) => failure.error.position().and_then(|position| position.record).into(),
});
static LABEL: Field = Field::text("label", |row, _| row.verdict().and_then(Verdict::label).into());
static TOP: Field = Field::text("top", |row, _| row.unit(ScoredParagraph::top, Verdict::top).into());
static REASON: Field =
    Field::text("reason", |row, _| row.verdict().and_then(Verdict::reason).map(Reason::name).into());
static PROBABILITIES: Field = Field::real("probabilities", |row, class| {
    let probabilities = row.unit(ScoredParagraph::probabilities, Verdict::probabilities);
    probabilities.and_then(|probabilities| probabilities.get(class).copied()).into()
})
.spread(Spread::Labels("p_"));
static SLANT: Field = Field::real("slant", |row, _| row.verdict().and_then(Verdict::slant).into());
static WORDS: Field = Field::whole("words", |row, _| row.unit(ScoredParagraph::words, Verdict::words).into());
static KNOWN: Field = Field::real("known", |row, _| row.verdict().and_then(Verdict::known).into());
static TOPIC: Field = Field::real("topic", |row, _| row.verdict().and_then(Verdict::topic).into());
static LOADED: Field =
    Field::real("loaded", |row, _| row.unit(ScoredParagraph::loaded, Verdict::loaded).flatten().into());
static PARAGRAPH: Field =
    Field::whole("paragraph", |row, _| row.paragraph.map(|(number, _)| number + 1).into());
static START: Field = Field::whole("start", |row, _| row.paragraph.map(|(_, of)| of.span().start()).into());
static END: Field = Field::whole("end", |row, _| row.paragraph.map(|(_, of)| of.span().end()).into());
static WEIGHT: Field = Field::real("weight", |row, _| row.paragraph.map(|(_, of)| of.weight()).into());
static TEXT: Field = Field::text("text", |row, _| match (row.outcome, row.paragraph) {
    (Ok(scored), Some((_, of))) if row.context().paragraph_text => of.span().of(&scored.document.text).into(),
    _ => Cell::Empty,
});
static MODEL: Field =
    Field::text("model", |row, _| row.scored().map(|_| row.context().model.as_str()).into());
static BIAS_MODEL: Field = Field::text("bias_model", |row, _| {
    row.scored().and(row.context().loaded_language_model.as_deref()).into()
});
static SET: Field = Field::text("set", |row, _| match row.set() {
    // An empty set is no label at all, and is told from no set by its brackets.
    Some(names) => Cell::Text(Cow::Owned(format!("{{{}}}", names.join("|")))),
    None => Cell::Empty,
})
.spread(Spread::Set)
.given_if(|context| context.sets);
static DUPLICATE_OF: Field = Field::text("duplicate_of", |row, _| {
    row.scored().and_then(|scored| scored.duplicate_of.as_deref()).into()
})
.given_if(|context| context.duplicates);
static META: Field = Field::text("meta", |row, number| {
    row.scored().and_then(|scored| scored.document.columns.get(number)?.as_deref()).into()
})
.spread(Spread::Kept("meta_"))
.given_if(|context| !context.keep.is_empty());
static ERROR_KIND: Field =
    Field::text("error_kind", |row, _| row.failure().map(|failure| failure.error.name()).into());
static ERROR_MESSAGE: Field = Field::text("error_message", |row, _| match row.failure() {
    Some(failure) => Cell::Text(Cow::Owned(failure.error.display_with(row.context().spelling))),
    None => Cell::Empty,
});
static ERROR_LINE: Field = Field::whole("error_line", |row, _| {
    row.failure().and_then(|failure| failure.error.position()?.line).into()
});

static EXTRACTION: Field = Field::text("extraction", |row, _| {
    row.scored().and_then(|scored| scored.document.extraction).map(Extraction::name).into()
});

/// One row per document.
static DOCUMENT_ROW: &[&Field] = &[
    &ID,
    &PATH,
    &RECORD,
    &LABEL,
    &TOP,
    &REASON,
    &PROBABILITIES,
    &SLANT,
    &WORDS,
    &KNOWN,
    &TOPIC,
    &LOADED,
    &MODEL,
    &BIAS_MODEL,
    &SET,
    &DUPLICATE_OF,
    &META,
    &ERROR_KIND,
    &ERROR_MESSAGE,
    &ERROR_LINE,
    &EXTRACTION,
];

/// One row per paragraph.
static PARAGRAPH_ROW: &[&Field] = &[
    &ID,
    &PATH,
    &RECORD,
    &LABEL,
    &REASON,
    &PARAGRAPH,
    &START,
    &END,
    &WEIGHT,
    &TOP,
    &PROBABILITIES,
    &WORDS,
    &LOADED,
    &TEXT,
    &MODEL,
    &BIAS_MODEL,
    &SET,
    &DUPLICATE_OF,
    &META,
    &ERROR_KIND,
    &ERROR_MESSAGE,
    &ERROR_LINE,
    &EXTRACTION,
];

/// The JSON record of a document; `paragraphs` and `explanation` follow.
pub(super) static DOCUMENT_RECORD: &[&Field] = &[
    &ID,
    &PATH,
    &RECORD,
    &LABEL,
    &TOP,
    &REASON,
    &PROBABILITIES,
    &SLANT,
    &WORDS,
    &KNOWN,
    &TOPIC,
    &LOADED,
    &SET,
    &MODEL,
    &BIAS_MODEL,
    &DUPLICATE_OF,
    &META,
    &EXTRACTION,
];

/// A paragraph in the JSON record; `text` and `explanation` follow.
pub(super) static PARAGRAPH_RECORD: &[&Field] =
    &[&START, &END, &WEIGHT, &WORDS, &TOP, &PROBABILITIES, &LOADED, &SET];

/// The text of a paragraph, where it is given.
pub(super) static PARAGRAPH_TEXT: &Field = &TEXT;

/// The JSON record of a failure; `error` follows, with these fields' names without `error_`.
pub(super) static FAILURE_RECORD: &[&Field] = &[&ID, &PATH, &RECORD];

/// What went wrong, in the JSON record of a failure.
pub(super) static FAILURE: &[(&str, &Field)] =
    &[("kind", &ERROR_KIND), ("message", &ERROR_MESSAGE), ("line", &ERROR_LINE)];
