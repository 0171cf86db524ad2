"""Scores the text columns of a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Iterator, Optional, Sequence, Union

from ._schema import schema
from ._worker import Source, batches

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import Column, DataFrame


def score(
    df: DataFrame,
    text: Union[str, Sequence[str], None] = None,
    title: Optional[str] = None,
    id: Optional[str] = None,
    model: Any = None,
    keep: Iterable[str] = (),
    *,
    paragraphs: bool = False,
    keep_boilerplate: bool = False,
    label_always: bool = False,
) -> DataFrame:
    """Scores a DataFrame: one row of results per row, with the columns of the command line's Parquet output, in the same order.

    Parameters
    ----------
    text
        The column that holds the text, or several columns; by default those of the model. A model that was trained on HTML takes HTML pages.
    title, id
        Further columns. In the results, the id is text.
    model
        A path that every machine has, or a :class:`standpoint_stance.Model`; the bundled model by default.
    keep
        Columns that are copied to the results as text, named ``meta_NAME``.
    """
    from pyspark.sql import functions

    source, keep = Source(model), [keep] if isinstance(keep, str) else list(keep)
    columns = [text] if isinstance(text, str) else list(source.columns if text is None else text)
    # Between backticks, a dot is part of the name.
    quoted = {name: "`" + name.replace("`", "``") + "`" for name in (id, *keep, title, *columns) if name is not None}
    needed = {name: functions.col(written).cast("string") for name, written in quoted.items()}
    out = schema(source.opened, keep, paragraphs)
    names = out.names
    options: dict[str, Any] = {
        "paragraphs": paragraphs,
        "keep_boilerplate": keep_boilerplate,
        "label_always": label_always,
    }

    def scored(parts: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        opened = source.open()
        tables = (opened.score(part, text=columns, title=title, id=id, keep=keep, **options) for part in parts)
        return batches(tables, names)

    return df.select(*(column.alias(name) for name, column in needed.items())).mapInArrow(scored, out)


def stance(column: Union[str, Column], model: Any = None) -> Column:
    """The label of each text, as a column; null if the model abstains or the text is missing."""
    from pyspark.sql import functions
    from pyspark.sql.types import StringType

    source = Source(model)

    def label(texts: Any) -> Any:
        import pandas

        return pandas.Series(source.open().predict(texts), dtype=object)

    # By pandas, which Spark has from 3.0 on; its Arrow functions came with 4.1.
    import pandas

    label.__annotations__ = {"texts": pandas.Series, "return": pandas.Series}
    return functions.pandas_udf(label, StringType())(column)  # type: ignore[attr-defined, no-any-return]
