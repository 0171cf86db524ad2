//! Parses options whose values are the named values of a library type.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::Named;

/// Accepts the names of the values of `T`, and lists them in the help.
pub fn named<T: Named>() -> impl TypedValueParser<Value = T> {
    parser(T::ALL.into_iter().map(|value| PossibleValue::new(value.name())))
}

/// As [`named`], with a line of help for each value.
pub fn named_with_help<T: Named>(help: fn(T) -> &'static str) -> impl TypedValueParser<Value = T> {
    parser(T::ALL.into_iter().map(move |value| PossibleValue::new(value.name()).help(help(value))))
}

fn parser<T: Named>(values: impl Iterator<Item = PossibleValue>) -> impl TypedValueParser<Value = T> {
    let values: Vec<PossibleValue> = values.collect();
    PossibleValuesParser::new(values).try_map(|name| T::from_name(&name).ok_or("it has no such value"))
}
