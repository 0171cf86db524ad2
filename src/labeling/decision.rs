//! Defines what a coder decides about a passage, and the lines of the log that say so.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// What was decided about a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionKind {
    /// It gets a label.
    Label,
    /// It is passed over.
    Skip,
    /// The coder cannot tell.
    Unsure,
    /// No label fits.
    None,
}

named!(DecisionKind { Label: "label", Skip: "skip", Unsure: "unsure", None: "none" });

/// One decision, as it stands in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Its number in the log, from 1. Numbers only grow; that of a decision which was undone is not
    /// given again.
    pub sequence: u64,
    /// What was decided.
    pub kind: DecisionKind,
    /// The id of the passage.
    pub unit: String,
    /// The id of its text.
    pub article: String,
    /// Its number among the paragraphs of the text, from 1; 0 where the text is labeled as a whole.
    pub paragraph: u32,
    /// Its text.
    pub text: String,
    /// The label; `None` for every other kind.
    pub label: Option<String>,
    /// The outlet, author or other group of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The date of the text, as it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The title of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the coder noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the coder flagged it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flag: bool,
    /// Who decided.
    pub coder: String,
    /// When, by UTC, as RFC 3339 writes it.
    pub time: String,
    /// How long the coder took, in milliseconds.
    pub milliseconds: u64,
    /// Whether the coder had seen the model's answer before.
    pub seen: bool,
    /// Whether the model's answer was kept back after it, as for a sample that is not coded to its
    /// end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// The id of the model at work.
    pub model: String,
    /// The number of the decision about the same passage that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u64>,
}

/// What stands for a passage that no label fits where coders are compared: a category of its own.
const NONE: &str = "(none)";

impl Decision {
    /// The category of a decision that was made blind, where coders are compared.
    pub(super) fn blind_label(&self) -> String {
        self.label.clone().unwrap_or_else(|| NONE.to_owned())
    }
}

/// A decision to be made, as a page sends it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// The id of the passage.
    pub unit: String,
    /// What is decided.
    pub kind: DecisionKind,
    /// The label, for [`DecisionKind::Label`] alone.
    #[serde(default)]
    pub label: Option<String>,
    /// A note.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether the passage is flagged.
    #[serde(default)]
    pub flag: bool,
    /// How long the coder took, in milliseconds.
    #[serde(default)]
    pub milliseconds: u64,
    /// Whether the coder has seen the model's answer.
    #[serde(default)]
    pub seen: bool,
}

/// What is to be changed of a decision; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Another label.
    #[serde(default)]
    pub label: Option<String>,
    /// Another note; an empty one takes it away.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether the passage is flagged.
    #[serde(default)]
    pub flag: Option<bool>,
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// A decision was undone.
    Undo(Undo),
    /// A decision was made.
    Decision(Decision),
}

/// Takes a decision back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Undo {
    /// The number of this line.
    pub sequence: u64,
    /// The number of the decision that is taken back.
    pub undo: u64,
    /// Who takes it back.
    pub coder: String,
    /// When.
    pub time: String,
    /// Nothing: who reads the log as a table finds the columns `text` and `label` in every line.
    #[serde(default)]
    pub text: String,
    /// Nothing.
    #[serde(default)]
    pub label: Option<String>,
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;

    /// A decision of a coder called `eva`.
    pub(in crate::labeling) fn decision(sequence: u64, unit: &str, label: Option<&str>) -> Decision {
        Decision {
            sequence,
            kind: if label.is_some() { DecisionKind::Label } else { DecisionKind::Skip },
            unit: unit.to_owned(),
            article: format!("article of {unit}"),
            paragraph: 1,
            text: format!("The text of {unit}."),
            label: label.map(str::to_owned),
            source: None,
            date: None,
            title: None,
            note: None,
            flag: false,
            coder: "eva".to_owned(),
            time: "2026-05-01T09:30:00Z".to_owned(),
            milliseconds: 900,
            seen: false,
            hidden: false,
            model: "model".to_owned(),
            replaces: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let decision = Decision {
            note: Some("“so”\n\u{2028}".to_owned()),
            flag: true,
            replaces: Some(3),
            ..samples::decision(7, "a.csv#1:2:0f", Some("</script>"))
        };
        let undo = Undo {
            sequence: 8,
            undo: 7,
            coder: "eva".to_owned(),
            time: "2026-05-01T09:30:01Z".to_owned(),
            text: String::new(),
            label: None,
        };
        for line in [Line::Decision(decision), Line::Undo(undo)] {
            let written = serde_json::to_string(&line).unwrap();
            assert!(
                !written.contains('\n') && written.contains("\"label\":") && written.contains("\"text\":")
            );
            assert_eq!(serde_json::from_str::<Line>(&written).unwrap(), line);
        }
    }

    #[test]
    fn a_page_sends_only_what_there_is_to_say() {
        let sent = r#"{"unit": "a:0:1", "kind": "unsure", "milliseconds": 12, "seen": false}"#;
        let decision: NewDecision = serde_json::from_str(sent).unwrap();
        assert_eq!((decision.kind, decision.label, decision.flag), (DecisionKind::Unsure, None, false));
        assert!(serde_json::from_str::<NewDecision>(r#"{"unit": "a:0:1", "kind": "maybe"}"#).is_err());
    }
}
