//! Chooses the settings that a training starts from by what its rows are: posts on social media, or
//! other texts.

use rayon::prelude::*;

use crate::model::BlockKind;
use crate::named::named;
use crate::text::SocialText;
use crate::text::boundaries::count_words;
use crate::text::normalization::Normalized;
use crate::tokenizer::Punctuation;
use crate::train::{BlockSettings, ClassWeight, Hyperparameters, Row};

/// Settings to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// For sentences, paragraphs and articles: the default settings.
    General,
    /// For posts on social media: few words, names and tags that say much, many spellings.
    Posts,
}

named!(Preset { General: "general", Posts: "posts" });

/// Rows that are looked at for the names and tags of social media.
const MAX_ASKED: usize = 1000;

impl Preset {
    /// Posts have fewer words, half of them or more.
    pub const MAX_WORDS: usize = 40;
    /// Fewer rows start as other texts do: they are too few to tell the difference.
    pub const MIN_ROWS: usize = 150;
    /// Least share of posts that have names, tags or lengthened words.
    const MIN_SOCIAL: f64 = 0.2;

    /// The settings that suit rows; those that are only trained on are not asked.
    pub fn for_rows(rows: &[Row]) -> Preset {
        let asked: Vec<&Row> = rows.iter().filter(|row| !row.train_only).collect();
        let is_short = |row: &&&Row| count_words(&row.text, Self::MAX_WORDS) < Self::MAX_WORDS;
        let are_short = || 2 * asked.par_iter().filter(is_short).count() >= asked.len();
        let are_posts =
            asked.len() >= Self::MIN_ROWS && are_short() && social_share(&asked) >= Self::MIN_SOCIAL;
        if are_posts { Preset::Posts } else { Preset::General }
    }

    /// The settings.
    pub fn settings(self) -> Hyperparameters {
        let mut settings = Hyperparameters::default();
        if self == Preset::Posts {
            settings.tokenizer_config.words = Some((1, 3));
            settings.tokenizer_config.social_text = SocialText::Expand;
            settings.tokenizer_config.punctuation = Punctuation::Tokens;
            settings.blocks = vec![BlockSettings { min_df: 1, ..BlockSettings::new(BlockKind::Characters) }];
            settings.pruning.min_df = 1;
            settings.class_weight = ClassWeight::Balanced;
            settings.c = 1.0;
        }
        settings
    }
}

/// The share of texts that [`SocialText`] makes a difference to: those with names, tags or
/// lengthened words.
pub(crate) fn social_share(rows: &[&Row]) -> f64 {
    let step = rows.len().div_ceil(MAX_ASKED).max(1);
    let asked: Vec<&&Row> = rows.iter().step_by(step).collect();
    let differs = |row: &&&&Row| {
        let [plain, post] =
            [SocialText::Plain, SocialText::Normalize].map(|social| Normalized::read_as(&row.text, social));
        plain.text() != post.text()
    };
    asked.iter().filter(differs).count() as f64 / asked.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize, text: &str) -> Vec<Row> {
        (0..count).map(|n| Row::new(["for", "against"][n % 2], format!("{text} {n}"))).collect()
    }

    #[test]
    fn many_short_rows_with_names_and_tags_start_as_posts() {
        let (post, sentence) = ("no #HarborTunnel please", "the harbor needs no tunnel");
        let long = "no #HarborTunnel at all please ".repeat(8);
        assert_eq!(Preset::for_rows(&rows(150, post)), Preset::Posts);
        assert_eq!(Preset::for_rows(&[rows(150, post), rows(600, sentence)].concat()), Preset::Posts);
        assert_eq!(Preset::for_rows(&[rows(150, post), rows(650, sentence)].concat()), Preset::General);
        assert_eq!(Preset::for_rows(&rows(149, post)), Preset::General);
        assert_eq!(Preset::for_rows(&rows(300, &long)), Preset::General);
        assert_eq!(Preset::for_rows(&[rows(301, &long), rows(300, post)].concat()), Preset::General);
        let mut with_phrases = [rows(300, sentence), rows(900, post)].concat();
        with_phrases.iter_mut().skip(300).for_each(|row| row.train_only = true);
        assert_eq!(Preset::for_rows(&with_phrases), Preset::General);
        assert_eq!(Preset::for_rows(&[]), Preset::General);
    }

    #[test]
    fn presets_are_sound_settings() {
        assert_eq!(Preset::General.settings(), Hyperparameters::default());
        let posts = Preset::Posts.settings();
        assert!(
            posts.to_string().contains("social text expanded") && posts.to_string().contains("characters")
        );
        let params = crate::train::TrainParams { settings: posts, ..Default::default() };
        assert!(params.check().is_ok());
    }

    #[test]
    fn names_tags_and_lengthened_words_are_social_text() {
        let share = |texts: &[&str]| {
            let rows: Vec<Row> = texts.iter().map(|text| Row::new("for", *text)).collect();
            social_share(&rows.iter().collect::<Vec<_>>())
        };
        assert_eq!(share(&["no #HarborTunnel", "@mayor no", "nooooo", "no"]), 0.75);
        assert_eq!(share(&["see https://harbor.example/a", "write to a@harbor.example", "#tunnel"]), 0.0);
        assert_eq!(share(&[]), 0.0);
    }
}
