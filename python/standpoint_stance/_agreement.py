"""Measures how well human coders agree."""

from __future__ import annotations

from . import _native
from ._jobs import jobs
from ._results import Agreement
from ._rows import count, flag, names, rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Sequence

    from ._rows import Texts


def agreement(
    table: Texts, coders: Sequence[str] | None = None, *, merge_spellings: bool = False, seed: int = 1, n_jobs: int | None = 1
) -> Agreement:
    """Measures how well coders agree, as ``standpoint agreement`` does.

    ``table`` has one column per coder. ``coders`` names these columns; it may be omitted if ``table`` is a dict of columns. Coders may
    leave rows out. ``merge_spellings`` treats labels that differ only in spelling, such as case or blanks, as one label. ``seed``
    decides which rows are drawn for the intervals, ``n_jobs`` on how many threads; the figures are the same on any number.

    >>> result = agreement({"anna": ["for", "for", "against"], "ben": ["for", "against", "against"]})
    >>> round(result["agreement"], 3)
    0.667
    """
    if coders is None:
        if not isinstance(table, dict):
            raise TypeError("coders= is missing: name the columns that hold labels")
        coders = list(table)
    coders = names("coders", coders)
    asked = {"merge_spellings": flag("merge_spellings", merge_spellings), "seed": count("seed", seed), "n_jobs": jobs(n_jobs)}
    return Agreement.parse(_native.agreement(rows(table, coders), coders, asked))
