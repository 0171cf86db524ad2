//! Makes the normal form of a paragraph, in which phrases are looked for.

/// Makes the normal form of paragraphs: lower case, one space between words, plain apostrophes. Of most only the beginning is asked
/// for.
#[derive(Default)]
pub(super) struct Normal(String);

impl Normal {
    /// All of it.
    pub(super) fn whole(&mut self, paragraph: &str) -> &str {
        self.beginning(paragraph, usize::MAX)
    }

    /// At least so many bytes of it, if there are so many.
    pub(super) fn beginning(&mut self, paragraph: &str, least: usize) -> &str {
        let out = &mut self.0;
        out.clear();
        for c in paragraph.trim().chars() {
            if out.len() >= least {
                break;
            }
            if c.is_ascii_graphic() {
                out.push(c.to_ascii_lowercase());
            } else if c.is_whitespace() {
                if out.as_bytes().last() != Some(&b' ') {
                    out.push(' ');
                }
            } else if c == '’' {
                out.push('\'');
            } else if c == 'ς' {
                // As the capital is: its small letter does not go by the word's end here.
                out.push('σ');
            } else {
                out.extend(c.to_lowercase());
            }
        }
        out
    }
}
