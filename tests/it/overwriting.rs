//! No command replaces what it reads, writes two outputs to one file, or writes where a temporary
//! name leads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};

use crate::harness::{Finished, Sandbox, labelled_csv};

/// An option that names a file to write.
struct OutputOption {
    /// The command with what it needs, without the option.
    command: &'static str,
    option: &'static str,
    /// What the command reads.
    reads: &'static [&'static str],
}

const OUTPUTS: [OutputOption; 16] = [
    OutputOption {
        command: "score news.csv --model model.safetensors",
        option: "--output",
        reads: &["news.csv", "model.safetensors"],
    },
    OutputOption {
        command: "score news.csv --model model.safetensors",
        option: "--summary",
        reads: &["news.csv"],
    },
    OutputOption {
        command: "score news.csv --model model.safetensors --by article",
        option: "--by-output",
        reads: &["news.csv"],
    },
    OutputOption {
        command: "score news.csv --model model.safetensors",
        option: "--report",
        reads: &["news.csv", "model.safetensors"],
    },
    OutputOption {
        command: "report scores.csv --model model.safetensors",
        option: "--output",
        reads: &["scores.csv", "model.safetensors"],
    },
    OutputOption {
        command: "train news.csv --folds 2 --no-splits",
        option: "--output",
        reads: &["news.csv"],
    },
    OutputOption {
        command: "train news.csv --folds 2 --no-splits --output new.safetensors",
        option: "--audit",
        reads: &["news.csv"],
    },
    OutputOption {
        command: "vectors news.csv --dimensions 4 --min-count 1",
        option: "--output",
        reads: &["news.csv"],
    },
    OutputOption {
        command: "train news.csv --folds 2 --no-splits --output new.safetensors",
        option: "--save-corpus",
        reads: &["news.csv"],
    },
    OutputOption {
        command: "adapt news.csv --corpus news.corpus",
        option: "--output",
        reads: &["news.csv", "news.corpus"],
    },
    OutputOption {
        command: "evaluate news.csv --model model.safetensors",
        option: "--report",
        reads: &["news.csv", "model.safetensors"],
    },
    OutputOption {
        command: "explain news.csv --model model.safetensors",
        option: "--html",
        reads: &["news.csv", "model.safetensors"],
    },
    OutputOption {
        command: "compare model.safetensors other.safetensors news.csv",
        option: "--differences",
        reads: &["news.csv", "model.safetensors", "other.safetensors"],
    },
    OutputOption { command: "agreement coded.csv --columns a,b", option: "--output", reads: &["coded.csv"] },
    OutputOption {
        command: "sample scores.csv -n 5",
        option: "--output",
        reads: &["scores.csv", "news.csv"],
    },
    OutputOption {
        command: "suggest news.csv --model model.safetensors -n 5",
        option: "--output",
        reads: &["news.csv", "model.safetensors"],
    },
];

impl OutputOption {
    fn run(&self, sandbox: &Sandbox, output: &str) -> Finished {
        let args: Vec<&str> = self.command.split(' ').chain([self.option, output]).collect();
        sandbox.run(&args)
    }

    fn name(&self) -> String {
        format!("{} {}", self.command.split(' ').next().unwrap(), self.option)
    }
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", labelled_csv(120));
    sandbox.write("other.safetensors", sandbox.read("model.safetensors"));
    sandbox.write("coded.csv", "id,text,a,b\n1,Leaders must act.,for,for\n2,They met today.,for,against\n");
    // A corpus of other texts than those that it is adapted to.
    let others = labelled_csv(120).replace('\n', " yesterday\n").replacen(" yesterday\n", "\n", 1);
    sandbox.write("earlier.csv", others);
    let train = ["train", "earlier.csv", "--no-splits", "--output", "new.safetensors"];
    sandbox.run(&[&train[..], &["--save-corpus", "news.corpus"]].concat()).exits(0);
    sandbox.run(&["score", "news.csv", "--model", "model.safetensors", "--output", "scores.csv"]).exits(0);
    sandbox
}

/// All files of the folder with what they hold.
fn contents(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    sandbox
        .names()
        .into_iter()
        .map(|name| (name.clone(), fs::read(sandbox.path(&name)).unwrap_or_default()))
        .collect()
}

