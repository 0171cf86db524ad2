"""Classifies the stance of news texts, with the same models and the same scores as the command line.

>>> import standpoint_stance as ss
>>> model = ss.Model.load()
>>> model.predict(["NATO must give Ukraine binding security guarantees now."])
['pro-guarantee']
"""

from __future__ import annotations

from ._agreement import agreement
from ._errors import (
    DataError,
    InputError,
    InternalError,
    ModelError,
    ParameterError,
    RunError,
    StandpointError,
)
from ._model import Model
from ._native import __version__
from ._results import Agreement, Card, Evaluation, Explanation, Scores
from ._train import Adaptation, Training, adapt, train

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._read import Document, Paragraph, read

__all__ = [
    "Adaptation",
    "Agreement",
    "Card",
    "DataError",
    "Document",
    "Evaluation",
    "Explanation",
    "InputError",
    "InternalError",
    "Model",
    "ModelError",
    "Paragraph",
    "ParameterError",
    "RunError",
    "Scores",
    "StandpointError",
    "Training",
    "__version__",
    "adapt",
    "agreement",
    "read",
    "train",
]


def __getattr__(name: str) -> object:
    # Reading needs `typing`, which takes longer to import than all of this package.
    if name in ("Document", "Paragraph", "read"):
        from . import _read

        return getattr(_read, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
