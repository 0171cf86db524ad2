"""Streams Parquet through Polars and measures the most memory that takes: .venv-python/bin/python benches/polars_stream.py [MB]

Writes MB megabytes of text (2000) from data/stance, scores them by `scan_parquet` and `sink_parquet` in a process of its own, and fails
if that held a gigabyte or more, or if a row is missing.
"""

from __future__ import annotations

import csv
import pathlib
import subprocess
import sys
import tempfile
import time

import pyarrow
import pyarrow.parquet

REPOSITORY = pathlib.Path(__file__).parents[1]
MAX_MEMORY = 1e9


def texts() -> list[str]:
    csv.field_size_limit(1 << 30)
    found = []
    for path in sorted((REPOSITORY / "data" / "stance").glob("*.csv")):
        with open(path, newline="") as file:
            found += [row["text"] for row in csv.DictReader(file) if row["text"]]
    return found


def write(path: pathlib.Path, size: float) -> tuple[int, float]:
    """Writes texts until there are so many bytes, in groups of rows, and gives the rows and the bytes."""
    rows, written, column = 0, 0.0, texts()
    each = sum(len(text.encode()) for text in column)
    with pyarrow.parquet.ParquetWriter(path, pyarrow.schema([("id", "int64"), ("text", "string")])) as writer:
        while written < size:
            ids = pyarrow.array(range(rows, rows + len(column)))
            writer.write_table(pyarrow.table({"id": ids, "text": column}), row_group_size=20_000)
            rows, written = rows + len(column), written + each
    return rows, written


def score(source: str, target: str) -> None:
    import polars

    from standpoint_stance.polars import score

    started = time.process_time()
    score(polars.scan_parquet(source), id="id").sink_parquet(target)
    status = pathlib.Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(time.process_time() - started, int(kilobytes) * 1024)


def main(megabytes: float) -> int:
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in.parquet"), pathlib.Path(folder, "out.parquet")
        rows, size = write(source, megabytes * 1e6)
        told = subprocess.check_output([sys.executable, __file__, "--score", str(source), str(target)], text=True)
        seconds, memory = map(float, told.split())
        print(f"{size / 1e6:.0f} MB of text in {rows} rows: {seconds:.1f} CPU-s, {size / 1e6 / seconds:.1f} MB/s, {memory / 1e6:.0f} MB of memory")
        found = pyarrow.parquet.ParquetFile(target).metadata.num_rows
    if found != rows or memory >= MAX_MEMORY:
        print(f"FAILED: {found} of {rows} rows; expected less than {MAX_MEMORY / 1e6:.0f} MB", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--score"]:
        score(*sys.argv[2:])
    else:
        sys.exit(main(float((sys.argv[1:] + ["2000"])[0])))