#[test]
fn every_option_that_names_a_file_to_write_is_tried_here() {
    let sandbox = Sandbox::new();
    let mut written = BTreeSet::new();
    let commands = sandbox.run(&["--help"]).exits(0).stdout;
    let commands = commands.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap().lines();
    for command in commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()) {
        if command.is_empty() || command == "help" {
            continue;
        }
        let help = sandbox.run(&[command, "-h"]).exits(0).stdout;
        for (line, next) in help.lines().zip(help.lines().skip(1)) {
            let Some(at) = line.find("--").filter(|_| line.trim_start().starts_with('-')) else { continue };
            let option = line[at..].split([' ', '=', '[']).next().unwrap();
            let told = line[at..].split_once('>').map_or("", |(_, told)| told).trim();
            let told = if told.is_empty() { next.trim() } else { told };
            if told.starts_with("Write ") || told.contains(" here") {
                written.insert(format!("{command} {option}"));
            }
        }
    }
    assert_eq!(written, OUTPUTS.iter().map(OutputOption::name).collect());
}

#[test]
fn what_is_read_is_never_replaced_whatever_its_name() {
    let sandbox = sandbox();
    let mut aliases = vec![("./", "")];
    if cfg!(unix) {
        aliases.extend([("link.", "symbolic"), ("hard.", "hard")]);
    }
    for output in &OUTPUTS {
        for read in output.reads {
            for (prefix, kind) in &aliases {
                let name = format!("{prefix}{read}");
                match *kind {
                    #[cfg(unix)]
                    "symbolic" => {
                        std::os::unix::fs::symlink(sandbox.path(read), sandbox.path(&name)).unwrap()
                    }
                    "hard" => fs::hard_link(sandbox.path(read), sandbox.path(&name)).unwrap(),
                    _ => {}
                }
                let before = contents(&sandbox);
                output.run(&sandbox, &name).exits(2).says("would be overwritten").says(output.option);
                assert_eq!(contents(&sandbox), before, "{} {name}", output.name());
                if !kind.is_empty() {
                    fs::remove_file(sandbox.path(&name)).unwrap();
                }
            }
        }
    }
}

#[test]
#[cfg(unix)]
fn temporary_names_and_links_lead_nowhere_else() {
    use std::os::unix::fs::symlink;
    let sandbox = sandbox();
    sandbox.write("victim.txt", "precious");
    for output in &OUTPUTS {
        symlink(sandbox.path("victim.txt"), sandbox.path("out.csv.partial")).unwrap();
        let before = contents(&sandbox);
        output.run(&sandbox, "out.csv").exits(1).says("out.csv.partial").says("a link; move it away");
        assert_eq!(contents(&sandbox), before, "{}", output.name());
        fs::remove_file(sandbox.path("out.csv.partial")).unwrap();

        fs::hard_link(sandbox.path("victim.txt"), sandbox.path("out.csv.partial")).unwrap();
        output.run(&sandbox, "out.csv").exits(1).says("a second name of another file");
        assert_eq!(sandbox.read("victim.txt"), b"precious");
        fs::remove_file(sandbox.path("out.csv.partial")).unwrap();

        assert!(Command::new("mkfifo").arg(sandbox.path("out.csv.partial")).status().unwrap().success());
        output.run(&sandbox, "out.csv").exits(1).says("not a regular file; move it away");
        fs::remove_file(sandbox.path("out.csv.partial")).unwrap();

        symlink("nowhere.csv", sandbox.path("dangling.csv")).unwrap();
        output.run(&sandbox, "dangling.csv").exits(1).says("a link to `nowhere.csv`, which does not exist");
        fs::remove_file(sandbox.path("dangling.csv")).unwrap();

        output.run(&sandbox, ".").exits(1).says("it is a folder");
        assert!(!sandbox.names().iter().any(|name| name.contains("out.csv")), "{:?}", sandbox.names());
    }
    // A file that is read under the temporary name of an output.
    fs::rename(sandbox.path("news.csv"), sandbox.path("x.partial")).unwrap();
    let args =
        ["score", "x.partial", "--model", "model.safetensors", "--input-format", "csv", "--output", "x"];
    let before = contents(&sandbox);
    sandbox.run(&args).exits(2).says("x.partial: this file is an input and would be overwritten");
    assert_eq!(contents(&sandbox), before);
}

