//! Counts verdicts by group: how many documents, which labels, how far along the axis.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize, Serializer};

use crate::classifier::verdict::Decision;
use crate::error::{Error, Message, Result};
use crate::tabulate::group::Tally;
use crate::tabulate::{Cut, Group, GroupKey, Unknown};

/// The counts of each group. A group is a combination of the keys' values that occurs.
///
/// The parts of a run add up to the run, bit for bit, however it was cut: counts are integers, and
/// slants are summed as integers too. Memory is one entry per group, about 400 bytes with three
/// labels and short values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Groups {
    keys: Vec<GroupKey>,
    classes: usize,
    duplicates_marked: bool,
    unknown: Vec<Unknown>,
    #[serde(serialize_with = "pairs")]
    groups: BTreeMap<Vec<String>, Tally>,
    /// Bytes of the groups' values and counts.
    #[serde(skip_serializing)]
    held: usize,
    #[serde(skip_serializing)]
    limits: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Limits {
    groups: usize,
    bytes: usize,
}

impl Groups {
    /// The most groups that a table may have: they take about 80 MB, measured with three labels and
    /// addresses as values.
    pub(crate) const MAX_GROUPS: usize = 250_000;
    /// The most bytes that the groups' values and counts may take together: a text named as a key,
    /// or a thousand labels.
    pub(crate) const MAX_BYTES: usize = 64 << 20;

    /// Starts an empty table for a model with so many classes. `duplicates_marked` says whether
    /// [`Groups::add`] is told which documents are stories.
    ///
    /// # Errors
    /// No key, or a key that is given twice.
    pub fn new(keys: Vec<GroupKey>, classes: usize, duplicates_marked: bool) -> Result<Self> {
        GroupKey::check(&keys)?;
        let unknown = vec![Unknown::default(); keys.len()];
        let limits = Limits { groups: Self::MAX_GROUPS, bytes: Self::MAX_BYTES };
        Ok(Groups { keys, classes, duplicates_marked, unknown, groups: BTreeMap::new(), held: 0, limits })
    }

    /// Counts one document: the values of the keys' columns in the order of the keys (one that is
    /// not there is missing), the answer, and whether it is the first of its story in its group: a
    /// reprint counts as a story where no other print of it was counted.
    ///
    /// # Errors
    /// A group too many, or a label of another model. The table is left as it was.
    pub fn add(
        &mut self,
        values: &[Option<&str>],
        decision: Decision,
        slant: Option<f64>,
        is_story: bool,
    ) -> Result<()> {
        if decision.label().is_some_and(|class| class.index() >= self.classes) {
            return Err(Error::data("a label of another model than the table's"));
        }
        let mut unknown = vec![Unknown::default(); self.keys.len()];
        let group = self.keys.iter().zip(&mut unknown).enumerate().map(|(at, (key, unknown))| {
            let cut = key.cut(values.get(at).copied().flatten());
            unknown.add(&cut);
            if let Cut::Known(value) = cut { value.into_owned() } else { String::new() }
        });
        let group: Vec<String> = group.collect();
        if !self.groups.contains_key(&group) {
            self.make_room(1, size(&group, self.classes))?;
        }
        let tally = self.groups.entry(group).or_insert_with(|| Tally::new(self.classes));
        tally.add(decision, slant, is_story);
        self.unknown.iter_mut().zip(&unknown).for_each(|(sum, more)| sum.merge(more));
        Ok(())
    }

    /// Adds the counts of another part of the same run.
    ///
    /// # Errors
    /// A table of other keys, classes or marking, or a group too many. The table is left as it was.
    pub fn merge(&mut self, other: &Groups) -> Result<()> {
        let shape = |groups: &Groups| (groups.classes, groups.duplicates_marked);
        if self.keys != other.keys || shape(self) != shape(other) {
            return Err(Error::data(
                "tables of different runs cannot be added: their keys, their numbers of labels or their marking of \
                 duplicates differ",
            ));
        }
        let new = || other.groups.keys().filter(|group| !self.groups.contains_key(*group));
        let (count, bytes) =
            new().fold((0, 0), |(count, bytes), group| (count + 1, bytes + size(group, self.classes)));
        self.make_room(count, bytes)?;
        for (group, more) in &other.groups {
            match self.groups.get_mut(group) {
                Some(tally) => tally.merge(more),
                None => {
                    self.groups.insert(group.clone(), more.clone());
                }
            }
        }
        self.unknown.iter_mut().zip(&other.unknown).for_each(|(sum, more)| sum.merge(more));
        Ok(())
    }

