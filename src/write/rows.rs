//! Writes rows of cells as tables to publish: Markdown, HTML and LaTeX.

use std::fmt::Write as _;

use crate::write::{Cell, CellType, printable};

/// A kind of table to publish. None has a state, so that a table can be continued after any row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// A pipe table of GitHub Flavored Markdown.
    Markdown,
    /// A `<table>` without a page around it.
    Html,
    /// A `tabular` of LaTeX, with the rules of `booktabs`.
    Latex,
}

/// Decimals of a number where nobody says how many.
pub(crate) const USUAL_DIGITS: usize = 3;

impl RowFormat {
    /// What stands before the first row.
    pub(crate) fn begin<'c>(self, columns: impl Iterator<Item = (&'c str, CellType)> + Clone) -> String {
        let is_number = |of: CellType| of != CellType::Text;
        let names = || columns.clone().map(|(name, _)| self.escaped(name));
        match self {
            RowFormat::Markdown => {
                let rule = columns.clone().map(|(_, of)| if is_number(of) { "---:" } else { "---" });
                format!("{}{}", piped(names()), piped(rule.map(str::to_owned)))
            }
            RowFormat::Html => {
                let heads = columns.clone().map(|(name, of)| {
                    let class = if is_number(of) { NUMBER } else { "" };
                    format!("<th scope=\"col\"{class}>{}</th>", self.escaped(name))
                });
                format!("<table>\n<thead>\n<tr>{}</tr>\n</thead>\n<tbody>\n", heads.collect::<String>())
            }
            RowFormat::Latex => {
                let aligned = columns.clone().map(|(_, of)| if is_number(of) { 'r' } else { 'l' });
                let heads: Vec<String> = names().collect();
                format!(
                    "% needs \\usepackage{{booktabs}}\n\\begin{{tabular}}{{{}}}\n\\toprule\n{} \\\\\n\\midrule\n",
                    aligned.collect::<String>(),
                    heads.join(" & ")
                )
            }
        }
    }

    /// One row.
    pub(crate) fn row<'c>(self, cells: impl Iterator<Item = Cell<'c>>, digits: usize) -> String {
        let is_number = |cell: &Cell<'c>| matches!(cell, Cell::Whole(_) | Cell::Real(_));
        self.aligned_row(cells.map(|cell| (is_number(&cell), cell)), digits)
    }

    /// One row of cells, of which some stand right as numbers do, whatever they hold.
    pub(crate) fn aligned_row<'c>(
        self,
        cells: impl Iterator<Item = (bool, Cell<'c>)>,
        digits: usize,
    ) -> String {
        let shown = |(is_number, cell): (bool, Cell<'c>)| (self.escaped(&shown(&cell, digits)), is_number);
        match self {
            RowFormat::Markdown => piped(cells.map(|cell| shown(cell).0)),
            RowFormat::Html => {
                let cells = cells.map(shown).map(|(text, is_number)| {
                    format!("<td{}>{text}</td>", if is_number { NUMBER } else { "" })
                });
                format!("<tr>{}</tr>\n", cells.collect::<String>())
            }
            RowFormat::Latex => {
                let cells: Vec<String> = cells.map(|cell| shown(cell).0).collect();
                format!("{} \\\\\n", cells.join(" & "))
            }
        }
    }

    /// What stands behind the last row.
    pub(crate) fn end(self) -> &'static str {
        match self {
            RowFormat::Markdown => "",
            RowFormat::Html => "</tbody>\n</table>\n",
            RowFormat::Latex => "\\bottomrule\n\\end{tabular}\n",
        }
    }

    /// A text on one line in which nothing has a meaning of its own.
    fn escaped(self, text: &str) -> String {
        let line: String =
            text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
        let mut out = String::with_capacity(line.len());
        for c in printable(&line).chars() {
            // Writing to a string does not fail.
            let _ = match (self, c) {
                (RowFormat::Markdown, '|' | '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '&' | '~') => {
                    write!(out, "\\{c}")
                }
                (RowFormat::Html, '&') => write!(out, "&amp;"),
                (RowFormat::Html, '<') => write!(out, "&lt;"),
                (RowFormat::Html, '>') => write!(out, "&gt;"),
                (RowFormat::Html, '"') => write!(out, "&quot;"),
                (RowFormat::Latex, '&' | '%' | '$' | '#' | '_' | '{' | '}') => write!(out, "\\{c}"),
                // Behind the end of a row they would be its options.
                (RowFormat::Latex, '[' | ']' | '*') => write!(out, "{{{c}}}"),
                (RowFormat::Latex, '~') => write!(out, "\\textasciitilde{{}}"),
                (RowFormat::Latex, '^') => write!(out, "\\textasciicircum{{}}"),
                (RowFormat::Latex, '\\') => write!(out, "\\textbackslash{{}}"),
                _ => write!(out, "{c}"),
            };
        }
        out
    }
}

/// How a cell of numbers is aligned.
const NUMBER: &str = " style=\"text-align:right\"";

fn piped(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// A cell as people read it: numbers with so many decimals, and without the minus of a zero.
pub(crate) fn shown(cell: &Cell<'_>, digits: usize) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone().into_owned(),
        Cell::Whole(number) => number.to_string(),
        Cell::Real(number) => {
            let written = format!("{number:.digits$}");
            match written.strip_prefix('-') {
                Some(positive) if !positive.contains(|c: char| matches!(c, '1'..='9')) => positive.to_owned(),
                _ => written,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(format: RowFormat) -> String {
        let columns = [("a_b", CellType::Text), ("share", CellType::Real)];
        let cells = vec![Cell::from("x|y & <z>\n50 % of \\it"), Cell::Real(-0.00012)];
        format.begin(columns.iter().copied()) + &format.row(cells.into_iter(), 2) + format.end()
    }

    #[test]
    fn markdown_has_pipes_and_no_markup_of_the_texts() {
        assert_eq!(
            table(RowFormat::Markdown),
            "| a\\_b | share |\n| --- | ---: |\n| x\\|y \\& \\<z> 50 % of \\\\it | 0.00 |\n"
        );
    }

    #[test]
    fn html_has_heads_and_escaped_texts() {
        assert_eq!(
            table(RowFormat::Html),
            "<table>\n<thead>\n<tr><th scope=\"col\">a_b</th><th scope=\"col\" style=\"text-align:right\">share</th></tr>\n\
             </thead>\n<tbody>\n<tr><td>x|y &amp; &lt;z&gt; 50 % of \\it</td><td style=\"text-align:right\">0.00</td></tr>\n\
             </tbody>\n</table>\n"
        );
    }

    #[test]
    fn latex_has_rules_and_escaped_texts() {
        assert_eq!(
            table(RowFormat::Latex),
            "% needs \\usepackage{booktabs}\n\\begin{tabular}{lr}\n\\toprule\na\\_b & share \\\\\n\\midrule\n\
             x|y \\& <z> 50 \\% of \\textbackslash{}it & 0.00 \\\\\n\\bottomrule\n\\end{tabular}\n"
        );
    }

    #[test]
    fn numbers_are_rounded_for_people() {
        let shown = |number, digits| shown(&Cell::Real(number), digits);
        assert_eq!(
            (shown(0.12345, 3), shown(-0.5, 0), shown(-0.6, 0)),
            ("0.123".into(), "0".into(), "-1".into())
        );
        assert_eq!((shown(-0.001, 2), shown(-10.0, 0)), ("0.00".into(), "-10".into()));
    }
}
