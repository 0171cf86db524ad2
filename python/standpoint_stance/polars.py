"""Scores Polars frames, in memory or streamed from files larger than memory.

>>> import polars
>>> frame = polars.DataFrame({"id": [7], "text": ["NATO must give Ukraine binding security guarantees now."]})
>>> score(frame, id="id").select("id", "label").rows()
[('7', 'pro-guarantee')]
"""

from __future__ import annotations

from typing import Any, Iterable, Optional, Sequence, TypeVar, Union

import polars

from ._model import Model
from ._rows import text_columns

__all__ = ["score"]

Frame = TypeVar("Frame", polars.DataFrame, polars.LazyFrame)


def score(
    frame: Frame,
    text: Union[str, Sequence[str], None] = None,
    *,
    title: Optional[str] = None,
    id: Optional[str] = None,
    keep: Iterable[str] = (),
    model: Optional[Model] = None,
    n_jobs: Optional[int] = 1,
    **options: Any,
) -> Frame:
    """Scores a frame: one row of results for each row, with the columns of :meth:`standpoint_stance.Model.score`.

    A ``LazyFrame`` stays lazy and is streamed: ``score(polars.scan_parquet(...)).sink_parquet(...)`` holds only a few batches in memory.
    """
    model = Model.load() if model is None else model
    keep = [keep] if isinstance(keep, str) else list(keep)
    columns: list[str] = text_columns(text, model.text_columns)
    # Whatever is kept comes back as text, as in the command line's results.
    names: list[str] = [name for name in (id, *keep) if name is not None]
    needed = list(dict.fromkeys([*columns, *([title] if title else []), *names]))

    def scored(batch: polars.DataFrame) -> polars.DataFrame:
        found = model.score(batch, text=columns, title=title, id=id, keep=keep, n_jobs=n_jobs, **options)
        return polars.DataFrame(found)

    casts = [polars.col(name).cast(polars.String) for name in names]
    if isinstance(frame, polars.DataFrame):
        return scored(frame.select(needed).with_columns(casts))
    schema = polars.DataFrame(model.empty_scores(keep=keep, paragraphs=bool(options.get("paragraphs")))).schema
    lazy = frame.select(needed).with_columns(casts)
    return lazy.map_batches(scored, streamable=True, schema=schema)
