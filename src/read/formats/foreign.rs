//! Tells text that is written for other programs, and whose signs would be scored as words:
//! references, LaTeX, subtitles with styles, collections of documents between tags.

/// What is said of such a text, which begins so.
struct Foreign {
    is: fn(&str) -> bool,
    message: &'static str,
}

const KINDS: [Foreign; 5] = [
    Foreign {
        is: is_ris,
        message: "it is a list of references in RIS, which is not supported; export it as CSV, with one text per row",
    },
    Foreign {
        is: is_bibtex,
        message: "it is a list of references in BibTeX, which is not supported; export it as CSV, with one text per row",
    },
    Foreign {
        is: |head| head.starts_with("\\documentclass"),
        message: "it is LaTeX, which is not supported; convert it to text first, for example with `pandoc -t plain`",
    },
    Foreign {
        is: |head| head.starts_with("[Script Info]"),
        message: "it is subtitles of SubStation Alpha (.ass), which are not supported; convert them to .srt first, for example \
                  with `ffmpeg`",
    },
    Foreign {
        is: is_collection,
        message: "it is a collection of documents between tags, as TREC, Gigaword, Reuters-21578 and WikiExtractor have it, \
                  which is not supported; write one JSON object per document",
    },
];

/// What is said of a text that only other programs read.
pub(crate) fn message(text: &[u8]) -> Option<&'static str> {
    /// As far as is looked; the first tag may be long.
    const HEAD: usize = 4 << 10;
    // Nearly every text begins with something else.
    let begins = text.trim_ascii_start().first()?;
    if !matches!(begins, b'T' | b'@' | b'%' | b'\\' | b'[' | b'<') {
        return None;
    }
    let head = String::from_utf8_lossy(text.get(..HEAD).unwrap_or(text));
    let head = head.trim_start();
    KINDS.iter().find(|kind| (kind.is)(head)).map(|kind| kind.message)
}

/// Whether the first lines are a type and further fields: `TY  - NEWS`.
fn is_ris(head: &str) -> bool {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let is_field = |line: &str| {
        let (tag, rest) = line.split_at_checked(2).unwrap_or(("", line));
        tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) && rest.starts_with("  -")
    };
    lines.next().is_some_and(|line| line.starts_with("TY  -")) && lines.next().is_some_and(is_field)
}

/// Whether it begins with an entry: `@article{key,`.
fn is_bibtex(head: &str) -> bool {
    let entry = head.strip_prefix('@').and_then(|entry| entry.split_once('{'));
    entry.is_some_and(|(kind, rest)| {
        let key = rest.lines().next().unwrap_or("").trim_end();
        !kind.is_empty()
            && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
            && key.ends_with(',')
            && !key.contains(' ')
    })
}

/// Whether it begins with the tag of a document that has a number, or with the tag of that number;
/// the files of Reuters-21578 begin with a type of their own.
fn is_collection(head: &str) -> bool {
    let lower = head.to_ascii_lowercase();
    if lower.starts_with("<!doctype lewis") {
        return true;
    }
    let Some(tag) = lower.strip_prefix("<doc") else { return false };
    match tag.split_once('>') {
        Some(("", rest)) => {
            rest.trim_start().starts_with("<docno>") || rest.trim_start().starts_with("<docid>")
        }
        Some((attributes, _)) => attributes.trim_start().starts_with("id=") && attributes.starts_with(' '),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> &'static str {
        message(text.as_bytes()).unwrap_or("")
    }

    #[test]
    fn text_for_other_programs_is_told() {
        for (text, what) in [
            ("TY  - NEWS\nTI  - On ink\nER  - \n", "RIS"),
            ("\n@article{lee2024,\n title = {On ink}\n}\n", "BibTeX"),
            ("\\documentclass[a4paper]{article}\n", "LaTeX"),
            ("[Script Info]\nTitle: Ink\n", ".srt"),
            (
                "<doc id=\"12\" url=\"https://example.org\" title=\"Ink\">\nInk\n\nIt rained.\n</doc>\n",
                "one JSON object",
            ),
            ("<DOC id=\"NYT_ENG_20240517.0001\" type=\"story\" >\n", "one JSON object"),
            ("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS>", "one JSON object"),
            ("<DOC>\n<DOCNO> AP890101-0001 </DOCNO>\n", "one JSON object"),
        ] {
            assert!(told(text).contains(what), "{text}: {}", told(text));
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "TY for the ink.\nIt rained.",
            "TY  - she wrote\nIt rained.",
            "@ann {sic} it rained",
            "@ann, it rained {here,\n",
            "[Script] It rained.",
            "<doc> It rained.",
            "<doc title=\"Ink\">",
            "<doctor>",
            "\\section",
            "",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }
}
