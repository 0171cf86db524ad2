//! Tells a text that is an object or a list of texts from a text in brackets.

use serde_json::Value;

/// Whether a text is an object or a list of JSON with a string in it, or a list of strings as
/// Python prints it.
pub(super) fn is_structure(text: &str) -> bool {
    let text = text.trim();
    match (text.as_bytes().first(), text.as_bytes().last()) {
        (Some(b'{'), Some(b'}')) => holds_string(text),
        (Some(b'['), Some(b']')) => holds_string(text) || is_list_of_python(text),
        _ => false,
    }
}

fn holds_string(text: &str) -> bool {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => members.values().any(has_string),
        Ok(Value::Array(elements)) => elements.iter().any(has_string),
        _ => false,
    }
}

fn has_string(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(elements) => elements.iter().any(has_string),
        Value::Object(members) => members.values().any(has_string),
        _ => false,
    }
}

/// Python takes double quotation marks for a string with an apostrophe.
fn is_list_of_python(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or("");
    inside.starts_with(['\'', '"']) && inside.ends_with(['\'', '"']) && inside.len() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_lists_are_told() {
        for text in [
            r#"{"text": "It rained."}"#,
            r#" [{"text": "It rained."}]"#,
            r#"["It rained.", "It snowed."]"#,
            r#"{"a": {"b": ["It rained."]}}"#,
            r"['It rained.', 'It snowed.']",
            r#"["It's wet.", 'It snowed.']"#,
        ] {
            assert!(is_structure(text), "{text}");
        }
        for text in [
            "It rained.",
            "[It rained.]",
            "{It rained.}",
            "[1]",
            "[]",
            "{}",
            "[1, 2]",
            "{{cite}}",
            "[sic] [sic]",
            "[\"It rained,\" she said.]",
            "{\"text\": \"It rained.",
            "",
        ] {
            assert!(!is_structure(text), "{text}");
        }
    }
}
