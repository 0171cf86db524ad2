//! Counts all that a page about scored texts shows: labels by group and period, slants, repeated
//! stories, texts worth reading.

mod agreement;
mod answer;
mod bounded;
mod picks;
mod stories;

use std::collections::{BTreeMap, BTreeSet};

pub use agreement::Agreement;
pub use answer::Answer;
use bounded::BoundedGroups;
pub use picks::{Clearness, Explained, Pick, Picks};
use stories::Stories;

use crate::error::Result;
use crate::model::BatchProfile;
use crate::statistics::{Estimate, ExactSums};
use crate::tabulate::group::{Tally, mean_on_axis};
use crate::tabulate::{DateOrder, Group, GroupKey, Groups, Largest, Period};

/// Bins of equal width from -1 to 1 that slants are counted in.
pub const HISTOGRAM_BINS: usize = 20;

/// How an overview reads what it counts.
#[derive(Clone, Debug, Default)]
pub struct OverviewOptions {
    /// The order of day and month in dates of numbers.
    pub date_order: Option<DateOrder>,
}

/// A group with its means on both measures of bias.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GroupPoint<'a> {
    /// The group.
    pub name: &'a str,
    /// Its documents.
    pub documents: u64,
    /// The mean slant.
    pub slant: Estimate,
    /// The mean share of loaded sentences.
    pub loaded: Estimate,
}

/// The counts of many answers. Memory grows with the number of groups and, by some 50 bytes each,
/// with that of documents.
#[derive(Clone, Debug)]
pub struct Overview {
    labels: Vec<String>,
    /// The columns that groups were found in.
    group_columns: BTreeSet<String>,
    /// How dates are read.
    date: GroupKey,
    all: Tally,
    reasons: BTreeMap<&'static str, u64>,
    failed: u64,
    groups: BoundedGroups,
    /// By week, month and year; the page shows one of them.
    periods: [BoundedGroups; 3],
    /// The first and the last date.
    dates: Option<(String, String)>,
    slants: [u64; HISTOGRAM_BINS],
    loaded: ExactSums,
    loaded_by_group: BTreeMap<String, ExactSums>,
    words: u64,
    batch: BatchProfile,
    stories: Stories,
    picks: Picks,
}

impl Overview {
    /// Starts the counts of answers with these labels.
    ///
    /// # Errors
    /// A key that cannot be counted by, which none of an overview's is.
    pub fn new(labels: &[String], options: &OverviewOptions) -> Result<Self> {
        let date = GroupKey::of_column("date").with_date_format(options.date_order);
        let by = |period: Period| {
            let key = GroupKey::parse(&format!("date:{}", period.name()))?;
            BoundedGroups::new(key.with_date_format(options.date_order), labels.len())
        };
        Ok(Overview {
            labels: labels.to_vec(),
            group_columns: BTreeSet::new(),
            date,
            all: Tally::new(labels.len()),
            reasons: BTreeMap::new(),
            failed: 0,
            groups: BoundedGroups::new(GroupKey::of_column("group"), labels.len())?,
            periods: [by(Period::Week)?, by(Period::Month)?, by(Period::Year)?],
            dates: None,
            slants: [0; HISTOGRAM_BINS],
            loaded: ExactSums::default(),
            loaded_by_group: BTreeMap::new(),
            words: 0,
            batch: BatchProfile::default(),
            stories: Stories::default(),
            picks: Picks::new(labels.len()),
        })
    }