#[test]
#[cfg(unix)]
fn what_is_replaced_keeps_its_mode_and_the_links_to_it() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = sandbox();
    for output in &OUTPUTS {
        sandbox.write("old.csv", "old");
        fs::set_permissions(sandbox.path("old.csv"), fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("old.csv", sandbox.path("link.csv")).unwrap();
        output.run(&sandbox, "link.csv").exits(0);
        assert_ne!(sandbox.read("old.csv"), b"old", "{}", output.name());
        assert!(fs::symlink_metadata(sandbox.path("link.csv")).unwrap().is_symlink(), "{}", output.name());
        let mode = fs::metadata(sandbox.path("old.csv")).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o640, "{}", output.name());
        fs::remove_file(sandbox.path("link.csv")).unwrap();
    }
    assert!(!sandbox.names().iter().any(|name| name.contains("partial")), "{:?}", sandbox.names());
}

#[test]
fn two_outputs_are_two_files() {
    let sandbox = sandbox();
    let before = contents(&sandbox);
    let score = ["score", "news.csv", "--model", "model.safetensors", "--by", "article"];
    for (output, summary, by) in [
        ("a.csv", "a.csv", "b.csv"),
        ("a.csv", "b.csv", "A.csv"),
        ("a.csv", "a.csv.partial", "b.csv"),
        ("a.csv.partial", "b.csv", "a.csv"),
        ("a.csv", "a.csv.partial.journal", "b.csv"),
        ("a.csv", "b.csv", "./b.csv"),
    ] {
        let more = ["--output", output, "--summary", summary, "--by-output", by];
        sandbox.run(&[&score[..], &more].concat()).exits(2).says("writes this file or its temporary ones");
    }
    sandbox
        .run(&["train", "news.csv", "--output", "m.safetensors", "--audit", "./m.safetensors"])
        .exits(2)
        .says("--output m.safetensors writes this file");
    assert_eq!(contents(&sandbox), before);
}

#[test]
fn of_two_runs_that_write_one_file_the_second_gets_an_error() {
    let sandbox = sandbox();
    let args = ["score", "-", "--model", "model.safetensors", "--output", "out.csv", "--quiet"];
    let mut first = sandbox.command(&args).stdin(Stdio::piped()).spawn().unwrap();
    while !sandbox.path("out.csv.partial.journal").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for more in [&[][..], &["--resume"], &["--restart"]] {
        let ran = sandbox.run_with(&[&args[..], more].concat(), b"text\nno\n");
        ran.exits(1).says("out.csv: cannot write: another run is writing this file");
    }
    sandbox
        .run(&["sample", "scores.csv", "-n", "5", "--output", "out.csv"])
        .exits(1)
        .says("another run is writing");
    std::io::Write::write_all(&mut first.stdin.take().unwrap(), b"id,text\n7,They must act.\n").unwrap();
    assert!(first.wait().unwrap().success());
    assert!(String::from_utf8(sandbox.read("out.csv")).unwrap().contains("\n7,-,"));
}

#[test]
fn outputs_in_the_folder_that_is_scored_replace_results_and_no_texts() {
    let sandbox = Sandbox::with_model();
    sandbox.write("texts/news.csv", labelled_csv(20));
    sandbox.write("texts/a.txt", "Leaders must defend the guarantee today.");
    let run = |output: &str, by: &str, summary: &str| {
        let head = ["score", "texts", "--model", "model.safetensors", "--by", "article", "--quiet"];
        sandbox.run(&[&head[..], &["--output", output, "--by-output", by, "--summary", summary]].concat())
    };
    for output in ["csv", "tsv", "jsonl", "jsonl.gz", "json", "txt", "md", "html", "xlsx"] {
        let extension = output.rsplit('.').find(|part| *part != "gz").unwrap();
        // What has no tables of groups, or none in this build.
        let is_table = !["jsonl", "txt"].contains(&extension);
        if extension == "xlsx" && !cfg!(feature = "spreadsheet") {
            continue;
        }
        let by = format!("texts/by.{}", if is_table { extension } else { "csv" });
        let output = format!("texts/out.{output}");
        run(&output, &by, "texts/sums.jsonl").exits(0);
        let first = [sandbox.read(&output), sandbox.read(&by)];
        run(&output, &by, "texts/sums.jsonl").exits(0);
        assert!([sandbox.read(&output), sandbox.read(&by)] == first, "{output}");
        fs::remove_file(sandbox.path(&output)).unwrap();
        fs::remove_file(sandbox.path(&by)).unwrap();
    }
    fs::remove_file(sandbox.path("texts/sums.jsonl")).unwrap();
    let report = ["score", "texts", "--model", "model.safetensors", "--quiet", "--report", "texts/page.html"];
    for _ in 0..2 {
        sandbox.run(&[&report[..], &["--output", "out.csv"]].concat()).exits(0);
    }
    for [output, by, summary] in [
        ["texts/a.txt", "by.csv", "s.json"],
        ["o.csv", "texts/news.csv", "s.json"],
        ["o.csv", "by.csv", "texts/news.csv"],
    ] {
        run(output, by, summary).exits(2).says("would be overwritten");
    }
    assert_eq!(sandbox.read("texts/a.txt"), b"Leaders must defend the guarantee today.");
    assert_eq!(sandbox.read("texts/news.csv"), labelled_csv(20).as_bytes());
}

