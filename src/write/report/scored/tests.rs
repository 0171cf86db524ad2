use super::*;
use crate::classifier::verdict::Reason;
use crate::label::ClassId;
use crate::tabulate::{Answer, OverviewOptions};

const HOSTILE: &str = "</svg><script>alert(1)</script>\u{202e}\0";

/// The answer for a text of which nothing else is known: the first label.
fn answer(id: &str) -> Answer<'_> {
    Answer::only(id, ClassId::new(0))
}

fn overview(count: usize) -> Overview {
    let labels = ["against", "for <b>"].map(str::to_owned);
    let mut overview = Overview::new(&labels, &OverviewOptions::default()).unwrap();
    count_more(&mut overview, count);
    overview
}

fn count_more(overview: &mut Overview, count: usize) {
    for number in 0..count {
        let id = format!("t{number}");
        let class = usize::from(number % 3 == 0);
        let date = format!("2024-0{}-01", 1 + number % 4);
        let groups = ["Daily", "Weekly", HOSTILE];
        let answer = Answer {
            title: Some(HOSTILE),
            group: groups.get(number % 3).copied(),
            group_column: Some("outlet"),
            date: Some(&date),
            top: ClassId::new(class),
            reason: (number % 10 == 0).then_some(Reason::OffTopic),
            confidence: Some(0.5 + 0.4 * number as f64 / count as f64),
            slant: Some(if class == 1 { 0.6 } else { -0.4 }),
            loaded: Some(0.1 * (number % 5) as f64),
            known: Some(0.9),
            duplicate_of: (number % 7 == 6).then_some("t0"),
            ..answer(&id)
        };
        overview.add(&answer).unwrap();
    }
}

fn page(overview: &Overview) -> String {
    page_with(overview, &[], NearDuplicates::Marked)
}

