//! Tables fit the terminal: snapshots at four widths, which `UPDATE_SNAPSHOTS=1` writes anew, and
//! nothing that is wider.

mod screens;

use std::path::Path;

use crate::harness::{Finished, Sandbox, rows};

const WIDTHS: [usize; 4] = [60, 80, 100, 160];

/// Runs the program as on a terminal of so many columns.
fn at(sandbox: &Sandbox, width: usize, args: &[&str]) -> Finished {
    let output = sandbox.command(args).env("COLUMNS", width.to_string()).output().unwrap();
    Finished::of(output, args)
}

#[track_caller]
fn fits(ran: &Finished, width: usize) {
    for line in ran.stdout.lines() {
        assert!(line.chars().count() <= width, "wider than {width}: {line}\n{ran}");
    }
}

/// Compares with the snapshot of this name, in which hashes are blotted out: they change with every
/// version of the model file.
#[track_caller]
fn is_snapshot(ran: &Finished, name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/snapshots").join(name);
    let found = without_hashes(&ran.stdout);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(found, expected, "{name} has changed");
}

/// A text with `#` for the digits of each hash, or of each piece of one on a line of its own.
fn without_hashes(text: &str) -> String {
    let is_digit = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    let mut shown = String::new();
    for word in text.split_inclusive(|c| !is_digit(c)) {
        let digits = word.trim_end_matches(|c| !is_digit(c));
        match digits.len() {
            12.. => shown.extend(std::iter::repeat_n('#', digits.len())),
            _ => shown.push_str(digits),
        }
        shown.push_str(&word[digits.len()..]);
    }
    shown
}

/// The width below which lines wrap.
const NARROWEST: usize = 40;

/// Runs the program at each width; nothing is wider, and all is as in the snapshots of this name.
#[track_caller]
fn is_drawn(sandbox: &Sandbox, name: &str, args: &[&str]) {
    for width in WIDTHS {
        let ran = at(sandbox, width, args).exits(0);
        fits(&ran, width);
        is_snapshot(&ran, &format!("{name}-{width}.txt"));
    }
    fits(&at(sandbox, NARROWEST, args).exits(0), NARROWEST);
}

/// Texts with titles, outlets and dates; one is too short for an answer.
fn news(sandbox: &Sandbox) {
    let mut csv = String::from("id,title,outlet,date,text\n");
    for (number, row) in rows(6).iter().enumerate() {
        let outlet = ["The Morning Gazette", "Evening Star"][number % 2];
        csv.push_str(&format!(
            "n{number},What leaders said on day {number} about deterrence and the price of a promise,{outlet},2024-05-1{number},{}\n",
            row.text
        ));
    }
    csv.push_str("n6,,Evening Star,2024-05-18,Too short.\n");
    sandbox.write("news/of-a-folder-with-a-long-name/articles-of-may-2024.csv", csv);
}

#[test]
fn the_table_of_texts_fits_at_every_width() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let args =
        ["score", "news", "--model", "model.safetensors", "--format", "table", "--keep", "title,outlet,date"];
    is_drawn(&sandbox, "score", &args);
    for width in WIDTHS {
        let more = [&args[..6], &["--paragraphs", "--explain", "9"]].concat();
        fits(&at(&sandbox, width, &more).exits(0), width);
    }
}

#[test]
fn names_are_whole_where_there_is_room_and_columns_give_way_where_there_is_none() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let args = ["score", "news", "--model", "model.safetensors", "--format", "table"];
    let name = "news/of-a-folder-with-a-long-name/articles-of-may-2024.csv#1";
    sandbox.write(
        "news/of-a-folder-with-a-long-name/articles-of-may-2024.csv",
        format!("text\n{}\n", rows(1)[0].text),
    );
    let shown = |width| at(&sandbox, width, &args).exits(0).stdout;
    assert!(shown(160).contains(name) && shown(120).contains(name), "{}", shown(120));
    assert!(!shown(60).contains(name) && !shown(60).contains("known") && shown(60).contains("slant"));
    assert!(shown(60).contains("…"), "{}", shown(60));
}

/// Texts whose outlets are longer than a column usually is, and shorter than there is room for.
#[test]
fn kept_columns_are_whole_at_120_columns_where_room_is_free() {
    let sandbox = Sandbox::with_model();
    let outlet = "The Morning Gazette of the Upper Valley";
    let row = |number: usize, text: &str| format!("Day {number},{outlet},2024-05-11,{text}\n");
    let texts: String = rows(9).iter().enumerate().map(|(number, of)| row(number, &of.text)).collect();
    sandbox.write("news.csv", format!("title,outlet,date,text\n{texts}"));
    let score = ["score", "news.csv", "--model", "model.safetensors", "--format", "table"];
    let ran = at(&sandbox, 120, &[&score[..], &["--keep", "title,outlet,date"]].concat()).exits(0);
    fits(&ran, 120);
    assert_eq!(ran.stdout.matches(outlet).count(), 9, "{ran}");
    assert!(ran.stdout.contains("2024-05-11") && !ran.stdout.contains('…'), "{ran}");
    let chosen = ["--keep", "title,outlet", "--columns", "meta_title,meta_outlet,label,slant"];
    let ran = at(&sandbox, 120, &[&score[..], &chosen].concat()).exits(0);
    fits(&ran, 120);
    assert_eq!(ran.stdout.matches(outlet).count(), 9, "{ran}");
    // The rows that follow the first ones find the same columns.
    let many: String = (0..400).map(|number| row(number, "Leaders must defend the guarantee.")).collect();
    sandbox.write("news.csv", format!("title,outlet,date,text\n{many}"));
    let ran = at(&sandbox, 120, &[&score[..], &["--keep", "title,outlet,date"]].concat()).exits(0);
    fits(&ran, 120);
    assert_eq!((ran.stdout.lines().count(), ran.stdout.matches(outlet).count()), (401, 400), "{ran}");
}

