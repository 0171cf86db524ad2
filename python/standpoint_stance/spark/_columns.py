"""Scores the text columns of a DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Iterator, Optional, Sequence, Union

from ._schema import schema
from ._worker import Source, batches

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import Column, DataFrame

#: Types that the compiled part writes as text, in the same way wherever a column comes from.
_WRITTEN = frozenset(
    "string boolean tinyint smallint int bigint float double decimal date timestamp timestamp_ntz".split()
)


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
    confidence_level: Optional[float] = None,
    set_rule: str = "lac",
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
    paragraphs, keep_boilerplate, label_always, confidence_level, set_rule
        As in :meth:`standpoint_stance.Model.score`.

    >>> scored = score(spark.read.parquet("articles.parquet"), text="text", id="id", keep=["date"])  # doctest: +SKIP
    >>> scored.groupBy("label").count().show()  # doctest: +SKIP
    """
    from pyspark.sql import functions

    source, keep = Source(model), [keep] if isinstance(keep, str) else list(keep)
    columns = [text] if isinstance(text, str) else list(source.columns if text is None else text)
    # Between backticks, a dot is part of the name.
    needed = {
        name: functions.col("`" + name.replace("`", "``") + "`") for name in (id, *keep, title, *columns) if name is not None
    }
    # Spark finds a column whatever the case of its name.
    types = {name: kind for name, (_, kind) in zip(needed, df.select(*needed.values()).dtypes)}
    for name, column in needed.items():
        # What is kept is written as text by the compiled part, as everywhere; texts are texts.
        if name in (title, *columns) or types.get(name, "").partition("(")[0] not in _WRITTEN:
            needed[name] = column.cast("string")
    out = schema(source.opened, keep, paragraphs, confidence_level)
    names = out.names
    options: dict[str, Any] = {
        "paragraphs": paragraphs,
        "keep_boilerplate": keep_boilerplate,
        "label_always": label_always,
        "confidence_level": confidence_level,
        "set_rule": set_rule,
    }
    # What is wrong with the options is said here, and not by every task.
    source.opened.score(dict.fromkeys(columns, []), text=columns, **options)

    def scored(parts: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        opened = source.open()
        # Nobody reads the log of a worker for warnings.
        tables = (opened._score_batch(part, columns, title=title, id=id, keep=keep, **options)[0] for part in parts)
        return batches(tables, names)

    return df.select(*(column.alias(name) for name, column in needed.items())).mapInArrow(scored, out)


def stance(column: Union[str, Column], model: Any = None) -> Column:
    """The label of each text, as a column; null if the model abstains, if the text is missing, or if it contains a zero byte.

    >>> articles.select("id", stance("text").alias("stance")).show()  # doctest: +SKIP
    """
    from pyspark.sql import functions
    from pyspark.sql.types import StringType

    source = Source(model)

    def labels(texts: Any) -> list[Optional[str]]:
        model = source.open()
        return model._native.predict(model._rows(texts, None, None), 1, True)

    given = (functions.col(column) if isinstance(column, str) else column).cast("string")
    make = getattr(functions, "arrow_udf", None)
    if make is not None:
        import pyarrow

        def by_arrow(texts: Any) -> Any:
            return pyarrow.array(labels(texts), pyarrow.string())

        by_arrow.__annotations__ = {"texts": pyarrow.Array, "return": pyarrow.Array}
        return make(by_arrow, StringType())(given)  # type: ignore[no-any-return]
    # Before Spark 4.1.
    import pandas

    def by_pandas(texts: Any) -> Any:
        return pandas.Series(labels(texts), dtype=object)

    by_pandas.__annotations__ = {"texts": pandas.Series, "return": pandas.Series}
    return functions.pandas_udf(by_pandas, StringType())(given)  # type: ignore[attr-defined, no-any-return]
