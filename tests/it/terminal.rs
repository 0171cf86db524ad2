//! Nothing that comes from a file reaches a terminal or a table as it is.

use crate::harness::{Finished, Sandbox, rows};

/// A character that drives a terminal, turns the direction of writing, or has no width.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[track_caller]
fn is_clean(ran: Finished) -> Finished {
    for (name, stream) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        let hidden = stream.chars().find(|c| is_hidden(*c));
        assert_eq!(hidden, None, "{name} of\n{ran}");
    }
    ran
}

const EVIL: &str = "x\u{1b}]0;owned\u{7}\u{202e}\u{2066}y\u{9b}31m\u{200b}\u{2028}z";

/// Labelled rows in which ids, groups, labels and columns drive a terminal.
fn evil_csv() -> String {
    let mut csv = format!("id,article,label,text,coder{EVIL},other\n");
    for (number, row) in rows(120).into_iter().enumerate() {
        let label = format!("{}\u{202e}\u{200b}", row.label);
        let (group, coder) = (row.group.unwrap(), if number % 5 == 0 { "for" } else { "against" });
        csv.push_str(&format!(
            "{number}{EVIL},{group}{EVIL},{label},{EVIL} {},{coder}{EVIL},for\n",
            row.text
        ));
    }
    csv
}

#[test]
#[cfg(unix)]
fn tables_and_messages_show_only_what_can_be_seen() {
    let sandbox = Sandbox::new();
    let (news, model) = (format!("n{EVIL}.csv"), format!("m{EVIL}.safetensors"));
    sandbox.write(&news, evil_csv());
    let run = |args: &[&str]| is_clean(sandbox.run(args));
    let trained =
        run(&["train", &news, "--output", &model, "--date", "2026\u{202e}\u{200b}", "--strip-source-terms"]);
    trained.exits(0).prints("macro-F1");
    run(&["inspect", &model]).exits(0).prints("\\u{202e}");
    run(&["explain", &news, "--model", &model]).exits(0);
    run(&["paragraphs", &news, "--format", "table"]).exits(0);
    run(&["score", &news, "--model", &model, "--format", "table", "--explain", "2"]).exits(0);
    run(&["evaluate", &news, "--model", &model, "--group-column", "article"]).exits(0);
    sandbox.write("other.safetensors", sandbox.read(&model));
    run(&["compare", &model, "other.safetensors", &news]).exits(0);
    let coders = format!("coder{EVIL},other");
    run(&["agreement", &news, "--columns", &coders]).exits(0);
    run(&["bench", &news, "--model", &model, "--jobs", "1"]).exits(0);
    // Messages quote what they were given and what they found.
    run(&["score", EVIL, "--model", &model, "--format", "table"]).exits(1);
    run(&["score", &news, "--model", &news]).exits(4);
    run(&["score", &news, "--model", &model, "--text-column", EVIL, "--format", "table"]).exits(1);
    run(&["score", &news, "--jobs", EVIL]).exits(2);
    run(&[EVIL]).exits(2);
    run(&["score", &news, &format!("--{EVIL}")]).exits(2);
}

#[test]
#[cfg(unix)]
fn data_is_exact_in_files_and_pipes() {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", evil_csv());
    let ran =
        sandbox.run(&["score", "news.csv", "--model", "model.safetensors", "--format", "jsonl"]).exits(0);
    assert_eq!(ran.json()[0]["id"], format!("0{EVIL}"));
    let args = ["score", "news.csv", "--model", "model.safetensors", "--format", "csv"];
    assert!(sandbox.run(&args).exits(0).stdout.contains(&format!("\n0{EVIL},")));
}

/// What the program shows where standard output is a terminal, if `script` is there to make one.
#[cfg(target_os = "linux")]
fn on_terminal(sandbox: &Sandbox, args: &[&str]) -> Option<String> {
    let quoted: Vec<String> = args.iter().map(|arg| format!("'{arg}'")).collect();
    let command = format!("{} {}", env!("CARGO_BIN_EXE_standpoint"), quoted.join(" "));
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &command, "/dev/null"]).current_dir(sandbox.root());
    script.env_remove("NO_COLOR").env("COLUMNS", "60");
    let output = script.stdin(std::process::Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"))
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_terminal_data_is_shown_and_drives_nothing() {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", evil_csv());
    let score = ["score", "news.csv", "--model", "model.safetensors", "--quiet", "--format"];
    for format in ["jsonl", "csv", "table"] {
        let Some(shown) = on_terminal(&sandbox, &[&score[..], &[format]].concat()) else { return };
        // The program's own bold, dim and colors are all that a terminal is told.
        let own = ["1", "2", "0", "31", "32", "33", "34", "35", "36"].map(|code| format!("\x1b[{code}m"));
        let shown = own.iter().fold(shown, |shown, own| shown.replace(own, ""));
        assert!(shown.contains("0x"), "{shown}");
        assert_eq!(shown.chars().find(|c| is_hidden(*c)), None, "{format}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn messages_on_a_terminal_are_broken_between_words() {
    let sandbox = Sandbox::with_model();
    sandbox.write("news.csv", "id,outlet,published,headline,text\n1,Herald,2024-05-17,A day,It rained.\n");
    let args = ["score", "news.csv", "--model", "model.safetensors", "--format", "table", "--sort", "outlet"];
    let whole = sandbox.run(&args).exits(2).stderr;
    assert_eq!(whole.lines().count(), 1, "one line where nobody reads it on a terminal: {whole}");
    let Some(shown) = on_terminal(&sandbox, &args) else { return };
    let lines: Vec<&str> = shown.trim_end().lines().collect();
    assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= 60), "{shown}");
    let joined: Vec<&str> = shown.split_whitespace().collect();
    assert_eq!(joined, whole.split_whitespace().collect::<Vec<_>>(), "no word is broken: {shown}");
}
