//! Builds messages that name parameters and their values, which each front end spells in its own
//! way.

use std::borrow::Cow;
use std::fmt;

/// A sentence that names parameters of the library.
///
/// It is displayed with each name in backticks: "lower `min_df` or give more rows".
/// [`Message::spelled`] spells names as a front end does, `min_df=` in Python, say, and with them
/// the values that are to be given: `unit='document'`. Nothing else that the sentence quotes is
/// taken for a name, even if it is spelled like one.
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
    /// A parameter and the value to give it.
    Setting(&'static str, Cow<'static, str>),
}

impl Message {
    /// A message in which each word in backticks is the name of a parameter, or a name with a
    /// value: `unit=document`.
    pub fn naming(template: &'static str) -> Self {
        debug_assert!(
            template.matches('`').count().is_multiple_of(2),
            "{template}: a backtick is not closed"
        );
        let parts = template.split('`').enumerate().map(|(number, part)| match number % 2 {
            0 => Part::Text(Cow::Borrowed(part)),
            _ => match part.split_once('=') {
                Some((name, value)) => Part::Setting(name, Cow::Borrowed(value)),
                None => Part::Parameter(part),
            },
        });
        Message { parts: parts.filter(|part| *part != Part::Text(Cow::Borrowed(""))).collect() }
    }

    /// A message that is nothing but the name of a parameter.
    pub fn parameter(name: &'static str) -> Self {
        Message { parts: vec![Part::Parameter(name)] }
    }

    /// A message that is nothing but the name of a parameter and the value to give it.
    pub fn setting(name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        Message { parts: vec![Part::Setting(name, value.into())] }
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
            Part::Parameter(name) | Part::Setting(name, _) => Some(*name),
        })
    }

    /// The text, with what `spell` makes of each parameter's name in the place of the name and its
    /// backticks. A value follows its name after a blank.
    pub fn with_names(&self, spell: impl Fn(&str) -> String) -> String {
        self.join(&spell, |name, value| after_blank(&spell(name), value))
    }

    /// The text as a front end spells parameters and their values.
    pub fn spelled(&self, spelling: Spelling) -> String {
        self.join(spelling.name, spelling.setting)
    }

    fn join(&self, name: impl Fn(&str) -> String, setting: impl Fn(&str, &str) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Parameter(parameter) => Cow::Owned(name(parameter)),
            Part::Setting(parameter, value) => Cow::Owned(setting(parameter, value)),
        };
        self.parts.iter().map(part).collect()
    }
}

/// How a front end spells parameters.
#[derive(Clone, Copy, Debug)]
pub struct Spelling {
    /// Spells a name alone: `unit=` in Python, say.
    pub name: fn(&str) -> String,
    /// Spells a name with the value to give it: `unit='document'`.
    pub setting: fn(&str, &str) -> String,
}

/// As the library does where nobody says otherwise: names in backticks.
impl Default for Spelling {
    fn default() -> Self {
        let setting = |name: &str, value: &str| after_blank(&in_backticks(name), value);
        Spelling { name: in_backticks, setting }
    }
}

fn in_backticks(name: &str) -> String {
    format!("`{name}`")
}

fn after_blank(name: &str, value: &str) -> String {
    format!("{name} {value}")
}

/// A number with what it counts: `1 row`, `2 rows`.
pub(crate) fn counted(count: impl fmt::Display, one: &str) -> String {
    let count = count.to_string();
    let ending = if count == "1" { "" } else { "s" };
    format!("{count} {one}{ending}")
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spelled(Spelling::default()))
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
    fn values_are_spelled_with_their_names() {
        let message = Message::naming("consider `unit=document`, or ").then(Message::setting("top", "3"));
        assert_eq!(message.to_string(), "consider `unit` document, or `top` 3");
        assert_eq!(message.with_names(python), "consider unit= document, or top= 3");
        let setting = |name: &str, value: &str| format!("{name}={value:?}");
        let spelling = Spelling { name: python, setting };
        assert_eq!(message.spelled(spelling), "consider unit=\"document\", or top=\"3\"");
        assert_eq!(message.parameters().collect::<Vec<_>>(), ["unit", "top"]);
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
