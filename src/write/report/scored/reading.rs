//! Writes the texts worth reading, with the sentences that decided.

use std::io::{self, Write};

use crate::label::ClassId;
use crate::tabulate::{Clearness, Explained, Pick};
use crate::write::report::escape::{Escaped, Isolated};
use crate::write::report::html::{begin_section, end_section, paragraph};
use crate::write::report::marked::{Words, excerpt_with_marks};
use crate::write::report::numbers::{percent, signed};
use crate::write::report::scored::{ScoredPage, shown_classes};
use crate::write::report::sentence_marks::{MarkLimits, sentence_marks};

/// The sentences of one text that are marked.
const MARKS: MarkLimits = MarkLimits { count: 3, share: 0.3 };

/// Writes the section.
pub(super) fn write(out: &mut dyn Write, page: &ScoredPage<'_>) -> io::Result<()> {
    let overview = page.overview;
    if overview.picks().iter().next().is_none() {
        return Ok(());
    }
    begin_section(out, "reading", "Texts to read")?;
    match page.has_texts {
        true => paragraph(
            out,
            "",
            "For each label, the texts of which the model is most certain and those of which it is least certain. The sentences \
             that decided are marked: <mark class=\"for strong\"><span class=\"sign\" aria-hidden=\"true\">+</span>for the \
             label</mark>, \
             underlined; <mark class=\"not\"><span class=\"sign\" aria-hidden=\"true\">−</span>against it</mark>, dotted. The bold \
             one counts most.",
        )?,
        false => paragraph(
            out,
            "",
            "For each label, the texts of which the model is most certain and those of which it is least certain. The results hold no \
             texts, so only titles and scores are shown.",
        )?,
    }
    for class in shown_classes(overview) {
        let class = ClassId::new(class);
        let lists = [Clearness::Clearest, Clearness::LeastCertain]
            .map(|kind| (kind, overview.picks().of(class, kind)));
        if lists.iter().all(|(_, picks)| picks.is_empty()) {
            continue;
        }
        let name = overview.labels().get(class.index()).map_or("", String::as_str);
        writeln!(out, "<h3>{}</h3>\n<div class=\"pair\">", Isolated(name))?;
        for (kind, picks) in lists {
            list(out, page, kind, &picks)?;
        }
        writeln!(out, "</div>")?;
    }
    end_section(out)
}

fn list(out: &mut dyn Write, page: &ScoredPage<'_>, kind: Clearness, picks: &[&Pick]) -> io::Result<()> {
    if picks.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div>\n<h4>{}</h4>\n<ul class=\"picks\">", heading(kind))?;
    for pick in picks {
        one(out, page, pick)?;
    }
    writeln!(out, "</ul>\n</div>")
}

/// The heading over texts of this kind.
fn heading(kind: Clearness) -> &'static str {
    match kind {
        Clearness::Clearest => "Clearest",
        Clearness::LeastCertain => "Least certain",
    }
}

fn one(out: &mut dyn Write, page: &ScoredPage<'_>, pick: &Pick) -> io::Result<()> {
    let title = pick.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&pick.id);
    writeln!(out, "<li>\n<p class=\"title\">{}</p>", Isolated(title))?;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(pick.group.as_ref().map(|group| Isolated(group).to_string()));
    parts.extend(pick.date.as_ref().map(|date| Isolated(date).to_string()));
    if title != pick.id {
        parts.push(Isolated(&pick.id).to_string());
    }
    let answer = match pick.reason {
        None => format!("probability {}", percent(pick.confidence)),
        Some(reason) => format!("no label ({reason}), probability {}", percent(pick.confidence)),
    };
    parts.push(answer);
    parts.extend(pick.slant.map(|slant| format!("slant {}", signed(slant))));
    paragraph(out, "place", &parts.join(" · "))?;
    if let Some(Explained { text, sentences, .. }) = &pick.explained {
        let marks = sentence_marks(sentences, MARKS);
        let language = page.model.and_then(|model| model.tokenizer_config.language);
        let language =
            language.map_or(String::new(), |language| format!(" lang=\"{}\"", Escaped(language.code())));
        write!(out, "<blockquote{language} dir=\"auto\">")?;
        excerpt_with_marks(out, text, &marks, Words { plus: "for the label", minus: "against the label" })?;
        writeln!(out, "</blockquote>")?;
    } else if page.has_texts {
        paragraph(
            out,
            "soft",
            "The text was not found among the inputs, has changed since it was scored, or is too long to show.",
        )?;
    }
    writeln!(out, "</li>")
}
