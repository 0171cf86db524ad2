//! Decisions are answered after the disk has them: a library between the program and the system
//! notes how much of the log was synced, a while after it was asked to.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use super::client::Served;
use super::labeling::{decide, own, sandbox};
use crate::harness::Sandbox;

/// Takes its time for the log, syncs it, and then notes how long the file was when it was asked.
const LIBRARY: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int noted(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    char link[64], path[4096];
    struct stat before;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    int is_log = strstr(path, "/labels.jsonl") != NULL && fstat(file, &before) == 0;
    if (is_log) usleep(200000);
    int result = real(file);
    FILE *notes = is_log && result == 0 ? fopen(getenv("SYNCED"), "w") : NULL;
    if (notes != NULL) {
        fprintf(notes, "%lld", (long long)before.st_size);
        fclose(notes);
    }
    return result;
}

int fdatasync(int file) { return noted("fdatasync", file); }
int fsync(int file) { return noted("fsync", file); }
"#;

fn library(sandbox: &Sandbox) -> PathBuf {
    let (source, library) = (sandbox.write("synced.c", LIBRARY), sandbox.path("synced.so"));
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status()
        .expect("a C compiler, which building the program needs as well");
    assert!(built.success());
    library
}

#[test]
fn a_decision_its_change_and_its_undo_are_answered_after_the_disk_has_them() {
    let sandbox = sandbox();
    let (library, notes) = (library(&sandbox), sandbox.path("synced"));
    let variables = [("LD_PRELOAD", library.as_path()), ("SYNCED", notes.as_path())];
    let served = Served::start_with(&sandbox, &["news.csv", "--work", "work"], &variables);
    let is_synced = |what: &str| {
        let length = fs::metadata(sandbox.path("work/labels.jsonl")).unwrap().len();
        let synced = fs::read_to_string(&notes).unwrap_or_default();
        assert_eq!(synced, length.to_string(), "bytes of the log that are on disk, after {what}");
    };
    for number in 1..=3 {
        decide(&served, "random", 1, |_, item| own(item));
        is_synced(&format!("decision {number}"));
    }
    served.post("/api/decisions/2", &json!({ "label": "neutral" })).expect(200);
    is_synced("a change");
    for _ in 0..2 {
        served.post("/api/undo", &json!({})).expect(200);
        is_synced("an undo");
    }
}
