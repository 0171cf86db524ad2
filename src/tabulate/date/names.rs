//! Reads dates whose month has a name: `May 17, 2024`, `17-May-2024`, `17may2024`,
//! `Fri May 17 10:00:00 +0000 2024`, `17. Mai 2024`.

use crate::tabulate::date::{Date, MAX_LENGTH};

/// The names of the months in English, German, French, Spanish, Italian, Portuguese, Polish,
/// Russian, Ukrainian, Dutch, Swedish and Turkish, in the form that stands in dates, with their
/// usual abbreviations.
const MONTHS: [&str; 12] = [
    "january jan januar jänner jän janvier janv enero ene gennaio gen janeiro stycznia января январь янв січня січень січ januari ocak",
    "february feb februar février févr fév fevrier fevr febrero febbraio fevereiro fev lutego февраля февраль фев лютого лютий лют februari şubat subat",
    "march mar märz mär mrz maerz mars marzo março marca марта март мар березня березень бер maart mart",
    "april apr avril avr abril abr aprile kwietnia апреля апрель апр квітня квітень квіт nisan",
    "may mai mayo maggio mag maio maja мая май травня травень трав mei maj mayıs mayis",
    "june jun juni juin junio giugno giu junho czerwca июня июнь июн червня червень черв haziran",
    "july jul juli juillet juil julio luglio lug julho lipca июля июль июл липня липень лип temmuz",
    "august aug août aout agosto ago sierpnia августа август авг серпня серпень серп augustus augusti ağustos agustos",
    "september sep sept septembre septiembre setiembre settembre set setembro września сентября сентябрь сен сент вересня вересень вер eylül eylul",
    "october oct oktober okt octobre octubre ottobre ott outubro out października октября октябрь окт жовтня жовтень жовт ekim",
    "november nov novembre noviembre novembro listopada ноября ноябрь ноя нояб листопада листопад лист kasım kasim",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro grudnia декабря декабрь дек грудня грудень груд aralık aralik",
];

const WEEKDAYS: &str = "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun \
    montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so \
    lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim \
    lunes martes miércoles miercoles mié mie jueves jue viernes vie sábado sabado sáb sab domingo dom \
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс \
    понеділок вівторок середа четвер п'ятниця п’ятниця пʼятниця субота неділя нд";

/// Words that stand in dates and say nothing.
const FILLERS: &str = "the of on at de del le der den am um uhr à a las pm p m г года р року рік в о";

/// The longest date has a weekday, a day, a month, a year, a time, a zone and fillers.
const MAX_WORDS: usize = 12;

/// Reads a date with one name of a month, a year of four digits, and at most one day.
pub(super) fn parse(text: &str) -> Option<Date> {
    if text.len() > MAX_LENGTH || !text.contains(char::is_alphabetic) {
        return None;
    }
    let mut parts = Parts::default();
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    for (number, word) in words.enumerate() {
        if number == MAX_WORDS {
            return None;
        }
        parts.add(word)?;
    }
    Date::new(parts.year?, Some(parts.month?), parts.day)
}

/// The parts of a date that were found.
#[derive(Default)]
struct Parts<'t> {
    year: Option<&'t str>,
    month: Option<i32>,
    day: Option<&'t str>,
    has_time: bool,
}

impl<'t> Parts<'t> {
    /// Takes a word; `None` where it has no place in a date.
    fn add(&mut self, word: &'t str) -> Option<()> {
        let begins_with_digit = word.starts_with(|c: char| c.is_ascii_digit());
        if word.starts_with(['+', '-']) {
            let is_zone = word.chars().skip(1).all(|c| c.is_ascii_digit() || c == ':');
            return (is_zone && self.has_time).then_some(());
        }
        match word.split_once(':') {
            // The logs of web servers: 17/May/2024:10:00:00.
            Some((date, _)) if date.contains(['/', '-']) => {
                self.has_time = true;
                return self.add(date);
            }
            Some(_) if begins_with_digit && !self.has_time => {
                self.has_time = true;
                return Some(());
            }
            Some(_) => return None,
            None => {}
        }
        if begins_with_digit
            && !self.has_time
            && word.split_once('h').is_some_and(|(hour, _)| is_number(hour))
        {
            self.has_time = true;
            return Some(());
        }
        word.split(['-', '/', '.']).filter(|part| !part.is_empty()).try_for_each(|part| self.part(part))
    }

