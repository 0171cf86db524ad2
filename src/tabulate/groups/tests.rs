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

fn counted(documents: &[Document]) -> Groups {
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
    counted(&[
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
    let new =
        |keys, classes, marked| Groups::new(GroupKey::parse_list(keys).unwrap(), classes, marked).unwrap();
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
        let whole = counted(&all);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(all.len())).collect();
        cuts.extend([0, all.len()]);
        cuts.sort_unstable();
        let parts: Vec<Groups> = cuts.windows(2).map(|ends| counted(&all[ends[0]..ends[1]])).collect();
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
        for group in counted(&all).iter() {
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
