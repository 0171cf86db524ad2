//! Lists the fields of the results and the orders in which they are written.

use std::borrow::Cow;

use super::{Cell, Field, Spread};
use crate::classifier::verdict::{Reason, ScoredParagraph, Verdict};
use crate::read::KEPT;
use crate::text::Extraction;
use crate::write::document_name::{id_without_folders, title, title_place};

static ID: Field = Field::text("id", |row, _| match row.outcome {
    Ok(scored) => scored.id.as_str().into(),
    Err(failure) => failure.id.as_str().into(),
});
static PATH: Field = Field::text("path", |row, _| match row.outcome {
    Ok(scored) => scored.document.path.as_str().into(),
    Err(failure) => failure.error.position().and_then(|position| position.path.as_deref()).into(),
});
static RECORD: Field = Field::whole("record", |row, _| match row.outcome {
    Ok(scored) => scored.document.record.into(),
    Err(failure) => failure.error.position().and_then(|position| position.record).into(),
});
static LABEL: Field = Field::text("label", |row, _| row.verdict().and_then(Verdict::label).into());
static TOP: Field = Field::text("top", |row, _| row.unit(ScoredParagraph::top, Verdict::top).into());
static REASON: Field =
    Field::text("reason", |row, _| row.verdict().and_then(Verdict::reason).map(Reason::name).into());
static PROBABILITIES: Field = Field::real("probabilities", |row, class| {
    let probabilities = row.unit(ScoredParagraph::probabilities, Verdict::probabilities);
    probabilities.and_then(|probabilities| probabilities.get(class).copied()).into()
})
.spread(Spread::Labels("p_"));
static SLANT: Field = Field::real("slant", |row, _| row.verdict().and_then(Verdict::slant).into());
static WORDS: Field = Field::whole("words", |row, _| row.unit(ScoredParagraph::words, Verdict::words).into());
static KNOWN: Field = Field::real("known", |row, _| row.verdict().and_then(Verdict::known).into());
static TOPIC: Field = Field::real("topic", |row, _| row.verdict().and_then(Verdict::topic).into());
static LOADED: Field =
    Field::real("loaded", |row, _| row.unit(ScoredParagraph::loaded, Verdict::loaded).flatten().into());
static PARAGRAPH: Field =
    Field::whole("paragraph", |row, _| row.paragraph.map(|(number, _)| number + 1).into());
static START: Field = Field::whole("start", |row, _| row.paragraph.map(|(_, of)| of.span().start()).into());
static END: Field = Field::whole("end", |row, _| row.paragraph.map(|(_, of)| of.span().end()).into());
static WEIGHT: Field = Field::real("weight", |row, _| row.paragraph.map(|(_, of)| of.weight()).into());
static TEXT: Field = Field::text("text", |row, _| match (row.outcome, row.paragraph) {
    (Ok(scored), Some((_, of))) if row.context().paragraph_text => of.span().of(&scored.document.text).into(),
    _ => Cell::Empty,
});
static MODEL: Field =
    Field::text("model", |row, _| row.scored().map(|_| row.context().model.as_str()).into());
static BIAS_MODEL: Field = Field::text("bias_model", |row, _| {
    row.scored().and(row.context().loaded_language_model.as_deref()).into()
});
static SET: Field = Field::text("set", |row, _| match row.set() {
    // An empty set is no label at all, and is told from no set by its brackets.
    Some(names) => Cell::Text(Cow::Owned(format!("{{{}}}", names.join("|")))),
    None => Cell::Empty,
})
.spread(Spread::Set)
.given_if(|context| context.sets);
static DUPLICATE_OF: Field = Field::text("duplicate_of", |row, _| {
    row.scored().and_then(|scored| scored.duplicate_of.as_deref()).into()
})
.given_if(|context| context.duplicates);
static META: Field = Field::text("meta", |row, number| {
    row.scored().and_then(|scored| scored.document.columns.get(number)?.as_deref()).into()
})
.spread(Spread::Kept(KEPT))
.given_if(|context| !context.keep.is_empty());
static ERROR_KIND: Field =
    Field::text("error_kind", |row, _| row.failure().map(|failure| failure.error.name()).into());
static ERROR_MESSAGE: Field = Field::text("error_message", |row, _| match row.failure() {
    Some(failure) => Cell::Text(Cow::Owned(failure.error.spelled(row.context().spelling))),
    None => Cell::Empty,
});
static ERROR_LINE: Field = Field::whole("error_line", |row, _| {
    row.failure().and_then(|failure| failure.error.position()?.line).into()
});

static EXTRACTION: Field = Field::text("extraction", |row, _| {
    row.scored().and_then(|scored| scored.document.extraction).map(Extraction::name).into()
});

