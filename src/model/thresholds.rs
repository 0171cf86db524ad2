//! Holds the thresholds under which the model abstains. They are chosen in training and saved with
//! the model.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// When the model abstains.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// A text of fewer words is `too-short`.
    pub min_words: u32,
    /// When a text is `low-confidence`; `None` if never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_confidence: Option<LowConfidence>,
    /// When a text is `off-topic`; `None` if never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_topic: Option<OffTopic>,
    /// Whether a text in a language other than the tokenizer's is `other-language`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_language: bool,
}

/// The lowest probability that a label needs, chosen for a maximum share of errors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LowConfidence {
    /// The greatest share of wrong labels that was asked for.
    pub max_error: f64,
    /// Least probability of one unit's top class.
    pub unit: f64,
    /// Least probability of the top class of a document of several units.
    pub document: f64,
    /// Share of held-out units that were answered.
    pub unit_coverage: f64,
    /// Share of held-out documents that were answered.
    pub document_coverage: f64,
}

/// The lowest topic score that is on topic (see [`crate::model::Topic`]), and its effect on
/// held-out texts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffTopic {
    /// A text with a lower score is `off-topic`.
    pub least: f64,
    /// The same for a document of several units; `None` if `least` holds for them too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<f64>,
    /// How long texts are judged; `None` if they are judged like all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<OffTopicWindow>,
    /// Share of the outside texts under it.
    pub recall: f64,
    /// Share of the training rows under it.
    pub false_alarms: f64,
}

/// The rule for long texts: they are judged by their best window alone, the words in a row that are
/// most like the training texts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffTopicWindow {
    /// Words of a window. A text of at least twice as many is judged by its best one.
    pub words: u32,
    /// A text whose best window has a lower topic score is `off-topic`.
    pub least: f64,
    /// Share of the documents made of outside texts under it; `None` if there were too few to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<f64>,
    /// Share of the documents made of training rows under it; `None` if there were too few to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_alarms: Option<f64>,
}

impl OffTopic {
    /// The lowest topic score at which a text of so many units and words is on topic.
    pub fn least_for(&self, units: usize, words: usize) -> f64 {
        match self.window_for(words) {
            Some(window) => window.least,
            None => self.document.filter(|_| units > 1).unwrap_or(self.least),
        }
    }

    /// The rule by which a text of so many words is judged; `None` if it is judged by all of its
    /// words.
    pub fn window_for(&self, words: usize) -> Option<OffTopicWindow> {
        self.window.filter(|window| words >= window.min_text_words())
    }
}

impl OffTopicWindow {
    /// The greatest number of words.
    pub(crate) const MAX_WORDS: u32 = 10_000;

    /// Words of the shortest text that is judged by its best window.
    pub fn min_text_words(&self) -> usize {
        2 * self.words as usize
    }

    fn check(&self) -> Result<()> {
        if !(1..=Self::MAX_WORDS).contains(&self.words) {
            let (found, most) = (self.words, Self::MAX_WORDS);
            return Err(Error::model(format!("off-topic by windows of {found} words; expected 1 to {most}")));
        }
        if !self.least.is_finite() {
            return Err(Error::model(format!("off-topic windows below {}; expected a number", self.least)));
        }
        let shares = [self.recall, self.false_alarms];
        match shares.into_iter().flatten().find(|share| !(0.0..=1.0).contains(share)) {
            Some(share) => {
                Err(Error::model(format!("a rate of off-topic windows of {share}; expected 0 to 1")))
            }
            None => Ok(()),
        }
    }
}

impl Thresholds {
    /// The highest minimum of words: no text would be long enough for more.
    pub(crate) const MAX_MIN_WORDS: u32 = 1_000_000;