    /// The table with another limit.
    #[cfg(test)]
    pub(crate) fn limited(mut self, groups: usize) -> Self {
        self.limits.groups = groups;
        self
    }

    fn make_room(&mut self, groups: usize, bytes: usize) -> Result<()> {
        let held = self.held.saturating_add(bytes);
        if self.groups.len() + groups <= self.limits.groups && held <= self.limits.bytes {
            self.held = held;
            return Ok(());
        }
        let distinct =
            |at: usize| self.groups.keys().filter_map(|values| values.get(at)).collect::<HashSet<_>>().len();
        let counts = self.keys.iter().enumerate().map(|(at, key)| (distinct(at), key));
        let worst = counts.max_by_key(|(count, _)| *count);
        let worst =
            worst.map_or(String::new(), |(count, key)| format!("; `{key}` has {count} values so far"));
        let found = match held > self.limits.bytes {
            true => {
                format!("{} groups that take more than {} MB", self.groups.len(), self.limits.bytes >> 20)
            }
            false => format!("more than {} groups", self.limits.groups),
        };
        let message = format!("{found}: a column to group by has too many values{worst}.");
        Err(Error::invalid_parameter("by", found, "columns with fewer values")
            .with_message(message)
            .with_hint("Group by columns with fewer values, or dates by a longer period"))
    }

    /// The keys that the table is grouped by.
    pub fn keys(&self) -> &[GroupKey] {
        &self.keys
    }

    /// Whether some group has a reprint: without one, shares of stories are those of documents.
    pub fn has_repeats(&self) -> bool {
        self.iter().any(|group| group.stories.is_some_and(|stories| stories < group.documents))
    }

    /// Whether documents were told apart from stories.
    pub fn has_stories(&self) -> bool {
        self.duplicates_marked
    }

    /// Number of groups.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether no document was counted.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Iterates over the groups, ordered by the bytes of their values.
    pub fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        self.groups.iter().map(|(values, tally)| tally.figures(values, self.duplicates_marked))
    }

    /// The `count` groups with the most documents, largest first and then by their values, and all
    /// others as one.
    pub fn largest(&self, count: usize) -> Largest<'_> {
        let mut all: Vec<(&[String], &Tally)> =
            self.groups.iter().map(|(values, tally)| (values.as_slice(), tally)).collect();
        all.sort_by(|a, b| b.1.documents.cmp(&a.1.documents).then(a.0.cmp(b.0)));
        let others = all.split_off(count.min(all.len()));
        let mut sum = Tally::new(self.classes);
        others.iter().for_each(|(_, tally)| sum.merge(tally));
        Largest {
            groups: all
                .into_iter()
                .map(|(values, tally)| tally.figures(values, self.duplicates_marked))
                .collect(),
            others: others.len(),
            merged: (!others.is_empty()).then(|| sum.figures(&[], self.duplicates_marked)),
        }
    }

    /// The documents without a known value of each key, in the order of the keys.
    pub fn unknown(&self) -> &[Unknown] {
        &self.unknown
    }

    /// Describes values that are not known, in one sentence for each key.
    pub fn notes(&self) -> impl Iterator<Item = Message> {
        let all: u64 = self.groups.values().map(|tally| tally.documents).sum();
        self.keys.iter().zip(&self.unknown).filter_map(move |(key, unknown)| unknown.note(key, all))
    }
}

/// The largest groups of a table.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Largest<'a> {
    /// The largest first.
    pub groups: Vec<Group<'a>>,
    /// How many groups are not among them.
    pub others: usize,
    /// The figures of those together, under no values; `None` if there are none.
    pub merged: Option<Group<'a>>,
}

fn size(values: &[String], classes: usize) -> usize {
    values.iter().map(String::len).sum::<usize>() + classes * size_of::<u64>()
}

/// Serializes a map whose keys are not strings as a list of pairs.
fn pairs<S: Serializer>(
    groups: &BTreeMap<Vec<String>, Tally>,
    out: S,
) -> std::result::Result<S::Ok, S::Error> {
    out.collect_seq(groups)
}

/// A saved table before it is checked.
#[derive(Deserialize)]
struct Saved {
    keys: Vec<GroupKey>,
    classes: usize,
    duplicates_marked: bool,
    unknown: Vec<Unknown>,
    groups: Vec<(Vec<String>, Tally)>,
}

