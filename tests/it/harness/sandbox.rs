//! Runs the program in a folder of its own and keeps what it answered.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::corpus::small_model;

/// A folder that goes with the test, and the program to run in it.
pub struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a run answered, with everything needed to tell why it failed.
pub struct Finished {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub command: String,
}

impl Sandbox {
    pub fn new() -> Self {
        Sandbox { folder: tempfile::tempdir().unwrap() }
    }

    /// With a small trained model in `model.safetensors`.
    pub fn with_model() -> Self {
        let sandbox = Sandbox::new();
        fs::write(sandbox.path("model.safetensors"), small_model().to_bytes().unwrap()).unwrap();
        sandbox
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.root())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_standpoint"));
        command.args(args).current_dir(self.root()).env_remove("NO_COLOR").env_remove("COLUMNS");
        command
    }

    /// The program for somebody who may read only what all may read: root reads everything, so it
    /// becomes nobody, and runs a copy of the program, as it may stand in a place that nobody may
    /// enter.
    #[cfg(unix)]
    pub fn command_without_rights(&self, args: &[&str]) -> Command {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        use std::os::unix::process::CommandExt;
        if fs::metadata(self.root()).unwrap().uid() != 0 {
            return self.command(args);
        }
        let program = self.path("program");
        // Not by ourselves: a program that is open for writing, in a child of another test even,
        // cannot be run.
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_standpoint")).arg(&program).status().unwrap();
        assert!(copied.success());
        for path in [program.as_path(), self.root()] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut command = Command::new(program);
        command.args(args).current_dir(self.root()).uid(65534).gid(65534);
        command
    }

    /// Runs the program in the folder.
    pub fn run(&self, args: &[&str]) -> Finished {
        self.run_with(args, b"")
    }

    /// Runs the program with something on its standard input.
    pub fn run_with(&self, args: &[&str], input: &[u8]) -> Finished {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || {
            // A program that does not want its input closes the pipe.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Finished::of(output, args)
    }
}

impl Finished {
    pub fn of(output: Output, args: &[&str]) -> Self {
        Finished {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            command: format!("standpoint {}", args.join(" ")),
        }
    }

    /// Checks the exit code, and that nothing panicked.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert!(!self.stderr.contains("panicked"), "{self}");
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Checks that stderr says this.
    #[track_caller]
    pub fn says(self, what: &str) -> Self {
        assert!(self.stderr.contains(what), "stderr does not say {what:?}\n{self}");
        self
    }

    /// Checks that stdout says this.
    #[track_caller]
    pub fn prints(self, what: &str) -> Self {
        assert!(self.stdout.contains(what), "stdout does not say {what:?}\n{self}");
        self
    }

    /// Each line of stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}\n{self}"));
        self.stdout.lines().map(parse).collect()
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Finished { code, stdout, stderr, command } = self;
        write!(f, "$ {command}\nexit code {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}
