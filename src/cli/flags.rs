//! Spells the library's parameters as flags.

use crate::Error;
use crate::error::{Message, Spelling};

/// Parameters whose flag is not the name with hyphens.
const OTHERWISE: [(&str, &str); 12] = [
    ("coders", "--columns"),
    ("conditions", "--where"),
    ("format", "--input-format"),
    ("ignored_labels", "--ignore-label"),
    ("markup", "--text-format"),
    ("out_of_domain", "--outside"),
    ("output_conditions", "--where"),
    ("strip", "--strip-source-terms"),
    ("texts", "-n"),
    ("token", "--token-file"),
    ("words", "--ngrams"),
    ("zstd_window_log", "--long"),
];

/// The flag of a parameter: `--max-error` of `max_error`.
pub fn flag(parameter: &str) -> String {
    match OTHERWISE.iter().find(|(name, _)| *name == parameter) {
        Some((_, flag)) => (*flag).to_owned(),
        None => format!("--{}", parameter.replace('_', "-")),
    }
}

/// Flags for parameters, with their values after a blank.
pub const SPELLING: Spelling =
    Spelling { name: flag, setting: |parameter, value| format!("{} {value}", flag(parameter)) };

/// A message with flags for parameters.
pub fn in_message(message: &Message) -> String {
    message.spelled(SPELLING)
}

/// What an error says, with flags for parameters.
pub fn in_error(error: &Error) -> String {
    error.spelled(SPELLING)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn parameters_are_spelled_as_flags() {
        assert_eq!(flag("max_error"), "--max-error");
        assert_eq!(flag("folds"), "--folds");
        assert_eq!(flag("format"), "--input-format");
        assert_eq!(flag("conditions"), "--where");
    }

    #[test]
    fn a_column_that_is_named_like_a_parameter_is_no_flag() {
        let error = Error::data("no column `folds`").with_hint(Message::naming("give `folds`"));
        assert_eq!(in_error(&error), "no column `folds`; give --folds");
    }

    #[test]
    fn a_value_follows_its_flag() {
        let message = Message::naming("`markup=html` reads them");
        assert_eq!(in_message(&message), "--text-format html reads them");
    }

    /// The names in every `naming("...")`, `setting("...")`, `parameter("...")` and
    /// `invalid_parameter("...")` of the library.
    fn named_parameters(folder: &Path, names: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("src/cli") {
                    named_parameters(&path, names);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                for call in ["naming(", "setting(", "parameter(", "needs_folds("] {
                    for after in source.split(call).skip(1) {
                        let Some(literal) = after.trim_start().strip_prefix('"') else { continue };
                        let literal = literal.split('"').next().unwrap();
                        match call {
                            "naming(" => {
                                let named = literal.split('`').skip(1).step_by(2);
                                let name = |named: &str| named.split('=').next().unwrap().to_owned();
                                names.extend(named.map(name));
                            }
                            _ => names.extend([literal.to_owned()]),
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn every_parameter_that_a_message_names_has_a_flag() {
        let mut names = BTreeSet::new();
        named_parameters(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        assert!(names.contains("max_record") && names.contains("folds"), "{names:?}");
        names.extend(OTHERWISE.map(|(name, _)| name.to_owned()));
        // Set by the program or on its page, not on the command line.
        let set_elsewhere = ["classes", "label", "note", "number", "rules", "sequence", "size", "unit"];
        names.retain(|name| !set_elsewhere.contains(&name.as_str()));
        let command = crate::cli::command();
        let flags: BTreeSet<String> = command
            .get_subcommands()
            .flat_map(clap::Command::get_arguments)
            .flat_map(|argument| {
                let long = argument.get_long_and_visible_aliases().unwrap_or_default();
                let short = argument.get_short().map(|short| format!("-{short}"));
                long.into_iter().map(|long| format!("--{long}")).chain(short).collect::<Vec<_>>()
            })
            .collect();
        let missing: Vec<&String> = names.iter().filter(|name| !flags.contains(&flag(name))).collect();
        assert!(missing.is_empty(), "no flag for {missing:?}; name it in OTHERWISE");
    }
}
