//! Reads the option `--block KIND[:key=value,...]`.

use crate::Named;
use crate::cli::values::range;
use crate::model::BlockKind;
use crate::train::BlockSettings;

/// The kinds that can be asked for.
const KINDS: [BlockKind; 3] = [BlockKind::Stems, BlockKind::Words, BlockKind::Characters];

/// `characters` or `words:ngrams=1-2,min-df=2,weight=0.5`: what is not said is as
/// [`BlockSettings::new`] has it.
pub fn block(written: &str) -> Result<BlockSettings, String> {
    let (kind, rest) = written.split_once(':').unwrap_or((written, ""));
    let kind = KINDS
        .into_iter()
        .find(|known| known.name() == kind.trim())
        .ok_or_else(|| format!("expected a block of {}", KINDS.map(BlockKind::name).join(", ")))?;
    let mut block = BlockSettings::new(kind);
    for pair in rest.split(',').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or_else(|| format!("`{pair}`: expected key=value"))?;
        let value = value.trim();
        match key.trim() {
            "ngrams" => block.ngrams = range(value)?,
            "min-df" => {
                block.min_df =
                    value.parse().map_err(|_| format!("min-df `{value}`: expected a number of rows"))?;
            }
            "weight" => {
                block.weight = value.parse().map_err(|_| format!("weight `{value}`: expected a number"))?;
            }
            other => return Err(format!("`{other}`: expected ngrams, min-df or weight")),
        }
    }
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_read_as_it_is_said() {
        let of = BlockSettings::new;
        assert_eq!(block("characters"), Ok(of(BlockKind::Characters)));
        let expected = BlockSettings { ngrams: (1, 3), min_df: 5, weight: 0.5, ..of(BlockKind::Words) };
        assert_eq!(block("words:ngrams=1-3,min-df=5,weight=0.5"), Ok(expected.clone()));
        assert_eq!(block(&expected.to_string()), Ok(expected));
        for (wrong, found) in [
            ("letters", "stems, words, characters"),
            ("vectors", "stems, words, characters"),
            ("words:ngrams", "key=value"),
            ("words:ngrams=a", "a range such as 1-2"),
            ("words:min-df=-1", "min-df `-1`"),
            ("words:weight=much", "weight `much`"),
            ("words:size=1", "`size`: expected ngrams"),
        ] {
            assert!(block(wrong).unwrap_err().contains(found), "{wrong}");
        }
    }
}
