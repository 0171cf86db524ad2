//! Turns the British spelling of English words in lower case into the American one: by a table of
//! words and beginnings, and by rules of endings with their exceptions.

use std::sync::LazyLock;

use hashbrown::HashMap;

/// Whole words, British and American.
#[rustfmt::skip]
const WORDS: &[(&str, &str)] = &[
    ("programme", "program"), ("programmes", "programs"), ("grey", "gray"), ("greys", "grays"), ("tyres", "tires"),
    ("cheque", "check"), ("cheques", "checks"), ("kerb", "curb"), ("whilst", "while"), ("amongst", "among"),
    ("towards", "toward"), ("afterwards", "afterward"), ("learnt", "learned"), ("burnt", "burned"),
    ("dreamt", "dreamed"), ("spelt", "spelled"), ("spoilt", "spoiled"), ("judgement", "judgment"),
    ("judgements", "judgments"), ("acknowledgement", "acknowledgment"), ("acknowledgements", "acknowledgments"),
    ("ageing", "aging"), ("gaol", "jail"), ("gaols", "jails"), ("gaoled", "jailed"), ("furore", "furor"),
    ("cosy", "cozy"), ("axe", "ax"), ("marvellous", "marvelous"), ("jewellery", "jewelry"),
    ("skilful", "skillful"), ("skilfully", "skillfully"), ("wilful", "willful"), ("wilfully", "willfully"),
    ("fulfil", "fulfill"), ("fulfils", "fulfills"), ("fulfilment", "fulfillment"), ("enrol", "enroll"),
    ("enrols", "enrolls"), ("enrolment", "enrollment"), ("distil", "distill"), ("distils", "distills"),
    ("appal", "appall"), ("instil", "instill"), ("instils", "instills"), ("instalment", "installment"),
    ("instalments", "installments"), ("aluminium", "aluminum"), ("aeroplane", "airplane"),
    ("aeroplanes", "airplanes"), ("catalogue", "catalog"), ("catalogues", "catalogs"),
    ("catalogued", "cataloged"), ("analogue", "analog"), ("practise", "practice"), ("practised", "practiced"),
    ("practises", "practices"), ("practising", "practicing"), ("analyse", "analyze"), ("analysed", "analyzed"),
    ("analysing", "analyzing"), ("analyser", "analyzer"), ("paralyse", "paralyze"), ("paralysed", "paralyzed"),
    ("paralysing", "paralyzing"), ("catalyse", "catalyze"), ("catalysed", "catalyzed"),
    ("catalysing", "catalyzing"), ("pyjamas", "pajamas"), ("moustache", "mustache"), ("artefact", "artifact"),
    ("artefacts", "artifacts"), ("mediaeval", "medieval"), ("foetus", "fetus"), ("sulphur", "sulfur"),
    ("advisor", "adviser"), ("advisors", "advisers"), ("protestor", "protester"), ("protestors", "protesters"),
    ("speciality", "specialty"), ("specialities", "specialties"), ("orientated", "oriented"),
    ("disorientated", "disoriented"), ("sizeable", "sizable"), ("likeable", "likable"), ("ok", "okay"),
    ("chequered", "checkered"), ("woollen", "woolen"), ("counsellor", "counselor"),
    ("counsellors", "counselors"), ("centred", "centered"), ("centring", "centering"),
    ("epicentre", "epicenter"), ("epicentres", "epicenters"),
    ("manoeuvred", "maneuvered"), ("manoeuvring", "maneuvering"), ("manoeuvrable", "maneuverable"),
    ("manoeuvrability", "maneuverability"), ("sabre", "saber"), ("sabres", "sabers"), ("sombre", "somber"),
    ("meagre", "meager"), ("spectre", "specter"), ("spectres", "specters"), ("lustre", "luster"),
    ("calibre", "caliber"), ("fibre", "fiber"), ("fibres", "fibers"), ("litre", "liter"), ("litres", "liters"),
    ("theatre", "theater"), ("theatres", "theaters"), ("metre", "meter"), ("metres", "meters"),
    ("kilometre", "kilometer"), ("kilometres", "kilometers"), ("centimetre", "centimeter"),
    ("centimetres", "centimeters"), ("millimetre", "millimeter"), ("millimetres", "millimeters"),
    ("centre", "center"), ("centres", "centers"), ("manoeuvre", "maneuver"), ("manoeuvres", "maneuvers"),
];

