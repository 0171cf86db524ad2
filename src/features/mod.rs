//! Turns counted terms into a weighted sparse row: sublinear term frequency x frozen inverse
//! document frequency, unit length.

mod ngram_table;
mod sparse_row;
mod string_arena;
mod term_counts;
mod term_words;
mod vocabulary;

use std::borrow::Cow;
use std::sync::LazyLock;

pub(crate) use ngram_table::{NgramLookup, NgramTable};
use serde::{Deserialize, Serialize};
pub use sparse_row::SparseRow;
pub(crate) use string_arena::{Interner, StringArena};
pub use term_counts::TermCounts;
pub(crate) use term_words::{TermSource, TermWords};
pub use vocabulary::Vocabulary;

use crate::error::{Error, Result};
use crate::named::named;
use crate::scan::both;

/// How counts become weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weighting {
    /// `(1 + ln count) x idf`, the row divided by its Euclidean length: texts of every length weigh
    /// alike.
    #[default]
    TfIdf,
    /// The idf for each term that occurs, whatever the count, the row divided by its length: no
    /// term counts twice.
    Idf,
    /// 1 for each term that occurs, whatever the count and the length: for short texts.
    Binary,
}

named!(Weighting { TfIdf: "tf-idf", Idf: "idf", Binary: "binary" });

/// Turns counted features into weights. It learns once, when it is fitted; scoring only looks up.
#[derive(Debug)]
pub struct Featurizer {
    weighting: Weighting,
    vocabulary: Vocabulary,
    idf: Cow<'static, [f32]>,
}

impl Featurizer {
    /// A featurizer of a vocabulary with one inverse document frequency a term, in the vocabulary's
    /// order; binary weights take no notice of it.
    ///
    /// # Errors
    /// Lengths that differ, or an idf that is not a positive finite number.
    pub fn new(
        weighting: Weighting,
        vocabulary: Vocabulary,
        idf: impl Into<Cow<'static, [f32]>>,
    ) -> Result<Self> {
        let idf = idf.into();
        if vocabulary.len() != idf.len() {
            return Err(Error::model(format!("{} terms but {} idf values", vocabulary.len(), idf.len())));
        }
        if let Some((at, value)) = idf.iter().enumerate().find(|(_, v)| !(v.is_finite() && **v > 0.0)) {
            return Err(Error::model(format!("idf of feature {at} is {value}; expected a positive number")));
        }
        Ok(Featurizer { weighting, vocabulary, idf })
    }

    /// The terms, sorted.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Gives up what can be read again; see [`Vocabulary::forget_terms`].
    pub(crate) fn forget_terms(&mut self) {
        self.vocabulary.forget_terms();
    }

    /// Inverse document frequencies in the vocabulary's order.
    pub fn idf(&self) -> &[f32] {
        &self.idf
    }

    /// How counts become weights.
    pub fn weighting(&self) -> Weighting {
        self.weighting
    }

    /// Replaces `row` by the weights of counted features, which are given in the order of their
    /// first occurrence; see [`Weighting`]. No features give no weights.
    pub fn vectorize(&self, counts: &[(u32, u32)], row: &mut SparseRow) {
        row.clear();
        for &(feature, count) in counts {
            if let Some(&idf) = self.idf.get(feature as usize) {
                row.push(feature, self.weighting.weight(count, f64::from(idf)));
            }
        }
        self.weighting.normalize(squared_norm(row.iter().map(|(_, value)| value)), row.values_mut());
    }
}

/// The sublinear term frequency of small counts: a table takes less time than a logarithm.
static SUBLINEAR: LazyLock<[f64; 64]> =
    LazyLock::new(|| std::array::from_fn(|count| sublinear(count as f64)));

/// The sublinear term frequency of a count, from the table where it is there.
#[inline]
fn tf(known: &[f64], count: u32) -> f64 {
    known.get(count as usize).copied().unwrap_or_else(|| sublinear(f64::from(count)))
}

