//! Finds the value of a column in an object: under its name, or at the path that the name is.
//!
//! A path is keys with points between them: `data.text`. A number names an element of a list,
//! counted from 0; without one, the only element that has the rest of the path is meant.

use serde_json::value::RawValue;

use crate::error::list;
use crate::read::formats::json::object::Object;
use crate::read::formats::json::tokens::with_nan_as_null;
use crate::read::tables::text_column;

/// Why a path leads to no value: a sentence without its subject.
pub(super) type Fault = String;

/// Most lists and objects inside each other that a path leads through.
const MAX_STEPS: usize = 64;
/// How deep a name is looked for that stands at no place where it was expected.
const MAX_SEARCHED: usize = 3;

/// The value at a path. A key that is the whole path wins.
pub(super) fn find<'a>(object: &Object<'a>, path: &str) -> Result<Option<&'a RawValue>, Fault> {
    find_within(object, path, MAX_STEPS)
}

/// Whether an object, as it is written, has a value at a path.
pub(super) fn has(written: &str, path: &str) -> bool {
    let has = |written: &str| {
        let object = serde_json::from_str::<Object<'_>>(written).ok();
        object.map(|object| matches!(find(&object, path), Ok(Some(_)) | Err(_)))
    };
    has(written).or_else(|| has(&with_nan_as_null(written)?)).unwrap_or(false)
}

/// Whether the first step of a path can be gone.
pub(super) fn begins(object: &Object<'_>, path: &str) -> bool {
    splits(path).any(|(key, _)| object.values.contains_key(key))
}

/// What to say of an object that has no value under a name: the path where it stands, or the list
/// whose objects are the records.
pub(super) fn hint(object: &Object<'_>, name: &str) -> Option<String> {
    if let Some(path) = elsewhere(object, name, MAX_SEARCHED) {
        return Some(format!("it is at `{path}`; give that path as the column"));
    }
    let find = |first: &Object<'_>, depth| match first.values.contains_key(name) {
        true => Some(name.to_owned()),
        false => elsewhere(first, name, depth),
    };
    match lists_with(object, MAX_SEARCHED, &find).as_slice() {
        [] => {}
        [(list, inner)] if !list.contains('.') && inner != name => {
            return Some(format!(
                "the objects in its list `{list}` have it at `{inner}`; give that path as the column"
            ));
        }
        [(list, _)] => {
            return Some(format!(
                "the objects in its list `{list}` have it; write them one per line, for example with `jq -c '.{list}[]'`"
            ));
        }
        [(first, _), ..] => {
            return Some(format!(
                "several of its lists hold objects that have it; write those of one list one per line, for example with \
                 `jq -c '.{first}[]'`"
            ));
        }
    }
    let lists = object.values.iter().filter_map(|(key, value)| Some((key, first_object(value)?)));
    let lists: Vec<(&String, Object<'_>)> = lists.collect();
    let [(key, first)] = lists.as_slice() else { return deep_list(object) };
    if !first.values.keys().any(|key| text_column::is_likely(key)) {
        return deep_list(object);
    }
    let keys: Vec<String> = first.values.keys().cloned().collect();
    Some(format!(
        "the objects in its list `{key}` have {}; if they are the records, give one of these as the column",
        list(&keys)
    ))
}

/// What to say of an object in which one list, at any place, has objects with a likely text.
fn deep_list(object: &Object<'_>) -> Option<String> {
    let found = lists_with(object, MAX_SEARCHED, &|first, _| likely_text(first));
    let [(list, column)] = found.as_slice() else { return None };
    Some(match list.contains('.') {
        true => format!(
            "the objects in its list `{list}` have `{column}`; if they are the records, write them one per line, for example with \
             `jq -c '.{list}[]'`, and give `{column}` as the column"
        ),
        false => format!(
            "the objects in its list `{list}` have `{column}`; if they are the records, give that path as the column"
        ),
    })
}

