//! Serves a page to the browser of this machine: reading, labeling, retraining and checking.
//!
//! [`Server::start`] opens what is needed, and [`Server::run`] answers until the program ends. The page and its scripts are inside of
//! the program; nothing is fetched from elsewhere.

mod access;
mod address;
mod answer;
mod assets;
mod browser;
mod connections;
mod csrf;
mod document;
mod gate;
mod headers;
mod hosts;
mod limits;
mod models;
mod reasons;
mod request;
mod routes;
mod secret;
mod shells;
mod state;
#[cfg(test)]
mod tests;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::classifier::Classifier;
use crate::error::{Error, Position, Result};
use crate::read::InputOptions;
use access::Access;
use gate::Gate;
use hosts::Hosts;
use limits::Limits;
use models::{Models, ModelsAtWork};
use secret::Secret;
use state::App;

/// How a server is started.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The address to listen at, by name or number; `None` for this machine alone.
    pub host: Option<String>,
    /// The port, or the first one to try.
    pub port: u16,
    /// The token that lets browsers in, at least 32 letters and digits; `None` for one that is made up and works once.
    pub token: Option<String>,
    /// The folder that all labels and models go to.
    pub work: PathBuf,
    /// How files are read.
    pub input: InputOptions,
    /// The guideline to show beside the texts, in Markdown.
    pub guideline: Option<String>,
}

/// A page that is ready to be served.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: Arc<App>,
}

impl Server {
    /// Opens a port and all that the page shows.
    ///
    /// # Errors
    /// No free port, a token that is too short, models that do not fit together, a work folder that cannot be written.
    pub fn start(stance: &Classifier, loaded: Option<Classifier>, options: ServeOptions) -> Result<Self> {
        Server::start_within(Limits::default(), Models::new(stance, loaded)?, options)
    }

    fn start_within(limits: Limits, models: Models, options: ServeOptions) -> Result<Self> {
        let token = match &options.token {
            Some(token) => Some(Secret::from_text(token).ok_or_else(weak_token)?),
            None => None,
        };
        let listener = address::listen(options.host.as_deref(), options.port)?;
        let listening = listener
            .local_addr()
            .map_err(|error| Error::run("cannot tell the port that is listened at", Some(error)))?;
        let host = match &options.host {
            Some(host) if host.parse::<std::net::IpAddr>().is_err() => host.clone(),
            _ => hosts::in_address(listening.ip()),
        };
        std::fs::create_dir_all(&options.work).map_err(|error| {
            Error::io(Position::from_path(options.work.display().to_string()), "make", error)
        })?;
        let access = Access::new(listening.port(), token)?;
        let app = App {
            gate: Arc::new(Gate { limits, hosts: Hosts::new(listening, options.host.as_deref()), access }),
            at_work: ModelsAtWork::new(models),
            input_options: options.input,
            guideline: options.guideline,
            address: format!("http://{host}:{}/", listening.port()),
            entry_file: options.work.join(browser::FILE),
        };
        app.write_entry_file()?;
        Ok(Server { listener, app: Arc::new(app) })
    }

    /// The address of the page.
    pub fn address(&self) -> &str {
        &self.app.address
    }

    /// The address that lets a browser in, once; `None` where the token was chosen.
    pub fn entry_address(&self) -> Option<String> {
        let token = self.app.gate.access.one_time_token()?;
        Some(format!("{}open?token={}", self.app.address, token.reveal()))
    }

    /// The file that lets a browser in when it is opened; `None` where the token was chosen.
    pub fn entry_file(&self) -> Option<&Path> {
        self.app.gate.access.one_time_token().map(|_| self.app.entry_file.as_path())
    }

    /// Opens the page in the browser. Says whether a browser was found.
    pub fn open_browser(&self) -> bool {
        self.entry_file().is_some_and(browser::open)
    }

    /// Answers requests until the program ends.
    ///
    /// # Errors
    /// A system that gives no events of its network.
    pub fn run(self) -> Result<()> {
        let failed = |error| Error::run("cannot serve", Some(error));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(MAX_WORKING)
            .build()
            .map_err(failed)?;
        runtime.block_on(async {
            self.listener.set_nonblocking(true).map_err(failed)?;
            let listener = tokio::net::TcpListener::from_std(self.listener).map_err(failed)?;
            connections::serve(listener, routes::router(&self.app), self.app.gate.limits).await;
            Ok(())
        })
    }
}

/// Requests that are worked on at the same time. Others wait.
const MAX_WORKING: usize = 16;

fn weak_token() -> Error {
    let expected = format!("at least {} letters, digits or -._~", secret::MIN_CHARACTERS);
    let message = format!("the token is too short, or has other characters; expected {expected}");
    Error::invalid_parameter("token", "a token that is easy to guess", expected).with_message(message)
}
