//! Warns of labels whose texts the model that a folder was opened with has learned.

use crate::classifier::Classifier;
use crate::error::counted;
use crate::evaluate::TrainingTexts;
use crate::labeling::own_labels::OwnLabels;
use crate::model::is_bundled_stance;
use crate::train::{TrainingCorpus, add_texts};

/// What is to be said of the first model's figure, if it has learned any of the texts. `bundled` is
/// the corpus inside the program.
pub(super) fn warning(
    start: &Classifier,
    bundled: Option<&TrainingCorpus>,
    own: &OwnLabels,
) -> Option<String> {
    let texts = learned_by(start, bundled)?;
    let known = own.rows.iter().filter(|row| texts.has_text(&row.text, false)).count();
    (known > 0).then(|| {
        format!(
            "The first model was trained on the texts of {known} of these {}: its figure is too good, and beside it the new model looks worse than it is.",
            counted(own.rows.len(), "label")
        )
    })
}

/// The texts that a model was trained on, as far as they are known.
fn learned_by(start: &Classifier, bundled: Option<&TrainingCorpus>) -> Option<TrainingTexts> {
    let provenance = &start.model().provenance;
    let corpus =
        bundled.filter(|corpus| is_bundled_stance(start.id()) && corpus.sha256() == provenance.data_sha256);
    if corpus.is_none() && provenance.learned_texts.is_none() {
        return None;
    }
    let mut texts = TrainingTexts::default();
    add_texts(&mut texts, corpus.map_or(&[], TrainingCorpus::rows));
    provenance.learned_texts.iter().for_each(|learned| texts.add_learned(learned));
    Some(texts)
}
