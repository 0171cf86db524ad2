//! Writes values of every type of column as text.

use std::fmt;
use std::io::Write as _;

use chrono::{DateTime, NaiveTime, SecondsFormat, TimeDelta};
use half::f16;
use num_bigint::BigInt;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::Type;

use crate::read::formats::parquet::leaves::Value;

/// The days from the epoch of Julian days to 1970.
const JULIAN_DAYS: i64 = 2_440_588;
const NANOSECONDS_PER_DAY: i64 = 86_400 * 1_000_000_000;

/// What the values of a column mean. It is displayed under the name that Arrow has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Signed(u8),
    Unsigned(u8),
    Float16,
    Float32,
    Float64,
    Decimal { precision: i32, scale: i32 },
    Date,
    Time(Unit),
    Timestamp { unit: Unit, is_utc: bool },
    Interval,
    Utf8,
    Binary,
    FixedSizeBinary(i32),
}

/// A part of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    fn from_parquet(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::MILLIS => Unit::Milliseconds,
            TimeUnit::MICROS => Unit::Microseconds,
            TimeUnit::NANOS => Unit::Nanoseconds,
        }
    }

    fn per_second(self) -> i64 {
        match self {
            Unit::Milliseconds => 1_000,
            Unit::Microseconds => 1_000_000,
            Unit::Nanoseconds => 1_000_000_000,
        }
    }

    fn nanoseconds(self) -> i64 {
        1_000_000_000 / self.per_second()
    }

    fn name(self) -> &'static str {
        match self {
            Unit::Milliseconds => "ms",
            Unit::Microseconds => "µs",
            Unit::Nanoseconds => "ns",
        }
    }
}

impl Kind {
    /// What a primitive column holds; `None` for a type that contradicts itself.
    pub(super) fn from_parquet(column: &Type) -> Option<Self> {
        let Type::PrimitiveType { basic_info, physical_type, type_length, scale, precision, .. } = column
        else {
            return None;
        };
        let logical = basic_info.logical_type_ref();
        if matches!(logical, Some(LogicalType::Unknown)) {
            return Some(Kind::Null);
        }
        let converted = basic_info.converted_type();
        let decimal = match (logical, converted) {
            (Some(LogicalType::Decimal(decimal)), _) => {
                Some(Kind::Decimal { precision: decimal.precision, scale: decimal.scale })
            }
            (None, ConvertedType::DECIMAL) => Some(Kind::Decimal { precision: *precision, scale: *scale }),
            _ => None,
        };
        match physical_type {
            Physical::BOOLEAN => Some(Kind::Boolean),
            Physical::INT32 => decimal.or_else(|| int32(logical, converted)),
            Physical::INT64 => decimal.or_else(|| int64(logical, converted)),
            Physical::INT96 => Some(Kind::Timestamp { unit: Unit::Nanoseconds, is_utc: false }),
            Physical::FLOAT => Some(Kind::Float32),
            Physical::DOUBLE => Some(Kind::Float64),
            Physical::BYTE_ARRAY => decimal.or_else(|| byte_array(logical, converted)),
            Physical::FIXED_LEN_BYTE_ARRAY => match (logical, converted) {
                (Some(LogicalType::Float16), _) => (*type_length == 2).then_some(Kind::Float16),
                (None, ConvertedType::INTERVAL) => (*type_length == 12).then_some(Kind::Interval),
                _ => decimal.or(Some(Kind::FixedSizeBinary(*type_length))),
            },
        }
    }

    /// Whether its values are texts.
    pub(super) fn is_text(self) -> bool {
        matches!(self, Kind::Utf8 | Kind::Binary)
    }
}

fn int32(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<Kind> {
    match (logical, converted) {
        (None, ConvertedType::NONE) => Some(Kind::Signed(32)),
        (Some(LogicalType::Integer(int)), _) => integer(int.bit_width, int.is_signed, &[8, 16, 32]),
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Kind::Date),
        (Some(LogicalType::Time(time)), _) => {
            (time.unit == TimeUnit::MILLIS).then_some(Kind::Time(Unit::Milliseconds))
        }
        (None, ConvertedType::TIME_MILLIS) => Some(Kind::Time(Unit::Milliseconds)),
        (None, ConvertedType::UINT_8) => Some(Kind::Unsigned(8)),
        (None, ConvertedType::UINT_16) => Some(Kind::Unsigned(16)),
        (None, ConvertedType::UINT_32) => Some(Kind::Unsigned(32)),
        (None, ConvertedType::INT_8) => Some(Kind::Signed(8)),
        (None, ConvertedType::INT_16) => Some(Kind::Signed(16)),
        (None, ConvertedType::INT_32) => Some(Kind::Signed(32)),
        _ => None,
    }
}

