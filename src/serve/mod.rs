//! Serves a page to the browser of this machine: reading, labeling, retraining and checking.
//!
//! [`Server::start`] opens what is needed, and [`Server::run`] answers until the program ends. The page and its scripts are inside of
//! the program; nothing is fetched from elsewhere.

mod access;
mod address;
mod answer;
mod answered;
mod assets;
mod browser;
mod connections;
mod csrf;
mod document;
mod gate;
mod headers;
mod hosts;
mod limits;
mod reasons;
mod request;
mod routes;
mod search;
mod secret;
mod shells;
mod state;
#[cfg(test)]
mod stream;
mod tests;

use std::net::{IpAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use access::Access;
use answered::Answered;
use gate::Gate;
use hosts::Hosts;
use limits::Limits;
use secret::Secret;
use state::App;

use crate::error::{Error, Result};
use crate::labeling::{Opening, RunState, Workspace};
use crate::progress::Silent;

/// How a server is started.
#[derive(Debug)]
pub struct ServeOptions {
    /// The address to listen at, by name or number; `None` for this machine alone.
    pub host: Option<String>,
    /// The port, or the first one to try.
    pub port: u16,
    /// The token that lets browsers in, at least 32 letters and digits; `None` for one that is made up and works once.
    pub token: Option<String>,
    /// The guideline to show beside the texts, in Markdown.
    pub guideline: Option<String>,
}

/// A page that is ready to be served.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: Arc<App>,
}

/// What stays of a server when it ends.
#[derive(Clone, Debug)]
pub struct Remains(Arc<App>);

impl Server {
    /// Opens a port, then the work folder and the texts, which takes its time. A thread of its own begins to score them.
    ///
    /// # Errors
    /// No free port, a token that is too short, and as [`Workspace::open`], of which `workspace` says what is opened.
    pub fn start(options: ServeOptions, workspace: Opening) -> Result<Self> {
        Server::start_within(Limits::default(), options, workspace)
    }

    fn start_within(limits: Limits, options: ServeOptions, mut workspace: Opening) -> Result<Self> {
        let token = match &options.token {
            Some(token) => Some(Secret::from_text(token).ok_or_else(weak_token)?),
            None => None,
        };
        if let Some(loaded) = &workspace.loaded_language {
            workspace.start = workspace.start.with_loaded_language_model(loaded)?;
        }
        let listener = address::listen(options.host.as_deref(), options.port)?;
        let listening = listener
            .local_addr()
            .map_err(|error| Error::run("cannot tell the port that is listened at", Some(error)))?;
        let name = options.host.clone().filter(|host| host.parse::<IpAddr>().is_err());
        let host = name.unwrap_or_else(|| hosts::in_address(listening.ip()));
        let access = Access::new(listening.port(), token)?;
        let (loaded, input_options) = (workspace.loaded_language.clone(), workspace.options.clone());
        let workspace = Workspace::open(workspace, &Silent)?;
        let app = App {
            gate: Arc::new(Gate { limits, hosts: Hosts::new(listening, options.host.as_deref()), access }),
            answered: Answered::default(),
            loaded,
            input_options,
            guideline: options.guideline,
            address: format!("http://{host}:{}/", listening.port()),
            entry_file: workspace.work().join(browser::FILE),
            workspace,
        };
        app.workspace.set_address(&app.address)?;
        app.write_entry_file()?;
        app.workspace.start_scoring();
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

    /// What there is to tell of the opening, one sentence each.
    pub fn notes(&self) -> Vec<String> {
        self.app.workspace.notes()
    }

    /// What stays when the program ends, for whoever ends it.
    pub fn remains(&self) -> Remains {
        Remains(Arc::clone(&self.app))
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

impl Remains {
    /// How many passages are decided and saved.
    pub fn decisions(&self) -> u64 {
        self.0.workspace.counts().total
    }

    /// Whether a training runs, whose model would be lost.
    pub fn is_training(&self) -> bool {
        self.0.workspace.training().state == RunState::Running
    }

    /// Takes away the file that let browsers in.
    pub fn close(&self) {
        // What is not there need not be taken away.
        let _ = std::fs::remove_file(&self.0.entry_file);
    }
}

/// Requests that are worked on at the same time. Others wait.
const MAX_WORKING: usize = 16;

fn weak_token() -> Error {
    let expected = format!("at least {} letters, digits or -._~", secret::MIN_CHARACTERS);
    let message = format!("the token is too short, or has other characters; expected {expected}");
    Error::invalid_parameter("token", "a token that is easy to guess", expected).with_message(message)
}
