//! Writes word vectors as bytes and reads them again: safetensors with a JSON header.
//!
//! A file is never trusted: every length is checked before allocation, every value is validated.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::{Interner, StringArena, Vocabulary};
use crate::model::{Tensor, check_length, floats, view};
use crate::tokenizer::TokenizerConfig;
use crate::vectors::params::VectorsParams;
use crate::vectors::table::{ArchiveNote, Vectors};

/// The one key of the safetensors metadata.
const KEY: &str = "standpoint-vectors";
/// Version of the file format.
const FORMAT: u32 = 1;

const WORDS: &str = "words";
const IDF: &str = "idf";
const VALUES: &str = "values";
const SCALES: &str = "scales";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: u32,
    #[serde(rename = "recipe")]
    tokenizer_config: TokenizerConfig,
    archive: ArchiveNote,
}

impl Header {
    /// Reads the version before all else, so that a newer file is called newer and not broken.
    fn parse(json: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let broken = |error: serde_json::Error| {
            Error::model(format!("its header is not that of word vectors: {error}"))
        };
        match serde_json::from_str::<Version>(json).map_err(broken)?.format {
            FORMAT => serde_json::from_str(json).map_err(broken),
            format => Err(Error::model(format!(
                "it has format {format}; this version reads format {FORMAT}. Make the vectors again, or use the version that \
                 wrote it"
            ))),
        }
    }
}

impl Vectors {
    /// Writes the vectors as the bytes of a file. The same vectors always give the same bytes.
    ///
    /// # Errors
    /// What the format cannot hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let header = Header {
            format: FORMAT,
            tokenizer_config: self.tokenizer_config.clone(),
            archive: self.archive.clone(),
        };
        let words = self.words().flat_map(|word| word.bytes().chain(*b"\n")).collect();
        let tensors = [
            (IDF, Tensor::floats(&[self.len()], &self.idf)),
            (SCALES, Tensor::floats(&[self.len()], &self.scales)),
            (VALUES, Tensor::signed_bytes(&[self.len(), self.dimensions], &self.values)),
            (WORDS, Tensor::bytes(words)),
        ];
        let json = serde_json::to_string(&header).map_err(|e| Error::model(e.to_string()))?;
        let metadata = HashMap::from([(KEY.to_owned(), json)]);
        safetensors::serialize(tensors, Some(metadata)).map_err(|e| Error::model(e.to_string()))
    }

    /// Reads vectors and checks every part of them.
    ///
    /// # Errors
    /// Bytes that are not vectors of this format, with what was found and what was expected.
    pub fn from_bytes(bytes: &[u8]) -> Result<Vectors> {
        check_length(bytes)?;
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|e| Error::model(format!("it is not a complete safetensors file: {e}")))?;
        let (_, metadata) = SafeTensors::read_metadata(bytes)
            .map_err(|e| Error::model(format!("its header cannot be read: {e}")))?;
        let json = metadata.metadata().as_ref().and_then(|map| map.get(KEY));
        let json = json.ok_or_else(|| {
            Error::model("it is a safetensors file, but not word vectors from `standpoint vectors`")
        })?;
        let Header { tokenizer_config, archive, .. } = Header::parse(json)?;
        tokenizer_config.check()?;
        let idf = floats(&tensors, IDF, &[None])?;
        let scales = floats(&tensors, SCALES, &[Some(idf.len())])?;
        let values = view(&tensors, VALUES, Dtype::I8, &[Some(idf.len()), None])?;
        let dimensions = values.shape().last().copied().unwrap_or(0);
        let words = read_words(view(&tensors, WORDS, Dtype::U8, &[None])?.data(), idf.len())?;
        check_figures(&idf, &scales, dimensions)?;
        if tensors.len() != 4 {
            return Err(Error::model(format!("it has {} tensors; expected 4", tensors.len())));
        }
        let values = values.data().iter().map(|value| value.cast_signed()).collect();
        Ok(Vectors { tokenizer_config, words, idf, dimensions, values, scales, archive })
    }
}