fn int64(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<Kind> {
    match (logical, converted) {
        (None, ConvertedType::NONE | ConvertedType::INT_64) => Some(Kind::Signed(64)),
        (None, ConvertedType::UINT_64) => Some(Kind::Unsigned(64)),
        (Some(LogicalType::Integer(int)), _) => integer(int.bit_width, int.is_signed, &[64]),
        (Some(LogicalType::Time(time)), _) => {
            (time.unit != TimeUnit::MILLIS).then(|| Kind::Time(Unit::from_parquet(time.unit)))
        }
        (None, ConvertedType::TIME_MICROS) => Some(Kind::Time(Unit::Microseconds)),
        (Some(LogicalType::Timestamp(stamp)), _) => {
            Some(Kind::Timestamp { unit: Unit::from_parquet(stamp.unit), is_utc: stamp.is_adjusted_to_u_t_c })
        }
        (None, ConvertedType::TIMESTAMP_MILLIS) => {
            Some(Kind::Timestamp { unit: Unit::Milliseconds, is_utc: true })
        }
        (None, ConvertedType::TIMESTAMP_MICROS) => {
            Some(Kind::Timestamp { unit: Unit::Microseconds, is_utc: true })
        }
        _ => None,
    }
}

fn integer(bits: i8, is_signed: bool, widths: &[u8]) -> Option<Kind> {
    let bits = u8::try_from(bits).ok().filter(|bits| widths.contains(bits))?;
    Some(if is_signed { Kind::Signed(bits) } else { Kind::Unsigned(bits) })
}

fn byte_array(logical: Option<&LogicalType>, converted: ConvertedType) -> Option<Kind> {
    match (logical, converted) {
        (Some(LogicalType::String | LogicalType::Json), _)
        | (None, ConvertedType::UTF8 | ConvertedType::JSON) => Some(Kind::Utf8),
        (
            Some(
                LogicalType::Bson
                | LogicalType::Enum
                | LogicalType::Geometry { .. }
                | LogicalType::Geography { .. }
                | LogicalType::_Unknown { .. },
            ),
            _,
        )
        | (None, ConvertedType::NONE | ConvertedType::BSON | ConvertedType::ENUM) => Some(Kind::Binary),
        _ => None,
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Null => f.write_str("Null"),
            Kind::Boolean => f.write_str("Boolean"),
            Kind::Signed(bits) => write!(f, "Int{bits}"),
            Kind::Unsigned(bits) => write!(f, "UInt{bits}"),
            Kind::Float16 => f.write_str("Float16"),
            Kind::Float32 => f.write_str("Float32"),
            Kind::Float64 => f.write_str("Float64"),
            Kind::Decimal { precision, scale } => {
                write!(f, "Decimal{}({precision}, {scale})", if *precision > 38 { 256 } else { 128 })
            }
            Kind::Date => f.write_str("Date32"),
            Kind::Time(Unit::Milliseconds) => f.write_str("Time32(ms)"),
            Kind::Time(unit) => write!(f, "Time64({})", unit.name()),
            Kind::Timestamp { unit, is_utc: false } => write!(f, "Timestamp({})", unit.name()),
            Kind::Timestamp { unit, is_utc: true } => write!(f, "Timestamp({}, \"UTC\")", unit.name()),
            Kind::Interval => f.write_str("Interval(DayTime)"),
            Kind::Utf8 => f.write_str("Utf8"),
            Kind::Binary => f.write_str("Binary"),
            Kind::FixedSizeBinary(length) => write!(f, "FixedSizeBinary({length})"),
        }
    }
}

