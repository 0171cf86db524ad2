//! Holds the bytes of the models that ship with the library, and what was measured about them.

use crate::model::digest;

/// Hexadecimal digits of a model's hash in its id.
pub(crate) const ID_DIGITS: usize = 12;

/// Bytes that begin where a number of eight bytes may, so that the floats in them are aligned and
/// need no copy.
#[cfg(feature = "bundled-models")]
#[repr(C, align(8))]
struct Aligned<B: ?Sized>(B);

#[cfg(feature = "bundled-models")]
static STANCE: &Aligned<[u8]> = &Aligned(*include_bytes!("../../models/stance.safetensors"));

#[cfg(feature = "bundled-models")]
static LOADED_LANGUAGE: &Aligned<[u8]> = &Aligned(*include_bytes!("../../models/loaded.safetensors"));

/// The bytes of the bundled stance model; `None` in a build without the feature `bundled-models`.
pub fn bundled_stance() -> Option<&'static [u8]> {
    #[cfg(feature = "bundled-models")]
    {
        Some(&STANCE.0)
    }
    #[cfg(not(feature = "bundled-models"))]
    {
        None
    }
}

/// The bytes of the bundled loaded-language model; `None` in a build without the feature
/// `bundled-models`.
pub fn bundled_loaded_language() -> Option<&'static [u8]> {
    #[cfg(feature = "bundled-models")]
    {
        Some(&LOADED_LANGUAGE.0)
    }
    #[cfg(not(feature = "bundled-models"))]
    {
        None
    }
}

/// How often the bundled stance model was right on printed texts of outlets that it never saw. Its
/// own held-out figures are about training text, which was written for the purpose and is easier.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PrintedTextAccuracy {
    /// Paragraphs measured, and the share whose likeliest label was right.
    pub paragraphs: (u64, f64),
    /// Articles measured, and the share whose likeliest label was right.
    pub articles: (u64, f64),
}

/// As `models/stance.md` reports it.
const MEASURED: PrintedTextAccuracy =
    PrintedTextAccuracy { paragraphs: (684, 0.753), articles: (167, 0.856) };

/// Whether the model of this id is the bundled stance model, whatever its file is called.
pub fn is_bundled_stance(model_id: &str) -> bool {
    let Some((_, hash)) = model_id.rsplit_once('@') else { return false };
    hash.len() >= ID_DIGITS && bundled_stance().is_some_and(|bytes| digest(bytes).starts_with(hash))
}

/// The accuracy of the model of this id on printed texts, if it is the bundled stance model.
pub fn printed_text_accuracy(model_id: &str) -> Option<PrintedTextAccuracy> {
    is_bundled_stance(model_id).then_some(MEASURED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_model_card() {
        let card = include_str!("../../models/stance.md").split_whitespace().collect::<Vec<_>>().join(" ");
        let PrintedTextAccuracy { paragraphs, articles } = MEASURED;
        let told = format!(
            "Accuracy is {:.3} on all paragraphs and {:.3} on all articles.",
            paragraphs.1, articles.1
        );
        assert!(card.contains(&told), "{told}");
        for (name, (count, _)) in [("paragraphs", paragraphs), ("articles", articles)] {
            assert!(card.contains(&format!("| {name} | {count} | 0.")), "{name} {count}");
        }
    }

    #[cfg(feature = "bundled-models")]
    #[test]
    fn they_belong_to_the_bundled_model_alone() {
        let hash = digest(bundled_stance().unwrap());
        assert_eq!(printed_text_accuracy(&format!("renamed@{}", &hash[..12])), Some(MEASURED));
        for other in ["stance@0123456789ab", "stance", "stance@", "stance@0"] {
            assert_eq!(printed_text_accuracy(other), None, "{other}");
        }
    }
}
