//! Tells pages that a server shows instead of the one that was asked for: it was not found, is not
//! shown in the visitor's country, or the visitor has to prove to be human or to accept cookies.

/// Such a page has so many words at most.
const MAX_WORDS: usize = 120;

/// What such pages say, in lower case. What stands behind `…` comes later in the same sentence.
#[rustfmt::skip]
const PHRASES: &[&str] = &[
    // English
    "verify you are human", "verify you are a human", "verify that you are human", "verify that you are a human",
    "verify that you are not a robot", "verify you are not a robot", "verifying you are human", "confirm you are human",
    "prove you are human", "checking your browser before", "checking if the site connection is secure",
    "enable javascript and cookies to continue", "unusual traffic from your", "complete the security check",
    "enable javascript to run this", "enable javascript to view this", "javascript is required to", "complete the captcha", "solve the captcha", "page not found", "404 not found", "error 404", "404 error", "page you … could not be found", "page you … was not found",
    "page you … cannot be found", "page you … can't be found", "page you … doesn't exist", "page you … does not exist",
    "page that you … could not be found", "page that you … was not found", "page that you … does not exist",
    "we couldn't find the page", "we could not find the page", "we can't find the page", "can't find the page you",
    "couldn't find the page you", "this page doesn't exist", "this page does not exist", "you don't have permission to access",
    "access to this page has been denied", "sorry, you have been blocked", "you are unable to access", "are you a robot?",
    "know you're not a robot", "using automation tools to browse", "you're a bot", "pardon our interruption",
    "incapsula incident", "cloudflare ray id", "error 403", "403 forbidden", "error 429", "too many requests", "502 bad gateway",
    "503 service", "504 gateway", "internal server error", "451: unavailable", "unavailable due to legal reasons",
    "unavailable for legal reasons", "currently unavailable in most european", "unavailable to visitors from the european", "access this website from a country belonging to",
    "content is not available in your region", "content is not available in your country", "this domain is for sale",
    "this domain name is for sale", "domain name has expired", "site is under maintenance",
    "disable your ad blocker to", "disable any ad blocker", "disable your adblocker", "turn off your ad blocker",
    // German, French, Spanish, Italian
    "mit werbung und tracking", "mit werbung weiterlesen", "mit werbung lesen", "adblocker deaktivieren",
    "continuer sans accepter", "désactiver votre bloqueur",
    "bestätigen sie, dass sie ein mensch sind", "dass sie kein roboter sind", "seite nicht gefunden",
    "seite wurde nicht gefunden", "seite … nicht gefunden werden", "seite existiert nicht",
    "vérifiez que vous êtes humain", "vous n'êtes pas un robot", "page introuvable", "page non trouvée",
    "page que vous … n'existe", "verifica que eres humano", "no eres un robot", "página no encontrada",
    "página que … no existe", "non sei un robot", "pagina non trovata", "pagina che … non esiste",
    // Polish, Ukrainian, Russian
    "nie znaleziono strony", "strona nie istnieje", "сторінку не знайдено", "сторінка не знайдена",
    "страница не найдена", "что вы не робот",
];

/// All that a page shows until its scripts have run.
#[rustfmt::skip]
const WAITING: [&str; 12] = [
    "loading", "please wait", "one moment please", "just a moment", "wird geladen", "bitte warten", "chargement",
    "chargement en cours", "cargando", "caricamento", "загрузка", "завантаження",
];

/// Whether a page with this title and this text is one of them.
pub(super) fn is_interstitial(title: &str, text: &str) -> bool {
    if text.is_empty() || text.split_whitespace().nth(MAX_WORDS).is_some() {
        return false;
    }
    let says = |text: &str| PHRASES.iter().any(|phrase| holds(text, phrase));
    let plain = |text: &str| text.to_lowercase().replace('\u{2019}', "'");
    let is_mark = |c: char| !c.is_alphanumeric();
    WAITING.contains(&plain(text).trim_matches(is_mark)) || says(&plain(text)) || says(&plain(title))
}

fn holds(text: &str, phrase: &str) -> bool {
    let Some((first, second)) = phrase.split_once('…') else { return text.contains(phrase) };
    text.match_indices(first).any(|(at, _)| {
        let behind = text.get(at + first.len()..).unwrap_or("");
        behind.split(['.', '!', '?', '\n']).next().is_some_and(|sentence| sentence.contains(second))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_instead_of_an_article_are_told_by_what_they_say() {
        for text in [
            "One moment.\n\nPlease verify you are human by ticking the box.",
            "Oh no! The page you were after could not be found. Try the search.",
            "We can\u{2019}t find the page. It may have moved.",
            "Die Seite wurde nicht gefunden.",
            "Ошибка 404: страница не найдена",
            "Loading…",
            "You need to enable JavaScript to run this app.",
            "Pardon our interruption. Something made us think that you're a bot.",
            "It looks as if you access this website from a country belonging to the EEA.",
            "Lesen Sie uns wie gewohnt mit Werbung und Tracking, oder ohne für 5 Euro.",
        ] {
            assert!(is_interstitial("Gazette", text), "{text}");
        }
        assert!(is_interstitial("404 Not Found", "Nothing here, sorry."));
    }

    #[test]
    fn articles_are_not_such_pages() {
        for text in [
            "",
            "The page you hold is the last of the treaty. It could not be found in the archive.",
            "The minister said that no robot would sign the guarantee.",
            "They have been blocked at the border, and access to the harbour was denied.",
        ] {
            assert!(!is_interstitial("404 days of war", text), "{text}");
        }
        let long = format!("Page not found, said the screen. {}", "The clerk read on and on. ".repeat(30));
        assert!(!is_interstitial("Gazette", &long));
    }
}
