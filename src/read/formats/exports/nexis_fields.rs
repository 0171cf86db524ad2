//! Names the lines of a Nexis export that hold a value, such as `LENGTH: 212 words`, in the
//! languages in which it is made.

use crate::read::formats::exports::lines::{MAX_NAME, named};

/// A line with a name.
pub(super) struct Field {
    /// The name as the export writes it, in small letters.
    written: &'static str,
    /// The name in an English export, under which the value can be kept, too.
    pub(super) name: &'static str,
    pub(super) place: Place,
}

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the text.
    Before,
    /// Behind it; more text may follow.
    Behind,
    /// Behind all of it.
    End,
}
use Place::{Before, Behind, End};

const fn field(written: &'static str, name: &'static str, place: Place) -> Field {
    Field { written, name, place }
}

const FIELDS: &[Field] = &[
    field("byline", "byline", Before),
    field("autor", "byline", Before),
    field("auteur", "byline", Before),
    field("autore", "byline", Before),
    field("section", "section", Before),
    field("rubrik", "section", Before),
    field("ressort", "section", Before),
    field("rubrique", "section", Before),
    field("sección", "section", Before),
    field("seccion", "section", Before),
    field("sectie", "section", Before),
    field("rubriek", "section", Before),
    field("sezione", "section", Before),
    field("length", "length", Before),
    field("word count", "length", Before),
    field("länge", "length", Before),
    field("longueur", "length", Before),
    field("longitud", "length", Before),
    field("extensión", "length", Before),
    field("lengte", "length", Before),
    field("lunghezza", "length", Before),
    field("dateline", "dateline", Before),
    field("highlight", "highlight", Before),
    field("encart", "highlight", Before),
    field("headline", "headline", Before),
    field("source", "source", Before),
    field("series", "series", Before),
    field("column", "column", Before),
    field("distribution", "distribution", Before),
    field("category", "category", Before),
    field("url", "url", Before),
    field("body", "body", Before),
    field("graphic", "graphic", Behind),
    field("grafik", "graphic", Behind),
    field("subject", "subject", Behind),
    field("company", "company", Behind),
    field("ticker", "ticker", Behind),
    field("industry", "industry", Behind),
    field("person", "person", Behind),
    field("city", "city", Behind),
    field("state", "state", Behind),
    field("country", "country", Behind),
    field("geographic", "geographic", Behind),
    field("organization", "organization", Behind),
    field("correction-date", "correction-date", Behind),
    field("correction", "correction", Behind),
    field("acc-no", "acc-no", Behind),
    field("type", "type", Behind),
    field("publication", "publication", Behind),
    field("copyright", "copyright", Behind),
    field("disclaimer", "disclaimer", Behind),
    field("cutline", "cutline", Behind),
    field("notes", "notes", Behind),
    field("load-date", "load-date", End),
    field("update", "load-date", End),
    field("ladedatum", "load-date", End),
    field("date-chargement", "load-date", End),
    field("date de chargement", "load-date", End),
    field("fecha-carga", "load-date", End),
    field("fecha de carga", "load-date", End),
    field("laad-datum", "load-date", End),
    field("laaddatum", "load-date", End),
    field("data-caricamento", "load-date", End),
    field("language", "language", End),
    field("sprache", "language", End),
    field("langue", "language", End),
    field("lenguaje", "language", End),
    field("idioma", "language", End),
    field("taal", "language", End),
    field("lingua", "language", End),
    field("publication-type", "publication-type", End),
    field("pub-type", "publication-type", End),
    field("type-publication", "publication-type", End),
    field("tipo-publicación", "publication-type", End),
    field("publicatie-type", "publication-type", End),
    field("document-type", "document-type", End),
    field("journal-code", "journal-code", End),
    field("zeitungs-code", "journal-code", End),
    field("doc-id", "doc-id", End),
];

/// Names of which an article has one at least.
const SURE: [&str; 5] = ["length", "load-date", "byline", "section", "publication-type"];
/// Words of a value of a name that is not known; more are a sentence.
const MAX_VALUE_WORDS: usize = 12;

impl Field {
    /// The field of a line, and its value.
    pub(super) fn find(line: &str) -> Option<(&'static Field, &str)> {
        let (written, value) = named(line.trim())?;
        let found = FIELDS.iter().find(|field| field.written == written)?;
        // An article may report such news.
        let is_news = written == "update" && !is_value(value);
        (!is_news).then_some((found, value))
    }

    /// Whether it shows that a line belongs to an export.
    pub(super) fn is_sure(&self) -> bool {
        SURE.contains(&self.name)
    }

    /// The name as it was written, if it is another one.
    pub(super) fn other_name(&self) -> Option<&'static str> {
        Some(self.written).filter(|written| *written != self.name)
    }
}

/// The name, in small letters, and the value of a line that has the form of a field: capitals, and
/// a short value.
pub(super) fn unknown(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.trim().split_once(':')?;
    let name = name.trim();
    let is_name = |c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | ' ' | '/');
    let has_form = (2..=MAX_NAME).contains(&name.len()) && name.starts_with(char::is_uppercase);
    (has_form && name.chars().all(is_name) && is_value(value)).then(|| (name.to_lowercase(), value))
}

/// Whether something is a value and no sentence.
fn is_value(value: &str) -> bool {
    !value.trim_end().ends_with(['.', '!', '?', '…']) && value.split_whitespace().count() <= MAX_VALUE_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_each_language_and_in_any_case() {
        for (line, name) in [
            ("LÄNGE: 12 Wörter", "length"),
            ("Longueur : 12 mots", "length"),
            ("LAAD-DATUM: 4 juni 2024", "load-date"),
        ] {
            assert_eq!(Field::find(line).map(|(field, _)| field.name), Some(name), "{line}");
        }
        assert!(Field::find("UPDATE: 4. Juni 2024").is_some());
        for line in ["UPDATE: The minister has signed after all.", "He said: no", "LENGTH", ""] {
            assert!(Field::find(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_line_of_an_unknown_name_has_capitals_and_a_short_value() {
        assert_eq!(unknown(" FECHA-X: 3 de junio"), Some(("fecha-x".to_owned(), " 3 de junio")));
        for line in ["NOTE: this is a sentence.", "Note: this", "A:", "1: x", "KYIV"] {
            assert_eq!(unknown(line), None, "{line}");
        }
    }
}
