//! Cuts HTML into tags and the text between them, without a tree.

/// No name of an element is longer.
pub(super) const MAX_NAME: usize = 40;

/// A tag, or text between two.
pub(super) enum Piece<'h> {
    /// Text as it is written, with its character references.
    Text(&'h str),
    Tag(Tag<'h>),
}

/// A tag of an element.
pub(super) struct Tag<'h> {
    /// The element's name in lower case.
    pub(super) name: String,
    /// Whether it ends the element.
    pub(super) closes: bool,
    /// Where it begins and ends in the page.
    pub(super) start: usize,
    pub(super) end: usize,
    /// All between `<` and `>`.
    inside: &'h str,
}

impl<'h> Tag<'h> {
    /// Its attributes: names as they are written, values without their quotes and with their
    /// character references.
    pub(super) fn attributes(&self) -> Attributes<'h> {
        Attributes(self.inside.get(self.name.len()..).unwrap_or(""))
    }

    /// The value of the first attribute of a name; empty where it has none.
    pub(super) fn attribute(&self, name: &str) -> Option<&'h str> {
        self.attributes().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The attributes of a tag, by the states of the HTML standard's tokenizer.
pub(super) struct Attributes<'h>(&'h str);

impl<'h> Iterator for Attributes<'h> {
    type Item = (&'h str, &'h str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let first = rest.chars().next()?;
        // An equals sign at the beginning is part of the name.
        let ends = |(_, c): &(usize, char)| c.is_ascii_whitespace() || matches!(c, '=' | '/');
        let end =
            rest.char_indices().skip(1).find(ends).map_or(rest.len(), |(at, _)| at.max(first.len_utf8()));
        let (name, rest) = rest.split_at(end);
        let Some(value) = rest.trim_ascii_start().strip_prefix('=').map(str::trim_ascii_start) else {
            self.0 = rest;
            return Some((name, ""));
        };
        let quoted =
            ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote).map(|rest| (rest, quote)));
        let (value, rest) = match quoted {
            Some((value, quote)) => value.split_once(quote).unwrap_or((value, "")),
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        self.0 = rest;
        Some((name, value))
    }
}

/// The pieces of a page in order; comments and declarations are none.
pub(super) struct Pieces<'h> {
    html: &'h str,
    at: usize,
    /// Whether a `>` in quotes belongs to its tag. Where a quote never closes, no quote is trusted
    /// any more.
    trusts_quotes: bool,
}

impl<'h> Pieces<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Pieces { html, at: 0, trusts_quotes: true }
    }

    /// Where the next piece begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'h str {
        self.html.get(self.at..).unwrap_or("")
    }

    /// Goes behind the end tag of the element `name`, or to the end of the page.
    pub(super) fn skip_element(&mut self, name: &str) {
        let rest = self.rest();
        let is_end =
            |&(at, _): &(usize, &str)| rest.get(at..).and_then(tag).is_some_and(|(found, _)| found == name);
        self.at = match rest.match_indices("</").find(is_end) {
            Some((at, _)) => self.at + at,
            None => self.html.len(),
        };
        self.at += self.tag_length();
    }

    /// Where the next piece begins.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// The bytes of the tag or declaration that comes next.
    fn tag_length(&mut self) -> usize {
        let rest = self.rest();
        if self.trusts_quotes {
            match quoted_tag_length(rest) {
                Some(length) => return length,
                None => self.trusts_quotes = false,
            }
        }
        rest.find('>').map_or(rest.len(), |end| end + 1)
    }
}

impl<'h> Iterator for Pieces<'h> {
    type Item = Piece<'h>;

    fn next(&mut self) -> Option<Piece<'h>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            if rest.starts_with("<!--") {
                self.at += rest.find("-->").map_or(rest.len(), |end| end + 3);
            } else if let Some((name, closes)) = tag(rest) {
                let (start, length) = (self.at, self.tag_length());
                self.at += length;
                let inside =
                    rest.get(..length).unwrap_or("").trim_start_matches(['<', '/']).trim_end_matches('>');
                return Some(Piece::Tag(Tag { name, closes, start, end: self.at, inside }));
            } else if rest.starts_with("<!") || rest.starts_with("<?") {
                self.at += rest.find('>').map_or(rest.len(), |end| end + 1);
            } else {
                // A `<` that begins no tag is a character.
                let end =
                    rest.char_indices().skip(1).find(|(_, c)| *c == '<').map_or(rest.len(), |(at, _)| at);
                self.at += end;
                return Some(Piece::Text(rest.get(..end).unwrap_or("")));
            }
        }
    }
}

/// Reads the name of the tag at the start of `at`, in lower case, and whether the tag ends an
/// element. `None` where `<` begins no tag.
pub(super) fn tag(at: &str) -> Option<(String, bool)> {
    let inside = at.strip_prefix('<')?;
    let (closes, named) = match inside.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, inside),
    };
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name = named.chars().take(MAX_NAME).take_while(|c| c.is_ascii_alphanumeric() || *c == '-');
    Some((name.collect::<String>().to_ascii_lowercase(), closes))
}

/// The bytes of the tag at the start of `at`, in whose quoted values `>` is a character.
fn quoted_tag_length(at: &str) -> Option<usize> {
    let (mut quote, mut after_equals) = (None, false);
    for (length, byte) in (1..).zip(at.bytes()) {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'>' => return Some(length),
            None if after_equals && (byte == b'"' || byte == b'\'') => {
                (quote, after_equals) = (Some(byte), false);
            }
            None => after_equals = byte == b'=' || after_equals && byte.is_ascii_whitespace(),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Vec<String> {
        Pieces::new(html)
            .map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Tag(tag) => {
                    assert!(html[tag.start..tag.end].starts_with('<'));
                    let attributes: String =
                        tag.attributes().map(|(name, value)| format!(" {name}=[{value}]")).collect();
                    format!("<{}{}{attributes}>", if tag.closes { "/" } else { "" }, tag.name)
                }
            })
            .collect()
    }

    #[test]
    fn tags_and_texts_come_in_order_with_their_attributes() {
        assert_eq!(
            shown("<!DOCTYPE html>a<P Class='x > y' id=b hidden data-z = \"1\"/>3 < 4<!-- <b> -->&amp;</p >"),
            ["a", "<p Class=[x > y] id=[b] hidden=[] data-z=[1]>", "3 ", "< 4", "&amp;", "</p>"]
        );
        assert_eq!(shown("<a =x/y>z<br/>"), ["<a =x=[] y=[]>", "z", "<br>"]);
        assert_eq!(shown("<i é=ü>"), ["<i é=[ü]>"]);
    }

    #[test]
    fn a_quote_that_never_closes_costs_one_tag() {
        assert_eq!(shown("<p title=\"x>one<b>two</b>"), ["<p title=[x]>", "one", "<b>", "two", "</b>"]);
        assert_eq!(shown("<p it's>one</p>"), ["<p it's=[]>", "one", "</p>"]);
    }

    #[test]
    fn an_element_is_skipped_to_its_end_tag() {
        let mut pieces = Pieces::new("<script>a</b></SCRIPT x=\">\">rest");
        pieces.next();
        pieces.skip_element("script");
        assert!(matches!(pieces.next(), Some(Piece::Text("rest"))));
        pieces.skip_element("none");
        assert!(pieces.next().is_none());
    }

    #[test]
    fn hostile_pages_are_cut_in_one_go() {
        for piece in ["<a b='", "<a b=\"x", "<", "<!--", "<p =", "<a b=c>", "&"] {
            assert!(Pieces::new(&piece.repeat(1 << 20)).count() <= 1 << 20, "{piece}");
        }
    }
}
