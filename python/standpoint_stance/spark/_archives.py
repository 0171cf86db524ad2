"""Scores web archives, and files of any other format, one task per file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Iterator, Union

from ._schema import schema
from ._worker import Source, batches

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession


def score_warc(
    spark: SparkSession,
    paths: Union[str, Iterable[str]],
    model: Any = None,
    *,
    binary: bool = False,
    keep_boilerplate: bool = False,
    label_always: bool = False,
) -> DataFrame:
    """Scores web archives as the command line does, one task per file.

    ``paths`` are files that every machine has. With ``binary``, they may be any that Spark's ``binaryFile`` reads, such as ``s3a://...``:
    Spark then holds each whole file, at most 2 GB, in the memory of its task.
    """
    source = Source(model)
    out = schema(source.opened, [])
    names = out.names
    options: dict[str, Any] = {"keep_boilerplate": keep_boilerplate, "label_always": label_always}
    paths = [paths] if isinstance(paths, str) else list(paths)

    def scored(parts: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        opened = source.open()
        for part in parts:
            for row in part.to_pylist():
                given = bytes(row["content"]) if binary else row["path"]
                yield from batches(opened.score_documents(given, name=row["path"], **options), names)

    if binary:
        files = spark.read.format("binaryFile").load(paths).select("path", "content")
    else:
        # One partition per file: a task that dies costs one file.
        files = spark.createDataFrame(spark.sparkContext.parallelize([(path,) for path in paths], max(1, len(paths))), "path string")
    return files.mapInArrow(scored, out)