/// Beginnings of words, British and American. They may stand behind one of [`PREFIXES`].
#[rustfmt::skip]
const BEGINNINGS: &[(&str, &str)] = &[
    ("ardour", "ardor"), ("armour", "armor"), ("behaviour", "behavior"), ("candour", "candor"), ("clamour", "clamor"),
    ("colour", "color"), ("demeanour", "demeanor"), ("endeavour", "endeavor"), ("favour", "favor"), ("fervour", "fervor"),
    ("flavour", "flavor"), ("harbour", "harbor"), ("honour", "honor"), ("humour", "humor"), ("labour", "labor"),
    ("neighbour", "neighbor"), ("odour", "odor"), ("parlour", "parlor"), ("rancour", "rancor"), ("rigour", "rigor"),
    ("rumour", "rumor"), ("saviour", "savior"), ("savour", "savor"), ("splendour", "splendor"), ("tumour", "tumor"),
    ("valour", "valor"), ("vapour", "vapor"), ("vigour", "vigor"), ("misdemeanour", "misdemeanor"),
    ("defence", "defense"), ("offence", "offense"), ("licence", "license"), ("pretence", "pretense"),
    ("sceptic", "skeptic"), ("plough", "plow"), ("mould", "mold"), ("smoulder", "smolder"), ("draught", "draft"),
    ("paediatric", "pediatric"), ("haemorrhag", "hemorrhag"), ("anaesthe", "anesthe"), ("orthopaed", "orthoped"),
    ("encyclopaed", "encycloped"), ("leukaemia", "leukemia"), ("anaemi", "anemi"), ("oestrogen", "estrogen"),
    ("enquir", "inquir"),
];

/// Words that begin as an American spelling does and are the same in Britain.
#[rustfmt::skip]
const AMERICAN_BEGINNINGS_OF_BOTH: &[&str] = &[
    "colorad", "colorat", "laborat", "laborious", "honorar", "honorif", "humorous", "humorist", "humorless", "vigorous",
    "rigorous", "vaporiz", "odorous", "rancorous", "clamorous", "valoriz", "valoris", "unlicens", "draftsm", "drafted", "drafting", "drafts",
    "draft", "inquir", "moldov", "moldav", "favorin", "licensed", "licenses", "licensing", "license",
];

const PREFIXES: &[&str] = &["", "un", "dis", "mis", "re", "out", "multi", "counter", "self"];

/// Verbs whose last letter is doubled in Britain before an ending.
#[rustfmt::skip]
const DOUBLED: &[&str] = &[
    "travel", "cancel", "label", "model", "signal", "level", "fuel", "channel", "counsel", "quarrel", "marvel", "dial",
    "equal", "rival", "total", "tunnel", "shovel", "shrivel", "swivel", "unravel", "bevel", "libel", "panel", "pedal",
    "funnel", "duel", "initial", "grovel", "refuel", "remodel", "relabel", "trammel", "untrammel", "gambol", "snivel", "ravel",
    "spiral", "stencil", "pencil", "tinsel", "yodel", "jewel", "marshal", "apparel", "bedevil", "carol", "cudgel", "drivel",
];

/// The endings before which it is doubled, as they are in America.
const AFTER_DOUBLED: &[&str] = &["ed", "ing", "er", "ers", "ings"];

/// Endings of verbs in -ise and of what is made of them. The `s` is a `z` in America.
const ENDINGS: &[&str] =
    &["isational", "isations", "isation", "isable", "isers", "iser", "ises", "ised", "ising", "ise"];

/// What stands before such an ending in words that are written with an `s` everywhere.
#[rustfmt::skip]
const ALWAYS_S: &[&str] = &[
    "adv", "appr", "chast", "circumc", "compr", "comprom", "conc", "den", "desp", "dev", "dem", "disfranch",
    "enfranch", "enterpr", "exc", "exerc", "expert", "franch", "improv", "inc", "merchand", "moonr", "mort",
    "parad", "prec", "prem", "prom", "pract", "prov", "rev", "repr", "sunr", "superv", "surm", "surpr", "telev", "treat", "upr", "val", "cer", "pen", "trell", "metropol", "pelv",
    "advert", "imprec", "unprec", "highr", "unadv", "unsuperv",
    "unsurpr", "unprom", "uncomprom", "unexerc", "unadvert", 
    "malapr", 
];

/// What stands before -ize in words that are written with a `z` everywhere.
const ALWAYS_Z: &[&str] = &["caps", "overs", "downs", "res", "outs", "ass", "mids", "unders"];

/// American words that have another meaning than their British twins, or are British too.
const ONE_WAY: &[&str] = &[
    "check",
    "checks",
    "curb",
    "practice",
    "practices",
    "adviser",
    "advisers",
    "protester",
    "protesters",
    "specialty",
    "jail",
    "jails",
    "jailed",
    "medieval",
];

