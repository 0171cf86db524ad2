//! Tells by its words over what a heading of a page stands: comments of readers, an offer, or
//! teasers of other articles.

/// Bytes of a label with the signs around it.
const MAX_LABEL: usize = 80;

/// Headings over what readers wrote, without the number of comments.
const COMMENT_HEADINGS: [&str; 22] = [
    "comments",
    "reader comments",
    "readers' comments",
    "leave a comment",
    "leave a reply",
    "join the conversation",
    "join the discussion",
    "responses",
    "kommentare",
    "leserkommentare",
    "commentaires",
    "vos commentaires",
    "comentarios",
    "commenti",
    "komentarze",
    "коментарі",
    "комментарии",
    "comment on this article",
    "comments on this article",
    "comments and discussion",
    "thoughts on",
    "комментарии читателей",
];

/// Headings over an offer, from whose element on nothing is the article's if the element begins
/// with the heading.
#[rustfmt::skip]
const OFFER_HEADINGS: [&str; 34] = [
    "choose your plan", "choose a plan", "choose a subscription", "choose your subscription", "subscription options", "our plans",
    "plans and pricing", "subscribe now", "subscribe to continue", "subscribe to continue reading", "subscribe to keep reading",
    "subscribe to read", "start your free trial", "unlock this article", "wählen sie ihr abo", "wählen sie ihr abonnement",
    "jetzt abonnieren", "unsere abos", "choisissez votre abonnement", "choisissez votre offre", "nos offres d'abonnement",
    "nos abonnements", "elige tu suscripción", "elige tu plan", "suscríbete para seguir leyendo", "scegli il tuo abbonamento",
    "scegli il tuo piano", "wybierz subskrypcję", "wybierz prenumeratę", "оберіть передплату", "оберіть план",
    "выберите подписку", "оформите подписку", "выберите план",
];

/// Headings over teasers of other articles. The names of sections, such as `Latest news`, may stand
/// over an article.
#[rustfmt::skip]
const TEASER_HEADINGS: [&str; 52] = [
    "read also", "also read", "read next", "see also", "related", "related stories", "related articles", "related posts",
    "related news", "related content", "related coverage", "related reading", "you may also like", "you might also like",
    "you may like", "you might like", "recommended for you", "recommended stories", "recommended articles", "more stories",
    "more on this story", "more on this topic", "more like this", "most read", "most viewed", "lesen sie auch",
    "mehr zum thema", "das könnte sie auch interessieren", "das könnte sie interessieren", "meistgelesen", "à lire aussi",
    "lire aussi", "sur le même sujet", "à lire également", "les plus lus", "lea también", "lee también", "te puede interesar",
    "noticias relacionadas", "artículos relacionados", "lo más leído", "leggi anche", "potrebbe interessarti",
    "articoli correlati", "czytaj także", "czytaj też", "zobacz także", "leia também", "lees ook", "читайте также",
    "читайте также по теме", "читайте також",
];

/// Labels before or over links to other articles, which may stand over other things as well.
#[rustfmt::skip]
const LABELS: [&str; 62] = [
    "read more", "read", "read this", "read this next", "read on", "more", "more here", "more on this", "more stories like this",
    "more news", "more coverage", "further reading", "recommended", "recommended reading", "trending", "watch", "watch also",
    "also watch", "listen", "see more", "must read", "don't miss", "in case you missed it", "also on", "also in the news", "you might also be interested in", "you may also be interested in",
    "mehr", "mehr dazu", "lesen sie mehr", "lesen sie hier", "lesen sie dazu", "lesen sie dazu auch", "auch interessant",
    "weitere artikel", "weiterlesen", "zum thema", "en savoir plus", "lire la suite", "voir aussi", "lisez aussi", "sur le même thème",
    "más información", "ver también", "lea más", "leer más", "le puede interesar", "también te puede interesar", "approfondisci",
    "leggi di più", "vedi anche", "per approfondire", "zobacz też", "przeczytaj także", "przeczytaj też", "więcej", "lees meer", "по теме", "материалы по теме", "подробнее",
    "також читайте", "читайте більше",
];

/// Whether a line stands before or over links to other articles, if it does stand over links.
pub(super) fn is_label_of_teasers(line: &str) -> bool {
    // Nearly all lines are longer than any of these.
    if line.len() > MAX_LABEL {
        return false;
    }
    let sign = |c: char| !c.is_alphanumeric();
    let label = line.trim_matches(sign).to_lowercase().replace('\u{2019}', "'");
    LABELS.contains(&label.as_str()) || TEASER_HEADINGS.contains(&label.as_str())
}

/// Whether a heading stands over what readers wrote.
pub(super) fn is_over_comments(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    let is_count = |c: char| c.is_numeric() || c.is_whitespace() || "()[]:.,".contains(c);
    COMMENT_HEADINGS.contains(&heading.trim_matches(is_count))
}

/// Whether a heading stands over an offer of subscriptions.
pub(super) fn is_over_offer(heading: &str) -> bool {
    OFFER_HEADINGS.contains(&plain(heading).as_str())
}

/// Whether a heading stands over teasers of other articles.
pub(super) fn is_over_teasers(heading: &str) -> bool {
    TEASER_HEADINGS.contains(&plain(heading).as_str())
}

fn plain(heading: &str) -> String {
    heading.trim().trim_end_matches([':', '.', '!', '…']).to_lowercase()
}
