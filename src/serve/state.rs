//! Holds what all requests share.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::HeaderValue;

use crate::classifier::Classifier;
use crate::error::{Error, Position};
use crate::labeling::Workspace;
use crate::read::InputOptions;
use crate::serve::answer::Refusal;
use crate::serve::answered::Answered;
use crate::serve::browser;
use crate::serve::failure::Failure;
use crate::serve::gate::Gate;

/// What all requests share.
#[derive(Debug)]
pub(super) struct App {
    pub(super) gate: Arc<Gate>,
    /// The archive, what was decided about it, and the model in use.
    pub(super) workspace: Arc<Workspace>,
    /// Answers for requests that come again.
    pub(super) answered: Answered,
    /// The loaded-language model by itself.
    pub(super) loaded: Option<Classifier>,
    /// How files that are dropped on the page are read.
    pub(super) input_options: InputOptions,
    /// The guideline to show beside the texts.
    pub(super) guideline: Option<String>,
    /// Whether it is about the labels of the model that the page began with.
    pub(super) is_guideline_of_model: bool,
    /// The address of the page, with a slash at its end.
    pub(super) address: String,
    /// The file that lets a browser in.
    pub(super) entry_file: PathBuf,
    /// Whether a page has shown why the texts cannot be read.
    pub(super) failure: Failure,
}

impl App {
    /// The guideline, if it is about the labels that there are to choose from.
    pub(super) fn shown_guideline(&self) -> Option<String> {
        let are_of_model = !self.is_guideline_of_model || self.workspace.has_first_labels();
        self.guideline.clone().filter(|_| are_of_model)
    }

    /// Writes the file that lets a browser in, where the token is one that works once.
    pub(super) fn write_entry_file(&self) -> Result<(), Error> {
        let Some(token) = self.gate.access.one_time_token() else { return Ok(()) };
        browser::write(&self.entry_file, &self.address, &token).map_err(|error| {
            Error::io(Position::from_path(self.entry_file.display().to_string()), "write", error)
        })
    }

    /// Takes a token, gives the cookie, and writes the token for the next time into the file that
    /// lets browsers in.
    pub(super) fn enter(&self, token: &str) -> Result<HeaderValue, Refusal> {
        let cookie = self.gate.access.enter(token)?;
        self.failure.expect_page();
        // Where the file cannot be written, this browser is in all the same.
        let _ = self.write_entry_file();
        Ok(cookie)
    }
}
