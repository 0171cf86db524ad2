//! Names the values of closed sets, so that options, reports and other languages spell them alike.

/// A closed set of values, each with one name.
///
/// ```
/// use standpoint::Named;
/// use standpoint::features::Weighting;
///
/// assert_eq!(Weighting::from_name("tf-idf"), Some(Weighting::TfIdf));
/// assert_eq!(Weighting::ALL.map(Weighting::name), ["tf-idf", "idf", "binary"]);
/// ```
pub trait Named: Copy + PartialEq + Send + Sync + 'static {
    /// An array of all values, in the order in which they are listed.
    type All: IntoIterator<Item = Self>;

    /// All values, in the order in which they are listed.
    const ALL: Self::All;

    /// The name of the value.
    fn name(self) -> &'static str;

    /// The value with this name; `None` if no value has it.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.name() == name)
    }
}

/// Implements [`Named`]: `named!(Case { Fold: "fold", Keep: "keep" })`.
macro_rules! named {
    ($type:ident { $($value:ident: $name:literal),+ $(,)? }) => {
        impl $crate::named::Named for $type {
            type All = [Self; [$($name),+].len()];

            const ALL: Self::All = [$($type::$value),+];

            fn name(self) -> &'static str {
                match self { $($type::$value => $name),+ }
            }
        }
    };
}

pub(crate) use named;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Case {
        Fold,
        Keep,
    }

    named!(Case { Fold: "fold", Keep: "keep" });

    #[test]
    fn a_value_is_found_by_its_name() {
        assert!(Case::ALL.into_iter().all(|case| Case::from_name(case.name()) == Some(case)));
        assert_eq!(Case::from_name("Fold"), None);
    }
}
