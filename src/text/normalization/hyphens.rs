//! Knows words that are written with a hyphen, by their halves.

/// First halves in lower case.
#[rustfmt::skip]
const PREFIXES: &[&str] = &[
    "all", "anti", "best", "big", "co", "cross", "double", "east", "ex", "far", "five", "four", "full", "half", "hard", "high", "ill",
    "last", "left", "long", "low", "mid", "multi", "near", "neo", "new", "non", "north", "off", "old", "on", "one", "post", "pre", "pro",
    "quasi", "right", "second", "self", "semi", "short", "so", "soft", "south", "state", "third", "three", "top", "two", "ultra", "vice",
    "war", "well", "west", "world",
    "кое", "кой", "будь", "казна",
];

/// Words before which a hyphen stands for the end of a compound: "pre- and post-war".
#[rustfmt::skip]
const CONJUNCTIONS: &[&str] = &[
    "and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "og", "och", "en", "of", "i", "и", "или", "та", "або",
];

/// Second halves of Russian and Ukrainian.
const SUFFIXES: &[&str] = &["либо", "нибудь", "небудь", "таки"];

/// What words of Russian begin with that are written with a hyphen before "то".
#[rustfmt::skip]
const BEFORE_TO: &[&str] = &[
    "кто", "ког", "ком", "кем", "что", "чег", "чем", "чей", "чь", "как", "где", "куд", "отку", "когд", "поч", "зач", "скол", "котор",
];
/// The longest of these words, in characters.
const MAX_BEFORE_TO: usize = 8;

/// Pronouns that are written with a hyphen after "по".
#[rustfmt::skip]
const AFTER_PO: &[&str] = &[
    "моему", "твоему", "своему", "нашему", "вашему", "новому", "прежнему", "другому", "видимому",
];

/// Whether two halves are written with a hyphen between them, or the first by itself.
pub(super) fn keeps_hyphen(first: &str, second: &str) -> bool {
    let (first, lower) = (first.to_lowercase(), second.to_lowercase());
    PREFIXES.contains(&first.as_str())
        || CONJUNCTIONS.contains(&lower.as_str())
        || is_russian_compound(&first, second)
}

/// Whether two halves are a word with a hyphen by the rules of Russian and Ukrainian: "кто-то",
/// "какой-либо", "из-за", "по-русски", "во-первых".
fn is_russian_compound(first: &str, second: &str) -> bool {
    let is_adverb = |endings: &[&str]| endings.iter().any(|ending| second.ends_with(ending));
    let is_of_to =
        || first.chars().count() <= MAX_BEFORE_TO && BEFORE_TO.iter().any(|word| first.starts_with(word));
    SUFFIXES.contains(&second)
        || second == "то" && is_of_to()
        || first == "из" && matches!(second, "за" | "под")
        || first == "по" && (is_adverb(&["ски", "цки", "ьи"]) || AFTER_PO.contains(&second))
        || matches!(first, "во" | "в") && is_adverb(&["первых", "вторых", "третьих"])
}
