//! Holds the style, the scripts and the icon of the page, which the program carries with it.

/// A file that the page loads.
#[derive(Debug)]
pub(super) struct Asset {
    name: &'static str,
    pub(super) content_type: &'static str,
    pub(super) body: &'static str,
}

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const DRAWING: &str = "image/svg+xml";

macro_rules! assets {
    ($($name:literal $content_type:ident)*) => {
        &[$(Asset {
            name: $name,
            content_type: $content_type,
            body: include_str!(concat!("assets/", $name)),
        }),*]
    };
}

/// All files of `assets/`.
static ASSETS: &[Asset] = assets![
    "api.js" SCRIPT
    "app.css" STYLE
    "app.js" SCRIPT
    "charts.js" SCRIPT
    "check.js" SCRIPT
    "desk.js" SCRIPT
    "dom.js" SCRIPT
    "drafts.js" SCRIPT
    "format.js" SCRIPT
    "groups.js" SCRIPT
    "help.js" SCRIPT
    "highlight.js" SCRIPT
    "icon.svg" DRAWING
    "keys.js" SCRIPT
    "label.js" SCRIPT
    "markdown.js" SCRIPT
    "outbox.js" SCRIPT
    "parts.js" SCRIPT
    "progress.js" SCRIPT
    "queue.js" SCRIPT
    "read.js" SCRIPT
    "tabs.js" SCRIPT
    "texts.js" SCRIPT
    "training.js" SCRIPT
    "undoing.js" SCRIPT
    "verdict.js" SCRIPT
];

/// The file of this name.
pub(super) fn asset(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/serve/assets");
        let files: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let served: BTreeSet<String> = ASSETS.iter().map(|asset| asset.name.to_owned()).collect();
        assert_eq!(served, files);
    }

    #[test]
    fn scripts_never_write_markup_and_never_name_another_machine() {
        let forbidden = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "cssText",
            "setAttribute(\"style\"",
            "https:",
            "importScripts",
            "DOMParser",
            "srcdoc",
        ];
        for asset in ASSETS.iter().filter(|asset| asset.content_type == SCRIPT) {
            for word in forbidden {
                assert!(!asset.body.contains(word), "{} has {word}", asset.name);
            }
            assert!(asset.body.lines().count() < 300, "{} is long", asset.name);
        }
    }
}
