//! Checks sources against each rule; a rule returns what breaks it, one line each.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Named, named};
use super::source::{Source, is_word};

/// Paths that leave a room for one above it, or for the root of the crate.
pub fn upward_paths(sources: &[Source], rooms: &[String]) -> Vec<String> {
    let rank: BTreeMap<&str, usize> =
        rooms.iter().enumerate().map(|(rank, room)| (room.as_str(), rank)).collect();
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| !["lib.rs", "main.rs"].contains(&source.path.as_str())) {
        let Some(&own) = rank.get(source.room()) else {
            wrong.push(format!("{} is in no room of ARCHITECTURE.md", source.path));
            continue;
        };
        for Named { at, inside, .. } in named(source) {
            let Some(path) = inside else { continue };
            let first = path.first().map_or("", String::as_str);
            match rank.get(first) {
                Some(&other) if other > own => wrong.push(format!("{} uses {first}", source.place(at))),
                // The uppermost room stands where a user does, and names what lib.rs shows.
                None if own + 1 < rooms.len() => {
                    wrong.push(format!("{} uses crate::{first}; name its room", source.place(at)))
                }
                _ => {}
            }
        }
    }
    wrong
}

/// Crates that are named outside the files and folders that own them.
pub fn crates_outside_their_owners(sources: &[Source], owners: &[(&str, &[&str])]) -> Vec<String> {
    let modules: BTreeSet<Vec<String>> = sources.iter().map(Source::module).collect();
    let mut wrong = Vec::new();
    for source in sources {
        for Named { at, outside, module, .. } in named(source) {
            let Some(name) = outside else { continue };
            let Some((_, owners)) = owners.iter().find(|(owned, _)| *owned == name) else { continue };
            // `csv::CsvSink` beside a csv.rs is our own.
            let is_ours = modules.contains(&[module, vec![name.clone()]].concat());
            if !is_ours && !owners.iter().any(|owner| source.path.starts_with(owner)) {
                wrong.push(format!("{} names {name}", source.place(at)));
            }
        }
    }
    wrong
}

/// Places of these words in the code of files that `is_bound` takes; a word that begins with a
/// letter begins there.
pub fn words(sources: &[Source], words: &[&str], is_bound: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| is_bound(source)) {
        for word in words {
            let begins = |at: &usize| {
                !(is_word(word.as_bytes()[0]) && source.code[..*at].bytes().next_back().is_some_and(is_word))
            };
            let found = source.code.match_indices(word).map(|(at, _)| at).filter(begins);
            wrong.extend(found.map(|at| format!("{} has {word}", source.place(at))));
        }
    }
    wrong
}

/// Circles of imports between the files and folders of one folder, each as `folder: a, b`.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<Vec<String>> = sources.iter().map(Source::module).collect();
    let paths: Vec<Named> = sources.iter().flat_map(named).collect();
    // What a module imports is reached through it, too.
    let mut imports: BTreeMap<Vec<String>, &Vec<String>> = BTreeMap::new();
    for Named { inside, alias, module, .. } in &paths {
        if let (Some(inside), Some(alias)) = (inside, alias) {
            imports.insert([module.clone(), vec![alias.clone()]].concat(), inside);
        }
    }
    let mut uses: BTreeMap<Vec<String>, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for Named { inside, module, .. } in &paths {
        let Some(inside) = inside else { continue };
        let mut path = inside.clone();
        for _ in 0..4 {
            let known = (1..=path.len()).rev().find_map(|end| Some((end, imports.get(&path[..end])?)));
            let Some((end, target)) = known.filter(|_| !modules.contains(&path)) else { break };
            path = [(*target).clone(), path[end..].to_vec()].concat();
        }
        // Files in the way of both, down to where they part.
        let shared = module.iter().zip(&path).take_while(|(a, b)| a == b).count();
        let (Some(from), Some(to)) = (module.get(shared), path.get(shared)) else { continue };
        if shared > 0 && modules.contains(&path[..=shared]) {
            let folder = uses.entry(module[..shared].to_vec()).or_default();
            folder.entry(from.clone()).or_default().insert(to.clone());
        }
    }
    let mut found = Vec::new();
    for (folder, edges) in &uses {
        let reach: BTreeMap<&String, BTreeSet<&String>> =
            edges.keys().map(|from| (from, reached(edges, from))).collect();
        let mut told = BTreeSet::new();
        for from in edges.keys().filter(|from| reach[from].contains(from)) {
            let circle: Vec<&str> = edges
                .keys()
                .filter(|to| reach[from].contains(to) && reach[to].contains(from))
                .map(String::as_str)
                .collect();
            if told.insert(circle.clone()) {
                found.push(format!("{}: {}", folder.join("/"), circle.join(", ")));
            }
        }
    }
    found
}

fn reached<'e>(edges: &'e BTreeMap<String, BTreeSet<String>>, from: &String) -> BTreeSet<&'e String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = edges.get(from).into_iter().flatten().collect();
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(edges.get(name).into_iter().flatten());
        }
    }
    reached
}