    fn part(&mut self, part: &'t str) -> Option<()> {
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let ordinal = part.get(digits.len()..)?;
        if is_number(digits) && ["", "st", "nd", "rd", "th", "er", "º", "ª", "e"].contains(&ordinal) {
            return self.number(digits);
        }
        if let Some((day, name, year)) = joined(part) {
            return self.number(day).and_then(|()| self.part(name)).and_then(|()| self.number(year));
        }
        let name = part.to_lowercase();
        if let Some(month) = month(&name) {
            return self.month.replace(month).is_none().then_some(());
        }
        let is_among = |names: &str| names.split(' ').any(|other| other == name);
        let is_zone =
            || self.has_time && part.len() <= 5 && part.bytes().all(|byte| byte.is_ascii_uppercase());
        (is_among(WEEKDAYS) || is_among(FILLERS) || is_zone()).then_some(())
    }

    fn number(&mut self, digits: &'t str) -> Option<()> {
        let place = match digits.len() {
            1 | 2 => &mut self.day,
            4 => &mut self.year,
            _ => return None,
        };
        place.replace(digits).is_none().then_some(())
    }
}

/// The day, month and year of a date as SAS and Stata write it: `17may2024`.
fn joined(part: &str) -> Option<(&str, &str, &str)> {
    let day = part.find(char::is_alphabetic).filter(|length| (1..=2).contains(length))?;
    let year = part.rfind(char::is_alphabetic)? + 1;
    let name = part.get(day..year)?;
    Some((part.get(..day)?, name, part.get(year..)?))
        .filter(|(.., year)| year.len() == 4 && month(&name.to_lowercase()).is_some())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn month(name: &str) -> Option<i32> {
    (1..).zip(MONTHS).find(|(_, names)| names.split(' ').any(|other| other == name)).map(|(month, _)| month)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn months_have_names_in_several_languages() {
        for text in [
            "May 17, 2024",
            "Friday, May 17, 2024",
            "Fri May 17 10:00:00 +0000 2024",
            "17-May-2024",
            "17/May/2024:10:00:00 +0000",
            "17 May 2024",
            "2024-May-17",
            "17th of May 2024",
            "May 17th, 2024 at 10:00 AM EST",
            "MAY 17, 2024 10:00 p.m.",
            "Freitag, 17. Mai 2024, 10:00 Uhr",
            "vendredi 17 mai 2024 à 10h30",
            "17 de mayo de 2024",
            "17 мая 2024 г.",
            "17 травня 2024 року",
            "17 maja 2024",
            "17 mei 2024",
            "den 17 maj 2024",
            "17 Mayıs 2024",
            "17may2024",
            "17MAY2024 10:00:00",
        ] {
            let date = Date { year: 2024, month: Some(5), day: Some(17) };
            assert_eq!(parse(text), Some(date), "{text}");
        }
        assert_eq!(parse("Sept. 5, 2024").and_then(|date| date.month), Some(9));
        assert_eq!(parse("May 2024"), Some(Date { year: 2024, month: Some(5), day: None }));
    }

    #[test]
    fn what_is_no_date_or_several_is_not_read() {
        for text in [
            "",
            "May",
            "May 17",
            "17 2024",
            "17-May-24",
            "17may24",
            "may172024",
            "17maybe2024",
            "May 32, 2024",
            "Feb 30, 2024",
            "May 17 18 2024",
            "May 17 - June 3, 2024",
            "in May 2024 he said",
            "May 17, 2024 edition",
            "10:00:00 May 17 11:00:00 2024",
            "+0000 May 17 2024",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn no_name_stands_for_two_months() {
        let mut seen = BTreeMap::new();
        for (month, names) in MONTHS.iter().enumerate() {
            for name in names.split(' ') {
                assert_eq!(seen.insert(name, month), None, "{name}");
            }
        }
    }
}
