//! Holds a text to score that is in memory: its columns and its title.

/// One record to score: the values of the text columns, and a title.
///
/// The columns stand in the order of the model's
/// [`text_columns`](crate::text::Preparation::text_columns) and are written in the model's markup.
///
/// ```
/// use standpoint::text::Record;
///
/// let article = Record::new("It rained all day.").with_title("A day in May");
/// let row = Record::from_columns(["A day in May", "It rained all day."]);
/// assert_eq!(article.title(), Some("A day in May"));
/// assert_eq!(row.columns().len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    columns: Vec<String>,
    title: Option<String>,
}

impl Record {
    /// A record with one column and no title.
    pub fn new(text: impl Into<String>) -> Self {
        Record { columns: vec![text.into()], title: None }
    }

    /// A record with several columns and no title.
    pub fn from_columns<C: Into<String>>(columns: impl IntoIterator<Item = C>) -> Self {
        Record { columns: columns.into_iter().map(Into::into).collect(), title: None }
    }

    /// The same record with a title, in plain text.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The values of the text columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The title.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }
}

impl From<&str> for Record {
    fn from(text: &str) -> Self {
        Record::new(text)
    }
}

impl From<String> for Record {
    fn from(text: String) -> Self {
        Record::new(text)
    }
}
