//! Writes what pages have in common: the head with the style, sections, figures with their numbers,
//! tables.

use std::io::{self, Write};

use crate::write::report::escape::Escaped;

/// Writes everything before the contents of a page. The title is a text.
pub(super) fn begin_page(out: &mut dyn Write, title: &str) -> io::Result<()> {
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>",
        Escaped(title),
        include_str!("style.css")
    )
}

/// Writes everything after the contents of a page.
pub(super) fn end_page(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "</main>\n<footer><p>Written by standpoint {}.</p></footer>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    )
}

/// Begins a section under a heading. Both are markup.
pub(super) fn begin_section(out: &mut dyn Write, id: &str, heading: &str) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{heading}</h2>")
}

/// Ends a section.
pub(super) fn end_section(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</section>")
}

/// Writes a paragraph of markup.
pub(super) fn paragraph(out: &mut dyn Write, class: &str, markup: &str) -> io::Result<()> {
    match class {
        "" => writeln!(out, "<p>{markup}</p>"),
        class => writeln!(out, "<p class=\"{class}\">{markup}</p>"),
    }
}

/// Writes a drawing under a headline that says what it shows, with a caption. Both are markup.
pub(super) fn figure(
    out: &mut dyn Write,
    headline: &str,
    caption: &str,
    draw: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    writeln!(out, "<figure>\n<h3>{headline}</h3>")?;
    draw(out)?;
    match caption {
        "" => writeln!(out, "</figure>"),
        caption => writeln!(out, "<figcaption>{caption}</figcaption>\n</figure>"),
    }
}

/// Writes what only some readers want, behind a line that opens it.
pub(super) fn details(
    out: &mut dyn Write,
    summary: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    writeln!(out, "<details>\n<summary>{summary}</summary>")?;
    write(out)?;
    writeln!(out, "</details>")
}

/// Writes a table: a caption, the heads, and rows whose first cell names them. All cells are markup
/// already.
pub(super) fn table<const N: usize>(
    out: &mut dyn Write,
    caption: &str,
    heads: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> io::Result<()> {
    let rows = rows.into_iter().map(|row| row.to_vec());
    wide_table(out, caption, &heads.map(str::to_owned), rows)
}

/// Writes a table of as many columns as there are heads.
pub(super) fn wide_table(
    out: &mut dyn Write,
    caption: &str,
    heads: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"wide\" role=\"group\" aria-label=\"{caption}\" tabindex=\"0\"><table>\n\
         <caption>{caption}</caption>\n<thead><tr>"
    )?;
    for head in heads {
        writeln!(out, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in rows {
        write!(out, "<tr>")?;
        for (at, cell) in row.iter().enumerate() {
            let (open, close) = if at == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
            write!(out, "{open}{cell}{close}")?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}
