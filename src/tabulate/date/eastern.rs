//! Reads dates of Chinese, Japanese and Korean: `2024年5月17日`, `2024년 5월 17일`.

use crate::tabulate::date::{Date, digits, ends, short};

/// Reads a date of a year, a month and perhaps a day, each with its sign.
pub(super) fn parse(text: &str) -> Option<Date> {
    let (year, rest) = digits(text);
    let (month, rest) = short(rest.strip_prefix(['年', '년'])?.trim_start())?;
    let rest = rest.strip_prefix(['月', '월'])?.trim_start();
    let month = month.parse().ok();
    if year.len() != 4 {
        return None;
    }
    if rest.is_empty() {
        return Date::new(year, month, None);
    }
    let (day, rest) = short(rest)?;
    ends(rest.strip_prefix(['日', '일'])?).then(|| Date::new(year, month, Some(day)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_sign() {
        let day = Date { year: 2024, month: Some(5), day: Some(17) };
        for text in ["2024年5月17日", "2024年05月17日 10:00", "2024년 5월 17일", "2024년5월17일"]
        {
            assert_eq!(parse(text), Some(day), "{text}");
        }
        assert_eq!(parse("2024年5月"), Some(Date { day: None, ..day }));
        for text in
            ["2024年", "24年5月17日", "2024年13月1日", "2024年5月17", "2024年5月17日号", "5月17日", ""]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
