//! Reads the lines that number the articles of an export: `1 of 2 DOCUMENTS`, `Dokument 1 von 2`.

/// What such a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) at: u32,
    pub(super) total: u32,
    /// Whether it calls the article a document. Other words also stand over parts of one text.
    pub(super) is_document: bool,
}

/// Beginnings of the words for a document, and for other things that are numbered.
const DOCUMENTS: [&str; 3] = ["document", "dokument", "документ"];
const OTHERS: [&str; 17] = [
    "article",
    "artikel",
    "artículo",
    "articulo",
    "articolo",
    "artigo",
    "artykuł",
    "стаття",
    "статья",
    "record",
    "item",
    "story",
    "result",
    "treffer",
    "résultat",
    "resultado",
    "запис",
];
const OF: [&str; 15] =
    ["of", "von", "de", "sur", "van", "di", "del", "z", "ze", "из", "з", "із", "av", "af", "sobre"];

/// The number that a line gives, if it holds nothing else.
pub(super) fn number(line: &str) -> Option<Number> {
    let line = line.trim().trim_start_matches('\u{feff}').trim_end_matches([':', '.']);
    // No more words, and no longer ones.
    if line.len() > 60 {
        return None;
    }
    let line = line.to_lowercase();
    let words: Vec<&str> = line.split_whitespace().collect();
    let (what, number, of, total) = match words.as_slice() {
        [number, of, total, what] if number.starts_with(|c: char| c.is_ascii_digit()) => {
            (what, number, of, total)
        }
        [what, number, of, total] => (what, number, of, total),
        _ => return None,
    };
    let begins = |words: &[&str]| words.iter().any(|word| what.starts_with(word));
    let is_document = begins(&DOCUMENTS);
    if !(is_document || begins(&OTHERS)) || !OF.contains(of) {
        return None;
    }
    let parse = |word: &str| word.replace([',', '.'], "").parse().ok();
    let number = Number { at: parse(number)?, total: parse(total)?, is_document };
    (number.at >= 1 && number.at <= number.total).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_any_language() {
        for line in [
            "   1 of 1,200 DOCUMENTS",
            "Dokument 1 von 1200",
            "1 de 1.200 DOCUMENTOS",
            "1 van 1200 DOCUMENTEN",
            "Документ 1 из 1200",
            "\u{feff}Dokument 1 z 1200:",
        ] {
            assert_eq!(number(line), Some(Number { at: 1, total: 1200, is_document: true }), "{line}");
        }
        assert_eq!(number("Article 2 of 3"), Some(Number { at: 2, total: 3, is_document: false }));
        for line in
            ["3 of 2 documents", "0 of 2 documents", "1 of 2", "Page 1 of 2", "He read 1 of 2 documents", ""]
        {
            assert_eq!(number(line), None, "{line}");
        }
    }
}
