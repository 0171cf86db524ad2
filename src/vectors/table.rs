//! Holds the vectors of words, each number in one byte.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Error, Message, Result};
use crate::features::{Interner, StringArena};
use crate::model;
use crate::tokenizer::TokenizerConfig;

/// The vectors of words, learned from an archive by [`make_vectors`](crate::vectors::make_vectors)
/// or read from a file.
///
/// Each vector is saved as whole numbers from -127 to 127 times a scale of its own.
#[derive(Debug)]
pub struct Vectors {
    pub(super) tokenizer_config: TokenizerConfig,
    /// Sorted by their bytes.
    pub(super) words: Interner,
    pub(super) idf: Vec<f32>,
    pub(super) dimensions: usize,
    pub(super) values: Vec<i8>,
    pub(super) scales: Vec<f32>,
    pub(super) archive: ArchiveNote,
}

impl PartialEq for Vectors {
    fn eq(&self, other: &Self) -> bool {
        let figures =
            |vectors: &Self| (vectors.dimensions, vectors.tokenizer_config.clone(), vectors.archive.clone());
        figures(self) == figures(other)
            && self.words().eq(other.words())
            && (&self.idf, &self.values, &self.scales) == (&other.idf, &other.values, &other.scales)
    }
}

/// What the vectors were learned from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveNote {
    /// Number of texts.
    pub texts: u64,
    /// SHA-256 of the texts, in order.
    pub sha256: String,
    /// Least number of times that a word occurs.
    pub min_count: u64,
}

/// The greatest number that a vector is saved as.
const MAX_VALUE: f64 = 127.0;

impl Vectors {
    /// Saves rows of numbers for words that are sorted by their bytes.
    pub(super) fn new<'r>(
        tokenizer_config: TokenizerConfig,
        words: StringArena,
        (idf, rows): (Vec<f32>, impl Iterator<Item = &'r [f64]>),
        archive: ArchiveNote,
    ) -> Self {
        let (mut values, mut scales, mut dimensions) = (Vec::new(), Vec::with_capacity(words.len()), 0);
        for row in rows {
            dimensions = row.len();
            let greatest = row.iter().fold(0.0f64, |greatest, value| greatest.max(value.abs()));
            let scale = (greatest / MAX_VALUE) as f32;
            let step = if scale > 0.0 { f64::from(scale) } else { 1.0 };
            values.extend(row.iter().map(|value| (value / step).round().clamp(-MAX_VALUE, MAX_VALUE) as i8));
            scales.push(scale);
        }
        Vectors {
            tokenizer_config,
            words: Interner::from_distinct(words),
            idf,
            dimensions,
            values,
            scales,
            archive,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A path that cannot be read or is not a regular file, and bytes that are not word vectors.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let shown = path.display();
        let unreadable =
            |error: io::Error| Error::model(format!("{shown}: cannot read the vectors: {error}"));
        if !fs::metadata(path).map_err(unreadable)?.is_file() {
            return Err(Error::model(format!("{shown}: it is not a regular file; expected word vectors")));
        }
        Vectors::from_bytes(&fs::read(path).map_err(unreadable)?).map_err(|error| {
            Error::model(
                Message::from(format!("{shown} cannot be used as word vectors: ")).then(error.message()),
            )
        })
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// Length of each vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// How the texts of the archive became words.
    pub fn tokenizer_config(&self) -> &TokenizerConfig {
        &self.tokenizer_config
    }

    /// What the vectors were learned from.
    pub fn archive(&self) -> &ArchiveNote {
        &self.archive
    }

    /// The words, sorted by their bytes.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter()
    }

    /// The number of a word.
    pub fn find(&self, word: &str) -> Option<u32> {
        self.words.find(word)
    }

    /// The word's inverse document frequency in the archive, where each text is a document.
    pub fn idf(&self, word: u32) -> Option<f32> {
        self.idf.get(word as usize).copied()
    }

    /// The word's vector, of unit length but for rounding; zeros for a word that stands near no
    /// other one more often than chance would have it. There are no numbers without such a word.
    pub fn vector(&self, word: u32) -> impl Iterator<Item = f64> {
        let scale = self.scales.get(word as usize).copied().map_or(0.0, f64::from);
        let start = word as usize * self.dimensions;
        let values = self.values.get(start..start + self.dimensions).unwrap_or(&[]);
        values.iter().map(move |&value| f64::from(value) * scale)
    }

    /// SHA-256 of the vectors' file, in hexadecimal.
    ///
    /// # Errors
    /// As [`Vectors::to_bytes`].
    pub fn digest(&self) -> Result<String> {
        Ok(model::digest(&self.to_bytes()?))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::vectors::VectorsParams;

    pub(in crate::vectors) fn vectors() -> Vectors {
        let mut words = StringArena::default();
        ["rain", "snow", "tax"].into_iter().for_each(|word| words.push(word));
        let rows = [[0.6, -0.8], [0.1, 0.995], [0.0, 0.0]];
        let archive = ArchiveNote { texts: 9, sha256: "ab".repeat(32), min_count: 20 };
        let rows = (vec![1.5, 2.0, 3.0], rows.iter().map(|row| &row[..]));
        Vectors::new(VectorsParams::default().tokenizer_config(), words, rows, archive)
    }

    #[test]
    fn numbers_are_kept_to_a_part_in_254_of_the_greatest() {
        let vectors = vectors();
        assert_eq!((vectors.len(), vectors.dimensions()), (3, 2));
        for (word, expected) in [("rain", [0.6, -0.8]), ("snow", [0.1, 0.995]), ("tax", [0.0, 0.0])] {
            let found: Vec<f64> = vectors.vector(vectors.find(word).unwrap()).collect();
            assert!(
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1.0 / 254.0 + 1e-9),
                "{found:?}"
            );
        }
        assert_eq!((vectors.find("sun"), vectors.idf(1), vectors.idf(3)), (None, Some(2.0), None));
        assert_eq!(vectors.vector(3).count(), 0);
    }
}