    /// Counts the answer on one text.
    ///
    /// # Errors
    /// A label of another model.
    pub fn add(&mut self, answer: &Answer<'_>) -> Result<()> {
        let decision = answer.decision();
        let first = self.stories.add(answer);
        self.groups.add(answer.group, decision, answer.slant, first.in_group)?;
        for period in &mut self.periods {
            period.add(answer.date, decision, answer.slant, first.of_all)?;
        }
        if let Some(column) = answer.group_column.filter(|column| !self.group_columns.contains(*column)) {
            self.group_columns.insert(column.to_owned());
        }
        self.all.add(decision, answer.slant, first.of_all);
        if let Some(reason) = answer.reason {
            *self.reasons.entry(reason.name()).or_default() += 1;
        }
        if let Some(slant) = answer.slant.filter(|_| decision.is_judged()) {
            let bin = ((slant + 1.0) / 2.0 * HISTOGRAM_BINS as f64) as usize;
            if let Some(count) = self.slants.get_mut(bin.min(HISTOGRAM_BINS - 1)) {
                *count += 1;
            }
        }
        if let Some(loaded) = answer.loaded {
            self.loaded.add(loaded);
            match answer.group {
                _ if self.has_too_many_groups() => self.loaded_by_group.clear(),
                // Only groups of the table, whose number is bounded.
                Some(group) => self.loaded_by_group.entry(group.to_owned()).or_default().add(loaded),
                None => {}
            }
        }
        self.words = self.words.saturating_add(answer.words);
        let known = answer.known.map(|known| (known * answer.words as f64).round() as usize);
        self.batch.add(answer.top.index(), answer.confidence.unwrap_or(0.0), answer.words as usize, known);
        self.add_date(answer.date);
        if answer.duplicate_of.is_none() {
            self.picks.offer(answer);
        }
        Ok(())
    }

    /// Counts a record that could not be scored.
    pub fn add_failure(&mut self) {
        self.failed += 1;
    }

    fn add_date(&mut self, date: Option<&str>) {
        let Some(date) = date.and_then(|date| self.date.date(date)) else { return };
        self.dates = Some(match self.dates.take() {
            None => (date.clone(), date),
            Some((first, last)) => (first.min(date.clone()), later_end(last, date)),
        });
    }

    /// The labels, in class order.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// What a group is called: the columns that named groups.
    pub fn group_name(&self) -> String {
        match self.group_columns.is_empty() {
            true => "group".to_owned(),
            false => self.group_columns.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
        }
    }

    /// Whether there were more groups than a table may have, so that none is counted.
    pub fn has_too_many_groups(&self) -> bool {
        self.groups.get().is_none()
    }

    /// Documents scored.
    pub fn documents(&self) -> u64 {
        self.all.documents
    }

