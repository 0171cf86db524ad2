//! Shows what a model file holds.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::classifier::{ModelFile, explain};
use crate::cli::exit::Exit;
use crate::cli::{model, report, terminal};
use crate::model::{Markup, Unit};
use crate::tokenizer::Quotations;
use crate::{ClassId, Model};

/// Show what a model holds: labels, sizes, how it was trained, the strongest terms of each label
#[derive(clap::Args)]
#[command(after_help = "Examples:
  standpoint inspect
  standpoint inspect mine.safetensors --top 30")]
pub struct Args {
    /// Model file [default: the stance model inside the program]
    #[arg(value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Terms for each label
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,
}

impl Args {
    /// Prints the model.
    pub fn run(self) -> anyhow::Result<Exit> {
        let classifier = model::open(self.model.as_ref())?;
        let mut out = io::BufWriter::new(io::stdout().lock());
        let shown = classifier.model();
        if let Some(ModelFile { sha256, size, .. }) = classifier.file() {
            writeln!(out, "model        {} ({size} bytes)", classifier.id())?;
            writeln!(out, "sha256       {sha256}")?;
        }
        facts(&mut out, shown)?;
        training(&mut out, shown)?;
        strongest(&mut out, shown, self.top)?;
        out.flush()?;
        Ok(Exit::Done)
    }
}

fn facts(out: &mut impl Write, model: &Model) -> io::Result<()> {
    let range =
        |range: Option<(u8, u8)>| range.map_or("none".to_owned(), |(low, high)| format!("{low}-{high}"));
    let tokenizer_config = &model.tokenizer_config;
    writeln!(
        out,
        "unit         {}",
        match model.unit {
            Unit::Document => "document, scored as one bag of terms".to_owned(),
            Unit::Paragraph => format!(
                "paragraph; in a document each weighs by {}",
                match model.paragraph_weight {
                    crate::model::ParagraphWeight::Equal => "1",
                    crate::model::ParagraphWeight::SquareRoot => "the square root of its words",
                    crate::model::ParagraphWeight::Words => "its words",
                }
            ),
        }
    )?;
    writeln!(
        out,
        "terms        word n-grams {}, character n-grams {}, language {}, {}",
        range(tokenizer_config.words),
        range(tokenizer_config.chars),
        tokenizer_config.language.map_or("none", |language| language.code()),
        if tokenizer_config.stem { "stemmed" } else { "not stemmed" }
    )?;
    let boilerplate = if model.preparation.drop_boilerplate { "left out" } else { "kept" };
    writeln!(out, "boilerplate  {boilerplate}")?;
    let markup = match model.preparation.markup {
        Markup::Plain => "plain",
        Markup::Html => "html",
        Markup::Markdown => "markdown",
    };
    let title = if model.preparation.with_title { "put before the text" } else { "not scored" };
    writeln!(out, "columns      {} ({markup})", model.preparation.text_columns.join(", "))?;
    writeln!(out, "title        {title}")?;
    writeln!(out, "features     {}", model.linear.features())?;
    writeln!(out, "calibration  {}", model.calibration.describe())?;
    writeln!(
        out,
        "quotations   {}",
        match tokenizer_config.quotations {
            Quotations::Score => "scored",
            Quotations::Skip => "one token each",
        }
    )?;
    if model.passage_words > 0 {
        writeln!(out, "passages     paragraphs are joined to {} words and more", model.passage_words)?;
    }
    writeln!(out, "abstains")?;
    let mut lines = Vec::new();
    report::thresholds(&mut lines, model.thresholds)?;
    for line in String::from_utf8_lossy(&lines).lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "labels")?;
    let axis = |class: usize| {
        model.labels.axis().and_then(|axis| axis.get(class)).map_or(String::new(), |v| format!("axis {v:+}"))
    };
    for (class, name) in model.labels.names().iter().enumerate() {
        let rows = model.provenance.rows_by_class.get(class).copied().unwrap_or(0);
        writeln!(out, "  {}  {rows} rows  {}", name.escape_debug(), axis(class))?;
    }
    Ok(())
}

fn training(out: &mut impl Write, model: &Model) -> io::Result<()> {
    let p = &model.provenance;
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
        writeln!(out, "  tuned      {trials} trials: {}", p.settings.escape_debug())?;
    }
    for held in &p.held_out {
        writeln!(
            out,
            "  held out   {}: macro-F1 {:.3}, {} rows",
            held.by.escape_debug(),
            held.macro_f1,
            held.rows
        )?;
    }
    if let Some(texts) = &p.unlabelled {
        writeln!(
            out,
            "  idf        counted over {} unlabelled texts as well, sha256 {}",
            texts.texts, texts.sha256
        )?;
    }
    if let Some(reference) = &model.reference {
        writeln!(
            out,
            "  reference  known words {}, mean confidence {:.3}",
            report::share(reference.known),
            reference.confidence
        )?;
    }
    writeln!(
        out,
        "  versions   tokenizer rules {}, Unicode {} / {}",
        model.tokenizer_config.rules,
        p.unicode.0.escape_debug(),
        p.unicode.1.escape_debug()
    )?;
    writeln!(out, "  date       {}", p.date.as_deref().unwrap_or("not given").escape_debug())
}

fn strongest(out: &mut impl Write, model: &Model, top: usize) -> io::Result<()> {
    let vocabulary = model.featurizer.vocabulary();
    let style = terminal::style();
    for (class, name) in model.labels.names().iter().enumerate() {
        writeln!(out, "{}", style.bold(&format!("strongest for {}", name.escape_debug())))?;
        for (feature, weight) in explain::strongest(model, ClassId::new(class), top) {
            writeln!(out, "  {weight:>+8.3}  {}", vocabulary.term(feature).escape_debug())?;
        }
    }
    Ok(())
}
