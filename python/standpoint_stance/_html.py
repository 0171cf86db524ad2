"""Writes results as HTML for notebooks. Everything that comes from texts and models is escaped."""

from __future__ import annotations

from html import escape
from typing import Any, Iterable, Mapping

#: The terms that speak for the label are marked in the report's color, the stronger the darker.
_FOR = "rgba(208,120,0,{:.2f})"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _figure(value: float | None, interval: list[float] | None = None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")


def explanation(explained: Mapping[str, Any]) -> str:
    """The text with its strongest terms marked, and the probabilities."""
    verdict = explained["verdict"]
    top = next((label for label in explained["labels"] if label["label"] == verdict["top"]), None)
    terms = [term for term in (top["terms"] if top else []) if term["contribution"] > 0]
    most = max((term["contribution"] for term in terms), default=1.0)
    text = explained["text"].encode()
    strength = [0.0] * (len(text) + 1)
    for term in terms:
        for start, end in term["spans"]:
            for place in range(start, min(end, len(text))):
                strength[place] = max(strength[place], term["contribution"] / most)
    parts, start = [], 0
    for place in range(1, len(text) + 1):
        if place == len(text) or strength[place] != strength[start]:
            part = escape(text[start:place].decode(errors="replace"))
            color = _FOR.format(0.15 + 0.45 * strength[start])
            parts.append(f'<mark style="background:{color}">{part}</mark>' if strength[start] else part)
            start = place
    answer = verdict["label"] or f"no label ({verdict['reason']}); likeliest {verdict['top']}"
    probabilities = _table(
        ("label", "probability", "strongest terms"),
        (
            (label["label"], f"{label['probability']:.3f}", ", ".join(term["text"] for term in label["terms"][:5]))
            for label in explained["labels"]
        ),
    )
    shown = '<p style="white-space:pre-wrap;max-width:50em">' + "".join(parts) + "</p>"
    return f"<div><p><b>{escape(answer)}</b> · {escape(explained['model'])}</p>{shown}{probabilities}</div>"


def card(of: Mapping[str, Any]) -> str:
    """The labels and the sizes of a model."""
    labels = _table(
        ("label", "axis", "rows"),
        ((label["name"], "–" if label["axis"] is None else label["axis"], label["rows"]) for label in of["labels"]),
    )
    facts = f"scores {of['unit']}s · {of['features']} terms · language {of['tokenizer']['language'] or 'any'}"
    return f"<div><p><b>{escape(str(of['model']))}</b> · {escape(facts)}</p>{labels}</div>"


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
    return f"<div><p><b>{escape(of['model'])}</b> on {of['rows']} rows</p>{figures}{labels}</div>"


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
