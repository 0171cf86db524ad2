//! Defines the reading options that commands share.

use std::num::NonZeroUsize;

use clap::builder::NonEmptyStringValueParser;

#[cfg(feature = "train")]
use crate::Named;
use crate::Threads;
#[cfg(feature = "train")]
use crate::cli::exit::usage;
use crate::cli::named::{named, named_with_help};
use crate::cli::terminal;
use crate::cli::values::{condition, delimiter, encoding, escape, format, format_help, quote, size};
use crate::label::LabelVariants;
use crate::model::{Markup, Preparation};
use crate::read::{
    Column, Condition, Format, GROUP_COLUMNS, Gold, InputOptions, KeptColumns, LabeledColumns,
    MISSING_VALUES, Quote, Requirement, TextEncoding,
};
use crate::tabulate::DateOrder;
#[cfg(feature = "train")]
use crate::text::{Language, SocialText};
#[cfg(feature = "train")]
use crate::tokenizer::HouseStyle;

/// Columns and limits.
#[derive(clap::Args)]
pub struct ReadArgs {
    /// Column with the text, or its path in JSON (data.text); several are joined by a blank line
    /// (title,text) [default: what the model was trained on; text when training]
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    text_column: Vec<String>,
    /// Markup of the text columns [default: what the model was trained on; plain when training]
    #[arg(long, value_name = "MARKUP", value_parser = named::<Markup>(), hide_short_help = true)]
    text_format: Option<Markup>,
    /// Put the title of a page or of front matter before its text
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_short_help = true)]
    with_title: Option<bool>,
    /// Column with the id [default: id, if there is one]
    #[arg(long, value_name = "COLUMN", hide_short_help = true)]
    id_column: Option<String>,
    /// Encoding of the files, e.g. windows-1251 [default: detected]
    #[arg(long, value_name = "NAME", value_parser = encoding, hide_short_help = true)]
    encoding: Option<TextEncoding>,
    /// CSV delimiter: one character, or tab [default: detected from the header]
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter, hide_short_help = true)]
    delimiter: Option<u8>,
    /// CSV quotation mark: one character, or none [default: ", where it encloses a field]
    #[arg(long, value_name = "CHARACTER", value_parser = quote, hide_short_help = true)]
    quote: Option<Quote>,
    /// CSV escape character before a quotation mark inside a field: backslash [default: detected]
    #[arg(long, value_name = "CHARACTER", value_parser = escape, hide_short_help = true)]
    escape: Option<u8>,
    /// Line (CSV) or row (spreadsheet) with the column names, counted from 1 [default: detected]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), hide_short_help = true)]
    header_row: Option<u64>,
    /// Largest zstd window to accept, as a power of two: 31 for 2 GB
    #[arg(long = "long", value_name = "N", default_value_t = 27, value_parser = clap::value_parser!(u32).range(10..=31), hide_short_help = true)]
    zstd_window_log: u32,
    /// Sheet of a spreadsheet [default: the first]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    sheet: Option<String>,
    #[arg(long, value_name = "FORMAT", value_parser = format, help = format_help(), hide_short_help = true)]
    input_format: Option<Format>,
    /// Largest size of one record, e.g. 500K or 16M
    #[arg(long, value_name = "SIZE", default_value = "16M", value_parser = size, hide_short_help = true)]
    max_record: usize,
}

impl ReadArgs {
    /// What is done to texts: what was asked for, and for the rest what the model asks for.
    pub fn preparation(&self, model: &Preparation) -> Preparation {
        Preparation {
            drop_boilerplate: model.drop_boilerplate,
            text_columns: match self.text_column.as_slice() {
                [] => model.text_columns.clone(),
                given => given.to_vec(),
            },
            markup: self.text_format.unwrap_or(model.markup),
            with_title: self.with_title.unwrap_or(model.with_title),
        }
    }

    /// As the library takes them; says on stderr where texts are not read as the model's were.
    pub fn options_for(&self, model: &Preparation, quiet: bool) -> InputOptions {
        let used = self.preparation(model);
        let mut notes = Vec::new();
        if used.markup != model.markup {
            notes.push("texts are read in another markup than the model's training texts".to_owned());
        }
        // What a column is called differs from file to file; how many are joined is what the model
        // was made for.
        if used.text_columns.len() != model.text_columns.len() {
            notes.push(format!(
                "texts are read from {}; the model was trained on {}",
                used.text_columns.join(", "),
                model.text_columns.join(", ")
            ));
        }
        if used.with_title != model.with_title {
            let word = if used.with_title { "with" } else { "without" };
            notes.push(format!("texts are scored {word} their titles, unlike the model's training texts"));
        }
        terminal::warn(quiet, &notes);
        self.options(&used)
    }