/// Where an object has a likely text: under its own keys, or in an object inside it.
fn likely_text(object: &Object<'_>) -> Option<String> {
    let is_text =
        |(key, value): &(&String, &&RawValue)| text_column::is_likely(key) && value.get().starts_with('"');
    let here = object.values.iter().find(is_text).map(|(name, _)| name.clone());
    here.or_else(|| like(object, text_column::is_likely))
}

/// The path to a string under a key that is like what is looked for, in an object inside another.
pub(super) fn like(object: &Object<'_>, is_like: fn(&str) -> bool) -> Option<String> {
    like_within(object, is_like, MAX_SEARCHED)
}

fn like_within(object: &Object<'_>, is_like: fn(&str) -> bool, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    object.values.iter().find_map(|(key, value)| {
        let inner: Object<'_> = serde_json::from_str(value.get()).ok()?;
        let is_text = |(key, value): &(&String, &&RawValue)| is_like(key) && value.get().starts_with('"');
        let found = match inner.values.iter().find(is_text) {
            Some((name, _)) => Some(name.clone()),
            None => like_within(&inner, is_like, depth),
        };
        found.map(|found| format!("{key}.{found}"))
    })
}

/// The first object of a list.
fn first_object<'a>(value: &'a RawValue) -> Option<Object<'a>> {
    let elements: Vec<&'a RawValue> = serde_json::from_str(value.get()).ok()?;
    serde_json::from_str(elements.first()?.get()).ok()
}

/// The paths to the lists of objects in which `find` finds a value, and where it stands in them.
fn lists_with(
    object: &Object<'_>,
    depth: usize,
    find: &dyn Fn(&Object<'_>, usize) -> Option<String>,
) -> Vec<(String, String)> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let mut found = Vec::new();
    for (key, value) in &object.values {
        if let Some(first) = first_object(value) {
            found.extend(find(&first, depth).map(|inner| (key.clone(), inner)));
        } else if let Ok(inner) = serde_json::from_str::<Object<'_>>(value.get()) {
            let below = lists_with(&inner, depth, find).into_iter();
            found.extend(below.map(|(list, inner)| (format!("{key}.{list}"), inner)));
        }
    }
    found
}

fn elsewhere(object: &Object<'_>, name: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    object.values.iter().find_map(|(key, value)| {
        let inner: Object<'_> = serde_json::from_str(value.get()).ok()?;
        let found = match inner.values.contains_key(name) {
            true => Some(name.to_owned()),
            false => elsewhere(&inner, name, depth),
        };
        found.map(|found| format!("{key}.{found}"))
    })
}

fn find_within<'a>(object: &Object<'a>, path: &str, steps: usize) -> Result<Option<&'a RawValue>, Fault> {
    let once = |key: &str| match object.repeated.contains(key) {
        true => Err("the object has this key more than once; keep one of them".to_owned()),
        false => Ok(()),
    };
    if let Some(value) = object.values.get(path) {
        once(path)?;
        return Ok(Some(value));
    }
    for (key, rest) in splits(path) {
        let Some(value) = object.values.get(key) else { continue };
        once(key)?;
        if let Some(found) = step(value, key, rest, steps)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Goes on from a value, which stands under `key`.
fn step<'a>(value: &'a RawValue, key: &str, rest: &str, steps: usize) -> Result<Option<&'a RawValue>, Fault> {
    let Some(steps) = steps.checked_sub(1) else {
        return Err(format!("its lists are more than {MAX_STEPS} deep"));
    };
    if value.get().starts_with('{') {
        return match serde_json::from_str::<Object<'a>>(value.get()) {
            Ok(object) => find_within(&object, rest, steps),
            Err(_) => Ok(None),
        };
    }
    let Ok(elements) = serde_json::from_str::<Vec<&'a RawValue>>(value.get()) else { return Ok(None) };
    let (first, behind) = rest.split_once('.').map_or((rest, None), |(first, behind)| (first, Some(behind)));
    if let Ok(number) = first.parse::<usize>() {
        let Some(element) = elements.get(number) else { return Ok(None) };
        return behind.map_or(Ok(Some(element)), |behind| step(element, first, behind, steps));
    }
    let mut found: Option<&RawValue> = None;
    for element in &elements {
        let Some(value) = step(element, key, rest, steps)? else { continue };
        if found.is_some_and(|found| found.get() != value.get()) {
            let count = elements.len();
            return Err(format!(
                "`{key}` is a list of {count} with different values there; name one by its number: `{key}.0.{rest}`"
            ));
        }
        found = Some(value);
    }
    Ok(found)
}