/// Writes a value as text. Bytes that are not said to be text are written in hexadecimal digits.
pub(super) fn show(kind: Kind, value: Value<'_>, out: &mut Vec<u8>) -> Result<(), String> {
    let outside = |number: i64| format!("{number} lies outside the range of {kind}");
    let shown = match (kind, value) {
        (Kind::Null, _) => Ok(()),
        (Kind::Utf8, Value::Bytes(bytes)) => {
            out.extend_from_slice(bytes);
            Ok(())
        }
        (Kind::Boolean, Value::Boolean(truth)) => write!(out, "{truth}"),
        (Kind::Float32, Value::Float(number)) => {
            write!(out, "{}", ryu::Buffer::new().format(number))
        }
        (Kind::Float64, Value::Double(number)) => {
            write!(out, "{}", ryu::Buffer::new().format(number))
        }
        (Kind::Signed(_), Value::Int(number)) => write!(out, "{number}"),
        (Kind::Unsigned(64), Value::Int(number)) => write!(out, "{}", number as u64),
        (Kind::Unsigned(_), Value::Int(number)) => write!(out, "{}", number as u32),
        (Kind::Decimal { scale, .. }, Value::Int(number)) => {
            write_decimal(&number.to_string(), scale, out);
            Ok(())
        }
        (Kind::Decimal { scale, .. }, Value::Bytes(bytes)) => {
            let number = BigInt::from_signed_bytes_be(bytes.get(..32.min(bytes.len())).unwrap_or(bytes));
            write_decimal(&number.to_string(), scale, out);
            Ok(())
        }
        (Kind::Date, Value::Int(days)) => {
            let date = DateTime::from_timestamp(days * 86_400, 0).ok_or_else(|| outside(days))?;
            write!(out, "{:?}", date.naive_utc().date())
        }
        (Kind::Time(unit), Value::Int(count)) => {
            let (seconds, rest) = (count.div_euclid(unit.per_second()), count.rem_euclid(unit.per_second()));
            let rest = u32::try_from(rest * unit.nanoseconds()).ok();
            let time = u32::try_from(seconds)
                .ok()
                .zip(rest)
                .and_then(|(seconds, rest)| NaiveTime::from_num_seconds_from_midnight_opt(seconds, rest));
            write!(out, "{:?}", time.ok_or_else(|| outside(count))?)
        }
        (Kind::Timestamp { unit, is_utc }, Value::Int(count)) => {
            let (seconds, rest) = (count.div_euclid(unit.per_second()), count.rem_euclid(unit.per_second()));
            let rest = u32::try_from(rest * unit.nanoseconds()).unwrap_or(0);
            let time = DateTime::from_timestamp(seconds, rest).ok_or_else(|| outside(count))?;
            if is_utc {
                write!(out, "{}", time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
            } else {
                write!(out, "{:?}", time.naive_utc())
            }
        }
        (Kind::Timestamp { .. }, Value::Julian { day, nanoseconds }) => {
            let days = (i64::from(day) - JULIAN_DAYS).checked_mul(NANOSECONDS_PER_DAY / 1_000_000_000);
            let midnight = days.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            let time = midnight
                .and_then(|midnight| midnight.checked_add_signed(TimeDelta::nanoseconds(nanoseconds)))
                .ok_or_else(|| outside(i64::from(day)))?;
            write!(out, "{:?}", time.naive_utc())
        }
        (Kind::Float16, Value::Bytes([low, high])) => write!(out, "{}", f16::from_le_bytes([*low, *high])),
        (Kind::Interval, Value::Bytes(bytes)) => {
            write_interval(bytes, out);
            Ok(())
        }
        (Kind::Binary | Kind::FixedSizeBinary(_), Value::Bytes(bytes)) => {
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
        _ => return Err(format!("it is not stored as {kind}")),
    };
    shown.map_err(|error| error.to_string())
}

/// Puts the point into an integer.
fn write_decimal(number: &str, scale: i32, out: &mut Vec<u8>) {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let scale = usize::try_from(scale).unwrap_or(0);
    out.extend_from_slice(sign.as_bytes());
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
    out.extend_from_slice(if whole.is_empty() { b"0" } else { whole.as_bytes() });
    if scale > 0 {
        out.push(b'.');
        out.resize(out.len() + scale.saturating_sub(fraction.len()), b'0');
        out.extend_from_slice(fraction.as_bytes());
    }
}

/// Writes the days and the milliseconds of an interval; its months stand in the first four bytes.
fn write_interval(bytes: &[u8], out: &mut Vec<u8>) {
    let number = |at: usize| {
        let number = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
        number.map_or(0, |bytes| i32::from_le_bytes(*bytes))
    };
    let (days, milliseconds) = (number(4), number(8));
    let mut parts = Vec::new();
    if days != 0 {
        parts.push(format!("{days} days"));
    }
    let seconds = milliseconds / 1_000;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    if hours != 0 {
        parts.push(format!("{hours} hours"));
    }
    if minutes != 0 {
        parts.push(format!("{minutes} mins"));
    }
    let (seconds, rest) = (seconds % 60, milliseconds % 1_000);
    if seconds != 0 || rest != 0 {
        let sign = if milliseconds < 0 { "-" } else { "" };
        parts.push(format!("{sign}{}.{:03} secs", seconds.abs(), rest.abs()));
    }
    if parts.is_empty() {
        parts.push("0 secs".to_owned());
    }
    out.extend_from_slice(parts.join(" ").as_bytes());
}