    /// As the library takes them.
    pub fn options(&self, preparation: &Preparation) -> InputOptions {
        let id = match &self.id_column {
            Some(name) => Column { name: name.clone(), need: Requirement::Always },
            None => InputOptions::default().id,
        };
        InputOptions {
            preparation: preparation.clone(),
            unprefix_exports: false,
            guess_text_column: self.text_column.is_empty(),
            id,
            columns: Vec::new(),
            encoding: self.encoding,
            delimiter: self.delimiter,
            quote: self.quote.unwrap_or_default(),
            escape: self.escape,
            header_row: self.header_row,
            zstd_window_log: self.zstd_window_log,
            sheet: self.sheet.clone(),
            max_record: self.max_record,
            format: self.input_format,
        }
    }
}

/// Threads.
#[derive(clap::Args)]
pub struct JobArgs {
    /// Number of threads [default: number of cores]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

impl JobArgs {
    /// Makes the threads.
    pub fn pool(&self) -> crate::Result<Threads> {
        Threads::new(self.count())
    }

    /// Makes the threads for work that answers to a user do not wait for.
    #[cfg(feature = "serve")]
    pub fn background_pool(&self) -> crate::Result<Threads> {
        Threads::in_background(self.count())
    }

    fn count(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.jobs.map_or_else(cores, NonZeroUsize::get)
    }
}

/// Which language the words are in, and whether they are cut to their stems.
#[cfg(feature = "train")]
#[derive(clap::Args)]
pub struct WordArgs {
    /// Language of the texts, which sets the stemmer: en, de, fr, ru, ... or none. A model gives
    /// texts in other languages no label
    #[arg(long, value_name = "CODE", default_value = "en")]
    language: String,
    /// Do not reduce words to their stems
    #[arg(long, hide_short_help = true)]
    no_stem: bool,
    /// Whether English house styles are kept as written, or unified (Kiev and Kyiv, defence and
    /// defense, US and United States, speech between single quotation marks)
    #[arg(long, value_parser = named::<HouseStyle>(), default_value = HouseStyle::Keep.name(), hide_short_help = true)]
    house_style: HouseStyle,
    /// How names, tags and lengthened words of social media are read: plain leaves names out and
    /// keeps the rest as written; normalize reads all as words (@GreenHarbor as Green Harbor,
    /// #StopTheTunnel as Stop The Tunnel, sooooo as soo); expand reads names and tags as a whole,
    /// too (StopTheTunnel Stop The Tunnel) [default: plain]
    #[arg(long, value_parser = named::<SocialText>())]
    social_text: Option<SocialText>,
}

#[cfg(feature = "train")]
impl WordArgs {
    /// The language; `None` if none was wanted.
    pub fn language(&self) -> anyhow::Result<Option<Language>> {
        if self.language == "none" {
            return Ok(None);
        }
        let found = Language::ALL.iter().find(|language| language.code() == self.language);
        found.copied().map(Some).ok_or_else(|| {
            let codes: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
            usage(format!("--language {}: expected none or one of {}", self.language, codes.join(", ")))
        })
    }

    /// Whether words are cut to their stems, if there is a language.
    pub fn stem(&self) -> bool {
        !self.no_stem
    }

    /// How house style is read.
    pub fn house_style(&self) -> HouseStyle {
        self.house_style
    }

    /// How social text is read, if that was given.
    pub fn social_text(&self) -> Option<SocialText> {
        self.social_text
    }
}

/// Labeled rows.
#[derive(clap::Args)]
pub struct LabelArgs {
    /// Column with the label
    #[arg(long, value_name = "COLUMN", default_value = "label", value_parser = NonEmptyStringValueParser::new())]
    label_column: String,
    /// Use only rows whose column has this value; may be given several times
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = condition)]
    conditions: Vec<Condition>,
    /// Leave out rows with this label; may be given several times
    #[arg(long, value_name = "LABEL")]
    ignore_label: Vec<String>,
    #[command(flatten)]
    missing: MissingArgs,
    /// How to treat labels that differ only in spelling: case, blanks, invisible characters, the
    /// form of a number [default: an error]
    #[arg(long, value_name = "merge|keep", value_parser = named_with_help(variant_help), hide_short_help = true)]
    pub label_variants: Option<LabelVariants>,
}

