//! Tells what R and Python print of many texts from a text.

/// What R prints of a vector.
const OF_R: &str = "it is what R prints of a vector (`[1] \"...\"`), which is not supported; write the texts as a table instead, \
                    for example with R's `write.csv`";
/// What Python prints of a list.
const OF_PYTHON: &str = "it is a list of texts as Python prints it (`['...', '...']`), which is not supported; write them as \
                         a table or as JSON objects instead, one per text";
/// What pandas prints of a table.
const OF_PANDAS: &str = "it is what pandas prints of a table, which shortens texts and is not supported; write it with \
                         `to_csv` instead";

/// What is said of such a text.
pub(crate) fn message(text: &[u8]) -> Option<&'static str> {
    // Nearly every text begins with a letter or a mark.
    let first = text.iter().find(|byte| !matches!(byte, b'\n' | b'\r'))?;
    if !matches!(first, b'[' | b' ' | b'0') {
        return None;
    }
    let trimmed = text.trim_ascii();
    if trimmed.starts_with(b"[1] \"") && trimmed.ends_with(b"\"") {
        return Some(OF_R);
    }
    if is_list(trimmed) {
        return Some(OF_PYTHON);
    }
    is_of_pandas(text).then_some(OF_PANDAS)
}

/// Whether a text is two or more strings in brackets.
fn is_list(text: &[u8]) -> bool {
    let Some(within) = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")) else { return false };
    let is_quote = |byte: Option<&u8>| matches!(byte, Some(b'\'' | b'"'));
    let between = [b"', '", b"\", \"", b"', \"", b"\", '"];
    is_quote(within.first())
        && is_quote(within.last())
        && between.iter().any(|between| memchr::memmem::find(within, *between).is_some())
}

/// Whether the lines are numbered from 0 on, and behind the numbers stand blanks. The first line
/// may be the names.
fn is_of_pandas(text: &[u8]) -> bool {
    const MIN_ROWS: usize = 3;
    let mut lines = text.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).peekable();
    if lines.peek().is_some_and(|first| first.starts_with(b"  ")) {
        lines.next();
    }
    let is_row = |number: usize, line: Option<&[u8]>| {
        let rest = line.and_then(|line| line.strip_prefix(number.to_string().as_bytes()));
        rest.is_some_and(|rest| rest.starts_with(b"  "))
    };
    (0..MIN_ROWS).all(|number| is_row(number, lines.next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_r_and_python_print_is_told() {
        for (text, expected) in [
            ("[1] \"It rained.\"\n[2] \"It snowed.\"\n", OF_R),
            ("['It rained.', \"It's wet.\"]\n", OF_PYTHON),
            ("[\"It rained.\", \"It snowed.\"]", OF_PYTHON),
            (
                "            text label\n0   It rained...   for\n1   It snowed...  none\n2   Nobody came   for\n",
                OF_PANDAS,
            ),
            (
                "0    It rained...\n1    It snowed...\n2    Nobody came\n3    So\nName: text, dtype: object\n",
                OF_PANDAS,
            ),
        ] {
            assert_eq!(message(text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "[1] Lee, On ink.\n",
            "[\"It rained,\" she said.]",
            "[It rained]",
            "  It rained\n0 times\n1 time\n",
            "0. Ink\n1. Paper\n2. Rain\n",
            "\n",
            "",
        ] {
            assert_eq!(message(text.as_bytes()), None, "{text}");
        }
    }
}
