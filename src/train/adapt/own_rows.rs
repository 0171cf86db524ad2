//! Checks a user's rows against a corpus, and cuts long ones into passages.

use std::collections::{BTreeMap, BTreeSet};

use crate::classifier::Classifier;
use crate::error::{Error, Message, Result, counted, list};
use crate::evaluate::spelled_otherwise;
use crate::label::{LabelSet, LabelVariants};
use crate::model::{Model, Unit};
use crate::text::boundaries::count_words;
use crate::text::document::Document;
use crate::train::adapt::options::AdaptOptions;
use crate::train::dataset::Row;
use crate::train::dataset::row::Rows;

/// Fewer texts than this cannot choose between models.
pub(super) const MIN_TEXTS: usize = 50;
/// A row of more words is no paragraph: it is cut.
const MAX_PARAGRAPH: usize = 240;
/// A rare label is lifted no more than this: few rows would weigh too much.
const MAX_FACTOR: f64 = 4.0;
/// Words of the passages that it is cut into, about as many as rows of the corpus have.
const PASSAGE_WORDS: u32 = 100;

/// A user's rows, with labels that the corpus has.
pub(super) struct OwnRows {
    pub rows: Vec<Row>,
    /// The number of the text that each row is of.
    pub text_of: Vec<usize>,
    /// Labels of the corpus that no row has.
    pub missing: Vec<String>,
    texts: usize,
}

impl OwnRows {
    /// Checks labels and numbers, and cuts.
    ///
    /// # Errors
    /// Labels that the corpus does not have, fewer than two of its labels, fewer texts than
    /// `least`.
    pub(super) fn new(
        mut own: Vec<Row>,
        base: &Classifier,
        options: &AdaptOptions<'_>,
        least: usize,
    ) -> Result<Self> {
        let labels = base.labels();
        if options.label_variants == Some(LabelVariants::Merge) {
            respell(&mut own, labels);
        }
        check_labels(&own, labels)?;
        let texts = own.iter().filter(|row| row.weight > 0.0).count();
        if texts < least {
            return Err(Error::data(format!(
                "found {} of your own; expected at least {least} to tell which model does better. Label more, or score with \
                 the model as it is",
                counted(texts, "labeled text")
            )));
        }
        let found: BTreeSet<&str> = own.iter().map(|row| row.label.as_str()).collect();
        let is_missing = |name: &&String| !found.contains(name.as_str());
        let missing: Vec<String> = labels.names().iter().filter(is_missing).cloned().collect();
        let (rows, text_of) = cut(&own, base)?;
        Ok(OwnRows { rows, text_of, missing, texts: own.len() })
    }

    /// How many texts the rows are of.
    pub(super) fn texts(&self) -> usize {
        self.texts
    }

    /// Checks that there are groups to hold out.
    ///
    /// # Errors
    /// Fewer groups than folds.
    pub(super) fn check_groups(&self, folds: u32) -> Result<()> {
        let named: BTreeSet<&str> = self.rows.iter().filter_map(|row| row.group.as_deref()).collect();
        let groups = named.len() + self.rows.iter().filter(|row| row.group.is_none()).count();
        if groups >= folds as usize {
            return Ok(());
        }
        Err(Error::data(format!(
            "the rows are in {}, and whole groups are held out; expected at least {folds}.",
            counted(groups, "group")
        ))
        .with_hint(Message::naming("Label texts of more groups, or choose another `group_column`")))
    }

    /// What the weight of each row is multiplied by in fits so that all labels count alike: from
    /// the rows is learned what tells labels apart, and not how frequent they are.
    pub(super) fn factors(&self) -> Vec<f64> {
        let mut of_label: BTreeMap<&str, f64> = BTreeMap::new();
        for row in &self.rows {
            *of_label.entry(&row.label).or_default() += row.weight;
        }
        let even = of_label.values().sum::<f64>() / of_label.len() as f64;
        let factor =
            |row: &Row| of_label.get(row.label.as_str()).filter(|own| **own > 0.0).map(|own| even / own);
        self.rows.iter().map(|row| factor(row).map_or(1.0, |factor| factor.min(MAX_FACTOR))).collect()
    }

