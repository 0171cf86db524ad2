"""Measures how far human coders agree."""

from __future__ import annotations

from . import _native
from ._results import Agreement
from ._rows import rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Sequence

    from ._rows import Texts


def agreement(table: Texts, coders: Sequence[str] | None = None, *, merge_spellings: bool = False, seed: int = 1) -> Agreement:
    """Measures how far coders agree, as ``standpoint agreement`` does.

    ``table`` has a column for each coder; ``coders`` names them, and may be left out for a dict of columns. A coder may leave rows out.
    ``merge_spellings`` takes labels that differ in case and blanks only for one.

    >>> result = agreement({"anna": ["for", "for", "against"], "ben": ["for", "against", "against"]})
    >>> round(result["agreement"], 3)
    0.667
    """
    if coders is None:
        if not isinstance(table, dict):
            raise TypeError("coders= is missing: name the columns that hold labels")
        coders = list(table)
    return Agreement.parse(_native.agreement(rows(table, coders), list(coders), (merge_spellings, seed)))