    /// Records that could not be scored.
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// The figures of all documents.
    pub fn whole(&self) -> Group<'_> {
        self.all.figures(&[], true)
    }

    /// How many documents got no label, by the name of the reason.
    pub fn reasons(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.reasons.iter().map(|(name, count)| (*name, *count))
    }

    /// The first and the last of the documents' dates, each as exact as it is written:
    /// `2024-05-17`, `2024-05` or `2024`. All dates lie between the beginning of the first and the
    /// end of the last.
    pub fn dates(&self) -> Option<(&str, &str)> {
        self.dates.as_ref().map(|(first, last)| (first.as_str(), last.as_str()))
    }

    /// The groups with the most documents, and all others as one; `None` unless there are two
    /// groups, or where there were too many. Documents without a group are a group without a name.
    pub fn groups(&self, count: usize) -> Option<Largest<'_>> {
        self.groups.get().filter(|groups| groups.len() > 1).map(|groups| groups.largest(count))
    }

    /// How many groups have a name; 0 where there were too many.
    pub fn group_count(&self) -> usize {
        let named = |group: &Group<'_>| group.values.iter().any(|value| !value.is_empty());
        self.groups.get().map_or(0, |groups| groups.iter().filter(named).count())
    }

    /// The shortest periods of which there are at most `most`, in order, each under its name;
    /// `None` unless there are two. Documents without a date that can be read are left out and
    /// counted.
    pub fn periods(&self, most: usize) -> Option<(Period, Vec<Group<'_>>, u64)> {
        let dated = |groups: &Groups| groups.len() - usize::from(has_unknown(groups));
        // A longer period where a shorter one does not hold all dates: 2024-05 is in no week.
        let fewest =
            |groups: &Groups| groups.unknown().first().and_then(|unknown| unknown.count()).unwrap_or(0);
        let counted = || self.periods.iter().filter_map(BoundedGroups::get);
        let least = counted().map(fewest).min().unwrap_or(0);
        let fits = |groups: &&Groups| (2..=most).contains(&dated(groups)) && fewest(groups) == least;
        let groups = counted().find(fits).or_else(|| counted().next_back())?;
        let period = groups.keys().first().and_then(GroupKey::period)?;
        let named = |group: &Group<'_>| group.values.iter().all(|value| !value.is_empty());
        let shown: Vec<Group<'_>> = groups.iter().filter(named).collect();
        (shown.len() > 1).then(|| (period, shown, fewest(groups)))
    }

    /// How many of the documents that the model judges have a slant in each bin from -1 to 1;
    /// `None` if none has one.
    pub fn slants(&self) -> Option<&[u64; HISTOGRAM_BINS]> {
        self.slants.iter().any(|count| *count > 0).then_some(&self.slants)
    }

    /// The mean share of loaded sentences; `None` if it was not asked for.
    pub fn loaded(&self) -> Option<Estimate> {
        mean_of_shares(&self.loaded)
    }

    /// The largest named groups with both means; empty where one of the two is not known.
    pub fn group_points(&self, count: usize) -> Vec<GroupPoint<'_>> {
        let point = |group: Group<'_>| {
            let name = self.loaded_by_group.get_key_value(group.values.first()?.as_str())?;
            Some(GroupPoint {
                name: name.0,
                documents: group.documents,
                slant: group.slant?,
                loaded: mean_of_shares(name.1)?,
            })
        };
        let largest = self.groups.get().map(|groups| groups.largest(count).groups);
        largest.into_iter().flatten().filter_map(point).collect()
    }

    /// Words scored, and the share of them that the model knows.
    pub fn words(&self) -> (u64, Option<f64>) {
        let BatchProfile { words, known_words, .. } = self.batch;
        (self.words, (words > 0).then(|| known_words as f64 / words as f64))
    }

    /// The sums by which the texts are compared with those of a training.
    pub(crate) fn batch(&self) -> &BatchProfile {
        &self.batch
    }

    /// Documents that repeat an earlier one, as far as repeats are marked.
    pub fn repeats(&self) -> u64 {
        self.documents().saturating_sub(self.whole().stories.unwrap_or(self.documents()))
    }

    /// How often a repeated text got the answer of its first print; `None` without repeats.
    pub fn agreement(&self) -> Option<Agreement> {
        self.stories.agreement()
    }

    /// Texts worth reading.
    pub fn picks(&self) -> &Picks {
        &self.picks
    }

    /// Texts worth reading, to add their documents.
    pub fn picks_mut(&mut self) -> &mut Picks {
        &mut self.picks
    }
}

#[cfg(test)]
impl Overview {
    /// Gives up groups above this number.
    pub(crate) fn limit_groups(&mut self, groups: usize) {
        self.groups = self.groups.clone().limited(groups);
    }
}

/// Whether a group of documents without a known value is among the groups.
fn has_unknown(groups: &Groups) -> bool {
    groups.unknown().iter().any(|unknown| unknown.count() != Some(0))
}

/// The date that ends later: 2024 ends after 2024-05-17.
fn later_end(one: String, other: String) -> String {
    // A byte that follows `-` and all digits stands for the end of what a date leaves open.
    let end = |date: &str| format!("{date}~");
    if end(&other) > end(&one) { other } else { one }
}

/// The mean of shares, with an interval that does not leave 0 to 1.
fn mean_of_shares(sums: &ExactSums) -> Option<Estimate> {
    let mean = mean_on_axis(sums, sums.count())?;
    Some(Estimate { interval: mean.interval.map(|interval| interval.within(0.0, 1.0)), ..mean })
}

#[cfg(test)]
mod tests;
