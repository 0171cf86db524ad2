use super::*;
use crate::classifier::verdict::Reason;
use crate::label::ClassId;

fn labels() -> Vec<String> {
    ["against", "for"].map(str::to_owned).to_vec()
}

fn answer<'a>(id: &'a str, class: usize, confidence: f64) -> Answer<'a> {
    Answer { confidence: Some(confidence), words: 10, ..Answer::only(id, ClassId::new(class)) }
}

fn of(answers: &[Answer<'_>]) -> Overview {
    let mut overview = Overview::new(&labels(), &OverviewOptions::default()).unwrap();
    answers.iter().for_each(|answer| overview.add(answer).unwrap());
    overview
}

fn ids(overview: &Overview, class: usize, clearness: Clearness) -> Vec<&str> {
    overview.picks().of(ClassId::new(class), clearness).iter().map(|pick| pick.id.as_str()).collect()
}

#[test]
fn shares_reasons_and_words_are_those_of_all_documents() {
    let low = Answer { reason: Some(Reason::LowConfidence), known: Some(0.5), ..answer("c", 0, 0.4) };
    let overview = of(&[answer("a", 0, 0.9), Answer { known: Some(0.8), ..answer("b", 1, 0.8) }, low]);
    let whole = overview.whole();
    assert_eq!((whole.documents, whole.labels[1].value), (3, 1.0 / 3.0));
    assert_eq!(overview.reasons().collect::<Vec<_>>(), [("low-confidence", 1)]);
    let (words, known) = overview.words();
    assert!(words == 30 && (known.unwrap() - 0.65).abs() < 1e-12);
    assert_eq!(overview.groups(20), None, "without groups there is nothing to compare");
    assert!(overview.slants().is_none() && overview.loaded().is_none() && overview.agreement().is_none());
}

#[test]
fn the_clearest_and_the_least_certain_of_each_label_are_kept_in_order() {
    let ids_of: Vec<String> = (0..8).map(|number| format!("t{number}")).collect();
    let mut answers: Vec<Answer<'_>> = ids_of
        .iter()
        .zip([0.6, 0.9, 0.7, 0.95, 0.5, 0.9, 0.55, 0.99])
        .map(|(id, p)| answer(id, 1, p))
        .collect();
    answers[7].reason = Some(Reason::OffTopic);
    answers[4].reason = Some(Reason::LowConfidence);
    let overview = of(&answers);
    assert_eq!(ids(&overview, 1, Clearness::Clearest), ["t3", "t1", "t5"]);
    assert_eq!(ids(&overview, 1, Clearness::LeastCertain), ["t4", "t6", "t0"]);
    let few = of(&answers[..2]);
    assert_eq!(ids(&few, 1, Clearness::Clearest), ["t1", "t0"]);
    assert!(ids(&few, 1, Clearness::LeastCertain).is_empty(), "no text is listed twice");
    assert!(ids(&few, 0, Clearness::Clearest).is_empty());
}

#[test]
fn reprints_are_no_observations_and_are_compared_with_their_first_print() {
    let reprint = |id, class| Answer { duplicate_of: Some("a"), ..answer(id, class, 0.9) };
    let silent = Answer { reason: Some(Reason::TooShort), ..reprint("d", 0) };
    let lost = Answer { duplicate_of: Some("gone"), ..answer("e", 0, 0.9) };
    let overview = of(&[answer("a", 0, 0.9), reprint("b", 0), reprint("c", 1), silent, lost]);
    let found = overview.agreement().unwrap();
    assert_eq!((found.same, found.other_label, found.one_abstained, found.unknown), (1, 1, 1, 1));
    assert_eq!((found.stories, overview.whole().stories), (2, Some(1)));
    assert_eq!(ids(&overview, 1, Clearness::Clearest), [""; 0]);
    // One story is one observation in each group in which it stands.
    let grouped = |id, group, of| Answer { group: Some(group), duplicate_of: of, ..answer(id, 0, 0.9) };
    let overview =
        of_groups(&[grouped("a", "x", None), grouped("b", "y", Some("a")), grouped("c", "y", Some("a"))]);
    assert_eq!(overview, [("y".to_owned(), 2, Some(1)), ("x".to_owned(), 1, Some(1))]);
}

fn of_groups(answers: &[Answer<'_>]) -> Vec<(String, u64, Option<u64>)> {
    let overview = of(answers);
    let groups = overview.groups(20).unwrap().groups;
    groups.iter().map(|group| (group.values[0].clone(), group.documents, group.stories)).collect()
}

#[test]
fn the_shortest_periods_that_fit_and_lose_no_date_are_shown() {
    let dated = |date| Answer { date: Some(date), slant: Some(0.5), ..answer("a", 1, 0.9) };
    let weeks = of(&[dated("2024-05-06"), dated("2024-05-13"), dated("2024-05-14"), dated("soon")]);
    let (period, shown, unknown) = weeks.periods(30).unwrap();
    let names: Vec<&str> = shown.iter().map(|group| group.values[0].as_str()).collect();
    assert_eq!((period, names, unknown), (Period::Week, vec!["2024-W19", "2024-W20"], 1));
    let months = of(&[dated("2024-05-06"), dated("2024-06")]);
    assert_eq!(months.periods(30).unwrap().0, Period::Month, "2024-06 is in no week");
    let many: Vec<String> = (1..=12).map(|month| format!("2024-{month:02}-01")).collect();
    let many: Vec<Answer<'_>> = many.iter().map(|date| dated(date)).chain([dated("2025-01-01")]).collect();
    assert_eq!(of(&many).periods(12).unwrap().0, Period::Year);
    assert_eq!(of(&many[..1]).periods(12), None);
    assert_eq!(of(&many).dates(), Some(("2024-01-01", "2025-01-01")));
}

#[test]
fn first_and_last_date_are_as_exact_as_they_are_written() {
    let dates = |written: &[&str]| {
        let answers: Vec<Answer<'_>> =
            written.iter().map(|date| Answer { date: Some(*date), ..answer("a", 1, 0.9) }).collect();
        of(&answers).dates().map(|(first, last)| (first.to_owned(), last.to_owned()))
    };
    let found = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
    assert_eq!(dates(&["2021", "2019", "2023", "2020"]), found("2019", "2023"));
    assert_eq!(dates(&["2024-06", "2024-05-17"]), found("2024-05-17", "2024-06"));
    // Some of the texts of 2024 may be older or newer than the others.
    assert_eq!(dates(&["2024-05-17", "2024", "2024-12-30"]), found("2024", "2024"));
    assert_eq!(dates(&["soon"]), None);
}

#[test]
fn slants_fall_into_bins_and_groups_have_both_means() {
    let at = |group, slant, loaded| Answer {
        group: Some(group),
        slant: Some(slant),
        loaded: Some(loaded),
        ..answer("a", 0, 0.9)
    };
    let off_topic = Answer { reason: Some(Reason::OffTopic), ..at("z", 0.9, 0.2) };
    let overview = of(&[at("x", -1.0, 0.5), at("x", 1.0, 0.1), at("y", 0.04, 0.2), off_topic]);
    let bins = overview.slants().unwrap();
    assert_eq!((bins[0], bins[10], bins[19], bins.iter().sum::<u64>()), (1, 1, 1, 3));
    let points = overview.group_points(20);
    assert_eq!((points[0].name, points[0].documents, points[0].slant.value), ("x", 2, 0.0));
    assert!((points[0].loaded.value - 0.3).abs() < 1e-12);
    let ends = points[0].loaded.interval.unwrap();
    assert_eq!((ends.low, ends.high), (0.0, 1.0), "an interval does not leave the axis");
    assert_eq!(points[1].slant.interval, None, "one text has no interval of its mean");
}

#[test]
fn groups_are_called_by_the_columns_that_hold_them() {
    let of_column = |column| Answer { group: Some("x"), group_column: Some(column), ..answer("a", 0, 0.9) };
    assert_eq!(of(&[answer("a", 0, 0.9)]).group_name(), "group");
    assert_eq!(of(&[of_column("outlet"), answer("b", 0, 0.9)]).group_name(), "outlet");
    assert_eq!(of(&[of_column("source"), of_column("author")]).group_name(), "author, source");
}

#[test]
fn too_many_groups_are_given_up_and_all_else_is_counted() {
    let mut overview = Overview::new(&labels(), &OverviewOptions::default()).unwrap();
    overview.limit_groups(2);
    let [week, month, year] = overview.periods;
    overview.periods = [week.limited(2), month, year];
    for (group, date) in [
        ("x", "2024-01-01"),
        ("y", "2024-02-01"),
        ("y", "2024-03-01"),
        ("z", "2024-04-01"),
        ("x", "2024-04-02"),
    ] {
        let answer = Answer {
            group: Some(group),
            group_column: Some("author"),
            date: Some(date),
            slant: Some(0.5),
            loaded: Some(0.1),
            ..answer(date, 0, 0.9)
        };
        overview.add(&answer).unwrap();
    }
    assert!(overview.has_too_many_groups());
    assert_eq!((overview.documents(), overview.group_count(), overview.groups(20)), (5, 0, None));
    assert!(overview.group_points(20).is_empty() && overview.loaded().is_some());
    assert_eq!(overview.periods(30).unwrap().0, Period::Month, "weeks were too many");
    assert_eq!(overview.group_name(), "author");
    assert!(!of(&[answer("a", 0, 0.9)]).has_too_many_groups());
    let other = Answer { top: ClassId::new(7), ..answer("b", 0, 0.9) };
    assert!(overview.add(&other).is_err(), "a label of another model is still one");
}
