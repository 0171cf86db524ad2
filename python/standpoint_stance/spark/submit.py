"""Runs the command ``standpoint-spark``, which scores files on a cluster, alone or with ``spark-submit``."""

from __future__ import annotations

import argparse
from typing import Optional, Sequence

# By full names: spark-submit runs this file as a script.
from standpoint_stance.spark import score, score_warc

_FORMATS = ("parquet", "json", "csv", "warc")


class _ShowPath(argparse.Action):
    """Prints the path on one line; argparse would wrap the text of a version."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(__file__)
        parser.exit()


def _arguments(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="standpoint-spark", description="Score texts on a Spark cluster and write Parquet.")
    parser.add_argument(
        "input",
        nargs="+",
        help="files or folders, as Spark reads them; of --format warc without --binary, files on paths that every machine has",
    )
    parser.add_argument("--output", required=True, help="folder for the results, which must not exist")
    parser.add_argument("--format", choices=_FORMATS, default="parquet", help="format of the input [default: parquet]")
    parser.add_argument("--text", action="append", help="column that holds the text; may be given several times")
    parser.add_argument("--title", help="column that holds the title")
    parser.add_argument("--id", help="column that holds the id")
    parser.add_argument("--keep", action="append", default=[], help="column to copy to the results as meta_NAME; may be given several times")
    parser.add_argument("--model", help="model file on a path that every machine has [default: the bundled model]")
    parser.add_argument(
        "--binary",
        action="store_true",
        help="with --format warc: let Spark read the files, so that they may be s3a://... and patterns with *; each is held in memory, at most 2 GB",
    )
    parser.add_argument("--path", action=_ShowPath, nargs=0, help="print the path of this script, for spark-submit, and exit")
    given = parser.parse_args(arguments)
    if given.binary and given.format != "warc":
        parser.error("--binary goes with --format warc: Spark reads files of the other formats itself")
    return given


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """Reads, scores and writes."""
    from pyspark.sql import SparkSession

    given = _arguments(arguments)
    spark = SparkSession.builder.appName("standpoint").getOrCreate()
    if given.format == "warc":
        scored = score_warc(spark, given.input, given.model, binary=given.binary)
    else:
        reader = spark.read.option("header", True).option("multiLine", True).option("escape", '"') if given.format == "csv" else spark.read
        scored = score(
            reader.format(given.format).load(given.input), given.text, given.title, given.id, given.model, given.keep
        )
    scored.write.parquet(given.output)


if __name__ == "__main__":
    main()