impl TryFrom<Saved> for Groups {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let mut table = Groups::new(saved.keys, saved.classes, saved.duplicates_marked)?;
        let damaged =
            || Error::data("the saved table of groups is damaged: its counts do not belong together");
        if saved.unknown.len() != table.keys.len() {
            return Err(damaged());
        }
        table.unknown = saved.unknown;
        let mut documents = 0u64;
        for (group, tally) in saved.groups {
            if group.len() != table.keys.len() || !tally.is_sound(table.classes) {
                return Err(damaged());
            }
            table.make_room(1, size(&group, table.classes))?;
            documents = documents.checked_add(tally.documents).ok_or_else(damaged)?;
            if table.groups.insert(group, tally).is_some() {
                return Err(damaged());
            }
        }
        let possible = |unknown: &Unknown| unknown.count().is_some_and(|count| count <= documents);
        if table.unknown.iter().all(possible) { Ok(table) } else { Err(damaged()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::classifier::verdict::Reason;
    use crate::label::ClassId;

    type Document = (Option<String>, Option<String>, Option<usize>, Option<f64>, bool);

    fn table() -> Groups {
        Groups::new(GroupKey::parse_list("source,date:month").unwrap(), 3, true).unwrap()
    }

    fn decision(class: Option<usize>) -> Decision {
        class.map_or(Decision::Abstain(Reason::TooShort), |class| Decision::Label(ClassId::new(class)))
    }

    fn of(documents: &[Document]) -> Groups {
        let mut groups = table();
        for (source, date, class, slant, is_story) in documents {
            let values = [source.as_deref(), date.as_deref()];
            groups.add(&values, decision(*class), *slant, *is_story).unwrap();
        }
        groups
    }

    fn few() -> Groups {
        let document = |source: &str, date: &str, class| {
            (Some(source.to_owned()), Some(date.to_owned()), class, Some(0.5), true)
        };
        of(&[
            document("b", "2024-05-17", Some(0)),
            document("a", "17.06.2024", Some(1)),
            document("b", "20240501", None),
            document("b", "05/17/2024", None),
            (None, None, Some(2), None, false),
        ])
    }

    fn saved(groups: &Groups) -> String {
        serde_json::to_string(groups).unwrap()
    }

    #[test]
    fn each_combination_of_values_is_a_group_in_the_order_of_bytes() {
        let groups = few();
        let rows: Vec<(Vec<String>, u64)> =
            groups.iter().map(|group| (group.values.to_vec(), group.documents)).collect();
        let row = |values: [&str; 2], documents| (values.map(str::to_owned).to_vec(), documents);
        assert_eq!(
            rows,
            [row(["", ""], 1), row(["a", "2024-06"], 1), row(["b", ""], 1), row(["b", "2024-05"], 2)]
        );
        assert_eq!((groups.len(), groups.is_empty(), table().is_empty()), (4, false, true));
    }

    #[test]
    fn what_is_not_known_is_counted_and_told() {
        let groups = few();
        assert_eq!((groups.unknown()[1].missing, groups.unknown()[1].unreadable), (1, 1));
        assert_eq!(
            groups.notes().map(|note| note.to_string()).collect::<Vec<_>>(),
            [
                "1 of 5 documents have no `source`; they are counted under an empty value",
                "2 of 5 documents have no `date:month` (1 because the date is unreadable or ambiguous: \
                 \"05/17/2024\"); they are counted under an empty value. For dates such as 5/17/2024 give `date_format`: mdy or dmy",
            ]
        );
        assert_eq!(table().notes().count(), 0);
    }

    #[test]
    fn the_smallest_groups_are_merged() {
        let groups = few();
        let found = groups.largest(2);
        let documents = |group: &Group<'_>| (group.values.to_vec(), group.documents);
        assert_eq!(
            found.groups.iter().map(documents).collect::<Vec<_>>(),
            [(vec!["b".to_owned(), "2024-05".to_owned()], 2), (vec![String::new(), String::new()], 1)]
        );
        let merged = found.merged.unwrap();
        assert_eq!((found.others, merged.documents, merged.values), (2, 2, &[][..]));
        assert_eq!(merged.labels[1].value, 0.5);
        assert_eq!(groups.largest(9).merged, None);
    }

    #[test]
    fn a_value_that_is_not_given_is_missing() {
        let mut groups = table();
        groups.add(&[Some("a")], decision(None), None, true).unwrap();
        assert_eq!(groups.iter().next().unwrap().values, ["a", ""]);
        assert_eq!(groups.unknown()[1].missing, 1);
    }

    #[test]
    fn too_many_groups_are_an_error_that_names_the_column_and_changes_nothing() {
        let mut groups = table();
        groups.limits.groups = 3;
        for source in ["a", "b", "c", "a"] {
            groups.add(&[Some(source)], decision(None), None, true).unwrap();
        }
        let before = groups.clone();
        let error = groups.add(&[Some("d")], decision(None), None, true).unwrap_err();
        assert!(error.to_string().contains("more than 3 groups"), "{error}");
        assert!(error.to_string().contains("`source` has 3 values so far"), "{error}");
        assert_eq!(error.name(), "parameter");
        assert!(groups.merge(&few()).is_err());
        assert_eq!(groups, before);
        groups.limits.groups = 10;
        groups.limits.bytes = groups.held + 100;
        assert!(groups.add(&[Some(&"d".repeat(100))], decision(None), None, true).is_err());
        groups.add(&[Some("d")], decision(None), None, true).unwrap();
    }

    #[test]
    fn tables_of_different_runs_and_labels_of_other_models_are_refused() {
        let new = |keys, classes, marked| {
            Groups::new(GroupKey::parse_list(keys).unwrap(), classes, marked).unwrap()
        };
        for other in
            [new("source", 3, true), new("source,date:month", 2, true), new("source,date:month", 3, false)]
        {
            assert!(table().merge(&other).is_err());
        }
        assert!(table().add(&[], decision(Some(3)), None, true).is_err());
        assert!(Groups::new(Vec::new(), 3, true).is_err());
    }

    #[test]
    fn a_damaged_table_is_refused() {
        let text = saved(&few());
        assert_eq!(serde_json::from_str::<Groups>(&text).unwrap(), few());
        for (from, to) in [
            (r#""classes":3"#, r#""classes":2"#),
            (r#"["a","2024-06"]"#, r#"["a"]"#),
            (r#"["a","2024-06"]"#, r#"["b","2024-05"]"#),
            (r#""missing":1"#, r#""missing":18446744073709551615"#),
            (r#"[2,2,1,[1,0,0]"#, r#"[2,2,1,[2,0,0]"#),
            (r#"[2,2,1,[1,0,0]"#, r#"[2,3,1,[1,0,0]"#),
            (r#"{"column":"date","period":"month"}"#, r#"{"column":"source"}"#),
        ] {
            assert!(text.contains(from), "{from} is not in {text}");
            assert!(serde_json::from_str::<Groups>(&text.replace(from, to)).is_err(), "{to}");
        }
    }

    fn documents() -> impl Strategy<Value = Vec<Document>> {
        let source = prop::option::of("[ab]?");
        let date = prop::option::of("202[34]-0[12]-1[0-9]|[0-9/]{0,10}");
        let slant = prop::option::of(-1.0..=1.0f64);
        prop::collection::vec((source, date, prop::option::of(0..3usize), slant, any::<bool>()), 0..40)
    }

    proptest! {
        #[test]
        fn any_cut_of_a_run_gives_the_same_bits(all in documents(), cuts in prop::collection::vec(0..40usize, 0..4)) {
            let whole = of(&all);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(all.len())).collect();
            cuts.extend([0, all.len()]);
            cuts.sort_unstable();
            let parts: Vec<Groups> = cuts.windows(2).map(|ends| of(&all[ends[0]..ends[1]])).collect();
            let (mut forwards, mut backwards) = (table(), table());
            parts.iter().for_each(|part| forwards.merge(part).unwrap());
            for part in parts.iter().rev() {
                // A part that was saved and read again is the same part.
                backwards.merge(&serde_json::from_str(&saved(part)).unwrap()).unwrap();
            }
            prop_assert_eq!(&forwards, &whole);
            prop_assert_eq!(saved(&forwards), saved(&whole));
            prop_assert_eq!(&backwards, &whole);
        }

        #[test]
        fn every_interval_holds_its_figure_and_shares_sum_to_one(all in documents()) {
            for group in of(&all).iter() {
                prop_assert_eq!(group.of_stories.is_some(), group.stories > Some(0));
                for shares in group.of_stories.iter() {
                    let all = shares.labels.iter().chain([&shares.abstained]).map(|share| share.value);
                    prop_assert!((all.sum::<f64>() - 1.0).abs() < 1e-12);
                }
                let shares: Vec<_> = group.labels.iter().chain([&group.abstained]).collect();
                prop_assert!((shares.iter().map(|share| share.value).sum::<f64>() - 1.0).abs() < 1e-12);
                for share in shares {
                    prop_assert_eq!(share.interval.is_some(), group.stories > Some(0));
                    if let Some(interval) = share.interval {
                        prop_assert!(0.0 <= interval.low && interval.low <= share.value);
                        prop_assert!(share.value <= interval.high && interval.high <= 1.0);
                    }
                }
                if let Some((slant, interval)) = group.slant.and_then(|slant| Some((slant.value, slant.interval?))) {
                    prop_assert!(interval.low <= slant && slant <= interval.high);
                }
            }
        }
    }
}
