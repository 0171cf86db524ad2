//! Reads dates with the name of a month, as feeds and exports of newspapers write them.

/// The first letters of the months in English, German, French, Spanish, Italian, Dutch, Portuguese,
/// Russian and Ukrainian.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen", "янв", "січ"],
    &["feb", "fév", "fev", "фев", "лют"],
    &["mar", "mär", "maa", "mrt", "мар", "берез"],
    &["apr", "avr", "abr", "апр", "квіт"],
    &["may", "mai", "mei", "mag", "мая", "май", "трав"],
    &["jun", "juin", "giu", "июн", "черв"],
    &["jul", "juil", "lug", "июл", "лип"],
    &["aug", "aoû", "aou", "ago", "авг", "серп"],
    &["sep", "set", "сен", "верес"],
    &["oct", "okt", "ott", "out", "окт", "жов"],
    &["nov", "ноя", "листоп"],
    &["dec", "dez", "déc", "dic", "дек", "груд"],
];

/// A date in the form of ISO 8601, with the time where it has one with a zone:
/// `Fri, 17 May 2024 10:00:00 +0200` is `2024-05-17T10:00:00+02:00`. `None` where it is not sure
/// which date it is.
pub(crate) fn to_iso(written: &str) -> Option<String> {
    let words: Vec<&str> =
        written.split([' ', ',', '\u{a0}', '\n', '\t']).filter(|word| !word.is_empty()).collect();
    let mut months = words.iter().filter_map(|word| month(word));
    let (month, None) = (months.next()?, months.next()) else { return None };
    let digits = |word: &&&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<u32> = words.iter().filter(digits).filter_map(|word| word.parse().ok()).collect();
    let day = |word: &&str| word.trim_end_matches(['.', 't', 'h', 's', 'n', 'd', 'r']).parse::<u32>().ok();
    let year = *numbers.iter().find(|&&number| (1000..3000).contains(&number))?;
    let mut days = words.iter().filter_map(day).filter(|day| (1..=31).contains(day));
    let (day, None) = (days.next()?, days.next()) else { return None };
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(match time(&words) {
        Some(time) => format!("{date}T{time}"),
        None => date,
    })
}

pub(crate) fn month(word: &str) -> Option<usize> {
    let word = word.to_lowercase();
    if word.chars().any(|c| !c.is_alphabetic() && c != '.') || word.chars().count() > 10 {
        return None;
    }
    // Weekdays that begin like months.
    if ["mardi", "martes", "martedì", "martedi"].contains(&word.as_str()) {
        return None;
    }
    MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name))).map(|at| at + 1)
}

/// `10:00:00 +0200` as `10:00:00+02:00`.
fn time(words: &[&str]) -> Option<String> {
    let at = words.iter().position(|word| {
        matches!(word.len(), 5 | 8)
            && word.contains(':')
            && word.chars().all(|c| c.is_ascii_digit() || c == ':')
    })?;
    let (time, zone) = (words.get(at)?, words.get(at + 1)?);
    let zone = match *zone {
        "GMT" | "UT" | "UTC" | "Z" => "Z".to_owned(),
        zone if zone.len() == 5 && zone.starts_with(['+', '-']) && zone.is_ascii() => {
            format!("{}:{}", zone.get(..3)?, zone.get(3..)?)
        }
        _ => return None,
    };
    let seconds = if time.len() == 5 { ":00" } else { "" };
    Some(format!("{time}{seconds}{zone}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_with_names_of_months_are_read() {
        for (written, iso) in [
            ("Fri, 17 May 2024 10:00:00 +0200", "2024-05-17T10:00:00+02:00"),
            ("03 Jun 2024 08:00 GMT", "2024-06-03T08:00:00Z"),
            ("May 17, 2024 Friday", "2024-05-17"),
            ("Mardi 4 Juin 2024", "2024-06-04"),
            ("1. März 2021", "2021-03-01"),
            ("3rd August 2020", "2020-08-03"),
            ("17 May 2024 at 10:00", "2024-05-17"),
            ("17 мая 2024 г.", "2024-05-17"),
            ("3 липня 2024 року", "2024-07-03"),
        ] {
            assert_eq!(to_iso(written).as_deref(), Some(iso), "{written}");
        }
        for unsure in
            ["2024-05-17", "May 2024", "17 May", "5 or 6 May 2024", "17 May June 2024", "", "Friday"]
        {
            assert_eq!(to_iso(unsure), None, "{unsure}");
        }
    }

    proptest! {
        #[test]
        fn no_date_panics(written in "(\\PC|May| |[0-9]{1,5}|:|\\+){0,20}") {
            to_iso(&written);
        }
    }
}
