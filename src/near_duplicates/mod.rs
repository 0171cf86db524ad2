//! Finds near-duplicates: reprints and lightly edited copies, by the words that they share.
//!
//! A text is the set of its shingles, runs of four words (Broder, "On the resemblance and
//! containment of documents", 1997). How alike two texts are is the Jaccard similarity of their
//! sets: shingles in both, divided by shingles in either. A [`Signature`] of 64 bytes estimates it
//! by MinHash, and [`Stories`] looks up the signatures that can reach [`THRESHOLD`] without a look
//! at all others.
//!
//! ```
//! use standpoint::near_duplicates::{Signature, Stories};
//!
//! let mut stories = Stories::new();
//! assert_eq!(stories.add(Signature::from_text("The harbour was closed on Monday after a storm.")), None);
//! assert_eq!(stories.add(Signature::from_text("Voters in the valley go to the polls today.")), None);
//! assert_eq!(stories.add(Signature::from_text("The harbour was closed on Monday, after a storm")), Some(0));
//! ```

mod content;
mod signature;
mod stories;
mod words;

pub use content::content_hash;
pub use signature::Signature;
pub use stories::Stories;

/// The estimated similarity, from 0 to 1, from which two texts are the same story.
///
/// Of two texts of one length that reach it, 62 % of the shingles stand in both (2J / (1 + J)). A
/// reprint under another headline, with a by-line and without its last third, has a similarity near
/// 0.6; two reports of one event by other writers share names and quotations, and have under 0.2.
/// The estimate errs by 0.06, so the line is drawn between the two, nearer to the reprints: of
/// those at 0.6 and above more than 99 % are found, at 0.5 to 0.6 nine of ten, and of pairs under
/// 0.3 hardly any (measured in the tests below).
///
/// A copy that was cut to less than half is not found. Pages that share more surroundings, such as
/// rows of captions, than they have text of their own are found; take the surroundings off first.
pub const THRESHOLD: f64 = 0.45;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const REPORT: &str = "\
Ferry talks fail as winter nears

The islanders of Velmar will have no winter ferry for the second year in a row, after talks between the council and
the shipping line broke down late on Thursday. Both sides said that they had been close to an agreement on the price
of a crossing, but could not settle who would pay for the repair of the northern pier.

\"We offered to carry half of the cost, and we were told that half was not enough,\" said Mara Oldenkott, who leads the
council. \"I cannot ask four hundred families to pay for a pier that the company alone has used for thirty years.\"

The company, Brandt & Sons, said in a statement that the pier belonged to the island and that its ships would return
as soon as it was safe to land there. It added that it had lost money on the route in each of the last five winters.

Doctors on the island warned that patients would have to be flown out by helicopter, as they were last year, when a
storm kept the machine on the ground for nine days. The school has begun to store food. A group of fishermen has
offered to carry mail and medicine twice a week, if the harbour office allows it.

The next meeting has been called for the middle of January. Until then the mail will come by plane on Tuesdays, and
the council has asked the government in the capital to lend it a landing craft.
";

    /// The same evening by another writer, with the same two quotations.
    const OTHER_REPORT: &str = "\
Velmar cut off again: council and Brandt blame each other

It took five hours and ended in a shouting match. When Mara Oldenkott stepped out of the town hall on Thursday night,
she had no ferry to announce. \"We offered to carry half of the cost, and we were told that half was not enough,\" the
head of the council told reporters.

At issue is the northern pier, whose planks have been rotting since the spring. Brandt & Sons wants the island to
rebuild it before a single ship lands. The family firm points to its losses: five winters in a row, it says, the route
has cost more than it brought in.

