//! Writes the page of explanations: each text with the sentences that decided, ranked, and the
//! terms of each label.

use std::io::{self, Write};

use crate::classifier::verdict::Verdict;
use crate::classifier::{Classifier, SentenceContribution};
use crate::text::document::Document;
use crate::write::report::escape::{Escaped, Isolated};
use crate::write::report::html::{
    begin_page, begin_section, end_page, end_section, paragraph, table, wide_table,
};
use crate::write::report::marked::{Words, excerpt_with_marks, text_with_marks};
use crate::write::report::numbers::{percent, signed};
use crate::write::report::sentence_marks::{MarkLimits, by_size, sentence_marks};

/// The sentences of a text that are marked.
const MARKS: MarkLimits = MarkLimits { count: 12, share: 0.15 };
/// Sentences of a text that are listed.
const MAX_LISTED: usize = 10;
/// Longer texts, in bytes, are cut around their marks.
const MAX_WHOLE: usize = 1 << 17;

/// A text and what decided its answer.
#[derive(Clone, Copy, Debug)]
pub struct ExplainedText<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its answer.
    pub verdict: &'a Verdict,
    /// What each sentence adds to the likeliest label.
    pub sentences: &'a [SentenceContribution],
    /// The terms of each label, in class order.
    pub terms: &'a [LabelTerms],
}

/// The terms that count most for one label.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelTerms {
    /// The label.
    pub label: String,
    /// Its probability.
    pub probability: f64,
    /// The terms, or what several are called together, and what each adds to the label.
    pub terms: Vec<(String, f64)>,
}

/// A page to which texts are added one after the other. The same texts give the same bytes.
#[derive(Debug)]
pub struct ExplanationPage<W: Write> {
    out: W,
    /// The language of the texts, as a code.
    language: Option<&'static str>,
    texts: usize,
}

impl<W: Write> ExplanationPage<W> {
    /// Begins the page about answers of a model.
    ///
    /// # Errors
    /// The system's error if writing fails.
    pub fn new(mut out: W, classifier: &Classifier) -> io::Result<Self> {
        begin_page(&mut out, &format!("Explained by {}", classifier.id()))?;
        writeln!(out, "<header>")?;
        paragraph(&mut out, "kicker", &format!("Explained by {}", Isolated(classifier.id())))?;
        writeln!(out, "<h1>Which sentences and words decided</h1>")?;
        paragraph(
            &mut out,
            "caveat",
            "Numbers say what a sentence or term adds to the margin of a label, before margins become probabilities; in a text of \
             several passages, times the weight of its passage. They show what moved the model, which knows words and not \
             arguments, and nothing about what is true.",
        )?;
        paragraph(
            &mut out,
            "",
            "Marked are the sentences that count most: <mark class=\"for strong\"><span class=\"sign\" \
             aria-hidden=\"true\">+</span>for the likeliest label</mark>, underlined; <mark class=\"not\"><span class=\"sign\" \
             aria-hidden=\"true\">−</span>against it</mark>, dotted. The bold one counts most.",
        )?;
        writeln!(out, "</header>")?;
        let language = classifier.model().tokenizer_config.language.map(|language| language.code());
        Ok(ExplanationPage { out, language, texts: 0 })
    }

    /// Adds a text.
    ///
    /// # Errors
    /// The system's error if writing fails.
    pub fn add(&mut self, text: &ExplainedText<'_>) -> io::Result<()> {
        let ExplainedText { document, verdict, sentences, terms } = *text;
        self.texts += 1;
        let out = &mut self.out;
        let title = document.title.as_deref().filter(|title| !title.trim().is_empty());
        let heading = Isolated(title.unwrap_or(&document.id)).to_string();
        begin_section(out, &format!("text-{}", self.texts), &heading)?;
        paragraph(out, "place", &answer(document, verdict, title.is_some()))?;
        let language = self.language.map_or(String::new(), |code| format!(" lang=\"{}\"", Escaped(code)));
        write!(out, "<blockquote{language} dir=\"auto\">")?;
        let marks = sentence_marks(sentences, MARKS);
        let words = Words { plus: "for the label", minus: "against the label" };
        match document.text.len() > MAX_WHOLE {
            true => excerpt_with_marks(out, &document.text, &marks, words)?,
            false => text_with_marks(out, &document.text, &marks, words)?,
        }
        writeln!(out, "</blockquote>")?;
        ranking(out, document, verdict, sentences)?;
        let rows = terms.iter().map(|of| {
            let terms = of.terms.iter();
            let terms = terms
                .map(|(term, amount)| {
                    format!("<span class=\"term\">{} {}</span>", Isolated(term), signed(*amount))
                })
                .collect::<Vec<_>>();
            [Isolated(&of.label).to_string(), percent(of.probability), terms.join(", ")]
        });
        let heads = ["label", "probability", "terms and what they add"];
        table(out, "Terms that count most for each label", heads, rows)?;
        end_section(out)
    }