fn check_figures(idf: &[f32], scales: &[f32], dimensions: usize) -> Result<()> {
    let most = VectorsParams::MAX_WORDS;
    if !(1..=most).contains(&idf.len()) {
        return Err(Error::model(format!("it has vectors of {} words; expected 1 to {most}", idf.len())));
    }
    let most = VectorsParams::MAX_DIMENSIONS;
    if !(1..=most).contains(&dimensions) {
        return Err(Error::model(format!("its vectors are {dimensions} numbers long; expected 1 to {most}")));
    }
    if let Some(wrong) = idf.iter().find(|idf| !(idf.is_finite() && **idf > 0.0)) {
        return Err(Error::model(format!("an idf is {wrong}; expected a positive number")));
    }
    // A vector of unit length has no number above 1.
    match scales.iter().find(|scale| !(0.0..=1.0).contains(*scale)) {
        Some(wrong) => {
            Err(Error::model(format!("a vector's scale is {wrong}; expected a number from 0 to 1")))
        }
        None => Ok(()),
    }
}

/// Reads words, each with a line feed behind it.
fn read_words(bytes: &[u8], count: usize) -> Result<Interner> {
    let text =
        std::str::from_utf8(bytes).map_err(|e| Error::model(format!("its words are not UTF-8: {e}")))?;
    let mut words = StringArena::default();
    let mut before: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let word = line.strip_suffix('\n').filter(|word| !word.is_empty());
        let word = word.ok_or_else(|| Error::model("its last word is truncated, or one is empty"))?;
        if before.is_some_and(|before| before >= word) {
            return Err(Error::model("its words are not distinct and in the order of their bytes"));
        }
        words.push(word);
        before = Some(word);
    }
    if words.len() != count {
        return Err(Error::model(format!("it has {} words; expected {count}", words.len())));
    }
    // A model takes them over.
    Vocabulary::from_terms(words.iter())?;
    Ok(Interner::from_distinct(words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::vectors::table::tests::vectors;

    #[test]
    fn vectors_come_back_as_they_were_written() {
        let bytes = vectors().to_bytes().unwrap();
        let read = Vectors::from_bytes(&bytes).unwrap();
        assert_eq!(read.to_bytes().unwrap(), bytes);
        assert_eq!((read.values, read.archive), (vectors().values, vectors().archive));
    }

    #[test]
    fn every_wrong_part_is_named() {
        let wrong = |change: &dyn Fn(&mut Vectors)| {
            let mut vectors = vectors();
            change(&mut vectors);
            Vectors::from_bytes(&vectors.to_bytes().unwrap()).unwrap_err().to_string()
        };
        assert!(wrong(&|v| v.scales[1] = f32::NAN).contains("scale is NaN"));
        assert!(wrong(&|v| v.scales[1] = -0.5).contains("scale is -0.5"));
        assert!(wrong(&|v| v.idf[0] = 0.0).contains("idf is 0"));
        let words = |list: &[&str]| {
            let mut words = StringArena::default();
            list.iter().for_each(|word| words.push(word));
            wrong(&move |v| v.words = Interner::from_distinct(words.clone()))
        };
        assert!(words(&["snow", "rain", "tax"]).contains("order of their bytes"));
        assert!(words(&["rain", "snow"]).contains("2 words; expected 3"));
        assert!(words(&["", "rain", "snow"]).contains("one is empty"));
        assert!(Vectors::from_bytes(b"").unwrap_err().to_string().contains("0 bytes"));
        let safetensors = safetensors::serialize([("a", Tensor::floats(&[1], &[1.0]))], None).unwrap();
        assert!(Vectors::from_bytes(&safetensors).unwrap_err().to_string().contains("but not word vectors"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(at in 0usize..2000, value: u8, cut in 0usize..2000) {
            let mut bytes = vectors().to_bytes().unwrap();
            let at = at % bytes.len();
            bytes[at] = value;
            let _ = Vectors::from_bytes(&bytes);
            bytes.truncate(cut);
            let _ = Vectors::from_bytes(&bytes);
        }
    }
}