fn page_with(overview: &Overview, filters: &[String], near_duplicates: NearDuplicates<'_>) -> String {
    let files = ["scores.jsonl".to_owned()];
    let page = ScoredPage {
        overview,
        title: None,
        files: &files,
        filters,
        near_duplicates,
        model_id: "mine@0123456789ab",
        loaded_language_id: None,
        model: None,
        training: TrainingNote { warnings: &[], note: "" },
        drift: &[],
        coded: None,
        has_texts: false,
    };
    let mut out = Vec::new();
    write_scored_page(&mut out, &page).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_headline_counts_and_names_the_two_most_frequent_labels() {
    let found = page(&overview(30));
    // 20 against, less 10 and 20, which are off topic; 10 for, less 0.
    assert!(found.contains("<h1>Of 30\u{a0}texts, 60\u{a0}% (41\u{2060}–\u{2060}"), "{found}");
    assert!(found.contains(") are labeled against and 30\u{a0}% ("), "{found}");
    assert!(found.contains("for &lt;b&gt;; 10\u{a0}% got no label</h1>"), "{found}");
}

#[test]
fn every_chart_has_its_numbers_and_the_same_counts_give_the_same_bytes() {
    let found = page(&overview(60));
    for id in [
        "shares-chart",
        "groups-0",
        "groups-slant",
        "time-chart",
        "slants-chart",
        "loaded-chart",
        "repeats-chart",
    ] {
        assert!(found.contains(&format!("id=\"{id}-title\"")), "{id}");
    }
    for numbers in ["Texts by label", "Shares of the labels by group", "Figures by", "Texts by slant"] {
        assert!(found.contains(&format!("<caption>{numbers}")), "{numbers}");
    }
    for numbers in ["Slant and loaded language by group", "Reprints by answer"] {
        assert!(found.contains(&format!("<caption>{numbers}")), "{numbers}");
    }
    assert_eq!(found.matches("<svg").count(), found.matches("</svg>").count());
    assert_eq!(found.matches("<section").count(), found.matches("</section>").count());
    assert!(found.contains("<details>") && found.contains("Numbers by group"));
    assert!(found.contains("the model’s own errors") && found.contains("The model was not available"));
    assert_eq!(found, page(&overview(60)));
}

#[test]
fn no_text_of_the_data_is_markup_or_turns_the_writing() {
    let found = page(&overview(60));
    assert!(!found.contains("<script") && !found.contains(['\0', '\u{202e}']));
    assert!(found.contains("&lt;script&gt;"));
}

#[test]
fn few_texts_are_gray_and_intervals_stay_on_the_axis() {
    let found = page(&overview(12));
    assert!(found.contains("Periods of fewer than 10 texts are gray"), "{found}");
    assert!(found.contains("class=\"mark muted\""));
    for part in found.split("<line class=\"whisker").skip(1) {
        let x = part.split("x2=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(x.parse::<f64>().unwrap() <= 400.0, "{x}");
    }
}

#[test]
fn small_groups_are_gray_and_say_how_small_they_are() {
    let few = page(&overview(12));
    assert!(few.contains("There are no two groups of at least 10 texts to compare"), "{few}");
    assert!(!few.contains("groups-0-title") && few.contains("Numbers by group"), "{few}");
    let mut some = overview(60);
    for number in 0..3 {
        let id = format!("s{number}");
        let answer = Answer {
            group: Some("Small Gazette"),
            group_column: Some("outlet"),
            slant: Some(0.1),
            known: Some(0.9),
            ..answer(&id)
        };
        some.add(&answer).unwrap();
    }
    let found = page(&some);
    assert!(
        found.contains(" Groups of fewer than 10 texts are gray, with their number of texts (n)."),
        "{found}"
    );
    let (charts, numbers) = found.split_once("Numbers by group").unwrap();
    let rows: Vec<&str> = charts.split("<text").filter(|text| text.contains("Small Gazette")).collect();
    assert_eq!(rows.len(), 3, "two labels and the slant: {charts}");
    assert!(rows.iter().all(|row| row.contains("soft") && row.contains("Small Gazette (n=3)<")), "{rows:?}");
    assert!(numbers.contains("Small Gazette"), "{found}");
    assert!(!page(&overview(60)).contains("Groups of fewer than"));
}

#[test]
fn groups_without_a_slant_stand_behind_those_with_one() {
    let mut overview = overview(0);
    // An off-topic text has no place in the mean, whatever its likeliest label would be.
    for (group, slant, reason) in
        [("Abstained", 0.9, Some(Reason::OffTopic)), ("For", 0.5, None), ("Against", -0.5, None)]
    {
        for number in 0..12 {
            let id = format!("{group}{number}");
            let answer = Answer {
                group: Some(group),
                group_column: Some("outlet"),
                reason,
                slant: Some(slant),
                ..answer(&id)
            };
            overview.add(&answer).unwrap();
        }
    }
    let page = page(&overview);
    let table = page.split("Numbers by group").nth(1).unwrap();
    let place = |name: &str| table.find(&format!(">{name}<")).unwrap_or_else(|| panic!("{name}: {table}"));
    assert!(place("For") < place("Against") && place("Against") < place("Abstained"), "{table}");
}

#[test]
fn the_headline_names_every_label_that_a_text_got() {
    let labels = ["con", "neutral", "pro"].map(str::to_owned);
    let mut overview = Overview::new(&labels, &OverviewOptions::default()).unwrap();
    for number in 0..9 {
        let id = format!("t{number}");
        let answer = Answer { top: ClassId::new([1, 1, 1, 1, 1, 0, 0, 2, 2][number]), ..answer(&id) };
        overview.add(&answer).unwrap();
    }
    let found = page(&overview).replace('\u{a0}', " ").replace('\u{2060}', "");
    let headline = found.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap();
    assert!(headline.starts_with("Of 9 texts, 56 % (") && headline.contains(") are labeled neutral, 22 % ("));
    assert!(headline.contains(") con and 22 % (") && headline.ends_with(") pro"), "{headline}");
}

#[test]
fn the_histogram_says_which_texts_it_counts() {
    // Six of sixty are off-topic.
    let found = page(&overview(60));
    assert!(found.contains("54 of 60\u{a0}texts: those with a label, and those without one because of"));
    assert!(found.contains(" low confidence. Their mean is −0.") && !found.contains("All texts"), "{found}");
    // Of these, texts 3 to 57 in steps of 3 have +0.6, less 30; the others have −0.4.
    let section = found.split("<caption>Texts by slant").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(section.contains(">+0.60 to +0.70</th><td>18</td>"), "{section}");
    assert!(section.contains(">−0.40 to −0.30</th><td>36</td>"), "{section}");
    assert_eq!(section.matches("<td>").count(), 20);
    let all = page(&labeled(12));
    assert!(all.contains("<figcaption>All 12\u{a0}texts. Their mean is "), "{all}");
}

/// Texts that all got a label, none of which repeats another.
fn labeled(count: usize) -> Overview {
    let mut overview = overview(0);
    for number in 0..count {
        let id = format!("t{number}");
        let answer = Answer {
            date: Some(["2019", "2023"][number % 2]),
            top: ClassId::new(number % 2),
            slant: Some(0.25),
            ..answer(&id)
        };
        overview.add(&answer).unwrap();
    }
    overview
}

/// What the table about the method says of `name`.
fn said_of<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let row = page.split(&format!("<th scope=\"row\">{name}</th><td>")).nth(1)?;
    row.split("</td>").next()
}

#[test]
fn dates_of_years_have_their_range() {
    let found = page(&labeled(12));
    assert_eq!(said_of(&found, "dates"), Some("2019 to 2023"));
    assert!(found.contains("Stance report · 2019 to 2023"), "{found}");
}

#[test]
fn near_duplicates_are_counted_where_they_were_looked_for() {
    let with = |overview: &Overview, near_duplicates| page_with(overview, &[], near_duplicates);
    let marked = with(&overview(30), NearDuplicates::Marked);
    assert_eq!(said_of(&marked, "near-duplicates"), Some("4 of 30\u{a0}texts"));
    assert!(marked.contains("reprints count once per story."), "{marked}");
    let none = with(&labeled(12), NearDuplicates::Marked);
    assert_eq!(said_of(&none, "near-duplicates"), Some("none among these texts"));
    let unsought = with(&labeled(12), NearDuplicates::NotSought);
    assert_eq!(said_of(&unsought, "near-duplicates"), Some("not looked for"));
    assert!(unsought.contains("near-duplicates were not looked for, so reprints count each time."));
    assert_eq!(said_of(&unsought, "texts scored"), Some("12"));
    let dropped = with(&labeled(12), NearDuplicates::LeftOut { texts: 29, option: "drop_duplicates" });
    assert_eq!(said_of(&dropped, "near-duplicates"), Some("29 left out (<bdi>drop_duplicates</bdi>)"));
    assert_eq!(said_of(&dropped, "texts on this page"), Some("12"));
    assert!(dropped.contains("Left out: 29\u{a0}near-duplicates of an earlier text."), "{dropped}");
}

#[test]
fn a_page_about_no_text_that_meets_the_conditions_says_so() {
    let filters = ["label = for".to_owned()];
    let found = page_with(&overview(0), &filters, NearDuplicates::NotSought);
    assert!(found.contains("<h1>No text meets the conditions</h1>"), "{found}");
    assert!(found.contains("Only results with <bdi>label = for</bdi>."), "{found}");
}

#[test]
fn a_page_about_texts_that_were_chosen_by_their_answers_finds_no_shares() {
    let with = |filter: &str| page_with(&overview(60), &[filter.to_owned()], NearDuplicates::NotSought);
    let found = with("label = for <b>");
    assert!(found.contains("<h1>The 60\u{a0}texts labeled for &lt;b&gt;</h1>"), "{found}");
    assert!(found.contains("so this page gives no shares of labels."), "{found}");
    for id in ["shares-chart", "groups-0", "time-share"] {
        assert!(!found.contains(&format!("id=\"{id}-title\"")), "{id}");
    }
    assert!(!found.contains("<dt>Without a label</dt>") && found.contains("id=\"groups-slant-title\""));
    assert!(with("reason = off-topic").contains("<h1>The 60\u{a0}texts without a label (off-topic)</h1>"));
    let without = with("label = ");
    assert!(without.contains("<h1>The 60\u{a0}texts without a label</h1>"), "{without}");
    assert!(without.contains("shares-chart"), "reasons are a finding: {without}");
    for filter in ["reason = ", "meta_label = for", "source = label = for"] {
        assert!(with(filter).contains("<h1>Of 60\u{a0}texts, "), "{filter}");
    }
}

#[test]
fn the_errors_of_the_model_are_called_a_bias() {
    let found = page(&overview(12));
    assert!(found.contains("This biases every share, and the intervals do not include the bias."), "{found}");
}

#[test]
fn a_page_about_nothing_says_so() {
    let found = page(&overview(0));
    assert!(found.contains("<h1>No text was scored</h1>") && !found.contains("NaN"), "{found}");
}

#[test]
fn a_page_says_that_there_were_too_many_groups() {
    let mut overview = overview(0);
    overview.limit_groups(2);
    count_more(&mut overview, 60);
    let found = page(&overview);
    assert!(found.contains("Texts are not compared by <bdi>outlet</bdi>, which has too many"), "{found}");
    assert!(
        found.contains("Of 60\u{a0}texts") && !found.contains("groups-0") && !found.contains("loaded-chart")
    );
}