#[test]
fn a_run_that_fails_replaces_no_file_about_an_earlier_one() {
    let sandbox = sandbox();
    let files = ["by.csv", "sums.json", "page.html"];
    let score = |input: &str, output: &[&str]| {
        let args = ["score", input, "--model", "model.safetensors", "--by", "article", "--quiet"];
        let written = ["--by-output", "by.csv", "--summary", "sums.json", "--report", "page.html"];
        sandbox.run(&[&args[..], &written, output].concat())
    };
    let read = || files.map(|name| sandbox.read(name));
    score("news.csv", &["--output", "out.csv"]).exits(0);
    let before = read();
    sandbox.write("bad.csv", "id,article,text\n1,a\n");
    for output in [&["--output", "out.csv"][..], &["--format", "jsonl"]] {
        score("bad.csv", output).exits(1);
        assert!(read() == before, "{output:?}");
    }
    // Excel has no room for the text of a kept column: the run ends with an error when all is
    // scored.
    #[cfg(feature = "spreadsheet")]
    {
        let long = "word ".repeat(10_000);
        sandbox.write("long.csv", format!("id,article,text\n1,a,\"{long}\"\n"));
        score("long.csv", &["--output", "out.xlsx", "--keep", "text"]).exits(1).says("Excel");
        assert!(read() == before);
    }
    assert!(!sandbox.names().iter().any(|name| name.contains("partial")), "{:?}", sandbox.names());
}

#[test]
#[cfg(feature = "spreadsheet")]
fn what_a_killed_run_left_of_a_workbook_is_taken_over() {
    let sandbox = sandbox();
    let args = ["score", "news.csv", "--model", "model.safetensors", "--output", "out.xlsx"];
    sandbox.run(&args).exits(0);
    let whole = sandbox.read("out.xlsx");
    fs::remove_file(sandbox.path("out.xlsx")).unwrap();
    let stdin = ["score", "-", "--model", "model.safetensors", "--output", "out.xlsx", "--quiet"];
    let mut killed = sandbox.command(&stdin).stdin(Stdio::piped()).spawn().unwrap();
    while !sandbox.path("out.xlsx.partial").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(sandbox.path("out.xlsx.partial").exists());
    let ran = sandbox.run(&args).exits(0);
    assert!(!ran.stderr.contains("warning"), "{ran}");
    assert!(sandbox.read("out.xlsx") == whole);
    // Of another format that was written to the same name, only --restart makes an end.
    sandbox.write("out.xlsx.partial", "{}");
    sandbox.write("out.xlsx.partial.journal", "{}\n");
    sandbox.run(&args).exits(1).says("an unfinished run");
    sandbox.run(&[&args[..], &["--restart"]].concat()).exits(0);
    assert!(!sandbox.names().iter().any(|name| name.contains("partial")), "{:?}", sandbox.names());
}

#[test]
#[cfg(unix)]
fn what_comes_on_standard_input_is_read_too() {
    let sandbox = sandbox();
    let before = contents(&sandbox);
    let args = ["score", "-", "--model", "model.safetensors", "--output", "news.csv"];
    let input = fs::File::open(sandbox.path("news.csv")).unwrap();
    let output = sandbox.command(&args).stdin(input).output().unwrap();
    Finished::of(output, &args).exits(2).says("-: this file is an input and would be overwritten");
    assert_eq!(contents(&sandbox), before);
}

#[test]
#[cfg(unix)]
fn manual_pages_do_not_follow_links_to_temporary_files() {
    let sandbox = Sandbox::new();
    sandbox.write("victim", "precious");
    fs::create_dir(sandbox.path("man")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("victim"), sandbox.path("man/standpoint.1.partial")).unwrap();
    sandbox.run(&["man", "man"]).exits(1).says("move it away");
    assert_eq!(sandbox.read("victim"), b"precious");
    assert_eq!(fs::read_dir(sandbox.path("man")).unwrap().count(), 1);
}
