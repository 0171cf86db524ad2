//! Cuts texts into the passages that are labeled, and names them.

use crate::random::hash_name;
use crate::text::boundaries::count_words;
use crate::text::document::Document;
use crate::text::span::Span;

/// A text of at most so many words is labeled as a whole: no paragraph is longer.
const MAX_WHOLE: usize = 240;
/// A paragraph of fewer words says too little by itself.
const MIN_WORDS: usize = 20;

/// A passage to label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The number of its text in the archive.
    pub text: u32,
    /// Its number among the paragraphs of the text, from 1; 0 where the text is labeled as a whole.
    pub paragraph: u32,
    start: u32,
    end: u32,
}

impl Unit {
    /// Its place in the text.
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The same passage in the text of another number.
    pub(super) fn in_text(self, text: u32) -> Self {
        Unit { text, ..self }
    }
}

/// Cuts a document: into its paragraphs of twenty words or more without boilerplate, or not at all
/// where it is short, where it is to be labeled as a whole, or where it has no such paragraph.
/// Blank texts have no passage.
pub(super) fn cut(document: &Document, is_whole: bool) -> Vec<Unit> {
    let text = document.text.as_str();
    let unit = |paragraph, span: Span| {
        let (start, end) = (u32::try_from(span.start()).ok()?, u32::try_from(span.end()).ok()?);
        Some(Unit { text: 0, paragraph, start, end })
    };
    let mut units = Vec::new();
    if !is_whole && count_words(text, MAX_WHOLE + 1) > MAX_WHOLE {
        let paragraphs = (1..).zip(document.paragraphs());
        let told = paragraphs.filter(|(_, paragraph)| {
            paragraph.rule.is_none() && count_words(paragraph.span.of(text), MIN_WORDS) >= MIN_WORDS
        });
        units.extend(told.filter_map(|(number, paragraph)| unit(number, paragraph.span)));
    }
    if units.is_empty() {
        let start = text.len() - text.trim_start().len();
        let whole = Span::new(start, text.trim_end().len());
        units.extend(unit(0, whole).filter(|unit| !unit.span().is_empty()));
    }
    units
}

/// What identifies a passage in all archives that hold its text: `ID:PARAGRAPH:HASH`. The hash is
/// that of the passage, so that an id is never taken for that of another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnitId<'i> {
    pub(super) article: &'i str,
    pub(super) paragraph: u32,
    pub(super) hash: u64,
}

impl<'i> UnitId<'i> {
    pub(super) fn new(article: &'i str, paragraph: u32, passage: &str) -> Self {
        UnitId { article, paragraph, hash: hash_name(0, passage.as_bytes()) }
    }

    /// Reads an id; `None` for anything else.
    pub(super) fn parse(id: &'i str) -> Option<Self> {
        let (rest, hash) = id.rsplit_once(':')?;
        let (article, paragraph) = rest.rsplit_once(':')?;
        let is_hash = hash.len() == 16 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let hash = is_hash.then(|| u64::from_str_radix(hash, 16).ok())??;
        Some(UnitId { article, paragraph: paragraph.parse().ok()?, hash })
    }
}

impl std::fmt::Display for UnitId<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{:016x}", self.article, self.paragraph, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(count: usize) -> String {
        (0..count).map(|n| format!("word{n} ")).collect()
    }

    fn passages(document: &Document, is_whole: bool) -> Vec<(u32, String)> {
        let text = |unit: &Unit| unit.span().of(&document.text).to_owned();
        cut(document, is_whole).iter().map(|unit| (unit.paragraph, text(unit))).collect()
    }

    #[test]
    fn long_texts_are_cut_into_paragraphs_and_short_ones_are_not() {
        let [one, two] = [words(150), words(120)].map(|text| text.trim().to_owned());
        let text = format!("A headline\n\n{one}\n\nShare this article\n\n{two}\n");
        let document = Document::new("a", text.clone());
        assert_eq!(passages(&document, false), [(2, one.clone()), (4, two)]);
        assert_eq!(passages(&document, true), [(0, text.trim().to_owned())]);
        let short = Document::new("a", format!("A headline\n\n{one}"));
        assert_eq!(passages(&short, false).len(), 1);
        assert_eq!(passages(&short, false)[0].0, 0);
    }

    #[test]
    fn a_text_without_long_paragraphs_is_whole_and_a_blank_one_is_nothing() {
        let lines = Document::new("a", vec![words(9); 40].join("\n\n"));
        assert_eq!(passages(&lines, false).len(), 1);
        assert_eq!(passages(&Document::new("a", " \n\u{a0}\n"), false), []);
    }

    #[test]
    fn ids_are_read_as_they_were_written() {
        for article in ["a.csv#1", "C:\\news\\a.txt", "javascript:alert(1)", "", "a:1:0123456789abcdef"] {
            let id = UnitId::new(article, 12, "A passage.");
            assert_eq!(UnitId::parse(&id.to_string()), Some(id));
        }
        assert_ne!(UnitId::new("a", 1, "one").to_string(), UnitId::new("a", 1, "two").to_string());
        for wrong in
            ["", "a", "a:1:xyz", "a:one:0123456789abcdef", "a:1:+123456789abcdef", "a:1:0123456789ABCDEF"]
        {
            assert_eq!(UnitId::parse(wrong), None, "{wrong}");
        }
    }
}