/// Replaces idfs by weights, and gives the sum of their squares.
#[inline]
fn weigh(counted: &[(u32, u32)], values: &mut [f64], weight: impl Fn(u32, f64) -> f64) -> f64 {
    let mut squared_norm = 0.0;
    for (value, &(_, count)) in both(values, counted) {
        *value = weight(count, *value);
        squared_norm += *value * *value;
    }
    squared_norm
}

/// Sublinear term frequency, `1 + ln count`.
fn sublinear(count: f64) -> f64 {
    1.0 + libm::log(count)
}

impl Weighting {
    /// The weight of a term of some count and idf, before the row is divided by its length.
    #[inline]
    pub(crate) fn weight(self, count: u32, idf: f64) -> f64 {
        self.tf(count) * self.idf(idf)
    }

    /// Replaces the idf of each counted term by its weight, before the row is divided by its
    /// length, and gives the sum of the weights' squares, in their order.
    #[inline]
    pub(crate) fn weigh(self, counted: &[(u32, u32)], values: &mut [f64]) -> f64 {
        match self {
            Weighting::TfIdf => {
                let known = &*SUBLINEAR;
                weigh(counted, values, move |count, idf| tf(known, count) * idf)
            }
            Weighting::Idf => weigh(counted, values, |_, idf| idf),
            Weighting::Binary => weigh(counted, values, |_, _| 1.0),
        }
    }

    /// The count's part in a weight: 1 for a count of 1.
    #[inline]
    pub(crate) fn tf(self, count: u32) -> f64 {
        match self {
            Weighting::TfIdf => tf(SUBLINEAR.as_slice(), count),
            Weighting::Idf | Weighting::Binary => 1.0,
        }
    }

    /// The idf's part in a weight.
    #[inline]
    pub(crate) fn idf(self, idf: f64) -> f64 {
        match self {
            Weighting::TfIdf | Weighting::Idf => idf,
            Weighting::Binary => 1.0,
        }
    }

    /// Divides the weights of a row by their Euclidean length, the root of `squared_norm`. Binary
    /// weights stay as they are.
    #[inline]
    pub(crate) fn normalize(self, squared_norm: f64, values: &mut [f64]) {
        let length = self.length(squared_norm);
        if length != 1.0 {
            values.iter_mut().for_each(|value| *value /= length);
        }
    }

    /// What the weights of a row are divided by: their Euclidean length, but 1 for binary ones and
    /// for none.
    pub(crate) fn length(self, squared_norm: f64) -> f64 {
        if squared_norm > 0.0 && self != Weighting::Binary { squared_norm.sqrt() } else { 1.0 }
    }
}

/// The sum of the values' squares, in their order.
pub(crate) fn squared_norm(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value * value)
}

/// The inverse document frequency of a term, `ln((1 + n) / (1 + df)) + 1`, as scikit-learn's
/// `TfidfTransformer(smooth_idf=True)`.
#[cfg(feature = "train")]
pub(crate) fn smoothed_idf(documents: usize, document_frequency: u32) -> f64 {
    libm::log((1.0 + documents as f64) / (1.0 + f64::from(document_frequency))) + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idf_weights_look_at_no_count_but_at_the_length() {
        let vocabulary = Vocabulary::from_terms(["a", "b"].into_iter()).unwrap();
        let featurizer = Featurizer::new(Weighting::Idf, vocabulary, vec![3.0, 4.0]).unwrap();
        let mut row = SparseRow::default();
        featurizer.vectorize(&[(0, 7), (1, 1)], &mut row);
        assert_eq!(row.iter().collect::<Vec<_>>(), [(0, 0.6), (1, 0.8)]);
    }

    #[test]
    fn binary_weights_look_at_neither_count_nor_length() {
        let vocabulary = Vocabulary::from_terms(["a", "b"].into_iter()).unwrap();
        let featurizer = Featurizer::new(Weighting::Binary, vocabulary, vec![2.0, 3.0]).unwrap();
        let mut row = SparseRow::default();
        featurizer.vectorize(&[(1, 9), (0, 1)], &mut row);
        assert_eq!(row.iter().collect::<Vec<_>>(), [(1, 1.0), (0, 1.0)]);
    }
}