/// What cells say where a value is missing.
#[derive(clap::Args)]
pub struct MissingArgs {
    /// Cells that say that a label, a group, a date or a weight is missing; one blank value for
    /// none.
    #[arg(
        long,
        value_name = "VALUE,...",
        value_delimiter = ',',
        help = "Values that mark a label, group, date or weight as missing, separated by commas; \"\" for none \
                [default: NA, N/A, n/a, #N/A, #NA, <NA>, NaN, nan, -nan, NaT, None, NULL, null, \\N, and the errors \
                of spreadsheets, such as #REF!]",
        hide_short_help = true
    )]
    missing: Option<Vec<String>>,
}

impl MissingArgs {
    /// The values.
    pub fn values(&self) -> Vec<String> {
        match &self.missing {
            Some(given) => given.iter().map(|value| value.trim().to_owned()).collect(),
            None => MISSING_VALUES.map(str::to_owned).to_vec(),
        }
    }
}

/// How to treat labels that differ only in spelling.
pub fn variant_help(variants: LabelVariants) -> &'static str {
    match variants {
        LabelVariants::Merge => "They are one label, in its most common spelling",
        LabelVariants::Keep => "They are different labels",
    }
}

impl LabelArgs {
    /// Columns without groups and weights.
    pub fn columns(&self) -> LabeledColumns {
        LabeledColumns {
            label: self.label_column.clone(),
            group: Vec::new(),
            weight: None,
            date: None,
            conditions: self.conditions.clone(),
            ignored_labels: self.ignore_label.clone(),
            missing: self.missing.values(),
        }
    }
}

/// Columns that say which rows belong together, and when they are from.
#[derive(clap::Args)]
pub struct GroupArgs {
    /// Column that says which rows belong together: an outlet, an author, an article [default: the
    /// first of source, outlet, author and article that has a value in the row]
    #[arg(long, value_name = "COLUMN")]
    pub group_column: Option<String>,
    /// Column with the date [default: date, if there is one]
    #[arg(long, value_name = "COLUMN")]
    pub date_column: Option<String>,
    #[command(flatten)]
    pub date_format: DateArgs,
}

/// How dates are written.
#[derive(clap::Args)]
pub struct DateArgs {
    /// Order of day and month in dates such as 05/06/2024, which are ambiguous without it: mdy or
    /// dmy
    #[arg(long, value_name = "ORDER", value_parser = named::<DateOrder>(), hide_short_help = true)]
    date_format: Option<DateOrder>,
}

impl DateArgs {
    /// The order, if it was given.
    pub fn order(&self) -> Option<DateOrder> {
        self.date_format
    }
}

impl GroupArgs {
    /// Writes dates in the order that was given by ISO 8601.
    pub fn rewrite_dates(&self, rows: &mut [Gold]) {
        if let Some(order) = self.date_format.order() {
            rows.iter_mut().for_each(|gold| gold.rewrite_date(|date| order.rewrite(date)));
        }
    }

    /// The columns with those for group and date.
    pub fn columns(&self, columns: LabeledColumns) -> LabeledColumns {
        let always = |name: &String| Column { name: name.clone(), need: Requirement::Always };
        let usual = LabeledColumns::default();
        LabeledColumns {
            group: self.group_column.as_ref().map_or(usual.group, |name| vec![always(name)]),
            date: self.date_column.as_ref().map(always).or(usual.date),
            ..columns
        }
    }

    /// The columns of the input that results are asked for.
    pub fn kept(&self) -> KeptColumns {
        let usual = KeptColumns::default();
        KeptColumns {
            group: self.group_column.clone().map_or(usual.group, |name| vec![name]),
            date: self.date_column.clone().unwrap_or(usual.date),
            ..usual
        }
    }

    /// What to say where no row has a group.
    pub fn missing() -> String {
        let (last, others) = GROUP_COLUMNS.split_last().unwrap_or((&"", &[]));
        format!("no column {} or {last}, and no --group-column", others.join(", "))
    }
}
