//! Tells by its words over what a heading of a page stands: comments of readers, or an offer.

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

/// Whether a heading stands over what readers wrote.
pub(super) fn is_over_comments(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    let is_count = |c: char| c.is_numeric() || c.is_whitespace() || "()[]:.,".contains(c);
    COMMENT_HEADINGS.contains(&heading.trim_matches(is_count))
}

/// Whether a heading stands over an offer of subscriptions.
pub(super) fn is_over_offer(heading: &str) -> bool {
    let heading = heading.trim().trim_end_matches([':', '.', '!', '…']).to_lowercase();
    OFFER_HEADINGS.contains(&heading.as_str())
}