/// The most changes of one word: "colourised" has two.
const MAX_CHANGES: usize = 3;

static AMERICAN: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| WORDS.iter().copied().collect());
static BRITISH: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let both_ways = WORDS.iter().filter(|(_, american)| !ONE_WAY.contains(american));
    both_ways.map(|(british, american)| (*american, *british)).collect()
});

/// The American spelling of a British word; `None` for other words.
pub(super) fn american(word: &str) -> Option<String> {
    changed(word, american_once)
}

/// The British spelling of an American word; `None` for other words.
pub(super) fn british(word: &str) -> Option<String> {
    changed(word, british_once)
}

/// The word after all its changes; `None` if it has none.
fn changed(word: &str, change: fn(&str) -> Option<String>) -> Option<String> {
    std::iter::successors(change(word), |word| change(word)).take(MAX_CHANGES).last()
}

fn american_once(word: &str) -> Option<String> {
    if let Some(american) = AMERICAN.get(word) {
        return Some((*american).to_owned());
    }
    let changed = replaced(word, BEGINNINGS.iter().copied());
    changed.or_else(|| single(word)).or_else(|| with(word, 'z'))
}

fn british_once(word: &str) -> Option<String> {
    if let Some(british) = BRITISH.get(word) {
        return Some((*british).to_owned());
    }
    let is_of_both = AMERICAN_BEGINNINGS_OF_BOTH.iter().any(|begin| word.starts_with(begin));
    let beginnings = BEGINNINGS.iter().filter(|_| !is_of_both);
    let changed = replaced(word, beginnings.map(|&(british, american)| (american, british)));
    changed.or_else(|| doubled(word)).or_else(|| with(word, 's'))
}

/// The word with another beginning behind its prefix, if it has one of these. `beginnings` are
/// pairs: a spelling and its replacement.
fn replaced(
    word: &str,
    beginnings: impl Iterator<Item = (&'static str, &'static str)> + Clone,
) -> Option<String> {
    PREFIXES.iter().find_map(|prefix| {
        let base = behind(word, prefix)?;
        beginnings.clone().find_map(|(from, to)| {
            let rest = behind(base, from)?;
            Some([prefix, to, rest].concat())
        })
    })
}

/// The rest of a word that has this beginning. Nearly all words differ in their first letter.
#[inline]
fn behind<'w>(word: &'w str, beginning: &str) -> Option<&'w str> {
    let may_begin = beginning.is_empty() || word.as_bytes().first() == beginning.as_bytes().first();
    if may_begin { word.strip_prefix(beginning) } else { None }
}

/// Whether two letters stand side by side in a word.
fn holds(word: &str, [one, two]: [u8; 2]) -> bool {
    word.as_bytes().windows(2).any(|pair| matches!(pair, [first, second] if *first == one && *second == two))
}

/// "travelled" is "traveled".
fn single(word: &str) -> Option<String> {
    if !holds(word, *b"ll") {
        return None;
    }
    AFTER_DOUBLED.iter().find_map(|ending| {
        let base = word.strip_suffix(ending)?.strip_suffix('l')?;
        is_doubled(base).then(|| [base, ending].concat())
    })
}

/// "traveled" is "travelled".
fn doubled(word: &str) -> Option<String> {
    AFTER_DOUBLED.iter().find_map(|ending| {
        let base = word.strip_suffix(ending)?;
        is_doubled(base).then(|| [base, "l", ending].concat())
    })
}

fn is_doubled(base: &str) -> bool {
    DOUBLED.contains(&base) || base.strip_prefix("un").is_some_and(|base| DOUBLED.contains(&base))
}

/// A verb in -ise or -ize, or what is made of it, with the other letter; `None` where it has that
/// letter, and for words that are written with one of them everywhere.
fn with(word: &str, letter: char) -> Option<String> {
    let other = if letter == 'z' { 's' } else { 'z' };
    if !holds(word, [b'i', other as u8]) {
        return None;
    }
    ENDINGS.iter().find_map(|ending| {
        let rest = ending.strip_prefix("is")?;
        let base = word.strip_suffix(rest)?.strip_suffix(other)?.strip_suffix('i')?;
        let is_verb = base.len() >= 3
            && !base.ends_with(['a', 'o', 'u', 'w', 'i'])
            && !ALWAYS_S.contains(&base)
            && !ALWAYS_Z.contains(&base);
        is_verb.then(|| format!("{base}i{letter}{rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_that_is_doubled_is_an_l() {
        assert!(DOUBLED.iter().all(|verb| verb.ends_with('l')));
    }
}
