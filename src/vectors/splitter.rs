//! Splits documents into paragraphs of word ids, as scoring splits them: normal text, without
//! boilerplate and quotations.

use crate::features::Vocabulary;
use crate::text::boilerplate;
use crate::text::document::Document;
use crate::text::normalization::{NormalBuffers, Normalized};
use crate::text::paragraph::paragraphs;
use crate::tokenizer::{QUOTATION, TokenKind, Tokenizer, WordIdCache};

/// Stands in a paragraph where no known word does: it keeps its neighbors apart.
pub(super) const NO_WORD: u32 = u32::MAX;

/// The buffers of one thread. It remembers the ids of words, so it must be used with one way of
/// giving them.
#[derive(Debug)]
pub(super) struct Splitter<'t> {
    tokenizer: &'t Tokenizer,
    drop_boilerplate: bool,
    ids: WordIdCache,
    normal: NormalBuffers,
}

impl<'t> Splitter<'t> {
    pub(super) fn new(tokenizer: &'t Tokenizer, drop_boilerplate: bool) -> Self {
        Splitter {
            tokenizer,
            drop_boilerplate,
            ids: WordIdCache::default(),
            normal: NormalBuffers::default(),
        }
    }

    /// Calls `each` with the ids of each paragraph's words, in order; `id` gives the id of a word.
    pub(super) fn split(
        &mut self,
        document: &Document,
        id: &mut impl FnMut(&str) -> u32,
        each: &mut impl FnMut(&[u32]),
    ) {
        let normal = self.normal.normalize(&document.text, self.tokenizer.tokenizer_config().social_text);
        let text = normal.text();
        let all = paragraphs(text);
        let rules = match self.drop_boilerplate {
            true => {
                let title = document.title.as_deref().map(|title| self.tokenizer.normalize(title));
                boilerplate::rules(text, &all, title.as_ref().map(Normalized::text))
            }
            false => vec![None; all.len()],
        };
        // What is too long for a model's vocabulary is no word.
        let is_fit = |form: &str| form != QUOTATION && form.len() <= Vocabulary::MAX_TERM_BYTES;
        let mut id =
            |form: &str, kind: TokenKind| if kind.is_word() && is_fit(form) { id(form) } else { NO_WORD };
        let mut words = Vec::new();
        for (paragraph, _) in all.iter().zip(rules).filter(|(_, rule)| rule.is_none()) {
            words.clear();
            self.tokenizer
                .token_ids(paragraph.span.of(text), &mut self.ids, &mut id, &mut |id| words.push(id));
            each(&words);
        }
        self.normal.recycle(normal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Interner;
    use crate::text::SocialText;
    use crate::vectors::VectorsParams;

    fn split(text: &str, title: Option<&str>) -> Vec<String> {
        split_by(&VectorsParams::default(), text, title)
    }

    fn split_by(params: &VectorsParams, text: &str, title: Option<&str>) -> Vec<String> {
        let tokenizer = Tokenizer::new(&params.tokenizer_config()).unwrap();
        let mut interner = Interner::default();
        let mut found: Vec<Vec<u32>> = Vec::new();
        let document = Document { title: title.map(str::to_owned), ..Document::new("a", text) };
        let mut splitter = Splitter::new(&tokenizer, true);
        splitter.split(&document, &mut |word| interner.insert(word), &mut |ids| found.push(ids.to_vec()));
        let word = |&id: &u32| interner.get(id).unwrap_or("-").to_owned();
        found.iter().map(|ids| ids.iter().map(word).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn paragraphs_are_split_without_boilerplate_quotations_and_titles() {
        let text = "A long winter\n\nThe minister of the interior said \"we shall never sell the old forest\" on Monday.\n\n\
                    Share this article\n\nTwo trees fell.";
        assert_eq!(
            split(text, Some("A long winter")),
            ["the minist of the interior said - on monday", "two tree fell"]
        );
    }

    #[test]
    fn posts_are_split_as_models_read_them() {
        let params = VectorsParams { social_text: SocialText::Normalize, ..VectorsParams::default() };
        let text = "@GreenHarbor says #StopTheTunnel";
        assert_eq!(split_by(&params, text, None), ["green harbor say stop the tunnel"]);
        let params = VectorsParams { social_text: SocialText::Expand, ..VectorsParams::default() };
        assert_eq!(
            split_by(&params, text, None),
            ["greenharbor green harbor say stopthetunnel stop the tunnel"]
        );
        assert_eq!(split(text, None), ["say stopthetunnel"]);
    }

    #[test]
    fn a_paragraph_of_hardly_more_than_a_quotation_keeps_its_words() {
        assert_eq!(
            split("\u{201c}we shall never sell\u{201d} he said", None),
            ["we shall never sell he said"]
        );
        assert_eq!(split("", None), Vec::<String>::new());
    }
}
