"""Trains models on labeled rows in memory."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping

from . import _native
from ._errors import InputError, ParameterError
from ._jobs import jobs
from ._model import Model
from ._rows import count, flag, rows, text_columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence

    from ._model import Path
    from ._rows import ColumnOrName, Texts

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
    "social_text": ("settings", "tokenizer_config", "social_text"),
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
    weight: ColumnOrName = None,
    text: str | Sequence[str] | None = None,
    markup: str = "plain",
    with_title: bool = False,
    drop_boilerplate: bool | None = None,
    axis: Mapping[str, float] | None = None,
    passage_label_weight: Mapping[str, float] | None = None,
    preset: str | None = None,
    trials: int = 0,
    merge_spellings: bool | None = None,
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
        The weight of each row: a list of numbers, or the name of a column.
    text
        The columns of the table that hold the text, ``"text"`` by default. The model saves them.
    markup, with_title, drop_boilerplate
        How texts are prepared: their markup (``"plain"``, ``"html"`` or ``"markdown"``), whether titles count, and whether boilerplate is
        left out. The model saves these settings.
    axis
        The values of labels on the axis of ``slant``, from -1 to 1.
    passage_label_weight
        How much passages of a label count in their document, from 0 to 1; labels that are not named count 1.
    preset
        The settings to start from: ``"general"``, or ``"posts"`` for posts on social media. By default, those that suit the rows; a warning
        says so if these are posts.
    trials
        Number of trials of a search for hyperparameters; 0 for no search.
    merge_spellings
        Whether labels that differ only in spelling are one label, in the spelling of most rows; ``False`` keeps all labels as they are. By
        default, such labels are an error, and so are labels that look mistyped and cells of several labels.
    n_jobs
        Number of threads; -1 for all processors.
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
            if not isinstance(by_label, Mapping):
                raise TypeError(f"{name}={by_label!r}: expected a dict of labels and numbers")
            ask(name, [place], [[label, value] for label, value in by_label.items()])
    if drop_boilerplate is None:
        drop_boilerplate = params.get("unit", "paragraph") == "paragraph"
    ask("text", ["preparation", "text_columns"], columns)
    ask("markup", ["preparation", "markup"], markup)
    ask("with_title", ["preparation", "with_title"], flag("with_title", with_title))
    ask("drop_boilerplate", ["preparation", "drop_boilerplate"], flag("drop_boilerplate", drop_boilerplate))
    run = {
        "params": json.dumps(asked),
        "preset": preset,
        "trials": count("trials", trials),
        "merge_spellings": None if merge_spellings is None else flag("merge_spellings", merge_spellings),
        "n_jobs": jobs(n_jobs),
    }
    native, report = _native.train(given, beside, run)
    return Training(Model(native), json.loads(report))


class Adaptation(Training):
    """A model that was trained on rows and a corpus, and the report: what was tried, and figures on held-out rows beside the corpus's model."""

    __slots__ = ()

    def __repr__(self) -> str:
        texts, warnings = self.report["texts"], len(self.warnings)
        figures = self.report["nested"]["macro_f1"]
        f1 = " to ".join("none" if figures[name] is None else f"{figures[name]:.3f}" for name in ("first", "second"))
        return f"<Adaptation of {self.model!r} to {texts} texts, macro-F1 from {f1}, {warnings} warning{'s' * (warnings != 1)}>"


