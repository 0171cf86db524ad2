//! Plants faults and checks that the rules find each, and nothing in clean sources.

use super::source::{Source, without_test_files};
use super::{
    COMPARISONS, OWNERS, SYSTEM_MATHEMATICS, TERMINAL, holds_secrets, is_library, paths, rooms, rules,
};

const ARCHITECTURE: &str = "# A\n\n## Rooms\n\nFrom below.\n\n| # | room | question |\n|---|---|---|\n\
    | 1 | `error` | What? |\n| 2 | `text` | What? |\n| 3 | `read` | What? |\n| 4 | `cli` | What? |\n\n## Else\n\n| 5 | `no` | |\n";

fn upward(path: &str, text: &str) -> Vec<String> {
    rules::upward_paths(&[Source::new(path, text)], &rooms::rooms(ARCHITECTURE))
}

fn foreign(path: &str, text: &str) -> Vec<String> {
    rules::crates_outside_their_owners(&[Source::new(path, text)], OWNERS)
}

fn printing(path: &str, text: &str) -> Vec<String> {
    rules::words(&[Source::new(path, text)], TERMINAL, is_library)
}

#[test]
fn the_table_gives_the_rooms_in_order() {
    assert_eq!(rooms::rooms(ARCHITECTURE), ["error", "text", "read", "cli"]);
    let lib = Source::new(
        "lib.rs",
        "pub mod error;\n// mod old;\n#[cfg(feature = \"x\")]\nmod text;\npub(crate) mod read;\n",
    );
    assert_eq!(rooms::modules(&lib), ["error", "text", "read"]);
}

#[test]
fn every_way_to_use_a_room_above_is_found() {
    let found = ["text/span.rs:2 uses read"];
    for text in [
        "\nuse crate::read::Inputs;",
        "\nuse crate::{error, read::Inputs};",
        "\npub(crate) use crate::read as input;",
        "\nuse super::super::read::Inputs;",
        "\nuse super::super::{error::{Error, Result}, read};",
        "\nfn f(a: &crate::read::Inputs) {}",
        "\nimpl From<<u8 as crate::read::Read>::Out> for A {}",
        "\npub(in crate::read) fn f() {}",
        "\nmacro_rules! m { () => { $crate::read::f() } }",
        "\nmod inner { use super::super::super::read; }",
        "\nfn f() { super::super::read::f::<u8>() }",
    ] {
        assert_eq!(upward("text/span.rs", text), found, "{text}");
    }
    let tree = "use crate::{\n    error::{\n        Error,\n    },\n    text,\n    read::{self, Inputs},\n    cli,\n};\n";
    let found = ["text/mod.rs:6 uses read", "text/mod.rs:6 uses read", "text/mod.rs:7 uses cli"];
    assert_eq!(upward("text/mod.rs", tree), found);
    assert_eq!(upward("text/mod.rs", "use super::read;"), ["text/mod.rs:1 uses read"]);
    assert_eq!(upward("text.rs", "use crate::Span;"), ["text.rs:1 uses crate::Span; name its room"]);
    assert_eq!(upward("cli/a.rs", "use crate::{Span, read};"), Vec::<String>::new());
    assert_eq!(upward("stray.rs", ""), ["stray.rs is in no room of ARCHITECTURE.md"]);
}

#[test]
fn what_stands_behind_a_test_is_seen() {
    let tests = "#[cfg(test)]\nmod tests {\n    use crate::cli;\n    #[test]\n    fn f() { println!(\"}}\"); let a = ['{', '\\'', b'\"']; }\n}\n";
    assert_eq!(
        printing("text/a.rs", &format!("{tests}fn f() {{ println!(\"a\") }}")),
        ["text/a.rs:7 has println!"]
    );
    for item in [
        "#[cfg(test)]\nuse crate::cli::{self, Args};\n",
        "#[cfg(test)]\n#[allow(dead_code)]\nfn a<'a>(of: [u8; 3]) -> &'a str { r#\"} \" }\"# }\n",
        "#[cfg(all(test, feature = \"train\"))]\nimpl crate::cli::A { const B: char = '}'; }\n",
        "#[cfg(test)]\nconst A: [u8; 2] = [crate::cli::A; 2];\n",
        "#[cfg(test)]\nmod tests;\n",
        "struct A {\n    #[cfg(test)]\n    a: crate::cli::A\n}\n",
        tests,
    ] {
        assert_eq!(upward("text/a.rs", item), Vec::<String>::new(), "{item}");
        let line = item.matches('\n').count() + 1;
        let behind = format!("{item}use crate::read;\n");
        assert_eq!(upward("text/a.rs", &behind), [format!("text/a.rs:{line} uses read")], "{behind}");
    }
    let not_a_test = "#[cfg(not(test))]\nuse crate::read;\n#[cfg(feature = \"test\")]\nuse crate::read;\n";
    assert_eq!(upward("text/a.rs", not_a_test).len(), 2);
}

