//! Builds messages that name parameters, which each front end spells in its own way.

use std::borrow::Cow;
use std::fmt;

/// A sentence that names parameters of the library.
///
/// It is displayed with each name in backticks: "lower `min_df` or give more rows".
/// [`Message::with_names`] spells the names as a front end does: `min_df=` in Python, say. Nothing
/// else that the sentence quotes is taken for a name, even if it is spelled like one.
///
/// ```
/// use standpoint::error::Message;
///
/// let message = Message::from("found 3 rows of `min_df`; ").then(Message::naming("lower `min_df` or give more rows"));
/// assert_eq!(message.to_string(), "found 3 rows of `min_df`; lower `min_df` or give more rows");
/// let python = message.with_names(|name| format!("{name}="));
/// assert_eq!(python, "found 3 rows of `min_df`; lower min_df= or give more rows");
/// assert_eq!(message.parameters().collect::<Vec<_>>(), ["min_df"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Cow<'static, str>),
    Parameter(&'static str),
}

impl Message {
    /// A message in which each word in backticks is the name of a parameter.
    pub fn naming(template: &'static str) -> Self {
        debug_assert!(
            template.matches('`').count().is_multiple_of(2),
            "{template}: a backtick is not closed"
        );
        let parts = template.split('`').enumerate().map(|(number, part)| match number % 2 {
            0 => Part::Text(Cow::Borrowed(part)),
            _ => Part::Parameter(part),
        });
        Message { parts: parts.filter(|part| *part != Part::Text(Cow::Borrowed(""))).collect() }
    }

    /// A message that is nothing but the name of a parameter.
    pub fn parameter(name: &'static str) -> Self {
        Message { parts: vec![Part::Parameter(name)] }
    }

    /// The message with `more` after it.
    #[must_use]
    pub fn then(mut self, more: impl Into<Message>) -> Self {
        self.parts.extend(more.into().parts);
        self
    }

    /// The message with a hint: after a full stop as a sentence of its own, else after a semicolon.
    pub(super) fn then_hint(self, hint: &Message) -> Self {
        let ends_sentence = matches!(self.parts.last(), Some(Part::Text(text)) if text.ends_with('.'));
        self.then(if ends_sentence { " " } else { "; " }).then(hint.clone())
    }

    /// The names of the parameters, in the order in which they stand; a name that occurs twice is
    /// given twice.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Parameter(name) => Some(*name),
        })
    }

    /// The text, with what `spell` makes of each parameter's name in the place of the name and its
    /// backticks.
    pub fn with_names(&self, spell: impl Fn(&str) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Parameter(name) => Cow::Owned(spell(name)),
        };
        self.parts.iter().map(part).collect()
    }
}

/// How a front end spells the name of a parameter.
pub type Spelling = fn(&str) -> String;

/// Spells the name of a parameter as the library does where nobody says otherwise: in backticks.
pub fn in_backticks(name: &str) -> String {
    format!("`{name}`")
}

/// A number with what it counts: `1 row`, `2 rows`.
pub(crate) fn counted(count: impl fmt::Display, one: &str) -> String {
    let count = count.to_string();
    let ending = if count == "1" { "" } else { "s" };
    format!("{count} {one}{ending}")
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_names(in_backticks))
    }
}

/// Serialized as it is displayed.
impl serde::Serialize for Message {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A message that names no parameter.
impl From<String> for Message {
    fn from(text: String) -> Self {
        Message { parts: vec![Part::Text(Cow::Owned(text))] }
    }
}

/// A message that names no parameter.
impl From<&'static str> for Message {
    fn from(text: &'static str) -> Self {
        Message { parts: vec![Part::Text(Cow::Borrowed(text))] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(name: &str) -> String {
        format!("{name}=")
    }

    #[test]
    fn names_are_spelled_as_the_front_end_spells_them() {
        let message = Message::naming("`max_error` needs folds; give `folds`.");
        assert_eq!(message.to_string(), "`max_error` needs folds; give `folds`.");
        assert_eq!(message.with_names(python), "max_error= needs folds; give folds=.");
        assert_eq!(message.parameters().collect::<Vec<_>>(), ["max_error", "folds"]);
    }

    #[test]
    fn user_data_that_is_spelled_like_a_name_stays() {
        let column = "folds";
        let message = Message::from(format!("no column `{column}`; lower "))
            .then(Message::naming("`folds`"))
            .then(format!(" or rename `{column}`"));
        assert_eq!(message.with_names(python), "no column `folds`; lower folds= or rename `folds`");
        assert_eq!(message.parameters().count(), 1);
        // Backticks of the user's own, in whatever number, close nothing.
        let odd = Message::from("a ` b".to_owned()).then(Message::naming(": give `folds`"));
        assert_eq!(odd.with_names(python), "a ` b: give folds=");
    }

    #[test]
    fn a_hint_after_a_full_stop_is_a_sentence() {
        let hint = Message::naming("lower `folds`");
        assert_eq!(Message::from("too few").then_hint(&hint).to_string(), "too few; lower `folds`");
        assert_eq!(Message::from("Too few.").then_hint(&hint).to_string(), "Too few. lower `folds`");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "row")), ["0 rows", "1 row", "2 rows"]);
    }

    #[test]
    fn a_message_without_names_is_its_text() {
        let message = Message::from("`folds` is no name here");
        assert_eq!(message.with_names(python), "`folds` is no name here");
        assert_eq!(message.parameters().count(), 0);
        assert_eq!(Message::default().to_string(), "");
    }
}
