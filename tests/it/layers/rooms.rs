//! Reads the order of the rooms from ARCHITECTURE.md and the modules from lib.rs.

use super::source::Source;

/// The rooms from the bottom up: the table under `## Rooms` whose rows begin with a number.
pub fn rooms(architecture: &str) -> Vec<String> {
    let section = architecture.split("\n## Rooms\n").nth(1).expect("a heading `## Rooms`");
    let section = section.split("\n## ").next().unwrap();
    let mut rooms = Vec::new();
    for line in section.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let Ok(number) = cells[0].parse::<usize>() else { continue };
        assert_eq!(number, rooms.len() + 1, "rows of the rooms are numbered in order: {line}");
        rooms.push(cells[1].trim_matches('`').trim_end_matches('/').to_owned());
    }
    rooms
}

/// The modules that lib.rs declares.
pub fn modules(lib: &Source) -> Vec<String> {
    let declared = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("pub ").or(line.strip_prefix("pub(crate) ")).unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    lib.code.lines().filter_map(declared).collect()
}
