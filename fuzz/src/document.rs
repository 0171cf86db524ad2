//! Reads any bytes as documents, and checks what must hold of each.

use std::cell::RefCell;
use std::sync::Arc;

use standpoint::read::{Column, Format, Input, InputOptions, Inputs, Quote, Requirement};
use standpoint::text::{Preparation, boilerplate};
use standpoint::text::paragraph::{Paragraph, paragraphs};
use standpoint::tokenizer::{TokenBuf, Tokenizer, TokenizerConfig};
use standpoint::{Document, Span};

/// So small that inputs of a fuzzer go beyond it.
const MAX_RECORD: usize = 16 << 10;
/// Decoding makes at most three bytes of one, and some room is left for what extractors put in.
const MAX_TEXT: usize = 4 * MAX_RECORD;
/// Of formats in which a few bytes may stand for any number of records, only the first are read.
const MAX_RECORDS: usize = 1000;

thread_local! {
    static TOKENIZER: Tokenizer = {
        let tokenizer_config = TokenizerConfig { words: Some((1, 2)), chars: Some((3, 5)), ..TokenizerConfig::default() };
        Tokenizer::new(&tokenizer_config).expect("the recipe is sound")
    };
    static BUFFERS: RefCell<(TokenBuf, String)> = RefCell::default();
}

/// Reads bytes as a file of a format, twice, and checks each document. Nothing happens if the
/// format is not known.
pub fn read(format: &str, bytes: &[u8]) {
    read_as(format, bytes, |_| {});
}

/// Reads bytes as CSV whose first byte chooses the delimiter, the quotation mark, the escape and
/// the header's line.
pub fn read_csv(bytes: &[u8]) {
    let Some((dialect, bytes)) = bytes.split_first() else { return };
    read_as("csv", bytes, |options| {
        options.delimiter = [None, Some(b','), Some(b';'), Some(b'\t')][usize::from(dialect & 3)];
        options.quote = [Quote::Detect, Quote::Detect, Quote::None, Quote::Character(b'\'')][usize::from(dialect >> 2 & 3)];
        options.escape = (dialect & 16 > 0).then_some(b'\\');
        options.header_row = (dialect & 32 > 0).then(|| u64::from(dialect >> 6) + 1);
    });
}

/// As [`read()`], under options of its own.
fn read_as(format: &str, bytes: &[u8], set: impl FnOnce(&mut InputOptions)) {
    let Some(format) = Format::from_name(format) else { return };
    let column = |name: &str| Column { name: name.to_owned(), need: Requirement::Optional };
    let mut options = InputOptions {
        columns: ["title", "date", "author", "url"].map(column).to_vec(),
        preparation: Preparation {
            with_title: bytes.len().is_multiple_of(2),
            ..Preparation::default()
        },
        max_record: MAX_RECORD,
        format: Some(format),
        ..InputOptions::default()
    };
    set(&mut options);
    let bytes: Arc<[u8]> = bytes.into();
    let found = documents(&bytes, &options);
    assert!(found == documents(&bytes, &options), "the same bytes gave other documents");
    found.iter().flatten().for_each(check);
}

fn documents(bytes: &Arc<[u8]>, options: &InputOptions) -> Vec<Result<Document, String>> {
    Inputs::new([Input::from_bytes("input", bytes.clone())], options.clone())
        .take(MAX_RECORDS)
        .map(|raw| raw.and_then(|raw| raw.document(options)).map_err(|error| error.to_string()))
        .collect()
}

fn check(document: &Document) {
    let text = &document.text;
    assert!(text.len() <= MAX_TEXT, "a record of {MAX_RECORD} bytes gave {} bytes of text", text.len());
    let _ = (document.place().to_string(), document.notes().count());
    let all = paragraphs(text);
    let mut at = 0;
    for Paragraph { span, .. } in &all {
        assert!(span.start() >= at, "paragraphs overlap or are out of order");
        let gap = text.get(at..span.start()).expect("a paragraph begins on a character");
        assert!(gap.trim().is_empty(), "`{gap}` is in no paragraph");
        let paragraph = text.get(span.start()..span.end()).expect("a paragraph ends on a character");
        assert!(!paragraph.is_empty(), "a paragraph is empty");
        check_terms(paragraph);
        at = span.end();
    }
    assert!(text.get(at..).is_some_and(|rest| rest.trim().is_empty()), "the end is in no paragraph");
    let rules = boilerplate::rules(text, &all, document.title.as_deref());
    assert_eq!(rules.len(), all.len(), "one rule, or none, a paragraph");
}

fn check_terms(text: &str) {
    TOKENIZER.with(|tokenizer| {
        BUFFERS.with_borrow_mut(|(tokens, scratch)| {
            tokenizer.tokenize(text, tokens);
            let mut at = 0;
            for (_, span) in tokens.iter() {
                assert!(span.start() >= at, "words overlap or are out of order");
                on_characters(text, span);
                at = span.end();
            }
            tokenizer.terms(tokens, scratch, &mut |term| on_characters(text, term.span));
        });
    });
}

fn on_characters(text: &str, span: Span) {
    assert!(text.get(span.start()..span.end()).is_some(), "{span:?} is not on characters");
}
