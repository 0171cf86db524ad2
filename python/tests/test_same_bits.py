"""The command line's results, bit for bit."""

from __future__ import annotations

import pyarrow
import pyarrow.parquet
import pytest

import standpoint_stance as ss

#: What names the input, which texts in memory do not have.
PLACES = ("path", "record")


def rows_of(table, *without):
    columns = table.to_pydict()
    return {name: values for name, values in columns.items() if name not in without}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_plain_texts_score_as_the_command_line_scores_them(model, texts, command_line, tmp_path, n_jobs):
    table = {"id": [f"n{number}" for number in range(len(texts))], "text": texts, "outlet": ["a", None, "b"] * (len(texts) // 3)}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "in.parquet")
    expected = command_line(tmp_path / "in.parquet", tmp_path / "out.parquet", "--keep", "outlet")
    found = model.score(table, id="id", keep=["outlet"], n_jobs=n_jobs)
    assert found.columns == expected.column_names
    assert rows_of(found.to_arrow(), *PLACES) == rows_of(expected, *PLACES)
    types = {field.name: str(field.type) for field in expected.schema}
    assert {field.name: str(field.type) for field in found.to_arrow().schema} == types


def test_paragraphs_score_as_the_command_line_scores_them(model, texts, command_line, tmp_path):
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), tmp_path / "in.parquet")
    expected = command_line(tmp_path / "in.parquet", tmp_path / "out.parquet", "--paragraphs")
    found = model.score(texts, paragraphs=True)
    assert len(found) > len(texts) and rows_of(found.to_arrow(), "id", *PLACES) == rows_of(expected, "id", *PLACES)


@pytest.fixture(scope="module", params=["html", "markdown", "titled"])
def prepared(request, weather, tmp_path_factory):
    """A model of texts with markup, or of two columns, and rows for it."""
    folder = tmp_path_factory.mktemp(request.param)
    bodies, labels = weather["text"], weather["label"]
    if request.param == "titled":
        rows = {"title": [text.split(" and ")[0] for text in bodies], "text": bodies}
        training = ss.train(rows, labels, text=["title", "text"], folds=2)
    elif request.param == "html":
        rows = {"text": [f"<html><body><h1>News</h1><p>{text} &amp; <b>more</b>.</p></body></html>" for text in bodies]}
        training = ss.train(rows["text"], labels, markup="html", folds=2)
    else:
        rows = {"text": [f"# News\n\n*{text}*, [here](http://a.b)." for text in bodies]}
        training = ss.train(rows["text"], labels, markup="markdown", folds=2)
    path = folder / "mine.safetensors"
    training.model.save(path)
    return path, rows


def test_models_of_markup_and_titles_score_as_on_the_command_line(prepared, command_line, tmp_path):
    path, rows = prepared
    pyarrow.parquet.write_table(pyarrow.table(rows), tmp_path / "in.parquet")
    expected = command_line(tmp_path / "in.parquet", tmp_path / "out.parquet", "--model", path)
    found = ss.Model.load(path).score(rows)
    assert rows_of(found.to_arrow(), "id", *PLACES) == rows_of(expected, "id", *PLACES)
    assert set(found["top"]) == {"warm", "cold"}


def test_training_gives_the_model_of_the_command_line(program, weather, tmp_path):
    import csv
    import subprocess

    with open(tmp_path / "rows.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(weather)
        writer.writerows(zip(*weather.values()))
    out = tmp_path / "mine.safetensors"
    options = ["--group-column", "outlet", "--folds", "3", "--c", "5", "--axis", "warm=1", "--axis", "cold=-1"]
    subprocess.run([*program, "train", str(tmp_path / "rows.csv"), "--output", str(out), "--quiet", *options], check=True)
    training = ss.train(weather, "label", group="outlet", folds=3, c=5, axis={"warm": 1, "cold": -1})
    assert training.model.to_bytes() == out.read_bytes()


def test_files_are_read_and_scored_as_on_the_command_line(model, command_line, tmp_path):
    (tmp_path / "a.html").write_text("<html><body><p>NATO must give Ukraine binding guarantees.</p></body></html>")
    (tmp_path / "b.csv").write_text("id,text\n7,Russia was provoked by the alliance for many years.\n8,\n")
    (tmp_path / "c.txt").write_bytes(b"a\0b")
    paths = [tmp_path / name for name in ("a.html", "b.csv", "c.txt")]
    import subprocess

    with pytest.raises(subprocess.CalledProcessError):
        command_line(tmp_path, tmp_path / "out.parquet")
    expected = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    batches = [scores.to_arrow() for scores in model.score_documents(paths)]
    found = pyarrow.Table.from_batches(batches)
    # Messages spell parameters each in its own way.
    assert rows_of(found, "error_message") == rows_of(expected, "error_message")
    assert found["error_kind"].to_pylist() == [None, None, None, "text"]
    counts = model.score_files(paths, tmp_path / "again.parquet")
    assert counts["documents"] == 3 and counts["failed"] == 1
    again = pyarrow.parquet.read_table(tmp_path / "again.parquet")
    assert rows_of(again, "error_message") == rows_of(expected, "error_message")
