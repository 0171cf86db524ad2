//! Escapes text, so that it cannot be markup.

use std::fmt::{self, Display, Formatter, Write};

use crate::write::printable::turns_direction;

/// A text between tags or in a quoted attribute. What HTML has no character for becomes U+FFFD, and
/// so do marks that turn the direction of what follows them. Joiners and other marks that scripts
/// are written with stay.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => f.write_char(c)?,
                c if c.is_control() || turns_direction(c) => f.write_char(char::REPLACEMENT_CHARACTER)?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A name from the data, whose direction of writing does not reach what stands around it.
pub(super) struct Isolated<'a>(pub(super) &'a str);

impl Display for Isolated<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "<bdi>{}</bdi>", Escaped(self.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_and_control_characters_are_only_characters() {
        assert_eq!(
            Escaped("</script><b a=\"1\" c='2'>&amp;\0\r\u{7f}\n").to_string(),
            "&lt;/script&gt;&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;\u{fffd}\u{fffd}\u{fffd}\n"
        );
        assert_eq!(Isolated("\u{202e}x\u{2069}").to_string(), "<bdi>\u{fffd}x\u{fffd}</bdi>");
        assert_eq!(Escaped("می\u{200c}خواهم").to_string(), "می\u{200c}خواهم");
    }

    proptest! {
        #[test]
        fn nothing_that_opens_or_closes_markup_is_left(text in any::<String>()) {
            let escaped = Escaped(&text).to_string();
            prop_assert!(!escaped.contains(['<', '>', '"', '\'', '\0']));
            prop_assert!(!escaped.contains(turns_direction));
        }
    }
}