For those who live here the quarrel has a simple meaning. Whoever falls ill after the first of December needs a
helicopter and good weather. Last year the weather was bad for nine days. \"I cannot ask four hundred families to pay
for a pier that the company alone has used for thirty years,\" said Oldenkott, and went home.
";

    fn similarity(a: &str, b: &str) -> f64 {
        Signature::from_text(a).unwrap().similarity(&Signature::from_text(b).unwrap())
    }

    /// Similarity by definition, from the shingles as lists of words.
    fn true_similarity(a: &str, b: &str) -> f64 {
        let shingles = |text: &str| -> HashSet<Vec<String>> {
            let words: Vec<String> = text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect();
            words.windows(4).map(<[String]>::to_vec).collect()
        };
        let (a, b) = (shingles(a), shingles(b));
        let both = a.intersection(&b).count();
        both as f64 / (a.len() + b.len() - both) as f64
    }

    /// Draws the texts that the bounds below were measured on.
    struct Seeded(u64);

    impl Seeded {
        fn below(&mut self, end: usize) -> usize {
            self.0 += 1;
            (signature::mix(self.0) % end as u64) as usize
        }

        /// Words of a language with few frequent and many rare ones.
        fn text(&mut self, words: usize) -> Vec<String> {
            (0..words)
                .map(|_| {
                    let most = [20, 300, 4000][self.below(3)];
                    format!("w{}", self.below(most))
                })
                .collect()
        }
    }

    #[test]
    fn a_reprint_under_another_headline_without_its_end_is_the_same_story() {
        let (_, body) = REPORT.split_once("\n\n").unwrap();
        let (kept, _) = body.split_once("The next meeting").unwrap();
        let reprint =
            format!("No ferry for Velmar this winter, council says\n\nBy Jon Aker, Harbour Post\n\n{kept}");
        let found = similarity(REPORT, &reprint);
        assert!(found >= THRESHOLD, "{found}; truly {}", true_similarity(REPORT, &reprint));
    }

    #[test]
    fn another_report_of_the_same_event_is_another_story() {
        let found = similarity(REPORT, OTHER_REPORT);
        assert!(found < THRESHOLD - 0.15, "{found}; truly {}", true_similarity(REPORT, OTHER_REPORT));
    }

    #[test]
    fn short_texts_of_other_words_are_stories_of_their_own() {
        let mut stories = Stories::new();
        for number in 0..5000 {
            assert_eq!(stories.add(Signature::from_text(&format!("Item {number}"))), None, "{number}");
        }
        assert_eq!(stories.add(Signature::from_text("ITEM, 77.")), Some(77));
    }

    #[test]
    fn reprints_are_found_and_texts_with_common_paragraphs_are_not() {
        let mut seeded = Seeded(1);
        // Tenths of the true similarity: how many pairs there were, how many were found.
        let mut pairs = [0; 11];
        let mut found = [0; 11];
        for _ in 0..6000 {
            let words = 80 + seeded.below(900);
            let first = seeded.text(words);
            let (title, kept, edits) = (seeded.below(20), seeded.below(words), seeded.below(words / 20));
            let mut second = seeded.text(title);
            second.extend_from_slice(&first[..kept]);
            if seeded.below(2) == 0 {
                second.extend(seeded.text(words - kept));
            }
            for _ in 0..edits.min(second.len()) {
                let at = seeded.below(second.len());
                second[at] = "another".to_owned();
            }
            let (first, second) = (first.join(" "), second.join(", "));
            if second.split(' ').count() < 4 {
                continue;
            }
            let tenth = (true_similarity(&first, &second) * 10.0) as usize;
            let mut stories = Stories::new();
            stories.add(Signature::from_text(&first));
            pairs[tenth] += 1;
            found[tenth] += usize::from(stories.add(Signature::from_text(&second)).is_some());
        }
        let share = |tenth: usize| found[tenth] as f64 / pairs[tenth] as f64;
        let told = format!("found {found:?} of {pairs:?}");
        assert!(pairs[..9].iter().all(|&pairs| pairs >= 200), "{told}");
        assert!(found[..3] == [0; 3] && share(3) < 0.1, "{told}");
        assert!(share(5) > 0.85 && share(6) > 0.99 && found[7..] == pairs[7..], "{told}");
    }
}
