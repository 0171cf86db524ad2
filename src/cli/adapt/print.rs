//! Prints what an adaptation tried, chose and expects.

use std::io::{self, Write};

use crate::cli::report::{share, thresholds};
use crate::cli::terminal::{self, print_hanging, print_wrapped};
use crate::evaluate::{ComparisonResult, Difference};
use crate::statistics::Estimate;
use crate::train::{AdaptReport, AnsweredShares, MoreLabels, TrainReport, TrainedOn};
use crate::write::{Style, TextColumn, TextTable};

/// The columns that the name of a model is cut to at the least.
const MIN_NAME: usize = 16;

/// The table and what follows from it. `base` is what to call the model of the corpus alone.
pub fn adapted(out: &mut impl Write, report: &AdaptReport, base: &str, style: Style) -> io::Result<()> {
    let cut = match report.rows - report.texts {
        0 => String::new(),
        _ => format!(", cut into {} paragraphs and passages", report.rows),
    };
    let AdaptReport { texts, groups, .. } = report;
    writeln!(out)?;
    print_wrapped(
        out,
        &format!("{texts} texts in {groups} groups{cut}; whole groups were held out; intervals: 95 %"),
    )?;
    writeln!(out)?;
    table(report, base).write(out, terminal::width(), style)?;
    print_wrapped(
        out,
        "* is the model that was written: it has the lowest log loss, with all labels counted equally. It was chosen on these texts, \
         so its figures are slightly optimistic; those of the last line are not, because each fold chose without its own texts",
    )?;
    writeln!(out)?;
    print_wrapped(out, &verdict(&report.nested, base))?;
    if let Some(answered) = &report.answered {
        print_wrapped(out, &coverage(answered, base))?;
    }
    if let Some(more) = report.more_labels {
        more_labels(out, more)?;
    }
    let TrainReport { calibration, settings, .. } = &report.training;
    writeln!(out)?;
    print_hanging(out, &format!("{}; {settings}", calibration.describe()))?;
    thresholds(out, report.training.thresholds)
}

fn name(trained_on: TrainedOn) -> String {
    match trained_on {
        TrainedOn::OwnRows => "your rows alone".to_owned(),
        TrainedOn::CorpusAndOwnRows { weight } => format!("both, your rows x {weight}"),
        TrainedOn::Pooled { share } => format!("pooled, your rows x {share}"),
    }
}

/// The model of the corpus, the candidates, and the choice inside each fold. Intervals give way
/// first, those of the log loss before those of macro-F1.
fn table(report: &AdaptReport, base: &str) -> TextTable {
    let mut table = TextTable::new(vec![
        TextColumn::text("").shrinking(MIN_NAME),
        TextColumn::number("macro-F1"),
        TextColumn::number("gain").ranked(1),
        TextColumn::number("interval of gain").ranked(3),
        TextColumn::number("log loss"),
        TextColumn::number("change").ranked(2),
        TextColumn::number("interval of change").ranked(4),
    ]);
    let nested = &report.nested;
    let [f1, loss] = [nested.macro_f1.first, nested.log_loss.first].map(share);
    let blank = String::new;
    table.push([base.to_owned(), f1, blank(), blank(), loss, blank(), blank()]);
    for (number, candidate) in report.candidates.iter().enumerate() {
        let mark = if number == report.chosen { " *" } else { "" };
        table.push(cells(name(candidate.trained_on) + mark, &candidate.compared));
    }
    table.push(cells("chosen inside each fold".to_owned(), nested));
    table
}

/// The cells of a model that is compared with the one of the corpus.
fn cells(name: String, compared: &ComparisonResult) -> [String; 7] {
    let [[f1, gain, of_gain], [loss, change, of_change]] = [compared.macro_f1, compared.log_loss].map(|of| {
        let interval = of.difference.and_then(|difference| difference.interval);
        [
            share(of.second),
            of.difference.map_or_else(String::new, |difference| format!("{:+.3}", difference.value)),
            interval.map_or_else(String::new, |ends| format!("{:+.3} to {:+.3}", ends.low, ends.high)),
        ]
    });
    [name, f1, gain, of_gain, loss, change, of_change]
}

