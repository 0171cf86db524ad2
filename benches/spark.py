"""Measures what Spark adds to a direct call, in CPU-seconds: .venv-python/bin/python benches/spark.py TEXTS.csv [TEXT_COLUMN]

The texts are repeated to 200,000 rows of Parquet in four files, which each way reads, scores and writes with all columns. `local[2]` is one
process of Java; `local-cluster` has a master and two workers with an executor each, as a standalone cluster has. Their CPU-seconds are
those of the driver and of all processes below it, while a session that has scored four times, so that Java has compiled what it runs,
scores again; the least of three runs counts.

Build the package as users have it: `pip install ./python`.
"""

from __future__ import annotations

import csv
import os
import pathlib
import sys
import tempfile
import time

import pyarrow
import pyarrow.dataset
import pyarrow.parquet
import pyspark

import standpoint_stance as ss
import standpoint_stance.spark as stance

ROWS, RUNS, WARM_UP, BATCH = 200_000, 3, 4, 10_000
TICKS = os.sysconf("SC_CLK_TCK")


def texts(path: str, column: str) -> list[str]:
    csv.field_size_limit(1 << 30)
    with open(path, newline="") as file:
        read = [row[column] for row in csv.DictReader(file) if row[column]]
    return (read * (ROWS // len(read) + 1))[:ROWS]


def write(rows: list[str], folder: pathlib.Path) -> None:
    folder.mkdir()
    table = pyarrow.table({"id": [f"n{number}" for number in range(ROWS)], "text": rows})
    for part in range(4):
        pyarrow.parquet.write_table(table.slice(part * ROWS // 4, ROWS // 4), folder / f"{part}.parquet")


def tree_seconds() -> float:
    """CPU-seconds of this process and of all below it, with those that have ended."""
    parents, seconds = {}, {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            # The name before the fields may hold blanks.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        seconds[int(folder.name)] = sum(map(int, fields[11:15])) / TICKS
    tree, found = {os.getpid()}, 0
    while len(tree) > found:
        found = len(tree)
        tree |= {process for process, parent in parents.items() if parent in tree}
    return sum(seconds.get(process, 0.0) for process in tree)


def least(work, before=lambda: None, warm_up=1) -> float:
    for _ in range(warm_up):
        work()
    runs = []
    for _ in range(RUNS):
        before()
        start = tree_seconds()
        work()
        runs.append(tree_seconds() - start)
    return min(runs)


def direct(folder: pathlib.Path, out: pathlib.Path) -> float:
    model = ss.Model.load()

    def work() -> None:
        batches = pyarrow.dataset.dataset(folder).to_batches(batch_size=BATCH)
        with pyarrow.parquet.ParquetWriter(out / "direct.parquet", pyarrow.record_batch(model.empty_scores()).schema) as file:
            for batch in batches:
                file.write_batch(pyarrow.record_batch(model.score(batch, id="id")))

    return least(work)


def spark(master: str, folder: pathlib.Path, out: pathlib.Path) -> float:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false").config("spark.executor.memory", "700m")
    session = builder.config("spark.ui.showConsoleProgress", "false").config("spark.driver.host", "127.0.0.1").config("spark.driver.memory", "1g").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        return least(
            lambda: stance.score(session.read.parquet(str(folder)), text="text", id="id").write.mode("overwrite").parquet(str(out / "spark")),
            # Garbage of the run before is not counted in this one.
            lambda: time.sleep(2),
            WARM_UP,
        )
    finally:
        session.stop()


def main() -> None:
    os.environ.update(SPARK_HOME=os.path.dirname(pyspark.__file__), PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    rows = texts(sys.argv[1], (sys.argv[2:] + ["text"])[0])
    with tempfile.TemporaryDirectory() as name:
        folder, out = pathlib.Path(name) / "in", pathlib.Path(name)
        write(rows, folder)
        print(f"{ROWS} rows of {sum(len(row.encode()) for row in rows) / ROWS:.0f} bytes")
        called = direct(folder, out)
        print(f"{'direct call':30} {called:6.1f} CPU-s {called / ROWS * 1e6:6.1f} us a row")
        for master in ("local[2]", "local-cluster[2,1,1024]"):
            seconds = spark(master, folder, out)
            print(f"{master:30} {seconds:6.1f} CPU-s {seconds / ROWS * 1e6:6.1f} us a row, {(seconds - called) / ROWS * 1e6:+.1f} us")


if __name__ == "__main__":
    main()
