"""Defines the schema of results in Spark's types."""

from __future__ import annotations

from typing import Any, Optional

import pyarrow
from pyspark.sql import types

from .._model import Model

_TYPES = {pyarrow.string(): types.StringType, pyarrow.int64(): types.LongType, pyarrow.float64(): types.DoubleType}


def schema(model: Model, keep: list[str], paragraphs: bool = False, confidence_level: Optional[float] = None) -> Any:
    """The columns of the command line's Parquet output, in the same order."""
    fields = pyarrow.record_batch(model.empty_scores(keep=keep, paragraphs=paragraphs, confidence_level=confidence_level)).schema
    return types.StructType([types.StructField(field.name, _TYPES[field.type](), True) for field in fields])