#[test]
fn files_for_tests_are_left_out() {
    let sources = vec![
        Source::new("text/mod.rs", "mod span;\n#[cfg(test)]\nmod tests;"),
        Source::new("text/span.rs", ""),
        Source::new("text/tests.rs", "use crate::cli;"),
        Source::new("text/tests/more.rs", ""),
    ];
    let left: Vec<String> = without_test_files(sources).into_iter().map(|source| source.path).collect();
    assert_eq!(left, ["text/mod.rs", "text/span.rs"]);
}

#[test]
fn crates_outside_their_owners_are_found() {
    assert_eq!(foreign("text/a.rs", "use anyhow::Result;"), ["text/a.rs:1 names anyhow"]);
    assert_eq!(foreign("text/a.rs", "\nfn f() -> ::linfa::Error {}"), ["text/a.rs:2 names linfa"]);
    assert_eq!(foreign("text/a.rs", "use {std::fmt,\n csv as c};"), ["text/a.rs:2 names csv"]);
    assert_eq!(foreign("main.rs", "fn f(a: clap::Command) {}"), ["main.rs:1 names clap"]);
    assert_eq!(foreign("train/a.rs", "use linfa::Dataset; // anyhow::Result"), Vec::<String>::new());
    let ours = [Source::new("text/mod.rs", "mod csv;\npub use csv::Sheet;"), Source::new("text/csv.rs", "")];
    assert_eq!(rules::crates_outside_their_owners(&ours, OWNERS), Vec::<String>::new());
}

#[test]
fn forbidden_words_are_found() {
    let unsafe_block = Source::new("text/a.rs", "fn f() {\n    unsafe { g() }\n}");
    assert_eq!(rules::words(&[unsafe_block], &["unsafe "], |_| true), ["text/a.rs:2 has unsafe "]);
    assert_eq!(printing("text/a.rs", "fn f() { std::process::exit(1) }"), ["text/a.rs:1 has process::exit"]);
    assert_eq!(printing("cli/a.rs", "fn f() { println!() }"), Vec::<String>::new());
    let power = Source::new("text/a.rs", "fn f(x: f64) -> f64 {\n    x.powi(2)\n}");
    assert_eq!(rules::words(&[power], SYSTEM_MATHEMATICS, is_library), ["text/a.rs:2 has .powi("]);
    for comparison in ["self.0 == given", "self.0.eq(given)", "given.starts_with(&self.0)"] {
        let file = Source::new("serve/secret.rs", &format!("fn is() -> bool {{ {comparison} }}"));
        assert_eq!(rules::words(&[file], COMPARISONS, holds_secrets).len(), 1, "{comparison}");
    }
}

#[test]
fn circles_are_found() {
    let file = |path: &str, text: &str| Source::new(path, text);
    let circle = [
        file("text/a.rs", "use super::b::B;"),
        file("text/b/mod.rs", "mod deep;"),
        file("text/b/deep.rs", "use crate::text::c::C;"),
        file("text/c.rs", "fn f() -> super::A {}"),
        file("text/d.rs", "use super::a;"),
        file("text/mod.rs", "pub use a::A;\npub use self::a::A;"),
    ];
    assert_eq!(rules::circles(&circle), ["text: a, b, c"]);
    let open =
        [file("text/a.rs", "use super::b::B;"), file("text/b.rs", "use super::c;"), file("text/c.rs", "")];
    assert_eq!(rules::circles(&open), Vec::<String>::new());
}

#[test]
fn clean_sources_are_not_reported() {
    let clean = "//! Like `crate::cli::main` and println!, unsafe { }.\n\n/* use crate::cli; /* nested */ use crate::cli; */\n\
        use std::fmt;\nuse crate::error::{self, Error};\nuse super::span::Span;\n\n\
        fn f<'a>(text: &'a str) -> impl Fn() + use<'a> {\n    let said = \"use crate::cli; println!() // \\\" unsafe { }\";\n    \
        let raw = r##\"crate::cli::\"# linfa::\"##; let byte = b'\\''; let r#type = '\"';\n    \
        self::g::<fmt::Error>(Error::crate_, writeln!(said))\n}\n";
    let source = Source::new("text/a.rs", clean);
    assert_eq!(upward("text/a.rs", clean), Vec::<String>::new());
    assert_eq!(foreign("text/a.rs", clean), Vec::<String>::new());
    assert_eq!(printing("text/a.rs", clean), Vec::<String>::new());
    assert_eq!(rules::words(&[source], &["unsafe "], |_| true), Vec::<String>::new());
    assert_eq!(Source::new("a.rs", clean).code.len(), clean.len());
}

#[test]
fn imports_resolve_to_the_root() {
    let source =
        Source::new("read/formats/csv.rs", "use super::{super::bytes, html as h};\nfn f() { self::g::h() }");
    let inside: Vec<String> =
        paths::named(&source).into_iter().filter_map(|n| Some(n.inside?.join("::"))).collect();
    assert_eq!(inside, ["read::bytes", "read::formats::html", "read::formats::csv::g::h"]);
}