/// The ways to cut a path in two at a point.
fn splits(path: &str) -> impl Iterator<Item = (&str, &str)> {
    path.match_indices('.').filter_map(|(at, _)| Some((path.get(..at)?, path.get(at + 1..)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(object: &str, path: &str) -> Result<Option<String>, Fault> {
        let object: Object<'_> = serde_json::from_str(object).unwrap();
        find(&object, path).map(|found| found.map(|value| value.get().to_owned()))
    }

    fn found(object: &str, path: &str) -> Option<String> {
        value(object, path).unwrap()
    }

    #[test]
    fn a_path_leads_through_objects_and_lists() {
        let task = r#"{"data":{"text":"x","a.b":1},"data.id":7,
            "annotations":[{"result":[{"value":{"choices":["for"]}},{"note":1}]}],"tags":["a","b"],"none":[]}"#;
        for (path, expected) in [
            ("data.text", Some("\"x\"")),
            ("data.a.b", Some("1")),
            ("data.id", Some("7")),
            ("data.date", None),
            ("annotations.0.result.0.value.choices.0", Some("\"for\"")),
            ("annotations.result.value.choices", Some("[\"for\"]")),
            ("annotations.1.result", None),
            ("none.result", None),
            ("tags.1", Some("\"b\"")),
            ("tags.name", None),
            ("data.text.more", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(found(task, path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn several_values_are_told_and_the_same_one_is_one() {
        let two = r#"{"a":[{"b":1},{"b":2}],"c":[{"b":1},{"b":1}]}"#;
        assert!(value(two, "a.b").unwrap_err().contains("list of 2 with different values"));
        assert_eq!(found(two, "a.1.b").as_deref(), Some("2"));
        assert_eq!(found(two, "c.b").as_deref(), Some("1"));
        let twice = r#"{"a":{"b":1,"b":2}}"#;
        assert!(value(twice, "a.b").unwrap_err().contains("more than once"));
    }

    #[test]
    fn lists_in_lists_have_an_end() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        assert!(value(&deep, "a.b").unwrap_err().contains("deep"));
    }

    #[test]
    fn a_name_that_stands_elsewhere_is_found() {
        let hint = |object: &str| super::hint(&serde_json::from_str(object).unwrap(), "text");
        assert!(hint(r#"{"id":1,"data":{"meta":{"text":"x"}}}"#).unwrap().contains("`data.meta.text`"));
        assert!(hint(r#"{"n":1,"articles":[{"title":"x","content":"y"}]}"#).unwrap().contains("`content`"));
        assert_eq!(hint(r#"{"n":1}"#), None);
        for (object, expected) in [
            (r#"{"meta":{"items":[{"text":"x"}]}}"#, "`jq -c '.meta.items[]'`"),
            (r#"{"a":[{"text":"x"}],"b":[{"text":"y"}]}"#, "several of its lists"),
            (r#"{"n":1,"items":[{"more":{"text":"x"}}]}"#, "`items` have it at `more.text`"),
            (
                r#"{"found":{"n":1,"items":[{"body":"x"}]}}"#,
                "`jq -c '.found.items[]'`, and give `body` as the column",
            ),
            (r#"{"items":[{"post":{"content":"x"}}]}"#, "`items` have `post.content`"),
        ] {
            assert!(hint(object).unwrap().contains(expected), "{object}");
        }
        assert_eq!(hint(r#"{"txt":"x","options":[{"id":1}]}"#), None);
        let like = |object: &str| super::like(&serde_json::from_str(object).unwrap(), text_column::is_likely);
        assert_eq!(like(r#"{"post":{"n":1,"full_text":"x"}}"#).as_deref(), Some("post.full_text"));
        assert_eq!(like(r#"{"post":{"content":{"rendered":1}}}"#), None);
    }
}
