//! Paragraphs that are not part of the article, and the rule that knows each: one table.

use crate::scan::find_byte;
use crate::text::page_heads::page_heads;
use crate::text::paragraph::Paragraph;

/// What kind of boilerplate a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A form for comments, or the notes around it.
    CommentForm,
    /// A demand to log in or subscribe.
    LogIn,
    /// A note about cookies.
    Cookies,
    /// A list of tags or topics.
    Tags,
    /// Share buttons, newsletters, links to follow.
    Share,
    /// Links to other articles, advertisements.
    More,
    /// Author, date or place alone on a line.
    Byline,
    /// The title, or another short line, once more.
    Repeated,
    /// The head or the number of a page.
    PageHead,
    /// A chat assistant's closing offer.
    AssistantOffer,
}

impl Rule {
    /// The name that `standpoint paragraphs` shows.
    pub fn name(self) -> &'static str {
        match self {
            Rule::CommentForm => "comment-form",
            Rule::LogIn => "log-in",
            Rule::Cookies => "cookies",
            Rule::Tags => "tags",
            Rule::Share => "share",
            Rule::More => "more",
            Rule::Byline => "byline",
            Rule::Repeated => "repeated",
            Rule::PageHead => "page-head",
            Rule::AssistantOffer => "assistant-offer",
        }
    }
}

/// How a phrase of the table is looked for in a paragraph, in lower case.
#[derive(Clone, Copy)]
enum Where {
    /// At its beginning.
    Begins,
    /// Anywhere.
    Holds,
    /// The whole paragraph, but for marks at its end.
    Is,
}
use Where::{Begins, Holds, Is};

/// A line of the table: the rule, the most words that such a paragraph has, where, and the phrases. A paragraph of an
/// article that happens to begin alike is longer.
type Line = (Rule, usize, Where, &'static [&'static str]);

