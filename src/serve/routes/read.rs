//! Scores and explains texts that are pasted or dropped. They are not added to the archive.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::{Router, routing};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::read::{Input, InputOptions, Inputs};
use crate::serve::answer::{Answer, Refusal, in_background, json};
use crate::serve::csrf;
use crate::serve::document::{About, DocumentView, Explainer};
use crate::serve::request::{Sent, SentBytes};
use crate::serve::state::App;
use crate::text::{Document, Record};

/// The most documents of a file that are shown.
const MAX_DOCUMENTS: usize = 20;
/// The most records of a file that are counted.
const MAX_COUNTED: usize = 100_000;
/// The most errors that are told.
const MAX_NOTES: usize = 5;
/// The longest name of a file, in characters.
const MAX_NAME: usize = 200;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/api/read", routing::post(read)).route(csrf::FILE, routing::post(read_file))
}

#[derive(Deserialize)]
struct Pasted {
    text: String,
    title: Option<String>,
}

#[derive(Default, Serialize)]
struct Documents {
    documents: Vec<DocumentView>,
    /// Documents of the file that are not shown.
    more: usize,
    notes: Vec<String>,
}

async fn read(State(app): State<Arc<App>>, Sent(pasted): Sent<Pasted>) -> Answer {
    let documents = in_background(move || app.read_pasted(pasted)).await?;
    json(&documents)
}

async fn read_file(State(app): State<Arc<App>>, headers: HeaderMap, SentBytes(bytes): SentBytes) -> Answer {
    let name =
        headers.get("x-file-name").and_then(|name| name.to_str().ok()).map_or(String::new(), file_name);
    let documents = in_background(move || app.read_file(name, bytes)).await?;
    json(&documents)
}

/// The last part of a name: it says what format the bytes may have, and opens nothing.
fn file_name(encoded: &str) -> String {
    let decoded = percent_decode_str(encoded).decode_utf8_lossy();
    let last = decoded.rsplit(['/', '\\']).next().unwrap_or("");
    let name: String = last.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    if name.trim().is_empty() || name == "-" { "file".to_owned() } else { name }
}

impl App {
    fn read_pasted(&self, pasted: Pasted) -> Result<Documents, Refusal> {
        let max_record = self.input_options.max_record;
        if pasted.text.len() > max_record {
            let message = format!("the text has more than {} MB", max_record >> 20);
            return Err(Refusal::bad_request(message).with_hint("give it to the program as a file"));
        }
        let current = self.workspace.current();
        let title = pasted.title.filter(|title| !title.trim().is_empty());
        let mut record = Record::new(pasted.text);
        if let Some(title) = &title {
            record = record.with_title(title.clone());
        }
        let prepared = current.classifier.model().preparation.prepare_record(&record);
        let document = Document {
            title: prepared.title,
            extraction: prepared.extraction,
            ..Document::new("pasted text", prepared.text)
        };
        let about = About { id: document.id.clone(), title, ..About::default() };
        let mut explainer = Explainer::new(&current.classifier, self.loaded.as_ref());
        Ok(Documents { documents: vec![explainer.explain(&document, about)], ..Documents::default() })
    }

    fn read_file(&self, name: String, bytes: Vec<u8>) -> Result<Documents, Refusal> {
        let current = self.workspace.current();
        let preparation = current.classifier.model().preparation.clone();
        let options = InputOptions { preparation, ..self.input_options.clone() };
        let inputs = Inputs::new([Input::from_bytes(name, bytes)], options.clone());
        let of_file = inputs.notes();
        let mut explainer = Explainer::new(&current.classifier, self.loaded.as_ref());
        let mut found = Documents::default();
        let mut first = None;
        for raw in inputs {
            if found.documents.len() == MAX_DOCUMENTS {
                found.more += usize::from(raw.is_ok());
                if found.more == MAX_COUNTED {
                    break;
                }
                continue;
            }
            match raw.and_then(|raw| raw.document(&options)) {
                Ok(document) => {
                    let about =
                        About { id: document.id.clone(), title: document.title.clone(), ..About::default() };
                    found.documents.push(explainer.explain(&document, about));
                }
                Err(error) => {
                    let refusal = Refusal::from(error);
                    if found.notes.len() < MAX_NOTES {
                        found.notes.push(refusal.error.clone());
                    }
                    first.get_or_insert(refusal);
                }
            }
        }
        found.notes.extend(of_file.lines());
        match first {
            Some(refusal) if found.documents.is_empty() => Err(refusal),
            _ => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_name_only_the_last_part_is_taken() {
        assert_eq!(file_name("%C3%A9t%C3%A9.csv"), "été.csv");
        for (sent, name) in [
            ("..%2F..%2Fetc%2Fpasswd", "passwd"),
            ("/etc/passwd", "passwd"),
            ("C:%5Cnews%5Ca.txt", "a.txt"),
            ("-", "file"),
            ("", "file"),
            ("a%00b%0A.csv", "ab.csv"),
            ("news/", "file"),
        ] {
            assert_eq!(file_name(sent), name);
        }
        assert_eq!(file_name(&"x".repeat(5000)).len(), MAX_NAME);
    }
}
