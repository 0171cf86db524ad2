//! Cuts a document into paragraphs, and says which of them are boilerplate by which rule.

use crate::text::boilerplate::{Rule, rules};
use crate::text::document::Document;
use crate::text::normalization::Normalized;
use crate::text::paragraph::{Paragraph, paragraphs};
use crate::text::span::Span;

/// A paragraph of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutParagraph {
    /// Where it stands in the document's text.
    pub span: Span,
    /// The rule that knows it as boilerplate; `None` for a paragraph of the article.
    pub rule: Option<Rule>,
}

impl Document {
    /// Cuts the text into paragraphs. A paragraph that repeats the title is boilerplate.
    ///
    /// ```
    /// use standpoint::Document;
    ///
    /// let document = Document::new("a", "It rained all day in the north.\n\nShare this article");
    /// let rules: Vec<Option<&str>> =
    ///     document.paragraphs().iter().map(|paragraph| paragraph.rule.map(|rule| rule.name())).collect();
    /// assert_eq!(rules, [None, Some("share")]);
    /// ```
    pub fn paragraphs(&self) -> Vec<CutParagraph> {
        let normal = Normalized::new(&self.text);
        let title = self.title.as_deref().map(Normalized::new);
        let all = paragraphs(normal.text());
        let rules = rules(normal.text(), &all, title.as_ref().map(Normalized::text));
        let cut = |(&Paragraph { span, .. }, rule)| CutParagraph { span: normal.source(span), rule };
        all.iter().zip(rules).map(cut).collect()
    }
}
