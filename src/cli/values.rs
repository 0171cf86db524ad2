//! Reads the values of options that are more than a number or a name.

use crate::read::{Condition, Format, Quote, TextEncoding};

/// A number of bytes with an optional K, M or G.
pub fn size(written: &str) -> Result<usize, String> {
    let digits = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match written.get(digits.len()..).unwrap_or("").to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" => 1 << 10,
        "M" | "MB" => 1 << 20,
        "G" | "GB" => 1 << 30,
        other => return Err(format!("unknown unit {other}; expected K, M or G")),
    };
    let number: usize = digits.parse().map_err(|_| "expected a number such as 500K or 16M".to_owned())?;
    number
        .checked_mul(unit)
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| "expected a size of at least 1".to_owned())
}

pub fn encoding(written: &str) -> Result<TextEncoding, String> {
    TextEncoding::from_label(written)
        .ok_or_else(|| "expected a name such as utf-8, windows-1251 or utf-16le".to_owned())
}

pub fn format(written: &str) -> Result<Format, String> {
    let names = || Format::names().collect::<Vec<_>>().join(", ");
    Format::from_name(written).ok_or_else(|| format!("unknown format; expected one of {}", names()))
}

pub fn format_help() -> String {
    format!("Format of the input: {} [default: by extension, then by content]", Format::list_names())
}

pub fn delimiter(written: &str) -> Result<u8, String> {
    match written.as_bytes() {
        _ if written == "tab" || written == "\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err("expected one ASCII character, or tab".to_owned()),
    }
}

pub fn quote(written: &str) -> Result<Quote, String> {
    match written.as_bytes() {
        b"none" => Ok(Quote::None),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !byte.is_ascii_whitespace() => {
            Ok(Quote::Character(*byte))
        }
        _ => Err("expected one ASCII character other than a letter or digit, or none".to_owned()),
    }
}

pub fn escape(written: &str) -> Result<u8, String> {
    match written {
        "backslash" | "\\" => Ok(b'\\'),
        _ => Err("expected backslash".to_owned()),
    }
}

/// Parses a condition on a column, written as `COLUMN=VALUE`.
pub fn condition(written: &str) -> Result<Condition, String> {
    let (column, value) = written.split_once('=').ok_or("expected COLUMN=VALUE")?;
    Ok(Condition { column: column.to_owned(), value: value.to_owned() })
}

/// `LOW-HIGH` or one number.
#[cfg(feature = "train")]
pub fn range(written: &str) -> Result<(u8, u8), String> {
    let (low, high) = written.split_once('-').unwrap_or((written, written));
    match (low.trim().parse(), high.trim().parse()) {
        (Ok(low), Ok(high)) => Ok((low, high)),
        _ => Err("expected a range such as 1-2".to_owned()),
    }
}

/// `LABEL=VALUE`; a label may hold `=` itself.
#[cfg(feature = "train")]
pub fn axis(written: &str) -> Result<(String, f64), String> {
    let (label, value) = written.rsplit_once('=').ok_or("expected LABEL=VALUE")?;
    let value = value.trim().parse().map_err(|_| format!("`{value}` is not a number"))?;
    Ok((label.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_ranges_and_axes_are_read() {
        assert_eq!(size("16M"), Ok(16 << 20));
        assert_eq!(size("500k"), Ok(500 << 10));
        assert_eq!(size("7"), Ok(7));
        for wrong in ["", "M", "1X", "0", "-1", "99999999999999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        assert_eq!((delimiter("^"), delimiter("tab"), delimiter("\\t")), (Ok(b'^'), Ok(b'\t'), Ok(b'\t')));
        assert!(delimiter("\"").is_err() && delimiter("::").is_err() && delimiter("é").is_err());
        assert_eq!(
            (quote("none"), quote("'"), escape("backslash"), escape("\\")),
            (Ok(Quote::None), Ok(Quote::Character(b'\'')), Ok(b'\\'), Ok(b'\\'))
        );
        assert!(quote("").is_err() && quote("x").is_err() && quote("''").is_err() && escape("^").is_err());
        assert_eq!(range("1-2"), Ok((1, 2)));
        assert_eq!(range("3"), Ok((3, 3)));
        assert!(range("a-b").is_err());
        assert_eq!(axis("a=b=-1"), Ok(("a=b".to_owned(), -1.0)));
        assert!(axis("a").is_err());
    }
}