    /// These rows, first, and those of a corpus; in fits these count `weight` times.
    ///
    /// # Errors
    /// As [`Rows::beside`].
    pub(super) fn beside(&self, corpus: &[Row], weight: f64) -> Result<Rows<'static>> {
        let mut rows = Rows::beside(self.rows.clone(), corpus)?;
        let factors = self.factors();
        rows.factors.iter_mut().zip(factors).for_each(|(factor, own)| *factor = weight * own);
        Ok(rows)
    }

    /// Why there can be no model of these rows alone; `None` if they have enough of each label to
    /// hold some out in every fold.
    pub(super) fn why_not_alone(&self, folds: u32) -> Option<Message> {
        if !self.missing.is_empty() {
            let missing = list(&self.missing);
            return Some(Message::from(format!(
                "no row has the label {missing}, so it is learned from the corpus alone, no figure measures it, and a model \
                 without the corpus was not tried"
            )));
        }
        let mut of_label: BTreeMap<&str, u32> = BTreeMap::new();
        for row in &self.rows {
            *of_label.entry(&row.label).or_default() += u32::from(!row.train_only);
        }
        let rare = of_label.into_iter().filter(|(_, rows)| *rows < folds);
        let rare: Vec<String> = rare.map(|(name, rows)| format!("{name} ({rows})")).collect();
        (!rare.is_empty()).then(|| {
            let found = format!(
                "fewer than {folds} rows have the label {}: a model without the corpus was not tried",
                list(&rare)
            );
            found.into()
        })
    }
}

/// Gives labels that the corpus spells otherwise its spelling.
fn respell(own: &mut [Row], labels: &LabelSet) {
    for row in own.iter_mut().filter(|row| labels.get(&row.label).is_none()) {
        if let Some(name) = spelled_otherwise(&row.label, labels) {
            row.label = name.to_owned();
        }
    }
}

fn check_labels(own: &[Row], labels: &LabelSet) -> Result<()> {
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for row in own {
        match labels.get(&row.label) {
            Some(class) => drop(known.insert(class.index())),
            None => *unknown.entry(&row.label).or_default() += 1,
        }
    }
    let has = list(labels.names());
    let train = "To train on labels of your own, use `standpoint train`";
    if let Some((first, _)) = unknown.first_key_value() {
        let spelled = spelled_otherwise(first, labels);
        let shown: Vec<String> = unknown.iter().map(|(name, rows)| format!("{name} ({rows})")).collect();
        let error = if known.is_empty() {
            format!("no row has a label of the corpus: found {}; expected {has}.", list(&shown))
        } else {
            let rows: usize = unknown.values().sum();
            format!(
                "{} {} that the corpus does not have: {}; it has {has}.",
                counted(rows, "row"),
                if rows == 1 { "has a label" } else { "have labels" },
                list(&shown)
            )
        };
        return Err(Error::data(error).with_hint(match spelled {
            Some(name) => Message::from(format!("The corpus spells it `{name}`: "))
                .then(Message::naming("give `label_variants=merge`")),
            None if known.is_empty() => Message::from(train),
            None => Message::naming("Leave such rows out with `ignored_labels`. ").then(train),
        }));
    }
    match known.len() {
        0 => Err(Error::data("there are no rows to adapt to")),
        1 => Err(Error::data(format!(
            "all rows have one label; expected at least two of {has}, because a model learns from texts of both what \
             distinguishes them"
        ))),
        _ => Ok(()),
    }
}

