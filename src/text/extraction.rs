//! Names the ways in which a page's text can be found.

use serde::Serialize;

/// How the text of a page was found. The later ways are weaker: they know less of what is the
/// article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Extraction {
    /// The extractor's article, as a browser's reading view shows it.
    Article,
    /// All visible text of the element that the page itself names as its article or main part.
    Container,
    /// What the page says for machines: JSON-LD, or the state of its scripts.
    StructuredData,
    /// All visible text outside of navigation, headers, footers, asides and forms.
    Visible,
    /// Nothing: the page shows no text, or boilerplate only.
    Nothing,
}

impl Extraction {
    /// The name that stands in results, such as `structured-data`.
    pub fn name(self) -> &'static str {
        match self {
            Extraction::Article => "article",
            Extraction::Container => "container",
            Extraction::StructuredData => "structured-data",
            Extraction::Visible => "visible",
            Extraction::Nothing => "nothing",
        }
    }

    /// The way of a text that is joined from two parts: the weaker of both, but nothing only where
    /// both have nothing.
    #[must_use]
    pub(crate) fn join(self, other: Extraction) -> Extraction {
        match (self, other) {
            (Extraction::Nothing, way) | (way, Extraction::Nothing) => way,
            (one, two) => one.max(two),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weakest_way_names_a_joined_text_and_nothing_only_where_all_is_missing() {
        let all =
            [Extraction::Article, Extraction::Container, Extraction::StructuredData, Extraction::Visible];
        for (number, way) in all.into_iter().enumerate() {
            assert_eq!(way.join(Extraction::Nothing), way);
            assert_eq!(Extraction::Nothing.join(way), way);
            for other in all.into_iter().skip(number) {
                assert_eq!((way.join(other), other.join(way)), (other, other));
            }
        }
        assert_eq!(Extraction::Nothing.join(Extraction::Nothing), Extraction::Nothing);
    }

    #[test]
    fn names_are_those_that_are_serialized() {
        for way in [Extraction::StructuredData, Extraction::Nothing] {
            assert_eq!(serde_json::to_value(way).unwrap(), way.name());
        }
    }
}
