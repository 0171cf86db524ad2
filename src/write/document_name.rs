//! Names documents for people: by their titles, or by the names of their files.

use std::borrow::Cow;
use std::path::Path;

use crate::write::Scored;

/// Columns that hold a document's title where it has one.
const TITLES: [&str; 2] = ["title", "headline"];

/// The place of the kept column that holds titles.
pub(crate) fn title_place(kept: &[String]) -> Option<usize> {
    kept.iter().position(|name| TITLES.iter().any(|title| name.eq_ignore_ascii_case(title)))
}

/// The title of a document: that of the column at this place, or its own.
pub(crate) fn title(scored: &Scored, place: Option<usize>) -> Option<&str> {
    let column = place.and_then(|place| scored.document.columns.get(place)?.as_deref());
    let title = column.or(scored.document.title.as_deref()).map(str::trim);
    title.filter(|title| !title.is_empty())
}

/// An id without the folders, where it is the path of a file or begins with it.
pub(crate) fn id_without_folders<'s>(id: &'s str, path: &str) -> Cow<'s, str> {
    let name = Path::new(path).file_name().and_then(|name| name.to_str());
    match (id.strip_prefix(path), name) {
        (Some(rest), Some(name)) => Cow::Owned(format!("{name}{rest}")),
        _ => Cow::Borrowed(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_that_is_a_path_loses_its_folders() {
        assert_eq!(id_without_folders("news/2024/a.md", "news/2024/a.md"), "a.md");
        assert_eq!(id_without_folders("news/all.csv#3", "news/all.csv"), "all.csv#3");
        assert_eq!(id_without_folders("news/3", "all.csv"), "news/3");
        assert_eq!(id_without_folders("17", ""), "17");
        assert_eq!(id_without_folders("..", ".."), "..");
    }

    #[test]
    fn titles_stand_in_columns_of_either_name() {
        let kept = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(title_place(&kept(&["date", "Headline"])), Some(1));
        assert_eq!(title_place(&kept(&["subtitle"])), None);
    }
}