#[rustfmt::skip]
const TABLE: &[Line] = &[
    // English, Russian, Ukrainian, German, French, Spanish, Polish.
    (Rule::CommentForm, 30, Begins, &[
        "leave a reply", "leave a comment", "post a comment", "add a comment",
        "your email address will not be published", "required fields are marked", "save my name, email",
        "notify me of ", "cancel reply", "добавить комментарий", "оставить комментарий",
        "ваш адрес email не будет опубликован", "обязательные поля помечены", "сохранить моё имя",
        "сохранить мое имя", "отменить ответ", "залишити відповідь", "залишити коментар", "додати коментар",
        "ваша e-mail адреса не оприлюднюватиметься", "обов'язкові поля позначені", "скасувати відповідь",
        "schreibe einen kommentar", "schreiben sie einen kommentar", "kommentar hinterlassen",
        "deine e-mail-adresse wird nicht veröffentlicht", "erforderliche felder sind mit", "antwort abbrechen",
        "laisser un commentaire", "votre adresse e-mail ne sera pas publiée",
        "les champs obligatoires sont indiqués", "annuler la réponse", "deja una respuesta", "deja un comentario",
        "tu dirección de correo electrónico no será publicada", "los campos obligatorios están marcados",
        "cancelar la respuesta", "dodaj komentarz", "twój adres e-mail nie zostanie opublikowany",
        "wymagane pola są oznaczone", "anuluj pisanie odpowiedzi",
    ]),
    (Rule::LogIn, 25, Begins, &[
        "log in to ", "login to ", "sign in to ", "you must be logged in", "please log in", "already a subscriber",
        "subscribe to read", "subscribe to continue", "to continue reading", "войдите, чтобы", "войти, чтобы",
        "вы должны войти", "для отправки комментария вам необходимо авторизоваться", "увійдіть, щоб",
        "ви повинні увійти", "щоб залишити коментар, увійдіть", "melden sie sich an", "du musst angemeldet sein",
        "sie müssen angemeldet sein", "connectez-vous", "vous devez vous connecter", "vous devez être connecté",
        "inicia sesión", "debes iniciar sesión", "zaloguj się", "musisz się zalogować",
    ]),
    (Rule::Cookies, 60, Holds, &[
        "we use cookies", "uses cookies", "accept all cookies", "cookie policy", "использует файлы cookie",
        "используем файлы cookie", "використовує файли cookie", "використовуємо файли cookie",
        "wir verwenden cookies", "verwendet cookies", "nous utilisons des cookies", "utilise des cookies",
        "utilizamos cookies", "utiliza cookies", "używamy plików cookie", "wykorzystuje pliki cookie",
    ]),
    (Rule::Tags, 30, Begins, &[
        "tags:", "tag:", "tagged:", "tagged with", "filed under", "topics:", "keywords:", "теги:", "метки:",
        "ключевые слова:", "мітки:", "schlagwörter:", "schlagworte:", "mots-clés", "étiquettes :", "étiquettes:",
        "etiquetas:", "tagi:", "słowa kluczowe:",
    ]),
    (Rule::Tags, 3, Is, &[
        "tags", "теги", "метки", "мітки", "schlagwörter", "étiquettes", "etiquetas", "tagi",
    ]),
    (Rule::Share, 25, Begins, &[
        "share this", "share on ", "share:", "follow us on", "follow us:", "subscribe to our", "sign up for our",
        "sign up to our", "get our newsletter", "join our telegram", "subscribe to the newsletter", "like this:",
        "поделиться", "подписывайтесь на", "подпишитесь на", "поширити", "підписуйтесь на", "підписуйтеся на",
        "teilen mit", "artikel teilen", "folgen sie uns", "abonnieren sie unseren", "partager", "suivez-nous",
        "abonnez-vous à", "compartir", "síguenos en", "suscríbete a", "udostępnij", "obserwuj nas",
        "zapisz się do newslettera",
    ]),
    (Rule::More, 20, Begins, &[
        "read more:", "read also:", "read next:", "see also:", "related:", "related articles",
        "more on this story", "continue reading", "story continues below", "click here to", "читайте также",
        "читать далее", "читайте також", "lesen sie auch", "mehr zum thema", "lire aussi", "lire la suite",
        "lea también", "leer más", "czytaj także", "czytaj też",
    ]),
    (Rule::More, 3, Is, &[
        "advertisement", "read more", "реклама", "anzeige", "publicité", "publicidad", "reklama",
    ]),
    (Rule::Byline, 12, Begins, &[
        "published:", "published on ", "updated:", "last updated", "posted on ", "posted by ", "author:",
        "written by ", "from:", "date:", "опубликовано", "автор:", "опубліковано", "veröffentlicht am",
        "publié le", "publicado el", "opublikowano",
    ]),
    (Rule::AssistantOffer, 90, Begins, &[
        "would you like me to ", "would you like to adjust", "let me know if you'd like",
        "let me know if you would like", "let me know if you want", "if you'd like, i can",
        "if you would like, i can", "if you want, i can", "shall i ", "do you want me to ", "i can also tailor",
        "i can tailor this",
    ]),
];

/// No rule knows a paragraph of more words.
const MAX_WORDS: usize = 90;
/// Most words of a byline: "By" and eight names.
const MAX_BYLINE_WORDS: usize = 9;
/// A line that is said again is boilerplate up to this many words.
const MAX_REPEATED_WORDS: usize = 30;

/// All phrases have at least as many bytes.
const BEGINNING: usize = 4;
/// Most words of a paragraph that must be a phrase as a whole.
const MAX_WHOLE_WORDS: usize = 3;

/// A word of every phrase that is looked for anywhere: no other paragraph needs to be asked for them.
const HELD: &str = "cookie";

