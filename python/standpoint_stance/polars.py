"""Scores Polars frames, in memory or streamed from files larger than memory.

>>> import polars
>>> frame = polars.DataFrame({"id": [7], "text": ["NATO must give Ukraine binding security guarantees now."]})
>>> score(frame, id="id").select("id", "label").rows()
[('7', 'pro-guarantee')]
"""

from __future__ import annotations

import os
import warnings
from typing import Any, Iterable, Optional, Sequence, TypeVar, Union

import polars

from ._model import Model
from ._rows import text_columns

__all__ = ["score"]

#: Types that the compiled part writes as text, in the same way wherever a column comes from.
_WRITTEN = (
    polars.String,
    polars.Categorical,
    polars.Enum,
    polars.Boolean,
    polars.Int8,
    polars.Int16,
    polars.Int32,
    polars.Int64,
    polars.UInt8,
    polars.UInt16,
    polars.UInt32,
    polars.UInt64,
    polars.Float32,
    polars.Float64,
    polars.Date,
    polars.Datetime,
)

Frame = TypeVar("Frame", polars.DataFrame, polars.LazyFrame)


def score(
    frame: Frame,
    text: Union[str, Sequence[str], None] = None,
    *,
    title: Optional[str] = None,
    id: Optional[str] = None,
    keep: Iterable[str] = (),
    model: Union[Model, str, os.PathLike[str], None] = None,
    n_jobs: Optional[int] = 1,
    **options: Any,
) -> Frame:
    """Scores a frame: one row of results for each row, with the columns of :meth:`standpoint_stance.Model.score`.

    ``model`` is a model or the path of its file; the bundled model by default.

    A ``LazyFrame`` stays lazy and is streamed: ``score(polars.scan_parquet(...)).sink_parquet(...)`` holds only a few batches in memory.
    """
    if not isinstance(frame, (polars.DataFrame, polars.LazyFrame)):
        raise TypeError(f"frame is {type(frame).__name__}; expected a DataFrame or a LazyFrame. Model.score takes a single column")
    opened = model if isinstance(model, Model) else Model.load(model)
    keep = [keep] if isinstance(keep, str) else list(keep)
    columns: list[str] = text_columns(text, opened.text_columns)
    # Whatever is kept comes back as text, as in the command line's results.
    names: list[str] = [name for name in (id, *keep) if name is not None]
    needed = list(dict.fromkeys([*columns, *([title] if title else []), *names]))

    told: list[str] = []

    def scored(batch: polars.DataFrame) -> polars.DataFrame:
        scores, found = opened._score_batch(batch, columns, title=title, id=id, keep=keep, n_jobs=n_jobs, **options)
        # The first batch with anything to warn of speaks for the others.
        for warning in [] if told else found:
            told.append(warning)
            warnings.warn(warning, stacklevel=3)
        return polars.DataFrame(scores)

    types = frame.collect_schema()
    casts = [polars.col(name).cast(polars.String) for name in names if name in types and not isinstance(types[name], _WRITTEN)]
    if isinstance(frame, polars.DataFrame):
        return scored(frame.select(needed).with_columns(casts))
    shape = {name: options[name] for name in ("paragraphs", "confidence_level") if name in options}
    schema = polars.DataFrame(opened.empty_scores(keep=keep, **shape)).schema
    lazy = frame.select(needed).with_columns(casts)
    return lazy.map_batches(scored, streamable=True, schema=schema)
