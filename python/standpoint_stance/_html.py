"""Writes results as HTML for notebooks. Everything that comes from texts and models is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Iterable, Mapping

if TYPE_CHECKING:
    from ._results import Scores

#: Sentences for the label are underlined, those against it dotted, in the report's colors: background and line.
_FOR, _AGAINST = ("rgba(208,120,0,{})", "#a85f00", "solid"), ("rgba(70,110,160,{})", "#3d6594", "dotted")
#: How many sentences are marked, and which share of the strongest one they must count.
_MAX_MARKS, _MIN_SHARE = 8, 0.15
#: How many rows of a table are shown.
_MAX_ROWS = 10


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _figure(value: float | None, interval: list[float] | None = None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")


def _marked(text: bytes, sentences: Iterable[Mapping[str, Any]], terms: Iterable[Mapping[str, Any]]) -> str:
    """The text with the sentences marked that count most; the terms of the label are bold in it."""
    by_size = sorted(sentences, key=lambda cut: (-abs(cut["contribution"]), cut["start"]))
    most = abs(by_size[0]["contribution"]) if by_size else 0.0
    marks = [cut for cut in by_size[:_MAX_MARKS] if most > 0 and abs(cut["contribution"]) >= _MIN_SHARE * most]
    spans = sorted({(start, end) for term in terms if term["contribution"] > 0 for start, end in term["spans"]})
    parts, place = [], 0
    for cut in sorted(marks, key=lambda cut: int(cut["start"])):
        color, line, style = _FOR if cut["contribution"] > 0 else _AGAINST
        strong = cut is by_size[0]
        look = f"background:{color.format(0.45 if strong else 0.18)};color:inherit;text-decoration:underline {style} {line}"
        sign = f"{cut['contribution']:+.3f} {'for' if cut['contribution'] > 0 else 'against'} the label"
        parts.append(_bold(text, place, cut["start"], spans))
        parts.append(f'<mark style="{look}" title="{sign}">{_bold(text, cut["start"], cut["end"], spans)}</mark>')
        place = cut["end"]
    return "".join(parts) + _bold(text, place, len(text), spans)


def _bold(text: bytes, start: int, end: int, spans: Iterable[tuple[int, int]]) -> str:
    """A part of the text with these places in bold type; of places that overlap, the first."""
    parts, place = [], start
    for first, last in spans:
        if place <= first and last <= end:
            parts.append(escape(text[place:first].decode(errors="replace")))
            parts.append(f"<b>{escape(text[first:last].decode(errors='replace'))}</b>")
            place = last
    return "".join(parts) + escape(text[place:end].decode(errors="replace"))


def explanation(explained: Mapping[str, Any]) -> str:
    """The text with the sentences that decided, the sentences in order of what they add, and the probabilities."""
    verdict = explained["verdict"]
    top: Mapping[str, Any] = next(
        (label for label in explained["labels"] if label["label"] == verdict["top"]), {"terms": [], "sentences": []}
    )
    text = explained["text"].encode()
    ranked = _table(
        ("adds", "sentence"),
        (
            (f"{cut['contribution']:+.3f}", text[cut["start"] : cut["end"]].decode(errors="replace").strip())
            for cut in sorted(top["sentences"], key=lambda cut: -abs(cut["contribution"]))[:_MAX_MARKS]
        ),
    )
    answer = verdict["label"] or f"no label ({verdict['reason']}); likeliest {verdict['top']}"
    probabilities = _table(
        ("label", "probability", "strongest terms"),
        (
            (label["label"], f"{label['probability']:.3f}", ", ".join(term["text"] for term in label["terms"][:5]))
            for label in explained["labels"]
        ),
    )
    shown = '<p style="white-space:pre-wrap;max-width:50em">' + _marked(text, top["sentences"], top["terms"]) + "</p>"
    key = f"<p><small>Marked: the sentences that count most for {escape(verdict['top'])} (underlined) or against it (dotted). Bold: its strongest terms.</small></p>"
    return f"<div><p><b>{escape(answer)}</b> · {escape(explained['model'])}</p>{shown}{key}{ranked}{probabilities}</div>"


def card(of: Mapping[str, Any]) -> str:
    """The labels and the sizes of a model."""
    labels = _table(
        ("label", "axis", "rows"),
        ((label["name"], "–" if label["axis"] is None else label["axis"], label["rows"]) for label in of["labels"]),
    )
    facts = f"scores {of['unit']}s · {of['features']} terms · language {of['tokenizer']['language'] or 'any'}"
    return f"<div><p><b>{escape(str(of['model']))}</b> · {escape(facts)}</p>{labels}</div>"


def scores(of: Scores) -> str:
    """The answers for the first texts of a table."""
    usual = [name for name in of.columns if name in ("id", "label", "top", "reason", "slant", "set") or name.startswith("p_")]
    cells = [of[name][:_MAX_ROWS] for name in usual]
    # Without ids there is nothing to show of them.
    shown = [(name, column) for name, column in zip(usual, cells) if any(cell is not None for cell in column)]
    rows = zip(*([_cell(cell) for cell in column] for _, column in shown))
    more = f"<p><small>The first {_MAX_ROWS} rows.</small></p>" if len(of) > _MAX_ROWS else ""
    facts = f"{len(of)} row{'s' * (len(of) != 1)}, {len(of.columns)} columns"
    return f"<div><p>{facts}</p>{_table((name for name, _ in shown), rows)}{more}</div>"


def _cell(cell: object) -> str:
    return "–" if cell is None else f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def evaluation(of: Mapping[str, Any]) -> str:
    """The figures of an evaluation with their intervals, and the figures of each label."""
    names = ("accuracy", "macro_f1", "log_loss", "brier", "coverage", "accuracy_answered", "calibration_error_debiased")
    figures = _table(
        ("figure", "value (95 % interval)"),
        ((name.replace("_", " "), _figure(of.get(name), of["intervals"].get(name))) for name in names),
    )
    labels = _table(
        ("label", "rows", "precision", "recall", "F1"),
        (
            (label["label"], label["rows"], *(_figure(label[name]) for name in ("precision", "recall", "f1")))
            for label in of["labels"]
        ),
    )
    warnings = "".join(f"<p><b>Warning:</b> {escape(warning)}.</p>" for warning in of["warnings"])
    return f"<div><p><b>{escape(of['model'])}</b> on {of['rows']} rows</p>{warnings}{figures}{labels}</div>"


def agreement(of: Mapping[str, Any]) -> str:
    """The agreement of all coders, and of each pair."""
    everybody = f"agreement {_figure(of['agreement'], of['agreement_interval'])}, alpha {_figure(of['alpha'], of['alpha_interval'])}"
    pairs = _table(
        ("coders", "rows", "agreement", "Cohen's kappa"),
        (
            (
                " and ".join(pair["coders"]),
                pair["rows"],
                _figure(pair["agreement"], pair["agreement_interval"]),
                _figure(pair["kappa"], pair["kappa_interval"]),
            )
            for pair in of["pairs"]
        ),
    )
    return f"<div><p><b>{of['rows']} rows</b> coded by two or more: {escape(everybody)}</p>{pairs}</div>"
