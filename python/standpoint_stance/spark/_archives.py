"""Scores web archives, and files of any other format, one task per file."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Union

from .._errors import RunError
from ._schema import schema
from ._worker import Source, batches

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

    from .._results import Scores

    Path = Union[str, os.PathLike[str]]

#: What messages say of compressed data that no repetition can read: the records before are results.
_DAMAGED = "data is damaged or truncated"

#: `s3a://bucket/name`, but not the drive of a path of Windows.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def score_warc(
    spark: SparkSession,
    paths: Union[Path, Iterable[Path]],
    model: Any = None,
    *,
    binary: bool = False,
    keep_boilerplate: bool = False,
    label_always: bool = False,
) -> DataFrame:
    """Scores web archives as the command line does, one task per file.

    ``paths`` are files that every machine has. With ``binary``, they may be any that Spark's ``binaryFile`` reads, such as ``s3a://...``
    and patterns with ``*``: Spark then holds each whole file, at most 2 GB, in the memory of its task.

    A record that cannot be read is a row with ``error_kind`` and ``error_message``, and so is the damaged rest of a compressed file. A
    file that cannot be opened or read fails its task, which Spark repeats, and then the job.

    >>> score_warc(spark, ["/shared/crawl-1.warc.gz", "/shared/crawl-2.warc.gz"])  # doctest: +SKIP
    >>> score_warc(spark, "s3a://archive/2024/*.warc.gz", binary=True)  # doctest: +SKIP
    """
    files = [os.fspath(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
    if not files:
        raise ValueError("no path was given; expected files")
    uris = [path for path in files if _URI.match(path)]
    if uris and not binary:
        raise ValueError(f"{uris[0]} is a URI, which only Spark can read: pass binary=True, or give a path that every machine has")
    source = Source(model)
    out = schema(source.opened, [])
    names = out.names
    options: dict[str, Any] = {"keep_boilerplate": keep_boilerplate, "label_always": label_always}

    def scored(parts: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        opened = source.open()
        for part in parts:
            for row in part.to_pylist():
                given = bytes(row["content"]) if binary else row["path"]
                tables = opened.score_documents(given, name=row["path"], **options)
                yield from batches(map(_readable, tables), names)

    if binary:
        frame = spark.read.format("binaryFile").load(files).select("path", "content")
    else:
        # One partition per file: a task that dies costs one file.
        frame = spark.createDataFrame(spark.sparkContext.parallelize([(path,) for path in files], len(files)), "path string")
    return frame.mapInArrow(scored, out)


def _readable(scores: Scores) -> Scores:
    """The same results, unless a file could not be read: then the task must fail, so that it is repeated."""
    for kind, message in zip(scores["error_kind"], scores["error_message"]):
        if kind == "io" and _DAMAGED not in message:
            raise RunError(f"{message} (on {socket.gethostname()}; a pattern or a URI needs binary=True, a path must be on every machine)")
    return scores