def adapt(
    texts: Texts,
    labels: ColumnOrName = "label",
    *,
    title: ColumnOrName = None,
    group: ColumnOrName = None,
    date: ColumnOrName = None,
    id: ColumnOrName = None,
    weight: ColumnOrName = None,
    text: str | Sequence[str] | None = None,
    markup: str | None = None,
    with_title: bool | None = None,
    corpus: Path | None = None,
    vectors: Path | None = None,
    vectors_scale: float | None = None,
    merge_spellings: bool = False,
    date_note: str | None = None,
    name_texts: bool = True,
    seed: int = 1,
    n_jobs: int | None = 1,
) -> Adaptation:
    """Trains a model on labeled rows together with the training data of the bundled model, as ``standpoint adapt`` does.

    Fifty rows may be enough. Whether the corpus is used, and how much the rows count beside it, is chosen on held-out rows.

    Parameters
    ----------
    texts, labels, title, group, date, id, weight, text
        As in :func:`train`. The labels must be labels of the corpus. By default, ``text`` is what the corpus has.
    markup, with_title
        How texts are prepared; by default, as those of the corpus.
    corpus
        A file that ``standpoint train --save-corpus`` wrote, instead of the training data of the bundled model.
    vectors, vectors_scale
        A file of word vectors, which ``standpoint vectors`` makes, and how much they count.
    merge_spellings
        Whether labels that differ from the corpus's only in spelling are taken for them.
    date_note
        A date to record in the model.
    name_texts
        Whether the model holds hashes of the texts and groups, by which :meth:`Model.evaluate` knows them again.
    seed
        Random seed that assigns groups to folds.
    n_jobs
        Number of threads; -1 for all processors. The bundled corpus takes minutes on one.

    >>> training = adapt(table, group="outlet")  # doctest: +SKIP
    >>> training.report["nested"]["macro_f1"]  # doctest: +SKIP
    {'first': 0.71, 'second': 0.83, ...}
    """
    import json

    opened = _native.Corpus(None if corpus is None else os.fspath(corpus))
    columns = text_columns(text, opened.text_columns)
    given, beside = labeled(texts, columns, labels, title=title, group=group, date=date, id=id, weight=weight)
    asked = {
        "text": columns,
        "markup": markup,
        "with_title": None if with_title is None else flag("with_title", with_title),
        "merge_spellings": flag("merge_spellings", merge_spellings),
        "vectors": None if vectors is None else os.fspath(vectors),
        "vectors_scale": None if vectors_scale is None else float(vectors_scale),
        "seed": count("seed", seed),
        "date_note": date_note,
        "name_texts": flag("name_texts", name_texts),
        "n_jobs": jobs(n_jobs),
    }
    native, report = opened.adapt(given, beside, asked)
    return Adaptation(Model(native), json.loads(report))


def labeled(
    texts: Texts,
    columns: Sequence[str],
    labels: ColumnOrName,
    *,
    title: ColumnOrName = None,
    group: ColumnOrName = None,
    date: ColumnOrName = None,
    id: ColumnOrName = None,
    weight: ColumnOrName = None,
) -> tuple[_native.Rows, dict[str, Any]]:
    """Labeled rows as the compiled part takes them, and which columns they have."""
    extra = {"label": labels, "group": group, "date": date}
    given = rows(texts, columns, title=title, id=id, extra=extra, usual_groups=group is None, usual_dates=date is None)
    weights = None if weight is None else _weights(texts, weight)
    return given, {"group": group is not None, "date": date is not None, "weight": weights}


def _weights(texts: Texts, weight: Any) -> list[float]:
    """A column of numbers, which may be one of the table."""
    if isinstance(weight, str):
        names = list(texts) if isinstance(texts, dict) else getattr(texts, "column_names", getattr(texts, "columns", None))
        if names is None:
            raise ValueError("weight names a column, and texts is no table; expected a list as long as texts")
        if weight not in list(names):
            raise InputError(f"no column `{weight}`; found {', '.join(f'`{name}`' for name in names)}")
        weight = texts[weight]
    weights = []
    # pyarrow; NumPy and pandas; Polars.
    as_list = next((getattr(weight, name) for name in ("to_pylist", "tolist", "to_list") if hasattr(weight, name)), None)
    for index, number in enumerate(weight if as_list is None else as_list()):
        if isinstance(number, (bool, str)) or not hasattr(number, "__float__"):
            raise TypeError(f"weight[{index}] is {type(number).__name__}; expected a number")
        weights.append(float(number))
        if not 0 <= weights[-1] < float("inf"):
            raise ParameterError(f"weight[{index}] is {number}; expected a number of at least 0")
    return weights


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
