//! Makes the row of features of a text, with the places of each, as the direct implementation has
//! it.

use crate::classifier::compiled_model::CompiledModel;
use crate::features::{SparseRow, TermCounts};
use crate::progress::Progress;
use crate::text::span::Span;
use crate::tokenizer::{Term, TokenBuf, Tokenizer};

/// The row of a normal text with the features of all blocks, and every occurrence of a feature in
/// it: what scoring does with compiled tables, block by block and term by term. If few words are
/// outside quotations, the row is the same average of the text's row and of the row of those words
/// as the margins are. Terms after `progress` stopped are left out.
pub(in crate::classifier) fn row_with_places(
    compiled: &CompiledModel,
    text: &str,
    found: &mut dyn FnMut(u32, Span),
    progress: &dyn Progress,
) -> SparseRow {
    let row = row_by(compiled, &compiled.tokenizers, text, found, progress);
    if !compiled.weighs_quotations(text) {
        return row;
    }
    // Its words have their places; the tokens that stand for quotations do not.
    let mut found_beside = |feature, span| {
        if !row.contains(feature) {
            found(feature, span);
        }
    };
    let beside = row_by(compiled, &compiled.beside_quotations, text, &mut found_beside, progress);
    row.mixed(compiled.model.lone_quotation_weight, &beside)
}

/// The row of a text as some tokenizers of the model read it, without the terms after `progress`
/// stopped.
pub(in crate::classifier) fn row_by(
    CompiledModel { model, .. }: &CompiledModel,
    tokenizers: &[Tokenizer],
    text: &str,
    found: &mut dyn FnMut(u32, Span),
    progress: &dyn Progress,
) -> SparseRow {
    let (mut tokens, mut own, mut row) = (TokenBuf::default(), SparseRow::default(), SparseRow::default());
    let mut counts = TermCounts::default();
    let mut first = 0;
    for (block, tokenizer) in model.blocks().zip(tokenizers) {
        tokenizer.tokenize_normal(text, &mut tokens);
        counts.clear(tokens.len());
        tokenizer.terms(&tokens, &mut String::new(), &mut |term: Term<'_>| {
            if progress.is_stopped() {
                return;
            }
            if let Some(feature) = block.featurizer.vocabulary().find(term.text) {
                counts.add(feature);
                found(first + feature, term.span);
            }
        });
        block.featurizer.vectorize(counts.all(), &mut own);
        row.append(&own, first);
        first += block.linear.features() as u32;
    }
    row
}
