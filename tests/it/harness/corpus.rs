//! Makes labeled rows, a small model trained on them, and texts to score: the same every time.

use standpoint::train::{Row, TrainParams, train};
use standpoint::{Classifier, Model, Threads};

/// Rows of three labels that share most words, in groups of two; the same every time.
pub fn rows(count: usize) -> Vec<Row> {
    const SHARED: [&str; 8] = ["the", "of", "nato", "ukraine", "today", "leaders", "said", "with"];
    const OWN: [(&str, [&str; 6]); 3] = [
        ("against", ["provocation", "escalation", "costly", "pointless", "neutrality", "danger"]),
        ("for", ["guarantee", "deterrence", "must", "defend", "support", "courage"]),
        ("neutral", ["reported", "according", "percent", "meeting", "statement", "thursday"]),
    ];
    let mut state = 7u64;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    (0..count)
        .map(|number| {
            let class = number % 3;
            let words: Vec<&str> = (0..14 + next(12))
                .map(|_| {
                    // Now and then a word of another label, so that nothing is certain.
                    let of = if next(7) == 0 { next(3) } else { class };
                    if next(2) == 0 { SHARED[next(8)] } else { OWN[of].1[next(6)] }
                })
                .collect();
            Row { group: Some(format!("g{}", number / 2)), ..Row::new(OWN[class].0, words.join(" ")) }
        })
        .collect()
}

/// The rows as CSV with the columns id, article, label, text.
pub fn labelled_csv(count: usize) -> String {
    let mut out = String::from("id,article,label,text\n");
    for (number, row) in rows(count).into_iter().enumerate() {
        out.push_str(&format!("r{number},{},{},{}\n", row.group.unwrap(), row.label, row.text));
    }
    out
}

/// Parameters with an axis.
pub fn params() -> TrainParams {
    TrainParams { axis: vec![("for".into(), 1.0), ("against".into(), -1.0)], ..TrainParams::default() }
}

/// A model that does not name its texts, so that texts like theirs are scored as new ones.
pub fn small_model() -> Model {
    let params = TrainParams { name_texts: false, ..params() };
    train(rows(120), params, &Threads::new(1).unwrap()).unwrap().0
}

pub fn small_classifier() -> Classifier {
    Classifier::new(small_model()).unwrap()
}

/// Documents of several paragraphs with words known and unknown.
pub fn texts(count: usize) -> Vec<String> {
    let rows = rows(count * 3);
    (0..count)
        .map(|number| {
            let paragraphs: Vec<String> = rows[number * 3..number * 3 + 1 + number % 3]
                .iter()
                .enumerate()
                .map(|(at, row)| format!("{} Ünknown wörd {number} “F-{at}s”.", row.text))
                .collect();
            paragraphs.join("\n\n")
        })
        .collect()
}
