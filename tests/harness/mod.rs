//! What the tests share: the program to run, labelled rows to train on, a folder of their own.

#![allow(dead_code)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use standpoint::train::{Row, TrainParams, train};
use standpoint::{Classifier, Model, Threads};

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
        let bench = Sandbox::new();
        fs::write(bench.path("model.safetensors"), small_model().to_bytes().unwrap()).unwrap();
        bench
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
        command.args(args).current_dir(self.root()).env_remove("NO_COLOR");
        command
    }

    /// The program for somebody who may read only what all may read: root reads everything, so it becomes nobody, and
    /// runs a copy of the program, as it may stand in a place that nobody may enter.
    #[cfg(unix)]
    pub fn command_without_rights(&self, args: &[&str]) -> Command {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        use std::os::unix::process::CommandExt;
        if fs::metadata(self.root()).unwrap().uid() != 0 {
            return self.command(args);
        }
        let program = self.path("program");
        // Not by ourselves: a program that is open for writing, in a child of another test even, cannot be run.
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

/// Rows of three labels that share most words, in groups of two; the same every time.
pub fn rows(count: usize) -> Vec<Row> {
    const SHARED: [&str; 8] = ["the", "of", "nato", "ukraine", "today", "leaders", "said", "with"];
    const OWN: [(&str, [&str; 6]); 3] = [
        ("against", ["provocation", "escalation", "costly", "pointless", "neutrality", "danger"]),
        ("for", ["guarantee", "deterrence", "must", "defend", "support", "courage"]),
        ("neutral", ["reported", "according", "percent", "meeting", "statement", "thursday"]),
    ];
    let mut state = 7u64;
    let mut next = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    (0..count)
        .map(|number| {
            let class = number % 3;
            let words: Vec<&str> = (0..14 + next(12))
                .map(|_| {
                    // Now and then a word of another label, so that nothing is certain.
                    let of = if next(7) == 0 { next(3) } else { class };
                    if next(2) == 0 { SHARED[next(8)] } else { OWN[of].1[next(6)] }
                })
                .collect();
            Row { group: Some(format!("g{}", number / 2)), ..Row::new(OWN[class].0, words.join(" ")) }
        })
        .collect()
}

/// The rows as CSV with the columns id, article, label, text.
pub fn labelled_csv(count: usize) -> String {
    let mut out = String::from("id,article,label,text\n");
    for (number, row) in rows(count).into_iter().enumerate() {
        out.push_str(&format!("r{number},{},{},{}\n", row.group.unwrap(), row.label, row.text));
    }
    out
}

/// A Parquet file of columns of strings.
#[cfg(feature = "parquet")]
pub fn parquet(columns: &[(&str, &[&str])]) -> Vec<u8> {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};

    let column = |values: &[&str]| std::sync::Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let batch = RecordBatch::try_from_iter(columns.iter().map(|(name, values)| (*name, column(values))));
    let batch = batch.unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// A zip archive of parts with their names.
#[cfg(feature = "spreadsheet")]
pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of two sheets, `One` and `Two`, with rows of strings.
#[cfg(feature = "spreadsheet")]
pub fn xlsx(sheets: [&[&[&str]]; 2]) -> Vec<u8> {
    let relations = |kinds: &[(&str, &str)]| {
        let one = |(at, (kind, target)): (usize, &(&str, &str))| {
            format!("<Relationship Id=\"r{at}\" Type=\"x/relationships/{kind}\" Target=\"{target}\"/>")
        };
        format!("<Relationships>{}</Relationships>", kinds.iter().enumerate().map(one).collect::<String>())
    };
    let cell = |text: &&str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let sheets = sheets.map(|rows| {
        let row = |row: &&[&str]| format!("<row>{}</row>", row.iter().map(cell).collect::<String>());
        let rows: String = rows.iter().map(row).collect();
        format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
    });
    zipped(&[
        ("_rels/.rels", &relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/_rels/workbook.xml.rels", &relations(&[("worksheet", "s0.xml"), ("worksheet", "s1.xml")])),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"One\" r:id=\"r0\"/><sheet name=\"Two\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/s0.xml", &sheets[0]),
        ("xl/s1.xml", &sheets[1]),
    ])
}

/// Parameters with an axis.
pub fn params() -> TrainParams {
    TrainParams { axis: vec![("for".into(), 1.0), ("against".into(), -1.0)], ..TrainParams::default() }
}

pub fn small_model() -> Model {
    train(rows(120), params(), &Threads::new(1).unwrap()).unwrap().0
}

pub fn small_classifier() -> Classifier {
    Classifier::new(small_model()).unwrap()
}

/// Documents of several paragraphs with words known and unknown.
pub fn texts(count: usize) -> Vec<String> {
    let rows = rows(count * 3);
    (0..count)
        .map(|number| {
            let paragraphs: Vec<String> = rows[number * 3..number * 3 + 1 + number % 3]
                .iter()
                .enumerate()
                .map(|(at, row)| format!("{} Ünknown wörd {number} “F-{at}s”.", row.text))
                .collect();
            paragraphs.join("\n\n")
        })
        .collect()
}
