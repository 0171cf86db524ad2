//! Runs `inspect`: prints the card of a model.

use crate::error::counted;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::classifier::ModelFile;
use crate::cli::exit::Exit;
use crate::cli::headings::OUTPUT;
use crate::cli::terminal::{print_hanging, print_title, visible};
use crate::cli::{model, report, terminal};
use crate::label::ClassId;
use crate::model::{
    Adaptation, BlockKind, Card, Markup, ParagraphWeight, PrintedTextAccuracy, Unit, printed_text_accuracy,
};
use crate::text::SocialText;
use crate::tokenizer::{HouseStyle, Quotations, TokenizerConfig};
use crate::{Model, Named};

/// Show what a model file contains: labels, sizes, training settings and figures, the strongest
/// terms of each label
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  standpoint inspect
  standpoint inspect mine.safetensors --top 30")]
pub struct Args {
    /// Model file [default: the bundled stance model]
    #[arg(value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Terms for each label
    #[arg(long, value_name = "N", default_value_t = 15, help_heading = OUTPUT)]
    top: usize,
}

/// Columns that the names of labels are aligned to.
const MAX_NAME: usize = 24;

impl Args {
    /// Prints the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let classifier = model::open(self.model.as_ref())?;
        let mut out = io::BufWriter::new(terminal::screen());
        let shown = classifier.model();
        let mut lines = Vec::new();
        if let Some(ModelFile { sha256, size, .. }) = classifier.file() {
            writeln!(lines, "model        {} ({size} bytes)", visible(classifier.id()))?;
            writeln!(lines, "sha256       {sha256}")?;
        }
        let card = shown.card();
        facts(&mut lines, &card)?;
        if let Some(found) = printed_text_accuracy(classifier.id()) {
            measured(&mut lines, found)?;
        }
        training(&mut lines, &card)?;
        print_hanging(&mut out, &String::from_utf8_lossy(&lines))?;
        strongest(&mut out, shown, self.top)?;
        out.flush()?;
        Ok(Exit::Done)
    }
}

fn facts(out: &mut impl Write, card: &Card) -> io::Result<()> {
    let tokenizer = &card.tokenizer;
    writeln!(
        out,
        "unit         {}",
        match card.unit {
            Unit::Document => "document, scored as one bag of terms".to_owned(),
            Unit::Paragraph => format!(
                "paragraph; weight in its document: {}",
                match card.paragraph_weight {
                    ParagraphWeight::Equal => "equal",
                    ParagraphWeight::SquareRoot => "square root of its words",
                    ParagraphWeight::Words => "number of its words",
                }
            ),
        }
    )?;
    writeln!(out, "terms        {}", terms(tokenizer))?;
    for block in &card.blocks {
        writeln!(
            out,
            "block        {}: {}; {} features",
            block.kind.name(),
            terms(&block.tokenizer),
            block.features
        )?;
    }
    let boilerplate = if card.preparation.drop_boilerplate { "left out" } else { "kept" };
    writeln!(out, "boilerplate  {boilerplate}")?;
    let markup = match card.preparation.markup {
        Markup::Plain => "plain",
        Markup::Html => "html",
        Markup::Markdown => "markdown",
    };
    let title = if card.preparation.with_title { "scored, before the text" } else { "not scored" };
    writeln!(out, "columns      {} ({markup})", visible(&card.preparation.text_columns.join(", ")))?;
    writeln!(out, "title        {title}")?;
    writeln!(out, "features     {}", card.features)?;
    writeln!(out, "calibration  {}", card.calibration.describe_as(card.provenance.fixed_temperature))?;
    writeln!(
        out,
        "quotations   {}",
        match tokenizer.quotations {
            Quotations::Score => "scored".to_owned(),
            Quotations::Skip if card.lone_quotation_weight < 1.0 => format!(
                "one token each; weight {} in a text with few other words",
                card.lone_quotation_weight
            ),
            Quotations::Skip => "one token each".to_owned(),
        }
    )?;
    if tokenizer.house_style == HouseStyle::Unify {
        writeln!(out, "house style  unified: one form for each spelling")?;
    }
    match tokenizer.social_text {
        SocialText::Plain => {}
        SocialText::Normalize => {
            writeln!(out, "social text  normalized: names and tags are split into words")?
        }
        SocialText::Expand => {
            writeln!(out, "social text  expanded: names and tags are read as a whole and as their words")?;
        }
    }
    if card.passage_words > 0 {
        writeln!(out, "passages     paragraphs are joined until they have {} words", card.passage_words)?;
    }
    writeln!(out, "abstains")?;
    for line in report::threshold_lines(card.thresholds).lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "labels")?;
    let width = card.labels.iter().map(|label| visible(&label.name).chars().count()).max().unwrap_or(0);
    for label in &card.labels {
        let axis = label.axis.map_or(String::new(), |value| format!("axis {value:+}"));
        let weight = match label.passage_weight {
            1.0 => String::new(),
            weight => format!("  weight of its passages {weight}"),
        };
        let name = visible(&label.name);
        // A long name moves no other one away from its figures.
        let name = format!("{name:width$}", width = width.min(MAX_NAME));
        writeln!(out, "  {name}  {} rows  {axis}{weight}", label.rows)?;
    }
    Ok(())
}