    /// Checks every range.
    ///
    /// # Errors
    /// A share outside 0 to 1, a threshold that is not finite, a minimum of words that no text
    /// reaches, windows without words.
    pub(crate) fn check(&self) -> Result<()> {
        if self.min_words > Self::MAX_MIN_WORDS {
            return Err(Error::model(format!(
                "at least {} words; expected at most {}",
                self.min_words,
                Self::MAX_MIN_WORDS
            )));
        }
        let low = self.low_confidence.map_or([0.0; 5], |low| {
            [low.max_error, low.unit, low.document, low.unit_coverage, low.document_coverage]
        });
        let off = self.off_topic.map_or([0.0; 2], |off| [off.recall, off.false_alarms]);
        if let Some(share) = low.iter().chain(&off).find(|share| !(0.0..=1.0).contains(*share)) {
            return Err(Error::model(format!("a threshold or rate of {share}; expected 0 to 1")));
        }
        self.off_topic.and_then(|off| off.window).map_or(Ok(()), |window| window.check())?;
        match self.off_topic {
            Some(off) if ![off.least, off.document.unwrap_or(0.0)].iter().all(|least| least.is_finite()) => {
                let document = off.document.map_or(String::new(), |document| format!(" and {document}"));
                Err(Error::model(format!("off-topic below {}{document}; expected numbers", off.least)))
            }
            _ => Ok(()),
        }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds { min_words: 5, low_confidence: None, off_topic: None, other_language: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_outside_their_ranges_are_refused() {
        let low = LowConfidence {
            max_error: 0.1,
            unit: 0.6,
            document: 0.5,
            unit_coverage: 0.7,
            document_coverage: 0.8,
        };
        let off = OffTopic { least: -0.5, document: None, window: None, recall: 0.9, false_alarms: 0.1 };
        let window = OffTopicWindow { words: 80, least: 2.0, recall: None, false_alarms: Some(0.1) };
        let with = |window| Thresholds {
            off_topic: Some(OffTopic { window: Some(window), ..off }),
            ..Thresholds::default()
        };
        with(window).check().unwrap();
        let sound = Thresholds { low_confidence: Some(low), off_topic: Some(off), ..Thresholds::default() };
        sound.check().unwrap();
        let wrong = [
            Thresholds { min_words: 2_000_000, ..sound },
            Thresholds { low_confidence: Some(LowConfidence { unit: f64::NAN, ..low }), ..sound },
            Thresholds { low_confidence: Some(LowConfidence { document: 1.5, ..low }), ..sound },
            Thresholds { off_topic: Some(OffTopic { recall: -0.1, ..off }), ..sound },
            Thresholds { off_topic: Some(OffTopic { least: f64::INFINITY, ..off }), ..sound },
            Thresholds { off_topic: Some(OffTopic { document: Some(f64::NAN), ..off }), ..sound },
            with(OffTopicWindow { words: 0, ..window }),
            with(OffTopicWindow { words: 10_001, ..window }),
            with(OffTopicWindow { least: f64::NAN, ..window }),
            with(OffTopicWindow { recall: Some(1.1), ..window }),
            with(OffTopicWindow { false_alarms: Some(f64::NAN), ..window }),
        ];
        wrong.iter().for_each(|thresholds| assert!(thresholds.check().is_err(), "{thresholds:?}"));
    }

    #[test]
    fn units_and_words_decide_which_threshold_of_off_topic_holds() {
        let off = OffTopic { least: -0.5, document: None, window: None, recall: 0.9, false_alarms: 0.1 };
        let of = |off: OffTopic, words| [0, 1, 2].map(|units| off.least_for(units, words));
        assert_eq!(of(off, 1000), [-0.5; 3]);
        let off = OffTopic { document: Some(1.5), ..off };
        assert_eq!(of(off, 1000), [-0.5, -0.5, 1.5]);
        let window = OffTopicWindow { words: 80, least: 2.0, recall: None, false_alarms: None };
        let off = OffTopic { window: Some(window), ..off };
        assert_eq!(of(off, 159), [-0.5, -0.5, 1.5]);
        assert_eq!(of(off, 160), [2.0; 3], "in one piece or in several");
    }
}
