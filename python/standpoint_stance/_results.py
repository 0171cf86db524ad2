"""Defines what calls return: tables and figures, which notebooks display as HTML."""

from __future__ import annotations

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import pandas
    import polars
    import pyarrow
    from typing_extensions import Self

    _Dict = dict[str, Any]
else:
    _Dict = dict


class Scores:
    """A table of results: the columns, types and order of the command line's Parquet.

    Anything that reads Arrow takes it without a copy: ``polars.DataFrame(scores)``, ``pyarrow.table(scores)``, DuckDB, pandas 3. One
    column is a list: ``scores["label"]``.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.Table) -> None:
        self._native = native

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self._native.column_names

    def __len__(self) -> int:
        return len(self._native)

    def __getitem__(self, column: str) -> list[Any]:
        if not isinstance(column, str):
            raise TypeError(f"scores[{column!r}]: expected the name of a column; to_pandas() and to_polars() give rows")
        return self._native[column]

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    #: Libraries take what has items for a list of rows.
    __iter__ = None

    def to_dict(self) -> dict[str, list[Any]]:
        """The columns as lists, by name.

        >>> from standpoint_stance import Model
        >>> scores = Model.load().score(["NATO must give Ukraine binding security guarantees now."], id=["a"])
        >>> scores.to_dict()["label"]
        ['pro-guarantee']
        """
        return self._native.to_dict()

    def to_arrow(self) -> pyarrow.RecordBatch:
        """The table as a record batch of pyarrow, which shares its memory.

        >>> from standpoint_stance import Model
        >>> Model.load().score(["NATO must give Ukraine guarantees."]).to_arrow().num_rows
        1
        """
        import pyarrow

        return pyarrow.record_batch(self)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a DataFrame of pandas.

        >>> from standpoint_stance import Model
        >>> Model.load().score(["NATO must give Ukraine guarantees."]).to_pandas().shape[0]
        1
        """
        import pandas

        return pandas.DataFrame(self.to_dict())

    def to_polars(self) -> polars.DataFrame:
        """The table as a DataFrame of Polars, which shares its memory.

        >>> from standpoint_stance import Model
        >>> Model.load().score(["NATO must give Ukraine guarantees."]).to_polars().height
        1
        """
        import polars

        return polars.DataFrame(self)

    def __arrow_c_schema__(self) -> object:
        return self._native.__arrow_c_schema__()

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return self._native.__arrow_c_array__(requested_schema)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._native.__arrow_c_stream__(requested_schema)

    def __reduce__(self) -> str:
        raise TypeError("Scores cannot be pickled: a table lives outside of Python; pickle scores.to_dict() or scores.to_arrow()")

    def __repr__(self) -> str:
        rows = len(self)
        labels: dict[str, int] = {}
        for label in self["label"]:
            labels[label or "no label"] = labels.get(label or "no label", 0) + 1
        counts = ", ".join(f"{count} {label}" for label, count in sorted(labels.items(), key=lambda item: (-item[1], item[0])))
        shown = f" ({counts})" if counts else ""
        return f"<Scores: {rows} row{'s' * (rows != 1)}{shown}; columns {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        from ._html import scores

        return scores(self)


class _Figures(_Dict):
    """Figures by name, as the command line writes them as JSON."""

    @classmethod
    def parse(cls, text: str, **more: object) -> Self:
        """Reads the JSON of the compiled part."""
        import json

        return cls({**json.loads(text), **more})


class Card(_Figures):
    """What a model is and how it was trained."""

    def _repr_html_(self) -> str:
        from ._html import card

        return card(self)


class Evaluation(_Figures):
    """The figures of a model on labeled rows, each with its 95 % interval under ``intervals``."""

    @property
    def warnings(self) -> list[str]:
        """Warnings, one sentence each: rows that the model was trained on, texts that look like markup, intervals that may be too narrow."""
        return [str(warning) for warning in self["warnings"]]

    def _repr_html_(self) -> str:
        from ._html import evaluation

        return evaluation(self)


class Agreement(_Figures):
    """How well coders agree: Krippendorff's alpha for all, Cohen's kappa for each pair."""

    def _repr_html_(self) -> str:
        from ._html import agreement

        return agreement(self)


class Explanation(_Figures):
    """The terms that decided the score of one text.

    ``explanation["labels"]`` has the terms and sentences of each label, the strongest first, with their positions in ``text``, in bytes of
    UTF-8. If the text was scored as one unit, ``sum`` says how they add up: intercept + terms + rest = margin. Otherwise the terms are only ranked.
    """

    @property
    def text(self) -> str:
        """The text that was scored, without its markup."""
        return str(self["text"])

    @property
    def label(self) -> str | None:
        """The label; ``None`` if the model abstains."""
        label: str | None = self["verdict"]["label"]
        return label

    @property
    def top(self) -> str:
        """The likeliest label, whether or not the model abstains."""
        return str(self["verdict"]["top"])

    def terms(self, label: str | None = None) -> list[tuple[str, float]]:
        """The terms of a label, or of the likeliest one, with what each adds to the label's margin."""
        return [(term["text"], term["contribution"]) for term in self._of_label(label)["terms"]]

    def _of_label(self, label: str | None) -> dict[str, Any]:
        label = self.top if label is None else label
        for explained in self["labels"]:
            if explained["label"] == label:
                return dict(explained)
        known = ", ".join(explained["label"] for explained in self["labels"])
        raise KeyError(f"no label {label!r}; found {known}")

    def sentences(self, label: str | None = None) -> list[tuple[str, float]]:
        """The sentences, with what each adds to the margin of a label, or of the likeliest one: those for it first, those against it last.

        >>> from standpoint_stance import Model
        >>> explanation = Model.load().explain("NATO must give Ukraine binding guarantees. It rained in Brussels.")
        >>> [sentence for sentence, _ in explanation.sentences()]
        ['NATO must give Ukraine binding guarantees.', 'It rained in Brussels.']
        """
        data = self.text.encode()
        found = self._of_label(label)["sentences"]
        return [(data[cut["start"] : cut["end"]].decode(errors="replace").strip(), cut["contribution"]) for cut in found]

    def _repr_html_(self) -> str:
        from ._html import explanation

        return explanation(self)
