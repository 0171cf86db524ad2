//! Prints the counts of a run in a few lines.

use crate::cli::report_page::spelled;
use crate::cli::{flags, terminal};
use crate::pipeline::{RunReport, Speed, Tally};
use crate::read::Condition;
use crate::write::RunContext;

/// Prints the counts on stderr; failures and warnings even to those who asked for quiet.
pub fn print(context: &RunContext, report: &RunReport, quiet: bool) {
    let RunReport { tally, speed, .. } = report;
    let mut warnings: Vec<String> = tally.notes.lines().collect();
    warnings.extend(tally.signs.notes().map(|note| flags::in_message(&note)));
    let missing = context.keep.iter().filter(|name| tally.documents > 0 && !tally.kept.contains_key(*name));
    warnings.extend(missing.map(|name| format!("no record has a value in the kept column `{name}`")));
    let unlike = tally.drift(context);
    if !unlike.is_empty() {
        warnings.push(format!("these texts differ from the model's training data: {}", unlike.join(", ")));
    }
    warnings.iter().for_each(|warning| terminal::say(&format!("warning: {warning}")));
    for (kind, failures) in &tally.failures {
        for message in &failures.first {
            terminal::say(&format!("failed ({kind}): {message}"));
        }
        let more = failures.count.saturating_sub(failures.first.len() as u64);
        if more > 0 {
            terminal::say(&format!("failed ({kind}): {more} more"));
        }
    }
    if !quiet {
        lines(context, tally, *speed).iter().for_each(|line| terminal::say(line));
    }
}

/// Says that no result meets the conditions, if none does.
pub fn no_result(conditions: &[Condition], report: &RunReport) -> Option<String> {
    let is_empty = report.results.matching == 0 && report.tally.documents > 0;
    (is_empty && !conditions.is_empty())
        .then(|| format!("--where: no result has {}", spelled(conditions).join(" and ")))
}

fn lines(context: &RunContext, tally: &Tally, speed: Speed) -> Vec<String> {
    let of = |count: u64, what: &str| {
        format!("{what} {count} ({:.0} %)", 100.0 * count as f64 / tally.documents.max(1) as f64)
    };
    let mut first = counted(tally.documents, "document", "documents");
    if context.duplicates {
        let stories = tally.documents.saturating_sub(tally.repeats);
        first.push_str(&format!(", {}", counted(stories, "story", "stories")));
    }
    if tally.failed() > 0 {
        first.push_str(&format!(", {} failed", tally.failed()));
    }
    let Speed { seconds, documents_per_second, megabytes_per_second } = speed;
    if tally.documents == 0 {
        return vec![first];
    }
    first.push_str(&format!(
        "; {seconds:.1} s, {documents_per_second:.0} documents/s, {megabytes_per_second:.1} MB/s"
    ));
    let mut lines = vec![first];
    let list = |pairs: Vec<(&String, u64)>| {
        pairs.into_iter().map(|(name, count)| of(count, name)).collect::<Vec<_>>().join(", ")
    };
    let labels = context.labels.names().iter();
    lines.push(list(labels.map(|name| (name, tally.labels.get(name).copied().unwrap_or(0))).collect()));
    if !tally.abstained.is_empty() {
        let abstained = tally.abstained.values().sum();
        let reasons = list(tally.abstained.iter().map(|(reason, count)| (reason, *count)).collect());
        lines.push(format!("{}: {reasons}", of(abstained, "abstained")));
    }
    lines
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LabelSet;

    #[test]
    fn a_run_without_a_document_has_no_speed() {
        let context = RunContext::new(LabelSet::new(["a", "b"]).unwrap(), "m");
        let speed = Speed { seconds: 0.001, documents_per_second: 0.0, megabytes_per_second: 0.0 };
        let mut tally = Tally::default();
        assert_eq!(lines(&context, &tally, speed), ["0 documents"]);
        tally.documents = 1;
        assert!(lines(&context, &tally, speed)[0].contains("documents/s"));
    }
}
