//! Joins the parts of a text that is a list, as Telegram exports messages with links or bold words:
//! `["It rained in ", {"type": "bold", "text": "Kyiv"}, "."]`.

use serde_json::Value;
use serde_json::value::RawValue;

/// The text of such a list. `None` for other values, such as a list of several texts: a part with a
/// type tells that the list is one text.
pub(super) fn join(value: &RawValue) -> Option<String> {
    if !value.get().starts_with('[') {
        return None;
    }
    let parts: Vec<Value> = serde_json::from_str(value.get()).ok()?;
    let has_type = |part: &Value| part.get("type").is_some_and(Value::is_string);
    if !parts.iter().any(has_type) {
        return None;
    }
    parts.iter().map(|part| part.as_str().or_else(|| part.get("text")?.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(written: &str) -> Option<String> {
        join(&RawValue::from_string(written.to_owned()).unwrap())
    }

    #[test]
    fn parts_of_one_text_are_joined() {
        let written = r#"["It rained in ", {"type": "bold", "text": "Kyiv"}, ".\n"]"#;
        assert_eq!(joined(written).as_deref(), Some("It rained in Kyiv.\n"));
        assert_eq!(joined(r#"[{"type": "plain", "text": "Ink."}]"#).as_deref(), Some("Ink."));
    }

    #[test]
    fn other_lists_are_not() {
        for written in [
            r#"["It rained.", "It snowed."]"#,
            r#"[{"text": "It rained."}]"#,
            r#"["a", {"type": "bold"}]"#,
            r#"[{"type": "bold", "text": 7}]"#,
            "[]",
            "\"It rained.\"",
            "{}",
            "7",
        ] {
            assert_eq!(joined(written), None, "{written}");
        }
    }
}
