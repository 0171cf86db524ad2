"""Trains models on labeled rows in memory."""

from __future__ import annotations

import math
from collections.abc import Mapping

from . import _native
from ._errors import ParameterError
from ._jobs import jobs
from ._model import Model
from ._rows import count, flag, rows, text_columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

    from ._rows import Column, ColumnOrName, Texts

#: The path to each parameter in the JSON that the compiled part takes.
_PLACES: dict[str, tuple[str, ...]] = {
    "unit": ("unit",),
    "paragraph_weight": ("paragraph_weight",),
    "passage_words": ("passage_words",),
    "lone_quotation_weight": ("lone_quotation_weight",),
    "min_words": ("min_words",),
    "max_error": ("max_error",),
    "calibration": ("calibration",),
    "temperature": ("temperature",),
    "out_of_domain": ("out_of_domain",),
    "off_topic_threshold": ("off_topic_threshold",),
    "off_topic_window": ("off_topic_window",),
    "off_topic_window_threshold": ("off_topic_window_threshold",),
    "unlabeled": ("unlabeled",),
    "held_out": ("held_out",),
    "learning_curve": ("learning_curve",),
    "folds": ("folds",),
    "seed": ("seed",),
    "tolerance": ("tolerance",),
    "date_note": ("date",),
    "name_texts": ("name_texts",),
    "c": ("settings", "c"),
    "naive_bayes": ("settings", "naive_bayes"),
    "ngram_weight": ("settings", "ngram_weight"),
    "label_smoothing": ("settings", "label_smoothing"),
    "weighting": ("settings", "weighting"),
    "class_weight": ("settings", "class_weight"),
    "group_weight": ("settings", "group_weight"),
    "min_df": ("settings", "pruning", "min_df"),
    "max_df": ("settings", "pruning", "max_df"),
    "max_features": ("settings", "pruning", "max_features"),
    "language": ("settings", "tokenizer_config", "language"),
    "stem": ("settings", "tokenizer_config", "stem"),
    "fold_case": ("settings", "tokenizer_config", "fold_case"),
    "fold_accents": ("settings", "tokenizer_config", "fold_accents"),
    "ngrams": ("settings", "tokenizer_config", "words"),
    "chars": ("settings", "tokenizer_config", "chars"),
    "quotations": ("settings", "tokenizer_config", "quotations"),
    "punctuation": ("settings", "tokenizer_config", "punctuation"),
    "house_style": ("settings", "tokenizer_config", "house_style"),
}


class Training:
    """A trained model and the report of its training: figures on held-out rows, warnings, rows whose labels look wrong."""

    __slots__ = ("model", "report")

    def __init__(self, model: Model, report: dict[str, Any]) -> None:
        #: The model.
        self.model: Model = model
        #: The figures, as dictionaries and lists.
        self.report: dict[str, Any] = report

    @property
    def warnings(self) -> list[str]:
        """Warnings about rows and figures, one sentence each."""
        return [str(warning) for warning in self.report["warnings"]]

    def __repr__(self) -> str:
        rows, warnings = sum(self.report["rows_by_class"]), len(self.warnings)
        held_out = "cross-validated" if self.report["cross_validation"] else "not cross-validated"
        return f"<Training of {self.model!r} on {rows} rows, {held_out}, {warnings} warning{'s' * (warnings != 1)}>"