/// How often the model was right on printed texts.
fn measured(out: &mut impl Write, found: PrintedTextAccuracy) -> io::Result<()> {
    let share = |(count, share): (u64, f64), what| format!("{:.0} % of {count} {what}", 100.0 * share);
    writeln!(
        out,
        "measured     on printed texts of outlets that it never saw: likeliest label right for {} and {}",
        share(found.paragraphs, "paragraphs"),
        share(found.articles, "articles")
    )
}

/// What a recipe makes of a text.
fn terms(tokenizer: &TokenizerConfig) -> String {
    let range =
        |range: Option<(u8, u8)>| range.map_or("none".to_owned(), |(low, high)| format!("{low}-{high}"));
    format!(
        "word n-grams {}, character n-grams {}, language {}, {}",
        range(tokenizer.words),
        range(tokenizer.chars),
        tokenizer.language.map_or("none", |language| language.code()),
        if tokenizer.stem { "stemmed" } else { "not stemmed" }
    )
}

fn training(out: &mut impl Write, card: &Card) -> io::Result<()> {
    let p = &card.provenance;
    writeln!(out, "training")?;
    writeln!(out, "  data       sha256 {}", p.data_sha256)?;
    writeln!(
        out,
        "  rows       {} ({} for training only) in {} groups",
        p.rows, p.train_only_rows, p.groups
    )?;
    writeln!(
        out,
        "  settings   C {}, class weights {}, min df {}, max df {}, max features {}, seed {}, folds {}",
        p.c,
        if p.balanced { "balanced" } else { "none" },
        p.min_df,
        p.max_df,
        p.max_features.map_or("all".to_owned(), |limit| limit.to_string()),
        p.seed,
        p.folds
    )?;
    writeln!(
        out,
        "  solver     {} iterations, {}, objective {:.6}",
        p.iterations,
        if p.converged { "converged" } else { "not converged" },
        p.objective
    )?;
    writeln!(
        out,
        "  cross-validated macro-F1 {}",
        p.macro_f1.map_or("-".to_owned(), |f1| format!("{f1:.3}"))
    )?;
    if let Some(trials) = p.trials {
        writeln!(out, "  tuned      {}: {}", counted(trials, "trial"), visible(&p.settings))?;
    } else if !p.settings.is_empty() {
        writeln!(out, "  learned    {}", visible(&p.settings))?;
    }
    for held in &p.held_out {
        writeln!(
            out,
            "  held out   {}: macro-F1 {:.3}, {} rows",
            visible(&held.by),
            held.macro_f1,
            held.rows
        )?;
    }
    if let Some(adapted) = &p.adaptation {
        adaptation(out, adapted)?;
    }
    if let Some(learned) = &p.learned_texts {
        writeln!(
            out,
            "  hashes     of {} and {}, by which `evaluate` and `score` know them",
            counted(learned.texts.len(), "text"),
            counted(learned.groups.len(), "group")
        )?;
    }
    if let Some(texts) = &p.unlabeled {
        writeln!(
            out,
            "  idf        counted over {} unlabeled texts, too, sha256 {}",
            texts.texts, texts.sha256
        )?;
    }
    if let Some(vectors) = &p.vectors {
        writeln!(
            out,
            "  vectors    of {} words, scale {}, sha256 {}",
            vectors.words,
            vectors.scale,
            visible(&vectors.sha256)
        )?;
    }
    if let Some(reference) = &card.training_profile {
        writeln!(
            out,
            "  profile    of held-out rows: known words {}, mean confidence {:.3}",
            report::share(reference.known),
            reference.confidence
        )?;
    }
    writeln!(
        out,
        "  versions   tokenizer rules {}, Unicode {} / {}",
        card.tokenizer.rules,
        visible(&p.unicode.0),
        visible(&p.unicode.1)
    )?;
    writeln!(out, "  date       {}", visible(p.date.as_deref().unwrap_or("not given")))
}

/// What the model was adapted from, and to.
fn adaptation(out: &mut impl Write, adapted: &Adaptation) -> io::Result<()> {
    let Adaptation { corpus_sha256, corpus_rows, own_sha256, own_rows, own_weight, pooled_share, macro_f1 } =
        adapted;
    let pooled = pooled_share
        .map_or_else(String::new, |share| format!(", pooled with {share} x a model of them alone"));
    writeln!(out, "  adapted    from {corpus_rows} rows of the corpus with sha256 {corpus_sha256}")?;
    writeln!(out, "             to {own_rows} own rows x {own_weight}{pooled}, sha256 {own_sha256}")?;
    writeln!(
        out,
        "             macro-F1 {} on own texts, by nested cross-validation",
        report::share(*macro_f1)
    )
}

fn strongest(out: &mut impl Write, model: &Model, top: usize) -> io::Result<()> {
    let style = terminal::style();
    for (class, name) in model.labels.names().iter().enumerate() {
        print_title(out, &format!("strongest for {}", visible(name)), style)?;
        let class = ClassId::new(class);
        // Where characters are a block of their own, what they weigh is not part of the words.
        let strongest = match model.blocks().any(|block| block.kind == Some(BlockKind::Characters)) {
            true => model.strongest_terms(class, top),
            false => model.strongest_words(class, top),
        };
        for of in strongest {
            let term = visible(&of.term) + &BlockKind::mark(of.block);
            print_hanging(out, &format!("  {:>+8.3}  {term}", of.weight))?;
        }
    }
    Ok(())
}
