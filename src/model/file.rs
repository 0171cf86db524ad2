//! Writes a model as bytes and reads it again: safetensors with a JSON header. There are five
//! tensors, one more for a model that knows its topic, one more for a model that can give
//! prediction sets, and four for each further block of features.
//!
//! A model file is never trusted: every length is checked before allocation, every value is
//! validated.

use std::borrow::Cow;
use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView, View};
use sha2::{Digest, Sha256};
use zerocopy::FromBytes as _;

use crate::error::{Error, Result};
use crate::features::{Featurizer, TermSource, Weighting};
use crate::model::header::{BlockHeader, Header};
use crate::model::{Block, BlockKind, BlockView, Conformal, Linear, Model, Topic, vocabulary};
use crate::named::Named;

/// The one key of the safetensors metadata.
const KEY: &str = "standpoint";
/// The longest safetensors header, in bytes: 1,000 labels of 200 bytes fit several times over.
const MAX_HEADER: u64 = 1 << 20;

const WEIGHTS: &str = "weights";
const INTERCEPTS: &str = "intercepts";
const IDF: &str = "idf";
const WORDS: &str = "words";
const TERMS: &str = "terms";
/// In place of the last two in files of format 1.
const VOCABULARY: &str = "vocabulary";
const VOCABULARY_ENDS: &str = "vocabulary_ends";
const TOPIC: &str = "topic";
const CONFORMAL: &str = "conformal";

impl Model {
    /// Writes the model as the bytes of a file. The same model always gives the same bytes.
    ///
    /// # Errors
    /// Parts that do not fit together.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.check()?;
        let (columns, features) = (self.linear.intercepts().len(), self.linear.features());
        let mut tensors = vec![(INTERCEPTS.to_owned(), Tensor::floats(&[columns], self.linear.intercepts()))];
        self.blocks().for_each(|block| write_block(block, &mut tensors));
        if let Some(topic) = &self.topic {
            tensors.push((TOPIC.to_owned(), Tensor::floats(&[features], topic.weights())));
        }
        if let Some(conformal) = &self.conformal {
            let points = conformal.points();
            tensors.push((CONFORMAL.to_owned(), Tensor::floats(&[points.len()], &points)));
        }
        let json = serde_json::to_string(&Header::new(self)).map_err(|e| Error::model(e.to_string()))?;
        let metadata = HashMap::from([(KEY.to_owned(), json)]);
        safetensors::serialize(tensors, Some(metadata)).map_err(|e| Error::model(e.to_string()))
    }

    /// Reads a model and checks every part of it.
    ///
    /// # Errors
    /// Bytes that are not a model of this format, with what was found and what was expected.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model> {
        Model::read(bytes, Taking { floats: copied, kept: |_| None })
    }

    /// Reads a model, as [`Model::from_bytes`] does, out of bytes that never go away. Its weights
    /// stay where they are, and its terms can be read again.
    ///
    /// # Errors
    /// As [`Model::from_bytes`].
    pub(crate) fn from_static_bytes(bytes: &'static [u8]) -> Result<Model> {
        Model::read(bytes, Taking { floats: in_place, kept: Some })
    }

    /// Gives up what scoring does not need and can be read again.
    pub(crate) fn forget_terms(&mut self) {
        self.featurizer.forget_terms();
        self.more_blocks.iter_mut().for_each(|block| block.featurizer.forget_terms());
    }

    fn read<'b>(bytes: &'b [u8], take: Taking<'b>) -> Result<Model> {
        check_length(bytes)?;
        let tensors = SafeTensors::deserialize(bytes)
            .map_err(|e| Error::model(format!("it is not a complete safetensors file: {e}")))?;
        let (_, metadata) = SafeTensors::read_metadata(bytes)
            .map_err(|e| Error::model(format!("its header cannot be read: {e}")))?;
        let json = metadata
            .metadata()
            .as_ref()
            .and_then(|map| map.get(KEY))
            .ok_or_else(|| Error::model("it is a safetensors file, but not a standpoint model"))?;
        let header = Header::parse(json)?;
        let labels = header.label_set()?;

        let columns = Linear::columns(labels.len());
        let own = BlockReader { tensors: &tensors, kind: None, format: header.format, take };
        let featurizer = own.featurizer(header.weighting)?;
        let features = featurizer.vocabulary().len();
        let intercepts = floats(&tensors, INTERCEPTS, &[Some(columns)])?;
        let linear = Linear::new(own.weights(&[features, columns])?, intercepts, labels.len())?;
        let block = |block: &BlockHeader| {
            let reader = BlockReader { kind: Some(block.kind), ..own };
            let featurizer = reader.featurizer(block.weighting)?;
            let weights = reader.weights(&[featurizer.vocabulary().len(), columns])?;
            Ok(Block {
                kind: block.kind,
                tokenizer_config: block.tokenizer_config.clone(),
                featurizer,
                linear: Linear::new(weights, vec![0.0; columns], labels.len())?,
            })
        };
        let more_blocks: Vec<Block> = header.blocks.iter().map(block).collect::<Result<_>>()?;
        let topic = match header.thresholds.off_topic {
            Some(_) => Some(Topic::new(own.floats(TOPIC, &[Some(features)])?)?),
            None => None,
        };
        let conformal = match &header.conformal {
            Some(counts) => Some(Conformal::from_parts(counts, &floats(&tensors, CONFORMAL, &[None])?)?),
            None => None,
        };
        let expected =
            5 + usize::from(topic.is_some()) + usize::from(conformal.is_some()) + 4 * more_blocks.len();
        if tensors.len() != expected {
            return Err(Error::model(format!("it has {} tensors; expected {expected}", tensors.len())));
        }
        let passage_label_weights = header.passage_label_weights();
        let model = Model {
            tokenizer_config: header.tokenizer_config,
            featurizer,
            linear,
            more_blocks,
            calibration: header.calibration,
            thresholds: header.thresholds,
            conformal,
            training_profile: header.reference,
            topic,
            unit: header.unit,
            preparation: header.preparation,
            paragraph_weight: header.paragraph_weight,
            passage_words: header.passage_words,
            lone_quotation_weight: header.lone_quotation_weight,
            passage_label_weights,
            labels,
            provenance: header.provenance,
        };
        model.check()?;
        Ok(model)
    }
}

