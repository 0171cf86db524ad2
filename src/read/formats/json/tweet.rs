//! Finds the whole text of a tweet whose `text` Twitter has cut: version 1.1 of its interface keeps
//! 140 characters there, and the rest elsewhere in the object.

use serde_json::value::RawValue;

use crate::read::formats::json::field::field;
use crate::read::formats::json::object::Object;
use crate::read::formats::json::path;

/// The columns that may hold a cut text.
const COLUMNS: [&str; 2] = ["text", "full_text"];
const RETWEET: &str = "RT @";
/// The sign at which a text is cut.
const CUT: char = '…';

/// A text of a column, as far as it is that of a tweet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TweetText {
    /// It is not known to be cut.
    Plain,
    /// It is cut, and this is all of it.
    Whole(String),
    /// It is cut, and the rest is not there.
    Cut,
}

impl TweetText {
    /// Looks for the whole of the text that stands in a column.
    pub(super) fn find(object: &Object<'_>, column: &str, text: &str) -> TweetText {
        if !COLUMNS.contains(&column) || !text.contains(CUT) {
            return TweetText::Plain;
        }
        let (intro, said) = split_intro(text);
        let paths: &[&str] = match intro {
            "" => &["extended_tweet.full_text"],
            _ => &[
                "retweeted_status.extended_tweet.full_text",
                "retweeted_status.full_text",
                "retweeted_status.text",
            ],
        };
        let kept = said.rsplit_once(CUT).map_or(said, |(kept, _)| kept.trim_end());
        let whole = paths.iter().filter_map(|path| string(object, path));
        match whole.filter(|whole| whole.starts_with(kept)).find(|whole| whole != said) {
            Some(whole) => TweetText::Whole(intro.to_owned() + &whole),
            None if is_true(object, "truncated") => TweetText::Cut,
            None => TweetText::Plain,
        }
    }
}

/// `RT @name: ` before the text of a retweet, and that text.
fn split_intro(text: &str) -> (&str, &str) {
    let end = text.strip_prefix(RETWEET).and_then(|rest| rest.find(": ")).map(|at| RETWEET.len() + at + 2);
    end.and_then(|end| text.split_at_checked(end)).unwrap_or(("", text))
}

fn string(object: &Object<'_>, path: &str) -> Option<String> {
    let value = path::find(object, path).ok()??;
    value.get().starts_with('"').then(|| field(value).ok().flatten()).flatten()
}

fn is_true(object: &Object<'_>, key: &str) -> bool {
    object.values.get(key).copied().map(RawValue::get) == Some("true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(object: &str, text: &str) -> TweetText {
        TweetText::find(&serde_json::from_str(object).unwrap(), "text", text)
    }

    #[test]
    fn cut_tweets_are_read_whole() {
        let whole = |text: &str| TweetText::Whole(text.to_owned());
        let tweet = r#"{"truncated":true,"extended_tweet":{"full_text":"It rained all of the day."}}"#;
        assert_eq!(found(tweet, "It rained all… https://t.co/x"), whole("It rained all of the day."));
        for status in [
            r#""text":"It rained…","extended_tweet":{"full_text":"It rained, she said."}"#,
            r#""full_text":"It rained, she said.""#,
            r#""text":"It rained, she said.""#,
        ] {
            let tweet = format!(r#"{{"truncated":false,"retweeted_status":{{{status}}}}}"#);
            assert_eq!(found(&tweet, "RT @ann: It rained, s…"), whole("RT @ann: It rained, she said."));
        }
    }

    #[test]
    fn cut_tweets_without_the_rest_are_told_and_others_stay() {
        assert_eq!(found(r#"{"truncated":true}"#, "It rained… https://t.co/x"), TweetText::Cut);
        for (object, text) in [
            (r#"{"truncated":true,"extended_tweet":{"full_text":"Rain."}}"#, "Rain."),
            (r#"{"truncated":false}"#, "Well… it rained."),
            (r#"{"extended_tweet":{"full_text":"It snowed."}}"#, "Well… it rained."),
            (r#"{"retweeted_status":{"text":"Well…"}}"#, "RT @ann: Well…"),
        ] {
            let expected = TweetText::Plain;
            assert_eq!(found(object, text), expected, "{object}");
        }
    }
}