fn estimate(Estimate { value, interval }: Estimate) -> String {
    let interval =
        interval.map_or_else(String::new, |ends| format!(" ({:+.3} to {:+.3})", ends.low, ends.high));
    format!("{value:+.3}{interval}")
}

/// Whether the new model is better than the one of the corpus, as far as the texts can tell.
fn verdict(nested: &ComparisonResult, base: &str) -> String {
    let is_clear = |of: Difference, sign: f64| {
        let interval = of.difference.and_then(|difference| difference.interval);
        interval.is_some_and(|ends| sign * ends.low > 0.0 && sign * ends.high > 0.0)
    };
    let is_loss_worse = is_clear(nested.log_loss, 1.0);
    if is_clear(nested.macro_f1, -1.0) {
        format!(
            "the new model labels fewer of your texts correctly than the {base}: keep the {base}, or check your labels"
        )
    } else if is_clear(nested.macro_f1, 1.0) {
        let but = if is_loss_worse { ", but its probabilities are worse (log loss)" } else { "" };
        format!("the new model labels more of your texts correctly than the {base}{but}")
    } else if is_loss_worse {
        format!(
            "the new model's probabilities are worse than those of the {base} (log loss), and there are too few texts to tell \
             whether its labels are better: keep the {base}, or check your labels"
        )
    } else if is_clear(nested.log_loss, -1.0) {
        format!(
            "the new model's probabilities are better than those of the {base}; there are too few texts to tell whether its \
             labels are, too"
        )
    } else {
        format!("there are too few texts to tell whether the new model is better than the {base}")
    }
}

/// How many texts get a label.
fn coverage(answered: &AnsweredShares, base: &str) -> String {
    let AnsweredShares { base: before, adapted: after, .. } = *answered;
    let fewer = match after / before {
        ratio if ratio < 0.9 => ": the new model leaves more of them without a label (low-confidence)",
        ratio if ratio > 1.0 / 0.9 => ": the new model leaves fewer of them without a label (low-confidence)",
        _ => "",
    };
    format!(
        "the new model gives a label to {:.0} % of your texts, the {base} to {:.0} %{fewer}",
        100.0 * after,
        100.0 * before
    )
}

fn more_labels(out: &mut impl Write, more: MoreLabels) -> io::Result<()> {
    let sentence = format!(
        "{} more labels would add about {} to macro-F1, an estimate from training on half of your labels and on all of them",
        more.labels,
        estimate(more.macro_f1)
    );
    print_wrapped(out, &sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::Comparison;
    use crate::statistics::Interval;

    #[test]
    fn a_model_that_labels_fewer_texts_is_said_to() {
        let said = |base, adapted| coverage(&AnsweredShares { base, adapted }, "bundled model");
        assert_eq!(
            said(0.749, 0.368),
            "the new model gives a label to 37 % of your texts, the bundled model to 75 %: the new model leaves more of them without \
             a label (low-confidence)"
        );
        assert!(said(0.5, 0.8).contains("leaves fewer of them"));
        assert!(said(0.75, 0.74).ends_with("the bundled model to 75 %"));
        assert!(said(0.0, 0.5).contains("leaves fewer of them") && said(0.0, 0.0).ends_with("to 0 %"));
    }

    #[test]
    fn a_log_loss_that_is_clearly_worse_is_said() {
        let difference = |low: f64, high: f64| {
            let value = (low + high) / 2.0;
            Some(Estimate { value, interval: Some(Interval { low, high }) })
        };
        let said = |macro_f1, log_loss| {
            let mut nested = Comparison::new(2).result(1);
            (nested.macro_f1.difference, nested.log_loss.difference) = (macro_f1, log_loss);
            verdict(&nested, "model")
        };
        let (unclear, above, below) = (difference(-0.1, 0.2), difference(0.1, 0.2), difference(-0.2, -0.1));
        assert!(said(unclear, above).starts_with("the new model's probabilities are worse"));
        assert!(said(above, above).contains("but its probabilities are worse"));
        assert!(!said(above, below).contains("probabilities"));
        assert!(said(unclear, below).starts_with("the new model's probabilities are better"));
        assert!(said(below, above).starts_with("the new model labels fewer of your texts"));
        assert!(said(unclear, unclear).contains("too few texts to tell whether the new model"));
    }
}