/// The name of a block's tensor: that of a further block begins with its kind.
fn name_in(kind: Option<BlockKind>, name: &str) -> String {
    kind.map_or_else(|| name.to_owned(), |kind| format!("{}.{name}", kind.name()))
}

fn write_block(block: BlockView<'_>, tensors: &mut Vec<(String, Tensor)>) {
    let (linear, vocabulary) = (block.linear, block.featurizer.vocabulary());
    let shape = [linear.features(), linear.intercepts().len()];
    let own = [
        (IDF, Tensor::floats(&[linear.features()], block.featurizer.idf())),
        (WEIGHTS, Tensor::floats(&shape, linear.weights())),
        (WORDS, Tensor::bytes(vocabulary::words(vocabulary))),
        (TERMS, Tensor::bytes(vocabulary::terms(vocabulary))),
    ];
    tensors.extend(own.map(|(name, tensor)| (name_in(block.kind, name), tensor)));
}

/// How the bytes of a file are taken.
#[derive(Clone, Copy)]
struct Taking<'b> {
    /// Makes floats of the bytes of a tensor.
    floats: fn(&'b [u8]) -> Cow<'static, [f32]>,
    /// The bytes, if they never go away.
    kept: fn(&'b [u8]) -> Option<&'static [u8]>,
}

fn copied(bytes: &[u8]) -> Cow<'static, [f32]> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect()
}

/// Leaves floats where they are, on a machine that has them in the order of the file.
fn in_place(bytes: &'static [u8]) -> Cow<'static, [f32]> {
    match <[f32]>::ref_from_bytes(bytes) {
        Ok(floats) if cfg!(target_endian = "little") => Cow::Borrowed(floats),
        _ => copied(bytes),
    }
}

/// Reads the tensors of one block.
#[derive(Clone, Copy)]
struct BlockReader<'t, 'b> {
    tensors: &'t SafeTensors<'b>,
    /// `None` for the model's own terms.
    kind: Option<BlockKind>,
    format: u32,
    take: Taking<'b>,
}

impl BlockReader<'_, '_> {
    fn featurizer(&self, weighting: Weighting) -> Result<Featurizer> {
        let name = |name| name_in(self.kind, name);
        let idf = self.floats(IDF, &[None])?;
        let bytes = |of| view(self.tensors, &name(of), Dtype::U8, &[None]).map(|view| view.data());
        let vocabulary = if self.format == 1 {
            let ends = view(self.tensors, VOCABULARY_ENDS, Dtype::U32, &[Some(idf.len())])?;
            vocabulary::read_text(bytes(VOCABULARY)?, ends.data())?
        } else {
            let terms = bytes(TERMS)?;
            let vocabulary = vocabulary::read(bytes(WORDS)?, terms, idf.len())?;
            match (self.take.kept)(terms) {
                Some(bytes) => vocabulary.with_source(TermSource { bytes, read: vocabulary::read_terms }),
                None => vocabulary,
            }
        };
        Featurizer::new(weighting, vocabulary, idf)
    }

    fn weights(&self, shape: &[usize; 2]) -> Result<Cow<'static, [f32]>> {
        self.floats(WEIGHTS, &shape.map(Some))
    }

    fn floats(&self, name: &str, shape: &[Option<usize>]) -> Result<Cow<'static, [f32]>> {
        view(self.tensors, &name_in(self.kind, name), Dtype::F32, shape)
            .map(|view| (self.take.floats)(view.data()))
    }
}

