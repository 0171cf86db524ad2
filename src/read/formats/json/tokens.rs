//! Reads the numbers that Python's json writes though JSON has none such.

const TOKENS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// The same JSON with `null` for each `NaN`, `Infinity` and `-Infinity` outside strings; `None`
/// where there is none.
pub(super) fn with_nan_as_null(written: &str) -> Option<String> {
    if !TOKENS.iter().any(|token| written.contains(token)) {
        return None;
    }
    let mut out = String::with_capacity(written.len());
    let (mut rest, mut replaced) = (written, false);
    while let Some(at) = rest.find(['"', 'N', 'I', '-']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let token = TOKENS.iter().find(|token| from.starts_with(**token));
        let length = match token {
            Some(token) if stands_alone(out.as_bytes(), from.get(token.len()..).unwrap_or("")) => {
                out.push_str("null");
                replaced = true;
                token.len()
            }
            _ => {
                let length = if from.starts_with('"') { string_length(from) } else { 1 };
                out.push_str(from.get(..length).unwrap_or(from));
                length
            }
        };
        rest = from.get(length..).unwrap_or("");
    }
    out.push_str(rest);
    replaced.then_some(out)
}

/// Whether a value may stand between these.
fn stands_alone(before: &[u8], after: &str) -> bool {
    let begins = before.trim_ascii_end().last().is_some_and(|byte| matches!(byte, b':' | b'[' | b','));
    let after = after.trim_start();
    begins && (after.is_empty() || after.starts_with([',', ']', '}']))
}

/// Bytes of the string that a text begins with, with its quotation marks.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_numbers_become_null_outside_strings() {
        for (written, expected) in [
            (r#"{"a": NaN}"#, Some(r#"{"a": null}"#)),
            (r#"{"a":[Infinity,-Infinity , 1]}"#, Some(r#"{"a":[null,null , 1]}"#)),
            (r#"{"a":"NaN","b":"\": NaN,"}"#, None),
            (r#"{"a":NaNo,"b":-NaN}"#, None),
            (r#"{"a":"x","b":NaN,"c":"é -1"}"#, Some(r#"{"a":"x","b":null,"c":"é -1"}"#)),
            (r#"{"NaN": 1}"#, None),
        ] {
            assert_eq!(with_nan_as_null(written).as_deref(), expected, "{written}");
        }
    }
}