    /// Ends the page and gives what it was written to.
    ///
    /// # Errors
    /// The system's error if writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        end_page(&mut self.out)?;
        Ok(self.out)
    }
}

/// The answer in one line, behind the id of a text that has a title.
fn answer(document: &Document, verdict: &Verdict, has_title: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(has_title.then(|| Isolated(&document.id).to_string()));
    let top = Isolated(verdict.top());
    parts.push(match verdict.reason() {
        None => format!("<strong>{top}</strong>"),
        Some(reason) => format!("no label ({reason}); likeliest <strong>{top}</strong>"),
    });
    parts.push(format!("probability {}", percent(verdict.confidence())));
    parts.extend(verdict.slant().map(|slant| format!("slant {}", signed(slant))));
    parts.join(" · ")
}

/// The sentences that count most, and what all others add together.
fn ranking(
    out: &mut dyn Write,
    document: &Document,
    verdict: &Verdict,
    sentences: &[SentenceContribution],
) -> io::Result<()> {
    let ranked = by_size(sentences);
    let (listed, others) = ranked.split_at(MAX_LISTED.min(ranked.len()));
    let rows = listed.iter().map(|sentence| {
        let text = sentence.span().of(&document.text).trim();
        vec![signed(sentence.contribution), Isolated(text).to_string()]
    });
    let rest = (!others.is_empty()).then(|| {
        let sum: f64 = others.iter().map(|sentence| sentence.contribution).sum();
        let noun = if others.len() == 1 { "sentence" } else { "sentences" };
        vec![signed(sum), format!("{} other {noun}", others.len())]
    });
    let heads = ["adds", "sentence"].map(str::to_owned);
    let caption = format!("Sentences by what they add to {}", Escaped(verdict.top()));
    wide_table(out, &caption, &heads, rows.chain(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Threads;
    use crate::train::{Row, TrainParams, train};

    fn classifier() -> Classifier {
        let row = |n: usize| {
            let (label, text) =
                [("<for>", "guarantees of peace are needed"), ("against", "talks with all sides are needed")]
                    [n % 2];
            Row::new(label, format!("{text} on day {n}"))
        };
        let params = TrainParams { folds: 0, ..TrainParams::default() };
        let rows: Vec<Row> = (0..20).map(row).collect();
        Classifier::new(train(rows, params, &Threads::new(1).unwrap()).unwrap().0).unwrap()
    }

    #[test]
    fn each_text_has_its_marked_sentences_ranked_and_no_markup_of_its_own() {
        let classifier = classifier();
        let text = "Guarantees of peace are needed. <script>Talks</script> with all sides.\u{202e} They met.";
        let document = Document { title: Some("<b>Day</b>".to_owned()), ..Document::new("a.txt", text) };
        let verdict = classifier.worker().score_document(&document);
        let sentences = classifier.explain_sentences(text, &verdict, verdict.top_class());
        let terms =
            [LabelTerms { label: "<for>".into(), probability: 0.5, terms: vec![("<i>".into(), -0.25)] }];
        let written = || {
            let mut page = ExplanationPage::new(Vec::new(), &classifier).unwrap();
            for _ in 0..2 {
                let text = ExplainedText {
                    document: &document,
                    verdict: &verdict,
                    sentences: &sentences,
                    terms: &terms,
                };
                page.add(&text).unwrap();
            }
            String::from_utf8(page.finish().unwrap()).unwrap()
        };
        let page = written();
        assert_eq!(page, written());
        assert!(page.contains("<h2 id=\"text-2\"><bdi>&lt;b&gt;Day&lt;/b&gt;</bdi></h2>"), "{page}");
        assert!(page.contains("<span class=\"heard\">(for the label) </span>"), "{page}");
        assert!(page.contains("<td><bdi>They met.</bdi></td>"), "{page}");
        assert!(page.contains("<span class=\"term\"><bdi>&lt;i&gt;</bdi> −0.25</span>"), "{page}");
        assert!(!page.contains("<script") && !page.contains('\u{202e}'));
        assert_eq!(page.matches("<section").count(), page.matches("</section>").count());
    }
}
