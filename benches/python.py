"""Measures the Python package on this machine, in CPU-seconds: .venv-python/bin/python benches/python.py TEXTS.csv [TEXT_COLUMN]

The texts are repeated to 20 MB. Every figure is the least of three runs, in one process unless it says otherwise. `bench` of the same
build goes by the clock, so nothing else should run beside it.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time

import numpy
import pyarrow

import standpoint_stance as ss

SIZE = 20_000_000


def texts(path: str, column: str) -> list[str]:
    csv.field_size_limit(1 << 30)
    with open(path, newline="") as file:
        read = [row[column] for row in csv.DictReader(file) if row[column]]
    size = sum(len(text.encode()) for text in read)
    return read * (SIZE // size) if size < SIZE else read


def cpu(work, runs=3):
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def bench(rows: list[str]) -> float:
    """The rate of `standpoint bench` on one thread: it scores documents that are in memory."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps({"text": row}) + "\n" for row in rows)
        file.flush()
        command = [sys.executable, "-m", "standpoint_stance._command", "bench", file.name, "--jobs", "1", "--format", "json"]
        return json.loads(subprocess.check_output(command))["jobs"][0]["megabytes_per_second"]


def memory(work: str) -> tuple[float, float]:
    """The most memory of a process that does this, and what it holds in the end that no other process shares, in MB."""
    # The peak that the system counts begins with what the parent held.
    told = "status = dict(line.split(':') for line in open('/proc/self/status'))"
    shown = "print(*(status[key].split()[0] for key in ('VmHWM', 'RssAnon')))"
    peak, own = subprocess.check_output([sys.executable, "-c", "\n".join((work, told, shown))]).split()
    return int(peak) / 1e3, int(own) / 1e3


def show(name, value, unit):
    print(f"{name:50} {value:10.2f} {unit}")


def main() -> None:
    path, column = sys.argv[1], (sys.argv[2:] + ["text"])[0]
    rows = texts(path, column)
    size = sum(len(text.encode()) for text in rows) / 1e6
    show("texts", len(rows), "")
    show("bytes", size, "MB")
    model = ss.Model.load()
    arrow = pyarrow.array(rows)
    program = bench(rows)
    show("standpoint bench, 1 thread", program, "MB/s")
    listed = size / cpu(lambda: model.predict(rows))
    show("predict, list of str, 1 thread", listed, "MB/s")
    show("beside standpoint bench", listed / program, "")
    show("predict, Arrow string, 1 thread", size / cpu(lambda: model.predict(arrow)), "MB/s")
    show("score, Arrow string, 1 thread", size / cpu(lambda: model.score(arrow)), "MB/s")
    short = ["NATO must give Ukraine guarantees."]
    show("predict, one short text in a loop", cpu(lambda: [model.predict(short) for _ in range(20_000)]) / 20_000 * 1e6, "us")

    code = "import time; a = time.perf_counter(); import standpoint_stance; print(time.perf_counter() - a)"
    imports = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(5)]
    show("import", min(imports) * 1e3, "ms")
    bare = memory("")
    for call in ("predict", "score"):
        used = memory(f"import standpoint_stance as ss; model = ss.Model.load(); model.{call}(['NATO'])")
        peak, own = (after - before for before, after in zip(bare, used))
        show(f"memory for {call}, above Python's", peak, "MB")
        show("of it not shared between processes", own, "MB")

    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    some = rows[:4000]
    labels = model.predict_proba(some).argmax(axis=1)
    labels[:2] = (0, 1)
    ours = cpu(lambda: model.predict(rows))
    for ngrams in ((1, 2), (1, 1)):
        theirs = make_pipeline(TfidfVectorizer(ngram_range=ngrams, min_df=2), LogisticRegression(max_iter=50))
        theirs.fit(some, labels)
        show(f"times faster than TfidfVectorizer{ngrams}", cpu(lambda: theirs.predict(rows), 1) / ours, "")
    show("most memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, "MB")
    assert numpy.isfinite(model.predict_proba(some)).all()


if __name__ == "__main__":
    main()