#[test]
fn evaluations_and_counts_by_group_fit_at_every_width() {
    let sandbox = Sandbox::with_model();
    let mut csv = String::from("outlet,date,label,text\n");
    for (number, row) in rows(120).iter().enumerate() {
        csv.push_str(&format!(
            "The outlet of number {} and of nothing else,2024-0{}-11,{},{}\n",
            number % 30,
            1 + number % 9,
            row.label,
            row.text
        ));
    }
    sandbox.write("rows.csv", csv);
    for width in WIDTHS {
        let ran = at(&sandbox, width, &["evaluate", "rows.csv", "--model", "model.safetensors"]).exits(0);
        fits(&ran, width);
        is_snapshot(&ran, &format!("evaluate-{width}.txt"));
        assert!(ran.stdout.contains("\nand 10 more (--format json has all)\n"), "{ran}");
        let by = [
            "score",
            "rows.csv",
            "--model",
            "model.safetensors",
            "--by",
            "outlet",
            "--output",
            "s.csv",
            "--quiet",
        ];
        let ran = at(&sandbox, width, &by).exits(0);
        fits(&ran, width);
        is_snapshot(&ran, &format!("by-{width}.txt"));
        let behind_the_count = |line| str::rsplit_once(line, " 4  ").map_or(line, |(_, shares)| shares);
        assert!(ran.stdout.contains(" 100% █"), "{ran}");
        assert!(
            !ran.stdout.lines().map(behind_the_count).any(|rest| rest.contains('…')),
            "no share is cut: {ran}"
        );
    }
}

#[test]
fn cards_and_lists_of_paragraphs_fit_at_every_width() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let long = format!("{}\n\n{}\n", rows(1)[0].text.repeat(3), "警告 ".repeat(80));
    sandbox.write("long.txt", long);
    for width in WIDTHS {
        let card = at(&sandbox, width, &["inspect", "model.safetensors", "--top", "3"]).exits(0);
        fits(&card, width);
        let hash = card.stdout.split("sha256").nth(1).unwrap();
        let hash: String = hash.chars().filter(|c| !c.is_whitespace()).take(64).collect();
        assert!(hash.chars().all(|c| c.is_ascii_hexdigit()), "a hash is whole: {card}");
        let args = ["paragraphs", "long.txt", "--format", "table"];
        let ran = at(&sandbox, width, &args).exits(0);
        for line in ran.stdout.lines() {
            // A character of Chinese takes two columns.
            let columns: usize = line.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 }).sum();
            assert!(columns <= width, "wider than {width}: {line}\n{ran}");
        }
    }
}

#[test]
fn columns_that_have_no_room_are_named() {
    let sandbox = Sandbox::with_model();
    news(&sandbox);
    let args = ["score", "news", "--model", "model.safetensors", "--format", "table"];
    at(&sandbox, 60, &args).exits(0).says("note: no room for ").says("known; a wider terminal shows all");
    assert!(!at(&sandbox, 160, &args).exits(0).stderr.contains("no room"));
    let quiet = [&args[..], &["--quiet"]].concat();
    assert!(!at(&sandbox, 60, &quiet).exits(0).stderr.contains("no room"));
}

#[test]
fn an_answer_that_the_model_does_not_give_has_no_probability() {
    let sandbox = Sandbox::with_model();
    sandbox.write("short.txt", "Defend deterrence.");
    let args = ["score", "short.txt", "--model", "model.safetensors", "--format", "table"];
    let ran = at(&sandbox, 80, &args).exits(0);
    let row = ran.stdout.lines().nth(1).unwrap();
    assert!(row.starts_with("short.txt") && row.contains("(too-short)"), "{ran}");
    assert_eq!(row.matches(" -").count(), 2, "neither p nor slant: {ran}");
}

#[test]
fn labels_are_colored_where_color_is_forced_and_never_where_it_is_refused() {
    let sandbox = Sandbox::with_model();
    sandbox.write("a.txt", "Leaders must defend the guarantee: deterrence today.");
    sandbox.write("b.txt", "Too short.");
    let args = ["score", "a.txt", "b.txt", "--model", "model.safetensors", "--format", "table"];
    let run = |variables: &[(&str, &str)]| {
        let output = sandbox.command(&args).envs(variables.iter().copied()).output().unwrap();
        Finished::of(output, &args).exits(0).stdout
    };
    let colored = run(&[("CLICOLOR_FORCE", "1")]);
    assert!(colored.contains("\x1b[33mfor\x1b[0m"), "the second of three labels: {colored:?}");
    assert!(colored.contains("\x1b[2mb.txt"), "an abstention is dim: {colored:?}");
    for plain in [&[][..], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[("CLICOLOR_FORCE", "0")]] {
        assert!(!run(plain).contains('\x1b'), "{plain:?}");
    }
}
