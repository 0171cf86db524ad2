//! Finds the guideline that the page shows beside the texts: a file, or the codebook of the bundled
//! model.

use std::path::Path;

use anyhow::Context as _;

/// The most bytes of a guideline.
const MAX_BYTES: u64 = 1 << 20;

/// The codebook by which the texts of the bundled model were labeled.
#[cfg(feature = "bundled-models")]
const CODEBOOK: Option<&str> = Some(include_str!("../../data/CODEBOOK.md"));
#[cfg(not(feature = "bundled-models"))]
const CODEBOOK: Option<&str> = None;

/// Stands before and behind what is about the project's own files.
const PROJECT: [&str; 2] = ["<!-- project -->\n", "<!-- /project -->\n"];
/// Stands before and behind what is for coders only, and what no reader of the file sees.
const CODERS: [&str; 2] = ["<!-- coders\n", "-->\n"];

/// Reads the guideline of a file.
pub fn read(file: &Path) -> anyhow::Result<String> {
    let failed = || format!("{}: cannot read the guideline", file.display());
    let size = std::fs::metadata(file).with_context(failed)?.len();
    if size > MAX_BYTES {
        anyhow::bail!("{}: the guideline has {size} bytes; expected at most {MAX_BYTES}", file.display());
    }
    std::fs::read_to_string(file).with_context(failed)
}

/// The codebook of the bundled model as coders need it.
pub fn bundled() -> Option<String> {
    // A checkout on Windows may have other line ends.
    CODEBOOK.map(|codebook| for_coders(&codebook.replace("\r\n", "\n")))
}

/// Leaves out what is about the project's files, and takes in what is for coders.
fn for_coders(codebook: &str) -> String {
    let mut out = String::new();
    let mut rest = codebook;
    let next = |rest: &str| {
        let at = |marks: [&'static str; 2]| rest.find(marks[0]).map(|at| (at, marks));
        at(PROJECT).into_iter().chain(at(CODERS)).min_by_key(|(at, _)| *at)
    };
    while let Some((at, marks)) = next(rest) {
        let [begin, end] = marks;
        let (before, from) = rest.split_at(at);
        let inside = from.strip_prefix(begin).unwrap_or("");
        let Some((inside, after)) = inside.split_once(end) else { break };
        out.push_str(before);
        out.push_str(if marks == CODERS { inside } else { "" });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coders_get_what_is_for_them_and_nothing_about_the_files() {
        let codebook = "# Labels\n<!-- project -->\nof the files\n<!-- /project -->\n<!-- coders\n### Fits none\n-->\nRules\n";
        assert_eq!(for_coders(codebook), "# Labels\n### Fits none\nRules\n");
        assert_eq!(for_coders("a <!-- project -->\nb"), "a <!-- project -->\nb");
    }

    #[test]
    #[cfg(feature = "bundled-models")]
    fn the_codebook_speaks_of_no_file_and_no_button_that_is_not_there() {
        let guideline = bundled().unwrap();
        for word in ["<!--", "-->", "the data", "training files", "`hard`", "off-topic", "a 1:"] {
            assert!(!guideline.contains(word), "{word}: {guideline}");
        }
        assert!(guideline.contains("### Fits none") && guideline.contains("### neutral-analysis"));
    }
}