/// The rule that knows each paragraph as boilerplate, `None` for those of the article.
pub fn rules(text: &str, paragraphs: &[Paragraph], title: Option<&str>) -> Vec<Option<Rule>> {
    let page_heads = page_heads(text, paragraphs);
    let mut normal = Normal::default();
    let mut seen: Vec<String> = title.map(|title| normal.whole(title).to_owned()).into_iter().collect();
    paragraphs
        .iter()
        .zip(page_heads)
        .map(|(&Paragraph { span, words }, is_page_head)| {
            if words > MAX_WORDS {
                return None;
            }
            if is_page_head {
                return Some(Rule::PageHead);
            }
            let paragraph = span.of(text);
            let may_be_known =
                words <= MAX_WHOLE_WORDS || may_hold(paragraph) || may_begin(normal.beginning(paragraph));
            let known = may_be_known.then(|| known(normal.whole(paragraph), words)).flatten();
            let is_byline = || words <= MAX_BYLINE_WORDS && is_byline(paragraph);
            let found = known.or_else(|| is_byline().then_some(Rule::Byline));
            if found.is_some() || words > MAX_REPEATED_WORDS {
                return found;
            }
            let beginning = normal.beginning(paragraph);
            if seen.iter().any(|seen| seen.starts_with(beginning))
                && seen.iter().any(|seen| seen == normal.whole(paragraph))
            {
                return Some(Rule::Repeated);
            }
            // Headings come first; a refrain further down is the author's.
            if seen.len() < 3 {
                seen.push(normal.whole(paragraph).to_owned());
            }
            None
        })
        .collect()
}

/// Makes the normal form of paragraphs: lower case, one space between words, plain apostrophes. Of most only the beginning is asked
/// for.
#[derive(Default)]
struct Normal(String);

impl Normal {
    /// All of it.
    fn whole(&mut self, paragraph: &str) -> &str {
        self.make(paragraph, usize::MAX)
    }

    /// At least [`BEGINNING`] bytes of it, if there are so many.
    fn beginning(&mut self, paragraph: &str) -> &str {
        self.make(paragraph, BEGINNING)
    }

    fn make(&mut self, paragraph: &str, most: usize) -> &str {
        let out = &mut self.0;
        out.clear();
        for c in paragraph.trim().chars() {
            if out.len() >= most {
                break;
            }
            if c.is_ascii_graphic() {
                out.push(c.to_ascii_lowercase());
            } else if c.is_whitespace() {
                if out.as_bytes().last() != Some(&b' ') {
                    out.push(' ');
                }
            } else if c == '’' {
                out.push('\'');
            } else if c == 'ς' {
                // As the capital is: its small letter does not go by the word's end here.
                out.push('σ');
            } else {
                out.extend(c.to_lowercase());
            }
        }
        out
    }
}

/// Whether [`HELD`] can be in a paragraph's normal form: its first "ook" stands there, whatever the case. The sign for Kelvin, whose
/// first byte is 0xe2, is the only other character with a small letter of ASCII alone.
fn may_hold(paragraph: &str) -> bool {
    let bytes = paragraph.as_bytes();
    let mut from = 0;
    while let Some(k) = find_byte(bytes, from, |byte| (byte | 0x20 == b'k') | (byte == 0xe2)) {
        let before = bytes.get(k.saturating_sub(2)..k).unwrap_or(&[]);
        if before.eq_ignore_ascii_case(b"oo") {
            return true;
        }
        from = k + 1;
    }
    false
}

/// Whether some phrase that is looked for at the beginning begins like a paragraph's normal form, of which the beginning is given.
fn may_begin(beginning: &str) -> bool {
    let four = beginning.as_bytes().first_chunk::<BEGINNING>();
    let begins = |phrase: &str| phrase.as_bytes().first_chunk() == four;
    TABLE
        .iter()
        .any(|(_, _, place, phrases)| matches!(place, Begins) && phrases.iter().any(|phrase| begins(phrase)))
}

/// The rule that knows a paragraph by its normal form.
fn known(paragraph: &str, words: usize) -> Option<Rule> {
    let holds = paragraph.contains(HELD);
    let matches = |place: Where, phrase: &str| match place {
        Begins => paragraph.starts_with(phrase),
        Holds => holds && paragraph.contains(phrase),
        Is => paragraph.trim_end_matches(|c: char| !c.is_alphanumeric()) == phrase,
    };
    TABLE
        .iter()
        .filter(|(_, most, ..)| words <= *most)
        .find(|(_, _, place, phrases)| phrases.iter().any(|phrase| matches(*place, phrase)))
        .map(|(rule, ..)| *rule)
}