/// The document by its name for people.
static DOCUMENT: Field = Field::text("document", |row, _| match row.outcome {
    Ok(scored) => match title(scored, title_place(&row.context().keep)) {
        Some(title) => title.into(),
        None => Cell::Text(id_without_folders(&scored.id, &scored.document.path)),
    },
    Err(failure) => {
        let path = failure.error.position().and_then(|position| position.path.as_deref());
        Cell::Text(id_without_folders(&failure.id, path.unwrap_or("")))
    }
});
/// The probability of the likeliest label, unless the model cannot judge the text.
static PROBABILITY: Field = Field::real("probability", |row, _| match row.paragraph {
    Some((_, paragraph)) => paragraph.confidence().into(),
    None => row.judged().map(Verdict::confidence).into(),
});
/// The slant, where it means something.
static JUDGED_SLANT: Field = Field::real("slant", |row, _| row.judged().and_then(Verdict::slant).into())
    .given_if(|context| context.labels.axis().is_some());
/// As [`LOADED`], where there is a model for it.
static MEASURED_LOADED: Field = Field::real("loaded", |row, _| LOADED.cell(row, 0))
    .given_if(|context| context.loaded_language_model.is_some());
/// As [`TEXT`], where texts are written.
static WRITTEN_TEXT: Field =
    Field::text("text", |row, _| TEXT.cell(row, 0)).given_if(|context| context.paragraph_text);
/// As [`REASON`], or why the text could not be scored.
static PUBLISHED_REASON: Field = Field::text("reason", |row, _| match row.failure() {
    Some(failure) => Cell::Text(Cow::Owned(format!("failed: {}", failure.error.name()))),
    None => REASON.cell(row, 0),
});

/// Fields that every table has if they are asked for.
pub(super) static ASKED_FOR: &[&Field] = &[&DOCUMENT, &PROBABILITY];

/// One row per document, of a table to publish.
pub(super) static PUBLISHED_ROW: &[&Field] = &[
    &DOCUMENT,
    &LABEL,
    &PROBABILITY,
    &JUDGED_SLANT,
    &MEASURED_LOADED,
    &PUBLISHED_REASON,
    &SET,
    &META,
    &DUPLICATE_OF,
];

/// One row per paragraph, of a table to publish.
pub(super) static PUBLISHED_PARAGRAPH_ROW: &[&Field] = &[
    &DOCUMENT,
    &LABEL,
    &PUBLISHED_REASON,
    &PARAGRAPH,
    &TOP,
    &PROBABILITY,
    &WEIGHT,
    &MEASURED_LOADED,
    &SET,
    &META,
    &WRITTEN_TEXT,
    &DUPLICATE_OF,
];

/// One row per document.
pub(super) static DOCUMENT_ROW: &[&Field] = &[
    &ID,
    &PATH,
    &RECORD,
    &LABEL,
    &TOP,
    &REASON,
    &PROBABILITIES,
    &SLANT,
    &WORDS,
    &KNOWN,
    &TOPIC,
    &LOADED,
    &MODEL,
    &BIAS_MODEL,
    &SET,
    &DUPLICATE_OF,
    &META,
    &ERROR_KIND,
    &ERROR_MESSAGE,
    &ERROR_LINE,
    &EXTRACTION,
];

/// One row per paragraph.
pub(super) static PARAGRAPH_ROW: &[&Field] = &[
    &ID,
    &PATH,
    &RECORD,
    &LABEL,
    &REASON,
    &PARAGRAPH,
    &START,
    &END,
    &WEIGHT,
    &TOP,
    &PROBABILITIES,
    &WORDS,
    &LOADED,
    &TEXT,
    &MODEL,
    &BIAS_MODEL,
    &SET,
    &DUPLICATE_OF,
    &META,
    &ERROR_KIND,
    &ERROR_MESSAGE,
    &ERROR_LINE,
    &EXTRACTION,
];

/// The JSON record of a document; `paragraphs` and `explanation` follow.
pub(in crate::write) static DOCUMENT_RECORD: &[&Field] = &[
    &ID,
    &PATH,
    &RECORD,
    &LABEL,
    &TOP,
    &REASON,
    &PROBABILITIES,
    &SLANT,
    &WORDS,
    &KNOWN,
    &TOPIC,
    &LOADED,
    &SET,
    &MODEL,
    &BIAS_MODEL,
    &DUPLICATE_OF,
    &META,
    &EXTRACTION,
];

/// A paragraph in the JSON record; `text` and `explanation` follow.
pub(in crate::write) static PARAGRAPH_RECORD: &[&Field] =
    &[&START, &END, &WEIGHT, &WORDS, &TOP, &PROBABILITIES, &LOADED, &SET];

/// The text of a paragraph, where it is given.
pub(in crate::write) static PARAGRAPH_TEXT: &Field = &TEXT;

/// The JSON record of a failure; `error` follows, with these fields' names without `error_`.
pub(in crate::write) static FAILURE_RECORD: &[&Field] = &[&ID, &PATH, &RECORD];

/// What went wrong, in the JSON record of a failure.
pub(in crate::write) static FAILURE: &[(&str, &Field)] =
    &[("kind", &ERROR_KIND), ("message", &ERROR_MESSAGE), ("line", &ERROR_LINE)];
