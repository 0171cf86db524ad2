//! Names texts that were chosen by their answers, whose shares say nothing about what texts argue.

use crate::write::report::scored::ScoredPage;

const WITHOUT_A_LABEL: &str = "without a label";

/// What the filters say of the answers of all texts on the page, if they say anything, as in
/// `labeled for`.
pub(super) fn chosen_by_answer(page: &ScoredPage<'_>) -> Option<String> {
    let said = page.filters.iter().filter_map(|filter| {
        let (column, value) = filter.split_once(" = ")?;
        match (column, value) {
            ("label", "") => Some(WITHOUT_A_LABEL.to_owned()),
            ("label", label) => Some(format!("labeled {label}")),
            ("top", top) => Some(format!("whose likeliest label is {top}")),
            // Texts with a label may have any label.
            ("reason", "") => None,
            ("reason", reason) => Some(format!("{WITHOUT_A_LABEL} ({reason})")),
            _ => None,
        }
    });
    let mut said: Vec<String> = said.collect();
    if said.iter().any(|said| said.starts_with(WITHOUT_A_LABEL) && said != WITHOUT_A_LABEL) {
        said.retain(|said| said != WITHOUT_A_LABEL);
    }
    (!said.is_empty()).then(|| said.join(" and "))
}

/// Whether shares of answers say anything about the texts: all of them have one answer otherwise.
pub(super) fn has_findings(page: &ScoredPage<'_>) -> bool {
    chosen_by_answer(page).is_none()
}

/// Whether the reasons for no label say anything about the texts.
pub(super) fn has_reasons(page: &ScoredPage<'_>) -> bool {
    chosen_by_answer(page).is_some_and(|chosen| chosen == WITHOUT_A_LABEL)
}
