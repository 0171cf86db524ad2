//! Holds the one table of result columns, from which header, rows and JSON records are made.
//!
//! A [`Field`] has a name, a type and a function that finds its value in a [`Row`]. Lists put the
//! fields in order: one row per document, one row per paragraph, the rows of tables to publish, the
//! JSON record and the JSON paragraph. A new column is one field and its place in those lists.
//! Columns are added, never renamed.

mod cell;
mod fields;
mod row;

pub use cell::{Cell, CellType};
use fields::{ASKED_FOR, DOCUMENT_ROW, PARAGRAPH_ROW, PUBLISHED_PARAGRAPH_ROW, PUBLISHED_ROW};
pub(super) use fields::{DOCUMENT_RECORD, FAILURE, FAILURE_RECORD, PARAGRAPH_RECORD, PARAGRAPH_TEXT};
pub use row::Row;

use crate::error::{Error, Message, list, nearest};
use crate::read::KEPT;
use crate::write::document_name::title_place;
use crate::write::{Failure, RunContext, Scored};

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

    /// The name in tables for people, who know a kept column by its name in the input, unless the
    /// results have a column of that name.
    pub(super) fn heading(&self) -> &str {
        let Spread::Kept(prefix) = self.field.spread else { return &self.name };
        let rows = [ASKED_FOR, DOCUMENT_ROW, PARAGRAPH_ROW, PUBLISHED_ROW, PUBLISHED_PARAGRAPH_ROW];
        let is_of_results = |name: &&str| rows.into_iter().flatten().any(|field| field.name == *name);
        self.name.strip_prefix(prefix).filter(|name| !is_of_results(name)).unwrap_or(&self.name)
    }

    /// The place among the kept columns, if it is one.
    fn kept_place(&self) -> Option<usize> {
        matches!(self.field.spread, Spread::Kept(_)).then_some(self.number)
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
    /// The columns of a run that were asked for; all but those for people if none were. They are
    /// those of paragraphs if it writes paragraphs, else those of documents.
    pub fn new(context: RunContext) -> Self {
        let fields = if context.paragraphs { PARAGRAPH_ROW } else { DOCUMENT_ROW };
        Schema::chosen(&context).unwrap_or_else(|| Schema::of_fields(context, &[fields]))
    }

    /// The columns of a table to publish: those that were asked for, or the few that its readers
    /// want.
    pub fn published(context: RunContext) -> Self {
        let fields = if context.paragraphs { PUBLISHED_PARAGRAPH_ROW } else { PUBLISHED_ROW };
        Schema::chosen(&context).unwrap_or_else(|| {
            // The title is the document's name.
            let title = title_place(&context.keep);
            let mut schema = Schema::of_fields(context, &[fields]);
            schema.columns.retain(|column| title.is_none() || column.kept_place() != title);
            schema
        })
    }

    /// All columns that may be asked for.
    pub(super) fn choosable(context: RunContext) -> Self {
        let fields = if context.paragraphs { PARAGRAPH_ROW } else { DOCUMENT_ROW };
        Schema::of_fields(context, &[fields, ASKED_FOR])
    }

    fn chosen(context: &RunContext) -> Option<Self> {
        let names = context.columns.as_ref()?;
        let Schema { context, columns } = Schema::choosable(context.clone());
        let columns =
            names.iter().filter_map(|name| find(&columns, name)).map(|(_, column)| column.clone()).collect();
        Some(Schema { context, columns })
    }

    fn of_fields(context: RunContext, lists: &[&[&'static Field]]) -> Self {
        let fields = lists.iter().copied().flatten();
        let columns = fields.flat_map(|field| field.columns(&context)).collect();
        Schema { context, columns }
    }

    /// Checks that the columns that a run asks for are there.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for another column, or one that is
    /// asked for twice.
    pub fn check_columns(context: &RunContext) -> Result<(), Error> {
        let all = Schema::choosable(context.clone());
        let names = context.columns.as_deref().unwrap_or_default();
        for (number, name) in names.iter().enumerate() {
            let Some(place) = all.place(name) else {
                return Err(all.unknown_column("columns", name));
            };
            if names.iter().take(number).any(|before| all.place(before) == Some(place)) {
                return Err(Error::invalid_parameter(
                    "columns",
                    format!("`{name}` twice"),
                    "each column once",
                ));
            }
        }
        Ok(())
    }

    /// The place of a column. A kept column may also be named as the input names it.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        find(&self.columns, name).map(|(place, _)| place)
    }

    /// Says of a name that a kept column and a column of the results share which of them is meant.
    #[cfg(feature = "cli")]
    pub(crate) fn clash(context: &RunContext, name: &str) -> Option<String> {
        if !context.keep.iter().any(|kept| kept == name) {
            return None;
        }
        let schema = Schema::choosable(context.clone());
        let (_, column) = find(&schema.columns, name)?;
        column.kept_place().is_none().then(|| {
            format!("`{name}` is a column of the results; the kept column of this name is `{KEPT}{name}`")
        })
    }

    /// The error of a parameter that names another column.
    pub(super) fn unknown_column(&self, parameter: &'static str, name: &str) -> Error {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let error =
            Error::invalid_parameter(parameter, format!("`{name}`"), format!("one of {}", list(&names)));
        // A kept column may be named as in the input.
        let plain = names.iter().filter_map(|name| name.strip_prefix(KEPT));
        let known: Vec<&str> = names.iter().copied().chain(plain).collect();
        match nearest(name, &known) {
            Some(near) => error.with_hint(format!("did you mean `{near}`?")),
            None => error.with_hint(Message::naming("to have a column of the input, name it in `keep`")),
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

/// The column of this name with its place: one of the results, or a kept one by its name in the
/// input.
fn find<'c>(columns: &'c [Column], name: &str) -> Option<(usize, &'c Column)> {
    let named = |is: &dyn Fn(&Column) -> bool| columns.iter().enumerate().find(|(_, column)| is(column));
    named(&|column| column.name == name)
        .or_else(|| named(&|column| column.kept_place().is_some() && column.heading() == name))
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
