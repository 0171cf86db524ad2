//! Joins abbreviations, phrases and hyphenated words that another house style writes as one word.

/// Two words that stand for a shorter form.
struct Phrase {
    first: &'static str,
    second: &'static str,
    /// Whether only words with capitals are meant.
    is_name: bool,
    form: &'static str,
}

const PHRASES: [Phrase; 5] = [
    Phrase { first: "united", second: "states", is_name: true, form: "u.s" },
    Phrase { first: "united", second: "kingdom", is_name: true, form: "uk" },
    Phrase { first: "united", second: "nations", is_name: true, form: "un" },
    Phrase { first: "european", second: "union", is_name: true, form: "eu" },
    Phrase { first: "per", second: "cent", is_name: false, form: "percent" },
];

/// Abbreviations as they are written, the point at the end apart. Case matters: "us" is a pronoun,
/// "un" and "eu" are parts of other languages. Each has one form, whether case is kept or not.
const ABBREVIATIONS: [(&str, &str); 22] = [
    ("US", "u.s"),
    ("U.S", "u.s"),
    ("USA", "u.s"),
    ("U.S.A", "u.s"),
    ("UK", "uk"),
    ("U.K", "uk"),
    ("EU", "eu"),
    ("E.U", "eu"),
    ("UN", "un"),
    ("U.N", "un"),
    ("N.A.T.O", "nato"),
    ("U.S.S.R", "ussr"),
    ("U.A.E", "uae"),
    ("D.C", "dc"),
    ("G.O.P", "gop"),
    ("NATO", "nato"),
    ("USSR", "ussr"),
    ("UAE", "uae"),
    ("DC", "dc"),
    ("GOP", "gop"),
    ("Percent", "percent"),
    ("PERCENT", "percent"),
];

/// What stands before a hyphen that another house leaves out, and how the word goes on.
const HYPHENATED: [(&str, &[&str]); 2] = [("co", &["operat", "ordinat"]), ("e", &["mail"])];

/// The most bytes between the words of a phrase: a blank, or a blank and a line end.
const MAX_GAP: usize = 2;

/// The form of an abbreviation or a phrase, as it is written in a text.
pub(in crate::tokenizer) fn form(word: &str) -> Option<&'static str> {
    let word = without_ending(word);
    let abbreviation = ABBREVIATIONS.iter().find(|(written, _)| *written == word);
    abbreviation.map(|(_, form)| *form).or_else(|| phrase(word).map(|phrase| phrase.form))
}

/// Whether what stands between the beginning of a word and the end of the next is a word by itself.
pub(in crate::tokenizer) fn is_phrase(text: &str) -> bool {
    phrase(text).is_some() || is_hyphenated(text)
}

fn without_ending(word: &str) -> &str {
    word.strip_suffix("'s").unwrap_or(word)
}

fn phrase(text: &str) -> Option<&'static Phrase> {
    let (first, rest) = text.split_at_checked(text.find(|c: char| c.is_ascii_whitespace())?)?;
    let second = rest.trim_ascii_start();
    let gap = rest.get(..rest.len() - second.len())?;
    if gap.len() > MAX_GAP || gap == "\n\n" {
        return None;
    }
    let starts_high = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    PHRASES.iter().find(|phrase| {
        first.eq_ignore_ascii_case(phrase.first)
            && without_ending(second).eq_ignore_ascii_case(phrase.second)
            && (!phrase.is_name || starts_high(first) && starts_high(second))
    })
}

fn is_hyphenated(word: &str) -> bool {
    let Some((first, rest)) = word.split_once('-') else { return false };
    let begins = |begin: &&str| rest.get(..begin.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(begin));
    HYPHENATED.iter().any(|(before, rests)| first.eq_ignore_ascii_case(before) && rests.iter().any(begins))
}

/// A hyphenated word in lower case without its hyphen; `None` for other words.
pub(super) fn without_hyphen(word: &str) -> Option<String> {
    is_hyphenated(word).then(|| word.replacen('-', "", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_told_by_their_words_and_what_is_between() {
        for text in
            ["United States", "UNITED KINGDOM", "European \nUnion", "per cent", "Co-operation", "e-mails"]
        {
            assert!(is_phrase(text), "{text}");
        }
        for text in
            ["united states", "United\n\nStates", "per-cent", "co-author", "e-book", "United", "per   cent"]
        {
            assert!(!is_phrase(text), "{text}");
        }
        assert_eq!((form("US"), form("us"), form("Us")), (Some("u.s"), None, None));
        assert_eq!((form("US's"), form("United Kingdom's")), (Some("u.s"), Some("uk")));
    }
}