/// Computes the SHA-256 of a model file, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Writes bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses a header longer than it can be, before anything is parsed.
pub(crate) fn check_length(bytes: &[u8]) -> Result<()> {
    let length = bytes
        .first_chunk::<8>()
        .map(|first| u64::from_le_bytes(*first))
        .ok_or_else(|| Error::model(format!("it has only {} bytes; it is not a model file", bytes.len())))?;
    if length > MAX_HEADER || length > bytes.len() as u64 - 8 {
        return Err(Error::model(format!(
            "its header claims {length} bytes, but the file has {}; it is truncated or not a model file",
            bytes.len()
        )));
    }
    Ok(())
}

/// A tensor of the expected type and shape; `None` in `shape` stands for any length.
pub(crate) fn view<'b>(
    tensors: &SafeTensors<'b>,
    name: &str,
    dtype: Dtype,
    shape: &[Option<usize>],
) -> Result<TensorView<'b>> {
    let view = tensors.tensor(name).map_err(|_| Error::model(format!("it has no tensor `{name}`")))?;
    let fits = view.shape().len() == shape.len()
        && view.shape().iter().zip(shape).all(|(&found, expected)| expected.is_none_or(|e| e == found));
    if view.dtype() != dtype || !fits {
        return Err(Error::model(format!(
            "tensor `{name}` is {:?} {:?}; expected {dtype:?} {shape:?}",
            view.dtype(),
            view.shape()
        )));
    }
    Ok(view)
}

pub(crate) fn floats(tensors: &SafeTensors<'_>, name: &str, shape: &[Option<usize>]) -> Result<Vec<f32>> {
    view(tensors, name, Dtype::F32, shape).map(|view| copied(view.data()).into_owned())
}

/// A tensor to write.
pub(crate) struct Tensor {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Tensor {
    pub(crate) fn bytes(bytes: Vec<u8>) -> Self {
        Tensor { dtype: Dtype::U8, shape: vec![bytes.len()], bytes }
    }

    #[cfg(feature = "train")]
    pub(crate) fn signed_bytes(shape: &[usize], values: &[i8]) -> Self {
        let bytes = values.iter().map(|value| value.cast_unsigned()).collect();
        Tensor { dtype: Dtype::I8, shape: shape.to_vec(), bytes }
    }

    pub(crate) fn floats(shape: &[usize], values: &[f32]) -> Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Tensor { dtype: Dtype::F32, shape: shape.to_vec(), bytes }
    }
}

impl View for Tensor {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

#[cfg(all(test, feature = "bundled-models"))]
mod tests {
    use super::*;
    use crate::model::bundled_stance;

    #[test]
    fn weights_of_static_bytes_stay_where_they_are() {
        let bytes = bundled_stance().unwrap();
        let is_inside = |floats: &[f32]| bytes.as_ptr_range().contains(&floats.as_ptr().cast());
        let (in_place, copied) =
            (Model::from_static_bytes(bytes).unwrap(), Model::from_bytes(bytes).unwrap());
        assert_eq!((&in_place.linear, &in_place.topic), (&copied.linear, &copied.topic));
        assert_eq!(in_place.featurizer.idf(), copied.featurizer.idf());
        assert_eq!(is_inside(in_place.linear.weights()), cfg!(target_endian = "little"));
        assert!(!is_inside(copied.linear.weights()));
    }

    #[test]
    fn terms_of_static_bytes_are_read_again() {
        let bytes = bundled_stance().unwrap();
        let (mut again, copied) =
            (Model::from_static_bytes(bytes).unwrap(), Model::from_bytes(bytes).unwrap());
        again.forget_terms();
        let [again, copied] = [&again, &copied].map(|model| model.featurizer.vocabulary());
        assert_eq!(again.len(), copied.len());
        assert!(again.iter().eq(copied.iter()));
    }

    #[test]
    fn bytes_out_of_line_are_copied() {
        let bytes: &'static [u8] = &[0, 0, 0, 128, 63, 0, 0, 0, 64, 9, 9, 9];
        for start in 0..4 {
            let floats = in_place(&bytes[start..start + 8]);
            assert_eq!(floats.len(), 2, "from byte {start}");
        }
        assert_eq!(*in_place(&bytes[1..9]), [1.0, 2.0]);
    }
}