/// "By Ann Lee" or a date alone.
fn is_byline(paragraph: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let is_name =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) || *word == "and" || *word == "de";
    if let Some((&"By" | &"BY", names)) = words.split_first()
        && (2..=8).contains(&names.len())
        && names.iter().all(is_name)
        && !paragraph.ends_with(['.', '!', '?', ':'])
    {
        return true;
    }
    let is_date_part = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        word.is_empty()
            || letters == 0
            || MONTHS.iter().any(|month| word == *month || word == month.get(..3).unwrap_or(""))
    };
    (1..=4).contains(&words.len())
        && words.iter().all(is_date_part)
        && words.iter().any(|word| word.chars().filter(char::is_ascii_digit).count() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraph::paragraphs;

    fn found(text: &str, title: Option<&str>) -> Vec<Option<&'static str>> {
        rules(text, &paragraphs(text), title).into_iter().map(|rule| rule.map(Rule::name)).collect()
    }

    fn one(paragraph: &str) -> Option<&'static str> {
        found(paragraph, None).remove(0)
    }

    #[test]
    fn every_phrase_of_the_table_is_known_by_its_rule() {
        for (rule, most, place, phrases) in TABLE {
            for phrase in *phrases {
                assert_eq!(phrase.to_lowercase(), *phrase, "the table is in lower case");
                assert!(!matches!(place, Holds) || phrase.contains(HELD), "{phrase}");
                assert!(!matches!(place, Is) || *most <= MAX_WHOLE_WORDS, "{phrase}");
                assert!(phrase.len() >= BEGINNING, "{phrase}");
                let mut rest = phrase.chars();
                let raised: String = rest.next().unwrap().to_uppercase().chain(rest).collect();
                let shown = match place {
                    Begins => format!("{raised} xyz"),
                    Holds => format!("On this site {phrase} for you."),
                    Is => format!("{raised}:"),
                };
                assert_eq!(one(&shown), Some(rule.name()), "{shown}");
                let long = format!("{phrase} {}", "word ".repeat(*most));
                assert_eq!(
                    known(Normal::default().whole(&long), most + 2),
                    None,
                    "a paragraph that long is the article's: {long}"
                );
            }
        }
    }

    #[test]
    fn a_held_word_is_seen_in_whatever_case_it_stands() {
        let small = |c: &char| !c.is_ascii() && c.to_lowercase().collect::<String>().is_ascii();
        assert_eq!(('\0'..=char::MAX).filter(small).collect::<String>(), "\u{212a}");
        for text in ["We use cookies.", "WE USE COOKIES", "we use coo\u{212a}ies", "Mooo! We use cookies"] {
            assert!(may_hold(text), "{text}");
            assert_eq!(one(text), Some("cookies"), "{text}");
        }
        assert!(!may_hold("A choo-choo, k and co… okay"));
    }

    #[test]
    fn bylines_and_dates_alone_on_a_line_are_known() {
        for line in [
            "By Ann Lee",
            "By ANN LEE and Tom de Vries",
            "March 3, 2025",
            "2025-03-01",
            "3 Mar 2025",
            "Published: today",
        ] {
            assert_eq!(one(line), Some("byline"), "{line}");
        }
        for line in [
            "By Monday the talks were over.",
            "By 2025 it was clear",
            "May we ask?",
            "In March 2025 talks began",
            "41",
        ] {
            assert_eq!(one(line), None, "{line}");
        }
    }

    #[test]
    fn a_title_said_again_is_known_and_a_refrain_is_not() {
        let text = "A Guarantee on Paper\n\nBody one.\n\nA guarantee on  paper";
        assert_eq!(found(text, None), [None, None, Some("repeated")]);
        assert_eq!(found("On Paper\n\nBody.", Some("On paper")), [Some("repeated"), None]);
    }

    #[test]
    fn sentences_of_an_article_stay() {
        for text in [
            "Leave a replying machine alone with diplomats and it will leave a reply to everything that anybody ever said about the war, and it will do so in seven languages, without a blush, and at once.",
            "Share prices of arms makers rose after the talks in Brussels ended.",
            "Tags of war hang on every lamp post in the city.",
            "Would you trust a signature that nobody will defend?",
            "Related to this is the question of who pays for the troops.",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }

    #[test]
    fn an_assistants_closing_offer_is_known() {
        let offer = "Would you like me to shorten this essay, change its tone, or add a paragraph on costs?";
        assert_eq!(one(offer), Some("assistant-offer"));
    }
}
