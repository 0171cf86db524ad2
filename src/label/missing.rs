//! Recognizes labels that say that a label is missing.

/// Whether a label differs from a value that says that it is missing only in case and marks (`Na`
/// of `NA`), or says so itself: `?`, `.`, Stata's `.a` to `.z`, `(blank)`. `NONE` and `none` are
/// labels in well-known data sets. An empty list leaves nothing to look like.
pub(crate) fn looks_missing(label: &str, missing: &[String]) -> bool {
    const BLANK: [&str; 4] = ["blank", "empty", "missing", "null"];
    let label = label.trim();
    if label.is_empty() || missing.is_empty() || missing.iter().any(|value| value == label) {
        return false;
    }
    let small = label.to_lowercase();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let is_in_brackets = small.starts_with(['(', '[', '<', '{']) && small.ends_with([')', ']', '>', '}']);
    let is_like = |value: &String| {
        let value = value.to_lowercase();
        // A word with a mark of Excel is a word without it.
        match value.starts_with('#') || value.contains('\\') {
            true => value == small,
            false => letters(&value).len() > 1 && letters(&value) == letters(&small) && value != "none",
        }
    };
    label.chars().all(|c| matches!(c, '?' | '.' | '…'))
        || matches!(label.as_bytes(), [b'.', b'a'..=b'z'])
        || (is_in_brackets && BLANK.contains(&letters(&small).as_str()))
        || missing.iter().any(is_like)
}

/// Whether a label is a number by which SPSS and surveys say that a value is missing: `-9`, `99`,
/// `-999`. A scale may end at 9. Beside labels that are numbers, nobody can tell.
pub(super) fn is_missing_code(label: &str) -> bool {
    const MAX_DIGITS: usize = 4;
    let label = label.trim();
    let label = label.strip_suffix(".0").unwrap_or(label);
    let (digits, min_digits) = match label.strip_prefix(['-', '−']) {
        Some(digits) => (digits, 1),
        None => (label, 2),
    };
    (min_digits..=MAX_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte == b'9')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_like_missing_values_are_told_from_labels() {
        let missing = ["NA", "N/A", "NaN", "None", "null", "#REF!", "\\N"].map(str::to_owned);
        for label in
            ["na", "Na", "N.A.", "n a", "Null", "Nan", "?", ".", ".a", "...", "(blank)", "[Missing]", "#ref!"]
        {
            assert!(looks_missing(label, &missing), "{label}");
        }
        for label in
            ["NONE", "none", "-", "+", "n", "N", "ref", "blank", "missing", "NA", "nato", "(pro)", ""]
        {
            assert!(!looks_missing(label, &missing), "{label}");
        }
        assert!(!looks_missing("na", &[]));
    }
}
