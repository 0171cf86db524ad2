//! Serves a page to the browser of this machine: reading, labeling, retraining and checking.
//!
//! [`Server::start`] opens what is needed, and [`Server::run`] answers until the program ends. The
//! page and its scripts are inside of the program; nothing is fetched from elsewhere.

mod access;
mod address;
mod answer;
mod answered;
mod assets;
mod browser;
mod connections;
mod csrf;
mod document;
mod failure;
mod gate;
mod headers;
mod hosts;
mod limits;
mod parts;
mod places;
mod reading;
mod reasons;
mod request;
mod routes;
mod search;
mod secret;
mod shells;
mod state;
mod stream;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::Access;
use answered::Answered;
use failure::Failure;
use gate::Gate;
use hosts::Hosts;
use limits::Limits;
use secret::Secret;
use state::App;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::error::{Error, Message, Result};
use crate::labeling::{Opening, RunState, Workspace};

/// Requests that are worked on at the same time. Others wait.
const MAX_WORKING: usize = 16;

/// How long to wait for texts that are read at once, so that the first page has them.
const AT_ONCE: Duration = Duration::from_millis(100);

/// How a server is started.
#[derive(Debug)]
pub struct ServeOptions {
    /// The address to listen at, by name or number; `None` for this machine alone.
    pub host: Option<String>,
    /// The port, or the first one to try.
    pub port: u16,
    /// The token that lets browsers in, at least 32 letters and digits; `None` for one that is made
    /// up and works once.
    pub token: Option<String>,
    /// The guideline to show beside the texts, in Markdown.
    pub guideline: Option<String>,
    /// Whether the guideline is about the labels of the model that the page begins with: with other
    /// labels it is not shown.
    pub is_guideline_of_model: bool,
}

/// A page that is ready to be served.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    app: Arc<App>,
    /// Gives how the reading of the texts ends; `None` if they are read already.
    read: Option<oneshot::Receiver<Result<()>>>,
}

/// What stays of a server when it ends.
#[derive(Clone, Debug)]
pub struct Remains(Arc<App>);

impl Server {
    /// Opens a port, then the work folder. A thread of its own begins to read the texts, and then
    /// to score them.
    ///
    /// # Errors
    /// No free port, a token that is too short, and as [`Workspace::open`], of which `workspace`
    /// says what is opened; and texts of which it shows at once that they cannot be read.
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
        let workspace = Workspace::open(workspace)?;
        let app = App {
            gate: Arc::new(Gate { limits, hosts: Hosts::new(listening, options.host.as_deref()), access }),
            answered: Answered::default(),
            loaded,
            input_options,
            guideline: options.guideline,
            is_guideline_of_model: options.is_guideline_of_model,
            address: format!("http://{host}:{}/", listening.port()),
            entry_file: workspace.work().join(browser::FILE),
            failure: Failure::default(),
            workspace,
        };
        app.workspace.set_address(&app.address)?;
        let runtime = runtime()?;
        let (told, mut read) = oneshot::channel();
        app.workspace.start(|result| drop(told.send(result)))?;
        let read = match runtime.block_on(async { timeout(AT_ONCE, &mut read).await }) {
            // Where nothing can be read, there is no page to open.
            Ok(ended) => {
                reading::outcome(ended)?;
                None
            }
            Err(_) => Some(read),
        };
        app.write_entry_file()?;
        Ok(Server { runtime, listener, app: Arc::new(app), read })
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

    /// What stays when the program ends, for whoever ends it.
    pub fn remains(&self) -> Remains {
        Remains(Arc::clone(&self.app))
    }

    /// Opens the page in the browser, on a thread of its own: some systems wait until the browser
    /// is closed, and the browser waits for the page. `failed` gets the file to open where no
    /// browser was found.
    pub fn open_browser(&self, failed: impl FnOnce(&Path) + Send + 'static) {
        let Some(file) = self.entry_file().map(Path::to_owned) else { return };
        self.app.failure.expect_page();
        std::thread::spawn(move || {
            if !browser::open(&file) {
                failed(&file);
            }
        });
    }

    /// Answers requests until the program ends. `told` gets what there is to tell of the opening
    /// once the texts are read, one sentence each.
    ///
    /// # Errors
    /// Texts that cannot be read, after a page has shown why; and a system that gives no events of
    /// its network.
    pub fn run(self, told: impl FnOnce(&[Message])) -> Result<()> {
        let Server { runtime, listener, app, read } = self;
        let ended = runtime.block_on(async {
            listener.set_nonblocking(true).map_err(cannot_serve)?;
            let listener = tokio::net::TcpListener::from_std(listener).map_err(cannot_serve)?;
            tokio::select! {
                () = connections::serve(listener, routes::router(&app), app.gate.limits) => Ok(()),
                error = reading::failure(read, &app, told) => Err(error),
            }
        });
        Remains(app).close();
        // What is still worked on is for nobody.
        runtime.shutdown_background();
        ended
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

fn runtime() -> Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().max_blocking_threads(MAX_WORKING).build().map_err(cannot_serve)
}

fn cannot_serve(error: std::io::Error) -> Error {
    Error::run("cannot serve", Some(error))
}

fn weak_token() -> Error {
    let expected = format!("at least {} letters, digits or -._~", secret::MIN_CHARACTERS);
    let message = format!("the token is too short, or has other characters; expected {expected}");
    Error::invalid_parameter("token", "a token that is easy to guess", expected).with_message(message)
}
