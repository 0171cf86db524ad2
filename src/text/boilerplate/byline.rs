//! Recognizes an author or a date alone on a line.

/// Most words of a byline: "By" and eight names.
const MAX_BYLINE_WORDS: usize = 9;

/// Whether a paragraph of so many words is "By Ann Lee", or a date alone.
#[inline]
pub(super) fn is_byline(paragraph: &str, words: usize) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if words > MAX_BYLINE_WORDS {
        return false;
    }
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let is_name =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) || *word == "and" || *word == "de";
    if let Some((&"By" | &"BY", names)) = words.split_first()
        && (2..=8).contains(&names.len())
        && names.iter().all(is_name)
        && !paragraph.ends_with(['.', '!', '?', ':'])
    {
        return true;
    }
    let is_date_part = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        word.is_empty()
            || letters == 0
            || MONTHS.iter().any(|month| word == *month || word == month.get(..3).unwrap_or(""))
    };
    (1..=4).contains(&words.len())
        && words.iter().all(is_date_part)
        && words.iter().any(|word| word.chars().filter(char::is_ascii_digit).count() >= 4)
}
