//! Scores labeled rows in their order, and checks them against the labels of a model.

use crate::classifier::verdict::Verdict;
use crate::classifier::{Classifier, ScoreOptions, Workers};
use crate::error::{Error, Message, Result, counted, list};
use crate::label::{ClassId, LabelSet, held_labels, spelling_key};
use crate::progress::Progress;
use crate::read::{Gold, Labeled};
use crate::threads::Threads;

/// The classes of labels over which F1 is averaged.
///
/// # Errors
/// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) for a label that the model does not have,
/// or one that is named twice.
pub fn classes_named(names: &[String], labels: &LabelSet) -> Result<Vec<ClassId>> {
    let mut classes = Vec::new();
    for name in names {
        let class = labels.names().iter().position(|label| label == name).map(ClassId::new);
        match class {
            Some(class) if !classes.contains(&class) => classes.push(class),
            Some(_) => {
                return Err(Error::invalid_parameter(
                    "f1_labels",
                    format!("`{name}` twice"),
                    "each label once",
                ));
            }
            None => {
                let expected = format!("labels of the model: {}", list(labels.names()));
                return Err(Error::invalid_parameter("f1_labels", format!("`{name}`"), expected));
            }
        }
    }
    Ok(classes)
}

/// Looks up the class of each row's label.
///
/// # Errors
/// A label that the model does not have; the message names the first one, its places and the number
/// of such rows.
pub fn gold_classes(rows: &[Gold], labels: &LabelSet) -> Result<Vec<ClassId>> {
    const MAX_PLACES: usize = 5;
    let unknown: Vec<&Gold> = rows.iter().filter(|gold| labels.get(&gold.label).is_none()).collect();
    let Some(first) = unknown.first() else {
        return Ok(rows.iter().filter_map(|gold| labels.get(&gold.label)).collect());
    };
    let places: Vec<String> = unknown
        .iter()
        .filter(|gold| gold.label == first.label)
        .take(MAX_PLACES)
        .map(|gold| gold.document.place().to_string())
        .collect();
    let Err(error) = labels.require(&first.label) else { return Ok(Vec::new()) };
    let error = Error::data(format!(
        "{error}. First seen at {}; {} in all {} a label that the model does not know",
        places.join("; "),
        counted(unknown.len(), "row"),
        if unknown.len() == 1 { "has" } else { "have" }
    ));
    let is_label = |part: &str| labels.names().iter().any(|name| spelling_key(name) == spelling_key(part));
    Err(if let Some(name) = spelled_otherwise(&first.label, labels) {
        error.with_hint(
            Message::from(format!("the model spells it `{name}`: "))
                .then(Message::naming("give `label_variants=merge`")),
        )
    } else if let Some(parts) = held_labels(&first.label, is_label) {
        error.with_hint(format!("the cell holds several labels: {}; a row has one", list(&parts)))
    } else {
        error
    })
}

/// Gives labels that the model knows in another spelling the model's.
pub fn respell(rows: &mut [Gold], labels: &LabelSet) {
    for gold in rows.iter_mut().filter(|gold| labels.get(&gold.label).is_none()) {
        if let Some(name) = spelled_otherwise(&gold.label, labels) {
            gold.label = name.to_owned();
        }
    }
}

/// The one label of the model that is a label in another spelling.
pub(crate) fn spelled_otherwise<'l>(label: &str, labels: &'l LabelSet) -> Option<&'l str> {
    let key = spelling_key(label);
    let mut found = labels.names().iter().filter(|name| spelling_key(name) == key);
    found.next().filter(|_| found.next().is_none()).map(String::as_str)
}

/// Refuses a reading that gave no row.
pub(super) fn check_not_empty(labeled: &Labeled) -> Result<()> {
    if labeled.rows.is_empty() {
        return Err(Error::data(format!(
            "found no labeled row ({} left out, {} skipped)",
            labeled.left_out,
            labeled.skipped.len()
        )));
    }
    Ok(())
}

/// Scores rows with one classifier.
pub(super) struct RowScorer<'a> {
    workers: Workers<'a>,
    as_documents: bool,
}

impl<'a> RowScorer<'a> {
    /// Prepares a worker for each thread. `as_documents` says whether each row is cut into
    /// paragraphs, as a document is, and not scored as one unit.
    pub(super) fn new(
        classifier: &Classifier,
        options: ScoreOptions,
        threads: &'a Threads,
        as_documents: bool,
    ) -> Self {
        RowScorer { workers: Workers::new(classifier, options, threads), as_documents }
    }

    /// Scores the rows on all threads, and hands each verdict on in the rows' order, until it is
    /// stopped.
    pub(super) fn for_each<'r>(
        &self,
        rows: &'r [Gold],
        progress: &dyn Progress,
        mut each: impl FnMut(&'r Gold, Verdict) + Send,
    ) -> Result<()> {
        progress.begin("evaluate", Some(rows.len() as u64));
        self.workers.score_in_order(
            rows.iter().map(|row| (row, row.document.text.len())),
            |worker, row| {
                progress.check()?;
                let Gold { document, .. } = row;
                // Its text is prepared: to prepare it again would take its characters for markup.
                let verdict = match self.as_documents {
                    true => worker.score_document(document),
                    false => worker.score_unit(&document.text),
                };
                Ok((row, verdict))
            },
            |scored: Result<(&'r Gold, Verdict)>| {
                let (row, verdict) = scored?;
                progress.advance(1);
                each(row, verdict);
                Ok(())
            },
        )
    }
}