def train(
    texts: Texts,
    labels: ColumnOrName = "label",
    *,
    title: ColumnOrName = None,
    group: ColumnOrName = None,
    date: ColumnOrName = None,
    id: ColumnOrName = None,
    weight: Column | None = None,
    text: str | Sequence[str] | None = None,
    markup: str = "plain",
    with_title: bool = False,
    drop_boilerplate: bool | None = None,
    axis: Mapping[str, float] | None = None,
    passage_label_weight: Mapping[str, float] | None = None,
    trials: int = 0,
    n_jobs: int | None = 1,
    **params: Any,
) -> Training:
    """Trains a model on labeled rows, as ``standpoint train`` does. The same rows and parameters give the same model, bit for bit.

    Parameters
    ----------
    texts, labels
        A list of texts and a list of labels; or a table or a dict of columns, and the name of the column that holds the labels.
    title, group, date, id
        Further columns, or their names. Rows of one ``group`` are held out together: use the outlet or the author. In a table, ``group``
        is by default the first of the columns ``source``, ``outlet``, ``author`` and ``article`` that has a value, and ``date`` the
        column of that name.
    weight
        The weight of each row.
    text
        The columns of the table that hold the text, ``"text"`` by default. The model saves them.
    markup, with_title, drop_boilerplate
        How texts are prepared: their markup (``"plain"``, ``"html"`` or ``"markdown"``), whether titles count, and whether boilerplate is
        left out. The model saves these settings.
    axis
        The values of labels on the axis of ``slant``, from -1 to 1.
    passage_label_weight
        How much passages of a label count in their document, from 0 to 1; labels that are not named count 1.
    trials
        Number of trials of a search for hyperparameters; 0 for no search.
    params
        Options of ``standpoint train``, with underscores instead of hyphens: ``folds=3``, ``c=5``, ``ngrams=(1, 2)``, ``unit="document"``,
        ``language="de"``.

    >>> rows = [(f"day {n} brought {'sun and a mild wind' if n % 2 else 'snow and hard frost'}", ("cold", "warm")[n % 2]) for n in range(20)]
    >>> training = train([text for text, _ in rows], [label for _, label in rows], folds=2)
    >>> training.model.predict(["At night came hard frost and snow."])
    ['cold']
    """
    import json

    columns = text_columns(text, ("text",))
    given, beside = labeled(texts, columns, labels, title=title, group=group, date=date, id=id, weight=weight)
    asked: list[dict[str, Any]] = []

    def ask(name: str, place: Sequence[str], value: object) -> None:
        asked.append({"name": name, "place": list(place), "value": _plain(name, value)})

    for name, value in params.items():
        if name not in _PLACES:
            raise TypeError(f"train() has no parameter {name!r}; it has {', '.join(sorted(_PLACES))}")
        ask(name, _PLACES[name], value)
    if "language" in params and "stem" not in params:
        # No language, no stems.
        ask("stem", _PLACES["stem"], params["language"] is not None)
    for name, place, by_label in (("axis", "axis", axis), ("passage_label_weight", "passage_label_weights", passage_label_weight)):
        if by_label is not None:
            ask(name, [place], [[label, value] for label, value in by_label.items()])
    if drop_boilerplate is None:
        drop_boilerplate = params.get("unit", "paragraph") == "paragraph"
    ask("text", ["preparation", "text_columns"], columns)
    ask("markup", ["preparation", "markup"], markup)
    ask("with_title", ["preparation", "with_title"], flag("with_title", with_title))
    ask("drop_boilerplate", ["preparation", "drop_boilerplate"], flag("drop_boilerplate", drop_boilerplate))
    run = {"params": json.dumps(asked), "trials": count("trials", trials), "n_jobs": jobs(n_jobs)}
    native, report = _native.train(given, beside, run)
    return Training(Model(native), json.loads(report))


def labeled(
    texts: Texts,
    columns: Sequence[str],
    labels: ColumnOrName,
    *,
    title: ColumnOrName = None,
    group: ColumnOrName = None,
    date: ColumnOrName = None,
    id: ColumnOrName = None,
    weight: Column | None = None,
) -> tuple[_native.Rows, dict[str, Any]]:
    """Labeled rows as the compiled part takes them, and which columns they have."""
    extra = {"label": labels, "group": group, "date": date}
    given = rows(texts, columns, title=title, id=id, extra=extra, usual_groups=group is None, usual_dates=date is None)
    weights = None if weight is None else [float(number) for number in weight]
    for index, number in enumerate(weights or []):
        if not 0 <= number < float("inf"):
            raise ParameterError(f"weight[{index}] is {number}; expected a number of at least 0")
    return given, {"group": group is not None, "date": date is not None, "weight": weights}


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it, also one of NumPy or a column of another library."""
    for method in ("tolist", "to_list"):
        if hasattr(value, method):
            value = getattr(value, method)()
    if isinstance(value, float) and not math.isfinite(value):
        raise ParameterError(f"{name}={value}: expected a finite number")
    if isinstance(value, Mapping):
        return {key: _plain(name, member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(name, member) for member in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{name}= has a value of the wrong type: {type(value).__name__}")
