//! Sums up how far answers moved.

use serde::Serialize;

use crate::label::LabelSet;
use crate::read::DocumentNotes;
use crate::robustness::Change;

/// What is measured beside the label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The slant, for a model with an axis.
    Slant,
    /// The probability of the label that was likeliest before the change.
    TopProbability,
}

impl Measure {
    pub(super) fn of(labels: &LabelSet) -> Self {
        if labels.axis().is_some() { Measure::Slant } else { Measure::TopProbability }
    }

    /// As people read it.
    pub fn describe(self) -> &'static str {
        match self {
            Measure::Slant => "slant",
            Measure::TopProbability => "probability",
        }
    }
}

/// A text whose likeliest label a change turns.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Flip {
    /// The id of the text.
    pub id: String,
    /// Its likeliest label as it stands.
    pub from: String,
    /// Its likeliest label after the change.
    pub to: String,
    /// How far the measure moved, without its sign.
    #[serde(rename = "move")]
    pub moved: f64,
}

/// How far the answers to some texts moved.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Moves {
    /// Texts that the change changes.
    pub texts: u64,
    /// Those of them whose likeliest label turns.
    pub flips: u64,
    /// The mean of the moves without their signs; `None` without texts.
    pub mean_move: Option<f64>,
    /// The greatest of them.
    pub greatest_move: f64,
    /// The id of the text that moved most; `None` where none moved.
    pub moved_most: Option<String>,
    #[serde(skip)]
    sum: f64,
}

impl Moves {
    /// The share of the texts whose label turns; `None` without texts.
    pub fn flip_share(&self) -> Option<f64> {
        (self.texts > 0).then(|| self.flips as f64 / self.texts as f64)
    }

    fn add(&mut self, id: &str, moved: f64, is_flip: bool) {
        self.texts += 1;
        self.flips += u64::from(is_flip);
        self.sum += moved;
        self.mean_move = Some(self.sum / self.texts as f64);
        if moved > self.greatest_move {
            self.greatest_move = moved;
            self.moved_most = Some(id.to_owned());
        }
    }
}

/// What one change does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChangeReport {
    /// The change's name.
    pub change: &'static str,
    /// How far the answers moved.
    #[serde(flatten)]
    pub moves: Moves,
    /// The texts whose label turns, in the order of the input; the first
    /// [`ChangeReport::MAX_FLIPS`] of them.
    pub flipped: Vec<Flip>,
}

impl ChangeReport {
    /// The most flips of one change that are listed. All are counted.
    pub const MAX_FLIPS: usize = 10_000;
}

/// The result of [`robustness`](crate::robustness::robustness).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RobustnessReport {
    /// The model's id.
    pub model: String,
    /// What the moves are moves of.
    pub measure: Measure,
    /// Texts that were read.
    pub texts: u64,
    /// Records that could not be read.
    pub failed: u64,
    /// All changes together: a text counts once for each change that changes it.
    pub all: Moves,
    /// Each change, in the order asked for.
    pub changes: Vec<ChangeReport>,
    /// How the texts were read.
    #[serde(skip)]
    pub notes: DocumentNotes,
}

/// How one answer moved under one change.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) moved: f64,
    /// The labels before and after, where they differ.
    pub(super) flip: Option<(String, String)>,
}

impl RobustnessReport {
    pub(super) fn new(model: &str, measure: Measure, changes: &[Change]) -> Self {
        use crate::named::Named;
        let report = |change: &Change| ChangeReport {
            change: change.name(),
            moves: Moves::default(),
            flipped: Vec::new(),
        };
        RobustnessReport {
            model: model.to_owned(),
            measure,
            texts: 0,
            failed: 0,
            all: Moves::default(),
            changes: changes.iter().map(report).collect(),
            notes: DocumentNotes::default(),
        }
    }

    /// Adds a text with what each change did to its answer, `None` where it left the text as it is.
    pub(super) fn add(&mut self, id: &str, moves: Vec<Option<Moved>>) {
        self.texts += 1;
        for (report, moved) in self.changes.iter_mut().zip(moves) {
            let Some(Moved { moved, flip }) = moved else { continue };
            report.moves.add(id, moved, flip.is_some());
            self.all.add(id, moved, flip.is_some());
            if let Some((from, to)) = flip.filter(|_| report.flipped.len() < ChangeReport::MAX_FLIPS) {
                report.flipped.push(Flip { id: id.to_owned(), from, to, moved });
            }
        }
    }
}
