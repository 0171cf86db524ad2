"""Scores columns and web archives on a Spark cluster, with the models, columns and numbers of the command line.

The package must be installed on every machine, and the model must be on a path that every machine has. Spark repeats
failed tasks, and shows no output of a job that fails.

>>> import standpoint_stance.spark as stance  # doctest: +SKIP
>>> scored = stance.score(spark.read.parquet("articles.parquet"), text="text", id="id")  # doctest: +SKIP
>>> scored.write.parquet("scored.parquet")  # doctest: +SKIP
"""

from __future__ import annotations

from ._archives import score_warc
from ._columns import score, stance

__all__ = ["score", "score_warc", "stance"]
