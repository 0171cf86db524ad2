//! Quotes names in messages, lists those that exist, and suggests the one that was probably meant.

/// Names in backticks, at most twenty of them, cut to sixty characters.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    const MAX_SHOWN: usize = 20;
    const MAX_CHARS: usize = 60;
    if names.is_empty() {
        return "none".to_owned();
    }
    let shown: Vec<String> =
        names.iter().take(MAX_SHOWN).map(|n| format!("`{}`", beginning(n.as_ref(), MAX_CHARS))).collect();
    let mut out = shown.join(", ");
    if names.len() > MAX_SHOWN {
        out.push_str(&format!(" and {} more", names.len() - MAX_SHOWN));
    }
    out
}

/// A name of any length as a message may quote it.
pub(crate) fn quoted(name: &str) -> &str {
    beginning(name, MAX_COMPARED)
}

fn beginning(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// The longest name that is compared with others, in characters: the time grows with the product of
/// both lengths.
const MAX_COMPARED: usize = 200;
/// The most names that one is compared with.
const MAX_NAMES: usize = 1000;

/// The name closest to `wanted`, if one is close enough to be a slip: every third letter may be
/// wrong, missing, too many or swapped with its neighbor. Long names, and names behind the first
/// thousand, are not compared.
pub fn nearest<'a, S: AsRef<str>>(wanted: &str, names: &'a [S]) -> Option<&'a str> {
    let is_short = |name: &str| beginning(name, MAX_COMPARED).len() == name.len();
    if !is_short(wanted) {
        return None;
    }
    let wanted = wanted.to_lowercase();
    let most = (wanted.chars().count() / 3).max(1);
    names
        .iter()
        .take(MAX_NAMES)
        .map(AsRef::as_ref)
        .filter(|name| is_short(name))
        .map(|name| (strsim::osa_distance(&wanted, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind, Position};

    #[test]
    fn nothing_is_suggested_when_nothing_is_near() {
        assert_eq!(nearest("text", &["date", "outlet"]), None);
    }

    #[test]
    fn names_of_any_length_and_number_are_answered_at_once() {
        let long = "x".repeat(60_000);
        let started = std::time::Instant::now();
        for _ in 0..20 {
            assert_eq!(nearest(&long, std::slice::from_ref(&long)), None);
            assert_eq!(nearest("text", &vec![long.as_str(); 1000]), None);
        }
        let many: Vec<String> = (0..200_000).map(|number| format!("column {number}")).collect();
        assert_eq!(nearest("colunm 7", &many), Some("column 7"));
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
        let position = Position::from_path("a.csv");
        let error = Error::new(ErrorKind::MissingColumn { position, column: long, found: many });
        assert!(error.to_string().len() < 2000);
    }
}
