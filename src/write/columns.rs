//! An outcome to rows of typed cells, the same for every format that has columns.

use std::borrow::Cow;
use std::io;

use crate::classifier::verdict::ScoredParagraph;
use crate::pipeline::{Context, Failure, Outcome, Scored};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Whole,
    Real,
}

/// What stands in one column of one row.
#[derive(Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    Whole(u64),
    Real(f64),
}

impl<'a> Cell<'a> {
    fn text(value: &'a str) -> Self {
        Cell::Text(Cow::Borrowed(value))
    }

    fn whole(value: usize) -> Self {
        Cell::Whole(value as u64)
    }

    fn or_empty<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell<'a>) -> Self {
        value.map_or(Cell::Empty, cell)
    }
}

/// Names and kinds of the columns. Columns are added, never renamed.
pub(super) fn columns(context: &Context) -> Vec<(String, Kind)> {
    use Kind::{Real, Text, Whole};
    let named = |columns: &[(&str, Kind)]| {
        columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect::<Vec<_>>()
    };
    let probabilities = || context.labels.names().iter().map(|name| (format!("p_{name}"), Real));
    let mut all = named(&[("id", Text), ("path", Text), ("record", Whole), ("label", Text)]);
    if context.paragraphs {
        all.extend(named(&[("reason", Text), ("paragraph", Whole), ("start", Whole), ("end", Whole)]));
        all.extend(named(&[("weight", Real), ("top", Text)]));
        all.extend(probabilities());
        all.extend(named(&[("words", Whole), ("loaded", Real), ("text", Text)]));
    } else {
        all.extend(named(&[("top", Text), ("reason", Text)]));
        all.extend(probabilities());
        all.extend(named(&[("slant", Real), ("words", Whole), ("known", Real), ("topic", Real)]));
        all.extend(named(&[("loaded", Real)]));
    }
    all.extend(named(&[("model", Text), ("bias_model", Text)]));
    if context.sets {
        all.extend(named(&[("set", Text)]));
    }
    if context.duplicates {
        all.extend(named(&[("duplicate_of", Text)]));
    }
    all.extend(context.keep.iter().map(|name| (format!("meta_{name}"), Text)));
    all.extend(named(&[("error_kind", Text), ("error_message", Text), ("error_line", Whole)]));
    all
}

/// Hands the rows of an outcome to `write`: one a document or, if paragraphs are given, one a paragraph. Failures fill
/// the first and the last columns only.
pub(super) fn rows(
    outcome: &Outcome,
    context: &Context,
    mut write: impl FnMut(&[Cell<'_>]) -> io::Result<()>,
) -> io::Result<()> {
    match outcome {
        Err(failure) => write(&failed(failure, context)),
        Ok(scored) if !context.paragraphs => write(&document(scored, context)),
        // A document without paragraphs, or of a model that does not cut them, has one row of its own.
        Ok(scored) if scored.verdict.paragraphs().len() == 0 => write(&paragraph(scored, context, None)),
        Ok(scored) => (0..)
            .zip(scored.verdict.paragraphs())
            .try_for_each(|(number, score)| write(&paragraph(scored, context, Some((number, score))))),
    }
}

/// Id, path, record and label.
fn name(scored: &Scored) -> Vec<Cell<'_>> {
    let document = &scored.document;
    vec![
        Cell::text(&document.id),
        Cell::text(&document.path),
        Cell::or_empty(document.record, Cell::Whole),
        Cell::or_empty(scored.verdict.label(), Cell::text),
    ]
}

/// What stands behind the columns of a document or paragraph.
fn close<'a>(row: &mut Vec<Cell<'a>>, set: Option<Vec<&'a str>>, scored: &'a Scored, context: &'a Context) {
    row.push(Cell::text(&context.model));
    row.push(Cell::or_empty(context.bias_model.as_deref(), Cell::text));
    if context.sets {
        // An empty set is no label at all, and is told from no set by its brackets.
        row.push(Cell::or_empty(set, |names| Cell::Text(Cow::Owned(format!("{{{}}}", names.join("|"))))));
    }
    if context.duplicates {
        row.push(Cell::or_empty(scored.duplicate_of.as_deref(), Cell::text));
    }
    row.extend(
        scored
            .document
            .columns
            .iter()
            .take(context.keep.len())
            .map(|v| Cell::or_empty(v.as_deref(), Cell::text)),
    );
    row.extend([Cell::Empty, Cell::Empty, Cell::Empty]);
}

fn document<'a>(scored: &'a Scored, context: &'a Context) -> Vec<Cell<'a>> {
    let verdict = &scored.verdict;
    let mut row = name(scored);
    row.push(Cell::text(verdict.top()));
    row.push(Cell::or_empty(verdict.reason(), |reason| Cell::text(reason.name())));
    row.extend(verdict.probabilities().iter().map(|p| Cell::Real(*p)));
    row.push(Cell::or_empty(verdict.slant(), Cell::Real));
    row.push(Cell::whole(verdict.words()));
    row.push(Cell::or_empty(verdict.known(), Cell::Real));
    row.push(Cell::or_empty(verdict.topic(), Cell::Real));
    row.push(Cell::or_empty(verdict.loaded(), Cell::Real));
    close(&mut row, verdict.prediction_set(), scored, context);
    row
}

fn paragraph<'a>(
    scored: &'a Scored,
    context: &'a Context,
    place: Option<(usize, ScoredParagraph<'a>)>,
) -> Vec<Cell<'a>> {
    let verdict = &scored.verdict;
    let mut row = name(scored);
    row.push(Cell::or_empty(verdict.reason(), |reason| Cell::text(reason.name())));
    match place {
        Some((number, paragraph)) => row.extend([
            Cell::whole(number + 1),
            Cell::whole(paragraph.span().start()),
            Cell::whole(paragraph.span().end()),
            Cell::Real(paragraph.weight()),
        ]),
        None => row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]),
    }
    let (top, probabilities, words, loaded) = match place {
        Some((_, part)) => (part.top(), part.probabilities(), part.words(), part.loaded()),
        None => (verdict.top(), verdict.probabilities(), verdict.words(), verdict.loaded()),
    };
    row.push(Cell::text(top));
    row.extend(probabilities.iter().map(|p| Cell::Real(*p)));
    row.push(Cell::whole(words));
    row.push(Cell::or_empty(loaded, Cell::Real));
    let shown = place.filter(|_| context.paragraph_text);
    row.push(Cell::or_empty(shown, |(_, paragraph)| Cell::text(paragraph.span().of(&scored.document.text))));
    let set = match place {
        Some((_, paragraph)) => paragraph.prediction_set(),
        None => verdict.prediction_set(),
    };
    close(&mut row, set, scored, context);
    row
}

fn failed<'a>(failure: &'a Failure, context: &Context) -> Vec<Cell<'a>> {
    let position = failure.error.position();
    let mut row = vec![
        Cell::text(&failure.id),
        Cell::or_empty(position.and_then(|position| position.path.as_deref()), Cell::text),
        Cell::or_empty(position.and_then(|position| position.record), Cell::Whole),
    ];
    let rest = columns(context).len().saturating_sub(row.len() + 3);
    row.extend(std::iter::repeat_with(|| Cell::Empty).take(rest));
    row.extend([
        Cell::text(failure.error.name()),
        Cell::Text(Cow::Owned(failure.error.to_string())),
        Cell::or_empty(position.and_then(|position| position.line), Cell::Whole),
    ]);
    row
}
