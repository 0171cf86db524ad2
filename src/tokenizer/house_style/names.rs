//! Names that are transliterated in several ways.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::tokenizer::house_style::Transliteration;

/// A name from Ukrainian, from Russian, and what else stands for it. The first is the one form.
type Name = (&'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const NAMES: &[Name] = &[
    // Places.
    ("kyiv", "kiev", &["kyyiv", "kiyv"]),
    ("kyivan", "kievan", &[]),
    ("kharkiv", "kharkov", &[]),
    ("lviv", "lvov", &[]),
    ("odesa", "odessa", &[]),
    ("dnipro", "dnieper", &["dnepr", "dniper"]),
    ("dnipropetrovsk", "dnepropetrovsk", &[]),
    ("donbas", "donbass", &[]),
    ("chornobyl", "chernobyl", &[]),
    ("mykolaiv", "nikolaev", &["nikolayev", "mykolayiv", "mikolaiv"]),
    ("zaporizhzhia", "zaporozhye", &[
        "zaporizhia", "zaporizhya", "zaporizhzhya", "zaporizhzhe", "zaporozhia", "zaporozhzhia", "zaporozhe", "zaporozhie",
    ]),
    ("luhansk", "lugansk", &[]),
    ("chernihiv", "chernigov", &[]),
    ("vinnytsia", "vinnitsa", &["vinnytsya", "vinnitsya"]),
    ("zhytomyr", "zhitomir", &[]),
    ("ternopil", "ternopol", &[]),
    ("rivne", "rovno", &[]),
    ("uzhhorod", "uzhgorod", &[]),
    ("cherkasy", "cherkassy", &[]),
    ("kremenchuk", "kremenchug", &[]),
    ("sloviansk", "slavyansk", &["slovyansk", "slaviansk"]),
    ("kryvyi", "krivoy", &["kryvyy", "kryviy"]),
    ("sievierodonetsk", "severodonetsk", &["syevyerodonetsk"]),
    ("lysychansk", "lisichansk", &["lysichansk"]),
    ("horlivka", "gorlovka", &[]),
    ("avdiivka", "avdeevka", &["avdeyevka", "avdiyivka"]),
    ("vuhledar", "ugledar", &[]),
    ("kupiansk", "kupyansk", &[]),
    ("izium", "izyum", &[]),
    ("vovchansk", "volchansk", &[]),
    ("kostiantynivka", "konstantinovka", &[]),
    ("debaltseve", "debaltsevo", &[]),
    ("enerhodar", "energodar", &[]),
    ("ilovaisk", "ilovaysk", &[]),
    ("holodomor", "golodomor", &[]),
    // People.
    ("zelenskyy", "zelensky", &["zelenskiy", "zelenskyi", "zelenski", "zelenskij", "zelenskii"]),
    ("yanukovych", "yanukovich", &["janukovych"]),
    ("tymoshenko", "timoshenko", &[]),
    ("zaluzhnyi", "zaluzhny", &["zaluzhnyy", "zaluzhniy"]),
    ("syrskyi", "syrsky", &["syrskyy", "syrskiy", "syrski"]),
    ("yermak", "ermak", &["jermak"]),
    ("klitschko", "klichko", &["klychko"]),
    // Not from Ukrainian: one form for all.
    ("turkey", "turkey", &["turkiye"]),
    ("gaddafi", "gaddafi", &["qaddafi", "gadhafi", "kadhafi", "kaddafi", "qadhafi"]),
    ("qaeda", "qaeda", &["qaida"]),
    ("hezbollah", "hezbollah", &["hizbullah", "hizballah", "hizbollah", "hezballah"]),
    ("transnistria", "transnistria", &["transdniestria", "transdnistria", "transdniester"]),
    ("belarus", "belarus", &["byelorussia", "byelarus"]),
    ("sevastopol", "sevastopol", &["sebastopol"]),
];

static BY_SPELLING: LazyLock<HashMap<&'static str, &'static Name>> = LazyLock::new(|| {
    NAMES
        .iter()
        .flat_map(|name| {
            [name.0, name.1].into_iter().chain(name.2.iter().copied()).map(move |one| (one, name))
        })
        .collect()
});

/// The one form of a name; `None` for other words, and where it has that form.
pub(super) fn unified(word: &str) -> Option<&'static str> {
    BY_SPELLING.get(word).map(|name| name.0).filter(|form| *form != word)
}

/// The name as it is transliterated from a language; `None` for other words.
pub(super) fn transliterated(word: &str, from: Transliteration) -> Option<&'static str> {
    let name = BY_SPELLING.get(word)?;
    Some(match from {
        Transliteration::Ukrainian => name.0,
        Transliteration::Russian => name.1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_stands_for_one_name() {
        let spellings = NAMES.iter().map(|name| {
            let own = if name.0 == name.1 { 1 } else { 2 };
            own + name.2.len()
        });
        assert_eq!(BY_SPELLING.len(), spellings.sum::<usize>());
        assert_eq!((unified("kiev"), unified("kyiv"), unified("vladimir")), (Some("kyiv"), None, None));
        assert_eq!(transliterated("lviv", Transliteration::Russian), Some("lvov"));
    }
}