/// Cuts rows longer than a paragraph into passages, as a model does that scores by passages. Gives
/// the number of the text of each row.
fn cut(own: &[Row], base: &Classifier) -> Result<(Vec<Row>, Vec<usize>)> {
    let mut model = Model::from_bytes(&base.model().to_bytes()?)?;
    let is_cut = model.unit == Unit::Paragraph;
    model.passage_words = PASSAGE_WORDS;
    let cutter = Classifier::new(model)?.worker();
    let (mut rows, mut text_of) = (Vec::new(), Vec::new());
    for (text, row) in own.iter().enumerate() {
        let mut passages = match is_cut && count_words(&row.text, MAX_PARAGRAPH + 1) > MAX_PARAGRAPH {
            true => cutter.scored_texts(&Document::new("", row.text.as_str())),
            false => Vec::new(),
        };
        if passages.len() < 2 {
            let whole = passages.pop().unwrap_or_else(|| row.text.clone());
            rows.push(Row { text: whole, ..row.clone() });
            text_of.push(text);
            continue;
        }
        // Passages of one text are held out together.
        let id = row.id.clone().unwrap_or_else(|| format!("text {text}"));
        let group = row.group.clone().unwrap_or_else(|| id.clone());
        for passage in passages {
            rows.push(Row { text: passage, id: Some(id.clone()), group: Some(group.clone()), ..row.clone() });
            text_of.push(text);
        }
    }
    Ok((rows, text_of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Threads;
    use crate::train::{TrainParams, train};

    fn base() -> Classifier {
        let texts =
            [("for", "they must defend the guarantee"), ("against", "a costly and needless provocation")];
        let rows = (0..20).map(|n| Row::new(texts[n % 2].0, format!("day {n}: {}", texts[n % 2].1)));
        let (model, _) =
            train(rows.collect::<Vec<_>>(), TrainParams::default(), &Threads::new(1).unwrap()).unwrap();
        Classifier::new(model).unwrap()
    }

    #[test]
    fn long_texts_become_passages_of_one_group_and_short_ones_stay() {
        let paragraph = |n: usize| format!("Paragraph {n} says {}.", "they must defend it and ".repeat(12));
        let long = (0..6).map(paragraph).collect::<Vec<_>>().join("\n\n");
        let own = [
            Row::new("for", "A short row.\n\nIt has two paragraphs."),
            Row { weight: 2.0, ..Row::new("against", long.as_str()) },
            Row { group: Some("outlet".into()), ..Row::new("for", long.as_str()) },
        ];
        let (rows, text_of) = cut(&own, &base()).unwrap();
        assert_eq!(rows[0], own[0]);
        assert_eq!(text_of.iter().filter(|&&text| text == 1).count(), 3, "{text_of:?}");
        for (row, &text) in rows.iter().zip(&text_of).skip(1) {
            assert_eq!((&row.label, row.weight), (&own[text].label, own[text].weight));
            assert_eq!(row.group.as_deref(), Some(["", "text 1", "outlet"][text]));
            assert_eq!(row.id.as_deref(), Some(["", "text 1", "text 2"][text]));
            assert!((100..=200).contains(&row.text.split_whitespace().count()), "{}", row.text);
        }
    }

    fn own(rows: Vec<Row>) -> OwnRows {
        OwnRows { texts: rows.len(), text_of: Vec::new(), missing: Vec::new(), rows }
    }

    #[test]
    fn rows_stand_alone_only_with_as_many_of_each_label_as_folds() {
        let rows = |rare: usize| -> Vec<Row> {
            let labels = std::iter::repeat_n("a", 20).chain(std::iter::repeat_n("b", rare));
            labels.map(|label| Row::new(label, "text")).collect()
        };
        assert_eq!(own(rows(5)).why_not_alone(5), None);
        let said = |rows| own(rows).why_not_alone(5).unwrap().to_string();
        assert!(said(rows(4)).starts_with("fewer than 5 rows have the label `b (4)`"));
        let mut fixed = rows(5);
        fixed.last_mut().unwrap().train_only = true;
        assert!(said(fixed).contains("`b (4)`"));
        let missing = OwnRows { missing: vec!["c".into()], ..own(rows(5)) };
        assert!(missing.why_not_alone(5).unwrap().to_string().contains("no row has the label `c`"));
    }

    #[test]
    fn a_line_that_is_left_out_parts_no_passage_and_is_in_none() {
        let paragraph = |n: usize| format!("Paragraph {n} says {}.", "they must defend it and ".repeat(12));
        let all: Vec<String> = (0..6).map(paragraph).collect();
        let texts = |own: &[Row]| -> Vec<String> {
            let (rows, _) = cut(own, &base()).unwrap();
            rows.into_iter().map(|row| row.text.trim_end().to_owned()).collect()
        };
        let plain = texts(&[Row::new("for", all.join("\n\n"))]);
        assert_eq!(plain.len(), 3);
        assert_eq!(texts(&[Row::new("for", all.join("\n\nAdvertisement\n\n"))]), plain);
    }

    #[test]
    fn all_labels_count_alike_in_fits() {
        let factors = |labels: &[&str]| {
            let rows: Vec<Row> = labels.iter().map(|label| Row::new(*label, "text")).collect();
            own(rows).factors()
        };
        assert_eq!(factors(&["a", "b", "c"]), [1.0; 3]);
        assert_eq!(factors(&["a", "a", "a", "b"]), [2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 2.0]);
        let rare: Vec<&str> = std::iter::once("b").chain(std::iter::repeat_n("a", 99)).collect();
        assert_eq!(factors(&rare)[0], 4.0, "it is one row of a hundred");
    }

    #[test]
    fn labels_are_checked_against_those_of_the_corpus() {
        let labels = LabelSet::new(["for", "against", "neutral"]).unwrap();
        let check = |names: &[&str]| {
            let rows: Vec<Row> = names.iter().map(|name| Row::new(*name, "text")).collect();
            check_labels(&rows, &labels).err().map(|error| error.to_string())
        };
        assert_eq!(check(&["for", "against"]), None);
        assert!(check(&["left", "right"]).is_some_and(|said| said.contains("`standpoint train`")));
        assert!(
            check(&["for", "off"])
                .is_some_and(|said| said.contains("Leave such rows out with `ignored_labels`"))
        );
        assert!(check(&["for", "AGAINST"]).is_some_and(|said| said.contains("spells it `against`")));
        assert!(check(&["for", "for"]).is_some_and(|said| said.contains("all rows have one label")));
        assert!(check(&[]).is_some_and(|said| said.contains("no rows")));
        let mut rows = vec![Row::new("AGAINST", "text"), Row::new("off", "text")];
        respell(&mut rows, &labels);
        assert_eq!([rows[0].label.as_str(), rows[1].label.as_str()], ["against", "off"]);
    }
}
